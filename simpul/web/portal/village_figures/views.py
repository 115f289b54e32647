"""``/angka/pos/``: what the posts of an area did in the last three whole months. Small groups are hidden."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.reports.queries import village as queries
from simpul.web.desk.village_figures import shown
from simpul.web.policy import Request, public
from simpul.web.portal import places, words


@public
@require_GET
def figures(request: Request) -> HttpResponse:
    """The figures of a village, a district or the whole institution; whole months, so that two readings cannot be subtracted."""
    asked = request.GET.get("tempat", "").replace("\x00", "").strip()[:80]
    found = places.find(asked) if asked else []
    region = found[0][0] if found else desk_queries.institution().region_code
    since, until = _months(timezone.now().astimezone(desk_queries.zone_of(region)).date())
    told = queries.protected(queries.figures(region, since, until))
    context = {
        "place": found[0][1] if found else "",
        "where": region_queries.path_names(region),
        "unknown": bool(asked) and not found,
        "period": f"{words.date_words(since)} – {words.date_words(until)}",
        "sections": shown.sections(told),
    }
    return render(request, "portal/village_figures/page.html", context)


def _months(today: date) -> tuple[date, date]:
    """The last three whole months."""
    end = today.replace(day=1) - timedelta(days=1)
    begin = end.replace(day=1)
    for _month in range(2):
        begin = (begin - timedelta(days=1)).replace(day=1)
    return begin, end
