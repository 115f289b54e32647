"""The roads that leave and enter this machine: one module per provider, its format in and out, and no tables.

To add a provider: write its module with the functions of ``Provider``, put it into ``PROVIDERS``, and let administrators
choose its kind (``messages.rules.gateways.KINDS``). Paper has no transport: a slip goes nowhere until somebody carries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from simpul.messages.transports import android, email, gammu, http, mailbox, smpp, telegram, whatsapp
from simpul.messages.transports.incoming import (
    Heard,
    HeardFile,
    Part,
    Pulse,
    RawRequest,
    Reading,
    Removed,
    Report,
    Setup,
    Unreadable,
    Verdict,
)
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, TemplateUse, TooLarge, Unreachable

__all__ = [
    "PROVIDERS",
    "TRANSPORTS",
    "Heard",
    "HeardFile",
    "Outgoing",
    "Part",
    "Provider",
    "Pulse",
    "RawRequest",
    "Reading",
    "Rejected",
    "Removed",
    "Report",
    "Sent",
    "Setup",
    "TemplateUse",
    "TooLarge",
    "Unreachable",
    "Unreadable",
    "Verdict",
    "send",
    "up",
]


class Transport(Protocol):
    """A road that this installation's settings set up, without a gateway of its own: the mail server."""

    def is_ready(self) -> bool:
        """True when this installation has set the road up."""

    def send(self, outgoing: Outgoing) -> None:
        """Hand one message over; raise ``Unreachable`` or ``Rejected``."""


class Provider(Protocol):
    """What the module of a gateway's kind offers. A kind that only sends, or only hears, raises ``NotImplementedError``."""

    def check(self, setup: Setup, request: RawRequest, at: datetime) -> Verdict:
        """May this request be read? Signatures are compared in constant time, over the raw bytes."""

    def read(self, setup: Setup, request: RawRequest) -> Reading:
        """Everything a delivery says; raise ``Unreadable``. The same bytes always give the same values."""

    def fetch(self, setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
        """The bytes of a file, at most ``most_bytes``; raise ``Unreachable`` (try later) or ``Rejected`` (never)."""

    def send(self, setup: Setup, outgoing: Outgoing) -> Sent:
        """Hand one message over; raise ``Unreachable`` or ``Rejected``."""


TRANSPORTS: Mapping[str, Transport] = {"email": email}
PROVIDERS: Mapping[str, Provider] = {
    "android": android,
    "email": mailbox,
    "gammu": gammu,
    "http": http,
    "smpp": smpp,
    "telegram": telegram,
    "whatsapp": whatsapp,
}


def up() -> frozenset[str]:
    """The roads that are set up here without a gateway."""
    return frozenset(road for road, transport in TRANSPORTS.items() if transport.is_ready())


def send(road: str, outgoing: Outgoing) -> None:
    """Hand one message to a road without a gateway.

    Raises:
        Unreachable: the server does not answer now, or says "later".
        Rejected: this address will never take it.
    """
    TRANSPORTS[road].send(outgoing)
