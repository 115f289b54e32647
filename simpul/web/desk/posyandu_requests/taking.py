"""Taking a request in: which service, then who asks and what was shown; or taking up a matter that came by another door."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cases import access as case_access
from simpul.cases.actions import intake as intake_actions
from simpul.lib.errors import NotFound
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import requests as actions
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk import intake as desk_intake
from simpul.web.desk.posyandu_requests import forms, shared
from simpul.web.desk.register import edits as register_edits
from simpul.web.policy import Request, officer


@officer("fieldrequest.take")
def new(request: Request) -> HttpResponseBase:
    """Which service is asked for, then the request itself."""
    posyandus = queries.posyandu_in(request.by)
    if not posyandus:
        return frame.show(request, "desk/posyandu_requests/none.html", {}, here=shared.HERE)
    service = services.service(request.GET.get("layanan", "")[:40])
    chosen = reading.key(request.GET.get("posyandu", ""))
    posyandu = next((one for one in posyandus if one.id == chosen), posyandus[0])
    if service is None or service.field not in services.fields_of(posyandu):
        return _choose(request, posyandus, posyandu)
    return _take(request, posyandu, service)


def _choose(request: Request, posyandus: list[Any], posyandu: Any) -> HttpResponseBase:
    """The services of this posyandu's fields, each with what is to be shown."""
    language = shared.language()
    options, fields = services.kind_options("service"), services.kind_options("field")
    kept = {"posyandu": str(posyandu.id), **_visit(request)}
    book = services.catalogue()
    context = {
        "posyandu": posyandu,
        "posyandus": [(str(one.id), one.name) for one in posyandus],
        "kept": _visit(request),
        "groups": [
            {
                "name": shared.field_words(fields, code),
                "confidential": code in rules.CONFIDENTIAL,
                "services": [
                    {
                        "url": f"?{urlencode({**kept, 'layanan': one.code})}",
                        "name": shared.field_words(options, one.code),
                        "papers": ", ".join(services.paper_name(paper, language) for paper in one.papers),
                    }
                    for one in book.services.values()
                    if one.field == code
                ],
            }
            for code in services.fields_of(posyandu)
        ],
    }
    return frame.show(request, "desk/posyandu_requests/choose.html", context, here=shared.HERE)


def _visit(request: Request) -> dict[str, str]:
    """What goes along from one request of a visit to the next."""
    names = ("kunjungan", "orang")
    return {name: request.GET[name][:40] for name in names if reading.key(request.GET.get(name, ""))}


def _take(request: Request, posyandu: Any, service: services.Service) -> HttpResponseBase:
    options: dict[str, Any] = {"service": service, "posyandus": shared.posyandu_choices(request)}
    searching = request.method == "POST" and request.POST.get("step") == "cari"
    if request.method != "POST":
        form = forms.TakeForm(initial=_first(request, posyandu), **options)
    elif searching:
        form = forms.TakeForm(initial=_typed(request), **options)
    else:
        form = forms.TakeForm(request.POST, **options)
    came: list[actions.Taken] = []
    if (
        form.is_bound
        and form.is_valid()
        and trying.run(form, lambda: came.append(_do(request, service, form)))
    ):
        return _after(request, came[0], form)
    sought = request.POST.get("sought", "").replace("\x00", "").strip()[:80] if searching else ""
    words = services.kind_options("service")
    language = shared.language()
    context = {
        "form": form,
        "name": shared.field_words(words, service.code),
        "service": service,
        "required": [services.paper_name(code, language) for code in service.papers],
        "confidential": service.field in rules.CONFIDENTIAL,
        "sought": sought,
        "found": _found(request, sought),
        "chosen": _chosen(request, form),
        "other_url": f"{reverse('desk_posyandu_request_new')}?{urlencode({'posyandu': str(posyandu.id), **_visit(request)})}",
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/posyandu_requests/take.html", context, status=status, here=shared.HERE)


def _typed(request: Request) -> dict[str, Any]:
    """What stands in the form while somebody is looked up in the register."""
    return {**request.POST.dict(), "papers": request.POST.getlist("papers")}


def _first(request: Request, posyandu: Any) -> dict[str, Any]:
    """An empty request, or the next one of the same visit with the same person."""
    values: dict[str, Any] = {"posyandu": str(posyandu.id)}
    visit, person = request.GET.get("kunjungan", ""), reading.key(request.GET.get("orang", ""))
    if reading.key(visit):
        values["visit_id"] = visit
    if person is not None:
        values["person_id"] = str(person)
    return values


def _found(request: Request, sought: str) -> list[tuple[str, str]]:
    """Residents of the name or NIK that was looked for."""
    if len(sought) < 2:
        return []
    listed = residents.find_persons(request.by, residents.Filters(words=sought))
    return [(str(one.id), register_edits.describe(one)) for one in listed.rows[:8] if one.life != "dead"]


def _chosen(request: Request, form: Any) -> str:
    """The resident who was chosen, in one line."""
    key = reading.key(str(form["person_id"].value() or ""))
    if key is None:
        return ""
    try:
        return register_edits.describe(people_access.person_for(request.by, key))
    except NotFound:
        return ""


def _do(request: Request, service: services.Service, form: forms.TakeForm) -> actions.Taken:
    """One visit, one request: both or neither."""
    at, given = timezone.now(), form.cleaned_data
    nameless = bool(given.get("nameless"))
    reporter = intake_actions.PersonGiven(
        name=given["name"], person_id=given["person_id"], phone=given["phone"]
    )
    with transaction.atomic():
        if not (nameless or service.field in rules.CONFIDENTIAL):
            channel = "field" if given["way"] == "visit" else "desk"
            intake_actions.open_visit(by=request.by, at=at, channel=channel, visit_id=given["visit_id"])
        return actions.take_fieldrequest(
            by=request.by,
            at=at,
            posyandu_id=reading.known_key(given["posyandu"]),
            service=service.code,
            words=given["words"],
            reporter=None if nameless else reporter,
            anonymous=nameless,
            for_whom=given["for_whom"],
            way=given["way"],
            papers=dict.fromkeys(given.get("papers", ()), "seen"),
            spot=forms.spot(given["place"], given["point"]),
            consent=given["consent"],
            visit_id=given["visit_id"],
            fieldrequest_id=given["fieldrequest_id"],
        )


def _after(request: Request, taken: actions.Taken, form: forms.TakeForm) -> HttpResponseBase:
    """To the request and its receipt; a sealed one is somebody else's from now on."""
    visit_id = form.cleaned_data["visit_id"]
    desk_intake.remember(request, visit_id, taken.opened)
    if taken.hidden:
        messages.success(
            request,
            _(
                "Taken in. Words in it speak of somebody who must be protected: the protected desk has it now."
            ),
        )
        return redirect("desk_posyandu_requests")
    messages.success(
        request,
        _("Taken in. The receipt has number %(number)s.") % {"number": taken.opened.number}
        if taken.opened.pin
        else _("Taken in. The receipt to follow it: %(receipt)s.") % {"receipt": taken.opened.receipt16},
    )
    return redirect("desk_posyandu_request", fieldrequest_id=taken.request.id)


@officer("fieldrequest.join")
def join(request: Request, case_id: Any) -> HttpResponseBase:
    """Take up a matter that came by another door."""
    case = trying.found(case_access.get_for, request, case_id)
    known = queries.of_case(request.by, case.id)
    if known is not None:
        return redirect("desk_posyandu_request", fieldrequest_id=known.id)
    places = queries.posyandu_in(request.by, case.region_code)
    if case.kind_id != services.KIND or not places:
        raise Http404
    form = forms.JoinForm(
        request.POST if request.method == "POST" else None,
        posyandus=[(str(one.id), one.name) for one in places],
    )
    came: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: came.append(_join(request, case, form))):
        messages.success(request, _("Taken up. Now mark the papers."))
        return redirect("desk_posyandu_request", fieldrequest_id=came[0].id)
    options = services.kind_options("service")
    context = {
        "form": form,
        "case": case,
        "service": shared.field_words(options, str(case.answers.get("service", ""))),
        "case_url": reverse("desk_case", args=[case.id]),
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/posyandu_requests/join.html", context, status=status, here=shared.HERE)


def _join(request: Request, case: Any, form: forms.JoinForm) -> Any:
    place = posyandu_access.posyandu_for(request.by, reading.known_key(form.cleaned_data["posyandu"]))
    return actions.join_fieldrequest(by=request.by, at=timezone.now(), case_id=case.id, posyandu_id=place.id)
