"""Periodic work of ideas: codes that were sent to telephones go after a day, refused comments after ninety."""

from __future__ import annotations

from datetime import datetime

from simpul.community.actions import idea_voices
from simpul.jobs.turns import Outcome
from simpul.lib.actor import MACHINE


def sweep_codes(at: datetime) -> Outcome:
    """Remove old codes and refused comments."""
    return Outcome(done=idea_voices.sweep_codes(by=MACHINE, at=at))
