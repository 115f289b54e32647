"""Is this the same matter? Compared by words, place and time, without coordinates.

A pair is offered to a person and never joined by the program: matching on place alone gave 1,769 false duplicates elsewhere. Words
that many matters share say little, so each shared stem weighs less the more of the compared matters hold it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import TypeVar

Key = TypeVar("Key")

DAYS = 60
"""Older matters are not offered as the same one."""

LEAST = 0.18
"""Below this share of common weight two texts are not offered as alike."""

SAME_HAMLET = 0.15
SAME_KIND = 0.10


def ranked(
    asked: Sequence[str], others: Mapping[Key, Sequence[str]], bonus: Mapping[Key, float], *, limit: int
) -> list[tuple[Key, float]]:
    """The most alike of ``others``, with a score from 0 to 1 and a little more for the same hamlet or kind.

    Args:
        asked: stems of the new text.
        others: stems by key.
        bonus: what place and kind add, by key; it never makes two texts alike that share too few words.
    """
    wanted = set(asked)
    spread = Counter(stem for stems in others.values() for stem in set(stems))
    total = len(others) + 1

    def weight(stem: str) -> float:
        return log(1 + total / (1 + spread[stem])) * (1.0 if len(stem) > 3 else 0.4)

    full = sum(weight(stem) for stem in wanted)
    if not full:
        return []
    scores: list[tuple[Key, float]] = []
    for key, stems in others.items():
        shared = sum(weight(stem) for stem in wanted & set(stems))
        both = min(full, sum(weight(stem) for stem in set(stems))) or full
        share = 0.5 * shared / full + 0.5 * shared / both
        if share >= LEAST:
            scores.append((key, share + bonus.get(key, 0.0)))
    scores.sort(key=lambda pair: -pair[1])
    return scores[:limit]
