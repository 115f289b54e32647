"""Who goes along, whom the trip wants to see, and what it carries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import Carry, TripDoor, TripMember
from simpul.outreach.rules import trips as rules
from simpul.people import access as people_access

MOST_DOORS = 500


@dataclass(frozen=True, slots=True)
class Member:
    """Who goes along: an officer by their seat, or somebody of another institution by name."""

    seat_id: UUID | None = None
    name: str = ""
    institution: str = ""
    role: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class CarryPlan:
    """One thing to take along. ``comes_back`` None: as is usual for its kind."""

    kind: str
    name: str
    quantity: int = 1
    unit: str = ""
    number_from: str = ""
    number_to: str = ""
    comes_back: bool | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted; None: not counted now."""

    loaded: int | None = None
    back: int | None = None
    last_used: str = ""
    difference_why: str = ""


def add_member(
    *, by: Actor, at: datetime, trip_id: UUID, member: Member, member_id: UUID | None = None
) -> TripMember:
    """Take somebody into the team; the same seat or ``member_id`` again gives the same row.

    Raises:
        steps.WordsMissing: neither a seat nor a name.
        NotFound: no such seat.
        _trips.TripOver, _trips.KeyTaken.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "member.add", trip_id)
        known: TripMember | None = _trips.again(TripMember, member_id, trip_id=trip.id)
        if known is None and member.seat_id is not None:
            known = trip.members.filter(seat_id=member.seat_id, dropped_at=None).first()
        if known is not None:
            return known
        name, institution = member.name, member.institution
        if member.seat_id is not None:
            seat = desk_queries.seat(member.seat_id)
            if seat is None or seat.withdrawn_at is not None:
                raise NotFound
            name, institution = seat.user.full_name, institution or seat.desk.name
        row = TripMember.objects.create(
            id=member_id or uuid7(),
            trip=trip,
            seat_id=member.seat_id,
            name=_trips.words(name, field="name", most=150),
            institution=text.clean_line(institution, 150),
            role=text.clean_line(member.role, 100),
            leads=member.leads,
            added_at=at,
        )
        _trips.line(by, at, "member.add", trip, facts={"member": str(row.id)}, inputs={"name": row.name})
    return row


def drop_member(*, by: Actor, at: datetime, member_id: UUID) -> None:
    """Take somebody out of the team. Again changes nothing.

    Raises:
        _trips.TripOver, NotFound.
    """
    with transaction.atomic():
        row = TripMember.objects.filter(id=member_id).first()
        if row is None:
            raise NotFound
        trip = _trips.begin_plan(by, "member.drop", row.trip_id)
        if row.dropped_at is not None:
            return
        row.dropped_at = at
        row.save()
        _trips.line(by, at, "member.drop", trip, facts={"member": str(row.id)})


# --- whom to see --------------------------------------------------------------------------------------------------------------


def list_doors(
    *,
    by: Actor,
    at: datetime,
    trip_id: UUID,
    household_ids: Collection[UUID],
    reason: str,
    words: str = "",
) -> int:
    """Put households on the trip's list, each with why; who is there already stays. Returns how many came new.

    A household whose head wants no use of their data is passed over (UU 27/2022 art. 41), as is one outside one's area.

    Raises:
        steps.ChoiceUnknown, _trips.TripOver.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "doors.list", trip_id)
        _trips.known(reason, rules.REASONS)
        said = text.clean_line(words, 200)
        listed = set(trip.doors.filter(dropped_at=None).values_list("household_id", flat=True))
        wanted = people_access.households(by).filter(
            Q(head=None) | Q(head__restricted_at=None),
            id__in=list(household_ids)[:MOST_DOORS],
            ended_date=None,
        )
        new = [key for key in wanted.order_by("id").values_list("id", flat=True) if key not in listed]
        TripDoor.objects.bulk_create(
            TripDoor(
                trip=trip,
                household_id=key,
                reason=reason,
                words=said,
                listed_at=at,
                listed_by=by.name[:150],
            )
            for key in new
        )
        if new:
            _trips.line(
                by,
                at,
                "doors.list",
                trip,
                facts={"households": [str(key) for key in new], "reason": reason},
                inputs={"words": said},
            )
    return len(new)


def unlist_door(*, by: Actor, at: datetime, door_id: UUID) -> None:
    """Take a household off the trip's list. Again changes nothing.

    Raises:
        _trips.TripOver, NotFound.
    """
    with transaction.atomic():
        row = TripDoor.objects.filter(id=door_id).first()
        if row is None:
            raise NotFound
        trip = _trips.begin_plan(by, "door.unlist", row.trip_id)
        if row.dropped_at is not None:
            return
        row.dropped_at = at
        row.save()
        _trips.line(by, at, "door.unlist", trip, facts={"household": str(row.household_id)})


def explain_door(*, by: Actor, at: datetime, door_id: UUID, why_not: str) -> None:
    """Say why nobody was seen at a door of the list. A fact: in whatever state the trip is.

    Raises:
        steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = TripDoor.objects.select_for_update().filter(id=door_id).first()
        if row is None:
            raise NotFound
        trip = access.trip_for(by, row.trip_id)
        roles.require(by, "door.explain", access.place_of_trip(by, trip))
        why = _trips.words(why_not, field="why_not", most=200)
        if row.why_not == why:
            return
        row.why_not = why
        row.save()
        _trips.line(
            by,
            at,
            "door.explain",
            trip,
            facts={"household": str(row.household_id)},
            inputs={"why": why},
        )


# --- the load -----------------------------------------------------------------------------------------------------------------


def add_carry(
    *, by: Actor, at: datetime, trip_id: UUID, carry: CarryPlan, carry_id: UUID | None = None
) -> Carry:
    """Put a thing on the load. The same ``carry_id`` again gives the same row.

    Raises:
        steps.ChoiceUnknown, steps.WordsMissing, _trips.TripOver, _trips.KeyTaken.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "carry.add", trip_id)
        known: Carry | None = _trips.again(Carry, carry_id, trip_id=trip.id)
        if known is not None:
            return known
        _trips.known(carry.kind, rules.CARRIED)
        if not 0 < carry.quantity < 10**6:
            raise steps.ChoiceUnknown
        row = Carry.objects.create(
            id=carry_id or uuid7(),
            trip=trip,
            kind=carry.kind,
            name=_trips.words(carry.name, field="name", most=120),
            unit=text.clean_line(carry.unit, 20),
            quantity=carry.quantity,
            number_from=text.clean_line(carry.number_from, 30),
            number_to=text.clean_line(carry.number_to, 30),
            comes_back=carry.kind in rules.COME_BACK if carry.comes_back is None else carry.comes_back,
            added_at=at,
        )
        _trips.line(
            by,
            at,
            "carry.add",
            trip,
            facts={"carry": str(row.id), "kind": row.kind, "name": row.name, "quantity": row.quantity},
        )
    return row


def drop_carry(*, by: Actor, at: datetime, carry_id: UUID) -> None:
    """Take a thing off the load; one that was loaded is counted back instead. Again changes nothing.

    Raises:
        _trips.TripStep: it was loaded.
        _trips.TripOver, NotFound.
    """
    with transaction.atomic():
        row = Carry.objects.filter(id=carry_id).first()
        if row is None:
            raise NotFound
        trip = _trips.begin_plan(by, "carry.drop", row.trip_id)
        if row.dropped_at is not None:
            return
        if row.loaded:
            raise _trips.TripStep
        row.dropped_at = at
        row.save()
        _trips.line(by, at, "carry.drop", trip, facts={"carry": str(row.id)})


def check_carry(*, by: Actor, at: datetime, carry_id: UUID, counted: Counted, counted_at: datetime) -> None:
    """Write down how many were loaded, or how many came back. A fact: each count leaves its line, the newest stands in the row.

    Raises:
        steps.ChoiceUnknown: a number below nought.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = Carry.objects.select_for_update().filter(id=carry_id, dropped_at=None).first()
        if row is None:
            raise NotFound
        trip = access.trip_for(by, row.trip_id)
        roles.require(by, "carry.check", access.place_of_trip(by, trip))
        before = (row.loaded, row.back, row.last_used, row.difference_why)
        _count(row, counted, counted_at)
        if before == (row.loaded, row.back, row.last_used, row.difference_why):
            return
        row.counted_by = by.name[:150]
        row.save()
        _trips.line(
            by,
            at,
            "carry.check",
            trip,
            facts={
                "carry": str(row.id),
                "loaded": counted.loaded,
                "back": counted.back,
                "counted_at": counted_at,
            },
            inputs={"why": row.difference_why},
        )


def _count(row: Carry, counted: Counted, counted_at: datetime) -> None:
    for number in (counted.loaded, counted.back):
        if number is not None and not 0 <= number < 10**6:
            raise steps.ChoiceUnknown
    if counted.loaded is not None and (row.loaded_at is None or counted_at >= row.loaded_at):
        row.loaded, row.loaded_at = counted.loaded, counted_at
    if counted.back is not None and (row.back_at is None or counted_at >= row.back_at):
        row.back, row.back_at = counted.back, counted_at
    row.last_used = text.clean_line(counted.last_used, 30) or row.last_used
    row.difference_why = text.clean_line(counted.difference_why, 200) or row.difference_why
