"""A partner institution works here without an account: a personal link, a PIN, one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul.cases import access
from simpul.cases.actions import files as file_actions
from simpul.cases.actions import referral
from simpul.cases.queries import files as file_queries
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.lib.actor import ANYBODY, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries
from simpul.web import forms as base_forms
from simpul.web.desk import case as desk_case
from simpul.web.desk import words
from simpul.web.partner import forms, session
from simpul.web.policy import Request, partner

MOST_SHOWN = 100


@partner
def enter(request: Request, token: str) -> HttpResponseBase:
    """Ask for the PIN; right, it leads to the page, and the secret of the address is used no more."""
    form = forms.PinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            actor = desk_actions.open_link(by=ANYBODY, at=at, token=token, pin=form.cleaned_data["pin"])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            session.begin(request, actor, at)
            return redirect("partner_page")
    return _answer(request, "partner/enter.html", {"form": form}, status=403 if form.errors else 200)


@partner
def page(request: Request) -> HttpResponseBase:
    """Everything that was forwarded to this institution, and nothing else."""
    at = timezone.now()
    actor = session.actor(request, at)
    if actor is None:
        return _answer(request, "partner/ended.html", {}, status=403)
    return _show(request, actor, at, {})


@partner
@require_POST
def leave(request: Request) -> HttpResponseBase:
    """Out, before somebody else sits down."""
    session.end(request)
    return _answer(request, "partner/ended.html", {"left": True})


@partner
@require_POST
def act(request: Request, case_id: UUID, step: str) -> HttpResponseBase:
    """Accept, decline, answer, attach: the same acts as everywhere, by the holder of the link."""
    at = timezone.now()
    actor = session.actor(request, at)
    if actor is None:
        return _answer(request, "partner/ended.html", {}, status=403)
    if step not in STEPS:
        raise Http404
    form_class, run, done = STEPS[step]
    form = form_class(request.POST, request.FILES, prefix=f"{step}-{case_id.hex}")
    if form.is_valid():
        try:
            run(actor, at, case_id, form)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(done))
            return redirect("partner_page")
    return _show(request, actor, at, {(case_id, step): form}, status=409)


@partner
def attachment(request: Request, attachment_id: UUID) -> HttpResponseBase:
    """A file the holder attached themselves."""
    actor = session.actor(request, timezone.now())
    if actor is None:
        return _answer(request, "partner/ended.html", {}, status=403)
    found = file_queries.attachment_for(actor, attachment_id)
    return desk_case.as_download(file_queries.read(found), found.mime, found.name)


def _accept(by: Actor, at: datetime, case_id: UUID, _form: Any) -> None:
    referral.accept_case(by=by, at=at, case_id=case_id)


def _decline(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    referral.decline_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def _reply(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    said = form.cleaned_data
    given = referral.Given(
        service=said["given_service"],
        amount=said["given_amount"],
        date=said["given_date"],
        to=said["given_to"],
    )
    referral.answer_referral(
        by=by, at=at, case_id=case_id, answer=said["answer"], outcome=said["outcome"], given=given
    )


def _attach(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    for file in form.cleaned_data["uploads"]:
        file.seek(0)
        file_actions.attach_case(
            by=by, at=at, case_id=case_id, data=file.read(), declared_name=file.name or ""
        )


Step = tuple[type[base_forms.Form], Callable[[Actor, datetime, UUID, Any], None], Any]
STEPS: Mapping[str, Step] = {
    "terima": (base_forms.Form, _accept, gettext_lazy("Accepted. Please answer before its date.")),
    "tolak": (forms.DeclineForm, _decline, gettext_lazy("Declined. The desk that asked you has it again.")),
    "jawab": (forms.AnswerForm, _reply, gettext_lazy("Answered. Thank you.")),
    "lampirkan": (forms.AttachForm, _attach, gettext_lazy("Attached.")),
}


# --- the page -----------------------------------------------------------------------------------------------------------


def _show(
    request: Request, by: Actor, at: datetime, wrong: Mapping[tuple[UUID, str], Any], status: int = 200
) -> HttpResponse:
    cases = list(
        access.visible(by)
        .select_related("kind", "reporter", "hamlet")
        .prefetch_related("hops__from_desk", "clocks")
        .order_by("-changed_at")[:MOST_SHOWN]
    )
    places = region_queries.paths({case.region_code for case in cases})
    mine = [
        file
        for file in file_queries.attachments_of([case.id for case in cases])
        if file.by_name == by.name and not file.from_resident
    ]
    contacts = people_queries.contacts_of_all([case.reporter_id for case in cases if case.reporter_id])
    shown = [extract for case in cases if (extract := _extract(case, by, at, places, mine, contacts, wrong))]
    context = {
        "desk_name": next(iter(desk_queries.names(by.desk_ids).values()), ""),
        "holder": by.name,
        "now": [one for one in shown if one["turn"]],
        "past": [one for one in shown if not one["turn"]],
        "wrong": next(iter(wrong.values()), None),
    }
    return _answer(request, "partner/page.html", context, status=status)


def _extract(
    case: Any,
    by: Actor,
    at: datetime,
    places: Mapping[str, str],
    mine: list[Any],
    contacts: Mapping[UUID, list[Any]],
    wrong: Mapping[tuple[UUID, str], Any],
) -> dict[str, Any] | None:
    """What was forwarded in the last hand-over to this institution: its words, its clock, and what may be done."""
    hops = sorted(
        (hop for hop in case.hops.all() if hop.to_desk_id in by.desk_ids), key=lambda hop: hop.position
    )
    if not hops:
        return None
    hop = hops[-1]
    offered = hop.state == "offered" and case.acting_id in by.desk_ids
    held = hop.state == "accepted" and case.holder_id in by.desk_ids
    clock = next((one for one in case.clocks.all() if one.hop_id == hop.id and one.stopped_at is None), None)
    return {
        "id": case.id,
        "number": case.number,
        "kind": words.said(case.kind, "name"),
        "place": places.get(case.region_code, ""),
        "from": hop.from_desk.name,
        "sent": words.moment(hop.sent_at, case.region_code),
        "note": hop.note,
        "extract": hop.extract,
        "contact": _contact(case, hop, contacts),
        "clock": words.clock_chip(clock, at, case.region_code) if clock else None,
        "state": str(words.HOPS.get(hop.state, ("", hop.state))[1]),
        "answer": hop.answer or hop.reason,
        "files": [file for file in mine if file.case_id == case.id],
        "offered": offered,
        "held": held,
        "turn": offered or held,
        "forms": {step: _form(case.id, step, wrong) for step in STEPS},
        "open": {step: True for (case_id, step) in wrong if case_id == case.id},
    }


def _contact(case: Any, hop: Any, contacts: Mapping[UUID, list[Any]]) -> dict[str, Any] | None:
    """Name and safe numbers, only when the person agreed that they go along."""
    if not hop.shares_contact or case.reporter is None or case.hide_name:
        return None
    safe = [
        one
        for one in people_queries.shown_contacts(contacts.get(case.reporter_id, []), whole=True)
        if one.safe_to_call is not False
    ]
    return {"name": case.reporter.full_name, "ways": safe}


def _form(case_id: UUID, step: str, wrong: Mapping[tuple[UUID, str], Any]) -> Any:
    return wrong.get((case_id, step)) or STEPS[step][0](prefix=f"{step}-{case_id.hex}")


def _answer(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, dict(context), status=status)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
