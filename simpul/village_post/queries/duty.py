"""Who is on duty, the roster of a month, gaps, offers, hand-overs, and the numbers people wait with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q

from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.lib.actor import Actor
from simpul.village_post.access import duty as access
from simpul.village_post.models import Duty, Offer, Pattern, Post, Relay, Shift, Ticket
from simpul.village_post.rules import duty as rules

LOOK_BACK = timedelta(days=60)
"""So far back turns count towards a fair roster."""
PAGE = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """A shift with the people of it: on the roster, on call, and those who came besides."""

    shift: Shift
    officers: tuple[Duty, ...] = ()
    on_call: tuple[Duty, ...] = ()
    missing: int = 0

    @property
    def people(self) -> tuple[Duty, ...]:
        """Everybody of the shift."""
        return (*self.officers, *self.on_call)


@dataclass(frozen=True, slots=True)
class Now:
    """What runs at a post: the shift of this moment, and the next one."""

    current: Standing | None = None
    following: Standing | None = None


@dataclass(slots=True)
class Queue:
    """The numbers of a night."""

    waiting: list[Ticket] = field(default_factory=list)
    called: list[Ticket] = field(default_factory=list)
    served: int = 0
    absent: list[Ticket] = field(default_factory=list)
    last: int = 0


def own_posts(by: Actor) -> list[Post]:
    """The posts of this seat's area; that of its own desk first."""
    found = list(access.posts(by).order_by("desk__name"))
    return sorted(found, key=lambda one: one.desk_id not in by.desk_ids)


def local_day(post: Post, at: datetime) -> date:
    """The date at the post."""
    return at.astimezone(desk_queries.zone_of(post.region_code)).date()


def night_of(post: Post, at: datetime) -> date:
    """The day that a moment belongs to: of the shift that runs, also after midnight; else the date at the post."""
    running = (
        Shift.objects.filter(post=post, cancelled_at=None, starts_at__lte=at, ends_at__gt=at)
        .order_by("-starts_at")
        .values_list("day", flat=True)
        .first()
    )
    return running or local_day(post, at)


def days_taken(people: Collection[UUID], first: date, last: date) -> dict[UUID, set[date]]:
    """On which days between these two (both included) people are already on duty somewhere."""
    rows = Duty.objects.filter(
        seat_id__in=people,
        ended_at=None,
        part="officer",
        shift__cancelled_at=None,
        shift__day__range=(first, last),
    ).values_list("seat_id", "shift__day")
    found: dict[UUID, set[date]] = {}
    for who, day in rows:
        found.setdefault(who, set()).add(day)
    return found


def loads(post_id: UUID, people: Collection[UUID], before: date) -> dict[UUID, rules.Load]:
    """Who had a turn more than others in the weeks before a day, and when each had the last one.

    Nobody has to make up for weeks: of what was uneven before, one turn counts at most, and a newcomer begins level.
    """
    rows = list(
        Duty.objects.filter(
            seat_id__in=people,
            ended_at=None,
            part="officer",
            shift__cancelled_at=None,
            shift__post_id=post_id,
            shift__day__lt=before,
            shift__day__gte=before - LOOK_BACK,
        )
        .values("seat_id")
        .annotate(turns=Count("id"), last=Max("shift__day"))
    )
    least = min((row["turns"] for row in rows), default=0)
    return {row["seat_id"]: rules.Load(min(row["turns"] - least, 1), row["last"]) for row in rows}


def _with_people(rows: object) -> list[Standing]:
    people = Prefetch(
        "duties",
        queryset=Duty.objects.filter(ended_at=None).select_related("seat").order_by("part", "made_at", "id"),
        to_attr="standing",
    )
    return [_standing(one) for one in rows.prefetch_related(people)]  # type: ignore[attr-defined]


def _standing(shift: Shift) -> Standing:
    people: Sequence[Duty] = getattr(shift, "standing", ())
    officers = tuple(one for one in people if one.part != "on_call")
    size = shift.pattern.size if shift.pattern is not None else 1
    lacks = 0 if shift.cancelled_at else rules.missing(size, len(officers))
    return Standing(shift, officers, tuple(one for one in people if one.part == "on_call"), lacks)


def now(by: Actor, post: Post, at: datetime) -> Now:
    """Who is on duty at this moment, and who comes next."""
    rows = access.shifts(by).filter(post=post, cancelled_at=None, ends_at__gt=at).order_by("starts_at")[:2]
    found = _with_people(rows)
    if found and found[0].shift.starts_at <= at + rules.EARLY:
        return Now(found[0], found[1] if len(found) > 1 else None)
    return Now(None, found[0] if found else None)


def month(by: Actor, post: Post, first: date) -> list[Standing]:
    """Every shift of the month that ``first`` lies in, cancelled ones too, with the people of it."""
    begin = first.replace(day=1)
    end = (begin + timedelta(days=32)).replace(day=1)
    rows = access.shifts(by).filter(post=post, day__gte=begin, day__lt=end).order_by("starts_at", "made_at")
    return _with_people(rows)


def standing(by: Actor, shift_id: UUID) -> Standing:
    """One shift with its people. Raises ``NotFound``."""
    shift = access.shift_for(by, shift_id)
    return _with_people(access.shifts(by).filter(id=shift.id))[0]


def gaps(by: Actor, post: Post, at: datetime, days: int = 28) -> list[Standing]:
    """Shifts of the coming weeks that too few people stand for."""
    rows = access.shifts(by).filter(
        post=post, cancelled_at=None, ends_at__gt=at, starts_at__lt=at + timedelta(days=days)
    )
    return [one for one in _with_people(rows.order_by("starts_at")) if one.missing]


def patterns(by: Actor, post: Post) -> list[Pattern]:
    """Patterns of a post that are in use."""
    return list(access.patterns(by).filter(post=post, ended_at=None).order_by("starts", "name"))


def colleagues(by: Actor, post: Post, at: datetime) -> list[Seat]:
    """Who may stand for the post: seats of its village, the post's own first."""
    rows = [one for one in desk_queries.seats_visible(by, at) if one.desk.region_code == post.region_code]
    working = ("post_officer", "secretary", "head", "cadre", "front_office")
    found = [one for one in rows if one.role in working]
    return sorted(
        found, key=lambda one: (one.desk_id != post.desk_id, one.role != "post_officer", one.user.full_name)
    )


def my_duties(by: Actor, at: datetime, limit: int = 12) -> list[Duty]:
    """The coming duties of this seat, with the question that is open about each."""
    rows = access.duties(by).filter(
        seat_id=_seat(by), ended_at=None, shift__cancelled_at=None, shift__ends_at__gt=at
    )
    asked = Prefetch(
        "offers",
        queryset=Offer.objects.filter(state="asked").select_related("to_seat__user"),
        to_attr="asked",
    )
    return list(rows.prefetch_related(asked).order_by("shift__starts_at")[:limit])


def duties_of(by: Actor, seat_id: UUID, at: datetime) -> list[Duty]:
    """The coming duties of a colleague, to choose one in return."""
    rows = access.duties(by).filter(
        seat_id=seat_id, ended_at=None, came_at=None, shift__cancelled_at=None, shift__starts_at__gt=at
    )
    return list(rows.order_by("shift__starts_at")[:20])


def asked_of_me(by: Actor, at: datetime) -> list[Offer]:
    """Questions to this seat that are not answered, of shifts that are not over."""
    rows = access.offers(by).filter(to_seat_id=_seat(by), state="asked", duty__shift__ends_at__gt=at)
    return list(rows.order_by("duty__shift__starts_at"))


def answered_offers(by: Actor, limit: int = 5) -> list[Offer]:
    """What became of this seat's own questions."""
    rows = access.offers(by).filter(duty__seat_id=_seat(by)).exclude(state="asked")
    return list(rows.order_by("-answered_at")[:limit])


def open_relay(by: Actor, post: Post) -> Relay | None:
    """The hand-over that waits to be accepted."""
    return access.relays(by).filter(post=post, accepted_at=None, withdrawn_at=None).first()


def last_relay(by: Actor, post: Post) -> Relay | None:
    """The hand-over that was accepted last: what should be in the drawer."""
    rows = access.relays(by).filter(post=post).exclude(accepted_at=None)
    return rows.order_by("-accepted_at").first()


def relays(by: Actor, post: Post, page: int = 1) -> tuple[list[Relay], bool]:
    """Hand-overs of a post, newest first, and whether there are more."""
    rows = list(
        access.relays(by).filter(post=post).order_by("-written_at", "-id")[(page - 1) * PAGE :][: PAGE + 1]
    )
    return rows[:PAGE], len(rows) > PAGE


def queue(by: Actor, post: Post, at: datetime) -> Queue:
    """The numbers of this night."""
    found = Queue()
    for one in access.tickets(by).filter(post=post, day=night_of(post, at)).order_by("number"):
        found.last = one.number
        if one.state == "waiting":
            found.waiting.append(one)
        elif one.state == "called":
            found.called.append(one)
        elif one.state == "absent":
            found.absent.append(one)
        else:
            found.served += 1
    return found


def _seat(by: Actor) -> UUID:
    """The seat's key, or one that nobody has."""
    return by.seat_id or UUID(int=0)


def unfinished(by: Actor, at: datetime) -> Duty | None:
    """The duty that this seat has begun and not finished."""
    rows = access.duties(by).filter(seat_id=_seat(by), left_at=None, ended_at=None).exclude(came_at=None)
    return rows.filter(Q(shift__ends_at__gt=at - timedelta(hours=12))).order_by("-came_at").first()
