"""``/meja/posyandu-rekap/tren/``: SKDN and its rates over 12, 24 or 36 months, as they were counted last."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, month_words, percent
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)
LENGTHS = (12, 24, 36)
CHARTED = ("d_s", "n_d", "bgm_d")


def _months(request: Request) -> int:
    wanted = request.GET.get("bulan_lalu", "")
    return int(wanted) if wanted in map(str, LENGTHS) else rules.LATEST_MONTHS


def _rows(asked: Asked, months: int) -> list[dict[str, Any]]:
    """One row a month; None in place of what nobody counted or what is hidden."""
    rows = []
    for month, found in queries.trend(asked.scope, asked.month, months):
        if found is None:
            rows.append(_row(month, None, {}, hide=False))
        else:
            table = shown.skdn([("", found)], hide=not asked.named)
            rows.append(_row(month, found, table.rows[""], hide=not asked.named))
    return rows


def _row(month: date, found: rules.Skdn | None, cells: Any, *, hide: bool) -> dict[str, Any]:
    shares: dict[str, rules.Rate | None] = {}
    for one in rules.rates(found, {}) if found else ():
        above, below, _words = rules.RATES[one.figure]
        gone = cells.get(above) is None or cells.get(below) is None
        shares[one.figure] = None if gone else shown.rate(one, hide=hide)
    return {
        "month": month,
        "label": when.format_month(month, portal_words.language()),
        "cells": [cells.get(name) for name in rules.SKDN],
        "shares": [percent(shares.get(name)) for name in CHARTED],
        "points": {name: rate.permille if (rate := shares.get(name)) else None for name in CHARTED},
    }


def _own(asked: Asked) -> bool:
    """A seat that sees no names sees the course of its own whole area alone: a part beside the whole would tell of its neighbour."""
    return asked.named or asked.whole


@officer(*READING)
@require_GET
def trend(request: Request) -> HttpResponseBase:
    """Charts and the table."""
    asked = Asked(request)
    if not _own(asked):
        return redirect(
            f"{reverse('desk_posyandu_trend')}?{urlencode({'bulan': rules.written(asked.month)})}"
        )
    months = _months(request)
    rows = _rows(asked, months)
    charts = [
        {
            "caption": f"{'/'.join(part.upper() for part in name.split('_'))}: {_(rules.RATES[name][2])}",
            "rows": [
                (row["label"], None if row["points"][name] is None else round(row["points"][name] / 10, 1))
                for row in rows
            ],
        }
        for name in CHARTED
    ]
    context = {
        "asked": asked,
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "tabs": blocks.tabs(asked, "trend"),
        "heads": blocks.heads(),
        "rows": list(reversed(rows)),
        "charts": charts,
        "any": any(row["points"]["d_s"] is not None for row in rows),
        "lengths": [
            (one, f"?{urlencode(asked.kept(bulan_lalu=str(one)))}", one == months) for one in LENGTHS
        ],
        "hides": not asked.named,
        "csv_url": f"{reverse('desk_posyandu_trend_csv')}?{urlencode(asked.kept(bulan_lalu=str(months)))}",
    }
    return frame.show(request, "desk/posyandu_recaps/trend.html", context, here=blocks.NAV)


@officer(*READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The months as a sheet."""
    asked = Asked(request)
    if not _own(asked):
        return redirect("desk_posyandu_trend_csv")
    rows = [
        [
            rules.written(row["month"]),
            *("" if cell is None else cell for cell in row["cells"]),
            *row["shares"],
        ]
        for row in _rows(asked, _months(request))
    ]
    name = f"tren-skdn-{rules.written(asked.month)}.csv"
    return watch.as_csv(name, [_("Month"), *blocks.HEADS, "D/S", "N/D", "BGM/D"], rows)
