"""Steps that write down what is carried: for others, and this node's own work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul.lib import bulk
from simpul.lib.ids import uuid7
from simpul.sync.models import Carried

_COLUMNS = (
    "id", "kind", "device_id", "name", "content", "size", "epoch", "first", "last", "own", "received_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A thing to carry: an envelope's frame or a sealed file, with the words on its outside."""

    kind: str
    device_id: UUID
    name: str
    content: bytes
    epoch: str = ""
    first: int | None = None
    last: int | None = None
    own: bool = False


def new_ones(things: Sequence[Wrapped]) -> tuple[list[Wrapped], list[tuple[str, str, str]]]:
    """Those that are not carried yet, and what is said of each: held, or a duplicate."""
    names = [one.name for one in things]
    here = set(Carried.objects.filter(name__in=names).values_list("name", flat=True))
    new, found = [], []
    for one in things:
        if one.name in here:
            found.append((one.name, "duplicate", ""))
            continue
        here.add(one.name)
        new.append(one)
        found.append((one.name, "held", ""))
    return new, found


def keep(things: Sequence[Wrapped], at: datetime) -> None:
    """Step: write down what is carried, this node's own work too."""
    bulk.insert_many(
        Carried,
        _COLUMNS,
        [
            (
                uuid7(), one.kind, one.device_id, one.name, one.content, len(one.content), one.epoch,
                one.first, one.last, one.own, at,
            )
            for one in things
        ],
    )  # fmt: skip
