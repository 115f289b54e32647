"""Idle land: terms, shares, and what the paper says about rights.

A use by agreement never changes who the land belongs to (UU 5/1960, Basic Agrarian Law: rights arise by law and registration, not
by tilling with leave; KUHPerdata art. 1740 on borrowing). Shares are agreed by the people; for paddy the reference is UU 2/1960 on
sharecropping (secondary).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


GROUNDS: Mapping[str, str] = {
    "dry": _("dry field"),
    "paddy": _("paddy"),
    "garden": _("garden"),
    "yard": _("yard"),
    "pond": _("pond"),
}
HOW: Mapping[str, str] = {"signed": _("in writing, signed"), "spoken": _("spoken before witnesses")}
STATES: Mapping[str, str] = {
    "idle": _("looking for somebody to till it"),
    "no_consent": _("the owner has not agreed yet"),
    "used": _("in use"),
    "due": _("to be given back soon"),
    "overdue": _("should have been given back"),
}
SOON_DAYS = 30


def state_of(
    *, consent_until: date | None, used_until: date | None, today: date, soon: int = SOON_DAYS
) -> str:
    """Where a parcel stands, from the last day of the owner's consent and of the use that has not ended."""
    if used_until is not None:
        if used_until < today:
            return "overdue"
        return "due" if used_until - today <= timedelta(days=soon) else "used"
    return "idle" if consent_until is not None and consent_until >= today else "no_consent"


def fits(consent: tuple[date, date], use: tuple[date, date]) -> bool:
    """True when a use lies inside what the owner agreed to, both days counted."""
    return consent[0] <= use[0] <= use[1] <= consent[1]


def shares(grams: int, owner_percent: int, village_percent: int) -> tuple[int, int, int]:
    """A harvest in grams for owner, village and users. Parts of a gram go to the users, so that nothing is lost.

    Raises:
        ValueError: the shares are no percentages, or more than all of it.
    """
    if grams < 0 or owner_percent < 0 or village_percent < 0 or owner_percent + village_percent > 100:
        raise ValueError("shares are percentages of a harvest, together 100 at most")
    owner, village = grams * owner_percent // 100, grams * village_percent // 100
    return owner, village, grams - owner - village
