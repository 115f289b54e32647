"""Taking stock: what should be on the shelf, what was held in the hand, what differs; and the figures of a reading corner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from simpul.lib import areas
from simpul.village_post.models import (
    BookCopy,
    Loan,
    Reader,
    ReaderCount,
    ReadingActivity,
    Stocktake,
    StocktakeCopy,
)
from simpul.village_post.rules import reading as rules


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between shelf and book, with the rows."""

    stock: rules.Stock
    missing: tuple[BookCopy, ...]
    surprise: tuple[StocktakeCopy, ...]


def differences(take: Stocktake) -> Differences:
    """Compare what was seen with what should be there now. Three queries."""
    out = set(
        Loan.objects.filter(
            copy__corner=take.corner_id, returned_at=None, lost_at=None, struck_at=None
        ).values_list("copy_id", flat=True)
    )
    held = BookCopy.objects.filter(corner=take.corner_id)
    if take.closed_at is not None:
        held = held.filter(recorded_at__lte=take.closed_at)
    rows = list(held.select_related("title").order_by("title__shelf", "title__title", "code"))
    seen = list(take.seen.select_related("copy__title").order_by("-seen_at"))
    states = {str(one.id): "out" if one.id in out else one.state for one in rows}
    found = rules.stock(states, {str(one.copy_id): one.was for one in seen})
    return Differences(
        found,
        tuple(one for one in rows if str(one.id) in found.missing),
        tuple(one for one in seen if str(one.copy_id) in found.surprise),
    )


def progress(take: Stocktake) -> tuple[int, int]:
    """How many copies were seen, and how many there are."""
    total = BookCopy.objects.filter(corner=take.corner_id).exclude(state="withdrawn").count()
    return take.seen.count(), total


def latest(take: Stocktake, limit: int = 15) -> list[StocktakeCopy]:
    """What was seen last."""
    return list(take.seen.select_related("copy__title").order_by("-seen_at", "-id")[:limit])


def closed_differences(take: Stocktake) -> tuple[list[BookCopy], list[BookCopy]]:
    """What was missing and what was a surprise when it was finished."""
    codes = {*take.counts.get("missing", ()), *take.counts.get("surprise", ())}
    rows = {
        one.code: one
        for one in BookCopy.objects.filter(corner=take.corner_id, code__in=codes).select_related("title")
    }
    pick = lambda name: [rows[code] for code in take.counts.get(name, ()) if code in rows]  # noqa: E731
    return pick("missing"), pick("surprise")


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """What the reading corners of an area did in a period."""

    titles: int  # titles with at least one copy on the shelf, now
    copies: int  # copies of the collection, now: neither lost nor taken out
    members: int  # members, now
    loans: int  # loans begun in the period, without those written by mistake
    out: int  # loans that run, now
    late: int  # of those, due before the last day of the period
    visits: dict[str, int]  # readers counted in the period, by group
    activities: int  # activities that were held (somebody was counted)
    taking_part: int  # people counted at them


def figures(region_code: str, first: date, last: date) -> ReadingFigures:
    """The reading corners of an area ("" is everywhere) from one day to another, both counted. Six queries."""
    inside = areas.inside(region_code, "corner__region_code")
    copies = BookCopy.objects.filter(inside, state="here")
    lent = Loan.objects.filter(areas.inside(region_code, "copy__corner__region_code"), struck_at=None)
    running = Q(returned_at=None, lost_at=None)
    told = lent.aggregate(
        begun=Count("id", filter=Q(lent_at__date__gte=first, lent_at__date__lte=last)),
        out=Count("id", filter=running),
        late=Count("id", filter=running & Q(due_date__lt=last)),
    )
    visits = ReaderCount.objects.filter(inside, withdrawn_at=None, day__gte=first, day__lte=last)
    held = ReadingActivity.objects.filter(
        inside,
        withdrawn_at=None,
        count__isnull=False,
        starts_at__date__gte=first,
        starts_at__date__lte=last,
    ).aggregate(number=Count("id"), people=Sum("count"))
    return ReadingFigures(
        titles=copies.values("title").distinct().count(),
        copies=copies.count(),
        members=Reader.objects.filter(inside, ended_at=None).count(),
        loans=told["begun"],
        out=told["out"],
        late=told["late"],
        visits={
            group: total
            for group, total in visits.values_list("group").annotate(total=Sum("number")).order_by("group")
            if total > 0
        },
        activities=held["number"],
        taking_part=held["people"] or 0,
    )
