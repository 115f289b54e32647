"""Mandates of a village: which hold today, which are over, and who could get one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.letters import access
from simpul.letters.models import Mandate
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound

DEPUTIES = frozenset({"post_officer", "secretary"})
"""Roles that a head lends his name to: those who work on letters anyway."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A mandate and how it stands on a day: now, later, over, ended."""

    mandate: Mandate
    state: str


def mandates_of(by: Actor, region_code: str, day: date) -> list[Standing]:
    """The mandates of a village, those in force first: one query.

    Raises:
        NotFound: not this actor's village.
    """
    if not by.serves(region_code) or not roles.may_somewhere(by, "letter.draft"):
        raise NotFound
    rows = Mandate.objects.filter(region_code=region_code).order_by("-to_date", "-id")[:200]
    found = [Standing(one, _state(one, day)) for one in rows]
    return sorted(found, key=lambda one: ("now", "later", "over", "ended").index(one.state))


def _state(one: Mandate, day: date) -> str:
    if one.ended_at is not None:
        return "ended"
    if day < one.from_date:
        return "later"
    return "over" if day > one.to_date else "now"


def find_mandate(by: Actor, mandate_id: UUID) -> Mandate | None:
    """One mandate that this actor may see."""
    try:
        return access.mandate_for(by, mandate_id)
    except NotFound:
        return None


def in_force(region_code: str, seat_id: UUID, day: date) -> list[Mandate]:
    """The mandates a seat has on a day: for the counter page, which says what this officer may release tonight."""
    rows = Mandate.objects.filter(
        region_code=region_code, seat_id=seat_id, ended_at=None, from_date__lte=day, to_date__gte=day
    )
    return list(rows.order_by("to_date", "id"))


def seats_for(by: Actor, region_code: str, at: datetime) -> list[tuple[str, str]]:
    """Who could get a mandate: the village's officers and secretary, not the actor."""
    return [
        (str(one.id), f"{one.user.full_name} ({one.desk.name})")
        for one in desk_queries.seats_visible(by, at)
        if one.role in DEPUTIES and one.desk.region_code == region_code and one.user_id != by.user_id
    ]
