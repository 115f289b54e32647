"""Disaster mode: declared and ended here by who leads the area, by a decision with its number."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cases.actions import suspending
from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.regions import actions as region_actions
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, words
from simpul.web.manage import fields
from simpul.web.policy import Request, officer


class EmergencyForm(forms.Form):
    """The decision, and what it changes."""

    region_code = fields.AreaField(label=gettext_lazy("Where?"))
    name = forms.LineField(
        label=gettext_lazy("What happened?"),
        max_length=100,
        help_text=gettext_lazy("Residents read this: “Earthquake in Mamuju”."),
    )
    decided_by = forms.LineField(label=gettext_lazy("Who decided?"), max_length=150)
    decision_number = forms.LineField(label=gettext_lazy("Number of the decision"), max_length=100)
    decision_date = forms.DateField(label=gettext_lazy("Date of the decision"))
    until_date = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until somebody ends it."),
    )
    phones = forms.LineField(
        label=gettext_lazy("Numbers that residents call"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Several with commas between them."),
    )
    words = forms.LongTextField(
        label=gettext_lazy("What residents are told"), required=False, max_length=500, rows=3
    )
    asks_safety = forms.TickField(
        label=gettext_lazy("Ask first whether somebody is in danger"), required=False, initial=True
    )
    relaxes_identity = forms.TickField(
        label=gettext_lazy("A name may be missing; a hamlet or a landmark is enough"),
        required=False,
        initial=True,
    )
    suspends_clocks = forms.TickField(
        label=gettext_lazy("By the same decision the day clocks of the area stand still"), required=False
    )


class EndForm(forms.Form):
    """By which decision it ends."""

    decision = forms.LineField(label=gettext_lazy("Number and date of the decision"), max_length=200)


@officer("emergency.declare")
def emergencies(request: Request) -> HttpResponseBase:
    """What is on, and all that were."""
    at = timezone.now()
    found = list(region_queries.emergencies(_areas(request))[:50])
    places = region_queries.paths({one.region_code for one in found})
    rows = [_row(one, at, places.get(one.region_code, one.region_code)) for one in found]
    return frame.show(request, "desk/emergencies/list.html", {"rows": rows}, here="desk_emergencies")


def _areas(request: Request) -> tuple[str, ...]:
    """The areas this seat leads; an administrator looks after the whole installation."""
    return ("",) if request.by.role == "administrator" else request.by.served_areas


def _row(one: Any, at: datetime, place: str) -> dict[str, Any]:
    ends = min((moment for moment in (one.until_at, one.ended_at) if moment), default=None)
    return {
        "row": one,
        "place": place,
        "on": one.is_on(at),
        "since": words.moment(one.from_at, one.region_code),
        "until": words.moment(ends, one.region_code),
        "decided": words.day(one.decision_date),
    }


@officer("emergency.declare")
def declare(request: Request) -> HttpResponseBase:
    """Put an area into disaster mode; clocks that run already stand still with it when the decision says so."""
    at = timezone.now()
    home = desk_queries.institution().region_code
    today = when.local_date(at, region_queries.zone_of(home))
    initial = {
        "region_code": request.by.served_areas[0] or home,
        "decision_date": today,
        "phones": desk_queries.institution().phone,
    }
    form = EmergencyForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = _declare(request, form.cleaned_data, at)
        except NotFound:
            form.add_error("region_code", _("This area is outside your seat. Choose one inside it."))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Disaster mode is on: %(name)s.") % {"name": row.name})
            return redirect("desk_emergencies")
    status = 422 if form.errors else 200
    return frame.show(
        request, "desk/emergencies/declare.html", {"form": form}, status=status, here="desk_emergencies"
    )


def _declare(request: Request, given: dict[str, Any], at: datetime) -> Any:
    """The decision and the clocks it stops: both or neither."""
    with transaction.atomic():
        row = region_actions.declare_emergency(by=request.by, at=at, **given)
        if row.suspension_id is not None:
            suspending.suspend_clocks(by=request.by, at=at, suspension_id=row.suspension_id)
    return row


@officer("emergency.end")
def end(request: Request, emergency_id: UUID) -> HttpResponseBase:
    """End it by a decision."""
    at = timezone.now()
    try:
        row = region_queries.get_emergency(emergency_id)
    except NotFound as missing:
        raise Http404 from missing
    if "" not in _areas(request) and not request.by.serves(row.region_code):
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            region_actions.end_emergency(by=request.by, at=at, emergency_id=row.id, **form.cleaned_data)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Disaster mode has ended."))
            return redirect("desk_emergencies")
    context = {"form": form, **_row(row, at, region_queries.path_names(row.region_code))}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/emergencies/end.html", context, status=status, here="desk_emergencies")
