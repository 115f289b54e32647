"""Before leaving: the questions and the verdict. After it: the return, the figures, and closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.outreach import access, actions
from simpul.outreach.queries import trip_checks, trip_figures, trips
from simpul.outreach.rules import checks as check_rules
from simpul.outreach.rules import trips as rules
from simpul.web.desk import trying, words
from simpul.web.desk.trips import forms, shared
from simpul.web.desk.trips.loading import aid_rows, carried_row
from simpul.web.policy import Request, officer


@officer(*shared.ANY)
def leave(request: Request, trip_id: UUID) -> HttpResponseBase:
    """The questions before leaving, their verdict, and the start."""
    trip = shared.trip_or_404(request, trip_id)
    if request.method == "POST":
        return _check(request, trip)
    return _leave(request, trip)


def _leave(request: Request, trip: Any, *, start: Any = None, why: Any = None) -> HttpResponseBase:
    newest = trips.newest_check(trip)
    asked = trip_checks.questions(trip.region_code)
    place = access.place_of_plan(request.by, trip)
    context = {
        "questions": [_question(one, newest) for one in asked],
        "check": newest,
        "checked": words.moment(newest.checked_at, trip.region_code) if newest else "",
        "missing": [_words(code) for code in newest.missing] if newest else [],
        "doubts": [_words(code) for code in newest.doubts] if newest else [],
        "hints": _hints(trip),
        "may_check": trip.state in ("planned", "ready") and roles.may(request.by, "trip.check", place),
        "may_clear": trip.state == "planned"
        and newest is not None
        and not newest.go
        and roles.may(request.by, "trip.clear", place),
        "may_start": trip.state == "ready" and roles.may(request.by, "trip.start", place),
        "start_form": start or forms.StartForm(),
        "why_form": why or forms.WhyForm(),
        "why_open": why is not None,
        "started": words.moment(trip.started_at, trip.region_code),
    }
    wrong = any(one is not None and one.errors for one in (start, why))
    return shared.show_trip(
        request, trip, "desk/trips/leave.html", "desk_trip_leave", context, 422 if wrong else 200
    )


def _words(code: str, *, unit: bool = False) -> str:
    said = trip_checks.words_of(code)
    english = (get_language() or "id").startswith("en")
    if unit:
        return said.unit_en if english else said.unit
    return said.words_en if english else said.words


def _question(one: check_rules.Question, newest: Any) -> dict[str, Any]:
    said = (newest.answers.get(one.code) if newest else None) or {}
    limit = ""
    if one.number is not None:
        given = {"n": one.number, "unit": _words(one.code, unit=True)}
        limit = (
            _("at most %(n)s %(unit)s") if one.limit == "at_most" else _("at least %(n)s %(unit)s")
        ) % given
    return {
        "one": one,
        "words": _words(one.code),
        "limit": limit,
        "unit": _words(one.code, unit=True),
        "ok": said.get("ok"),
        "number": said.get("number"),
        "said": said.get("words", ""),
    }


def _hints(trip: Any) -> list[str]:
    """What the program itself can see about the answers."""
    rows = trips.carried(trip)
    uncounted = sum(one.loaded is None for one in rows)
    found = []
    if uncounted:
        found.append(_("Not counted yet on the load: %(n)s of %(all)s.") % {"n": uncounted, "all": len(rows)})
    if not trip.safety_name:
        found.append(_("No safety contact is named in the plan."))
    if not trips.members(trip):
        found.append(_("Nobody is in the team yet."))
    return found


def _check(request: Request, trip: Any) -> HttpResponseBase:
    answers = {
        one.code: check_rules.Answer(
            ok={"ya": True, "tidak": False}.get(request.POST.get(f"ok-{one.code}", "")),
            number=_number(request.POST.get(f"n-{one.code}", "")),
            words=request.POST.get(f"w-{one.code}", ""),
        )
        for one in trip_checks.questions(trip.region_code)
    }

    def act() -> None:
        row = actions.check_trip(by=request.by, at=timezone.now(), trip_id=trip.id, answers=answers)
        if row.go:
            messages.success(request, _("Ready to leave."))
        else:
            messages.warning(request, _("Not yet: see below what is missing."))

    return trying.attempt(request, act, reverse("desk_trip_leave", args=[trip.id]))


def _number(text: str) -> int | None:
    clean = text.strip()
    return int(clean) if clean.isascii() and clean.isdigit() and len(clean) < 6 else None


@officer("trip.clear")
@require_POST
def clear(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Let it leave although a must is missing."""
    trip = shared.trip_or_404(request, trip_id)
    form = forms.WhyForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.clear_trip(
            by=request.by, at=timezone.now(), trip_id=trip.id, because=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Cleared: the team may leave."))
        return redirect("desk_trip_leave", trip_id=trip.id)
    return _leave(request, trip, why=form)


@officer("trip.start")
@require_POST
def start(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Leave."""
    trip = shared.trip_or_404(request, trip_id)
    form = forms.StartForm(request.POST)
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: actions.start_trip(
            by=request.by, at=now, trip_id=trip.id, started_at=form.moment(now, shared.zone(trip))
        ),
    ):
        messages.success(request, _("Good journey. Write down at each stop what happens there."))
        return redirect("desk_trip", trip_id=trip.id)
    return _leave(request, trip, start=form)


# --- the return ---------------------------------------------------------------------------------------------------------------


@officer(*shared.ANY)
def back(request: Request, trip_id: UUID) -> HttpResponseBase:
    """The return: costs, the load counted back, what is open, whom the trip reached."""
    trip = shared.trip_or_404(request, trip_id)
    form = None
    if request.method == "POST":
        form = forms.ReturnForm(request.POST)
        now = timezone.now()
        if form.is_valid() and trying.run(form, lambda: _come_back(request, trip, form, now)):
            messages.success(request, _("Written down."))
            return redirect("desk_trip_back", trip_id=trip.id)
    return _back(request, trip, form=form)


def _come_back(request: Request, trip: Any, form: Any, now: Any) -> None:
    given = form.cleaned_data
    moment = form.moment(now, shared.zone(trip))
    if trip.returned_at is not None and not given["day"] and given["clock"] is None:
        moment = trip.returned_at
    actions.return_trip(
        by=request.by,
        at=now,
        trip_id=trip.id,
        returned_at=moment,
        fuel_actual=given["fuel_actual"],
        cost_actual=given["cost_actual"],
        words=given["words"],
    )


def _back(request: Request, trip: Any, *, form: Any = None, close: Any = None) -> HttpResponseBase:
    place = access.place_of_plan(request.by, trip)
    figures = trip_figures.of_trip(trip)
    today = shared.today(request)
    first = {name: getattr(trip, name) for name in ("fuel_actual", "cost_actual")} | {
        "words": trip.return_words
    }
    context = {
        "figures": figures,
        "by_how": [
            {"words": _(rules.MARKS.get(how, how)), "count": number}
            for how, number in sorted((figures.seen.by_how or {}).items())
        ],
        "saved": shared.minutes(figures.saved.minutes) if figures.saved.people else "",
        "saved_each": shared.minutes(figures.saved.minutes // figures.saved.people)
        if figures.saved.people
        else "",
        "loose": trips.loose_ends(trip, today),
        "promises": [promise_row(one, today) for one in trips.promises(trip)],
        "carried": [carried_row(one) for one in trips.carried(trip)],
        "aid": aid_rows(request, trip),
        "may_return": trip.state in ("planned", "ready", "under_way", "returned")
        and roles.may(request.by, "trip.return", place),
        "may_close": trip.state == "returned" and roles.may(request.by, "trip.close", place),
        "form": form or forms.ReturnForm(initial=first),
        "close_form": close or forms.CloseForm(),
        "returned": words.moment(trip.returned_at, trip.region_code),
        "started": words.moment(trip.started_at, trip.region_code),
        "closed": words.moment(trip.closed_at, trip.region_code),
        "form_open": form is not None or trip.state == "under_way",
    }
    wrong = any(one is not None and one.errors for one in (form, close))
    return shared.show_trip(
        request, trip, "desk/trips/back.html", "desk_trip_back", context, 422 if wrong else 200
    )


def promise_row(one: Any, today: Any) -> dict[str, Any]:
    """A promise as lists show it."""
    late = one.kept_at is None and (one.due_date is None or one.due_date < today)
    return {
        "one": one,
        "to": shared.told_name(one.to_name, one.person, one.household),
        "due": words.day(one.due_date) if one.due_date else _("no date"),
        "late": late,
        "done": {"kept": _("kept"), "told": _("told why not")}.get(one.kept_how, ""),
        "url": reverse("desk_trip", args=[one.trip_id]),
    }


@officer("trip.close")
@require_POST
def close(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Close the trip."""
    trip = shared.trip_or_404(request, trip_id)
    form = forms.CloseForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.close_trip(
            by=request.by,
            at=timezone.now(),
            trip_id=trip.id,
            today=shared.today(request),
            because=form.cleaned_data["because"],
        ),
    ):
        messages.success(request, _("Closed."))
        return redirect("desk_trip_back", trip_id=trip.id)
    return _back(request, trip, close=form)
