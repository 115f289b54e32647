"""Erasing a person: nothing of them is left in clear in any table, and what the law keeps is kept without a name."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from PIL import Image

from simpul.cases.actions import erasing as cases
from simpul.cases.actions import files as file_actions
from simpul.cases.actions import intake
from simpul.cases.models import Case, Note
from simpul.feedback.actions import erasing as feedback
from simpul.feedback.models import Record
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.lib import erasing
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.files import FileStore
from simpul.meetings.actions import erasing as meetings
from simpul.meetings.models import Attendance, Item, Meeting, Objection
from simpul.messages.actions import erasing as messages
from simpul.messages.models import Call, Correspondent, Delivery, Incoming, IncomingFile, Message
from simpul.outreach.actions import erasing as outreach
from simpul.people.actions import consent as consent_actions
from simpul.people.actions import erasing as people
from simpul.people.models import (
    Batch,
    BatchFault,
    Consent,
    Family,
    Flag,
    Household,
    Observation,
    Person,
    Profile,
)
from simpul.programmes.actions import erasing as programmes
from simpul.programmes.models import Benefit, Card, Deactivation, Programme
from simpul.upkeep.actions import carrying, holds, requests
from simpul.upkeep.actions import erasing as upkeep_erasing
from simpul.upkeep.models import RightsRequest, Tombstone
from simpul.upkeep.queries import coverage
from tests.cast import DUNGKAIT, NOW, Cast
from tests.upkeep.conftest import NAME, NIK, PHONE

WORDS = (NAME, NAME.lower(), "Mama Ecce", NIK, PHONE, "+6281244556677", "081244556677", "6281244556677")


def photo() -> bytes:
    """A small photograph."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "JPEG")
    return target.getvalue()


def granted(officer: Actor, head: Actor, person: Person) -> RightsRequest:
    wish = requests.open_request(
        by=officer, at=NOW, person_id=person.id, kind="erase", asked_by=NAME, proof=f"KTP {NIK} dilihat"
    )
    requests.propose_request(by=officer, at=NOW, request_id=wish.id, decision="granted")
    return requests.review_request(by=head, at=NOW, request_id=wish.id, approve=True)


def closed(case: Case) -> Case:
    Case.objects.filter(id=case.id).update(is_open=False, state="closed", closed_at=NOW)
    return case


def matter(cast: Cast, person: Person, **given: Any) -> Case:
    wanted: dict[str, Any] = {
        "by": cast.admin,
        "channel": "desk",
        "text_given": f"Saya {NAME}, NIK {NIK}, telepon {PHONE}.",
        "reporter": intake.PersonGiven(name=NAME, person_id=person.id),
    }
    return cast.case(**(wanted | given))


@pytest.fixture
def everywhere(cast: Cast, officer: Actor, person: Person) -> Person:
    """The person with something in every room."""
    household = Household.objects.create(
        region_code=DUNGKAIT, name=NAME, head=person, registered_at=NOW, changed_at=NOW
    )
    family = Family.objects.create(
        kk="7602130101900001", region_code=DUNGKAIT, head=person, registered_at=NOW, changed_at=NOW
    )
    Person.objects.filter(id=person.id).update(household=household, family=family)
    child = Person.objects.create(
        full_name="Rahmat", name_key="rahmat", region_code=DUNGKAIT, family=family, registered_at=NOW
    )
    Profile.objects.create(person=person, kis_number="0001234567890", changed_at=NOW)
    Profile.objects.create(person=child, mother_name=NAME, changed_at=NOW)
    said = {"source": "officer", "observed_date": NOW.date(), "recorded_at": NOW}
    Observation.objects.create(
        subject_kind="person", subject_id=person.id, field="full_name", value=NAME, **said
    )
    Observation.objects.create(
        subject_kind="household", subject_id=household.id, field="name", value=NAME, said_by=NAME, **said
    )
    Flag.objects.create(
        person=person, category=9, note=f"{NAME} sakit", source="officer", since_date=NOW.date(), set_at=NOW
    )
    batch = Batch.objects.create(
        kind="residents",
        region_code="7602",
        file_name="a.csv",
        sha256="",
        size=1,
        started_by="x",
        started_at=NOW,
    )
    BatchFault.objects.create(batch=batch, row=2, field="nik", value=NIK, code="x")
    consent_actions.give_consent(
        by=officer,
        at=NOW,
        person_id=person.id,
        purpose="photo",
        mode="paper",
        given_by=NAME,
        data=photo(),
        declared_name="surat.jpg",
    )
    _matters(cast, person)
    _messages(cast, person)
    _aid(person)
    return Person.objects.get(id=person.id)


def _matters(cast: Cast, person: Person) -> None:
    own = matter(cast, person)
    file_actions.attach_case(by=cast.admin, at=NOW, case_id=own.id, data=photo(), declared_name="a.jpg")
    Note.objects.create(case=own, text=f"{NAME} menelepon", by_name="Ratna", at=NOW)
    closed(own)
    neighbours = cast.case(
        text_given=f"Tetangga saya {NAME} berteriak.",
        parties=[intake.PartyGiven(role="affected", name=NAME)],
        reporter=intake.PersonGiven(name="Basri Lawa", phone="0813-0000-1111"),
    )
    neighbours.parties.update(person=person)
    closed(neighbours)
    Record.objects.create(
        text=f"{NAME} bilang bagus",
        channel="desk",
        received_at=NOW,
        recorded_at=NOW,
        region_code=DUNGKAIT,
        case=own,
    )


def _messages(cast: Cast, person: Person) -> None:
    sender = Correspondent.objects.create(
        channel="sms",
        address="+6281244556677",
        number="+6281244556677",
        shown_name=NAME,
        person=person,
        first_at=NOW,
    )
    raw = Delivery.objects.create(
        received_at=NOW,
        method="POST",
        body=f"from {PHONE}: {NAME}".encode(),
        size=9,
        digest="",
        repeat_key="r1",
        next_try_at=NOW,
    )
    came = Incoming.objects.create(
        delivery=raw,
        correspondent=sender,
        channel="sms",
        once_key="x1",
        received_at=NOW,
        kind="text",
        text=f"Saya {NAME}",
        hear_at=NOW,
        sender_shown=NAME,
        parts={"1": NAME},
    )
    IncomingFile.objects.create(incoming=came, kind="image", caption=NAME, next_try_at=NOW)
    Call.objects.create(
        correspondent=sender,
        number_typed=PHONE,
        caller_name=NAME,
        desk=cast.desk("centre"),
        started_at=NOW,
        notes=f"{NAME} bertanya",
    )
    Message.objects.create(
        subject_kind="person",
        subject_id=person.id,
        once_key="m1",
        asked_key="answer",
        text_key="answer",
        road="sms",
        language="id",
        to_name=NAME,
        to_address="+6281244556677",
        to_person_id=person.id,
        body=f"Yth. {NAME}",
        queued_at=NOW,
        next_try_at=NOW,
        values={"to_name": NAME},
        correspondent=sender,
        state="sent",
    )


def _aid(person: Person) -> None:
    programme = Programme.objects.first() or Programme.objects.create(**_programme())
    Benefit.objects.create(
        programme=programme,
        person=person,
        region_code=DUNGKAIT,
        state="receives",
        source="DTSEN",
        note=f"untuk {NAME}",
        recorded_at=NOW,
    )
    lost = Deactivation.objects.create(
        name="Daftar",
        source="Kemensos",
        off_date=date(2026, 2, 1),
        region_code="7602",
        loaded_at=NOW,
        loaded_by="x",
    )
    Card.objects.create(
        deactivation=lost,
        row_key="k",
        name=NAME,
        name_key=NAME.lower(),
        nik=NIK,
        region_code=DUNGKAIT,
        off_date=date(2026, 2, 1),
        person=person,
        listed_at=NOW,
        changed_at=NOW,
    )
    meeting = Meeting.objects.create(
        kind="musdes", title="Musdes", region_code=DUNGKAIT, planned_at=NOW, recorded_at=NOW
    )
    Attendance.objects.create(meeting=meeting, person=person, name=NAME, recorded_at=NOW)
    item = Item.objects.create(
        meeting=meeting, position=1, person=person, name=NAME, source="typed", recorded_at=NOW
    )
    Objection.objects.create(
        meeting=meeting,
        item=item,
        kind="sanggah",
        phase="during",
        about_name=NAME,
        reasons=f"{NAME} sudah mampu",
        by_name=NAME,
        made_at=NOW,
        recorded_at=NOW,
    )


def _programme() -> dict[str, Any]:
    columns = {column.name: column for column in Programme._meta.concrete_fields}
    given: dict[str, Any] = {"code": "pkh", "name": "PKH", "name_en": "PKH"}
    return {name: value for name, value in given.items() if name in columns}


def left_over(words: tuple[str, ...] = WORDS) -> list[str]:
    """Every place in the whole database where one of the words stands in clear."""
    found = []
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names come from the database itself
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    told = _as_text(value)
                    found += [
                        f"{table}.{name}: {told[:80]}" for word in words if word.casefold() in told.casefold()
                    ]
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, memoryview | bytes | bytearray):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def test_the_walk_finds_what_is_there(everywhere: Person) -> None:
    places = {place.split(":")[0] for place in left_over()}
    assert {"people_person.full_name", "cases_case.text", "journal_line.inputs"} <= places
    assert len(places) > 20


def test_after_an_erasure_no_table_holds_the_person_in_clear(
    cast: Cast, everywhere: Person, officer: Actor, head: Actor, settings: Any
) -> None:
    sealed = journal_actions.seal_journal(by=MACHINE, at=NOW)
    assert sealed is not None
    wish = granted(officer, head, everywhere)
    store = FileStore(settings.SIMPUL_FILES)
    assert len(list(store.digests())) == 1  # the same bytes, kept once for the paper and the attachment
    done = upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    assert left_over() == []
    assert list(store.digests()) == []
    assert list(journal_queries.damages()) == []
    journal_actions.seal_journal(by=MACHINE, at=NOW)
    assert list(journal_queries.damages()) == []
    assert done.kept == {"proof": 1, "public_money": 1}
    assert Consent.objects.get().purpose == "photo"
    assert Benefit.objects.get().state == "receives"
    gone = Person.objects.get(id=everywhere.id)
    assert (gone.full_name, gone.nik, gone.erased_at) == (erasing.ERASED, "", NOW)
    assert {row.subject_kind for row in Tombstone.objects.all()} == {"person", "case", "file"}
    line = Line.objects.get(kind="person.erase")
    assert line.facts["kept"] == done.kept
    wish.refresh_from_db()
    assert wish.done_at == NOW
    told = requests.tell_request(by=officer, at=NOW, request_id=wish.id, how="letter")
    assert told.told_at == NOW


def test_others_keep_what_is_theirs(everywhere: Person, officer: Actor, head: Actor) -> None:
    upkeep_erasing.erase_person(by=head, at=NOW, request_id=granted(officer, head, everywhere).id)
    neighbours = Case.objects.get(reporter__full_name="Basri Lawa")
    assert "berteriak" in neighbours.text
    child = Person.objects.get(full_name="Rahmat")
    assert child.family is not None
    assert child.family.kk == "7602130101900001"
    assert child.family.head is None


def test_an_erasure_waits_for_a_second_person(
    person: Person, officer: Actor, head: Actor, cast: Cast
) -> None:
    wish = requests.open_request(
        by=officer, at=NOW, person_id=person.id, kind="erase", asked_by=NAME, proof="KTP"
    )
    with pytest.raises(requests.NotOpen):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    requests.propose_request(by=officer, at=NOW, request_id=wish.id, decision="granted")
    with pytest.raises(requests.NotOpen):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    requests.review_request(by=head, at=NOW, request_id=wish.id, approve=True)
    with pytest.raises(NotAllowed):
        upkeep_erasing.erase_person(by=officer, at=NOW, request_id=wish.id)
    with pytest.raises(NotAllowed):
        upkeep_erasing.erase_person(by=cast.protection_officer, at=NOW, request_id=wish.id)
    with pytest.raises(NotFound):
        upkeep_erasing.erase_person(by=cast.neighbour_manager, at=NOW, request_id=wish.id)
    upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    with pytest.raises(requests.NotOpen):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    with pytest.raises(NotFound):
        requests.open_request(
            by=officer, at=NOW, person_id=person.id, kind="access", asked_by=NAME, proof="KTP"
        )


def test_open_matters_and_holds_come_first(cast: Cast, person: Person, officer: Actor, head: Actor) -> None:
    wish = granted(officer, head, person)
    case = matter(cast, person)
    with pytest.raises(upkeep_erasing.MattersOpen) as refusal:
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    assert case.number in str(refusal.value)
    closed(case)
    hold = holds.place_hold(
        by=officer,
        at=NOW,
        subject_kind="person",
        subject_id=person.id,
        why="Perkara 12/Pid",
        asked_by="PN Mamuju",
    )
    with pytest.raises(upkeep_erasing.HoldStands):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    holds.lift_hold(by=head, at=NOW, hold_id=hold.id, why="putus")
    held = holds.place_hold(
        by=officer,
        at=NOW,
        subject_kind="case",
        subject_id=case.id,
        why="diperiksa",
        asked_by="Ombudsman",
    )
    done = upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    assert done.kept["hold"] == 1
    assert NAME in Case.objects.get(id=case.id).text
    assert held.lifted_at is None


def test_a_protected_matter_stays_whole(cast: Cast, person: Person, officer: Actor, head: Actor) -> None:
    case = matter(cast, person)
    Case.objects.filter(id=case.id).update(sensitivity="sealed")
    done = upkeep_erasing.erase_person(by=head, at=NOW, request_id=granted(officer, head, person).id)
    assert done.kept["protected"] == 1
    assert NAME in Case.objects.get(id=case.id).text


def test_another_kind_of_wish_erases_nothing(person: Person, officer: Actor, head: Actor) -> None:
    wish = requests.open_request(
        by=officer, at=NOW, person_id=person.id, kind="access", asked_by=NAME, proof="KTP"
    )
    carrying.prepare_dossier(by=officer, at=NOW, request_id=wish.id)
    with pytest.raises(carrying.OtherKind):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)


def test_all_of_it_or_nothing(
    everywhere: Person, officer: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    wish = granted(officer, head, everywhere)

    def broken(_who: upkeep_erasing.Whom) -> erasing.Emptied:
        raise RuntimeError("power cut")

    monkeypatch.setattr(upkeep_erasing, "ERASERS", (*upkeep_erasing.ERASERS, broken))
    with pytest.raises(RuntimeError):
        upkeep_erasing.erase_person(by=head, at=NOW, request_id=wish.id)
    assert Person.objects.get(id=everywhere.id).full_name == NAME
    assert list(FileStore(settings.SIMPUL_FILES).digests())


def test_every_table_with_personal_data_is_emptied_or_kept_for_a_reason() -> None:
    missing = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("simpul.")
        and getattr(model, "personal_data", None)
        and not coverage.said_about(model)
    ]
    assert missing == [], "say in upkeep/queries/coverage.py which act empties it, or why it is kept"
    assert coverage.stale() == []


def test_the_acts_of_each_room_are_the_machines_alone(cast: Cast, person: Person, officer: Actor) -> None:
    key = person.id
    calls = (
        lambda by: people.blank_person(by=by, at=NOW, person_id=key, words=()),
        lambda by: cases.blank_matters(by=by, at=NOW, person_id=key, words=()),
        lambda by: messages.blank_messages(by=by, at=NOW, person_id=key, case_ids=()),
        lambda by: feedback.blank_feedback(
            by=by, at=NOW, person_id=key, case_ids=(), source_ids=(), words=()
        ),
        lambda by: programmes.blank_benefits(by=by, at=NOW, person_id=key),
        lambda by: outreach.blank_checks(by=by, at=NOW, person_id=key, household_id=None, words=()),
        lambda by: meetings.blank_attendances(by=by, at=NOW, person_id=key, words=()),
        lambda by: journal_actions.redact_lines(by=by, at=NOW, subject_ids=[key], reason="x"),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call(officer)
        call(MACHINE)
    with pytest.raises(NotFound):
        people.blank_person(by=MACHINE, at=NOW, person_id=UUID(int=5), words=())
    kinds = {"person.blank", "matters.blank", "messages.blank", "feedback.blank", "benefits.blank"}
    assert kinds | {"attendances.blank", "lines.redact", "checks.blank"} <= set(
        Line.objects.values_list("kind", flat=True)
    )


def test_words_are_blacked_out_whatever_their_capitals() -> None:
    assert erasing.without("nur HAYATI dan Nurhayati", ["Nurhayati", "nur hayati"]) == "█████ dan █████"
    assert erasing.without("İstanbul Nur", ["Nur"]) == "İstanbul █████"
    assert erasing.without("kosong", []) == "kosong"
