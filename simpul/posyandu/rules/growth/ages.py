"""Ages of children: in days as WHO counts them, in completed calendar months as the regulation does."""

from __future__ import annotations

from datetime import date

DAYS_OF_MONTH = 30.4375
"""Days of a month in WHO's software."""


def completed_months(birth: date, on: date) -> int:
    """Completed calendar months: 2 months and 29 days are 2 (Permenkes 2/2020).

    A month is complete when the day of the month of the birth is reached; where a month has no such day, on the first of the next
    one (born 31 January: 28 February is 0, 1 March is 1). Before the birth the count is negative: the caller asks.
    """
    months = (on.year - birth.year) * 12 + on.month - birth.month
    return months - 1 if on.day < birth.day else months
