"""Periodic work of the posyandu: months are counted for wide areas and trends."""

from __future__ import annotations

from datetime import datetime

from simpul.desks import queries as desk_queries
from simpul.jobs.turns import LONGEST, Outcome, Stopwatch
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules


def count(at: datetime) -> Outcome:
    """Count the months whose figures may be old, the newest first, as far as one turn reaches."""
    watch = Stopwatch(at)
    zone = desk_queries.zone_of(desk_queries.institution().region_code)
    this_month = rules.first_of(at.astimezone(zone).date())
    outcome = Outcome()
    for month in queries.months_to_count(at, this_month):
        if watch.now() - watch.at > LONGEST:
            break
        recaps.count_months(by=MACHINE, at=watch.now(), months=[month])
        outcome.done += 1
    return outcome
