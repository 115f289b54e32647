"""Code lists of BDT, DTSEN and their kin: reading a code, its words, and what it can mean.

A code is kept with the version of its list ("bdt/6"), because the same number means different things in different lists. Rules read *base
meanings*. A coarse code has several meanings: each is possible and none is certain, so a test on which they differ is unknown.
An answer that nobody gave is ``""`` or None, and never "no".
Source: BDT questionnaire 2015 (secondary), DTSEN-style extracts (unconfirmed); ``people/catalogue/lists.toml`` names each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simpul.lib import text
from simpul.lib.errors import Refused


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


class NotInList(Refused):
    """A code or a word that the list of this field does not have."""

    code = "list.not_in_list"
    sentence: Any = _(
        "“%(value)s” is not in the list of “%(name)s”. Choose one of the answers, or “not known”."
    )


ALIASES: Mapping[str, str] = {"household_relation": "relation", "family_relation": "relation"}
"""Columns that share the list of another name."""

UNKNOWN_WORDS = frozenset(
    {"", "-", "?", "tidak tahu", "tidak diketahui", "tt", "unknown", "n/a", "na", "null", "none"}
)
"""What a sheet has in a cell when nobody knows. (“Tidak ada” is an answer.)"""

_YES = frozenset({"ya", "y", "yes", "iya", "true", "benar", "ada", "punya"})
_NO = frozenset({"tidak", "t", "no", "n", "false", "tidak ada", "tdk", "tidak punya"})
_NUMBER = re.compile(r"0*([0-9]+)(?:[.,]0+)?$")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a list: the code as it is kept, its words, and what it can mean."""

    code: str
    name: str
    name_en: str
    meanings: frozenset[str]

    def label(self, language: str) -> str:
        """Its words in Indonesian, or in English."""
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked: another field has one of these meanings, or the person is old enough."""

    field: str = ""
    any_of: frozenset[str] = frozenset()
    age_from: int | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """The lists of one field, by version; version "" holds words of our own, kept without a version."""

    name: str
    name_en: str
    versions: Mapping[str, tuple[Option, ...]]
    by_code: Mapping[str, Option]
    only_if: Condition | None = None
    all_meanings: frozenset[str] = frozenset()

    def label(self, language: str) -> str:
        """Its name in Indonesian, or in English."""
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the lists, and how sure it is."""

    key: str
    name: str
    name_en: str
    confidence: str
    source: str
    falls_back: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """Several papers in one number: the bits, and which printings write the sum."""

    rows: tuple[tuple[int, str, str], ...]
    writes: Mapping[str, str]  # version -> "sum" or "one"


@dataclass(frozen=True, slots=True)
class Book:
    """Everything in the catalogue of lists."""

    versions: Mapping[str, Version]
    lists: Mapping[str, CodeList]
    one_two: frozenset[str]
    three_four: frozenset[str]
    papers: Papers
    words: Mapping[tuple[str, str], Mapping[str, str]] = field(
        default_factory=dict
    )  # (field, version) -> word -> code


def read_book(data: Mapping[str, Any]) -> Book:
    """The catalogue, checked: codes once per version, meanings for every code, conditions on fields that exist.

    Raises:
        ValueError: the catalogue is not sound; the sentence says where.
    """
    tables = {key: value for key, value in data.items() if key not in ("versions", "yes_no", "bits")}
    versions = {
        key: Version(
            key, row["name"], row["name_en"], row["confidence"], row["source"], row.get("falls_back", "")
        )
        for key, row in data["versions"].items()
    }
    lists = {name: _code_list(name, table, versions) for name, table in tables.items()}
    yes_no = data["yes_no"]["bdt"]
    book = Book(
        versions=versions,
        lists=lists,
        one_two=frozenset(yes_no["one_two"]),
        three_four=frozenset(yes_no["three_four"]),
        papers=_papers(data["bits"]["id_papers"]),
        words={
            (name, version): {_plain(option.name): option.code for option in options}
            for name, one in lists.items()
            for version, options in one.versions.items()
        },
    )
    _check_book(book)
    return book


def _code_list(name: str, table: Mapping[str, Any], known: Mapping[str, Version]) -> CodeList:
    lists: dict[str, tuple[Option, ...]] = {}
    for version in (*known, "plain"):
        if version in table:
            prefix = "" if version == "plain" else f"{version}/"
            lists["" if version == "plain" else version] = tuple(
                Option(f"{prefix}{code}", words, english, frozenset(meanings))
                for code, words, english, meanings in table[version]
            )
    options = [option for rows in lists.values() for option in rows]
    by_code = {option.code: option for option in options}
    if not options or len(by_code) != len(options):
        raise ValueError(f"{name}: no list, or a code twice in one version")
    if not all(option.meanings and len(option.code) <= 24 for option in options):
        raise ValueError(f"{name}: a code without a meaning, or too long")
    wanted = table.get("only_if")
    return CodeList(
        name=table["name"],
        name_en=table["name_en"],
        versions=lists,
        by_code=by_code,
        only_if=_condition(wanted) if wanted else None,
        all_meanings=frozenset().union(*(option.meanings for option in options)),
    )


def _condition(row: Mapping[str, Any]) -> Condition:
    return Condition(row.get("field", ""), frozenset(row.get("any_of", ())), row.get("age_from"))


def _papers(row: Mapping[str, Any]) -> Papers:
    writes = {version: how for version, how in row.items() if how in ("sum", "one")}
    return Papers(tuple((int(bit), name, english) for bit, name, english in row["rows"]), writes)


def _check_book(book: Book) -> None:
    both = book.one_two & book.three_four
    if both:
        raise ValueError(f"yes_no: {sorted(both)} on both sides")
    for name, one in book.lists.items():
        condition = one.only_if
        if condition is None or not condition.field:
            continue
        other = book.lists.get(condition.field)
        possible = other.all_meanings if other else frozenset({"yes", "no"})
        if other is None and condition.field not in book.one_two | book.three_four:
            raise ValueError(f"{name}: only_if asks {condition.field}, which is no field")
        if not condition.any_of <= possible:
            raise ValueError(f"{name}: only_if wants {sorted(condition.any_of - possible)}")
    for version in book.versions.values():
        if version.falls_back and version.falls_back not in book.versions:
            raise ValueError(f"versions: {version.key} falls back to {version.falls_back}, which is none")


def list_of(book: Book, name: str) -> CodeList:
    """The lists of a field.

    Raises:
        KeyError: the field has no list.
    """
    return book.lists[ALIASES.get(name, name)]


def own_version(book: Book, name: str, version: str) -> str:
    """The version whose list of this field is used for ``version``: its own, or the one it falls back to; "" for plain words."""
    lists = list_of(book, name).versions
    if "" in lists:
        return ""
    seen: set[str] = set()
    while version and version not in lists and version not in seen:
        seen.add(version)
        version = book.versions[version].falls_back if version in book.versions else ""
    return version if version in lists else next(iter(lists))


def find(book: Book, name: str, code: str) -> Option | None:
    """The option a kept code stands for; None when the list has no such code (any more)."""
    return list_of(book, name).by_code.get(code)


def read_code(book: Book, name: str, version: str, given: object) -> str:
    """What a sheet or a form gave, as the code that is kept: "6", 6, "06", "bdt/6" or the words of an answer; "" for unknown.

    Raises:
        NotInList: nothing of the list.
    """
    written = text.clean_line(str(given)) if given is not None else ""
    one = list_of(book, name)
    if written in one.by_code:
        return written
    used = own_version(book, name, version)
    number = _NUMBER.fullmatch(written)
    code = f"{used}/{number.group(1)}" if used and number else ""
    if code in one.by_code:
        return code
    plain = _plain(written)
    found = book.words[(ALIASES.get(name, name), used)].get(plain)
    if found:
        return found
    if plain in UNKNOWN_WORDS:
        return ""
    raise NotInList(field=name, value=written, name=one)


def read_yes_no(book: Book, name: str, version: str, given: object) -> bool | None:
    """Yes, no or unknown. On the BDT form the codes alternate: 1/2 for some items, 3/4 for others; elsewhere 1 is yes, 2 or 0 no.

    Raises:
        NotInList: something else.
    """
    if given is None or isinstance(given, bool):
        return given
    written = _plain(text.clean_line(str(given)))
    if written in _YES:
        return True
    if written in _NO:
        return False
    number = _NUMBER.fullmatch(written)
    if number is None:
        if written in UNKNOWN_WORDS:
            return None
        raise NotInList(field=name, value=str(given), name=name)
    value = int(number.group(1))
    yes = 3 if version in ("bdt", "bdt_b") and name in book.three_four else 1
    if value == yes:
        return True
    if value == yes + 1 or (value == 0 and yes == 1 and name not in book.one_two):
        return False
    raise NotInList(field=name, value=str(given), name=name)


def read_papers(book: Book, version: str, given: object) -> int | None:
    """Identity papers as bits: the sum some forms write, or the one code of another printing (1 to 4); None for unknown.

    Raises:
        NotInList: no such sum.
    """
    written = text.clean_line(str(given)) if given is not None else ""
    if _plain(written) in UNKNOWN_WORDS:
        return None
    number = _NUMBER.fullmatch(written)
    value = int(number.group(1)) if number else -1
    bits = [bit for bit, _name, _english in book.papers.rows]
    if book.papers.writes.get(version) == "one":
        value = bits[value - 1] if 1 <= value <= len(bits) else (0 if value == 0 else -1)
    if not 0 <= value <= sum(bits):
        raise NotInList(field="id_papers", value=written, name="id_papers")
    return value


def asked(condition: Condition | None, meanings: frozenset[str] | None, *, age: int | None = None) -> bool:
    """True when the question is asked: its condition holds or may hold; an unknown answer before it leaves it open."""
    if condition is None:
        return True
    if condition.age_from is not None:
        return age is None or age >= condition.age_from
    return not meanings or bool(meanings & condition.any_of)


def narrowed(meanings: frozenset[str], condition: frozenset[str]) -> frozenset[str]:
    """Meanings of a wall or roof, narrowed by its state: wood of a wall in a poor state is poor wood, and the other way round."""
    if condition == {"good"}:
        left = frozenset(one for one in meanings if not one.endswith("_poor"))
    elif condition == {"poor"}:
        left = frozenset(one for one in meanings if not one.endswith("_good"))
    else:
        return meanings
    return left or meanings


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("/", " ").replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class Category:
    """A category of people in need of social services (PPKS)."""

    number: int
    name: str
    name_en: str
    sensitive: bool

    def label(self, language: str) -> str:
        """Its name in Indonesian, or in English."""
        return self.name_en if language == "en" else self.name


def read_categories(data: Mapping[str, Any]) -> tuple[Category, ...]:
    """The 26 categories, checked.

    Raises:
        ValueError: a number twice, or outside 1..26.
    """
    rows: Iterable[Mapping[str, Any]] = data["category"]
    found = tuple(
        Category(int(row["number"]), row["name"], row["name_en"], bool(row.get("sensitive"))) for row in rows
    )
    if sorted(one.number for one in found) != list(range(1, 27)):
        raise ValueError("ppks: the categories are not 1 to 26, each once")
    return found
