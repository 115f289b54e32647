"""Which feedback an actor may see: that of their area for roles that oversee or code, of their desks for everybody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.feedback.models import Change, Record, RecordSet, Rumour
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound


def visible(by: Actor) -> RecordSet:
    """What this actor may read. Nothing for the public, for partners, and for roles that only administer."""
    if by.role == SYSTEM:
        return Record.objects.all()
    if not by.desk_ids or not roles.may_somewhere(by, "feedback.record"):
        return Record.objects.none()
    seen = Q(desk_id__in=by.desk_ids)
    if roles.may_somewhere(by, "feedback.code"):
        seen |= inside(by)
    return Record.objects.filter(seen)


def get_for(by: Actor, record_id: UUID, *, lock: bool = False) -> Record:
    """One piece of feedback, if this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by).select_related("hamlet", "desk", "rumour", "case")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=record_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(record: Record) -> roles.Place:
    """Where a piece of feedback lies, for the role table."""
    holders = frozenset({record.desk_id}) if record.desk_id else frozenset()
    return roles.Place(record.region_code, holders, holders)


def rumours(by: Actor) -> Any:
    """Rumours heard in the area of this actor, for those who may code."""
    if by.role != SYSTEM and (not by.desk_ids or not roles.may_somewhere(by, "feedback.code")):
        return Rumour.objects.none()
    return Rumour.objects.filter(inside(by))


def rumour_for(by: Actor, rumour_id: UUID) -> Rumour:
    """One rumour, if this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = rumours(by).filter(id=rumour_id).first()
    if found is None:
        raise NotFound
    return found


def changes(by: Actor) -> Any:
    """What changed, in the area of this actor or around it: whoever takes feedback can tell people."""
    if by.role != SYSTEM and not roles.may_somewhere(by, "feedback.record"):
        return Change.objects.none()
    around = inside(by) | Q(
        region_code__in=[code[:size] for code in by.served_areas for size in (0, 2, 4, 6)]
    )
    return Change.objects.filter(around)


def public_changes() -> Any:
    """What the public reads of what changed."""
    return Change.objects.filter(is_public=True, withdrawn_at=None)


def public_rumours() -> Any:
    """Rumours whose answer the public reads."""
    return Rumour.objects.filter(answer_public=True).exclude(answer="")


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)
