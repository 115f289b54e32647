"""A segment: up to fifty events of one epoch, written small. An envelope: a segment sealed to a recipient and signed by the device.

The envelope is the one thing that travels, over HTTPS, a village laptop's Wi-Fi, a USB stick, the share sheet or QR pages: a carrier sees
which device and which numbers it holds, and nothing else. Source: docs/sync-protocol.md sections 4 and 5.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from simpul.sync.rules import chain, columns
from simpul.sync.rules.canonical import NotCanonical, b64, canonical, check, spelled, unb64

MOST_EVENTS = 50
ABOUT_BYTES = 6_000
"""A segment is closed when it has fifty events or, packed, about six kilobytes: a link that breaks every 20 kB still gets through."""
LARGEST_PLAIN = 4_000_000
LARGEST_SEALED = 1_000_000
_KEY = re.compile(r"[0-9a-f]{8}")
MAGIC = b"SMPL1"


class SegmentUnreadable(ValueError):  # noqa: N818 - it is a fact about bytes, said to a program
    """The bytes are no segment or no envelope of this protocol. ``reason``: truncated, foreign, future, broken."""

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Segment:
    """What an envelope holds: events in order, and how far the device's clock was from the server's when it last asked (ms; or never)."""

    device: UUID
    epoch: str
    events: tuple[chain.Event, ...]
    offset: int | None = None

    @property
    def first(self) -> int:
        """The number of the first event."""
        return self.events[0].seq

    @property
    def head(self) -> bytes:
        """The hash of the last event."""
        return self.events[-1].hash


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed segment with the words on its outside."""

    device: UUID
    epoch: str
    first: int
    count: int
    prev: bytes
    head: bytes
    key: str
    sealed: bytes
    signature: bytes

    @property
    def last(self) -> int:
        """The number of the last event inside; ``prev`` and ``head`` are the hashes before the first and of the last."""
        return self.first + self.count - 1

    @property
    def info(self) -> bytes:
        """What the seal is bound to."""
        return info_of(self.device, self.epoch, self.first, self.count)

    @property
    def signed(self) -> bytes:
        """What the device signs."""
        return canonical(
            [
                "simpul-envelope",
                chain.VERSION,
                str(self.device),
                self.epoch,
                self.first,
                self.count,
                b64(self.prev),
                b64(self.head),
                self.key,
                b64(hashlib.sha256(self.sealed).digest()),
            ]
        )

    @property
    def name(self) -> str:
        """The same envelope has the same name everywhere."""
        return hashlib.sha256(self.signed).hexdigest()


def info_of(device: UUID, epoch: str, first: int, count: int) -> bytes:
    """What the seal of a segment is bound to."""
    return canonical(["simpul-segment", chain.VERSION, str(device), epoch, first, count])


# --- the inside -----------------------------------------------------------------------------------------------------


def pack(segment: Segment, runs: Sequence[tuple[int, bytes]]) -> bytes:
    """The inside of an envelope: typed columns, deflated. ``runs``: from which number on which run was open."""
    events = segment.events
    kinds = sorted({event.kind for event in events})
    tables = []
    for kind in kinds:
        rows = [_row(event, _run_at(runs, event.seq)) for event in events if event.kind == kind]
        tables.append(columns.turn(rows))
    document = {
        "v": chain.VERSION,
        "d": str(segment.device),
        "e": segment.epoch,
        "a": segment.first,
        "p": b64(events[0].prev),
        "o": segment.offset,
        "r": [[seq, b64(run)] for seq, run in runs],
        "k": kinds,
        "i": [[kinds.index(kind), len(list(group))] for kind, group in groupby(events, lambda one: one.kind)],
        "t": [event.at - before.at for before, event in zip((_ZERO, *events), events, strict=False)],
        "c": tables,
    }
    plain = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def _row(event: chain.Event, run: bytes) -> dict[str, Any]:
    own = {key: place for place, key in enumerate(_own(event.device, event.epoch, event.seq, event.at, run))}
    row: dict[str, Any] = {"u": columns.shorten(event.subject, own)}
    if ":" in event.subject and event.subject.split(":", 1)[1] in own:
        kind, _sep, key = event.subject.partition(":")
        row["u"] = f"~{own[key]}:{kind}"
    if event.body is None:
        row["b"] = b64(event.body_hash)
        return row
    for part in ("d", "s"):
        for name, value in event.body.get(part, {}).items():
            row[f"{part}:{name}"] = columns.shorten(value, own)
    if event.body.get("s") == {}:
        raise NotCanonical("an empty seen")
    return row


def _own(device: UUID, epoch: str, seq: int, at: int, run: bytes) -> list[str]:
    return [_own_id(device, epoch, seq, at, run, place) for place in range(columns.MOST_OWN_IDS)]


def _own_id(device: UUID, epoch: str, seq: int, at: int, run: bytes, place: int) -> str:
    return str(chain.new_id(device, epoch, seq, at, run, place))


def _run_at(runs: Sequence[tuple[int, bytes]], seq: int) -> bytes:
    open_then = [run for first, run in runs if first <= seq]
    if not open_then:
        raise SegmentUnreadable("broken", "no run")
    return open_then[-1]


def unpack(packed: bytes) -> Segment:
    """The events of a segment, with their salts derived and every hash computed anew.

    Raises:
        SegmentUnreadable: of a future version, cut off, or not what the protocol says.
    """
    document = _document(packed)
    if document.get("v") != chain.VERSION:
        raise SegmentUnreadable("future" if isinstance(document.get("v"), int) else "foreign")
    try:
        return _segment(document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as fault:
        raise SegmentUnreadable("broken", str(fault)) from None


def _document(packed: bytes) -> dict[str, Any]:
    reader = zlib.decompressobj(-15)
    try:
        plain = reader.decompress(bytes(packed), LARGEST_PLAIN)
        whole = reader.eof and not reader.unused_data
        document = json.loads(plain, parse_float=_no_fraction, parse_constant=_no_fraction) if whole else None
    except (zlib.error, ValueError, RecursionError):
        raise SegmentUnreadable("truncated") from None
    if not isinstance(document, dict):
        raise SegmentUnreadable("truncated")
    return document


def _no_fraction(words: str) -> None:
    raise ValueError(words)


def _segment(document: dict[str, Any]) -> Segment:
    device, epoch, first = UUID(document["d"]), document["e"], document["a"]
    offset = document["o"]
    if not chain.EPOCH.fullmatch(epoch) or not _whole(first, 1) or not (offset is None or _whole(offset)):
        raise SegmentUnreadable("broken", "head")
    runs = [(seq, unb64(run)) for seq, run in document["r"]]
    kinds = _kinds(document)
    if any(not _whole(seq) or len(run) != chain.RUN_BYTES for seq, run in runs) or len(document["c"]) != len(
        document["k"]
    ):
        raise SegmentUnreadable("broken", "runs")
    check(document["c"])
    rows = {
        kind: iter(columns.rows_of(table, kinds.count(kind)))
        for kind, table in zip(document["k"], document["c"], strict=True)
    }
    events: list[chain.Event] = []
    prev, at, size = unb64(document["p"]), 0, 0
    for place, kind in enumerate(kinds):
        at += document["t"][place]
        if not _whole(at, 0) or at > chain.LARGEST_TIME or not chain.KIND.fullmatch(kind):
            raise SegmentUnreadable("broken", "event")
        event = _event(
            device, epoch, first + place, prev, kind, at, next(rows[kind]), _run_at(runs, first + place)
        )
        size += 0 if event.body is None else len(spelled(event.body))
        if (
            size > LARGEST_PLAIN
        ):  # one value that stands for all rows is written once, and would be fifty here
            raise SegmentUnreadable("broken", "size")
        events.append(event)
        prev = event.hash
    return Segment(device, epoch, tuple(events), offset)


def _kinds(document: dict[str, Any]) -> list[str]:
    """The kind of each event. The lengths are added up before anything is made of them: one may be a billion."""
    runs = document["i"]
    if not all(_whole(count, 1) for _place, count in runs):
        raise SegmentUnreadable("broken", "count")
    total = sum(count for _place, count in runs)
    if not 0 < total <= MOST_EVENTS or len(document["t"]) != total:
        raise SegmentUnreadable("broken", "count")
    return [document["k"][place] for place, count in runs for _one in range(count)]


def _event(
    device: UUID, epoch: str, seq: int, prev: bytes, kind: str, at: int, row: dict[str, Any], run: bytes
) -> chain.Event:
    own = partial(_own_id, device, epoch, seq, at, run)
    subject = row["u"]
    if subject.startswith("~") and ":" in subject and not subject.startswith("~~"):
        short, _sep, subject_kind = subject.partition(":")
        subject = f"{subject_kind}:{columns.lengthen(short, own)}"
    else:
        subject = columns.lengthen(subject, own)
    if not isinstance(subject, str) or len(subject) > chain.LONGEST_SUBJECT or not subject.isprintable():
        raise SegmentUnreadable("broken", "subject")
    blank = chain.Event(device, epoch, seq, prev, kind, at, subject, b"", None, b"")
    if "b" in row:
        return replace(blank, body_hash=unb64(row["b"]))
    parts: dict[str, dict[str, Any]] = {"d": {}, "s": {}}
    for name, value in row.items():
        part, sep, field = name.partition(":")
        if sep:
            parts[part][field] = columns.lengthen(value, own)
    body = chain.body_of(parts["d"], parts["s"])
    salt = chain.salt_of(run, epoch, seq)
    return replace(blank, body=body, salt=salt, body_hash=chain.hash_of_body(body, salt))


def _whole(value: Any, least: int = -(2**53)) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**53


_ZERO = chain.Event(UUID(int=0), "", 0, b"", "", 0, "", b"", None, b"")


# --- the outside ----------------------------------------------------------------------------------------------------


def write(envelopes: Sequence[Envelope]) -> bytes:
    """Envelopes one after the other: the magic, then for each the length of its header (4 bytes, big-endian), the header, the length of
    the seal, the seal."""
    return MAGIC + b"".join(_framed(one) for one in envelopes)


def _framed(one: Envelope) -> bytes:
    header = canonical(
        {
            "v": chain.VERSION,
            "d": b64(one.device.bytes),
            "e": one.epoch,
            "a": one.first,
            "n": one.count,
            "p": b64(one.prev),
            "h": b64(one.head),
            "k": one.key,
            "s": b64(one.signature),
        }
    )
    return len(header).to_bytes(4, "big") + header + len(one.sealed).to_bytes(4, "big") + one.sealed


def read(data: bytes) -> list[Envelope]:
    """The envelopes again, whole ones only: nothing of a broken delivery is taken.

    Raises:
        SegmentUnreadable: foreign (no magic), truncated, future (a newer version), broken.
    """
    if not data.startswith(MAGIC):
        raise SegmentUnreadable("foreign")
    found, place = [], len(MAGIC)
    while place < len(data):
        header, place = _part(data, place, 4_000)
        sealed, place = _part(data, place, LARGEST_SEALED)
        found.append(_envelope(header, sealed))
    return found


def _part(data: bytes, place: int, most: int) -> tuple[bytes, int]:
    if place + 4 > len(data):
        raise SegmentUnreadable("truncated")
    length = int.from_bytes(data[place : place + 4], "big")
    if length > most:
        raise SegmentUnreadable("broken", "length")
    end = place + 4 + length
    if end > len(data):
        raise SegmentUnreadable("truncated")
    return data[place + 4 : end], end


def _envelope(header: bytes, sealed: bytes) -> Envelope:
    try:
        said = json.loads(header)
        if said["v"] != chain.VERSION:
            raise SegmentUnreadable("future")
        one = Envelope(
            UUID(bytes=unb64(said["d"])),
            said["e"],
            said["a"],
            said["n"],
            unb64(said["p"]),
            unb64(said["h"]),
            said["k"],
            sealed,
            unb64(said["s"]),
        )
        fine = (
            chain.EPOCH.fullmatch(one.epoch) is not None
            and _whole(one.first, 1)
            and _whole(one.count, 1)
            and one.count <= MOST_EVENTS
            and len(one.head) == len(one.prev) == 32
            and len(one.signature) == 64
            and _KEY.fullmatch(one.key) is not None
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        if isinstance(fault, SegmentUnreadable):
            raise
        raise SegmentUnreadable("broken", str(fault)) from None
    if not fine:
        raise SegmentUnreadable("broken", "header")
    return one
