"""How figures are computed and when they are hidden.

Groups under five are hidden, and when hiding one would let it be found by subtracting the others from the total, the next
smallest is hidden too (secondary suppression). Source: the usual threshold for official small-area figures; a setting of the
programme, not of law (unconfirmed).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

SMALL = 5


def days(hours: float | None) -> float | None:
    """Hours as days with one decimal; None stays None."""
    return None if hours is None else round(hours / 24, 1)


def nearest_rank(count: int, share: float) -> int:
    """The 1-based place of a percentile among ``count`` ordered values, by nearest rank."""
    return max(1, min(count, math.ceil(count * share)))


def small(number: int) -> int | None:
    """The number, or None when it is between one and four: zero tells nothing about anybody."""
    return number if number == 0 or number >= SMALL else None


def hidden_rows(numbers: Sequence[int]) -> frozenset[int]:
    """Places of the rows to hide so that no small number can be read or worked out from the total."""
    hidden = {place for place, number in enumerate(numbers) if 0 < number < SMALL}
    if not hidden:
        return frozenset()
    shown = sorted(
        (number, place) for place, number in enumerate(numbers) if place not in hidden and number > 0
    )
    while shown and (len(hidden) < 2 or sum(numbers[place] for place in hidden) < SMALL):
        hidden.add(shown.pop(0)[1])
    return frozenset(hidden)
