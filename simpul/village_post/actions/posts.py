"""Setting a post up, and the patterns its rosters are made from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Pattern, Post
from simpul.village_post.rules import duty as rules
from simpul.village_post.rules import guests as guest_rules


class NoPostThere(Refused):
    """A post is opened at a desk of a village."""

    code = "post.no_desk"
    sentence = _("A post is set up at a post or office of a village of your area. Choose one of them.")
    field = "desk"


class DaysUnknown(Refused):
    """How long names may stay in the guest book."""

    code = "post.days_unknown"
    sentence = _("Names may stay in the guest book for %(least)s to %(most)s days.")
    field = "visitor_days"


class PatternEmpty(Refused):
    """A pattern needs days and people."""

    code = "pattern.empty"
    sentence = _("Choose at least one day, and at least one officer who takes turns.")
    field = "days"


@dataclass(frozen=True, slots=True)
class PatternGiven:
    """What a pattern says."""

    name: str
    days: tuple[int, ...]
    starts: time
    ends: time
    seat_ids: tuple[UUID, ...]
    size: int = 1
    on_call: bool = True


def set_post(
    *,
    by: Actor,
    at: datetime,
    desk_id: UUID,
    visitor_days: int | None = None,
    keys: Sequence[str] | None = None,
    equipment: Sequence[str] | None = None,
    post_id: UUID | None = None,
) -> Post:
    """Make a desk a post, or change what the post has; what is None stays as it is.

    Raises:
        NoPostThere: no desk of a village of this area.
        DaysUnknown: names would stay too short or too long.
        NotAllowed.
    """
    desk = desk_queries.desk(desk_id)
    if desk is None or len(desk.region_code) != 10:
        raise NoPostThere
    roles.require(by, "post.set", roles.Place(desk.region_code))
    if visitor_days is not None and not guest_rules.SHORTEST <= visitor_days <= guest_rules.LONGEST:
        raise DaysUnknown(least=guest_rules.SHORTEST, most=guest_rules.LONGEST)
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(desk_id=desk_id).first()
        if post is None:
            post = Post(id=post_id or uuid7(), desk_id=desk_id, region_code=desk.region_code, changed_at=at)
        post.visitor_days = visitor_days if visitor_days is not None else post.visitor_days
        post.keys = _post.names(list(keys)) if keys is not None else post.keys
        post.equipment = _post.names(list(equipment)) if equipment is not None else post.equipment
        post.changed_at = at
        post.save()
        _post.line(
            by,
            at,
            "post.set",
            "post",
            post,
            facts={"desk": desk.name, "days": post.visitor_days, "keys": len(post.keys)},
        )
    return post


def open_kiosk(*, by: Actor, at: datetime, post_id: UUID) -> str:
    """Give the tablet at the door an address that nobody can guess; an older one stops working. Returns it."""
    with transaction.atomic():
        post = access.post_for(by, post_id, lock=False)
        roles.require(by, "kiosk.open", access.place_of(post))
        token = secrets.token_urlsafe(15)  # 120 bits
        Post.objects.filter(id=post.id).update(kiosk_token=token, changed_at=at)
        _post.line(by, at, "kiosk.open", "post", post)
    return token


def close_kiosk(*, by: Actor, at: datetime, post_id: UUID) -> None:
    """Switch the tablet at the door off. Doing it again changes nothing."""
    with transaction.atomic():
        post = access.post_for(by, post_id, lock=False)
        roles.require(by, "kiosk.close", access.place_of(post))
        if not Post.objects.filter(id=post.id).exclude(kiosk_token="").update(kiosk_token="", changed_at=at):
            return
        _post.line(by, at, "kiosk.close", "post", post)


def make_pattern(
    *, by: Actor, at: datetime, post_id: UUID, given: PatternGiven, pattern_id: UUID | None = None
) -> Pattern:
    """Say on which days the post is open and who takes turns. The same ``pattern_id`` again changes nothing.

    Raises:
        PatternEmpty: no day, nobody, or more officers for a shift than there are people.
        _post.WordsMissing, NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "pattern.make", access.place_of(post))
        known = Pattern.objects.filter(id=pattern_id).first() if pattern_id else None
        if known is not None:
            if known.post_id != post.id:
                raise _post.AlreadyThere
            return known
        seats = list(dict.fromkeys(given.seat_ids))
        if not given.days or not set(given.days) <= set(rules.WEEKDAYS) or not seats:
            raise PatternEmpty
        if not 1 <= given.size <= len(seats):
            raise PatternEmpty(field="seats")
        allowed = {one.id for one in desk_queries.seats_visible(by, at)}
        if not set(seats) <= allowed:
            raise NotFound
        pattern = Pattern.objects.create(
            id=pattern_id or uuid7(),
            post=post,
            name=_post.words(given.name, field="name", most=80),
            days=sorted(set(given.days)),
            starts=given.starts,
            ends=given.ends,
            seats=[str(one) for one in seats],
            size=given.size,
            on_call=given.on_call,
            made_at=at,
        )
        _post.line(
            by,
            at,
            "pattern.make",
            "post",
            post,
            facts={"pattern": pattern.name, "days": pattern.days, "people": len(seats)},
        )
    return pattern


def end_pattern(*, by: Actor, at: datetime, pattern_id: UUID) -> None:
    """Make no more rosters from this pattern; shifts that were made stay. Ending it again changes nothing."""
    with transaction.atomic():
        pattern = access.patterns(by).filter(id=pattern_id).first()
        if pattern is None:
            raise NotFound
        roles.require(by, "pattern.end", access.place_of(pattern.post))
        if not Pattern.objects.filter(id=pattern.id, ended_at=None).update(ended_at=at):
            return
        _post.line(by, at, "pattern.end", "post", pattern.post, facts={"pattern": pattern.name})
