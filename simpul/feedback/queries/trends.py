"""What is said more often and where: by week and code, by who said it, rumours with their spread, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from simpul.feedback import access
from simpul.feedback.models import Change, Code, Coding, Record, Rumour
from simpul.lib import small_cells
from simpul.lib.actor import Actor

Spans = Sequence[tuple[datetime, datetime]]
SPLITS = {
    "sex": "record__sex",
    "age_band": "record__age_band",
    "disability": "record__disability",
    "place": "record__region_code",
    "channel": "record__channel",
}


@dataclass(frozen=True, slots=True)
class Trend:
    """One code by weeks."""

    code: Code
    total: int
    weeks: tuple[int, ...]

    @property
    def rise(self) -> int:
        """How much more often in the second half of the weeks than in the first."""
        half = len(self.weeks) // 2
        return sum(self.weeks[half:]) - sum(self.weeks[: len(self.weeks) - half])


@dataclass(frozen=True, slots=True)
class Spread:
    """A rumour with how often and where it was heard."""

    rumour: Rumour
    times: int
    villages: int
    last_at: datetime | None


def trends(by: Actor, weeks: Spans, region: str = "") -> list[Trend]:
    """How often each code was given in each week, the most frequent first. Two queries."""
    if not weeks:
        return []
    counted = {
        f"w{place}": Count("id", filter=Q(record__received_at__gte=begins, record__received_at__lt=ends))
        for place, (begins, ends) in enumerate(weeks)
    }
    rows = _codings(by, weeks, region).values("code_id").annotate(total=Count("id"), **counted).order_by()
    codes = Code.objects.in_bulk([row["code_id"] for row in rows])
    found = [
        Trend(
            codes[row["code_id"]],
            row["total"],
            tuple(row[f"w{place}"] for place in range(len(weeks))),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.total, one.code.position, one.code.code))


def recorded(by: Actor, weeks: Spans, region: str = "") -> list[int]:
    """How many records came in each week. One query."""
    if not weeks:
        return []
    rows = access.visible(by).inside(region).order_by()
    rows = rows.filter(received_at__gte=weeks[0][0], received_at__lt=weeks[-1][1])
    found = rows.aggregate(
        **{
            f"w{place}": Count("id", filter=Q(received_at__gte=begins, received_at__lt=ends))
            for place, (begins, ends) in enumerate(weeks)
        }
    )
    return [found[f"w{place}"] for place in range(len(weeks))]


def split(by: Actor, weeks: Spans, dimension: str, region: str = "") -> dict[str, dict[str, int]]:
    """How often each code was given by each sex, age, village or road: code -> value -> times. One query."""
    column = SPLITS[dimension]
    rows = (
        _codings(by, weeks, region)
        .values("code_id", column)
        .annotate(times=Count("id"))
        .order_by("code_id", column)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["code_id"], {})[row[column]] = row["times"]
    return found


def safe_trends(by: Actor, weeks: Spans, region: str = "") -> list[tuple[Trend, small_cells.Shown]]:
    """The trends as they may leave the house: in each row small weeks are hidden, also by difference from the row's total."""
    return [
        (
            one,
            small_cells.protect(small_cells.Row(str(place), times) for place, times in enumerate(one.weeks)),
        )
        for one in trends(by, weeks, region)
    ]


def rumours(by: Actor, limit: int = 100) -> list[Spread]:
    """Rumours of the actor's area, heard most recently first, with their spread. Two queries."""
    rows = list(access.rumours(by).order_by("-noted_at", "-id")[:limit])
    heard: dict[Any, Any] = {
        row["rumour_id"]: row
        for row in access.visible(by)
        .filter(rumour__in=[one.id for one in rows])
        .order_by()
        .values("rumour_id")
        .annotate(times=Count("id"), villages=Count("region_code", distinct=True), last=Max("received_at"))
    }
    found = [
        Spread(
            one,
            heard.get(one.id, {}).get("times", 0),
            heard.get(one.id, {}).get("villages", 0),
            heard.get(one.id, {}).get("last"),
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: one.last_at or one.rumour.noted_at, reverse=True)


def open_rumours(by: Actor, limit: int = 30) -> list[Rumour]:
    """Rumours to choose from while coding, newest first."""
    return list(access.rumours(by).order_by("-noted_at", "-id")[:limit])


def changes(by: Actor, limit: int = 100) -> list[Change]:
    """What changed, newest first, with the codes that led to it."""
    return list(access.changes(by).prefetch_related("codes").order_by("-decided_date", "-id")[:limit])


def public_changes(limit: int = 10) -> list[Change]:
    """What the public reads of what changed, newest first."""
    return list(access.public_changes().order_by("-decided_date", "-id")[:limit])


def public_rumours(limit: int = 10) -> list[Rumour]:
    """Answered rumours that the public reads, newest first."""
    return list(access.public_rumours().order_by("-answered_at", "-id")[:limit])


def records_of(rumour: Rumour, by: Actor, limit: int = 50) -> list[Record]:
    """Where a rumour was heard, newest first."""
    return list(access.visible(by).filter(rumour=rumour).order_by("-received_at")[:limit])


def _codings(by: Actor, weeks: Spans, region: str) -> Any:
    seen = access.visible(by).inside(region)
    seen = seen.filter(received_at__gte=weeks[0][0], received_at__lt=weeks[-1][1])
    return Coding.objects.filter(record__in=seen.values("id"))
