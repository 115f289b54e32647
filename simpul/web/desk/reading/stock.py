"""Taking stock: every copy is held in the hand once; what differs is looked at, row by row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.lib.errors import Refused
from simpul.village_post.access import reading as access
from simpul.village_post.actions import reading_days as actions
from simpul.village_post.queries import reading as queries
from simpul.village_post.queries import reading_stock
from simpul.village_post.rules import reading as rules
from simpul.web.desk import trying, words
from simpul.web.desk.reading import shared
from simpul.web.policy import Request, officer


@officer("stocktake.begin")
def listed(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Every taking of stock of a corner; a button to begin."""
    corner = trying.found(access.corner_for, request, corner_id)
    if request.method == "POST":
        made: list[Any] = []

        def act() -> None:
            made.append(actions.begin_stocktake(by=request.by, at=timezone.now(), corner_id=corner.id))

        answer = trying.attempt(request, act, reverse("desk_reading_stocks", args=[corner.id]))
        return redirect("desk_reading_stock", stocktake_id=made[0].id) if made else answer
    rows: list[dict[str, Any]] = [
        {"one": one, "day": words.moment(one.begun_at, corner.region_code)}
        for one in corner.stocktakes.order_by("-begun_at")[:30]
    ]
    context = {"rows": rows, "running": any(row["one"].closed_at is None for row in rows)}
    return shared.page(request, corner, "desk/reading/stocks.html", "desk_reading_stocks", context)


@officer("stocktake.scan")
def one(request: Request, stocktake_id: UUID) -> HttpResponseBase:
    """Scan one copy after another; below, what is missing and what should not be here."""
    take = trying.found(access.stocktake_for, request, stocktake_id)
    if request.method == "POST":
        return _scan(request, take)
    if take.closed_at is not None:
        missing, surprise = reading_stock.closed_differences(take)
        shown = [{"copy": one, "was": ""} for one in surprise]
    else:
        told = reading_stock.differences(take)
        missing, shown = (
            list(told.missing),
            [{"copy": one.copy, "was": _(rules.COPY_STATES[one.was])} for one in told.surprise],
        )
    seen, total = reading_stock.progress(take)
    context = {
        "take": take,
        "begun": words.moment(take.begun_at, take.corner.region_code),
        "seen": seen,
        "total": total,
        "latest": [
            {"one": one, "was": _(rules.COPY_STATES[one.was]), "odd": one.was != "here"}
            for one in reading_stock.latest(take)
        ],
        "missing": missing[:300],
        "surprise": shown,
    }
    return shared.page(request, take.corner, "desk/reading/stock.html", "desk_reading_stocks", context)


def _scan(request: Request, take: Any) -> HttpResponseBase:
    at = timezone.now()
    codes = request.POST.get("kode", "").replace("\x00", "").split()[:200]
    for code in codes:
        try:
            actions.scan_stocktake(by=request.by, at=at, stocktake_id=take.id, code=code, seen_at=at)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk_reading_stock", stocktake_id=take.id)


@officer("stocktake.close")
@require_POST
def close(request: Request, stocktake_id: UUID) -> HttpResponseBase:
    """Finish taking stock."""
    return trying.attempt(
        request,
        lambda: actions.close_stocktake(
            by=request.by, at=timezone.now(), stocktake_id=stocktake_id, words=request.POST.get("kata", "")
        ),
        reverse("desk_reading_stock", args=[stocktake_id]),
    )


@officer("stocktake.scan")
@require_GET
def sheet(request: Request, stocktake_id: UUID) -> HttpResponseBase:
    """The list to tick by hand, where there is no barcode reader."""
    take = trying.found(access.stocktake_for, request, stocktake_id)
    rows = take.corner.copies.exclude(state="withdrawn").select_related("title")
    out = {one.copy_id for one in queries.loans(take.corner)}
    context = {
        "take": take,
        "corner": take.corner,
        "begun": words.moment(take.begun_at, take.corner.region_code),
        "rows": [
            {"one": one, "state": _(rules.COPY_STATES["out" if one.id in out else one.state])}
            for one in rows.order_by("title__shelf", "title__title", "code")[:3000]
        ],
    }
    return shared.show(request, "desk/reading/stock_sheet.html", context)
