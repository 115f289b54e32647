"""Shared causes: one cause, many receipts, one answer, many notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.cases.actions import following, handling, incidents, intake, protection, referral
from simpul.cases.models import Answer, Case, Clock
from simpul.cases.queries import similar
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast

LATER = NOW + timedelta(hours=3)
CAUSE = {
    "title": "Lampu jalan padam di Dungkait",
    "text": "Seluruh lampu jalan di Dungkait padam sejak gardu terbakar.",
}
TOLD = {"text": "Gardu sudah diganti, lampu menyala lagi.", "decision": "upheld"}


def opened_incident(cast: Cast, **given: Any) -> tuple[Case, Case]:
    """A shared cause and its first member."""
    case = cast.case(**given)
    return incidents.open_incident(by=cast.admin, at=NOW, case_id=case.id, **CAUSE), case


def joined(cast: Cast, incident: Case, turn: int = 0) -> Case:
    """One more household, told at the counter, with a receipt of its own."""
    return cast.case(
        by=cast.admin,
        channel="desk",
        text_given=f"Lampu di depan rumah kami padam juga, rumah {turn}.",
        incident_id=incident.id,
        reporter=intake.PersonGiven(
            name=f"Warga {turn}", email=f"warga{turn}@contoh.invalid", safe_to_write=True
        ),
    )


def test_a_cause_is_made_of_one_matter_and_owes_nobody_itself(cast: Cast) -> None:
    incident, case = opened_incident(cast)
    case.refresh_from_db()
    assert incident.is_incident and case.incident_id == incident.id
    assert (incident.holder.code, incident.reporter, incident.due_at) == ("centre", None, None)
    assert not Clock.objects.filter(case=incident, stopped_at=None).exists()
    assert case.due_at is not None
    assert Line.objects.filter(kind="incident.open", subject_id=incident.id).count() == 1


def test_this_happened_to_me_too_has_a_receipt_of_its_own(cast: Cast) -> None:
    incident, _case = opened_incident(cast)
    assert similar.open_incident(incident.id) == incident
    opened = cast.opened(text_given="Di tempat kami juga padam.", incident_id=incident.id)
    assert opened.case.incident_id == incident.id and opened.pin
    assert opened.number != incident.number
    assert similar.open_incident(opened.case.id) is None


def test_one_answer_reaches_everybody_once(cast: Cast) -> None:
    incident, first = opened_incident(cast)
    members = [first, *(joined(cast, incident, turn) for turn in range(4))]
    done = incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    assert (done.answered, done.already) == (5, 0)
    for member in members:
        member.refresh_from_db()
        assert (member.state, member.decision) == ("answered", "upheld")
        assert Answer.objects.filter(case=member).count() == 1
    told = Message.objects.filter(subject_id__in=[member.id for member in members[1:]], text_key="answer")
    assert {message.to_address for message in told} == {f"warga{turn}@contoh.invalid" for turn in range(4)}
    line = Line.objects.get(kind="incident.answer")
    assert line.facts["answered"] == 5


def test_repeating_answers_only_those_who_joined_since(cast: Cast) -> None:
    incident, _first = opened_incident(cast)
    incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    again = incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    assert (again.answered, again.already) == (0, 1)
    late = joined(cast, incident, 9)
    third = incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    assert (third.answered, third.already) == (1, 1)
    assert Answer.objects.filter(case=late).count() == 1


def test_members_that_wait_on_somebody_are_answered_too(cast: Cast) -> None:
    incident, first = opened_incident(cast)
    asked, offered, handed_in = (joined(cast, incident, turn) for turn in range(3))
    handling.ask_question(by=cast.admin, at=NOW, case_id=asked.id, text="Tiang nomor berapa?")
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=offered.id, to_desk_id=cast.desk("shelter").id, note="Mohon dicek."
    )
    handling.hand_in_case(by=cast.admin, at=NOW, case_id=handed_in.id, draft="Sedang diganti.")
    done = incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    assert done.answered == 4
    for member in (first, asked, offered, handed_in):
        member.refresh_from_db()
        assert (member.state, member.acting_id) == ("answered", member.holder_id)


def test_a_member_may_say_that_it_is_not_solved_for_them(cast: Cast) -> None:
    incident, _first = opened_incident(cast)
    opened = cast.opened(incident_id=incident.id)
    incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
    seen = following.follow_case(
        by=ANYBODY, at=LATER, number_or_receipt=opened.number, pin=opened.pin, address_hash="here"
    )
    assert seen.incident_title == CAUSE["title"] and seen.answers[0].text == TOLD["text"]
    after = following.dispute_case(by=ANYBODY, at=LATER, proof=seen.proof, words="Di rumah kami masih padam.")
    assert after.state == "working"
    incident.refresh_from_db()
    assert incident.state == "answered"


def test_a_sealed_member_is_left_to_the_focal_point(cast: Cast) -> None:
    incident, _first = opened_incident(cast)
    member = joined(cast, incident)
    protection.seal_case(by=cast.admin, at=NOW, case_id=member.id, reason="Ternyata ada kekerasan.")
    assert incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD).answered == 1
    assert not Answer.objects.filter(case=member).exists()


def test_the_work_grows_with_the_members_and_with_nothing_else(cast: Cast) -> None:
    counted = []
    for size in (2, 6):
        incident, _first = opened_incident(cast)
        for turn in range(size - 1):
            joined(cast, incident, turn)
        with CaptureQueriesContext(connection) as captured:
            incidents.answer_incident(by=cast.admin, at=LATER, incident_id=incident.id, **TOLD)
        counted.append(len(captured))
    per_member = (counted[1] - counted[0]) / 4
    assert per_member < 45, counted


def test_joining_and_leaving(cast: Cast) -> None:
    incident, _first = opened_incident(cast)
    case = cast.case()
    incidents.join_incident(by=cast.admin, at=NOW, case_id=case.id, incident_id=incident.id)
    assert Case.objects.get(id=case.id).incident_id == incident.id
    with pytest.raises(incidents.IncidentUnfit):
        incidents.join_incident(by=cast.admin, at=NOW, case_id=case.id, incident_id=incident.id)
    incidents.leave_incident(by=cast.admin, at=NOW, case_id=case.id, reason="Soal lain.")
    assert Case.objects.get(id=case.id).incident_id is None
    with pytest.raises(incidents.NotMember):
        incidents.leave_incident(by=cast.admin, at=NOW, case_id=case.id, reason="Soal lain.")
    assert Line.objects.filter(subject_id=case.id, kind__startswith="incident").count() == 2


def test_what_cannot_be_a_cause_or_a_member(cast: Cast) -> None:
    incident, first = opened_incident(cast)
    with pytest.raises(incidents.IncidentUnfit):
        incidents.open_incident(by=cast.admin, at=NOW, case_id=first.id, **CAUSE)
    case = cast.case()
    with pytest.raises(incidents.IncidentUnfit):
        incidents.join_incident(by=cast.admin, at=NOW, case_id=case.id, incident_id=first.id)
    with pytest.raises(incidents.IncidentNamesPeople):
        incidents.open_incident(
            by=cast.admin,
            at=NOW,
            case_id=case.id,
            title="Lampu Ibu Nurhayati padam",
            text="NIK 7602134708850002",
        )
    with pytest.raises(incidents.NoIncident):
        incidents.answer_incident(by=cast.admin, at=NOW, incident_id=case.id, **TOLD)
    for by in (cast.neighbour, cast.village_officer, cast.neighbour_manager, ANYBODY):
        with pytest.raises(NotFound):
            incidents.answer_incident(by=by, at=NOW, incident_id=incident.id, **TOLD)
        with pytest.raises(NotFound):
            incidents.open_incident(by=by, at=NOW, case_id=case.id, **CAUSE)


def test_what_is_alike_is_offered_without_anybody_elses_matter(cast: Cast) -> None:
    ours = cast.case(
        text_given="Lampu jalan di dusun kami padam sejak gardu terbakar.", hamlet_id=cast.hamlet.id
    )
    cast.case(text_given="Beras bantuan kurang dua kilo.")
    cast.case(text_given="Lampu jalan padam di Bonto Jai.", region_code=BONTO_JAI)
    old = cast.case(text_given="Lampu jalan padam sejak gardu terbakar.", at=NOW - timedelta(days=90))
    asked: dict[str, Any] = {
        "kind_code": "complaint",
        "region_code": DUNGKAIT,
        "hamlet_id": cast.hamlet.id,
        "text": "Gardu terbakar, lampu jalan padam semua",
        "at": NOW,
    }
    seen = similar.similar(cast.admin, **asked)
    assert [one.id for one in seen] == [ours.id] and old.id not in {one.id for one in seen}
    assert similar.similar(None, **asked) == [] == similar.similar(ANYBODY, **asked)
    assert similar.similar(cast.neighbour, **asked) == []
    incident = incidents.open_incident(by=cast.admin, at=NOW, case_id=ours.id, **CAUSE)
    (offered,) = similar.similar(ANYBODY, **asked)
    assert (offered.what, offered.id, offered.title, offered.number) == (
        "incident",
        incident.id,
        CAUSE["title"],
        "",
    )
    assert [one.id for one in similar.open_incidents(cast.admin)] == [incident.id]


def test_different_words_are_not_alike(cast: Cast) -> None:
    cast.case(text_given="Beras bantuan kurang dua kilo dan berkutu.")
    assert (
        similar.similar(
            cast.admin,
            kind_code="complaint",
            region_code=DUNGKAIT,
            hamlet_id=None,
            text="Jembatan gantung putus",
            at=NOW,
        )
        == []
    )
