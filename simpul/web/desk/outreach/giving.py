"""Giving doors to a facilitator: ticked households, or all that are shown; and taking one off a list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from simpul.outreach import actions
from simpul.outreach.queries import coverage as coverage_queries
from simpul.outreach.queries import doors
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.outreach import forms, shared
from simpul.web.policy import Request, officer

SHOWN = 300


@officer(*shared.OVERSEEING)
def assign(request: Request) -> HttpResponseBase:
    """Households of a hamlet with ticks; any page with ticked households may send them here as ``household``."""
    place = shared.place(request)
    seats = [(str(one.id), _seat(one)) for one in doors.facilitators(request.by, timezone.now())]
    given = request.POST if request.method == "POST" else None
    form = forms.AssignForm(given, seats=seats)
    only = (given or request.GET).get("hanya", "bebas")
    if given is not None and form.is_valid() and trying.run(form, lambda: _give(request, form)):
        return redirect(
            f"{reverse('desk_outreach_assign')}?wilayah={place.code}&dusun={place.hamlet}&hanya={only}"
        )
    rows = _rows(request, place, only)
    context = {
        "place": place,
        "form": form,
        "rows": [shared.row(one) for one in rows],
        "only": only,
        "choices": [
            ("bebas", _("on nobody's list")),
            ("belum", _("never reached")),
            ("semua", _("all")),
        ],
        "ticked": set(given.getlist("household")) if given is not None else set(),
        "no_seats": not seats,
    }
    status = 422 if form.errors else 200
    return shared.show(request, "desk/outreach/assign.html", "desk_outreach_assign", context, status)


def _seat(seat: Any) -> str:
    return f"{seat.user.full_name}, {seat.desk.name}"


def _rows(request: Request, place: shared.Place, only: str) -> list[doors.Door]:
    if not place.code:
        return []
    day = shared.today(request)
    if only == "belum":
        return coverage_queries.never_reached(request.by, place.code, day, place.hamlet_id, limit=SHOWN)
    return doors.of_hamlet(request.by, place.code, day, place.hamlet_id, free=only != "semua", limit=SHOWN)


def _give(request: Request, form: forms.AssignForm) -> None:
    given = form.cleaned_data
    done = actions.assign_households(
        by=request.by,
        at=timezone.now(),
        seat_id=UUID(given["seat"]),
        household_ids=[reading.known_key(one) for one in request.POST.getlist("household")],
        note=given["note"],
        due_date=given["due_date"],
        round_name=given["round_name"],
    )
    text = ngettext("%(n)s door given.", "%(n)s doors given.", done.given)
    messages.success(request, text % {"n": done.given})


@officer("assignment.withdraw")
@require_POST
def withdraw(request: Request, assignment_id: UUID) -> HttpResponseBase:
    """Take a household off a list."""

    def act() -> None:
        actions.withdraw_assignment(
            by=request.by, at=timezone.now(), assignment_id=assignment_id, why=request.POST.get("why", "")
        )
        messages.success(request, _("Taken off the list."))

    back = request.POST.get("rumah", "")
    where = (
        reverse("desk_outreach_door", args=[reading.known_key(back)])
        if back
        else reverse("desk_outreach_progress")
    )
    return trying.attempt(request, act, where)
