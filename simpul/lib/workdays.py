"""Working days and the legal clocks that run on them. Pure: holidays, zone and "now" are arguments.

Ideas:

* The day after filing is day 1. A day counts unless the office does not work that weekday, the calendar names it a
  holiday (national, joint leave, local) or a disaster has suspended the clocks.
* A clock is stamped once, with the version of its rule, and is never recomputed: a rule or holiday changed later does
  not rewrite a promise already made.
* A day clock ends with its last day, 23:59:59 in the calendar's zone, kept in UTC.
* A pause is measured in the clock's own days and paid back in whole days, rounded up over all pauses together, so that
  the resident never loses time and a pause of ten minutes cannot be used again and again to win days.
* Hours (3 x 24 hours of UU 27/2022 on personal data) are wall-clock hours: never paused, never suspended.

Sources: UU 25/2009 Art. 44 and 50, PermenPANRB 62/2018, UU 14/2008, UU 27/2022; holidays by the
yearly joint decree (SKB) of three ministers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from simpul.lib.errors import Refused

Unit = Literal["working_days", "calendar_days", "hours"]
Status = Literal["running", "paused", "met", "late", "stopped_late"]

FIVE_DAYS = frozenset({1, 2, 3, 4, 5})
SIX_DAYS = frozenset({1, 2, 3, 4, 5, 6})
WEEKEND = "weekend"
"""The reason given for a weekday on which the office does not work; doors translate it."""

LONGEST_CLOSURE = 3660
"""Days off in a row after which a calendar is taken to be broken (ten years)."""

_ONE_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400
_LAST_SECOND = time(23, 59, 59)


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue. This module is pure, so the door translates it."""
    return sentence


class NoWorkingDay(Refused):
    """The calendar leaves no day to count."""

    code = "calendar.no_working_day"
    sentence = _(
        "No working day was found after %(start)s. Check this office's working week, holidays and suspensions."
    )


@dataclass(frozen=True)
class Calendar:
    """The days an office works: ``week`` holds ISO weekdays (Monday is 1), ``zone`` an IANA name.

    ``suspended`` lists periods (first day, last day, reason) in which a disaster has stopped all day clocks.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    week: frozenset[int] = FIVE_DAYS
    zone: str = "Asia/Makassar"
    suspended: tuple[tuple[date, date, str], ...] = ()

    def suspension(self, day: date) -> str | None:
        """The reason why clocks stand still on ``day``, if they do."""
        return next((reason for first, last, reason in self.suspended if first <= day <= last), None)

    def day_off(self, day: date) -> str | None:
        """Why ``day`` is no working day, or ``None`` when it is one."""
        reason = self.suspension(day) or self.holidays.get(day)
        if reason is None and day.isoweekday() not in self.week:
            return WEEKEND
        return reason

    def is_working_day(self, day: date) -> bool:
        """True when the office works on ``day``."""
        return self.day_off(day) is None

    def local_date(self, moment: datetime) -> date:
        """The date at the office when it is ``moment`` (aware)."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The last second of ``day`` at the office, in UTC."""
        return datetime.combine(day, _LAST_SECOND, ZoneInfo(self.zone)).astimezone(UTC)


Skipped = tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date and every day that was skipped on the way, with its reason."""

    date: date
    skipped: Skipped


def due_date(start: date, days: int, calendar: Calendar) -> DueDate:
    """The last of ``days`` working days after ``start`` (day 0).

    Raises ``ValueError`` for a negative number and ``NoWorkingDay`` when the calendar has none within ten years.
    """
    return _count(start, days, calendar.day_off)


def calendar_due_date(start: date, days: int, calendar: Calendar) -> DueDate:
    """The last of ``days`` calendar days after ``start``; only suspended days are skipped. Raises as ``due_date``."""
    return _count(start, days, calendar.suspension)


def count_working_days(after: date, until: date, calendar: Calendar) -> int:
    """Working days in (``after``, ``until``]: how long something took; 0 when ``until`` is not later."""
    return sum(1 for day in _days(after + _ONE_DAY, until) if calendar.is_working_day(day))


def _count(start: date, days: int, off: Callable[[date], str | None]) -> DueDate:
    if days < 0:
        raise ValueError("days cannot be negative")
    day, left, closed = start, days, 0
    skipped: list[tuple[date, str]] = []
    while left:
        if closed > LONGEST_CLOSURE or day == date.max:
            raise NoWorkingDay(start=start.isoformat())
        day += _ONE_DAY
        reason = off(day)
        if reason is None:
            left, closed = left - 1, 0
        else:
            skipped.append((day, reason))
            closed += 1
    return DueDate(day, tuple(skipped))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


# --- clocks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A promise: so many units, under one version of one rule, with its legal source.

    Raises ``ValueError`` for an amount below 1, an unknown unit, or hours that claim to be pausable.
    """

    key: str
    version: int
    unit: Unit
    amount: int
    pausable: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        if self.unit not in ("working_days", "calendar_days", "hours"):
            raise ValueError(f"unknown unit {self.unit!r}")
        if self.amount < 1:
            raise ValueError("a clock has at least one unit")
        if self.unit == "hours" and self.pausable:
            raise ValueError("wall-clock hours are never paused")


@dataclass(frozen=True, slots=True)
class Pause:
    """One finished pause: ``counted`` seconds of it fell on days the clock counts; ``given`` days were paid back."""

    from_at: datetime
    to_at: datetime
    counted: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of one matter. All moments are aware, in UTC."""

    rule: ClockRule
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left: whole units (days after today up to the due day, or started hours); negative when overdue.

    0 working days means: today is the last day.
    """

    unit: Unit
    amount: int
    late: bool


def start(rule: ClockRule, at: datetime, calendar: Calendar) -> ClockState:
    """Stamp a clock at ``at``. Raises ``ValueError`` for a moment without a zone, ``NoWorkingDay`` as ``due_date``."""
    at = _utc(at)
    return ClockState(rule=rule, started_at=at, due_at=_advance(rule, at, rule.amount, calendar))


def pause(state: ClockState, at: datetime) -> ClockState:
    """Stop counting while we wait for the resident.

    Unchanged when the rule cannot be paused, when it is paused or stopped already, and when the clock is already
    late: a promise that was missed stays missed. A moment before the last change is taken as that moment.
    """
    at = max(_utc(at), state.started_at, *(finished.to_at for finished in state.pauses))
    if not state.rule.pausable or state.paused_at or state.stopped_at or at > state.due_at:
        return state
    return replace(state, paused_at=at)


def resume(state: ClockState, at: datetime, calendar: Calendar) -> ClockState:
    """Count again, and pay the paused time back in whole days. Unchanged when it is not paused or is stopped."""
    if state.paused_at is None or state.stopped_at is not None:
        return state
    at = max(_utc(at), state.paused_at)
    counted = _counted_seconds(state.rule, state.paused_at, at, calendar)
    total = counted + sum(finished.counted for finished in state.pauses)
    paid = sum(finished.given for finished in state.pauses)
    given = max(0, -(-total // _DAY_SECONDS) - paid)
    return replace(
        state,
        due_at=_advance(state.rule, state.due_at, given, calendar) if given else state.due_at,
        paused_at=None,
        pauses=(*state.pauses, Pause(state.paused_at, at, counted, given)),
    )


def stop(state: ClockState, at: datetime) -> ClockState:
    """The work was handed in at ``at``. Unchanged when stopped already."""
    return state if state.stopped_at else replace(state, stopped_at=_utc(at))


def reopen(state: ClockState, calendar: Calendar) -> ClockState:
    """The answer did not solve it: the clock runs on towards the same due moment; reopening gives no time.

    Only a pause that was open when the work was handed in is still paid back, up to that moment.
    """
    if state.stopped_at is None:
        return state
    return resume(replace(state, stopped_at=None), state.stopped_at, calendar)


def extend(state: ClockState, amount: int, calendar: Calendar) -> ClockState:
    """A lawful extension by ``amount`` units (7 working days for a PPID request), counted from the due day.

    Raises ``ValueError`` for less than one unit.
    """
    if amount < 1:
        raise ValueError("an extension is at least one unit")
    return replace(state, due_at=_advance(state.rule, state.due_at, amount, calendar))


def status(state: ClockState, now: datetime) -> Status:
    """Where the clock stands at ``now``. Work handed in during a pause is in time."""
    if state.stopped_at is not None:
        in_time = state.paused_at is not None or state.stopped_at <= state.due_at
        return "met" if in_time else "stopped_late"
    if state.paused_at is not None:
        return "paused"
    return "late" if _utc(now) > state.due_at else "running"


def remaining(state: ClockState, now: datetime, calendar: Calendar) -> Remaining:
    """What is left at ``now``; a paused or stopped clock shows what was left at that moment."""
    moment = state.paused_at or state.stopped_at or _utc(now)
    late = moment > state.due_at
    if state.rule.unit == "hours":
        seconds = (state.due_at - moment).total_seconds()
        return Remaining("hours", int(-(-seconds // 3600)) if not late else int(seconds // 3600), late)
    today, last = calendar.local_date(moment), calendar.local_date(state.due_at)
    counts = _counts(state.rule, calendar)
    early, end = (last, today) if late else (today, last)
    days = sum(1 for day in _days(early + _ONE_DAY, end) if counts(day))
    return Remaining(state.rule.unit, -days if late else days, late)


def _advance(rule: ClockRule, moment: datetime, amount: int, calendar: Calendar) -> datetime:
    """``amount`` units after ``moment``."""
    if rule.unit == "hours":
        return moment + timedelta(hours=amount)
    days = due_date if rule.unit == "working_days" else calendar_due_date
    return calendar.end_of(days(calendar.local_date(moment), amount, calendar).date)


def _counts(rule: ClockRule, calendar: Calendar) -> Callable[[date], bool]:
    """The test whether a day is one that this clock counts."""
    if rule.unit == "working_days":
        return calendar.is_working_day
    return lambda day: calendar.suspension(day) is None


def _counted_seconds(rule: ClockRule, begin: datetime, end: datetime, calendar: Calendar) -> int:
    """Seconds between two moments that fall on days this clock counts, rounded up."""
    zone, counts = ZoneInfo(calendar.zone), _counts(rule, calendar)
    total = timedelta()
    for day in _days(calendar.local_date(begin), calendar.local_date(end)):
        if counts(day):
            midnight = datetime.combine(day, time(), zone).astimezone(UTC)
            next_midnight = datetime.combine(day + _ONE_DAY, time(), zone).astimezone(UTC)
            total += max(min(end, next_midnight) - max(begin, midnight), timedelta())
    return -(-total // timedelta(seconds=1)) if total else 0


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


# --- keeping a clock in a row ---------------------------------------------------------------------------------------


def pauses_to_json(pauses: tuple[Pause, ...]) -> list[dict[str, Any]]:
    """Pauses as plain values for a JSON column; ``pauses_from_json`` reads them back."""
    return [
        {"from": p.from_at.isoformat(), "to": p.to_at.isoformat(), "counted": p.counted, "given": p.given}
        for p in pauses
    ]


def pauses_from_json(rows: list[dict[str, Any]]) -> tuple[Pause, ...]:
    """The reverse of ``pauses_to_json``."""
    return tuple(
        Pause(
            _utc(datetime.fromisoformat(row["from"])),
            _utc(datetime.fromisoformat(row["to"])),
            int(row.get("counted", 0)),
            int(row.get("given", 0)),
        )
        for row in rows
    )
