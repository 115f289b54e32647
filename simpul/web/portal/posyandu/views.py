"""``/posyandu/``: when the posyandu opens, village by village, and a month of the whole area. Plain pages, no names, no small group."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.posyandu.queries import open as queries
from simpul.posyandu.rules import recaps as rules
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import places, words

RATES = ("k_s", "d_s", "n_d")
"""Rates that are told to everybody."""


@public
@require_GET
def posyandu(request: Request) -> HttpResponse:
    """Schedules of a village or a district; of a whole regency its districts to choose from."""
    asked = request.GET.get("tempat", "").replace("\x00", "").strip()[:80]
    found = places.find(asked) if asked else []
    home = desk_queries.institution().region_code
    region = found[0][0] if found else home
    today = timezone.now().astimezone(desk_queries.zone_of(region)).date()
    lists = len(region) >= 6
    context = {
        "typed": found[0][1] if found else asked,
        "where": region_queries.path_names(region),
        "unknown": bool(asked) and not found,
        "others": found[1:],
        "villages": [_village(one, today) for one in queries.villages(region, today)] if lists else [],
        "parts": [] if lists else queries.parts(region),
        "lists": lists,
        "numbers": queries.numbers(region),
        "month": _month(queries.last_month(home, today)) if region == home else None,
    }
    return render(request, "portal/posyandu/page.html", context)


def _village(one: queries.Village, today: Any) -> dict[str, Any]:
    return {"name": one.name, "openings": [_opening(row, today) for row in one.openings]}


def _opening(one: queries.Opening, today: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "where": ", ".join(part for part in (one.hamlet, one.place) if part),
        "day": when.format_long_date(one.day, words.language()) if one.day else "",
        "is_today": one.day == today,
        "hour": time_format(one.starts, "H.i") if one.starts else "",
        "holiday": one.holiday,
    }


def _month(found: queries.Month | None) -> dict[str, Any] | None:
    if found is None:
        return None
    rows = [_row(whole, told, found.bands) for whole, told in found.rates if whole.figure in RATES]
    rows += [_row(whole, told, {}) for whole, told in found.coverage]
    return {"name": when.format_month(found.month, words.language()), "rows": rows}


def _row(whole: rules.Rate, told: rules.Rate | None, bands: Any) -> dict[str, Any]:
    target = _("target %(n)s %%") % {"n": whole.target.percent} if whole.target else ""
    return {"words": _(whole.words), "share": _share(whole, told, bands), "target": target}


def _share(whole: rules.Rate, told: rules.Rate | None, bands: Any) -> str:
    if told is not None and told.permille is not None:
        return words.percent_words(told.permille)
    if not whole.out_of:
        return _("nobody")
    if whole.figure in bands:
        return words.band_words(bands[whole.figure])
    return _("hidden, fewer than 5")
