"""What waits for a second person: submitted households, what can be published, samples and what they found."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.outreach import access, actions
from simpul.outreach.queries import checks, doors
from simpul.outreach.rules import sampling as rules
from simpul.outreach.rules import verification as verification_rules
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.outreach import forms, shared
from simpul.web.policy import Request, officer

PUBLISHABLE = ("P0", "P1", "P2")


@officer(*shared.OVERSEEING)
@require_GET
def waiting(request: Request) -> HttpResponseBase:
    """Submitted households nobody approved yet, and how many stand in each state."""
    counts = checks.states(request.by)
    context = {
        "rows": [_row(one) for one in checks.waiting(request.by)],
        "states": [
            {"code": code, "words": _(label), "count": counts[code], "publishable": code in PUBLISHABLE}
            for code, label in verification_rules.HOUSEHOLD_STATES.items()
            if counts[code]
        ],
    }
    return shared.show(request, "desk/outreach/waiting.html", "desk_outreach_check", context)


def _row(one: Any) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("desk_outreach_door", args=[one.household_id]),
        "state": shared.state_words(one.state),
        "tone": shared.tone(one.state),
        "when": words.short_day(one.submitted_at, one.region_code),
        "who": one.seat.user.full_name if one.seat else "",
    }


@officer("verifications.publish")
@require_POST
def publish(request: Request) -> HttpResponseBase:
    """Publish every household of one state one step further."""
    state = request.POST.get("keadaan", "")
    if state not in PUBLISHABLE:
        raise Http404
    ids = list(access.verifications(request.by).filter(state=state).values_list("id", flat=True)[:2000])

    def act() -> None:
        done = actions.publish_verifications(by=request.by, at=timezone.now(), verification_ids=ids)
        text = ngettext("%(n)s household published.", "%(n)s households published.", done)
        messages.success(request, text % {"n": done})

    return trying.attempt(request, act, reverse("desk_outreach_check"))


# --- samples ------------------------------------------------------------------------------------------------------------------


@officer("sample.draw", "sample.review")
def samples(request: Request) -> HttpResponseBase:
    """Draw a sample, and those drawn before."""
    seats = [(str(one.id), one.user.full_name) for one in doors.facilitators(request.by, timezone.now())]
    day = shared.today(request)
    first = {"since": day - timedelta(days=30), "until": day}
    form = forms.SampleForm(request.POST if request.method == "POST" else None, seats=seats, initial=first)
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        made.append(
            actions.draw_sample(
                by=request.by,
                at=timezone.now(),
                region_code=request.by.served_areas[0],
                since=given["since"],
                until=given["until"],
                percent=given["percent"],
                seed=secrets.randbelow(2**31),
                seat_id=UUID(given["seat"]) if given["seat"] else None,
                sample_id=given["sample_id"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        return redirect("desk_outreach_sample", sample_id=made[0].id)
    context = {
        "form": form,
        "rows": [_sample(one) for one in checks.samples(request.by)],
        "agreement": checks.agreement(request.by),
    }
    return shared.show(
        request, "desk/outreach/samples.html", "desk_outreach_samples", context, 422 if form.errors else 200
    )


def _sample(one: Any) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("desk_outreach_sample", args=[one.id]),
        "when": words.short_day(one.drawn_at, one.region_code),
        "since": words.day(one.since_date),
        "until": words.day(one.until_date),
        "who": one.seat.user.full_name if one.seat else _("all of the area"),
        "left": one.drawn - one.looked,
    }


@officer("sample.review")
@require_GET
def sample(request: Request, sample_id: UUID) -> HttpResponseBase:
    """The households of a sample, each with its second look."""
    found = access.samples(request.by).select_related("seat__user").filter(id=sample_id).first()
    if found is None:
        raise Http404
    context = {
        "sample": found,
        "since": words.day(found.since_date),
        "until": words.day(found.until_date),
        "rows": [_looked(one) for one in checks.sample_rows(request.by, sample_id)],
        "results": [(code, _(label)) for code, label in rules.RESULTS.items()],
    }
    return shared.show(request, "desk/outreach/sample.html", "desk_outreach_samples", context)


def _looked(one: Any) -> dict[str, Any]:
    check = one.verification
    return {
        "row": one,
        "url": reverse("desk_outreach_door", args=[check.household_id]),
        "name": residents.name_of(check.household),
        "address": doors.address_of(check.household),
        "hamlet": check.hamlet.name if check.hamlet else "",
        "who": check.seat.user.full_name if check.seat else "",
        "state": shared.state_words(check.state),
        "result": _(rules.RESULTS[one.result]) if one.result in rules.RESULTS else "",
        "tone": {"agree": "good", "differ": "warn", "return": "bad"}.get(one.result, ""),
    }


@officer("sample.review")
@require_POST
def review(request: Request, row_id: UUID) -> HttpResponseBase:
    """Write down what the second look found."""

    def act() -> None:
        actions.review_sample(
            by=request.by,
            at=timezone.now(),
            row_id=row_id,
            result=request.POST.get("hasil", ""),
            words=request.POST.get("kata", ""),
        )
        messages.success(request, _("Written down."))

    back = reverse("desk_outreach_sample", args=[reading.known_key(request.POST.get("sampel", ""))])
    return trying.attempt(request, act, f"{back}#s-{row_id}")
