"""``/angka/``: how the service does, for everybody. The definition stands beside each number, and small groups are hidden."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.feedback.queries import trends as feedback_queries
from simpul.lib import small_cells, text, when
from simpul.regions import queries as region_queries
from simpul.reports import rules
from simpul.reports.queries import counts
from simpul.reports.queries import public as queries
from simpul.web.policy import Request, public
from simpul.web.portal import words

KEPT_SECONDS = 600
PERIODS = ("12", "3", "1")
"""Months looked back on, for the service as a whole."""

HEADLINE = (
    "received",
    "share_followed",
    "mean_days",
    "median_days",
    "p90_days",
    "p90_days_received",
    "overdue",
    "mean_rating",
    "share_told",
    "outside_hours",
)
"""The figures that everybody reads, in this order."""


@public
def figures(request: Request) -> HttpResponse:
    """The whole of the last months, then one quarter by groups."""
    read = _Asked(request)
    found = read.whole()
    tables = read.tables()
    context = {
        "numbers": numbers(found, HEADLINE),
        "tables": list(_shown_tables(tables, read)),
        "hamlets": _hamlet_table(read, tables),
        "months": read.months,
        "periods": PERIODS,
        "quarters": [(one.code, quarter_words(one), one == read.quarter) for one in read.quarters],
        "quarter": read.quarter,
        "quarter_words": quarter_words(read.quarter),
        "quarter_until": words.date_words(read.quarter.end_date - timedelta(days=1)),
        "since": words.date_words(read.since.astimezone(read.zone).date()),
        "dated": when.format_moment(read.now, read.zone.key, words.language()),
        "minutes": KEPT_SECONDS // 60,
        "changes": feedback_queries.public_changes(5),
        "rumours": [
            {"row": one, "verdict": words.verdict_words(one.verdict)}
            for one in feedback_queries.public_rumours(5)
        ],
    }
    return render(request, "portal/figures.html", context)


@public
def figures_csv(request: Request) -> HttpResponse:
    """The same as CSV with its definitions. No cell can be run by a spreadsheet; hidden numbers are empty."""
    read = _Asked(request)
    out = StringIO()
    writer = csv.writer(out)
    for row in _csv_rows(read):
        writer.writerow(["" if cell is None else text.neutralise_cell(cell) for cell in row])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    day = read.now.astimezone(read.zone).date()
    answer["Content-Disposition"] = f'attachment; filename="{_("figures")}-{day:%Y-%m-%d}.csv"'
    return answer


def _csv_rows(read: _Asked) -> Iterator[Iterable[Any]]:
    """The file: when it was made, the whole, the quarter by groups."""
    yield [_("as of"), when.format_moment(read.now, read.zone.key, words.language())]
    yield []
    yield [
        _("figure"),
        _("last %(n)s months") % {"n": read.months},
        _("what it means"),
    ]
    for number in numbers(read.whole(), HEADLINE):
        yield [number["label"], number["number"], number["note"]]
    yield []
    parts = [_(label) for label in rules.TABLE_PARTS.values()]
    yield [quarter_words(read.quarter), _("name"), _("received"), *parts]
    for table in _shown_tables(read.tables(), read):
        for row in table["rows"]:
            yield [table["head"], row["name"], *row["cells"]]
    yield []
    yield [_("An empty cell hides a number from one to four, or one that would give such a number away.")]


class _Asked:
    """What the address asks for, with the figures, computed anew at most every ten minutes."""

    def __init__(self, request: Request) -> None:
        months = request.GET.get("bulan", "")
        self.months = months if months in PERIODS else PERIODS[0]
        self.home = desk_queries.institution().region_code
        self.zone = ZoneInfo(region_queries.zone_of(self.home))
        self.now = timezone.now()
        today = self.now.astimezone(self.zone).date()
        midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), self.zone)
        self.until = midnight.astimezone(UTC)
        self.since = self.until - timedelta(days=round(int(self.months) * 30.44))
        self.quarters = rules.finished_quarters(today)
        self.quarter = rules.read_quarter(request.GET.get("triwulan", ""), self.quarters)
        self.village = request.GET.get("desa", "")[:10]

    def whole(self) -> counts.Headline:
        """The service as a whole in the last months."""
        return self._kept(
            f"whole:{self.months}:{self.until:%Y%m%d}",
            lambda: queries.whole(self.since, self.until, self.now),
        )

    def tables(self) -> queries.Tables:
        """The quarter by groups."""
        return self._kept(
            f"quarter:{self.quarter.code}", lambda: queries.tables(self.quarter, self.zone, self.now)
        )

    def _kept(self, name: str, make: Any) -> Any:
        key = f"portal:figures:{self.home}:{name}"
        found = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found, KEPT_SECONDS)
        return found


def numbers(found: counts.Headline, measures: Iterable[str]) -> list[dict[str, Any]]:
    """Figures as they are written, each with its definition. A count from one to four is not told, nor what is made of so few."""
    return [
        {
            "key": key,
            "number": written(
                None if small_cells.is_small(found.behind(key) or 0) else found.value(key),
                rules.MEASURES[key].form,
            ),
            "label": _(rules.MEASURES[key].name),
            "note": _(rules.MEASURES[key].meaning),
        }
        for key in measures
    ]


def written(value: float | int | None, form: str) -> str:
    """A figure in words of the page: "–" when there is none, "< 5" for a small count."""
    if value is None:
        return "–"
    if form == "count":
        return f"< {small_cells.SMALL}" if small_cells.is_small(int(value)) else str(value)
    return decimal(value, form)


def decimal(value: float | None, form: str = "days") -> str:
    """A share, a number of days or a rating."""
    if value is None:
        return "–"
    if form == "share":
        return f"{value:.0f}%"
    return f"{value:.1f}".replace(".", "," if words.language() == "id" else ".")


def quarter_words(quarter: rules.Quarter) -> str:
    """A quarter with its months: "Juli-September 2026"."""
    first = when.format_month(quarter.first_date, words.language()).rsplit(" ", 1)[0]
    last = when.format_month(quarter.end_date - timedelta(days=1), words.language())
    return f"{first}–{last}"


def _shown_tables(found: queries.Tables, read: _Asked) -> Iterator[dict[str, Any]]:
    for dimension, table in found.by.items():
        names = names_of(dimension, [row.key for row in table.rows])
        links = dimension == "place"
        yield {
            "head": _(rules.DIMENSIONS[dimension]),
            "title": _title(dimension),
            "withheld": table.withheld and table.whole is not None,
            "empty": table.whole == 0,
            "rows": _rows(table, names, read if links else None),
            "total": (table.whole, *table.parts),
        }


def _rows(
    table: small_cells.Shown, names: Mapping[str, str], read: _Asked | None = None
) -> list[dict[str, Any]]:
    """The rows that show something, and one for all the others: their names alone would tell where little happens."""
    open_rows = [row for row in table.rows if row.whole is not None]
    others = len(table.rows) - len(open_rows)
    found = [
        {
            "name": names.get(row.key, row.key) or _("not stated"),
            "url": f"?bulan={read.months}&triwulan={read.quarter.code}&desa={row.key}#desa"
            if read and row.whole is not None and len(row.key) == 10
            else "",
            "cells": (row.whole, *row.parts),
            "share": decimal(rules.share(row.parts[0], row.whole), "share")
            if row.parts[0] is not None
            else None,
        }
        for row in open_rows
    ]
    if others:
        hidden = (None,) * (1 + len(table.parts))
        label = ngettext("%(n)s other", "%(n)s others", others) % {"n": others}
        found.append({"name": label, "url": "", "cells": hidden, "share": None})
    return found


def _hamlet_table(read: _Asked, found: queries.Tables) -> dict[str, Any] | None:
    """The hamlets of the village that was asked for; only a village that is itself shown has any."""
    if len(read.village) != 10:
        return None
    table = queries.hamlets(read.quarter, read.village, found, read.zone, read.now)
    if table is None:
        return None
    return {
        "title": region_queries.path_names(read.village),
        "head": _(rules.DIMENSIONS["hamlet"]),
        "withheld": table.withheld,
        "rows": _rows(table, names_of("hamlet", [row.key for row in table.rows], read.village)),
    }


def _title(dimension: str) -> str:
    return {
        "kind": _("By kind of matter"),
        "place": _("By village"),
        "channel": _("By the road it came"),
        "desk": _("By the desk that holds it"),
        "hamlet": _("By hamlet"),
    }[dimension]


def names_of(dimension: str, keys: Iterable[str], village: str = "") -> dict[str, str]:
    """What the keys of a dimension are called. One query at most."""
    wanted = [key for key in keys if key]
    if dimension == "kind":
        return kind_queries.names(wanted, words.language())
    if dimension == "place":
        return region_queries.paths(wanted)
    if dimension == "channel":
        return channel_names()
    if dimension == "desk":
        return {str(key): name for key, name in desk_queries.names(UUID(key) for key in wanted).items()}
    return {str(one.id): one.name for one in region_queries.hamlets(village)} if village else {}


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
        "lapor": "SP4N-LAPOR",
    }
