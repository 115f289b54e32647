"""What waits for the worker: envelopes to be opened, events to be judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from simpul.sync.models import Device, Envelope, Event, Letter
from simpul.sync.rules import chain
from simpul.sync.rules.outcomes import FINAL

AGAIN_AFTER = timedelta(minutes=1)
"""How soon an event that waits for another one is looked at again when nothing new came."""


def to_open(most: int = 1) -> bool:
    """Is there an envelope that nobody opened?"""
    return Envelope.objects.filter(state="stored")[:most].exists()


FEW = 100
"""So many entries are judged while the device waits; a week's work is kept at once, and judged by the worker."""


def is_few(device_id: UUID, sent: int) -> bool:
    """True when what a device sent now, and said at its last hello that it still has, is soon judged."""
    unsent = Device.objects.filter(id=device_id).values_list("unsent", flat=True).first()
    return max(sent, unsent or 0) <= FEW


def to_judge(at: datetime, most: int = 50) -> list[UUID]:
    """Devices with events that are due, those that wait longest first."""
    return list(
        _due(at)
        .values_list("device_id")
        .annotate(oldest=Min("received_at"))
        .order_by("oldest")
        .values_list("device_id", flat=True)[:most]
    )


def _due(at: datetime) -> QuerySet[Event]:
    fresh = Q(state="stored")
    again = Q(state="held", judged_at__lte=at - AGAIN_AFTER) | Q(state="held", judged_at=None)
    return Event.objects.filter(fresh | again, envelope__reached=True, settled_at=None)


PAGE = 500


def chain_of(device_id: UUID) -> Iterator[Event]:
    """Events of a device that are not judged, in the order in which they were written: epoch by epoch as they came to be known.

    All of them, page by page: thousands that are held at the front keep nothing behind them waiting.
    """
    rows = Event.objects.filter(
        device_id=device_id, state__in=("stored", "held"), envelope__reached=True, settled_at=None
    )
    begun = dict(
        Envelope.objects.filter(device_id=device_id, epoch__in=rows.values("epoch").distinct())
        .values_list("epoch")
        .annotate(Min("received_at"))
    )
    for epoch in sorted(begun, key=lambda one: (begun[one], one)):
        seq, seen = 0, set[UUID]()
        while True:
            behind = rows.filter(epoch=epoch, seq__gte=seq).exclude(id__in=seen)
            some = list(behind.order_by("seq", "received_at", "id")[:PAGE])
            yield from some
            if len(some) < PAGE:
                break
            seen = {row.id for row in some if row.seq == some[-1].seq} | (
                seen if seq == some[-1].seq else set()
            )
            seq = some[-1].seq


def put_aside(device_id: UUID) -> QuerySet[Event]:
    """Events of a device that wait for a person."""
    return Event.objects.filter(device_id=device_id, state="quarantined", settled_at=None)


def has_gap(device_id: UUID) -> bool:
    """True when something of this device is still on its way: envelopes before a gap that are here, or that nobody opened yet."""
    rows = Envelope.objects.filter(device_id=device_id)
    return rows.filter(Q(reached=False) | Q(state="stored")).exists()


def as_event(row: Event) -> chain.Event:
    """A stored event as the rules know it."""
    body: dict[str, Any] | None = json.loads(row.body) if row.body else None
    return chain.Event(
        device=row.device_id,
        epoch=row.epoch,
        seq=row.seq,
        prev=bytes(row.prev),
        kind=row.kind,
        at=row.at_ms,
        subject=row.subject,
        body_hash=bytes(row.body_hash),
        body=body,
        salt=bytes(row.salt),
    )


def is_above_known(device: Device, row: Event) -> bool:
    """True for an event that a locked device wrote after it was locked, or on another history than the one that was here."""
    if device.state != "revoked" or device.revoked_at is None or row.received_at < device.revoked_at:
        return False
    return row.is_fork or row.seq > int(device.known_heads.get(row.epoch, 0))


GAP_AFTER = timedelta(days=3)
"""How long what comes after a gap waits for what is missing before a person is asked: a carrier may be on the way for days."""


def gaps(at: datetime, most: int = 50) -> list[tuple[UUID, str, int]]:
    """Histories of which something is here that nothing leads to, for long: device, epoch, first number that is here."""
    rows = Envelope.objects.filter(reached=False, received_at__lt=at - GAP_AFTER).exclude(state="broken")
    found = rows.values_list("device_id", "epoch").annotate(Min("first")).order_by("device_id", "epoch")
    return list(found[:most])


def to_write_to(at: datetime, most: int = 50) -> list[UUID]:
    """Devices whose work came by a village laptop or a bundle in the last months, and which were not told yet what became of it."""
    carried = Envelope.objects.filter(road__in=("node", "bundle"), received_at__gt=at - LETTERS_FOR)
    newest = Letter.objects.filter(device_id=OuterRef("device_id")).order_by("-number").values("made_at")[:1]
    told = Event.objects.filter(
        device_id__in=carried.values("device_id"), state__in=FINAL, judged_at__lte=at - timedelta(seconds=30)
    ).annotate(told_at=Subquery(newest))
    due = told.filter(Q(told_at=None) | Q(judged_at__gt=F("told_at")) | Q(settled_at__gt=F("told_at")))
    return list(due.values_list("device_id", flat=True).distinct()[:most])


LETTERS_FOR = timedelta(days=60)
