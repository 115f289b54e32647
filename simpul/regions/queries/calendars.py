"""Office calendars: which days do not count in an area, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from simpul.lib import workdays
from simpul.lib.errors import NotFound, Refused
from simpul.regions import rules
from simpul.regions.data import national
from simpul.regions.models import Holiday, Suspension
from simpul.regions.queries._memory import Memory
from simpul.regions.queries.areas import zone_of

FIVE_DAY_WEEK = "12345"
ESTIMATED = " (perkiraan)"
"""Follows the name of a holiday whose date is not decreed yet."""


LONGEST_CLOCK = 2000
"""Working days; about eight years."""


class ClockTooLong(Refused):
    """So many days that nobody can know the holidays on the way."""

    code = "clock.too_long"
    sentence = _("Ask for at most %(most)s working days.")
    field = "working_days"


@dataclass(frozen=True, slots=True)
class _DaysOff:
    """What the tables say about some years in an area."""

    holidays: dict[date, str]
    suspended: tuple[tuple[date, date, str], ...]


Row = tuple[str, date, date, str, str, bool, datetime | None, str]
"""What a row is ("holiday", "stop"), its first and last day, words, source, whether estimated, withdrawn at, kind."""

_days_off: Memory[_DaysOff] = Memory(seconds=30, size=300)


def calendar_for(region_code: str, week: str = FIVE_DAY_WEEK, *, around: date) -> workdays.Calendar:
    """The office calendar of an area for the years before, of and after ``around``.

    ``week`` names the working days ("12345", "123456"). A year whose national holidays were not loaded is taken from the
    library. One query when cold, none for the next half minute.
    """
    return _calendar(region_code, week, max(around.year - 1, MINYEAR), min(around.year + 1, MAXYEAR))


def due_with_reasons(
    start: date, days: int, region_code: str = "", week: str = FIVE_DAY_WEEK
) -> workdays.DueDate:
    """The last of ``days`` working days after ``start``, and every skipped day with its reason in words.

    Raises:
        ClockTooLong: more than 2,000 days.
        ValueError: a negative number of days, or a week that is none.
        workdays.NoWorkingDay: the calendar leaves no day to count.
    """
    return _in_words(workdays.due_date(start, days, _calendar(region_code, week, *_years_for(start, days))))


def due_by_library(
    start: date, days: int, region_code: str = "", week: str = FIVE_DAY_WEEK
) -> workdays.DueDate:
    """The same from the library alone, where there is no database yet: no local holidays, no suspensions."""
    first, last = _years_for(start, days)
    holidays = _joined(
        (found.day, _label(found.name, found.estimated))
        for year in range(first, last + 1)
        for found in national.holidays_of(year)
    )
    calendar = workdays.Calendar(
        holidays=holidays, week=rules.week_days(week), zone=zone_of_code(region_code)
    )
    return _in_words(workdays.due_date(start, days, calendar))


def zone_of_code(region_code: str) -> str:
    """The zone by the rules alone, without asking a table."""
    return rules.zone(region_code) or rules.WIB


def _years_for(start: date, days: int) -> tuple[int, int]:
    """The years in which a clock of some working days may run; a year has well over 200 of them."""
    if days > LONGEST_CLOCK:
        raise ClockTooLong(most=LONGEST_CLOCK)
    return start.year, min(start.year + max(days, 0) // 200 + 1, MAXYEAR)


def _in_words(due: workdays.DueDate) -> workdays.DueDate:
    """A weekday on which the office does not work is named, so that a letter can print the list as it is."""
    skipped = (
        (day, str(WEEKDAYS[day.weekday()]) if reason == workdays.WEEKEND else reason)
        for day, reason in due.skipped
    )
    return workdays.DueDate(due.date, tuple(skipped))


def _calendar(region_code: str, week: str, first: int, last: int) -> workdays.Calendar:
    found = _days_off.get((region_code, first, last), lambda: _read(region_code, first, last))
    return workdays.Calendar(
        holidays=found.holidays,
        week=rules.week_days(week),
        zone=zone_of(region_code),
        suspended=found.suspended,
    )


def _read(region_code: str, first: int, last: int) -> _DaysOff:
    """Holidays and suspensions of an area in one query: both are a first day, a last day and words."""
    begin, end = date(first, 1, 1), date(last, 12, 31)
    areas = ["", *rules.lineage(region_code)]
    holidays = Holiday.objects.filter(region_code__in=areas, day__range=(begin, end)).values_list(
        _text("holiday"), F("day"), F("day"), "name", "source", "estimated", "withdrawn_at", "kind"
    )
    stops = Suspension.objects.filter(
        region_code__in=areas, from_date__lte=end, to_date__gte=begin, withdrawn_at=None
    ).values_list(
        _text("stop"), "from_date", "to_date", "decision", _text(""), Value(False), "withdrawn_at", _text("")
    )
    rows: list[Row] = list(holidays.union(stops, all=True))
    return _DaysOff(
        holidays=_joined([*_not_loaded(rows, first, last), *_kept(rows)]),
        suspended=tuple(sorted((row[1], row[2], row[3]) for row in rows if row[0] == "stop")),
    )


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _kept(rows: Iterable[Row]) -> list[tuple[date, str]]:
    """The holidays that stand, national ones before joint leave before local ones."""
    order = {rules.PUBLIC_HOLIDAY: 0, rules.JOINT_LEAVE: 1}
    standing = [row for row in rows if row[0] == "holiday" and row[6] is None]
    return [
        (row[1], _label(row[3], row[5]))
        for row in sorted(standing, key=lambda row: (row[1], order.get(row[7], 2)))
    ]


def _not_loaded(rows: Iterable[Row], first: int, last: int) -> list[tuple[date, str]]:
    """The library's holidays for the years of which no row came from it, not even a withdrawn one."""
    loaded = {row[1].year for row in rows if row[0] == "holiday" and row[4].startswith(national.FAMILY)}
    return [
        (found.day, _label(found.name, found.estimated))
        for year in range(first, last + 1)
        if year not in loaded
        for found in national.holidays_of(year)
    ]


def _label(name: str, estimated: bool) -> str:
    return name + ESTIMATED if estimated else name


def _joined(days: Iterable[tuple[date, str]]) -> dict[date, str]:
    """One text per day; two holidays on one day are both named."""
    names: dict[date, list[str]] = defaultdict(list)
    for day, name in days:
        if name not in names[day]:
            names[day].append(name)
    return {day: "; ".join(found) for day, found in names.items()}


# --- for the administrator's pages ---


def holidays_in(year: int, region_code: str = "", *, withdrawn: bool = False) -> QuerySet[Holiday]:
    """The rows of a year that count in an area, or inside it: national and local ones, by day. "" gives all of them."""
    found = Holiday.objects.filter(day__year=year)
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    if region_code:
        above = found.filter(region_code__in=["", *rules.lineage(region_code)])
        found = above | found.filter(region_code__startswith=region_code)
    return found.order_by("day", "region_code", "name")


def get_holiday(holiday_id: UUID) -> Holiday:
    """One holiday, also a withdrawn one.

    Raises:
        NotFound: there is none.
    """
    row = Holiday.objects.filter(id=holiday_id).first()
    if row is None:
        raise NotFound
    return row


def get_suspension(suspension_id: UUID) -> Suspension:
    """One suspension, also a withdrawn one.

    Raises:
        NotFound: there is none.
    """
    row = Suspension.objects.filter(id=suspension_id).first()
    if row is None:
        raise NotFound
    return row


def suspensions(region_code: str = "", *, on: date | None = None) -> QuerySet[Suspension]:
    """The suspensions that touch an area, latest first; with ``on``, those in force that day."""
    found = Suspension.objects.filter(withdrawn_at=None)
    if on is not None:
        found = found.filter(from_date__lte=on, to_date__gte=on)
    if region_code:
        above = found.filter(region_code__in=["", *rules.lineage(region_code)])
        found = above | found.filter(region_code__startswith=region_code)
    return found.order_by("-from_date", "region_code")


def years_without_joint_leave(today: date) -> list[int]:
    """The years whose joint leave should be known by now and is not: the alarm of 1 October.

    A clock that runs into such a year promises a date that joint leave may still move.
    """
    watched = rules.years_to_watch(today)
    rows = Holiday.objects.filter(
        region_code="", day__year__gte=watched[0], day__year__lte=watched[-1]
    ).values_list("day", "kind", "source", "withdrawn_at")
    known = {day.year for day, kind, _source, gone in rows if kind == rules.JOINT_LEAVE and gone is None}
    loaded = {day.year for day, _kind, source, _gone in rows if source.startswith(national.FAMILY)}
    for year in set(watched) - loaded:
        if any(found.kind == rules.JOINT_LEAVE for found in national.holidays_of(year)):
            known.add(year)
    return [year for year in watched if year not in known]


def estimated_holidays(today: date) -> QuerySet[Holiday]:
    """Coming national holidays whose date is not decreed yet, to be checked against the joint decree."""
    return Holiday.objects.filter(day__gte=today, estimated=True, withdrawn_at=None).order_by("day")
