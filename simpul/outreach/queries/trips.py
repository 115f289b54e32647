"""Trips in a list and in a calendar; one trip with everything on it; what is still open; the stops of a seat today."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul import roles
from simpul.cases import access as case_access
from simpul.desks.models import Seat
from simpul.lib.actor import MACHINE, Actor
from simpul.outreach import access
from simpul.outreach.models import (
    Carry,
    Promise,
    Stop,
    Trip,
    TripCheck,
    TripDoor,
    TripMember,
    Visit,
)
from simpul.outreach.rules import trips as rules
from simpul.programmes.queries import goods

PAGE = 40


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar: of this month or beside it, with the trips that are out on it."""

    date: date
    inside: bool
    trips: tuple[Trip, ...]


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """A household on a trip's list, and whether it was seen: ``visit`` is the newest one on this trip."""

    door: TripDoor
    visit: Visit | None

    @property
    def settled(self) -> bool:
        """True when somebody was there, or said why not."""
        return self.visit is not None or bool(self.door.why_not)


def listed(by: Actor, state: str = "", *, page: int = 1) -> tuple[list[Any], bool]:
    """Trips of a state ("" all, "open" those that are not over), the newest first; and whether there are more."""
    rows = access.trips(by)
    if state == "open":
        rows = rows.filter(state__in=rules.OPEN)
    elif state:
        rows = rows.filter(state=state)
    rows = rows.annotate(stop_count=Count("stops", filter=Q(stops__dropped_at=None), distinct=True))
    first = (page - 1) * PAGE
    found: list[Any] = list(rows.order_by("-start_date", "-id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def month(by: Actor, year: int, number: int) -> list[list[Day]]:
    """The weeks of a month, Monday first; a trip stands on every day it is out."""
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(year, number)
    first, last = weeks[0][0], weeks[-1][-1]
    rows = access.trips(by).filter(start_date__lte=last, end_date__gte=first).exclude(state="called_off")
    found = list(rows.order_by("start_date", "id")[:200])
    return [
        [
            Day(
                day, day.month == number, tuple(one for one in found if one.start_date <= day <= one.end_date)
            )
            for day in week
        ]
        for week in weeks
    ]


def stops(trip: Trip) -> list[Stop]:
    """The stops of a trip in their order, for callers that checked who asks."""
    rows = trip.stops.filter(dropped_at=None).select_related("hamlet")
    return list(rows.order_by("position", "id"))


def members(trip: Trip) -> list[TripMember]:
    """The team, who leads it first."""
    rows = trip.members.filter(dropped_at=None).select_related("seat__user")
    return list(rows.order_by("-leads", "added_at", "id"))


def carried(trip: Trip) -> list[Carry]:
    """The load in the order in which it was put down."""
    return list(trip.carried.filter(dropped_at=None).order_by("added_at", "id"))


def newest_check(trip: Trip) -> TripCheck | None:
    """The answers that count."""
    return trip.checks.order_by("-checked_at", "-id").first()


def promises(trip: Trip) -> list[Promise]:
    """What was promised on a trip, the open ones first, those due soonest before the others."""
    rows = trip.promises.select_related("stop", "household__head", "person").order_by("promised_at", "id")
    return sorted(rows, key=lambda one: (one.kept_at is not None, one.due_date or date.max))


def doors(trip: Trip) -> list[DoorSeen]:
    """The trip's list with what became of each door; by the order of the stops' villages and hamlets.

    A visit belongs to a trip when it was written down at one of its stops, or to the household between departure and return.
    """
    rows = list(
        trip.doors.filter(dropped_at=None)
        .filter(_free())
        .select_related("household__hamlet", "household__house", "household__head")
        .order_by("household__region_code", "household__hamlet__name", "household__name", "id")
    )
    seen = visits(trip, {one.household_id for one in rows})
    return [DoorSeen(one, seen.get(one.household_id)) for one in rows]


def _free() -> Q:
    return Q(household__head=None) | Q(household__head__restricted_at=None)


def visits(trip: Trip, household_ids: Iterable[UUID] | None = None) -> dict[UUID, Visit]:
    """The newest visit of this trip by household; of these households, or of all."""
    mine = Q(stop__trip=trip)
    if trip.started_at is not None and household_ids is not None:
        until = trip.returned_at or trip.started_at + timedelta(days=60)
        mine |= Q(stop=None, visited_at__gte=trip.started_at, visited_at__lte=until)
    rows = Visit.objects.filter(mine, undone_at=None)
    if household_ids is not None:
        rows = rows.filter(household_id__in=list(household_ids))
    return {one.household_id: one for one in rows.order_by("visited_at", "id")}


def aid(trip: Trip) -> list[goods.Carried]:
    """The aid of open rounds that was handed to this trip, and how much of it is neither given nor brought back."""
    return goods.carried(MACHINE, trip_ids=[trip.id])


def loose_ends(trip: Trip, today: date) -> list[str]:
    """What has to be finished or explained before the trip is closed, in words."""
    gaps = [one for one in carried(trip) if gap_of(one)]
    stays = [one for one in stops(trip) if one.closed_at is None]
    loose = [
        one for one in trip.promises.filter(kept_at=None) if one.due_date is None or one.due_date < today
    ]
    found = []
    if gaps:
        found.append(
            ngettext("%(n)s carried thing not in order", "%(n)s carried things not in order", len(gaps))
            % {"n": len(gaps)}
        )
    if stays:
        found.append(
            ngettext("%(n)s stop not finished", "%(n)s stops not finished", len(stays)) % {"n": len(stays)}
        )
    if loose:
        found.append(
            ngettext(
                "%(n)s promise without a date or overdue",
                "%(n)s promises without a date or overdue",
                len(loose),
            )
            % {"n": len(loose)}
        )
    left = [one for one in aid(trip) if one.left != 0]
    if left:
        found.append(
            ngettext(
                "%(n)s kind of aid not brought back or given",
                "%(n)s kinds of aid not brought back or given",
                len(left),
            )
            % {"n": len(left)}
        )
    if trip.cost_actual is None and trip.fuel_actual is None:
        found.append(_("what the trip cost"))
    return found


def gap_of(one: Carry) -> str:
    """What is missing about a carried thing after the return, by ``rules.trips.carry_gap``."""
    return rules.carry_gap(rules.Loaded(one.loaded, one.back, one.comes_back, bool(one.difference_why)))


def stops_of_seat(by: Actor, day: date) -> list[Stop]:
    """The stops at which this seat's teams are on a day: planned for it, or on a trip that is out and whose stop has no day."""
    if by.seat_id is None:
        return []
    rows = Stop.objects.filter(
        Q(planned_date=day)
        | Q(planned_date=None, closed_at=None, trip__start_date__lte=day, trip__end_date__gte=day),
        dropped_at=None,
        trip__members__seat_id=by.seat_id,
        trip__members__dropped_at=None,
        trip__state__in=rules.CHANGEABLE,
    ).distinct()
    return list(rows.select_related("trip", "hamlet").order_by("trip__start_date", "trip_id", "position"))


def trips_of_seat(by: Actor, day: date) -> list[Trip]:
    """Trips in whose team this seat is and that are not over, with their stops: what a phone takes along."""
    if by.seat_id is None:
        return []
    rows = Trip.objects.filter(
        members__seat_id=by.seat_id,
        members__dropped_at=None,
        state__in=rules.CHANGEABLE,
        end_date__gte=day - timedelta(days=14),
    ).distinct()
    ordered = Stop.objects.filter(dropped_at=None).order_by("position", "id")
    return list(rows.prefetch_related(Prefetch("stops", queryset=ordered)).order_by("start_date", "id"))


def open_promises(by: Actor, *, limit: int = 200) -> list[Promise]:
    """Promises of this actor's trips that wait, the one due soonest first; those without a date last."""
    rows = Promise.objects.filter(trip__in=access.trips(by), kept_at=None).select_related(
        "trip", "stop", "household__head", "person"
    )
    return sorted(rows[:limit], key=lambda one: (one.due_date or date.max, one.promised_at))


def villages_visited(trips: Sequence[Trip]) -> dict[UUID, list[str]]:
    """Trip -> the codes of its villages in their order, each once."""
    rows = Stop.objects.filter(trip__in=trips, dropped_at=None).order_by("position", "id")
    found: dict[UUID, list[str]] = {}
    for trip_id, code in rows.values_list("trip_id", "region_code"):
        known = found.setdefault(trip_id, [])
        if code not in known:
            known.append(code)
    return found


def span(by: Actor) -> tuple[date | None, date | None]:
    """The first and the last day on which any trip of this actor is out."""
    found: dict[str, Any] = access.trips(by).aggregate(first=Min("start_date"), last=Max("end_date"))
    return found["first"], found["last"]


def seats_for(trip: Trip, at: datetime) -> list[Seat]:
    """Officers who can go along: seats of the trip's regency whose role may write down what happens there, by name."""
    able = [role for role, acts in roles.GRANTS.items() if "stop.arrive" in acts]
    regency = trip.region_code[:4]
    rows = Seat.objects.current(at).filter(role__in=able, desk__region_code__startswith=regency)
    return list(rows.select_related("user", "desk").order_by("user__full_name", "id")[:300])


# --- a stop -------------------------------------------------------------------------------------------------------------------


def guests(stop: Stop) -> list[Any]:
    """The guest book in the order in which people came."""
    return list(stop.guests.order_by("came_at", "id").select_related("person")[:500])


def socialisations(stop: Stop) -> list[Any]:
    """What was explained there."""
    return list(stop.socialisations.order_by("held_at", "id"))


def stop_visits(stop: Stop) -> list[Visit]:
    """Visits written down at a stop."""
    rows = stop.visits.filter(undone_at=None).select_related("household__head")
    return list(rows.order_by("visited_at", "id")[:500])


def matters(by: Actor, stop: Stop) -> list[Any]:
    """Matters taken in at a stop, as far as this actor may see them."""
    seen = case_access.visible(by)
    return list(stop.matters.filter(case__in=seen).select_related("case__kind").order_by("tied_at", "id"))


def matters_near(by: Actor, stop: Stop, now: datetime) -> list[Any]:
    """Matters of the stop's village that came in while the team was there and are tied to no stop: perhaps they belong here."""
    if stop.arrived_at is None:
        return []
    until = stop.left_at or min(now, stop.arrived_at + timedelta(days=1))
    rows = case_access.visible(by).filter(
        region_code=stop.region_code,
        received_at__gte=stop.arrived_at,
        received_at__lte=until + timedelta(hours=12),
        stops=None,
    )
    return list(rows.select_related("kind").order_by("received_at", "id")[:20])
