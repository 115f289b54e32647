"""The directory: kinds, seasons, market days, and the words of consent to a contact that everybody can read.

Consent: UU 27/2022 art. 20(2)(a), 21, 22; withdrawal takes effect at once here (the law allows 3 x 24 hours, art. 40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


KINDS: Mapping[str, str] = {
    "business": _("Businesses"),
    "produce": _("Produce"),
    "market": _("Market days"),
    "place": _("Shared places"),
}
ONE: Mapping[str, str] = {
    "business": _("Business"),
    "produce": _("Harvest or catch"),
    "market": _("Market"),
    "place": _("Shared place"),
}
HOW: Mapping[str, str] = {
    "spoken": _("said so here"),
    "paper": _("signed on paper"),
    "message": _("wrote it in a message"),
}
CONSENT_VERSION = "2026-11"
CONSENT_WORDS = _(
    "We would like to write your name and number into the village's directory, so that buyers can reach you. Anybody can read it, also on "
    "the internet. You may refuse; what you offer is then listed without a number, and people ask at the post. You may withdraw at any "
    "time: the number is hidden at once, but copies that others have made cannot be taken back. Do you agree?"
)
"""The words that are read aloud before somebody agrees; changed words get a new version."""


def bits(numbers: Iterable[int], most: int) -> int:
    """Months (1 to 12) or weekdays (1 is Monday) as bits; what is outside is passed over."""
    return sum({1 << (number - 1) for number in numbers if 1 <= number <= most})


def numbers(mask: int, most: int) -> tuple[int, ...]:
    """The months or weekdays of the bits, in order."""
    return tuple(number for number in range(1, most + 1) if mask & (1 << (number - 1)))


def in_season(months: int, month: int) -> bool:
    """True when there is some in this month; without months it is there all the year."""
    return months == 0 or bool(months & (1 << (month - 1)))


def runs(months: int) -> tuple[tuple[int, int], ...]:
    """The seasons as (first, last) months in a row; one that goes over the new year begins in the old one (November to February: 11, 2)."""
    marked = set(numbers(months, 12))
    if not marked or len(marked) == 12:
        return ()
    found: list[tuple[int, int]] = []
    for month in sorted(marked):
        if (month - 2) % 12 + 1 not in marked:
            last = month
            while last % 12 + 1 in marked:
                last = last % 12 + 1
            found.append((month, last))
    return tuple(found)
