"""Judging children: weighing status, growth classes, head, arm, oedema, birth weight, feeding, capsules, vaccines."""

from __future__ import annotations

from simpul.posyandu.rules import immunisation, kms
from simpul.posyandu.rules.judging.shapes import Entry, Found, Judgement, classed, made, of_row

CARD = "B"
"""The card of infants, under-fives and pre-school children."""


def weighing(entry: Entry) -> Found:
    """N, T, O, B; two T; below the red line (card B, up to the month the rules name)."""
    months, weight = entry.months, entry.number("weight_g", "weight")
    gains, asks, line = entry.book["kbm"], entry.book["kms"], entry.book["red_line"]
    if entry.subject.form != CARD or months is None or months > int(gains.data["to_month"]) or not weight:
        return
    now = kms.status(entry.past, weight, months, entry.subject.sex, entry.on, gains.data)
    twice = kms.two_t(entry.past, now, entry.on)
    if now == kms.NOT_GAINED:
        yield made(
            gains,
            now,
            "watch",
            refer=bool(asks.data["refer_t"]),
            finding="" if twice else "not_gaining",
        )
    elif now:
        yield made(gains, now, "good" if now == kms.GAINED else "info")
    if twice:
        yield made(asks, "two_t", "alert", refer=bool(asks.data["refer_two_t"]), finding="two_not_gaining")
    if _below_line(entry):
        yield made(line, "bgm", "alert", refer=True, finding=str(line.data["finding"]))


def _below_line(entry: Entry) -> bool:
    line, months = entry.book.data("red_line"), entry.months
    if entry.growth is None or months is None or months > int(line["to_month"]):
        return False
    waz = entry.growth.month.get("waz")
    return kms.bgm(waz if waz is not None else entry.growth.day.get("waz"), int(line["waz"]))


def growing(entry: Entry) -> Found:
    """The legal classes by the card's rule of referral, and a mark when the two ways of counting age disagree.

    BMI for age speaks only where weight for length or height is missing. Below the red line the weight's own class asks for no second
    follow-up of the same thing.
    """
    if entry.growth is None or entry.subject.form not in (CARD, "C"):
        return
    classes = entry.growth.classes
    school = entry.subject.form == "C" or (entry.months or 0) > 60
    if school:
        yield from _school(entry, classes.get("imt_u", ""))
    version = entry.book["growth_classes"]
    wanted = ("tb_u",) if school else ("bb_u", "tb_u", "bb_tb" if classes.get("bb_tb") else "imt_u")
    for index in wanted:
        code = classes.get(index, "")
        row = version.data[index].get(code)
        if row is not None:
            asks = dict(row)
            if index == "bb_u" and code == "severely_underweight" and _below_line(entry):
                asks["finding"] = ""
            yield of_row(version, asks, f"{index}_{code}")
    if entry.growth.disagree:
        yield made(version, "disagree", "info")


def _school(entry: Entry, code: str) -> Found:
    version = entry.book["bmi_school"]
    row = version.data["classes"].get(code)
    if row is None:
        return
    shown = "wasted" if code == "severely_wasted" and not version.data["severe"] else code
    yield of_row(version, row, shown)


def swelling(entry: Entry) -> Found:
    """Swelling of both feet is a sign of severe malnutrition, whatever the scale says."""
    if entry.subject.form == CARD and (entry.columns.get("oedema") or entry.said("oedema")):
        version = entry.book["oedema"]
        yield made(version, "oedema", "danger", refer=True, finding=str(version.data["finding"]))


def head(entry: Entry) -> Found:
    """Head circumference for age, by days."""
    score = entry.growth.day.get("hcz") if entry.growth is not None else None
    if entry.subject.form == CARD and score is not None:
        yield classed(entry.book["head"], score)


def arm(entry: Entry) -> Found:
    """The coloured arm tape of 6 to 59 months."""
    version, months = entry.book["muac"], entry.months
    size = entry.number("muac_mm", "muac")
    if entry.subject.form != CARD or size is None or months is None:
        return
    if int(version.data["from_month"]) <= months <= int(version.data["to_month"]):
        yield classed(version, size)


def born(entry: Entry) -> Found:
    """Birth weight, said once: with the first entry of the card, in the first year."""
    weight = entry.subject.details.get("birth_weight")
    first = not entry.past and entry.months is not None and entry.months < 12
    if entry.subject.form == CARD and first and isinstance(weight, int) and weight > 0:
        yield classed(entry.book["birth_weight"], weight)


def feeding(entry: Entry) -> Found:
    """Only breast milk up to six months; complementary food as it should be up to two years."""
    version, months = entry.book["feeding"], entry.months
    if entry.subject.form != CARD or months is None:
        return
    if months <= int(version.data["breast_milk_to"]) and entry.said("breastfeeding") is not None:
        yield _good_or_not(entry, "breastfeeding", "breast_milk")
    food = int(version.data["breast_milk_to"]) < months <= int(version.data["complementary_to"])
    if food and entry.said("complementary_food") is not None:
        yield _good_or_not(entry, "complementary_food", "complementary")


def _good_or_not(entry: Entry, key: str, code: str) -> Judgement:
    good = entry.said(key)
    return made(entry.book["feeding"], code if good else f"no_{code}", "good" if good else "watch")


def capsules(entry: Entry) -> Found:
    """Vitamin A in February and August, deworming in August: said when it is the month and it was not given here."""
    if entry.subject.form != CARD or entry.months is None:
        return
    for rule, key in (("vitamin_a", "vitamin_a"), ("deworming", "deworming")):
        version = entry.book[rule]
        turn = entry.on.month in version.data["months"]
        old = int(version.data["from_month"]) <= entry.months <= int(version.data["to_month"])
        if not (turn and old):
            continue
        given = entry.said(key)
        if given:
            yield made(version, "given", "good")
        elif key == "vitamin_a" and entry.months >= int(version.data["red_from"]):
            yield made(version, "red_due", "watch")
        else:
            yield made(version, "due", "watch")


def vaccines(entry: Entry) -> Found:
    """Vaccines that are overdue or due, by the schedule in force; without any dose on record the book of the child is asked for."""
    version, birth = entry.book["immunisation"], entry.subject.birth_date
    if entry.subject.form != CARD or birth is None or birth > entry.on:
        return
    given = immunisation.given_of(entry.subject.details, entry.past, entry.values, entry.on)
    if not given:
        yield made(version, "not_known", "info")
        return
    found = immunisation.due(
        birth, given, entry.on, version.data, entry.book.data("vaccine_products"), sex=entry.subject.sex
    )
    states = {one.state for one in found}
    if immunisation.OVERDUE in states:
        yield made(version, "overdue", "watch", finding="overdue_vaccine")
    elif immunisation.DUE in states:
        yield made(version, "due", "info")
    else:
        yield made(version, "complete", "good")
    if any(one.too_soon for one in found):
        yield made(version, "too_soon", "info")


JUDGES = (weighing, growing, swelling, head, arm, born, feeding, capsules, vaccines)
