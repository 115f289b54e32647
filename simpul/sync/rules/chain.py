"""The name of an event, its place in the chain, and the keys that are born with it.

An event is named by (device, epoch, seq) and by its hash. The hash covers what everybody may know of it (who, when, what kind, on which
subject) and, in place of what was typed, a salted hash of it: an erasure removes the body and the salt, and the chain still verifies.
Salts and new keys come from a *run*: sixteen random bytes that the device draws each time it is unlocked and that travel once in a segment.
Whoever received a run derives the salts from it and forgets it.
Source: domain rules of offline work, 2 and 10; docs/sync-protocol.md sections 3 and 4.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from simpul.sync.rules.canonical import b64, canonical, check, spelled

VERSION = 1
EPOCH = re.compile(r"[0-9a-f]{10}")
KIND = re.compile(r"[a-z_]{2,30}\.[a-z_]{2,30}/[0-9]{1,3}")
SALT_BYTES = 16
RUN_BYTES = 16
LONGEST_SUBJECT = 80
LARGEST_TIME = 253402300799999  # the last millisecond of the year 9999


@dataclass(frozen=True, slots=True)
class Event:
    """One act as a device wrote it. ``at`` is the device's clock, milliseconds since 1970 in UTC; nothing is decided by it.

    ``subject`` names what the act is about ("household:<uuid>", "" for nothing yet known): an unexpected fault holds later events on it.
    ``data`` are the act's inputs; ``seen`` the hashes of the values its author had before their eyes. ``body`` is None after an erasure.
    """

    device: UUID
    epoch: str
    seq: int
    prev: bytes
    kind: str
    at: int
    subject: str
    body_hash: bytes
    body: dict[str, Any] | None
    salt: bytes

    @property
    def hash(self) -> bytes:
        """What the next event is chained to."""
        head = [
            "simpul-event",
            VERSION,
            str(self.device),
            self.epoch,
            self.seq,
            b64(self.prev),
            self.kind,
            self.at,
            self.subject,
            b64(self.body_hash),
        ]
        return hashlib.sha256(spelled(head)).digest()

    @property
    def data(self) -> dict[str, Any]:
        """The act's inputs; nothing after an erasure."""
        return dict((self.body or {}).get("d", {}))

    @property
    def seen(self) -> dict[str, str]:
        """Field -> short hash of the value its author had seen."""
        return dict((self.body or {}).get("s", {}))

    def is_whole(self) -> bool:
        """True when the body is the one that was hashed; an erased one has no body to compare."""
        return self.body is None or hash_of_body(self.body, self.salt) == self.body_hash


def genesis(device: UUID, epoch: str) -> bytes:
    """What the first event of an epoch is chained to."""
    return hashlib.sha256(canonical(["simpul-epoch", VERSION, str(device), epoch])).digest()


def salt_of(run: bytes, epoch: str, seq: int) -> bytes:
    """The salt of one event."""
    return hmac.digest(run, f"salt:{epoch}:{seq}".encode(), hashlib.sha256)[:SALT_BYTES]


def body_of(data: dict[str, Any], seen: dict[str, str] | None = None) -> dict[str, Any]:
    """What is erased as one: inputs, and what was seen when there is something."""
    return {"d": data, "s": seen} if seen else {"d": data}


def hash_of_body(body: dict[str, Any], salt: bytes) -> bytes:
    """The salted hash of a body whose values were checked (``canonical.check``)."""
    return hashlib.sha256(salt + spelled(body)).digest()


def new_id(device: UUID, epoch: str, seq: int, at: int, run: bytes, place: int = 0) -> UUID:
    """The key of the ``place``-th thing that an event brings into the world: a UUIDv7 that need not travel, since both sides derive it."""
    named = canonical(["simpul-id", VERSION, str(device), epoch, seq, place])
    bits = int.from_bytes(hashlib.sha256(named + run).digest()[:10], "big") >> 6  # 74 bits
    stamp = min(max(at, 0), (1 << 48) - 1)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=stamp << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)


def make(
    *,
    device: UUID,
    epoch: str,
    seq: int,
    prev: bytes,
    kind: str,
    at: int,
    subject: str,
    data: dict[str, Any],
    seen: dict[str, str] | None,
    run: bytes,
) -> Event:
    """Write an event as a device does: for village nodes, for tests, and as the model of the JavaScript side."""
    body = body_of(data, seen)
    check([body, at, subject])
    salt = salt_of(run, epoch, seq)
    return Event(device, epoch, seq, prev, kind, at, subject, hash_of_body(body, salt), body, salt)
