"""What a reader of a table of months can work out who knows what it shows, and how its figures hang together. Pure.

A reader knows every shown figure, the totals that are shown, the bands that are told, that a hidden count is at least one where noughts are
shown, and that D = N + T + O + B, D <= K <= S, BGM <= D, 2T <= T. Each hidden figure then lies between a least and a most; the two are
narrowed until nothing changes. A small group is *told* when the most it can be is below five, or when the most that is left beside a
figure is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simpul.lib import small_cells
from simpul.posyandu.rules import recaps

Key = str | None  # None is the row of totals
Place = tuple[Key, str]
Span = tuple[int, int]
FAR = 10**6
_ROUNDS = 60
_RESTS = (
    ("s", "k"),
    ("s", "d"),
    ("s", "bgm"),
    ("s", "two_t"),
    ("k", "d"),
    ("d", "bgm"),
    ("d", "two_t"),
)
"""A figure, and one that is part of it: what the second leaves of the first is guarded, too."""
_ORDERS = (("k", "s"), ("d", "k"), ("d", "s"), ("bgm", "d"), ("two_t", "t"), ("two_t", "d"))


@dataclass(frozen=True, slots=True)
class _Sum:
    """A weighted sum of figures that lies between two numbers."""

    terms: tuple[tuple[Place, int], ...]
    least: int
    most: int


def told(
    figures: Mapping[Key, recaps.Skdn],
    cells: Mapping[Key, Mapping[str, int | None]],
    bands: Mapping[Place, Span] | None = None,
) -> set[str]:
    """Names of figures of which a small group can be worked out; empty when the table may be read.

    Args:
        figures: the true figures of each row with children, and of all together under None.
        cells: what is shown of them, None in place of what is hidden.
        bands: what is told about hidden figures.
    """
    spans = _start(figures, cells, bands or {})
    if any(low != high for low, high in spans.values()):
        spans = _narrowed(spans, _sums(figures))
    found = set()
    for key, one in figures.items():
        for name in recaps.SKDN:
            if small_cells.is_small(getattr(one, name)) and spans[key, name][1] < small_cells.SMALL:
                found.add(name)
        for whole, part in _RESTS:
            rest = spans[key, whole][1] - spans[key, part][0]
            if small_cells.is_small(getattr(one, whole) - getattr(one, part)) and rest < small_cells.SMALL:
                found.add(part)
    return found


def _start(
    figures: Mapping[Key, recaps.Skdn],
    cells: Mapping[Key, Mapping[str, int | None]],
    bands: Mapping[Place, Span],
) -> dict[Place, Span]:
    spans: dict[Place, Span] = {}
    for key, one in figures.items():
        for name in recaps.SKDN:
            shown = cells[key][name]
            if shown is not None:
                spans[key, name] = (shown, shown)
                continue
            least = 0 if name in recaps.STATUSES else min(1, getattr(one, name))
            low, high = bands.get((key, name), (0, FAR))
            spans[key, name] = (max(least, low), high)
    return spans


def _sums(figures: Mapping[Key, recaps.Skdn]) -> list[_Sum]:
    """How figures hang together; only what is true of all, so that a month that does not add up is read rightly, too."""
    keys = [key for key in figures if key is not None]
    found = [_Sum((((None, name), -1), *(((key, name), 1) for key in keys)), 0, 0) for name in recaps.SKDN]
    for key, one in figures.items():
        parts = tuple(((key, name), 1) for name in recaps.STATUSES)
        found.append(_Sum((((key, "d"), -1), *parts), 0 if one.holds else -FAR, 0 if one.holds else FAR))
        found += [
            _Sum((((key, part), 1), ((key, whole), -1)), -FAR, 0)
            for part, whole in _ORDERS
            if getattr(one, part) <= getattr(one, whole)
        ]
    return found


def _narrowed(spans: dict[Place, Span], sums: Sequence[_Sum]) -> dict[Place, Span]:
    """Narrow every figure by every sum until nothing changes."""
    open_sums = [one for one in sums if any(spans[place][0] != spans[place][1] for place, _w in one.terms)]
    for _round in range(_ROUNDS):
        changes = [_narrow(spans, one) for one in open_sums]
        if not any(changes):
            break
    return spans


def _narrow(spans: dict[Place, Span], one: _Sum) -> bool:
    ends = [_weighed(spans[place], weight) for place, weight in one.terms]
    least, most = sum(low for low, _high in ends), sum(high for _low, high in ends)
    changed = False
    for (place, weight), (low, high) in zip(one.terms, ends, strict=True):
        new = (max(low, one.least - (most - high)), min(high, one.most - (least - low)))
        if new != (low, high) and new[0] <= new[1]:
            spans[place] = _weighed(new, weight)
            least, most = least - low + new[0], most - high + new[1]
            changed = True
    return changed


def _weighed(span: Span, weight: int) -> Span:
    return span if weight > 0 else (-span[1], -span[0])
