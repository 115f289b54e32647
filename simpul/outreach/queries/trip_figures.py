"""Whom a trip reached, what each of them cost, and what ways they were saved; by the definitions of ``rules.seen``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from simpul.outreach.models import Guest, Socialisation, StopMatter, Trip, Visit
from simpul.outreach.queries import ways
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import seen as rules
from simpul.programmes.models import Delivery


@dataclass(frozen=True, slots=True)
class Figures:
    """What a trip came to."""

    seen: rules.Seen
    attendance: int  # people counted at explanations: not by name, so apart from ``seen``
    cost: int | None
    cost_each: int | None
    saved: rules.Saved


def of_trip(trip: Trip) -> Figures:
    """The figures of one trip, for callers that checked who asks."""
    seen = rules.count(marks([trip]))
    known = [one for one in (trip.fuel_actual, trip.cost_actual) if one is not None]
    cost = sum(known) if known else None
    held = Socialisation.objects.filter(stop__trip=trip, stop__dropped_at=None, withdrawn_at=None)
    return Figures(
        seen=seen,
        attendance=sum(one.men + one.women for one in held),
        cost=cost,
        cost_each=rules.cost_each(cost, seen.people),
        saved=rules.saved(seen.places, ways.minutes_to_office(trip.region_code, trip.season)),
    )


def marks(trips: Iterable[Trip]) -> list[rules.Mark]:
    """Every meeting that was written down on these trips: guests, households that were met, aid handed over, matters taken in."""
    keys = [one.id for one in trips]
    return [*_guests(keys), *_visits(keys), *_deliveries(keys), *_matters(keys)]


def _guests(keys: Sequence[UUID]) -> Iterable[rules.Mark]:
    rows = Guest.objects.filter(stop__trip_id__in=keys, withdrawn_at=None).values_list(
        "person_id", "person__household_id", "person__region_code", "name", "origin", "stop__region_code"
    )
    for person, household, home, name, origin, stop in rows:
        yield rules.Mark(
            "guest",
            person,
            household,
            "" if person else f"{name.casefold()} {origin.casefold()}".strip(),
            (home if person else "") or stop,
        )


def _visits(keys: Sequence[UUID]) -> Iterable[rules.Mark]:
    rows = Visit.objects.filter(stop__trip_id__in=keys, undone_at=None).exclude(
        outcome__in=[*door_rules.ABSENT, "nobody_home", "refused"]
    )
    for household, place in rows.values_list("household_id", "region_code"):
        yield rules.Mark("visit", None, household, "", place)


def _deliveries(keys: Sequence[UUID]) -> Iterable[rules.Mark]:
    rows = Delivery.objects.standing().filter(trip_id__in=keys, outcome="delivered")
    columns = ("person_id", "person__household_id", "household_id", "region_code", "receiver_name", "id")
    for person, home, household, place, name, key in rows.values_list(*columns):
        known = person or household
        yield rules.Mark(
            "delivery", person, home or household, "" if known else (name.casefold() or str(key)), place
        )


def _matters(keys: Sequence[UUID]) -> Iterable[rules.Mark]:
    rows = StopMatter.objects.filter(stop__trip_id__in=keys).exclude(case__sensitivity="sealed")
    columns = ("case__reporter_id", "case__reporter__household_id", "case__reporter__region_code")
    for person, household, home, stop, key in rows.values_list(*columns, "stop__region_code", "case_id"):
        yield rules.Mark("matter", person, household, "" if person else str(key), home or stop)
