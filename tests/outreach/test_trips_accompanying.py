"""Accompaniment until the service is received, ways, and the proposed order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound
from simpul.outreach import access, actions
from simpul.outreach.actions import _trips, accompanying, steps, travelling
from simpul.outreach.models import Accompaniment, AccompanimentVisit, Stop, TravelLeg
from simpul.outreach.queries import trips, ways
from simpul.regions.models import Region
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.outreach.conftest import Field
from tests.outreach.test_trips import DISTRICT, planned, stop_on

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FAR, FARTHER = "7303012009", "7303012010"


def lines(kind: str) -> int:
    return Line.objects.filter(kind=kind).count()


# --- accompaniment ------------------------------------------------------------------------------------------------------------


def test_it_is_open_until_it_is_received(field_: Field) -> None:
    home = field_.home()
    key = uuid4()
    for _again in range(2):
        actions.open_accompaniment(
            by=field_.arman, at=NOW, what="kis", household_id=home.id, words="KIS mati", accompaniment_id=key
        )
    row = Accompaniment.objects.get()
    assert (row.region_code, row.state, row.seat_id) == (BONTO_JAI, "open", field_.seats["arman"].id)
    seen: dict[str, Any] = {"by": field_.nur, "at": NOW, "accompaniment_id": key, "how": "visit"}
    visit = uuid4()
    for _again in range(2):
        actions.record_accompaniment(
            **seen, seen_at=NOW, outcome="progress", next_date=TODAY + timedelta(days=7), visit_id=visit
        )
    assert Accompaniment.objects.get().next_date == TODAY + timedelta(days=7)
    # An older look that arrives later does not move the date.
    actions.record_accompaniment(**seen, seen_at=NOW - timedelta(days=3), outcome="waiting", next_date=TODAY)
    assert Accompaniment.objects.get().next_date == TODAY + timedelta(days=7)
    end: dict[str, Any] = {"by": field_.nur, "at": NOW, "accompaniment_id": key, "today": TODAY}
    with pytest.raises(accompanying.EvidenceMissing):
        actions.end_accompaniment(**end, state="received", evidence="", received_date=TODAY)
    with pytest.raises(accompanying.ReceivedAhead):
        actions.end_accompaniment(**end, state="received", evidence="Kartu dipakai di Puskesmas")
    for _again in range(2):
        actions.end_accompaniment(
            **end, state="received", evidence="Kartu dipakai di Puskesmas", received_date=TODAY
        )
    with pytest.raises(accompanying.AccompanimentOver):
        actions.end_accompaniment(**end, state="given_up", evidence="Pindah desa")
    late = actions.record_accompaniment(**seen, seen_at=NOW, outcome="said_done")
    assert late.flags == ["ended"]
    assert (lines("accompaniment.open"), lines("accompaniment.record"), lines("accompaniment.end")) == (
        1,
        3,
        1,
    )


def test_who_accompanies_and_who_may_not(field_: Field) -> None:
    home = field_.home()
    with pytest.raises(accompanying.SomebodyMissing):
        actions.open_accompaniment(by=field_.arman, at=NOW, what="kis")
    with pytest.raises(steps.ChoiceUnknown):
        actions.open_accompaniment(by=field_.arman, at=NOW, what="moon", household_id=home.id)
    for by in (ANYBODY, field_.cast.manager):
        with pytest.raises((NotAllowed, NotFound)):
            actions.open_accompaniment(by=by, at=NOW, what="kis", household_id=home.id)
    row = actions.open_accompaniment(by=field_.arman, at=NOW, what="document", person_id=home.head_id)
    assert row.household_id == home.id
    assert list(access.accompaniments(field_.rosdiana)) == [row]
    assert not access.accompaniments(field_.cast.manager).exists()
    with pytest.raises(NotFound):
        actions.record_accompaniment(
            by=field_.cast.manager,
            at=NOW,
            accompaniment_id=row.id,
            seen_at=NOW,
            how="visit",
            outcome="waiting",
        )
    with pytest.raises(NotFound):
        actions.end_accompaniment(
            by=field_.cast.manager,
            at=NOW,
            accompaniment_id=row.id,
            state="given_up",
            evidence="Pindah",
            today=TODAY,
        )
    # Who began it stays with it when the household moves away.
    Accompaniment.objects.update(region_code=DUNGKAIT)
    actions.record_accompaniment(
        by=field_.arman, at=NOW, accompaniment_id=row.id, seen_at=NOW, how="phone", outcome="waiting"
    )
    assert AccompanimentVisit.objects.count() == 1
    with pytest.raises(_trips.KeyTaken):
        actions.open_accompaniment(
            by=field_.arman, at=NOW, what="kis", household_id=field_.home("Lain").id, accompaniment_id=row.id
        )


# --- ways ---------------------------------------------------------------------------------------------------------------------


def way(field_: Field, start: str, end: str, minutes: int | None, **given: Any) -> TravelLeg:
    said = {"mode": "road", "season": "wet", **given}
    return actions.set_leg(
        by=field_.rosdiana,
        at=NOW,
        region_code=DISTRICT,
        from_place=start,
        to_place=end,
        minutes=minutes,
        **said,
    )


def test_a_way_is_said_once_and_corrected(field_: Field) -> None:
    row = way(field_, "office", BONTO_JAI, 60)
    way(field_, "office", BONTO_JAI, 60)
    assert way(field_, "office", BONTO_JAI, 75, source="Sopir desa", confidence="confirmed").id == row.id
    assert lines("leg.set") == 2
    assert ways.leg(field_.arman, row.id) == TravelLeg.objects.get()
    assert ways.listed(field_.arman, DISTRICT) == [row]
    assert ways.leg(ANYBODY, row.id) is None
    for refused, given in (
        (travelling.LegPlaces, {"end": "office"}),
        (travelling.LegPlaces, {"end": "9999999999"}),
        (steps.ChoiceUnknown, {"minutes": 0}),
        (steps.ChoiceUnknown, {"mode": "broom"}),
        (steps.ChoiceUnknown, {"confidence": "maybe"}),
    ):
        told: dict[str, Any] = {"start": "office", "end": BONTO_JAI, "minutes": 5, **given}
        with pytest.raises(refused):
            way(field_, **told)
    with pytest.raises(NotAllowed):
        actions.drop_leg(by=field_.cast.manager, at=NOW, leg_id=row.id)
    for _again in range(2):
        actions.drop_leg(by=field_.rosdiana, at=NOW, leg_id=row.id)
    assert ways.legs_of(DISTRICT) == []
    assert lines("leg.drop") == 1
    with pytest.raises(NotFound):
        actions.drop_leg(by=field_.rosdiana, at=NOW, leg_id=uuid4())


def test_an_order_is_proposed_and_what_cannot_be_reached_is_said(field_: Field) -> None:
    Region.objects.bulk_create(
        Region(code=code, name=name, level=4, kind="desa", search_key=name.lower(), source="test")
        for code, name in ((FAR, "Jauh"), (FARTHER, "Lebih Jauh"))
    )
    trip = planned(field_, modes=("road",))
    rows = [
        actions.add_stop(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop=actions.StopPlan(code))
        for code in (FARTHER, BONTO_JAI, FAR)
    ]
    way(field_, "office", BONTO_JAI, 20)
    way(field_, BONTO_JAI, FAR, 30)
    way(field_, FAR, FARTHER, 90, mode="river")
    way(field_, "office", FARTHER, 500, season="dry")
    found = ways.propose(trip)
    assert [one.region_code for one in found.stops] == [BONTO_JAI, FAR]
    assert [one.region_code for one in found.unreachable] == [FARTHER]
    assert (found.then.minutes, len(found.now.missing)) == (100, 2)
    assert found.changes
    order = [one.id for one in (*found.stops, *found.unreachable)]
    actions.order_stops(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop_ids=order)
    assert [one.id for one in trips.stops(trip)] == order
    assert not ways.propose(trip).changes
    assert set(order) == {one.id for one in rows}
    assert ways.course_of(trip).missing == ((FAR, FARTHER), (FARTHER, "office"))
    assert ways.minutes_to_office(DISTRICT, "wet") == {BONTO_JAI: 20, FAR: 50, FARTHER: 140}


def test_two_stops_in_one_village_stay_together(field_: Field) -> None:
    trip = planned(field_, modes=("road",))
    way(field_, "office", BONTO_JAI, 20)
    one, two = stop_on(field_, trip), stop_on(field_, trip, kind="visit")
    assert [stop.id for stop in ways.propose(trip).stops] == [one.id, two.id]
    assert ways.course_of(trip).minutes == 40
    assert Stop.objects.count() == 2


def test_an_order_that_saves_no_minute_is_not_proposed(field_: Field) -> None:
    Region.objects.create(code=FAR, name="Jauh", level=4, kind="desa", search_key="jauh", source="test")
    trip = planned(field_, modes=("road",))
    for code in (FAR, BONTO_JAI):
        actions.add_stop(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop=actions.StopPlan(code))
    way(field_, "office", BONTO_JAI, 20)
    way(field_, BONTO_JAI, FAR, 30)
    way(field_, "office", FAR, 40)
    found = ways.propose(trip)
    assert not found.changes and found.then == found.now
    assert [one.region_code for one in found.stops] == [FAR, BONTO_JAI]
