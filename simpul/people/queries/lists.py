"""The code lists of the register and the categories of need, from the catalogue; read once per process."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from simpul.people import access
from simpul.people.rules import lists as rules

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
NotInList = rules.NotInList


@lru_cache(maxsize=1)
def book() -> rules.Book:
    """Every list."""
    return rules.read_book(tomllib.loads((_CATALOGUE / "lists.toml").read_text(encoding="utf-8")))


def fields() -> tuple[str, ...]:
    """The fields that have a list."""
    return tuple(book().lists)


def versions(field: str) -> tuple[str, ...]:
    """The versions in which this field has a list of its own; ("",) for words of our own."""
    return tuple(rules.list_of(book(), field).versions)


def version_names(language: str = "id") -> dict[str, str]:
    """Every version's name, for a choice on a page."""
    return {key: one.name_en if language == "en" else one.name for key, one in book().versions.items()}


def name(field: str, language: str = "id") -> str:
    """What the field is called."""
    one = rules.list_of(book(), field)
    return one.name_en if language == "en" else one.name


def options(field: str, version: str = "bdt") -> tuple[rules.Option, ...]:
    """The answers of a field in this version of its list, or in the one it falls back to."""
    return rules.list_of(book(), field).versions[rules.own_version(book(), field, version)]


def label(field: str, code: str, language: str = "id") -> str:
    """The words of a kept code; the code itself when no list has it, "" for unknown."""
    found = rules.find(book(), field, code) if code else None
    return found.label(language) if found else code


def meanings(field: str, code: str) -> frozenset[str]:
    """What a kept code can mean; nothing for an unknown answer. Several meanings: each is possible, none is certain."""
    found = rules.find(book(), field, code) if code else None
    return found.meanings if found else frozenset()


def all_meanings(field: str) -> frozenset[str]:
    """Every base meaning that any version of this field's list knows."""
    return rules.list_of(book(), field).all_meanings


def codes_by_meaning(field: str) -> dict[str, frozenset[str]]:
    """Every code of every version with its meanings: for expressions over whole tables."""
    return {code: one.meanings for code, one in rules.list_of(book(), field).by_code.items()}


def code(field: str, version: str, given: object) -> str:
    """What a sheet or form gave ("6", "06", "bdt/6", "Kayu") as the code that is kept; "" for unknown.

    Raises:
        NotInList: not in the list.
    """
    return rules.read_code(book(), field, version, given)


def yes_no(field: str, version: str, code: object) -> bool | None:
    """Yes, no or unknown from a code of this version (1/2, or 3/4 for some items of BDT) or from words.

    Raises:
        NotInList: neither.
    """
    return rules.read_yes_no(book(), field, version, code)


def papers(version: str, given: object) -> int | None:
    """The bits of the identity papers; None for unknown.

    Raises:
        NotInList: no such sum.
    """
    return rules.read_papers(book(), version, given)


def only_if(field: str) -> rules.Condition | None:
    """When the question is asked; None for always."""
    return rules.list_of(book(), field).only_if


categories = access.categories
sensitive_categories = access.sensitive_categories
