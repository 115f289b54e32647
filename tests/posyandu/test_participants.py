"""Cards: enrolment with what is asked back, the head, a move between posyandu, growing out of a form, closing and opening again."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from simpul.journal.models import Line
from simpul.lib.errors import NotFound, Refused
from simpul.people.models import Person
from simpul.posyandu.actions import participants
from simpul.posyandu.models import Participant
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.queries import participants as queries
from simpul.posyandu.rules import participants as rules
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import BORN, TODAY, Furnished, enrol, person, record
from tests.posyandu.follow_help import at_once, slowly

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def newcomer(cast: Cast, there: Furnished, name: str, **more: Any) -> Participant:
    who = participants.Newcomer(name, more.pop("sex", "P"), more.pop("born", BORN), more.pop("nik", ""))
    given = {"by": cast.cadre, "at": NOW, "form": "B", **more}
    return participants.enrol_participant(posyandu_id=there.melati.id, newcomer=who, **given)


def test_a_resident_is_enrolled_once_and_the_line_tells_no_health(cast: Cast, there: Furnished) -> None:
    key = uuid4()
    card = enrol(cast, there.melati, there.child, participant_id=key, mother_id=there.mother.id)
    assert enrol(cast, there.melati, there.child, participant_id=key).id == card.id == key
    assert (card.region_code, card.form, card.mother) == (there.melati.region_code, "B", there.mother)
    with pytest.raises(participants.OnListAlready):
        enrol(cast, there.melati, there.child)
    assert Line.objects.filter(kind="participant.enrol").count() == 1
    with pytest.raises(NotFound):
        enrol(cast, there.mawar, there.child, participant_id=key)


def test_a_newcomer_becomes_a_resident_in_the_mothers_household(cast: Cast, there: Furnished) -> None:
    card = newcomer(cast, there, "Bayi Hawang", born=TODAY - timedelta(days=20), mother_id=there.mother.id)
    assert (
        card.person.household_id == there.mother.household_id
        and card.person.birth_date == TODAY - timedelta(days=20)
    )
    alone = newcomer(cast, there, "Tamu Baru", born=date(1980, 1, 1), form="D")
    assert alone.person.region_code == there.melati.region_code and alone.person.household_id is None


def test_twins_are_a_question_and_not_a_refusal(cast: Cast, there: Furnished) -> None:
    enrol(cast, there.melati, there.child, mother_id=there.mother.id)
    with pytest.raises(participants.PerhapsTwins) as asked:
        newcomer(cast, there, "Nur Azizah", mother_id=there.mother.id)
    assert "Nur Aisyah" in str(asked.value)
    twin = newcomer(cast, there, "Nur Azizah", mother_id=there.mother.id, sure=["twins"])
    assert (
        Participant.objects.filter(mother=there.mother).count() == 2 and twin.person.full_name == "Nur Azizah"
    )
    own = person("Nur Azima", household=there.mother.household)
    with pytest.raises(participants.PerhapsTwins):
        enrol(cast, there.melati, own, mother_id=there.mother.id)


def test_somebody_who_looks_known_is_asked_about(cast: Cast, there: Furnished) -> None:
    with pytest.raises(participants.PerhapsKnown) as asked:
        newcomer(cast, there, "Nur Aisyah")
    assert "Nur Aisyah" in str(asked.value)
    before = Person.objects.count()
    other = newcomer(cast, there, "Nur Aisyah", sure=["another"])
    assert Person.objects.count() == before + 1 and other.person_id != there.child.id


def test_a_card_elsewhere_proposes_to_take_it_over_and_history_follows(cast: Cast, there: Furnished) -> None:
    old = enrol(cast, there.mawar, there.child)
    record(cast, old, date(2026, 10, 10), weight=8200)
    with pytest.raises(participants.AtAnotherPosyandu) as asked:
        enrol(cast, there.melati, there.child)
    assert "Posyandu Mawar" in str(asked.value)
    key = uuid4()
    new = participants.move_participant(
        by=cast.cadre, at=NOW, participant_id=old.id, posyandu_id=there.melati.id, new_id=key
    )
    again = participants.move_participant(
        by=cast.cadre, at=NOW, participant_id=old.id, posyandu_id=there.melati.id, new_id=key
    )
    old.refresh_from_db()
    assert again.id == new.id == key and (old.closed_why, old.closed_date) == ("moved", TODAY)
    assert new.moved_from_id == old.id
    row = record(cast, new, TODAY, weight=8250)
    assert row.status == "T" and row.posyandu_id == there.melati.id
    assert len(entry_queries.lines_of(new)) == 2 == len(entry_queries.lines_of(old))
    with pytest.raises(participants.ClosedAlready):
        participants.move_participant(
            by=cast.cadre, at=NOW, participant_id=old.id, posyandu_id=there.melati.id
        )
    with pytest.raises(participants.SamePosyandu):
        participants.move_participant(
            by=cast.cadre, at=NOW, participant_id=new.id, posyandu_id=there.melati.id
        )
    with pytest.raises(NotFound):
        participants.move_participant(by=cast.cadre, at=NOW, participant_id=new.id, posyandu_id=there.far.id)


def test_nothing_is_told_about_another_areas_register(cast: Cast, there: Furnished) -> None:
    far = person("Anak Jauh", nik="7303010101250001", nik_index="x", region_code=there.far.region_code)
    assert queries.find_persons(cast.cadre, "Anak Jauh") == []
    with pytest.raises(NotFound):
        enrol(cast, there.melati, far)
    assert newcomer(cast, there, "Anak Jauh", born=far.birth_date).person_id != far.id


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"form": "E"}, participants.FormUnknown),
        ({"name": "  "}, participants.WhoMissing),
        ({"born": None}, participants.BirthDateMissing),
    ],
)
def test_what_is_refused(cast: Cast, there: Furnished, more: dict[str, Any], refusal: type[Refused]) -> None:
    name = more.pop("name", "Siapa")
    with pytest.raises(refusal):
        newcomer(cast, there, name, **more)
    assert not Participant.objects.exists()


def test_the_head_of_the_card_is_changed_and_emptied(cast: Cast, there: Furnished) -> None:
    card = enrol(cast, there.melati, there.child, details={"birth_weight": 2300, "phone": "0812"})
    card = participants.change_details(
        by=cast.midwife,
        at=NOW,
        participant_id=card.id,
        details={"birth_weight": 2400, "phone": ""},
        mother_id=there.mother.id,
    )
    assert card.details == {"birth_weight": 2400} and card.mother == there.mother
    line = Line.objects.get(kind="details.change")
    assert line.facts["changed"] == ["birth_weight", "phone"] and "2400" not in str(line.inputs)


def test_who_has_outgrown_the_form_is_suggested_and_advanced_once(cast: Cast, there: Furnished) -> None:
    grown = enrol(
        cast, there.melati, person("Sudah Sekolah", date(2020, 11, 1)), opened_date=date(2021, 1, 1)
    )
    small = enrol(cast, there.melati, there.child)
    assert queries.outgrown(cast.cadre, there.melati, TODAY) == [(grown, "C")]
    with pytest.raises(participants.FormStillFits):
        participants.advance_participant(by=cast.cadre, at=NOW, participant_id=small.id)
    new = participants.advance_participant(by=cast.cadre, at=NOW, participant_id=grown.id)
    assert participants.advance_participant(by=cast.cadre, at=NOW, participant_id=grown.id).id == new.id
    grown.refresh_from_db()
    assert (new.form, grown.closed_why) == ("C", "aged")
    assert queries.outgrown(cast.cadre, there.melati, TODAY) == []


@pytest.mark.parametrize(
    ("born", "form", "wanted"),
    [
        (date(2020, 11, 23), "B", "C"),
        (date(2020, 11, 24), "B", ""),
        (date(2007, 11, 23), "C", "D"),
        (date(2007, 11, 24), "C", ""),
        (date(2005, 1, 1), "B", "D"),
        (date(1990, 1, 1), "A", ""),
        (None, "B", ""),
        (date(2027, 1, 1), "B", ""),
    ],
)
def test_forms_by_age(born: date | None, form: str, wanted: str) -> None:
    assert rules.next_form(form, born, TODAY) == wanted


def test_closing_and_opening_again(cast: Cast, there: Furnished) -> None:
    card = enrol(cast, there.melati, there.child)
    close = {"by": cast.cadre, "at": NOW, "participant_id": card.id}
    with pytest.raises(participants.CloseUnknown):
        participants.close_participant(**close, why="moved")
    for day in (date(2025, 1, 1), TODAY + timedelta(days=1)):
        with pytest.raises(participants.DayBeforeOpening):
            participants.close_participant(**close, why="away", on_date=day)
    participants.close_participant(**close, why="away", on_date=TODAY)
    participants.close_participant(**close, why="died")
    card.refresh_from_db()
    assert card.closed_why == "away"
    elsewhere = enrol(cast, there.mawar, there.child)
    with pytest.raises(participants.AtAnotherPosyandu):
        participants.reopen_participant(**close)
    participants.close_participant(by=cast.cadre, at=NOW, participant_id=elsewhere.id, why="mistake")
    assert participants.reopen_participant(**close).closed_date is None
    assert participants.reopen_participant(**close).closed_date is None
    kinds = list(Line.objects.filter(kind__startswith="participant.").values_list("kind", flat=True))
    assert kinds.count("participant.close") == 2 and kinds.count("participant.reopen") == 1


def test_only_those_of_the_area_who_look_after_people(cast: Cast, there: Furnished) -> None:
    card = enrol(cast, there.melati, there.child)
    for outsider in (cast.neighbour_cadre, cast.village_head, cast.secretary):
        acts: list[tuple[Any, dict[str, Any]]] = [
            (participants.change_details, {"details": {}}),
            (participants.move_participant, {"posyandu_id": there.mawar.id}),
            (participants.advance_participant, {}),
            (participants.close_participant, {"why": "away"}),
            (participants.reopen_participant, {}),
        ]
        for act, more in acts:
            with pytest.raises(NotFound):
                act(by=outsider, at=NOW, participant_id=card.id, **more)
        with pytest.raises(NotFound):
            newcomer(cast, there, "Orang Baru", by=outsider)
        assert queries.listed(outsider, there.melati, queries.Filters()) == ([], False)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_enrolled_at_two_posyandu_at_once_there_is_one_card(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(participants, "_make", slowly(participants._make))
    found = at_once(
        lambda: enrol(cast, there.melati, there.child), lambda: enrol(cast, there.mawar, there.child)
    )
    kinds = {type(one) for one in found}
    assert kinds == {Participant, participants.AtAnotherPosyandu} and Participant.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_put_on_the_next_form_and_enrolled_elsewhere_at_once_there_is_one_card(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = enrol(cast, there.melati, person("Anak Besar", date(2019, 1, 1)))
    monkeypatch.setattr(participants, "_make", slowly(participants._make))
    found = at_once(
        lambda: participants.advance_participant(by=cast.cadre, at=NOW, participant_id=grown.id),
        lambda: enrol(cast, there.mawar, grown.person, "C"),
    )
    assert not [one for one in found if isinstance(one, IntegrityError)], found
    assert Participant.objects.filter(person=grown.person, closed_date=None).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_opened_again_and_enrolled_elsewhere_at_once_there_is_one_card(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = enrol(cast, there.melati, there.child)
    participants.close_participant(by=cast.cadre, at=NOW, participant_id=card.id, why="mistake")
    look = participants._people.open_card

    def and_wait(person_id: UUID, form: str) -> Participant | None:
        found = look(person_id, form)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(participants._people, "open_card", and_wait)
    found = at_once(
        lambda: participants.reopen_participant(by=cast.cadre, at=NOW, participant_id=card.id),
        lambda: enrol(cast, there.mawar, there.child),
    )
    assert not [one for one in found if isinstance(one, IntegrityError)], found
    assert Participant.objects.filter(person=there.child, closed_date=None).count() == 1
