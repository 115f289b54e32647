"""One turn of periodic work: what it did, how long it may take, and that one failing item leaves the others alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from simpul.lib.errors import Refused

logger = logging.getLogger(__name__)

LIMIT = 500
LONGEST = timedelta(seconds=60)
"""Items, and time, for one turn: the rest follows in the next, so that no turn holds the others up."""


@dataclass(slots=True)
class Outcome:
    """How one turn of a piece of work went."""

    done: int = 0
    failed: int = 0
    error: str = ""

    def note(self, fault: BaseException) -> None:
        """Remember a fault by its kind; its words may name a person and go to the log only."""
        self.failed += 1
        self.error = f"{self.failed} failed, last: {type(fault).__name__}"


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the schedule."""

    name: str
    every: timedelta
    run: Callable[[datetime], Outcome]
    stale_after: timedelta = field(
        default=timedelta(minutes=3)
    )  # well above LONGEST and any item's own time-out
    waits: Callable[[datetime], bool] | None = (
        None  # is there anything to do? Asked first by work that is due every few seconds
    )


class Stopwatch:
    """The time in a long turn: starts at ``at`` and goes on with the machine's own steady clock."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.began = time.monotonic()

    def now(self) -> datetime:
        """``at`` plus what has passed since."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)


def each(name: str, items: Iterable[UUID], act: Callable[[UUID], object], watch: Stopwatch) -> Outcome:
    """Do ``act`` for every item; a refusal means that somebody was faster, a fault is logged and the next item goes on."""
    outcome = Outcome()
    for item in items:
        if watch.now() - watch.at > LONGEST:
            break
        try:
            act(item)
        except Refused:
            continue
        except Exception as fault:
            logger.exception("Periodic work %s: one item failed (%s)", name, item)
            outcome.note(fault)
        else:
            outcome.done += 1
    return outcome
