"""A notice to a whole area: written, counted by road before it goes, sent, followed, and stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.lib import money
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import actions as message_actions
from simpul.messages import rules as message_rules
from simpul.messages.queries import mass as queries
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, trying, words
from simpul.web.manage import fields
from simpul.web.policy import Request, officer

SENDING = ("notice.send", "notice.stop", "notice.tell")


class NoticeForm(forms.Form):
    """What is told, to whom, and by whose decision."""

    region_code = fields.AreaField(label=gettext_lazy("Who is told? Everybody in"))
    title = forms.LineField(label=gettext_lazy("Title"), max_length=100)
    body = forms.LongTextField(
        label=gettext_lazy("What do people have to know or do?"),
        max_length=1000,
        rows=5,
        help_text=gettext_lazy("When, where, what to bring, whom to ask. No names, no abbreviations."),
    )
    decided_by = forms.LineField(label=gettext_lazy("Who decided that everybody is told?"), max_length=150)
    urgent = forms.TickField(label=gettext_lazy("Urgent: it goes out at night, too"), required=False)
    notice_id = django_forms.UUIDField(widget=django_forms.HiddenInput)


class StopForm(forms.Form):
    """Why it is stopped."""

    reason = forms.LineField(label=gettext_lazy("Why is it stopped?"), max_length=200)


class HamletForm(forms.Form):
    """Who told a hamlet."""

    region_code = django_forms.CharField(max_length=10, widget=django_forms.HiddenInput)
    hamlet_name = django_forms.CharField(max_length=80, required=False, widget=django_forms.HiddenInput)
    told_by = forms.LineField(
        label=gettext_lazy("Who told them, if not you?"), required=False, max_length=150
    )


@officer(*SENDING)
def notices(request: Request) -> HttpResponseBase:
    """The notices that were sent, latest first."""
    at = timezone.now()
    found = queries.notices(request.by)
    places = region_queries.paths({one.region_code for one in found})
    rows = [
        {"notice": one, "place": places.get(one.region_code, ""), "age": words.age(one.sent_at, at)}
        for one in found
    ]
    context = {"rows": rows, "may_send": roles.may_somewhere(request.by, "notice.send")}
    return frame.show(request, "desk/mass/list.html", context, here="desk_mass")


@officer("notice.send")
def write(request: Request) -> HttpResponseBase:
    """Write it, see how many people it reaches by which road and what that costs, then send it."""
    at = timezone.now()
    initial = {"notice_id": uuid7(), "region_code": request.by.served_areas[0]}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    forecast: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if request.POST.get("step") == "send":
                sent = message_actions.send_notice(by=request.by, at=at, **given)
                messages.success(
                    request, _("The notice is on its way to %(n)s people.") % {"n": sent.reached}
                )
                return redirect("desk_mass_notice", notice_id=sent.id)
            roles.require(request.by, "notice.send", roles.Place(given["region_code"], request.by.desk_ids))
            forecast = _forecast(given, at)
        except NotFound:
            form.add_error("region_code", _("This area is outside your seat. Choose one inside it."))
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "forecast": forecast}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/mass/write.html", context, status=status, here="desk_mass")


def _forecast(given: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Who would be told how, counted now, and how the text reads."""
    said = queries.preview(given["title"], given["body"])
    short = message_rules.short_length(said.body)
    found = queries.forecast(given["region_code"], at, parts=short.parts)
    roads = [
        {"road": words.of(words.ROADS, road), "people": number, "paper": road == message_rules.SLIP}
        for road, number in found.by_road.most_common()
    ]
    return {
        "words": said.body,
        "parts": short.parts,
        "signs": short.units,
        "roads": roads,
        "people": found.people,
        "shared": found.shared,
        "cost": money.rupiah(found.cost_rupiah) if found.cost_rupiah else "",
        "place": region_queries.path_names(given["region_code"]),
    }


@officer(*SENDING)
def notice(request: Request, notice_id: UUID) -> HttpResponseBase:
    """How far it has got: by road, and hamlet by hamlet on paper."""
    row = _notice(request, notice_id)
    return _show(request, row, StopForm())


def _notice(request: Request, notice_id: UUID) -> Any:
    return trying.found(queries.notice_for, request, notice_id)


def _show(request: Request, row: Any, form: StopForm, status: int = 200) -> HttpResponseBase:
    hamlets = queries.hamlets(request.by, row.id)
    places = region_queries.paths({one.region_code for one in hamlets})
    stood = queries.progress(row.id)
    context = {
        "notice": row,
        "place": region_queries.path_names(row.region_code),
        "when": words.moment(row.sent_at, row.region_code),
        "stopped": words.moment(row.stopped_at, row.region_code),
        "roads": [
            {"road": words.of(words.ROADS, road), "state": words.of(words.MESSAGE_STATES, state), "people": n}
            for (road, state), n in sorted(stood.items())
        ],
        "hamlets": [
            {"hamlet": one, "place": places.get(one.region_code, one.region_code)} for one in hamlets
        ],
        "form": form,
        "may_stop": row.stopped_at is None and roles.may_somewhere(request.by, "notice.stop"),
        "may_tell": roles.may_somewhere(request.by, "notice.tell"),
    }
    return frame.show(request, "desk/mass/notice.html", context, status=status, here="desk_mass")


@officer("notice.stop")
@require_POST
def stop(request: Request, notice_id: UUID) -> HttpResponseBase:
    """Hold what has not gone out."""
    row = _notice(request, notice_id)
    form = StopForm(request.POST)
    if form.is_valid():
        try:
            message_actions.stop_notice(
                by=request.by, at=timezone.now(), notice_id=row.id, **form.cleaned_data
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The notice is stopped. What people have got, they have got."))
            return redirect("desk_mass_notice", notice_id=row.id)
    return _show(request, row, form, status=422)


@officer("notice.tell")
def hamlet(request: Request, notice_id: UUID) -> HttpResponseBase:
    """The list of one hamlet: to print and carry, and to report as told."""
    row = _notice(request, notice_id)
    given = request.POST if request.method == "POST" else request.GET
    code, name = given.get("region_code", "")[:10], given.get("hamlet_name", "").replace("\x00", "")[:80]
    form = HamletForm(
        request.POST if request.method == "POST" else None, initial={"region_code": code, "hamlet_name": name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            told = message_actions.tell_notice(
                by=request.by, at=timezone.now(), notice_id=row.id, **form.cleaned_data
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Reported: %(n)s people were told.") % {"n": told})
            return redirect("desk_mass_notice", notice_id=row.id)
    context = {
        "notice": row,
        "hamlet": name,
        "place": region_queries.path_names(code) if code.isdigit() else "",
        "people": queries.paper_of(request.by, row.id, code, name) if code.isdigit() else [],
        "form": form,
        "back": reverse("desk_mass_notice", args=[row.id]),
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/mass/hamlet.html", context, status=status, here="desk_mass")
