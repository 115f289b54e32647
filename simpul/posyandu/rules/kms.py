"""The status of a weighing (KMS, SKDN): N gained, T did not, O not weighed last month, B the first time; two T; below the red line.

Sources: Permenkes 155/2010 and Buku KIA on the growth card; gains that count (KBM) are versioned data, since copies differ (secondary).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

NEVER, MISSED, GAINED, NOT_GAINED = "B", "O", "N", "T"
"""In the order they are tested."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier line of the same child's card."""

    date: date
    weight_g: int | None = None
    height_mm: int | None = None
    age_months: int | None = None
    status: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def _month(day: date) -> int:
    return day.year * 12 + day.month


def gain_wanted(kbm: Mapping[str, Any], sex: str, age_months: int) -> int:
    """The least gain in grams a month (KBM) that counts for a child who reaches this many months.

    ``kbm`` is the data of the rule ``kbm``: for "L" and "P" a list of ``[to_month, grams]``, in order; the last row has no end. A child of
    unknown sex is measured by the smaller of the two gains, so that nobody is called T by a guess. Age 0 counts as the first month.
    """
    columns = (sex,) if sex in ("L", "P") else ("L", "P")
    found = []
    for column in columns:
        rows = kbm[column]
        month = max(age_months, 1)
        grams = next((int(row[1]) for row in rows if month <= int(row[0])), int(rows[-1][1]))
        found.append(grams)
    return min(found)


def previous(past: Sequence[Past], on: date) -> Past | None:
    """The latest earlier weighing of another calendar month; lines of the same month do not make a gain."""
    weighed = [one for one in past if one.weight_g and _month(one.date) < _month(on)]
    return max(weighed, key=lambda one: one.date, default=None)


def status(
    past: Sequence[Past],
    weight_g: int | None,
    age_months: int | None,
    sex: str,
    on: date,
    kbm: Mapping[str, Any],
) -> str:
    """N, T, O or B; "" when there is no weight, because then the child is not one of D.

    Tested in this order: never weighed in an earlier month -> B; not weighed in the month before -> O; gained at least KBM -> N; else T.
    With ``multiply`` in the version (one copy) the gain wanted is multiplied by the months between the two weighings, which is 1 by then.
    """
    if not weight_g or age_months is None:
        return ""
    before = previous(past, on)
    if before is None:
        return NEVER
    if _month(on) - _month(before.date) > int(kbm.get("months_apart", 1)):
        return MISSED
    months = _month(on) - _month(before.date) if kbm.get("multiply") else 1
    wanted = gain_wanted(kbm, sex, age_months) * months
    return GAINED if weight_g - (before.weight_g or 0) >= wanted else NOT_GAINED


def two_t(past: Sequence[Past], now: str, on: date) -> bool:
    """Two weighings one after the other without gain: this one is T, and so is the one of the latest earlier month with a weight.

    Months without weighing are skipped: they do not break the row and do not count. The first weighing after such a month is O and tells
    neither gain nor loss, so it is skipped as well; otherwise no month could ever be skipped.
    """
    if now != NOT_GAINED:
        return False
    before = _judged_before(past, on)
    return before is not None and before.status == NOT_GAINED


def _judged_before(past: Sequence[Past], on: date) -> Past | None:
    """The latest weighing of an earlier month of which gain or none could be told: O and B tell nothing."""
    told = [
        one
        for one in past
        if one.weight_g and _month(one.date) < _month(on) and one.status in (GAINED, NOT_GAINED)
    ]
    return max(told, key=lambda one: one.date, default=None)


def bgm(waz: int | None, red_line: int = -300) -> bool:
    """Below the red line of the card: weight for age below -3 (in hundredths), which is where the line is drawn (unconfirmed)."""
    return waz is not None and waz < red_line
