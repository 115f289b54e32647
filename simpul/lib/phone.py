"""Telephone numbers as Indonesians write them. Pure.

The number is kept as typed, always; beside it stands the E.164 form when there is exactly one. A number that cannot be
understood is kept with its reason, never refused: somebody may still be reached by it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

Kind = Literal["mobile", "fixed", "short", "other", "unknown", "empty"]


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue. This module is pure, so the door translates it."""
    return sentence


SENTENCES = {
    "": "",
    "empty": _("No number was given."),
    "short_code": _("This is a short service number; it cannot receive messages."),
    "too_short": _("This number is too short. Please compare it with the phone."),
    "too_long": _("This number is too long. Please compare it with the phone."),
    "not_a_number": _("This is not a telephone number."),
    "not_in_use": _("No network uses a number like this. Please compare it with the phone."),
}
"""One sentence per reason, in the source language; doors translate it."""

_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_ONLY_NUMBER = re.compile(r"[\d\s().+\-–—/,OoIl]+")
_CANDIDATE = re.compile(r"\+?\(?\d[\d\s().\-–—]*")
_SHORT_CODE = re.compile(r"1\d{2,5}")
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as typed and as understood. ``reason`` tells why there is no ``e164``; "" when there is one."""

    as_typed: str
    e164: str | None
    kind: Kind
    is_mobile: bool
    reason: str

    @property
    def sentence(self) -> str:
        """The reason as a sentence in the source language."""
        return SENTENCES[self.reason]


def normalise(text: str, region: str = "ID") -> Phone:
    """Understand a number written in any usual way: 0812-..., +62 812..., 62812..., (0411) 123456, O8l2...

    Short codes such as 112 or 1708 stay as they are. Of two numbers ("0812... / 0853...") the first is understood.
    """
    typed = _plain(text)
    if not typed:
        return Phone("", None, "empty", False, "empty")
    number = _first_number(typed)
    digits = re.sub(r"\D", "", number)
    if _SHORT_CODE.fullmatch(digits) and "+" not in number:
        return Phone(typed, None, "short", False, "short_code")
    parsed = _parse(number, region)
    if parsed is None:
        return Phone(typed, None, "unknown", False, _why_not(digits))
    if not phonenumbers.is_valid_number(parsed):
        return Phone(typed, None, "unknown", False, _why_invalid(parsed))
    number_type = phonenumbers.number_type(parsed)
    mobile = number_type in _MOBILE
    kind: Kind = "mobile" if mobile else "fixed" if number_type == PhoneNumberType.FIXED_LINE else "other"
    return Phone(typed, phonenumbers.format_number(parsed, PhoneNumberFormat.E164), kind, mobile, "")


def display(e164: str) -> str:
    """``"+6281234567890"`` -> ``"0812-3456-7890"``; a foreign number stays international; other text as it is."""
    parsed = _parse(e164, None)
    if parsed is None:
        return e164
    home = parsed.country_code == 62
    shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def mask(text: str) -> str:
    """``"0812****7890"``: the network and the last digits, for screens of people who need not call.

    Short codes are public and shown whole; what has fewer than eight digits is hidden but for its last two.
    """
    phone = normalise(text)
    if phone.kind == "short":
        return phone.as_typed
    shown = re.sub(r"\D", "", display(phone.e164) if phone.e164 else phone.as_typed)
    if len(shown) < 8:
        return "*" * max(len(shown) - 2, 0) + shown[-2:] if len(shown) > 2 else "*" * len(shown)
    return (
        f"{shown[:4]}{'*' * (len(shown) - 8)}{shown[-4:]}"
        if len(shown) > 10
        else f"{'*' * (len(shown) - 3)}{shown[-3:]}"
    )


def _first_number(typed: str) -> str:
    """The first thing that could be a telephone number; words around it and a second number are left out."""
    plain = typed.translate(_LOOKALIKES) if _ONLY_NUMBER.fullmatch(typed) else typed
    found = _CANDIDATE.findall(plain)
    return next((one for one in found if sum(map(str.isdigit, one)) >= 8), found[0] if found else "")


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[: _LONGEST * 4])
    visible = "".join(
        sign if not sign.isspace() else " "
        for sign in plain
        if unicodedata.category(sign) not in ("Cf", "Cs")
    )
    kept = "".join(sign for sign in visible if unicodedata.category(sign) != "Cc")
    return " ".join(kept.split())[:_LONGEST]


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _why_not(digits: str) -> str:
    if len(digits) > 15:
        return "too_long"
    return "too_short" if 0 < len(digits) < 8 else "not_a_number"


def _why_invalid(parsed: phonenumbers.PhoneNumber) -> str:
    verdict = phonenumbers.is_possible_number_with_reason(parsed)
    if verdict in (
        phonenumbers.ValidationResult.TOO_SHORT,
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    ):
        return "too_short"
    return "too_long" if verdict == phonenumbers.ValidationResult.TOO_LONG else "not_in_use"
