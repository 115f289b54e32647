"""Periodic work of posts: names leave guest books when their days are over; sealed reports are destroyed years after their stage."""

from __future__ import annotations

from datetime import datetime

from simpul.jobs.turns import Outcome
from simpul.lib.actor import MACHINE
from simpul.village_post.actions import election, guests


def sweep_guests(at: datetime) -> Outcome:
    """Remove the names of old lines of guest books."""
    return Outcome(done=guests.sweep_visitors(by=MACHINE, at=at))


def destroy_reports(at: datetime) -> Outcome:
    """Destroy what was sealed in stages that were closed years ago."""
    return Outcome(done=election.destroy_reports(by=MACHINE, at=at))
