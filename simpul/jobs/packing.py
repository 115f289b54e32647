"""Periodic work on packs: a pack for every scope in use, fresh each day in which something happened there."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from simpul.jobs.turns import Outcome
from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE
from simpul.sync.actions import packing
from simpul.sync.queries import packs

logger = logging.getLogger(__name__)

SECONDS = 40.0
"""How long one turn goes on; the rest follows in the next."""


def build(at: datetime) -> Outcome:
    """Let go of what is old or holds somebody who was erased; make what is due, within the time of a turn."""
    until = time.monotonic() + SECONDS
    packing.forget_packs(by=MACHINE, at=at)
    due = [scope for scope in packs.scopes_in_use() if packs.is_due(*scope, at)]
    if due:
        journal_actions.seal_journal(by=MACHINE, at=at)
    outcome = Outcome()
    for role, areas in due:
        if time.monotonic() > until:
            break
        try:
            packing.build_pack(by=MACHINE, at=at, role=role, areas=areas)
            outcome.done += 1
        except Exception as fault:
            logger.exception("The pack of %s in %s could not be made", role, areas)
            outcome.note(fault)
    return outcome
