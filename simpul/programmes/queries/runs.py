"""Screenings that the worker has to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from simpul.programmes.models import Run

GIVEN_UP = timedelta(hours=1)


def waiting(at: datetime, limit: int = 20) -> list[UUID]:
    """Those that wait, and those that a worker began and never finished; the oldest first."""
    rows = Run.objects.filter(Q(state="waiting") | Q(state="running", started_at__lt=at - GIVEN_UP))
    return list(rows.order_by("started_at", "id").values_list("id", flat=True)[:limit])
