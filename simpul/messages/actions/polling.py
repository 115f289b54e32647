"""Gateways that are asked: a modem's tables, a mailbox, the connection to a message centre.

What is found is kept first, each thing with its own key, and only then taken from where it lay. So a fault between the two
brings it again, and its key says that it is here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import transports
from simpul.messages.actions import gateways as gateway_actions
from simpul.messages.actions import receiving
from simpul.messages.models import Delivery, Gateway
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.rules import gateways as rules
from simpul.messages.transports import requests

SHOWN_EVERY = timedelta(seconds=60)
"""A gateway that goes on answering is noted this often: its health is asked every few seconds."""


def poll_gateway(*, by: Actor, at: datetime, gateway_id: UUID) -> int:
    """Keep what a polled gateway has, take it from there, and note how the gateway does; returns how much was new.

    One whose place cannot be reached is left alone for a while, as its careful tries say.

    Raises:
        NotFound: no such gateway, or one that is not asked.
    """
    roles.require(by, "gateway.poll")
    gateway = gateway_queries.gateway_by_id(gateway_id)
    transport = transports.PROVIDERS.get(gateway.kind) if gateway is not None else None
    poll = requests.option(transport, "poll")
    if gateway is None or not gateway.is_active or poll is None:
        raise NotFound
    if rules.is_left_alone(gateway, at):
        return 0
    setup = gateway_queries.setup_of(gateway)
    try:
        found = poll(setup)
        new = _keep(by, at, gateway, setup, found)
        requests.option(transport, "acknowledge")(setup, found)
        new += _keep_reports(by, at, gateway, setup, transport)
        ask = requests.option(transport, "pulse")
        pulse = ask(setup, at) if ask is not None else transports.Pulse(at)
    except transports.Unreachable as fault:
        gateway_actions.report_gateway(
            by=by, at=at, gateway_id=gateway_id, answers=False, reason=fault.reason
        )
        return 0
    _note_health(by, at, gateway, pulse)
    return new


def hold_gateway(*, by: Actor, at: datetime, gateway_id: UUID, holder: str, lasts: timedelta) -> bool:
    """Take, or keep, the one connection to a gateway for this process; False while another one holds it.

    ``holder`` is a name of the process, without spaces. A holder that died is followed when its time is over.
    """
    roles.require(by, "gateway.hold")
    gateway = Gateway.objects.filter(id=gateway_id, is_active=True).first()
    if gateway is None:
        return False
    name, _, until = gateway.cursor.partition(" ")
    if name not in ("", holder) and _moment(until) > at.timestamp():
        return False
    held = f"{holder} {(at + lasts).timestamp():.0f}"
    return Gateway.objects.filter(id=gateway_id, cursor=gateway.cursor).update(cursor=held) == 1


def leave_gateway(*, by: Actor, at: datetime, gateway_id: UUID, holder: str) -> None:
    """Let another process have the connection at once."""
    roles.require(by, "gateway.leave")
    Gateway.objects.filter(id=gateway_id, cursor__startswith=f"{holder} ").update(cursor="")


def take_delivery(*, by: Actor, at: datetime, delivery_id: UUID) -> None:
    """Its sender knows that we have it: the same bytes are a new delivery from now on.

    For senders that give a message neither a name nor a time. Until they know, the same bytes are a repeat.
    """
    roles.require(by, "delivery.take")
    for delivery in Delivery.objects.filter(Q(repeat_key__contains=":open:"), id=delivery_id):
        Delivery.objects.filter(id=delivery.id).update(
            repeat_key=f"{delivery.gateway_id or '-'}:taken:{delivery.id}"
        )


def _keep(
    by: Actor, at: datetime, gateway: Gateway, setup: transports.Setup, found: list[transports.RawRequest]
) -> int:
    """Keep each in a transaction of its own: what is kept stays, whatever comes after it."""
    new = 0
    for request in found:
        stored = receiving.store_delivery(
            by=by,
            at=at,
            gateway_id=gateway.id,
            request=request,
            verdict=transports.Verdict(ok=True),
            repeat_key=requests.repeat_key(transports.PROVIDERS, setup, request),
        )
        new += not stored.again
    return new


def _keep_reports(by: Actor, at: datetime, gateway: Gateway, setup: transports.Setup, transport: Any) -> int:
    reports = requests.option(transport, "reports")
    if reports is None:
        return 0
    found, cursor = reports(setup)
    new = _keep(by, at, gateway, setup, found)
    if cursor != gateway.cursor:
        Gateway.objects.filter(id=gateway.id).update(cursor=cursor[:200])
    return new


def _note_health(by: Actor, at: datetime, gateway: Gateway, pulse: transports.Pulse) -> None:
    answers = not pulse.fault
    changed = answers is (gateway.down_since_at is not None) or (
        not answers and gateway.down_reason != pulse.fault
    )
    old = gateway.heard_at is None or at - gateway.heard_at >= SHOWN_EVERY
    moved = (pulse.battery, pulse.signal) != (gateway.battery, gateway.signal)
    if changed or (answers and (old or moved)):
        gateway_actions.report_gateway(
            by=by,
            at=at,
            gateway_id=gateway.id,
            answers=answers,
            reason=pulse.fault,
            battery=pulse.battery,
            signal=pulse.signal,
        )


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
