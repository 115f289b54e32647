"""Clocks that ran out, desks above a silent one, reaction times that passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.cases.models import Case, Clock
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import moves
from simpul.desks.models import Desk
from simpul.lib import workdays
from simpul.regions import queries as region_queries

HIGHEST = 5
"""No house has more levels than this; it also bounds a ring of desks made by mistake."""


def overdue(at: datetime, limit: int = 500) -> Iterator[UUID]:
    """Ids of late turn clocks whose next level is due, the longest silent first."""
    rows = Clock.objects.filter(
        raise_at__lt=at,
        stopped_at=None,
        paused_at=None,
        case__state__in=moves.MOVES["case.escalate"].sources,
        desk__above__isnull=False,
    ).order_by("raise_at")
    yield from rows.values_list("id", flat=True)[:limit]


def desks_above(desk: Desk) -> list[Desk]:
    """The desks that silence of ``desk`` climbs through, nearest first; a ring ends where it closes."""
    found: list[Desk] = []
    seen = {desk.id}
    here = desk
    while here.above_id is not None and here.above_id not in seen and len(found) < HIGHEST:
        here = Desk.objects.get(id=here.above_id)
        seen.add(here.id)
        found.append(here)
    return found


def next_level_due(clock: Clock, raised_at: datetime) -> datetime:
    """When the level after the one just raised falls due: a full period of the clock's own days later.

    Counted from when it was really raised, so that a worker that stood still for a month never raises two at once.
    """
    desk = clock.desk
    region, week = (
        (desk.region_code or clock.case.region_code, desk.week) if desk else (clock.case.region_code, "12345")
    )
    calendar = region_queries.calendar_for(region, week, around=raised_at.date())
    rule = workdays.ClockRule(
        "level", 1, cast(workdays.Unit, clock.unit), max(1, clock.amount), pausable=False
    )
    return workdays.start(rule, raised_at, calendar).due_at


def finished_reactions(at: datetime, limit: int = 500) -> Iterator[UUID]:
    """Ids of answered cases whose reaction time passed in silence."""
    rows = Case.objects.filter(state=moves.ANSWERED, react_until_at__lt=at).order_by("react_until_at")
    yield from rows.values_list("id", flat=True)[:limit]


def late_counts(at: datetime, cases: QuerySet[Any]) -> dict[UUID, int]:
    """How many turns each desk has let run out and not yet taken, among these cases (a query of their keys)."""
    rows = (
        Clock.objects.filter(Q(paused_at=None), stopped_at=None, due_at__lt=at, key__in=clock_rules.TURN_KEYS)
        .filter(case__in=cases)
        .values("desk_id")
        .annotate(late=Count("case_id", distinct=True))
    )
    return {row["desk_id"]: row["late"] for row in rows if row["desk_id"]}
