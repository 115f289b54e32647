"""Where an area lies, for maps that are drawn here: the shipped list has no positions, so people put them in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries
from simpul.regions.models import Region

BOX = ((-12.0, 7.0), (94.0, 142.0))
"""Degrees of latitude and of longitude between which Indonesia lies."""


class NoPosition(Refused):
    """Numbers that lie outside the country, or only one of them."""

    code = "region.no_position"
    sentence = _("Enter latitude and longitude in degrees, for example -2.35 and 115.58, inside Indonesia.")
    field = "latitude"


def place_region(
    *, by: Actor, at: datetime, code: str, latitude: float | None, longitude: float | None
) -> None:
    """Say where an area lies, or that nobody knows (both None). The same again changes nothing.

    Raises:
        NoPosition, NotFound, NotAllowed.
    """
    roles.require(by, "region.place", roles.Place(code))
    with transaction.atomic():
        row = Region.objects.select_for_update().filter(code=code).first()
        if row is None:
            raise NotFound
        if not _inside(latitude, longitude):
            raise NoPosition
        if (row.latitude, row.longitude) == (latitude, longitude):
            return
        row.latitude, row.longitude = latitude, longitude
        row.save(update_fields=["latitude", "longitude"])
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="region.place",
            subject_kind="region",
            subject_id=journal_actions.NOWHERE,
            facts={"code": code, "latitude": latitude, "longitude": longitude},
            region_code=code,
        )


def _inside(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return latitude is None and longitude is None
    (south, north), (west, east) = BOX
    return south <= latitude <= north and west <= longitude <= east
