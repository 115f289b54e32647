"""An erasure reaches every device that may hold a copy, and the events that carried the data here (UU 27/2022 art. 43)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.sync.models import Erasure, ErasureReceipt, Event
from simpul.sync.queries import erasures


def order_erasures(*, by: Actor, at: datetime) -> int:
    """Ask every device that may hold something of an erased person or matter to remove it, and empty the events that spoke of it.

    Header and hash of an event stay, so the chains verify. Returns how many erasures were ordered; a second call orders none twice.
    """
    roles.require(by, "erasures.order")
    found = erasures.unordered()
    for subject, region_code, _when in found:
        with transaction.atomic():
            erasure = Erasure.objects.create(subject=subject, region_code=region_code, ordered_at=at)
            emptied = 0
            for keys in erasures.bodies_on(subject):
                emptied += Event.objects.filter(id__in=keys).update(
                    body=b"", salt=b"", words="", facts={}, erased_at=at
                )
            Erasure.objects.filter(id=erasure.id).update(events=emptied)
            ErasureReceipt.objects.bulk_create(
                [ErasureReceipt(erasure=erasure, device_id=key) for key in erasures.holders(region_code)],
                batch_size=500,
            )
            journal_actions.record(
                by=by,
                at=at,
                kind="erasures.order",
                subject_kind=subject.partition(":")[0],
                subject_id=UUID(subject.partition(":")[2]),
                region_code=region_code,
                facts={"events": emptied},
            )
    return len(found)


def confirm_erasures(*, by: Actor, at: datetime, device_id: UUID, erasure_ids: Iterable[UUID]) -> int:
    """A device says that it has removed what it was asked to. Returns how many receipts are new; a repeat changes nothing."""
    roles.require(by, "erasures.confirm")
    with transaction.atomic():
        new = ErasureReceipt.objects.filter(
            device_id=device_id, erasure_id__in=list(erasure_ids)[:1000], done_at=None
        ).update(done_at=at)
        if new:
            journal_actions.record(
                by=by,
                at=at,
                kind="erasures.confirm",
                subject_kind="device",
                subject_id=device_id,
                facts={"erasures": new},
            )
    return new
