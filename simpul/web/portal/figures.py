"""``/angka/``: how the service does, for everybody. The definition stands beside each number, and small groups are hidden."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cases.queries import figures as figure_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries.figures import GroupRow, PublicFigures
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import words

KEPT_SECONDS = 600
PERIODS = ("12", "3", "1")
"""Months looked back on."""


@public
def figures(request: Request) -> HttpResponse:
    """The figures of the last months."""
    months, found = _figures(request)
    tables = [
        {
            "title": _("By kind of matter"),
            "head": _("Kind"),
            "rows": _named(found.by_kind, _kind_names(found.by_kind)),
        },
        {
            "title": _("By place"),
            "head": _("Place"),
            "rows": _named(found.by_place, region_queries.paths([row.key for row in found.by_place])),
        },
        {
            "title": _("By the road it came"),
            "head": _("Road"),
            "rows": _named(found.by_channel, channel_names()),
        },
    ]
    context = {
        "found": found,
        "numbers": _numbers(found),
        "tables": tables,
        "months": months,
        "periods": PERIODS,
        "hours_each": KEPT_SECONDS // 60,
    }
    return render(request, "portal/figures.html", context)


@public
def figures_csv(request: Request) -> HttpResponse:
    """The same as CSV. No cell can be run by a spreadsheet; hidden numbers are empty."""
    _months, found = _figures(request)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("part"), _("name"), _("received"), _("answered"), _("overdue and open")])
    whole = found.figures
    writer.writerow(_safe([_("All"), "", whole.received, whole.answered, whole.overdue]))
    names = {
        **_kind_names(found.by_kind),
        **region_queries.paths([row.key for row in found.by_place]),
        **channel_names(),
    }
    for part, rows in (
        (_("Kind"), found.by_kind),
        (_("Place"), found.by_place),
        (_("Road"), found.by_channel),
    ):
        for row in rows:
            writer.writerow(
                _safe([part, names.get(row.key, row.name), row.received, row.answered, row.overdue])
            )
    writer.writerow([])
    for number in _numbers(found):
        writer.writerow(_safe([number["label"], number["note"], number["number"], "", ""]))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_("figures")}-{found.until:%Y-%m-%d}.csv"'
    return answer


def channel_names() -> dict[str, str]:
    """The roads a matter can come by, in words."""
    return {
        "web": _("This site"),
        "desk": _("Service desk"),
        "phone": _("Telephone"),
        "whatsapp": "WhatsApp",
        "sms": "SMS",
        "email": _("E-mail"),
        "telegram": "Telegram",
        "paper": _("Paper"),
        "field": _("Officer in the field"),
        "open311": "Open311",
    }


def _figures(request: Request) -> tuple[str, PublicFigures]:
    """The figures of the asked period, computed anew at most every ten minutes."""
    months = request.GET.get("bulan", "")
    months = months if months in PERIODS else PERIODS[0]
    home = desk_queries.institution().region_code
    zone = ZoneInfo(region_queries.zone_of(home))
    now = timezone.now()
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), datetime.min.time(), zone)
    until = midnight.astimezone(UTC)
    since = until - timedelta(days=round(int(months) * 30.44))
    key = f"portal:figures:{months}:{home}:{until:%Y%m%d}"
    found = cache.get(key)
    if found is None:
        found = figure_queries.public_figures(since=since, until=until, at=now)
        cache.set(key, found, KEPT_SECONDS)
    return months, found


def _numbers(found: PublicFigures) -> list[dict[str, Any]]:
    """The headline numbers, each with its definition."""
    whole = found.figures
    share = "–" if whole.share_answered is None else f"{whole.share_answered:.0f}%"
    return [
        {
            "number": whole.received,
            "label": _("matters received"),
            "note": _("By every road, sealed matters left out."),
        },
        {
            "number": share,
            "label": _("answered"),
            "note": _("Share of the received matters that got a written answer. Late ones stay counted."),
        },
        {
            "number": _days(whole.mean_days),
            "label": _("days on average"),
            "note": _("From the day it was first passed to a desk to the first written answer."),
        },
        {
            "number": _days(whole.p90_days),
            "label": _("days for nine in ten"),
            "note": _("Nine of ten answers took this long or less, counted in the same way."),
        },
        {
            "number": whole.overdue,
            "label": _("open and overdue"),
            "note": _("Not answered yet although the time promised has passed. Silence is counted here."),
        },
    ]


def _days(days: float | None) -> str:
    return "–" if days is None else f"{days:.1f}".replace(".", "," if words.language() == "id" else ".")


def _named(rows: Iterable[GroupRow], names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": names.get(row.key, row.name), "cells": (row.received, row.answered, row.overdue)}
        for row in rows
    ]


def _kind_names(rows: Iterable[GroupRow]) -> dict[str, str]:
    return kind_queries.names([row.key for row in rows], words.language())


def _safe(cells: Iterable[object]) -> list[object]:
    return ["" if cell is None else text.neutralise_cell(cell) for cell in cells]
