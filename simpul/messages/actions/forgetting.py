"""Forgetting what was only to be said once: a PIN stays with the person who got it, and not in our outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.messages.models import Message
from simpul.messages.rules import menu

_KEEPS = timedelta(days=1)
"""A provider may still ask for a message again, or report that it failed, within this time."""
_LOOKS_BACK = timedelta(days=14)
_ENDED = ("sent", "failed", "expired", "held", "told", "printed")


def forget_pins(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Take the PINs out of receipts that went out a day ago; returns out of how many.

    A receipt that came by message is a message like any other, but its PIN is derived and never stored elsewhere
    (docs/decisions/0011-receipts.md), so it does not stay here either.
    """
    roles.require(by, "pins.forget")
    found = Message.objects.filter(
        state__in=_ENDED,
        next_try_at__gt=at - _LOOKS_BACK,
        next_try_at__lte=at - _KEEPS,
        asked_key="menu_receipt",
    ).exclude(values={})
    prefix = desk_queries.institution().number_prefix
    with transaction.atomic():
        rows = list(found.order_by("next_try_at")[:limit])
        for message in rows:
            Message.objects.filter(id=message.id).update(
                body=menu.without_pin(message.body, prefix), values={}
            )
        if rows:
            journal_actions.record(
                by=by,
                at=at,
                kind="pins.forget",
                subject_kind="message",
                subject_id=rows[0].id,
                facts={"messages": len(rows)},
            )
    return len(rows)
