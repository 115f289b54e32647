"""Ages of children: in days as WHO counts them, in completed calendar months as the regulation does; and where WHO's tables end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

DAYS_OF_MONTH = 30.4375
"""Days of a month in WHO's software."""
STANDING_FROM_DAYS = 731
STANDING_FROM_MONTHS = 24
STANDS_FROM_MONTHS = 9
"""Younger children do not stand: WHO's software takes "standing" before 9 months for a slip of the pen."""


def completed_months(birth: date, on: date) -> int:
    """Completed calendar months: 2 months and 29 days are 2 (Permenkes 2/2020).

    A month is complete when the day of the month of the birth is reached; where a month has no such day, on the first of the next
    one (born 31 January: 28 February is 0, 1 March is 1). Before the birth the count is negative: the caller asks.
    """
    months = (on.year - birth.year) * 12 + on.month - birth.month
    return months - 1 if on.day < birth.day else months


@dataclass(frozen=True, slots=True)
class Bounds:
    """Up to which age scores are given. Days are whole; months are days / 30.4375, unrounded."""

    version: str
    child_days: int
    """Last day of the tables for 0 to 5 years."""
    youth_from: float
    """First month of the tables for 5 to 19 years."""
    weight_below: float
    """Weight by age ends before this month."""
    youth_below: float
    """Height and body mass index by age end before this month."""


BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {
        one.version: one
        for one in (
            Bounds("who-2025", 1826, 60.0, 121.0, 229.0),  # anthro 1.0 (below 60 months), anthroplus 1.1
            Bounds(
                "who-2020", 1826, 61.0, 120.0 + 1e-9, 228.0 + 1e-9
            ),  # anthroplus 0.9: 61 to 120, 61 to 228
            Bounds("who-2009", 1856, 61.0, 121.0, 229.0),  # macros igrowup and who2007
        )
    }
)
CURRENT = BOUNDS["who-2025"]
