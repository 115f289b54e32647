"""Plain counts of waste banks by area and period, for the village's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from simpul.community.models import Line, Posting, Standing
from simpul.lib import areas


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one area and period.

    ``deposits``: receipts of weighings, donations among them, that were not reversed. ``savers``: different pass books behind them.
    ``grams``: what was weighed in, by kind in ``kinds`` (name -> grams). ``fund_in``: rupiah the development fund got of it and of results
    of sales; ``fund_out``: rupiah it paid for works; ``works``: different works it paid for. ``fund``: what the fund holds now.
    """

    deposits: int
    savers: int
    grams: int
    kinds: dict[str, int]
    fund_in: int
    fund_out: int
    works: int
    fund: int


def figures(region_code: str, since: datetime, until: datetime) -> Figures:
    """Counts of an area (a dotless prefix) from ``since`` to before ``until``, by when it happened. Six queries."""
    place = areas.inside(region_code, "bank__region_code")
    period = {"done_at__gte": since, "done_at__lt": until, "reversed_by__isnull": True}
    postings = Posting.objects.filter(place, **period)
    came = postings.filter(kind__in=("deposit", "donation"))
    counts = came.aggregate(n=Count("id"), savers=Count("saver", distinct=True), grams=Sum("grams"))
    paid = postings.filter(kind="spending").aggregate(sum=Sum("rupiah"), works=Count("work", distinct=True))
    lines = Line.objects.filter(posting__in=came, waste__isnull=False)
    kinds = lines.values("waste__name").annotate(sum=Sum("grams")).order_by("waste__name")
    into_fund = Line.objects.filter(
        posting__in=postings.exclude(kind="reversal"), from_account__role="fund"
    ).aggregate(sum=Sum("rupiah"))
    kept = Standing.objects.filter(
        areas.inside(region_code, "account__bank__region_code"), account__role="fund"
    )
    return Figures(
        deposits=counts["n"],
        savers=counts["savers"],
        grams=counts["grams"] or 0,
        kinds={row["waste__name"]: row["sum"] for row in kinds},
        fund_in=into_fund["sum"] or 0,
        fund_out=paid["sum"] or 0,
        works=paid["works"],
        fund=-(kept.aggregate(sum=Sum("rupiah"))["sum"] or 0),
    )
