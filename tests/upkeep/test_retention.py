"""Retention: what is due, what is held, two approvals by different people, portions, minutes; and the processing register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from simpul.cases.actions import erasing as case_erasing
from simpul.cases.models import Case, Note
from simpul.feedback.actions import erasing as feedback_erasing
from simpul.feedback.models import Record
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.lib import erasing
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages.actions import erasing as message_erasing
from simpul.messages.models import Delivery
from simpul.people.actions import erasing as people_erasing
from simpul.people.models import Batch, BatchFault, Consent, Flag, Person
from simpul.upkeep.actions import destroying, holds
from simpul.upkeep.models import Destruction, Tombstone
from simpul.upkeep.queries import catalogue, register, retention
from simpul.upkeep.rules import retention as rules
from tests.cast import DUNGKAIT, NOW, Cast
from tests.upkeep.conftest import sitting

LONG_AGO = NOW - timedelta(days=365 * 30)


def old(cast: Cast, **given: object) -> Case:
    case = cast.case(**given)
    Note.objects.create(case=case, text="rahasia", by_name="x", at=LONG_AGO)
    Case.objects.filter(id=case.id).update(is_open=False, state="closed", closed_at=LONG_AGO)
    return case


def test_what_is_due_is_found_and_what_is_held_is_not(cast: Cast, officer: Actor, head: Actor) -> None:
    case, other = old(cast), old(cast)
    cast.case()
    assert set(retention.due("matters", NOW)) == {case.id, other.id}
    hold = holds.place_hold(
        by=officer, at=NOW, subject_kind="case", subject_id=other.id, why="sengketa", asked_by="PN"
    )
    assert retention.due("matters", NOW) == [case.id]
    whole = holds.place_hold(
        by=officer, at=NOW, subject_kind="class", what="matters", why="diperiksa", asked_by="BPK"
    )
    assert retention.due("matters", NOW) == []
    told = {row.rule.code: row for row in retention.overview(NOW)}
    assert told["matters"].held
    for one in (hold, whole):
        holds.lift_hold(by=head, at=NOW, hold_id=one.id, why="selesai")
    with pytest.raises(holds.HoldLifted):
        holds.lift_hold(by=head, at=NOW, hold_id=hold.id, why="lagi")
    with pytest.raises(KeyError):
        retention.due("everything", NOW)
    assert Line.objects.filter(kind="hold.place").count() == 2
    assert Line.objects.filter(kind="hold.lift").count() == 2


def test_what_a_hold_needs_and_who_may_not(cast: Cast, officer: Actor, head: Actor) -> None:
    case = old(cast)
    given = {"subject_kind": "case", "subject_id": case.id}
    with pytest.raises(holds.HoldWordsMissing):
        holds.place_hold(by=officer, at=NOW, why="", asked_by="PN", **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        holds.place_hold(by=officer, at=NOW, subject_kind="class", what="all", why="x", asked_by="PN")
    with pytest.raises(NotFound):
        holds.place_hold(by=officer, at=NOW, subject_kind="planet", why="x", asked_by="PN")
    with pytest.raises(NotFound):
        holds.place_hold(by=cast.neighbour, at=NOW, why="x", asked_by="PN", **given)  # type: ignore[arg-type]
    hold = holds.place_hold(by=officer, at=NOW, why="x", asked_by="PN", **given)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        holds.lift_hold(by=officer, at=NOW, hold_id=hold.id, why="x")
    with pytest.raises(holds.HoldWordsMissing):
        holds.lift_hold(by=head, at=NOW, hold_id=hold.id, why="")
    with pytest.raises(NotFound):
        holds.lift_hold(by=cast.neighbour, at=NOW, hold_id=hold.id, why="x")


def test_two_people_approve_what_a_third_proposed(
    cast: Cast, officer: Actor, head: Actor, watcher: Actor
) -> None:
    case = old(cast)
    number = case.number
    made = destroying.propose_destruction(by=officer, at=NOW, what="matters")
    assert made.rows == 1
    assert made.digest == rules.list_digest("matters", [case.id])
    with pytest.raises(destroying.NothingDue):  # it stands on a list already
        destroying.propose_destruction(by=officer, at=NOW, what="matters")
    approve = destroying.approve_destruction
    with pytest.raises(NotAllowed):
        approve(by=officer, at=NOW, destruction_id=made.id)
    with pytest.raises(NotFound):
        destroying.destroy_portion(by=MACHINE, at=NOW, destruction_id=made.id)
    assert approve(by=cast.manager, at=NOW, destruction_id=made.id).state == "proposed"
    with pytest.raises(destroying.ApprovedAlready):
        approve(by=cast.manager, at=NOW, destruction_id=made.id)
    with pytest.raises(destroying.WitnessNeeded):
        approve(by=sitting(cast, "manager", 55), at=NOW, destruction_id=made.id)
    with pytest.raises(NotFound):
        destroying.destroy_portion(by=MACHINE, at=NOW, destruction_id=made.id)
    assert approve(by=watcher, at=NOW, destruction_id=made.id).state == "approved"
    with pytest.raises(destroying.NotWaiting):
        approve(by=head, at=NOW, destruction_id=made.id)
    assert retention.running() == [made.id]
    with pytest.raises(NotAllowed):
        destroying.destroy_portion(by=head, at=NOW, destruction_id=made.id)
    assert destroying.destroy_portion(by=MACHINE, at=NOW, destruction_id=made.id) == 0
    made.refresh_from_db()
    assert (made.state, made.destroyed, made.spared, made.done_at) == ("done", 1, 0, NOW)
    case.refresh_from_db()
    assert (case.number, case.title, case.text) == (number, erasing.ERASED, "")
    assert Note.objects.get(case=case).text == ""
    assert Tombstone.objects.get().why == "destroyed"
    assert retention.due("matters", NOW) == []
    assert list(journal_queries.damages()) == []
    assert Line.objects.filter(subject_id=case.id).exclude(inputs=None).exclude(inputs={}).count() == 0
    kinds = {"destruction.propose", "destruction.approve", "portion.destroy", "matters.destroy"}
    assert kinds <= set(Line.objects.values_list("kind", flat=True))


def test_the_author_of_a_list_does_not_approve_it(cast: Cast) -> None:
    old(cast)
    made = destroying.propose_destruction(by=cast.manager, at=NOW, what="matters")
    with pytest.raises(destroying.OwnProposal):
        destroying.approve_destruction(by=cast.manager, at=NOW, destruction_id=made.id)


def test_what_changed_since_is_spared(cast: Cast, officer: Actor, head: Actor, watcher: Actor) -> None:
    kept, reopened, gone = old(cast), old(cast), old(cast)
    made = destroying.propose_destruction(by=officer, at=NOW, what="matters")
    for by in (cast.manager, head):
        destroying.approve_destruction(by=by, at=NOW, destruction_id=made.id)
    holds.place_hold(by=officer, at=NOW, subject_kind="case", subject_id=kept.id, why="x", asked_by="PN")
    Case.objects.filter(id=reopened.id).update(is_open=True, closed_at=None)
    assert destroying.destroy_portion(by=MACHINE, at=NOW, destruction_id=made.id, limit=2) == 1
    assert destroying.destroy_portion(by=MACHINE, at=NOW, destruction_id=made.id, limit=2) == 0
    made.refresh_from_db()
    assert (made.destroyed, made.spared) == (1, 2)
    assert Case.objects.get(id=kept.id).text
    assert not Case.objects.get(id=gone.id).text


def test_a_list_is_refused_with_words(cast: Cast, officer: Actor, head: Actor, watcher: Actor) -> None:
    old(cast)
    made = destroying.propose_destruction(by=officer, at=NOW, what="matters")
    with pytest.raises(destroying.RefusalWordsMissing):
        destroying.refuse_destruction(by=watcher, at=NOW, destruction_id=made.id, why="")
    with pytest.raises(NotAllowed):
        destroying.refuse_destruction(by=officer, at=NOW, destruction_id=made.id, why="x")
    with pytest.raises(NotFound):
        destroying.refuse_destruction(by=cast.neighbour_manager, at=NOW, destruction_id=made.id, why="x")
    destroying.refuse_destruction(by=watcher, at=NOW, destruction_id=made.id, why="masih diperiksa BPK")
    with pytest.raises(destroying.NotWaiting):
        destroying.approve_destruction(by=head, at=NOW, destruction_id=made.id)
    assert Line.objects.filter(kind="destruction.refuse").count() == 1
    assert Destruction.objects.get().state == "refused"


def test_what_can_be_proposed(cast: Cast, officer: Actor) -> None:
    for what in ("everything", "deliveries"):
        with pytest.raises(destroying.ClassUnknown):
            destroying.propose_destruction(by=officer, at=NOW, what=what)
    with pytest.raises(destroying.NothingDue):
        destroying.propose_destruction(by=officer, at=NOW, what="calls")
    with pytest.raises(NotAllowed):
        destroying.propose_destruction(by=cast.administrator, at=NOW, what="matters")


def test_old_copies_go_by_themselves(cast: Cast, officer: Actor) -> None:
    Delivery.objects.create(
        received_at=LONG_AGO,
        method="POST",
        body=b"raw",
        size=3,
        digest="",
        repeat_key="r",
        next_try_at=NOW,
        state="read",
    )
    batch = Batch.objects.create(
        kind="residents",
        region_code="7602",
        file_name="a",
        sha256="",
        size=1,
        started_by="x",
        started_at=LONG_AGO,
    )
    BatchFault.objects.create(batch=batch, row=2, value="7602", code="x")
    assert destroying.destroy_copies(by=MACHINE, at=NOW) == 2
    assert destroying.destroy_copies(by=MACHINE, at=NOW) == 0
    assert bytes(Delivery.objects.get().body) == b""
    assert BatchFault.objects.get().value == ""
    assert Line.objects.filter(kind="copies.destroy").count() == 2
    with pytest.raises(NotAllowed):
        destroying.destroy_copies(by=officer, at=NOW)


def test_each_class_is_destroyed_by_its_room(cast: Cast, officer: Actor, person: Person) -> None:
    Consent.objects.create(
        person=person,
        purpose="photo",
        mode="tick",
        given_by="x",
        given_at=LONG_AGO,
        taken_by="y",
        withdrawn_at=LONG_AGO,
    )
    Flag.objects.create(
        person=person,
        category=9,
        source="officer",
        since_date=LONG_AGO.date(),
        ended_date=LONG_AGO.date(),
        set_at=NOW,
    )
    Record.objects.create(
        text="bagus", channel="desk", received_at=LONG_AGO, recorded_at=LONG_AGO, region_code="7602132001"
    )
    for code in catalogue.classes():
        keys = retention.due(code, NOW)
        assert retention.still_due(code, NOW, keys) == set(keys)
        if keys:
            destroying._DESTROYERS[code](NOW, keys)
        assert retention.due(code, NOW) == []
    assert not Flag.objects.exists()
    assert Record.objects.get().text == ""
    kinds = {"records.destroy", "feedback.destroy"}
    assert kinds <= set(Line.objects.values_list("kind", flat=True))


def test_the_destroying_acts_are_the_machines_alone(cast: Cast, officer: Actor) -> None:
    message_erasing.destroy_messages(by=MACHINE, at=NOW, what="call", ids=[])
    assert Line.objects.filter(kind="messages.destroy").exists()
    calls = (
        lambda by: case_erasing.destroy_matters(by=by, at=NOW, case_ids=[]),
        lambda by: message_erasing.destroy_messages(by=by, at=NOW, what="call", ids=[]),
        lambda by: feedback_erasing.destroy_feedback(by=by, at=NOW, ids=[]),
        lambda by: people_erasing.destroy_records(by=by, at=NOW, what="flag", ids=[]),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call(officer)
    for wrong in (message_erasing.destroy_messages, people_erasing.destroy_records):
        with pytest.raises(KeyError):
            wrong(by=MACHINE, at=NOW, what="everything", ids=[])


@pytest.mark.django_db
def test_every_table_stands_in_the_processing_register() -> None:
    listed = {row.label for entry in register.entries() for row in entry.tables}
    held = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("simpul.") and hasattr(model, "personal_data")
    }
    assert held - listed == set(), "name the room in upkeep/catalogue/activities.toml"
    assert all(entry.tables or "outreach" in entry.activity.rooms for entry in register.entries())
    rows = list(register.csv_rows())
    assert {len(row) for row in rows} == {10}


@pytest.mark.django_db
def test_the_register_counts_classes(cast: Cast) -> None:
    people = next(entry for entry in register.entries() if "people" in entry.activity.rooms)
    assert people.classes["identity"] >= 4
    person = next(row for row in people.tables if row.label == "people.Person")
    assert person.classes["specific"] >= 1
    assert person.retention
    assert any(row[0] == "jenis urusan" for row in register.csv_rows())


def test_who_serves_one_village_destroys_nothing_of_the_installation(cast: Cast, officer: Actor) -> None:
    old(cast)
    with pytest.raises(NotAllowed):
        destroying.propose_destruction(
            by=sitting(cast, "coordinator", 9, region_code=DUNGKAIT), at=NOW, what="matters"
        )
    hold = holds.place_hold(
        by=officer, at=NOW, subject_kind="class", what="matters", why="diperiksa", asked_by="BPK"
    )
    with pytest.raises(NotAllowed):
        holds.lift_hold(
            by=sitting(cast, "coordinator", 9, region_code=DUNGKAIT), at=NOW, hold_id=hold.id, why="selesai"
        )
    made = destroying.propose_destruction
    holds.lift_hold(by=cast.manager, at=NOW, hold_id=hold.id, why="selesai")
    assert made(by=officer, at=NOW, what="matters").region_code == "7602"
