"""Posts of the night watch, who takes turns there, and rosters as calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.regions import queries as region_queries
from simpul.village_post.access import ronda as access
from simpul.village_post.models import (
    Exemption,
    Gear,
    WatchDuty,
    Watcher,
    WatchNight,
    WatchPoint,
    WatchPost,
    WatchRoster,
    WatchSwap,
)
from simpul.village_post.rules import ronda as rules


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post in the list: who is expected tonight, whether its book is open, how many take turns."""

    post: WatchPost
    watchers: int
    tonight: tuple[str, ...]
    night: WatchNight | None


@dataclass(frozen=True, slots=True)
class WatcherRow:
    """Somebody who takes turns, with what frees them today."""

    watcher: Watcher
    exemptions: tuple[Exemption, ...]
    nights: int


@dataclass(frozen=True, slots=True)
class NightRow:
    """One night of a roster."""

    night: date
    duties: tuple[WatchDuty, ...]
    short: bool


def zone_of(region_code: str) -> ZoneInfo:
    """The place's own time."""
    return ZoneInfo(region_queries.zone_of(region_code))


def tonight(post: WatchPost, at: datetime) -> date:
    """The night that is now, or the next one."""
    return rules.night_of(at.astimezone(zone_of(post.region_code)))


def posts(by: Actor, at: datetime) -> list[PostRow]:
    """The posts of the area, open ones first. Four queries, however many there are."""
    found = list(
        access.posts(by)
        .select_related("hamlet")
        .annotate(people=Count("watchers", filter=Q(watchers__ended_at=None)))
        .order_by("closed_at", "region_code", "name")[:200]
    )
    nights = {one.id: tonight(one, at) for one in found}
    duties: dict[Any, list[str]] = defaultdict(list)
    for one in (
        WatchDuty.objects.filter(
            roster__post__in=nights, roster__state="published", night_date__in=set(nights.values())
        )
        .select_related("watcher", "roster")
        .order_by("watcher__name")
    ):
        if nights[one.roster.post_id] == one.night_date:
            duties[one.roster.post_id].append(one.watcher.name)
    books = {
        (one.post_id, one.night_date): one
        for one in WatchNight.objects.filter(post__in=nights, night_date__in=set(nights.values()))
    }
    return [
        PostRow(one, one.people, tuple(duties[one.id]), books.get((one.id, nights[one.id]))) for one in found
    ]


def turns(post: WatchPost, first: date) -> list[rules.Turn]:
    """Who takes turns, with exemptions and the last night before ``first`` that they kept or were asked for."""
    free: dict[Any, list[rules.Free]] = defaultdict(list)
    for one in Exemption.objects.filter(watcher__post=post, withdrawn_at=None):
        free[one.watcher_id].append(rules.Free(one.from_date, one.until_date))
    before = Q(duties__night_date__lt=first, duties__roster__state="published")
    rows = post.watchers.filter(ended_at=None).annotate(last=Max("duties__night_date", filter=before))
    return [
        rules.Turn(str(one.id), tuple(free[one.id]), one.last, one.group)
        for one in rows.order_by("group", "name", "id")
    ]


def watchers(post: WatchPost, today: date, *, ended: bool = False) -> list[WatcherRow]:
    """Who takes turns, by group and name; or who did once."""
    freed: dict[Any, list[Exemption]] = defaultdict(list)
    standing = Exemption.objects.filter(watcher__post=post, withdrawn_at=None).exclude(until_date__lt=today)
    for one in standing.order_by("from_date"):
        freed[one.watcher_id].append(one)
    rows = post.watchers.filter(ended_at__isnull=not ended).annotate(
        kept=Count("presences", filter=Q(presences__withdrawn_at=None), distinct=True)
    )
    return [
        WatcherRow(one, tuple(freed[one.id]), one.kept) for one in rows.order_by("group", "name", "id")[:400]
    ]


def points(post: WatchPost) -> list[WatchPoint]:
    """The points of the round, in order."""
    return list(post.points.filter(removed_at=None).order_by("position", "id"))


def gear(post: WatchPost) -> list[Gear]:
    """Keys and things of the post."""
    return list(post.gear.filter(removed_at=None).order_by("kind", "name", "id"))


def candidates(by: Actor, post: WatchPost, words: str) -> list[Person]:
    """People of the register of this village who do not take turns here yet."""
    if len(words.strip()) < 2:
        return []
    there = post.watchers.filter(ended_at=None, person__isnull=False).values("person")
    rows = people_access.visible(by).filter(
        region_code=post.region_code, life="here", restricted_at=None, full_name__icontains=words.strip()
    )
    return list(rows.exclude(id__in=there).select_related("hamlet").order_by("full_name")[:40])


def rosters(post: WatchPost) -> QuerySet[WatchRoster]:
    """Rosters of a post, the newest first, without withdrawn ones."""
    return post.rosters.exclude(state="withdrawn").order_by("-starts_date")


def nights_of(roster: WatchRoster) -> list[NightRow]:
    """The nights of a roster with who keeps watch."""
    kept: dict[date, list[WatchDuty]] = defaultdict(list)
    for one in roster.duties.select_related("watcher").order_by("watcher__group", "watcher__name"):
        kept[one.night_date].append(one)
    short = set(roster.short_nights)
    return [
        NightRow(night, tuple(kept[night]), night.isoformat() in short)
        for night in rules.days(roster.starts_date, roster.ends_date)
    ]


def totals(rows: Sequence[NightRow]) -> list[tuple[str, int]]:
    """How many nights each has, most first: the fairness that everybody can see."""
    found: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    for row in rows:
        for duty in row.duties:
            found[str(duty.watcher_id)] += 1
            names[str(duty.watcher_id)] = duty.watcher.name
    return sorted(((names[key], count) for key, count in found.items()), key=lambda one: (-one[1], one[0]))


def fair_range(roster: WatchRoster, rows: Sequence[NightRow]) -> tuple[int, int] | None:
    """The fewest and the most nights of those who are never free of the watch in the period; None when there is nobody."""
    found = {str(duty.watcher_id): 0 for row in rows for duty in row.duties}
    for row in rows:
        for duty in row.duties:
            found[str(duty.watcher_id)] += 1
    nights = [row.night for row in rows]
    whole = [
        found.get(one.key, 0)
        for one in turns(roster.post, roster.starts_date)
        if not any(one.exempt(night) for night in nights)
    ]
    return (min(whole), max(whole)) if whole else None


def swaps(roster: WatchRoster) -> list[WatchSwap]:
    """Swaps of a roster, open ones first."""
    rows = WatchSwap.objects.filter(duty__roster=roster).select_related(
        "duty__watcher", "other", "other_duty"
    )
    order = {"asked": 0, "agreed": 1, "refused": 2}
    return sorted(rows.order_by("-recorded_at")[:100], key=lambda one: order[one.state])


def duty_of(by: Actor, duty_id: Any) -> WatchDuty | None:
    """One night of somebody, when its roster may be seen."""
    found = WatchDuty.objects.filter(id=duty_id).select_related("watcher", "roster__post").first()
    if found is None or not access.posts(by).filter(id=found.roster.post_id).exists():
        return None
    return found
