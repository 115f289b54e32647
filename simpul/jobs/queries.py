"""How the periodic work stands: what is due, and whether the worker's heart beats. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simpul.journal.models import Turn

GRACE = timedelta(minutes=5)
"""A worker may be down this long (an update, a power cut) before anybody is alarmed."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One piece of periodic work: when it last went well, and whether that is too long ago."""

    name: str
    every: timedelta
    finished_at: datetime | None
    succeeded_at: datetime | None
    age: timedelta | None
    late: bool
    error: str


def due_names(at: datetime, names: Iterable[str]) -> set[str]:
    """The names that are due or were never run. One read, so that an idle worker takes no write lock."""
    wanted = set(names)
    waiting = Turn.objects.filter(name__in=wanted, next_at__gt=at).values_list("name", flat=True)
    return wanted - set(waiting)


def beats(at: datetime, periods: dict[str, timedelta]) -> list[Beat]:
    """The state of each piece of work at ``at``, in the order given.

    It is late when its last success is older than three periods and the grace, or when it never ended well at all.
    """
    rows = {turn.name: turn for turn in Turn.objects.filter(name__in=periods)}
    found = []
    for name, every in periods.items():
        turn = rows.get(name)
        succeeded_at = turn.succeeded_at if turn else None
        age = at - succeeded_at if succeeded_at else None
        found.append(
            Beat(
                name=name,
                every=every,
                finished_at=turn.finished_at if turn else None,
                succeeded_at=succeeded_at,
                age=age,
                late=age is None or age > 3 * every + GRACE,
                error=turn.last_error if turn else "",
            )
        )
    return found
