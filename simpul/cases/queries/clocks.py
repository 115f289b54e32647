"""Clocks that ran out, desks above a silent one, reaction times that passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from simpul.cases.models import Case, Clock, Escalation
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import escalation as escalation_rules
from simpul.cases.rules import moves
from simpul.desks.models import Desk
from simpul.lib import workdays
from simpul.regions import queries as region_queries

HIGHEST = 5
"""No house has more levels than this; it also bounds a ring of desks made by mistake."""


def overdue(at: datetime, limit: int = 500) -> Iterator[UUID]:
    """Ids of late turn clocks whose next level may be due, longest silent first.

    A clock that was raised already comes again only after one more of its own periods (counted in plain days here; the act
    itself counts working days and decides).
    """
    last = Escalation.objects.filter(clock=OuterRef("pk")).order_by("-level").values("raised_at")[:1]
    rows = (
        Clock.objects.filter(
            stopped_at=None,
            paused_at=None,
            due_at__lt=at,
            key__in=clock_rules.TURN_KEYS,
            case__state__in=moves.MOVES["case.escalate"].sources,
            desk__above__isnull=False,
        )
        .annotate(last_raised=Subquery(last))
        .annotate(waiting_since=Coalesce(F("last_raised"), F("due_at")))
        .order_by("waiting_since")
    )
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


def level_dues(clock: Clock, raised: int, last_raised_at: datetime | None) -> list[datetime]:
    """When the next level of this clock falls due, in the shape ``rules.escalation.level_due`` reads.

    The first level falls due with the clock; each further one a full period after the level under it was really raised, so
    that a long weekend of a stopped worker never raises two at once.
    """
    dues = [clock.due_at] * (raised + 1)
    if raised and last_raised_at is not None and clock.desk is not None:
        calendar = region_queries.calendar_for(
            clock.desk.region_code, clock.desk.week, around=last_raised_at.date()
        )
        rule = workdays.ClockRule("level", 1, clock.unit, max(1, clock.amount), pausable=False)  # type: ignore[arg-type]
        dues[raised] = escalation_rules.wait_until(
            last_raised_at, workdays.start(rule, last_raised_at, calendar).due_at
        )
    return dues


def finished_reactions(at: datetime, limit: int = 500) -> Iterator[UUID]:
    """Ids of answered cases whose reaction time passed in silence."""
    rows = Case.objects.filter(state=moves.ANSWERED, react_until_at__lt=at).order_by("react_until_at")
    yield from rows.values_list("id", flat=True)[:limit]


def late_counts(at: datetime) -> dict[UUID, int]:
    """How many turns each desk has let run out and not yet taken."""
    rows = (
        Clock.objects.filter(Q(paused_at=None), stopped_at=None, due_at__lt=at, key__in=clock_rules.TURN_KEYS)
        .values("desk_id")
        .annotate(late=Count("case_id", distinct=True))
    )
    return {row["desk_id"]: row["late"] for row in rows if row["desk_id"]}
