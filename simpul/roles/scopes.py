"""What the words of the role table mean: how widely an act may be done, where it would happen, what a role is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID


class Scope(IntEnum):
    """How widely a role may do an act, from narrow to wide."""

    HAND = 1  # the matter is held by one of my desks, or handed to it
    CHAIN = 2  # one of my desks is, or was, on the matter's chain
    AREA = 3  # the matter lies in the area my seat serves
    ALL = 4  # anywhere in this installation


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act would happen, in the words the table needs."""

    region_code: str = ""
    holder_ids: frozenset[UUID] = field(default_factory=frozenset)
    chain_ids: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name in English (translated when shown) and whether it demands a second factor (S14)."""

    name: str
    strong: bool = False
