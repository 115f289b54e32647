"""What weight is worth, which row of a dated list is valid on a day, and what an opening day is. Whole grams and rupiah."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol, TypeVar


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


GROUPS: Mapping[str, str] = {
    "plastic": _("Plastic"),
    "paper": _("Paper and cardboard"),
    "metal": _("Metal"),
    "glass": _("Glass"),
    "oil": _("Used cooking oil"),
    "electronic": _("Electronic waste"),
    "textile": _("Cloth"),
    "other": _("Other waste"),
}
"""Groups of kinds, as tonnage is told upwards."""
SAVERS: Mapping[str, str] = {
    "person": _("Person"),
    "group": _("Group"),
    "class": _("School class"),
    "hamlet": _("Hamlet or RT"),
}
"""Who can have a pass book."""
MOST_GRAMS = 5_000_000
"""Five tonnes on one line: more is a slip of the finger."""
MOST_PER_KG = 10_000_000


def value(grams: int, per_kg: int) -> int:
    """Rupiah for a weight, rounded once, half a rupiah up: 1,250 g at Rp1.500 a kilogram are Rp1.875.

    Raises:
        ValueError: a weight or price below nought.
    """
    if grams < 0 or per_kg < 0:
        raise ValueError("neither weight nor price is below nought")
    return (2 * grams * per_kg + 1000) // 2000


class Dated(Protocol):
    """A row of a dated list."""

    @property
    def from_date(self) -> date:
        """The first day on which it is valid."""

    @property
    def recorded_at(self) -> datetime:
        """When it was written down."""


D = TypeVar("D", bound=Dated)


def valid_on(rows: Iterable[D], day: date) -> D | None:
    """The row that is valid on a day: of those that have begun the one with the latest first day; of two with one first day the newer.

    None before the first of them.
    """
    begun = [row for row in rows if row.from_date <= day]
    return max(begun, key=lambda row: (row.from_date, row.recorded_at), default=None)


def is_open(day: date, open_days: Collection[int]) -> bool:
    """True when the bank is open on a weekday (0 Monday ... 6 Sunday); without any day named it always is."""
    return not open_days or day.weekday() in open_days
