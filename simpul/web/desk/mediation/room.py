"""The session room: who is here, the minutes as they are written, the end; the same on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.lib.errors import NotFound
from simpul.mediation.actions import meeting
from simpul.mediation.queries import entries, lists
from simpul.mediation.rules import words
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk import words as desk_words
from simpul.web.desk.mediation import forms, runs, shared
from simpul.web.policy import Request, officer


def _session_or_404(dispute: Any, session_id: UUID) -> Any:
    try:
        return entries.find(dispute, "session", session_id)
    except NotFound as missing:
        raise Http404 from missing


@officer(*shared.READING)
def room(request: Request, dispute_id: UUID, session_id: UUID) -> HttpResponseBase:
    """Minutes that are kept while people talk, and the end of the session."""
    dispute = shared.dispute_or_404(request, dispute_id)
    session = _session_or_404(dispute, session_id)
    may_write = session.state == "held" and shared.may(request, "session.write", dispute)
    if request.method == "POST" and not may_write:
        raise Http404
    post = request.POST if request.method == "POST" else None
    first = {"minutes": session.minutes}
    form = forms.RoomForm(post, initial=first, request=request, dispute=dispute, item=session)
    if form.is_valid() and trying.run(form, lambda: _keep(request, dispute, session, form)):
        return _after(request, dispute, session, form.cleaned_data["outcome"])
    return _show(request, dispute, session, form, forms.GuestForm(request=request, dispute=dispute))


def _keep(request: Request, dispute: Any, session: Any, form: Any) -> None:
    given = form.cleaned_data
    said = {**runs.said(request, dispute), "session_id": session.id}
    if given["outcome"]:
        meeting.end_session(**said, outcome=given["outcome"], minutes=given["minutes"])
    else:
        meeting.write_session(**said, minutes=given["minutes"])


def _after(request: Request, dispute: Any, session: Any, outcome: str) -> HttpResponseBase:
    """Where the outcome leads: to the agreement, to another session, to the end."""
    if not outcome:
        messages.success(request, _("Kept."))
        return redirect("desk_dispute_room", dispute_id=dispute.id, session_id=session.id)
    if outcome in ("agreed", "partly"):
        messages.success(request, _("The session has ended. Now write down what was agreed on."))
        return redirect("desk_dispute_agreement", dispute_id=dispute.id)
    if outcome in ("failed", "withdrawn"):
        messages.success(
            request, _("The session has ended. Another can be planned, or the village head ends the dispute.")
        )
        return redirect("desk_dispute", dispute_id=dispute.id)
    messages.success(request, _("The session has ended. Plan the next one."))
    return redirect("desk_dispute_sessions", dispute_id=dispute.id)


@officer("session.attend")
@require_POST
def attend(request: Request, dispute_id: UUID, session_id: UUID) -> HttpResponseBase:
    """Tick that somebody is here or not, or write down a witness."""
    dispute = shared.dispute_or_404(request, dispute_id)
    session = _session_or_404(dispute, session_id)
    back = reverse("desk_dispute_room", args=[dispute.id, session.id])
    said = {**runs.said(request, dispute), "session_id": session.id}
    key = reading.key(request.POST.get("siapa", ""))
    if key is not None:
        came = {"ya": True, "tidak": False}.get(request.POST.get("hadir", ""))
        return trying.attempt(
            request, lambda: meeting.attend_session(**said, attendance_id=key, came=came), f"{back}#hadir"
        )
    form = forms.GuestForm(request.POST, request=request, dispute=dispute)
    if form.is_valid() and trying.run(
        form,
        lambda: meeting.attend_session(
            **said,
            attendance_id=form.key(),
            name=form.cleaned_data["name"],
            part=form.cleaned_data["part"],
            note=form.cleaned_data["note"],
        ),
    ):
        return redirect(f"{back}#hadir")
    first = {"minutes": session.minutes}
    room_form = forms.RoomForm(initial=first, request=request, dispute=dispute, item=session)
    return _show(request, dispute, session, room_form, form)


def _show(request: Request, dispute: Any, session: Any, form: Any, guest: Any) -> HttpResponseBase:
    context = {
        **_facts(dispute, session),
        "form": form,
        "guest": guest,
        "may_write": session.state == "held" and shared.may(request, "session.write", dispute),
        "attend": reverse("desk_dispute_attend", args=[dispute.id, session.id]),
        "paper": reverse("desk_dispute_room_paper", args=[dispute.id, session.id]),
        "start": shared.act_url(dispute, "mulai", session.id) if session.state == "planned" else "",
    }
    status = 422 if form.errors or guest.errors else 200
    return shared.show(
        request, dispute, "desk/mediation/room.html", "desk_dispute_sessions", context, status=status
    )


def _facts(dispute: Any, session: Any) -> dict[str, Any]:
    """What screen and paper both show: never a statement that was not shared."""
    shown = lists.statements(dispute)
    return {
        "session": session,
        "session_state": _(words.SESSION_STATES[session.state]),
        "session_tone": shared.SESSION_TONES[session.state],
        "when": desk_words.moment(session.held_at or session.planned_at, dispute.region_code),
        "outcome": _(words.OUTCOMES[session.outcome]) if session.outcome else "",
        "people": [{"one": one, "part": _(words.PARTS[one.part])} for one in lists.attendances(session)],
        "shared_words": [
            {"name": one.name, "words": said.words}
            for one in lists.parties(dispute)
            for said in shown.get(one.id, [])
            if said.shared_at
        ],
    }


@officer(*shared.READING)
@require_GET
def paper(request: Request, dispute_id: UUID, session_id: UUID) -> HttpResponseBase:
    """The attendance list and the minutes, for the printer; empty lines to write by hand."""
    dispute = shared.dispute_or_404(request, dispute_id)
    session = _session_or_404(dispute, session_id)
    context = {
        **_facts(dispute, session),
        "dispute": dispute,
        "subject": _(words.SUBJECTS[dispute.subject]),
        "parties": lists.parties(dispute),
        "empty_lines": range(4),
        "back": reverse("desk_dispute_room", args=[dispute.id, session.id]),
    }
    return frame.show(request, "desk/mediation/paper.html", context, here=shared.HERE)
