"""A phone as the protocol describes it, in Python: a vault, its chain, its outbox, and how it talks. Built on the rules alone.

It is the model of the JavaScript side in the property test, and the client of the tests over a real wire. A vault can be copied: that is
how a phone is restored from a backup, and how it is cloned.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from simpul.lib import sealing
from simpul.sync.rules import chain, columns, segments
from simpul.sync.rules.canonical import b64, canonical, unb64


@dataclass(frozen=True)
class Answer:
    """What came back over a wire."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The answer, read."""
        return json.loads(self.body)


class LostAnswer(Exception):  # noqa: N818 - it is a fact about the road
    """The request may have arrived; the answer did not."""


Wire = Callable[[str, str, bytes, Mapping[str, str]], Answer]
"""Method, path below /sync/v1/, body, headers -> answer; raises ``LostAnswer``."""


@dataclass
class Written:
    """One event in the vault, and the run it was written under."""

    event: chain.Event
    run: bytes


@dataclass
class Closed:
    """A closed segment: it never changes any more."""

    envelope: segments.Envelope

    @property
    def last(self) -> int:
        return self.envelope.last


@dataclass
class Epoch:
    """One history: what was written, by number, and the segments that are closed."""

    name: str
    events: list[Written] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)  # also of what was forgotten
    closed: list[Closed] = field(default_factory=list)
    closed_to: int = 0

    @property
    def seq(self) -> int:
        return len(self.hashes)


@dataclass
class Vault:
    """Everything that a phone keeps, and that a backup of it copies."""

    device: UUID
    sign: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    seal: ec.EllipticCurvePrivateKey
    server_seal: bytes
    epochs: list[Epoch] = field(default_factory=list)
    outcomes: dict[tuple[str, int, str], list[Any]] = field(default_factory=dict)
    generation: str = ""
    scope_version: int = 1
    cursor: int = 0
    offset: int | None = None
    token: str = ""
    letters: int = 0
    known: str = ""
    own: str = ""
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> Vault:
        """The same bytes on another phone, or in a backup."""
        keys = {id(self.sign): self.sign, id(self.seal): self.seal}
        return copy.deepcopy(self, memo=dict(keys))


class Phone:
    """A phone with a vault. ``now_ms`` is its own clock, which may be anything."""

    def __init__(self, vault: Vault, wire: Wire, clock: Callable[[], int], chance: random.Random) -> None:
        self.vault = vault
        self.wire = wire
        self.clock = clock
        self.chance = chance
        self.run = b""
        self.batch = 1
        self.locked_out = False
        self.forks_seen = 0
        self.unlock()

    # --- writing ---

    def unlock(self) -> None:
        """A new run; the first time a new epoch."""
        self.run = self.chance.randbytes(chain.RUN_BYTES)
        if not self.vault.epochs:
            self.begin_epoch()

    def begin_epoch(self) -> None:
        """A new history begins; what is open of the old one is closed."""
        if self.vault.epochs:
            self.close()
        self.vault.epochs.append(Epoch(f"{self.chance.getrandbits(40):010x}"))

    @property
    def epoch(self) -> Epoch:
        """The history that is written now."""
        return self.vault.epochs[-1]

    def new_id(self, place: int = 0, at: int | None = None) -> UUID:
        """The key of the ``place``-th new thing of the event that is written next."""
        when = self.clock() if at is None else at
        return chain.new_id(self.vault.device, self.epoch.name, self.epoch.seq + 1, when, self.run, place)

    def act(
        self,
        kind: str,
        data: Mapping[str, Any] | Callable[[Callable[[int], str]], Mapping[str, Any]],
        *,
        subject: str | Callable[[Callable[[int], str]], str] = "",
        seen: Mapping[str, str] | None = None,
    ) -> chain.Event:
        """Write an event. ``data`` and ``subject`` may ask for the new keys that the event brings into the world."""
        at, epoch = self.clock(), self.epoch

        def own(place: int) -> str:
            return str(self.new_id(place, at))

        event = chain.make(
            device=self.vault.device,
            epoch=epoch.name,
            seq=epoch.seq + 1,
            prev=epoch.hashes[-1] if epoch.hashes else chain.genesis(self.vault.device, epoch.name),
            kind=kind,
            at=max(at, 0),
            subject=subject(own) if callable(subject) else subject,
            data=dict(data(own) if callable(data) else data),
            seen=dict(seen or {}),
            run=self.run,
        )
        epoch.events.append(Written(event, self.run))
        epoch.hashes.append(event.hash)
        if epoch.seq - epoch.closed_to >= segments.MOST_EVENTS:
            self.close()
        return event

    def close(self) -> None:
        """Close what is open of every epoch: it never changes afterwards."""
        for epoch in self.vault.epochs:
            written = [one for one in epoch.events if one.event.seq > epoch.closed_to]
            for start in range(0, len(written), segments.MOST_EVENTS):
                part = written[start : start + segments.MOST_EVENTS]
                epoch.closed.append(Closed(self._sealed(epoch, part)))
                epoch.closed_to = part[-1].event.seq

    def _sealed(self, epoch: Epoch, part: list[Written]) -> segments.Envelope:
        runs: list[tuple[int, bytes]] = []
        for one in part:
            if not runs or runs[-1][1] != one.run:
                runs.append((one.event.seq, one.run))
        events = tuple(one.event for one in part)
        segment = segments.Segment(self.vault.device, epoch.name, events, self.vault.offset)
        packed = segments.pack(segment, runs)
        info = segments.info_of(self.vault.device, epoch.name, events[0].seq, len(events))
        bare = segments.Envelope(
            self.vault.device, epoch.name, events[0].seq, len(events), events[0].prev, events[-1].hash,
            sealing.key_id(self.vault.server_seal), sealing.seal(self.vault.server_seal, packed, info), bytes(64),
        )  # fmt: skip
        return segments.Envelope(
            bare.device, bare.epoch, bare.first, bare.count, bare.prev, bare.head, bare.key, bare.sealed,
            signed(self.vault.sign, bare.signed),
        )  # fmt: skip

    # --- talking ---

    def _json(self, path: str, said: Mapping[str, Any], token: bool = False) -> Answer:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if token:
            headers["Authorization"] = f"Simpul {self.vault.token}"
        return self.wire("POST", path, gzip.compress(json.dumps(said).encode()), headers)

    def hello(self) -> dict[str, Any] | None:
        """Say hello, and take in what comes back; None when nothing came, or the phone was locked."""
        self.close()
        said: dict[str, Any] = {
            "device": str(self.vault.device),
            "at": self.clock(),
            "nonce": b64(self.chance.randbytes(16)),
            "heads": [[one.name, one.seq, b64(one.hashes[-1])] for one in self.vault.epochs if one.hashes],
            "open": self.open_outcomes()[:500],
            "cursor": self.vault.cursor,
            "generation": self.vault.generation,
            "scope_version": self.vault.scope_version,
            "pack": "",
            "app": "model/1",
            "persisted": True,
            "unsent": sum(one.seq for one in self.vault.epochs),
            "erased": [],
            "letters": self.vault.letters,
            "known": self.vault.known,
        }
        said["sig"] = b64(signed(self.vault.sign, canonical(["simpul-hello", 1, said])))
        before = self.clock()
        answer = self._json("hello", said)
        if answer.status == 410:
            self.locked_out = True
            told = answer.json
        elif answer.status != 200:
            raise AssertionError((answer.status, answer.body[:300]))
        else:
            told = dict(answer.json)
            opened = sealing.unseal(self.vault.seal, unb64(told["token"]), b"simpul-token")
            self.vault.token = opened.decode()
        server = round(datetime.fromisoformat(told["now"]).timestamp() * 1000)
        self.vault.offset = before - server
        self.take_in(told)
        return told

    def open_outcomes(self) -> list[list[Any]]:
        """Events whose end is not known."""
        final = {"accepted", "conflict", "flagged", "quarantined", "erased"}
        return [
            [epoch.name, one.event.seq]
            for epoch in self.vault.epochs
            for one in epoch.events
            if (known := self.vault.outcomes.get(_key(one.event))) is None or known[3] not in final
        ]

    def take_in(self, told: Mapping[str, Any]) -> None:
        """What hello and letters say: outcomes, forks, what may be forgotten."""
        for line in told.get("outcomes", []):
            self.vault.outcomes[(line[0], line[1], line[2])] = line
        self.vault.generation = told.get("generation", self.vault.generation)
        self.vault.known = told.get("known", self.vault.known)
        self.vault.scope_version = told.get("scope_version", self.vault.scope_version)
        self.mind_forks(told["have"])
        self.forget(told.get("safe", []))
        self.vault.outcomes = {
            key: line
            for key, line in self.vault.outcomes.items()
            if any(one.name == key[0] for one in self.vault.epochs)
        }

    def mind_forks(self, have: list[list[Any]]) -> None:
        """A head with one of our numbers and another hash, or beyond what we know, means that our history is not the only one."""
        epoch = self.epoch
        for name, number, digest in have:
            if name != epoch.name:
                continue
            if number > epoch.seq or b64(epoch.hashes[number - 1]) != digest:
                self.forks_seen += 1
                self.begin_epoch()
                return

    def known(self, have: list[list[Any]]) -> dict[str, int]:
        """Epoch -> the highest number of ours that the server has."""
        found: dict[str, int] = {}
        for epoch in self.vault.epochs:
            own = [
                number
                for name, number, digest in have
                if name == epoch.name and number <= epoch.seq and b64(epoch.hashes[number - 1]) == digest
            ]
            found[epoch.name] = max(own, default=0)
        return found

    def forget(self, safe: list[list[Any]]) -> None:
        """Forget what is in a verified backup, as far as it is our own history: bodies and envelopes; hashes stay."""
        known = self.known(safe)
        for epoch in self.vault.epochs:
            upto = known[epoch.name]
            epoch.closed = [one for one in epoch.closed if one.last > upto]
            first = epoch.closed[0].envelope.first if epoch.closed else epoch.closed_to + 1
            epoch.events = [one for one in epoch.events if one.event.seq >= first or not self._is_final(one)]

    def _is_final(self, one: Written) -> bool:
        known = self.vault.outcomes.get(_key(one.event))
        return known is not None and known[3] not in ("stored", "held")

    def unsent(self, have: list[list[Any]]) -> list[segments.Envelope]:
        """Everything that is not in ``have``, whatever was believed before."""
        known = self.known(have)
        return [
            one.envelope
            for epoch in self.vault.epochs
            for one in epoch.closed
            if one.last > known[epoch.name]
        ]

    def push(self, envelopes: list[segments.Envelope], path: str = "push") -> dict[str, Any]:
        """Send envelopes in one request."""
        headers = {"Content-Type": "application/x-simpul-envelopes"}
        if path == "push":
            headers["Authorization"] = f"Simpul {self.vault.token}"
        answer = self.wire("POST", path, segments.write(envelopes), headers)
        assert answer.status == 200, (answer.status, answer.body[:300])
        told: dict[str, Any] = answer.json
        for line in told.get("outcomes", []):
            self.vault.outcomes[(line[0], line[1], line[2])] = line
        return told

    def sync(self, most: int | None = None) -> bool:
        """Hello, push everything that is missing (or ``most`` envelopes), hello again; False when an answer was lost on the way."""
        try:
            told = self.hello()
            assert told is not None
            waiting = self.unsent(told["have"])[:most]
            while waiting:
                part, waiting = waiting[: self.batch], waiting[self.batch :]
                self.push(part, "carry" if self.locked_out else "push")
                self.batch = min(self.batch * 2, 16)
            if most is None:
                self.hello()
        except LostAnswer:
            self.batch = 1
            return False
        return True

    def pull(self, *asked: str) -> None:
        """Take what changed in the scope in; whole rows of the households that are asked for."""
        more = True
        while more:
            headers = {"Authorization": f"Simpul {self.vault.token}"}
            path = (
                f"pull?cursor={self.vault.cursor}&most=500&own={self.vault.own}&households={','.join(asked)}"
            )
            answer = self.wire("GET", path, b"", headers)
            assert answer.status == 200, (answer.status, answer.body[:300])
            told = answer.json
            for table in told["whole"]:
                self.vault.rows[table] = {}
            for table, packed in told["tables"].items():
                for row in columns.rows_of(packed["c"], packed["n"]):
                    self.vault.rows.setdefault(table, {})[row_key(row)] = row
            for table, gone in told["gone"].items():
                for key in gone:
                    self.vault.rows.get(table, {}).pop(str(key), None)
            more = bool(told["more"]) and told["cursor"] != self.vault.cursor
            self.vault.cursor, self.vault.own, asked = told["cursor"], told["own"], ()

    def read_letters(self, letters: list[list[Any]]) -> None:
        """Open letters that somebody carried here."""
        for number, sealed in letters:
            info = canonical(["simpul-letter", 1, str(self.vault.device), number])
            plain = zlib.decompress(sealing.unseal(self.vault.seal, unb64(sealed), info), -15)
            self.take_in(json.loads(plain))
            self.vault.letters = max(self.vault.letters, number)


def _key(event: chain.Event) -> tuple[str, int, str]:
    return (event.epoch, event.seq, b64(event.hash)[:11])


def row_key(row: Mapping[str, Any]) -> str:
    """What names a row of a table."""
    return str(row.get("id", row.get("code", row.get("key", ""))))


def signed(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """A device's signature: 64 bytes."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def public_of(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """What is enrolled."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.public_key().public_bytes_raw()
    return sealing.public_of(key)


def enrolled(
    wire: Wire, code: str, clock: Callable[[], int], chance: random.Random, *, algorithm: str = "ed25519"
) -> Phone:
    """A new phone, let in by an invitation."""
    sign: Any = ed25519.Ed25519PrivateKey.generate()
    if algorithm == "p256":
        sign = ec.generate_private_key(ec.SECP256R1())
    seal = ec.generate_private_key(ec.SECP256R1())
    said = {
        "code": code,
        "algorithm": algorithm,
        "sign": b64(public_of(sign)),
        "seal": b64(sealing.public_of(seal)),
        "name": "HP uji",
        "app": "model/1",
    }
    answer = wire("POST", "enrol", json.dumps(said).encode(), {"Content-Type": "application/json"})
    assert answer.status == 201, (answer.status, answer.body[:300])
    told = answer.json
    vault = Vault(UUID(told["device"]), sign, seal, unb64(told["server"]["seal"]))
    vault.generation = told["server"]["generation"]
    return Phone(vault, wire, clock, chance)
