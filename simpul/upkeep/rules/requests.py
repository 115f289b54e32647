"""Wishes about personal data: which there are, how long they may take, and which need a second person. Pure.

Source: UU 27/2022 art. 30 (correction), 32 (access), 33-34 (refusal), 40 (withdrawal), 41 (restriction), 43 (erasure): each within
3 x 24 hours of being received. The clock is the one on the wall; nothing pauses it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

WITHIN = timedelta(hours=72)
"""3 x 24 hours: for wishes, and for telling of a failure (art. 46) from the moment somebody here became aware of it."""

ACCESS, CORRECT, WITHDRAW, RESTRICT, ERASE, OBJECT = (
    "access",
    "correct",
    "withdraw",
    "restrict",
    "erase",
    "object",
)
KINDS = (ACCESS, CORRECT, WITHDRAW, RESTRICT, ERASE, OBJECT)
"""``object``: against a decision that only a machine made (art. 10); here a person always decides, so it asks for a second look."""

GRANTED, PARTLY, REFUSED = "granted", "partly", "refused"
DECISIONS = (GRANTED, PARTLY, REFUSED)
HOW_TOLD = ("here", "letter", "phone", "visit", "message")


def due(received_at: datetime) -> datetime:
    """When the wish has to be settled, and the person told."""
    return received_at + WITHIN


def hours_left(due_at: datetime, now: datetime) -> int:
    """Whole hours that are left; below zero: hours it is late."""
    seconds = (due_at - now).total_seconds()
    return int(seconds // 3600) if seconds >= 0 else -int(-seconds // 3600)


def needs_review(kind: str, decision: str) -> bool:
    """True when a second person has to agree: nothing is refused, and nobody erased, by one officer alone."""
    return kind == ERASE or decision != GRANTED
