"""Which benefits, decisions and screenings an actor may see: those of their area, for roles that keep the register there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.people.models import Family, Household, Person
from simpul.programmes.models import Benefit, Run


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)


def benefits(by: Actor) -> QuerySet[Benefit]:
    """What people of the actor's area receive; those whose data stand still at their wish are left out."""
    if by.role == SYSTEM:
        return Benefit.objects.all()
    if not roles.may_somewhere(by, "benefit.record"):
        return Benefit.objects.none()
    return Benefit.objects.filter(
        inside(by), Q(person=None) | Q(person__restricted_at=None, person__erased_at=None)
    )


def benefit_for(by: Actor, benefit_id: UUID, *, lock: bool = False) -> Benefit:
    """One benefit, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = benefits(by)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=benefit_id).first()
    if found is None:
        raise NotFound
    return found


def receiver_for(by: Actor, scope: str, key: UUID) -> Any:
    """The person, family or household of the actor's area that a benefit is for.

    Raises:
        NotFound: there is none, or not for this actor, or their data stand still at their wish.
    """
    tables: dict[str, QuerySet[Any]] = {
        "person": Person.objects.filter(restricted_at=None, erased_at=None),
        "family": Family.objects.all(),
        "household": Household.objects.all(),
    }
    rows = tables.get(scope)
    found = (
        rows.filter(inside(by) if by.role != SYSTEM else Q(), id=key).first() if rows is not None else None
    )
    if found is None:
        raise NotFound
    return found


def runs(by: Actor) -> QuerySet[Run]:
    """Screenings of areas that lie inside the actor's own, for roles that start them."""
    if by.role == SYSTEM:
        return Run.objects.all()
    if not roles.may_somewhere(by, "screening.start"):
        return Run.objects.none()
    return Run.objects.filter(inside(by))


def run_for(by: Actor, run_id: UUID) -> Run:
    """One screening, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = runs(by).filter(id=run_id).first()
    if found is None:
        raise NotFound
    return found
