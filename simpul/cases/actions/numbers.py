"""Numbers of matters: gap-free in each month, whoever takes matters in at once. Steps of intake, not acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from simpul.cases.models import CaseReservation, NumberSeries
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries


class NumberNotFree(Refused):
    """A number that was not reserved for this matter, or that another has."""

    code = "case.number_not_free"
    sentence = _(
        "The number %(number)s was not set aside for this matter, or it is used already. Take the matter in without it."
    )
    field = "number"


def series_of(at: datetime, region_code: str) -> NumberSeries:
    """The numbers of the month, in the zone of the place; its row is held until the transaction ends."""
    local = at.astimezone(ZoneInfo(region_queries.zone_of(region_code)))
    key = f"{desk_queries.institution().number_prefix}-{local:%y%m}"
    series, _made = NumberSeries.objects.select_for_update().get_or_create(key=key)
    return series


def next_number(series: NumberSeries, at: datetime, region_code: str) -> str:
    """The next number of a series that this transaction holds."""
    return next_numbers(series, at, region_code, 1)[0]


def next_numbers(series: NumberSeries, at: datetime, region_code: str, count: int) -> list[str]:
    """The next numbers of a series that this transaction holds."""
    local = at.astimezone(ZoneInfo(region_queries.zone_of(region_code)))
    prefix = desk_queries.institution().number_prefix
    NumberSeries.objects.filter(key=series.key).update(last=series.last + count)
    return [
        ids.format_case_number(prefix, local.year, local.month, series.last + turn)
        for turn in range(1, count + 1)
    ]


def reservation_of(case_id: UUID) -> CaseReservation | None:
    """The number that was given out for a matter before it arrived, held until the transaction ends; None when there was none."""
    return CaseReservation.objects.select_for_update().filter(case_id=case_id).first()


def number_for(
    reservation: CaseReservation | None, number: str, series: NumberSeries, at: datetime, region_code: str
) -> str:
    """The number that was given out for this matter, used from now on; without one, the next of the series.

    One that was taken back is used as well: somebody holds its receipt.

    Raises:
        NumberNotFree: it is none, another matter's, or used.
    """
    if not number:
        return next_number(series, at, region_code)
    if reservation is None or reservation.number != number or reservation.state == "used":
        raise NumberNotFree(number=number[:24])
    CaseReservation.objects.filter(id=reservation.id).update(state="used", settled_at=at)
    return reservation.number
