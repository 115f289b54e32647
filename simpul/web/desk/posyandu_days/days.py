"""The days of a posyandu, and one day at a glance."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from simpul.posyandu.actions import days as actions
from simpul.posyandu.queries import days as queries
from simpul.posyandu.queries import institution
from simpul.web import forms, reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.posyandu import shared as home
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
    off: list[date] = []
    if form.is_valid() and trying.run(form, lambda: _open(request, posyandu, form, made, off)) and made:
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
        "asked_day": off[0] if off else None,
        "asked_words": words.day(off[0]) if off else "",
        "schedule": home.schedule(posyandu) if off else "",
        "older_url": f"?page={page + 1}" if more else "",
        "newer_url": f"?page={page - 1}" if page > 1 else "",
    }
    status = 422 if form.errors or off else 200
    return shared.show(
        request, "desk/posyandu_days/list.html", posyandu, context, here=shared.HERE, status=status
    )


def _open(request: Request, posyandu: Any, form: Any, made: list[Any], off: list[date]) -> None:
    """Open the day, or ask back when it is not on the schedule; of one that is there already it is said."""
    day = form.cleaned_data["day"]
    known = queries.day_on(request.by, posyandu, day)
    try:
        made.append(
            actions.open_day(
                by=request.by,
                at=timezone.now(),
                posyandu_id=posyandu.id,
                day=day,
                sure=["unscheduled"] if request.POST.get("unscheduled") else [],
            )
        )
    except actions.DayNotScheduled:
        off.append(day)
    if known is not None:
        said = gettext("This day is closed.") if known.closed_at else gettext("This day was open already.")
        messages.info(request, said)


@officer("day.remove")
def remove(request: Request, day_id: UUID) -> HttpResponseBase:
    """Take a day back that was opened by mistake, once more asked."""
    one = shared.day_of(request, day_id)
    back = reverse("desk_posyandu_day", args=[one.id])
    if request.method == "POST":
        listed_url = reverse("desk_posyandu_days", args=[one.posyandu_id])

        def act() -> None:
            actions.remove_day(by=request.by, at=timezone.now(), day_id=one.id)
            messages.success(request, gettext("The day is taken back."))

        return trying.attempt(request, act, listed_url)
    context = {"day": one, "date": shared.title(one), "back": back, "removable": queries.is_unused(one)}
    return shared.show(request, "desk/posyandu_days/remove.html", one.posyandu, context, here=shared.HERE)


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
        "missing": queries.missing(request.by, one).count(),
        "rivals": [people.entry(row) | {"name": row.person.full_name} for row in rivals],
        "may_close": people.may(request, "day.close"),
        "may_reopen": one.closed_at is not None and people.may(request, "day.reopen"),
        "may_remove": not found and people.may(request, "day.remove") and queries.is_unused(one),
    }
    return shared.show(request, "desk/posyandu_days/day.html", one.posyandu, context, here=shared.HERE)
