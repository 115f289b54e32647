"""One stop: arriving, the open door, leaving; the guest book, explanations, matters, promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.cases.queries import callers
from simpul.outreach import actions
from simpul.outreach.queries import trips
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import trips as rules
from simpul.people.queries import residents
from simpul.programmes.queries import deliveries
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.regions import queries as region_queries
from simpul.web.desk import trying, words
from simpul.web.desk.trips import forms, shared, stop_forms
from simpul.web.desk.trips.leaving import promise_row
from simpul.web.policy import Request, officer

FORMS: dict[str, Callable[..., Any]] = {
    "tiba": stop_forms.ArriveForm,
    "buka": stop_forms.OpenForm,
    "pergi": stop_forms.LeaveForm,
    "tamu": stop_forms.GuestForm,
    "sosialisasi": stop_forms.SocialisationForm,
    "janji": stop_forms.PromiseForm,
    "urusan": stop_forms.MatterForm,
}
"""Step of the address -> its form."""


@officer(*shared.ANY)
@require_GET
def stop(request: Request, stop_id: UUID) -> HttpResponseBase:
    """One stop with everything that was written down there."""
    return _show(request, shared.stop_or_404(request, stop_id), {})


def _show(request: Request, found: Any, filled: dict[str, Any]) -> HttpResponseBase:
    trip, code = found.trip, found.region_code
    now = timezone.now()
    names = shared.place_names([code])
    guests = trips.guests(found)
    first = {"official": found.official, "official_office": found.official_office}
    made = {
        "tiba": stop_forms.ArriveForm(initial=first if found.arrived_at is None else {}),
        "buka": stop_forms.OpenForm(initial={"place": found.opened_place or found.place}),
        **{step: FORMS[step]() for step in ("pergi", "tamu", "sosialisasi", "janji", "urusan")},
        **filled,
    }
    may = shared.may_tell(request, trip)
    context = {
        **shared.stop_row(found, names),
        "trip": trip,
        "where": region_queries.path_names(code),
        "trip_url": reverse("desk_trip", args=[trip.id]),
        "may_tell": may,
        "may_plan": shared.may_plan(request, trip)
        and trip.state in rules.CHANGEABLE
        and found.arrived_at is None,
        "forms": made,
        "open_step": next(iter(filled), "") or _next_step(found),
        "opened": words.moment(found.opened_at, code),
        "shut": words.moment(found.shut_at, code),
        "guests": [_guest(one, code) for one in guests],
        "guest_count": sum(one.withdrawn_at is None for one in guests),
        "explained": [_explained(one, code) for one in trips.socialisations(found)],
        "visits": [_visit(one, code) for one in trips.stop_visits(found)],
        "given": [_given(one, code) for one in deliveries.of_stop(request.by, found.id)],
        "matters": [_matter(one.case) for one in trips.matters(request.by, found)],
        "near": [_matter(one) for one in trips.matters_near(request.by, found, now)] if may else [],
        "promises": [
            promise_row(one, shared.today(request)) for one in trips.promises(trip) if one.stop_id == found.id
        ],
        "edit_form": _edit_form(found),
        "empty": range(14),
    }
    wrong = any(form.errors for form in filled.values())
    return shared.show(request, "desk/trips/stop.html", "", context, 422 if wrong else 200)


def _next_step(found: Any) -> str:
    """What is mostly written down next."""
    if found.closed_at is not None:
        return ""
    if found.arrived_at is None:
        return "tiba"
    return "tamu" if found.opened_at is not None else "buka"


def _edit_form(found: Any) -> Any:
    first = {
        "village": found.region_code,
        "hamlet": found.hamlet.name if found.hamlet else "",
        "kind": found.kind,
        "planned_date": found.planned_date,
        "place": found.place,
    }
    return forms.StopForm(initial=first, villages=shared.villages(found.trip.region_code))


def _guest(one: Any, code: str) -> dict[str, Any]:
    return {
        "one": one,
        "name": shared.told_name(one.name, one.person),
        "when": words.moment(one.came_at, code),
        "flags": shared.flag_words(one.flags),
        "url": reverse("desk_register_person", args=[one.person_id]) if one.person_id else "",
    }


def _explained(one: Any, code: str) -> dict[str, Any]:
    return {
        "one": one,
        "all": one.men + one.women,
        "when": words.moment(one.held_at, code),
        "flags": shared.flag_words(one.flags),
    }


def _visit(one: Any, code: str) -> dict[str, Any]:
    return {
        "one": one,
        "name": residents.name_of(one.household),
        "outcome": _(door_rules.OUTCOMES.get(one.outcome, one.outcome)),
        "when": words.moment(one.visited_at, code),
        "url": reverse("desk_outreach_door", args=[one.household_id]),
    }


def _given(shown: Any, code: str) -> dict[str, Any]:
    one = shown.delivery
    home = residents.name_of(one.household) if one.household else ""
    return {
        "name": one.person.full_name if one.person else home,
        "outcome": _(delivery_rules.OUTCOMES.get(one.outcome, one.outcome)),
        "when": words.moment(one.delivered_at, code),
        "url": reverse("desk_round_delivery", args=[one.id]),
    }


def _matter(case: Any) -> dict[str, Any]:
    return {"case": case, "url": reverse("desk_case", args=[case.id])}


@officer("stop.arrive")
@require_POST
def tell(request: Request, stop_id: UUID, step: str) -> HttpResponseBase:
    """Write down one thing that happened at the stop."""
    found = shared.stop_or_404(request, stop_id)
    if step not in FORMS:
        raise Http404
    form = FORMS[step](request.POST)
    now = timezone.now()
    if form.is_valid() and trying.run(form, lambda: _tell(request, found, step, form, now)):
        messages.success(request, _("Written down."))
        return redirect(f"{reverse('desk_trip_stop', args=[found.id])}#{step}")
    return _show(request, found, {step: form})


def _tell(request: Request, found: Any, step: str, form: Any, now: datetime) -> None:
    given = form.cleaned_data
    said: dict[str, Any] = {"by": request.by, "at": now, "stop_id": found.id}
    moment = form.moment(now, shared.zone(found.trip)) if hasattr(form, "moment") else now
    if step == "tiba":
        actions.arrive_stop(
            **said,
            arrived_at=moment,
            official=given["official"],
            official_office=given["official_office"],
        )
    elif step == "buka":
        _open(found, said, given, moment)
    elif step == "pergi":
        actions.close_stop(
            **said,
            left_at=moment if given["reached"] == "yes" else None,
            not_done=given["not_done"],
            not_done_why=given["not_done_why"],
        )
    elif step == "tamu":
        actions.sign_guest(**said, guest=form.guest(), came_at=moment, guest_id=given["row_id"])
    elif step == "sosialisasi":
        actions.record_socialisation(
            **said,
            topic=given["topic"],
            held_at=moment,
            attendance=form.attendance(),
            words=given["words"],
            socialisation_id=given["row_id"],
        )
    else:
        _promise_or_matter(request, found, form, said, now)


def _open(found: Any, said: dict[str, Any], given: Any, moment: datetime) -> None:
    shut = None
    if given["shut"] is not None:
        here = moment.astimezone(shared.zone(found.trip))
        shut = datetime.combine(here.date(), given["shut"], here.tzinfo)
        shut = shut + timedelta(days=1) if shut < here else shut
    actions.open_stop(**said, opened_at=moment, place=given["place"], shut_at=shut)


def _promise_or_matter(request: Request, found: Any, form: Any, said: dict[str, Any], now: datetime) -> None:
    given = form.cleaned_data
    if isinstance(form, stop_forms.MatterForm):
        case = callers.matter_by_number(request.by, given["number"])
        if case is None:
            raise stop_forms.MatterUnknown
        actions.tie_matter(**said, case_id=case.id)
        return
    actions.record_promise(
        by=request.by,
        at=now,
        trip_id=found.trip_id,
        stop_id=found.id,
        words=given["words"],
        to_name=given["to_name"],
        due_date=given["due_date"],
        promised_at=now,
        promise_id=given["row_id"],
    )


@officer("stop.change")
@require_POST
def change(request: Request, stop_id: UUID) -> HttpResponseBase:
    """Change where and when the stop is planned."""
    found = shared.stop_or_404(request, stop_id)
    form = forms.StopForm(request.POST, villages=shared.villages(found.trip.region_code))
    if form.is_valid():
        plan = form.stop(region_queries.hamlets(form.cleaned_data["village"]))
        if plan is not None and trying.run(
            form,
            lambda: actions.change_stop(by=request.by, at=timezone.now(), stop_id=found.id, stop=plan),
        ):
            messages.success(request, _("Changed."))
            return redirect("desk_trip_stop", stop_id=found.id)
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return redirect("desk_trip_stop", stop_id=found.id)


@officer("guest.withdraw", "socialisation.withdraw")
@require_POST
def take_back(request: Request, stop_id: UUID, step: str, row_id: UUID) -> HttpResponseBase:
    """Take back a line of the guest book, or an explanation."""
    if step not in ("tamu", "sosialisasi"):
        raise Http404

    def act() -> None:
        if step == "tamu":
            actions.withdraw_guest(by=request.by, at=timezone.now(), guest_id=row_id)
        else:
            actions.withdraw_socialisation(by=request.by, at=timezone.now(), socialisation_id=row_id)
        messages.success(request, _("Taken back."))

    return trying.attempt(request, act, f"{reverse('desk_trip_stop', args=[stop_id])}#{step}")


# --- promises -----------------------------------------------------------------------------------------------------------------


@officer("promise.keep")
@require_GET
def promises(request: Request) -> HttpResponseBase:
    """Every promise that waits, the one due soonest first."""
    today = shared.today(request)
    rows = [promise_row(one, today) for one in trips.open_promises(request.by)]
    context = {"rows": rows, "form": stop_forms.KeepForm(), "late": sum(row["late"] for row in rows)}
    return shared.show(request, "desk/trips/promises.html", "desk_trip_promises", context)


@officer("promise.keep")
@require_POST
def keep(request: Request, promise_id: UUID) -> HttpResponseBase:
    """Finish a promise."""

    def act() -> None:
        actions.keep_promise(
            by=request.by,
            at=timezone.now(),
            promise_id=promise_id,
            how=request.POST.get("how", ""),
            words=request.POST.get("words", ""),
            kept_at=timezone.now(),
        )
        messages.success(request, _("Written down."))

    back = reverse("desk_trip_promises")
    return trying.attempt(request, act, back)
