"""How gateways do: for the administrator who added them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from simpul.messages.models import Delivery, Gateway, Incoming, Message
from simpul.messages.rules import setups as rules

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class GatewayHealth:
    """One gateway: its state (``messages.rules.setups.state``), what it lacks, and its last 24 hours.

    ``waiting`` counts what waits for its road, whichever gateway will take it. ``last_at`` is the last thing that came by it.
    """

    gateway: Gateway
    state: str
    missing: Sequence[str]
    last_at: datetime | None
    heard: int
    sent: int
    waiting: int
    unread: int
    broken: int
    refused: int


def health(at: datetime) -> list[GatewayHealth]:
    """Every gateway, the active ones first."""
    gateways = list(Gateway.objects.select_related("desk").order_by("-is_active", "rank", "code"))
    since = at - DAY
    heard = _counts(Incoming.objects.filter(received_at__gte=since).values_list("gateway_id"))
    sent = _counts(Message.objects.filter(sent_at__gte=since).exclude(gateway=None).values_list("gateway_id"))
    last = dict(
        Delivery.objects.exclude(gateway=None)
        .exclude(state="refused")
        .values_list("gateway_id")
        .annotate(last=Max("received_at"))
        .order_by()
    )
    roads = dict(
        Message.objects.filter(state__in=("queued", "sending"))
        .values_list("road")
        .annotate(number=Count("id"))
        .order_by()
    )
    deliveries = {
        (gateway_id, state): number
        for gateway_id, state, number in Delivery.objects.filter(state__in=("stored", "broken", "refused"))
        .exclude(state="refused", received_at__lt=since)
        .values_list("gateway_id", "state")
        .annotate(number=Count("id"))
        .order_by()
    }
    found = []
    for gateway in gateways:
        lacking = rules.missing(gateway.kind, given(gateway))
        times = [one for one in (gateway.heard_at, last.get(gateway.id)) if one is not None]
        found.append(
            GatewayHealth(
                gateway=gateway,
                state=_state(gateway, bool(lacking), bool(times)),
                missing=lacking,
                last_at=max(times, default=None),
                heard=heard.get(gateway.id, 0),
                sent=sent.get(gateway.id, 0),
                waiting=roads.get(gateway.road, 0),
                unread=deliveries.get((gateway.id, "stored"), 0),
                broken=deliveries.get((gateway.id, "broken"), 0),
                refused=deliveries.get((gateway.id, "refused"), 0),
            )
        )
    return found


def health_of(gateway_id: UUID, at: datetime) -> GatewayHealth | None:
    """One gateway."""
    return next((one for one in health(at) if one.gateway.id == gateway_id), None)


def given(gateway: Gateway) -> dict[str, bool]:
    """Which settings and secrets of a gateway are filled in; never their values."""
    filled = {**gateway.settings, **json.loads(gateway.secrets or "{}")}
    return {name: bool(value) for name, value in filled.items()}


def _state(gateway: Gateway, lacking: bool, was_heard: bool) -> str:
    state = rules.state(gateway, lacking)
    return "up" if state == "new" and was_heard else state


def _counts(rows: object) -> Mapping[UUID, int]:
    counted = rows.annotate(number=Count("id")).order_by()  # type: ignore[attr-defined]
    return dict(counted)
