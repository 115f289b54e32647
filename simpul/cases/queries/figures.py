"""Figures: what is answered, how long it took, what is overdue, which desk is silent. Definitions stand beside each number.

Overdue open matters are counted, so that silence never makes an agency look punctual. Days run from the first disposition
(the official measure, *laju*). What the public reads, and figures by group, are in the room ``reports``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.db.models import Avg, Count, Min, Q, QuerySet

from simpul.cases import access
from simpul.cases.models import Case, Escalation
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.rules import figures as rules
from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one area and period. Days are from first disposition to first answer."""

    received: int
    answered: int
    open: int
    overdue: int
    outside_hours: int
    mean_days: float | None
    median_days: float | None
    p90_days: float | None
    rated: int
    mean_rating: float | None

    @property
    def share_answered(self) -> float | None:
        """Answered of received, in percent; None when nothing was received."""
        return 100 * self.answered / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class DeskLoad:
    """What lies on one desk."""

    desk: Desk
    open: int
    overdue: int
    late_turns: int
    oldest_at: datetime | None
    raised: int


def figures(by: Actor, *, region: str = "", since: datetime, until: datetime, at: datetime) -> Figures:
    """The figures of what an actor may see."""
    return _figures(_period(access.visible(by).unsealed(), region, since, until), at)


def desk_loads(by: Actor, at: datetime) -> list[DeskLoad]:
    """What lies on each desk the actor oversees, the most late turns first. Four queries."""
    rows = (
        access.visible(by)
        .filter(is_open=True)
        .order_by()
        .values("acting_id")
        .annotate(open=Count("id"), overdue=Count("id", filter=Q(due_at__lt=at)), oldest=Min("received_at"))
    )
    held = {row["acting_id"]: row for row in rows}
    seen = access.visible(by).filter(is_open=True).values("id")
    late = clock_queries.late_counts(at, seen)
    raised = dict(
        Escalation.objects.filter(case__in=seen, clock__stopped_at=None)
        .order_by()
        .values_list("silent_desk_id")
        .annotate(times=Count("id"))
    )
    desks = {desk.id: desk for desk in desk_queries.desks_visible(by)}
    found = [
        DeskLoad(desks[key], row["open"], row["overdue"], late.get(key, 0), row["oldest"], raised.get(key, 0))
        for key, row in held.items()
        if key in desks
    ]
    return sorted(found, key=lambda load: (-load.late_turns, -load.overdue, -load.open, load.desk.name))


def monthly(by: Actor, *, region: str = "", since: datetime, until: datetime) -> list[tuple[str, int]]:
    """How many matters came in each month of a period, as ("2026-11", 37); months without any are left out.

    One pass that compares moments: taking them apart in the database costs a call of Python for each row on SQLite.
    """
    rows = _period(access.visible(by).unsealed(), region, since, until).order_by()
    months = list(_months(since, until))
    found = rows.aggregate(
        **{
            f"m{begins:%Y%m}": Count("id", filter=Q(received_at__gte=begins, received_at__lt=ends))
            for begins, ends in pairwise(months)
        }
    )
    return [(f"{begins:%Y-%m}", count) for begins in months[:-1] if (count := found[f"m{begins:%Y%m}"])]


def _months(since: datetime, until: datetime) -> Iterator[datetime]:
    """The first moments of the months that a period touches, and of the one after."""
    year, month = since.astimezone(UTC).year, since.astimezone(UTC).month
    while (begins := datetime(year, month, 1, tzinfo=UTC)) < until:
        yield begins
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    yield begins


def silent_desks(by: Actor, at: datetime) -> list[DeskLoad]:
    """Desks with late turns: who is silent now."""
    return [load for load in desk_loads(by, at) if load.late_turns]


def _period(rows: QuerySet[Case], region: str, since: datetime, until: datetime) -> QuerySet[Case]:
    rows = rows.filter(received_at__gte=since, received_at__lt=until)
    return rows.filter(areas.inside(region)) if region else rows


def _figures(rows: QuerySet[Case], at: datetime) -> Figures:
    found = rows.aggregate(
        received=Count("id"),
        open=Count("id", filter=Q(is_open=True)),
        overdue=Count("id", filter=Q(is_open=True, due_at__lt=at)),
        outside=Count("id", filter=Q(outside_hours=True)),
        mean=Avg("hours_to_answer"),
        rated=Count("rating"),
        rating=Avg("rating"),
    )
    times = rows.filter(hours_to_answer__isnull=False).order_by("hours_to_answer")
    tally = list(times.values_list("hours_to_answer").annotate(times=Count("id")))
    answered = sum(count for _hours, count in tally)
    return Figures(
        received=found["received"],
        answered=answered,
        open=found["open"],
        overdue=found["overdue"],
        outside_hours=found["outside"],
        mean_days=rules.days(found["mean"]),
        median_days=rules.days(_percentile(tally, answered, 0.5)),
        p90_days=rules.days(_percentile(tally, answered, 0.9)),
        rated=found["rated"],
        mean_rating=round(found["rating"], 2) if found["rating"] is not None else None,
    )


def _percentile(tally: Sequence[tuple[int | None, int]], count: int, share: float) -> float | None:
    """The value at or below which ``share`` of the answers lie (nearest rank), out of how many took each number of hours."""
    if not count:
        return None
    left = rules.nearest_rank(count, share)
    for hours, times in tally:
        left -= times
        if left <= 0:
            return float(hours or 0)
    return None
