"""Rehabilitation plans: one whole, lists, and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from simpul.lib.actor import Actor
from simpul.programmes.access import plans as access
from simpul.programmes.models import Appointment, Assessment, Goal, Measure, Monitoring, Plan
from simpul.programmes.rules import plans as rules

PAGE = 50


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan with everything that belongs to it."""

    plan: Plan
    standing: rules.Standing
    assessments: Sequence[Assessment]
    goals: Sequence[Goal]
    appointments: Sequence[Appointment]
    monitorings: Sequence[Monitoring]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list."""

    rows: Sequence[Plan]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many plans stand where, and how many are overdue for a look."""

    by_state: dict[str, int]
    overdue: int
    not_mine: int


def standing(plan: Plan) -> rules.Standing:
    """What a decision about the plan needs to know, in four queries."""
    newest = plan.assessments.order_by("-at", "-id").first()
    goals = list(plan.goals.values_list("state", flat=True))
    return rules.Standing(
        state=plan.state,
        assessments=1 if newest else 0,
        open_goals=goals.count("open"),
        goals=len(goals),
        measures=Measure.objects.filter(goal__plan=plan).count(),
        monitorings=plan.monitorings.count(),
        needs_referral=bool(newest and newest.needs_referral),
    )


def whole(by: Actor, plan_id: UUID) -> Whole:
    """One plan for its page.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    plan = access.plan_for(by, plan_id)
    return Whole(
        plan=plan,
        standing=standing(plan),
        assessments=list(plan.assessments.order_by("-at", "-id")),
        goals=list(plan.goals.order_by("position").prefetch_related("measures")),
        appointments=list(plan.appointments.order_by("-on_date", "-id")),
        monitorings=list(plan.monitorings.order_by("-at", "-id")),
    )


def listed(by: Actor, *, mine: bool = True, state: str = "", page: int = 1) -> Listed:
    """Plans whose text the actor may read, those due for a look first."""
    rows = access.plans(by).select_related("person", "desk")
    if mine:
        rows = rows.filter(user_id=by.user_key)
    rows = rows.filter(state=state) if state in rules.STATES else rows.running()
    found = list(rows.order_by("review_date", "opened_at", "id")[(page - 1) * PAGE : page * PAGE + 1])
    return Listed(found[:PAGE], len(found) > PAGE)


def counts(by: Actor, today: date) -> Counts:
    """How many plans of the actor's outline stand in which state."""
    rows = access.outline(by)
    by_state = dict(rows.values_list("state").annotate(n=Count("id")).order_by())
    return Counts(
        by_state=by_state,
        overdue=rows.running().filter(review_date__lt=today).count(),
        not_mine=rows.running().exclude(user_id=by.user_key).count(),
    )


def by_village(by: Actor) -> list[tuple[str, int, int]]:
    """Running and closed plans a village, for those who oversee."""
    rows = (
        access.outline(by)
        .values_list("region_code")
        .annotate(
            running=Count("id", filter=Q(closed_at=None)), closed=Count("id", filter=~Q(closed_at=None))
        )
        .order_by("region_code")
    )
    return [(code, running, closed) for code, running, closed in rows]


def of_person(by: Actor, person_ids: Sequence[UUID]) -> list[Plan]:
    """The plans of some persons that the actor may read, newest first."""
    return list(access.plans(by).filter(person_id__in=list(person_ids)).order_by("-opened_at"))


def of_case(by: Actor, case_id: UUID) -> list[Plan]:
    """The plans made from one matter that the actor may read."""
    return list(access.plans(by).filter(case_id=case_id).order_by("-opened_at"))
