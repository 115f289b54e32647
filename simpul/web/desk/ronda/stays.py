"""Guests who stay longer than 24 hours; figures of the month and the file for SIM Linmas."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import ronda_nights as actions
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_figures, ronda_kinds
from simpul.village_post.queries import ronda_nights as night_queries
from simpul.village_post.rules import ronda as rules
from simpul.web import reading
from simpul.web.desk import trying, watch, words
from simpul.web.desk.ronda import forms, incidents, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Guests who were reported."""
    given = request.GET
    kept = {name: given[name].replace("\x00", "")[:60] for name in ("keadaan", "kata") if given.get(name)}
    page = reading.page_number(given.get("page", ""))
    filters = night_queries.Filters(state=kept.get("keadaan", ""), words=kept.get("kata", ""), page=page)
    rows, more = night_queries.stays(request.by, filters)
    context = {
        "rows": [
            {
                "one": one,
                "came": words.moment(one.arrived_at, one.region_code),
                "until": words.day(one.until_date) if one.until_date else "",
                "left": words.day(one.left_date) if one.left_date else "",
            }
            for one in rows
        ],
        "states": [("here", _("still here"))],
        "filters": {"keadaan": kept.get("keadaan", ""), "kata": kept.get("kata", "")},
        "filtered": bool(kept),
        "tabs": shared.top_tabs("desk_ronda_stays"),
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/ronda/stays.html", context)


@officer("stay.report")
def new(request: Request) -> HttpResponseBase:
    """Write a guest down."""
    night = incidents.night_of(request)
    code = incidents.code_of(request, night)
    zone, now = queries.zone_of(code), timezone.now()
    here = now.astimezone(zone)
    form = forms.StayForm(
        request.POST if request.method == "POST" else None,
        initial={"day": here.date(), "clock": here.strftime("%H.%M")},
        village=code,
        zone=zone,
    )
    back = reverse("desk_ronda_night", args=[night.id]) if night else reverse("desk_ronda_stays")
    if form.is_valid() and trying.run(
        form,
        lambda: actions.report_stay(
            by=request.by,
            at=now,
            region_code=code,
            arrived_at=form.arrived_at(),
            reported_at=now,
            given=form.given(),
            night_id=night.id if night else None,
            stay_id=form.cleaned_data["once"],
        ),
    ):
        messages.success(request, _("The guest is reported."))
        return redirect(back)
    intro = _(
        "Guests who stay longer than 24 hours are reported to the RT or the post. A late report is taken too."
    )
    return shared.form_page(request, form, _("Report a guest"), back, _("Report the guest"), intro=intro)


@officer("stay.end")
@require_POST
def end(request: Request, stay_id: UUID) -> HttpResponseBase:
    """The guest has left, or is still here."""
    stay = trying.found(access.stay_for, request, stay_id)
    today = timezone.now().astimezone(queries.zone_of(stay.region_code)).date()
    left: date | None = None if request.POST.get("masih") == "ya" else today
    return trying.attempt(
        request,
        lambda: actions.end_stay(by=request.by, at=timezone.now(), stay_id=stay.id, left_date=left),
        reverse("desk_ronda_stays"),
    )


def _period(request: Request) -> tuple[date, date, Any]:
    """The nights in the address, this month when there are none."""
    today = timezone.now().astimezone(queries.zone_of(request.by.served_areas[0])).date()
    first, last = rules.month(today)
    form = forms.PeriodForm(
        request.GET if "first" in request.GET else None, initial={"first": first, "last": last}
    )
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    return first, max(first, last), form


@officer(*shared.READING)
@require_GET
def export_page(request: Request) -> HttpResponseBase:
    """Figures of a period, and its file for SIM Linmas."""
    first, last, form = _period(request)
    told = ronda_figures.figures(request.by.served_areas[0], first, last)
    context = {
        "form": form,
        "told": told,
        "kinds": sorted(
            ((shared.kind_name(code), number) for code, number in told.incidents.items()),
            key=lambda one: -one[1],
        ),
        "period": f"{words.day(first)} – {words.day(last)}",
        "columns": [heading for heading, _value in ronda_kinds.export_columns()],
        "csv_url": f"{reverse('desk_ronda_csv')}?{urlencode({'first': first.isoformat(), 'last': last.isoformat()})}",
        "tabs": shared.top_tabs("desk_ronda_export"),
    }
    return shared.show(request, "desk/ronda/export.html", context)


@officer(*shared.READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The file for SIM Linmas: no names, nothing of a protected kind."""
    first, last, _form = _period(request)
    head, *rows = night_queries.export(request.by, first, last)
    if roles.may_somewhere(request.by, "export.record"):
        journal_actions.record_export(by=request.by, at=timezone.now(), what="simlinmas", rows=len(rows))
    return watch.as_csv(f"simlinmas-{first}-{last}.csv", head, rows)
