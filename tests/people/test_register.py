"""The acts of the register: each as it should go, what it refuses, who may not, and the line it leaves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.people import access, actions
from simpul.people.actions import _reading, arrivals, families, flags, households, lives, relations, settling
from simpul.people.actions import matching as matching_acts
from simpul.people.models import (
    Belonging,
    Family,
    Flag,
    House,
    Household,
    LifeEvent,
    Observation,
    Person,
    Profile,
    Suspicion,
)
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists, matching, register, residents
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history
from tests.people.register import DUNGKAIT, KK, Home, actor, home, person, said

BONTO_JAI = "7303012008"
TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(village: Any, officer: Actor, now: datetime) -> Home:
    """The household."""
    return home(officer, now)


def line(kind: str) -> Line:
    """The newest line of an act."""
    return Line.objects.filter(kind=kind).latest("recorded_at")


# --- households and houses ------------------------------------------------------------------------------------------------------


def test_a_household_with_its_house_and_members(lived: Home, now: datetime) -> None:
    house = House.objects.get()
    assert (house.floor, house.floor_area_dm2, house.power) == ("bdt/6", 2250, "bdt/1")
    assert (lived.household.fridge, lived.household.meals_per_day) == (False, 2)
    assert lived.household.head == lived.head
    assert lived.household.name == "Abdul Rahman"
    assert lived.wife.household == lived.household
    assert lived.child.family == lived.family
    assert lived.head.household_relation == "bdt/1"
    assert all(one.resident for one in (lived.head, lived.wife, lived.child))
    assert line("household.open").region_code == DUNGKAIT
    assert Observation.objects.filter(subject_id=house.id, state="current").count() == 4


def test_opening_refuses_what_cannot_be_read(village: Any, officer: Actor, now: datetime) -> None:
    def open_with(**given: Any) -> None:
        wanted: dict[str, Any] = {"region_code": DUNGKAIT, "name": "Rahman"}
        actions.open_household(by=officer, at=now, **(wanted | given))

    with pytest.raises(households.HouseholdNameMissing):
        open_with(name="")
    for area in ("0", "0,5", "99999", "tiga"):
        with pytest.raises(field_rules.AreaImpossible) as refusal:
            open_with(house={"floor_area_dm2": area})
        assert refusal.value.field == "floor_area_dm2"
    with pytest.raises(lists.NotInList):
        open_with(house={"floor": "11"})
    with pytest.raises(_reading.FieldUnknown):
        open_with(house={"colour": "red"})
    with pytest.raises(_reading.PlaceUnknown):
        open_with(region_code="7602139999")
    with pytest.raises(_reading.HamletElsewhere):
        open_with(hamlet_id=uuid4())
    with pytest.raises(history.DayAhead):
        open_with(said=said(TODAY + timedelta(days=3)))
    with pytest.raises(history.SourceUnknown):
        open_with(said=said(TODAY, source="hearsay"))
    assert not Household.objects.exists()
    assert not House.objects.exists()


def test_a_neighbour_can_neither_open_nor_change(lived: Home, neighbour: Actor, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.open_household(by=neighbour, at=now, region_code=DUNGKAIT, name="Rahman")
    with pytest.raises(NotFound):
        actions.change_household(
            by=neighbour, at=now, household_id=lived.household.id, changes={"fridge": "3"}
        )
    with pytest.raises(NotFound):
        actions.change_house(by=neighbour, at=now, house_id=House.objects.get().id, changes={"floor": "1"})
    for role in ("partner", "approver", "pokja"):
        with pytest.raises(NotFound):
            actions.change_household(
                by=actor(role), at=now, household_id=lived.household.id, changes={"fridge": "3"}
            )


def test_a_newer_word_covers_an_older_one_and_an_older_one_covers_nothing(
    lived: Home, officer: Actor, now: datetime
) -> None:
    house_id = lived.household.house_id
    assert house_id is not None
    later = now + timedelta(days=2)
    done = actions.change_house(
        by=officer, at=later, house_id=house_id, changes={"floor": "9"}, said=said(later.date())
    )
    assert House.objects.get(id=house_id).floor == "bdt/9"
    assert list(done.changed.values()) == [["floor"]]
    done = actions.change_house(
        by=officer, at=later, house_id=house_id, changes={"floor": "5"}, version="dtsen",
        said=said(date(2026, 3, 31), "import", "DTSEN 2026-Q1"),
    )  # fmt: skip
    assert House.objects.get(id=house_id).floor == "bdt/9"
    assert done.older == [(house_id, "floor")]
    assert line("house.change").facts["older"] == ["floor"]
    states = dict(
        Observation.objects.filter(subject_id=house_id, field="floor").values_list("value", "state")
    )
    assert states == {"bdt/6": "past", "bdt/9": "current", "dtsen/5": "past"}


def test_two_sources_of_one_day_are_a_conflict_that_a_person_settles(
    lived: Home, officer: Actor, now: datetime
) -> None:
    day, at = now.date() + timedelta(days=1), now + timedelta(days=1)
    key = lived.household.id
    for value, source in (("3", "visit"), ("4", "import")):
        done = actions.change_household(
            by=officer, at=at, household_id=key, changes={"fridge": value}, said=said(day, source)
        )
    assert done.conflicts == [(key, "fridge")]
    assert Household.objects.get(id=key).fridge is True
    chosen = Observation.objects.get(subject_id=key, field="fridge", source="import")
    with pytest.raises(NotAllowed):
        actions.settle_conflict(by=officer, at=at, observation_id=chosen.id)
    with pytest.raises(NotFound):
        actions.settle_conflict(by=actor("supervisor", "7303"), at=at, observation_id=chosen.id)
    actions.settle_conflict(by=actor("supervisor"), at=at, observation_id=chosen.id, why="dilihat sendiri")
    assert Household.objects.get(id=key).fridge is False
    assert Observation.objects.get(subject_id=key, field="fridge", source="visit").state == "rejected"
    assert line("conflict.settle").facts["field"] == "fridge"
    with pytest.raises(settling.SettledAlready):
        actions.settle_conflict(by=actor("supervisor"), at=at, observation_id=chosen.id)
    again = actions.change_household(
        by=officer, at=at, household_id=key, changes={"fridge": "3"}, said=said(day, "visit")
    )
    assert again.said_again == 1  # what was rejected stays so
    assert Household.objects.get(id=key).fridge is False


def test_the_same_list_twice_changes_nothing(lived: Home, officer: Actor, now: datetime) -> None:
    told = said(now.date() + timedelta(days=1), "import", "DTSEN 2026-Q4")
    at = now + timedelta(days=1)
    for _time in range(2):
        done = actions.change_household(
            by=officer, at=at, household_id=lived.household.id, changes={"goats": 3}, said=told
        )
    assert done.said_again == 1
    assert Observation.objects.filter(subject_id=lived.household.id, field="goats").count() == 1


def test_nobody_is_in_two_households_at_once(lived: Home, officer: Actor, now: datetime) -> None:
    other = actions.open_household(by=officer, at=now, region_code=DUNGKAIT, name="Basri")
    actions.join_household(
        by=officer,
        at=now,
        household_id=other.id,
        person_id=lived.child.id,
        relation="5",
        from_date=date(2026, 11, 1),
    )
    rows = Belonging.objects.filter(person=lived.child, household__isnull=False).order_by("recorded_at", "id")
    assert [(one.household_id, one.until_date) for one in rows] == [
        (lived.household.id, date(2026, 11, 1)),
        (other.id, None),
    ]
    lived.child.refresh_from_db()
    assert lived.child.household == other
    assert line("household.join").facts["relation"] == "bdt/5"


def test_a_new_head_takes_the_place_of_the_one_before(lived: Home, officer: Actor, now: datetime) -> None:
    actions.join_household(
        by=officer, at=now, household_id=lived.household.id, person_id=lived.wife.id, relation="1"
    )
    lived.household.refresh_from_db()
    lived.head.refresh_from_db()
    assert lived.household.head == lived.wife
    assert lived.head.household == lived.household
    assert lived.head.household_relation == ""


def test_joining_refuses(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    def join(by: Actor = officer, **given: Any) -> None:
        wanted: dict[str, Any] = {"household_id": lived.household.id, "person_id": lived.wife.id}
        actions.join_household(by=by, at=now, **(wanted | given))

    with pytest.raises(lists.NotInList):
        join(relation="9")
    with pytest.raises(_reading.DayImpossible):
        join(from_date=date(2027, 1, 1))
    with pytest.raises(NotFound):
        join(neighbour)
    with pytest.raises(NotFound):
        join(person_id=uuid4())
    actions.record_death(by=officer, at=now, person_id=lived.wife.id)
    with pytest.raises(households.Dead):
        join()


def test_who_leaves_last_ends_the_household(lived: Home, officer: Actor, now: datetime) -> None:
    for one in (lived.head, lived.wife):
        actions.leave_household(by=officer, at=now, person_id=one.id)
    lived.household.refresh_from_db()
    assert lived.household.head is None
    assert lived.household.ended_date is None
    actions.leave_household(by=officer, at=now, person_id=lived.child.id)
    lived.household.refresh_from_db()
    assert lived.household.ended_date == now.date()
    assert line("household.leave").facts["person_id"] == str(lived.child.id)
    with pytest.raises(households.NotAMember):
        actions.leave_household(by=officer, at=now, person_id=lived.child.id)
    with pytest.raises(households.HouseholdEnded):
        actions.join_household(by=officer, at=now, household_id=lived.household.id, person_id=lived.head.id)


def test_a_household_is_split_under_one_roof(lived: Home, officer: Actor, now: datetime) -> None:
    made = actions.split_household(
        by=officer,
        at=now,
        household_id=lived.household.id,
        person_ids=[lived.wife.id, lived.child.id],
        head_id=lived.wife.id,
    )
    assert made.house_id == lived.household.house_id
    assert set(made.members.all()) == {lived.wife, lived.child}
    made.refresh_from_db()
    assert made.head == lived.wife
    assert line("household.split").facts == {
        "source": "officer", "observed_date": now.date().isoformat(), "new_household_id": str(made.id), "persons": 2,
    }  # fmt: skip


def test_splitting_refuses(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    def split(by: Actor, chosen: list[Any], head: Any) -> None:
        actions.split_household(
            by=by, at=now, household_id=lived.household.id, person_ids=chosen, head_id=head
        )

    everybody = [lived.head.id, lived.wife.id, lived.child.id]
    with pytest.raises(households.NobodyChosen):
        split(officer, [], lived.wife.id)
    with pytest.raises(households.NobodyChosen):
        split(officer, [lived.child.id], lived.wife.id)
    with pytest.raises(households.NobodyLeft):
        split(officer, everybody, lived.wife.id)
    with pytest.raises(NotFound):
        split(neighbour, [lived.child.id], lived.child.id)


# --- families -------------------------------------------------------------------------------------------------------------------


def test_a_card_number_is_sealed_in_table_and_history(lived: Home) -> None:
    row = Observation.objects.get(subject_id=lived.family.id, field="kk")
    assert KK not in row.value
    assert KK not in str(line("family.open").inputs)
    family = Family.objects.get(id=lived.family.id)
    assert (family.kk, family.decile) == (KK, 2)
    assert family.kk_index


def test_families_refuse(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    with pytest.raises(families.FamilyKnown):
        actions.open_family(by=officer, at=now, region_code=DUNGKAIT, kk=KK)
    for wrong in ({"decile": "11"}, {"decile": "0"}, {"kk": "7602A30101200001"}, {"kk": "760213"}):
        with pytest.raises(Refused):
            actions.change_family(by=officer, at=now, family_id=lived.family.id, changes=wrong)
    with pytest.raises(_reading.NothingChanged):
        actions.change_family(by=officer, at=now, family_id=lived.family.id, changes={})
    with pytest.raises(NotFound):
        actions.change_family(by=neighbour, at=now, family_id=lived.family.id, changes={"decile": 3})
    with pytest.raises(NotFound):
        actions.join_family(by=neighbour, at=now, family_id=lived.family.id, person_id=lived.child.id)
    with pytest.raises(NotAllowed):
        actions.open_family(by=neighbour, at=now, region_code=DUNGKAIT)


def test_joining_another_card_ends_the_one_before(lived: Home, officer: Actor, now: datetime) -> None:
    other = actions.open_family(by=officer, at=now, region_code=DUNGKAIT)
    for one in (lived.head, lived.wife, lived.child):
        actions.join_family(by=officer, at=now, family_id=other.id, person_id=one.id)
    assert Family.objects.get(id=lived.family.id).ended_date == now.date()
    assert Belonging.objects.filter(family=lived.family, until_date=None).count() == 0
    with pytest.raises(families.FamilyEnded):
        actions.join_family(by=officer, at=now, family_id=lived.family.id, person_id=lived.head.id)
    done = actions.change_family(
        by=officer, at=now, family_id=other.id, changes={"decile": 3, "decile_period": "2026-Q3"}
    )
    assert line("family.change").facts["fields"] == ["decile", "decile_period"]
    assert done.changed[other.id] == ["decile", "decile_period"]
    assert line("family.join").region_code == DUNGKAIT


# --- persons --------------------------------------------------------------------------------------------------------------------


def test_a_situation_is_written_down(lived: Home, officer: Actor, now: datetime) -> None:
    actions.change_profile(
        by=officer, at=now, person_id=lived.wife.id,
        changes={"pregnant": "ya", "income_month": "Rp 450.000", "birth_place": "Mamuju", "id_papers": "5", "nik": "7602134303840002"},
    )  # fmt: skip
    profile = Profile.objects.get(person=lived.wife)
    lived.wife.refresh_from_db()
    assert (profile.pregnant, profile.income_month, profile.id_papers) == (True, 450_000, 5)
    assert (lived.wife.birth_place, lived.wife.nik) == ("Mamuju", "7602134303840002")
    assert lived.wife.nik_index
    assert "7602134303840002" not in str(line("profile.change").inputs)


def test_a_situation_refuses(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    def change(**changes: Any) -> None:
        actions.change_profile(by=officer, at=now, person_id=lived.wife.id, changes=changes)

    for wrong in (
        {"birth_date": "24/11/2027"}, {"birth_date": "kemarin"}, {"nik": "ABC"}, {"income_month": "-5"}, {"marital": "5"},
        {"full_name": ""}, {"class_reached": "9"}, {"full_name": "x" * 151},
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            change(**wrong)
        assert refusal.value.field == next(iter(wrong))
    with pytest.raises(_reading.NothingChanged):
        change()
    with pytest.raises(NotFound):
        actions.change_profile(by=neighbour, at=now, person_id=lived.wife.id, changes={"pregnant": "ya"})
    assert not Profile.objects.filter(person=lived.wife).exists()


def test_contradictory_facts_are_never_refused(lived: Home, officer: Actor, now: datetime) -> None:
    actions.change_profile(
        by=officer,
        at=now,
        person_id=lived.head.id,
        changes={"pregnant": "ya", "works": "tidak", "industry": "1"},
    )
    assert Profile.objects.get(person=lived.head).pregnant is True


def test_a_changed_name_keeps_its_history(lived: Home, officer: Actor, now: datetime) -> None:
    actions.change_person(by=officer, at=now, person_id=lived.wife.id, changes={"full_name": "Siti Aminah"})
    rows = Observation.objects.filter(subject_id=lived.wife.id, field="full_name").order_by("recorded_at")
    assert [(one.value, one.state, one.source) for one in rows] == [
        ("Sitti Aminah", "past", "before"),
        ("Siti Aminah", "current", "officer"),
    ]


def test_ties_between_persons(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    def tie(by: Actor = officer, **given: Any) -> Any:
        wanted: dict[str, Any] = {"person_id": lived.child.id, "other_id": lived.wife.id, "kind": "guardian"}
        return actions.add_relation(by=by, at=now, **(wanted | given))

    made = tie()
    assert line("relation.add").facts["kind"] == "guardian"
    for fault, given in (
        (relations.TiedAlready, {}),
        (relations.TieUnknown, {"kind": "boss"}),
        (relations.WithOneself, {"other_id": lived.child.id}),
    ):
        with pytest.raises(fault):
            tie(**given)
    with pytest.raises(NotFound):
        tie(neighbour)
    with pytest.raises(NotFound):
        actions.end_relation(by=neighbour, at=now, relation_id=made.id)
    assert actions.end_relation(by=officer, at=now, relation_id=made.id).until_date == now.date()
    assert line("relation.end").facts["kind"] == "guardian"
    with pytest.raises(NotFound):
        actions.end_relation(by=officer, at=now, relation_id=made.id)


# --- lives ----------------------------------------------------------------------------------------------------------------------


def test_a_birth(lived: Home, officer: Actor, now: datetime) -> None:
    child = actions.record_birth(
        by=officer, at=now, household_id=lived.household.id, full_name="Bayi Aminah", sex="L",
        birth_date=date(2026, 11, 20), mother_id=lived.wife.id,
    )  # fmt: skip
    assert (child.household, child.family, child.resident, child.nik) == (
        lived.household,
        lived.family,
        True,
        "",
    )
    assert child.relations.get().other == lived.wife
    assert LifeEvent.objects.get(person=child).kind == "birth"
    assert line("birth.record").subject_id == child.id
    actions.undo_event(by=officer, at=now, event_id=LifeEvent.objects.get(person=child).id)
    child.refresh_from_db()
    assert (child.household, child.family, child.resident) == (None, None, False)


def test_births_refuse(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    def born(by: Actor = officer, **given: Any) -> Any:
        wanted: dict[str, Any] = {"household_id": lived.household.id, "full_name": "Bayi"}
        return actions.record_birth(by=by, at=now, **(wanted | given))

    for wrong in ({"birth_date": date(2027, 1, 1)}, {"nik": "12"}):
        with pytest.raises(Refused):
            born(**wrong)
    with pytest.raises(NotFound):
        born(neighbour)
    assert born(full_name="").full_name == "Tidak diketahui"


def test_the_death_of_a_head_leaves_the_household_running_without_one(
    lived: Home, officer: Actor, now: datetime
) -> None:
    event = actions.record_death(
        by=officer, at=now, person_id=lived.head.id, died_date=date(2026, 11, 21), words="sakit"
    )
    lived.household.refresh_from_db()
    lived.head.refresh_from_db()
    assert (lived.household.head, lived.household.ended_date) == (None, None)
    assert (lived.head.life, lived.head.household, lived.head.died_date) == ("dead", None, date(2026, 11, 21))
    assert Belonging.objects.filter(person=lived.head, why_ended="died").count() == 2
    with pytest.raises(lives.DiedAlready):
        actions.record_death(by=officer, at=now, person_id=lived.head.id)
    actions.undo_event(by=officer, at=now, event_id=event.id, why="salah orang")
    lived.household.refresh_from_db()
    lived.head.refresh_from_db()
    assert (lived.head.life, lived.head.died_date, lived.head.household_relation) == ("here", None, "bdt/1")
    assert lived.household.head == lived.head
    assert Family.objects.get(id=lived.family.id).head == lived.head
    assert Belonging.objects.filter(person=lived.head, until_date=None).count() == 2
    assert (line("event.undo").inputs or {})["why"] == "salah orang"
    with pytest.raises(lives.UndoneAlready):
        actions.undo_event(by=officer, at=now, event_id=event.id)


def test_deaths_refuse(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    for wrong, fault in (
        (date(1979, 1, 1), lives.DeathBeforeBirth),
        (date(2027, 1, 1), _reading.DayImpossible),
    ):
        with pytest.raises(fault) as refusal:
            actions.record_death(by=officer, at=now, person_id=lived.head.id, died_date=wrong)
        assert refusal.value.field == "died_date"
    with pytest.raises(NotFound):
        actions.record_death(by=neighbour, at=now, person_id=lived.head.id)


def test_a_move_leaves_the_trace_alone(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    _bonto_jai()
    (event,) = actions.record_move(
        by=officer, at=now, person_ids=[lived.child.id], to_region=BONTO_JAI, words="ikut nenek"
    )
    lived.child.refresh_from_db()
    assert (lived.child.region_code, lived.child.household, lived.child.life) == (BONTO_JAI, None, "here")
    assert not access.visible(officer).filter(id=lived.child.id).exists()
    assert access.departures(officer).get() == event
    assert access.person_for(neighbour, lived.child.id)
    assert not access.departures(neighbour).exists()
    assert line("move.record").facts["to_region"] == BONTO_JAI
    actions.undo_event(by=officer, at=now, event_id=event.id)
    lived.child.refresh_from_db()
    assert (lived.child.region_code, lived.child.household) == (DUNGKAIT, lived.household)


def test_a_whole_household_moves_with_its_card_and_without_its_house(
    lived: Home, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    _bonto_jai()
    events = actions.record_move(
        by=officer, at=now, person_ids=[lived.head.id, lived.wife.id, lived.child.id], to_region=BONTO_JAI
    )
    lived.household.refresh_from_db()
    assert (lived.household.region_code, lived.household.house, lived.household.head) == (
        BONTO_JAI,
        None,
        lived.head,
    )
    assert access.household_for(neighbour, lived.household.id)
    assert Family.objects.get(id=lived.family.id).region_code == BONTO_JAI
    for event in events:
        actions.undo_event(by=officer, at=now, event_id=event.id)
    lived.household.refresh_from_db()
    assert lived.household.region_code == DUNGKAIT
    assert lived.household.house_id


def test_away_and_back(lived: Home, officer: Actor, now: datetime) -> None:
    actions.record_move(by=officer, at=now, person_ids=[lived.wife.id])
    lived.wife.refresh_from_db()
    assert (lived.wife.life, lived.wife.region_code) == ("away", DUNGKAIT)
    (event,) = actions.record_move(
        by=officer, at=now + timedelta(days=1), person_ids=[lived.wife.id], back=True
    )
    lived.wife.refresh_from_db()
    assert (lived.wife.life, event.kind) == ("here", "return")
    first = LifeEvent.objects.get(person=lived.wife, kind="move_out")
    with pytest.raises(lives.SomethingFollowed):
        actions.undo_event(by=officer, at=now, event_id=first.id)


def test_moves_refuse(lived: Home, officer: Actor, neighbour: Actor, now: datetime) -> None:
    with pytest.raises(lives.NobodyMoves):
        actions.record_move(by=officer, at=now, person_ids=[])
    with pytest.raises(lives.MovedNowhere):
        actions.record_move(by=officer, at=now, person_ids=[lived.wife.id], to_region=DUNGKAIT)
    with pytest.raises(NotFound):
        actions.record_move(by=neighbour, at=now, person_ids=[lived.wife.id])
    event = actions.record_death(by=officer, at=now, person_id=lived.wife.id)
    with pytest.raises(NotFound):
        actions.undo_event(by=neighbour, at=now, event_id=event.id)


def _bonto_jai() -> None:
    from simpul.regions.models import Region  # noqa: PLC0415

    Region.objects.create(
        code=BONTO_JAI, name="Bonto Jai", level=4, kind="desa", search_key="bonto jai", source="test"
    )


# --- categories of need ---------------------------------------------------------------------------------------------------------


def test_sensitive_categories_are_never_seen_by_area_alone(lived: Home, now: datetime) -> None:
    desk = uuid4()
    setter = actor("supervisor", desk_id=desk, desk_ids=frozenset({desk}))
    plain = actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=23)
    sealed = actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=19, note="dari pendamping")
    assert set(access.flags(setter)) == {plain, sealed}
    assert set(access.flags(actor("manager"))) == {plain, sealed}
    assert set(access.flags(actor("coordinator"))) == {plain}
    assert set(access.flags(actor("back_office"))) == {plain}
    assert not access.flags(actor("front_office")).exists()
    assert not access.flags(actor("manager", "7303")).exists()
    assert "sensitive" not in str(line("flag.set").facts)  # nor that it is one of that sort
    assert "19" not in str(line("flag.set").inputs)


def test_nobody_learns_from_a_refusal_that_a_sensitive_category_stands(lived: Home, now: datetime) -> None:
    first, other = (
        actor("supervisor", desk_id=desk, desk_ids=frozenset({desk})) for desk in (uuid4(), uuid4())
    )
    category = min(lists.sensitive_categories())
    actions.set_flag(by=first, at=now, person_id=lived.wife.id, category=category)
    own = actions.set_flag(by=other, at=now, person_id=lived.wife.id, category=category)
    assert set(access.flags(other)) == {own}
    for one in (first, other, actor("manager")):
        with pytest.raises(flags.FlagStands):
            actions.set_flag(by=one, at=now, person_id=lived.wife.id, category=category)


def test_flags_refuse(lived: Home, officer: Actor, now: datetime) -> None:
    setter = actor("supervisor")
    flag = actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=23)
    with pytest.raises(flags.FlagStands):
        actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=23)
    with pytest.raises(flags.CategoryUnknown):
        actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=27)
    with pytest.raises(_reading.DayImpossible):
        actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=24, since_date=date(2030, 1, 1))
    with pytest.raises(NotAllowed):
        actions.set_flag(by=officer, at=now, person_id=lived.wife.id, category=24)
    with pytest.raises(NotFound):
        actions.end_flag(by=officer, at=now, flag_id=flag.id)
    assert actions.end_flag(by=setter, at=now, flag_id=flag.id).ended_date == now.date()
    assert line("flag.end").subject_id == lived.wife.id
    assert actions.set_flag(by=setter, at=now, person_id=lived.wife.id, category=23)
    assert Flag.objects.count() == 2


def test_whose_data_stand_still_is_on_no_list(lived: Home, officer: Actor, now: datetime) -> None:
    Person.objects.filter(id=lived.wife.id).update(restricted_at=now)
    assert lived.wife not in access.visible(officer)


def test_a_person_without_a_nik_is_first_class(lived: Home, officer: Actor, now: datetime) -> None:
    found = person(officer, now, "Daeng Bau")
    actions.join_household(
        by=officer, at=now, household_id=lived.household.id, person_id=found.id, relation="8"
    )
    assert found.nik == ""


def test_nothing_is_done_with_whose_data_stand_still(lived: Home, officer: Actor, now: datetime) -> None:
    actions.add_relation(by=officer, at=now, person_id=lived.head.id, other_id=lived.wife.id, kind="spouse")
    assert register.person_page(officer, lived.head.id, TODAY).relations
    Person.objects.filter(id=lived.wife.id).update(restricted_at=now)
    assert not register.person_page(officer, lived.head.id, TODAY).relations
    wife = {"by": officer, "at": now, "person_id": lived.wife.id}
    with pytest.raises(NotFound):
        actions.change_profile(**wife, changes={"full_name": "Lain"})
    with pytest.raises(NotFound):
        actions.record_death(**wife)
    with pytest.raises(NotFound):
        actions.join_household(**wife, household_id=lived.household.id, relation="1")


def test_the_old_village_is_not_told_what_follows_in_the_new_one(
    lived: Home, officer: Actor, now: datetime
) -> None:
    actions.record_move(by=officer, at=now, person_ids=[lived.wife.id])
    Person.objects.filter(id=lived.wife.id).update(region_code=BONTO_JAI, household=None, life="here")
    Belonging.objects.filter(person=lived.wife, household__isnull=False).update(until_date=TODAY)
    elsewhere = LifeEvent.objects.create(
        person=lived.wife, kind="death", on_date=TODAY, from_region=BONTO_JAI, source="officer", recorded_at=now
    )  # fmt: skip
    page = register.page_of(officer, lived.household.id, TODAY)
    assert lived.wife.id in {one.person_id for one in page.former}
    assert {one.kind for one in page.events if one.person_id == lived.wife.id} == {"move_out"}
    assert elsewhere not in page.events


# --- moving in ---------------------------------------------------------------------------------------------------------------


def _asked(one: Person, **other: Any) -> matching.Asked:
    values: dict[str, Any] = {
        "name": one.full_name,
        "nik": one.nik,
        "sex": one.sex,
        "birth_date": one.birth_date,
    }
    return matching.Asked(**values | other)


def test_somebody_new_moves_in_with_the_day_and_where_from(
    lived: Home, officer: Actor, now: datetime
) -> None:
    _bonto_jai()
    who = matching.Asked(name="Rosmini", sex="P", birth_date=date(1990, 2, 3))
    one = actions.record_arrival(
        by=officer, at=now, household_id=lived.household.id, who=who, relation="5", on_date=date(2026, 11, 1), from_region=BONTO_JAI
    )  # fmt: skip
    one.refresh_from_db()
    assert (one.household, one.resident, one.region_code, one.birth_date) == (
        lived.household,
        True,
        DUNGKAIT,
        date(1990, 2, 3),
    )
    event = LifeEvent.objects.get(person=one)
    assert (event.kind, event.from_region, event.to_region, event.on_date) == (
        "move_in",
        BONTO_JAI,
        DUNGKAIT,
        date(2026, 11, 1),
    )
    assert Belonging.objects.get(person=one, until_date=None).from_date == date(2026, 11, 1)
    assert line("arrival.record").facts["new"] is True
    actions.undo_event(by=officer, at=now, event_id=event.id)
    one.refresh_from_db()
    assert (one.household, one.resident) == (None, False)


def test_nobody_is_drawn_out_of_another_register_and_who_serves_both_places_is_told(
    lived: Home, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    _bonto_jai()
    far = actions.register_person(
        by=neighbour, at=now, full_name="Hasnah Binti Tompo", sex="P", birth_date=date(1988, 4, 5), nik="7303014504880007",
        region_code=BONTO_JAI,
    ).person  # fmt: skip
    far.refresh_from_db()
    come: dict[str, Any] = {"by": officer, "at": now, "household_id": lived.household.id}
    with pytest.raises(NotFound):
        actions.record_arrival(who=_asked(far), person_id=far.id, **come)
    new = actions.record_arrival(who=_asked(far), from_region=BONTO_JAI, **come)
    assert (new.id != far.id, new.region_code) == (True, DUNGKAIT)
    assert not Suspicion.objects.exists()  # nothing is looked up while somebody waits for the page
    with pytest.raises(NotAllowed):
        matching_acts.compare_arrivals(by=officer, at=now)
    assert matching_acts.compare_arrivals(by=MACHINE, at=now + timedelta(days=4)) == 0
    assert matching_acts.compare_arrivals(by=MACHINE, at=now) == 1
    assert matching_acts.compare_arrivals(by=MACHINE, at=now) == 0
    assert line("arrivals.compare").facts == {"new": 1}
    found = Suspicion.objects.get()
    assert {found.first_id, found.second_id} == {new.id, far.id}
    for one in (officer, neighbour, actor("manager")):
        assert not access.suspicions(one).exists()
    both = actor("manager", areas=("7602", "7303"))
    assert list(access.suspicions(both)) == [found]
    far.refresh_from_db()
    assert far.region_code == BONTO_JAI
    with pytest.raises(arrivals.LivesHereAlready):
        actions.record_arrival(who=_asked(new), person_id=new.id, **come)


def test_who_left_is_listed_a_year_and_never_with_a_sensitive_category(
    lived: Home, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    _bonto_jai()
    (event,) = actions.record_move(by=officer, at=now, person_ids=[lived.child.id], to_region=BONTO_JAI)
    today = now.date()
    assert residents.departures(officer, DUNGKAIT, today) == [event]
    assert residents.departures(officer, DUNGKAIT, today + timedelta(days=400)) == []
    assert residents.departures(neighbour, DUNGKAIT, today) == []
    page = register.page_of(officer, lived.household.id, today)
    assert [one.person_id for one in page.former] == [lived.child.id]
    category = min(lists.sensitive_categories())
    Flag.objects.create(
        person=lived.child, category=category, source="visit", since_date=today, set_at=now, ended_date=today
    )
    assert residents.departures(officer, DUNGKAIT, today) == []
    page = register.page_of(officer, lived.household.id, today)
    assert page.former == ()
    assert lived.child.id not in {one.person_id for one in page.events}
    assert [access.sees_destination(actor(role)) for role in ("back_office", "supervisor", "manager")] == [
        False,
        False,
        True,
    ]


def test_an_arrival_refuses_and_is_not_everybodys(
    lived: Home, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    key = lived.household.id
    who = matching.Asked(name="Rosmini")
    with pytest.raises(_reading.DayImpossible):
        actions.record_arrival(by=officer, at=now, household_id=key, who=who, on_date=date(2027, 1, 1))
    with pytest.raises(actions.NameMissing):
        actions.record_arrival(by=officer, at=now, household_id=key, who=matching.Asked(name=""))
    with pytest.raises(NotFound):
        actions.record_arrival(by=neighbour, at=now, household_id=key, who=who)
    Person.objects.filter(id=lived.child.id).update(life="dead")
    with pytest.raises(Refused):
        actions.record_arrival(by=officer, at=now, household_id=key, who=who, person_id=lived.child.id)
    Person.objects.filter(id=lived.wife.id).update(restricted_at=now)
    with pytest.raises(NotFound):
        actions.record_arrival(by=officer, at=now, household_id=key, who=who, person_id=lived.wife.id)
    with pytest.raises(NotFound):
        actions.record_arrival(by=actor("partner"), at=now, household_id=key, who=who)


# --- refusals in the reader's language ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "key", "typed", "indonesian", "english"),
    [
        ("house", "floor_area_dm2", "tiga", "Luas lantai", "Floor area"),
        ("house", "floor", "99", "Lantai terluas", "floor"),
        ("household", "fridge", "x", "Lemari es", "ridge"),
        ("household", "meals_per_day", "-4", "Makan", "eals"),
        ("profile", "id_papers", "99", "identitas", "papers"),
        ("person", "birth_date", "besok", "Tanggal lahir", "birth"),
    ],
)
def test_a_refusal_names_the_field_in_the_readers_language(
    about: str, key: str, typed: str, indonesian: str, english: str
) -> None:
    field = field_queries.of(about)[key]
    with pytest.raises(Refused) as refusal:
        field_queries.read(about, key, typed)
    for language in ("id", "en"):
        with translation.override(language):
            assert field.label(language) in str(refusal.value)
    assert indonesian.casefold() in field.label("id").casefold()
    assert english.casefold() in field.label("en").casefold()
