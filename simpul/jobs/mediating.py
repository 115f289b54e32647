"""Periodic work on disputes: those who owe something by an agreement are reminded, once before the day and once after it."""

from __future__ import annotations

from datetime import datetime

from simpul.jobs.turns import Outcome, Stopwatch, each
from simpul.lib.actor import MACHINE
from simpul.mediation.actions import following
from simpul.mediation.queries import lists


def remind(at: datetime) -> Outcome:
    """Remind of every obligation that is due soon, or late and not told of since."""
    return each(
        "obligations",
        lists.to_remind(at),
        lambda key: following.remind_obligation(by=MACHINE, at=at, obligation_id=key),
        Stopwatch(at),
    )
