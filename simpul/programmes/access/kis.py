"""Which switched-off cards an actor may see: facilitators those of their own seat, everybody else with work on them those of their area.

A list of people who lost their health card tells who is poor and often who is ill; a facilitator needs the doors they walk to, no others.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.programmes.models import Card, CardRule, Deactivation
from simpul.programmes.models.kis import CardSet

AREA_ROLES = frozenset({"front_office", "back_office", "coordinator", "supervisor", "manager", "head"})
"""Roles that see every card of their area; a facilitator sees those of their own seat."""


def visible(by: Actor) -> CardSet:
    """The cards this actor may see. Nobody's for the public, for partners and for roles that only administer."""
    if by.role == SYSTEM:
        return Card.objects.all()
    if by.seat_id is None:
        return Card.objects.none()
    free = Q(person=None) | Q(person__restricted_at=None)  # whose data stand still are in no list
    if by.role in AREA_ROLES and (by.strong or not roles.ROLES[by.role].strong):
        return Card.objects.filter(inside(by), free)
    if by.role == "facilitator":
        return Card.objects.filter(inside(by), free, seat_id=by.seat_id)
    return Card.objects.none()


def card_for(by: Actor, card_id: UUID, *, lock: bool = False) -> Card:
    """One card, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by).select_related("deactivation", "person", "hamlet", "seat__user", "case")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=card_id).first()
    if found is None:
        raise NotFound
    return found


def lists(by: Actor) -> QuerySet[Deactivation]:
    """The deactivation lists that touch the area of this actor."""
    if by.role == SYSTEM:
        return Deactivation.objects.all()
    if by.seat_id is None or (not roles.may_somewhere(by, "card.ask") and by.role != "head"):
        return Deactivation.objects.none()
    around = [code[:size] for code in by.served_areas for size in (0, 2, 4, 6) if len(code) > size]
    return Deactivation.objects.filter(inside(by) | Q(region_code__in=around))


def list_for(by: Actor, deactivation_id: UUID) -> Deactivation:
    """One list, if it touches the area of this actor.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = lists(by).filter(id=deactivation_id).first()
    if found is None:
        raise NotFound
    return found


def own_rules(by: Actor) -> QuerySet[CardRule]:
    """The district's own reactivation rules that hold in, or around, the area of this actor."""
    if by.role == SYSTEM:
        return CardRule.objects.filter(ended_at=None)
    around = [code[:size] for code in by.served_areas for size in (0, 2, 4, 6, 10)]
    return CardRule.objects.filter(inside(by) | Q(region_code__in=around), ended_at=None)


def place_of(card: Card) -> roles.Place:
    """Where a card is, for the role table."""
    return roles.Place(region_code=card.region_code)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)
