"""Wishes about personal data: 72 hours, a ground and a second person for every no, and what is done about a yes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.journal import actions as journal_actions
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages.models import Message
from simpul.people import access as people_access
from simpul.people.actions import consent as consent_actions
from simpul.people.actions import restricting
from simpul.people.models import Contact, Flag, Person
from simpul.people.queries import consent as consent_queries
from simpul.upkeep import access
from simpul.upkeep.actions import carrying, requests
from simpul.upkeep.models import RightsRequest, Tombstone
from simpul.upkeep.queries import requests as queries
from simpul.upkeep.rules import requests as rules
from tests.cast import NOW, Cast
from tests.upkeep.conftest import NAME, NIK, sitting


def asked(by: Actor, person: Person, kind: str, **given: Any) -> RightsRequest:
    wanted: dict[str, Any] = {"asked_by": NAME, "proof": "KTP dilihat di loket"}
    return requests.open_request(by=by, at=NOW, person_id=person.id, kind=kind, **(wanted | given))


def test_a_wish_has_seventy_two_hours_by_the_clock_on_the_wall(person: Person, officer: Actor) -> None:
    wish = asked(officer, person, "access", words="Saya mau tahu data saya")
    assert wish.due_at == NOW + timedelta(hours=72)
    assert rules.hours_left(wish.due_at, NOW + timedelta(hours=70, minutes=30)) == 1
    assert rules.hours_left(wish.due_at, NOW + timedelta(hours=75, minutes=30)) == -3
    line = Line.objects.get(kind="request.open")
    assert line.subject_id == person.id
    assert line.inputs is not None
    assert line.inputs["words"] == "Saya mau tahu data saya"


def test_what_a_wish_needs(person: Person, officer: Actor) -> None:
    for refusal, kind, given in (
        (requests.KindUnknown, "sell", {}),
        (requests.AskerMissing, "access", {"asked_by": " "}),
        (requests.ProofMissing, "access", {"proof": ""}),
    ):
        with pytest.raises(refusal):
            asked(officer, person, kind, **given)
    asked(officer, person, "access")
    with pytest.raises(requests.AlreadyAsked):
        asked(officer, person, "access")
    asked(officer, person, "erase")


def test_a_wish_that_came_as_a_matter_keeps_its_time(cast: Cast, officer: Actor) -> None:
    case = cast.case(kind_code="rights_request", answers={"right": "access"})
    later = NOW + timedelta(hours=5)
    assert case.reporter_id is not None
    wish = requests.open_request(
        by=officer,
        at=later,
        person_id=case.reporter_id,
        kind="access",
        asked_by=NAME,
        proof="KTP",
        case_id=case.id,
    )
    assert wish.received_at == NOW
    assert wish.due_at == NOW + timedelta(hours=72)
    stranger = cast.case(reporter=None, mode="anonymous")
    with pytest.raises(requests.NotTheirMatter):
        requests.open_request(
            by=officer,
            at=later,
            person_id=case.reporter_id,
            kind="erase",
            asked_by=NAME,
            proof="KTP",
            case_id=stranger.id,
        )


def test_who_may_not_take_a_wish_up(cast: Cast, person: Person) -> None:
    for nobody in (cast.neighbour, cast.administrator, cast.protection_officer, cast.partner):
        with pytest.raises(NotFound):
            asked(nobody, person, "access")


def test_a_refusal_needs_a_ground_and_a_second_person(
    cast: Cast, person: Person, officer: Actor, head: Actor
) -> None:
    wish = asked(officer, person, "access")
    propose: dict[str, Any] = {"by": officer, "at": NOW, "request_id": wish.id}
    with pytest.raises(requests.DecisionMissing):
        requests.propose_request(**propose, decision="perhaps")
    for ground, words in (("", "x"), ("others_data", ""), ("because", "x")):
        with pytest.raises(requests.GroundMissing):
            requests.propose_request(**propose, decision="refused", ground=ground, words=words)
    requests.propose_request(**propose, decision="refused", ground="others_data", words="Ada nama tetangga")
    with pytest.raises(requests.NotOpen):
        requests.propose_request(**propose, decision="granted")
    with pytest.raises(NotAllowed):
        requests.review_request(by=officer, at=NOW, request_id=wish.id, approve=True)
    with pytest.raises(requests.GroundMissing):
        requests.review_request(by=head, at=NOW, request_id=wish.id, approve=False)
    back = requests.review_request(by=head, at=NOW, request_id=wish.id, approve=False, words="hitamkan saja")
    assert back.state == "open"
    with pytest.raises(requests.NotOpen):
        requests.review_request(by=head, at=NOW, request_id=wish.id, approve=True)
    requests.propose_request(**propose, decision="refused", ground="endangers", words="Berbahaya")
    done = requests.review_request(by=head, at=NOW, request_id=wish.id, approve=True)
    assert (done.state, done.reviewed_by) == ("refused", head.name)
    assert Line.objects.filter(kind="request.review").count() == 2


def test_nobody_reviews_their_own_proposal(cast: Cast, person: Person, officer: Actor) -> None:
    wish = asked(officer, person, "erase")
    manager = cast.manager
    requests.propose_request(by=manager, at=NOW, request_id=wish.id, decision="granted")
    with pytest.raises(requests.SamePerson):
        requests.review_request(by=manager, at=NOW, request_id=wish.id, approve=True)


def test_the_person_is_told_what_became_of_it(
    cast: Cast, person: Person, officer: Actor, head: Actor
) -> None:
    wish = asked(officer, person, "access")
    tell: dict[str, Any] = {"by": officer, "at": NOW, "request_id": wish.id}
    with pytest.raises(requests.NotDoneYet):
        requests.tell_request(**tell, how="here")
    requests.propose_request(
        by=officer, at=NOW, request_id=wish.id, decision="refused", ground="defence", words="Tidak bisa"
    )
    requests.review_request(by=head, at=NOW, request_id=wish.id, approve=True)
    with pytest.raises(requests.HowUnknown):
        requests.tell_request(**tell, how="pigeon")
    with pytest.raises(requests.NoRoad):
        requests.tell_request(**tell, how="message")  # no gateway is set up here
    assert not Message.objects.filter(asked_key="rights_refused").exists()
    told = requests.tell_request(**tell, how="here", words="dijelaskan di loket")
    assert told.told_how == "here"
    with pytest.raises(requests.NotOpen):
        requests.tell_request(**tell, how="here")
    assert Line.objects.filter(kind="request.tell", subject_id=person.id).count() == 1


def test_late_wishes_are_marked_once(person: Person, officer: Actor) -> None:
    asked(officer, person, "access")
    assert requests.warn_requests(by=MACHINE, at=NOW + timedelta(hours=71)) == 0
    assert requests.warn_requests(by=MACHINE, at=NOW + timedelta(hours=73)) == 1
    assert requests.warn_requests(by=MACHINE, at=NOW + timedelta(hours=74)) == 0
    assert Line.objects.filter(kind="requests.warn").count() == 1
    with pytest.raises(NotAllowed):
        requests.warn_requests(by=officer, at=NOW)


def test_the_copy_holds_everything_and_the_trail(cast: Cast, person: Person, officer: Actor) -> None:
    journal_actions.record_view(
        by=cast.manager, at=NOW, subject_kind="person", subject_id=person.id, why="rapat"
    )
    wish = asked(officer, person, "access")
    copy = carrying.prepare_dossier(by=officer, at=NOW, request_id=wish.id)
    told = json.loads(copy.data)
    assert told["held"]["register"]["person"][0]["nik"] == NIK
    assert told["held"]["register"]["contacts"][0]["as_typed"] == "0812-4455-6677"
    assert any(line["who"] == cast.manager.name for line in told["trail"])
    line = Line.objects.get(kind="dossier.prepare")
    assert line.facts["digest"] == copy.digest
    assert NIK not in json.dumps([line.facts, line.inputs])
    wish.refresh_from_db()
    assert (wish.state, wish.done_facts["digest"]) == ("granted", copy.digest)
    again = carrying.prepare_dossier(by=officer, at=NOW, request_id=wish.id)
    assert Line.objects.filter(kind="dossier.prepare").count() == 2
    assert again.told["institution"]
    other = asked(officer, person, "erase")
    with pytest.raises(carrying.OtherKind):
        carrying.prepare_dossier(by=officer, at=NOW, request_id=other.id)
    with pytest.raises(NotFound):
        carrying.prepare_dossier(by=cast.neighbour, at=NOW, request_id=wish.id)
    with pytest.raises(NotAllowed):
        carrying.prepare_dossier(by=cast.protection_officer, at=NOW, request_id=wish.id)


def test_others_are_blacked_out_of_the_copy_and_protected_matters_left_out(
    cast: Cast, person: Person, officer: Actor
) -> None:
    case = cast.case(
        text_given="Tetangga saya Basri Lawa mengambil beras.",
        by=cast.admin,
        channel="desk",
        reporter=_given(person),
        parties=[intake.PartyGiven(role="accused", name="Basri Lawa")],
    )
    sealed = cast.case(by=cast.admin, channel="desk", reporter=_given(person))
    Case.objects.filter(id=sealed.id).update(sensitivity="sealed")
    wish = asked(officer, person, "access")
    copy = carrying.prepare_dossier(by=officer, at=NOW, request_id=wish.id)
    told = copy.data.decode()
    assert case.number in told
    assert "Basri Lawa" not in told
    assert sealed.number not in told


def _given(person: Person) -> intake.PersonGiven:
    return intake.PersonGiven(name=person.full_name, person_id=person.id)


def test_a_correction_keeps_the_old_value(cast: Cast, person: Person, officer: Actor) -> None:
    wish = asked(officer, person, "correct")
    with pytest.raises(carrying.NothingToCorrect):
        carrying.correct_person(by=officer, at=NOW, request_id=wish.id, changes={})
    carrying.correct_person(
        by=officer, at=NOW, request_id=wish.id, changes={"full_name": "Nurhayati Daeng Bolo"}
    )
    person.refresh_from_db()
    assert person.full_name == "Nurhayati Daeng Bolo"
    change = Line.objects.get(kind="person.change")
    assert change.inputs is not None
    assert change.inputs["before"]["full_name"] == NAME
    assert Line.objects.filter(kind="person.correct", subject_id=person.id).exists()
    with pytest.raises(NotAllowed):
        carrying.correct_person(
            by=cast.protection_officer, at=NOW, request_id=wish.id, changes={"called": "x"}
        )


def test_a_wish_is_carried_out_for_somebody_who_lives_elsewhere(
    cast: Cast, person: Person, officer: Actor
) -> None:
    wish = asked(officer, person, "restrict", words="Jangan pakai data saya")
    Person.objects.filter(id=person.id).update(region_code="7303012008")
    carrying.restrict_wish(by=officer, at=NOW, request_id=wish.id)
    person.refresh_from_db()
    assert person.restricted_at == NOW


def test_whose_data_stand_still_is_on_no_list(cast: Cast, person: Person, officer: Actor) -> None:
    wish = asked(officer, person, "restrict", words="Jangan pakai data saya")
    carrying.restrict_wish(by=officer, at=NOW, request_id=wish.id)
    person.refresh_from_db()
    assert person.restricted_at == NOW
    assert person not in people_access.visible(officer)
    assert people_access.person_for(officer, person.id) == person
    assert Tombstone.objects.get().why == "restricted"
    assert Line.objects.filter(kind="wish.restrict").exists()
    with pytest.raises(restricting.AlreadyRestricted):
        restricting.restrict_person(by=officer, at=NOW, person_id=person.id, why="lagi")
    with pytest.raises(restricting.RestrictReasonMissing):
        restricting.unrestrict_person(by=officer, at=NOW, person_id=person.id, why=" ")
    restricting.unrestrict_person(by=officer, at=NOW, person_id=person.id, why="warga mencabut")
    assert person in people_access.visible(officer)
    with pytest.raises(restricting.NotRestricted):
        restricting.unrestrict_person(by=officer, at=NOW, person_id=person.id, why="lagi")
    with pytest.raises(NotFound):
        restricting.restrict_person(by=cast.neighbour, at=NOW, person_id=person.id, why="x")
    with pytest.raises(NotFound):
        restricting.unrestrict_person(by=cast.neighbour, at=NOW, person_id=person.id, why="x")
    with pytest.raises(NotAllowed):
        restricting.restrict_person(by=sitting(cast, "cadre", 9), at=NOW, person_id=person.id, why="x")
    assert Line.objects.filter(kind__in=("person.restrict", "person.unrestrict")).count() == 2


def test_withdrawing_consents_at_a_persons_wish(cast: Cast, person: Person, officer: Actor) -> None:
    given = consent_actions.give_consent(
        by=officer, at=NOW, person_id=person.id, purpose="testimony", mode="tick", given_by=NAME
    )
    wish = asked(officer, person, "withdraw")
    with pytest.raises(carrying.NothingToWithdraw):
        carrying.withdraw_consents(by=officer, at=NOW, request_id=wish.id, consent_ids=[])
    with pytest.raises(NotFound):
        carrying.withdraw_consents(by=officer, at=NOW, request_id=wish.id, consent_ids=[wish.id])
    carrying.withdraw_consents(by=officer, at=NOW, request_id=wish.id, consent_ids=[given.id], why="batal")
    assert consent_queries.standing(person.id, "testimony", at=NOW) is None
    assert Line.objects.filter(kind="consents.withdraw").exists()


def test_the_list_of_wishes_is_for_the_area_and_for_the_watcher(
    cast: Cast, person: Person, officer: Actor, watcher: Actor
) -> None:
    wish = asked(officer, person, "access")
    assert [row.id for row in queries.listed(officer)] == [wish.id]
    assert [row.id for row in queries.listed(watcher)] == [wish.id]
    assert queries.listed(cast.neighbour) == []
    assert queries.listed(cast.administrator) == []
    assert queries.counts(officer, NOW + timedelta(hours=80)).late == 1
    with pytest.raises(NotFound):
        access.request_for(cast.neighbour_manager, wish.id)
    assert Contact.objects.filter(person=person).exists()


def test_a_copy_shows_who_hands_it_out_no_category_they_may_not_read(
    cast: Cast, person: Person, officer: Actor
) -> None:
    sensitive = min(people_access.sensitive_categories())
    Flag.objects.create(
        person=person, category=sensitive, note="rahasia sekali", source="officer", since_date=NOW.date(), set_at=NOW
    )  # fmt: skip
    restricting.restrict_person(by=cast.manager, at=NOW, person_id=person.id, why="diminta")
    wish = asked(officer, person, "access")
    assert b"rahasia sekali" not in carrying.prepare_dossier(by=officer, at=NOW, request_id=wish.id).data
    assert b"rahasia sekali" in carrying.prepare_dossier(by=cast.manager, at=NOW, request_id=wish.id).data
