"""A visit to a door, written down once however often it is sent; and taken back when it was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import Visit
from simpul.outreach.rules import doors as rules
from simpul.people import access as people_access


class VisitAhead(Refused):
    """A visit has taken place."""

    code = "visit.ahead"
    sentence = _("The visit lies in the future. Enter the time at which you were there.")
    field = "visited_at"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at a door."""

    outcome: str
    spoke_to: str = ""
    words: str = ""
    latitude: float | None = None
    longitude: float | None = None


def record_visit(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    visited_at: datetime,
    found: Found,
    visit_id: UUID | None = None,
    stop_id: UUID | None = None,
) -> Visit:
    """Write a visit down: a fact, on whoever's list the household stands; the same ``visit_id`` again changes nothing.

    ``stop_id`` names the stop of a trip it was made from; a visit is kept also when this actor knows no such stop.

    Raises:
        VisitAhead, steps.ChoiceUnknown.
        NotFound: no such household for this actor.
        NotAllowed: the role walks to no doors there.
    """
    home = people_access.household_for(by, household_id)
    roles.require(by, "visit.record", roles.Place(home.region_code))
    if visited_at > at:
        raise VisitAhead
    if found.outcome not in rules.OUTCOMES or not _on_earth(found):
        raise steps.ChoiceUnknown
    with transaction.atomic():
        known = Visit.objects.filter(id=visit_id).first() if visit_id else None
        if known is not None:
            if known.household_id != household_id:
                raise NotFound
            return known
        visit = Visit.objects.create(
            id=visit_id or uuid7(),
            household_id=household_id,
            region_code=home.region_code,
            seat_id=by.seat_id,
            visited_at=visited_at,
            outcome=found.outcome,
            spoke_to=text.clean_line(found.spoke_to)[:150],
            words=text.clean_text(found.words)[:4000],
            latitude=found.latitude,
            longitude=found.longitude,
            recorded_at=at,
            by_name=by.name[:150],
            stop=_trips.stop_or_none(by, stop_id),
        )
        steps.line(
            by,
            at,
            "visit.record",
            "household",
            household_id,
            home.region_code,
            facts={"visit": str(visit.id), "outcome": found.outcome, "visited_at": visited_at},
            inputs={"spoke_to": visit.spoke_to, "words": visit.words},
        )
    return visit


def _on_earth(found: Found) -> bool:
    if found.latitude is None or found.longitude is None:
        return found.latitude is None and found.longitude is None
    return -90 <= found.latitude <= 90 and -180 <= found.longitude <= 180


def withdraw_visit(*, by: Actor, at: datetime, visit_id: UUID) -> None:
    """Take a visit back that one wrote down oneself; the row stays, marked.

    Raises:
        NotFound: there is no such visit of this seat, or it was taken back already.
    """
    with transaction.atomic():
        visit = Visit.objects.select_for_update().filter(id=visit_id, undone_at=None).first()
        if visit is None or by.seat_id is None or visit.seat_id != by.seat_id:
            raise NotFound
        roles.require(by, "visit.withdraw", roles.Place(visit.region_code))
        visit.undone_at = at
        visit.save()
        steps.line(
            by,
            at,
            "visit.withdraw",
            "household",
            visit.household_id,
            visit.region_code,
            facts={"visit": str(visit.id)},
        )
