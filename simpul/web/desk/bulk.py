"""One act on several matters: shown with count and names first, then done and checked one by one, and reported one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul.cases import access
from simpul.cases.actions import handling, incidents, referral
from simpul.cases.queries import similar as similar_queries
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, words
from simpul.web.policy import Request, officer

MOST = 100


class BulkForm(forms.Form):
    """What the act needs besides the matters."""

    def __init__(self, *args: Any, request: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare(request)

    def prepare(self, request: Request) -> None:
        """Set the choices."""


def _choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class ClaimForm(BulkForm):
    """Nothing to fill in."""


class ReferForm(BulkForm):
    """To whom, why, and what a partner may read."""

    to_desk_id = forms.ChoiceField(label=gettext_lazy("To which desk?"), widget=django_forms.Select)
    note = forms.LongTextField(label=gettext_lazy("Why, for the receiver"), rows=3)
    extract = forms.LongTextField(
        label=gettext_lazy("What a partner or outside body may read"), rows=3, required=False
    )

    def prepare(self, request: Request) -> None:
        """The desks that cover the seat's area."""
        desks = desk_queries.desks_for_referral(request.by, request.by.region_code)
        _choose(
            self,
            "to_desk_id",
            [
                ("", _("Choose a desk")),
                *((str(desk.id), desk.name) for desk in desks),
            ],
        )


class IncidentForm(BulkForm):
    """Which shared cause."""

    incident_id = forms.ChoiceField(label=gettext_lazy("Which shared cause?"), widget=django_forms.Select)

    def prepare(self, request: Request) -> None:
        """The open shared causes."""
        found = similar_queries.open_incidents(request.by)
        _choose(
            self,
            "incident_id",
            [
                ("", _("Choose")),
                *((str(one.id), f"{one.number} {one.title}") for one in found),
            ],
        )


def _claim(request: Request, at: datetime, case_id: UUID, _given: Mapping[str, Any]) -> None:
    handling.claim_case(by=request.by, at=at, case_id=case_id)


def _refer(request: Request, at: datetime, case_id: UUID, given: Mapping[str, Any]) -> None:
    referral.refer_case(
        by=request.by,
        at=at,
        case_id=case_id,
        to_desk_id=UUID(given["to_desk_id"]),
        note=given["note"],
        extract=given["extract"],
    )


def _join(request: Request, at: datetime, case_id: UUID, given: Mapping[str, Any]) -> None:
    incidents.join_incident(by=request.by, at=at, case_id=case_id, incident_id=UUID(given["incident_id"]))


Run = Callable[[Request, datetime, UUID, Mapping[str, Any]], None]
ACTS: Mapping[str, tuple[Any, type[BulkForm], Run]] = {
    "claim": (gettext_lazy("Take on"), ClaimForm, _claim),
    "refer": (gettext_lazy("Send on"), ReferForm, _refer),
    "incident": (gettext_lazy("Join to a shared cause"), IncidentForm, _join),
}


@officer()
@require_POST
def bulk(request: Request) -> HttpResponseBase:
    """First the names, then the deed: nothing is changed by the first press."""
    wanted = request.POST.get("do", "")
    ids = _ids(request)
    back = _back(request)
    if not ids:
        return redirect(back)
    if wanted == "print":
        return redirect(f"{reverse('desk_print')}?{'&'.join(f'id={one}' for one in ids)}")
    if wanted not in ACTS:
        raise Http404
    label, form_class, run = ACTS[wanted]
    confirmed = request.POST.get("confirmed") == "1"
    form = form_class(request.POST if confirmed else None, request=request)
    cases = list(
        access.visible(request.by).filter(id__in=ids).select_related("kind", "acting", "holder", "hamlet")
    )
    if confirmed and form.is_valid():
        report = _do(request, run, ids, {case.id: case for case in cases}, form.cleaned_data)
        context = {"label": label, "report": report, "done": sum(row["ok"] for row in report), "back": back}
        return frame.show(request, "desk/bulk_report.html", context)
    context = {
        "label": label,
        "do": wanted,
        "form": form,
        "cases": cases,
        "unseen": len(ids) - len(cases),
        "back": back,
    }
    return frame.show(request, "desk/bulk_confirm.html", context, status=422 if form.errors else 200)


def _do(
    request: Request, run: Run, ids: list[UUID], known: Mapping[UUID, Any], given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each matter for itself, in its own transaction: one that is refused costs the others nothing."""
    at = timezone.now()
    report = []
    for case_id in ids:
        case = known.get(case_id)
        row = {
            "number": case.number if case else _("A matter that was not found"),
            "title": case.title if case else "",
            "ok": True,
            "why": "",
            "id": case_id if case else None,
        }
        try:
            run(request, at, case_id, given)
        except NotFound:
            row |= {"ok": False, "why": _("It was not found, or your seat may not do this to it.")}
        except Refused as refusal:
            row |= {"ok": False, "why": str(refusal)}
        report.append(row)
    return report


@officer()
def print_cases(request: Request) -> HttpResponseBase:
    """Short sheets of several matters on A4; each is checked, and those not found are left out."""
    at = timezone.now()
    ids = _read(request.GET.getlist("id"))
    cases = list(
        access.visible(request.by)
        .unsealed()
        .filter(id__in=ids)
        .select_related("kind", "acting", "holder", "hamlet")
    )
    places = region_queries.paths({case.region_code for case in cases})
    sheets = [
        {
            "case": case,
            "kind": words.said(case.kind, "name"),
            "state": words.of(words.STATES, case.state),
            "place": places.get(case.region_code, ""),
            "received": words.moment(case.received_at, case.region_code),
            "clock": words.case_chip(case, at),
        }
        for case in cases
    ]
    return frame.show(request, "desk/print.html", {"sheets": sheets, "left_out": len(ids) - len(sheets)})


def _ids(request: Request) -> list[UUID]:
    return _read(request.POST.getlist("ids"))


def _read(values: list[str]) -> list[UUID]:
    found: dict[UUID, None] = {}
    for value in values[: 2 * MOST]:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)[:MOST]


def _back(request: Request) -> str:
    asked = request.POST.get("back", "")
    fits = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if fits else reverse("desk_inbox")
