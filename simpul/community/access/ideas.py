"""Ideas, plan rows, directory and board: those of the area, for seats that work with them. What everybody sees is read by ``queries``."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.community.models import (
    Bulletin,
    BulletinSet,
    Idea,
    IdeaSet,
    Listing,
    ListingSet,
    PlanRow,
    PlanRowSet,
)
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound

READING = ("assistance.begin", "idea.publish", "planrow.decide")
KEEPING = ("listing.add",)
POSTING = ("bulletin.add",)


def _may(by: Actor, acts: tuple[str, ...]) -> bool:
    return by.role == SYSTEM or any(roles.may_somewhere(by, act) for act in acts)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return Q() if by.role == SYSTEM else areas.inside_any(by.served_areas)


def visible(by: Actor) -> IdeaSet:
    """Ideas inside the actor's area."""
    return Idea.objects.filter(inside(by)) if _may(by, READING) else Idea.objects.none()


def idea_for(by: Actor, idea_id: UUID, *, lock: bool = False) -> Idea:
    """One idea, if this actor may see it: an officer those of the area, everybody else those that were published.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Idea.objects.public() if by.is_public else visible(by)
    rows = (
        rows.select_for_update(of=("self",))
        if lock
        else rows.select_related("hamlet", "case", "author", "merged_into", "assistance")
    )
    found = rows.filter(id=idea_id).first()
    if found is None:
        raise NotFound
    return found


def plan_rows(by: Actor) -> PlanRowSet:
    """Rows of village plans inside the actor's area."""
    return PlanRow.objects.filter(inside(by)) if _may(by, READING) else PlanRow.objects.none()


def plan_row_for(by: Actor, row_id: UUID, *, lock: bool = False) -> PlanRow:
    """One row of a plan, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = plan_rows(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("idea", "hamlet")
    found = rows.filter(id=row_id).first()
    if found is None:
        raise NotFound
    return found


def listings(by: Actor) -> ListingSet:
    """The directory of the actor's area, also what ended."""
    return Listing.objects.filter(inside(by)) if _may(by, KEEPING) else Listing.objects.none()


def listing_for(by: Actor, listing_id: UUID, *, lock: bool = False) -> Listing:
    """One line of the directory, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = listings(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("hamlet")
    found = rows.filter(id=listing_id).first()
    if found is None:
        raise NotFound
    return found


def bulletins(by: Actor) -> BulletinSet:
    """Bulletins of the actor's area, also what ended."""
    return Bulletin.objects.filter(inside(by)) if _may(by, POSTING) else Bulletin.objects.none()


def bulletin_for(by: Actor, bulletin_id: UUID, *, lock: bool = False) -> Bulletin:
    """One bulletin, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = bulletins(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("hamlet")
    found = rows.filter(id=bulletin_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(code: str) -> roles.Place:
    """A place by its region, for the role table."""
    return roles.Place(region_code=code)
