"""When a finding is opened, seen again, over; what joins what; which facts of the register make one.

Nothing here is a diagnosis. Sources: ``catalogue/findings.toml`` names one for each code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

T = TypeVar("T")

LEVELS = ("watch", "alert", "danger")
STALE_DAYS = 62
"""An entry older than two months opens nothing any more: what it found was a matter of that time (unconfirmed; the product's choice)."""
RENEW_DAYS = {"danger": 7, "alert": 90, "watch": 90}
"""Found again so long after its matter ended, it becomes a new matter; sooner, the ended one is the answer (unconfirmed)."""
MET = "none"
"""The ``visit_class`` of a finding that ends when somebody was met at home, whatever was asked there."""
SCHOOL_AGES = (7, 18)
"""Completed years in which a child should be at school (indicator 7–18, unconfirmed)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the catalogue."""

    code: str
    name: str
    name_en: str
    about: str
    about_en: str
    do: tuple[str, ...]
    do_en: tuple[str, ...]
    subject: str
    level: str
    case: str
    kind: str
    answers: Mapping[str, str]
    desk: str
    urgency: str
    days: int
    checklist: int
    needs: tuple[str, ...]
    clears: int
    visit_class: str
    ended_by: str
    discreet: bool
    guarded: bool
    source: str
    family: str = ""
    place: int = 0

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if language == "en" else self.name

    def meaning(self, language: str) -> str:
        """What it means, in plain words."""
        return self.about_en if language == "en" else self.about

    def steps(self, language: str) -> tuple[str, ...]:
        """What the cadre does at the door."""
        return self.do_en if language == "en" else self.do

    @property
    def group(self) -> tuple[str, str]:
        """Findings of one group share a matter: its kind and its field of service."""
        return self.kind, self.answers.get("field") or self.answers.get("sector", "")


def read_book(given: Mapping[str, Any]) -> dict[str, Kind]:
    """The catalogue's rows by code, each with the defaults filled in."""
    lists = ("do", "do_en", "needs")
    rows = [{**given["defaults"], **_family(row["code"], given), **row} for row in given["findings"]]
    return {row["code"]: Kind(**{**row, **{key: tuple(row[key]) for key in lists}}) for row in rows}


def _family(code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The family of a finding and its place there, the gravest first."""
    for one in given.get("families", ()):
        if code in one["findings"]:
            return {"family": one["code"], "place": one["findings"].index(code)}
    return {}


@dataclass(frozen=True, slots=True)
class Shown:
    """What folding looks at: the finding's code and level, whose it is, and the matter it is in."""

    code: str
    level: str
    subject: Hashable
    case: Hashable = None


@dataclass(frozen=True, slots=True)
class Fold(Generic[T]):
    """One line of a list: what stands in front, and the milder ones of its family under it."""

    front: T
    milder: tuple[T, ...] = ()


def fold(rows: Sequence[T], book: Mapping[str, Kind], of: Callable[[T], Shown]) -> list[Fold[T]]:
    """Rows as lines: of one subject and family the gravest in front, the milder folded into it. Nothing falls out.

    A row in another matter than the one in front is a line of its own: two desks have it. A line stands where its first row stood.
    """
    lines: dict[Hashable, list[T]] = {}
    for at, row in enumerate(rows):
        shown = of(row)
        kind = book.get(shown.code)
        family = kind.family if kind is not None else ""
        lines.setdefault((shown.subject, family) if family else ("", at), []).append(row)
    place = {id(row): at for at, row in enumerate(rows)}
    found = [one for line in lines.values() for one in _folded(line, book, of)]
    return sorted(found, key=lambda one: min(place[id(row)] for row in (one.front, *one.milder)))


def _folded(rows: Sequence[T], book: Mapping[str, Kind], of: Callable[[T], Shown]) -> Iterable[Fold[T]]:
    def gravity(row: T) -> tuple[int, int]:
        shown = of(row)
        kind = book.get(shown.code)
        level = LEVELS.index(shown.level) if shown.level in LEVELS else -1
        return -level, kind.place if kind is not None else 0

    left = sorted(rows, key=gravity)
    while left:
        front = left.pop(0)
        milder = [row for row in left if of(row).case in (None, of(front).case)]
        left = [row for row in left if row not in milder]
        yield Fold(front, tuple(milder))


def level_of(said: str, kind: Kind) -> str:
    """How serious: what the rule said, when it is a level of findings; else the catalogue's."""
    return said if said in LEVELS else kind.level


def worse(one: str, other: str) -> str:
    """The more serious of two levels."""
    return max(one, other, key=lambda level: LEVELS.index(level) if level in LEVELS else -1)


def says_over(kind: Kind, values: Mapping[str, Any]) -> bool:
    """True when an entry that did not find it holds all that is needed to say so.

    A need is a key that must be answered, or ``key=value`` that must be answered so. Without needs an entry says nothing.
    """
    return bool(kind.needs) and all(_met(need, values) for need in kind.needs)


def _met(need: str, values: Mapping[str, Any]) -> bool:
    key, equals, wanted = need.partition("=")
    value = values.get(key)
    if equals:
        return str(value) == wanted
    return value is not None and value != ""


def opens_now(entry_date: date, today: date, *, later: bool) -> bool:
    """True when what an entry found is still a matter: neither too old nor overtaken by a later entry of the same card."""
    return not later and (today - entry_date).days <= STALE_DAYS


def renews(level: str, ended_date: date | None, today: date) -> bool:
    """True when a finding seen again becomes a new matter, since its old one ended long enough ago."""
    return ended_date is None or (today - ended_date).days >= RENEW_DAYS.get(level, 90)


def due(kind: Kind, today: date) -> date:
    """Until when a cadre looks in."""
    return today + timedelta(days=kind.days)


def wants_case(kind: Kind, *, seen: bool) -> bool:
    """True when a matter is opened; ``seen`` by somebody at the post or the door, and not read in the register alone."""
    return kind.case == "open" or (kind.case == "seen" and seen)


# --- what the register says of a household --------------------------------------------------------------------------------

BAD_WATER = frozenset({"well_unprotected", "spring_unprotected", "surface"})
BAD_TOILET = frozenset({"none"})
BAD_FLOOR = frozenset({"earth", "bamboo"})
BAD_WALL = frozenset({"bamboo_woven", "bamboo", "tarpaulin", "cardboard", "thatch"})
BAD_ROOF = frozenset({"bamboo", "thatch"})
BAD_STATE = frozenset({"poor"})
NO_SCHOOL = frozenset({"never", "left"})


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """What the answers about a house can mean: several meanings are all possible, none an unknown answer."""

    water: frozenset[str] = frozenset()
    toilet: frozenset[str] = frozenset()
    floor: frozenset[str] = frozenset()
    wall: frozenset[str] = frozenset()
    wall_condition: frozenset[str] = frozenset()
    roof: frozenset[str] = frozenset()
    roof_condition: frozenset[str] = frozenset()


def _sure(meanings: frozenset[str], bad: frozenset[str]) -> bool | None:
    """Yes when every meaning is bad, no when none is, None when nobody can tell."""
    if not meanings:
        return None
    if meanings <= bad:
        return True
    return None if meanings & bad else False


def house_findings(facts: HouseFacts) -> dict[str, bool | None]:
    """Code -> found, not found, or nobody knows.

    Unfit: at least two of roof, walls, floor are bad for certain (Permen PUPR 29/2018 looks at them; two of three: a choice, unconfirmed).
    """
    parts = [
        _either(_sure(facts.roof_condition, BAD_STATE), _sure(facts.roof, BAD_ROOF)),
        _either(_sure(facts.wall_condition, BAD_STATE), _sure(facts.wall, BAD_WALL)),
        _sure(facts.floor, BAD_FLOOR),
    ]
    bad, fine = parts.count(True), parts.count(False)
    return {
        "no_clean_water": _sure(facts.water, BAD_WATER),
        "no_toilet": _sure(facts.toilet, BAD_TOILET),
        "unfit_house": True if bad >= 2 else False if fine >= 2 else None,
    }


def _either(*answers: bool | None) -> bool | None:
    if True in answers:
        return True
    return False if False in answers else None


def is_out_of_school(birth_date: date | None, schooling: frozenset[str], on: date) -> bool | None:
    """True for a child of 7 to 18 completed years who never went or no longer goes; None when nobody knows."""
    if birth_date is None:
        return None
    years = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    if not SCHOOL_AGES[0] <= years <= SCHOOL_AGES[1]:
        return False
    return _sure(schooling, NO_SCHOOL)


def groups(kinds: Iterable[Kind]) -> dict[tuple[str, str], list[Kind]]:
    """Findings of one moment by the matter they share, the most serious first."""
    found: dict[tuple[str, str], list[Kind]] = {}
    for kind in sorted(kinds, key=lambda one: (-LEVELS.index(one.level), one.code)):
        found.setdefault(kind.group, []).append(kind)
    return found


def known(codes: Iterable[str], book: Collection[str]) -> tuple[list[str], list[str]]:
    """Codes that the catalogue has, each once and in order; and those it has not."""
    listed = list(dict.fromkeys(code for code in codes if code))
    return [code for code in listed if code in book], [code for code in listed if code not in book]
