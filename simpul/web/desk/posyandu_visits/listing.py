"""``/meja/posyandu-kunjungan/<posyandu>/``: visits of a posyandu, telling the health worker, the paper of the week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.posyandu.actions import visits as actions
from simpul.posyandu.queries import visits as queries
from simpul.posyandu.rules import visits as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.posyandu_forms import shared as pages
from simpul.web.desk.posyandu_visits import shared
from simpul.web.policy import Request, officer


@officer(pages.NAMED)
@require_GET
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Visits, newest first; those not told yet can be marked as told."""
    posyandu = pages.posyandu_of(request, posyandu_id)
    filters = _filters(request)
    visits, more = queries.listed(request.by, posyandu, filters)
    monday, sunday = queries.week_of(pages.today(posyandu))
    week = queries.of_week(request.by, posyandu, monday)
    counts = queries.counted(week)
    kept = {key: value for key, value in request.GET.items() if key != "page" and value}
    place = roles.Place(region_code=posyandu.region_code)
    context = {
        "rows": [shared.row(one) for one in visits],
        "filters": filters,
        "filtered": bool(kept),
        "classes": [(code, _(shared.CLASSES[code][0])) for code in rules.CLASSES],
        "stats": [
            (counts["visits"], _("Visits this week")),
            (counts["met"], _("Somebody was there")),
            *((counts[code], _(shared.CLASSES[code][0])) for code in rules.CLASSES),
        ],
        "week": f"{words.day(monday)} – {words.day(sunday)}",
        "week_url": reverse("desk_posyandu_visits_week", args=[posyandu.id]),
        "may_write": roles.may(request.by, "homevisit.record", place),
        "may_tell": roles.may(request.by, "homevisits.report", place),
        "today": pages.today(posyandu),
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if more else "",
    }
    return pages.show(
        request, "desk/posyandu_visits/listed.html", posyandu, context, here="desk_posyandu_visits"
    )


def _filters(request: Request) -> queries.Filters:
    given = request.GET
    code = given.get("kelas", "")
    return queries.Filters(
        class_code=code if code in rules.CLASSES else "",
        untold=given.get("lapor") == "belum",
        page=reading.page_number(given.get("page", "1")),
    )


@officer("homevisits.report")
@require_POST
def report(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Mark visits as told to the health worker."""
    posyandu = pages.posyandu_of(request, posyandu_id)
    chosen = [key for key in (reading.key(one) for one in request.POST.getlist("kunjungan")) if key]
    day = pages.day_of(request.POST.get("tanggal", ""), pages.today(posyandu))

    def act() -> None:
        count = actions.report_homevisits(
            by=request.by, at=timezone.now(), posyandu_id=posyandu.id, visit_ids=chosen, reported_date=day
        )
        said = ngettext("%(n)s visit marked as told.", "%(n)s visits marked as told.", count) % {"n": count}
        messages.success(request, said) if count else messages.warning(
            request, _("Tick the visits that you told the health worker about.")
        )

    return trying.attempt(request, act, reverse("desk_posyandu_visits", args=[posyandu.id]))


@officer(pages.NAMED)
@require_GET
def week(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The paper of one week for the health post."""
    posyandu = pages.posyandu_of(request, posyandu_id)
    today = pages.today(posyandu)
    monday, sunday = queries.week_of(pages.day_of(request.GET.get("pekan", ""), today))
    visits = queries.of_week(request.by, posyandu, monday)
    path = reverse("desk_posyandu_visits_week", args=[posyandu.id])
    context: dict[str, Any] = {
        "posyandu": posyandu,
        "place": region_queries.path_names(posyandu.region_code),
        "rows": [_paper_row(number, one) for number, one in enumerate(visits, 1)],
        "counts": queries.counted(visits),
        "from": monday.strftime("%d-%m-%Y"),
        "to": sunday.strftime("%d-%m-%Y"),
        "back": reverse("desk_posyandu_visits", args=[posyandu.id]),
        "earlier": f"{path}?pekan={(monday - timedelta(days=7)).isoformat()}",
        "later": f"{path}?pekan={(monday + timedelta(days=7)).isoformat()}" if sunday < today else "",
        "empty": range(0 if visits else 10),
    }
    return frame.show(request, "desk/posyandu_visits/week.html", context, here=pages.HERE)


def _paper_row(number: int, visit: Any) -> dict[str, Any]:
    return {
        "number": number,
        "date": visit.date.strftime("%d-%m-%Y"),
        "who": shared.who(visit),
        "checklist": visit.checklist or "KK",
        "met": visit.met,
        "classes": [code in visit.classes for code in rules.CLASSES],
        "outcome": visit.outcome,
        "told": visit.reported_date.strftime("%d-%m-%Y") if visit.reported_date else "",
        "cadre": visit.cadre.name if visit.cadre is not None else visit.recorded_by,
    }
