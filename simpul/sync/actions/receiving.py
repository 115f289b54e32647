"""Keeping what devices send: accept first, judge later. Nothing that is signed well is refused, and a repeat gets the same answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import bulk, sealing
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.sync.actions import carrying
from simpul.sync.models import Device, Envelope, Event
from simpul.sync.queries import devices
from simpul.sync.rules import chain, heads, segments

ROADS = ("direct", "node", "bundle")
_COLUMNS = (
    "id",
    "device_id",
    "name",
    "epoch",
    "first",
    "last",
    "prev",
    "head",
    "key",
    "sealed",
    "signature",
    "road",
    "received_at",
    "is_fork",
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one envelope: stored, held (for another server), duplicate, fork (stored, beside another history), refused."""

    name: str
    state: str
    reason: str = ""


@dataclass(slots=True)
class Kept:
    """The receipts in the order of what was sent, and the devices whose envelopes are here now."""

    receipts: list[Receipt] = field(default_factory=list)
    devices: set[UUID] = field(default_factory=set)


def keep_envelopes(
    *, by: Actor, at: datetime, envelopes: Sequence[segments.Envelope], road: str = "direct"
) -> Kept:
    """Keep sealed segments as they came. Those of devices that are not ours, or sealed to another server, are carried on.

    An envelope is known by its name, so a repeat changes nothing. One whose signature is wrong is refused, and nothing else is.
    """
    roles.require(by, "envelopes.keep")
    sealed_to_us = ring().seal_ids()
    known = devices.devices_by_id({one.device for one in envelopes})
    names = [one.name for one in envelopes]
    ours, others, refused = [], [], {}
    for name, one in zip(names, envelopes, strict=True):
        device = known.get(one.device)
        if device is None or one.key not in sealed_to_us:
            others.append((name, one))
        elif not sealing.signed_by(device.sign_algorithm, device.sign_public, one.signed, one.signature):
            refused[name] = Receipt(name, "refused", "signature")
        else:
            ours.append((name, one))
    found = dict(refused)
    for name, state, reason in carrying.carry_envelopes(by=by, at=at, envelopes=others) if others else ():
        found[name] = Receipt(name, state, reason)
    if ours:
        found |= _keep(by, at, ours, known, road)
    touched = {one.device for _name, one in ours}
    return Kept([found[name] for name in names], touched)


Named = tuple[str, segments.Envelope]


def _keep(
    by: Actor, at: datetime, ours: list[Named], known: dict[UUID, Device], road: str
) -> dict[str, Receipt]:
    try:
        return _stored(by, at, ours, known, road)
    except IntegrityError:  # the same envelope came by two roads in one moment: the other one was faster
        return _stored(by, at, ours, known, road)


def _stored(
    by: Actor, at: datetime, ours: list[Named], known: dict[UUID, Device], road: str
) -> dict[str, Receipt]:
    found: dict[str, Receipt] = {}
    with transaction.atomic():
        senders = sorted({one.device for _name, one in ours})
        list(Device.objects.select_for_update().filter(id__in=senders).order_by("id").values_list("id"))
        here = set(
            Envelope.objects.filter(name__in=[name for name, _one in ours]).values_list("name", flat=True)
        )
        new: dict[str, segments.Envelope] = {}
        for name, one in ours:
            if name in here or name in new:
                found.setdefault(name, Receipt(name, "duplicate"))
            else:
                new[name] = one
        rivals = _rivals(new.values())
        rows = []
        for name, one in new.items():
            fork = bool(rivals[(one.device, one.epoch, one.first, one.prev)] - {one.head})
            found[name] = Receipt(name, "fork" if fork else "stored")
            rows.append(
                (
                    uuid7(), one.device, name, one.epoch, one.first, one.last, one.prev, one.head,
                    one.key, one.sealed, one.signature, road, at, fork,
                )
            )  # fmt: skip
        bulk.insert_many(Envelope, _COLUMNS, rows)
        by_device: dict[UUID, list[segments.Envelope]] = defaultdict(list)
        for one in new.values():
            by_device[one.device].append(one)
        for device_id, sent in by_device.items():
            for epoch in {one.epoch for one in sent}:
                note_reached(device_id, epoch)
            journal_actions.record(
                by=by,
                at=at,
                kind="envelopes.keep",
                subject_kind="device",
                subject_id=device_id,
                region_code=known[device_id].desk.region_code,
                facts={"envelopes": len(sent), "events": sum(one.count for one in sent), "road": road},
            )
    return found


def _rivals(new: Iterable[segments.Envelope]) -> dict[tuple[UUID, str, int, bytes], set[bytes]]:
    """Where each begins: the heads of everything that begins there, here already or among the new."""
    found: dict[tuple[UUID, str, int, bytes], set[bytes]] = defaultdict(set)
    numbers: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    for one in new:
        found[(one.device, one.epoch, one.first, one.prev)].add(one.head)
        numbers[(one.device, one.epoch)].append(one.first)
    for (device_id, epoch), firsts in numbers.items():
        rows = Envelope.objects.filter(device_id=device_id, epoch=epoch, first__in=firsts)
        for first, prev, head in rows.values_list("first", "prev", "head"):
            found[(device_id, epoch, first, bytes(prev))].add(bytes(head))
    return found


def note_reached(device_id: UUID, epoch: str) -> int:
    """Mark what a path without a gap leads to now; returns how many envelopes that are new."""
    rows = Envelope.objects.filter(device_id=device_id, epoch=epoch)
    waiting = {
        row.pk: heads.Edge(row.first, row.last, bytes(row.prev), bytes(row.head))
        for row in rows.filter(reached=False).only("first", "last", "prev", "head")
    }
    if not waiting:
        return 0
    before = {edge.first - 1 for edge in waiting.values()}
    known = {(0, chain.genesis(device_id, epoch)), *_points(device_id, epoch, before)}
    found = heads.reached(waiting.values(), known)
    keys = [key for key, edge in waiting.items() if edge in found]
    return Envelope.objects.filter(pk__in=keys).update(reached=True)


def _points(device_id: UUID, epoch: str, numbers: Collection[int]) -> set[heads.Point]:
    """What is reached at these numbers: ends of envelopes, and events inside one, for a device that cut its segments otherwise."""
    ends = Envelope.objects.filter(device_id=device_id, epoch=epoch, reached=True, last__in=numbers)
    inside = Event.objects.filter(device_id=device_id, epoch=epoch, envelope__reached=True, seq__in=numbers)
    return {
        (number, bytes(found))
        for rows in (ends.values_list("last", "head"), inside.values_list("seq", "hash"))
        for number, found in rows
    }
