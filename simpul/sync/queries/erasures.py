"""Which erasures a device has still to carry out, and whose receipts are missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Right

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.sync.models import Device, Erasure, ErasureReceipt, Event, ScopeGrant
from simpul.sync.queries import short, subjects
from simpul.sync.rules import chain
from simpul.upkeep.queries import tombstones

_BATCH = 500
LATE_AFTER = timedelta(days=30)
"""A device that has not confirmed after this long is shown as late: UU 27/2022 art. 43 gives no days; this is ours."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One erasure with its receipts."""

    erasure: Erasure
    asked: int
    done: int

    @property
    def missing(self) -> int:
        """How many devices have not said that it is done."""
        return self.asked - self.done


def orders_for(device_id: UUID, most: int = 200) -> list[tuple[str, str]]:
    """What a device has to erase and has not confirmed: (id of the order, subject), oldest first."""
    found = ErasureReceipt.objects.filter(device_id=device_id, done_at=None).order_by("erasure__ordered_at")
    return [
        (str(key), subject) for key, subject in found.values_list("erasure_id", "erasure__subject")[:most]
    ]


def unordered(most: int = 500) -> list[tuple[str, str, datetime]]:
    """Persons and matters that were erased and for whom no device was asked yet: (subject, region, when)."""
    known = set(Erasure.objects.values_list("subject", flat=True))
    return [one for one in tombstones.erased() if one[0] not in known][:most]


def holders(region_code: str) -> list[UUID]:
    """Devices that may hold something of this area: by what they were ever sent, not only by what they are sent today."""
    given = ScopeGrant.objects.values_list("device_id", "areas")
    return sorted(
        {
            device_id
            for device_id, codes in given
            if not codes
            or not region_code
            or any(region_code.startswith(code) or code.startswith(region_code) for code in codes)
        }
    )


def bodies_on(subject: str) -> Iterator[list[UUID]]:
    """Events that speak of a subject, by batches of keys: it is their subject, or its key (whole or short) stands among their inputs."""
    _kind, _sep, key = subject.partition(":")
    marks = (key, key.replace("-", "")[-10:])
    batch: list[UUID] = []
    for event_id, about, body in (
        Event.objects.exclude(body=b"").values_list("id", "subject", "body").iterator(chunk_size=_BATCH)
    ):
        if about == subject or any(mark in str(body) for mark in marks):
            batch.append(event_id)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def speaks_of_erased(event: chain.Event) -> bool:
    """True when an event names somebody, or a matter, that was erased: by the last ten signs of the key, as packs name it."""
    named = set(subjects.keys_in(event.subject, event.data))
    if not named:
        return False
    return Erasure.objects.annotate(ending=Right("subject", short.SIGNS)).filter(ending__in=named).exists()


def standings(by: Actor, *, missing_only: bool = False) -> list[Standing]:
    """Erasures in the actor's area with how many devices confirmed, newest first."""
    rows: Any = Erasure.objects.filter(areas.inside_any(by.served_areas) | Q(region_code="")).annotate(
        asked=Count("receipts"), done=Count("receipts", filter=Q(receipts__done_at__isnull=False))
    )
    found = [Standing(row, row.asked, row.done) for row in rows.order_by("-ordered_at")[:500]]
    return [one for one in found if one.missing] if missing_only else found


def missing(erasure_id: UUID) -> list[Device]:
    """Devices that have not confirmed an erasure."""
    return list(
        Device.objects.filter(erasure_receipts__erasure_id=erasure_id, erasure_receipts__done_at=None)
        .select_related("seat__user", "desk")
        .order_by("label")
    )
