"""Who acted at a village node: each of its events names a seat, and the node speaks only for seats of its own areas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.lib.actor import ANYBODY, SYSTEM, Actor
from simpul.sync.models import Device, Event, ScopeGrant
from simpul.sync.queries import devices
from simpul.sync.rules import chain

SEAT = "by.seat"
NOTE = "line.note/"


def actor_of(
    device: Device, event: chain.Event, at: datetime, happened: datetime
) -> tuple[Actor | None, bool]:
    """Who did it, and whether their seat is over meanwhile; None when the node may not speak for that seat.

    A seat counts when its desk lies in an area that the node has, or had when the act happened, and it is held now or was then. Without
    a seat a resident acted at the node's public pages. A note is kept whoever wrote it.
    """
    code = devices.code_of(device.id)
    if event.kind.startswith(NOTE):
        return (
            Actor(
                role=SYSTEM,
                name=device.label,
                desk_id=device.desk_id,
                region_code=device.desk.region_code,
                areas=devices.areas_of(device),
                device=code,
                strong=True,
            ),
            False,
        )
    named = event.data.get(SEAT, "")
    if not named:
        return replace(ANYBODY, device=code), False
    seat = _seat(named)
    if seat is None or not seat.desk.region_code.startswith(_given(device, happened)):
        return None, False
    now = desk_queries.actor_for(seat.user, seat.id, strong=True, at=at, device=code)
    if now is not None:
        return now, False
    return desk_queries.actor_for(seat.user, seat.id, strong=True, at=happened, device=code), True


def _seat(named: Any) -> Seat | None:
    try:
        return desk_queries.seat(UUID(str(named)))
    except ValueError:
        return None


def _given(device: Device, happened: datetime) -> tuple[str, ...]:
    """Every area the node has, or still had when the act happened."""
    then = ScopeGrant.objects.filter(Q(until_at=None) | Q(until_at__gte=happened), device=device)
    return tuple(
        {
            *devices.areas_of(device),
            *(code for areas in then.values_list("areas", flat=True) for code in areas),
        }
    )


def without_seat(event: chain.Event) -> chain.Event:
    """The event as its handler reads it: who acted is no input of the act."""
    body: Mapping[str, Any] | None = event.body
    if body is None:
        return event
    data = {name: value for name, value in event.data.items() if not name.startswith("by.")}
    return replace(event, body={**body, "d": data})


def desk_of(seat_id: UUID) -> UUID:
    """The desk of a seat."""
    return Seat.objects.values_list("desk_id", flat=True).get(id=seat_id)


def states_of(device_ids: Collection[UUID]) -> dict[str, int]:
    """How many events of these devices are in which state, with the reason where there is one."""
    rows = Event.objects.filter(device_id__in=list(device_ids)).values_list("state", "reason")
    return {f"{state} {reason}".strip(): count for state, reason, count in rows.annotate(Count("id"))}
