"""Which desks a person may see, and whose seats."""

from __future__ import annotations

from uuid import UUID

from simpul.desks.models import Desk, DeskSet, Seat, SeatSet
from simpul.lib.actor import PUBLIC, Actor
from simpul.lib.errors import NotFound

_OVERSEERS = frozenset({"administrator", "protection_officer", "system"})


def visible(by: Actor) -> DeskSet:
    """Every desk for those who work here; for a partner its own; for residents the open desks that receive people.

    A closed desk stays visible to officers, because old matters name it.
    """
    if by.role == "partner":
        return Desk.objects.filter(id__in=by.desk_ids)
    if by.role == PUBLIC:
        return Desk.objects.open().filter(outside=False, protected=False)
    return Desk.objects.all()


def desk_for(by: Actor, desk_id: UUID) -> Desk:
    """One desk, if ``by`` may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = visible(by).filter(id=desk_id).first()
    if found is None:
        raise NotFound
    return found


def seats_visible(by: Actor) -> SeatSet:
    """Who sits where: all for those who administer; for officers the seats at desks in the area they serve; else none."""
    seats = Seat.objects.select_related("user", "desk")
    if by.role == "system" or (by.strong and by.role in _OVERSEERS):
        return seats
    if by.seat_id is None:
        return seats.none()
    found = seats.none()
    for area in by.served_areas:
        found = found | seats.filter(desk__in=Desk.objects.inside(area))
    return found | seats.filter(desk_id__in=by.desk_ids)
