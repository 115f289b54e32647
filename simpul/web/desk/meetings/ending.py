"""The end of a meeting: its course in words, closing, the minutes as PDF, the file for submission, a new version, paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.meetings import actions, queries, rules
from simpul.web.desk import frame, trying, words
from simpul.web.desk.meetings import forms, paper, running, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
def minutes(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """How it went, what is open, and after closing the minutes with their digest."""
    meeting = shared.meeting_or_404(request, meeting_id)
    writing = request.method == "POST"
    form = forms.CourseForm(request.POST if writing else None, initial={"course": meeting.course})
    if (
        writing
        and form.is_valid()
        and trying.run(
            form,
            lambda: actions.write_minutes(
                by=request.by, at=timezone.now(), meeting_id=meeting.id, course=form.cleaned_data["course"]
            ),
        )
    ):
        messages.success(request, _("Kept."))
        return redirect("desk_meeting_minutes", meeting_id=meeting.id)
    return _show(request, meeting, course=form)


def _show(request: Request, meeting: Any, **given: Any) -> HttpResponseBase:
    frozen = queries.minutes_of(meeting)
    found = queries.present(meeting)
    named = {
        "course": given.get("course") or forms.CourseForm(initial={"course": meeting.course}),
        "close": given.get("close") or forms.CloseForm(),
        "package": given.get("package") or _package_form(request, meeting),
        "renew": given.get("renew") or forms.RenewForm(),
    }
    context = {
        **named,
        "frozen": frozen,
        "unchanged": queries.is_unchanged(meeting) if frozen else False,
        "qr": mark_safe(paper.seal_svg(meeting, frozen)) if frozen else "",  # noqa: S308 - made here of hex digits
        "present": found,
        "short": running.short_words(rules.shortfalls(found, queries.needed(meeting))),
        "conflicts": queries.conflicts(meeting),
        "decided": queries.decided(request.by, meeting.id),
        "packages": queries.packages(meeting),
        "may_write": meeting.state in ("planned", "held") and shared.may(request, "minutes.write", meeting),
        "may_close": meeting.state == "held" and shared.may(request, "meeting.close", meeting),
        "may_package": meeting.state == "closed" and shared.may(request, "package.make", meeting),
        "may_renew": meeting.state == "closed" and shared.may(request, "meeting.renew", meeting),
        "closed_at": words.moment(meeting.closed_at, meeting.region_code),
        "until": words.day(meeting.objections_until),
    }
    status = 422 if any(one.errors for one in named.values()) else 200
    return shared.show(
        request, meeting, "desk/meetings/minutes.html", "desk_meeting_minutes", context, status
    )


@officer("meeting.close")
@require_POST
def close(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Close the list."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = forms.CloseForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.close_meeting(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            short_because=form.cleaned_data["short_because"],
        ),
    ):
        messages.success(request, _("Closed. The minutes are ready."))
        return redirect("desk_meeting_minutes", meeting_id=meeting.id)
    return _show(request, meeting, close=form)


@officer("meeting.renew")
@require_POST
def renew(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Plan a new version."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = forms.RenewForm(request.POST)
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        zone = desk_queries.zone_of(meeting.region_code)
        made.append(
            actions.renew_meeting(
                by=request.by,
                at=timezone.now(),
                meeting_id=meeting.id,
                because=given["because"],
                planned_at=datetime.combine(given["day"], given["clock"], zone),
                new_id=given["new_id"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        messages.success(request, _("A new version is planned. The old one stays as it is."))
        return redirect("desk_meeting", meeting_id=made[0].id)
    return _show(request, meeting, renew=form)


def _package_form(request: Request, meeting: Any, given: Any = None) -> forms.PackageForm:
    """Only who may take NIK along is asked whether they are wanted."""
    form = forms.PackageForm(given)
    if not shared.may(request, "package.make_full", meeting):
        del form.fields["full"]
    return form


@officer("package.make")
@require_POST
def package(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The file for submission."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = _package_form(request, meeting, request.POST)
    if form.is_valid():
        make = actions.make_full_package if form.cleaned_data.get("full") else actions.make_package
        try:
            made = make(
                by=request.by,
                at=timezone.now(),
                meeting_id=meeting.id,
                purpose=form.cleaned_data["purpose"],
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _file(made.data, "text/csv; charset=utf-8", f"musyawarah-{made.package.digest[:8]}.csv")
    return _show(request, meeting, package=form)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@officer(*shared.READING)
@require_GET
def pdf(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The minutes of a closed meeting as PDF."""
    meeting = shared.meeting_or_404(request, meeting_id)
    frozen = queries.minutes_of(meeting)
    if frozen is None:
        raise Http404
    return _file(
        paper.minutes_pdf(meeting, frozen), "application/pdf", f"berita-acara-{frozen.digest[:8]}.pdf"
    )


@officer(*shared.READING)
@require_GET
def print_list(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The list on A4: names to read out and sign, or the attendance list with empty lines."""
    meeting = shared.meeting_or_404(request, meeting_id)
    attending = request.GET.get("apa") == "hadir"
    people = queries.attendances(meeting) if attending else []
    context = {
        "meeting": meeting,
        "kind": shared.kind_name(meeting.kind),
        "when": words.moment(meeting.held_at or meeting.planned_at, meeting.region_code),
        "attending": attending,
        "people": people,
        "empty_lines": range(len(people) + 1, max(len(people) + 10, 30) + 1),
        "rows": []
        if attending
        else [
            {"row": one, "outcome": _(rules.OUTCOMES[one.outcome]) if one.outcome else ""}
            for one in queries.rows(meeting)
        ],
    }
    return frame.show(request, "desk/meetings/print.html", context, here=shared.HERE)
