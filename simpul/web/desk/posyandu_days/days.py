"""The days of a posyandu, and one day at a glance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from simpul.posyandu.actions import days as actions
from simpul.posyandu.queries import days as queries
from simpul.posyandu.queries import institution
from simpul.web import forms, reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.posyandu_days import shared
from simpul.web.desk.posyandu_people import shared as people
from simpul.web.policy import Request, officer


class OpenForm(forms.Form):
    """The day that is opened: today, or one that was held without a telephone."""

    day = forms.DateField(label=_("Which day?"))


@officer("day.open")
@require_GET
def today(request: Request) -> HttpResponseBase:
    """The days of one's own posyandu; a choice when there are several."""
    own = institution.own_posyandu(request.by)
    if len(own) == 1:
        return redirect("desk_posyandu_days", posyandu_id=own[0].id)
    rows = [{"name": one.name, "url": reverse("desk_posyandu_days", args=[one.id])} for one in own]
    return frame.show(request, "desk/posyandu_days/which.html", {"rows": rows}, here="desk_posyandu_today")


@officer(*people.READING)
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The days, newest first; opening one."""
    posyandu = people.posyandu_of(request, posyandu_id)
    today = institution.today_at(posyandu, timezone.now())
    form = OpenForm(request.POST if request.method == "POST" else None, initial={"day": today})
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.open_day(
                by=request.by, at=timezone.now(), posyandu_id=posyandu.id, day=form.cleaned_data["day"]
            )
        ),
    ):
        return redirect("desk_posyandu_day", day_id=made[0].id)
    page = reading.page_number(request.GET.get("page", ""))
    found, more = queries.listed(request.by, posyandu, page)
    context = {
        "form": form,
        "today": today,
        "today_words": words.day(today),
        "today_day": next((day for day, _came in found if day.day == today), None),
        "rows": [
            {
                "day": day,
                "date": words.day(day.day),
                "url": reverse("desk_posyandu_day", args=[day.id]),
                "came": came,
                "missed": day.check_list.get("missed"),
            }
            for day, came in found
        ],
        "may_open": people.may(request, "day.open"),
        "older_url": f"?page={page + 1}" if more else "",
        "newer_url": f"?page={page - 1}" if page > 1 else "",
    }
    status = 422 if form.errors else 200
    return shared.show(
        request, "desk/posyandu_days/list.html", posyandu, context, here=shared.HERE, status=status
    )


@officer(*people.READING)
@require_GET
def day(request: Request, day_id: UUID) -> HttpResponseBase:
    """One day: who waits where, everybody who came, what is left to be settled."""
    one = shared.day_of(request, day_id)
    found = queries.queue(request.by, one)
    rivals = queries.open_rivals(queries.lines(one))
    context = {
        "day": one,
        "date": shared.title(one),
        "steps": shared.steps(one, found),
        "rows": [shared.number(row, one.day) for row in found],
        "missing": len(queries.missing(request.by, one)),
        "rivals": [people.entry(row) | {"name": row.person.full_name} for row in rivals],
        "may_close": people.may(request, "day.close"),
    }
    return shared.show(request, "desk/posyandu_days/day.html", one.posyandu, context, here=shared.HERE)
