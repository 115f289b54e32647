"""Periodic work on personal data: late wishes and reports, and what two people approved to destroy."""

from __future__ import annotations

import logging
from datetime import datetime

from simpul.lib.actor import MACHINE
from simpul.upkeep.actions import destroying, requests
from simpul.upkeep.queries import breaches, retention

logger = logging.getLogger(__name__)

PORTIONS = 10
"""Lists that get a portion in one turn: the rest follows in the next."""


def warn_wishes(at: datetime) -> int:
    """Mark wishes about personal data whose 72 hours are over, and say in the log which failures are not reported in time."""
    failures = breaches.late(at)
    if failures:
        logger.warning("%s failures to protect data were not reported within 72 hours.", len(failures))
    return requests.warn_requests(by=MACHINE, at=at)


def destroy_old(at: datetime) -> int:
    """Destroy a portion of each list that two people approved, and let old copies go; returns how many lists were at work."""
    destroying.destroy_copies(by=MACHINE, at=at)
    running = retention.running()[:PORTIONS]
    for destruction_id in running:
        destroying.destroy_portion(by=MACHINE, at=at, destruction_id=destruction_id)
    return len(running)
