"""Clocks that run already stand still when a disaster suspends the clocks of their area, by the same decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from simpul import roles
from simpul.cases.actions import steps
from simpul.cases.models import Case, Clock
from simpul.cases.rules import clocks as clock_rules
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.lib import areas, workdays
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.regions.models import Suspension

DAY_UNITS = ("working_days", "calendar_days")
CHUNK = 500
_ONE_DAY = timedelta(days=1)


def suspend_clocks(*, by: Actor, at: datetime, suspension_id: UUID) -> int:
    """Move the promises of an area that run already by the days on which a decision lets them stand still.

    A clock that was stamped after the decision was entered has left those days out already. A promise that was missed stays
    missed, hours that protect a person go on, and doing it twice changes nothing. Returns how many clocks were moved.

    Raises:
        NotFound: no such suspension.
    """
    row = region_queries.get_suspension(suspension_id)
    roles.require(by, "clocks.suspend", roles.Place(region_code=row.region_code))
    lines = journal_queries.timeline([row.id])
    entered_at = next((line.at for line in lines if line.kind == "suspension.add"), at)
    with transaction.atomic():
        moved = sum(_move(chunk, row, at) for chunk in _chunks(row, entered_at))
        journal_actions.record(
            by=by,
            at=at,
            kind="clocks.suspend",
            subject_kind="suspension",
            subject_id=row.id,
            facts={"decision": row.decision, "clocks": moved},
            region_code=row.region_code,
        )
    return moved


def _chunks(row: Suspension, entered_at: datetime) -> Iterator[list[Clock]]:
    """The running day clocks of the area, some hundred at a time."""
    code = row.region_code
    found = Clock.objects.filter(
        stopped_at=None, unit__in=DAY_UNITS, case__is_open=True, started_at__lte=entered_at
    )
    if code:
        found = found.filter(areas.inside(code, "case__region_code"))
    last: UUID | None = None
    while True:
        rows = found if last is None else found.filter(id__gt=last)
        chunk = list(rows.select_related("case", "desk", "case__holder").order_by("id")[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].id


def _move(chunk: Iterable[Clock], row: Suspension, at: datetime) -> int:
    moved = [clock for clock in chunk if _shift(clock, row, at)]
    Clock.objects.bulk_update(moved, ["due_at", "raise_at", "suspensions"], batch_size=200)
    _renew_lists({clock.case_id: clock.case for clock in moved})
    return len(moved)


def _shift(clock: Clock, row: Suspension, at: datetime) -> bool:
    """Give a clock the days it stands still; False when the decision does not touch it."""
    if clock.due_at < at or any(one["id"] == str(row.id) for one in clock.suspensions):
        return False
    whole = steps.calendar_of(clock.desk or clock.case.holder, at, clock.case.region_code)
    days = extra_days(
        clock.unit, clock.started_at, clock.due_at, (row.from_date, row.to_date, row.decision), whole
    )
    if not days:
        return False
    clock.due_at += timedelta(days=days)
    clock.raise_at = clock.raise_at and clock.raise_at + timedelta(days=days)
    clock.suspensions = [*clock.suspensions, {"id": str(row.id), "decision": row.decision, "days": days}]
    return True


def extra_days(
    unit: str,
    started_at: datetime,
    due_at: datetime,
    stop: tuple[date, date, str],
    calendar: workdays.Calendar,
) -> int:
    """How many days later a promise falls due because ``stop`` (first day, last day, decision) is no day that counts.

    ``calendar`` knows the stop already; the days left are counted as they were promised, without it, and laid out again
    with it.
    """
    zone = ZoneInfo(calendar.zone)
    due = due_at.astimezone(zone).date()
    before = max(stop[0] - _ONE_DAY, started_at.astimezone(zone).date())
    if due <= before or stop[1] <= before:
        return 0
    as_promised = replace(calendar, suspended=tuple(one for one in calendar.suspended if one != stop))
    now = replace(calendar, suspended=(*as_promised.suspended, stop))
    if unit == "working_days":
        left = workdays.count_working_days(before, due, as_promised)
        return (workdays.due_date(before, left, now).date - due).days if left else 0
    days = (before + _ONE_DAY * offset for offset in range(1, (due - before).days + 1))
    left = sum(1 for day in days if as_promised.suspension(day) is None)
    return (workdays.calendar_due_date(before, left, now).date - due).days if left else 0


def _renew_lists(cases: dict[UUID, Case]) -> None:
    """Copy the two moments that lists sort by, for all these cases in three statements."""
    running = Clock.objects.filter(case_id__in=list(cases), stopped_at=None, paused_at=None)
    due: dict[UUID, list[datetime]] = {}
    turn: dict[UUID, list[datetime]] = {}
    for case_id, key, moment in running.values_list("case_id", "key", "due_at"):
        if key == clock_rules.ANSWER:
            due.setdefault(case_id, []).append(moment)
        if key in clock_rules.TURN_KEYS:
            turn.setdefault(case_id, []).append(moment)
    for case in cases.values():
        case.due_at = min(due.get(case.id, ()), default=None)
        case.turn_due_at = min(turn.get(case.id, ()), default=None)
    Case.objects.bulk_update(cases.values(), ["due_at", "turn_due_at"], batch_size=200)
