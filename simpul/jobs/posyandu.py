"""Periodic work of the posyandu: the register read for what needs hands, the round of the year, the list of children to accompany."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.jobs.turns import LIMIT, Outcome, Stopwatch, each
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import findings, marriage, tasks
from simpul.posyandu.queries import reach


def follow_up(at: datetime) -> Outcome:
    """Look after each posyandu once; where a turn is too short for all, each day begins further on."""
    watch = Stopwatch(at)

    def look(key: UUID) -> None:
        findings.sweep_findings(by=MACHINE, at=watch.now(), posyandu_id=key)
        tasks.propose_tasks(by=MACHINE, at=watch.now(), posyandu_id=key)
        marriage.sweep_marriages(by=MACHINE, at=watch.now(), posyandu_id=key)

    keys = reach.open_keys()
    first = at.toordinal() * LIMIT % max(1, len(keys))
    return each("posyandu", [*keys[first:], *keys[:first]], look, watch)
