"""What comes in: kept first, read afterwards. Reading the same thing again, in any order, changes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F, Q

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
from simpul.messages.transports import trial


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
    times: int = 1,
) -> Stored:
    """Keep a raw delivery before anything else is done with it. The same delivery again only counts up.

    One that may not be read is kept too, shortened, with the reason: a person can see what knocked.

    Args:
        repeat_key: what makes it the same delivery; "" for the hash of its bytes.
        times: how many refused ones this one stands for, when a flood is only counted.
    """
    roles.require(by, "delivery.store")
    key = _repeat_key(gateway_id, request, repeat_key)
    reason = verdict.reason
    if not verdict.ok:
        key, reason = _refused_key(gateway_id, key, reason, at)
    raw = Delivery(
        gateway_id=gateway_id,
        received_at=request.received_at or at,
        method=_storable(request.method)[:10],
        query=_storable(request.query)[:2000],
        headers={_storable(name): _storable(value) for name, value in request.headers.items()},
        sender=_storable(request.sender)[:60],
        body=request.body if verdict.ok else request.body[: rules.REFUSED_KEPT],
        size=len(request.body),
        digest=rules.digest(request.body),
        repeat_key=key,
        repeats=times - 1,
        state="stored" if verdict.ok else "refused",
        reason=_storable(reason)[:200],
        next_try_at=at,
    )
    with transaction.atomic():
        # a conflict is no error here: an error would put the words of a message into the log of PostgreSQL
        Delivery.objects.bulk_create([raw], ignore_conflicts=True)
        if not Delivery.objects.filter(id=raw.id).exists():
            again = Delivery.objects.filter(repeat_key=key)
            again.update(repeats=F("repeats") + times)
            return Stored(again.get(), again=True)
        journal_actions.record(
            by=by,
            at=at,
            kind="delivery.store",
            subject_kind="delivery",
            subject_id=raw.id,
            facts={"state": raw.state, "size": raw.size, "reason": raw.reason},
        )
    return Stored(raw, again=False)


def _repeat_key(gateway_id: UUID | None, request: transports.RawRequest, given: str) -> str:
    """Two deliveries of one gateway with the same key are one. What a transport gives is hashed when it is long."""
    own = given if 0 < len(given) <= 60 else rules.digest(given.encode("utf-8", "replace")) if given else ""
    whole = own or rules.digest(request.query.encode("utf-8", "replace") + b"?" + request.body)
    return f"{gateway_id or '-'}:{whole}"[:99]


def _refused_key(gateway_id: UUID | None, key: str, reason: str, at: datetime) -> tuple[str, str]:
    """A forged copy must not stand in the way of the true one; and above a number an hour they are only counted, in one row."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    whose = Q(gateway_id=gateway_id) if gateway_id else Q(gateway=None)
    kept = Delivery.objects.filter(
        whose, state="refused", received_at__gte=hour, received_at__lt=hour + rules.HOUR
    )
    if kept.count() >= rules.REFUSED_PER_HOUR:
        return f"!{gateway_id or '-'}:{hour:%Y%m%d%H}", "more were refused in this hour than are kept"
    return f"!{key}", reason


def _storable(words: str) -> str:
    """Without what no database takes in a text: zero bytes, halves of characters."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def read_delivery(*, by: Actor, at: datetime, delivery_id: UUID) -> str:
    """Read a kept delivery into messages, statuses and signs of life: all of it, or nothing. Returns its state now.

    It is claimed first, with the time of its next try, so that a delivery whose reading kills the worker does not kill it
    at once again. One that was being read when the worker died is read in a process of its own before it comes near this one
    again. After the last try a person looks at it.

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
        reading = _reading(delivery, delivery.gateway)
        with transaction.atomic():
            if not _still_mine(delivery):
                return "busy"
            made = _keep_all(by, at, delivery.gateway, delivery, reading)
            state = _end(by, at, delivery, "read", "; ".join(reading.notes), made=made)
    except transports.Unreadable as fault:
        return _end(by, at, delivery, "broken", fault.reason)
    except DatabaseError:
        _note_fault(delivery, NO_DATABASE)
        raise
    except Exception as fault:
        _note_fault(delivery, f"could not be read: {type(fault).__name__}")
        raise
    _receipts.settle(delivery.gateway, reading.reports)
    return state


NO_DATABASE = "the database failed while it was read"


def _reading(delivery: Delivery, gateway: Gateway) -> transports.Reading:
    """What a delivery says. A try before this one that left no word ended with the death of the worker: try it apart first."""
    setup, request = gateway_queries.setup_of(gateway), _request(delivery)
    if delivery.tries and not delivery.reason and not trial.survives(setup, request):
        raise transports.Unreadable("the worker died while it was read")
    return transports.PROVIDERS[gateway.kind].read(setup, request)


def _note_fault(delivery: Delivery, reason: str) -> None:
    """Leave a word that this try came to an end, and how; when even that fails, the next try is made apart."""
    with suppress(DatabaseError):
        Delivery.objects.filter(id=delivery.id, state="stored").update(reason=reason[:200])


def _still_mine(delivery: Delivery) -> bool:
    """Hold the row; False when another worker took it over meanwhile, since this one was slow."""
    mine = Delivery.objects.select_for_update().filter(
        id=delivery.id, state="stored", tries=delivery.tries + 1
    )
    return mine.exists()


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
    made += sum(_hearing.mark_removed(gateway, removed, at) for removed in reading.removed)
    pulse = reading.pulse
    if pulse is not None and (gateway.heard_at is None or gateway.heard_at <= pulse.at):
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
    with transaction.atomic(savepoint=False):
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
