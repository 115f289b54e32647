"""Silence: raise a matter one level when a desk let its turn run out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import steps
from simpul.cases.models import Case, Clock, Escalation
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import escalation as rules
from simpul.cases.rules import moves
from simpul.lib.actor import Actor

if TYPE_CHECKING:
    from simpul.desks.models import Desk


def escalate_case(*, by: Actor, at: datetime, clock_id: UUID) -> Escalation | None:
    """Show a late turn to the next desk above the silent one: one level, whatever time has passed.

    Returns the escalation, or None when no level is due (asked twice, answered meanwhile, or nobody above).
    """
    roles.require(by, "case.escalate")
    with transaction.atomic():
        clock = (
            Clock.objects.filter(id=clock_id, stopped_at=None, paused_at=None).select_related("desk").first()
        )
        if clock is None or clock.desk is None:
            return None
        case = access.get_for(by, clock.case_id, lock=True)
        if not moves.allowed("case.escalate", case.state):
            return None
        raised = Escalation.objects.filter(clock=clock).count()
        above = _not_kept_away(case, clock_queries.desks_above(clock.desk))
        level = rules.level_due(clock.raise_at, raised, at, len(above))
        if level is None:
            if raised >= len(above):  # nobody is left to show it to: the worker need not look again
                Clock.objects.filter(id=clock.id).update(raise_at=None)
            return None
        row = raise_level(case, clock, level, above[level - 1], by, at)
        later = clock_queries.next_level_due(clock, at) if level < len(above) else None
        Clock.objects.filter(id=clock.id).update(raise_at=later)
        return row


def _not_kept_away(case: Case, desks: list[Desk]) -> list[Desk]:
    """The desks silence may be shown to: none that the matter is about."""
    away = set(case.exclusions.filter(lifted_at=None).values_list("desk_id", flat=True))
    return [desk for desk in desks if desk.id not in away]


def raise_level(case: Case, clock: Clock, level: int, to_desk: Desk, by: Actor, at: datetime) -> Escalation:
    """Show the matter to one desk more and write it down: a step, shared with outside bodies that took it on and stay silent."""
    theirs = clock.hop is not None and clock.key == clock_rules.THEIRS
    silent = (clock.hop.to_desk if theirs and clock.hop else clock.desk) or case.acting
    row = Escalation.objects.create(
        case=case, clock=clock, level=level, silent_desk=silent, to_desk=to_desk, raised_at=at
    )
    steps.change(case, at, level=case.level + 1)
    if case.sensitivity != "sealed" or to_desk.protected:  # else they learn that one waits, and nothing of it
        steps.join_chain(case, to_desk, at)
    days_late = max(0, (at - clock.due_at) // timedelta(days=1))
    steps.tell_desk(
        case, to_desk, "desk_escalated", at, once=f"{clock.id}:{level}", values={"silent": silent.name}
    )
    steps.journal(
        by,
        at,
        "case.escalate",
        case,
        {
            "clock": clock.key,
            "level": level,
            "silent": silent.name,
            "to": to_desk.name,
            "days_late": days_late,
        },
    )
    return row
