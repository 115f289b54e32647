"""Planning a trip: what for and when, which stops in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import Stop, Trip
from simpul.outreach.rules import trips as rules
from simpul.regions import queries as region_queries

LONGEST_DAYS = 60


class TripPlace(Refused):
    """A trip and a stop belong to a place."""

    code = "trip.place_unknown"
    sentence = _("Choose a village or sub-district of your area.")
    field = "region_code"


class TripDates(Refused):
    """A trip ends after it begins, and within reason."""

    code = "trip.dates"
    sentence = _(
        "The last day lies before the first, or the trip is longer than %(most)s days. Check both days."
    )
    field = "end_date"


class StopVisited(Refused):
    """A stop at which the team has been is a fact."""

    code = "stop.visited"
    sentence = _("The team has been at this stop, so it stays. Write down what could not be done instead.")


class OrderPartial(Refused):
    """An order names every stop once."""

    code = "stops.order_partial"
    sentence = _(
        "The stops have changed in the meantime. Load the page again and put them in order once more."
    )


@dataclass(frozen=True, slots=True)
class TripPlan:
    """What a plan says besides its area. Money is whole rupiah; None is not known yet."""

    purpose: str
    season: str
    start_date: date
    end_date: date
    modes: tuple[str, ...] = ("road",)
    transport: str = ""
    ends_at_office: bool = True
    safety_name: str = ""
    safety_phone: str = ""
    fuel_plan: int | None = None
    cost_plan: int | None = None
    cost_words: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class StopPlan:
    """What a plan says about one stop."""

    region_code: str
    kind: str = "service"
    hamlet_id: UUID | None = None
    planned_date: date | None = None
    place: str = ""


def plan_trip(
    *, by: Actor, at: datetime, region_code: str, plan: TripPlan, trip_id: UUID | None = None
) -> Trip:
    """Plan a trip. The same ``trip_id`` again gives the same trip.

    Raises:
        TripPlace, TripDates, steps.ChoiceUnknown, steps.WordsMissing.
        NotAllowed: this actor plans no trips there.
    """
    roles.require(by, "trip.plan", roles.Place(region_code))
    if region_queries.find_region(region_code) is None:
        raise TripPlace
    with transaction.atomic():
        known = Trip.objects.filter(id=trip_id).first() if trip_id else None
        if known is not None:
            return access.trip_for(by, known.id)
        trip = Trip(
            id=trip_id or uuid7(),
            region_code=region_code,
            desk_id=by.desk_id,
            planned_at=at,
            planned_by=by.name[:150],
        )
        _fill(trip, plan)
        trip.save(force_insert=True)
        _trips.line(by, at, "trip.plan", trip, facts={"from": trip.start_date, "until": trip.end_date})
    return trip


def change_trip(*, by: Actor, at: datetime, trip_id: UUID, plan: TripPlan) -> None:
    """Change the plan, as long as the team is not back.

    Raises:
        _trips.TripOver, TripDates, steps.ChoiceUnknown, steps.WordsMissing.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "trip.change", trip_id)
        _fill(trip, plan)
        trip.save()
        _trips.line(by, at, "trip.change", trip, facts={"from": trip.start_date, "until": trip.end_date})


def _fill(trip: Trip, plan: TripPlan) -> None:
    if not 0 <= (plan.end_date - plan.start_date).days < LONGEST_DAYS:
        raise TripDates(most=LONGEST_DAYS)
    if not plan.modes:
        raise steps.ChoiceUnknown
    trip.purpose = _trips.words(plan.purpose, field="purpose", most=200, least=3)
    trip.season = _trips.known(plan.season, rules.SEASONS)
    trip.modes = [_trips.known(mode, rules.MODES) for mode in dict.fromkeys(plan.modes)]
    trip.start_date, trip.end_date = plan.start_date, plan.end_date
    trip.transport = text.clean_line(plan.transport, 200)
    trip.ends_at_office = plan.ends_at_office
    trip.safety_name = text.clean_line(plan.safety_name, 150)
    trip.safety_phone = text.clean_line(plan.safety_phone, 40)
    trip.fuel_plan, trip.cost_plan = _trips.money(plan.fuel_plan), _trips.money(plan.cost_plan)
    trip.cost_words = text.clean_line(plan.cost_words, 300)
    trip.words = text.clean_text(plan.words, 4000)


# --- stops --------------------------------------------------------------------------------------------------------------------


def add_stop(*, by: Actor, at: datetime, trip_id: UUID, stop: StopPlan, stop_id: UUID | None = None) -> Stop:
    """Put a stop at the end of the trip. The same ``stop_id`` again gives the same stop.

    Raises:
        TripPlace, steps.ChoiceUnknown, _trips.TripOver, _trips.KeyTaken.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "stop.add", trip_id)
        known: Stop | None = _trips.again(Stop, stop_id, trip_id=trip.id)
        if known is not None:
            return known
        last = trip.stops.order_by("-position").values_list("position", flat=True).first() or 0
        row = Stop(id=stop_id or uuid7(), trip=trip, position=last + 1, added_at=at)
        _fill_stop(by, trip, row, stop)
        row.save(force_insert=True)
        _trips.line(by, at, "stop.add", trip, facts={"stop": str(row.id), "village": row.region_code})
    return row


def change_stop(*, by: Actor, at: datetime, stop_id: UUID, stop: StopPlan) -> None:
    """Change where and when a stop is planned; one that was visited stays where it was.

    Raises:
        StopVisited, TripPlace, steps.ChoiceUnknown, _trips.TripOver.
    """
    with transaction.atomic():
        row = access.stop_for(by, stop_id, lock=True)
        trip = _trips.begin_plan(by, "stop.change", row.trip_id)
        if row.arrived_at is not None:
            raise StopVisited
        _fill_stop(by, trip, row, stop)
        row.save()
        _trips.line(by, at, "stop.change", trip, facts={"stop": str(row.id), "village": row.region_code})


def _fill_stop(by: Actor, trip: Trip, row: Stop, stop: StopPlan) -> None:
    code = stop.region_code
    region = region_queries.find_region(code)
    if region is None or region.level != 4 or not (by.serves(code) or code.startswith(trip.region_code)):
        raise TripPlace
    if stop.hamlet_id is not None and stop.hamlet_id not in {one.id for one in region_queries.hamlets(code)}:
        raise steps.ChoiceUnknown
    row.region_code, row.hamlet_id = code, stop.hamlet_id
    row.kind = _trips.known(stop.kind, rules.STOPS)
    row.planned_date = stop.planned_date
    row.place = text.clean_line(stop.place, 150)


def drop_stop(*, by: Actor, at: datetime, stop_id: UUID) -> None:
    """Take a stop out of the plan. Again changes nothing.

    Raises:
        StopVisited, _trips.TripOver.
    """
    with transaction.atomic():
        row = Stop.objects.select_for_update().filter(id=stop_id).first()
        if row is None:
            raise NotFound
        trip = _trips.begin_plan(by, "stop.drop", row.trip_id)
        if row.dropped_at is not None:
            return
        if row.arrived_at is not None:
            raise StopVisited
        row.dropped_at = at
        row.save()
        _trips.line(by, at, "stop.drop", trip, facts={"stop": str(row.id), "village": row.region_code})


def order_stops(*, by: Actor, at: datetime, trip_id: UUID, stop_ids: Sequence[UUID]) -> None:
    """Put all stops of a trip in this order: what was proposed, or what a person wants instead. Their days go along: the first stops get
    the first days, so that the third day does not come before the first; a place that was reached keeps its day.

    Raises:
        OrderPartial: not every stop is named once.
        _trips.TripOver.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "stops.order", trip_id)
        rows = {one.id: one for one in trip.stops.filter(dropped_at=None)}
        if len(stop_ids) != len(rows) or set(stop_ids) != set(rows):
            raise OrderPartial
        ahead = [rows[key] for key in stop_ids if rows[key].arrived_at is None]
        days = sorted(one.planned_date for one in ahead if one.planned_date is not None)
        for place, key in enumerate(stop_ids, start=1):
            rows[key].position = place
        if len(days) == len(ahead):
            for one, day in zip(ahead, days, strict=True):
                one.planned_date = day
        Stop.objects.bulk_update(rows.values(), ["position", "planned_date"])
        _trips.line(by, at, "stops.order", trip, facts={"stops": [str(key) for key in stop_ids]})
