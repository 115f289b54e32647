"""Which meetings an actor may see: those of the area of the seat, for roles that hold meetings or take their lists further."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.meetings.models import Meeting, MeetingSet

_READING = ("meeting.plan", "package.make")


def visible(by: Actor) -> MeetingSet:
    """Meetings of this actor's area. Nothing for the public, partners, and roles that only administer."""
    if by.role == SYSTEM:
        return Meeting.objects.all()
    if not any(roles.may_somewhere(by, act) for act in _READING):
        return Meeting.objects.none()
    return Meeting.objects.filter(inside(by))


def meeting_for(by: Actor, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """One meeting, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    else:
        rows = rows.select_related("hamlet", "desk", "replaces")
    found = rows.filter(id=meeting_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(meeting: Meeting) -> roles.Place:
    """Where a meeting lies, for the role table."""
    holders = frozenset({meeting.desk_id}) if meeting.desk_id else frozenset()
    return roles.Place(meeting.region_code, holders, holders)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)
