"""Delivering: claimed once, tried again ever more slowly, taken over from the dead, and in the end on paper."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions, queries, rules, transports
from simpul.messages.models import Message
from simpul.messages.transports import email
from simpul.people import actions as people_actions

pytestmark = pytest.mark.django_db


def deliver(message: Message, at: datetime) -> str:
    return actions.deliver_message(by=MACHINE, at=at, message_id=message.id)


def test_a_delivered_message_is_one_mail_with_a_steady_reference(
    queue: Any, mailbox: Any, now: datetime
) -> None:
    message = queue()
    assert queries.due(now) == [message.id]
    assert deliver(message, now) == "sent"
    [sent] = mail.outbox
    assert sent.to == ["Nurhayati <nur@contoh.id>"]
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.id}@")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.claimed_at) == ("sent", now, None)
    assert Line.objects.get(kind="message.deliver").subject_id == message.subject_id
    assert deliver(message, now) == "busy"
    assert len(mail.outbox) == 1


def test_a_message_is_not_sent_before_its_time(queue: Any, mailbox: Any, now: datetime) -> None:
    message = queue(at=now - timedelta(hours=11))  # 22.00 the evening before: it waits for 07.00
    assert queries.due(now - timedelta(hours=3)) == []
    assert deliver(message, now - timedelta(hours=3)) == "busy"
    assert deliver(message, now) == "sent"


def test_failures_back_off_and_end_on_paper(queue: Any, mailbox: Any, gateway: Any, now: datetime) -> None:
    message = queue()
    gateway.fault = transports.Unreachable("ConnectionRefusedError")
    at = now
    for wait in rules.RETRY_AFTER:
        assert deliver(message, at) == "unreachable"
        message.refresh_from_db()
        assert (message.state, message.next_try_at) == ("queued", at + wait)
        assert message.last_error == "ConnectionRefusedError"
        assert deliver(message, at) == "busy"
        at += wait
    assert deliver(message, at) == "queued"  # it is night by now
    message.refresh_from_db()
    assert message.next_try_at == now + timedelta(hours=22)  # 07.00
    at = message.next_try_at
    deliver(message, at)
    message.refresh_from_db()
    assert (message.road, message.state, message.to_address) == ("slip", "queued", "")
    assert "pembawa surat ini" in message.body
    assert gateway.calls == len(rules.RETRY_AFTER) + 1
    assert Line.objects.filter(kind="message.fail").count() == gateway.calls
    assert queries.due(at + timedelta(days=9)) == []


def test_a_refused_address_goes_to_paper_at_once(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    gateway.fault = transports.Rejected("refused 550")
    assert deliver(message, now) == "slip"
    message.refresh_from_db()
    assert (message.road, message.last_error) == ("slip", "refused 550")


def test_a_desks_message_ends_as_failed_and_is_counted(queue: Any, gateway: Any, now: datetime) -> None:
    message = queue(
        person_id=None,
        to_name="Baznas",
        to_address="baznas@contoh.id",
        text_key="desk_new",
        values={"number": "SPL-2611-00047-K", "desk": "Baznas"},
    )
    gateway.fault = transports.Rejected("refused 550")
    assert deliver(message, now) == "failed"
    assert queries.outbox(now).count("failed", "email") == 1


def test_a_contact_called_unsafe_after_queueing_is_not_written_to(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    people_actions.change_contact(by=MACHINE, at=now, contact_id=mailbox.id, changes={"safe_to_write": False})
    assert deliver(message, now) == "slip"
    assert gateway.calls == 0


def test_a_mailbox_that_turns_out_to_be_a_neighbours_gets_no_content(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    people_actions.change_contact(by=MACHINE, at=now, contact_id=mailbox.id, changes={"owner": "neighbour"})
    assert deliver(message, now) == "slip"
    assert gateway.calls == 0


def test_the_claim_of_a_killed_worker_is_taken_over_after_ten_minutes(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    gateway.fault = KeyboardInterrupt("killed")  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        deliver(message, now)
    message.refresh_from_db()
    assert (message.state, message.claimed_at, message.tries) == ("sending", now, 1)
    gateway.fault = None
    soon, later = now + timedelta(minutes=9), now + timedelta(minutes=11)
    assert queries.due(soon) == []
    assert deliver(message, soon) == "busy"
    assert queries.due(later) == [message.id]
    assert deliver(message, later) == "sent"
    assert len(gateway.sent) == 1


def test_a_message_that_kills_every_worker_comes_to_an_end(
    queue: Any, mailbox: Any, gateway: Any, now: datetime
) -> None:
    message = queue()
    gateway.fault = RuntimeError("a fault in the transport")
    at = now
    for _try in range(len(rules.RETRY_AFTER) + 1):
        with pytest.raises(RuntimeError):
            deliver(message, at)
        at += timedelta(minutes=11)
    assert deliver(message, at) == "slip"


def test_two_workers_send_a_message_once(queue: Any, mailbox: Any, gateway: Any, now: datetime) -> None:
    message = queue()
    second: list[str] = []

    def slow(outgoing: transports.Outgoing) -> None:
        second.append(deliver(message, now))
        gateway.sent.append(outgoing)

    with mock.patch.object(gateway, "send", slow):
        assert deliver(message, now) == "sent"
    assert second == ["busy"]
    assert len(gateway.sent) == 1


def test_an_expired_message_is_not_sent(queue: Any, mailbox: Any, gateway: Any, now: datetime) -> None:
    message = queue(expires_at=now)
    assert deliver(message, now) == "expired"
    assert gateway.calls == 0


def test_only_the_machine_delivers(queue: Any, mailbox: Any, officer: Actor, now: datetime) -> None:
    message = queue()
    with pytest.raises(NotAllowed):
        actions.deliver_message(by=officer, at=now, message_id=message.id)
    with pytest.raises(NotAllowed):
        actions.fail_message(by=officer, at=now, message_id=message.id, error="x")
    with pytest.raises(NotFound):
        actions.fail_message(by=MACHINE, at=now, message_id=message.id, error="x")


OUTGOING = transports.Outgoing("1", 'Siti "Nur", Hj.', "siti@contoh.id", "Subjek", "Isi", "id")


@pytest.mark.parametrize(
    ("fault", "expected", "reason"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a@b.id": (550, b"a@b.id unknown")}),
            transports.Rejected,
            "refused 550",
        ),
        (smtplib.SMTPRecipientsRefused({"a@b.id": (450, b"busy")}), transports.Unreachable, "try later 450"),
        (smtplib.SMTPDataError(554, b"spam"), transports.Rejected, "refused 554"),
        (smtplib.SMTPDataError(451, b"later"), transports.Unreachable, "try later 451"),
        (smtplib.SMTPSenderRefused(550, b"no", "me@x.id"), transports.Unreachable, "sender refused 550"),
        (smtplib.SMTPAuthenticationError(535, b"no"), transports.Unreachable, "sign-in refused 535"),
        (smtplib.SMTPServerDisconnected("gone"), transports.Unreachable, "SMTPServerDisconnected"),
        (ConnectionRefusedError(), transports.Unreachable, "ConnectionRefusedError"),
        (TimeoutError(), transports.Unreachable, "TimeoutError"),
    ],
)
def test_what_a_mail_server_says_is_sorted_into_later_and_never_without_naming_anybody(
    fault: Exception, expected: type[Exception], reason: str
) -> None:
    with (
        mock.patch("django.core.mail.EmailMessage.send", side_effect=fault),
        pytest.raises(expected) as caught,
    ):
        email.send(OUTGOING)
    assert caught.value.reason == reason  # type: ignore[attr-defined]


def test_a_name_with_quotes_and_commas_makes_one_address() -> None:
    email.send(OUTGOING)
    assert mail.outbox[0].recipients() == ['"Siti \\"Nur\\", Hj." <siti@contoh.id>']
    with pytest.raises(transports.Rejected):
        email.send(transports.Outgoing("1", "", "tidak ada", "s", "b", "id"))
