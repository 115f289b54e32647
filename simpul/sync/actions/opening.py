"""Opening what was kept: unseal, unpack, compare with the outside, store the events. What was kept is emptied afterwards.

The run, from which salts and keys are derived, is never stored. An envelope that does not hold what it says is kept as it is, and a
person is asked; nothing else waits for it.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import bulk, sealing
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.sync.actions import _tasks, receiving
from simpul.sync.models import Device, Envelope, Event
from simpul.sync.queries import waiting
from simpul.sync.rules import chain, segments

logger = logging.getLogger(__name__)

MOST = 200
_COLUMNS = (
    "id",
    "device_id",
    "envelope_id",
    "epoch",
    "seq",
    "hash",
    "prev",
    "kind",
    "at_ms",
    "subject",
    "body",
    "body_hash",
    "salt",
    "offset_ms",
    "received_at",
    "state",
    "is_fork",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """How many envelopes were opened, how many events are new, and whose they are."""

    envelopes: int
    events: int
    broken: int
    devices: frozenset[UUID]


def open_envelopes(
    *, by: Actor, at: datetime, device_ids: Iterable[UUID] | None = None, limit: int = MOST
) -> Opened:
    """Store the events of the envelopes that came first, of these devices or of all. Two workers at one envelope store it once."""
    roles.require(by, "envelopes.open")
    rows = Envelope.objects.filter(state="stored")
    if device_ids is not None:
        rows = rows.filter(device_id__in=list(device_ids))
    wanted = list(rows.order_by("received_at", "first")[:limit])
    inside: dict[UUID, segments.Segment | str] = {row.id: _inside(row) for row in wanted}
    events = broken = 0
    touched: set[UUID] = set()
    by_device: dict[UUID, list[Envelope]] = defaultdict(list)
    for row in wanted:
        by_device[row.device_id].append(row)
    for device_id, found in by_device.items():
        stored, bad = _of_device(by, at, device_id, found, inside)
        events, broken = events + stored, broken + bad
        if stored or bad:
            touched.add(device_id)
    return Opened(len(wanted), events, broken, frozenset(touched))


def _of_device(
    by: Actor,
    at: datetime,
    device_id: UUID,
    found: list[Envelope],
    inside: dict[UUID, segments.Segment | str],
) -> tuple[int, int]:
    """One device's envelopes together; when that fails, each alone, so that one that nobody foresaw stops neither it nor the others."""
    try:
        return _store(by, at, device_id, found, inside)
    except (OperationalError, InterfaceError):
        raise  # the database, not the envelope: everything is tried again later
    except Exception:
        logger.exception("Envelopes of device %s could not be stored together", device_id)
    events = broken = 0
    for row in found:
        try:
            stored, bad = _store(by, at, device_id, [row], inside)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            logger.exception("An envelope of device %s could not be stored: %s", device_id, row.id)
            stored, bad = _store(by, at, device_id, [row], {row.id: f"fault {type(fault).__name__}"})
        events, broken = events + stored, broken + bad
    return events, broken


def _store(
    by: Actor,
    at: datetime,
    device_id: UUID,
    found: list[Envelope],
    inside: dict[UUID, segments.Segment | str],
) -> tuple[int, int]:
    """Store the events of envelopes that nobody opened meanwhile; how many are new, and how many envelopes are broken."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).select_related("desk").get(id=device_id)
        still = _claimed([row.id for row in found])
        mine = [row for row in found if row.id in still]
        if not mine:
            return 0, 0
        stored, bad = _keep(device, mine, inside, at)
        journal_actions.record(
            by=by,
            at=at,
            kind="envelopes.open",
            subject_kind="device",
            subject_id=device_id,
            region_code=device.desk.region_code,
            facts={"envelopes": len(mine), "events": stored, "broken": bad},
        )
    return stored, bad


def _claimed(keys: Sequence[UUID]) -> set[UUID]:
    """Those that nobody opened meanwhile; the lock on their device lets one worker after the other look."""
    rows = Envelope.objects.filter(id__in=keys, state="stored")
    return set(rows.values_list("id", flat=True))


def _inside(row: Envelope) -> segments.Segment | str:
    """What an envelope holds; or, in a word, why it does not hold what it says."""
    version = ring().seal_ids().get(row.key)
    if version is None:
        return "key"
    count = row.last - row.first + 1
    try:
        packed = sealing.unseal(
            ring().seal_private(version),
            row.sealed,
            segments.info_of(row.device_id, row.epoch, row.first, count),
        )
        found = segments.unpack(packed)
    except sealing.CannotOpen:
        return "sealed"
    except segments.SegmentUnreadable as fault:
        return fault.reason
    except (MemoryError, RecursionError) as fault:
        return f"fault {type(fault).__name__}"
    outside = (row.device_id, row.epoch, row.first, count, bytes(row.prev), bytes(row.head))
    if outside != (
        found.device,
        found.epoch,
        found.first,
        len(found.events),
        found.events[0].prev,
        found.head,
    ):
        return "outside"
    return found


def _keep(
    device: Device, mine: list[Envelope], inside: dict[UUID, segments.Segment | str], at: datetime
) -> tuple[int, int]:
    """Store the events of one device's envelopes; how many are new, and how many envelopes are broken."""
    whole = [(row, found) for row in mine if isinstance(found := inside[row.id], segments.Segment)]
    known = _known(device.id, [found for _row, found in whole])
    rows: list[tuple[Any, ...]] = []
    forked: dict[str, int] = {}
    for row, segment in whole:
        for event, digest in zip(segment.events, _hashes(segment), strict=True):
            there = known[(event.epoch, event.seq)]
            if digest in there:
                continue
            if there:
                forked[event.epoch] = min(event.seq, forked.get(event.epoch, event.seq))
            there.add(digest)
            rows.append(_row(row, event, digest, segment.offset, fork=len(there) > 1))
    bulk.insert_many(Event, _COLUMNS, rows)
    opened = [row.id for row, _segment in whole]
    Envelope.objects.filter(id__in=opened).update(state="opened", sealed=b"", opened_at=at)
    for epoch in {row.epoch for row, _segment in whole}:
        receiving.note_reached(device.id, epoch)
    for epoch, seq in forked.items():
        Envelope.objects.filter(id__in=opened, epoch=epoch, last__gte=seq).update(is_fork=True)
        _tasks.ask("fork", device, at, subject=f"epoch:{epoch}", facts={"epoch": epoch, "seq": seq})
    for row in mine:
        reason = inside[row.id]
        if isinstance(reason, str):
            _break(device, row, reason, at)
    return len(rows), len(mine) - len(whole)


def _hashes(segment: segments.Segment) -> list[bytes]:
    """The hashes of a segment's events: each stands in the next one as what it is chained to, so none is computed twice."""
    return [*(event.prev for event in segment.events[1:]), segment.head]


def _known(device_id: UUID, found: list[segments.Segment]) -> dict[tuple[str, int], set[bytes]]:
    """(epoch, number) -> hashes of the events that are here under it."""
    known: dict[tuple[str, int], set[bytes]] = defaultdict(set)
    spans: dict[str, tuple[int, int]] = {}
    for segment in found:
        first, last = spans.get(segment.epoch, (segment.first, 0))
        spans[segment.epoch] = (min(first, segment.first), max(last, segment.events[-1].seq))
    for epoch, span in spans.items():
        rows = Event.objects.filter(device_id=device_id, epoch=epoch, seq__range=span)
        for seq, digest in rows.values_list("seq", "hash"):
            known[(epoch, seq)].add(bytes(digest))
    return known


def _row(
    envelope: Envelope, event: chain.Event, digest: bytes, offset: int | None, *, fork: bool
) -> tuple[Any, ...]:
    erased = event.body is None
    body = "" if event.body is None else json.dumps(event.body, separators=(",", ":"), ensure_ascii=False)
    return (
        uuid7(), event.device, envelope.id, event.epoch, event.seq, digest, event.prev, event.kind, event.at,
        event.subject, body, event.body_hash, event.salt, offset, envelope.received_at,
        "erased" if erased else "stored", fork,
    )  # fmt: skip


def _break(device: Device, row: Envelope, reason: str, at: datetime) -> None:
    """Keep what cannot be opened, and ask a person."""
    logger.warning("An envelope of device %s cannot be opened: %s", device.id, reason)
    Envelope.objects.filter(id=row.id).update(state="broken", fault=reason[:200], opened_at=at)
    _tasks.ask(
        "broken",
        device,
        at,
        subject=f"envelope:{row.id}",
        facts={"epoch": row.epoch, "first": row.first, "last": row.last, "why": reason},
    )


def notice_gaps(*, by: Actor, at: datetime) -> int:
    """Ask a person about work that waits for days for something that was before it and never came. Returns how many are open."""
    roles.require(by, "gaps.notice")
    found = waiting.gaps(at)
    for device_id, epoch, first in found:
        with transaction.atomic():
            device = Device.objects.select_related("desk").get(id=device_id)
            task = _tasks.ask(
                "broken",
                device,
                at,
                subject=f"gap:{epoch}",
                facts={"epoch": epoch, "first": first, "why": "gap"},
            )
            if task.opened_at == at:
                journal_actions.record(
                    by=by,
                    at=at,
                    kind="gaps.notice",
                    subject_kind="device",
                    subject_id=device_id,
                    region_code=device.desk.region_code,
                    facts={"epoch": epoch, "first": first},
                )
    return len(found)
