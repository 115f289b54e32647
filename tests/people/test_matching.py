"""Keys in the table, who may be meant, pairs that wait, and what a person decides about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people import actions, queries
from simpul.people.actions import _keys
from simpul.people.models import MatchKey, Person, Suspicion
from simpul.people.queries import suspicions

DUNGKAIT = "7602132001"
BONTO_JAI = "7303012008"
NIK = "7602134107900003"

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    """Who decides in Mamuju."""
    return Actor(role="manager", name="Marwah", region_code="7602", strong=True)


def registered(by: Actor, at: datetime, **given: Any) -> Person:
    wanted: dict[str, Any] = {"full_name": "Siti Nurhayati", "region_code": DUNGKAIT}
    return actions.register_person(by=by, at=at, **(wanted | given)).person


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Nurhajati", "nik": NIK},
        {"name": "Nurhayati", "nik": "7602130107900003"},
        {"name": "Hj. Sitti Nurhayati", "birth_date": date(1990, 7, 1)},
        {"name": "Dg. Kanang / St. Noerhajati", "birth_date": date(1990, 1, 1), "region_code": DUNGKAIT},
        {"name": "", "nik": NIK},
    ],
)
def test_a_person_is_found_although_something_was_typed_otherwise(
    village: Any, officer: Actor, now: datetime, asked: dict[str, Any]
) -> None:
    person = registered(officer, now, nik=NIK, sex="P", birth_date=date(1990, 7, 1))
    found = queries.who(officer, **asked)
    assert [one.person for one in found] == [person]
    assert found[0].reasons


@pytest.mark.parametrize("place", [place for place in range(15) if NIK[place] != NIK[place + 1]])
def test_two_digits_that_changed_places_hide_nobody(
    village: Any, officer: Actor, now: datetime, place: int
) -> None:
    """Wherever they stand, and although neither a birth date nor a village was said."""
    person = registered(officer, now, nik=NIK, sex="P", birth_date=date(1990, 7, 1))
    typed = f"{NIK[:place]}{NIK[place + 1]}{NIK[place]}{NIK[place + 2 :]}"
    assert [one.person for one in queries.who(officer, name=person.full_name, nik=typed)] == [person]


def test_it_is_no_oracle_for_other_areas(
    village: Any, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    registered(officer, now, nik=NIK, birth_date=date(1990, 7, 1))
    assert queries.who(neighbour, name="Siti Nurhayati", nik=NIK, birth_date=date(1990, 7, 1)) == []
    asked = [queries.Asked("Siti Nurhayati", nik=NIK)]
    assert queries.who_all(neighbour, asked) == [[]]
    assert len(queries.who_all(officer, asked)[0]) == 1


def test_keys_hold_no_nik_and_follow_changes(village: Any, officer: Actor, now: datetime) -> None:
    person = registered(officer, now, nik=NIK)
    before = set(MatchKey.objects.filter(person=person).values_list("key", flat=True))
    assert before and all(0 <= key < 2**63 for key in before)
    actions.change_person(by=officer, at=now, person_id=person.id, changes={"full_name": "Rosdiana"})
    after = set(MatchKey.objects.filter(person=person).values_list("key", flat=True))
    assert after != before
    assert [one.person for one in queries.who(officer, name="Rosdiana", region_code=DUNGKAIT)] == [person]


def test_a_person_whose_data_stand_still_is_not_offered(village: Any, officer: Actor, now: datetime) -> None:
    person = registered(officer, now, nik=NIK)
    Person.objects.filter(id=person.id).update(restricted_at=now)
    assert queries.who(officer, name="Siti Nurhayati", nik=NIK) == []


def test_nobody_is_found_by_an_unknown_name(village: Any, officer: Actor, now: datetime) -> None:
    registered(officer, now, full_name="tidak diketahui")
    assert queries.who(officer, name="tidak diketahui", region_code=DUNGKAIT) == []


def test_one_question_and_a_list_ask_few_queries(village: Any, officer: Actor, now: datetime) -> None:
    for number in range(30):
        registered(
            officer,
            now,
            full_name=f"Siti Nurhayati {'abcdefghij'[number % 10]}",
            nik=f"76021341079000{number:02d}",
        )
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.who(officer, name="Siti Nurhayati", nik=NIK, region_code=DUNGKAIT)
    with CaptureQueriesContext(connection) as many:
        queries.who_all(officer, [queries.Asked("Siti Nurhayati", nik=NIK, region_code=DUNGKAIT)] * 40)
    assert len(one) <= 3
    assert len(many) <= 3


def test_a_key_of_too_many_is_narrowed_to_the_own_area(
    village: Any, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    people = Person.objects.bulk_create(
        Person(
            full_name="Sangkala",
            name_key="sangkala",
            region_code=BONTO_JAI,
            registered_at=now,
            birth_date=date(1980, 3, 4),
        )
        for _one in range(130)
    )
    _keys.write_keys(people)
    mine = registered(officer, now, full_name="Sangkala", birth_date=date(1980, 3, 4))
    assert mine in [one.person for one in queries.who(officer, name="Sangkala", birth_date=date(1980, 3, 4))]
    assert len(queries.who(neighbour, name="Sangkala", birth_date=date(1980, 3, 4), limit=3)) == 3


def test_keys_are_made_anew_for_an_area(village: Any, officer: Actor, now: datetime) -> None:
    registered(officer, now)
    MatchKey.objects.all().delete()
    assert actions.build_keys(by=MACHINE, at=now, region_code="7602") == 1
    assert MatchKey.objects.exists()
    line = Line.objects.get(kind="keys.build")
    assert line.facts["persons"] == 1
    with pytest.raises(NotAllowed):
        actions.build_keys(by=officer, at=now, region_code="7602")


@pytest.fixture
def pair(village: Any, officer: Actor, manager: Actor, now: datetime) -> Suspicion:
    """Somebody who was written down twice."""
    registered(officer, now, nik=NIK, sex="P", birth_date=date(1990, 7, 1))
    registered(officer, now, full_name="NURHAJATI", nik=NIK, sex="P", birth_date=date(1990, 1, 1))
    registered(officer, now, full_name="Baso Rahim", sex="L", birth_date=date(1970, 5, 5))
    found = actions.find_duplicates(by=manager, at=now, region_code="7602")
    assert (found.persons, found.pairs, found.new) == (3, 1, 1)
    return Suspicion.objects.get()


def test_pairs_are_found_once_and_nothing_is_merged(pair: Suspicion, manager: Actor, now: datetime) -> None:
    assert pair.score > 0.9
    assert "nik.same" in pair.reasons
    assert Line.objects.get(kind="duplicates.find").facts == {"persons": 3, "pairs": 1, "new": 1}
    again = actions.find_duplicates(by=manager, at=now, region_code="7602")
    assert again.new == 0
    assert Suspicion.objects.count() == 1
    assert not Person.objects.filter(life="merged").exists()


def test_who_may_not_look_for_pairs(village: Any, officer: Actor, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.find_duplicates(by=officer, at=now, region_code="7602")


@pytest.mark.parametrize("decision", ["same", "different"])
def test_a_person_decides_with_words(pair: Suspicion, manager: Actor, now: datetime, decision: str) -> None:
    row = actions.settle_suspicion(
        by=manager, at=now, suspicion_id=pair.id, decision=decision, words="Melihat kedua KTP."
    )
    assert (row.state, row.decided_by) == (decision, "Marwah")
    line = Line.objects.get(kind="suspicion.settle")
    assert line.facts["decision"] == decision
    with pytest.raises(actions.SettledAlready):
        actions.settle_suspicion(by=manager, at=now, suspicion_id=pair.id, decision="same", words="x")


def test_a_decision_needs_words_and_an_answer(pair: Suspicion, manager: Actor, now: datetime) -> None:
    with pytest.raises(actions.WordsMissing):
        actions.settle_suspicion(by=manager, at=now, suspicion_id=pair.id, decision="same", words=" ")
    with pytest.raises(actions.DecisionUnreadable):
        actions.settle_suspicion(by=manager, at=now, suspicion_id=pair.id, decision="maybe", words="x")


def test_others_see_no_pair_and_decide_nothing(
    pair: Suspicion, officer: Actor, manager: Actor, now: datetime
) -> None:
    stranger = Actor(role="manager", name="Asdar", region_code="7303", strong=True)
    for actor in (officer, stranger):
        assert suspicions.listed(actor).total == 0
        with pytest.raises(NotFound):
            actions.settle_suspicion(by=actor, at=now, suspicion_id=pair.id, decision="same", words="x")
    with pytest.raises(NotFound):
        suspicions.side_by_side(manager, uuid4())
    assert suspicions.listed(manager).total == suspicions.waiting(manager) == 1
