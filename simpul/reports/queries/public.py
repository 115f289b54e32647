"""The figures for everybody: the whole of the last months, and tables of whole quarters without small groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from simpul.lib import small_cells
from simpul.reports import access, rules
from simpul.reports.queries import counts

PUBLIC_DIMENSIONS = ("kind", "place", "channel", "desk")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one quarter, small groups hidden, also by difference."""

    quarter: rules.Quarter
    by: dict[str, small_cells.Shown]


def whole(since: datetime, until: datetime, at: datetime) -> counts.Headline:
    """The figures of a period as a whole, ordinary matters only. Four queries."""
    return counts.headline(counts.in_period(access.public_cases(), since, until), at)


def moments(quarter: rules.Quarter, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a quarter begins and ends at a place."""
    return _midnight(quarter.first_date, zone), _midnight(quarter.end_date, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def tables(quarter: rules.Quarter, zone: ZoneInfo, at: datetime) -> Tables:
    """The tables of a quarter by kind, village, road and desk. One query each."""
    rows = counts.in_period(access.public_cases(), *moments(quarter, zone))
    return Tables(
        quarter,
        {name: small_cells.protect(_rows(counts.groups(rows, name, at))) for name in PUBLIC_DIMENSIONS},
    )


def hamlets(
    quarter: rules.Quarter, village: str, found: Tables, zone: ZoneInfo, at: datetime
) -> small_cells.Shown | None:
    """The hamlets of one village in a quarter; None when the village itself is hidden. One query.

    What is hidden of the village is hidden of its hamlets, whose sum it is.
    """
    row = next((one for one in found.by["place"].rows if one.key == village), None)
    if row is None or row.whole is None:
        return None
    rows = counts.in_period(access.public_cases(), *moments(quarter, zone)).filter(region_code=village)
    return small_cells.protect(
        _rows(counts.groups(rows, "hamlet", at)), blind_parts=[part is None for part in row.parts]
    )


def _rows(groups: Sequence[counts.Group]) -> list[small_cells.Row]:
    return [small_cells.Row(one.key, one.received, (one.followed, one.overdue)) for one in groups]
