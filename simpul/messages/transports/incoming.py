"""What every transport makes of what it hears: plain values, the same for all providers.

A transport knows its provider's format and nothing else. It opens no table, decides nothing, and keeps no state: the same
bytes read twice give the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Setup:
    """A gateway as its transport needs it."""

    code: str
    kind: str
    road: str
    number: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request as it came: the bytes are those that were signed. Header names are in lower case."""

    method: str
    body: bytes
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    url: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may be read, and what its sender is told. ``reason`` names no person."""

    ok: bool
    reason: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long message: parts with the same reference from the same sender belong together."""

    reference: str
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class HeardFile:
    """A file that can be fetched afterwards. ``source`` is what the transport needs to do so."""

    kind: str  # image, voice, audio, video, document, sticker
    source: Mapping[str, Any]
    name: str = ""
    mime: str = ""
    size: int | None = None
    sha256: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as the provider told it. ``address`` is "" when there is no sender; the message is kept all the same.

    ``external_id`` is "" when the provider gives none, or one that is not unique: then ``once`` says what makes it the same
    message (a hash of sender, time and words). When the provider tells no time either, ``once_within`` says for how long
    the same sender and words are a repeat and no second message.
    """

    channel: str  # whatsapp, sms, email, telegram
    address: str
    kind: str  # text, image, voice, location, button, ... or the provider's own word for what we do not know
    external_id: str = ""
    once: str = ""
    once_within: timedelta | None = None
    scope: str = ""
    number: str = ""
    shown_name: str = ""
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    part: Part | None = None
    files: tuple[HeardFile, ...] = ()
    is_verified: bool = False
    is_automatic: bool = False
    is_missed_call: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """The sender took a message back."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the provider says about a message of ours. ``status``: accepted, sent, delivered, read, failed, deleted.

    ``reference`` is our own name of the message, when the provider gives it back.
    """

    external_id: str
    status: str
    at: datetime
    recipient: str = ""
    part: int = 0
    code: str = ""
    detail: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A sign of life of a modem or phone; what is not known is None. Percentages are 0 to 100."""

    at: datetime
    battery: int | None = None
    signal: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one delivery says. ``notes`` are what its provider says of the account: shown beside the delivery."""

    heard: tuple[Heard, ...] = ()
    reports: tuple[Report, ...] = ()
    removed: tuple[Removed, ...] = ()
    pulse: Pulse | None = None
    notes: tuple[str, ...] = ()


class Unreadable(Exception):  # noqa: N818 - it says what happened
    """A delivery that is not what its provider sends. ``reason`` names no person: it is shown to administrators."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
