"""A mailbox: fetched by IMAP, answered by SMTP.

A mail is kept first and marked as seen afterwards, so that a worker that dies in between fetches it again, and its name
(``Message-ID``) keeps it from being taken twice.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from imaplib import IMAP4

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)

from simpul.messages.transports import mailreading
from simpul.messages.transports.incoming import RawRequest, Reading, Setup, Verdict
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, Unreachable

TIMEOUT = 20.0
LARGEST_MAIL = 25_000_000
"""Bytes; what most mail servers accept. Of a larger one the head alone is taken, so that somebody learns who wrote."""

MOST_AT_ONCE = 50


def check(setup: Setup, request: RawRequest, at: object) -> Verdict:
    """Mail comes only by fetching it: nothing that knocks on the door with this gateway's name is read."""
    if request.method != "imap":
        return Verdict(ok=False, reason="mail is fetched, not delivered here", status=404)
    return Verdict(ok=True)


def read(setup: Setup, request: RawRequest) -> Reading:
    """The mail in a delivery."""
    reading = mailreading.read_mail(request.body, parseaddr(str(setup.settings.get("from", "")))[1])
    size = request.headers.get("size", "")
    return replace(reading, notes=(f"{size} bytes: only its head was fetched",)) if size else reading


def extract(setup: Setup, body: bytes, source: Mapping[str, object]) -> bytes:
    """An attachment, out of the mail that is kept here already."""
    return mailreading.file_of(body, int(str(source.get("part", -1))))


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """Attachments came with their mail: there is nothing to fetch."""
    raise Rejected("attachments are in the mail itself")


def poll(setup: Setup) -> list[RawRequest]:
    """The unseen mails, oldest first; ``acknowledge`` them once they are kept.

    Raises:
        Unreachable: the server does not answer, or refuses the sign-in.
    """
    with _signed_in(setup) as box:
        uids = box.uids(AND(seen=False))[:MOST_AT_ONCE]
        found = []
        for uid in uids:
            raw, size = _raw(box, uid)
            if raw:
                headers = {"uid": uid} | ({"size": size} if size else {})
                found.append(RawRequest("imap", raw, query=f"uid={uid}", headers=headers))
        return found


def acknowledge(setup: Setup, requests: Iterable[RawRequest]) -> None:
    """Mark kept mails as seen, so that they are not fetched again.

    Raises:
        Unreachable: the server does not answer.
    """
    uids = [request.headers["uid"] for request in requests]
    if uids:
        with _signed_in(setup) as box:
            box.flag(uids, MailMessageFlags.SEEN, value=True)


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Send one mail; its name is made of our reference, so that a repeat is the same mail.

    Raises:
        Unreachable: no connection, a failed sign-in, or a temporary answer (4xx).
        Rejected: a final answer (5xx), or an address that no mail server can read.
    """
    sender = str(setup.settings.get("from", ""))
    host = parseaddr(sender)[1].partition("@")[2] or "localhost"
    name = f"{outgoing.reference}@{host}"
    try:
        mail = _mail(outgoing, sender, name)
        with _smtp(setup) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as fault:
        code = next(iter(fault.recipients.values()), (550, b""))[0]
        raise _answer(code) from fault
    except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as fault:
        raise Unreachable(f"the server does not want us: {fault.smtp_code}") from fault
    except smtplib.SMTPResponseException as fault:
        raise _answer(fault.smtp_code) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(type(fault).__name__) from fault
    except (ValueError, UnicodeError) as fault:
        raise Rejected("address unreadable") from fault
    return Sent(external_id=name)


def _mail(outgoing: Outgoing, sender: str, name: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = str(Address(" ".join(outgoing.to_name.split()), addr_spec=outgoing.to_address))
    mail["Subject"] = " ".join(outgoing.subject.split())
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{name}>"
    mail["Content-Language"] = outgoing.language
    mail["Auto-Submitted"] = "auto-replied" if outgoing.reply_to else "auto-generated"
    if outgoing.reply_to:
        mail["In-Reply-To"] = mail["References"] = f"<{outgoing.reply_to}>"
    mail.set_content(outgoing.body)
    return mail


def _answer(code: int) -> Rejected | Unreachable:
    return Rejected(f"refused {code}") if 500 <= code < 600 else Unreachable(f"try later {code}")


def _raw(box: BaseMailBox, uid: str) -> tuple[bytes, str]:
    """The bytes of a mail as the server has them, unseen still; nothing when it is gone. Of one that is too large its head, and
    its size.
    """
    _state, size = box.client.uid("fetch", uid, "(RFC822.SIZE)")
    told = re.search(rb"RFC822\.SIZE (\d+)", size[0] or b"") if size else None
    if told is None:
        return b"", ""
    is_large = int(told[1]) > LARGEST_MAIL
    _state, data = box.client.uid("fetch", uid, "(BODY.PEEK[HEADER])" if is_large else "(BODY.PEEK[])")
    raw = next((bytes(part[1])[:LARGEST_MAIL] for part in data if isinstance(part, tuple)), b"")
    return raw, told[1].decode() if is_large else ""


@contextlib.contextmanager
def _signed_in(setup: Setup) -> Iterator[BaseMailBox]:
    """The folder of the mailbox, opened; every fault of the network is ``Unreachable``."""
    try:
        box = _box(setup)
        try:
            box.login(
                setup.secrets.get("user", ""),
                setup.secrets.get("password", ""),
                initial_folder=str(setup.settings.get("imap_folder") or "INBOX"),
            )
            yield box
        finally:
            with contextlib.suppress(OSError, IMAP4.error):
                box.client.logout()
            with contextlib.suppress(OSError):  # a refused sign-in leaves the line open
                box.client.shutdown()
    except (OSError, IMAP4.error, ImapToolsError) as fault:
        raise Unreachable(type(fault).__name__) from fault


def _box(setup: Setup) -> BaseMailBox:
    settings = setup.settings
    host, tls = str(settings.get("imap_host", "")), str(settings.get("imap_tls") or "tls")
    port = int(settings.get("imap_port") or (993 if tls == "tls" else 143))
    if tls == "tls":
        return MailBox(host, port=port, timeout=TIMEOUT)
    if tls == "starttls":
        return MailBoxStartTls(host, port=port, timeout=TIMEOUT)
    return MailBoxUnencrypted(host, port=port, timeout=TIMEOUT)


@contextlib.contextmanager
def _smtp(setup: Setup) -> Iterator[smtplib.SMTP]:
    settings = setup.settings
    host, tls = str(settings.get("smtp_host", "")), str(settings.get("smtp_tls") or "starttls")
    port = int(settings.get("smtp_port") or (465 if tls == "tls" else 587))
    server: smtplib.SMTP
    if tls == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if setup.secrets.get("user") and tls != "none":
            server.login(setup.secrets["user"], setup.secrets.get("password", ""))
        yield server
