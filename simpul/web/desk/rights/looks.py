"""Who looked: one line a day for each officer and each record of a person, so that people can be told (UU 27/2022 art. 32)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.web.policy import Request

ONCE = timedelta(hours=24)


def note(request: Request, kind: str, subject_id: UUID) -> None:
    """Note that this officer opened a person's or household's page, unless they did within the last day."""
    at = timezone.now()
    if request.by.user_id is not None and not journal_queries.has_looked(
        request.by.user_id, subject_id, at - ONCE
    ):
        journal_actions.record_view(by=request.by, at=at, subject_kind=kind, subject_id=subject_id)
