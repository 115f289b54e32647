"""One device: who speaks through it, under which keys, with what it may hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.lib.actor import Actor
from simpul.sync.models import Device, Generation

Row = Device
"""A device, as doors may name its type."""


def device(device_id: UUID) -> Device | None:
    """One device with its seat, user and desk."""
    return Device.objects.select_related("seat__user", "seat__desk", "desk").filter(id=device_id).first()


def devices_by_id(device_ids: Iterable[UUID]) -> dict[UUID, Device]:
    """Several of them."""
    rows = Device.objects.select_related("seat__user", "seat__desk", "desk")
    return rows.in_bulk(list(device_ids))


def code_of(device_id: UUID) -> str:
    """The short name that journal lines carry: the last twelve hex signs, which are random in every version of UUID we give."""
    return device_id.hex[-12:]


def actor_of(row: Device, at: datetime, happened: datetime | None = None) -> tuple[Actor | None, bool]:
    """Who acts by this device, and whether their seat is over.

    The keys of the device and the passphrase that opens them are two factors; a supervisor let it in. When the seat is over now and was
    not when the act happened, the act is still its holder's.
    """
    if row.seat is None:
        return None, False
    now = _actor(row.seat, row.id, at)
    if now is not None or happened is None:
        return now, False
    return _actor(row.seat, row.id, happened), True


def _actor(seat: Seat, device_id: UUID, at: datetime) -> Actor | None:
    return desk_queries.actor_for(seat.user, seat.id, strong=True, at=at, device=code_of(device_id))


def areas_of(row: Device) -> tuple[str, ...]:
    """The areas this device is sent: its own, else those of its seat, else its desk's."""
    if row.areas:
        return tuple(row.areas)
    if row.seat is not None and row.seat.areas:
        return tuple(row.seat.areas)
    return (row.desk.region_code,)


def language_of(row: Device) -> str:
    """The language of the person who uses it."""
    return row.seat.user.language if row.seat is not None else "id"


def is_shut(row: Device, at: datetime) -> bool:
    """True when nothing goes down to this device any more: it was locked, or its person has lost the seat."""
    return row.state != "active" or (row.seat is not None and actor_of(row, at)[0] is None)


def generation() -> str:
    """Which life of this server it is; "" before the first device spoke."""
    found = Generation.objects.filter(id=1).first()
    return found.number if found else ""


_TAG = 1 << 39
"""Above every position that a journal can reach."""


def cursor_told(position: int) -> int:
    """A position of the journal as devices get it: with a mark of this life of the server, for its journal ends earlier after a restore."""
    return _mark() * _TAG + position


def position_of(cursor: int) -> int:
    """The position again; 0, which means everything, for a cursor of another life of this server. One without a mark is of a pack."""
    mark, position = divmod(cursor, _TAG)
    return position if mark in (0, _mark()) else 0


def _mark() -> int:
    number = generation()
    return (int(number[:4], 16) % 1023 + 1) if number else 0
