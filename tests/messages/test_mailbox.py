"""A mailbox with real servers: Dovecot on the way in, an SMTP server on the way out."""

from __future__ import annotations

import io
import shutil
import socket
import tempfile
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from PIL import Image

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.lib.files import FileStore
from simpul.messages import actions, transports
from simpul.messages.models import Gateway, Incoming, Message
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import incoming as incoming_queries
from simpul.messages.transports import mailbox
from tests.messages.test_mailreading import BOUNCE
from tests.peers import dovecot

pytestmark = pytest.mark.programs

MAIL = (
    b"From: Siti Aminah <siti@contoh.id>\r\nTo: pengaduan@mamuju.contoh\r\nSubject: Lampu\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0800\r\nMessage-ID: <%s@contoh.id>\r\n\r\nLampu jalan padam.\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.ImapServer]:
    """Dovecot, in a folder that its own user may enter."""
    root = Path(tempfile.mkdtemp(prefix="simpul-mail-"))
    try:
        with dovecot.imap_server(root) as running:
            yield running
    finally:
        shutil.rmtree(root, ignore_errors=True)


class Sink:
    """An SMTP server's hands: it takes what it is given, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = ""
        self.refuse_recipient = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - its name there
        if self.answer:
            return self.answer
        self.taken.append(envelope.original_content)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """A running SMTP server and its port."""
    hands = Sink()
    controller = Controller(hands, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield hands, controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def setup(imap_port: int = 1, smtp_port: int = 1, password: str = dovecot.PASSWORD) -> transports.Setup:
    return transports.Setup(
        code="surel",
        kind="email",
        road="email",
        settings={
            "imap_host": "127.0.0.1",
            "imap_port": imap_port,
            "imap_tls": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp_port,
            "smtp_tls": "none",
            "from": "Layanan Mamuju <pengaduan@mamuju.contoh>",
        },
        secrets={"user": dovecot.USER, "password": password},
    )


def test_unseen_mail_is_fetched_whole_and_seen_only_once_it_is_kept(server: dovecot.ImapServer) -> None:
    here = setup(server.port)
    server.put(MAIL % b"satu")
    server.put(MAIL % b"dua")
    first = mailbox.poll(here)
    assert [request.body for request in first] == [MAIL % b"satu", MAIL % b"dua"]
    assert server.unseen() == 2  # nothing was lost had we died here
    assert [request.body for request in mailbox.poll(here)] == [request.body for request in first]
    mailbox.acknowledge(here, first[:1])
    assert [request.body for request in mailbox.poll(here)] == [MAIL % b"dua"]
    mailbox.acknowledge(here, mailbox.poll(here))
    assert mailbox.poll(here) == [] and server.unseen() == 0


def test_a_mail_of_strange_bytes_comes_as_it_is(server: dovecot.ImapServer) -> None:
    here = setup(server.port)
    raw = b"From: a@contoh.id\r\nSubject: =?x?\r\nContent-Type: text/plain; charset=apa\r\n\r\n\xff\xfe\x80 rusak\r\n"
    server.put(raw)
    [request] = mailbox.poll(here)
    assert request.body == raw
    [heard] = mailbox.read(here, request).heard
    assert "rusak" in heard.text
    mailbox.acknowledge(here, [request])


def test_of_a_mail_that_is_too_large_its_head_comes_and_it_stops_nobody(
    server: dovecot.ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = setup(server.port)
    monkeypatch.setattr(mailbox, "LARGEST_MAIL", 400)
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 1)
    server.put(MAIL % b"besar" + b"x" * 500)
    server.put(MAIL % b"kecil")
    [large] = mailbox.poll(here)
    reading = mailbox.read(here, large)
    [heard] = reading.heard
    assert (heard.address, heard.subject, heard.text) == ("siti@contoh.id", "Lampu", "")
    assert "only its head" in reading.notes[0]
    mailbox.acknowledge(here, [large])
    [small] = mailbox.poll(here)
    assert small.body == MAIL % b"kecil"
    mailbox.acknowledge(here, [small])


def test_a_wrong_password_and_a_closed_port_are_unreachable(server: dovecot.ImapServer) -> None:
    with pytest.raises(transports.Unreachable):
        mailbox.poll(setup(server.port, password="salah"))
    with pytest.raises(transports.Unreachable):
        mailbox.poll(setup(free_port()))


OUTGOING = transports.Outgoing(
    reference="0192",
    to_name='Siti "Nur" Aminah',
    to_address="siti@contoh.id",
    subject="Jawaban [SPL-2611-00047-K]",
    body="Lampu sudah diperbaiki.\nTerima kasih.",
    language="id",
)


def test_a_mail_that_leaves_has_a_steady_name_and_says_that_a_machine_wrote_it(sink: Any) -> None:
    hands, port = sink
    assert mailbox.send(setup(smtp_port=port), OUTGOING) == transports.Sent("0192@mamuju.contoh")
    [raw] = hands.taken
    mail = message_from_bytes(raw)
    assert mail["Message-ID"] == "<0192@mamuju.contoh>"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["In-Reply-To"] is None
    assert mail["To"] == '"Siti \\"Nur\\" Aminah" <siti@contoh.id>'
    assert "Lampu sudah diperbaiki." in mail.get_payload()


def test_an_answer_stands_in_the_thread_of_its_question(sink: Any) -> None:
    hands, port = sink
    mailbox.send(
        setup(smtp_port=port), transports.Outgoing("7", "", "a@b.id", "Re", "Ya", "id", reply_to="q1@b.id")
    )
    mail = message_from_bytes(hands.taken[0])
    assert mail["In-Reply-To"] == mail["References"] == "<q1@b.id>"
    assert mail["Auto-Submitted"] == "auto-replied"


def test_a_mail_of_ours_read_back_is_never_answered(server: dovecot.ImapServer, sink: Any) -> None:
    hands, port = sink
    mailbox.send(setup(smtp_port=port), OUTGOING)
    server.put(hands.taken[0])
    here = setup(server.port)
    [request] = mailbox.poll(here)
    assert mailbox.read(here, request) == transports.Reading()
    mailbox.acknowledge(here, [request])


@pytest.mark.parametrize(
    ("recipient", "answer", "fault"),
    [
        ("550 no such user", "", transports.Rejected),
        ("450 mailbox busy", "", transports.Unreachable),
        ("", "554 spam", transports.Rejected),
        ("", "451 try later", transports.Unreachable),
    ],
)
def test_a_final_answer_is_a_rejection_and_a_passing_one_is_not(
    sink: Any, recipient: str, answer: str, fault: type[Exception]
) -> None:
    hands, port = sink
    hands.refuse_recipient, hands.answer = recipient, answer
    with pytest.raises(fault):
        mailbox.send(setup(smtp_port=port), OUTGOING)


def test_a_server_that_is_away_is_unreachable() -> None:
    with pytest.raises(transports.Unreachable):
        mailbox.send(setup(smtp_port=free_port()), OUTGOING)


def test_nothing_that_knocks_on_the_web_is_read_as_mail() -> None:
    assert not mailbox.check(setup(), transports.RawRequest("POST", MAIL), None).ok


# --- through the acts -------------------------------------------------------------------------------------------------


@pytest.fixture
def post(db: Any, institution: Any, hamlet: Any, server: dovecot.ImapServer, now: datetime) -> Gateway:
    """The mailbox of the call centre, as an administrator added it."""
    desk = Desk.objects.create(
        code="cc", name="Call Center", kind="call_centre", level="regency", region_code="7602", opened_at=now
    )
    here = setup(server.port)
    return actions.add_gateway(
        by=MACHINE,
        at=now,
        code="surel",
        kind="email",
        name="Surel pengaduan",
        desk_id=desk.id,
        region_code=hamlet.village_id,
        settings=here.settings,
        secrets=here.secrets,
    )


def photo_mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "siti@contoh.id", "pengaduan@mamuju.contoh", "Foto atap"
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0800", "<foto@contoh.id>"
    mail.set_content("Atap sekolah bocor.")
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(picture, "JPEG")
    mail.add_attachment(picture.getvalue(), maintype="image", subtype="jpeg", filename="atap.jpg")
    mail.add_attachment(b"<p>x</p>", maintype="text", subtype="html", filename="a.html")
    return mail.as_bytes()


def read_all(at: datetime) -> None:
    for delivery_id in incoming_queries.deliveries_due(at):
        actions.read_delivery(by=MACHINE, at=at, delivery_id=delivery_id)


def test_a_mail_becomes_one_message_with_its_files_however_often_it_is_fetched(
    post: Gateway, server: dovecot.ImapServer, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.SIMPUL_FILES = tmp_path
    server.put(photo_mail())
    assert actions.poll_gateway(by=MACHINE, at=now, gateway_id=post.id) == 1
    assert server.unseen() == 0
    server.put(photo_mail())  # the same mail once more, by another way
    assert (
        actions.poll_gateway(by=MACHINE, at=now, gateway_id=post.id) == 1
    )  # other bytes, so it is kept as well
    read_all(now)
    message = Incoming.objects.get()
    assert (message.channel, message.text, message.correspondent.address) == (
        "email",
        "Atap sekolah bocor.",
        "siti@contoh.id",
    )
    assert not message.correspondent.is_verified
    states = [
        actions.fetch_file(by=MACHINE, at=now, file_id=file.id) for file in message.files.order_by("place")
    ]
    assert states == ["kept", "refused"]  # a photo is made anew; a page of HTML never comes in
    kept = message.files.get(place=0)
    assert Image.open(io.BytesIO(FileStore(tmp_path).read(kept.sha256))).size == (40, 40)


def test_a_bounce_tells_what_became_of_our_mail(
    post: Gateway, server: dovecot.ImapServer, now: datetime
) -> None:
    sent = Message.objects.create(
        subject_kind="case", subject_id=uuid4(), once_key="m1", asked_key="answer", text_key="answer", road="email",
        language="id", to_address="siti@contoh.id", body="Isi", state="sent", queued_at=now, next_try_at=now,
        gateway=post, external_id="m1@mamuju.contoh", receipt="accepted",
    )  # fmt: skip
    server.put(BOUNCE.replace(b"\n", b"\r\n"))
    actions.poll_gateway(by=MACHINE, at=now, gateway_id=post.id)
    read_all(now)
    sent.refresh_from_db()
    assert sent.receipt == "failed"
    assert not Incoming.objects.exists()


def test_a_mail_server_that_is_away_is_asked_again_later(post: Gateway, now: datetime) -> None:
    closed = {**post.settings, "imap_port": free_port()}
    actions.change_gateway(by=MACHINE, at=now, gateway_id=post.id, changes={"settings": closed})
    assert actions.poll_gateway(by=MACHINE, at=now, gateway_id=post.id) == 0
    post.refresh_from_db()
    assert post.down_since_at == now and post.retry_at is not None and post.retry_at > now
    assert gateway_queries.mailboxes() == [post.id]
