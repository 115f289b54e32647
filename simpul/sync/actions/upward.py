"""A village node and the server above it: joining it, writing its own journal as events, noting how far both have come.

Events are written only when the server can be spoken with, or a bundle is made: until then the journal is the one record, and what
belongs together (a delivery and the photo that was added later) travels together.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.journal.models import Line
from simpul.lib import files, sealing
from simpul.lib.actor import Actor
from simpul.sync.actions import _carried
from simpul.sync.models import Parent
from simpul.sync.queries import bundles as bundle_queries
from simpul.sync.queries import upward as queries
from simpul.sync.queries.upward_frame import Built
from simpul.sync.rules import bundles, chain, segments
from simpul.sync.rules.canonical import canonical
from simpul.upkeep.actions import erasing

MOST_LINES = 2_000
"""Lines that one turn writes: the rest follows in the next."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What the server above said when this node was let in."""

    url: str
    device_id: UUID
    areas: Sequence[str]
    seal_public: bytes
    sign_public: bytes
    generation: str
    lease_until: datetime | None
    keys: Mapping[str, str]  # hex: "sign" of Ed25519, "seal" the secret that our P-256 key is derived from


def join_parent(*, by: Actor, at: datetime, joined: Joined) -> Parent:
    """Remember the server above, and begin the history that it will know this node by. There is one, for good."""
    roles.require(by, "parent.join")
    with transaction.atomic():
        epoch = secrets.token_hex(5)
        parent, _made = Parent.objects.update_or_create(
            id=1,
            defaults={
                "url": joined.url.rstrip("/"),
                "device_id": joined.device_id,
                "areas": list(joined.areas),
                "seal_public": joined.seal_public,
                "sign_public": joined.sign_public,
                "private": json.dumps(dict(joined.keys)),
                "epoch": epoch,
                "seq": 0,
                "head": chain.genesis(joined.device_id, epoch),
                "sent_position": queries.newest_position(),
                "generation": joined.generation,
                "lease_until": joined.lease_until,
                "enrolled_at": at,
            },
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="parent.join",
            subject_kind="device",
            subject_id=joined.device_id,
            facts={"url": parent.url, "areas": list(joined.areas)},
        )
    return parent


def write_lines(*, by: Actor, at: datetime) -> int:
    """Write what people did here since the last time as events, sealed to the server above; returns how many. Harmless when repeated.

    The lines must be sealed (``journal.seal_journal``) first: their order is the seal's.
    """
    roles.require(by, "lines.write")
    with transaction.atomic():
        parent = Parent.objects.select_for_update().filter(id=1).first()
        if parent is None:
            return 0
        lines = queries.lines_after(parent.sent_position, MOST_LINES)
        if not lines:
            return 0
        built = [(line, queries.built_of(line)) for line in lines if queries.travels(line)]
        wrapped = list(_segments(parent, built))
        _carried.keep([*wrapped, *_files(parent, [one for _line, one in built])], at)
        parent.sent_position = lines[-1].position or parent.sent_position
        parent.save(update_fields=["seq", "head", "sent_position"])
        if built:
            journal_actions.record(
                by=by,
                at=at,
                kind="lines.write",
                subject_kind="device",
                subject_id=parent.device_id,
                facts={"events": len(built), "envelopes": len(wrapped), "until": parent.sent_position},
            )
    return len(built)


def _segments(parent: Parent, built: Sequence[tuple[Line, Built]]) -> Iterator[_carried.Wrapped]:
    """Envelopes of at most fifty events and about six kilobytes; moves the parent's head on."""
    run = secrets.token_bytes(chain.RUN_BYTES)
    begun = parent.seq + 1
    sign = bundle_queries.own_key(parent)
    pending: list[chain.Event] = []
    size = 0
    for line, one in built:
        event = chain.make(
            device=parent.device_id,
            epoch=parent.epoch,
            seq=parent.seq + 1,
            prev=bytes(parent.head),
            kind=one.kind,
            at=max(0, int(line.at.timestamp() * 1000)),
            subject=one.subject,
            data=one.data,
            seen=one.seen or None,
            run=run,
        )
        parent.seq, parent.head = event.seq, event.hash
        pending.append(event)
        size += len(canonical(one.data)) // 2
        if len(pending) == segments.MOST_EVENTS or size > segments.ABOUT_BYTES:
            yield _envelope(parent, pending, (begun, run), sign)
            pending, size = [], 0
    if pending:
        yield _envelope(parent, pending, (begun, run), sign)


def _envelope(
    parent: Parent, events: Sequence[chain.Event], run: tuple[int, bytes], sign: Any
) -> _carried.Wrapped:
    inside = segments.pack(segments.Segment(parent.device_id, parent.epoch, tuple(events), None), [run])
    first, count = events[0].seq, len(events)
    public = bytes(parent.seal_public)
    sealed = sealing.seal(public, inside, segments.info_of(parent.device_id, parent.epoch, first, count))
    blank = segments.Envelope(
        parent.device_id,
        parent.epoch,
        first,
        count,
        events[0].prev,
        events[-1].hash,
        sealing.key_id(public),
        sealed,
        b"",
    )
    one = segments.Envelope(
        blank.device,
        blank.epoch,
        blank.first,
        blank.count,
        blank.prev,
        blank.head,
        blank.key,
        sealed,
        sign.sign(blank.signed),
    )
    return _carried.Wrapped(
        "envelope",
        one.device,
        one.name,
        segments.write([one]),
        one.epoch,
        one.first,
        one.last,
        own=True,
    )


def _files(parent: Parent, built: Sequence[Built]) -> list[_carried.Wrapped]:
    """Files that the events name and that are here, sealed to the server above."""
    store = files.FileStore(settings.SIMPUL_FILES)
    wanted = dict.fromkeys(sha for one in built for sha in one.files if store.exists(sha))
    new = []
    for sha in wanted:
        blank = bundles.File(parent.device_id, sha, b"")
        sealed = sealing.seal(bytes(parent.seal_public), store.read(sha), blank.info)
        framed = bundles.write_files([bundles.File(parent.device_id, sha, sealed)])
        new.append(_carried.Wrapped("blob", parent.device_id, sha, framed, own=True))
    return _carried.new_ones(new)[0]


@dataclass(frozen=True, slots=True)
class Told:
    """What the server above said of this node's own work."""

    have_seq: int
    safe_seq: int
    judged: bool
    outcomes: Mapping[str, int]
    generation: str = ""
    lease_until: datetime | None = None


def note_parent(*, by: Actor, at: datetime, told: Told | None, fault: str = "") -> None:
    """Note how a conversation with the server above went. No line for one in vain: its count stands on the page."""
    roles.require(by, "parent.note")
    with transaction.atomic():
        parent = Parent.objects.select_for_update().get(id=1)
        if told is None:
            parent.tries += 1
            parent.fault, parent.tried_at = fault[:300], at
            parent.save(update_fields=["tries", "fault", "tried_at"])
            return
        again = parent.tries > 0 or bool(parent.fault)
        moved = (parent.have_seq, parent.safe_seq, parent.generation) != (
            told.have_seq,
            told.safe_seq,
            told.generation,
        )
        parent.have_seq, parent.safe_seq = told.have_seq, told.safe_seq
        parent.judged, parent.outcomes = told.judged, dict(told.outcomes)
        parent.generation = told.generation or parent.generation
        parent.lease_until = told.lease_until or parent.lease_until
        parent.talked_at, parent.fault, parent.tries = at, "", 0
        parent.save()
        if moved or again:
            journal_actions.record(
                by=by,
                at=at,
                kind="parent.note",
                subject_kind="device",
                subject_id=parent.device_id,
                facts={"have": told.have_seq, "safe": told.safe_seq, "generation": told.generation},
            )


def retry_parent(*, by: Actor, at: datetime) -> None:
    """Try the server above again with the worker's next turn, whatever it waited for."""
    roles.require(by, "parent.retry")
    with transaction.atomic():
        if Parent.objects.filter(id=1).update(tries=0):
            journal_actions.record(
                by=by,
                at=at,
                kind="parent.retry",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
            )


def obey_erasures(*, by: Actor, at: datetime, orders: Sequence[Sequence[str]]) -> list[str]:
    """Erase here who was erased above: (id of the order, subject) each. Returns the orders that are carried out; repeats are harmless.

    A person is emptied in every room and in the journal of this laptop. What is not here, or went with the tables, is carried out as well.
    """
    roles.require(by, "erasures.obey")
    done: list[str] = []
    for key, subject in orders:
        kind, _sep, subject_id = subject.partition(":")
        if kind == "person":
            erasing.repeat_erasure(by=by, at=at, person_id=UUID(subject_id))
        elif queries.is_here(kind, subject_id):
            continue
        done.append(key)
    if done:
        with transaction.atomic():
            journal_actions.record(
                by=by,
                at=at,
                kind="erasures.obey",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"orders": len(done)},
            )
    return done
