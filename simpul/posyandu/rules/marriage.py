"""Who may be in danger of an early marriage, and why: reasons that are held already, each with its source and date.

UU 16/2019 art. 7: nobody marries before 19; a court may make an exception (dispensation). Pregnancy is its main ground; leaving school and
poverty go with it (secondary). Poverty alone puts nobody on the list. A protected report is a reason without content, shown to few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

MARRIAGE_AGE = 19
"""Completed years, both sexes (UU 16/2019 art. 7 (1))."""
YOUNGEST = 10
"""Completed years from which leaving school is read as a sign (unconfirmed)."""
POOR_DECILE = 4
POOR_PERCENTILE = 40

OUT_OF_SCHOOL, PREGNANT, POOR, DISPENSATION, CONFIDENTIAL = (
    "out_of_school",
    "pregnant",
    "poor",
    "dispensation",
    "confidential",
)
SIGNALS = (OUT_OF_SCHOOL, PREGNANT, POOR, DISPENSATION, CONFIDENTIAL)
LEADING = frozenset({OUT_OF_SCHOOL, PREGNANT, DISPENSATION})
"""Signals of which one is enough; the others only stand beside them."""

OPEN, SUPPORTED, ENDED, WITHDRAWN = "open", "supported", "ended", "withdrawn"
LIVE = (OPEN, SUPPORTED)
GOALS = ("school", "work", "health", "family", "law")
OUTCOMES = ("back_to_school", "prevented", "postponed", "married", "of_age", "moved", "signals_gone")
BY_HAND = (*OUTCOMES[:4], "moved")
"""Outcomes that a person writes down; the others follow from age and from the register."""
DECISIONS = ("pending", "granted", "refused", "dropped")

Signal = Mapping[str, str]


def years(birth_date: date, on: date) -> int:
    """Completed years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def of_age_date(birth_date: date) -> date:
    """The 19th birthday; who was born on 29 February is of age on 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + MARRIAGE_AGE)
    except ValueError:
        return date(birth_date.year + MARRIAGE_AGE, 3, 1)


def is_minor(birth_date: date | None, on: date) -> bool:
    """True below the age of marriage; false when the birth date is unknown, since nobody is listed by a guess."""
    return birth_date is not None and birth_date <= on and years(birth_date, on) < MARRIAGE_AGE


def is_poor(decile: int | None, percentile: int | None, *, has_pkh: bool | None) -> bool:
    """Poor by what the lists say: decile 1–4, percentile to 40, or PKH."""
    return bool(
        (decile is not None and 1 <= decile <= POOR_DECILE)
        or (percentile is not None and 0 < percentile <= POOR_PERCENTILE)
        or has_pkh
    )


def listed(signals: Iterable[Signal]) -> bool:
    """True when the reasons put somebody on the list: at least one that leads."""
    return any(one["code"] in LEADING for one in signals)


def merged(old: Iterable[Signal], new: Iterable[Signal]) -> list[dict[str, str]]:
    """Reasons by code in their fixed order; a reason that is still given keeps the date on which it was first held."""
    first = {one["code"]: one for one in old}
    fresh = {one["code"]: one for one in new}
    found = []
    for code in SIGNALS:
        if code in fresh:
            one = dict(fresh[code])
            if code in first and first[code]["source"] == one["source"]:
                one["date"] = min(first[code]["date"], one["date"])
            found.append(one)
        elif code == DISPENSATION and code in first:
            found.append(dict(first[code]))
    return found


def is_news(old: Iterable[Signal], new: Iterable[Signal]) -> bool:
    """True when a reason that leads was not known when somebody called it a false alarm."""
    known = {one["code"] for one in old}
    return any(one["code"] in LEADING and one["code"] not in known for one in new)
