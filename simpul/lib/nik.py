"""The NIK, Indonesia's 16-digit person number: reading, soft checks, masking. Pure.

Six digits of the place of first registration, birth date as DDMMYY (40 added to the day for women), four digits of a
serial from 0001. There is no check digit. Source: UU 24/2013 with Permendagri 102/2019.

A mismatch is a warning for a person to look at, never a refusal: cards were issued with errors, villages were split,
and a NIK proves neither residence nor identity. The same length serves the family card number (KK).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]

_LENGTH = 16
_NOT_KEPT = re.compile(r"[\s.\-‐‑‒–—/_]+")
_PROVINCES = frozenset(
    str(number)
    for number in (
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    )
)


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue. This module is pure, so the door translates it."""
    return sentence


SENTENCES = {
    "empty": _("No NIK was given."),
    "not_digits": _("A NIK has digits only. Please compare it with the card."),
    "length": _("A NIK has 16 digits. Please compare it with the card."),
    "area": _("The first digits of this NIK are no known area. Please compare it with the card."),
    "area_mismatch": _(
        "This NIK was first registered in another area. That may be right after a move or a split."
    ),
    "birth_date": _("The birth date inside this NIK is impossible. Please compare it with the card."),
    "birth_mismatch": _("The birth date inside this NIK differs from the one given."),
    "sex_mismatch": _("The sex inside this NIK differs from the one given."),
    "serial": _("The last four digits of a NIK are never 0000. Please compare it with the card."),
}
"""One sentence per warning, in the source language; doors translate it."""


@dataclass(frozen=True, slots=True)
class Nik:
    """A NIK in its parts. ``birth_date`` is ``None`` when the digits are no date."""

    number: str
    area: str
    birth_date: date | None
    sex: Sex
    serial: str

    @property
    def province(self) -> str:
        """Two digits of the province."""
        return self.area[:2]

    @property
    def regency(self) -> str:
        """Four digits of the regency."""
        return self.area[:4]


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the word for it; used as nik.Warning
    """Something for a person to look at. ``sentence`` is in the source language."""

    code: str

    @property
    def sentence(self) -> str:
        """What to tell the person at the desk."""
        return SENTENCES[self.code]


def clean(text: str) -> str:
    """The number without blanks, dots, dashes and invisible signs, full-width digits made plain.

    Anything else that was typed stays, so that a check can say what is wrong. Bounded to 64 signs.
    """
    plain = unicodedata.normalize("NFKC", text[:512])
    visible = "".join(
        sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cs") or sign.isspace()
    )
    return _NOT_KEPT.sub("", visible)[:64]


def parse(text: str, today: date) -> Nik | None:
    """The parts of a NIK, or ``None`` when it is not 16 digits. ``today`` decides the century of the birth year."""
    number = clean(text)
    if not _is_sixteen_digits(number):
        return None
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    sex: Sex = "female" if day > 40 else "male"
    born = _birth_date(day - 40 if day > 40 else day, month, year, today)
    return Nik(number, number[:6], born, sex, number[12:])


def check(
    text: str, *, today: date, birth_date: date | None = None, sex: Sex | None = None, area: str = ""
) -> list[Warning]:
    """Soft warnings about a NIK, empty when nothing is odd.

    ``birth_date``, ``sex`` and ``area`` (a dotless code prefix of two, four or six digits) are what is known otherwise.
    """
    number = clean(text)
    nik = parse(number, today)
    if nik is None:
        code = "empty" if not number else "length" if number.isdecimal() else "not_digits"
        return [Warning(code)]
    oddities = {
        "area": nik.province not in _PROVINCES or nik.area[2:4] == "00" or nik.area[4:6] == "00",
        "area_mismatch": bool(area) and not nik.area.startswith(area[:6]),
        "birth_date": nik.birth_date is None,
        "birth_mismatch": None not in (birth_date, nik.birth_date) and birth_date != nik.birth_date,
        "sex_mismatch": sex is not None and sex != nik.sex,
        "serial": nik.serial == "0000",
    }
    return [Warning(code) for code, odd in oddities.items() if odd]


def mask(text: str) -> str:
    """``7305********0012``: four digits at each end. Other lengths show at most the last two signs."""
    number = clean(text)
    if _is_sixteen_digits(number):
        return f"{number[:4]}{'*' * 8}{number[-4:]}"
    shown = number[-2:] if len(number) > 4 else ""
    return "*" * (len(number) - len(shown)) + shown


def _is_sixteen_digits(number: str) -> bool:
    return len(number) == _LENGTH and number.isascii() and number.isdigit()


def _birth_date(day: int, month: int, year: int, today: date) -> date | None:
    """The latest such date that is not in the future."""
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            born = date(century + year, month, day)
        except ValueError:  # 29 February exists in one century and not in the other
            continue
        if born <= today:
            return born
    return None
