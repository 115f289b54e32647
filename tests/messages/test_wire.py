"""E-mail over a real connection, and two workers over one real database."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from simpul.lib.actor import MACHINE
from simpul.messages import actions, transports
from simpul.messages.models import Message
from simpul.messages.transports import email as email_transport

OUTGOING = transports.Outgoing(
    "0198-ref", "Nurhayati", "nur@contoh.id", "Kabar – untuk Anda", "Isi “surat”.\n", "id"
)


class Dialogue(socketserver.StreamRequestHandler):
    """A mail server's side of one conversation: takes every letter, except for an address that it does not know."""

    letters: list[bytes]

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith((b"EHLO", b"HELO")):
                self.say("250 test")
            elif word.startswith(b"RCPT") and b"UNKNOWN" in word:
                self.say("550 no such mailbox")
            elif word == b"DATA":
                self.say("354 go on")
                self.take_letter()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take_letter(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.letters.append(b"".join(lines))
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def letters(settings: Any) -> Iterator[list[bytes]]:
    """What a mail server on this machine received."""
    got: list[bytes] = []
    handler = type("Handler", (Dialogue,), {"letters": got})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = ""
        yield got
        server.shutdown()


def test_a_letter_arrives_whole(letters: list[bytes]) -> None:
    email_transport.send(OUTGOING)
    [raw] = letters
    letter = email.message_from_bytes(raw, policy=default)
    assert letter["Subject"] == "Kabar – untuk Anda"
    assert letter["To"] == "Nurhayati <nur@contoh.id>"
    assert letter["Message-ID"] == "<0198-ref@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == "Isi “surat”.\n"


def test_an_unknown_mailbox_is_rejected_and_a_closed_server_unreachable(
    letters: list[bytes], settings: Any
) -> None:
    with pytest.raises(transports.Rejected) as refused:
        email_transport.send(transports.Outgoing("1", "", "unknown@contoh.id", "s", "b", "id"))
    assert refused.value.reason == "refused 550"
    settings.EMAIL_PORT = 9  # nobody listens there
    with pytest.raises(transports.Unreachable) as closed:
        email_transport.send(OUTGOING)
    assert closed.value.reason == "ConnectionRefusedError"
    assert letters == []


def desk_message(now: datetime, number: int) -> Message:
    message = actions.queue_message(
        by=MACHINE,
        at=now,
        subject_kind="case",
        subject_id=uuid4(),
        once_key=f"case-{number}",
        text_key="desk_new",
        values={"number": f"SPL-{number}", "desk": "Baznas"},
        to_name="Baznas",
        to_address="baznas@contoh.id",
    )
    assert message is not None
    return message


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_queued(now: datetime) -> None:
    def failing_act() -> None:
        with transaction.atomic():
            desk_message(now, 1)
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        failing_act()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_every_message_once(now: datetime) -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip(
            "a database in memory has no readers beside a writer: set SIMPUL_TEST_SQLITE, or use PostgreSQL"
        )
    mail.outbox = []
    messages = [desk_message(now, number) for number in range(12)]
    start = threading.Barrier(3)
    results: list[str] = []

    def work() -> None:
        start.wait()
        for message in messages:
            results.append(actions.deliver_message(by=MACHINE, at=now, message_id=message.id))
        connections.close_all()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("sent") == 12
    assert results.count("busy") == 24
    assert len(mail.outbox) == 12
    assert Message.objects.filter(state="sent").count() == 12
