"""The outbox: what is due, how it stands, and what was said about a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from uuid import UUID

from django.db.models import Count, Min, Q

from simpul.messages import rules
from simpul.messages.models import Message
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.rules import gateways as gateway_rules


def due(at: datetime, limit: int = 50) -> list[UUID]:
    """Messages to be sent now, longest waiting first, among them those whose worker died.

    Each road gets its turn, so that a long queue on one does not hold the others up, and no more of a road than its gateways
    take now: a closed road leaves its messages where they are, but for those that have waited so long that they take another
    one; a road that may have come back gets one.
    """
    by_road = [_due_on(road, now, at, limit) for road, now in gateway_queries.roads_now(at).items()]
    turns = zip_longest(*by_road)
    return [message_id for turn in turns for message_id in turn if message_id is not None][:limit]


def _due_on(road: str, now: gateway_queries.RoadNow, at: datetime, limit: int) -> list[UUID]:
    waiting = Message.objects.due(at, at - rules.CLAIM_LASTS).filter(road=road).order_by("next_try_at", "id")
    count = limit if now.room is None else min(limit, now.room)
    found = list(waiting.values_list("id", flat=True)[:count]) if count else []
    if now.closed:
        since = at - gateway_rules.WAITS_FOR_ROAD
        long_here = Q(road_since_at__lte=since) | Q(road_since_at=None, queued_at__lte=since)
        worn = waiting.filter(long_here | Q(expires_at__lte=at)).exclude(id__in=found)
        found += worn.values_list("id", flat=True)[: limit - len(found)]
    return found


def came_back(limit: int = 500) -> list[UUID]:
    """Messages that were sent, and that their provider reports as not delivered."""
    found = Message.objects.filter(state="sent", receipt="failed").order_by("receipt_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def road_of(message_id: UUID) -> str:
    """The road a message takes now; "" when there is no such message."""
    return Message.objects.filter(id=message_id).values_list("road", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox stands: for the health page, the doctor and the manager."""

    by_state: Mapping[tuple[str, str], int]
    oldest_waiting_at: datetime | None
    late: int

    def count(self, state: str, road: str = "") -> int:
        """Messages in a state, on one road or on all."""
        return sum(number for (at, by), number in self.by_state.items() if at == state and road in ("", by))


def outbox(at: datetime) -> Outbox:
    """Counts by state and road; how long the oldest message has waited; how many are past their time to be tried."""
    rows = Message.objects.values_list("state", "road").annotate(number=Count("id")).order_by()
    waiting = Message.objects.filter(state__in=("queued", "sending")).exclude(road=rules.SLIP)
    return Outbox(
        by_state={(state, road): number for state, road, number in rows},
        oldest_waiting_at=waiting.aggregate(oldest=Min("queued_at"))["oldest"],
        late=waiting.filter(next_try_at__lt=at - rules.CLAIM_LASTS).count(),
    )


def for_subject(subject_id: UUID) -> list[Message]:
    """All messages about one subject, newest first. The caller has checked that its actor may see the subject."""
    return list(Message.objects.filter(subject_id=subject_id).order_by("-queued_at", "-id"))


def waiting_for(subject_id: UUID) -> list[UUID]:
    """Messages about a subject, or that answer what was said in it, and that nobody has got yet or that are on their way: to be
    held when the subject is sealed.
    """
    found = Message.objects.filter(
        Q(subject_id=subject_id) | Q(answers__subject_id=subject_id),
        state__in=("queued", "printed", "failed", "sending"),
    )
    return list(found.values_list("id", flat=True))
