"""A sample of what was submitted, for the supervisor to look at again: by chance, from a seed that is kept, so it can be drawn again.

The share is said by whoever draws it; ten per cent is proposed (unconfirmed).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import ceil
from random import Random
from uuid import UUID


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


PROPOSED = 10
RESULTS: Mapping[str, str] = {
    "agree": _("Agrees with what was found"),
    "differ": _("Differs, and was put right"),
    "return": _("Sent back to the facilitator"),
}


def draw(ids: Collection[UUID], percent: int, seed: int) -> list[UUID]:
    """So many per cent of the ids, at least one while there is any; the same ids, share and seed always give the same sample.

    Args:
        percent: 1 to 100.
        seed: a number that is written down with the sample.
    """
    pool = sorted(ids)
    if not pool:
        return []
    number = min(len(pool), max(1, ceil(len(pool) * percent / 100)))
    return sorted(Random(seed).sample(pool, number))  # noqa: S311 - to be drawn again by anybody, not to be guessed by nobody
