"""Rehabilitation plans: the way from the assessment to the closing, what refuses, and who reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.models import Case
from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.people.models import Person
from simpul.programmes.access import plans as access
from simpul.programmes.actions import _plans, plan_ending, plan_opening, plan_serving
from simpul.programmes.actions import plans as acts
from simpul.programmes.models import Plan
from simpul.programmes.queries import keeping
from simpul.programmes.queries import plans as queries
from simpul.programmes.rules import plans as rules
from tests.cast import BONTO_JAI, NOW, Cast, actor, assemble

TODAY = NOW.date()


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def elder(region: str = BONTO_JAI) -> Person:
    return Person.objects.create(
        full_name="Daeng Sangkala", name_key="daeng sangkala", region_code=region, registered_at=NOW
    )


def opened(cast: Cast, **given_: Any) -> Plan:
    wanted = {"by": cast.neighbour_coordinator, "at": NOW, "category": 8, "person_id": elder().id, **given_}
    return acts.open_plan(**wanted)


def assessed(cast: Cast, plan: Plan, **given_: Any) -> None:
    wanted = {"findings": {"health": {"level": "2", "words": "Sulit berjalan"}}, **given_}
    acts.assess_plan(by=cast.neighbour_coordinator, at=NOW, plan_id=plan.id, **wanted)


def served(cast: Cast, plan: Plan) -> Any:
    by = cast.neighbour_coordinator
    goal = acts.add_goal(by=by, at=NOW, plan_id=plan.id, words="Makan tiga kali sehari", sign="dapur menyala")
    acts.add_measure(by=by, at=NOW, goal_id=goal.id, service="living", from_date=TODAY, cost=300_000)
    acts.begin_plan(by=by, at=NOW, plan_id=plan.id)
    return goal


def last_line(plan: Plan) -> Line:
    return Line.objects.filter(subject_id=plan.id).order_by("-recorded_at", "-id")[0]


def test_a_plan_goes_from_the_assessment_to_the_closing(cast: Cast) -> None:
    by = cast.neighbour_coordinator
    plan = opened(cast)
    assert (plan.state, plan.cluster, plan.assigned_name) == ("received", "elderly", "Jumriah Saleh")
    assert last_line(plan).kind == "plan.open"
    assessed(cast, plan)
    goal = served(cast, plan)
    visit = acts.make_appointment(
        by=by, at=NOW, plan_id=plan.id, on_date=TODAY + timedelta(days=3), way="home"
    )
    plan.refresh_from_db()
    assert (plan.state, plan.review_date) == ("in_service", TODAY + timedelta(days=3))
    acts.keep_appointment(by=by, at=NOW, appointment_id=visit.id, result="met", words="Dapur menyala.")
    acts.monitor_plan(by=by, at=NOW, plan_id=plan.id, direction="better", words="Makan teratur.")
    acts.end_goal(by=by, at=NOW, goal_id=goal.id, state="reached", words="Terlihat tiga kali.")
    acts.close_plan(by=by, at=NOW, plan_id=plan.id, outcome="reached", words="Tujuan tercapai.")
    plan.refresh_from_db()
    assert (plan.state, plan.outcome, plan.review_date) == ("closed", "reached", None)
    assert last_line(plan).facts == {"outcome": "reached"}
    acts.reopen_plan(by=by, at=NOW, plan_id=plan.id, words="Anaknya pergi lagi.")
    plan.refresh_from_db()
    assert (plan.state, plan.closed_at) == ("in_service", None)


def test_no_plan_is_closed_without_a_look_at_how_the_person_does(cast: Cast) -> None:
    by = cast.neighbour_coordinator
    plan = opened(cast)
    with pytest.raises(plan_ending.NotReadyToClose):
        acts.close_plan(by=by, at=NOW, plan_id=plan.id, outcome="reached", words="Selesai saja.")
    assessed(cast, plan)
    served(cast, plan)
    with pytest.raises(plan_ending.NotReadyToClose):
        acts.close_plan(by=by, at=NOW, plan_id=plan.id, outcome="reached", words="Selesai saja.")
    acts.monitor_plan(by=by, at=NOW, plan_id=plan.id, direction="same", words="Belum berubah.")
    with pytest.raises(plan_ending.NotReadyToClose):  # a goal is still open
        acts.close_plan(by=by, at=NOW, plan_id=plan.id, outcome="partly", words="Selesai saja.")


def test_who_refuses_or_dies_ends_the_plan_at_any_step(cast: Cast) -> None:
    plan = opened(cast)
    acts.close_plan(
        by=cast.neighbour_coordinator, at=NOW, plan_id=plan.id, outcome="refused", words="Tidak mau."
    )
    assert Plan.objects.get(id=plan.id).state == "closed"


def test_services_begin_after_an_assessment_a_goal_and_a_service(cast: Cast) -> None:
    by = cast.neighbour_coordinator
    plan = opened(cast)
    with pytest.raises(_plans.PlanMoved):
        acts.begin_plan(by=by, at=NOW, plan_id=plan.id)
    assessed(cast, plan)
    acts.add_goal(by=by, at=NOW, plan_id=plan.id, words="Punya KTP")
    with pytest.raises(plan_serving.NotReadyToBegin) as refusal:
        acts.begin_plan(by=by, at=NOW, plan_id=plan.id)
    with translation.override("id"):
        assert "satu layanan" in str(refusal.value)


def test_nobody_is_referred_unless_the_assessment_says_so(cast: Cast) -> None:
    by = cast.neighbour_coordinator
    case = cast.case(
        by=cast.neighbour,
        kind_code="social_problem",
        region_code=BONTO_JAI,
        channel="desk",
        consent="spoken",
        answers={"sector": "health"},
    )
    plan = acts.open_plan(by=by, at=NOW, category=24, case_id=case.id)
    assessed(cast, plan)
    to = cast.desk("secretariat").id
    with pytest.raises(plan_serving.NoReferralNeeded):
        acts.refer_plan(by=by, at=NOW, plan_id=plan.id, to_desk_id=to, note="Perlu bantuan kabupaten.")
    assessed(cast, plan, needs_referral=True, referral_words="UPT, butuh kursi roda")
    acts.refer_plan(by=by, at=NOW, plan_id=plan.id, to_desk_id=to, note="Perlu bantuan kabupaten.")
    case.refresh_from_db()
    assert case.acting_id == to
    assert last_line(plan).kind == "plan.refer"


def test_a_plan_without_a_matter_cannot_be_referred(cast: Cast) -> None:
    plan = opened(cast)
    assessed(cast, plan, needs_referral=True, referral_words="UPT")
    with pytest.raises(plan_serving.NoMatterToRefer):
        acts.refer_plan(
            by=cast.neighbour_coordinator,
            at=NOW,
            plan_id=plan.id,
            to_desk_id=cast.desk("secretariat").id,
            note="Perlu.",
        )


def test_one_plan_for_one_need_at_a_time(cast: Cast) -> None:
    person = elder()
    opened(cast, person_id=person.id)
    with pytest.raises(plan_opening.PlanAlreadyRuns):
        opened(cast, person_id=person.id)
    opened(cast, person_id=person.id, category=9)


@pytest.mark.parametrize(
    ("given_", "refusal"),
    [
        ({"category": 27}, plan_opening.CategoryUnknown),
        ({"cluster": "moon"}, _plans.PlanChoiceUnknown),
        ({"person_id": uuid4()}, NotFound),
        ({"person_id": None}, NotFound),
    ],
)
def test_a_plan_is_refused(cast: Cast, given_: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        opened(cast, **given_)


def test_an_assessment_that_says_nothing_is_refused(cast: Cast) -> None:
    plan = opened(cast)
    with pytest.raises(plan_opening.NothingFound):
        assessed(cast, plan, findings={"health": {"level": "", "words": ""}})
    with pytest.raises(_plans.PlanChoiceUnknown):
        assessed(cast, plan, findings={"moon": {"level": "1", "words": ""}})
    with pytest.raises(_plans.PlanWordsMissing):
        assessed(cast, plan, needs_referral=True, referral_words="")


def test_goals_services_and_visits_refuse_what_cannot_be(cast: Cast) -> None:
    by = cast.neighbour_coordinator
    plan = opened(cast)
    with pytest.raises(_plans.PlanMoved):  # before the assessment
        acts.add_goal(by=by, at=NOW, plan_id=plan.id, words="Makan teratur")
    assessed(cast, plan)
    goal = acts.add_goal(by=by, at=NOW, plan_id=plan.id, words="Makan teratur")
    give = {"by": by, "at": NOW, "goal_id": goal.id, "service": "aid", "from_date": TODAY}
    with pytest.raises(plan_serving.CostOdd):
        acts.add_measure(**{**give, "cost": -1})
    with pytest.raises(plan_serving.DatesUpsideDown):
        acts.add_measure(**{**give, "until_date": TODAY - timedelta(days=1)})
    with pytest.raises(_plans.PlanChoiceUnknown):
        acts.add_measure(**{**give, "service": "magic"})
    with pytest.raises(_plans.PlanDateOdd):
        acts.make_appointment(by=by, at=NOW, plan_id=plan.id, on_date=TODAY.replace(year=2126), way="home")
    measure = acts.add_measure(**give)
    with pytest.raises(_plans.PlanWordsMissing):
        acts.change_measure(by=by, at=NOW, measure_id=measure.id, state="not_given")
    acts.change_measure(by=by, at=NOW, measure_id=measure.id, state="given")
    visit = acts.make_appointment(by=by, at=NOW, plan_id=plan.id, on_date=TODAY, way="home")
    acts.keep_appointment(by=by, at=NOW, appointment_id=visit.id, result="not_met", words="Rumah kosong.")
    with pytest.raises(_plans.PlanMoved):
        acts.keep_appointment(by=by, at=NOW, appointment_id=visit.id, result="met", words="Bertemu.")
    with pytest.raises(NotFound):
        acts.end_goal(by=by, at=NOW, goal_id=uuid4(), state="reached", words="Tercapai.")


def test_details_are_for_who_has_it_and_who_leads(cast: Cast) -> None:
    mine = opened(cast)
    facilitator = actor(
        Seat.objects.create(
            user=cast.user("neighbour"), desk=cast.desk("puskesos"), role="facilitator", from_at=NOW
        )
    )
    assert not access.plans(facilitator).exists()  # a colleague at the same desk reads nothing
    assert access.plans(cast.neighbour_manager).get() == mine
    assert not access.plans(cast.manager).exists()  # the next regency
    for stranger in (cast.admin, cast.administrator, cast.protection_officer, cast.partner):
        assert not access.plans(stranger).exists()
    acts.assign_plan(by=cast.neighbour_coordinator, at=NOW, plan_id=mine.id, seat_id=facilitator.seat_id)
    assert access.plans(facilitator).get() == mine
    with pytest.raises(plan_opening.NotAtThisDesk):
        acts.assign_plan(
            by=cast.neighbour_coordinator, at=NOW, plan_id=mine.id, seat_id=cast.seats["admin"].id
        )


def test_a_sensitive_plan_is_hidden_from_the_coordinator_who_did_not_open_it(cast: Cast) -> None:
    plan = acts.open_plan(by=cast.neighbour_manager, at=NOW, category=16, person_id=elder().id)
    Plan.objects.filter(id=plan.id).update(desk=cast.desk("puskesos"))
    assert not access.plans(cast.neighbour_coordinator).exists()
    assert not access.outline(cast.neighbour_coordinator).exists()
    assert access.plans(cast.neighbour_manager).exists()


def test_who_may_not_open_a_plan(cast: Cast) -> None:
    person = elder("7602132001")
    for stranger in (cast.pokja, cast.partner, cast.administrator, cast.neighbour_coordinator):
        with pytest.raises(NotFound):
            acts.open_plan(by=stranger, at=NOW, category=8, person_id=person.id)


def test_counts_are_those_of_the_outline(cast: Cast) -> None:
    opened(cast)
    late = opened(cast, person_id=elder().id)
    Plan.objects.filter(id=late.id).update(review_date=TODAY - timedelta(days=1))
    counts = queries.counts(cast.neighbour_manager, TODAY)
    assert counts.by_state == {"received": 2}
    assert (counts.overdue, counts.not_mine) == (1, 2)
    assert queries.by_village(cast.neighbour_manager) == [(BONTO_JAI, 2, 0)]
    assert queries.listed(cast.neighbour_coordinator).rows[0].id == late.id


@given(st.lists(st.sampled_from(sorted(rules.MOVES)), max_size=12))
def test_only_declared_moves_lead_on_and_closed_leads_only_back(path: list[str]) -> None:
    state = "received"
    for act in path:
        following = rules.target(act, state)
        if following is None:
            continue
        assert following in rules.STATES
        if state == "closed":
            assert act == "plan.reopen"
        state = following


@given(
    st.builds(
        rules.Standing,
        state=st.sampled_from(rules.ORDER),
        assessments=st.integers(0, 2),
        open_goals=st.integers(0, 2),
        goals=st.integers(0, 3),
        measures=st.integers(0, 2),
        monitorings=st.integers(0, 2),
    ),
    st.sampled_from(sorted(rules.OUTCOMES)),
)
def test_closing_always_needs_a_monitoring_record_unless_nobody_can_be_watched(
    standing: rules.Standing, outcome: str
) -> None:
    missing = rules.missing_to_close(standing, outcome)
    if not missing and outcome not in rules.WITHOUT_SERVICE:
        assert standing.monitorings and not standing.open_goals


def test_a_plan_of_a_sealed_matter_is_read_by_who_has_it_alone(cast: Cast) -> None:
    person = elder()
    plan = opened(cast, person_id=person.id)
    assert access.plans(cast.neighbour_manager).filter(id=plan.id).exists()
    assert keeping.held(person.id)
    case = cast.case(region_code=BONTO_JAI)
    Case.objects.filter(id=case.id).update(sensitivity="sealed")
    Plan.objects.filter(id=plan.id).update(case=case)
    assert access.plans(cast.neighbour_coordinator).filter(id=plan.id).exists()
    assert not access.plans(cast.neighbour_manager).filter(id=plan.id).exists()
    assert not access.outline(cast.neighbour_manager).filter(id=plan.id).exists()
    assert keeping.held(person.id) == {}


def test_no_plan_is_made_for_whose_data_stand_still(cast: Cast) -> None:
    person = elder()
    Person.objects.filter(id=person.id).update(restricted_at=NOW)
    with pytest.raises(NotFound):
        opened(cast, person_id=person.id)


@pytest.mark.parametrize("state", ["received", "assessment", "planning", "in_service", "monitoring"])
def test_who_died_or_moved_ends_a_plan_in_any_state(state: str) -> None:
    assert rules.target("plan.close", state) == "closed"
    assert rules.missing_to_close(rules.Standing(state), "died") == ""
    assert rules.missing_to_close(rules.Standing(state), "reached") == "monitoring"
