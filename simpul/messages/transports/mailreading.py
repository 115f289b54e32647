"""Reading one mail: who, what, to which message of ours, and what must never be answered.

Sources: RFC 5322 (threads), RFC 3834 (automatic responses: never answer an automatic mail), RFC 3464 (delivery reports).
Nothing of a mail is ever shown as HTML: its words are taken out, and what was quoted below is kept apart.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

import nh3

from simpul.messages.transports.incoming import Heard, HeardFile, Reading, Report, Unreadable

MOST_FILES = 20
MOST_PARTS = 200
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "table", "ul", "ol"}
_BREAK = re.compile(r"</?(?:" + "|".join(sorted(_BLOCKS)) + r")\b[^>]*>", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]+)>")
_NUMBER = re.compile(r"\[([A-Z]{2,4}-\d{4}-\d{5}-[A-Z])\]")
_QUOTE_BEGINS = re.compile(
    r"^(?:>|(?:Pada|On)\b.{0,200}\b(?:menulis|wrote)\s*:\s*$|-{2,}\s*(?:Original Message|Pesan asli|Forwarded message)"
    r"|_{10,}\s*$|(?:Dari|From):\s.+@)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce[s+-].*)@", re.IGNORECASE)


def read_mail(raw: bytes, own_address: str) -> Reading:
    """Everything one mail says: a message, or what a mail server reports about one of ours.

    Raises:
        Unreadable: these bytes are no mail, or one that the standard library stumbles over: a person looks at it.
    """
    try:
        return _read(raw, own_address)
    except (AttributeError, IndexError, LookupError, TypeError, ValueError) as fault:
        raise Unreadable(f"unreadable mail: {type(fault).__name__}") from fault


def _read(raw: bytes, own_address: str) -> Reading:
    mail = _parsed(raw)
    report = _report(mail)
    if report is not None:
        return Reading(reports=(report,))
    name, address = _sender(mail)
    if address and address.casefold() == own_address.casefold():
        return Reading()  # our own mail coming round: answering it would never end
    words, quoted = split_quoted(words_of(mail))
    subject = _header(mail, "subject")
    token = _NUMBER.search(subject)
    answered = thread_of(mail)
    return Reading(
        heard=(
            Heard(
                channel="email",
                address=address.lower(),
                kind="mail",
                external_id=message_id(mail),
                once=_fallback(mail, raw),
                shown_name=name,
                sent_at=_date(mail),
                subject=subject,
                text=words or quoted,
                data={
                    **({"quoted": quoted} if words and quoted else {}),
                    **({"number": token[1]} if token else {}),
                    **({"references": list(answered)} if answered else {}),
                },
                reply_to=answered[0] if answered else "",
                files=tuple(_files(mail)),
                is_automatic=is_automatic(mail) or not address or bool(_ROBOTS.match(address)),
            ),
        )
    )


def file_of(raw: bytes, place: int) -> bytes:
    """The bytes of an attachment by its place in the mail.

    Raises:
        Unreadable: there is no such attachment.
    """
    for number, part in enumerate(_attachments(_parsed(raw))):
        if number == place:
            return bytes(part.get_payload(decode=True) or b"")
    raise Unreadable("no such attachment")


def is_automatic(mail: EmailMessage) -> bool:
    """True for what no person wrote just now: out-of-office notes, lists, bulk mail (RFC 3834 §2, RFC 2919)."""
    said = _header(mail, "auto-submitted").split(";")[0].strip().lower()
    if said and said != "no":
        return True
    if _header(mail, "precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply"):
        return True
    if any(
        mail.get(name)
        for name in ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "feedback-id")
    ):
        return True
    suppressed = _header(mail, "x-auto-response-suppress").strip().lower()
    return suppressed in ("all", "oof", "autoreply") or _header(mail, "return-path").strip() == "<>"


def words_of(mail: EmailMessage) -> str:
    """The words of a mail: its plain text, else the words of its HTML."""
    plain = mail.get_body(preferencelist=("plain",))
    if plain is not None and (words := _text(plain).strip()):
        return words
    rich = mail.get_body(preferencelist=("html",))
    return plain_words(_text(rich)) if rich is not None else ""


def plain_words(markup: str) -> str:
    """The words of HTML: no script, no style, no address behind a word, one line for each block."""
    safe = nh3.clean(markup, tags=_BLOCKS, attributes={}, strip_comments=True)
    lines = (" ".join(line.split()) for line in html.unescape(_BREAK.sub("\n", safe)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def split_quoted(words: str) -> tuple[str, str]:
    """What was written now, and what was quoted below it. A mail that is nothing but a quotation stays whole."""
    lines = words.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if _QUOTE_BEGINS.match(line.strip()) and not _goes_on(lines[number + 1 :], line):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
    return words.strip(), ""


def _goes_on(rest: list[str], line: str) -> bool:
    """True when somebody answered between quoted lines: then nothing is folded away."""
    if not line.strip().startswith(">"):
        return False
    return any(after.strip() and not after.strip().startswith(">") for after in rest)


def message_id(mail: EmailMessage) -> str:
    """The name of a mail without its brackets; "" when it has none."""
    found = _ID.search(_header(mail, "message-id"))
    return found[1] if found else ""


def thread_of(mail: EmailMessage) -> tuple[str, ...]:
    """The mails it answers, the nearest first."""
    named = [
        *_ID.findall(_header(mail, "in-reply-to")),
        *reversed(_ID.findall(_header(mail, "references"))),
    ]
    return tuple(dict.fromkeys(named))[:20]


def _parsed(raw: bytes) -> EmailMessage:
    try:
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    except (MessageError, ValueError, LookupError, UnicodeError) as fault:
        raise Unreadable(f"no mail: {type(fault).__name__}") from fault
    if not any(name in mail for name in ("from", "date", "received")):
        raise Unreadable("no mail: it has no head")
    return mail


def _header(mail: EmailMessage, name: str) -> str:
    """A header as text; one that cannot be decoded is empty rather than a fault."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""


def _sender(mail: EmailMessage) -> tuple[str, str]:
    for name in ("from", "sender", "reply-to"):
        for shown, address in getaddresses([_header(mail, name)]):
            if "@" in address:
                return shown, address.strip()
    return "", ""


def _date(mail: EmailMessage) -> datetime | None:
    try:
        said = parsedate_to_datetime(_header(mail, "date"))
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _text(part: MIMEPart) -> str:
    """The words of one part, whatever it says of its letters: what cannot be read becomes a mark, never a fault."""
    try:
        return str(part.get_content())
    except (KeyError, ValueError, LookupError, UnicodeError, AttributeError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload or "")


def _attachments(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that are files: said to be attached, or no text at all."""
    body = {id(mail.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        if part.is_multipart() or id(part) in body or not isinstance(part, EmailMessage):
            continue
        if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
            yield part


def _files(mail: EmailMessage) -> Iterator[HeardFile]:
    for place, part in enumerate(_attachments(mail)):
        if place >= MOST_FILES:
            return
        main = part.get_content_maintype()
        data = part.get_payload(decode=True)
        yield HeardFile(
            kind=main if main in ("image", "audio", "video") else "document",
            source={"part": place},
            name=_file_name(part),
            mime=part.get_content_type(),
            size=len(data) if isinstance(data, bytes) else None,
        )


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _fallback(mail: EmailMessage, raw: bytes) -> str:
    """A stable name for a mail without one."""
    return "" if message_id(mail) else sha256(raw).hexdigest()[:40]


def _report(mail: EmailMessage) -> Report | None:
    """What a mail server says about a mail of ours; None when this is no delivery report."""
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        return None
    action, code, detail, original = "", "", "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in _blocks(part):
                action = action or str(block.get("Action", "")).strip().lower()
                code = code or str(block.get("Status", "")).strip()
                detail = detail or str(block.get("Diagnostic-Code", "")).strip()
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            original = original or _original(part)
    status = {"failed": "failed", "delivered": "delivered", "relayed": "sent"}.get(action)
    if status is None or not original:
        return None
    at = _date(mail) or datetime(1970, 1, 1, tzinfo=UTC)
    return Report(
        external_id=original, status=status, at=at, code=code[:20], detail=" ".join(detail.split())[:200]
    )


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _original(part: Message) -> str:
    """The name of the mail that a report is about."""
    inner = _blocks(part)
    text = inner[0].as_string() if inner else str(part.get_payload())
    found = re.search(r"^message-id:\s*<([^<>\s]+)>", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""
