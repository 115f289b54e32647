"""Lines of the guest book: tonight's, found by words and days, and those whose names have to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.village_post.access import duty as access
from simpul.village_post.models import Post, Visitor
from simpul.village_post.rules import guests as rules

PAGE = 40
MOST = 5000
KIOSK_HOURS = timedelta(hours=14)
"""So long the tablet at the door knows a line: long enough for a night, too short to read the book."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of the book is narrowed to."""

    words: str = ""
    first: date | None = None
    last: date | None = None
    taken_back: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and whether there are more."""

    rows: list[Visitor]
    has_next: bool
    total: int


def outside_office(region_code: str, at: datetime) -> bool:
    """True when the village office receives nobody at this moment: evening, weekend, holiday.

    By the office's own hours where they are set, else by usual office hours on working days of the region.
    """
    office = desk_queries.nearest("village_office", region_code)
    if office is not None and desk_queries.openings_of(office):
        return not desk_queries.is_open_now(office, at)
    local = at.astimezone(desk_queries.zone_of(region_code))
    calendar = region_queries.calendar_for(region_code, around=local.date())
    return not rules.is_office_time(local, working_day=calendar.is_working_day(local.date()))


def _found(by: Actor, post: Post, filters: Filters) -> QuerySet[Visitor]:
    rows = access.visitors(by).filter(post=post)
    if not filters.taken_back:
        rows = rows.filter(withdrawn_at=None)
    if filters.first is not None:
        rows = rows.filter(day__gte=filters.first)
    if filters.last is not None:
        rows = rows.filter(day__lte=filters.last)
    if filters.words:
        said = filters.words
        rows = rows.filter(
            Q(name__icontains=said)
            | Q(institution__icontains=said)
            | Q(purpose__icontains=said)
            | Q(address__icontains=said)
            | Q(met__icontains=said)
        )
    return rows.order_by("-came_at", "-number")


def book(by: Actor, post: Post, filters: Filters) -> Page:
    """One page of the book, newest first."""
    rows = _found(by, post, filters)
    start = (filters.page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return Page(found[:PAGE], len(found) > PAGE, rows.count())


def lines(by: Actor, post: Post, filters: Filters) -> list[Visitor]:
    """Lines in the order in which they were written, for print and file."""
    return list(_found(by, post, filters).order_by("year", "number")[:MOST])


def tonight(by: Actor, post: Post, since: datetime) -> list[Visitor]:
    """Who came since a moment, newest first."""
    rows = access.visitors(by).filter(post=post, withdrawn_at=None, came_at__gte=since)
    return list(rows.order_by("-came_at", "-number")[:60])


def of_kiosk(post: Post, at: datetime) -> QuerySet[Visitor]:
    """Lines the tablet of a post may still touch: those of the last hours whose visitors have not left and rated."""
    return Visitor.objects.filter(
        post=post,
        withdrawn_at=None,
        blanked_at=None,
        came_at__gte=at - KIOSK_HOURS,
        came_at__lte=at + timedelta(minutes=5),
    )


def kiosk_line(post: Post, at: datetime, number: int) -> UUID | None:
    """The line with this number, when it is one of the last hours and was not rated yet."""
    return of_kiosk(post, at).filter(number=number, rated_at=None).values_list("id", flat=True).first()


def to_blank(at: datetime, limit: int) -> list[UUID]:
    """Lines whose names have stood in the book for as long as their post wants."""
    found: list[UUID] = []
    for post in Post.objects.order_by("id"):
        day = at.astimezone(desk_queries.zone_of(post.region_code)).date()
        rows = Visitor.objects.filter(
            post=post, blanked_at=None, day__lt=rules.blank_before(day, post.visitor_days)
        )
        found += rows.order_by("day").values_list("id", flat=True)[: limit - len(found)]
        if len(found) >= limit:
            break
    return found
