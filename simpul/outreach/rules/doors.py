"""What can be found at a door, and how far a facilitator or a hamlet has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


OUTCOMES: Mapping[str, str] = {
    "met": _("Spoke with the household"),
    "nobody_home": _("Nobody at home"),
    "moved": _("Moved away"),
    "died": _("Nobody of them lives any more"),
    "not_found": _("House not found"),
    "refused": _("Did not want to talk"),
}
ABSENT = frozenset({"moved", "died", "not_found"})
"""Outcomes that say the household is not there: figures count them apart from doors that nobody opened."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list has come. Each household counts once."""

    doors: int = 0
    visited: int = 0
    confirmed: int = 0
    not_found: int = 0
    submitted: int = 0

    @property
    def left(self) -> int:
        """Doors where nobody has been yet."""
        return max(0, self.doors - self.visited)

    @property
    def share(self) -> int:
        """Visited doors in whole per cent, rounded down; 0 of none."""
        return self.visited * 100 // self.doors if self.doors else 0


@dataclass(frozen=True, slots=True)
class Reached:
    """By what a household was ever reached. All false: nobody ever came, and they never asked."""

    case: bool
    visit: bool
    benefit: bool

    @property
    def never(self) -> bool:
        """True when neither a matter, nor a visit, nor any aid is known."""
        return not (self.case or self.visit or self.benefit)
