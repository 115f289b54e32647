"""The outbox: what is due, how it stands, and what was said about a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from simpul.messages import rules
from simpul.messages.models import Message


def due(at: datetime, limit: int = 50) -> list[UUID]:
    """Messages to be sent now, longest waiting first, among them those whose worker died."""
    found = Message.objects.due(at, at - rules.CLAIM_LASTS).order_by("next_try_at", "id")
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
    """Messages about a subject that nobody has got yet, or that are on their way: to be held when the subject is sealed."""
    found = Message.objects.filter(
        subject_id=subject_id, state__in=("queued", "printed", "failed", "sending")
    )
    return list(found.values_list("id", flat=True))
