"""How far the chain of a device reaches without a gap, and where it forks. Source: domain rules of offline work, 2 and 3.

An envelope is an edge from the hash before its first event to the hash of its last. It is *reached* when a path of edges leads to it from
the beginning of its epoch. A *head* is the end of a path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """The outside of an envelope: which numbers, from which hash to which."""

    first: int
    last: int
    prev: bytes
    head: bytes


Point = tuple[int, bytes]
"""A number and the hash of the event that has it; (0, genesis) is the beginning."""


def reached(edges: Iterable[Edge], known: Collection[Point]) -> set[Edge]:
    """Which of these edges a path leads to that begins at one of the known points."""
    waiting: dict[Point, list[Edge]] = defaultdict(list)
    for edge in edges:
        waiting[(edge.first - 1, edge.prev)].append(edge)
    found: set[Edge] = set()
    points = list(known)
    while points:
        for edge in waiting.pop(points.pop(), ()):
            found.add(edge)
            points.append((edge.last, edge.head))
    return found


def ends(edges: Collection[Edge]) -> list[Point]:
    """The ends of all paths through edges that are reached, the highest first."""
    begun = {(edge.first - 1, edge.prev) for edge in edges}
    points = {(edge.last, edge.head) for edge in edges}
    return sorted(points - begun, key=lambda point: (-point[0], point[1]))


def forks(edges: Collection[Edge]) -> list[int]:
    """Numbers at which two edges begin at one point and end at two: the first number of each."""
    heads: dict[tuple[int, bytes], set[bytes]] = defaultdict(set)
    for edge in edges:
        heads[(edge.first, edge.prev)].add(edge.head)
    return sorted({first for (first, _prev), found in heads.items() if len(found) > 1})
