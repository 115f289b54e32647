"""Which posts, nights and incidents of the night watch an actor may see. What was opened as a protected matter is on none of the lists."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.village_post.access import _inside
from simpul.village_post.models import (
    StayReport,
    Watcher,
    WatchIncident,
    WatchNight,
    WatchPost,
    WatchRoster,
)

READING = ("watchnight.open", "watchroster.publish")


def posts(by: Actor) -> QuerySet[WatchPost]:
    """Watch posts of this actor's area."""
    return _inside.rows(by, WatchPost, READING)


def post_for(by: Actor, post_id: UUID, *, lock: bool = False) -> WatchPost:
    """One post. Raises NotFound."""
    found: WatchPost = _inside.one(posts(by), post_id, lock=lock)
    return found


def watcher_for(by: Actor, watcher_id: UUID, *, lock: bool = False) -> Watcher:
    """Somebody of a post. Raises NotFound."""
    rows = _inside.rows(by, Watcher, READING, "post__region_code").select_related("post")
    found: Watcher = _inside.one(rows, watcher_id, lock=lock)
    return found


def roster_for(by: Actor, roster_id: UUID, *, lock: bool = False) -> WatchRoster:
    """A roster of a post. Raises NotFound."""
    rows = _inside.rows(by, WatchRoster, READING, "post__region_code").select_related("post")
    found: WatchRoster = _inside.one(rows, roster_id, lock=lock)
    return found


def nights(by: Actor) -> QuerySet[WatchNight]:
    """Nights of the posts of this actor's area."""
    return _inside.rows(by, WatchNight, READING, "post__region_code").select_related("post")


def night_for(by: Actor, night_id: UUID, *, lock: bool = False) -> WatchNight:
    """One night. Raises NotFound."""
    found: WatchNight = _inside.one(nights(by), night_id, lock=lock)
    return found


def stays(by: Actor) -> QuerySet[StayReport]:
    """Guests who were reported in this actor's area, without those taken back."""
    return _inside.rows(by, StayReport, READING).filter(withdrawn_at=None)


def stay_for(by: Actor, stay_id: UUID, *, lock: bool = False) -> StayReport:
    """One report of a guest. Raises NotFound."""
    found: StayReport = _inside.one(stays(by), stay_id, lock=lock)
    return found


def incidents(by: Actor) -> QuerySet[WatchIncident]:
    """What happened in this actor's area, without what was taken back and without what is protected: that is read in its matter."""
    return _inside.rows(by, WatchIncident, READING).filter(withdrawn_at=None, protected=False)


def incident_for(by: Actor, incident_id: UUID, *, lock: bool = False) -> WatchIncident:
    """One incident that is not protected. Raises NotFound."""
    rows = incidents(by) if lock else incidents(by).select_related("post", "night", "hamlet", "case")
    found: WatchIncident = _inside.one(rows, incident_id, lock=lock)
    return found


def place(region_code: str, by: Actor) -> roles.Place:
    """Where something of the night watch lies, for the role table."""
    return roles.Place(region_code, by.desk_ids, by.desk_ids)
