"""Consents: one purpose each, three ways, a proof, a child's guardian, and the way back."""

from __future__ import annotations

import io
import wave
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from simpul import roles
from simpul.journal.models import Line
from simpul.lib import media
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people import actions as people_actions
from simpul.people.actions import consent as actions
from simpul.people.models import Consent, Person
from simpul.people.queries import consent as queries
from simpul.people.rules import consent as rules

DUNGKAIT = "7602132001"
BONTO_JAI = "7303012008"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(village: Any, officer: Actor, now: datetime) -> Person:
    """Nurhayati, grown up."""
    return people_actions.register_person(
        by=officer, at=now, full_name="Nurhayati", region_code=DUNGKAIT, birth_date=date(1990, 7, 1)
    ).person


@pytest.fixture
def child(village: Any, officer: Actor, now: datetime) -> Person:
    """Rahmat, ten years old."""
    return people_actions.register_person(
        by=officer, at=now, full_name="Rahmat", region_code=DUNGKAIT, birth_date=date(2016, 3, 2)
    ).person


def paper() -> bytes:
    """The photo of a signed paper."""
    target = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(target, "JPEG")
    return target.getvalue()


def voice() -> bytes:
    """One second of a recording."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x01" * 8000)
    return target.getvalue()


def give(by: Actor, at: datetime, person: Person, **given: Any) -> Consent:
    wanted: dict[str, Any] = {"purpose": "testimony", "mode": "tick", "given_by": "Nurhayati"}
    return actions.give_consent(by=by, at=at, person_id=person.id, **(wanted | given))


def test_a_ticked_consent_keeps_the_words_and_stands(person: Person, officer: Actor, now: datetime) -> None:
    consent = give(officer, now, person)
    assert consent.words.endswith("Apakah Anda setuju?")
    assert consent.notice_version == queries.purposes()["testimony"].version
    assert consent.until_date == date(2027, 11, 25)
    assert queries.standing(person.id, "testimony", at=now) == consent
    assert queries.standing(person.id, "publication", at=now) is None
    line = Line.objects.get(kind="consent.give")
    assert line.subject_id == person.id
    assert line.facts["purpose"] == "testimony"
    assert line.inputs is not None
    assert line.inputs["given_by"] == "Nurhayati"


def test_paper_is_photographed_and_a_voice_recorded(
    person: Person, officer: Actor, now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.SIMPUL_FILES = tmp_path
    on_paper = give(officer, now, person, mode="paper", data=paper(), declared_name="surat.jpg")
    spoken = give(
        officer, now, person, mode="voice", data=voice(), declared_name="suara.wav", purpose="photo"
    )
    assert queries.evidence(officer, on_paper.id)[1] == "image/jpeg"
    assert queries.evidence(officer, spoken.id)[1] == "audio/ogg"
    with pytest.raises(actions.EvidenceMissing):
        give(officer, now, person, mode="paper")
    with pytest.raises(actions.EvidenceDiffers):
        give(officer, now, person, mode="voice", data=paper(), declared_name="surat.jpg")
    with pytest.raises(media.FileRefused):
        give(officer, now, person, mode="paper", data=b"no photo at all", declared_name="surat.jpg")
    with pytest.raises(NotFound):
        queries.evidence(officer, give(officer, now, person).id)


def test_what_is_missing_is_said_beside_its_field(person: Person, officer: Actor, now: datetime) -> None:
    for refusal, given in (
        (actions.PurposeUnknown, {"purpose": "anything"}),
        (actions.ModeUnknown, {"mode": "nodded"}),
        (actions.GiverMissing, {"given_by": " \u200b "}),
        (actions.ScopeMissing, {"purpose": "referral_share"}),
        (actions.DayPassed, {"until_date": date(2026, 11, 1)}),
    ):
        with pytest.raises(refusal) as caught:
            give(officer, now, person, **given)
        assert caught.value.field
    assert not Consent.objects.exists()


def test_a_consent_for_one_matter_is_not_one_for_another(
    person: Person, officer: Actor, now: datetime
) -> None:
    consent = give(officer, now, person, purpose="referral_share", scope="case-1")
    assert queries.standing(person.id, "referral_share", "case-1", at=now) == consent
    assert queries.standing(person.id, "referral_share", "case-2", at=now) is None
    general = give(officer, now, person, purpose="testimony")
    assert queries.standing(person.id, "testimony", "case-2", at=now) == general


def test_a_childs_consent_is_its_parents(child: Person, officer: Actor, now: datetime) -> None:
    with pytest.raises(actions.GuardianNeeded):
        give(officer, now, child)
    with pytest.raises(actions.GuardianNeeded):
        give(officer, now, child, relation="proxy")
    assert give(officer, now, child, relation="parent", given_by="Hasnah").relation == "parent"
    with pytest.raises(ValueError, match="cousin"):
        give(officer, now, child, relation="cousin")


def test_a_guardian_who_is_feared_is_not_asked(child: Person, officer: Actor, now: datetime) -> None:
    with pytest.raises(actions.GroundMissing):
        give(officer, now, child, basis="d")
    consent = give(officer, now, child, basis="d", basis_words="diduga pelaku", given_by="Ilham")
    assert (consent.basis, consent.basis_words) == ("d", "diduga pelaku")


def test_withdrawing_works_at_once_and_keeps_the_row(person: Person, officer: Actor, now: datetime) -> None:
    consent = give(officer, now, person)
    later = now + timedelta(days=2)
    gone = actions.withdraw_consent(by=officer, at=later, consent_id=consent.id, why="berubah pikiran")
    assert gone.withdrawn_at == later
    assert queries.standing(person.id, "testimony", at=later) is None
    assert queries.standing(person.id, "testimony", at=later - timedelta(minutes=1)) == gone
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.withdraw_consent(by=officer, at=later, consent_id=consent.id)
    line = Line.objects.get(kind="consent.withdraw")
    assert line.inputs == {"why": "berubah pikiran"}
    receipt = queries.receipt(officer, consent.id, at=later)
    assert receipt.stopped_by_at == later + timedelta(hours=72)
    assert not receipt.stands


def test_the_book_and_the_receipt_are_for_who_sees_the_person(
    person: Person, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    consent = give(officer, now, person)
    assert queries.consents_of(officer, person.id) == [consent]
    assert queries.receipt(officer, consent.id, at=now).purpose is not None
    soon = datetime(2027, 11, 10, tzinfo=UTC)
    assert queries.running_out(officer, soon) == [consent]
    assert queries.running_out(neighbour, soon) == []
    for look in (queries.consents_of, queries.evidence):
        with pytest.raises(NotFound):
            look(neighbour, person.id)
    with pytest.raises(NotFound):
        queries.receipt(neighbour, consent.id, at=now)


def test_who_may_not_give_or_withdraw(
    person: Person, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    with pytest.raises(NotFound):
        give(neighbour, now, person)
    consent = give(officer, now, person)
    with pytest.raises(NotFound):
        actions.withdraw_consent(by=neighbour, at=now, consent_id=consent.id)
    partner = Actor(role="partner", region_code="7602", strong=True)
    with pytest.raises(NotAllowed):
        give(partner, now, person, place=roles.Place(region_code=DUNGKAIT))
    with pytest.raises(NotAllowed):
        actions.withdraw_consent(
            by=partner, at=now, consent_id=consent.id, place=roles.Place(region_code=DUNGKAIT)
        )


def test_through_a_matter_a_person_of_another_area_agrees(
    person: Person, neighbour: Actor, now: datetime
) -> None:
    consent = give(neighbour, now, person, place=roles.Place(region_code=BONTO_JAI))
    assert consent.person == person


def test_nothing_stands_for_whose_data_stand_still(person: Person, officer: Actor, now: datetime) -> None:
    give(officer, now, person)
    Person.objects.filter(id=person.id).update(restricted_at=now)
    assert queries.standing(person.id, "testimony", at=now) is None


def test_every_notice_can_be_read_aloud_and_names_the_way_back() -> None:
    purposes = queries.purposes()
    assert {
        "referral_share",
        "contact_share",
        "publication",
        "testimony",
        "photo",
        "messaging",
        "health_share",
    } <= purposes.keys()
    for purpose in purposes.values():
        assert all(len(words.split()) <= rules.MOST_WORDS for words in purpose.words.values())
        assert "boleh menolak" in purpose.words["id"] or "boleh memilih" in purpose.words["id"]
        assert purpose.confidence in {"confirmed", "secondary", "unconfirmed"}


def test_a_catalogue_with_a_long_notice_is_refused() -> None:
    row = {
        "code": "x",
        "version": "1",
        "name": "x",
        "name_en": "x",
        "words": "kata " * 121,
        "words_en": "word",
        "basis": "a",
        "legal": "",
        "recipients": "",
        "recipients_en": "",
        "months": 1,
        "scoped": False,
        "confidence": "unconfirmed",
    }
    with pytest.raises(ValueError, match="121 words"):
        rules.read_purposes({"purposes": [row]})


@pytest.mark.parametrize(
    ("given", "months", "last"),
    [
        (date(2026, 11, 25), 12, date(2027, 11, 25)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, None),
    ],
)
def test_the_last_day(given: date, months: int, last: date | None) -> None:
    assert rules.last_day(given, months) == last


def test_eighteen_on_the_birthday() -> None:
    assert rules.is_child(date(2008, 11, 26), date(2026, 11, 25))
    assert not rules.is_child(date(2008, 11, 25), date(2026, 11, 25))
    assert not rules.is_child(None, date(2026, 11, 25))


# --- written down where there is no network -----------------------------------------------------------------------------------


def test_the_same_consent_again_is_the_same_row_and_nobody_elses(
    person: Person, child: Person, officer: Actor, now: datetime
) -> None:
    key = uuid4()
    first = give(officer, now, person, consent_id=key)
    assert give(officer, now + timedelta(days=1), person, consent_id=key) == first
    assert Line.objects.filter(kind="consent.give").count() == 1
    with pytest.raises(NotFound):
        give(officer, now, child, consent_id=key, relation="parent")


def test_a_proof_may_follow_its_consent(
    person: Person, officer: Actor, now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.SIMPUL_FILES = tmp_path
    with pytest.raises(actions.EvidenceMissing):
        give(officer, now, person, mode="paper")
    consent = give(officer, now, person, mode="paper", proof_follows=True)
    assert consent.evidence_sha256 == ""
    later = now + timedelta(days=3)
    for _twice in range(2):
        proved = actions.prove_consent(
            by=MACHINE, at=later, consent_id=consent.id, data=paper(), declared_name="surat.jpg"
        )
        assert proved.evidence_mime == "image/jpeg"
    line = Line.objects.get(kind="consent.prove")
    assert (line.subject_id, line.facts["purpose"]) == (person.id, "testimony")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"", actions.EvidenceMissing), (b"nothing", media.FileRefused), (voice(), actions.EvidenceDiffers)],
)
def test_a_proof_that_is_none_is_refused(
    person: Person, officer: Actor, now: datetime, data: bytes, refusal: type[Exception]
) -> None:
    consent = give(officer, now, person, mode="paper", proof_follows=True)
    with pytest.raises(refusal):
        actions.prove_consent(
            by=MACHINE, at=now, consent_id=consent.id, data=data, declared_name="berkas.wav"
        )
    assert not Line.objects.filter(kind="consent.prove").exists()


def test_a_proof_is_never_put_in_anothers_place_and_only_by_the_system(
    person: Person, officer: Actor, now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.SIMPUL_FILES = tmp_path
    consent = give(officer, now, person, mode="paper", data=paper(), declared_name="surat.jpg")
    other = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(other, "JPEG")
    with pytest.raises(actions.ProofStands):
        actions.prove_consent(
            by=MACHINE, at=now, consent_id=consent.id, data=other.getvalue(), declared_name="lain.jpg"
        )
    with pytest.raises(NotAllowed):
        actions.prove_consent(
            by=officer, at=now, consent_id=consent.id, data=paper(), declared_name="surat.jpg"
        )
    with pytest.raises(NotFound):
        actions.prove_consent(by=MACHINE, at=now, consent_id=uuid4(), data=paper(), declared_name="surat.jpg")
    ticked = give(officer, now, person, purpose="photo")
    told = actions.prove_consent(
        by=MACHINE, at=now, consent_id=ticked.id, data=paper(), declared_name="surat.jpg"
    )
    assert told.evidence_sha256 == "", "a tick is proved by the name"
