"""The list with its calendar, a new trip, its stops in order with the proposed order, and calling it off."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.outreach import actions
from simpul.outreach.queries import trips, ways
from simpul.outreach.rules import routes
from simpul.outreach.rules import trips as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.trips import forms, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


@officer(*shared.ANY)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Trips of the area: the month's calendar, and the list."""
    given = request.GET
    state = given.get("keadaan", "open")
    state = state if state in (*rules.STATES, "", "open") else "open"
    page = reading.page_number(given.get("page", ""))
    rows, more = trips.listed(request.by, state, page=page)
    today = shared.today(request)
    first = _month(given.get("bulan", ""), today)
    kept = {"keadaan": state, "bulan": f"{first:%Y-%m}"}
    villages = trips.villages_visited(rows)
    names = shared.place_names(sorted({code for codes in villages.values() for code in codes}))
    context = {
        "rows": [_row(one, villages.get(one.id, []), names) for one in rows],
        "states": [("open", _("not over yet")), *choices.pairs(rules.STATES)],
        "state": state,
        "weeks": _weeks(request, first, today),
        "month": portal_words.date_words(first).split(" ", 1)[-1],
        "before_url": f"?{urlencode({**kept, 'bulan': f'{_other(first, -1):%Y-%m}'})}",
        "after_url": f"?{urlencode({**kept, 'bulan': f'{_other(first, 1):%Y-%m}'})}",
        "may_plan": roles.may_somewhere(request.by, "trip.plan"),
        "today_stops": [_today(one) for one in trips.stops_of_seat(request.by, today)],
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/trips/list.html", "desk_trips", context)


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _other(first: date, step: int) -> date:
    number = first.year * 12 + first.month - 1 + step
    return date(max(1, min(9998, number // 12)), number % 12 + 1, 1)


def _weeks(request: Request, first: date, today: date) -> list[list[dict[str, Any]]]:
    return [
        [
            {
                "number": day.date.day,
                "inside": day.inside,
                "today": day.date == today,
                "label": words.day(day.date),
                "trips": [
                    {
                        "purpose": one.purpose,
                        "url": reverse("desk_trip", args=[one.id]),
                        "tone": shared.TONES[one.state],
                    }
                    for one in day.trips
                ],
            }
            for day in week
        ]
        for week in trips.month(request.by, first.year, first.month)
    ]


def _row(trip: Any, codes: list[str], names: dict[str, str]) -> dict[str, Any]:
    shown = [names.get(code, code) for code in codes]
    return {
        "trip": trip,
        "url": reverse("desk_trip", args=[trip.id]),
        "days": shared.days(trip.start_date, trip.end_date),
        "state": _(rules.STATES[trip.state]),
        "tone": shared.TONES[trip.state],
        "villages": ", ".join(shown[:4]) + (" …" if len(shown) > 4 else ""),
        "stops": ngettext("%(n)s stop", "%(n)s stops", trip.stop_count) % {"n": trip.stop_count},
    }


def _today(stop: Any) -> dict[str, Any]:
    names = shared.place_names([stop.region_code])
    return {**shared.stop_row(stop, names), "purpose": stop.trip.purpose}


@officer("trip.plan")
def new(request: Request) -> HttpResponseBase:
    """Plan a trip."""
    own = request.by.served_areas[0]
    today = shared.today(request)
    first = {
        "region_code": own,
        "season": "wet" if today.month in (10, 11, 12, 1, 2, 3, 4) else "dry",
        "joins": request.by.role == "facilitator",
    }
    form = forms.TripForm(request.POST if request.method == "POST" else None, initial=first)
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        trip = actions.plan_trip(
            by=request.by,
            at=timezone.now(),
            region_code=given["region_code"],
            plan=form.plan(),
            trip_id=given["row_id"],
        )
        made.append(trip)
        if given["joins"] and request.by.seat_id:
            member = actions.Member(seat_id=request.by.seat_id, leads=True)
            actions.add_member(by=request.by, at=timezone.now(), trip_id=trip.id, member=member)

    if form.is_valid() and trying.run(form, act):
        messages.success(request, _("Planned. Now add the stops."))
        return redirect("desk_trip", trip_id=made[0].id)
    status = 422 if form.errors else 200
    return shared.show(request, "desk/trips/plan.html", "", {"form": form, "trip": None}, status)


@officer("trip.change")
def change(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Change the plan."""
    trip = shared.trip_or_404(request, trip_id)
    first = {name: getattr(trip, name) for name in forms.TripForm.base_fields if hasattr(trip, name)}
    form = forms.TripForm(request.POST if request.method == "POST" else None, initial=first, old=True)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_trip(by=request.by, at=timezone.now(), trip_id=trip.id, plan=form.plan()),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_trip", trip_id=trip.id)
    status = 422 if form.errors else 200
    return shared.show(request, "desk/trips/plan.html", "", {"form": form, "trip": trip}, status)


@officer("trip.call_off")
def call_off(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Call a trip off."""
    trip = shared.trip_or_404(request, trip_id)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.call_off_trip(
            by=request.by, at=timezone.now(), trip_id=trip.id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Called off."))
        return redirect("desk_trips")
    status = 422 if form.errors else 200
    return shared.show(request, "desk/trips/call_off.html", "", {"form": form, "trip": trip}, status)


# --- the stops ----------------------------------------------------------------------------------------------------------------


@officer(*shared.ANY)
@require_GET
def trip(request: Request, trip_id: UUID) -> HttpResponseBase:
    """One trip with its stops in order."""
    return _route(request, shared.trip_or_404(request, trip_id))


def _route(request: Request, found: Any, form: Any = None) -> HttpResponseBase:
    rows = shared.stops(found)
    course = ways.course_of(found)
    context = {
        "rows": _legs(rows, course),
        "total": shared.minutes(course.minutes),
        "known": not course.missing,
        "last": _part(course, len(rows)) if found.ends_at_office and rows else None,
        "stop_form": form or forms.StopForm(villages=shared.villages(found.region_code)),
        "proposal": _proposal(found) if request.GET.get("usul") and len(rows) > 1 else None,
        "may_order": shared.may_plan(request, found) and found.state in rules.CHANGEABLE and len(rows) > 1,
        "may_call_off": found.state in ("planned", "ready") and shared.may_plan(request, found),
    }
    status = 422 if form is not None and form.errors else 200
    return shared.show_trip(request, found, "desk/trips/trip.html", "desk_trip", context, status)


def _legs(rows: list[dict[str, Any]], course: routes.Course) -> list[dict[str, Any]]:
    """Each stop with the way that leads to it, and where it would stand one place up or down."""
    ids = [row["stop"].id for row in rows]
    return [
        {
            **row,
            "way": _part(course, place),
            "up": _swapped(ids, place, place - 1) if place else "",
            "down": _swapped(ids, place, place + 1) if place + 1 < len(ids) else "",
        }
        for place, row in enumerate(rows)
    ]


def _part(course: routes.Course, place: int) -> dict[str, Any]:
    minutes = course.parts[place][2] if place < len(course.parts) else None
    return {"words": shared.minutes(minutes), "known": minutes is not None, "nothing": minutes == 0}


def _swapped(ids: list[UUID], one: int, other: int) -> str:
    order = list(ids)
    order[one], order[other] = order[other], order[one]
    return ",".join(str(key) for key in order)


def _proposal(found: Any) -> dict[str, Any] | None:
    if not 1 < len(trips.stops(found)) <= 60:
        return None
    proposed = ways.propose(found)
    names = shared.place_names([one.region_code for one in (*proposed.stops, *proposed.unreachable)])
    return {
        "stops": [shared.stop_row(one, names) for one in proposed.stops],
        "unreachable": [shared.stop_row(one, names) for one in proposed.unreachable],
        "order": ",".join(str(one.id) for one in (*proposed.stops, *proposed.unreachable)),
        "now": shared.minutes(proposed.now.minutes),
        "now_whole": not proposed.now.missing,
        "then": shared.minutes(proposed.then.minutes),
        "changes": proposed.changes,
    }


@officer("stop.add")
@require_POST
def add_stop(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Put a stop at the end."""
    found = shared.trip_or_404(request, trip_id)
    form = forms.StopForm(request.POST, villages=shared.villages(found.region_code))
    if form.is_valid():
        stop = form.stop(region_queries.hamlets(form.cleaned_data["village"]))
        if stop is not None and trying.run(
            form,
            lambda: actions.add_stop(
                by=request.by,
                at=timezone.now(),
                trip_id=found.id,
                stop=stop,
                stop_id=form.cleaned_data["row_id"],
            ),
        ):
            return redirect(f"{reverse('desk_trip', args=[found.id])}#singgah")
    return _route(request, found, form)


@officer("stops.order")
@require_POST
def order(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Put the stops in an order: one up, one down, or as it was proposed."""
    keys = [reading.key(text) for text in request.POST.get("urutan", "").split(",")]
    if None in keys or not keys:
        raise Http404

    def act() -> None:
        actions.order_stops(
            by=request.by, at=timezone.now(), trip_id=trip_id, stop_ids=[key for key in keys if key]
        )

    return trying.attempt(request, act, f"{reverse('desk_trip', args=[trip_id])}#singgah")


@officer("stop.drop")
@require_POST
def drop_stop(request: Request, stop_id: UUID) -> HttpResponseBase:
    """Take a stop out of the plan."""
    stop = shared.stop_or_404(request, stop_id)
    back = reverse("desk_trip", args=[stop.trip_id])
    return trying.attempt(
        request, lambda: actions.drop_stop(by=request.by, at=timezone.now(), stop_id=stop_id), back
    )


@officer(*shared.ANY)
@require_GET
def sheet(request: Request, trip_id: UUID) -> HttpResponseBase:
    """The trip on paper: who, where, when, what is carried, whom to see."""
    found = shared.trip_or_404(request, trip_id)
    seen = trips.doors(found)
    names = shared.place_names(sorted({one.door.household.region_code for one in seen}))
    context = {
        "rows": _legs(shared.stops(found), ways.course_of(found)),
        "members": trips.members(found),
        "carried": trips.carried(found),
        "doors": [_sheet_door(one, names) for one in seen[:200]],
        "printed": words.day(shared.today(request)),
        "empty": range(12),
    }
    return shared.show_trip(request, found, "desk/trips/sheet.html", "", context)


def _sheet_door(one: Any, names: dict[str, str]) -> dict[str, Any]:
    code = one.door.household.region_code
    return {
        "one": one,
        "village": names.get(code, code),
        "reason": _(rules.REASONS.get(one.door.reason, one.door.reason)),
    }
