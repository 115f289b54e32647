"""Gateways: their set-up for transports, which one carries a message, how they do."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from simpul.messages import transports
from simpul.messages.models import Gateway
from simpul.messages.rules import gateways as rules


def setup_of(gateway: Gateway) -> transports.Setup:
    """A gateway as its transport needs it, with its secrets."""
    return transports.Setup(
        code=gateway.code,
        kind=gateway.kind,
        road=gateway.road,
        number=gateway.number,
        settings=gateway.settings,
        secrets=json.loads(gateway.secrets or "{}"),
        cursor=gateway.cursor,
    )


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


def ways(road: str, address: str, at: datetime) -> list[Gateway]:
    """The gateways that may carry a message to this address now, the best first."""
    return rules.ways(gateways(), road=road, address=address, at=at)


def open_roads(at: datetime) -> frozenset[str]:
    """The roads that may be chosen for what is queued now: those of the settings, and those with a working gateway."""
    by_gateway = {way.road for way in gateways() if rules.is_open(way, at)}
    return transports.up() | by_gateway
