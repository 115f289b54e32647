"""What is written away from the register and carried back: nothing is overwritten unseen, and the same act twice changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.people import actions
from simpul.people.actions import (
    ContactSettledAlready,
    TwinsSettledAlready,
    matching,
    twins,
)
from simpul.people.models import (
    Belonging,
    Contact,
    ContactDoubt,
    Family,
    Household,
    HouseholdDoubt,
    Observation,
    Person,
    Suspicion,
)
from simpul.people.queries import doubts, seen
from simpul.people.rules import history
from simpul.regions.models import Region
from tests.people.register import DUNGKAIT, KK, Home, actor, home, person, said

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = NOW.date()
KADER = actor("facilitator", DUNGKAIT)
CHIEF = actor("coordinator", "7602")


@pytest.fixture
def lived(village: Region) -> Home:
    return home(KADER, NOW - timedelta(days=60))


def _hash(text: str) -> str:
    return history.seen_hash(text)


def _lines(kind: str) -> int:
    return Line.objects.filter(kind=kind).count()


def _household(lived: Home, value: str, **more: Any) -> Any:
    return actions.change_household(
        by=KADER,
        at=NOW,
        household_id=lived.household.id,
        changes={"meals_per_day": value},
        said=said(TODAY - timedelta(days=more.pop("days", 0))),
        **more,
    )


# --- fields -----------------------------------------------------------------------------------------------------------------


def test_an_edit_with_sight_replaces_whatever_its_day(lived: Home) -> None:
    _household(lived, "3", days=0)
    told = seen.seen_hashes("household", Household.objects.get(id=lived.household.id))
    done = _household(lived, "1", days=40, seen=told, event_id=uuid7())
    lived.household.refresh_from_db()
    assert lived.household.meals_per_day == 1 and not done.conflicts
    assert "meals_per_day" in done.changed[lived.household.id]


def test_two_officers_who_did_not_see_each_other_keep_both_until_somebody_settles(lived: Home) -> None:
    told = seen.seen_hashes("household", lived.household)
    _household(lived, "3", seen=told, event_id=uuid7())
    done = _household(lived, "1", days=5, seen=told, event_id=uuid7())
    lived.household.refresh_from_db()
    assert lived.household.meals_per_day == 3  # the column keeps its value
    assert done.conflicts == [(lived.household.id, "meals_per_day")]
    _household(lived, "2", seen=None)  # the newest word at the desk joins: it does not decide
    rows = Observation.objects.filter(subject_id=lived.household.id, field="meals_per_day", state="conflict")
    assert {one.value for one in rows} == {"3", "1", "2"} and all(one.rival for one in rows)
    now = seen.seen_hashes("household", Household.objects.get(id=lived.household.id))
    assert now["meals_per_day"] == _hash("1|2|3")
    actions.settle_conflict(by=CHIEF, at=NOW, observation_id=rows.get(value="1").id, why="Ditanya lagi")
    lived.household.refresh_from_db()
    assert lived.household.meals_per_day == 1
    assert not Observation.objects.filter(subject_id=lived.household.id, rival__isnull=False).exists()
    assert _household(lived, "2", seen=None).conflicts == []


def test_the_same_event_again_changes_nothing_and_leaves_no_second_line(lived: Home) -> None:
    event, told = uuid7(), seen.seen_hashes("household", lived.household)
    _household(lived, "3", seen=told, event_id=event)
    before = (Observation.objects.count(), _lines("household.change"))
    _household(lived, "4")  # somebody changes it at the desk afterwards
    again = _household(lived, "3", seen=told, event_id=event)
    lived.household.refresh_from_db()
    assert again.is_again and lived.household.meals_per_day == 4
    assert (Observation.objects.count(), _lines("household.change")) == (before[0] + 1, before[1] + 1)


def test_equal_values_are_no_conflict_and_names_alone_say_unseen(lived: Home) -> None:
    _household(lived, "3")
    assert _household(lived, "3", unseen=("meals_per_day",), event_id=uuid7()).conflicts == []
    assert _household(lived, "5", unseen=["meals_per_day"], event_id=uuid7()).conflicts


def test_house_family_and_profile_follow_the_same_rule(lived: Home) -> None:
    kept: dict[str, Any] = {"by": KADER, "at": NOW, "unseen": ("floor", "decile", "kis_state", "nik")}
    house = lived.household.house
    assert house is not None
    done = actions.change_house(house_id=house.id, changes={"floor": "7"}, event_id=uuid7(), **kept)
    assert done.conflicts == [(house.id, "floor")]
    done = actions.change_family(family_id=lived.family.id, changes={"decile": 5}, event_id=uuid7(), **kept)
    assert done.conflicts == [(lived.family.id, "decile")]
    actions.change_profile(by=KADER, at=NOW, person_id=lived.wife.id, changes={"kis_state": "active"})
    done = actions.change_profile(
        person_id=lived.wife.id, changes={"kis_state": "none"}, event_id=uuid7(), **kept
    )
    assert done.conflicts == [(lived.wife.id, "kis_state")]
    profile = lived.wife.profile
    assert seen.seen_hashes("profile", profile)["kis_state"] == _hash("active|none")


def test_every_field_of_a_person_has_a_history_numbers_too(lived: Home) -> None:
    first = {"needs": "huruf besar", "language": "bjn", "nik": "7602134505840002", "full_name": "Siti Aminah"}
    actions.change_person(by=KADER, at=NOW, person_id=lived.wife.id, changes=first)  # type: ignore[arg-type]
    now = seen.seen_hashes("person", Person.objects.get(id=lived.wife.id))
    assert now["nik"] == _hash("7602134505840002") and now["needs"] == _hash("huruf besar")
    assert now["region_code"] == _hash(DUNGKAIT) and now["household_id"] == _hash(str(lived.household.id))
    other = {"needs": "juru bahasa", "language": "id", "nik": "7602134505840003", "full_name": "Sitti Aminah"}
    event = uuid7()
    for _turn in range(2):
        actions.change_person(
            by=KADER,
            at=NOW,
            person_id=lived.wife.id,
            changes=other,  # type: ignore[arg-type]
            seen=dict.fromkeys(other, ""),
            event_id=event,
        )
    row = Person.objects.get(id=lived.wife.id)
    assert (row.needs, row.language, row.nik, row.full_name) == tuple(first.values())
    torn = Observation.objects.filter(subject_id=row.id, state="conflict")
    assert {one.field for one in torn} == set(other) and torn.count() == 8
    assert not any("7602134505840003" in one.value for one in torn)  # sealed
    line = Line.objects.filter(kind="person.change").latest("recorded_at")
    assert line.facts["conflicts"] == sorted(other)
    actions.settle_conflict(
        by=CHIEF, at=NOW, observation_id=torn.filter(field="language").exclude(value="bjn").get().id
    )
    assert Person.objects.get(id=row.id).language == "id"


def test_unseen_fields_for_a_page(lived: Home) -> None:
    told = seen.seen_hashes("household", lived.household)
    names = ("meals_per_day", "fridge")
    assert seen.unseen_fields("household", lived.household.id, told, names) == set()
    _household(lived, "3")
    assert seen.unseen_fields("household", lived.household.id, told, names) == {"meals_per_day"}
    assert seen.unseen_fields("household", uuid4(), told, names) == set(names)
    assert {"decile", "kk"} <= set(seen.fields_of("family"))
    with pytest.raises(KeyError):
        seen.fields_of("lampu")


# --- ways to reach a person ---------------------------------------------------------------------------------------------------


def _phone(lived: Home, typed: str, **more: Any) -> Contact:
    return actions.add_contact(
        by=KADER, at=NOW, person_id=lived.head.id, channel="phone", as_typed=typed, **more
    )


def test_two_numbers_written_unseen_are_both_kept_with_a_question(lived: Home) -> None:
    first, key = _phone(lived, "0812 1111 1111"), uuid7()
    second = _phone(lived, "0812 2222 2222", contact_id=key, seen_ids=())
    assert _phone(lived, "0812 2222 2222", contact_id=key, seen_ids=()) == second
    (doubt,) = ContactDoubt.objects.all()
    assert (doubt.first_id, doubt.second_id, second.id) == (first.id, key, key)
    assert Contact.objects.filter(person=lived.head, is_current=True).count() == 2
    assert doubts.contacts(CHIEF) == [doubt] and doubts.waiting(CHIEF) == 1
    assert doubts.contacts(actor("coordinator", "7603")) == []
    third = _phone(lived, "0812 3333 3333", contact_id=uuid7(), seen_ids=[second.id])
    assert ContactDoubt.objects.filter(first=first, second=third).exists()
    with pytest.raises(NotAllowed):
        actions.settle_contact(by=KADER, at=NOW, doubt_id=doubt.id, chosen_id=key)
    actions.settle_contact(by=CHIEF, at=NOW, doubt_id=doubt.id, chosen_id=key, why="Ditelepon")
    first.refresh_from_db()
    assert not first.is_current and _lines("contact.settle") == 1
    left = ContactDoubt.objects.get(state="open")  # the question passes on to the number that holds
    assert {left.first_id, left.second_id} == {key, third.id}
    with pytest.raises(ContactSettledAlready):
        actions.settle_contact(by=CHIEF, at=NOW, doubt_id=doubt.id, chosen_id=key)
    with pytest.raises(NotFound):
        actions.settle_contact(by=CHIEF, at=NOW, doubt_id=left.id, chosen_id=first.id)
    actions.settle_contact(by=CHIEF, at=NOW, doubt_id=left.id)
    assert Contact.objects.filter(person=lived.head, is_current=True).count() == 2


def test_a_number_changed_unseen_stays_beside_and_the_careful_word_holds(lived: Home) -> None:
    contact = _phone(lived, "081211111111", safe_to_call=True)
    told = seen.seen_hashes("contact", contact)
    change: Any = {"by": KADER, "at": NOW, "contact_id": contact.id, "seen": told}
    actions.change_contact(changes={"as_typed": "0812 2222 2222"}, event_id=uuid7(), **change)
    event = uuid7()
    for _turn in range(2):
        actions.change_contact(changes={"as_typed": "081233333333"}, event_id=event, **change)
    doubt = ContactDoubt.objects.get()
    contact.refresh_from_db()
    assert (contact.address, doubt.second.address) == ("+6281222222222", "+6281233333333")
    unsafe: Any = {"changes": {"safe_to_call": False}, "seen": {"safe_to_call": _hash("")}}
    actions.change_contact(by=KADER, at=NOW, contact_id=contact.id, event_id=uuid7(), **unsafe)
    contact.refresh_from_db()
    assert contact.safe_to_call is False
    last = ContactDoubt.objects.exclude(id=doubt.id).get()
    assert (last.first_said["safe_to_call"], last.second_said["safe_to_call"]) == (True, False)
    actions.settle_contact(by=CHIEF, at=NOW, doubt_id=last.id, chosen_id=contact.id)
    contact.refresh_from_db()
    assert contact.safe_to_call is True
    # equal in another spelling is no question; "no longer used" is meant for the number that was seen
    actions.change_contact(changes={"as_typed": "+62 812-2222-2222"}, event_id=uuid7(), **change)
    actions.change_contact(changes={"is_current": False}, event_id=uuid7(), **change)
    contact.refresh_from_db()
    assert ContactDoubt.objects.count() == 2 and contact.is_current
    with pytest.raises(NotFound):
        _phone(
            Home(lived.household, lived.family, lived.wife, lived.wife, lived.child),
            "0811",
            contact_id=contact.id,
        )


# --- persons, households and families with keys of their own ----------------------------------------------------------------------


def test_registering_again_with_the_same_keys_changes_nothing(lived: Home) -> None:
    keys = {name: uuid7() for name in ("person", "household", "house", "family", "belonging", "card")}
    for _turn in range(2):
        one = person(KADER, NOW, "Marwah", person_id=keys["person"])
        kitchen = actions.open_household(
            by=KADER,
            at=NOW,
            region_code=DUNGKAIT,
            head_id=one.id,
            household_id=keys["household"],
            new_house_id=keys["house"],
        )
        card = actions.open_family(by=KADER, at=NOW, region_code=DUNGKAIT, family_id=keys["family"])
        for act, unit in ((actions.join_household, "household"), (actions.join_family, "family")):
            act(  # type: ignore[operator]
                by=KADER,
                at=NOW,
                person_id=lived.child.id,
                relation="3",
                belonging_id=keys["belonging" if unit == "household" else "card"],
                **{f"{unit}_id": keys[unit]},
            )
    assert (one.id, kitchen.id, kitchen.house_id, card.id) == tuple(
        keys[name] for name in ("person", "household", "house", "family")
    )
    assert Belonging.objects.filter(person=lived.child, until_date=None).count() == 2
    assert (_lines("person.register"), _lines("household.open"), _lines("family.open")) == (4, 2, 2)
    away = actor("facilitator", "7603062007")
    with pytest.raises(NotFound):
        actions.register_person(
            by=away, at=NOW, full_name="X", region_code="7603062007", person_id=keys["person"]
        )
    with pytest.raises(NotFound):
        actions.join_household(
            by=KADER, at=NOW, household_id=kitchen.id, person_id=lived.wife.id, belonging_id=keys["belonging"]
        )


def test_somebody_who_lives_elsewhere_by_now_is_not_moved(lived: Home) -> None:
    other = actions.open_household(by=KADER, at=NOW, region_code=DUNGKAIT, name="Rumah kebun")
    asked: Any = {
        "by": KADER,
        "at": NOW,
        "household_id": other.id,
        "person_id": lived.child.id,
        "relation": "3",
    }
    for _turn in range(2):
        assert actions.join_household(seen="", belonging_id=uuid7(), **asked) is None
    lived.child.refresh_from_db()
    assert lived.child.household_id == lived.household.id
    (doubt,) = doubts.households(CHIEF)
    assert (doubt.reason, doubt.first_id, doubt.second_id) == ("lives", lived.household.id, other.id)
    with pytest.raises(twins.TwinsDecisionUnreadable):
        actions.settle_household(by=CHIEF, at=NOW, doubt_id=doubt.id, decision="different")
    with pytest.raises(NotFound):
        actions.settle_household(
            by=actor("coordinator", "7603"), at=NOW, doubt_id=doubt.id, decision="second"
        )
    with pytest.raises(NotAllowed):
        actions.settle_household(by=KADER, at=NOW, doubt_id=doubt.id, decision="second")
    actions.settle_household(by=CHIEF, at=NOW, doubt_id=doubt.id, decision="second", words="Sekolah di sana")
    lived.child.refresh_from_db()
    assert lived.child.household_id == other.id and _lines("household.settle") == 1
    with pytest.raises(TwinsSettledAlready):
        actions.settle_household(by=CHIEF, at=NOW, doubt_id=doubt.id, decision="first")
    assert actions.join_household(seen=_hash(str(other.id)), **asked) is not None
    # asked again after it was settled, it is a new question
    asked["household_id"] = lived.household.id
    assert actions.join_household(seen="", **asked) is None and len(doubts.households(CHIEF)) == 1


def test_a_household_written_twice_is_linked_and_can_be_parted(lived: Home) -> None:
    actions.change_person(by=KADER, at=NOW, person_id=lived.head.id, changes={"nik": "7602131705800001"})
    twin = person(KADER, NOW, "Abd. Rahman", nik="7602131705800001")
    guest = person(KADER, NOW, "Hasnah")
    second = actions.open_household(
        by=KADER, at=NOW, region_code=DUNGKAIT, head_id=twin.id, household_id=uuid7()
    )
    actions.join_household(by=KADER, at=NOW, household_id=second.id, person_id=guest.id, relation="5")
    card = actions.open_family(
        by=KADER, at=NOW, region_code=DUNGKAIT, kk=KK, household_id=second.id, family_id=uuid7()
    )
    assert sorted(one.reason for one in doubts.households(CHIEF)) == ["card", "nik"]
    assert doubts.households(CHIEF, [second.id]) and not doubts.households(CHIEF, [uuid4()])
    doubt = HouseholdDoubt.objects.get(reason="nik")
    actions.settle_household(by=CHIEF, at=NOW, doubt_id=doubt.id, decision="same")
    second.refresh_from_db()
    lived.household.refresh_from_db()
    assert second.ended_date is not None and lived.household.head_id == lived.head.id
    assert set(Person.objects.filter(household=lived.household)) >= {lived.head, twin, guest}
    assert Family.objects.get(id=card.id).household_id == lived.household.id
    (joined,) = doubts.joined(CHIEF, [second.id])
    with pytest.raises(NotAllowed):
        actions.part_household(by=KADER, at=NOW, doubt_id=joined.id)
    actions.part_household(by=CHIEF, at=NOW, doubt_id=joined.id)
    second.refresh_from_db()
    assert second.ended_date is None and second.head_id == twin.id
    assert set(Person.objects.filter(household=second)) == {twin, guest}
    assert Person.objects.get(id=guest.id).household_relation == "bdt/5"
    assert Family.objects.get(id=card.id).household_id == second.id and _lines("household.part") == 1
    with pytest.raises(TwinsSettledAlready):
        actions.part_household(by=CHIEF, at=NOW, doubt_id=joined.id)


def test_a_household_of_the_same_name_and_birth_date_is_asked_about(lived: Home) -> None:
    again = person(KADER, NOW, "Abdul Rahman", birth_date=date(1980, 5, 17))
    actions.open_household(by=KADER, at=NOW, region_code=DUNGKAIT, head_id=again.id)
    assert [one.reason for one in doubts.households(CHIEF)] == ["name"]
    machine = actor("system", "")
    assert matching.compare_arrivals(by=machine, at=NOW) >= 1
    pair = sorted((again.id, lived.head.id))
    assert Suspicion.objects.filter(first_id=pair[0], second_id=pair[1]).exists()
