"""My doors, how far everybody has come, who was never reached, and the pack on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.outreach.queries import checks, doors
from simpul.outreach.queries import coverage as coverage_queries
from simpul.outreach.rules import verification as verification_rules
from simpul.web import reading
from simpul.web.desk import words
from simpul.web.desk.outreach import shared
from simpul.web.policy import Request, officer

PACK = 60


@officer(*shared.WALKING)
@require_GET
def mine(request: Request) -> HttpResponseBase:
    """The doors on the own list, the most urgent first; who only oversees goes to the progress of others."""
    if not roles.may_somewhere(request.by, "verification.take"):
        return redirect("desk_outreach_progress")
    rows = doors.mine(request.by, shared.today(request))
    done = [one for one in rows if _is_done(one)]
    context = {
        "rows": [shared.row(one) for one in rows if one not in done],
        "done": [shared.row(one) for one in done],
        "unvisited": sum(one.visited_at is None for one in rows),
    }
    return shared.show(request, "desk/outreach/mine.html", "desk_outreach", context)


def _is_done(one: doors.Door) -> bool:
    """True when the household was submitted and nobody sent it back."""
    return one.verification is not None and one.verification.state in verification_rules.SUBMITTED


@officer(*shared.OVERSEEING)
@require_GET
def progress(request: Request) -> HttpResponseBase:
    """Visited, confirmed, not found: by facilitator and by hamlet."""
    place = shared.place(request)
    context = {
        "place": place,
        "people": doors.by_facilitator(request.by, place.code),
        "hamlets": doors.by_hamlet(request.by, place.code),
        "agreement": checks.agreement(request.by),
    }
    return shared.show(request, "desk/outreach/progress.html", "desk_outreach_progress", context)


@officer(*shared.WALKING)
@require_GET
def coverage(request: Request) -> HttpResponseBase:
    """Households of a village with no matter, no visit and no aid: who did not come to ask."""
    place = shared.place(request)
    hamlets = coverage_queries.hamlets(request.by, place.code) if place.code else []
    rows = (
        coverage_queries.never_reached(request.by, place.code, shared.today(request), place.hamlet_id)
        if place.code
        else []
    )
    total, never = sum(one.households for one in hamlets), sum(one.never for one in hamlets)
    context = {
        "place": place,
        "hamlets": [
            {
                "one": one,
                "name": one.name or _("no hamlet"),
                "url": f"?wilayah={place.code}&dusun={one.hamlet_id}" if one.hamlet_id else "",
                "current": str(one.hamlet_id) == place.hamlet,
            }
            for one in hamlets
        ],
        "rows": [shared.row(one) for one in rows],
        "total": total,
        "never": never,
        "reached": total - never,
        "may_assign": roles.may_somewhere(request.by, "households.assign"),
        "assign_url": f"{reverse('desk_outreach_assign')}?wilayah={place.code}&dusun={place.hamlet}&hanya=belum",
    }
    return shared.show(request, "desk/outreach/coverage.html", "desk_outreach_never", context)


@officer(*shared.WALKING)
@require_GET
def pack(request: Request) -> HttpResponseBase:
    """The doors on paper: a facilitator's own, or, for who gives doors, those of a facilitator of the area."""
    by = request.by
    seat_id = reading.known_key(request.GET["kursi"]) if request.GET.get("kursi") else by.seat_id
    if seat_id != by.seat_id and not roles.may_somewhere(by, "households.assign"):
        raise Http404
    found = doors.of_seat(by, seat_id, shared.today(request)) if seat_id else []
    context = {
        "rows": [{**shared.row(one), "members": _members(one.household)} for one in found[:PACK]],
        "more": max(0, len(found) - PACK),
        "printed": words.day(shared.today(request)),
        "name": found[0].assignment.seat.user.full_name if found and found[0].assignment else by.name,
    }
    return shared.show(request, "desk/outreach/pack.html", "desk_outreach", context)


def _members(household: Any) -> list[dict[str, Any]]:
    return [
        {"name": one.full_name, "year": one.birth_date.year if one.birth_date else ""}
        for one in checks.members(household)
    ]
