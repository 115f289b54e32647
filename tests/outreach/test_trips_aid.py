"""Aid that was handed to a trip: it reaches people, and what is neither given nor brought back keeps the trip open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from simpul.outreach import actions
from simpul.outreach.actions import leaving
from simpul.outreach.models import Trip
from simpul.outreach.queries import contact, trip_figures, trips
from simpul.programmes.actions import delivering, goods
from simpul.programmes.rules import rounds as goods_rules
from tests.cast import DUNGKAIT, NOW
from tests.programmes.rounds import Scene, given, scene

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def here(db: None) -> Scene:
    """The round in Dungkait."""
    return scene()


def _trip(here: Scene) -> tuple[Trip, UUID]:
    """A trip that has been out, with forty kilos of rice."""
    by = here.chief
    plan = actions.TripPlan("Bagi beras", "wet", TODAY, TODAY)
    trip = actions.plan_trip(by=by, at=NOW, region_code="760213", plan=plan)
    stop = actions.add_stop(by=by, at=NOW, trip_id=trip.id, stop=actions.StopPlan(DUNGKAIT))
    goods.allot_goods(
        by=by, at=NOW, item_id=here.rice.id, holder=_holder(trip), quantity=Decimal(40), out_at=NOW
    )
    actions.arrive_stop(by=by, at=NOW, stop_id=stop.id, arrived_at=NOW)
    actions.close_stop(by=by, at=NOW, stop_id=stop.id, left_at=NOW)
    actions.return_trip(by=by, at=NOW, trip_id=trip.id, returned_at=NOW, fuel_actual=60_000)
    return trip, stop.id


def _holder(trip: Trip) -> goods_rules.Holder:
    return goods_rules.Holder("trip", str(trip.id))


def test_aid_left_on_a_trip_keeps_it_open(here: Scene) -> None:
    trip, stop_id = _trip(here)
    close: dict[str, Any] = {"by": here.chief, "at": NOW, "trip_id": trip.id, "today": TODAY}
    for place, home in enumerate(here.homes[:2]):
        delivering.record_delivery(
            by=here.officer,
            at=NOW,
            round_id=here.round.id,
            given=given(
                here, home, trip_id=trip.id, stop_id=stop_id, delivered_at=NOW - timedelta(hours=place)
            ),
        )
    assert [one.left for one in trips.aid(trip)] == [20]
    with pytest.raises(leaving.TripLoose):
        actions.close_trip(**close)
    goods.return_goods(
        by=here.chief, at=NOW, item_id=here.rice.id, holder=_holder(trip), quantity=Decimal(20), back_at=NOW
    )
    assert trips.loose_ends(Trip.objects.get(id=trip.id), TODAY) == []
    actions.close_trip(**close)
    figures = trip_figures.of_trip(Trip.objects.get(id=trip.id))
    assert (figures.seen.people, figures.seen.households, figures.cost_each) == (2, 2, 30_000)
    assert figures.seen.by_how == {"delivery": 2}
    found = contact.of_households([one.id for one in here.homes])
    assert {key: one.how for key, one in found.items()} == {one.id: "delivery" for one in here.homes[:2]}
