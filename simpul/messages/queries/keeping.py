"""What this room holds about one person: for their own copy, and when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from simpul.messages.models import Call, Correspondent, Delivery, Incoming, Message, MessageSet

YEARS_2 = timedelta(days=730)
DAYS_90 = timedelta(days=90)
_ENDED = ("sent", "failed", "expired", "held", "told")


def messages_to(person_id: UUID, case_ids: Collection[UUID]) -> MessageSet:
    """What was said to a person, or in their matters."""
    return Message.objects.filter(
        Q(to_person_id=person_id) | Q(subject_id__in=list(case_ids)) | Q(correspondent__person_id=person_id)
    )


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What a person may have a copy of: what we wrote to them, what they wrote, when they called. Protected messages are left out."""
    wrote = Incoming.objects.filter(correspondent__person_id=person_id, sealed=False).order_by("received_at")
    called = Call.objects.filter(correspondent__person_id=person_id, sealed=False).order_by("started_at")
    return {
        "messages to you": [
            {
                "at": row.queued_at,
                "road": row.road,
                "to": row.to_address,
                "text": row.body,
                "state": row.state,
            }
            for row in messages_to(person_id, ()).filter(sealed=False).order_by("queued_at")[:2000]
        ],
        "messages from you": [
            {"at": row.received_at, "road": row.channel, "text": row.text} for row in wrote[:2000]
        ],
        "calls": [
            {"at": row.started_at, "direction": row.direction, "notes": row.notes} for row in called[:2000]
        ],
        "addresses": [
            {"channel": row.channel, "address": row.address, "name": row.shown_name}
            for row in Correspondent.objects.filter(person_id=person_id)
        ],
    }


def incoming_ids(person_id: UUID) -> list[UUID]:
    """What a person wrote or said on the telephone."""
    wrote = Incoming.objects.filter(correspondent__person_id=person_id).values_list("id", flat=True)
    said = Call.objects.filter(correspondent__person_id=person_id).values_list("id", flat=True)
    return [*wrote, *said]


def over(what: str, at: datetime, limit: int = 1000, among: Collection[UUID] | None = None) -> list[UUID]:
    """Messages, incoming messages, calls or raw deliveries whose time is over, oldest first; what still waits to be said stays."""
    found: models.QuerySet[Any]
    if what == "message":
        old = Message.objects.filter(queued_at__lt=at - YEARS_2, state__in=_ENDED)
        found = old.exclude(body="").order_by("queued_at")
    elif what == "incoming":
        wrote = Incoming.objects.filter(received_at__lt=at - YEARS_2, state="settled")
        found = wrote.exclude(text="", data={}).order_by("received_at")
    elif what == "call":
        calls = Call.objects.filter(started_at__lt=at - YEARS_2)
        found = calls.exclude(notes="", caller_name="", number_typed="").order_by("started_at")
    elif what == "delivery":
        raw = Delivery.objects.filter(state__in=("read", "refused"), received_at__lt=at - DAYS_90)
        found = raw.exclude(size=0).order_by("received_at")
    else:
        raise KeyError(what)
    if among is not None:
        found = found.filter(id__in=list(among))
    return list(found.values_list("id", flat=True)[:limit])
