"""Reading corners for everybody: no names of readers, no names of who has a book."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.lib.errors import NotFound
from simpul.regions import queries as region_queries
from simpul.village_post.access import reading as access
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules
from simpul.web import reading
from simpul.web.forms import choices
from simpul.web.policy import Request, public
from simpul.web.portal import words


@public
@require_GET
def corners(request: Request) -> HttpResponse:
    """Every open reading corner."""
    rows = queries.public_corners()
    paths = region_queries.paths({one.region_code for one in rows})
    context = {
        "rows": [
            {
                "one": one,
                "about": " · ".join(
                    [
                        paths.get(one.region_code, ""),
                        hours(one),
                        ngettext("%(n)s book", "%(n)s books", one.held) % {"n": one.held},
                    ]
                ),
            }
            for one in rows
        ]
    }
    return render(request, "portal/reading/list.html", context)


@public
@require_GET
def corner(request: Request, corner_id: UUID) -> HttpResponse:
    """One corner: hours, what is planned, the shelf."""
    try:
        one = access.public_corner(corner_id)
    except NotFound as missing:
        raise Http404 from missing
    kept = {
        name: request.GET[name].replace("\x00", "")[:60]
        for name in ("kata", "jenis")
        if request.GET.get(name)
    }
    page = reading.page_number(request.GET.get("page", ""))
    wanted = queries.Filters(kept.get("kata", ""), kept.get("jenis", ""), page=page)
    rows, more = queries.shelf(one, wanted, public=True)
    coming, been = queries.activities(one, timezone.now(), public=True)
    village = region_queries.path_names(one.region_code)
    context = {
        "corner": one,
        "where": " · ".join(part for part in (one.place, village) if part),
        "hours": hours(one),
        "rows": [{"one": row, "category": _(rules.CATEGORIES[row.category])} for row in rows],
        "filters": {"kata": kept.get("kata", ""), "jenis": kept.get("jenis", "")},
        "filtered": bool(kept),
        "categories": choices.pairs(rules.CATEGORIES),
        "coming": [_activity(row, one) for row in coming],
        "been": [_activity(row, one) for row in been],
        "gifts": queries.donations(one, public=True)[:30],
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return render(request, "portal/reading/corner.html", context)


def _activity(row: Any, one: Any) -> dict[str, Any]:
    """An activity without the name of who leads it."""
    zone = region_queries.zone_of(one.region_code)
    return {
        "one": row,
        "kind": _(rules.ACTIVITIES[row.kind]),
        "ages": _(rules.AGES[row.ages]),
        "when": when.format_moment(row.starts_at, zone, words.language()),
    }


def hours(one: Any) -> str:
    """When the corner is open."""
    names = [when.weekday_name(date(2026, 6, day), words.language()) for day in one.open_days]
    named = _("every day") if len(names) in (0, 7) else ", ".join(names)
    return f"{named}, {one.opens:%H.%M}–{one.closes:%H.%M}" if one.opens and one.closes else named
