"""``/meja/pendampingan/``: who waits for what, who looks next, and when it was really received."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases.queries import callers
from simpul.desks import queries as desk_queries
from simpul.outreach import access, actions
from simpul.outreach.queries import accompanying
from simpul.outreach.rules import accompanying as rules
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.trips import shared, stop_forms
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

STEPS = ("lihat", "akhiri")


@officer("accompaniment.record")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Who waits, those overdue first; those who have received."""
    given = request.GET
    state = given.get("keadaan", "open")
    state = state if state in (*rules.STATES, "") else "open"
    what = given.get("apa", "") if given.get("apa", "") in rules.WHATS else ""
    page = reading.page_number(given.get("page", ""))
    today = shared.today(request)
    rows, more = accompanying.listed(request.by, state, what, page=page)
    kept = {"keadaan": state, "apa": what}
    context = {
        "rows": [_row(one, today) for one in rows],
        "counts": accompanying.counts(request.by, today),
        "states": choices.pairs(rules.STATES),
        "whats": choices.pairs(rules.WHATS),
        "state": state,
        "what": what,
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/trips/accompaniments.html", "desk_accompaniments", context)


def _row(one: Any, today: Any) -> dict[str, Any]:
    return {
        "one": one,
        "name": _name(one),
        "what": _(rules.WHATS.get(one.what, one.what)),
        "state": _(rules.STATES[one.state]),
        "tone": {"open": "warn", "received": "good"}.get(one.state, ""),
        "overdue": rules.is_overdue(one.state, one.next_date, today),
        "next": words.day(one.next_date) if one.next_date else _("no date"),
        "received": words.day(one.received_date),
        "since": words.short_day(one.opened_at, one.region_code),
        "url": reverse("desk_accompaniment", args=[one.id]),
    }


def _name(one: Any) -> str:
    if one.person is not None and one.person.restricted_at is None:
        return str(one.person.full_name)
    return residents.name_of(one.household) if one.household is not None else _("name hidden")


@officer("accompaniment.open")
def new(request: Request) -> HttpResponseBase:
    """Begin to accompany a household."""
    key = reading.known_key((request.POST if request.method == "POST" else request.GET).get("rumah", ""))
    home = trying.found(people_access.household_for, request, key)
    form = stop_forms.AccompanyForm(request.POST if request.method == "POST" else None)
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        case = callers.matter_by_number(request.by, given["number"]) if given["number"] else None
        if given["number"] and case is None:
            raise stop_forms.MatterUnknown
        made.append(
            actions.open_accompaniment(
                by=request.by,
                at=timezone.now(),
                what=given["what"],
                household_id=home.id,
                words=given["words"],
                case_id=case.id if case else None,
                next_date=given["next_date"],
                accompaniment_id=given["row_id"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        messages.success(request, _("Written down. Somebody stays with them until it is received."))
        return redirect("desk_accompaniment", accompaniment_id=made[0].id)
    context = {"form": form, "household": home, "household_name": residents.name_of(home)}
    status = 422 if form.errors else 200
    return shared.show(request, "desk/trips/accompany_new.html", "desk_accompaniments", context, status)


@officer("accompaniment.record")
@require_GET
def one(request: Request, accompaniment_id: UUID) -> HttpResponseBase:
    """One accompaniment with every look."""
    return _show(request, _found(request, accompaniment_id), {})


def _found(request: Request, accompaniment_id: UUID) -> Any:
    return trying.found(access.accompaniment_for, request, accompaniment_id)


def _show(request: Request, found: Any, filled: dict[str, Any]) -> HttpResponseBase:
    context = {
        **_row(found, shared.today(request)),
        "accompaniment": found,
        "visits": [
            {
                "one": visit,
                "when": words.moment(visit.seen_at, found.region_code),
                "how": _(rules.HOWS.get(visit.how, visit.how)),
                "outcome": _(rules.OUTCOMES.get(visit.outcome, visit.outcome)),
                "flags": shared.flag_words(visit.flags),
            }
            for visit in accompanying.visits(found)
        ],
        "look_form": filled.get("lihat") or stop_forms.LookForm(),
        "end_form": filled.get("akhiri") or stop_forms.EndForm(),
        "open_step": next(iter(filled), ""),
        "may_end": found.state == "open" and roles.may_somewhere(request.by, "accompaniment.end"),
        "ended": words.moment(found.ended_at, found.region_code),
        "case_url": reverse("desk_case", args=[found.case_id])
        if found.case_id and accompanying.may_see_case(request.by, found)
        else "",
    }
    wrong = any(form.errors for form in filled.values())
    return shared.show(
        request, "desk/trips/accompaniment.html", "desk_accompaniments", context, 422 if wrong else 200
    )


@officer("accompaniment.record")
@require_POST
def tell(request: Request, accompaniment_id: UUID, step: str) -> HttpResponseBase:
    """Look how far it has come, or end it."""
    found = _found(request, accompaniment_id)
    if step not in STEPS:
        raise Http404
    form = stop_forms.LookForm(request.POST) if step == "lihat" else stop_forms.EndForm(request.POST)
    if form.is_valid() and trying.run(form, lambda: _tell(request, found, step, form)):
        messages.success(request, _("Written down."))
        return redirect("desk_accompaniment", accompaniment_id=found.id)
    return _show(request, found, {step: form})


def _tell(request: Request, found: Any, step: str, form: Any) -> None:
    given = form.cleaned_data
    now = timezone.now()
    said: dict[str, Any] = {"by": request.by, "at": now, "accompaniment_id": found.id}
    if step == "lihat":
        actions.record_accompaniment(
            **said,
            seen_at=form.moment(now, desk_queries.zone_of(found.region_code)),
            how=given["how"],
            outcome=given["outcome"],
            words=given["words"],
            next_date=given["next_date"],
            visit_id=given["row_id"],
        )
        return
    actions.end_accompaniment(
        **said,
        state=given["state"],
        evidence=given["evidence"],
        received_date=given["received_date"] if given["state"] == "received" else None,
        today=shared.today(request),
    )
