"""In place of the providers while the sample is built: what is sent is written down here and goes nowhere.

Files are handed out from what the sample drew itself. Formats are read by the real transports.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from simpul.messages import rules, transports


@dataclass
class Left:
    """One message that a gateway of the sample took."""

    code: str
    kind: str
    external_id: str
    to_address: str
    parts: int


@dataclass
class Book:
    """What left, oldest first, and the files that can be fetched by their names."""

    left: list[Left] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


class StandIn:
    """A provider that reads like the real one, keeps what it is given, and never opens a connection."""

    def __init__(self, real: Any, book: Book) -> None:
        self._real: Any = real
        self._book = book

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def check(
        self, setup: transports.Setup, request: transports.RawRequest, at: object
    ) -> transports.Verdict:
        """As the real one does."""
        return self._real.check(setup, request, at)

    def read(self, setup: transports.Setup, request: transports.RawRequest) -> transports.Reading:
        """As the real one does."""
        return self._real.read(setup, request)

    def fetch(self, setup: transports.Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
        """A file that the sample drew."""
        found = [self._book.files[name] for name in map(str, source.values()) if name in self._book.files]
        if not found:
            raise transports.Rejected("no such file")
        return found[0]

    def send(self, setup: transports.Setup, outgoing: transports.Outgoing) -> transports.Sent:
        """Write it down, under a name like the provider's."""
        mark = hashlib.sha256(outgoing.reference.encode()).hexdigest()[:24].upper()
        names = {
            "whatsapp": f"wamid.{mark}",
            "telegram": f"{outgoing.to_address}:{int(mark[:6], 16)}",
            "email": f"{outgoing.reference}@peragaan.invalid",
        }
        parts = rules.short_length(outgoing.body).parts if setup.road == "sms" else 1
        name = names.get(setup.kind, outgoing.reference)
        self._book.left.append(Left(setup.code, setup.kind, name, outgoing.to_address, parts))
        return transports.Sent(external_id=name, parts=parts)


@contextmanager
def rehearsed() -> Iterator[Book]:
    """Let stand-ins take the place of every provider for a while; afterwards the real ones are back, whatever happened."""
    book = Book()
    providers = cast("dict[str, transports.Provider]", transports.PROVIDERS)
    real = dict(providers)
    providers.update({kind: cast("transports.Provider", StandIn(one, book)) for kind, one in real.items()})
    try:
        yield book
    finally:
        providers.update(real)
