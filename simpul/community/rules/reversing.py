"""Who may take a posting back, and when two people are needed."""

from __future__ import annotations

from datetime import datetime, timedelta

UNDO = timedelta(minutes=30)
"""As long as the saver may still stand at the scale, whoever weighed takes it back alone."""


def within_session(recorded_at: datetime, at: datetime) -> bool:
    """True while a posting may be taken back by the one who wrote it, as a slip of the finger."""
    return recorded_at <= at <= recorded_at + UNDO


def needs_two(rupiah: int, limit: int) -> bool:
    """True when a posting is so large that a second person has to agree to its reversal; a limit of nought asks never.

    The limit is the village's own (``Terms.two_people_from``); the sum counts without its sign.
    """
    return 0 < limit <= abs(rupiah)
