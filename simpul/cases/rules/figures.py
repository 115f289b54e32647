"""How figures are computed. When they are hidden is said in ``lib.small_cells``."""

from __future__ import annotations

import math


def days(hours: float | None) -> float | None:
    """Hours as days with one decimal; None stays None."""
    return None if hours is None else round(hours / 24, 1)


def nearest_rank(count: int, share: float) -> int:
    """The 1-based place of a percentile among ``count`` ordered values, by nearest rank."""
    return max(1, min(count, math.ceil(count * share)))
