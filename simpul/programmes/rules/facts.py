"""What a criterion may ask about: the closed list of facts, and what the codes of each list can mean.

A fact is named "scope.column" ("house.floor"). It is unknown until somebody said it; *unknown never counts as no*. Numbers are ranges
(lowest, highest): an age of which only the year of birth is known, or an income of which one earner's part is known, still decides
every test that the whole range agrees on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCOPES = ("house", "household", "family", "person")
TYPES = ("code", "number", "money", "flag", "marks", "date")
COSTS = ("ask", "look", "paper", "visit")
"""What it takes to find a fact out, cheapest first: ask at the counter, look at the house, a document, a visit to an office."""

LEAST = -(2**62)
MOST = 2**62
"""Ends of a range of which nothing is known."""

Range = tuple[int, int]
UNKNOWN: Range = (LEAST, MOST)

CONCERNED_AGES = (4, 25)
"""A pupil's question arises for people whose age may lie here."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: where it stands, its kind, and what it takes to find it out."""

    key: str  # "house.floor"
    type: str
    cost: str
    name: str
    name_en: str
    unit: str = ""
    ask: str = ""
    ask_en: str = ""
    derived: bool = False
    of: str = ""  # the column that a derived fact is worked out of
    outside: bool = False

    @property
    def scope(self) -> str:
        """house, household, family or person."""
        return self.key.partition(".")[0]

    @property
    def column(self) -> str:
        """The name inside its scope."""
        return self.key.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts by key; the meanings of each code, by column; programmes whose receipt may be tested."""

    facts: Mapping[str, Fact]
    meanings: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    receipts: Mapping[str, str] = field(default_factory=dict)

    def base(self, column: str) -> frozenset[str]:
        """Every base meaning that a code of this list can have."""
        return frozenset().union(*self.meanings.get(column, {}).values())

    def possible(self, column: str, code: Any) -> frozenset[str]:
        """What a code may mean; nothing when it is empty or of no list. A base meaning stands for itself."""
        if not code:
            return frozenset()
        known = self.meanings.get(column, {}).get(str(code))
        if known is not None:
            return known
        return frozenset({str(code)}) if code in self.base(column) else frozenset()


def read_facts(
    given: Mapping[str, Any], lists: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, Fact], dict[str, str]]:
    """The facts of the catalogue, and the household's own answer beside each receipt. ``lists`` gives a code list's two names.

    Raises:
        ValueError: a row that is not well formed; the catalogue is the program's own, so this is a fault.
    """
    found: dict[str, Fact] = {}
    for scope in SCOPES:
        for column, row in given[scope].items():
            names = (row.get("name", ""), row.get("name_en", ""))
            if not names[0]:
                names = lists.get(column, ("", ""))
            if row["type"] not in TYPES or row["cost"] not in COSTS or not all(names):
                raise ValueError(f"{scope}.{column}")
            rest = {key: value for key, value in row.items() if key not in ("name", "name_en")}
            found[f"{scope}.{column}"] = Fact(
                key=f"{scope}.{column}", name=names[0], name_en=names[1], **rest
            )
    return found, dict(given["receipts"])
