"""The register of disputes: the list with what is due, taking a matter in after the questions of safety, the register on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.cases import access as case_access
from simpul.desks import queries as desk_queries
from simpul.lib import money
from simpul.mediation.actions import opening
from simpul.mediation.queries import lists
from simpul.mediation.rules import words
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, frame, trying
from simpul.web.desk import words as desk_words
from simpul.web.desk.mediation import forms, runs, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("keadaan", "pokok", "wilayah", "kata")


@officer(*shared.LISTING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The disputes of the area; sessions and obligations that come next."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    filters = lists.Filters(
        state=given.get("keadaan", "")[:10],
        subject=given.get("pokok", "")[:16],
        region=narrowed.code,
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    page = lists.listed(request.by, filters)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    now = timezone.now()
    today = now.astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()
    first = filters.page == 1 and not kept
    context = {
        "rows": [_row(one) for one in page.rows],
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "area": narrowed,
        "states": [("running", _("Something to do")), *choices.pairs(_shown_states())],
        "subjects": choices.pairs(words.SUBJECTS),
        "waiting": [_matter(one) for one in lists.waiting_matters(request.by)] if first else [],
        "sessions": [_session(one) for one in lists.next_sessions(request.by)] if first else [],
        "due": [_due(one, today) for one in lists.due_obligations(request.by, today)] if first else [],
        "may_open": roles.may_somewhere(request.by, "dispute.open"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
        "year": today.year,
    }
    return frame.show(request, "desk/mediation/list.html", context, here=shared.HERE)


def _shown_states() -> dict[str, str]:
    return {code: label for code, label in words.STATES.items() if code != "protected"}


def _row(row: Any) -> dict[str, Any]:
    one = row.dispute
    return {
        "one": one,
        "readable": row.readable,
        "url": reverse("desk_dispute", args=[one.id]) if row.readable else "",
        "parties": " · ".join(row.parties),
        "subject": _(words.SUBJECTS[one.subject]) if row.readable else "",
        "state": _(words.STATES[one.state]),
        "tone": shared.TONES[one.state],
        "next": desk_words.day(one.next_date),
        "opened": desk_words.day(one.opened_date),
    }


def _matter(case: Any) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "url": reverse("desk_dispute_open", args=[case.id]),
        "when": desk_words.short_day(case.received_at, case.region_code),
    }


def _session(one: Any) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("desk_dispute_sessions", args=[one.dispute_id]),
        "when": desk_words.moment(one.planned_at, one.dispute.region_code),
    }


def _due(one: Any, today: Any) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("desk_dispute_followed", args=[one.agreement.dispute_id]),
        "number": one.agreement.dispute.number,
        "day": desk_words.day(one.due_date),
        "late": one.due_date < today,
        "amount": money.rupiah(one.amount) if one.amount else "",
    }


@officer("dispute.open")
def take_in(request: Request, case_id: UUID) -> HttpResponseBase:
    """Take a matter into the register: what it is about, and the questions of safety."""
    case = trying.found(case_access.get_for, request, case_id)
    known = lists.dispute_of_case(request.by, case.id)
    if known is not None:
        return redirect("desk_dispute", dispute_id=known.id)
    subject = case.answers.get("subject", "")
    first = {
        "subject": subject if subject in words.SUBJECTS else "other",
        "about": case.title,
        "place": case.place[:150],
    }
    post = request.POST if request.method == "POST" else None
    form = forms.OpenForm(post, initial=first, request=request, dispute=case)
    came: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: came.append(
            opening.open_dispute(
                by=request.by,
                at=timezone.now(),
                case_id=case.id,
                answers=form.answers(),
                given=runs.dispute_given(form),
                dispute_id=form.key(),
            )
        ),
    ):
        if came[0].protected:
            return redirect("desk_dispute_protected")
        messages.success(request, _("In the register. Now write down the parties."))
        return redirect("desk_dispute", dispute_id=came[0].dispute.id)
    context = {"form": form, "case": case, "case_url": reverse("desk_case", args=[case.id])}
    return frame.show(
        request, "desk/mediation/open.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


@officer(*shared.LISTING)
@require_GET
def protected(request: Request) -> HttpResponseBase:
    """What happened when somebody has to be protected, without a word of the matter."""
    return frame.show(request, "desk/mediation/protected.html", {}, here=shared.HERE)


@officer(*shared.LISTING)
@require_GET
def register(request: Request) -> HttpResponseBase:
    """The register of disputes of a year, for the printer."""
    typed = request.GET.get("tahun", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else timezone.now().year
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    region = narrowed.code or request.by.served_areas[0]
    rows = lists.register(request.by, region, year)
    context = {
        "year": year,
        "years": range(timezone.now().year, timezone.now().year - 5, -1),
        "where": region_queries.path_names(region) if region else "",
        "rows": [
            {
                **_row(row),
                "ended": desk_words.short_day(row.dispute.ended_at, row.dispute.region_code),
                "about": row.dispute.about if row.readable else "",
            }
            for row in rows
        ],
    }
    return frame.show(request, "desk/mediation/register.html", context, here=shared.HERE)
