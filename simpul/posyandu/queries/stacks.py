"""What the lines of a stack of paper have in common: what was typed on one, and whom a name on it may mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from simpul.lib import nik as nik_lib
from simpul.lib import text
from simpul.people.models import Household, Person
from simpul.people.queries import persons as person_queries
from simpul.posyandu.rules import forms as rules

_NIK_DIGITS = 16
_LETTERS_TO_SEARCH = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it was sent: its cells, what somebody was sure about, who was chosen where several may be meant."""

    number: int
    id: UUID
    raw: Mapping[str, str]
    sure: Collection[str] = ()
    pick: str = ""
    mother: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not any(words.strip() for words in self.raw.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, or a family, whom a line may mean."""

    value: str
    person: Person | None = None
    household: Household | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name or a number as it was typed, ready to be looked up."""

    typed: str
    key: str = ""
    index: str = ""

    @property
    def is_searched(self) -> bool:
        """Whether it is long enough to look for names that have it inside."""
        return len(self.key) >= _LETTERS_TO_SEARCH


def named(typed: str) -> Named:
    """A cell that holds a name, or a NIK."""
    if is_number(typed):
        return Named(typed, index=person_queries.nik_index(typed))
    return Named(typed, key=text.name_key(typed))


def is_number(typed: str) -> bool:
    """Whether sixteen digits were typed: a NIK or the number of a family card."""
    digits = nik_lib.clean(typed)
    return len(digits) == _NIK_DIGITS and digits.isascii() and digits.isdigit()


def with_more(
    read: rules.Read,
    sure: Collection[str],
    *,
    faults: Iterable[rules.Fault] = (),
    questions: Iterable[rules.Question] = (),
) -> rules.Read:
    """What was read, with what else must be put right or asked; a field that has a fault is not asked about too."""
    wrong = (*read.faults, *faults)
    asked = list(questions)
    open_ones = [one for one in asked if one.must or one.token not in sure]
    return replace(
        read,
        faults=wrong,
        questions=(*read.questions, *open_ones),
        flags=tuple(sorted({*read.flags, *(one.token for one in asked if one not in open_ones)})),
    )


def day_of(read: rules.Read, key: str) -> date | None:
    """The date that stands in a cell; None where there is none that can be read."""
    found = read.values.get(key)
    return date.fromisoformat(found) if isinstance(found, str) else None


@dataclass
class Before:
    """The lines that stand above on the page, by what would make the next one a double."""

    lines: dict[object, int] = field(default_factory=dict)

    def first(self, key: object, number: int) -> int | None:
        """The line that has this key already; otherwise this line has it from now on."""
        known = self.lines.setdefault(key, number)
        return known if known != number else None
