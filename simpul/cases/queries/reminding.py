"""Whom to remind, and whom to ask how the answer was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.cases.models import Case, Question
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves


def questions_to_remind(at: datetime, limit: int = 500) -> list[UUID]:
    """Open questions that have waited some days without a reply or a reminder, the oldest first."""
    open_ones = Question.objects.filter(replied_at=None, reminded_at=None, case__state=moves.WAITING)
    found = open_ones.filter(asked_at__lte=at - rules.REMIND_AFTER).order_by("asked_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def ratings_to_ask(at: datetime, limit: int = 500) -> list[UUID]:
    """Matters answered some days ago whose people have neither rated nor been asked, while they can still react."""
    answered = Case.objects.filter(
        state=moves.ANSWERED,
        react_until_at__gt=at,
        rating=None,
        rating_asked_at=None,
        sensitivity="normal",
        answered_at__lte=at - rules.ASK_RATING_AFTER,
    )
    return list(answered.order_by("react_until_at", "id").values_list("id", flat=True)[:limit])
