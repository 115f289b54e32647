"""The roster of a month, made from patterns for weeks ahead; one shift with its people; patterns; the print."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.lib import when
from simpul.village_post.access import duty as access
from simpul.village_post.actions import duty as actions
from simpul.village_post.actions import posts as post_actions
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import duty as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.post import forms, shared
from simpul.web.policy import Request, officer

HERE = "desk_post_roster"


@officer(*shared.READING)
@require_GET
def month(request: Request) -> HttpResponseBase:
    """All shifts of a month with who stands for them; ``cetak=1`` is the sheet for the wall."""
    post = shared.post_or_404(request)
    first = _month(request.GET.get("bulan", ""), queries.local_day(post, timezone.now()))
    found = [shared.standing(one) for one in queries.month(request.by, post, first)]
    turns: dict[str, int] = {}
    for one in found:
        for person in one["officers"]:
            if not one["cancelled"]:
                turns[person["name"]] = turns.get(person["name"], 0) + 1
    today = queries.local_day(post, timezone.now())
    context = {
        "rows": found,
        "month": when.format_month(first, words.language()),
        "this": f"{first:%Y-%m}",
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{first + timedelta(days=32):%Y-%m}",
        "turns": sorted(turns.items(), key=lambda pair: (-pair[1], pair[0])),
        "gaps": sum(1 for one in found if one["missing"] and one["shift"].day >= today),
        "today": today,
        "patterns": [_pattern(one) for one in queries.patterns(request.by, post)],
        "may_plan": shared.may(request, "shifts.make", post),
        "roster_form": forms.RosterForm(today=today),
    }
    template = "desk/post/roster_print.html" if request.GET.get("cetak") else "desk/post/roster.html"
    return shared.show(request, post, template, HERE, context)


def _month(text: str, today: date) -> date:
    """The first day of the month in the address, else of this month."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def _pattern(one: Any) -> dict[str, Any]:
    return {
        "pattern": one,
        "days": ", ".join(_(rules.WEEKDAYS[day]) for day in one.days if day in rules.WEEKDAYS),
        "hours": f"{one.starts:%H.%M}–{one.ends:%H.%M}",
        "people": len(one.seats),
    }


@officer("shifts.make")
@require_POST
def make(request: Request) -> HttpResponseBase:
    """Make the roster of some weeks."""
    post = shared.post_or_404(request)
    form = forms.RosterForm(request.POST, today=queries.local_day(post, timezone.now()))
    if not form.is_valid():
        for wrong in form.errors.values():
            messages.error(request, str(wrong[0]))
        return redirect(HERE)

    def act() -> None:
        made = actions.make_shifts(
            by=request.by,
            at=timezone.now(),
            post_id=post.id,
            from_date=form.cleaned_data["first"],
            until_date=form.cleaned_data["until"],
        )
        if made:
            said = ngettext("%(n)s shift was made.", "%(n)s shifts were made.", len(made))
            messages.success(request, said % {"n": len(made)})
        else:
            messages.info(request, _("All shifts of these days were there already."))

    return trying.attempt(request, act, f"{reverse(HERE)}?bulan={form.cleaned_data['first']:%Y-%m}")


@officer("pattern.make")
def pattern(request: Request) -> HttpResponseBase:
    """A new pattern of turns."""
    post = shared.post_or_404(request)
    at = timezone.now()
    seats = queries.colleagues(request.by, post, at)
    form = forms.PatternForm(request.POST if request.method == "POST" else None, seats=seats)
    if form.is_valid() and trying.run(
        form,
        lambda: post_actions.make_pattern(by=request.by, at=at, post_id=post.id, given=form.pattern()),
    ):
        messages.success(request, _("The pattern is there. Now make the roster."))
        return redirect(HERE)
    context = {"form": form, "title": _("New pattern of turns"), "word": _("Save the pattern")}
    return shared.show(request, post, "desk/post/form.html", HERE, context, 422 if form.errors else 200)


@officer("pattern.end")
@require_POST
def end_pattern(request: Request, pattern_id: UUID) -> HttpResponseBase:
    """Use a pattern no more."""

    def act() -> None:
        post_actions.end_pattern(by=request.by, at=timezone.now(), pattern_id=pattern_id)
        messages.success(request, _("The pattern is used no more. Shifts that were made stay."))

    return trying.attempt(request, act, reverse(HERE))


@officer("shift.plan")
def plan(request: Request) -> HttpResponseBase:
    """One shift out of the pattern."""
    post = shared.post_or_404(request)
    form = forms.ShiftForm(request.POST if request.method == "POST" else None)
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        made.append(
            actions.plan_shift(
                by=request.by,
                at=timezone.now(),
                post_id=post.id,
                day=given["day"],
                starts=given["starts"],
                ends=given["ends"],
                note=given["note"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        return redirect("desk_post_shift", shift_id=made[0].id)
    context = {"form": form, "title": _("One more shift"), "word": _("Plan the shift")}
    return shared.show(request, post, "desk/post/form.html", HERE, context, 422 if form.errors else 200)


@officer(*shared.READING)
def shift(request: Request, shift_id: UUID) -> HttpResponseBase:
    """One shift: who stands for it, who came, and what can be changed."""
    found = trying.found(queries.standing, request, shift_id)
    at = timezone.now()
    one, post = found.shift, found.shift.post
    seats = queries.colleagues(request.by, post, at)
    form = forms.AssignForm(request.POST if request.method == "POST" else None, seats=seats)
    if request.method == "POST" and form.is_valid() and trying.run(form, lambda: _assign(request, one, form)):
        messages.success(request, _("On the shift."))
        return redirect("desk_post_shift", shift_id=shift_id)
    context = {
        "row": shared.standing(found),
        "form": form,
        "why_form": forms.WhyForm(),
        "over": one.ends_at <= at,
        "may_plan": shared.may(request, "duty.assign", post),
    }
    return shared.show(request, post, "desk/post/shift.html", HERE, context, 422 if form.errors else 200)


def _assign(request: Request, shift_: Any, form: forms.AssignForm) -> None:
    actions.assign_duty(
        by=request.by,
        at=timezone.now(),
        shift_id=shift_.id,
        seat_id=reading.known_key(form.cleaned_data["seat"]),
        part=form.cleaned_data["part"],
    )


@officer("duty.release")
@require_POST
def release(request: Request, duty_id: UUID) -> HttpResponseBase:
    """Take an officer off a shift."""
    duty = trying.found(access.duty_for, request, duty_id)
    return trying.attempt(
        request,
        lambda: actions.release_duty(by=request.by, at=timezone.now(), duty_id=duty_id),
        reverse("desk_post_shift", args=[duty.shift_id]),
    )


@officer("shift.cancel")
@require_POST
def cancel(request: Request, shift_id: UUID) -> HttpResponseBase:
    """The post stays closed on this shift."""
    why = request.POST.get("why", "")[:200]
    return trying.attempt(
        request,
        lambda: actions.cancel_shift(by=request.by, at=timezone.now(), shift_id=shift_id, why=why),
        reverse("desk_post_shift", args=[shift_id]),
    )


@officer("shift.restore")
@require_POST
def restore(request: Request, shift_id: UUID) -> HttpResponseBase:
    """The post is open on this shift after all."""
    return trying.attempt(
        request,
        lambda: actions.restore_shift(by=request.by, at=timezone.now(), shift_id=shift_id),
        reverse("desk_post_shift", args=[shift_id]),
    )
