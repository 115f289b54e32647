"""The roster: made for weeks ahead, changed by hand, and who really came. Facts are written down and marked, never refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Duty, Pattern, Post, Shift
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import duty as rules


class NoPattern(Refused):
    """A roster is made from patterns."""

    code = "shifts.no_pattern"
    sentence = _("This post has no pattern of turns yet. Make one first: days, times, and who takes turns.")


class SpanUnknown(Refused):
    """A roster or a shift has a beginning before its end."""

    code = "shift.span"
    sentence = _("Choose a first day and a last day at most %(weeks)s weeks later.")
    field = "until"


class ShiftThere(Refused):
    """Two shifts of a post do not begin at once."""

    code = "shift.there"
    sentence = _("This post already has a shift that begins then. Open that one and put people on it.")
    field = "starts"


class ShiftOver(Refused):
    """What is past is not planned any more."""

    code = "shift.over"
    sentence = _("This shift is over. Who came is written down by coming on duty, not by the roster.")


class OnItAlready(Refused):
    """One officer stands once on a shift."""

    code = "duty.there"
    sentence = _("This officer is on this shift already.")
    field = "seat"


class CameAlready(Refused):
    """An officer who came is not taken off the shift."""

    code = "duty.came"
    sentence = _("This officer has already come on duty. Attendance stays as it was.")


def make_shifts(*, by: Actor, at: datetime, post_id: UUID, from_date: date, until_date: date) -> list[Shift]:
    """Make the roster of some weeks from the patterns of a post. Shifts that are there already stay as they are.

    Raises:
        NoPattern, SpanUnknown, NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "shifts.make", access.place_of(post))
        Post.objects.select_for_update().get(id=post.id)
        if not timedelta(0) <= until_date - from_date <= timedelta(weeks=rules.MOST_WEEKS):
            raise SpanUnknown(weeks=rules.MOST_WEEKS)
        patterns = list(Pattern.objects.filter(post=post, ended_at=None).order_by("starts", "id"))
        if not patterns:
            raise NoPattern
        made: list[Shift] = []
        for pattern in patterns:
            made += _from_pattern(by, at, post, pattern, from_date, until_date)
        _post.line(
            by,
            at,
            "shifts.make",
            "post",
            post,
            facts={"from": from_date.isoformat(), "until": until_date.isoformat(), "made": len(made)},
        )
    return made


def _from_pattern(
    by: Actor, at: datetime, post: Post, pattern: Pattern, first: date, last: date
) -> list[Shift]:
    zone = desk_queries.zone_of(post.region_code)
    holidays = region_queries.calendar_for(post.region_code, around=first).holidays
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    wanted = [one for one in days if rules.falls_on(one, pattern.days, is_holiday=one in holidays)]
    spans = {one: rules.span(one, pattern.starts, pattern.ends, zone) for one in wanted}
    there = set(
        Shift.objects.filter(
            post=post, cancelled_at=None, starts_at__in=[s for s, _e in spans.values()]
        ).values_list("starts_at", flat=True)
    )
    wanted = [one for one in wanted if spans[one][0] not in there]
    seats = {str(one.id): one for one in desk_queries.seats_visible(by, at)}
    people = [UUID(key) for key in pattern.seats if key in seats]
    busy = queries.days_taken(people, first - timedelta(days=1), last + timedelta(days=1))
    turns = rules.roster(
        wanted,
        people,
        pattern.size,
        on_call=pattern.on_call,
        before=queries.loads(post.id, people, first),
        away=lambda who, day: day in busy.get(who, ()),
    )
    made = []
    for turn in turns:
        starts_at, ends_at = spans[turn.day]
        shift = Shift.objects.create(
            post=post,
            pattern=pattern,
            region_code=post.region_code,
            day=turn.day,
            starts_at=starts_at,
            ends_at=ends_at,
            holiday=holidays.get(turn.day, "")[:150],
            made_at=at,
        )
        parts = [(who, "officer") for who in turn.officers]
        parts += [(turn.on_call, "on_call")] if turn.on_call else []
        Duty.objects.bulk_create(
            Duty(shift=shift, seat_id=who, name=seats[str(who)].user.full_name[:150], part=part, made_at=at)
            for who, part in parts
        )
        made.append(shift)
    return made


def plan_shift(
    *,
    by: Actor,
    at: datetime,
    post_id: UUID,
    day: date,
    starts: time,
    ends: time,
    note: str = "",
    shift_id: UUID | None = None,
) -> Shift:
    """Plan one shift by hand, for a night out of the pattern. The same ``shift_id`` again changes nothing.

    Raises:
        ShiftThere, NotFound, NotAllowed, _post.AlreadyThere.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "shift.plan", access.place_of(post))
        known = Shift.objects.filter(id=shift_id).first() if shift_id else None
        if known is not None:
            if known.post_id != post.id:
                raise _post.AlreadyThere
            return known
        Post.objects.select_for_update().get(id=post.id)
        starts_at, ends_at = rules.span(day, starts, ends, desk_queries.zone_of(post.region_code))
        if Shift.objects.filter(post=post, starts_at=starts_at, cancelled_at=None).exists():
            raise ShiftThere
        holidays = region_queries.calendar_for(post.region_code, around=day).holidays
        shift = Shift.objects.create(
            id=shift_id or uuid7(),
            post=post,
            region_code=post.region_code,
            day=day,
            starts_at=starts_at,
            ends_at=ends_at,
            holiday=holidays.get(day, "")[:150],
            note=text.clean_line(note)[:200],
            made_at=at,
        )
        _post.line(by, at, "shift.plan", "shift", shift, facts={"starts_at": starts_at, "ends_at": ends_at})
    return shift


def cancel_shift(*, by: Actor, at: datetime, shift_id: UUID, why: str) -> None:
    """Cancel a shift; the post stays closed then. Cancelling it again changes nothing.

    Raises:
        ShiftOver: it is past.
        _post.WordsMissing, NotFound, NotAllowed.
    """
    with transaction.atomic():
        shift = access.shift_for(by, shift_id, lock=True)
        roles.require(by, "shift.cancel", access.place_of(shift))
        if shift.cancelled_at is not None:
            return
        if shift.ends_at <= at:
            raise ShiftOver
        shift.cancelled_why = _post.words(why, field="why")
        shift.cancelled_at = at
        shift.save(update_fields=["cancelled_at", "cancelled_why"])
        _post.line(by, at, "shift.cancel", "shift", shift, inputs={"why": shift.cancelled_why})


def restore_shift(*, by: Actor, at: datetime, shift_id: UUID) -> None:
    """Put a cancelled shift back, with the people who were on it.

    Raises:
        ShiftThere: another one begins then.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        shift = access.shift_for(by, shift_id, lock=True)
        roles.require(by, "shift.restore", access.place_of(shift))
        if shift.cancelled_at is None:
            return
        if Shift.objects.filter(post_id=shift.post_id, starts_at=shift.starts_at, cancelled_at=None).exists():
            raise ShiftThere
        shift.cancelled_at, shift.cancelled_why = None, ""
        shift.save(update_fields=["cancelled_at", "cancelled_why"])
        _post.line(by, at, "shift.restore", "shift", shift)


def assign_duty(
    *,
    by: Actor,
    at: datetime,
    shift_id: UUID,
    seat_id: UUID,
    part: str = "officer",
    duty_id: UUID | None = None,
) -> Duty:
    """Put an officer on a shift, or on call for it. The same ``duty_id`` again changes nothing.

    Raises:
        ShiftOver, OnItAlready, NotFound, NotAllowed.
    """
    with transaction.atomic():
        shift = access.shift_for(by, shift_id, lock=True)
        roles.require(by, "duty.assign", access.place_of(shift))
        known = Duty.objects.filter(id=duty_id, shift=shift).first() if duty_id else None
        if known is not None:
            return known
        if shift.ends_at <= at:
            raise ShiftOver
        seat = _post.seat_of(by, at, seat_id)
        there = Duty.objects.filter(shift=shift, seat=seat, ended_at=None).first()
        if there is not None and there.part == part:
            raise OnItAlready
        if there is not None:
            there.ended_at = at
            there.save(update_fields=["ended_at"])
        duty = Duty.objects.create(
            id=duty_id or uuid7(),
            shift=shift,
            seat=seat,
            name=seat.user.full_name[:150],
            part=part if part in ("officer", "on_call") else "officer",
            came_at=there.came_at if there is not None else None,
            made_at=at,
        )
        _post.line(by, at, "duty.assign", "shift", shift, facts={"part": duty.part, "seat": str(seat.id)})
    return duty


def release_duty(*, by: Actor, at: datetime, duty_id: UUID) -> None:
    """Take an officer off a shift. Doing it again changes nothing.

    Raises:
        CameAlready: a fact is not taken back by the roster.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        duty = access.duty_for(by, duty_id, lock=True)
        roles.require(by, "duty.release", access.place_of(duty.shift))
        if duty.ended_at is not None:
            return
        if duty.came_at is not None:
            raise CameAlready
        duty.ended_at = at
        duty.save(update_fields=["ended_at"])
        duty.offers.filter(state="asked").update(state="withdrawn", answered_at=at)
        _post.line(by, at, "duty.release", "shift", duty.shift, facts={"seat": str(duty.seat_id)})


def begin_duty(
    *, by: Actor, at: datetime, shift_id: UUID, came_at: datetime | None = None, duty_id: UUID | None = None
) -> Duty:
    """The officer comes on duty. Somebody who was not on the roster is written down all the same, and marked.

    Coming twice keeps the first time. Nobody is asked where they are.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        shift = access.shift_for(by, shift_id, lock=True)
        roles.require(by, "duty.begin", access.place_of(shift))
        if by.seat_id is None:
            raise NotFound
        duty = Duty.objects.filter(shift=shift, seat_id=by.seat_id, ended_at=None).first()
        if duty is not None and duty.came_at is not None:
            return duty
        if duty is None:
            duty = Duty(
                id=duty_id or uuid7(),
                shift=shift,
                seat_id=by.seat_id,
                name=by.name[:150],
                part="came",
                made_at=at,
            )
        duty.came_at = came_at or at
        _mark(duty, shift)
        duty.save()
        _post.line(by, at, "duty.begin", "shift", shift, facts={"came_at": duty.came_at, "flags": duty.flags})
    return duty


def finish_duty(*, by: Actor, at: datetime, duty_id: UUID, left_at: datetime | None = None) -> Duty:
    """The officer goes off duty: their own word about their own duty. Going twice keeps the first time.

    Raises:
        NotFound: somebody else's duty, or one of another area.
        NotAllowed.
    """
    with transaction.atomic():
        duty = access.duty_for(by, duty_id, lock=True)
        roles.require(by, "duty.finish", access.place_of(duty.shift))
        if duty.seat_id != by.seat_id:
            raise NotFound
        if duty.left_at is not None:
            return duty
        duty.left_at = left_at or at
        _mark(duty, duty.shift)
        duty.save(update_fields=["left_at", "flags"])
        _post.line(
            by, at, "duty.finish", "shift", duty.shift, facts={"left_at": duty.left_at, "flags": duty.flags}
        )
    return duty


def _mark(duty: Duty, shift: Shift) -> None:
    duty.flags = rules.attendance_flags(
        shift.starts_at,
        shift.ends_at,
        duty.came_at,
        duty.left_at,
        part=duty.part,
        cancelled=shift.cancelled_at is not None,
    )
