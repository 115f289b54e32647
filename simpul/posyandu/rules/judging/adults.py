"""Judging mothers, adolescents, adults and elders: body, blood pressure, blood, sight and hearing."""

from __future__ import annotations

from datetime import date

from simpul.posyandu.rules.judging.shapes import (
    Entry,
    Found,
    classed,
    classed_pressure,
    made,
)

MOTHER, SCHOOL, ADULT = "A", "C", "D"
GROWN = 18 * 12
"""From here the adult table of blood pressure counts (AAP 2017 ends at 17 years)."""
_IMPAIRED = frozenset({"impaired", "g", "no"})


def _bmi(grams: int | None, millimetres: int | None) -> int | None:
    """Body mass index in hundredths, cut and not rounded, so that a bound is reached only when it is."""
    if not grams or not millimetres:
        return None
    return grams * 100_000 // (millimetres * millimetres)


def _detail(entry: Entry, key: str) -> int | None:
    found = entry.subject.details.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _weeks(entry: Entry) -> int | None:
    """Weeks of pregnancy: as written, else from the last period."""
    weeks = entry.points("gestation_weeks")
    if weeks is not None:
        return weeks
    try:
        last = date.fromisoformat(str(entry.subject.details.get("last_period") or ""))
    except ValueError:
        return None
    return (entry.on - last).days // 7 if last <= entry.on else None


def energy(entry: Entry) -> Found:
    """KEK of pregnant women: the arm, or the body mass index in the first three months."""
    if entry.subject.form != MOTHER:
        return
    version, arm = entry.book["kek"], entry.number("muac_mm", "muac")
    weeks = _weeks(entry)
    early = weeks is not None and weeks <= int(version.data["first_trimester_weeks"])
    height = entry.number("height_mm", "height") or _detail(entry, "start_height")
    bmi = _bmi(entry.number("weight_g", "weight"), height) if early else None
    thin = arm is not None and arm < int(version.data["muac_mm"])
    light = bmi is not None and bmi < int(version.data["bmi"])
    if thin or light:
        yield made(version, "kek", "alert", refer=True, finding=str(version.data["finding"]))
    elif arm is not None:
        yield made(version, "good", "good")


def body(entry: Entry) -> Found:
    """Body mass index of adults, and the waist."""
    if entry.subject.form == ADULT:
        bmi = _bmi(entry.number("weight_g", "weight"), entry.number("height_mm", "height"))
        if bmi is not None:
            yield classed(entry.book["adult_bmi"], bmi)
    version, waist = entry.book["waist"], entry.number("waist_mm", "waist")
    grown = (entry.months or 0) >= int(version.data["from_month"])
    if waist is None or not grown or entry.subject.sex not in ("L", "P"):
        return
    if entry.subject.form not in (SCHOOL, ADULT):
        return
    if waist > int(version.data[entry.subject.sex]):
        yield made(
            version,
            "high",
            str(version.data["level"]),
            refer=bool(version.data["refer"]),
            finding=str(version.data["finding"]),
        )
    else:
        yield made(version, "good", "good")


def pressure(entry: Entry) -> Found:
    """Blood pressure: the adult table from 18 years and for mothers, the one for the young below."""
    upper, lower = entry.number("systolic"), entry.number("diastolic")
    if upper is None or lower is None:
        return
    months = entry.months
    if entry.subject.form != MOTHER and months is not None and months < GROWN:
        yield from _young(entry, upper, lower, months)
    elif entry.subject.form in (MOTHER, SCHOOL, ADULT):
        yield classed_pressure(entry.book["pressure"], upper, lower)
    yield from _low(entry, upper, lower)


def _young(entry: Entry, upper: int, lower: int, months: int) -> Found:
    version = entry.book["pressure_young"]
    if months >= int(version.data["teen_month"]):
        yield classed_pressure(version, upper, lower)
        return
    bounds = version.data.get(entry.subject.sex, {}).get(str(months // 12))
    if bounds is None:
        yield made(version, "no_class", "info", refer=True)
    elif upper >= int(bounds[0]) or lower >= int(bounds[1]):
        yield made(version, "screen", "watch", refer=True)
    else:
        yield made(version, "normal", "good")


def _low(entry: Entry, upper: int, lower: int) -> Found:
    version, months = entry.book["pressure_low"], entry.months
    if months is not None and months < int(version.data["from_month"]):
        return
    if upper >= int(version.data["systolic"]) and lower >= int(version.data["diastolic"]):
        return
    if entry.subject.form in version.data["danger_forms"]:
        yield made(version, "danger", "danger", refer=True, finding=str(version.data["finding"]))
    else:
        yield made(version, "low", "watch")


def blood(entry: Entry) -> Found:
    """Glucose, cholesterol, haemoglobin."""
    glucose = entry.number("glucose", "glucose")
    if glucose is not None:
        rule = "glucose_fasting" if entry.said("glucose_fasting") else "glucose"
        yield classed(entry.book[rule], glucose)
    cholesterol = entry.number("cholesterol", "cholesterol")
    if cholesterol is not None:
        yield classed(entry.book["cholesterol"], cholesterol)
    yield from _haemoglobin(entry)


def _haemoglobin(entry: Entry) -> Found:
    """Below the bound of pregnancy, age or sex; an adult of unknown sex has the lower one."""
    found = entry.number("haemoglobin", "haemoglobin")
    if found is None:
        return
    version, months = entry.book["haemoglobin"], entry.months
    data = version.data
    severe = int(data["severe"])
    if entry.subject.form == MOTHER:
        bound, severe = int(data["pregnant"]), int(data["severe_pregnant"])
    elif months is not None and months < 60:
        bound = int(data["child"])
    elif months is not None and months < 144:
        bound = int(data["school"])
    else:
        bound = int(data.get(entry.subject.sex, data["P"]))
    if found < severe:
        yield made(version, "severe", "danger", refer=True, finding=str(data["finding"]))
    elif found < bound:
        yield made(version, "low", "alert", refer=True, finding=str(data["finding"]))
    else:
        yield made(version, "good", "good")


def senses(entry: Entry) -> Found:
    """Finger count and whisper test, each side."""
    version = entry.book["senses"]
    sides = {
        part: [entry.values.get(f"{key}_{side}") for side in ("left", "right")]
        for part, key in (("eyes", "eye"), ("hearing", "ear"))
    }
    bad = [part for part, values in sides.items() if any(str(one).lower() in _IMPAIRED for one in values)]
    for part in bad:
        yield made(version, part, "watch", refer=bool(version.data["refer"]), finding=str(version.data[part]))
    told = [one for values in sides.values() for one in values if one not in (None, "")]
    if told and not bad:
        yield made(version, "good", "good")


def mother(entry: Entry) -> Found:
    """The curves of the card of mothers, and the iron tablets."""
    if entry.subject.form != MOTHER:
        return
    version = entry.book["mother_card"]
    refer = bool(version.data["refer"])
    for key, code in (
        ("weight_on_curve", "weight_off_curve"),
        ("pressure_on_curve", "pressure_off_curve"),
    ):
        if entry.said(key) is False:
            yield made(version, code, "alert", refer=refer)
    if entry.said("iron_daily") is False:
        yield made(version, "no_iron", "watch")


JUDGES = (energy, mother, body, pressure, blood, senses)
