"""The fields of the register: how each is read, kept as text in the history, and written for people.

What cannot be read is refused with a sentence beside the field; what is only strange, or contradicts another fact, never is.
Units: money in whole rupiah, floor area in square decimetres (written in m² with a decimal comma), land in m².
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from simpul.lib import nik, text, when
from simpul.lib.errors import Refused
from simpul.people.rules import lists


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


class NumberImpossible(Refused):
    """Not a number, or one that cannot be."""

    code = "field.number_impossible"
    sentence: Any = _(
        "“%(name)s”: write a whole number from %(low)s to %(high)s, or leave it empty if nobody knows."
    )


class AreaImpossible(Refused):
    """A floor of no size, or of an absurd one."""

    code = "field.area_impossible"
    sentence: Any = _(
        "“%(name)s”: write square metres from %(low)s to %(high)s, for example 37,5. Leave it empty if nobody knows."
    )


class DateUnreadable(Refused):
    """No date, or one that lies ahead or long ago."""

    code = "field.date_unreadable"
    sentence: Any = _(
        "“%(name)s”: write day/month/year, for example 22/11/1980. It must not lie in the future."
    )


class LettersInNumber(Refused):
    """A NIK or KK with letters, or of another length."""

    code = "field.letters_in_number"
    sentence: Any = _("“%(name)s” has 16 digits and no letters. Check the number, or leave it empty.")


class TextTooLong(Refused):
    """More than the column holds."""

    code = "field.text_too_long"
    sentence: Any = _("“%(name)s” is too long. Write at most %(limit)s signs.")


SEALED = frozenset({"nik", "kk"})
"""Numbers that are never kept in the open, in the history neither."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, how it is read, what it is called."""

    key: str
    about: str  # house, household, family, person, profile
    type: str
    name: str
    name_en: str
    low: int = 0
    high: int = 0
    seen: bool = False

    def label(self, language: str) -> str:
        """Its name in Indonesian, or in English."""
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked together."""

    about: str
    key: str
    name: str
    name_en: str
    fields: tuple[Field, ...]
    asked: bool = True

    def label(self, language: str) -> str:
        """Its name in Indonesian, or in English."""
        return self.name_en if language == "en" else self.name


def read_groups(data: Mapping[str, Any], book: lists.Book) -> tuple[Group, ...]:
    """The catalogue of fields, with the names of code fields taken from their lists.

    Raises:
        KeyError: a code field without a list.
    """
    return tuple(
        Group(
            row["about"],
            row["key"],
            row["name"],
            row["name_en"],
            tuple(_field(row["about"], bool(row.get("seen")), one, book) for one in row["rows"]),
            bool(row.get("asked", True)),
        )
        for row in data["group"]
    )


def _field(about: str, seen: bool, row: list[Any], book: lists.Book) -> Field:
    if row[1] == "code":
        one = lists.list_of(book, row[0])
        return Field(row[0], about, "code", one.name, one.name_en, seen=seen)
    low, high = (row[4], row[5]) if len(row) > 4 else (0, 0)
    return Field(row[0], about, row[1], row[2], row[3], low, high, seen)


_DIGITS = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_YEAR_ZERO = date(1890, 1, 1)


def read(
    field: Field, given: object, *, book: lists.Book, version: str = "bdt", today: date | None = None
) -> Any:
    """What was typed or stood in a cell, as the column keeps it; "" or None for unknown.

    Raises:
        Refused: it cannot be read (see the classes above and ``lists.NotInList``).
    """
    if field.type == "code":
        return lists.read_code(book, field.key, version, given)
    if field.type in ("yes_no", "papers"):
        try:
            if field.type == "papers":
                return lists.read_papers(book, version, given)
            return lists.read_yes_no(book, field.key, version, given)
        except lists.NotInList:
            raise lists.NotInList(field=field.key, value=str(given)[:60], name=field) from None
    if field.type == "date":
        return _date(field, given, today)
    if given is not None and not isinstance(given, str) and field.type in ("number", "money", "area"):
        return _inside(field, int(str(given)) if isinstance(given, bool | int) else -1)
    return _typed(field, text.clean_line(str(given)) if given is not None else "")


def _typed(field: Field, written: str) -> Any:
    if field.type == "text":
        if len(written) > field.high:
            raise TextTooLong(field=field.key, name=field, limit=field.high)
        return written
    if field.type == "sex":
        return {"l": "L", "p": "P", "1": "L", "2": "P", "laki-laki": "L", "perempuan": "P"}.get(
            written.casefold(), ""
        )
    if field.type == "number_16":
        clean = nik.clean(written)
        if clean and (not (clean.isascii() and clean.isdigit()) or len(clean) != 16):
            raise LettersInNumber(field=field.key, name=field)
        return clean
    if not written or written.casefold() in lists.UNKNOWN_WORDS:
        return None
    if field.type == "area":
        return _area(field, written)
    plain = written.removeprefix("Rp").strip().replace(" ", "")
    if field.type == "money" or re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", plain):
        plain = re.sub(r",00?$", "", plain).replace(".", "")
    if not _DIGITS.fullmatch(plain):
        raise NumberImpossible(field=field.key, name=field, low=field.low, high=field.high)
    return _inside(field, int(plain[:18]))


def _inside(field: Field, value: int) -> int:
    if not field.low <= value <= field.high:
        if field.type == "area":
            raise AreaImpossible(field=field.key, name=field, low=field.low // 100, high=field.high // 100)
        raise NumberImpossible(field=field.key, name=field, low=field.low, high=field.high)
    return value


def _area(field: Field, written: str) -> int:
    plain = re.sub(r"\s*m(2|²)?$", "", written.casefold()).replace(" ", "")
    found = _DECIMAL.fullmatch(plain)
    if found is None:
        raise AreaImpossible(field=field.key, name=field, low=field.low // 100, high=field.high // 100)
    return _inside(field, int(found.group(1)) * 100 + int((found.group(2) or "0").ljust(2, "0")))


def _date(field: Field, given: object, today: date | None) -> date | None:
    if given is None or isinstance(given, date):
        day = given
    else:
        written = text.clean_line(str(given))
        if written.casefold() in lists.UNKNOWN_WORDS:
            return None
        day = when.parse_date(written)
        if day is None:
            raise DateUnreadable(field=field.key, name=field)
    if day is not None and (day < _YEAR_ZERO or (today is not None and day > today)):
        raise DateUnreadable(field=field.key, name=field)
    return day


def as_text(value: Any) -> str:
    """A value as the history keeps it: "bdt/6", "750", "yes", "2026-11-25"; "" for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def of_text(field: Field, kept: str) -> Any:
    """The column's value from the text of the history."""
    if field.type == "yes_no":
        return {"yes": True, "no": False}.get(kept)
    if field.type in ("number", "money", "area", "papers"):
        return int(kept) if kept else None
    if field.type == "date":
        return date.fromisoformat(kept) if kept else None
    if field.type == "hamlet":
        return UUID(kept) if kept else None
    return kept


def written(field: Field, kept: str, *, book: lists.Book, language: str = "id") -> str:
    """A value of the history for a page: "Semen atau bata merah", "7,5 m²", "Ya"; "" for unknown."""
    if not kept:
        return ""
    if field.type == "code":
        found = lists.find(book, field.key, kept)
        return found.label(language) if found else kept
    if field.type == "yes_no":
        return _YES_NO[language == "en"].get(kept, kept)
    if field.type == "area":
        return f"{area_text(int(kept), language)} m²"
    if field.type == "money":
        dots = f"{int(kept):,}"
        return "Rp" + (dots if language == "en" else dots.replace(",", "."))
    if field.type == "sex":
        return _SEX[language == "en"].get(kept, kept)
    if field.type == "papers":
        return (
            ", ".join(
                en if language == "en" else name for bit, name, en in book.papers.rows if int(kept) & bit
            )
            or "–"
        )
    if field.type == "date":
        return when.format_date(date.fromisoformat(kept), language)
    return nik.mask(kept) if field.key in SEALED else kept


_YES_NO: tuple[Mapping[str, str], Mapping[str, str]] = (
    {"yes": "Ya", "no": "Tidak"},
    {"yes": "Yes", "no": "No"},
)
_SEX: tuple[Mapping[str, str], Mapping[str, str]] = (
    {"L": "Laki-laki", "P": "Perempuan"},
    {"L": "Man", "P": "Woman"},
)


def area_text(dm2: int, language: str = "id") -> str:
    """750 -> "7,5": square metres with a decimal comma."""
    whole, part = divmod(dm2, 100)
    if not part:
        return str(whole)
    return f"{whole}{'.' if language == 'en' else ','}{part:02d}".rstrip("0")


def age_on(born: date | None, day: date) -> int | None:
    """Whole years on a day; None when the birth date is unknown."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
