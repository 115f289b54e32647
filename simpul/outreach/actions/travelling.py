"""How long ways take: data of an area that its people correct."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import TravelLeg
from simpul.outreach.rules import routes
from simpul.outreach.rules import trips as rules
from simpul.regions import queries as region_queries

CONFIDENCES = ("confirmed", "secondary", "unconfirmed")


class LegPlaces(Refused):
    """A way leads from one place to another."""

    code = "leg.places"
    sentence = _("Choose two different places: villages of this area, or the office.")
    field = "to_place"


def set_leg(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    from_place: str,
    to_place: str,
    mode: str,
    season: str,
    minutes: int | None,
    both_ways: bool = True,
    source: str = "",
    confidence: str = "unconfirmed",
    leg_id: UUID | None = None,
) -> TravelLeg:
    """Write down how long a way takes; ``minutes`` None: it cannot be passed then. What was said before is replaced, its line stays.

    Raises:
        LegPlaces, steps.ChoiceUnknown, NotAllowed.
    """
    roles.require(by, "leg.set", roles.Place(region_code))
    _trips.known(mode, rules.MODES)
    _trips.known(season, rules.SEASONS)
    _trips.known(confidence, CONFIDENCES)
    if minutes is not None and not 0 < minutes <= 7 * 24 * 60:
        raise steps.ChoiceUnknown
    if from_place == to_place or not all(_exists(one) for one in (from_place, to_place)):
        raise LegPlaces
    said = {"minutes": minutes, "both_ways": both_ways, "source": text.clean_line(source, 150)}
    same = {
        "region_code": region_code,
        "from_place": from_place,
        "to_place": to_place,
        "mode": mode,
        "season": season,
    }
    with transaction.atomic():
        row = TravelLeg.objects.select_for_update().filter(**same, dropped_at=None).first()
        told = {**said, "confidence": confidence}
        if row is not None and all(getattr(row, name) == value for name, value in told.items()):
            return row
        row = row or TravelLeg(id=leg_id or uuid7(), **same)
        for name, value in told.items():
            setattr(row, name, value)
        row.set_at, row.set_by = at, by.name[:150]
        row.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="leg.set",
            subject_kind="leg",
            subject_id=row.id,
            facts={**same, **told},
            region_code=region_code,
        )
    return row


def _exists(place: str) -> bool:
    return place == routes.OFFICE or (len(place) == 10 and region_queries.find_region(place) is not None)


def drop_leg(*, by: Actor, at: datetime, leg_id: UUID) -> None:
    """Take back how long a way takes: nobody knows it any more. Again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = TravelLeg.objects.select_for_update().filter(id=leg_id).first()
        if row is None:
            raise NotFound
        roles.require(by, "leg.drop", roles.Place(row.region_code))
        if row.dropped_at is not None or not access.legs(by).filter(id=leg_id).exists():
            return
        row.dropped_at = at
        row.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="leg.drop",
            subject_kind="leg",
            subject_id=row.id,
            facts={"from": row.from_place, "to": row.to_place, "mode": row.mode, "season": row.season},
            region_code=row.region_code,
        )
