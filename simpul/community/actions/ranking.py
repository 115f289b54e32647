"""What a meeting says of ideas: the place of each, whether it goes on, and taking back what was written by mistake."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import _idea_path as path
from simpul.community.actions import _ideas as steps
from simpul.community.models import Ranking
from simpul.community.rules import planning as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.meetings import access as meeting_access


class WrongMeeting(Refused):
    """Ideas are ranked where the plan is talked about."""

    code = "plan.wrong_meeting"
    sentence = _(
        "Ideas are ranked in a meeting about the village plan of the same village. Choose another meeting."
    )
    field = "meeting"


class MeetingNotBegun(Refused):
    """Nothing is said in a meeting that was not held."""

    code = "plan.meeting_not_begun"
    sentence = _("This meeting has not begun. Start it, count who is there, then rank the ideas.")


def record_ranking(
    *,
    by: Actor,
    at: datetime,
    meeting_id: UUID,
    idea_id: UUID,
    level: str,
    outcome: str,
    place: int | None = None,
    points: int | None = None,
    reason: str = "",
    ranking_id: UUID | None = None,
) -> Ranking:
    """Write down what a meeting said of an idea: its place and whether it goes on. The idea takes that step, and its author is told.

    Saying it anew in the same meeting takes the place of what was said; the idea moves only when that changes where it stands.

    Raises:
        WrongMeeting, MeetingNotBegun, steps.IdeaReasonMissing, steps.IdeaChoiceUnknown, steps.IdeaMoveRefused.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        idea = steps.begin(by, "ranking.record", idea_id)
        known = Ranking.objects.filter(id=ranking_id).first() if ranking_id else None
        if known is not None:
            if (known.idea_id, known.meeting_id) != (idea.id, meeting_id):
                raise NotFound
            return known
        meeting = meeting_access.meeting_for(by, meeting_id)
        if meeting.kind != rules.PLANNING_KIND or meeting.region_code != idea.region_code:
            raise WrongMeeting
        if meeting.held_at is None:
            raise MeetingNotBegun
        steps.choice(level, rules.LEVELS, field="level")
        steps.choice(outcome, rules.OUTCOMES, field="outcome")
        why = steps.reason(reason, needed=outcome != "on")
        Ranking.objects.filter(meeting=meeting, idea=idea, withdrawn_at=None).update(withdrawn_at=at)
        made = Ranking.objects.create(
            id=ranking_id or uuid7(),
            meeting=meeting,
            idea=idea,
            level=level,
            place=place,
            points=points,
            outcome=outcome,
            reason=why,
            recorded_at=at,
            recorded_by=by.name[:150],
            user_id=by.user_key,
        )
        wanted = {"on": "ranked" if level == "village" else "talked"}.get(outcome, outcome)
        if idea.state != wanted:
            path.take_step(by, at, idea, wanted, why, meeting_id, min(meeting.held_at, at))
        steps.line(
            by,
            at,
            "ranking.record",
            ("idea", idea.id),
            idea.region_code,
            {
                "meeting": str(meeting_id),
                "level": level,
                "place": place,
                "points": points,
                "outcome": outcome,
            },
            {"reason": why},
        )
    return made


def withdraw_ranking(*, by: Actor, at: datetime, ranking_id: UUID) -> None:
    """Take back what was written of an idea by mistake: it stands where it stood before the meeting spoke of it.

    Raises:
        steps.IdeaMoveRefused: the idea has gone on since.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = Ranking.objects.select_for_update().filter(id=ranking_id).first()
        if row is None:
            raise NotFound
        idea = steps.begin(by, "ranking.withdraw", row.idea_id)
        if row.withdrawn_at is not None:
            return
        last = idea.steps.order_by("-recorded_at", "-id").first()
        if last is not None and last.meeting_id == row.meeting_id and last.kind == idea.state:
            idea.state, idea.changed_at = last.before or "open", at
            idea.save()
            steps.step(by, at, idea, "undone", before=last.kind)
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        steps.line(
            by, at, "ranking.withdraw", ("idea", idea.id), idea.region_code, {"meeting": str(row.meeting_id)}
        )
