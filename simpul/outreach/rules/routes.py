"""Times between places, and what an order of stops costs in minutes. A way that nobody knows is said to be missing, never guessed.

The order itself is proposed by the room's tool ``routing``; a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

OFFICE = "office"
EXACT_UP_TO = 7


@dataclass(frozen=True, slots=True)
class Leg:
    """One way: ``minutes`` None says it cannot be passed in this season."""

    start: str
    end: str
    mode: str
    season: str
    minutes: int | None
    both_ways: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """The fastest known way between two places: minutes, and through which places and means."""

    minutes: int
    parts: tuple[tuple[str, str, str], ...]  # from, to, mode


Ways = Mapping[tuple[str, str], Way]


def ways(legs: Iterable[Leg], season: str, modes: Collection[str]) -> dict[tuple[str, str], Way]:
    """The fastest way between every two places with these means in this season, also through other places.

    What is not in the answer cannot be reached as far as anybody has said.
    """
    found: dict[tuple[str, str], Way] = {}
    directed = _directed(leg for leg in legs if leg.season == season and leg.mode in modes)
    for (start, end, mode), minutes in sorted(directed.items()):
        known = found.get((start, end))
        if minutes is not None and (known is None or minutes < known.minutes):
            found[start, end] = Way(minutes, ((start, end, mode),))
    places = sorted({place for pair in found for place in pair})
    for middle in places:
        for start in places:
            first = found.get((start, middle))
            if first is None or start == middle:
                continue
            for end in places:
                second = found.get((middle, end))
                if second is None or end in (start, middle):
                    continue
                minutes = first.minutes + second.minutes
                known = found.get((start, end))
                if known is None or minutes < known.minutes:
                    found[start, end] = Way(minutes, first.parts + second.parts)
    return found


def _directed(legs: Iterable[Leg]) -> dict[tuple[str, str, str], int | None]:
    """Every direction of every leg; what was said for a direction itself counts before what holds both ways."""
    said: dict[tuple[str, str, str], int | None] = {}
    mirrored: dict[tuple[str, str, str], int | None] = {}
    for leg in legs:
        said[leg.start, leg.end, leg.mode] = leg.minutes
        if leg.both_ways:
            mirrored[leg.end, leg.start, leg.mode] = leg.minutes
    return {**mirrored, **said}


@dataclass(frozen=True, slots=True)
class Course:
    """An order of stops: minutes of every part (None: no known way) and of all that is known together."""

    order: tuple[str, ...]
    parts: tuple[tuple[str, str, int | None], ...]
    minutes: int

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Parts for which no way is known."""
        return tuple((start, end) for start, end, minutes in self.parts if minutes is None)


def course(order: Sequence[str], known: Ways, *, back: bool = True) -> Course:
    """What an order of places costs, from the office on; with ``back``, to the office again. Two stops in one place are no way."""
    points = [OFFICE, *order, *([OFFICE] if back and order else [])]
    parts = []
    for start, end in pairwise(points):
        way = known.get((start, end))
        parts.append((start, end, 0 if start == end else (way.minutes if way else None)))
    return Course(tuple(order), tuple(parts), sum(minutes or 0 for _start, _end, minutes in parts))


def reachable(places: Iterable[str], known: Ways, *, back: bool = True) -> tuple[list[str], list[str]]:
    """Places that can be reached from the office (and left for it again), and those that cannot, each in the order given."""
    good: list[str] = []
    bad: list[str] = []
    for place in places:
        fine = (OFFICE, place) in known and (not back or (place, OFFICE) in known)
        (good if fine else bad).append(place)
    return good, bad


def best_exact(places: Sequence[str], known: Ways, *, back: bool = True) -> Course | None:
    """The best of all orders, by trying each: for few places, and to check what the tool proposes. None: no order works.

    Raises:
        ValueError: more places than ``EXACT_UP_TO``.
    """
    if len(places) > EXACT_UP_TO:
        raise ValueError(len(places))
    tried = (course(order, known, back=back) for order in permutations(places))
    whole = [one for one in tried if not one.missing]
    return min(whole, key=lambda one: (one.minutes, one.order), default=None)
