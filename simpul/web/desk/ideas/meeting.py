"""Ideas in a meeting: the agenda by voices, what the meeting says of each, taking it back, who was there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.actions import ranking as actions
from simpul.community.queries import planning as queries
from simpul.community.rules import planning as rules
from simpul.meetings import rules as meeting_rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.ideas import forms, shared
from simpul.web.policy import Request, officer

TONES = {"on": "good", "deferred": "warn", "rejected": "bad"}


def meeting_or_404(request: Request, meeting_id: UUID) -> Any:
    """The meeting, if this seat may see it."""
    return trying.found(queries.meeting_for, request, meeting_id)


def facts(request: Request, meeting: Any) -> dict[str, Any]:
    """What the agenda and its print show."""
    people, groups = queries.present_by_group(meeting)
    return {
        "meeting": meeting,
        "when": words.moment(meeting.held_at or meeting.planned_at, meeting.region_code),
        "where": shared.place_name(meeting.region_code),
        "people": people,
        "groups": [
            (_(meeting_rules.GROUPS[code]), groups[code]) for code in meeting_rules.GROUPS if groups.get(code)
        ],
        "rows": [
            {
                "idea": one.idea,
                "voices": one.voices,
                "said": one.ranking,
                "outcome": _(rules.OUTCOMES[one.ranking.outcome]) if one.ranking else "",
                "tone": TONES[one.ranking.outcome] if one.ranking else "",
                "state": shared.state_words(one.idea.state),
            }
            for one in queries.agenda(request.by, meeting)
        ],
    }


@officer(*shared.READING)
@require_GET
def agenda(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The ideas this meeting speaks of."""
    meeting = meeting_or_404(request, meeting_id)
    context = {
        **facts(request, meeting),
        "may_rank": shared.may(request, "ranking.record", meeting.region_code)
        and meeting.held_at is not None,
        "begun": meeting.held_at is not None,
    }
    return shared.show(request, "desk/ideas/meeting.html", "desk_plan", context)


@officer("ranking.record")
def rank(request: Request, meeting_id: UUID, idea_id: UUID) -> HttpResponseBase:
    """What the meeting says of one idea."""
    meeting, idea = meeting_or_404(request, meeting_id), shared.idea_or_404(request, idea_id)
    known = [
        one.ranking.place
        for one in queries.agenda(request.by, meeting)
        if one.ranking is not None and one.ranking.place
    ]
    first = {"outcome": "on", "place": max(known, default=0) + 1}
    form = forms.RankForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.record_ranking(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            idea_id=idea.id,
            level="hamlet" if meeting.hamlet_id else "village",
            outcome=form.cleaned_data["outcome"],
            place=form.cleaned_data["place"] if form.cleaned_data["outcome"] == "on" else None,
            points=form.cleaned_data["points"],
            reason=form.cleaned_data["reason"],
            ranking_id=form.cleaned_data["ranking_id"],
        ),
    ):
        messages.success(request, _("Written down. The author is told."))
        return redirect("desk_ideas_meeting", meeting_id=meeting.id)
    context = {
        "heading": _("What does the meeting say?"),
        "lead": idea.title,
        "button": _("Write down"),
        "back": reverse("desk_ideas_meeting", args=[meeting.id]),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("ranking.withdraw")
@require_POST
def undo(request: Request, ranking_id: UUID) -> HttpResponseBase:
    """It was written down by mistake."""

    def act() -> None:
        actions.withdraw_ranking(by=request.by, at=timezone.now(), ranking_id=ranking_id)
        messages.success(request, _("Taken back."))

    key = reading.key(request.POST.get("kembali", ""))
    back = reverse("desk_ideas_meeting", args=[key]) if key else reverse("desk_ideas")
    return trying.attempt(request, act, back)
