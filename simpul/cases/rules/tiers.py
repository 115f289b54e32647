"""Which desk is asked next when one refuses or stays silent, and how long outside bodies kept a matter waiting. Pure.

A route names its desks in order: village, district unit, offices of the regency with Baznas and the disaster brigade, province,
centre. The search only climbs: a desk before the one that refused is never asked after it, so a chain of refusals ends. Source:
the ministry's referral doctrine (Permensos 15/2018; confirmed); that refusal or silence moves a matter on is unconfirmed, so each
kind says whether it does so by itself or the holder is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

SELF, ASK = "self", "ask"
FALLS = (SELF, ASK)
"""Ways in which a refused matter gets to the next desk: by itself, or when its holder presses the button."""

REFUSED_STATES = frozenset({"declined", "silent", "returned"})
"""Ends of a hop after which the next desk may be asked."""

T = TypeVar("T")


def next_desk(route: Sequence[T], *, after: T, holder: T, barred: Collection[T]) -> T | None:
    """The first desk of the route that may still be asked; None when no tier is left.

    Args:
        route: the desks of the route in their order.
        after: the desk that refused or stayed silent.
        holder: the desk that has custody.
        barred: desks that cannot be asked: asked before, on the chain, closed, kept away, not fit for a sealed matter.

    Returns:
        A desk behind ``after``; when that one is not on the route (it was chosen by hand), a desk behind the holder, and when the
        holder is not on it either, the first one.
    """
    start = next((route.index(one) + 1 for one in (after, holder) if one in route), 0)
    return next((one for one in route[start:] if one not in barred and one != holder), None)


def days_outside(spans: Iterable[tuple[datetime, datetime | None]], now: datetime) -> int:
    """Whole calendar days in which at least one outside body had the matter before it; days that overlap count once.

    Args:
        spans: from when until when each body had it; None: it still has.
    """
    total, reached = timedelta(), None
    for begun, ended in sorted(spans, key=lambda span: span[0]):
        end = min(ended or now, now)
        start = begun if reached is None else max(begun, reached)
        if end > start:
            total += end - start
        reached = end if reached is None else max(reached, end)
    return total // timedelta(days=1)
