"""Whose word stands: the one history behind every value of the register.

1. The newest day on which somebody said something about a field decides; what was said of an earlier day is *past*, whenever it was written
   down. So an old list that is taken in late never covers what a visitor saw since.
2. Of one source on one day, the last word counts: the one before was a slip.
3. Different sources that say different things of the same day are in *conflict*: all are kept, and a person chooses. What is not chosen
   is *rejected*, and stays so when the same words come again.
4. What a column held before anybody wrote a history ("before") yields to every word of the same day or later.
5. A row that came in whole from a list has one statement for everything it held at first (field "*"). It speaks for each field of which
   nothing else was ever said; with the first other word it becomes that field's own first statement.
6. A word that was written away from the register (on a phone in the hills) carries what its author had *seen* of the field. With sight of
   what stands it takes its place, whatever the days say: a clock that goes wrong decides nothing. Without sight both are kept and
   contradict each other, whatever their days and sources: a *dispute*. It lasts until a person settles it: every later word joins it, and a
   correction by somebody who had seen one side alone takes that side's place. So no value disappears unless somebody who had seen
   it replaced it, and the order in which such words arrive does not change which values are kept. Equal values are no dispute. Values are
   told apart by their text alone: who says again what had stood before says the same as the first who said it.

Facts are never refused because they contradict each other. Source: UU 27/2022 art. 30 (the old value is kept), art. 16 (accuracy).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid5

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


NOTHING_SEEN = "-"
"""What an author had seen who is only known not to have seen what stands: the hash of no value."""


def seen_hash(text: str) -> str:
    """What an edit carries of the value its author had seen: the first 8 hex digits of SHA-256 over its text; "" for unknown."""
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


def seen_of(values: Iterable[str]) -> str:
    """The same of a field in conflict: over all values that stand, each once, sorted and joined by "|". Of one value, its own."""
    told = sorted(set(values))
    return seen_hash("|".join(told)) if len(told) > 1 else seen_hash("".join(told))


@dataclass(frozen=True, slots=True)
class Sight:
    """What the author of an edit had seen of each field (``seen_hash``), and the event the edit came in by, when it came in by one.

    A field that ``seen`` does not name is told at the register itself, where what stands is on the page.
    """

    seen: Mapping[str, str] = field(default_factory=dict)
    event_id: UUID | None = None

    @staticmethod
    def of(
        seen: Mapping[str, str] | None, unseen: Collection[str] = (), event_id: UUID | None = None
    ) -> Sight:
        """The sight of an act's arguments; ``unseen`` names fields of which their author had not seen what stands."""
        return Sight({**(seen or {}), **dict.fromkeys(unseen, NOTHING_SEEN)}, event_id)

    def key(self, subject_id: UUID, name: str) -> UUID | None:
        """The key of the statement on one field: the same event says the same thing once."""
        return uuid5(self.event_id, f"{subject_id}:{name}") if self.event_id else None


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one field, as somebody said it. Statements of a history stand in the order in which they were written down.

    ``state`` is what became of it so far; ``disputed``: it contradicts another, and neither author had seen the other's word.
    ``seen``: what the author of a new one had seen (``seen_of``); None at the register itself and for lists.
    """

    value: str
    observed_date: date
    source: str
    source_words: str = ""
    state: str = "current"
    disputed: bool = False
    seen: str | None = None

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
    rejected = any(one.state == "rejected" for one in same)
    return bool(same) and same[-1].value != new.value and not rejected


def told(history: Sequence[Statement], new: Statement) -> list[Statement]:
    """The history with one more word: what is now current, past, in conflict or rejected, and what is disputed."""
    standing = [place for place, one in enumerate(history) if one.state in STANDING]
    if not standing:
        return [*history, replace(new, state="current", disputed=False)]
    if new.seen is not None:
        return _with_sight(history, standing, new)
    if any(history[place].disputed and history[place].state == "conflict" for place in standing):
        older = new.observed_date < min(history[place].observed_date for place in standing)
        return (
            [*history, replace(new, state="past", disputed=False)]
            if older
            else _marked(history, [*standing, len(history)], new, disputed=True)
        )
    return _by_day(history, standing, new)


STANDING = ("current", "conflict")
"""States of what holds, or may hold."""


def _with_sight(history: Sequence[Statement], standing: list[int], new: Statement) -> list[Statement]:
    """Rule 6: what the author had seen makes room, what they had not seen stays."""
    values = {history[place].value for place in standing}
    disputed = len(values) > 1 and any(history[place].disputed for place in standing)
    if values == {new.value}:
        kept = standing
    elif seen_of(values) == new.seen and not disputed:
        kept = []
    else:
        kept = [place for place in standing if seen_hash(history[place].value) != new.seen]
    return _marked(history, [*kept, len(history)], new, disputed=bool(kept))


def _by_day(history: Sequence[Statement], standing: list[int], new: Statement) -> list[Statement]:
    """Rules 1 to 4: the newest day decides; of one voice its last word; what stood before the history yields."""
    newest = max(one.observed_date for one in history if one.state != "rejected")
    if new.observed_date < newest:
        return [*history, replace(new, state="past", disputed=False)]
    last = {history[place].voice: place for place in standing} if new.observed_date == newest else {}
    last[new.voice] = len(history)
    if len(last) > 1:
        last.pop((BEFORE, ""), None)
    return _marked(history, list(last.values()), new, disputed=False)


def _marked(
    history: Sequence[Statement], kept: Collection[int], new: Statement, *, disputed: bool
) -> list[Statement]:
    """Mark what stands, with the new word: the rest of what stood is past."""
    rows = [*history, replace(new, state="current")]
    differ = len({rows[place].value for place in kept}) > 1
    return [
        replace(one, state="conflict" if differ else "current", disputed=differ and disputed)
        if place in kept
        else replace(one, state="past", disputed=False)
        if one.state in STANDING
        else one
        for place, one in enumerate(rows)
    ]


def states(history: Iterable[Statement]) -> list[str]:
    """The state of each statement as if they were told one after the other; those rejected stay so."""
    found: list[Statement] = []
    for one in history:
        found = [*found, one] if one.state == "rejected" else told(found, one)
    return [one.state for one in found]


def standing(history: Sequence[Statement], shown: str) -> str:
    """The value the column holds: the one that stands; in a conflict the one that is shown already, if it is among them."""
    values = [one.value for one in history if one.state in STANDING]
    return shown if shown in values or not values else values[-1]
