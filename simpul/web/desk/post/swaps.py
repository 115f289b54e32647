"""One's own duties: when, with whom, and asking a colleague to take one over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.village_post.access import duty as access
from simpul.village_post.actions import offers as actions
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import duty as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.post import forms, shared
from simpul.web.policy import Request, officer

HERE = "desk_post_mine"


@officer("duty.begin")
@require_GET
def mine(request: Request) -> HttpResponseBase:
    """The coming duties of this seat, and what colleagues ask."""
    at = timezone.now()
    context = {
        "rows": [_duty(one) for one in queries.my_duties(request.by, at)],
        "asked": [_offer(one) for one in queries.asked_of_me(request.by, at)],
        "answered": [_offer(one) for one in queries.answered_offers(request.by)],
    }
    return shared.show(request, shared.chosen(request), "desk/post/mine.html", HERE, context)


def _when(shift: Any) -> str:
    return f"{_(rules.WEEKDAYS[shift.day.isoweekday()])}, {words.day(shift.day)}, {shared.hours(shift)}"


def _duty(one: Any) -> dict[str, Any]:
    return {
        "duty": one,
        "when": _when(one.shift),
        "part": _(rules.PARTS[one.part]),
        "holiday": one.shift.holiday,
        "post": one.shift.post.desk.name,
        "asked": next(iter(one.asked), None),
        "url": reverse("desk_post_offer", args=[one.id]),
    }


def _offer(one: Any) -> dict[str, Any]:
    return {
        "offer": one,
        "from": one.duty.name,
        "to": one.to_seat.user.full_name,
        "when": _when(one.duty.shift),
        "in_return": _when(one.in_return.shift) if one.in_return else "",
        "state": _(rules.OFFERS[one.state]),
    }


@officer("duty.offer")
def offer(request: Request, duty_id: UUID) -> HttpResponseBase:
    """Ask a colleague to take this duty over. First whom, then for which duty in return."""
    at = timezone.now()
    duty = trying.found(access.duty_for, request, duty_id)
    post = duty.shift.post
    seats = [one for one in queries.colleagues(request.by, post, at) if one.id != request.by.seat_id]
    returns = [
        (str(one.id), f"{one.name}: {_when(one.shift)}")
        for seat in seats[:12]
        for one in queries.duties_of(request.by, seat.id, at)[:6]
        if one.shift_id != duty.shift_id
    ]
    form = forms.OfferForm(request.POST if request.method == "POST" else None, seats=seats, returns=returns)
    if form.is_valid() and trying.run(form, lambda: _ask(request, duty_id, form)):
        messages.success(request, _("Asked. The duty stays yours until your colleague agrees."))
        return redirect(HERE)
    title = _("Ask a colleague to take over")
    context = {"form": form, "title": title, "about": _when(duty.shift), "word": _("Put the question")}
    return shared.show(request, post, "desk/post/form.html", HERE, context, 422 if form.errors else 200)


def _ask(request: Request, duty_id: UUID, form: forms.OfferForm) -> None:
    given = form.cleaned_data
    actions.offer_duty(
        by=request.by,
        at=timezone.now(),
        duty_id=duty_id,
        to_seat_id=reading.known_key(given["to_seat"]),
        in_return_id=reading.key(given["in_return"]),
        why=given["why"],
    )


@officer("duty.take")
@require_POST
def answer(request: Request, offer_id: UUID, step: str) -> HttpResponseBase:
    """Take a colleague's duty over, decline, or withdraw one's own question."""
    steps = {
        "ambil": (actions.take_duty, _("The duty is yours now. It stands among your duties.")),
        "tolak": (actions.decline_duty, _("Declined. The duty stays with your colleague.")),
        "tarik": (actions.withdraw_offer, _("The question is withdrawn.")),
    }
    if step not in steps:
        raise Http404
    act, said = steps[step]

    def run() -> None:
        act(by=request.by, at=timezone.now(), offer_id=offer_id)  # type: ignore[operator]
        messages.success(request, said)

    return trying.attempt(request, run, reverse(HERE))
