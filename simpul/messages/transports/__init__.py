"""The roads that leave this machine. Each transport sends one message, or says why it could not.

To add one: write its module, put it into ``TRANSPORTS``, and the road is used as soon as it is ready; the channel that it
reaches stands in ``messages.rules.ROADS``. Paper has no transport: a slip goes nowhere until somebody carries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from simpul.messages.transports import email
from simpul.messages.transports.outgoing import Outgoing, Rejected, Unreachable

__all__ = ["TRANSPORTS", "Outgoing", "Rejected", "Unreachable", "send", "up"]


class Transport(Protocol):
    """What the module of a transport offers."""

    def is_ready(self) -> bool:
        """True when this installation has set the road up."""

    def send(self, outgoing: Outgoing) -> None:
        """Hand one message over; raise ``Unreachable`` or ``Rejected``."""


TRANSPORTS: Mapping[str, Transport] = {"email": email}


def up() -> frozenset[str]:
    """The roads that are set up here."""
    return frozenset(road for road, transport in TRANSPORTS.items() if transport.is_ready())


def send(road: str, outgoing: Outgoing) -> None:
    """Hand one message to its road.

    Raises:
        Unreachable: the gateway does not answer now, or says "later".
        Rejected: this address will never take it.
    """
    TRANSPORTS[road].send(outgoing)
