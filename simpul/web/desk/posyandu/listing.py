"""The list of posyandu; setting one up, its settings, number, pilot, closing it."""

from __future__ import annotations

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
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import institution as actions
from simpul.posyandu.queries import institution as queries
from simpul.regions import queries as region_queries
from simpul.web import forms as web_forms
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu import forms, shared
from simpul.web.policy import Request, officer

FILTERS = ("kata", "kecamatan", "hanya")


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The posyandu of the area, narrowed by what the address says."""
    kept = {name: request.GET[name].replace("\x00", "")[:80] for name in FILTERS if request.GET.get(name)}
    page = reading.page_number(request.GET.get("page", ""))
    given = queries.Filters(kept.get("kata", ""), kept.get("kecamatan", ""), kept.get("hanya", ""), page)
    rows, more = queries.listed(request.by, given)
    districts = queries.districts(request.by)
    names = region_queries.paths({one.region_code for one in rows})
    context = {
        "rows": [
            {
                "one": one,
                "where": _where(one, names.get(one.region_code, "")),
                "gap": queries.gap(one),
                "schedule": shared.schedule(one),
            }
            for one in rows
        ],
        "totals": queries.totals(request.by, given.district),
        "filters": {name: kept.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "districts": districts if len(districts) > 1 else [],
        "only": [
            ("gap", _("below the norm of cadres")),
            ("unnumbered", _("without a registration number")),
            ("pilot", _("pilots")),
            ("closed", _("closed")),
        ],
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
        "may_set_up": roles.may_somewhere(request.by, "posyandu.set_up"),
    }
    return shared.show(request, "desk/posyandu/list.html", context)


def _where(one: Any, path: str) -> str:
    parts = [part.strip() for part in path.split(",")[:2]]
    return ", ".join([one.hamlet.name, *parts] if one.hamlet else parts)


@officer("posyandu.set_up")
def new(request: Request) -> HttpResponseBase:
    """Set a posyandu up. Its village is the seat's own, else it is asked first."""
    village = _village(request)
    if village == "":
        asked = forms.VillageForm(request.GET or None, by=request.by)
        if asked.is_valid():
            return redirect(f"{reverse('desk_posyandu_new')}?desa={asked.cleaned_data['place_code']}")
        title = _("Set up a posyandu")
        back = reverse("desk_posyandu")
        return shared.form_page(request, asked, title, back, _("Go on"), method="get")
    form = forms.PosyanduForm(
        request.POST if request.method == "POST" else None, by=request.by, region_code=village
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.set_up_posyandu(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                given=form.given(),
                posyandu_id=form.cleaned_data["once"],
            )
        ),
    ):
        messages.success(request, _("The posyandu is set up. Add the chair and the cadres."))
        return redirect("desk_posyandu_board", posyandu_id=made[0].id)
    intro = region_queries.path_names(village)
    return shared.form_page(
        request, form, _("Set up a posyandu"), reverse("desk_posyandu"), _("Set it up"), intro=intro
    )


def _village(request: Request) -> str:
    """The village in which it is set up: the seat's own, or one that was asked for inside the area; "" when it is not known yet."""
    own = request.by.served_areas[0]
    if len(own) == 10:
        return own
    code = request.GET.get("desa", "")
    known = len(code) == 10 and code.isdigit() and request.by.serves(code)
    return code if known and region_queries.find_region(code) is not None else ""


@officer("posyandu.change")
def settings(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Name, place, fields, norm, days; number, pilot and closing below it."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    form = forms.PosyanduForm(
        request.POST if request.method == "POST" else None,
        by=request.by,
        region_code=posyandu.region_code,
        posyandu=posyandu,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_posyandu(
            by=request.by, at=timezone.now(), posyandu_id=posyandu.id, given=form.given()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_posyandu_settings", posyandu_id=posyandu.id)
    context: dict[str, Any] = {
        "form": form,
        "may_number": shared.may(request, "posyandu.number", posyandu),
        "may_pilot": shared.may(request, "pilot.mark", posyandu),
        "example": f"{queries.number_example(posyandu)}",
        "number_date": _typed(posyandu.number_date),
        "pilot_since": words.day(posyandu.pilot_since),
        "today": _typed(queries.today_at(posyandu, timezone.now())),
    }
    status = 422 if form.errors else 200
    return shared.page(
        request, posyandu, "desk/posyandu/settings.html", "desk_posyandu_settings", context, status
    )


def _typed(day: Any) -> str:
    """A date as it is typed here."""
    return f"{day.day}/{day.month}/{day.year}" if day else ""


@officer("posyandu.number")
@require_POST
def number(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Write the registration number down."""

    def act() -> None:
        actions.number_posyandu(
            by=request.by,
            at=timezone.now(),
            posyandu_id=posyandu_id,
            number=request.POST.get("nomor", "")[:40],
            number_date=web_forms.read_date(request.POST.get("tanggal", "")),
        )
        messages.success(request, _("Changed."))

    return trying.attempt(request, act, reverse("desk_posyandu_settings", args=[posyandu_id]))


@officer("pilot.mark")
@require_POST
def pilot(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Name it the pilot of its kecamatan, or end that."""
    since = web_forms.read_date(request.POST.get("tanggal", ""))

    def act() -> None:
        by, at = request.by, timezone.now()
        if request.POST.get("akhiri"):
            actions.end_pilot(by=by, at=at, posyandu_id=posyandu_id, why=request.POST.get("kata", ""))
        elif since is None:
            messages.error(request, _("Write the date as day/month/year, for example 17/8/2026."))
            return
        else:
            actions.mark_pilot(by=by, at=at, posyandu_id=posyandu_id, since_date=since)
        messages.success(request, _("Changed."))

    return trying.attempt(request, act, reverse("desk_posyandu_settings", args=[posyandu_id]))


@officer("posyandu.close")
@require_POST
def close(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Close a posyandu today, or open it again."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    at = timezone.now()
    day = None if request.POST.get("lagi") else queries.today_at(posyandu, at)
    return trying.attempt(
        request,
        lambda: actions.close_posyandu(
            by=request.by, at=at, posyandu_id=posyandu.id, closed_date=day, why=request.POST.get("kata", "")
        ),
        reverse("desk_posyandu_settings", args=[posyandu.id]),
    )
