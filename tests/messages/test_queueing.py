"""Queueing: the safe road, paper when there is none, once only, and nobody woken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions, queries
from simpul.messages.models import Message
from simpul.people import actions as people_actions

pytestmark = pytest.mark.django_db


def test_an_answer_goes_to_the_persons_own_mailbox(queue: Any, mailbox: Any, now: datetime) -> None:
    message = queue()
    assert (message.road, message.to_address, message.to_name) == ("email", "nur@contoh.id", "Nurhayati")
    assert "Bantuan sudah diserahkan." in message.body
    assert "0426 21000" in message.body
    assert message.state == "queued"
    line = Line.objects.get(kind="message.queue")
    assert line.subject_id == message.subject_id
    assert line.facts == {"message": str(message.id), "text": "answer", "road": "email"}


def test_without_a_safe_open_road_it_becomes_paper_for_the_hamlet(queue: Any) -> None:
    message = queue()
    assert message.road == "slip"
    assert (message.hamlet_name, message.landmark) == ("Dusun Taludu", "rumah dekat jembatan")
    assert "pembawa surat ini" in message.body


def test_without_a_mail_server_it_becomes_paper(queue: Any, mailbox: Any, settings: Any) -> None:
    settings.SIMPUL_MAIL_READY = False
    assert queue().road == "slip"


def test_a_receipt_and_other_small_news_are_not_worth_a_walk(queue: Any) -> None:
    assert queue(text_key="receipt") is None
    assert queue(text_key="assigned") is None


def test_an_unsafe_mailbox_is_never_written_to(queue: Any, mailbox: Any, now: datetime) -> None:
    people_actions.change_contact(by=MACHINE, at=now, contact_id=mailbox.id, changes={"safe_to_write": False})
    assert queue().road == "slip"


def test_a_neighbours_mailbox_gets_no_name_and_no_content(queue: Any, mailbox: Any, now: datetime) -> None:
    people_actions.change_contact(by=MACHINE, at=now, contact_id=mailbox.id, changes={"owner": "neighbour"})
    message = queue()
    assert (message.road, message.text_key, message.to_name) == ("email", "call_us", "")
    everything = message.subject + message.body
    assert "Nurhayati" not in everything
    assert "SPL-" not in everything
    assert "Bantuan" not in everything


def test_a_sealed_matter_says_nothing_even_to_the_persons_own_mailbox(queue: Any, mailbox: Any) -> None:
    message = queue(sealed=True)
    assert (message.text_key, message.values) == ("call_us", {})
    assert "SPL-" not in message.subject + message.body


def test_a_sealed_matter_without_a_safe_mailbox_waits_for_the_focal_point(queue: Any) -> None:
    message = queue(sealed=True)
    assert (message.road, message.text_key) == ("slip", "tell_in_person")
    assert "Bantuan" not in message.body


def test_at_most_one_message_for_one_reason(queue: Any, mailbox: Any) -> None:
    first = queue(once_key="case-1:answer:1")
    again = queue(once_key="case-1:answer:1", values={"number": "x", "answer": "y", "desk": "z"})
    assert again == first
    assert Message.objects.count() == 1
    assert Line.objects.filter(kind="message.queue").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            once_key="case-1:answer:1",
            subject_id=uuid4(),
            queued_at=first.queued_at,
            next_try_at=first.queued_at,
            body="x",
        )


def test_nobody_is_written_to_at_night_but_a_receipt_comes_at_once(queue: Any, mailbox: Any) -> None:
    night = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # 22.30 in Mamuju
    assert queue(at=night).next_try_at == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # 07.00
    assert queue(at=night, text_key="receipt").next_try_at == night


def test_a_desk_is_reached_by_its_mail_and_a_protected_matter_only_announced(
    queue: Any, now: datetime
) -> None:
    desk: dict[str, Any] = {
        "person_id": None,
        "to_desk_id": uuid4(),
        "to_name": "Baznas Mamuju",
        "to_address": "baznas@contoh.id",
        "text_key": "desk_referred",
        "values": {"number": "SPL-2611-00047-K", "desk": "Baznas", "extract": "Atap rumah roboh."},
    }
    open_one = queue(**desk)
    assert "Atap rumah roboh." in open_one.body
    assert open_one.next_try_at == now
    protected = queue(**desk, sealed=True)
    assert protected.text_key == "desk_protected"
    assert "SPL-" not in protected.subject + protected.body
    assert queue(**(desk | {"to_address": ""})) is None


def test_a_message_is_written_in_the_persons_language(queue: Any, mailbox: Any) -> None:
    assert "This is the answer" in queue(language="en").body
    assert "Ini jawaban" in queue(language="mdr").body  # no words of its own yet


def test_a_variable_without_a_value_is_a_fault_of_the_program(queue: Any, mailbox: Any) -> None:
    with pytest.raises(KeyError):
        queue(values={"number": "SPL-2611-00047-K"})
    assert not Message.objects.exists()


def test_only_the_machine_queues(queue: Any, officer: Actor) -> None:
    for by in (officer, ANYBODY):
        with pytest.raises(NotAllowed):
            queue(by=by)


def seal(message: Message, now: datetime) -> Message:
    for message_id in queries.waiting_for(message.subject_id):
        actions.hold_message(by=MACHINE, at=now, message_id=message_id, reason="disegel", seal=True)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("with_mailbox", [True, False])
def test_a_matter_sealed_later_empties_its_messages_and_leaves_them_to_the_focal_point(
    with_mailbox: bool,
    queue: Any,
    officer: Actor,
    focal: Actor,
    now: datetime,
    request: pytest.FixtureRequest,
) -> None:
    if with_mailbox:
        request.getfixturevalue("mailbox")
    message = seal(queue(), now)
    assert (message.state, message.road, message.text_key) == ("queued", "slip", "tell_in_person")
    assert (message.sealed, message.values, message.to_address) == (True, {}, "")
    assert "Bantuan" not in message.body
    assert "SPL-" not in message.subject + message.body
    assert queries.hamlet_list(officer) == []
    with pytest.raises(NotFound):
        actions.tell_message(by=officer, at=now, message_id=message.id, how="in_person")
    assert len(queries.hamlet_list(focal)) == 1
    actions.tell_message(by=focal, at=now, message_id=message.id, how="in_person")
    assert Line.objects.filter(kind="message.hold").count() == 1


def test_small_news_of_a_sealed_matter_and_letters_to_desks_are_held(
    queue: Any, mailbox: Any, now: datetime
) -> None:
    assert seal(queue(text_key="assigned"), now).state == "held"
    desk = queue(
        person_id=None,
        to_name="Baznas",
        to_address="baznas@contoh.id",
        text_key="desk_new",
        values={"number": "SPL-2611-00047-K", "desk": "Baznas"},
    )
    assert (seal(desk, now).state, desk.text_key) == ("held", "desk_protected")


def test_a_letter_on_its_way_when_its_matter_is_sealed_never_comes_back_whole(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    Message.objects.update(state="sending", claimed_at=now, tries=1)
    seal(message, now)
    assert (message.state, message.sealed) == ("sending", True)
    actions.fail_message(by=MACHINE, at=now, message_id=message.id, error="TimeoutError", final=True)
    message.refresh_from_db()
    assert (message.road, message.text_key) == ("slip", "tell_in_person")
    assert "Bantuan" not in message.body


def test_holding_stops_what_waits_and_leaves_what_went_out(
    queue: Any, mailbox: Any, officer: Actor, now: datetime
) -> None:
    message = queue()
    assert actions.hold_message(by=MACHINE, at=now, message_id=message.id, reason="keliru").state == "held"
    assert queries.due(now) == []
    sent = queue()
    assert actions.deliver_message(by=MACHINE, at=now, message_id=sent.id) == "sent"
    assert (
        actions.hold_message(by=MACHINE, at=now, message_id=sent.id, reason="keliru", seal=True).state
        == "sent"
    )
    with pytest.raises(NotFound):
        actions.hold_message(by=MACHINE, at=now, message_id=uuid4(), reason="keliru")
    with pytest.raises(NotAllowed):
        actions.hold_message(by=officer, at=now, message_id=message.id, reason="keliru")


def test_old_messages_expire_with_one_line(queue: Any, now: datetime, officer: Actor) -> None:
    queue(expires_at=now + timedelta(days=1))
    queue()
    assert actions.expire_messages(by=MACHINE, at=now) == 0
    assert not Line.objects.filter(kind="messages.expire").exists()
    assert actions.expire_messages(by=MACHINE, at=now + timedelta(days=2)) == 1
    assert Line.objects.get(kind="messages.expire").facts == {"count": 1}
    with pytest.raises(NotAllowed):
        actions.expire_messages(by=officer, at=now)
