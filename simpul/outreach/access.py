"""Which doors an actor may see: a facilitator those of their own seat, who oversees all of the area. Trips: those of the area, those
that stop there, and those one goes along with."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.outreach.models import (
    Accompaniment,
    Assignment,
    Sample,
    SampleRow,
    Sheet,
    Stop,
    TravelLeg,
    Trip,
    Verification,
)

_OVERSEEING = "households.assign"
_WALKING = "visit.record"
_TRAVELLING = "stop.arrive"


def assignments(by: Actor) -> QuerySet[Assignment]:
    """Doors on somebody's list: those of the area for who assigns, one's own for who walks."""
    return Assignment.objects.filter(_seen(by))


def verifications(by: Actor) -> QuerySet[Verification]:
    """Verifications: those of the area for who assigns; for who walks, those they have and those of doors on their list."""
    seen = _seen(by)
    if _walks(by):
        seen |= Q(household__assignments__seat_id=by.seat_id, household__assignments__ended_at=None)
    return Verification.objects.filter(seen).distinct()


def verification_for(by: Actor, verification_id: UUID, *, lock: bool = False) -> Verification:
    """One verification, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if not verifications(by).filter(id=verification_id).exists():
        raise NotFound
    rows = Verification.objects.select_related("household", "seat__user", "hamlet")
    if lock:
        rows = Verification.objects.select_for_update()
    found = rows.filter(id=verification_id).first()
    if found is None:
        raise NotFound
    return found


def samples(by: Actor) -> QuerySet[Sample]:
    """Samples of the area, for who reviews them."""
    if by.role != SYSTEM and not roles.may_somewhere(by, "sample.review"):
        return Sample.objects.none()
    return Sample.objects.filter(inside(by))


def sample_row_for(by: Actor, row_id: UUID, *, lock: bool = False) -> SampleRow:
    """One row of a sample, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = SampleRow.objects.filter(sample__in=samples(by))
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=row_id).first()
    if found is None:
        raise NotFound
    return found


def oversees(by: Actor) -> bool:
    """True for who gives doors to others."""
    return by.role == SYSTEM or roles.may_somewhere(by, _OVERSEEING)


def free_heads() -> Q:
    """Rows of households whose head did not ask for processing to stand still: a household bears its head's name (UU 27/2022 art. 41)."""
    return Q(household__head=None) | Q(household__head__restricted_at=None)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)


# --- trips --------------------------------------------------------------------------------------------------------------------


def trips(by: Actor) -> QuerySet[Trip]:
    """Trips of the area, trips that stop in it, and trips in whose team this seat is."""
    if by.role == SYSTEM:
        return Trip.objects.all()
    if not roles.may_somewhere(by, _TRAVELLING):
        return Trip.objects.none()
    touching = Stop.objects.filter(areas.inside_any(by.served_areas), dropped_at=None)
    seen = inside(by) | Q(id__in=touching.values("trip_id"))
    if by.seat_id is not None:
        seen |= Q(members__seat_id=by.seat_id, members__dropped_at=None)
    return Trip.objects.filter(seen).distinct()


def trip_for(by: Actor, trip_id: UUID, *, lock: bool = False) -> Trip:
    """One trip, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if not trips(by).filter(id=trip_id).exists():
        raise NotFound
    rows = Trip.objects.select_for_update() if lock else Trip.objects.select_related("desk")
    found = rows.filter(id=trip_id).first()
    if found is None:
        raise NotFound
    return found


def stop_for(by: Actor, stop_id: UUID, *, lock: bool = False) -> Stop:
    """One stop of a trip that this actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Stop.objects.filter(dropped_at=None)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("hamlet")
    found = rows.select_related("trip").filter(id=stop_id).first()
    if found is None or not trips(by).filter(id=found.trip_id).exists():
        raise NotFound
    return found


def place_of_trip(by: Actor, trip: Trip) -> roles.Place:
    """Where a fact of a trip happens, for the role table: the trip's area, else a stop inside one's own, else with the team one is in."""
    if by.serves(trip.region_code):
        return roles.Place(trip.region_code)
    stops = trip.stops.filter(dropped_at=None).values_list("region_code", flat=True)
    mine = next((code for code in stops if by.serves(code)), None)
    if mine is not None:
        return roles.Place(mine)
    return in_team(by, trip) or roles.Place(trip.region_code)


def place_of_plan(by: Actor, trip: Trip) -> roles.Place:
    """Where a plan is made or changed: in the trip's area, or with the team one is in."""
    if by.serves(trip.region_code):
        return roles.Place(trip.region_code)
    return in_team(by, trip) or roles.Place(trip.region_code)


def in_team(by: Actor, trip: Trip) -> roles.Place | None:
    """The own area of who goes along: a team may cross its members' borders, and they work for the trip then."""
    if by.seat_id is None or not trip.members.filter(seat_id=by.seat_id, dropped_at=None).exists():
        return None
    return roles.Place(by.served_areas[0])


def accompaniments(by: Actor) -> QuerySet[Accompaniment]:
    """Accompaniments of the area, and those of this seat."""
    if by.role == SYSTEM:
        return Accompaniment.objects.all()
    if not roles.may_somewhere(by, "accompaniment.record"):
        return Accompaniment.objects.none()
    seen = inside(by)
    if by.seat_id is not None:
        seen |= Q(seat_id=by.seat_id)
    return Accompaniment.objects.filter(seen)


def accompaniment_for(by: Actor, accompaniment_id: UUID, *, lock: bool = False) -> Accompaniment:
    """One accompaniment, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = accompaniments(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    else:
        rows = rows.select_related("household", "person", "seat__user", "case")
    found = rows.filter(id=accompaniment_id).first()
    if found is None:
        raise NotFound
    return found


def sheets(by: Actor) -> QuerySet[Sheet]:
    """Printed sheets of the area, and those this seat printed."""
    if by.role != SYSTEM and not roles.may_somewhere(by, "sheet.print"):
        return Sheet.objects.none()
    return Sheet.objects.filter(inside(by) | Q(seat_id=by.seat_id or UUID(int=0)))


def sheet_for(by: Actor, sheet_id: UUID, *, lock: bool = False) -> Sheet:
    """One sheet, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = sheets(by)
    found = (
        (rows.select_for_update() if lock else rows.select_related("trip", "stop"))
        .filter(id=sheet_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def legs(by: Actor) -> QuerySet[TravelLeg]:
    """Ways of every area this seat serves, lies in, or is served by: they say nothing about anybody."""
    if by.role != SYSTEM and not roles.may_somewhere(by, _TRAVELLING):
        return TravelLeg.objects.none()
    above = {area[:length] for area in by.served_areas for length in (2, 4, 6, 10) if len(area) >= length}
    return TravelLeg.objects.filter(inside(by) | Q(region_code__in=above), dropped_at=None)


def _walks(by: Actor) -> bool:
    return by.seat_id is not None and not oversees(by) and roles.may_somewhere(by, _WALKING)


def _seen(by: Actor) -> Q:
    if by.role == SYSTEM:
        return Q()
    if oversees(by):
        return inside(by)
    if _walks(by):
        return Q(seat_id=by.seat_id)
    return Q(pk=None)
