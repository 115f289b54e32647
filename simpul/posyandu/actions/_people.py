"""Steps of the acts on cards and days: the day at a place, and one open card of a person on a form."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from simpul.lib import when
from simpul.posyandu.models import Participant
from simpul.regions import queries as region_queries


def local_day(region_code: str, at: datetime) -> date:
    """The date at the posyandu."""
    return when.local_date(at, region_queries.zone_of(region_code))


def open_card(person_id: UUID, form: str) -> Participant | None:
    """The person's open card on a form, wherever it is."""
    found = Participant.objects.filter(person_id=person_id, form=form, closed_date=None)
    return found.select_related("posyandu", "person").first()
