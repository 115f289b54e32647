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
_CODE = re.compile(r"([a-z_]+?)([1-9])?")


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
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def split(code: str, vaccines: Mapping[str, Any]) -> tuple[str, int]:
    """A dose code as product and place in its series: ``dpt2`` -> ("dpt", 2), ``bcg`` -> ("bcg", 1); others as the catalogue says."""
    known = code.strip().lower()
    if known in vaccines["codes"]:
        product, place = vaccines["codes"][known]
        return str(product), int(place)
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
class _Taken:
    """A dose that was given, as product and place in its series."""

    given: Given
    number: int
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """What counts for one antigen: the place in the series that is reached, and the doses that hold it."""

    reached: int
    doses: tuple[_Taken, ...]

    def taking(self, number: int) -> _Taken:
        """The dose that counts for this place, as far as it is on record."""
        own = [one for one in self.doses if one.number == number]
        return (own or [max(self.doses, key=lambda one: one.number)])[0]

    @property
    def last(self) -> date | None:
        """The day of the latest dose."""
        return max((one.given.date for one in self.doses if one.given.date), default=None)


@dataclass(frozen=True, slots=True)
class _Child:
    """One child on one day beside one schedule."""

    birth: date
    on: date
    taken: tuple[_Taken, ...]
    schedule: Mapping[str, Any]
    vaccines: Mapping[str, Any]
    known: dict[str, _Record]  # records that were worked out already

    def record(self, series: str) -> _Record:
        """How far the child is with an antigen: the highest number of its own series, or how many doses hold it, whichever is more."""
        if series not in self.known:
            self.known[series] = self._record(series)
        return self.known[series]

    def _record(self, series: str) -> _Record:
        holding = tuple(one for one in self.taken if series in one.holds)
        own = [one.number for one in holding if one.holds[0] == series]
        return _Record(max([len(holding), *own], default=0), holding)

    def coming(self, series: str) -> int:
        """How many doses of other series that are still to come hold this antigen as well."""
        found = 0
        for row in self.schedule["doses"]:
            holds = self.vaccines["products"].get(split(row["code"], self.vaccines)[0], ())
            if row["series"] != series and series in holds:
                found += int(row["number"]) > self.record(row["series"]).reached
        return found


def due(
    birth_date: date,
    given: Sequence[Given],
    on: date,
    schedule: Mapping[str, Any],
    vaccines: Mapping[str, Any],
    *,
    sex: str = "",
    endemic: bool = False,
    school: bool = False,
) -> tuple[Dose, ...]:
    """Every dose of the schedule with its state on a day, in the schedule's order.

    ``schedule`` is the data of a version of the rule ``immunisation``, ``vaccines`` of ``vaccine_products``. Doses of endemic areas, of
    schools and of the other sex are left out unless asked for. Gaps are calendar months, or weeks where the rule says weeks. What is
    dated after the day is not counted.
    """
    taken = []
    for one in given:
        product, number = split(one.dose, vaccines)
        holds = tuple(vaccines["products"].get(product, ()))
        if holds and (one.date is None or one.date <= on):
            taken.append(_Taken(one, number, holds))
    child = _Child(birth_date, on, tuple(taken), schedule, vaccines, {})
    return tuple(
        _dose(row, child)
        for row in schedule["doses"]
        if (endemic or not row.get("endemic"))
        and (school or not row.get("school"))
        and (not sex or row.get("sex", sex) == sex)
    )


def _dose(row: Mapping[str, Any], child: _Child) -> Dose:
    record, number, code = child.record(row["series"]), int(row["number"]), str(row["code"])
    first, latest = _days(row, child.birth)
    if record.reached >= number:
        taken = record.taking(number)
        soon = taken.number == number and _too_soon(row, first, record, taken)
        return Dose(code, GIVEN, first, latest, taken.given.date, taken.given.dose, too_soon=soon)
    if row.get("instead") and record.reached + child.coming(row["series"]) >= number:
        return Dose(code, NOT_NEEDED, first, latest)
    if _too_old(row, child.birth, child.on):
        return Dose(code, CLOSED, first, latest)
    if number > record.reached + 1:
        return Dose(code, EARLY if child.on < first else WAITING, None, latest)
    earliest = first if number == 1 or record.last is None else max(first, _gap(row, record.last))
    if child.on < earliest:
        return Dose(code, EARLY, earliest, latest)
    return Dose(code, OVERDUE if child.on > max(latest, earliest) else DUE, earliest, latest)


def _days(row: Mapping[str, Any], birth: date) -> tuple[date, date]:
    """The first and the last planned day by age."""
    first = birth + timedelta(days=row["at_days"]) if "at_days" in row else months_after(birth, row["at"])
    latest = birth + timedelta(days=row["to_days"]) if "to_days" in row else months_after(birth, row["to"])
    return first, latest


def _gap(row: Mapping[str, Any], before: date) -> date:
    """The first day after the dose before: months of the calendar, or weeks."""
    if "gap_weeks" in row:
        return before + timedelta(weeks=int(row["gap_weeks"]))
    return months_after(before, int(row.get("gap", 1)))


def _too_soon(row: Mapping[str, Any], first: date, record: _Record, taken: _Taken) -> bool:
    """True when a dose was given before its age, or before the gap to the one before was over."""
    day = taken.given.date
    if day is None:
        return False
    earlier = [one.given.date for one in record.doses if one.given.date and one.given.date < day]
    after = first if int(row["number"]) == 1 or not earlier else max(first, _gap(row, max(earlier)))
    return day < after


def _too_old(row: Mapping[str, Any], birth: date, on: date) -> bool:
    if "until_days" in row:
        return on >= birth + timedelta(days=int(row["until_days"]))
    return "until" in row and on >= months_after(birth, int(row["until"]))
