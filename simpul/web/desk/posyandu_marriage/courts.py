"""Requests to a court to marry below 19 that somebody saw, and what was decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.people import access as people_access
from simpul.posyandu.access import marriage as access
from simpul.posyandu.actions import dispensations as actions
from simpul.posyandu.queries import marriage as queries
from simpul.web.desk import trying
from simpul.web.desk.posyandu_marriage import forms, shared
from simpul.web.policy import Request, officer


@officer("dispensation.record")
@require_GET
def choose(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Which child it is about: a name to look for."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    form = forms.WhoForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    on = shared.today(timezone.now(), posyandu.region_code)
    found = queries.minors(request.by, posyandu, text, on) if text else []
    context = {
        "posyandu": posyandu,
        "form": form,
        "text": text,
        "rows": [{"one": one, "years": shared.years(one.birth_date, on)} for one in found],
        "back": f"{reverse('desk_posyandu_marriage')}?posyandu={posyandu.id}",
    }
    return shared.show(request, "desk/posyandu_marriage/who.html", context)


@officer("dispensation.record")
def new(request: Request, posyandu_id: UUID, person_id: UUID) -> HttpResponseBase:
    """Write the request down."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    person = trying.found(people_access.active_for, request, person_id)
    first = forms.first_day(shared.today(timezone.now(), posyandu.region_code))
    form = forms.RequestForm(request.POST if request.method == "POST" else None, initial=first)
    made: list[Any] = []

    def run() -> None:
        said = dict(form.cleaned_data)
        made.append(
            actions.record_dispensation(
                by=request.by,
                at=timezone.now(),
                posyandu_id=posyandu.id,
                person_id=person.id,
                dispensation_id=said.pop("once"),
                **said,
            )
        )

    if form.is_valid() and trying.run(form, run):
        return redirect("desk_posyandu_child", marriagerisk_id=made[0].risk_id)
    back = reverse("desk_posyandu_dispensation_who", args=[posyandu.id])
    return shared.form_page(
        request, form, _("A request to marry below 19"), back, _("Save"), intro=person.full_name
    )


@officer("dispensation.decide")
def decide(request: Request, dispensation_id: UUID) -> HttpResponseBase:
    """What the court decided."""
    one = trying.found(access.dispensation_for, request, dispensation_id)
    risk = trying.found(access.risk_for, request, one.risk_id)
    back = reverse("desk_posyandu_child", args=[risk.id])
    first = forms.first_day(shared.today(timezone.now(), risk.region_code))
    form = forms.DecisionForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.decide_dispensation(
            by=request.by, at=timezone.now(), dispensation_id=one.id, **form.cleaned_data
        ),
    ):
        return redirect(back)
    return shared.form_page(request, form, _("What did the court decide?"), back, _("Save"), intro=one.court)


@officer("dispensation.withdraw")
@require_POST
def withdraw(request: Request, dispensation_id: UUID) -> HttpResponseBase:
    """A request was written down wrongly."""
    one = trying.found(access.dispensation_for, request, dispensation_id)
    back = reverse("desk_posyandu_child", args=[one.risk_id])
    return trying.attempt(
        request,
        lambda: actions.withdraw_dispensation(by=request.by, at=timezone.now(), dispensation_id=one.id),
        back,
    )
