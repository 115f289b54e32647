"""Which erasures a device has still to carry out, and whose receipts are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Standing:
    """One erasure with its receipts: how many devices were asked, and which have not said that it is done."""

    erasure: Erasure
    asked: int
    owing: list[Device]

    @property
    def missing(self) -> int:
        """How many devices have not said that it is done."""
        return len(self.owing)

    @property
    def done(self) -> int:
        """How many have."""
        return self.asked - self.missing


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


def bodies_on(subjects_wanted: Collection[str]) -> dict[str, list[UUID]]:
    """Subject -> events that speak of it: it is their subject, or its key (whole or short) stands among their inputs.

    Every body is opened once, however many subjects there are.
    """
    marks = {one: _marks(one) for one in subjects_wanted}
    found: dict[str, list[UUID]] = {one: [] for one in subjects_wanted}
    if not marks:
        return found
    rows = Event.objects.exclude(body=b"").values_list("id", "subject", "body")
    for event_id, about, body in rows.iterator(chunk_size=_BATCH):
        for subject, keys in marks.items():
            if about == subject or any(mark in str(body) for mark in keys):
                found[subject].append(event_id)
    return found


def _marks(subject: str) -> tuple[str, str]:
    """A key as it stands among inputs: whole, and short."""
    _kind, _sep, key = subject.partition(":")
    return key, key.replace("-", "")[-short.SIGNS :]


def speaks_of_erased(event: chain.Event) -> bool:
    """True when an event names somebody, or a matter, that was erased: by the last ten signs of the key, as packs name it."""
    named = set(subjects.keys_in(event.subject, event.data))
    if not named:
        return False
    return Erasure.objects.annotate(ending=Right("subject", short.SIGNS)).filter(ending__in=named).exists()


def standings(by: Actor) -> list[Standing]:
    """Erasures in the actor's area with the devices that have not confirmed, newest first. Two queries."""
    mine = Erasure.objects.filter(areas.inside_any(by.served_areas) | Q(region_code=""))
    rows = list(mine.annotate(asked=Count("receipts")).order_by("-ordered_at")[:500])
    owing: dict[UUID, list[Device]] = defaultdict(list)
    for receipt in (
        ErasureReceipt.objects.filter(erasure__in=[row.id for row in rows], done_at=None)
        .select_related("device__seat__user", "device__desk")
        .order_by("device__label")
    ):
        owing[receipt.erasure_id].append(receipt.device)
    return [Standing(row, row.asked, owing[row.id]) for row in rows]
