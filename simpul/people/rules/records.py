"""One household as rules see it: its house, its families, its members, and what is known of each. Plain data, no tables.

A missing key, ``None`` or "" is *unknown*. Codes carry the version of their list ("bdt/6"); a base meaning ("earth") may stand for
itself. ``said`` tells for a value who said it and when. Two values are worked out where the record is made, since they need the lists
of codes: ``gone`` of a household (not found, moved, died) and ``able`` of a person (known to have no disability).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Saying:
    """Where a value comes from."""

    source: str = ""
    source_words: str = ""
    observed_date: date | None = None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A member of the household, or of one of its families who eats elsewhere (``here`` is false)."""

    key: str
    name: str = ""
    birth_date: date | None = None
    birth_rough: bool = False  # only the year is known
    here: bool = True
    family: str = ""  # key of a family of this record; "" none or unknown
    heads_household: bool = False
    heads_family: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    marks: frozenset[int] = frozenset()  # PPKS categories the reader may see
    receives: Mapping[str, bool] = field(default_factory=dict)  # programme -> receives, or no longer
    withheld: bool = False  # lives outside of the reader's area: counted, and nothing else is told


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family card that belongs to the household (``here``), or to which one of its members belongs."""

    key: str
    here: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
    receives: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HouseholdRecord:
    """Everything rules may ask about one household."""

    key: str
    name: str = ""
    region_code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    house_key: str = ""  # "" no house is known
    house: Mapping[str, Any] = field(default_factory=dict)
    house_persons: int | None = None  # people of all households under this roof
    families: tuple[FamilyRecord, ...] = ()
    members: tuple[PersonRecord, ...] = ()
    receives: Mapping[str, bool] = field(default_factory=dict)
    said: Mapping[tuple[str, str], Saying] = field(default_factory=dict)  # (key of subject, column)

    def members_here(self) -> tuple[PersonRecord, ...]:
        """Who eats from this kitchen."""
        return tuple(member for member in self.members if member.here)

    def members_of(self, family: str) -> tuple[PersonRecord, ...]:
        """Who stands on a family card, wherever they eat."""
        return tuple(member for member in self.members if family and member.family == family)

    def family(self, key: str) -> FamilyRecord | None:
        """A family of the record."""
        return next((one for one in self.families if one.key == key), None)

    @property
    def complete(self) -> bool:
        """True when the register names as many members as the household said it has, and at least one."""
        said = self.values.get("members_said")
        here = len(self.members_here())
        return here > 0 and (said is None or said <= here)
