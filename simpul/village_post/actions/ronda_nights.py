"""The book of a night: who came, which points were passed, what changed hands, which guests were reported, what was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import (
    Gear,
    GearHandover,
    NightNote,
    Patrol,
    Presence,
    StayReport,
    Watcher,
    WatchIncident,
    WatchNight,
    WatchPoint,
)
from simpul.village_post.queries import ronda as queries
from simpul.village_post.rules import ronda as rules

OLDEST_NIGHT = 731
"""So many days back a night may still be written down."""
ENTRIES: dict[str, Any] = {
    "presence": Presence,
    "patrol": Patrol,
    "handover": GearHandover,
    "note": NightNote,
    "stay": StayReport,
    "incident": WatchIncident,
}


class NightClosed(Refused):
    """The book of a night is closed in the morning."""

    code = "watchnight.closed"
    sentence = _("The book of this night is closed. Open it again to add what was forgotten.")


class NightAhead(Refused):
    """A book is opened for a night that has come."""

    code = "watchnight.ahead"
    sentence = _("This night has not come yet. Open the book of tonight, or of a night before.")


class PostClosed(Refused):
    """A post that is closed has no nights."""

    code = "watchpost.closed"
    sentence = _("This post is closed. Open it again first.")


@dataclass(frozen=True, slots=True)
class Handed:
    """A thing that changes hands."""

    gear_id: UUID
    count: int = 1
    condition: str = "good"
    from_name: str = ""
    to_name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class StayGiven:
    """A guest who stays."""

    name: str
    host_name: str = ""
    host_id: UUID | None = None
    nik: str = ""
    origin: str = ""
    phone: str = ""
    people: int = 1
    hamlet_id: UUID | None = None
    purpose: str = ""
    until_date: date | None = None


def open_watchnight(
    *, by: Actor, at: datetime, post_id: UUID, night_date: date, night_id: UUID | None = None
) -> WatchNight:
    """Open the book of a night; the one that is there already is given back.

    Raises:
        NightAhead, PostClosed.
        _watch.ChoiceNotThere: a night that lies more than two years back.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id, lock=True)
        roles.require(by, "watchnight.open", access.place(post.region_code, by))
        known = WatchNight.objects.filter(post=post, night_date=night_date).first()
        if known is not None:
            return known
        if post.closed_at is not None:
            raise PostClosed
        tonight = queries.tonight(post, at)
        if night_date > tonight:
            raise NightAhead
        if (tonight - night_date).days > OLDEST_NIGHT:
            raise _watch.ChoiceNotThere
        night = WatchNight.objects.create(
            id=night_id or uuid7(),
            post=post,
            night_date=night_date,
            opened_at=at,
            recorded_by=by.name[:150],
        )
        _watch_line(by, at, "watchnight.open", night, facts={"night": night_date})
    return night


def close_watchnight(*, by: Actor, at: datetime, night_id: UUID, note: str = "") -> None:
    """Close the book of a night. Who is still written as present has left now."""
    with transaction.atomic():
        night = access.night_for(by, night_id, lock=True)
        roles.require(by, "watchnight.close", access.place(night.post.region_code, by))
        if night.closed_at is not None:
            return
        end = rules.moment_in_night(
            night.night_date, night.post.ends, queries.zone_of(night.post.region_code)
        )
        left = max(night.opened_at, min(at, end))
        for one in night.presences.filter(withdrawn_at=None, left_at=None):
            Presence.objects.filter(id=one.id).update(left_at=max(left, one.came_at))
        night.closed_at, night.closing_note = at, text.clean_text(note)[:2000]
        night.save(update_fields=["closed_at", "closing_note"])
        inputs = {"note": night.closing_note} if night.closing_note else None
        _watch_line(by, at, "watchnight.close", night, facts={"night": night.night_date}, inputs=inputs)


def reopen_watchnight(*, by: Actor, at: datetime, night_id: UUID) -> None:
    """Open the book of a night again, to add what was forgotten."""
    with transaction.atomic():
        night = access.night_for(by, night_id, lock=True)
        roles.require(by, "watchnight.reopen", access.place(night.post.region_code, by))
        if night.closed_at is None:
            return
        night.closed_at = None
        night.save(update_fields=["closed_at"])
        _watch_line(by, at, "watchnight.reopen", night, facts={"night": night.night_date})


def record_presence(
    *,
    by: Actor,
    at: datetime,
    night_id: UUID,
    came_at: datetime,
    watcher_id: UUID | None = None,
    name: str = "",
    presence_id: UUID | None = None,
) -> Presence:
    """Write down who came, on the roster or not. Somebody who is there already is not written twice.

    Raises:
        NightClosed, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        night = _open_night(by, "presence.record", night_id)
        known = _watch.again(Presence, presence_id, night_id=night.id)
        if known is None and watcher_id is not None:
            known = night.presences.filter(watcher_id=watcher_id, withdrawn_at=None).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        watcher = _of_post(night, Watcher, watcher_id)
        made = Presence.objects.create(
            **_watch.written(by, at, presence_id),
            night=night,
            watcher=watcher,
            name=_watch.words(watcher.name if watcher else name, field="name", most=150),
            came_at=came_at,
        )
        facts = {"came_at": came_at, "watcher": str(watcher_id or "")}
        _watch_line(by, at, "presence.record", night, facts=facts, inputs={"name": made.name})
    return made


def end_presence(*, by: Actor, at: datetime, night_id: UUID, presence_id: UUID, left_at: datetime) -> None:
    """Write down when somebody left.

    Raises:
        NightClosed, NotFound.
    """
    with transaction.atomic():
        night = _open_night(by, "presence.end", night_id)
        row = night.presences.filter(id=presence_id, withdrawn_at=None).first()
        if row is None:
            raise NotFound
        row.left_at = max(left_at, row.came_at)
        row.save(update_fields=["left_at"])
        _watch_line(by, at, "presence.end", night, facts={"entry": str(row.id), "left_at": row.left_at})


def record_patrol(
    *,
    by: Actor,
    at: datetime,
    night_id: UUID,
    point_id: UUID,
    passed_at: datetime,
    safe: bool = True,
    words: str = "",
    patrol_id: UUID | None = None,
) -> Patrol:
    """Write down that a point was passed, and what was seen when it was not as it should be.

    Raises:
        NightClosed, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        night = _open_night(by, "patrol.record", night_id)
        known = _watch.again(Patrol, patrol_id, night_id=night.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        point = _of_post(night, WatchPoint, point_id)
        made = Patrol.objects.create(
            **_watch.written(by, at, patrol_id),
            night=night,
            point=point,
            passed_at=passed_at,
            safe=safe,
            words=_watch.line_of(words, 200),
        )
        _watch_line(by, at, "patrol.record", night, facts={"point": str(point_id), "safe": safe})
    return made


def hand_gear(
    *,
    by: Actor,
    at: datetime,
    night_id: UUID,
    handed_at: datetime,
    handed: Handed,
    handover_id: UUID | None = None,
) -> GearHandover:
    """Write down that a key or a thing changed hands, how many and in which condition.

    Raises:
        NightClosed, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        night = _open_night(by, "gear.hand", night_id)
        known = _watch.again(GearHandover, handover_id, night_id=night.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        made = GearHandover.objects.create(
            **_watch.written(by, at, handover_id),
            night=night,
            gear=_of_post(night, Gear, handed.gear_id),
            handed_at=handed_at,
            count=min(max(handed.count, 0), 999),
            condition=_watch.chosen(handed.condition, rules.CONDITIONS),
            from_name=_watch.line_of(handed.from_name, 100),
            to_name=_watch.line_of(handed.to_name, 100),
            words=_watch.line_of(handed.words, 200),
        )
        facts = {"gear": str(handed.gear_id), "count": made.count, "condition": made.condition}
        _watch_line(by, at, "gear.hand", night, facts=facts)
    return made


def write_nightnote(
    *, by: Actor, at: datetime, night_id: UUID, noted_at: datetime, words: str, note_id: UUID | None = None
) -> NightNote:
    """Write a line in the book of mutations.

    Raises:
        NightClosed, _watch.WordMissing.
    """
    with transaction.atomic():
        night = _open_night(by, "nightnote.write", night_id)
        known = _watch.again(NightNote, note_id, night_id=night.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        made = NightNote.objects.create(
            **_watch.written(by, at, note_id),
            night=night,
            noted_at=noted_at,
            words=_watch.words(words, field="words", most=500),
        )
        _watch_line(by, at, "nightnote.write", night, inputs={"words": made.words})
    return made


def strike_nightentry(*, by: Actor, at: datetime, night_id: UUID, kind: str, entry_id: UUID) -> None:
    """Take back something that was written down wrongly in this night; it stays, marked as taken back.

    Raises:
        NightClosed, NotFound.
    """
    with transaction.atomic():
        night = _open_night(by, "nightentry.strike", night_id)
        table = ENTRIES.get(kind)
        if table is None:
            raise NotFound
        rows = table._default_manager.filter(id=entry_id, night=night)
        if table is WatchIncident:
            rows = rows.filter(protected=False, case=None)
        if rows.filter(withdrawn_at=None).update(withdrawn_at=at):
            _watch_line(by, at, "nightentry.strike", night, facts={"entry": str(entry_id), "kind": kind})
        elif not rows.exists():
            raise NotFound


# --- guests who stay --------------------------------------------------------------------------------------------------------------


def report_stay(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    arrived_at: datetime,
    reported_at: datetime,
    given: StayGiven,
    night_id: UUID | None = None,
    stay_id: UUID | None = None,
) -> StayReport:
    """Write down a guest who stays with somebody longer than 24 hours. A late report is taken and marked late, never refused.

    Raises:
        _watch.WordMissing, _watch.PlaceNotKnown, _watch.ChoiceNotThere.
    """
    roles.require(by, "stay.report", access.place(region_code, by))
    with transaction.atomic():
        known = _watch.again(StayReport, stay_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        night = access.night_for(by, night_id) if night_id else None
        host = _watch.person(by, given.host_id)
        made = StayReport.objects.create(
            **_watch.written(by, at, stay_id),
            region_code=_watch.village(region_code),
            night=night,
            post=night.post if night else None,
            name=_watch.words(given.name, field="name", most=150),
            nik="".join(mark for mark in given.nik if mark.isdigit())[:16],
            origin=_watch.line_of(given.origin, 200),
            phone=_watch.number(given.phone),
            people=min(max(given.people, 1), 500),
            host=host,
            host_name=_watch.words(
                given.host_name or (host.full_name if host else ""), field="host_name", most=150
            ),
            hamlet_id=_watch.hamlet(region_code, given.hamlet_id),
            purpose=_watch.line_of(given.purpose, 200),
            arrived_at=arrived_at,
            reported_at=reported_at,
            late=rules.reported_late(arrived_at, reported_at),
            until_date=given.until_date,
        )
        facts = {"people": made.people, "late": made.late}
        _watch.line(
            by, at, "stay.report", ("stay", made.id), region_code, facts=facts, inputs={"name": made.name}
        )
    return made


def end_stay(*, by: Actor, at: datetime, stay_id: UUID, left_date: date | None) -> None:
    """Write down the day a guest left; without a day, that they are still here."""
    with transaction.atomic():
        stay = access.stay_for(by, stay_id, lock=True)
        roles.require(by, "stay.end", access.place(stay.region_code, by))
        if stay.left_date == left_date:
            return
        stay.left_date = left_date
        stay.save(update_fields=["left_date"])
        _watch.line(by, at, "stay.end", ("stay", stay.id), stay.region_code, facts={"left": left_date})


# --- shared -----------------------------------------------------------------------------------------------------------------------


def _open_night(by: Actor, act: str, night_id: UUID) -> WatchNight:
    """Lock a night, ask for permission, and see that its book is open."""
    night = access.night_for(by, night_id, lock=True)
    roles.require(by, act, access.place(night.post.region_code, by))
    if night.closed_at is not None:
        raise NightClosed
    return night


def _of_post(night: WatchNight, table: Any, key: UUID | None) -> Any:
    """Something of the post of this night.

    Raises:
        ChoiceNotThere: it belongs to another post.
    """
    if key is None:
        return None
    found = table._default_manager.filter(id=key, post_id=night.post_id).first()
    if found is None:
        raise _watch.ChoiceNotThere
    return found


def _watch_line(by: Actor, at: datetime, kind: str, night: WatchNight, **more: object) -> None:
    _watch.line(by, at, kind, ("watch_night", night.id), night.post.region_code, **more)  # type: ignore[arg-type]
