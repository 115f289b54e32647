"""``/meja/posyandu-rekap/``: SKDN of an area by posyandu, village, kecamatan or regency, with forms and coverage of the whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.posyandu.queries import figures as figure_queries
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, month_words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)


class _Found:
    """The groups of an area with their table."""

    def __init__(self, asked: Asked) -> None:
        self.counted = queries.counted(asked.scope, asked.month)
        self.posyandu = queries.posyandus(asked.by, asked.scope)
        self.groups = figure_queries.groups(self.posyandu, self.counted.tallies, asked.region)
        self.table = figure_queries.table(self.groups, hide=not asked.named, blind=asked.blind())
        self.total = rules.together(one.counts for one in self.groups)
        self.skdn = rules.skdn(self.total)
        self.closed = queries.closed_months(asked.by, asked.scope, asked.month)


@officer(*READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The month of an area. A seat that may not see names sees a posyandu only in the table of its village, which hides small groups."""
    asked = Asked(request)
    if asked.posyandu is not None and not asked.named:
        return redirect(_village_of(asked, blocks.HERE))
    found = _Found(asked)
    hide = not asked.named
    names = asked.kept() if asked.named else None
    context = {
        "asked": asked,
        "area": asked.area,
        "place": region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "tabs": blocks.tabs(asked, "recap"),
        "steps": blocks.steps(asked),
        "heads": blocks.heads(),
        "split": _split(asked.region),
        "rows": [_row(one, found, asked) for one in found.groups],
        "total": blocks.cells(found.table.total, names),
        "identity": blocks.identity(found.table.total, names),
        "rates": blocks.rates(found.skdn, found.table.total, hide=hide, bands=found.table.total_bands),
        "whole": asked.named or asked.whole,
        "forms": blocks.forms(found.total, hide=hide, kept=names),
        "coverage": blocks.coverage(found.total, asked, hide=hide),
        "differences": blocks.differences(found.total, asked) if asked.named else [],
        "hides": hide,
        "posyandu_count": len(found.posyandu),
        "closed_count": len(found.closed),
        "counted": when.format_moment(found.counted.at, _zone(asked), portal_words.language())
        if found.counted.at
        else "",
        "kept": asked.kept(),
        "csv_url": f"{reverse('desk_posyandu_recaps_csv')}?{urlencode(asked.kept())}",
    }
    return frame.show(request, "desk/posyandu_recaps/area.html", context, here=blocks.NAV)


def _village_of(asked: Asked, name: str) -> str:
    """The same page of the village: one posyandu taken from its village would tell of the others."""
    return f"{reverse(name)}?{urlencode({'bulan': rules.written(asked.month), 'wilayah': asked.region})}"


def _zone(asked: Asked) -> str:
    return region_queries.zone_of(asked.region)


def _split(region: str) -> str:
    return {10: _("Posyandu"), 6: _("Village"), 4: _("District")}.get(len(region), _("Regency"))


def _row(one: figure_queries.Group, found: _Found, asked: Asked) -> dict[str, Any]:
    cells = found.table.rows[one.key]
    figures = {
        row["figure"]: row["percent"]
        for row in blocks.rates(
            rules.skdn(one.counts), cells, hide=not asked.named, bands=found.table.bands.get(one.key)
        )
    }
    month = rules.written(asked.month)
    if one.posyandu is not None:
        url = (
            f"{reverse('desk_posyandu_recap', args=[one.posyandu.id])}?{urlencode({'bulan': month})}"
            if asked.named
            else ""
        )
    else:
        url = f"?{urlencode({'bulan': month, 'wilayah': one.key})}"
    part = {"posyandu": one.key} if one.posyandu is not None else {"wilayah": one.key}
    return {
        "name": one.name,
        "url": url,
        "links": blocks.cells(cells, {"bulan": month, **part} if asked.named else None),
        "cells": [cells[name] for name in rules.SKDN],
        "d_s": figures["d_s"],
        "n_d": figures["n_d"],
        "closed": one.posyandu is not None and one.posyandu.id in found.closed,
    }


@officer(*READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The table as a sheet: figures alone, hidden where the page hides them."""
    asked = Asked(request)
    if asked.posyandu is not None and not asked.named:
        return redirect(_village_of(asked, "desk_posyandu_recaps_csv"))
    found = _Found(asked)
    rows: list[list[Any]] = [
        [_cell(row["name"]), *map(_cell, row["cells"]), row["d_s"], row["n_d"]]
        for row in (_row(one, found, asked) for one in found.groups)
    ]
    rows.append([_("all together"), *(_cell(found.table.total[name]) for name in rules.SKDN), "", ""])
    name = f"skdn-{asked.region}-{rules.written(asked.month)}.csv"
    return watch.as_csv(name, [_split(asked.region), *blocks.HEADS, "D/S", "N/D"], rows)


def _cell(value: Any) -> Any:
    return "" if value is None else value
