"""The list of meetings, a new plan, a changed one, the start, and calling one off."""

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
from simpul.desks import queries as desk_queries
from simpul.meetings import actions, queries, rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.meetings import forms, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("keadaan", "jenis", "wilayah", "kata")


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The meetings of the area, narrowed by what the address says."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    filters = queries.Filters(
        state=given.get("keadaan", "")[:10],
        kind=given.get("jenis", "")[:24],
        region=narrowed.code,
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    page = queries.listed(request.by, filters)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    paths = region_queries.paths({one.region_code for one in page.rows})
    context = {
        "rows": [_row(one, paths) for one in page.rows],
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "area": narrowed,
        "states": choices.pairs(rules.STATES),
        "kinds": [(code, shared.kind_name(code)) for code in queries.all_kinds()],
        "may_plan": roles.may_somewhere(request.by, "meeting.plan"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return frame.show(request, "desk/meetings/list.html", context, here=shared.HERE)


def _row(meeting: Any, paths: dict[str, str]) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "url": reverse("desk_meeting", args=[meeting.id]),
        "kind": shared.kind_name(meeting.kind),
        "state": _(rules.STATES[meeting.state]),
        "tone": shared.TONES[meeting.state],
        "place": paths.get(meeting.region_code, meeting.region_code).split(",", maxsplit=1)[0],
        "when": words.moment(meeting.held_at or meeting.planned_at, meeting.region_code),
        "names": forms.how_many(meeting.names),
    }


@officer("meeting.plan")
def new(request: Request) -> HttpResponseBase:
    """Plan a meeting."""
    own = request.by.served_areas[0]
    first: dict[str, Any] = {}
    if len(own) == 10:
        first = {"place_code": region_queries.path_names(own)}
    post = request.POST if request.method == "POST" else None
    form = forms.PlanForm(post, initial=first, by=request.by, village=own)
    if form.is_valid():
        made: list[Any] = []

        def act() -> None:
            made.append(
                actions.plan_meeting(
                    by=request.by,
                    at=timezone.now(),
                    kind=form.cleaned_data["kind"],
                    region_code=form.cleaned_data["place_code"],
                    planned_at=form.planned_at(),
                    plan=form.plan(),
                    meeting_id=form.cleaned_data["meeting_id"],
                )
            )

        if trying.run(form, act):
            messages.success(request, _("Planned. Now bring the names in."))
            return redirect("desk_meeting", meeting_id=made[0].id)
    context = {"form": form, "meeting": None}
    return frame.show(
        request, "desk/meetings/plan.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


@officer("meeting.change")
def change(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Change the plan of an open meeting."""
    meeting = shared.meeting_or_404(request, meeting_id)
    here = meeting.planned_at.astimezone(desk_queries.zone_of(meeting.region_code))
    first = {
        "title": meeting.title,
        "hamlet": str(meeting.hamlet_id or ""),
        "day": here.date(),
        "clock": here.time().replace(second=0, microsecond=0),
        "place": meeting.place,
        "purpose": meeting.purpose,
        "programme": meeting.programme,
        "chair": meeting.chair,
        "minute_taker": meeting.minute_taker,
        "quorum_people": meeting.quorum_people,
        "own_groups": True,
        "quorum_groups": meeting.quorum_groups,
        "objection_days": meeting.objection_days,
    }
    post = request.POST if request.method == "POST" else None
    form = forms.PlanForm(post, initial=first, by=request.by, village=meeting.region_code, old=True)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_meeting(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            planned_at=form.planned_at(),
            plan=form.plan(),
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_meeting", meeting_id=meeting.id)
    context = {"form": form, "meeting": meeting}
    return frame.show(
        request, "desk/meetings/plan.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


@officer("meeting.hold")
def hold(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Start the meeting."""
    meeting = shared.meeting_or_404(request, meeting_id)
    first = {"chair": meeting.chair, "minute_taker": meeting.minute_taker or request.by.name}
    form = forms.HoldForm(request.POST if request.method == "POST" else None, initial=first)
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: actions.hold_meeting(
            by=request.by,
            at=now,
            meeting_id=meeting.id,
            held_at=form.held_at(now, desk_queries.zone_of(meeting.region_code)),
            chair=form.cleaned_data["chair"],
            minute_taker=form.cleaned_data["minute_taker"],
        ),
    ):
        messages.success(request, _("The meeting has begun. Count who is here."))
        return redirect("desk_meeting_attendance", meeting_id=meeting.id)
    return _small(request, meeting, form, "desk/meetings/hold.html")


@officer("meeting.withdraw")
def call_off(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Call a planned meeting off."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.withdraw_meeting(
            by=request.by, at=timezone.now(), meeting_id=meeting.id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Called off."))
        return redirect("desk_meetings")
    return _small(request, meeting, form, "desk/meetings/call_off.html")


def _small(request: Request, meeting: Any, form: Any, template: str) -> HttpResponseBase:
    context = {"meeting": meeting, "form": form}
    return frame.show(request, template, context, status=422 if form.errors else 200, here=shared.HERE)
