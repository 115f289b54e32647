"""Figures of the posts: who was served, when, how content; by area and period. Counts only, no names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from simpul.lib import areas
from simpul.regions import queries as region_queries
from simpul.village_post.models import Duty, Shift, Ticket, Visitor
from simpul.village_post.rules import guests as rules


@dataclass(frozen=True, slots=True)
class Served:
    """People of the guest books of an area and period.

    ``people``: everybody who came, groups counted by heads. ``outside``: of these, while the village office was closed.
    ``by_hour``: heads by the hour of coming at the place, 0 to 23. ``by_sex``: heads of lines where it was said.
    ``ratings``: how often each face was chosen. ``lines``: lines of the books.
    """

    lines: int = 0
    people: int = 0
    outside: int = 0
    by_hour: tuple[int, ...] = (0,) * 24
    by_sex: dict[str, int] = field(default_factory=dict)
    ratings: dict[int, int] = field(default_factory=dict)

    @property
    def rated(self) -> int:
        """How many chose a face."""
        return sum(self.ratings.values())

    @property
    def content_share(self) -> int | None:
        """Per cent of those who chose a face who were content or very content; None when nobody did."""
        if not self.rated:
            return None
        return round(100 * sum(n for face, n in self.ratings.items() if face >= 4) / self.rated)

    @property
    def outside_share(self) -> int | None:
        """Per cent of people who came while the office was closed."""
        return round(100 * self.outside / self.people) if self.people else None


@dataclass(frozen=True, slots=True)
class Kept:
    """Shifts of an area and period: planned, of these with somebody who came, and cancelled."""

    planned: int = 0
    kept: int = 0
    cancelled: int = 0


def served(area: str, first: date, last: date) -> Served:
    """Who was served between two days, both included. Lines that were taken back do not count."""
    rows = Visitor.objects.filter(areas.inside(area), day__range=(first, last), withdrawn_at=None)
    hours: Counter[int] = Counter()
    people = outside = count = 0
    sexes: Counter[str] = Counter()
    faces: Counter[int] = Counter()
    zones: dict[str, ZoneInfo] = {}
    columns = ("region_code", "came_at", "people", "outside_hours", "sex", "rating")
    for code, came_at, heads, is_outside, sex, rating in rows.values_list(*columns).iterator(2000):
        zone = zones.get(code[:4])
        if zone is None:
            zone = zones[code[:4]] = ZoneInfo(region_queries.zone_of(code))
        count += 1
        people += heads
        outside += heads if is_outside else 0
        hours[came_at.astimezone(zone).hour] += heads
        if sex:
            sexes[sex] += heads
        if rating:
            faces[rating] += 1
    return Served(
        lines=count,
        people=people,
        outside=outside,
        by_hour=tuple(hours[hour] for hour in range(24)),
        by_sex={code: sexes[code] for code in rules.SEXES},
        ratings={face: faces[face] for face in rules.RATINGS},
    )


def shifts_kept(area: str, first: date, last: date) -> Kept:
    """How many shifts of the period were planned, kept (somebody came) and cancelled."""
    rows = Shift.objects.filter(areas.inside(area), day__range=(first, last))
    came = Duty.objects.filter(shift__in=rows.filter(cancelled_at=None)).exclude(came_at=None)
    return Kept(
        planned=rows.filter(cancelled_at=None).count(),
        kept=came.values("shift_id").distinct().count(),
        cancelled=rows.exclude(cancelled_at=None).count(),
    )


def waiting_minutes(area: str, first: date, last: date) -> int | None:
    """The median wait from number to call, in minutes; None when nobody was called."""
    rows = Ticket.objects.filter(areas.inside(area), day__range=(first, last)).exclude(called_at=None)
    waits = sorted(
        (called - given) // timedelta(minutes=1)
        for given, called in rows.values_list("given_at", "called_at")
        if called is not None
    )
    return waits[len(waits) // 2] if waits else None


def by_village(area: str, first: date, last: date) -> dict[str, int]:
    """Heads served in each village of an area."""
    rows = (
        Visitor.objects.filter(areas.inside(area), day__range=(first, last), withdrawn_at=None)
        .values("region_code")
        .annotate(heads=Sum("people"), lines=Count("id"))
        .order_by("region_code")
    )
    return {row["region_code"]: row["heads"] for row in rows}
