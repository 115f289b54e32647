"""What figures are made of. Everything is counted in the database, in a number of queries that never depends on how much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet

from simpul.cases.models import Case
from simpul.cases.rules import figures as case_rules
from simpul.lib import areas
from simpul.messages.models import Message
from simpul.regions.models import Hamlet
from simpul.reports import rules

TOLD_RECEIPTS = ("delivered", "read")
COLUMNS = {
    "kind": "kind_id",
    "place": "region_code",
    "hamlet": "hamlet_id",
    "channel": "channel",
    "desk": "holder_id",
}
"""Dimension -> the column of the case that it groups by."""


FOLLOWED = Q(hours_to_answer__isnull=False) | Q(merged_into__hours_to_answer__isnull=False)
"""Got a first written answer, or was merged into a matter that did: its people were told that answer."""

NOT_FOLLOWED = Q(hours_to_answer__isnull=True, merged_into__hours_to_answer__isnull=True)


class _Hours(Func):
    """Whole hours between two moments. Written for each database: taken apart in Python, each row would cost a call on SQLite."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Seconds since 1970, divided as integers."""
        template = "((strftime('%%%%s', %(expressions)s)) / 3600)"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=") - strftime('%%s', ", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The interval in seconds."""
        template = "(FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600)::integer)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **extra)


@dataclass(frozen=True, slots=True)
class Days:
    """How long first answers took: mean, median and the ninth of ten, in days with one decimal; None when there is none."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures of an area and a period as a whole."""

    received: int
    followed: int
    answered: int
    open: int
    overdue: int
    outside_hours: int
    rated: int
    satisfied: int
    mean_rating: float | None
    to_tell: int
    told: int
    from_disposition: Days
    from_receipt: Days

    def behind(self, measure: str) -> int | None:
        """How many matters a share, a mean or a percentile is made of; None for a plain count."""
        bases = {
            "share_followed": self.received,
            "share_satisfied": self.rated,
            "mean_rating": self.rated,
            "share_told": self.to_tell,
            "mean_days": self.from_disposition.count,
            "median_days": self.from_disposition.count,
            "p90_days": self.from_disposition.count,
            "median_days_received": self.from_receipt.count,
            "p90_days_received": self.from_receipt.count,
        }
        return bases.get(measure)

    def value(self, measure: str) -> float | int | None:
        """One of ``rules.MEASURES``; None when there is nothing to compute it from."""
        plain = {
            "share_followed": rules.share(self.followed, self.received),
            "share_satisfied": rules.share(self.satisfied, self.rated),
            "share_told": rules.share(self.told, self.to_tell),
            "mean_days": self.from_disposition.mean,
            "median_days": self.from_disposition.median,
            "p90_days": self.from_disposition.p90,
            "median_days_received": self.from_receipt.median,
            "p90_days_received": self.from_receipt.p90,
        }
        return plain[measure] if measure in plain else getattr(self, measure)


@dataclass(frozen=True, slots=True)
class Group:
    """One kind, village, hamlet, road or desk, with nothing hidden."""

    key: str
    received: int
    followed: int
    overdue: int
    days: Days | None = None


def in_period(rows: QuerySet[Case], since: datetime, until: datetime, region: str = "") -> QuerySet[Case]:
    """The matters received in a period, inside a region."""
    rows = rows.filter(received_at__gte=since, received_at__lt=until)
    return rows.filter(areas.inside(region)) if region else rows


def headline(rows: QuerySet[Case], at: datetime) -> Headline:
    """The figures of some matters as a whole. Four queries."""
    found = rows.aggregate(
        received=Count("id"),
        followed=Count("id", filter=FOLLOWED),
        answered=Count("answered_at"),
        open=Count("id", filter=Q(is_open=True)),
        overdue=Count("id", filter=Q(is_open=True, due_at__lt=at)),
        outside_hours=Count("id", filter=Q(outside_hours=True)),
        rated=Count("rating"),
        satisfied=Count("id", filter=Q(rating__gte=4)),
        mean_rating=Avg("rating"),
        to_tell=Count("id", filter=Q(answered_at__isnull=False, reporter__isnull=False)),
    )
    return Headline(
        **found,
        told=_told(rows),
        from_disposition=_days(_tally(rows, F("hours_to_answer"))),
        from_receipt=_days(_tally(rows, _Hours(F("first_answered_at"), F("received_at")))),
    )


def _told(rows: QuerySet[Case]) -> int:
    """Answered matters whose resident demonstrably has the answer."""
    proof = Message.objects.filter(
        Q(told_at__isnull=False) | Q(receipt__in=TOLD_RECEIPTS),
        subject_id=OuterRef("id"),
        subject_kind="case",
        asked_key="answer",
        to_person_id__isnull=False,
    )
    answered = rows.filter(answered_at__isnull=False, reporter__isnull=False)
    return answered.filter(Q(rating__isnull=False) | Q(Exists(proof))).count()


def _tally(rows: QuerySet[Case], hours: Any) -> list[tuple[int, int]]:
    """How many first answers took each number of hours, fewest hours first."""
    answered = rows.filter(hours_to_answer__isnull=False).order_by()
    found = answered.annotate(took=hours).values_list("took").annotate(times=Count("id")).order_by("took")
    return [(max(0, took or 0), times) for took, times in found]


def _days(tally: Iterable[tuple[int, int]]) -> Days:
    rows = list(tally)
    count = sum(times for _took, times in rows)
    if not count:
        return Days(0, None, None, None)
    mean = sum(took * times for took, times in rows) / count
    return Days(
        count,
        case_rules.days(mean),
        case_rules.days(_percentile(rows, count, 0.5)),
        case_rules.days(_percentile(rows, count, 0.9)),
    )


def _percentile(tally: Iterable[tuple[int, int]], count: int, part: float) -> float:
    """The value at or below which ``part`` of the answers lie, by nearest rank."""
    left = case_rules.nearest_rank(count, part)
    for took, times in tally:
        left -= times
        if left <= 0:
            return float(took)
    return 0.0


def groups(rows: QuerySet[Case], dimension: str, at: datetime) -> list[Group]:
    """The matters by one dimension, the largest group first. One query."""
    column = COLUMNS[dimension]
    found = (
        rows.order_by()
        .values(column)
        .annotate(
            n=Count("id"),
            done=Count("id", filter=FOLLOWED),
            late=Count("id", filter=Q(is_open=True, due_at__lt=at)),
        )
        .order_by("-n", column)
    )
    return [Group(str(row[column] or ""), row["n"], row["done"], row["late"]) for row in found]


def groups_with_days(rows: QuerySet[Case], dimension: str, at: datetime) -> list[Group]:
    """The same with how long first answers took in each group. Two queries."""
    column = COLUMNS[dimension]
    answered = rows.filter(hours_to_answer__isnull=False).order_by()
    tallies: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, took, times in (
        answered.values_list(column, "hours_to_answer")
        .annotate(times=Count("id"))
        .order_by(column, "hours_to_answer")
    ):
        tallies[str(key or "")].append((took, times))
    return [
        Group(one.key, one.received, one.followed, one.overdue, _days(tallies.get(one.key, ())))
        for one in groups(rows, dimension, at)
    ]


def hamlet_names(keys: Iterable[str]) -> dict[str, str]:
    """What hamlets of any village are called, with their village. One query."""
    found = Hamlet.objects.filter(id__in=list(keys)).select_related("village")
    return {str(one.id): f"{one.name}, {one.village.name}" for one in found}
