"""What judging works with: the entry as given, the judgement as answered, and the two ways a number becomes a class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from simpul.posyandu.rules.book import RuleBook, Version
from simpul.posyandu.rules.judging.words import WORDS
from simpul.posyandu.rules.kms import Past

LEVELS = ("good", "info", "watch", "alert", "danger")
"""From nothing to do, to now."""
_YES = frozenset({True, "1", "yes", "ya", "y"})
_NO = frozenset({False, "0", "no", "tidak", "n"})


class Growth(Protocol):
    """What the growth module says about one measurement: z-scores in hundredths and the legal classes."""

    @property
    def month(self) -> Mapping[str, int | None]:
        """By completed months: waz haz whz baz."""

    @property
    def day(self) -> Mapping[str, int | None]:
        """By days: waz haz whz baz hcz acz."""

    @property
    def classes(self) -> Mapping[str, str]:
        """Legal classes: bb_u tb_u bb_tb imt_u."""

    @property
    def disagree(self) -> Sequence[str]:
        """Indices whose class by days differs from the one by months."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the entry is about: the form of the card (A, B, C, D), sex (L, P, ""), age, the head of the card."""

    form: str
    sex: str
    birth_date: date | None
    age_days: int | None
    age_months: int | None
    details: Mapping[str, Any] = field(default_factory=dict)
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that a rule says: ``code`` is its class, ``finding`` the follow-up it asks for or "", ``words`` an English msgid."""

    rule: str
    version: str
    code: str
    level: str
    refer: bool
    finding: str
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a card with all that judging it needs."""

    subject: Subject
    on: date
    values: Mapping[str, Any]
    columns: Mapping[str, Any]
    growth: Growth | None
    past: Sequence[Past]
    book: RuleBook

    def number(self, column: str, key: str = "") -> int | None:
        """A measured number: the column, else the value of the key; empty and nought are nothing."""
        found = self.columns.get(column)
        if found is None and key:
            found = self.values.get(key)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None

    def said(self, key: str) -> bool | None:
        """Yes, no, or not asked."""
        found = self.values.get(key)
        if isinstance(found, (bool, int, str)):
            return True if found in _YES else False if found in _NO else None
        return None

    def points(self, key: str) -> int | None:
        """A number of points; yes is one."""
        found = self.values.get(key)
        if isinstance(found, (int, bool)):
            return int(found)
        return int(found) if isinstance(found, str) and found.isdecimal() else None

    @property
    def months(self) -> int | None:
        """Completed months of age."""
        return self.subject.age_months

    @property
    def weight_kg(self) -> float | None:
        """Weight in kilograms."""
        grams = self.number("weight_g", "weight")
        return grams / 1000 if grams else None


def made(version: Version, code: str, level: str, *, refer: bool = False, finding: str = "") -> Judgement:
    """A judgement of this version, with its words."""
    return Judgement(
        rule=version.rule,
        version=version.code,
        code=code,
        level=level,
        refer=refer,
        finding=finding,
        source=version.source,
        words=WORDS[version.rule, code],
    )


def of_row(version: Version, row: Mapping[str, Any], code: str = "") -> Judgement:
    """A judgement whose level, referral and finding are the catalogue's."""
    return made(
        version,
        code or str(row["code"]),
        str(row["level"]),
        refer=bool(row.get("refer", False)),
        finding=str(row.get("finding", "")),
    )


def classed(version: Version, number: int) -> Judgement:
    """The class of a number: the first whose bound it keeps; ``below`` is not reached, ``to`` is, the last has none."""
    for row in version.data["classes"]:
        below, to = row.get("below"), row.get("to")
        if (
            (below is None and to is None)
            or (below is not None and number < below)
            or (to is not None and number <= to)
        ):
            return of_row(version, row)
    return of_row(version, version.data["classes"][-1])


def classed_pressure(version: Version, systolic: int, diastolic: int) -> Judgement:
    """The class of a blood pressure: the highest that the upper or the lower number reaches."""
    for row in version.data["classes"]:
        if systolic >= row["systolic"] or diastolic >= row["diastolic"]:
            return of_row(version, row)
    return of_row(version, version.data["classes"][-1])


Found = Iterator[Judgement]
"""What a judge says: none, one, or several."""
