"""Numbers of matters: gap-free in each month, whoever takes matters in at once. Steps of intake, not acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from simpul.cases.models import CaseReservation, NumberSeries
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
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
    start = OWN_OF_A_NODE if settings.SIMPUL_NODE else 0
    series, _made = NumberSeries.objects.select_for_update().get_or_create(key=key, defaults={"last": start})
    return series


OWN_OF_A_NODE = 5_000_000
"""Where a village node counts from when it has used up the numbers of the server above: none of these is ever that server's."""


def begun(press_id: UUID | None, number: str) -> tuple[UUID, str, CaseReservation | None]:
    """The key of a new matter, the number that was handed out for it, and the row that says so; "" and None for the next of the series.

    On a village node the matter takes the next number of the server above that is free here, with the key that its receipt follows from.
    """
    if settings.SIMPUL_NODE and not number:
        held = CaseReservation.objects.select_for_update().filter(state="free").exclude(receipt=b"")
        found = held.order_by("number").first()
        if found is not None:
            CaseReservation.objects.filter(id=found.id).update(press_id=press_id)
            return found.case_id, found.number, found
    return press_id or uuid7(), number, reservation_of(press_id) if press_id else None


def pressed(press_id: UUID | None) -> UUID | None:
    """The key of the matter that was sent in under this key: on a village node they differ."""
    if press_id is None or not settings.SIMPUL_NODE:
        return press_id
    found = CaseReservation.objects.filter(press_id=press_id, state="used").first()
    return found.case_id if found is not None else press_id


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
