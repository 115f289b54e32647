"""Periodic work of the posyandu: families are told of the day that comes, and of one they missed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.jobs.turns import LIMIT, Outcome, Stopwatch, each
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import telling
from simpul.posyandu.queries import education


def tell(at: datetime) -> Outcome:
    """Tell who is due, each once."""
    watch = Stopwatch(at)
    due = {
        one.participant_id: one for one in education.due(at, LIMIT)
    }  # a second reason waits for the next turn

    def tell_one(key: UUID) -> None:
        one = due[key]
        telling.tell_family(by=MACHINE, at=watch.now(), participant_id=key, kind=one.kind, day=one.day)

    return each("posyandu-days", due, tell_one, watch)
