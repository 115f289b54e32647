"""The book of a night, what happened, guests who stay, the file for SIM Linmas. Nothing of a protected kind is on any of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.village_post.access import ronda as access
from simpul.village_post.models import (
    GearHandover,
    IncidentTold,
    NightNote,
    Patrol,
    Presence,
    StayReport,
    WatchDuty,
    WatchIncident,
    WatchNight,
    WatchPost,
)
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_kinds
from simpul.village_post.rules import ronda as rules

PAGE = 40


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the book: when, what sort of entry, and the row it comes from."""

    at: datetime
    kind: str
    row: Any


@dataclass(frozen=True, slots=True)
class Book:
    """All of one night."""

    night: WatchNight
    expected: tuple[WatchDuty, ...]
    presences: tuple[Presence, ...]
    absent: tuple[WatchDuty, ...]
    patrols: tuple[Patrol, ...]
    handovers: tuple[GearHandover, ...]
    notes: tuple[NightNote, ...]
    stays: tuple[StayReport, ...]
    incidents: tuple[Any, ...]  # each with ``told_rows``
    lines: tuple[Moment, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RoundCell:
    """A point at a planned time: the row that fits, or none."""

    clock: str
    due_at: datetime
    patrol: Patrol | None


def book(by: Actor, night: WatchNight) -> Book:
    """The book of a night. Nine queries, whatever stands in it."""
    expected = tuple(
        WatchDuty.objects.filter(
            roster__post_id=night.post_id, roster__state="published", night_date=night.night_date
        )
        .select_related("watcher")
        .order_by("watcher__name")
    )
    presences = tuple(night.presences.filter(withdrawn_at=None).order_by("came_at", "id"))
    came = {one.watcher_id for one in presences}
    patrols = tuple(
        night.patrols.filter(withdrawn_at=None).select_related("point").order_by("passed_at", "id")
    )
    handovers = tuple(
        night.handovers.filter(withdrawn_at=None).select_related("gear").order_by("handed_at", "id")
    )
    notes = tuple(night.notes.filter(withdrawn_at=None).order_by("noted_at", "id"))
    stays = tuple(access.stays(by).filter(night=night).select_related("hamlet").order_by("reported_at"))
    incidents = tuple(_with_told(access.incidents(by).filter(night=night)).order_by("happened_at"))
    lines = [
        *(Moment(one.came_at, "presence", one) for one in presences),
        *(Moment(one.left_at, "left", one) for one in presences if one.left_at),
        *(Moment(one.passed_at, "patrol", one) for one in patrols),
        *(Moment(one.handed_at, "handover", one) for one in handovers),
        *(Moment(one.noted_at, "note", one) for one in notes),
        *(Moment(one.reported_at, "stay", one) for one in stays),
        *(Moment(one.happened_at, "incident", one) for one in incidents),
    ]
    return Book(
        night,
        expected,
        presences,
        tuple(one for one in expected if one.watcher_id not in came),
        patrols,
        handovers,
        notes,
        stays,
        incidents,
        tuple(sorted(lines, key=lambda one: one.at)),
    )


def rounds(post: WatchPost, told: Book) -> list[tuple[Any, list[RoundCell]]]:
    """Every point with the planned times of the night: passed within the hour around each, or not."""
    zone = queries.zone_of(post.region_code)
    planned = [
        (clock, rules.moment_in_night(told.night.night_date, time.fromisoformat(clock), zone))
        for clock in post.round_times
    ]
    passed: dict[Any, list[Patrol]] = defaultdict(list)
    for one in told.patrols:
        passed[one.point_id].append(one)
    return [
        (point, [RoundCell(clock, due, _nearest(passed[point.id], due)) for clock, due in planned])
        for point in queries.points(post)
    ]


def _nearest(rows: Iterable[Patrol], due: datetime) -> Patrol | None:
    near = [one for one in rows if abs(one.passed_at - due) <= timedelta(minutes=45)]
    return min(near, key=lambda one: abs(one.passed_at - due), default=None)


def _with_told(rows: QuerySet[WatchIncident]) -> QuerySet[WatchIncident]:
    told = IncidentTold.objects.filter(withdrawn_at=None).order_by("told_at")
    return rows.select_related("hamlet", "post", "night").prefetch_related(
        Prefetch("told", told, "told_rows")
    )


def nights(post: WatchPost, page: int = 1) -> tuple[list[Any], bool]:
    """Nights of a post, the newest first, each with how many came and what happened."""
    first = (page - 1) * PAGE
    rows = post.nights.annotate(
        came=Count("presences", filter=Q(presences__withdrawn_at=None), distinct=True),
        happened=Count(
            "incidents", filter=Q(incidents__withdrawn_at=None, incidents__protected=False), distinct=True
        ),
    ).order_by("-night_date")[first : first + PAGE + 1]
    found = list(rows)
    return found[:PAGE], len(found) > PAGE


# --- incidents and guests ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about a list of incidents or guests."""

    kind: str = ""
    state: str = ""
    words: str = ""
    page: int = 1


def incidents(by: Actor, filters: Filters) -> tuple[list[Any], bool]:
    """What happened in the area, the newest first."""
    rows = _with_told(access.incidents(by))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.words:
        rows = rows.filter(Q(place__icontains=filters.words) | Q(words__icontains=filters.words))
    first = (filters.page - 1) * PAGE
    found = list(rows.order_by("-happened_at", "-id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def told_of(incident: WatchIncident) -> list[IncidentTold]:
    """Who was told of an incident."""
    return list(incident.told.filter(withdrawn_at=None).order_by("told_at", "id"))


def stays(by: Actor, filters: Filters) -> tuple[list[StayReport], bool]:
    """Guests who were reported; ``state`` "here" for those who have not left."""
    rows = access.stays(by).select_related("hamlet", "post")
    if filters.state == "here":
        rows = rows.filter(left_date=None)
    if filters.words:
        rows = rows.filter(Q(name__icontains=filters.words) | Q(host_name__icontains=filters.words))
    first = (filters.page - 1) * PAGE
    found = list(rows.order_by("-reported_at", "-id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def text_of(incident: WatchIncident, when: str, language: str = "id") -> str:
    """The text to copy for an incident: of the catalogue, with place and what was done, never with a person's name."""
    kind = ronda_kinds.kinds()[incident.kind]
    english = language == "en"
    done = " ".join(incident.first_action.split()).rstrip(".")
    return (kind.text_en if english else kind.text).format(
        kind=kind.name_en if english else kind.name,
        when=when,
        place=incident.place or "-",
        post=incident.post.name if incident.post else "-",
        severity=_(rules.SEVERITIES[incident.severity]),
        action=f"{done}." if done else "-",
    )


# --- SIM Linmas ------------------------------------------------------------------------------------------------------------------------


def export(by: Actor, first: date, last: date) -> list[list[str]]:
    """Nights of the area as rows for SIM Linmas, with the headings first. No name is in it, and nothing of a protected kind."""
    columns = ronda_kinds.export_columns()
    found = list(
        access.nights(by)
        .filter(night_date__gte=first, night_date__lte=last)
        .annotate(
            came=Count("presences", filter=Q(presences__withdrawn_at=None), distinct=True),
            walked=Count("patrols", filter=Q(patrols__withdrawn_at=None), distinct=True),
            guests=Count("stays", filter=Q(stays__withdrawn_at=None), distinct=True),
        )
        .order_by("post__region_code", "post__name", "night_date")[:5000]
    )
    kinds: dict[Any, list[str]] = defaultdict(list)
    for night, kind in access.incidents(by).filter(night__in=found).values_list("night_id", "kind"):
        kinds[night].append(ronda_kinds.kinds()[kind].name)
    missing = _absent(found)
    names = region_queries.paths({one.post.region_code for one in found})
    rows = [[heading for heading, _value in columns]]
    for one in found:
        values = {
            "region": one.post.region_code,
            "village": names.get(one.post.region_code, "").split(",", maxsplit=1)[0],
            "post": one.post.name,
            "night": one.night_date.isoformat(),
            "came": str(one.came),
            "absent": str(missing[(one.post_id, one.night_date)]),
            "patrols": str(one.walked),
            "stays": str(one.guests),
            "incidents": str(len(kinds[one.id])),
            "kinds": "; ".join(sorted(set(kinds[one.id]))),
            "state": "selesai" if one.closed_at else "berjalan",
        }
        rows.append([values.get(value, "") for _heading, value in columns])
    return rows


def _absent(found: Sequence[WatchNight]) -> Counter[tuple[Any, date]]:
    """How many of the roster did not come, by post and night."""
    posts, days = {one.post_id for one in found}, {one.night_date for one in found}
    duties = WatchDuty.objects.filter(
        roster__post__in=posts, roster__state="published", night_date__in=days
    ).values_list("roster__post_id", "night_date", "watcher_id")
    came = set(
        Presence.objects.filter(night__in=found, withdrawn_at=None).values_list(
            "night__post_id", "night__night_date", "watcher_id"
        )
    )
    return Counter((post, night) for post, night, watcher in duties if (post, night, watcher) not in came)
