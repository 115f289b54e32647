"""Numbers that were given out before their matters: what a device holds, and which were never used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul.cases.models import CaseReservation


@dataclass(frozen=True, slots=True)
class Unused:
    """A number without a matter, and why: still with a device, or taken back."""

    number: str
    device: str
    returned: bool
    reserved_at: datetime


def held_by(device: str) -> int:
    """How many numbers a device can still hand out."""
    return CaseReservation.objects.filter(for_device=device, state="free").count()


def cases_held(device: str) -> set[UUID]:
    """The matters to come whose numbers a device can still hand out."""
    return set(
        CaseReservation.objects.filter(for_device=device, state="free").values_list("case_id", flat=True)
    )


def held_here() -> int:
    """How many numbers of the server above a village node can still hand out."""
    return CaseReservation.objects.filter(state="free").exclude(receipt=b"").count()


def ever_here() -> int:
    """How many numbers of the server above a village node has got so far."""
    return CaseReservation.objects.exclude(receipt=b"").count()


def is_from_above(case_id: UUID) -> bool:
    """Whether a matter has a number that the server above set aside for this node."""
    return CaseReservation.objects.filter(case_id=case_id).exclude(receipt=b"").exists()


def held_by_all(devices: Collection[str]) -> dict[str, int]:
    """The same of several devices, in one query."""
    found = dict.fromkeys(devices, 0)
    rows = CaseReservation.objects.filter(for_device__in=list(devices), state="free")
    for device in rows.values_list("for_device", flat=True):
        found[device] += 1
    return found


def unused(series: str = "", limit: int = 1000) -> list[Unused]:
    """The numbers of a month's series ("SPL-2611", or of all) that no matter has: they explain its gaps."""
    rows = CaseReservation.objects.exclude(state="used")
    if series:
        rows = rows.filter(series=series)
    return [
        Unused(one.number, one.for_device, one.state == "returned", one.reserved_at)
        for one in rows.order_by("number")[:limit]
    ]
