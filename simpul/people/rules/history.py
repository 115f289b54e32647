"""Whose word stands: the one history behind every value of the register.

1. The newest day on which somebody said something about a field decides; what was said of an earlier day is *past*, whenever it was written
   down. So an old list that is taken in late never covers what a visitor saw since.
2. Of one source on one day, the last word counts: the one before was a slip.
3. Different sources that say different things of the same day are in *conflict*: all are kept, and a person chooses. What is not chosen
   is *rejected*, and stays so when the same words come again.
4. What a column held before anybody wrote a history ("before") yields to every word of the same day or later.
5. A row that came in whole from a list has one statement for everything it held at first (field "*"). It speaks for each field of which
   nothing else was ever said; with the first other word it becomes that field's own first statement.

Facts are never refused because they contradict each other. Source: UU 27/2022 art. 30 (the old value is kept), art. 16 (accuracy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simpul.lib.errors import Refused


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


SOURCES = {
    "resident": _("the person"),
    "family": _("the family"),
    "officer": _("an officer"),
    "visit": _("seen at a visit"),
    "document": _("a document"),
    "import": _("a list"),
    "register": _("another register"),
}
"""Who or what a value comes from, in words for pages."""

BEFORE = "before"
"""The source of a value that stood before its history was kept."""
EVERYTHING = "*"
"""The field of the one statement that stands for all that a row held when a list brought it in."""


class SourceUnknown(Refused):
    """A value nobody is behind."""

    code = "said.source_unknown"
    sentence = _("Choose who said it.")
    field = "source"


class DayAhead(Refused):
    """Nobody can have said it tomorrow."""

    code = "said.day_ahead"
    sentence = _("The day on which it was said lies in the future. Check the date.")
    field = "observed_date"


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something, when, and from which source. ``source_words`` names the paper or list: "DTSEN 2026-Q3"."""

    source: str
    observed_date: date
    source_words: str = ""
    said_by: str = ""

    def check(self, today: date) -> None:
        """Refuse a source or a day that cannot be.

        Raises:
            SourceUnknown: no such source.
            DayAhead: the day lies ahead.
        """
        if self.source not in SOURCES:
            raise SourceUnknown
        if self.observed_date > today:
            raise DayAhead

    @property
    def words(self) -> str:
        """What the column of the paper's or list's name holds."""
        return self.source_words[:150]


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one field, as somebody said it. Statements of a history stand in the order in which they were written down."""

    value: str
    observed_date: date
    source: str
    source_words: str = ""
    rejected: bool = False

    @property
    def voice(self) -> tuple[str, str]:
        """Whose word it is."""
        return (self.source, self.source_words)


def known(history: Sequence[Statement], new: Statement) -> bool:
    """True when exactly this stands in the history already: nothing is written twice."""
    return any(
        (one.value, one.observed_date, one.voice) == (new.value, new.observed_date, new.voice)
        for one in history
    ) and not _corrected(history, new)


def _corrected(history: Sequence[Statement], new: Statement) -> bool:
    """True when the same voice said something else of that day since: then saying the first again is a new word."""
    same = [one for one in history if one.voice == new.voice and one.observed_date == new.observed_date]
    return bool(same) and same[-1].value != new.value and not any(one.rejected for one in same)


def states(history: Sequence[Statement]) -> list[str]:
    """The state of each statement, in the same order: current, past, conflict or rejected."""
    living = [(place, one) for place, one in enumerate(history) if not one.rejected]
    found = ["rejected" if one.rejected else "past" for one in history]
    if not living:
        return found
    newest = max(one.observed_date for _place, one in living)
    last: dict[tuple[str, str], int] = {}
    for place, one in living:
        if one.observed_date == newest:
            last[one.voice] = place
    if len(last) > 1:
        last.pop((BEFORE, ""), None)
    values = {history[place].value for place in last.values()}
    for place in last.values():
        found[place] = "current" if len(values) == 1 else "conflict"
    return found


def standing(history: Sequence[Statement], shown: str) -> str:
    """The value the column holds: the one that stands; in a conflict the one that is shown already, if it is among them."""
    marks = states(history)
    values = [one.value for one, mark in zip(history, marks, strict=True) if mark in ("current", "conflict")]
    return shown if shown in values or not values else values[0]
