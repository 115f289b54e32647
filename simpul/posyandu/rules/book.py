"""The rule book: which version of each rule is in force at a place on a day.

A rule is data with versions. Sources disagree (cards, guides, decrees), so each version says who says it, from when, and how sure that is;
one is the default, an institution may choose another for its area and time, and every result keeps the version it was made with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CONFIDENCES = ("confirmed", "secondary", "unconfirmed")


class CatalogueUnsound(ValueError):  # noqa: N818 - a fault of the program's own files
    """A rule of the shipped catalogue is wrong; the message names it."""


class NoRule(LookupError):  # noqa: N818 - a fault of the program, not of a person
    """There is no rule of this name; the message names it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one rule, with where it stands and its numbers."""

    rule: str
    code: str
    name: str
    name_en: str
    source: str
    confidence: str
    data: Mapping[str, Any]
    default: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    areas: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""

    def label(self, language: str) -> str:
        """Its name in this language."""
        return (language == "en" and self.name_en) or self.name

    def remark(self, language: str) -> str:
        """What is to be known about it, in this language."""
        return (language == "en" and self.note_en) or self.note

    def valid(self, on: date) -> bool:
        """True when this version counts on a day; both ends count."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all its versions."""

    code: str
    topic: str
    name: str
    name_en: str
    versions: tuple[Version, ...]

    def label(self, language: str) -> str:
        """Its name in this language."""
        return (language == "en" and self.name_en) or self.name

    def version(self, code: str) -> Version | None:
        """One version by its code."""
        return next((one for one in self.versions if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """An area's choice of a version for a time."""

    rule: str
    version: str
    region_code: str
    from_date: date
    until_date: date | None = None

    def counts(self, region_code: str, on: date) -> bool:
        """True when the place lies in the area and the day in the time; both ends count."""
        inside = region_code.startswith(self.region_code)
        return inside and self.from_date <= on and (self.until_date is None or on <= self.until_date)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What is in force at one place on one day: rule -> version."""

    region_code: str
    on: date
    versions: Mapping[str, Version] = field(default_factory=dict)

    def __getitem__(self, rule: str) -> Version:
        """The version in force.

        Raises:
            NoRule: there is no such rule.
        """
        if rule not in self.versions:
            raise NoRule(rule)
        return self.versions[rule]

    def data(self, rule: str) -> Mapping[str, Any]:
        """The numbers of the version in force. Raises ``NoRule``."""
        return self[rule].data


def in_force(rule: Rule, region_code: str, on: date, choices: Iterable[Choice] = ()) -> Version:
    """The version that counts: the choice of the narrowest area (the newest of them); else one shipped for the area; else the default.

    Among defaults that follow each other in time the one of the day counts; before the first and after the last one, the nearest in time:
    an old card is judged by the oldest rule known rather than by none.
    """
    chosen = [one for one in choices if one.rule == rule.code and one.counts(region_code, on)]
    for choice in sorted(chosen, key=lambda one: (len(one.region_code), one.from_date), reverse=True):
        found = rule.version(choice.version)
        if found is not None:
            return found
    local = [one for one in rule.versions if one.areas and one.valid(on)]
    for version in local:
        if any(region_code.startswith(area) for area in version.areas):
            return version
    defaults = [one for one in rule.versions if one.default and not one.areas]
    counting = [one for one in defaults if one.valid(on)]
    if counting:
        return max(counting, key=lambda one: one.valid_from or date.min)
    early = [one for one in defaults if one.valid_from is not None and one.valid_from > on]
    if early:
        return min(early, key=lambda one: one.valid_from or date.max)
    return max(defaults, key=lambda one: one.valid_until or date.max)


def book(rules: Iterable[Rule], region_code: str, on: date, choices: Iterable[Choice] = ()) -> RuleBook:
    """The rule book of a place on a day."""
    kept = tuple(choices)
    return RuleBook(region_code, on, {rule.code: in_force(rule, region_code, on, kept) for rule in rules})


def read(rows: Iterable[Mapping[str, Any]], topic: str) -> tuple[Rule, ...]:
    """Rules of one catalogue file.

    Raises:
        CatalogueUnsound: a version has no source, an unknown confidence, its days the wrong way round, a name that is there twice, or a
            rule has no default for everywhere.
    """
    found = tuple(_rule(row, topic) for row in rows)
    for rule in found:
        codes = [one.code for one in rule.versions]
        if len(set(codes)) != len(codes):
            raise CatalogueUnsound(f"{rule.code}: a version twice")
        if not any(one.default and not one.areas for one in rule.versions):
            raise CatalogueUnsound(f"{rule.code}: no default")
    return found


def _rule(row: Mapping[str, Any], topic: str) -> Rule:
    code = str(row["code"])
    return Rule(
        code=code,
        topic=topic,
        name=str(row["name"]),
        name_en=str(row["name_en"]),
        versions=tuple(_version(one, code) for one in row["version"]),
    )


def _version(row: Mapping[str, Any], rule: str) -> Version:
    found = Version(
        rule=rule,
        code=str(row["code"]),
        name=str(row["name"]),
        name_en=str(row["name_en"]),
        source=str(row.get("source", "")),
        confidence=str(row.get("confidence", "")),
        data=row.get("data", {}),
        default=bool(row.get("default", False)),
        valid_from=row.get("valid_from"),
        valid_until=row.get("valid_until"),
        areas=tuple(str(one) for one in row.get("areas", ())),
        note=str(row.get("note", "")),
        note_en=str(row.get("note_en", "")),
    )
    backwards = found.valid_from and found.valid_until and found.valid_until < found.valid_from
    if not found.source or found.confidence not in CONFIDENCES or not found.data or backwards:
        raise CatalogueUnsound(f"{rule}: {found.code}")
    return found
