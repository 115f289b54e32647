"""Silence climbs one level at a time.

When a desk lets its clock run out, the desk above it is shown the matter; when that desk too lets as much time pass again, the
one above it; never two levels at once, however long nobody looked. Custody does not move: the silent desk still owes its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


def level_due(level_dues: Sequence[datetime], raised: int, now: datetime, highest: int) -> int | None:
    """The next level to raise, or None.

    Args:
        level_dues: when each level falls due: the clock's own due moment first, then one full period later each.
        raised: how many levels were raised already.
        now: the moment of asking.
        highest: how many levels exist above the silent desk.

    Returns:
        ``raised + 1`` when that level is due and exists; None otherwise. Never more than one level.
    """
    following = raised + 1
    if following > highest or following > len(level_dues):
        return None
    return following if now > level_dues[following - 1] else None


def wait_until(previous: datetime, due: datetime) -> datetime:
    """When a level that fell due while nobody looked may be raised: not before the level under it was raised."""
    return max(previous, due)
