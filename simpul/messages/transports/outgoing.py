"""What a transport gets, what it gives back, and the two ways in which it may fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """An approved template and what fills {{1}}, {{2}}, ... of it."""

    name: str
    language: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way out. ``reference`` is the same at every try, so that a receiver can drop a repeat."""

    reference: str
    to_name: str
    to_address: str
    subject: str
    body: str
    language: str
    reply_to: str = ""  # the provider's name of the message it answers
    template: TemplateUse | None = None  # outside the 24 hours, in place of the body


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider calls the message now ("" when it gives no name), and how many parts it took."""

    external_id: str = ""
    parts: int = 1


class TransportFault(Exception):  # noqa: N818 - the ones below say what happened
    """A message did not go out, or a file did not come in. ``reason`` names no person: it is logged and shown.

    ``code`` is the provider's own number for it, "" when it gave none.
    """

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Unreachable(TransportFault):
    """The gateway does not answer, or says "later": nothing is wrong with the message."""


class Rejected(TransportFault):
    """The gateway says that this address will never take this message, or that it will never give this file."""


class TooLarge(Rejected):
    """A file has more bytes than are taken."""
