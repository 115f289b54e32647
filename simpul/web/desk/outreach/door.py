"""One door: why it is on the list, what was found there, and the verification with its persons and steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import files
from simpul.outreach import access, actions
from simpul.outreach.queries import checks, doors
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import verification as rules
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.regions import queries as region_queries
from simpul.sync.queries import blobs
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.outreach import forms, shared
from simpul.web.policy import Request, officer

STEPS = ("ambil", "simpan", "kirim", "setujui", "kembalikan")


@officer(*shared.WALKING)
@require_GET
def door(request: Request, household_id: UUID) -> HttpResponseBase:
    """One household."""
    return _show(request, _household(request, household_id))


def _household(request: Request, household_id: UUID) -> Any:
    return trying.found(people_access.household_for, request, household_id)


def _show(request: Request, household: Any, visit: Any = None, note: Any = None) -> HttpResponseBase:
    found = doors.of_households([household.id], shared.today(request))[0]
    check = _check(request, household)
    where = roles.Place(household.region_code)
    listed = doors.open_assignment(household.id)
    mine = check is not None and check.seat_id is not None and check.seat_id == request.by.seat_id
    persons = _persons(check, household) if check else []
    visits = doors.visits_of(household.id)
    photos = blobs.photos_of("visit", [one.id for one in visits])
    context = {
        **shared.row(found),
        "household_name": residents.name_of(household),
        "where": region_queries.path_names(household.region_code),
        "visits": [_visit(one, request, len(photos.get(one.id, ()))) for one in visits],
        "visit_form": visit or forms.VisitForm(),
        "may_visit": roles.may(request.by, "visit.record", where),
        "members": checks.members(household),
        "check": check,
        "listed": listed,
        "may_withdraw": listed is not None and roles.may(request.by, "assignment.withdraw", where),
        "persons": persons,
        "judged": [one for one in persons if one["state"]],
        "presences": [(code, _(label)) for code, label in rules.PRESENCES.items()],
        "may_take": check is not None
        and check.state in rules.OPEN
        and roles.may(request.by, "verification.take", where)
        and (listed is None or listed.seat_id == request.by.seat_id),
        "may_work": mine and check.state in rules.TAKEN,
        "may_judge": check is not None
        and check.state in rules.SUBMITTED
        and check.approved_at is None
        and not mine
        and roles.may(request.by, "verification.approve", where),
        "note_form": note or forms.NoteForm(),
        "note_open": note is not None,
        "steps": [_step(one, household.region_code) for one in checks.steps_of(check)] if check else [],
    }
    wrong = any(one is not None and one.errors for one in (visit, note))
    return shared.show(request, "desk/outreach/door.html", "", context, 422 if wrong else 200)


def _check(request: Request, household: Any) -> Any:
    newest = checks.current(household.id)
    return newest if newest and access.verifications(request.by).filter(id=newest.id).exists() else None


def _visit(one: Any, request: Request, photos: int) -> dict[str, Any]:
    return {
        "one": one,
        "photos": [reverse("desk_outreach_photo", args=[one.id, place]) for place in range(photos)],
        "when": words.moment(one.visited_at, one.region_code),
        "outcome": _(door_rules.OUTCOMES.get(one.outcome, one.outcome)),
        "mine": one.undone_at is None and one.seat_id is not None and one.seat_id == request.by.seat_id,
    }


@officer(*shared.WALKING)
@require_GET
def photo(request: Request, visit_id: UUID, place: int) -> HttpResponseBase:
    """A photo that a phone brought home with a visit, for who may see the household."""
    visit = doors.visit(visit_id)
    if visit is None or visit.undone_at is not None:
        raise Http404
    _household(request, visit.household_id)
    came = blobs.photo("visit", visit_id, place)
    if came is None:
        raise Http404
    try:
        return HttpResponse(blobs.read(came), content_type=came.media_type)
    except files.FileMissing as missing:
        raise Http404 from missing


def _persons(check: Any, household: Any) -> list[dict[str, Any]]:
    """Who was written down, and members of the household nobody was asked about yet."""
    rows = checks.persons(check)
    told = {one.person_id for one in rows}
    return [
        {
            "field": f"h-{one.id}",
            "name": one.name,
            "presence": one.presence,
            "state": shared.person_words(one.state),
            "similar": one.similar,
        }
        for one in rows
    ] + [
        {"field": f"p-{one.id}", "name": one.full_name, "presence": None, "state": "", "similar": None}
        for one in checks.members(household)
        if one.id not in told
    ]


def _step(one: Any, region_code: str) -> dict[str, Any]:
    return {
        "one": one,
        "when": words.moment(one.at, region_code),
        "what": words.act_words(one.act),
        "about": one.person_check.name if one.person_check else "",
    }


@officer("visit.record")
@require_POST
def visit(request: Request, household_id: UUID) -> HttpResponseBase:
    """Write a visit down."""
    household = _household(request, household_id)
    form = forms.VisitForm(request.POST)
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: actions.record_visit(
            by=request.by,
            at=now,
            household_id=household.id,
            visited_at=form.visited_at(now, desk_queries.zone_of(household.region_code)),
            found=form.found(),
            visit_id=form.cleaned_data["visit_id"],
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_outreach_door", household_id=household.id)
    return _show(request, household, visit=form)


@officer("visit.withdraw")
@require_POST
def take_back(request: Request, visit_id: UUID) -> HttpResponseBase:
    """Take a visit back."""

    def act() -> None:
        actions.withdraw_visit(by=request.by, at=timezone.now(), visit_id=visit_id)
        messages.success(request, _("Taken back."))

    return trying.attempt(
        request, act, reverse("desk_outreach_door", args=[reading.known_key(request.POST.get("rumah", ""))])
    )


@officer("verification.take", "verification.approve")
@require_POST
def verify(request: Request, household_id: UUID, step: str) -> HttpResponseBase:
    """A step of the verification: take, keep, submit, approve, send back."""
    household = _household(request, household_id)
    check = _check(request, household)
    if check is None or step not in STEPS:
        raise Http404
    if step == "kembalikan":
        return _send_back(request, household, check)
    said: dict[str, Any] = {"by": request.by, "at": timezone.now(), "verification_id": check.id}

    def act() -> None:
        if step == "ambil":
            actions.take_verification(**said)
        elif step == "setujui":
            actions.approve_verification(**said)
        elif step == "simpan":
            actions.update_verification(**said, presence=_presence(request), persons=_said(request))
        else:
            actions.submit_verification(**said, presence=_presence(request) or 0, persons=_said(request))
        messages.success(request, _("Kept."))

    return trying.attempt(request, act, f"{reverse('desk_outreach_door', args=[household.id])}#verifikasi")


def _send_back(request: Request, household: Any, check: Any) -> HttpResponseBase:
    form = forms.NoteForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.return_verification(
            by=request.by, at=timezone.now(), verification_id=check.id, note=form.cleaned_data["note"]
        ),
    ):
        messages.success(request, _("Sent back."))
        return redirect("desk_outreach_check")
    return _show(request, household, note=form)


def _presence(request: Request) -> int | None:
    return _code(request.POST.get("presence", ""))


def _said(request: Request) -> list[actions.PersonSaid]:
    """What the form says about each person; a name that was typed at the door is a person without a row yet."""
    found = []
    for name in request.POST:
        kind, _dash, row = name.partition("-")
        code = _code(request.POST.get(name, "")) if kind in ("p", "h") else None
        if code is not None:
            person = reading.known_key(row) if kind == "p" else None
            check = reading.known_key(row) if kind == "h" else None
            found.append(actions.PersonSaid(code, person_id=person, check_id=check))
    new = request.POST.get("nama_baru", "").strip()
    if new:
        found.append(
            actions.PersonSaid(
                _code(request.POST.get("ada_baru", "")), name=new, nik=request.POST.get("nik_baru", "")
            )
        )
    return found


def _code(typed: str) -> int | None:
    return int(typed) if typed in {str(code) for code in rules.PRESENCES} else None
