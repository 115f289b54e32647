"""Which wishes, destructions and failures an actor may see: those of their area; the data-protection officer sees all registers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.upkeep.models import Affected, Breach, Destruction, LegalHold, RequestSet, RightsRequest

WATCHER = "protection_officer"
"""Sees every register and trail, and decides no content (UU 27/2022 art. 53-54; MK 151/PUU-XXII/2024)."""


def watches(by: Actor) -> bool:
    """True for the data-protection officer with a second factor passed."""
    return by.role == WATCHER and by.strong


def installation() -> roles.Place:
    """The whole installation: for acts that reach into every area of it, which who serves a part of it may not do."""
    return roles.Place(region_code=desk_queries.institution().region_code)


def requests(by: Actor) -> RequestSet:
    """Wishes of the seat's area, for who takes them up or decides; all of them for the data-protection officer."""
    if watches(by) or by.role == SYSTEM:
        return RightsRequest.objects.all()
    if not roles.may_somewhere(by, "request.open") and not roles.may_somewhere(by, "request.review"):
        return RightsRequest.objects.none()
    return RightsRequest.objects.filter(_in_area(by))


def request_for(by: Actor, request_id: UUID) -> RightsRequest:
    """One wish, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = requests(by).select_related("person").filter(id=request_id).first()
    if found is None:
        raise NotFound
    return found


def destructions(by: Actor) -> QuerySet[Destruction]:
    """Lists of what is to be destroyed, for who proposes or approves."""
    return _for(by, Destruction.objects.all(), "destruction.propose", "destruction.approve")


def destruction_for(by: Actor, destruction_id: UUID) -> Destruction:
    """One list.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _one(destructions(by), destruction_id)


def holds(by: Actor) -> QuerySet[LegalHold]:
    """Legal holds, for who places or lifts them."""
    deals = roles.may_somewhere(by, "hold.place") or roles.may_somewhere(by, "hold.lift")
    if watches(by) or by.role == SYSTEM or deals:
        return LegalHold.objects.all()
    return LegalHold.objects.none()


def breaches(by: Actor) -> QuerySet[Breach]:
    """Failures to protect data of the seat's area, for who notes and closes them."""
    return _for(by, Breach.objects.all(), "breach.note", "breach.close")


def affected(by: Actor) -> QuerySet[Affected]:
    """Those whom a failure concerns, as far as this actor may know their names: of their area, or of no place yet."""
    if "" in by.served_areas or by.role == SYSTEM:
        return Affected.objects.all()
    inside = Q(person__region_code="")
    for area in by.served_areas:
        inside |= areas.inside(area, "person__region_code")
    return Affected.objects.filter(inside, breach__in=breaches(by))


def breach_for(by: Actor, breach_id: UUID) -> Breach:
    """One failure.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _one(breaches(by), breach_id)


def _for(by: Actor, rows: QuerySet[Any], *acts: str) -> QuerySet[Any]:
    if watches(by) or by.role == SYSTEM:
        return rows
    if not any(roles.may_somewhere(by, act) for act in acts):
        return rows.none()
    return rows.filter(_in_area(by))


def _one(rows: QuerySet[Any], key: UUID) -> Any:
    found = rows.filter(id=key).first()
    if found is None:
        raise NotFound
    return found


def _in_area(by: Actor) -> Q:
    if "" in by.served_areas:
        return Q()
    return areas.inside_any(by.served_areas)
