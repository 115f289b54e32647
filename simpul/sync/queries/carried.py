"""What this node still has to hand on, in the order in which it goes."""

from __future__ import annotations

from uuid import UUID

from simpul.sync.models import Carried, Parent

MOST_BYTES = 1_500_000
"""So much of what is carried stands in one request at most."""


def own_after(parent: Parent, number: int, most: int) -> list[Carried]:
    """This node's own envelopes after a number of its history."""
    rows = Carried.objects.filter(own=True, kind="envelope", epoch=parent.epoch, last__gt=number)
    return _within(list(rows.order_by("first")[:most]))


def others_after(kind: str, last: UUID | None, most: int) -> list[Carried]:
    """What is carried for others and was not handed on yet."""
    rows = Carried.objects.filter(own=False, kind=kind, forwarded_at=None)
    if last is not None:
        rows = rows.filter(id__gt=last)
    return _within(list(rows.order_by("id")[:most]))


def own_files(most: int) -> list[str]:
    """Names of the files of this node's own events that were not sent yet, small ones first."""
    rows = Carried.objects.filter(own=True, kind="blob", forwarded_at=None).order_by("size", "id")
    return list(rows.values_list("name", flat=True)[:most])


def devices() -> list[UUID]:
    """Devices of others whose envelopes came by here."""
    rows = Carried.objects.filter(own=False, kind="envelope").values_list("device_id", flat=True)
    return sorted(set(rows))


def _within(rows: list[Carried]) -> list[Carried]:
    total = 0
    kept: list[Carried] = []
    for one in rows:
        total += one.size
        if kept and total > MOST_BYTES:
            break
        kept.append(one)
    return kept
