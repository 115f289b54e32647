"""Rupiah and weights as Indonesians write them. Pure. Money is whole rupiah, weight whole grams."""

from __future__ import annotations

import re
import unicodedata

_GROUPED = r"\d{1,3}(?:\.\d{3})+|\d{1,15}"
_RUPIAH = re.compile(rf"(?:rp|idr)?\.?\s*({_GROUPED})(?:,00|,-|,--|\.-)?", re.IGNORECASE)
_WEIGHT = re.compile(
    r"(\d{1,9}(?:[.,]\d{1,6})?|\d{1,3}(?:\.\d{3})+)\s*(kg|kilo|kilogram|g|gr|gram)?", re.IGNORECASE
)
_MOST_RUPIAH = 10**15


def group_thousands(number: int) -> str:
    """``1250000`` -> ``"1.250.000"``."""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """``1250000`` -> ``"Rp1.250.000"``, ``-5000`` -> ``"-Rp5.000"`` (PUEBI: no blank after Rp)."""
    return f"{'-' if amount < 0 else ''}Rp{group_thousands(abs(amount))}"


def parse_rupiah(text: str) -> int | None:
    """Whole rupiah from ``"1250000"``, ``"1.250.000"``, ``"Rp 1.250.000,00"`` or ``"Rp1.250.000,-"``.

    ``None`` for anything that could mean two amounts: other decimals, commas as thousands, words ("1,25 juta"), signs.
    """
    match = _RUPIAH.fullmatch(_plain(text))
    if match is None:
        return None
    amount = int(match[1].replace(".", ""))
    return amount if amount < _MOST_RUPIAH else None


def weight(grams: int) -> str:
    """``850`` -> ``"850 g"``, ``3250`` -> ``"3,25 kg"``, ``12000`` -> ``"12 kg"``, with a decimal comma."""
    sign, amount = ("-", -grams) if grams < 0 else ("", grams)
    if amount < 1000:
        return f"{sign}{amount} g"
    whole, rest = divmod(amount, 1000)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    return f"{sign}{group_thousands(whole)}{decimals} kg"


def parse_weight(text: str, unit: str = "kg") -> int | None:
    """Whole grams from ``"3,25 kg"``, ``"3.25"``, ``"850 g"`` or ``"1.250 g"``; ``unit`` (kg or g) when none is written.

    ``None`` for parts of a gram and for a kilogram figure with a dot and exactly three digits, which may mean thousands.
    """
    match = _WEIGHT.fullmatch(_plain(text))
    if match is None:
        return None
    number, written = match[1], (match[2] or unit).lower()
    if written.startswith("k"):
        if re.search(r"\.\d{3}$", number):
            return None
        whole, _dot, decimals = number.replace(",", ".").partition(".")
        return int(whole) * 1000 + int(decimals.ljust(3, "0")) if len(decimals) <= 3 else None
    return int(number.replace(".", "")) if re.fullmatch(_GROUPED, number) else None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:128])
    return " ".join(
        "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cs")).split()
    )
