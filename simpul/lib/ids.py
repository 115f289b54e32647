"""Identifiers people and machines use: row keys, case numbers, PINs and anonymous receipts.

Three ideas:

* Row keys are UUIDv7, so they can be made on a phone and still sort by time.
* A case number such as ``SPL-2611-00047-K`` is public and not secret. Its last sign is a check letter: the digits read
  as one number, modulo 23, as in the pure systems of ISO 7064 with radix 10. Because 23 is prime and 10 is a primitive
  root of it, every wrong single digit and every swap of two different digits up to 22 places apart is caught.
* A PIN and a 16-digit receipt are secret and come from ``secrets``. The last digit of the receipt is the check digit of
  ISO 7064 MOD 11,10. Its first two digits are never a province code, so a receipt is not mistaken for a NIK.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0, 1, I and O, which are read wrongly from paper."""

CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
"""23 letters: the letters of ``ALPHABET`` without U, which is written like V."""

_RECEIPT_LENGTH = 16
_PROVINCES = frozenset(
    [*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)]
)
_RECEIPT_STARTS = tuple(number for number in range(22, 100) if number not in _PROVINCES)
_LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})
_PREFIX = re.compile(r"[A-Z]{2,6}")
_SAID = re.compile(
    r"\W*(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?:\W+(?P<sequence>[0-9]{1,7})|(?P<whole>[0-9]{5,7}))(?:\W*(?P<check>[A-Z]))?"
)
_NOT_SIGNS = re.compile(r"[^0-9A-Z]")


# --- row keys -------------------------------------------------------------------------------------------------------

_RANDOM_BITS = 74


class _Stepper:
    """Hands out growing numbers. A forked child starts afresh, so that it does not repeat its parent's."""

    def __init__(self) -> None:
        self.reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        self._lock, self._last = threading.Lock(), 0

    def next(self) -> int:
        with self._lock:
            value = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS - 1)
            if value >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
                value = self._last + 1 + secrets.randbits(32)
            self._last = value
            return value


_stepper = _Stepper()


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562): milliseconds since 1970, then random bits; always larger than the one before it here.

    Within one millisecond, or when the clock steps back, the next value grows by a random step instead.
    """
    return _uuid_from(_stepper.next())


def uuid7_at(moment: datetime) -> UUID:
    """A UUIDv7 for ``moment`` (aware), for rows that happened earlier: imports, replays, the sample data."""
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return _uuid_from((max(milliseconds, 0) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS))


def uuid7_moment(value: UUID) -> datetime:
    """The moment inside a UUIDv7, in UTC, to the millisecond. Raises ``ValueError`` for other versions."""
    if value.version != 7:
        raise ValueError("not a UUIDv7")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value.int >> 80)


def _uuid_from(value: int) -> UUID:
    """Place 48 time bits and 74 free bits around the version and variant marks."""
    stamp = (value >> _RANDOM_BITS) & ((1 << 48) - 1)
    high, low = (value >> 62) & 0xFFF, value & ((1 << 62) - 1)
    return UUID(int=stamp << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)


# --- case numbers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in its parts; ``str()`` gives the one official spelling."""

    prefix: str
    year: int
    month: int
    sequence: int

    @property
    def check(self) -> str:
        """The check letter over the digits."""
        return check_letter(self.digits)

    @property
    def digits(self) -> str:
        """Year, month and sequence without separators: ``"261100047"``."""
        return f"{self.year % 100:02d}{self.month:02d}{self.sequence:05d}"

    def __str__(self) -> str:
        return f"{self.prefix}-{self.digits[:4]}-{self.digits[4:]}-{self.check}"


def check_letter(digits: str) -> str:
    """The check letter for a string of ASCII digits. Raises ``ValueError`` for anything else."""
    if not digits or not digits.isascii() or not digits.isdigit():
        raise ValueError("a check letter is made from digits only")
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def format_case_number(prefix: str, year: int, month: int, sequence: int) -> str:
    """``("SPL", 2026, 11, 47)`` -> ``"SPL-2611-00047-<letter>"``. The sequence grows past five digits when it must.

    Raises ``ValueError`` for a prefix that is not 2 to 6 letters, a year outside 2000 to 2099, a month outside 1 to 12
    or a sequence outside 1 to 9,999,999.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("the prefix of a case number is 2 to 6 capital letters")
    if not (2000 <= year <= 2099 and 1 <= month <= 12 and 1 <= sequence <= 9_999_999):
        raise ValueError("year, month or sequence is outside what a case number can hold")
    return str(CaseNumber(prefix, year, month, sequence))


def parse_case_number(text: str, prefix: str) -> CaseNumber | None:
    """Read a case number as people type it; ``None`` when it is not one of this installation or the check fails.

    Forgiven: lower case, missing or odd dashes, spaces, invisible signs, a missing prefix, and in the digits part
    (nowhere else) the letters O and Q for 0, I and L for 1.
    """
    signs = _signs(text)
    body = signs.removeprefix(prefix)
    digits, letter = body[:-1].translate(_LOOKALIKES), body[-1:]
    if not (9 <= len(digits) <= 11 and digits.isdigit()):
        return None
    year, month, sequence = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if not (1 <= month <= 12 and sequence >= 1):
        return None
    number = CaseNumber(prefix, year, month, sequence)
    return number if number.digits == digits and number.check == letter else None


def said_case_number(text: str, prefix: str) -> CaseNumber | None:
    """Read a case number as officers say it to each other: without the check letter, or without the leading zeros.

    ``"2611-47"``, ``"SPL 2611 47"``, ``"261100047"`` -> SPL-2611-00047. A check letter that was said must fit. For a search among
    what the officer may see anyway; a resident's number is read by ``parse_case_number``, which demands the letter.
    """
    found = _SAID.fullmatch(unicodedata.normalize("NFKC", text[:64]).upper().strip().removeprefix(prefix))
    if found is None:
        return None
    year, month = 2000 + int(found["year"]), int(found["month"])
    sequence = int(found["sequence"] or found["whole"])
    if not (1 <= month <= 12 and 1 <= sequence <= 9_999_999):
        return None
    number = CaseNumber(prefix, year, month, sequence)
    return number if found["check"] in {None, number.check} else None


# --- secrets a resident holds ---------------------------------------------------------------------------------------


def new_pin() -> str:
    """Six random digits that are not among the first anybody would try."""
    while True:
        pin = f"{secrets.randbelow(1_000_000):06d}"
        if not is_weak_pin(pin):
            return pin


def is_weak_pin(pin: str) -> bool:
    """True for PINs of one or two different digits, runs such as 345678 or 975310, and halves repeated (123123)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(set(pin)) <= 2 or len(steps) == 1 or pin[: len(pin) // 2] == pin[len(pin) // 2 :]


def clean_pin(text: str) -> str:
    """A PIN as typed, without spaces, dashes and invisible signs, with full-width digits made plain."""
    return _signs(text)


def new_receipt16() -> str:
    """A 16-digit receipt: about 49 random bits and a check digit. It is the only key to an anonymous case."""
    body = f"{secrets.choice(_RECEIPT_STARTS)}{secrets.randbelow(10**13):013d}"
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11,10: finds every wrong single digit and nearly every swap of neighbours."""
    carry = 10
    for sign in digits:
        total = (carry + int(sign)) % 10 or 10
        carry = total * 2 % 11
    return str((11 - carry) % 10)


def parse_receipt16(text: str) -> str | None:
    """The 16 digits of a receipt as typed with any grouping, or ``None`` when it cannot be a receipt."""
    digits = _signs(text).translate(_LOOKALIKES)
    if len(digits) != _RECEIPT_LENGTH or not digits.isdigit():
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def _signs(text: str) -> str:
    """Capital ASCII letters and digits of ``text``, in order; everything else is dropped. Bounded to 64 signs."""
    plain = unicodedata.normalize("NFKC", text[:256]).upper()
    return _NOT_SIGNS.sub("", plain)[:64]


# --- read aloud and printed -----------------------------------------------------------------------------------------

_DIGIT_WORDS = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INDONESIAN_LETTERS = (
    "a", "be", "ce", "de", "e", "ef", "ge", "ha", "i", "je", "ka", "el", "em",
    "en", "o", "pe", "ki", "er", "es", "te", "u", "ve", "we", "eks", "ye", "zet",
)  # fmt: skip
_LETTER_WORDS = {
    "id": dict(zip(_LETTERS, _INDONESIAN_LETTERS, strict=True)),
    "en": {letter: letter for letter in _LETTERS},
}


def spoken_words(text: str, language: str = "id") -> list[str]:
    """One word per sign: ``"26K"`` -> ``["dua", "enam", "ka"]``. Other signs are silent. Languages: id, en."""
    digits = _DIGIT_WORDS.get(language, _DIGIT_WORDS["id"])
    letters = _LETTER_WORDS.get(language, _LETTER_WORDS["id"])
    return [digits[int(sign)] if sign.isdigit() else letters[sign] for sign in _signs(text)]


def group_for_speech(text: str, language: str = "id") -> str:
    """Words to read aloud, digits in pairs with a pause between: ``"es-pe-el, dua enam, satu satu, ..., ka"``.

    For case numbers, PINs and 16-digit receipts alike. An odd number of digits ends in a group of three.
    """
    groups: list[str] = []
    for part in re.split(r"[^0-9A-Za-z]+", text.strip()):
        for chunk in re.findall(r"[0-9]+|[A-Za-z]+", part):
            if chunk.isdigit():
                groups += [" ".join(spoken_words(pair, language)) for pair in _pairs(chunk)]
            else:
                groups.append("-".join(spoken_words(chunk, language)))
    return ", ".join(groups)


def group_digits(digits: str, size: int = 2) -> str:
    """Digits in printed groups: a PIN by 2 (``"48 19 23"``), a receipt by 4."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def _pairs(digits: str) -> Iterable[str]:
    cut = len(digits) - 3 if len(digits) % 2 and len(digits) > 1 else len(digits)
    yield from (digits[start : start + 2] for start in range(0, cut, 2))
    if cut < len(digits):
        yield digits[cut:]
