"""Which vaccines a child needs now: by a schedule that has versions, counting what was given under another one.

A dose counts for what it contains (its antigens): a hexavalent dose is a DPT dose and an IPV dose. So a child who changes schedules midway
goes on where it is and starts nothing again. Numbers that were written down imply the doses before them.
Sources: KMK HK.01.07/MENKES/2015/2023, 1098/2024, 35/2025; the hexavalent vaccine of 2026 (secondary).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simpul.posyandu.rules.kms import Past

GIVEN, DUE, OVERDUE, EARLY, WAITING, CLOSED, NOT_NEEDED = (
    "given",
    "due",
    "overdue",
    "early",
    "waiting",
    "closed",
    "not_needed",
)
"""Had it; may have it now; should have had it; too early; a dose before it is missing; too old for it; another vaccine does its work."""
_CODE = re.compile(r"([a-z]+?)(0|[1-9])?")


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that a child had; the day is empty when only the dose is on record."""

    dose: str
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of the schedule for one child. ``earliest`` is empty while the dose before it is missing; ``latest`` is the planned end."""

    code: str
    state: str
    earliest: date | None = None
    latest: date | None = None
    given_date: date | None = None
    by: str = ""  # the dose that counts for it
    too_soon: bool = False  # given before the earliest day: kept, and shown


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later; the last day of the month when it has none."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def split(code: str) -> tuple[str, int]:
    """A dose code as product and number: ``dpt2`` -> ("dpt", 2), ``bcg`` -> ("bcg", 1), ``hb0`` -> ("hb0", 1)."""
    known = code.strip().lower()
    if known == "hb0":
        return "hb0", 1
    match = _CODE.fullmatch(known)
    if match is None:
        return known, 1
    return match[1], int(match[2] or 1)


def given_of(
    details: Mapping[str, Any], past: Iterable[Past], values: Mapping[str, Any], on: date
) -> tuple[Given, ...]:
    """Doses on record: from the head of the card (``vaccines``: codes, or code -> ISO day), earlier lines, and this entry."""
    found: dict[str, Given] = {}
    head = details.get("vaccines") or ()
    pairs = head.items() if isinstance(head, Mapping) else ((code, None) for code in head)
    for code, day in pairs:
        found[str(code)] = Given(str(code), _day(day))
    for line in sorted(past, key=lambda one: one.date):
        for code in line.values.get("vaccines") or ():
            found.setdefault(str(code), Given(str(code), line.date))
    for code in values.get("vaccines") or ():
        found.setdefault(str(code), Given(str(code), on))
    return tuple(found.values())


def _day(given: Any) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given)) if given else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Record:
    """What counts for one antigen: the place in the series that is reached, and which dose took each place."""

    reached: int
    doses: tuple[Given, ...]

    def taking(self, number: int) -> Given | None:
        """The dose that counts for this place, as far as it is on record."""
        for one in self.doses:
            if split(one.dose)[1] == number:
                return one
        return None

    @property
    def last(self) -> date | None:
        """The day of the latest dose."""
        return max((one.date for one in self.doses if one.date), default=None)


def _record(series: str, given: Sequence[Given], products: Mapping[str, Sequence[str]]) -> _Record:
    """How far a child is with an antigen: the highest number written on its own series, or how many doses hold it, whichever is more."""
    holding = tuple(one for one in given if series in products.get(split(one.dose)[0], ()))
    own = [split(one.dose)[1] for one in holding if products[split(one.dose)[0]][0] == series]
    return _Record(max([len(holding), *own], default=0), holding)


def due(
    birth_date: date,
    given: Sequence[Given],
    on: date,
    schedule: Mapping[str, Any],
    products: Mapping[str, Sequence[str]],
    *,
    sex: str = "",
    endemic: bool = False,
    school: bool = False,
) -> tuple[Dose, ...]:
    """Every dose of the schedule with its state on a day, in the schedule's order.

    ``schedule`` is the data of a version of the rule ``immunisation``, ``products`` of ``vaccine_products``. Doses of endemic areas, of
    schools and of the other sex are left out unless asked for. Gaps are calendar months, or weeks where the rule says weeks.
    """
    found = []
    for row in schedule["doses"]:
        if row.get("endemic") and not endemic:
            continue
        if row.get("school") and not school:
            continue
        if row.get("sex") and sex and row["sex"] != sex:
            continue
        found.append(_dose(row, birth_date, given, on, schedule, products))
    return tuple(found)


def _dose(
    row: Mapping[str, Any],
    birth: date,
    given: Sequence[Given],
    on: date,
    schedule: Mapping[str, Any],
    products: Mapping[str, Sequence[str]],
) -> Dose:
    record, number = _record(row["series"], given, products), int(row["number"])
    first = birth + timedelta(days=row["at_days"]) if "at_days" in row else months_after(birth, row["at"])
    latest = birth + timedelta(days=row["to_days"]) if "to_days" in row else months_after(birth, row["to"])
    if record.reached >= number:
        taken = record.taking(number) or record.taking(record.reached) or record.doses[-1]
        own = split(taken.dose)[1] == number
        soon = own and taken.date is not None and taken.date < _after_gap(row, first, record, taken)
        return Dose(row["code"], GIVEN, first, latest, taken.date, taken.dose, too_soon=soon)
    if row.get("instead") and record.reached + _coming(row, given, schedule, products) >= number:
        return Dose(row["code"], NOT_NEEDED, first, latest)
    if _too_old(row, birth, on):
        return Dose(row["code"], CLOSED, first, latest)
    if number > record.reached + 1:
        return Dose(row["code"], EARLY if on < first else WAITING, None, latest)
    earliest = first if number == 1 or record.last is None else max(first, _gap(row, record.last))
    if on < earliest:
        return Dose(row["code"], EARLY, earliest, latest)
    return Dose(row["code"], OVERDUE if on > max(latest, earliest) else DUE, earliest, latest)


def _gap(row: Mapping[str, Any], before: date) -> date:
    """The first day after the dose before: months of the calendar, or weeks."""
    if "gap_weeks" in row:
        return before + timedelta(weeks=int(row["gap_weeks"]))
    return months_after(before, int(row.get("gap", 1)))


def _after_gap(row: Mapping[str, Any], first: date, record: _Record, taken: Given) -> date:
    """The day from which a dose that was given counted as in time."""
    before = max(
        (one.date for one in record.doses if one.date and taken.date and one.date < taken.date), default=None
    )
    return first if before is None or int(row["number"]) == 1 else max(first, _gap(row, before))


def _too_old(row: Mapping[str, Any], birth: date, on: date) -> bool:
    if "until_days" in row:
        return on >= birth + timedelta(days=int(row["until_days"]))
    return "until" in row and on >= months_after(birth, int(row["until"]))


def _coming(
    row: Mapping[str, Any],
    given: Sequence[Given],
    schedule: Mapping[str, Any],
    products: Mapping[str, Sequence[str]],
) -> int:
    """How many doses of other series that are still to come hold this antigen as well."""
    coming = 0
    for other in schedule["doses"]:
        holds = products.get(split(other["code"])[0], ())
        if other["series"] != row["series"] and row["series"] in holds:
            coming += int(other["number"]) > _record(other["series"], given, products).reached
    return coming
