"""Phones, envelopes and bundles made by hand, for the tests of what is carried."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simpul.lib import sealing
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.sync.models import Device
from simpul.sync.rules import bundles, chain, segments

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RUN = bytes(range(16))


@dataclass
class Phone:
    """A device's keys and its chain, as the program on it keeps them."""

    id: UUID = field(default_factory=uuid7)
    epoch: str = "00aabbccdd"
    sign: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seal: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seq: int = 0
    head: bytes = b""

    @property
    def public(self) -> bytes:
        return self.sign.public_key().public_bytes_raw()

    def known(self, cast: object, seat: str = "village_officer") -> Device:
        """Let the server know this phone."""
        one = cast.seats[seat]  # type: ignore[attr-defined]
        return Device.objects.create(
            id=self.id,
            kind="phone",
            seat=one,
            desk=one.desk,
            label="HP contoh",
            sign_algorithm="ed25519",
            sign_public=self.public,
            seal_public=sealing.public_of(self.seal),
            enrolled_at=NOW,
            enrolled_by="Uji",
            lease_until=NOW + timedelta(days=14),
        )

    def envelope(self, count: int = 1, to: bytes = b"") -> segments.Envelope:
        """The next ``count`` events, sealed to a server (this one) and signed."""
        to = to or ring().seal_public()
        prev = self.head or chain.genesis(self.id, self.epoch)
        first, events = self.seq + 1, []
        for _turn in range(count):
            self.seq += 1
            events.append(
                chain.make(
                    device=self.id,
                    epoch=self.epoch,
                    seq=self.seq,
                    prev=self.head or prev,
                    kind="line.note/1",
                    at=1764000000000 + self.seq,
                    subject="",
                    data={"by.seat": "", "kind": "x.y", "line": "{}"},
                    seen=None,
                    run=RUN,
                )
            )
            self.head = events[-1].hash
        inside = segments.pack(segments.Segment(self.id, self.epoch, tuple(events), 0), [(1, RUN)])
        sealed = sealing.seal(to, inside, segments.info_of(self.id, self.epoch, first, count))
        blank = segments.Envelope(
            self.id, self.epoch, first, count, prev, self.head, sealing.key_id(to), sealed, b""
        )
        return segments.Envelope(
            self.id,
            self.epoch,
            first,
            count,
            prev,
            self.head,
            blank.key,
            sealed,
            self.sign.sign(blank.signed),
        )

    def bundle(self, parts: list[tuple[str, bytes]], made: int = 1764000000000) -> bytes:
        """A bundle that this phone made."""
        signed = bundles.signed_of(made, str(self.id), bundles.named(parts))
        return bundles.write(made, str(self.id), parts, self.sign.sign(signed))

    def file(self, content: bytes) -> bundles.File:
        """A file sealed to this server."""
        blank = bundles.File(self.id, hashlib.sha256(content).hexdigest(), b"")
        return bundles.File(self.id, blank.sha256, sealing.seal(ring().seal_public(), content, blank.info))
