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
from simpul.web.desk.posyandu_recaps.asked import Asked, month_words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)
LENGTHS = (12, 24, 36)
CHARTED = ("d_s", "n_d", "bgm_d")
NOTHING = "–"


def _months(request: Request) -> int:
    wanted = request.GET.get("bulan_lalu", "")
    return int(wanted) if wanted in map(str, LENGTHS) else rules.LATEST_MONTHS


def _rows(asked: Asked, months: int) -> list[dict[str, Any]]:
    """One row a month, hidden as the table of that month hides its total."""
    return [
        _row(month, groups, hide=not asked.named)
        for month, groups in queries.trend(asked.scope, asked.month, months)
    ]


def _row(month: date, groups: queries.Groups, *, hide: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"month": month, "label": when.format_month(month, portal_words.language())}
    if not groups:
        nothing = [NOTHING] * len(rules.SKDN)
        points = dict.fromkeys(CHARTED)
        return {**row, "cells": nothing, "shares": [NOTHING] * len(CHARTED), "points": points, "hidden": {}}
    table = shown.skdn(groups, hide=hide)
    found = blocks.rates(
        rules.together_skdn(one for _key, one in groups), table.total, hide=hide, bands=table.total_bands
    )
    by_name = {one["figure"]: one for one in found}
    return {
        **row,
        "cells": [table.total[name] for name in rules.SKDN],
        "shares": [by_name[name]["percent"] for name in CHARTED],
        "points": {name: _point(by_name[name]) for name in CHARTED},
        "hidden": {name: bool(by_name[name]["hidden"]) for name in CHARTED},
    }


def _point(rate: dict[str, Any]) -> float | None:
    """Percent, or None where it is hidden or there is nobody."""
    return None if not rate["out_of"] else round(100 * rate["counted"] / rate["out_of"], 1)


def _own(asked: Asked) -> bool:
    """A seat that sees no names sees the course of its own whole area alone: a part beside the whole would tell of its neighbour."""
    return asked.named or asked.whole


def _chart(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    told = [row["points"][name] for row in rows if row["points"][name] is not None]
    return {
        "caption": f"{'/'.join(part.upper() for part in name.split('_'))}: {_(rules.RATES[name][2])}",
        "rows": [(row["label"], row["points"][name]) for row in rows],
        "zero": 0 if any(told) else len(told),  # in how many months, when all are nought
        "empty": not told,
        "hidden": sum(1 for row in rows if row["hidden"].get(name)),
    }


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
    charts = [_chart(name, rows) for name in CHARTED]
    context = {
        "asked": asked,
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "tabs": blocks.tabs(asked, "trend"),
        "heads": blocks.heads(),
        "rows": list(reversed(rows)),
        "charts": charts,
        "any": any(row["hidden"] for row in rows),
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
