"""Works and idle land: those of the area, for seats that keep such books there. What everybody sees is read by ``queries.public_works``."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.community.models import LandUse, Parcel, Rate, Work, WorkSet
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound

_KEEPING = "labour.record"


def keeps(by: Actor) -> bool:
    """True for seats that have to do with works at all."""
    return by.role == SYSTEM or roles.may_somewhere(by, _KEEPING)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return Q() if by.role == SYSTEM else areas.inside_any(by.served_areas)


def visible(by: Actor) -> WorkSet:
    """Works inside the actor's area."""
    return Work.objects.filter(inside(by)) if keeps(by) else Work.objects.none()


def work_for(by: Actor, work_id: UUID, *, lock: bool = False) -> Work:
    """One work, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("hamlet", "case", "idea")
    found = rows.filter(id=work_id).first()
    if found is None:
        raise NotFound
    return found


def rates(by: Actor) -> QuerySet[Rate]:
    """Price lists of the actor's area."""
    return Rate.objects.filter(inside(by)) if keeps(by) else Rate.objects.none()


def parcels(by: Actor) -> QuerySet[Parcel]:
    """Idle land inside the actor's area."""
    return Parcel.objects.filter(inside(by), removed_at=None) if keeps(by) else Parcel.objects.none()


def parcel_for(by: Actor, parcel_id: UUID, *, lock: bool = False) -> Parcel:
    """One parcel, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = parcels(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("hamlet")
    found = rows.filter(id=parcel_id).first()
    if found is None:
        raise NotFound
    return found


def use_for(by: Actor, use_id: UUID) -> LandUse:
    """One use of a parcel, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = (
        LandUse.objects.select_related("parcel")
        .filter(parcel__in=parcels(by), id=use_id, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def place_of(code: str) -> roles.Place:
    """A place by its region, for the role table."""
    return roles.Place(region_code=code)
