"""A device for the benchmarks: it writes events, closes segments, says hello and pushes, by docs/sync-protocol.md and the rules alone."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simpul.lib import sealing
from simpul.sync.rules import chain, segments
from simpul.sync.rules.canonical import b64, canonical, unb64

MOST_AT_ONCE = 16
BEGAN_MS = 1_795_000_000_000


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass
class Client:
    """One device with one epoch, talking to a port of this machine."""

    port: int
    device: UUID = field(default_factory=lambda: UUID(int=0))
    sign: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seal: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    server: bytes = b""
    epoch: str = field(default_factory=lambda: os.urandom(5).hex())
    token: str = ""
    requests: int = 0
    sent_bytes: int = 0
    connection: http.client.HTTPConnection | None = None

    def enrol(self, code: str) -> None:
        """Come in by an invitation."""
        said = {
            "code": code,
            "algorithm": sealing.ED25519,
            "sign": b64(self.sign.public_key().public_bytes_raw()),
            "seal": b64(sealing.public_of(self.seal)),
            "name": "bench",
            "app": "bench/1",
        }
        told = json.loads(self.ask("POST", "enrol", json.dumps(said).encode(), {}).body)
        self.device, self.server = UUID(told["device"]), unb64(told["server"]["seal"])

    def write(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> list[segments.Envelope]:
        """Events, chained, in closed segments of fifty; ``~`` in an input's place stands for the event's own new key."""
        run = os.urandom(chain.RUN_BYTES)
        prev = chain.genesis(self.device, self.epoch)
        found: list[segments.Envelope] = []
        part: list[chain.Event] = []
        at = BEGAN_MS
        for seq, row in enumerate(rows, start=1):
            at += 90_000 + (seq * 7919) % 400_000
            key = str(chain.new_id(self.device, self.epoch, seq, at, run, 0))
            data = {name: key if value == "~" else value for name, value in row.items()}
            event = chain.make(
                device=self.device,
                epoch=self.epoch,
                seq=seq,
                prev=prev,
                kind=kind,
                at=at,
                subject=f"household:{key}",
                data=data,
                seen=None,
                run=run,
            )
            prev = event.hash
            part.append(event)
            if len(part) == segments.MOST_EVENTS:
                found.append(self._closed(part, run))
                part = []
        if part:
            found.append(self._closed(part, run))
        return found

    def _closed(self, part: Sequence[chain.Event], run: bytes) -> segments.Envelope:
        first, count = part[0].seq, len(part)
        packed = segments.pack(segments.Segment(self.device, self.epoch, tuple(part), 0), [(first, run)])
        sealed = sealing.seal(self.server, packed, segments.info_of(self.device, self.epoch, first, count))
        bare = segments.Envelope(
            self.device,
            self.epoch,
            first,
            count,
            part[0].prev,
            part[-1].hash,
            sealing.key_id(self.server),
            sealed,
            bytes(64),
        )
        return segments.Envelope(
            bare.device,
            bare.epoch,
            first,
            count,
            bare.prev,
            bare.head,
            bare.key,
            sealed,
            self.sign.sign(bare.signed),
        )

    def hello(self, unsent: int = 0) -> dict[str, Any]:
        """Say hello, with how much is still to come; keeps the token."""
        said: dict[str, Any] = {
            "device": str(self.device),
            "at": BEGAN_MS,
            "nonce": b64(os.urandom(16)),
            "heads": [],
            "open": [],
            "cursor": 0,
            "generation": "",
            "scope_version": 1,
            "pack": "",
            "app": "bench/1",
            "persisted": True,
            "unsent": unsent,
            "erased": [],
            "letters": 0,
        }
        said["sig"] = b64(self.sign.sign(canonical(["simpul-hello", 1, said])))
        told: dict[str, Any] = json.loads(self.ask("POST", "hello", json.dumps(said).encode(), {}).body)
        self.token = sealing.unseal(self.seal, unb64(told["token"]), b"simpul-token").decode()
        return told

    def push(self, envelopes: Sequence[segments.Envelope], *, most: int = MOST_AT_ONCE) -> float:
        """Send until the server has said of each that it has it; seconds. Begins small, doubles, and starts again after a break."""
        began = time.perf_counter()
        batch, place = 1, 0
        while place < len(envelopes):
            part = envelopes[place : place + batch]
            try:
                answer = self.ask("POST", "push", segments.write(part), self._head())
            except OSError:
                batch = 1
                continue
            if answer.status != 200:
                raise OSError(f"push: {answer.status} {answer.body[:200]!r}")
            place += len(part)
            batch = min(batch * 2, most)
        return time.perf_counter() - began

    def pull(self, most: int = 500) -> tuple[float, int, int, int]:
        """Take everything down: seconds, rows, bytes, requests."""
        self.connection = None  # the one of before was left alone for long
        began, rows, size, asked = time.perf_counter(), 0, 0, 0
        cursor, more = 0, True
        while more:
            answer = self.ask(
                "GET",
                f"pull?cursor={cursor}&scope=1&most={most}",
                b"",
                {**self._head(), "Accept-Encoding": "gzip"},
            )
            if answer.status != 200:
                raise OSError(f"pull: {answer.status} {answer.body[:200]!r}")
            size += len(answer.body)
            plain = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
            told = json.loads(plain)
            rows += sum(table["n"] for table in told["tables"].values())
            more, cursor = bool(told.get("more")), told["cursor"]
            asked += 1
        return time.perf_counter() - began, rows, size, asked

    def _head(self) -> dict[str, str]:
        return {"Authorization": f"Simpul {self.token}", "Content-Type": "application/x-simpul-envelopes"}

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request; raises ``OSError`` when the link broke."""
        self.requests += 1
        self.sent_bytes += len(body)
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, f"/sync/v1/{path}", body, dict(headers))
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.read())
        except (http.client.HTTPException, OSError) as fault:
            self.connection.close()
            self.connection = None
            raise OSError(str(fault)) from fault
