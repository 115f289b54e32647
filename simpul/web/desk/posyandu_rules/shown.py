"""Health rules in words: versions with their bounds, what is followed, what a change comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from simpul.lib import small_cells
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import reruns, rulebook
from simpul.posyandu.rules import book as rules
from simpul.posyandu.rules import judging
from simpul.web.desk import words
from simpul.web.portal import words as portal_words

UNITS: Mapping[str, tuple[int, str]] = {
    "head": (100, "SD"),
    "muac": (10, "cm"),
    "birth_weight": (1, "g"),
    "adult_bmi": (100, "kg/m²"),
    "glucose": (1, "mg/dl"),
    "glucose_fasting": (1, "mg/dl"),
    "cholesterol": (1, "mg/dl"),
    "aks": (1, ""),
}
"""How many kept units one written unit has, and its name."""
TONES: Mapping[str, str] = {"confirmed": "good", "secondary": "info", "unconfirmed": "warn"}
LEVEL_TONES: Mapping[str, str] = {
    "good": "good",
    "info": "",
    "watch": "warn",
    "alert": "bad",
    "danger": "bad",
}


def topics() -> dict[str, str]:
    """What the rules are about, in the order of the page."""
    return {
        "growth": _("Growth of children"),
        "blood": _("Body, blood pressure, blood"),
        "screening": _("Questions and scores"),
        "immunisation": _("Immunisation"),
    }


def confidence(code: str) -> str:
    """How sure a version is."""
    return {
        "confirmed": _("confirmed"),
        "secondary": _("from copies and guides"),
        "unconfirmed": _("not confirmed"),
    }[code]


def version(one: rules.Version, followed: rules.Version) -> dict[str, Any]:
    """A version for the page."""
    return {
        "code": one.code,
        "name": one.label(portal_words.language()),
        "source": one.source,
        "note": one.remark(portal_words.language()),
        "confidence": confidence(one.confidence),
        "tone": TONES[one.confidence],
        "default": one.default,
        "followed": one.code == followed.code,
        "since": words.day(one.valid_from) if one.valid_from else "",
        "until": words.day(one.valid_until) if one.valid_until else "",
        "classes": list(_classes(one)),
        "gains": _gains(one),
        "doses": list(_doses(one)),
    }


def _classes(one: rules.Version) -> Iterable[dict[str, Any]]:
    """The classes of a version in plain words, each with its bound."""
    rows = one.data.get("classes")
    if isinstance(rows, Mapping):
        for code, row in rows.items():
            yield _class(one, code, row, "")
    elif rows:
        for row in rows:
            yield _class(one, row["code"], row, _bound(one, row))
    elif one.rule == "growth_classes":
        for index, group in one.data.items():
            for code, row in group.items():
                yield _class(one, f"{index}_{code}", row, INDICES[index])


ALONE = 900
"""A lower number that nobody has: the upper one decides alone."""
INDICES: Mapping[str, str] = {"bb_u": "BB/U", "tb_u": "PB/U, TB/U", "bb_tb": "BB/PB, BB/TB", "imt_u": "IMT/U"}


def _class(one: rules.Version, code: str, row: Mapping[str, Any], bound: str) -> dict[str, Any]:
    said = judging.WORDS.get((one.rule, code), code)
    return {
        "words": _(said),
        "bound": bound,
        "tone": LEVEL_TONES[row["level"]],
        "level": level(row["level"]),
        "refer": bool(row.get("refer", False)),
    }


def level(code: str) -> str:
    """A level in one word."""
    return {
        "good": _("good"),
        "info": _("to know"),
        "watch": _("watch"),
        "alert": _("act"),
        "danger": _("danger"),
    }[code]


def _bound(one: rules.Version, row: Mapping[str, Any]) -> str:
    if "systolic" in row:
        upper, lower = row["systolic"], row["diastolic"]
        if not upper:
            return ""
        return f"≥\u00a0{upper}/{lower}" if lower < ALONE else f"≥\u00a0{upper}"
    factor, unit = UNITS.get(one.rule, (1, ""))
    places = {1: 0, 10: 1, 100: 2}[factor]
    if "below" in row:
        return f"<\u00a0{number_format(row['below'] / factor, places)} {unit}".strip()
    if "to" in row:
        return f"≤\u00a0{number_format(row['to'] / factor, places)} {unit}".strip()
    return _("above")


def _gains(one: rules.Version) -> list[dict[str, Any]]:
    """The gains that count, by month, boys and girls side by side."""
    if one.rule != "kbm":
        return []
    ends = sorted({int(row[0]) for sex in ("L", "P") for row in one.data[sex]})
    found, first = [], 1
    for end in ends:
        grams = {sex: next(row[1] for row in one.data[sex] if end <= row[0]) for sex in ("L", "P")}
        months = str(end) if first == end else f"{first}–{end}"
        found.append({"months": months, "boys": grams["L"], "girls": grams["P"]})
        first = end + 1
    return found


def _doses(one: rules.Version) -> Iterable[dict[str, Any]]:
    """The doses of a schedule with age and gap."""
    for row in one.data.get("doses", ()):
        age = _("birth") if "at_days" in row else _months(row["at"])
        gap = ""
        if "gap_weeks" in row:
            gap = _("%(n)s weeks after the one before") % {"n": row["gap_weeks"]}
        elif "gap" in row:
            gap = _("%(n)s months after the one before") % {"n": row["gap"]}
        marks = [
            _("endemic areas") if row.get("endemic") else "",
            _("girls") if row.get("sex") == "P" else "",
            _("school, class %(n)s") % {"n": row["school"]} if row.get("school") else "",
            _("only where hexavalent doses do not suffice") if row.get("instead") else "",
        ]
        yield {"name": dose(row["code"]), "age": age, "gap": gap, "marks": ", ".join(filter(None, marks))}


def _months(months: int) -> str:
    if months and months % 12 == 0 and months >= 24:
        return _("%(n)s years") % {"n": months // 12}
    return _("%(n)s months") % {"n": months}


def dose(code: str) -> str:
    """A dose as the cards call it."""
    for card in ("B", "C"):
        field = form_queries.card(card).field("vaccines")
        for option in field.options if field else ():
            if option.code == code:
                return option.called(portal_words.language())
    return code.upper().replace("_", " ")


def counted(found: reruns.Tally, *, named: bool) -> dict[str, Any]:
    """What judging again would change. Seats that may not see names get no people, and no count in which one could be recognised: a
    count that is hidden is None.
    """
    language = portal_words.language()
    kinds = [
        {
            "rule": rule.label(language) if (rule := rulebook.rule(code)) else code,
            "before": said(code, before),
            "after": _then(code, before, after),
            "count": count,
        }
        for (code, before, after), count in found.kinds.most_common()
    ]
    numbers: dict[str, int | None] = {
        "looked": found.looked,
        "changed": found.changed,
        "referred": found.referred,
        "released": found.released,
    }
    if not named:
        kinds, numbers = _safe(kinds, found)
    return {
        **numbers,
        "any": found.changed > 0,
        "hides": not named,
        "kinds": kinds[:30],
        "people": [_person(one) for one in found.first] if named else [],
        "more": found.changed - len(found.first) if named else 0,
    }


def _safe(
    kinds: list[dict[str, Any]], found: reruns.Tally
) -> tuple[list[dict[str, Any]], dict[str, int | None]]:
    """The kinds of changes and the numbers without small groups, and without what would tell of them by difference."""
    looked, changed = pair(found.looked, found.changed)
    rows = {place: row["count"] for place, row in enumerate(kinds)}
    table = small_cells.protect(small_cells.Row(str(place), count) for place, count in rows.items())
    cells = {int(row.key): row.whole for row in table.rows}
    kept = [{**row, "count": cells[place]} for place, row in enumerate(kinds) if place in cells]
    whole = changed is not None and not table.withheld and None not in cells.values()
    following = {
        name: number if not number or (whole and pair(found.changed, number)[1] is not None) else None
        for name, number in (("referred", found.referred), ("released", found.released))
    }
    if changed is None:
        kept = []
    return kept, {"looked": looked, "changed": changed, **following}


def pair(whole: int, part: int) -> tuple[int | None, int | None]:
    """A number and how many of it, each None when it, or what it leaves, is one to four; none of it tells of nobody."""
    small = any(small_cells.is_small(number) for number in (whole, part, whole - part))
    return small_cells.shown(whole), None if part and small else part


def said(rule: str, codes: Iterable[str]) -> str:
    """Classes of a rule in plain words; a dash for none."""
    return " ".join(_(judging.WORDS.get((rule, code), code)) for code in codes) or "–"


def _then(rule: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """What is said afterwards; the same words twice would tell nothing."""
    return _("the same, with another follow-up") if before == after else said(rule, after)


def _person(change: reruns.Change) -> dict[str, Any]:
    rows = [
        {"before": said(rule, before), "after": _then(rule, before, after)}
        for rule, before, after in change.differences
    ]
    try:
        url = reverse("desk_posyandu_person", args=[change.row.participant_id])
    except NoReverseMatch:
        url = ""
    return {
        "name": change.row.person.full_name,
        "url": url,
        "day": words.day(change.row.date),
        "rows": rows,
        "refer": bool(change.after["refer"]) and not change.before["refer"],
        "release": bool(change.before["refer"]) and not change.after["refer"],
    }
