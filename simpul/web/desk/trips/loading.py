"""Team and load of a trip, and the households it wants to see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.outreach import actions
from simpul.outreach.queries import doors as door_queries
from simpul.outreach.queries import trips
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import trips as rules
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.outreach import shared as outreach_shared
from simpul.web.desk.rounds import shared as rounds_shared
from simpul.web.desk.trips import forms, shared, stop_forms
from simpul.web.policy import Request, officer

SHOWN = 80


@officer(*shared.ANY)
def load(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Who goes along and what is carried; both can be added here."""
    trip = shared.trip_or_404(request, trip_id)
    step = request.POST.get("langkah", "") if request.method == "POST" else ""
    seats = [
        (str(one.id), f"{one.user.full_name} ({one.desk.name})")
        for one in trips.seats_for(trip, timezone.now())
    ]
    member = forms.MemberForm(request.POST if step == "anggota" else None, seats=seats)
    carry = forms.CarryForm(request.POST if step == "bawaan" else None)
    given: dict[str, Any] = {"by": request.by, "at": timezone.now(), "trip_id": trip.id}
    done = False
    if step == "anggota" and member.is_valid():
        done = trying.run(
            member,
            lambda: actions.add_member(
                **given, member=member.member(), member_id=member.cleaned_data["row_id"]
            ),
        )
    if step == "bawaan" and carry.is_valid():
        done = trying.run(
            carry,
            lambda: actions.add_carry(**given, carry=carry.carry(), carry_id=carry.cleaned_data["row_id"]),
        )
    if done:
        return redirect(f"{reverse('desk_trip_load', args=[trip.id])}#{step}")
    context = {
        "members": [_member(one) for one in trips.members(trip)],
        "carried": [carried_row(one) for one in trips.carried(trip)],
        "member_form": member,
        "carry_form": carry,
        "aid": aid_rows(request, trip),
        "step": step,
        "after": trip.state in ("under_way", "returned"),
    }
    status = 422 if member.errors or carry.errors else 200
    return shared.show_trip(request, trip, "desk/trips/load.html", "desk_trip_load", context, status)


def _member(one: Any) -> dict[str, Any]:
    label = desk_queries.seat_label(one.seat) if one.seat else ""
    return {"one": one, "label": one.role or label}


def carried_row(one: Any) -> dict[str, Any]:
    """A carried thing as lists show it."""
    gap = trips.gap_of(one)
    return {
        "one": one,
        "kind": _(rules.CARRIED.get(one.kind, one.kind)),
        "gap": _(rules.GAPS[gap]) if gap and one.back_at else "",
        "missing": gap,
    }


def aid_rows(request: Request, trip: Any) -> list[dict[str, Any]]:
    """Aid that was handed to the trip, with what is left of it; a link for who hands out aid."""
    may = roles.may_somewhere(request.by, "delivery.record")
    return [
        {
            "what": one.what,
            "came": rounds_shared.amount(one.allotted, one.unit),
            "left": rounds_shared.amount(one.left, one.unit),
            "open": one.left != 0,
            "url": reverse("desk_round", args=[one.round_id]) if may else "",
        }
        for one in trips.aid(trip)
    ]


@officer("member.drop")
@require_POST
def drop_member(request: Request, trip_id: UUID, member_id: UUID) -> HttpResponseBase:
    """Take somebody out of the team."""
    back = f"{reverse('desk_trip_load', args=[trip_id])}#anggota"
    return trying.attempt(
        request, lambda: actions.drop_member(by=request.by, at=timezone.now(), member_id=member_id), back
    )


@officer("carry.drop")
@require_POST
def drop_carry(request: Request, trip_id: UUID, carry_id: UUID) -> HttpResponseBase:
    """Take something off the load."""
    back = f"{reverse('desk_trip_load', args=[trip_id])}#bawaan"
    return trying.attempt(
        request, lambda: actions.drop_carry(by=request.by, at=timezone.now(), carry_id=carry_id), back
    )


@officer("carry.check")
@require_POST
def count(request: Request, trip_id: UUID) -> HttpResponseBase:
    """Write down what was loaded or brought back, for all lines of the load at once."""
    trip = shared.trip_or_404(request, trip_id)
    now = timezone.now()

    def act() -> None:
        changed = 0
        for one in trips.carried(trip):
            counted = _counted(request, one)
            if counted is not None:
                actions.check_carry(by=request.by, at=now, carry_id=one.id, counted=counted, counted_at=now)
                changed += 1
        text = ngettext("%(n)s line counted.", "%(n)s lines counted.", changed)
        messages.success(request, text % {"n": changed})

    back = request.POST.get("kembali", "")
    name = "desk_trip_back" if back == "pulang" else "desk_trip_load"
    return trying.attempt(request, act, f"{reverse(name, args=[trip.id])}#bawaan")


def _counted(request: Request, one: Any) -> actions.Counted | None:
    """What the form says about one line; None when it says nothing new."""
    numbers = {name: request.POST.get(f"{name}-{one.id}", "").strip() for name in ("loaded", "back")}
    texts = {name: request.POST.get(f"{name}-{one.id}", "").strip() for name in ("last", "why")}
    read = {
        name: int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
        for name, text in numbers.items()
    }
    same = (read["loaded"] in (None, one.loaded), read["back"] in (None, one.back))
    if all(same) and texts["last"] in ("", one.last_used) and texts["why"] in ("", one.difference_why):
        return None
    return actions.Counted(read["loaded"], read["back"], texts["last"], texts["why"])


# --- whom to see --------------------------------------------------------------------------------------------------------------


@officer(*shared.ANY)
def doors(request: Request, trip_id: UUID) -> HttpResponseBase:
    """The trip's list of households with what became of each, and those of its villages that need somebody most."""
    trip = shared.trip_or_404(request, trip_id)
    form = stop_forms.DoorsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(form, lambda: _list(request, trip, form)):
        return redirect("desk_trip_doors", trip_id=trip.id)
    codes = list(dict.fromkeys(one.region_code for one in trips.stops(trip)))
    village = request.GET.get("desa", "") or (codes[0] if codes else "")
    village = village if village in codes else ""
    seen = trips.doors(trip)
    listed = {one.door.household_id for one in seen}
    offered = (
        [
            one
            for one in door_queries.of_hamlet(request.by, village, shared.today(request), limit=SHOWN * 2)
            if one.household.id not in listed
        ]
        if village
        else []
    )
    names = shared.place_names(sorted({*codes, *(one.door.household.region_code for one in seen)}))
    context = {
        "rows": [_door(one, names) for one in seen],
        "left": sum(not one.settled for one in seen),
        "form": form,
        "offered": [outreach_shared.row(one) for one in offered[:SHOWN]],
        "villages": [
            {"label": names.get(code, code), "url": f"?desa={code}#tambah", "current": code == village}
            for code in codes
        ],
    }
    status = 422 if form.errors else 200
    return shared.show_trip(request, trip, "desk/trips/doors.html", "desk_trip_doors", context, status)


def _list(request: Request, trip: Any, form: Any) -> None:
    keys = [reading.known_key(one) for one in request.POST.getlist("household")]
    done = actions.list_doors(
        by=request.by,
        at=timezone.now(),
        trip_id=trip.id,
        household_ids=keys,
        reason=form.cleaned_data["reason"],
        words=form.cleaned_data["words"],
    )
    text = ngettext("%(n)s household put on the list.", "%(n)s households put on the list.", done)
    messages.success(request, text % {"n": done})


def _door(seen: Any, names: dict[str, str]) -> dict[str, Any]:
    home = seen.door.household
    visit = seen.visit
    return {
        "door": seen.door,
        "name": residents.name_of(home),
        "address": door_queries.address_of(home),
        "village": names.get(home.region_code, home.region_code),
        "hamlet": home.hamlet.name if home.hamlet else "",
        "reason": _(rules.REASONS.get(seen.door.reason, seen.door.reason)),
        "url": reverse("desk_outreach_door", args=[home.id]),
        "outcome": _(door_rules.OUTCOMES.get(visit.outcome, visit.outcome)) if visit else "",
        "when": words.short_day(visit.visited_at, home.region_code) if visit else "",
        "settled": seen.settled,
    }


@officer("door.unlist", "door.explain")
@require_POST
def door(request: Request, trip_id: UUID, row_id: UUID, step: str) -> HttpResponseBase:
    """Take a household off the list, or say why nobody was seen there."""
    if step not in ("keluar", "alasan"):
        raise Http404
    given: dict[str, Any] = {"by": request.by, "at": timezone.now(), "door_id": row_id}

    def act() -> None:
        if step == "keluar":
            actions.unlist_door(**given)
        else:
            actions.explain_door(**given, why_not=request.POST.get("why", ""))

    return trying.attempt(request, act, reverse("desk_trip_doors", args=[trip_id]))
