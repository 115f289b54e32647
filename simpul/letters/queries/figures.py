"""Figures of letters for an area and a period, each defined once, here.

*Asked*: requests that came in the period (the day in the area's own time). *Released*: of these, those that were released since.
*Wait*: from the request to the release. *Outside*: of those asked, those taken in while the office was closed, as the request was marked
when it came. Only letters that the reader may see are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simpul.desks import queries as desk_queries
from simpul.letters import access
from simpul.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Waits:
    """Waiting times. ``slowest_tenth``: nine of ten letters waited at most so long. None without a released letter."""

    median: timedelta | None
    slowest_tenth: timedelta | None


@dataclass(frozen=True, slots=True)
class Letters:
    """The figures of one area and period."""

    asked: int
    released: int
    refused: int
    outside: int
    by_type: Mapping[str, int]  # name of the kind -> requests, the most first
    by_hour: Mapping[int, int]  # hour of the request in the area's time -> requests
    by_channel: Mapping[str, int]
    waits: Waits

    @property
    def outside_share(self) -> float | None:
        """Which part of the requests came outside office hours; None without requests."""
        return self.outside / self.asked if self.asked else None


def letters(by: Actor, region_code: str, first: date, last: date) -> Letters:
    """The figures of an area (a village or anything above it) from one day to another, both included. One query."""
    zone = desk_queries.zone_of(region_code)
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    end = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    rows = list(
        access.visible(by)
        .inside(region_code)
        .filter(requested_at__gte=start, requested_at__lt=end)
        .values_list(
            "type__code", "version__name", "requested_at", "released_at", "state", "outside_hours", "channel"
        )
    )
    waits = [released - asked for _code, _name, asked, released, *_rest in rows if released is not None]
    kinds = Counter(name or code for code, name, *_rest in rows)
    hours = Counter(asked.astimezone(zone).hour for _code, _name, asked, *_rest in rows)
    return Letters(
        asked=len(rows),
        released=len(waits),
        refused=sum(1 for row in rows if row[4] == "refused"),
        outside=sum(1 for row in rows if row[5]),
        by_type=dict(kinds.most_common()),
        by_hour={hour: hours.get(hour, 0) for hour in range(24)},
        by_channel=dict(Counter(row[6] for row in rows).most_common()),
        waits=_waits(waits),
    )


def _waits(found: Iterable[timedelta]) -> Waits:
    waits = sorted(max(one, timedelta()) for one in found)
    if not waits:
        return Waits(None, None)
    return Waits(waits[(len(waits) - 1) // 2], waits[-(-9 * len(waits) // 10) - 1])
