"""The next number of a series, under its lock. Steps of the acts that take numbers, not acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from simpul.letters.models import NumberBlock, Series, TakenNumber
from simpul.letters.rules import numbers as rules


def hold(region_code: str, series: str, year: int) -> Series:
    """The last number of a series in a year; its row is held until the transaction ends, so numbers come one after another."""
    key = rules.row_key(region_code, series, year)
    found, _made = Series.objects.select_for_update().get_or_create(key=key)
    return found


def take(
    held: Series,
    region_code: str,
    series: str,
    year: int,
    at: datetime,
    printed: Callable[[int], str],
) -> TakenNumber:
    """The next number of a series that this transaction holds, used from now on."""
    return put(held, region_code, series, year, at, 1, state="used", printed=printed)[0]


def put(
    held: Series,
    region_code: str,
    series: str,
    year: int,
    at: datetime,
    count: int,
    *,
    state: str,
    why: str = "",
    block: NumberBlock | None = None,
    printed: Callable[[int], str] | None = None,
) -> list[TakenNumber]:
    """The next ``count`` numbers of a series that this transaction holds: used, void with a reason, or set aside in a block."""
    first = held.last + 1
    rows = [
        TakenNumber(
            region_code=region_code,
            series=series,
            year=year,
            number=number,
            state=state,
            why=why,
            block=block,
            printed=printed(number) if printed else "",
            taken_at=at,
        )
        for number in range(first, first + count)
    ]
    TakenNumber.objects.bulk_create(rows)
    held.last += count
    Series.objects.filter(key=held.key).update(last=held.last)
    return rows
