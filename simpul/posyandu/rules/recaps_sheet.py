"""The columns of the village's monthly sheet, in both languages: how each number comes about. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from simpul.posyandu.rules import recaps

PART_OF: Mapping[str, str] = {
    "mothers_seen": "mothers",
    "mothers_iron": "mothers",
    "iron_first": "mothers_iron",
    "iron_again": "mothers_iron",
}
"""Formulas of which what they leave of another would tell as much as they do."""
ADD_UP = ("iron_first", "iron_again")
"""Formulas that add up to another one: hidden together."""


UNASKED = "@unasked"
"""The formula of a column about which no card of the posyandu asks: nothing is counted, and no nought stands there."""


def summed(formula: str, counts: recaps.Counts) -> int:
    """The number of a formula: figures of the month joined by "+"."""
    return sum(counts.get(part.strip(), 0) for part in formula.split("+"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the head above it, and how its number comes about."""

    key: str
    group: str
    label: str
    formula: str
    group_en: str
    label_en: str

    def heads(self, language: str) -> tuple[str, str]:
        """The head above it and its own; the sheet on paper is in Indonesian."""
        return (self.group_en, self.label_en) if language == "en" else (self.group, self.label)

    @property
    def is_text(self) -> bool:
        """True for the columns that name the row."""
        return self.formula.startswith("@")

    @property
    def is_unasked(self) -> bool:
        """True for the columns about which no card asks."""
        return self.formula == UNASKED

    @property
    def of_children(self) -> tuple[str, str] | None:
        """Figure and sex of a column of SKDN; None for others."""
        name, dot, sex = self.formula.partition(".")
        return (name, sex) if dot and name in recaps.SKDN and sex in recaps.SEXES else None

    def value(self, counts: recaps.Counts, texts: Mapping[str, str]) -> str | int:
        """The cell of one row."""
        if self.is_text:
            return texts.get(self.formula[1:], "")
        return summed(self.formula, counts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of the sheet."""

    version: str
    title: str
    title_en: str
    source: str
    source_en: str
    confidence: str
    valid_from: date
    columns: tuple[Column, ...]
    signers: tuple[str, ...]

    def words(self, language: str) -> tuple[str, str]:
        """Its title and where it comes from."""
        return (self.title_en, self.source_en) if language == "en" else (self.title, self.source)

    def heads(self, language: str) -> tuple[tuple[str, int], ...]:
        """The upper row of heads: words and how many columns they span; columns without one stand alone."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            group, _label = column.heads(language)
            if group and found and found[-1][0] == group:
                found[-1] = (group, found[-1][1] + 1)
            else:
                found.append((group, 1))
        return tuple(found)


def sheet_of(sheets: Sequence[Sheet], month: date) -> Sheet:
    """The version that is in force in a month: the newest that had begun by its end."""
    begun = [one for one in sheets if one.valid_from < recaps.after(month)]
    return max(begun or sheets, key=lambda one: one.valid_from)
