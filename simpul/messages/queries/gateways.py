"""Gateways: their set-up for transports, which one carries a message, how they do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.messages import access, transports
from simpul.messages.models import Gateway, Incoming, Message
from simpul.messages.rules import ROADS
from simpul.messages.rules import gateways as rules

MODEMS = ("gammu",)
"""Kinds that are asked every few seconds. A mailbox is asked more slowly, by work of its own."""


def setup_of(gateway: Gateway) -> transports.Setup:
    """A gateway as its transport needs it, with its secrets."""
    return transports.Setup(
        code=gateway.code,
        kind=gateway.kind,
        road=gateway.road,
        number=gateway.number,
        settings=_settings_of(gateway),
        secrets=json.loads(gateway.secrets or "{}"),
        cursor=gateway.cursor,
    )


def _settings_of(gateway: Gateway) -> Mapping[str, Any]:
    """Its settings; a modem's program writes the local time of the place when nobody said otherwise."""
    if gateway.kind in MODEMS and not gateway.settings.get("zone"):
        return {**gateway.settings, "zone": desk_queries.zone_of(gateway.region_code).key}
    return gateway.settings


def gateway(code: str) -> Gateway | None:
    """An active gateway by the code in its address."""
    return Gateway.objects.filter(code=code, is_active=True).select_related("desk").first()


def gateway_by_id(gateway_id: UUID) -> Gateway | None:
    """A gateway, active or not."""
    return Gateway.objects.filter(id=gateway_id).select_related("desk").first()


def gateways(*, kind: str = "", active: bool = True) -> list[Gateway]:
    """Gateways by rank, of one kind or of all."""
    found = Gateway.objects.select_related("desk").order_by("rank", "code")
    if active:
        found = found.filter(is_active=True)
    return list(found.filter(kind=kind) if kind else found)


def polled() -> list[UUID]:
    """The gateways that are asked every few seconds."""
    return list(Gateway.objects.filter(is_active=True, kind__in=MODEMS).values_list("id", flat=True))


def mailboxes() -> list[UUID]:
    """The mailboxes that are asked every minute: a mail server takes it ill to be asked more often."""
    return list(Gateway.objects.filter(is_active=True, kind="email").values_list("id", flat=True))


def any_to_ask() -> bool:
    """True when there is a modem to be asked, or a message centre to be listened to."""
    return Gateway.objects.filter(is_active=True, kind__in=(*MODEMS, "smpp")).exists()


def sending(road: str = "") -> list[Gateway]:
    """The gateways that send and whose kind has a transport that can, of one road or of all, by rank."""
    found = Gateway.objects.filter(is_active=True, sends=True, kind__in=list(transports.PROVIDERS))
    return list((found.filter(road=road) if road else found).order_by("rank", "code"))


def _standing() -> list[Gateway]:
    """The gateways that send, without their set-up: enough to know how roads stand."""
    found = Gateway.objects.filter(is_active=True, sends=True, kind__in=list(transports.PROVIDERS))
    return list(found.defer("secrets", "settings").order_by("rank", "code"))


def ways(road: str, address: str, at: datetime) -> list[Gateway]:
    """The gateways that may carry a message to this address now, the best first."""
    return rules.ways(sending(road), road=road, address=address, at=at)


def open_roads(at: datetime) -> frozenset[str]:
    """The roads that may be chosen for what is queued now: those of the settings, and those with a working gateway."""
    by_gateway = {way.road for way in _standing() if rules.is_open(way, at)}
    return transports.up() | by_gateway


def roads_of_settings() -> frozenset[str]:
    """The roads that need no gateway: the mail server of the settings."""
    return transports.up()


def roads_here() -> frozenset[str]:
    """The roads that this installation has, whether they work at this moment or not."""
    return transports.up() | {way.road for way in _standing()}


@dataclass(frozen=True, slots=True)
class RoadNow:
    """How a road stands at this moment.

    ``room``: how many messages may leave now; None for as many as there are, 0 when none may.
    ``closed``: nothing has left for so long that what waits takes another road when its own time is over.
    """

    room: int | None
    closed: bool


def roads_now(at: datetime) -> dict[str, RoadNow]:
    """How every road stands. A road whose gateways are all down takes one careful message when one of them may be tried."""
    found: dict[str, RoadNow] = {}
    up, all_ways = transports.up(), _standing()
    for road in ROADS:
        ways_of = [way for way in all_ways if way.road == road]
        closed = road not in up and not any(rules.is_open(way, at) for way in ways_of)
        found[road] = RoadNow(None if road in up else _room_of(ways_of, at), closed)
    return found


def _room_of(ways_of: list[Gateway], at: datetime) -> int | None:
    usable = [way for way in ways_of if rules.may_try(way, at)]
    answering = [way for way in usable if way.down_since_at is None]
    if not answering:
        return min(1, len(usable))
    rooms = [rules.room(way.parts_per_minute, used_parts(way, at)) for way in answering]
    limited = [one for one in rooms if one is not None]
    return sum(limited) if len(limited) == len(rooms) else None


def tried_again_at(road: str, at: datetime) -> datetime:
    """When something that waits for a closed road is looked at again: at the next careful try of one of its gateways."""
    tries = [way.retry_at for way in sending(road) if way.retry_at is not None and way.retry_at > at]
    return min(tries, default=at + rules.MINUTE)


def used_parts(way: Gateway, at: datetime) -> int:
    """Parts that left by a gateway in the last minute; not counted for one without a limit."""
    if way.parts_per_minute <= 0:
        return 0
    lately = Message.objects.filter(gateway=way, sent_at__gt=at - rules.MINUTE, sent_at__lte=at)
    return lately.aggregate(parts=Sum("parts"))["parts"] or 0


@dataclass(frozen=True, slots=True)
class Health:
    """How a gateway does today: what came by it, what left, what it cost, and what waits for its road."""

    gateway: Gateway
    received: int
    sent: int
    waiting: int
    cost_rupiah: int


def health(by: Actor, at: datetime) -> list[Health]:
    """The gateways that an actor may see, those that are down first; "today" is the day at the gateway's place."""
    found = access.gateways(by).select_related("desk").order_by("road", "rank", "code")
    waiting = Counter(Message.objects.filter(state__in=("queued", "sending")).values_list("road", flat=True))
    rows = [_health(gateway, at, waiting) for gateway in found]
    return sorted(rows, key=lambda row: row.gateway.down_since_at is None)


def _health(gateway: Gateway, at: datetime, waiting: Mapping[str, int]) -> Health:
    zone = desk_queries.zone_of(gateway.region_code)
    since = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    left = Message.objects.filter(gateway=gateway, sent_at__gte=since).aggregate(
        count=Count("id"), cost=Sum("cost_rupiah")
    )
    return Health(
        gateway=gateway,
        received=Incoming.objects.filter(gateway=gateway, received_at__gte=since).count(),
        sent=left["count"],
        waiting=waiting[gateway.road] if gateway.sends else 0,
        cost_rupiah=left["cost"] or 0,
    )
