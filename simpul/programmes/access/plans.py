"""Who reads rehabilitation plans: who is assigned and who leads read all of it, who oversees reads an outline without names.

"Client detail only for assignee and administrator" (district rehabilitation practice, secondary); here the one who leads is the manager of
the area, and for categories that are not sensitive also the coordinator of the desk that holds the plan. A plan made of a sealed matter is
read by who has it alone: who leads an area does not read its sealed matters either.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.people.queries import lists as people_lists
from simpul.programmes.models import Plan
from simpul.programmes.models.plans import PlanSet

OVERSEEING = frozenset({"supervisor", "coordinator", "manager"})
"""Roles that see how many plans run where, and none of what stands in them."""


def plans(by: Actor) -> PlanSet:
    """The plans whose whole text this actor may read."""
    if by.role == SYSTEM:
        return Plan.objects.all()
    if not by.desk_ids or not roles.may_somewhere(by, "plan.assess"):
        return Plan.objects.none()
    seen = Q(user_id=by.user_key)
    if roles.may_somewhere(by, "plan.assign"):
        leads = areas.inside_any(by.served_areas) & unsealed()
        if by.role != "manager":
            leads &= Q(desk_id__in=by.desk_ids) & ~Q(category__in=people_lists.sensitive_categories())
        seen |= leads
    return Plan.objects.filter(seen)


def outline(by: Actor) -> PlanSet:
    """The plans this actor may count and see by place, state and day: never with a name, never sensitive ones of others."""
    if by.role == SYSTEM:
        return Plan.objects.all()
    if not by.desk_ids or by.role not in OVERSEEING:
        return plans(by)
    counted = (
        areas.inside_any(by.served_areas) & unsealed() & ~Q(category__in=people_lists.sensitive_categories())
    )
    return Plan.objects.filter(counted) | plans(by)


def unsealed() -> Q:
    """Plans that were not made of a sealed matter."""
    return Q(case=None) | ~Q(case__sensitivity="sealed")


def plan_for(by: Actor, plan_id: UUID, *, lock: bool = False) -> Plan:
    """One plan, if this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = plans(by).select_related("person", "case", "desk")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=plan_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(plan: Plan) -> roles.Place:
    """Where a plan lies, for the role table."""
    desk = frozenset({plan.desk_id})
    return roles.Place(plan.region_code, desk, desk)
