"""Delivering messages after the act has been committed: claimed once, tried again, and in the end on paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import queries, rules, transports
from simpul.messages.actions import _shared
from simpul.messages.models import Message
from simpul.people import queries as people_queries
from simpul.people import rules as people_rules


def deliver_message(*, by: Actor, at: datetime, message_id: UUID) -> str:
    """Send one message that is due, and say what became of it: sent, queued, failed, slip, expired or busy.

    The message is claimed by compare-and-set, so that two workers never send it twice; a claim of a worker that died is
    taken over after ``rules.CLAIM_LASTS``. Nothing is sent inside a transaction. Just before sending it is checked again
    that the contact is still safe. "unreachable" means that the road itself is down.
    """
    roles.require(by, "message.deliver")
    message = _claim(message_id, at)
    if message is None:
        return "busy"
    if message.expires_at is not None and message.expires_at <= at:
        return _settle(message, state="expired")
    if not _is_still_safe(message) or message.tries > len(rules.RETRY_AFTER) + 1:
        return fail_message(
            by=by, at=at, message_id=message_id, error="contact no longer safe or usable", final=True
        )
    try:
        transports.send(message.road, _outgoing(message))
    except transports.Unreachable as fault:
        fail_message(by=by, at=at, message_id=message_id, error=fault.reason)
        return "unreachable"
    except transports.Rejected as fault:
        return fail_message(by=by, at=at, message_id=message_id, error=fault.reason, final=True)
    with transaction.atomic():
        state = _settle(message, state="sent", sent_at=at)
        if state == "sent":
            _shared.record(by, at, "message.deliver", message)
    return state


def fail_message(*, by: Actor, at: datetime, message_id: UUID, error: str, final: bool = False) -> str:
    """Note that a claimed message did not go out: try later, or take to paper when the road is at its end.

    ``error`` names no person. A message to a desk, or one that does not belong on paper, ends as "failed" and is shown to
    those who look after the outbox. Returns the state it has now, or "slip".

    Raises:
        NotFound: nobody is sending this message.
    """
    roles.require(by, "message.fail")
    message = Message.objects.filter(id=message_id, state="sending").first()
    if message is None:
        raise NotFound
    again_at = None if final else rules.next_try(at, message.tries)
    with transaction.atomic():
        if again_at is not None:
            changes: dict[str, object] = {"state": "queued", "next_try_at": again_at}
        elif message.to_person_id is not None and queries.catalogue()[message.asked_key].paper:
            changes = _shared.as_slip(message, at)
        else:
            changes = {"state": "failed"}
        Message.objects.filter(id=message_id, state="sending").update(
            claimed_at=None, last_error=error[:200], **changes
        )
        message.refresh_from_db()
        _shared.record(by, at, "message.fail", message, error=error[:200])
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


def _claim(message_id: UUID, at: datetime) -> Message | None:
    """Take a due message for this worker; None when another has it, or it is no longer due."""
    due = Message.objects.due(at, at - rules.CLAIM_LASTS).filter(id=message_id)
    message = due.first()
    if message is None:
        return None
    mine = due.filter(state=message.state, claimed_at=message.claimed_at, tries=message.tries)
    if mine.update(state="sending", claimed_at=at, tries=message.tries + 1) != 1:
        return None
    message.state, message.claimed_at, message.tries = "sending", at, message.tries + 1
    return message


def _is_still_safe(message: Message) -> bool:
    """A contact may have been called unsafe, or replaced, since the message was queued."""
    if message.to_person_id is None:
        return True
    channel = rules.ROADS[message.road]
    same = [
        contact
        for contact in people_queries.contacts_of(message.to_person_id)
        if contact.channel == channel and contact.address == message.to_address
    ]
    road = people_queries.safe_road(same, "write", sensitive=message.sensitive)
    return road is not None and (message.text_key == "call_us" or road.detail is people_rules.Detail.FULL)


def _outgoing(message: Message) -> transports.Outgoing:
    return transports.Outgoing(
        reference=str(message.id),
        to_name=message.to_name,
        to_address=message.to_address,
        subject=message.subject,
        body=message.body,
        language=message.language,
    )


def _settle(message: Message, *, state: str, sent_at: datetime | None = None) -> str:
    """Lay a claimed message down in its last state; "busy" when the claim was lost meanwhile."""
    mine = Message.objects.filter(id=message.id, state="sending", claimed_at=message.claimed_at)
    changes = {
        "state": state,
        "claimed_at": None,
        "sent_at": sent_at,
        "last_error": "",
    }
    return state if mine.update(**changes) == 1 else "busy"
