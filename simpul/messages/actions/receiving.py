"""What comes in: kept first, read afterwards. Reading the same thing again, in any order, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import transports
from simpul.messages.actions import _hearing, _receipts
from simpul.messages.actions import gateways as gateway_actions
from simpul.messages.models import Delivery, Gateway
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.rules import incoming as rules


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery that is safe; ``again`` when it had been kept before."""

    delivery: Delivery
    again: bool


def store_delivery(
    *,
    by: Actor,
    at: datetime,
    gateway_id: UUID | None,
    request: transports.RawRequest,
    verdict: transports.Verdict,
    repeat_key: str = "",
) -> Stored:
    """Keep a raw delivery before anything else is done with it. The same delivery again only counts up.

    One that may not be read is kept too, shortened, with the reason: a person can see what knocked.

    Args:
        repeat_key: what makes it the same delivery; "" for the hash of its bytes.
    """
    roles.require(by, "delivery.store")
    body = request.body if verdict.ok else request.body[: rules.REFUSED_KEPT]
    digest = rules.digest(request.body)
    key = f"{gateway_id or '-'}:{repeat_key or rules.digest(request.query.encode() + b'?' + request.body)}"[
        :100
    ]
    if not verdict.ok:
        key = f"!{key}"[:100]  # a forged copy must not stand in the way of the true one
    with transaction.atomic():
        delivery, is_new = Delivery.objects.get_or_create(
            repeat_key=key,
            defaults={
                "gateway_id": gateway_id,
                "received_at": request.received_at or at,
                "method": request.method[:10],
                "query": request.query[:2000],
                "headers": dict(request.headers),
                "sender": request.sender[:60],
                "body": body,
                "size": len(request.body),
                "digest": digest,
                "state": "stored" if verdict.ok else "refused",
                "reason": verdict.reason[:200],
                "next_try_at": at,
            },
        )
        if not is_new:
            Delivery.objects.filter(id=delivery.id).update(repeats=F("repeats") + 1)
            return Stored(delivery, again=True)
        journal_actions.record(
            by=by,
            at=at,
            kind="delivery.store",
            subject_kind="delivery",
            subject_id=delivery.id,
            facts={"state": delivery.state, "size": delivery.size, "reason": delivery.reason},
        )
    return Stored(delivery, again=False)


def read_delivery(*, by: Actor, at: datetime, delivery_id: UUID) -> str:
    """Read a kept delivery into messages, statuses and signs of life: all of it, or nothing. Returns its state now.

    It is claimed first, with the time of its next try, so that a delivery whose reading kills the worker does not kill it
    at once again; after the last try a person looks at it.

    Raises:
        NotFound: no such delivery.
    """
    roles.require(by, "delivery.read")
    delivery = Delivery.objects.select_related("gateway").filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound
    if delivery.state != "stored" or not _claim(delivery, at):
        return "busy" if delivery.state == "stored" else delivery.state
    if delivery.gateway is None or delivery.tries >= len(rules.READ_AGAIN):
        return _end(by, at, delivery, "broken", delivery.reason or "could not be read")
    try:
        reading = transports.PROVIDERS[delivery.gateway.kind].read(
            gateway_queries.setup_of(delivery.gateway), _request(delivery)
        )
    except transports.Unreadable as fault:
        return _end(by, at, delivery, "broken", fault.reason)
    with transaction.atomic():
        made = _keep_all(by, at, delivery.gateway, delivery, reading)
        return _end(by, at, delivery, "read", "", made=made)


def mend_delivery(*, by: Actor, at: datetime, delivery_id: UUID) -> None:
    """Let a broken delivery be read once more, after its cause was mended.

    Raises:
        NotFound: no broken delivery of this id.
    """
    roles.require(by, "delivery.mend")
    with transaction.atomic():
        again = {"state": "stored", "tries": 0, "next_try_at": at, "reason": ""}
        if Delivery.objects.filter(id=delivery_id, state="broken").update(**again) != 1:
            raise NotFound
        journal_actions.record(
            by=by, at=at, kind="delivery.mend", subject_kind="delivery", subject_id=delivery_id
        )


def _claim(delivery: Delivery, at: datetime) -> bool:
    wait = rules.READ_AGAIN[min(delivery.tries, len(rules.READ_AGAIN) - 1)]
    mine = Delivery.objects.filter(id=delivery.id, state="stored", tries=delivery.tries, next_try_at__lte=at)
    return mine.update(tries=delivery.tries + 1, next_try_at=at + wait) == 1


def _request(delivery: Delivery) -> transports.RawRequest:
    return transports.RawRequest(
        method=delivery.method,
        body=bytes(delivery.body),
        query=delivery.query,
        headers=delivery.headers,
        sender=delivery.sender,
        received_at=delivery.received_at,
    )


def _keep_all(
    by: Actor, at: datetime, gateway: Gateway, delivery: Delivery, reading: transports.Reading
) -> int:
    made = sum(_hearing.keep(gateway, delivery, heard) for heard in reading.heard)
    made += sum(_receipts.note(gateway, report, at) for report in reading.reports)
    for removed in reading.removed:
        made += _hearing.mark_removed(gateway, removed)
    pulse = reading.pulse
    if pulse is not None:
        gateway_actions.report_gateway(
            by=by,
            at=at,
            gateway_id=gateway.id,
            answers=not pulse.fault,
            reason=pulse.fault,
            battery=pulse.battery,
            signal=pulse.signal,
        )
    return made


def _end(by: Actor, at: datetime, delivery: Delivery, state: str, reason: str, made: int = 0) -> str:
    with transaction.atomic():
        Delivery.objects.filter(id=delivery.id).update(
            state=state, reason=reason[:200], read_at=at, made=made
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="delivery.read",
            subject_kind="delivery",
            subject_id=delivery.id,
            facts={"state": state, "made": made, "reason": reason[:200]},
        )
    return state
