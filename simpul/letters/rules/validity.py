"""What a released letter is worth today, and which code says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

STATES: tuple[str, ...] = ("valid", "expired", "superseded", "revoked", "cancelled")
"""From good to bad. The words for people are in ``letters.queries.proof``."""

REMIND_DAYS = 7
"""So many days before a letter ends its applicant is told; a village's own custom, no law names a number (unconfirmed)."""

PHOTO_DAYS = 90
"""Photos of requirements are kept so long after release: until nobody asks about the letter any more (UU 27/2022 art. 16(2)g: kept no
longer than the purpose needs; the number is this program's)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was done with a letter after it was released."""

    valid_until: date | None = None
    cancelled: bool = False
    revoked: bool = False
    superseded: bool = False


def state_of(one: Standing, today: date) -> str:
    """One of ``STATES``: what was taken back stays taken back, also after its last day; the last day itself still counts."""
    if one.cancelled:
        return "cancelled"
    if one.revoked:
        return "revoked"
    if one.superseded:
        return "superseded"
    if one.valid_until is not None and today > one.valid_until:
        return "expired"
    return "valid"


def ends_soon(valid_until: date | None, letter_date: date, today: date) -> bool:
    """True in the last ``REMIND_DAYS`` days of a letter that lasts longer than twice that: a letter for three days needs no reminder."""
    if valid_until is None or (valid_until - letter_date).days < 2 * REMIND_DAYS:
        return False
    return today <= valid_until <= today + timedelta(days=REMIND_DAYS)
