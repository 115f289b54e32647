"""Writing the books: letters that came, and letters that were carried out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.letters import access
from simpul.letters.actions import registers as actions
from simpul.letters.queries import registers as queries
from simpul.web import reading
from simpul.web.desk import case, frame, trying, words
from simpul.web.desk.letter_registers import forms, shared
from simpul.web.desk.letters import shared as letter_pages
from simpul.web.policy import Request, officer


def _today(village: str) -> date:
    return timezone.now().astimezone(desk_queries.zone_of(village)).date()


# --- letters that came ----------------------------------------------------------------------------------------------


@officer("incoming.record")
def incoming_new(request: Request) -> HttpResponseBase:
    """Write a letter that came into the agenda."""
    village = shared.village_of(request)
    form = _incoming_form(request, {"received_date": _today(village)})
    if form.is_bound and form.is_valid():
        made: list[Any] = []

        def act() -> None:
            made.append(
                actions.record_incoming(
                    by=request.by,
                    at=timezone.now(),
                    region_code=village,
                    given=_incoming_given(form),
                    scan=_scan(form),
                    incoming_id=form.cleaned_data["key"],
                )
            )

        if trying.run(form, act):
            messages.success(
                request, _("Written into the agenda as number %(number)s.") % {"number": made[0].taken.number}
            )
            return redirect("desk_letter_registers")
    context = {"form": form, "row": None, "back": reverse("desk_letter_registers"), "village": village}
    return _page(request, "desk/letter_registers/incoming.html", context, form)


@officer("incoming.record")
def incoming(request: Request, incoming_id: UUID) -> HttpResponseBase:
    """One letter of the agenda: read, corrected, disposed of, made void."""
    row = trying.found(queries.incoming_for, request, incoming_id)
    first = {
        name: getattr(row, name)
        for name in ("received_date", "sender", "number", "letter_date", "subject", "disposition")
    }
    form = _incoming_form(request, first)
    if form.is_bound and form.is_valid():

        def act() -> None:
            actions.correct_incoming(
                by=request.by,
                at=timezone.now(),
                incoming_id=row.id,
                given=_incoming_given(form),
                scan=_scan(form),
            )

        if trying.run(form, act):
            messages.success(request, _("Kept. What stood here before is in the journal."))
            return redirect("desk_incoming", incoming_id=row.id)
    context = {
        "form": form,
        "row": row,
        "when": words.moment(row.recorded_at, row.region_code),
        "dispose": forms.DispositionForm(initial={"disposition": row.disposition}),
        "why": forms.WhyForm(),
        "may_void": roles.may(request.by, "incoming.void", roles.Place(row.region_code)),
        "back": reverse("desk_letter_registers"),
    }
    return _page(request, "desk/letter_registers/incoming.html", context, form)


@officer("incoming.dispose")
@require_POST
def dispose(request: Request, incoming_id: UUID) -> HttpResponseBase:
    """Write down what the head decided about it."""
    row = trying.found(queries.incoming_for, request, incoming_id)

    def act() -> None:
        actions.dispose_incoming(
            by=request.by,
            at=timezone.now(),
            incoming_id=row.id,
            disposition=request.POST.get("disposition", ""),
        )
        messages.success(request, _("The disposition is written down."))

    return trying.attempt(request, act, reverse("desk_incoming", args=[row.id]))


@officer("incoming.void")
@require_POST
def void(request: Request, incoming_id: UUID) -> HttpResponseBase:
    """Make a line of the agenda void; its number stays."""
    row = trying.found(queries.incoming_for, request, incoming_id)

    def act() -> None:
        actions.void_incoming(
            by=request.by, at=timezone.now(), incoming_id=row.id, why=request.POST.get("why", "")
        )
        messages.success(request, _("Void. The number stays in the book with the reason."))

    return trying.attempt(request, act, reverse("desk_incoming", args=[row.id]))


@officer("incoming.record")
@require_GET
def scan(request: Request, incoming_id: UUID) -> HttpResponseBase:
    """The scan of a letter that came."""
    row = trying.found(queries.incoming_for, request, incoming_id)
    ending = "pdf" if row.file_mime == "application/pdf" else "jpg"
    data = trying.found(lambda _by, _key: queries.scan_of(row), request, incoming_id)
    return case.as_download(data, row.file_mime, f"surat-masuk-{row.taken.number}.{ending}")


def _incoming_form(request: Request, first: dict[str, Any]) -> forms.IncomingForm:
    if request.method == "POST":
        return forms.IncomingForm(request.POST, request.FILES)
    return forms.IncomingForm(initial=first)


def _incoming_given(form: forms.IncomingForm) -> actions.IncomingGiven:
    names = ("received_date", "sender", "subject", "number", "letter_date", "disposition")
    return actions.IncomingGiven(**{name: form.cleaned_data[name] for name in names})


def _scan(form: forms.IncomingForm) -> actions.Scan | None:
    sent = form.cleaned_data.get("file")
    return actions.Scan(sent.read(), sent.name or "") if sent else None


# --- letters that were carried out ------------------------------------------------------------------------------------


@officer("expedition.record")
def expedition_new(request: Request) -> HttpResponseBase:
    """Write down that a letter was carried out; from a letter of the program its facts are filled in."""
    village = shared.village_of(request)
    if request.method == "POST":
        form = forms.ExpeditionForm(request.POST)
    else:
        form = forms.ExpeditionForm(initial=_from_letter(request, village))
    if form.is_bound and form.is_valid():

        def act() -> None:
            actions.record_expedition(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                given=_expedition_given(form),
                letter_id=form.cleaned_data["letter"],
                expedition_id=form.cleaned_data["key"],
            )

        if trying.run(form, act):
            messages.success(request, _("Written into the expedition book."))
            return redirect("desk_letter_expedition")
    context = {"form": form, "row": None, "back": reverse("desk_letter_expedition"), "village": village}
    return _page(request, "desk/letter_registers/expedition.html", context, form)


def _from_letter(request: Request, village: str) -> dict[str, Any]:
    first: dict[str, Any] = {"sent_date": _today(village)}
    key = reading.key(request.GET.get("surat", ""))
    if key is None:
        return first
    letter = trying.found(access.letter_for, request, key)
    return {
        **first,
        "letter": letter.id,
        "addressee": letter.applicant_name,
        "subject": letter_pages.type_name(letter),
        "number": letter.number,
        "letter_date": letter.letter_date,
    }


def _expedition_given(form: forms.ExpeditionForm) -> actions.ExpeditionGiven:
    names = ("sent_date", "addressee", "subject", "number", "letter_date", "note")
    return actions.ExpeditionGiven(**{name: form.cleaned_data[name] for name in names})


@officer("expedition.record")
def expedition(request: Request, expedition_id: UUID) -> HttpResponseBase:
    """One line of the expedition book: who took the letter."""
    row = trying.found(queries.expedition_for, request, expedition_id)
    first = {"receiver": row.receiver, "received_date": row.received_date or _today(row.region_code)}
    form = forms.ReceiptForm(request.POST) if request.method == "POST" else forms.ReceiptForm(initial=first)
    if form.is_bound and form.is_valid():

        def act() -> None:
            actions.receive_expedition(
                by=request.by,
                at=timezone.now(),
                expedition_id=row.id,
                receiver=form.cleaned_data["receiver"],
                received_date=form.cleaned_data["received_date"],
            )

        if trying.run(form, act):
            messages.success(request, _("Written down who took it."))
            return redirect("desk_letter_expedition")
    context = {
        "form": form,
        "row": row,
        "sent": words.day(row.sent_date),
        "dated": words.day(row.letter_date) if row.letter_date else "",
        "why": forms.WhyForm(),
        "back": reverse("desk_letter_expedition"),
    }
    return _page(request, "desk/letter_registers/expedition.html", context, form)


@officer("expedition.withdraw")
@require_POST
def withdraw(request: Request, expedition_id: UUID) -> HttpResponseBase:
    """Take a line back that was written by mistake."""
    row = trying.found(queries.expedition_for, request, expedition_id)

    def act() -> None:
        actions.withdraw_expedition(
            by=request.by, at=timezone.now(), expedition_id=row.id, why=request.POST.get("why", "")
        )
        messages.success(request, _("Taken back. It stands in the book no more."))

    return trying.attempt(request, act, reverse("desk_letter_expedition"))


def _page(request: Request, template: str, context: dict[str, Any], form: Any) -> HttpResponseBase:
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, template, context, status=status, here=shared.HERE)
