"""Numbers of matters: gap-free in each month, whoever takes matters in at once. Steps of intake, not acts."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from simpul.cases.models import NumberSeries
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.regions import queries as region_queries


def series_of(at: datetime, region_code: str) -> NumberSeries:
    """The numbers of the month, in the zone of the place; its row is held until the transaction ends."""
    local = at.astimezone(ZoneInfo(region_queries.zone_of(region_code)))
    key = f"{desk_queries.institution().number_prefix}-{local:%y%m}"
    series, _made = NumberSeries.objects.select_for_update().get_or_create(key=key)
    return series


def next_number(series: NumberSeries, at: datetime, region_code: str) -> str:
    """The next number of a series that this transaction holds."""
    local = at.astimezone(ZoneInfo(region_queries.zone_of(region_code)))
    last = series.last + 1
    NumberSeries.objects.filter(key=series.key).update(last=last)
    return ids.format_case_number(desk_queries.institution().number_prefix, local.year, local.month, last)
