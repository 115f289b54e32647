"""Shifts over midnight, a fair roster for weeks ahead, what attendance contradicts, and what two shifts found different. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

MOST_WEEKS = 13
"""A roster is made for a quarter of a year at most."""
EARLY = timedelta(hours=2)
"""Somebody who comes on duty this long before the shift is taken to be of that shift."""
LATE = timedelta(minutes=30)
"""Later than this a coming is marked as late. Unconfirmed: a habit of offices, no rule of law."""
LONGEST = timedelta(hours=24)
"""No shift lasts longer."""


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


PARTS: Mapping[str, str] = {
    "officer": _("on duty"),
    "on_call": _("on call"),
    "came": _("came without being on the roster"),
}
FLAGS: Mapping[str, str] = {
    "late": _("came late"),
    "early": _("left early"),
    "off_roster": _("was not on the roster"),
    "order": _("left before coming: look at the times"),
    "cancelled": _("the shift had been cancelled"),
}
OFFERS: Mapping[str, str] = {
    "asked": _("asked, not answered yet"),
    "taken": _("taken over"),
    "declined": _("declined"),
    "withdrawn": _("withdrawn"),
}
WEEKDAYS: Mapping[int, str] = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
    8: _("Holidays"),
}
"""The kinds of day a pattern can name; 8 is any public holiday, whatever its weekday."""


def span(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends, in UTC. An end that is not later than the start lies on the next day."""
    begin = datetime.combine(day, starts, zone)
    last = day if ends > starts else day + timedelta(days=1)
    return begin.astimezone(UTC), datetime.combine(last, ends, zone).astimezone(UTC)


def falls_on(day: date, days: Iterable[int], *, is_holiday: bool) -> bool:
    """True when a pattern for these kinds of day has a shift on ``day``: a holiday counts as one, and also as its weekday."""
    wanted = set(days)
    return day.isoweekday() in wanted or (is_holiday and 8 in wanted)


@dataclass(frozen=True, slots=True)
class Turn:
    """One day of the roster: who is on duty, and who is called when somebody cannot come."""

    day: date
    officers: tuple[UUID, ...]
    on_call: UUID | None = None


@dataclass(slots=True)
class Load:
    """What somebody has done before this roster begins: how many turns, and the last of them."""

    turns: int = 0
    last: date = field(default=date.min)


def roster(
    days: Sequence[date],
    people: Sequence[UUID],
    size: int,
    *,
    on_call: bool,
    before: Mapping[UUID, Load] | None = None,
    away: Callable[[UUID, date], bool] = lambda _who, _day: False,
) -> list[Turn]:
    """A fair roster: each day goes to those with the fewest turns, then to those whose last turn is longest ago.

    Among people who are never away the numbers of turns differ by one at most. Nobody has two days running while somebody else could
    come. A day on which fewer than ``size`` can come gets those who can: the gap is shown, not filled in silence.
    """
    loads = {who: Load(one.turns, one.last) for who, one in (before or {}).items()}
    order = {who: place for place, who in enumerate(dict.fromkeys(people))}
    found = []
    for day in sorted(days):
        free = [who for who in order if not away(who, day)]
        yesterday = day - timedelta(days=1)

        def rank(who: UUID, yesterday: date = yesterday) -> tuple[int, bool, date, int]:
            load = loads.get(who, Load())
            return (load.turns, load.last == yesterday, load.last, order[who])

        ranked = sorted(free, key=rank)
        chosen = tuple(ranked[:size])
        for who in chosen:
            load = loads.setdefault(who, Load())
            load.turns, load.last = load.turns + 1, day
        spare = next(iter(ranked[size:]), None) if on_call else None
        found.append(Turn(day, chosen, spare))
    return found


def attendance_flags(
    starts_at: datetime,
    ends_at: datetime,
    came_at: datetime | None,
    left_at: datetime | None,
    *,
    part: str,
    cancelled: bool,
) -> list[str]:
    """What times of coming and leaving contradict. A fact is never refused: it is written down and marked."""
    found = []
    if part == "came":
        found.append("off_roster")
    if cancelled:
        found.append("cancelled")
    if part == "officer" and came_at is not None and came_at > starts_at + LATE:
        found.append("late")
    if part == "officer" and left_at is not None and left_at < ends_at - LATE:
        found.append("early")
    if came_at is not None and left_at is not None and left_at < came_at:
        found.append("order")
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """A shift that too few people stand for."""

    shift_id: UUID
    missing: int


def missing(size: int, officers: int) -> int:
    """How many officers a shift lacks; a shift without a pattern needs one."""
    return max(0, max(size, 1) - officers)


# --- what one shift hands the next ----------------------------------------------------------------------------------


def differences(
    cash: int, found_cash: int, said: Iterable[tuple[str, bool]], not_there: Iterable[str]
) -> tuple[int, list[str]]:
    """What the next shift found otherwise: rupiah too many (above zero) or too few, and things said to be there that were not."""
    there = [name for name, present in said if present]
    gone = set(not_there)
    return found_cash - cash, [name for name in there if name in gone]
