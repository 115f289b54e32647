"""Readers counted by the day, and activities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.lib.ids import uuid7
from simpul.village_post.access import reading as access
from simpul.village_post.actions import reading_days as actions
from simpul.village_post.queries import reading as queries
from simpul.village_post.queries import reading_stock
from simpul.village_post.rules import reading as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.reading import forms, shared
from simpul.web.policy import Request, officer


@officer("readers.count")
def days(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Today's readers, the month in figures, activities to come and those that were."""
    corner = trying.found(access.corner_for, request, corner_id)
    now = timezone.now()
    today = queries.today(corner, now)
    form = forms.ActivityForm(
        request.POST if request.method == "POST" else None, initial={"day": today}, zone=queries.zone(corner)
    )
    if form.is_valid() and trying.run(form, lambda: _record(request, corner, form)):
        messages.success(request, _("Written down."))
        return redirect("desk_reading_days", corner_id=corner.id)
    counted = queries.counted(corner, today)
    coming, been = queries.activities(corner, now)
    month = reading_stock.figures(corner.region_code, today.replace(day=1), today)
    context = {
        "groups": [
            {
                "code": code,
                "label": _(label),
                "number": counted.get(code, 0),
                "once": uuid7(),
                "less": uuid7(),
            }
            for code, label in rules.GROUPS.items()
        ],
        "today": words.day(today),
        "month": month,
        "month_visits": sum(month.visits.values()),
        "coming": [activity_row(one, corner) for one in coming],
        "been": [activity_row(one, corner) for one in been],
        "form": form,
    }
    status = 422 if form.errors else 200
    return shared.page(request, corner, "desk/reading/days.html", "desk_reading_days", context, status)


def activity_row(one: Any, corner: Any) -> dict[str, Any]:
    """An activity in words."""
    return {
        "one": one,
        "kind": _(rules.ACTIVITIES[one.kind]),
        "ages": _(rules.AGES[one.ages]),
        "when": words.moment(one.starts_at, corner.region_code),
    }


def _record(request: Request, corner: Any, form: Any) -> None:
    actions.record_readingactivity(
        by=request.by,
        at=timezone.now(),
        corner_id=corner.id,
        starts_at=form.starts_at(),
        given=form.given(),
        activity_id=form.cleaned_data["once"],
    )


@officer("readers.count")
@require_POST
def count(request: Request, corner_id: UUID) -> HttpResponseBase:
    """One more reader of a group, or one less."""
    corner = trying.found(access.corner_for, request, corner_id)
    now = timezone.now()
    return trying.attempt(
        request,
        lambda: actions.count_readers(
            by=request.by,
            at=now,
            corner_id=corner.id,
            day=queries.today(corner, now),
            group=request.POST.get("kelompok", ""),
            number=-1 if request.POST.get("langkah") == "-1" else 1,
            count_id=reading.key(request.POST.get("sekali", "")),
        ),
        f"{reverse('desk_reading_days', args=[corner.id])}#hitung",
    )


@officer("readingactivity.change")
def activity(request: Request, corner_id: UUID, readingactivity_id: UUID) -> HttpResponseBase:
    """Change an activity, write down how many came, or take it back."""
    corner = trying.found(access.corner_for, request, corner_id)
    one = queries.activity(corner, readingactivity_id)
    if one is None:
        raise Http404
    back = reverse("desk_reading_days", args=[corner.id])
    by: dict[str, Any] = {"by": request.by, "at": timezone.now(), "corner_id": corner.id}
    if request.POST.get("coret") == "ya":
        act = lambda: actions.strike_cornerentry(**by, kind="activity", entry_id=one.id)  # noqa: E731
        return trying.attempt(request, act, back)
    here = one.starts_at.astimezone(queries.zone(corner))
    names = ("name", "kind", "leader", "ages", "count", "words")
    first = {
        **{name: getattr(one, name) for name in names},
        "day": here.date(),
        "clock": here.strftime("%H.%M"),
    }
    form = forms.ActivityForm(
        request.POST if request.method == "POST" else None, initial=first, zone=queries.zone(corner)
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_readingactivity(
            **by, activity_id=one.id, starts_at=form.starts_at(), given=form.given()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect(back)
    return shared.form_page(request, form, _("Change the activity"), back, _("Save"), strike=True)
