"""Watch posts: where they are, the points of the round, the things of the post, who takes turns, and who is free of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import Exemption, Gear, Watcher, WatchPoint, WatchPost
from simpul.village_post.rules import ronda as rules

MOST_POINTS = 30
MOST_AT_ONCE = 100


class WatcherThere(Refused):
    """Somebody is on the list of this post already."""

    code = "watcher.there"
    sentence = _("%(name)s keeps watch at this post already. Change that line instead.")


class DatesTurned(Refused):
    """An end before its beginning."""

    code = "watch.dates_turned"
    sentence = _("The last day lies before the first. Turn the two days round, or leave the last day empty.")
    field = "until_date"


class TimesWrong(Refused):
    """Times of rounds that are none."""

    code = "watch.times_wrong"
    sentence = _("Write the times of the rounds like 22.30, 01.00, 03.30.")
    field = "round_times"


@dataclass(frozen=True, slots=True)
class PostGiven:
    """What is said of a post."""

    name: str = ""
    place: str = ""
    hamlet_id: UUID | None = None
    starts: time = time(22, 0)
    ends: time = time(4, 0)
    per_night: int = 4
    mode: str = "person"
    round_times: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatcherGiven:
    """Somebody who keeps watch: by their key in the register, or by name."""

    name: str = ""
    phone: str = ""
    group: str = ""
    person_id: UUID | None = None


def open_watchpost(
    *, by: Actor, at: datetime, region_code: str, given: PostGiven, post_id: UUID | None = None
) -> WatchPost:
    """Open a watch post in a village. The same ``post_id`` again gives the same post.

    Raises:
        _watch.PlaceNotKnown, _watch.WordMissing, _watch.ChoiceNotThere, TimesWrong.
    """
    roles.require(by, "watchpost.open", access.place(region_code, by))
    with transaction.atomic():
        known = _watch.again(WatchPost, post_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        post = WatchPost(
            id=post_id or uuid7(),
            region_code=_watch.village(region_code),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _fill(post, given)
        post.save(force_insert=True)
        _watch_line(by, at, "watchpost.open", post, facts={"per_night": post.per_night, "mode": post.mode})
    return post


def change_watchpost(*, by: Actor, at: datetime, post_id: UUID, given: PostGiven) -> None:
    """Change what is said of a post.

    Raises:
        _watch.WordMissing, _watch.ChoiceNotThere, TimesWrong.
    """
    with transaction.atomic():
        post = _locked_post(by, "watchpost.change", post_id)
        _fill(post, given)
        post.save()
        _watch_line(by, at, "watchpost.change", post, facts={"per_night": post.per_night, "mode": post.mode})


def close_watchpost(*, by: Actor, at: datetime, post_id: UUID, open_again: bool = False) -> None:
    """Close a post, or open a closed one again. Its nights stay."""
    with transaction.atomic():
        post = _locked_post(by, "watchpost.close", post_id)
        if (post.closed_at is None) == open_again:
            return
        post.closed_at = None if open_again else at
        post.save(update_fields=["closed_at"])
        _watch_line(by, at, "watchpost.close", post, facts={"open_again": open_again})


def _fill(post: WatchPost, given: PostGiven) -> None:
    post.name = _watch.words(given.name, field="name", most=100)
    post.place = _watch.line_of(given.place, 150)
    post.hamlet_id = _watch.hamlet(post.region_code, given.hamlet_id)
    post.starts, post.ends = given.starts, given.ends
    post.per_night = min(max(given.per_night, 1), 30)
    post.mode = _watch.chosen(given.mode, rules.MODES)
    post.round_times = _times(given.round_times, given.starts)


def _times(given: Sequence[str], starts: time) -> list[str]:
    """Times of day as HH:MM, in the order of the night."""
    try:
        found = {time.fromisoformat(one) for one in given}
    except ValueError as wrong:
        raise TimesWrong from wrong
    return [one.strftime("%H:%M") for one in sorted(found, key=lambda one: (one < starts, one))][:12]


# --- points and things --------------------------------------------------------------------------------------------------------


def add_watchpoint(
    *, by: Actor, at: datetime, post_id: UUID, name: str, point_id: UUID | None = None
) -> WatchPoint:
    """Add a point to the end of the round.

    Raises:
        _watch.WordMissing, _watch.ChoiceNotThere: no name, or more points than a round can have.
    """
    with transaction.atomic():
        post = _locked_post(by, "watchpoint.add", post_id)
        known = _watch.again(WatchPoint, point_id, post_id=post.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        place = post.points.count()
        if place >= MOST_POINTS:
            raise _watch.ChoiceNotThere
        point = WatchPoint.objects.create(
            id=point_id or uuid7(),
            post=post,
            name=_watch.words(name, field="name", most=100),
            position=place,
        )
        _watch_line(
            by, at, "watchpoint.add", post, facts={"point": str(point.id)}, inputs={"name": point.name}
        )
    return point


def remove_watchpoint(
    *, by: Actor, at: datetime, post_id: UUID, point_id: UUID, put_back: bool = False
) -> None:
    """Take a point out of the round, or put it back. Rounds that passed it stay.

    Raises:
        NotFound: there is no such point.
    """
    with transaction.atomic():
        post = _locked_post(by, "watchpoint.remove", post_id)
        changed = post.points.filter(id=point_id, removed_at__isnull=not put_back).update(
            removed_at=None if put_back else at
        )
        if changed:
            facts = {"point": str(point_id), "put_back": put_back}
            _watch_line(by, at, "watchpoint.remove", post, facts=facts)
        elif not post.points.filter(id=point_id).exists():
            raise NotFound


def add_gear(
    *,
    by: Actor,
    at: datetime,
    post_id: UUID,
    kind: str,
    name: str = "",
    count: int = 1,
    gear_id: UUID | None = None,
) -> Gear:
    """Put a key or a thing on the list of the post.

    Raises:
        _watch.ChoiceNotThere: no such kind.
    """
    with transaction.atomic():
        post = _locked_post(by, "gear.add", post_id)
        known = _watch.again(Gear, gear_id, post_id=post.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        gear = Gear.objects.create(
            id=gear_id or uuid7(),
            post=post,
            kind=_watch.chosen(kind, rules.GEAR),
            name=_watch.line_of(name, 100),
            count=min(max(count, 1), 999),
        )
        _watch_line(by, at, "gear.add", post, facts={"kind": kind, "count": gear.count})
    return gear


def remove_gear(*, by: Actor, at: datetime, post_id: UUID, gear_id: UUID, put_back: bool = False) -> None:
    """Take a thing off the list, or put it back.

    Raises:
        NotFound: there is no such thing.
    """
    with transaction.atomic():
        post = _locked_post(by, "gear.remove", post_id)
        changed = post.gear.filter(id=gear_id, removed_at__isnull=not put_back).update(
            removed_at=None if put_back else at
        )
        if changed:
            _watch_line(by, at, "gear.remove", post, facts={"gear": str(gear_id), "put_back": put_back})
        elif not post.gear.filter(id=gear_id).exists():
            raise NotFound


# --- who takes turns ------------------------------------------------------------------------------------------------------------


def add_watcher(
    *, by: Actor, at: datetime, post_id: UUID, given: WatcherGiven, watcher_id: UUID | None = None
) -> Watcher:
    """Put somebody on the list of those who take turns. The same ``watcher_id`` again changes nothing.

    Raises:
        WatcherThere: this person of the register is on the list already.
        _watch.WordMissing.
    """
    with transaction.atomic():
        post = _locked_post(by, "watcher.add", post_id)
        known = _watch.again(Watcher, watcher_id, post_id=post.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        person = _watch.person(by, given.person_id)
        if person and post.watchers.filter(person=person, ended_at=None).exists():
            raise WatcherThere(name=person.full_name)
        watcher = Watcher.objects.create(
            id=watcher_id or uuid7(),
            post=post,
            person=person,
            name=_watch.words(given.name or (person.full_name if person else ""), field="name", most=150),
            phone=_watch.number(given.phone),
            group=_watch.line_of(given.group, 24),
            recorded_at=at,
        )
        facts = {"watcher": str(watcher.id), "group": watcher.group}
        _watch_line(by, at, "watcher.add", post, facts=facts, inputs={"name": watcher.name})
    return watcher


def change_watcher(*, by: Actor, at: datetime, watcher_id: UUID, name: str, phone: str, group: str) -> None:
    """Change name, telephone and group of somebody.

    Raises:
        _watch.WordMissing.
    """
    with transaction.atomic():
        watcher = access.watcher_for(by, watcher_id, lock=True)
        roles.require(by, "watcher.change", access.place(watcher.post.region_code, by))
        watcher.name = _watch.words(name, field="name", most=150)
        watcher.phone, watcher.group = _watch.number(phone), _watch.line_of(group, 24)
        watcher.save(update_fields=["name", "phone", "group"])
        facts = {"watcher": str(watcher.id), "group": watcher.group}
        _watch_line(by, at, "watcher.change", watcher.post, facts=facts, inputs={"name": watcher.name})


def end_watcher(*, by: Actor, at: datetime, watcher_id: UUID, back: bool = False) -> None:
    """Take somebody off the list, or put them back. Nights they kept stay; nights to come are for the next roster to fill.

    Raises:
        WatcherThere: they stand on the list by another line.
    """
    with transaction.atomic():
        watcher = access.watcher_for(by, watcher_id, lock=True)
        roles.require(by, "watcher.end", access.place(watcher.post.region_code, by))
        if (watcher.ended_at is None) == back:
            return
        twin = Watcher.objects.filter(post=watcher.post, person=watcher.person_id, ended_at=None)
        if back and watcher.person_id and twin.exists():
            raise WatcherThere(name=watcher.name)
        watcher.ended_at = None if back else at
        watcher.save(update_fields=["ended_at"])
        _watch_line(by, at, "watcher.end", watcher.post, facts={"watcher": str(watcher.id), "back": back})


def grant_exemption(
    *,
    by: Actor,
    at: datetime,
    watcher_id: UUID,
    kind: str,
    from_date: date,
    until_date: date | None = None,
    note: str = "",
    exemption_id: UUID | None = None,
) -> Exemption:
    """Free somebody from nights, from a day on and until one, or for good.

    Raises:
        DatesTurned, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        watcher = access.watcher_for(by, watcher_id)
        roles.require(by, "exemption.grant", access.place(watcher.post.region_code, by))
        known = _watch.again(Exemption, exemption_id, watcher_id=watcher.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if until_date is not None and until_date < from_date:
            raise DatesTurned
        made = Exemption.objects.create(
            id=exemption_id or uuid7(),
            watcher=watcher,
            kind=_watch.chosen(kind, rules.EXEMPTIONS),
            from_date=from_date,
            until_date=until_date,
            note=_watch.line_of(note, 200),
            recorded_at=at,
        )
        facts = {"watcher": str(watcher.id), "from": from_date, "until": until_date}
        _watch_line(by, at, "exemption.grant", watcher.post, facts=facts, inputs={"kind": kind})
    return made


def end_exemption(*, by: Actor, at: datetime, exemption_id: UUID) -> None:
    """End an exemption now. Ending it again changes nothing.

    Raises:
        NotFound: there is none for this actor.
    """
    with transaction.atomic():
        found = Exemption.objects.filter(id=exemption_id).first()
        if found is None:
            raise NotFound
        watcher = access.watcher_for(by, found.watcher_id, lock=True)
        roles.require(by, "exemption.end", access.place(watcher.post.region_code, by))
        if Exemption.objects.filter(id=exemption_id, withdrawn_at=None).update(withdrawn_at=at):
            _watch_line(by, at, "exemption.end", watcher.post, facts={"watcher": str(watcher.id)})


def _locked_post(by: Actor, act: str, post_id: UUID) -> WatchPost:
    """Lock the post and ask for permission."""
    post = access.post_for(by, post_id, lock=True)
    roles.require(by, act, access.place(post.region_code, by))
    return post


def _watch_line(by: Actor, at: datetime, kind: str, post: WatchPost, **more: object) -> None:
    _watch.line(by, at, kind, ("watch_post", post.id), post.region_code, **more)  # type: ignore[arg-type]
