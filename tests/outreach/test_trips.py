"""Trips: planned, loaded, checked, gone on, brought back, closed; facts are kept and flagged, decisions may be refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.outreach import access, actions
from simpul.outreach.actions import _trips, leaving, planning, steps, stopping
from simpul.outreach.models import Carry, Guest, Stop, Trip, TripDoor
from simpul.outreach.queries import trip_checks, trip_figures, trips
from simpul.outreach.rules import checks as check_rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.outreach.conftest import Field

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DISTRICT = "730301"


def plan(**given: Any) -> actions.TripPlan:
    wanted: dict[str, Any] = {
        "purpose": "Layanan antar ke desa",
        "season": "wet",
        "start_date": TODAY,
        "end_date": TODAY + timedelta(days=2),
        "modes": ("road", "foot"),
        "safety_name": "Sekretaris camat",
        "fuel_plan": 300_000,
    }
    return actions.TripPlan(**{**wanted, **given})


def planned(field_: Field, **given: Any) -> Trip:
    return actions.plan_trip(by=field_.rosdiana, at=NOW, region_code=DISTRICT, plan=plan(**given))


def stop_on(field_: Field, trip: Trip, **given: Any) -> Stop:
    return actions.add_stop(
        by=field_.rosdiana, at=NOW, trip_id=trip.id, stop=actions.StopPlan(BONTO_JAI, **given)
    )


def good(region: str = DISTRICT) -> dict[str, check_rules.Answer]:
    return {one.code: check_rules.Answer(ok=True, number=one.number) for one in trip_checks.questions(region)}


def under_way(field_: Field) -> tuple[Trip, Stop]:
    trip = planned(field_)
    stop = stop_on(field_, trip)
    actions.check_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, answers=good())
    actions.start_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, started_at=NOW)
    return fresh(trip), stop


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def kinds() -> list[str]:
    rooms = "trip|stop|stops|member|door|doors|carry|guest|promise|socialisation|matter|check"
    rows = Line.objects.filter(kind__regex=rf"^({rooms})\.").order_by("id")
    return list(rows.values_list("kind", flat=True))


# --- planning -----------------------------------------------------------------------------------------------------------------


def test_a_trip_is_planned_once(field_: Field) -> None:
    key = uuid4()
    for _again in range(2):
        actions.plan_trip(by=field_.arman, at=NOW, region_code=DISTRICT, plan=plan(), trip_id=key)
    assert Trip.objects.count() == 1
    assert kinds() == ["trip.plan"]
    actions.change_trip(by=field_.arman, at=NOW, trip_id=key, plan=plan(purpose="Bagi beras"))
    assert Trip.objects.get().purpose == "Bagi beras"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"end_date": TODAY - timedelta(days=1)}, planning.TripDates),
        ({"end_date": TODAY + timedelta(days=90)}, planning.TripDates),
        ({"season": "spring"}, steps.ChoiceUnknown),
        ({"modes": ("helicopter",)}, steps.ChoiceUnknown),
        ({"modes": ()}, steps.ChoiceUnknown),
        ({"purpose": "x"}, steps.WordsMissing),
        ({"fuel_plan": -1}, steps.ChoiceUnknown),
    ],
)
def test_plans_that_are_refused(field_: Field, given: dict[str, Any], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        planned(field_, **given)
    assert not Trip.objects.exists()


def test_who_plans_no_trips_there(field_: Field) -> None:
    trip = planned(field_)
    for by in (ANYBODY, field_.cast.admin, field_.cast.manager):
        with pytest.raises(NotAllowed):
            actions.plan_trip(by=by, at=NOW, region_code=DISTRICT, plan=plan())
        with pytest.raises(NotFound):
            actions.change_trip(by=by, at=NOW, trip_id=trip.id, plan=plan())
        assert not access.trips(by).exists()


def test_stops_are_added_moved_and_dropped(field_: Field) -> None:
    trip = planned(field_)
    one, two = stop_on(field_, trip), stop_on(field_, trip, kind="delivery", hamlet_id=field_.hamlet.id)
    assert [one.position, two.position] == [1, 2]
    assert (
        actions.add_stop(
            by=field_.rosdiana, at=NOW, trip_id=trip.id, stop=actions.StopPlan(BONTO_JAI), stop_id=one.id
        )
        == one
    )
    actions.order_stops(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop_ids=[two.id, one.id])
    assert [stop.id for stop in trips.stops(trip)] == [two.id, one.id]
    with pytest.raises(planning.OrderPartial):
        actions.order_stops(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop_ids=[two.id])
    with pytest.raises(planning.TripPlace):
        actions.add_stop(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop=actions.StopPlan(DUNGKAIT))
    actions.change_stop(
        by=field_.rosdiana, at=NOW, stop_id=one.id, stop=actions.StopPlan(BONTO_JAI, place="Balai")
    )
    actions.drop_stop(by=field_.rosdiana, at=NOW, stop_id=two.id)
    actions.drop_stop(by=field_.rosdiana, at=NOW, stop_id=two.id)
    assert [stop.place for stop in trips.stops(trip)] == ["Balai"]
    assert kinds().count("stop.drop") == 1
    actions.arrive_stop(by=field_.rosdiana, at=NOW, stop_id=one.id, arrived_at=NOW)
    for act in (
        lambda: actions.drop_stop(by=field_.rosdiana, at=NOW, stop_id=one.id),
        lambda: actions.change_stop(
            by=field_.rosdiana, at=NOW, stop_id=one.id, stop=actions.StopPlan(BONTO_JAI)
        ),
    ):
        with pytest.raises(planning.StopVisited):
            act()


def test_who_left_unchecked_has_left_all_the_same(field_: Field) -> None:
    trip = planned(field_)
    with pytest.raises(leaving.TripNotReady):
        actions.start_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, started_at=NOW)
    actions.start_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, started_at=NOW, happened=True)
    trip.refresh_from_db()
    assert (trip.state, trip.flags) == ("under_way", ["unchecked"])


def test_the_days_of_stops_go_along_with_their_order(field_: Field) -> None:
    trip = planned(field_)
    one, two = (
        actions.add_stop(
            by=field_.rosdiana,
            at=NOW,
            trip_id=trip.id,
            stop=actions.StopPlan(BONTO_JAI, planned_date=trip.start_date + timedelta(days=later)),
        )
        for later in (0, 1)
    )
    actions.order_stops(by=field_.rosdiana, at=NOW, trip_id=trip.id, stop_ids=[two.id, one.id])
    one.refresh_from_db()
    two.refresh_from_db()
    assert [two.planned_date, one.planned_date] == [trip.start_date, trip.start_date + timedelta(days=1)]


def test_a_team_across_institutions(field_: Field) -> None:
    trip = planned(field_)
    officer = actions.Member(seat_id=field_.cast.seats["village_officer"].id, leads=True)
    for _again in range(2):
        actions.add_member(by=field_.rosdiana, at=NOW, trip_id=trip.id, member=officer)
    guest = actions.add_member(
        by=field_.rosdiana,
        at=NOW,
        trip_id=trip.id,
        member=actions.Member(name="Bidan Salmah", institution="Puskesmas", role="bidan"),
    )
    assert [one.name for one in trips.members(trip)] == ["Ilham Rasyid", "Bidan Salmah"]
    with pytest.raises(steps.WordsMissing):
        actions.add_member(by=field_.rosdiana, at=NOW, trip_id=trip.id, member=actions.Member())
    actions.drop_member(by=field_.rosdiana, at=NOW, member_id=guest.id)
    actions.drop_member(by=field_.rosdiana, at=NOW, member_id=guest.id)
    assert kinds().count("member.drop") == 1
    # Who goes along sees the trip and may write down what happens, though it lies outside their own area.
    stop = stop_on(field_, trip)
    ilham = field_.cast.village_officer
    assert trip in access.trips(ilham)
    actions.sign_guest(
        by=ilham, at=NOW, stop_id=stop.id, guest=actions.GuestSaid(name="Daeng Rani"), came_at=NOW
    )
    assert trips.stops_of_seat(ilham, TODAY) == [stop]
    assert trips.trips_of_seat(ilham, TODAY) == [trip]


def test_doors_with_reasons_once_each(field_: Field) -> None:
    trip = planned(field_)
    home, other = field_.home(), field_.home("Orang Jauh", region=DUNGKAIT)
    still = field_.home("Tidak Mau")
    still.head.restricted_at = NOW
    still.head.save()
    given: dict[str, Any] = {"by": field_.rosdiana, "at": NOW, "trip_id": trip.id, "reason": "never"}
    assert actions.list_doors(**given, household_ids=[home.id, other.id, still.id]) == 1
    assert actions.list_doors(**given, household_ids=[home.id]) == 0
    with pytest.raises(steps.ChoiceUnknown):
        actions.list_doors(**{**given, "reason": "because"}, household_ids=[home.id])
    (seen,) = trips.doors(trip)
    assert not seen.settled
    actions.explain_door(by=field_.arman, at=NOW, door_id=seen.door.id, why_not="Sedang di ladang")
    assert trips.doors(trip)[0].settled
    actions.unlist_door(by=field_.rosdiana, at=NOW, door_id=seen.door.id)
    assert TripDoor.objects.exclude(dropped_at=None).count() == 1
    with pytest.raises(NotFound):
        actions.explain_door(by=ANYBODY, at=NOW, door_id=seen.door.id, why_not="Sedang di ladang")


# --- leaving ------------------------------------------------------------------------------------------------------------------


def test_nobody_leaves_before_the_questions_are_answered(field_: Field) -> None:
    trip = planned(field_)
    with pytest.raises(leaving.StopsMissing):
        actions.check_trip(by=field_.arman, at=NOW, trip_id=trip.id, answers=good())
    stop_on(field_, trip)
    with pytest.raises(leaving.TripNotReady):
        actions.start_trip(by=field_.arman, at=NOW, trip_id=trip.id, started_at=NOW)
    with pytest.raises(leaving.TripNotReady):
        actions.clear_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, because="Air surut siang ini")
    bad = {**good(), "weather": check_rules.Answer(ok=False), "paper": check_rules.Answer(ok=False)}
    row = actions.check_trip(by=field_.arman, at=NOW, trip_id=trip.id, answers=bad)
    assert (row.go, row.missing, row.doubts) == (False, ["weather"], ["paper"])
    assert fresh(trip).state == "planned"
    with pytest.raises(NotAllowed):
        actions.clear_trip(by=field_.arman, at=NOW, trip_id=trip.id, because="Air surut siang ini")
    actions.clear_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, because="Air surut siang ini")
    assert fresh(trip).state == "ready"
    actions.start_trip(by=field_.arman, at=NOW, trip_id=trip.id, started_at=NOW)
    actions.start_trip(by=field_.arman, at=NOW, trip_id=trip.id, started_at=NOW)
    assert kinds().count("trip.start") == 1
    assert fresh(trip).state == "under_way"


def test_an_area_sets_its_own_numbers(field_: Field) -> None:
    for _again in range(2):
        actions.set_check(by=field_.rosdiana, at=NOW, region_code=DISTRICT, code="packs", must=True, number=6)
    actions.set_check(by=field_.rosdiana, at=NOW, region_code=DISTRICT, code="paper", must=False, asked=False)
    asked = {one.code: one for one in trip_checks.questions(BONTO_JAI)}
    assert (asked["packs"].number, asked["packs"].own, asked["charged"].own) == (6, True, False)
    assert "paper" not in asked
    assert {one.code: one.number for one in trip_checks.questions(DUNGKAIT)}["packs"] == 24
    assert kinds() == ["check.set", "check.set"]
    with pytest.raises(steps.ChoiceUnknown):
        actions.set_check(by=field_.rosdiana, at=NOW, region_code=DISTRICT, code="moon", must=True)
    with pytest.raises(NotAllowed):
        actions.set_check(by=field_.arman, at=NOW, region_code=DISTRICT, code="packs", must=False)


def test_calling_off_only_before_leaving(field_: Field) -> None:
    trip = planned(field_)
    for _again in range(2):
        actions.call_off_trip(by=field_.arman, at=NOW, trip_id=trip.id, why="Sungai banjir")
    assert fresh(trip).state == "called_off"
    assert kinds().count("trip.call_off") == 1
    with pytest.raises(_trips.TripOver):
        actions.change_trip(by=field_.arman, at=NOW, trip_id=trip.id, plan=plan())
    gone, _stop = under_way(field_)
    with pytest.raises(_trips.TripStep):
        actions.call_off_trip(by=field_.arman, at=NOW, trip_id=gone.id, why="Sungai banjir")


# --- at a stop ----------------------------------------------------------------------------------------------------------------


def test_a_stop_is_united_from_two_tellers(field_: Field) -> None:
    _trip, stop = under_way(field_)
    hour = timedelta(hours=1)
    actions.arrive_stop(
        by=field_.arman,
        at=NOW + 9 * hour,
        stop_id=stop.id,
        arrived_at=NOW + 2 * hour,
        official="Kades Rahman",
    )
    for _again in range(2):
        actions.arrive_stop(
            by=field_.nur, at=NOW + 9 * hour, stop_id=stop.id, arrived_at=NOW + hour, official="Sekdes Tini"
        )
    actions.open_stop(
        by=field_.arman,
        at=NOW + 9 * hour,
        stop_id=stop.id,
        opened_at=NOW + 2 * hour,
        place="Balai desa",
        shut_at=NOW + 5 * hour,
    )
    actions.close_stop(
        by=field_.arman,
        at=NOW + 9 * hour,
        stop_id=stop.id,
        left_at=NOW + 6 * hour,
        not_done="KK tidak dicetak",
        not_done_why="Tidak ada jaringan",
    )
    found = fresh(stop)
    assert (found.arrived_at, found.official) == (NOW + hour, "Kades Rahman; Sekdes Tini")
    assert (found.opened_place, found.shut_at, found.left_at) == (
        "Balai desa",
        NOW + 5 * hour,
        NOW + 6 * hour,
    )
    assert found.closed_at is not None
    assert found.flags == []
    assert kinds().count("stop.arrive") == 2


def test_facts_that_contradict_are_kept_and_flagged(field_: Field) -> None:
    trip = planned(field_)
    stop = stop_on(field_, trip)
    actions.arrive_stop(by=field_.arman, at=NOW, stop_id=stop.id, arrived_at=NOW + timedelta(days=300))
    assert fresh(stop).flags == ["ahead", "not_started"]
    guest = actions.sign_guest(
        by=field_.arman, at=NOW, stop_id=stop.id, guest=actions.GuestSaid(name="Daeng Rani"), came_at=NOW
    )
    assert guest.flags == ["not_started"]
    actions.check_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, answers=good())
    actions.start_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, started_at=NOW - timedelta(hours=1))
    assert fresh(stop).flags == ["ahead"]
    actions.close_stop(by=field_.arman, at=NOW, stop_id=stop.id, left_at=NOW)
    assert "left_first" in fresh(stop).flags


def test_a_stop_never_reached_needs_a_reason(field_: Field) -> None:
    _trip, stop = under_way(field_)
    with pytest.raises(steps.WordsMissing):
        actions.close_stop(by=field_.arman, at=NOW, stop_id=stop.id, left_at=None)
    actions.close_stop(by=field_.arman, at=NOW, stop_id=stop.id, left_at=None, not_done_why="Jembatan putus")
    assert fresh(stop).closed_at is not None
    with pytest.raises(NotFound):
        actions.close_stop(by=field_.cast.manager, at=NOW, stop_id=stop.id, left_at=NOW)


def test_guest_book_and_explanations(field_: Field) -> None:
    _trip, stop = under_way(field_)
    home = field_.home()
    key = uuid4()
    for _again in range(2):
        actions.sign_guest(
            by=field_.arman,
            at=NOW,
            stop_id=stop.id,
            guest_id=key,
            came_at=NOW,
            guest=actions.GuestSaid(person_id=home.head_id, purpose="Tanya KIS"),
        )
    row = Guest.objects.get()
    assert (row.name, row.person_id) == ("Daeng Ngemba", home.head_id)
    unknown = actions.sign_guest(
        by=field_.arman,
        at=NOW,
        stop_id=stop.id,
        came_at=NOW,
        guest=actions.GuestSaid(name="Orang Lain", person_id=uuid4()),
    )
    assert unknown.person_id is None
    with pytest.raises(steps.WordsMissing):
        actions.sign_guest(by=field_.arman, at=NOW, stop_id=stop.id, came_at=NOW, guest=actions.GuestSaid())
    actions.withdraw_guest(by=field_.arman, at=NOW, guest_id=unknown.id)
    actions.withdraw_guest(by=field_.arman, at=NOW, guest_id=unknown.id)
    told: dict[str, Any] = {
        "by": field_.arman,
        "at": NOW,
        "stop_id": stop.id,
        "topic": "Hak jaminan",
        "held_at": NOW,
    }
    shown = actions.record_socialisation(**told, attendance=actions.Attendance(men=3, women=5, elderly=9))
    assert shown.flags == ["groups"]
    with pytest.raises(stopping.PeopleMissing):
        actions.record_socialisation(**told, attendance=actions.Attendance(elderly=2))
    actions.withdraw_socialisation(by=field_.arman, at=NOW, socialisation_id=shown.id)
    assert kinds().count("guest.withdraw") == 1
    assert kinds().count("socialisation.withdraw") == 1
    with pytest.raises(_trips.KeyTaken):
        actions.sign_guest(
            by=field_.arman,
            at=NOW,
            stop_id=stop_on(field_, planned(field_)).id,
            guest_id=key,
            came_at=NOW,
            guest=actions.GuestSaid(name="Daeng Rani"),
        )


# --- back ---------------------------------------------------------------------------------------------------------------------


def test_back_counted_and_closed(field_: Field) -> None:
    trip, stop = under_way(field_)
    printer = actions.add_carry(
        by=field_.rosdiana, at=NOW, trip_id=trip.id, carry=actions.CarryPlan("printer", "Printer")
    )
    forms = actions.add_carry(
        by=field_.rosdiana,
        at=NOW,
        trip_id=trip.id,
        carry=actions.CarryPlan("form", "Formulir F1", 50, number_from="0001", number_to="0050"),
    )
    extra = actions.add_carry(
        by=field_.rosdiana, at=NOW, trip_id=trip.id, carry=actions.CarryPlan("goods", "Senter")
    )
    actions.drop_carry(by=field_.rosdiana, at=NOW, carry_id=extra.id)
    with pytest.raises(steps.ChoiceUnknown):
        actions.add_carry(
            by=field_.rosdiana, at=NOW, trip_id=trip.id, carry=actions.CarryPlan("form", "Formulir", 0)
        )
    for key in (printer.id, forms.id):
        actions.check_carry(
            by=field_.arman, at=NOW, carry_id=key, counted=actions.Counted(loaded=1), counted_at=NOW
        )
    with pytest.raises(_trips.TripStep):
        actions.drop_carry(by=field_.rosdiana, at=NOW, carry_id=printer.id)
    later = NOW + timedelta(hours=8)
    promise = actions.record_promise(
        by=field_.arman,
        at=later,
        trip_id=trip.id,
        stop_id=stop.id,
        words="Bawa surat pengantar",
        to_name="Daeng Ngemba",
        promised_at=NOW,
    )
    given: dict[str, Any] = {"by": field_.rosdiana, "at": later, "trip_id": trip.id}
    with pytest.raises(_trips.TripStep):
        actions.close_trip(**given, today=TODAY)
    for _again in range(2):
        actions.return_trip(**given, returned_at=later, fuel_actual=250_000)
    assert kinds().count("trip.return") == 1
    assert len(trips.loose_ends(fresh(trip), TODAY)) == 3
    with pytest.raises(leaving.TripLoose):
        actions.close_trip(**given, today=TODAY)
    actions.check_carry(
        by=field_.arman, at=later, carry_id=printer.id, counted=actions.Counted(back=0), counted_at=later
    )
    assert trips.gap_of(Carry.objects.get(id=printer.id)) == "short"
    actions.check_carry(
        by=field_.arman,
        at=later,
        carry_id=printer.id,
        counted=actions.Counted(difference_why="Rusak terkena air"),
        counted_at=later,
    )
    actions.check_carry(
        by=field_.arman,
        at=later,
        carry_id=forms.id,
        counted=actions.Counted(back=0, last_used="0001"),
        counted_at=later,
    )
    actions.close_stop(by=field_.arman, at=later, stop_id=stop.id, left_at=later)
    assert [one.id for one in trips.open_promises(field_.arman)] == [promise.id]
    for _again in range(2):
        actions.keep_promise(
            by=field_.arman, at=later, promise_id=promise.id, how="kept", words="Sudah diantar", kept_at=later
        )
    assert trips.loose_ends(fresh(trip), TODAY) == []
    actions.close_trip(**given, today=TODAY)
    actions.close_trip(**given, today=TODAY)
    assert fresh(trip).state == "closed"
    assert kinds().count("trip.close") == 1


def test_closing_with_a_reason_and_a_trip_that_was_nowhere(field_: Field) -> None:
    trip, _stop = under_way(field_)
    actions.return_trip(by=field_.rosdiana, at=NOW, trip_id=trip.id, returned_at=NOW)
    actions.close_trip(
        by=field_.rosdiana, at=NOW, trip_id=trip.id, today=TODAY, because="Jalan putus, tim pulang"
    )
    assert fresh(trip).closed_because
    nowhere = planned(field_)
    with pytest.raises(leaving.TripNotBegun):
        actions.return_trip(by=field_.rosdiana, at=NOW, trip_id=nowhere.id, returned_at=NOW)
    stop = stop_on(field_, nowhere)
    actions.arrive_stop(by=field_.arman, at=NOW, stop_id=stop.id, arrived_at=NOW)
    actions.return_trip(by=field_.rosdiana, at=NOW, trip_id=nowhere.id, returned_at=NOW)
    assert (fresh(nowhere).state, fresh(nowhere).flags) == ("returned", ["not_started"])
    with pytest.raises(NotFound):
        actions.return_trip(by=field_.cast.manager, at=NOW, trip_id=trip.id, returned_at=NOW)


def _visit(field_: Field, home: Any, stop: Stop, outcome: str = "met") -> UUID:
    return actions.record_visit(
        by=field_.arman,
        at=NOW,
        household_id=home.id,
        visited_at=NOW,
        found=actions.Found(outcome),
        stop_id=stop.id,
    ).id


def test_people_are_counted_once(field_: Field) -> None:
    trip, stop = under_way(field_)
    home, other, shut = field_.home(), field_.home("Daeng Rani"), field_.home("Tutup")
    for one, outcome in ((home, "met"), (other, "met"), (shut, "nobody_home")):
        _visit(field_, one, stop, outcome)
    for guest in (
        actions.GuestSaid(person_id=home.head_id),
        actions.GuestSaid(name="Dari Hulu", origin="Hulu"),
        actions.GuestSaid(name="dari hulu", origin="hulu"),
    ):
        actions.sign_guest(by=field_.arman, at=NOW, stop_id=stop.id, guest=guest, came_at=NOW)
    actions.set_leg(
        by=field_.rosdiana,
        at=NOW,
        region_code=DISTRICT,
        from_place=BONTO_JAI,
        to_place="office",
        mode="road",
        season="wet",
        minutes=90,
    )
    actions.return_trip(
        by=field_.rosdiana, at=NOW, trip_id=trip.id, returned_at=NOW, fuel_actual=100_000, cost_actual=50_001
    )
    figures = trip_figures.of_trip(fresh(trip))
    assert (figures.seen.people, figures.seen.households, figures.seen.unknown_names) == (3, 2, 1)
    assert (figures.cost, figures.cost_each) == (150_001, 50_001)
    assert (figures.saved.minutes, figures.saved.people, figures.saved.unknown) == (2 * 90 * 3, 3, 0)


def test_a_visit_is_kept_without_its_stop(field_: Field) -> None:
    done = actions.record_visit(
        by=field_.arman,
        at=NOW,
        household_id=field_.home().id,
        visited_at=NOW,
        found=actions.Found("met"),
        stop_id=uuid4(),
    )
    assert done.stop_id is None


def test_a_matter_belongs_to_one_stop(field_: Field) -> None:
    _trip, stop = under_way(field_)
    case: Case = field_.cast.case(region_code=BONTO_JAI)
    by = field_.cast.neighbour_coordinator
    for _again in range(2):
        actions.tie_matter(by=by, at=NOW, stop_id=stop.id, case_id=case.id)
    assert kinds().count("matter.tie") == 1
    with pytest.raises(NotFound):
        actions.tie_matter(by=by, at=NOW, stop_id=stop.id, case_id=uuid4())


def test_the_calendar_has_a_trip_on_each_of_its_days(field_: Field) -> None:
    trip = planned(field_, start_date=date(2026, 11, 29), end_date=date(2026, 12, 1))
    days = [day for week in trips.month(field_.arman, 2026, 11) for day in week if trip in day.trips]
    assert [day.date.day for day in days] == [29, 30, 1]
    assert [day.inside for day in days] == [True, True, False]
    assert trips.listed(field_.arman, "open") == ([trip], False)
    assert trips.villages_visited([trip]) == {}
