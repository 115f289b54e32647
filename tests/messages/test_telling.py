"""Paper: the list of each hamlet, who sees it, and the proof that a person was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from simpul import roles
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import access, actions, queries
from simpul.messages.models import Message

DUNGKAIT = "7602132001"

pytestmark = pytest.mark.django_db


def test_the_list_is_grouped_by_hamlet_oldest_first(queue: Any, officer: Actor, now: datetime) -> None:
    later = queue(at=now + timedelta(hours=1))
    first = queue()
    elsewhere = queue(hamlet_name="Dusun Botteng")
    groups = queries.hamlet_list(officer, "7602")
    assert [(group.hamlet_name, group.messages) for group in groups] == [
        ("Dusun Botteng", (elsewhere,)),
        ("Dusun Taludu", (first, later)),
    ]
    assert queries.hamlet_list(officer, "7303") == []
    assert queries.printable(officer, [later.id, first.id]) == [first, later]


def test_sealed_matters_are_on_the_focal_points_list_only(
    queue: Any, officer: Actor, focal: Actor, now: datetime
) -> None:
    sealed = queue(sealed=True)
    assert queries.hamlet_list(officer) == []
    assert [group.messages for group in queries.hamlet_list(focal)] == [(sealed,)]
    weak = Actor(role="focal_point", name="Hamida", region_code="7602")
    assert queries.hamlet_list(weak) == []


def test_the_neighbour_the_public_and_other_roles_see_no_list(
    queue: Any, neighbour: Actor, now: datetime
) -> None:
    message = queue()
    nobody = [
        neighbour,
        ANYBODY,
        Actor(role="partner", region_code="7602", strong=True),
        Actor(role="administrator", region_code="", strong=True),
    ]
    for by in nobody:
        assert queries.hamlet_list(by) == []
        with pytest.raises(NotFound):
            access.message_for(by, message.id)
        with pytest.raises(NotFound):
            actions.print_message(by=by, at=now, message_id=message.id)
        with pytest.raises(NotFound):
            actions.tell_message(by=by, at=now, message_id=message.id, how="in_person")


def test_printing_keeps_the_first_time_and_leaves_a_line_each(
    queue: Any, officer: Actor, now: datetime
) -> None:
    message = queue()
    for at in (now, now + timedelta(days=1)):
        printed = actions.print_message(by=officer, at=at, message_id=message.id)
        assert (printed.state, printed.printed_at) == ("printed", now)
    assert Line.objects.filter(kind="message.print", subject_id=message.subject_id).count() == 2
    assert len(queries.hamlet_list(officer)) == 1


def test_telling_leaves_proof_and_takes_it_off_the_list(queue: Any, officer: Actor, now: datetime) -> None:
    message = queue()
    told = actions.tell_message(
        by=officer,
        at=now,
        message_id=message.id,
        how="in_person",
        note=" dibacakan ",
        told_by="Kepala Dusun Taludu",
    )
    assert (told.state, told.told_at, told.told_how) == ("told", now, "in_person")
    assert (told.told_by, told.told_note) == ("Kepala Dusun Taludu", "dibacakan")
    line = Line.objects.get(kind="message.tell")
    assert line.facts["how"] == "in_person"
    assert line.inputs == {"told_by": "Kepala Dusun Taludu", "note": "dibacakan"}
    assert line.actor_name == "Ilham Rasyid"
    assert queries.hamlet_list(officer) == []
    with pytest.raises(actions.NothingToPrint):
        actions.print_message(by=officer, at=now, message_id=message.id)
    with pytest.raises(actions.AlreadyTold) as refusal:
        actions.tell_message(by=officer, at=now, message_id=message.id, how="phone")
    assert "Kepala Dusun Taludu" in str(refusal.value)


def test_a_person_who_was_not_met_stays_on_the_list(queue: Any, officer: Actor, now: datetime) -> None:
    message = queue()
    actions.tell_message(by=officer, at=now, message_id=message.id, how="not_met", note="sedang melaut")
    assert [group.messages for group in queries.hamlet_list(officer)] == [(message,)]
    assert Line.objects.get(kind="message.tell").facts["how"] == "not_met"


def test_how_a_person_was_told_is_one_of_a_list(queue: Any, officer: Actor, now: datetime) -> None:
    message = queue()
    with pytest.raises(actions.TellingUnknown):
        actions.tell_message(by=officer, at=now, message_id=message.id, how="telepati")
    with pytest.raises(actions.TellingUnknown):
        actions.tell_message(by=officer, at=now, message_id=message.id, how="")


@pytest.mark.parametrize("protected", [{"sealed": True}, {"sensitive": True}])
def test_a_protected_matter_is_never_told_through_the_family(
    protected: dict[str, bool], queue: Any, focal: Actor, now: datetime
) -> None:
    message = queue(**protected)
    with pytest.raises(actions.NotThroughFamily):
        actions.tell_message(by=focal, at=now, message_id=message.id, how="family")
    assert Message.objects.get().state == "queued"
    assert actions.tell_message(by=focal, at=now, message_id=message.id, how="in_person").state == "told"


def test_a_facilitator_tells_only_through_a_matter_of_their_own(queue: Any, now: datetime) -> None:
    desk_id = queue().id  # any key will do
    facilitator = Actor(
        role="facilitator", name="Rahma", region_code="7602", desk_id=desk_id, desk_ids=frozenset({desk_id})
    )
    message = queue()
    with pytest.raises(NotAllowed):
        actions.tell_message(by=facilitator, at=now, message_id=message.id, how="in_person")
    place = roles.Place(chain_ids=frozenset({desk_id}))
    told = actions.tell_message(by=facilitator, at=now, message_id=message.id, how="in_person", place=place)
    assert told.told_by == "Rahma"


def test_the_outbox_counts_what_waits_and_what_is_late(queue: Any, mailbox: Any, now: datetime) -> None:
    queue()
    outbox = queries.outbox(now)
    assert (outbox.count("queued"), outbox.count("queued", "email"), outbox.count("queued", "slip")) == (
        1,
        1,
        0,
    )
    assert (outbox.oldest_waiting_at, outbox.late) == (now, 0)
    assert queries.outbox(now + timedelta(hours=1)).late == 1
    message = Message.objects.get()
    assert queries.for_subject(message.subject_id) == [message]
