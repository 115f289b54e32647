"""Silence climbs one level at a time.

When a desk lets its clock run out, the desk above it is shown the matter; when that desk too lets as much time pass again, the
one above it; never two levels at once, however long nobody looked. Custody does not move: the silent desk still owes its turn.
"""

from __future__ import annotations

from datetime import datetime


def level_due(due_at: datetime | None, raised: int, now: datetime, highest: int) -> int | None:
    """The next level to raise, or None.

    Args:
        due_at: when the next level falls due: the clock's own due moment for the first one, then one full period after the
            level under it was really raised. None: never again.
        raised: how many levels were raised already.
        now: the moment of asking.
        highest: how many levels exist above the silent desk.

    Returns:
        ``raised + 1`` when that level is due and exists; None otherwise. Never more than one level, however late it is.
    """
    if due_at is None or now <= due_at or raised >= highest:
        return None
    return raised + 1
