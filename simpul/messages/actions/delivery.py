"""Delivering messages after the act has been committed: claimed once, by one road after the other, and in the end on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import queries, rules, transports
from simpul.messages.actions import _leaving, _receipts, _routing, _shared
from simpul.messages.models import Correspondent, Gateway, MassNotice, Message
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import mass as mass_queries
from simpul.messages.queries import sending
from simpul.messages.rules import gateways as gateway_rules

CLOSED = "the road was closed for too long"
_SOON = timedelta(seconds=10)


def deliver_message(*, by: Actor, at: datetime, message_id: UUID) -> str:
    """Send one message that is due, and say what became of it: sent, queued, failed, slip, expired or busy.

    The message is claimed by compare-and-set, so that two workers never send it twice; a claim of a worker that died is
    taken over after ``rules.CLAIM_LASTS``. Nothing is sent inside a transaction. Just before sending it is checked again
    that the contact is still safe and that nobody sleeps. The gateway is chosen now: when it does not answer, the next one of
    the road is tried at once. "unreachable" means that no gateway of the road answers, "closed" that none may be tried yet,
    and "full" that as much has left in this minute as they take; a closed or full road uses up no tries.
    """
    roles.require(by, "message.deliver")
    claim = _claim(message_id, at)
    if claim is None:
        return "busy"
    message = claim.message
    taken = _receipts.taken_before(message) if message.tries > 1 or message.last_error else None
    if taken is not None:  # the answer to an earlier try was lost, and its provider reports about it
        known = transports.Sent(taken.external_id)
        return _note_sent(by, at, message, _leaving.Outcome("sent", gateway=taken.gateway, sent=known))
    if message.expires_at is not None and message.expires_at <= at:
        return _settle(message, state="expired")
    awake_at = _awake(message, at)
    if awake_at > at:
        return _put_back(message, awake_at, "queued")
    reason = _routing.unfit(message, silenced=claim.silenced) or _worn_out(message, at)
    if reason:
        return fail_message(
            by=by, at=at, message_id=message_id, error=reason, final=True, whole_road=reason == CLOSED
        )
    outcome = _leaving.attempt(by, at, message, claim.who, claim.ways)
    if outcome.result == "sent":
        return _note_sent(by, at, message, outcome)
    if outcome.result in ("rejected", "no_template"):
        return fail_message(by=by, at=at, message_id=message_id, error=outcome.error, final=True)
    if outcome.result == "unreachable" and outcome.costs_try:
        fail_message(by=by, at=at, message_id=message_id, error=outcome.error)
        return "unreachable"
    again_at = at + _SOON if outcome.result == "full" else gateway_queries.tried_again_at(message.road, at)
    return _put_back(message, again_at, outcome.result, outcome.error)


def fail_message(
    *, by: Actor, at: datetime, message_id: UUID, error: str, final: bool = False, whole_road: bool = False
) -> str:
    """Note that a claimed message did not go out: try later, or take the next safe road when this one is at its end.

    ``error`` names no person. When no road is left and it does not belong on paper, or it was for a desk, it ends as "failed"
    and is shown to those who look after the outbox. Returns the state it has now, or "slip".

    Args:
        final: nothing will ever come of this road for this message.
        whole_road: the road itself is closed, so other contacts on it need not be tried.

    Raises:
        NotFound: nobody is sending this message.
    """
    roles.require(by, "message.fail")
    message = Message.objects.filter(id=message_id, state="sending").first()
    if message is None:
        raise NotFound
    left = message.road
    again_at = None if final else rules.next_try(at, message.tries)
    with transaction.atomic():
        if again_at is not None:
            changes: dict[str, object] = {
                "state": "queued",
                "next_try_at": again_at,
                "gateway": None,
            }
        else:
            changes = _routing.next_road(message, at, whole_road=whole_road)
        mine = Message.objects.filter(id=message_id, state="sending")
        mine.update(claimed_at=None, last_error=error[:200], **changes)
        message.refresh_from_db()
        _shared.record(by, at, "message.fail", message, error=error[:200], left=left)
    return rules.SLIP if message.road == rules.SLIP else message.state


def bounce_message(*, by: Actor, at: datetime, message_id: UUID) -> str:
    """Let a message that its provider took, and now reports as not delivered, take its next safe road: once.

    A second report finds it on its new road and changes nothing. Returns the state it has now, or "slip".

    Raises:
        NotFound: no message that came back.
    """
    roles.require(by, "message.bounce")
    with transaction.atomic():
        back = Message.objects.filter(id=message_id, state="sent", receipt="failed")
        message = back.select_for_update().first()
        if message is None:
            raise NotFound
        left = message.road
        reason = "not delivered"
        changes = _routing.next_road(message, at)
        if back.update(last_error=reason, **changes) != 1:
            raise NotFound
        message.refresh_from_db()
        _shared.record(by, at, "message.bounce", message, error=reason, left=left)
    return rules.SLIP if message.road == rules.SLIP else message.state


def expire_messages(*, by: Actor, at: datetime) -> int:
    """Let messages whose time has passed go unsent; returns how many."""
    roles.require(by, "messages.expire")
    old = Message.objects.filter(state__in=("queued", "held", "failed"), expires_at__lte=at)
    with transaction.atomic():
        count = old.update(state="expired")
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="messages.expire",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"count": count},
            )
    return count


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message that this worker holds, who is at its address, and the gateways that may carry it."""

    message: Message
    who: Correspondent | None
    silenced: bool
    ways: list[Gateway]


def _claim(message_id: UUID, at: datetime) -> _Claim | None:
    """Take a due message for this worker; None when another has it, or it is no longer due.

    The gateway it will most likely leave by is written down with the claim: should this worker die after the gateway took it,
    the repeat goes to the same one, which can drop it.
    """
    due = Message.objects.due(at, at - rules.CLAIM_LASTS).filter(id=message_id)
    message = due.select_related("correspondent", "answers").first()
    if message is None:
        return None
    known = sending.at_address(message.road, message.to_address)
    who = message.correspondent or known.last
    ways = _leaving.way_of(message, who, at)
    first = ways[0] if ways else message.gateway
    mine = due.filter(state=message.state, claimed_at=message.claimed_at, tries=message.tries)
    if mine.update(state="sending", claimed_at=at, tries=message.tries + 1, gateway=first) != 1:
        return None
    message.state, message.claimed_at, message.tries = "sending", at, message.tries + 1
    return _Claim(message, who, known.silenced, ways)


def _awake(message: Message, at: datetime) -> datetime:
    """When it may reach its addressee: what became due in the night waits for the morning.

    Desks have no night, and neither has a warning of danger.
    """
    if message.to_person_id is None and message.correspondent_id is None:
        return at
    notices = MassNotice.objects.filter(id=message.subject_id, urgent=True)
    return _shared.awake(
        at,
        message.region_code,
        queries.catalogue()[message.asked_key],
        message.queued_at,
        urgent=message.subject_kind == mass_queries.SUBJECT and notices.exists(),
    )


def _worn_out(message: Message, at: datetime) -> str:
    """Why a message has tried or waited long enough on its road; "" when it has not."""
    if message.tries > len(rules.RETRY_AFTER) + 1:
        return "tried too often"
    if not gateway_rules.waits_too_long(message.road_since_at or message.queued_at, at):
        return ""
    return CLOSED if gateway_queries.roads_now(at)[message.road].closed else ""


def _note_sent(by: Actor, at: datetime, message: Message, outcome: _leaving.Outcome) -> str:
    with transaction.atomic():
        state = _settle(message, state="sent", sent_at=at, more=_leaving.columns_of(outcome))
        if state == "sent":
            if message.correspondent_id is not None:
                Correspondent.objects.filter(id=message.correspondent_id).update(last_out_at=at)
            _shared.record(by, at, "message.deliver", message)
    if state == "sent" and outcome.sent is not None and outcome.sent.external_id:
        with transaction.atomic():  # a report may have come before the provider's name was known here
            _receipts.match(Message.objects.select_for_update().get(id=message.id))
    return state


def _settle(
    message: Message, *, state: str, sent_at: datetime | None = None, more: dict[str, object] | None = None
) -> str:
    """Lay a claimed message down in its last state; "busy" when the claim was lost meanwhile."""
    mine = Message.objects.filter(id=message.id, state="sending", claimed_at=message.claimed_at)
    changes = {
        "state": state,
        "claimed_at": None,
        "sent_at": sent_at,
        "last_error": "",
        **(more or {}),
    }
    return state if mine.update(**changes) == 1 else "busy"


def _put_back(message: Message, again_at: datetime, result: str, error: str = "") -> str:
    """Let a claimed message wait, as if nobody had tried it: no fault of its own kept it here."""
    mine = Message.objects.filter(id=message.id, state="sending", claimed_at=message.claimed_at)
    changes = {
        "state": "queued",
        "claimed_at": None,
        "tries": F("tries") - 1,
        "next_try_at": again_at,
        "last_error": error[:200] or message.last_error,
        "gateway": None,
    }
    return result if mine.update(**changes) == 1 else "busy"
