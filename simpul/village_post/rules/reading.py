"""Reading corner: book numbers, codes on labels and cards, due days, what taking stock has found. Pure.

There are no fines. A day on which the corner is closed is never a day on which a book is due: nobody walks to a locked door.
ISBN: ISO 2108; ten digits (check digit modulo 11, X is ten) are kept as the thirteen they became in 2007.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from simpul.lib.errors import Refused


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


class IsbnWrong(Refused):
    """A book number whose check digit does not fit."""

    code = "reading.isbn_wrong"
    sentence = _(
        "This ISBN does not fit its check digit. Compare it with the book: it has 10 or 13 digits. Leave it empty when the book has none."
    )
    field = "isbn"


GROUPS: Mapping[str, str] = {
    "toddler": _("small children (up to 5)"),
    "child": _("children (6-12)"),
    "youth": _("youth (13-18)"),
    "adult": _("adults"),
    "elderly": _("elderly people"),
}
AGES: Mapping[str, str] = {"": _("for everybody"), **GROUPS}
CATEGORIES: Mapping[str, str] = {
    "children": _("children's books"),
    "school": _("school and exams"),
    "fiction": _("stories and novels"),
    "religion": _("religion"),
    "farming": _("farming, livestock and fishing"),
    "skills": _("crafts, cooking and trades"),
    "health": _("health and families"),
    "village": _("village, law and government"),
    "local": _("local history and culture"),
    "reference": _("dictionaries and reference"),
    "magazine": _("magazines and newspapers"),
    "other": _("other books"),
}
LANGUAGES: Mapping[str, str] = {
    "id": _("Indonesian"),
    "mak": _("Makassarese"),
    "bug": _("Buginese"),
    "ar": _("Arabic"),
    "en": _("English"),
    "other": _("another language"),
}
SOURCES: Mapping[str, str] = {
    "given": _("gift"),
    "bought": _("bought"),
    "village": _("from village funds"),
    "other": _("elsewhere"),
}
COPY_STATES: Mapping[str, str] = {
    "here": _("on the shelf"),
    "out": _("lent"),
    "lost": _("lost"),
    "withdrawn": _("taken out"),
}
ACTIVITIES: Mapping[str, str] = {
    "aloud": _("reading aloud"),
    "homework": _("help with homework"),
    "skills": _("learning a skill"),
    "film": _("film or story evening"),
    "contest": _("contest"),
    "talk": _("talk"),
    "other": _("something else"),
}
DUE_SOON_DAYS = 3
LONGEST_CLOSURE = 366


# --- book numbers ------------------------------------------------------------------------------------------------------------


def check_ten(nine: str) -> str:
    """The check digit of nine digits of an ISBN-10 (ISO 2108:1992): weights 10 to 2, modulo 11, ten is X."""
    rest = -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def check_thirteen(twelve: str) -> str:
    """The check digit of twelve digits of an ISBN-13 (EAN-13): weights 1 and 3, modulo 10."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve)) % 10)


def isbn(typed: str) -> str:
    """The thirteen digits of a book number as typed or scanned, "" for nothing.

    Raises:
        IsbnWrong: the check digit does not fit, or it is no book number.
    """
    clean = "".join(mark for mark in typed.upper() if mark.isalnum())
    clean = clean.removeprefix("ISBN")
    if not clean:
        return ""
    if len(clean) == 10 and _digits(clean[:9]) and check_ten(clean[:9]) == clean[9]:
        twelve = "978" + clean[:9]
        return twelve + check_thirteen(twelve)
    fits = len(clean) == 13 and _digits(clean) and clean[:3] in ("978", "979")
    if fits and check_thirteen(clean[:12]) == clean[12]:
        return clean
    raise IsbnWrong


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_isbn(typed: str) -> bool:
    """True when this is a book number."""
    try:
        return bool(isbn(typed))
    except IsbnWrong:
        return False


# --- codes on labels and cards --------------------------------------------------------------------------------------------------


def code(letters: str, sort: str, number: int) -> str:
    """What stands on a label ("B", book) or a card ("A", anggota): letters, sort, five digits, one check digit."""
    return f"{letters}{sort}{number:05d}{check_code(number)}"


def check_code(number: int) -> int:
    """The check digit of a running number (Luhn, ISO/IEC 7812-1): a slip of one digit or of two neighbours is noticed."""
    total = 0
    for place, digit in enumerate(reversed(str(number))):
        step = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += step - 9 if step > 9 else step
    return -total % 10


def plain_code(typed: str) -> str:
    """A code as it is kept, however it was typed or scanned."""
    return "".join(mark for mark in typed.upper() if mark.isascii() and mark.isalnum())[:24]


# --- due days ---------------------------------------------------------------------------------------------------------------------


def due_date(start: date, length: int, open_days: Collection[int], closed: Collection[date]) -> date:
    """The day a loan of so many days ends: the first open day on or after it. A corner without open days is open every day."""
    day = start + timedelta(days=length)
    week = frozenset(open_days) or frozenset(range(1, 8))
    for step in range(LONGEST_CLOSURE):
        each = day + timedelta(days=step)
        if each.isoweekday() in week and each not in closed:
            return each
    return day


def overdue_days(due: date, today: date) -> int:
    """By how many days a loan is late; 0 when it is not."""
    return max(0, (today - due).days)


# --- taking stock ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stock:
    """What a taking of stock has found, as keys of copies."""

    expected: frozenset[str]
    seen: frozenset[str]
    missing: frozenset[str]  # should stand on the shelf, and was not seen
    surprise: frozenset[str]  # was seen, and the book says lent, lost or taken out


def stock(states: Mapping[str, str], seen: Mapping[str, str]) -> Stock:
    """Compare the shelf with the book. ``states`` says where each copy should be, ``seen`` what the book said when it was seen."""
    expected = frozenset(key for key, state in states.items() if state == "here")
    found = frozenset(seen)
    return Stock(
        expected=expected,
        seen=found,
        missing=expected - found,
        surprise=frozenset(key for key, was in seen.items() if was != "here"),
    )
