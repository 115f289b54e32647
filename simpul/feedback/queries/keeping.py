"""Feedback whose time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from simpul.feedback.models import Record

YEARS_3 = timedelta(days=1096)


def over(at: datetime, limit: int = 1000, among: Collection[UUID] | None = None) -> list[UUID]:
    """Feedback older than three years that still has its words, oldest first."""
    found = Record.objects.filter(received_at__lt=at - YEARS_3).exclude(text="").order_by("received_at")
    if among is not None:
        found = found.filter(id__in=list(among))
    return list(found.values_list("id", flat=True)[:limit])
