"""Need, reach, decision and result: what each figure counts, who may open it, and that small groups stay hidden elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test.utils import CaptureQueriesContext

from simpul.cases.actions import intake
from simpul.lib.actor import MACHINE, Actor
from simpul.people import actions as people_actions
from simpul.people.models import Person
from simpul.programmes.actions import plans
from simpul.programmes.actions import programmes as programme_actions
from simpul.programmes.models import Benefit, Decision, Programme
from simpul.regions.models import Hamlet
from simpul.reports.queries import reach
from tests.cast import BONTO_JAI, NOW, Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    made = assemble()
    Programme.objects.create(
        code="pkh-uji", kind="aid", authority="Kemensos", name="PKH uji", name_en="PKH test"
    )
    return made


@pytest.fixture
def lead(cast: Cast) -> Actor:
    return cast.neighbour_coordinator


def home(cast: Cast, name: str, hamlet: Hamlet | None = None) -> tuple[Any, Person]:
    by = cast.neighbour_coordinator
    person = people_actions.register_person(by=by, at=NOW, full_name=name, region_code=BONTO_JAI).person
    house = people_actions.open_household(
        by=by, at=NOW, region_code=BONTO_JAI, name=name, hamlet_id=hamlet.id if hamlet else None
    )
    people_actions.join_household(by=by, at=NOW, household_id=house.id, person_id=person.id)
    return house, person


def counted(lead: Actor, need: dict[UUID, str] | None = None, programme: str = "") -> dict[str, int]:
    found = reach.table(lead, BONTO_JAI, programme, NOW, need or {})
    return {key: found.total.count(key) for key in reach.FIGURES}


def matter(cast: Cast, person: Person, **given: Any) -> Any:
    return cast.case(
        by=cast.neighbour,
        kind_code="social_problem",
        region_code=BONTO_JAI,
        channel="desk",
        consent="spoken",
        answers={"sector": "health"},
        reporter=intake.PersonGiven(person_id=person.id, name=person.full_name),
        **given,
    )

    return intake.PersonGiven(person_id=person.id, name=person.full_name)


def test_who_never_came_is_counted_first(cast: Cast, lead: Actor) -> None:
    home(cast, "Daeng Baji")
    _, known = home(cast, "Daeng Tarru")
    matter(cast, known)
    found = counted(lead)
    assert (found["households"], found["reached"], found["never"]) == (2, 1, 1)


def test_a_matter_of_two_years_ago_no_longer_reaches(cast: Cast, lead: Actor) -> None:
    _, known = home(cast, "Daeng Tarru")
    case = matter(cast, known)
    type(case).objects.filter(id=case.id).update(received_at=NOW - timedelta(days=700))
    assert counted(lead)["never"] == 1


def test_a_kept_visit_reaches_and_a_missed_one_does_not(cast: Cast, lead: Actor) -> None:
    _, person = home(cast, "Daeng Ngai")
    plan = plans.open_plan(by=lead, at=NOW, category=8, person_id=person.id)
    visit = plans.make_appointment(by=lead, at=NOW, plan_id=plan.id, on_date=NOW.date(), way="home")
    plans.keep_appointment(by=lead, at=NOW, appointment_id=visit.id, result="not_met", words="Rumah kosong.")
    assert counted(lead)["reached"] == 0
    again = plans.make_appointment(by=lead, at=NOW, plan_id=plan.id, on_date=NOW.date(), way="home")
    plans.keep_appointment(by=lead, at=NOW, appointment_id=again.id, result="met", words="Bertemu di rumah.")
    assert counted(lead)["reached"] == 1


def test_listed_is_not_received(cast: Cast, lead: Actor) -> None:
    first, _ = home(cast, "Daeng Baji")
    second, person = home(cast, "Daeng Tarru")
    given = {"programme_id": "pkh-uji", "region_code": BONTO_JAI, "source": "uji", "recorded_at": NOW}
    Benefit.objects.create(household=first, state="listed", **given)
    Benefit.objects.create(person=person, state="receives", **given)
    found = counted(lead, programme="pkh-uji")
    assert (found["listed"], found["receives"], found["decided"]) == (1, 1, 2)
    assert counted(lead, {first.id: "yes", second.id: "no"}, "pkh-uji")["left_out"] == 1
    assert counted(lead, {first.id: "yes", second.id: "no"}, "pkh-uji")["without_need"] == 1


def test_unknown_need_is_no_no(cast: Cast, lead: Actor) -> None:
    first, _ = home(cast, "Daeng Baji")
    home(cast, "Daeng Tarru")
    found = counted(lead, {first.id: "unknown"}, "pkh-uji")
    assert (found["need"], found["need_unknown"], found["left_out"]) == (0, 1, 0)


def test_refusals_come_with_the_words_of_who_decided(cast: Cast, lead: Actor) -> None:
    first, _ = home(cast, "Daeng Baji")
    Decision.objects.create(
        household=first,
        programme_id="pkh-uji",
        unit="household",
        subject_id=first.id,
        region_code=BONTO_JAI,
        advice="yes",
        outcome="no",
        why="Anaknya sudah pindah.",
        on_date=NOW.date(),
        decided_at=NOW,
        decided_by="Jumriah",
    )
    assert reach.refusals(lead, BONTO_JAI, "")[0].words == "Anaknya sudah pindah."
    assert reach.refused_by_programme(lead, BONTO_JAI) == [("pkh-uji", 1)]
    assert counted(lead)["refused"] == 1
    assert not reach.refusals(cast.manager, "", "")


def test_who_waits_longest_stands_first(cast: Cast, lead: Actor) -> None:
    first, _ = home(cast, "Daeng Baji")
    second, known = home(cast, "Daeng Tarru")
    Benefit.objects.create(
        household=first,
        programme_id="pkh-uji",
        state="proposed",
        region_code=BONTO_JAI,
        source="uji",
        recorded_at=NOW - timedelta(days=90),
    )
    matter(cast, known)
    found = reach.waiting(lead, BONTO_JAI, "", NOW)
    assert [(one.household_id, one.what, one.days) for one in found] == [
        (first.id, "benefit", 90),
        (second.id, "case", 0),
    ]
    assert not reach.waiting(cast.manager, BONTO_JAI, "", NOW)


def test_the_neighbour_counts_and_opens_nothing(cast: Cast) -> None:
    house, _ = home(cast, "Daeng Baji")
    for stranger in (cast.manager, cast.admin, cast.administrator, cast.partner):
        assert reach.table(stranger, BONTO_JAI, "", NOW, {}).total.count("households") == 0
        assert reach.behind(stranger, [house.id]) == ([], False)


def test_a_restricted_matter_and_an_ended_household_are_not_counted(cast: Cast, lead: Actor) -> None:
    house, known = home(cast, "Daeng Tarru")
    case = matter(cast, known)
    type(case).objects.filter(id=case.id).update(sensitivity="sealed")
    assert counted(lead)["reached"] == 0
    type(house).objects.filter(id=house.id).update(ended_date=NOW.date())
    assert counted(lead)["households"] == 0


def test_inside_a_village_groups_are_hamlets(cast: Cast, lead: Actor) -> None:
    hamlets = [
        Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name=name)
        for name in ("Kayu Loe", "Pundingin")
    ]
    for number in range(6):
        home(cast, f"Daeng {number}", hamlets[0])
    home(cast, "Daeng Baji", hamlets[1])
    found = reach.table(lead, BONTO_JAI, "", NOW, {})
    assert [(one.key, one.count("never")) for one in found.groups] == [("Kayu Loe", 6), ("Pundingin", 1)]
    hidden = reach.protected(found.groups, ["never"])
    assert all(
        row.whole is None or row.whole >= 5 for row in hidden.rows
    )  # nobody reads the one of Pundingin
    wide = reach.table(cast.neighbour_manager, "7303", "", NOW, {})
    assert [one.key for one in wide.groups] == [BONTO_JAI]


def test_more_households_cost_no_more_queries(
    cast: Cast, lead: Actor, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        home(cast, f"Daeng {number}")
    with django_assert_max_num_queries(12) as few:
        reach.table(lead, BONTO_JAI, "", NOW, {})
    assert isinstance(few, CaptureQueriesContext)
    before = len(few)
    for number in range(12):
        home(cast, f"Daeng lagi {number}")
    with django_assert_max_num_queries(before):
        reach.table(lead, BONTO_JAI, "", NOW, {})


def test_who_leads_without_a_register_reads_figures_with_small_groups_hidden(cast: Cast) -> None:
    hamlet = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name="Kayu Loe")
    for number in range(7):
        home(cast, f"Daeng {number}", hamlet)
    home(cast, "Daeng Baji")
    head = Actor(
        role="head",
        name="Kadis",
        region_code="7303",
        strong=True,
        desk_ids=frozenset({cast.desk("secretariat").id}),
    )
    assert reach.table(head, BONTO_JAI, "", NOW, {}).total.count("households") == 0
    shown = reach.overview(head, BONTO_JAI, "", NOW, {})
    assert shown.figures[0] == "households"
    assert shown.table.whole == 8
    assert all(row.whole is None or row.whole >= 5 for row in shown.table.rows)
    assert reach.overview(cast.manager, BONTO_JAI, "", NOW, {}).table.whole == 0  # another regency


def test_need_comes_from_the_rule_in_force(cast: Cast, lead: Actor) -> None:
    programme_actions.load_programmes(by=MACHINE, at=NOW)
    house, _ = home(cast, "Daeng Baji")
    said = people_actions.Said(source="visit", said_by="Jumriah", observed_date=NOW.date())
    people_actions.change_household(
        by=lead, at=NOW, household_id=house.id, said=said, changes={"no_dwelling": True}
    )
    need = reach.need_of(BONTO_JAI, "fakir-miskin", NOW.date())
    assert need[house.id] == "yes"
    assert reach.need_of(BONTO_JAI, "no-such", NOW.date()) == {}
