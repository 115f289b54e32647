"""The path of an idea: a step on, put off with a reason, not taken up, taken up again, carried over; and telling the author in person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.actions import _idea_path as path
from simpul.community.actions import _ideas as steps
from simpul.community.models import Idea, IdeaStep
from simpul.community.rules import ideas as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7

ADVANCED = ("talked", "ranked", "planned", "proposed", "funded", "works", "done")


class StepOwesNothing(Refused):
    """Nobody waits for this news."""

    code = "idea.step_owes_nothing"
    sentence = _("Nobody waits to be told of this step: the author is not known.")


def advance_idea(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    state: str,
    reason: str = "",
    meeting_id: UUID | None = None,
    happened_at: datetime | None = None,
    step_id: UUID | None = None,
) -> Idea:
    """Bring an idea a step on: talked over, ranked, planned, funded, being built, done. Its author is told.

    The same ``step_id`` again, or the state it has already, changes nothing.

    Raises:
        steps.IdeaMoveRefused, steps.IdeaChoiceUnknown, path.NotYet.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.advance", idea_id)
        if steps.again(idea, step_id) is not None or idea.state == state:
            return idea
        steps.choice(state, ADVANCED, field="state")
        path.take_step(by, at, idea, state, reason, meeting_id, happened_at, step_id)
        steps.line(
            by,
            at,
            "idea.advance",
            ("idea", idea.id),
            idea.region_code,
            {"state": state, "meeting": str(meeting_id or "")},
            {"reason": reason},
        )
    return idea


def defer_idea(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    reason: str,
    meeting_id: UUID | None = None,
    step_id: UUID | None = None,
) -> Idea:
    """Put an idea off to a later year, with the reason that its author hears; it is carried over by ``carry_idea``.

    Raises:
        steps.IdeaReasonMissing, steps.IdeaMoveRefused, NotFound.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.defer", idea_id)
        if steps.again(idea, step_id) is None and idea.state != "deferred":
            path.take_step(by, at, idea, "deferred", reason, meeting_id, None, step_id)
            steps.line(
                by,
                at,
                "idea.defer",
                ("idea", idea.id),
                idea.region_code,
                {"year": idea.year},
                {"reason": reason},
            )
    return idea


def reject_idea(*, by: Actor, at: datetime, idea_id: UUID, reason: str, step_id: UUID | None = None) -> Idea:
    """Do not take an idea up, with the reason that its author hears.

    Raises:
        steps.IdeaReasonMissing, steps.IdeaMoveRefused, NotFound.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.reject", idea_id)
        if steps.again(idea, step_id) is None and idea.state != "rejected":
            path.take_step(by, at, idea, "rejected", reason, None, None, step_id)
            steps.line(by, at, "idea.reject", ("idea", idea.id), idea.region_code, inputs={"reason": reason})
    return idea


def withdraw_idea(
    *, by: Actor, at: datetime, idea_id: UUID, reason: str = "", step_id: UUID | None = None
) -> Idea:
    """Take an idea back because its author wishes it: it leaves the public page.

    Raises:
        steps.IdeaMoveRefused, NotFound.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.withdraw", idea_id)
        if steps.again(idea, step_id) is None and idea.state != "withdrawn":
            path.take_step(by, at, idea, "withdrawn", reason, None, None, step_id)
            if idea.published_at is not None and idea.hidden_at is None:
                idea.hidden_at = at
                idea.save(update_fields=["hidden_at"])
            steps.line(
                by, at, "idea.withdraw", ("idea", idea.id), idea.region_code, inputs={"reason": reason}
            )
    return idea


def reopen_idea(*, by: Actor, at: datetime, idea_id: UUID, step_id: UUID | None = None) -> Idea:
    """Take up again what was not taken up, or taken back, or put off by mistake: it stands where it was before.

    Raises:
        steps.IdeaMoveRefused, NotFound.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.reopen", idea_id)
        if steps.again(idea, step_id) is not None:
            return idea
        if idea.state not in ("rejected", "withdrawn", "deferred"):
            raise steps.IdeaMoveRefused(state=gettext(rules.STATES[idea.state]))
        last = idea.steps.filter(kind=idea.state).order_by("-recorded_at", "-id").first()
        ended, back = idea.state, last.before if last is not None and last.before else "open"
        idea.state = back
        if ended == "withdrawn" and not idea.hidden_why:  # what a moderator took off the page stays off it
            idea.hidden_at = None
        idea.changed_at = at
        idea.save()
        steps.step(by, at, idea, "reopened", before=ended, step_id=step_id)
        steps.line(by, at, "idea.reopen", ("idea", idea.id), idea.region_code, {"from": ended, "to": back})
    return idea


def carry_idea(*, by: Actor, at: datetime, idea_id: UUID, step_id: UUID | None = None) -> Idea:
    """Carry an idea that was put off over to the next plan: its voices and talk come along, its author is told.

    Raises:
        steps.IdeaMoveRefused, NotFound.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.carry", idea_id)
        if steps.again(idea, step_id) is not None:
            return idea
        _carry(by, at, idea, step_id)
        steps.line(
            by,
            at,
            "idea.carry",
            ("idea", idea.id),
            idea.region_code,
            {"year": idea.year, "times": idea.carried},
        )
    return idea


def carry_ideas(*, by: Actor, at: datetime, region_code: str, idea_ids: Sequence[UUID]) -> int:
    """Carry several over at once; those that are not put off (any more) are passed over. Returns how many.

    Raises:
        NotFound: not allowed here.
    """
    roles.require(by, "ideas.carry", access.place_of(region_code))
    with transaction.atomic():
        rows = list(
            access.visible(by)
            .filter(region_code=region_code, id__in=list(idea_ids), state="deferred")
            .select_for_update(of=("self",))
            .order_by("id")
        )
        for idea in rows:
            _carry(by, at, idea, None)
        steps.line(by, at, "ideas.carry", ("region", uuid7()), region_code, {"ideas": len(rows)})
    return len(rows)


def _carry(by: Actor, at: datetime, idea: Idea, step_id: UUID | None) -> None:
    if idea.state != "deferred":
        raise steps.IdeaMoveRefused(state=gettext(rules.STATES[idea.state]))
    idea.year = max(idea.year + 1, steps.year_for(idea.region_code, at))
    idea.carried += 1
    idea.state, idea.changed_at = "open", at
    idea.save()
    steps.step(by, at, idea, "carried", before="deferred", step_id=step_id)


def tell_step(*, by: Actor, at: datetime, step_id: UUID) -> IdeaStep:
    """Write down that the author heard of a step in person. Doing it again changes nothing.

    Raises:
        StepOwesNothing.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = IdeaStep.objects.select_for_update().filter(id=step_id).first()
        if row is None:
            raise NotFound
        idea = access.idea_for(by, row.idea_id)
        roles.require(by, "step.tell", access.place_of(idea.region_code))
        if not row.owes:
            raise StepOwesNothing
        if row.told_at is None:
            row.told_at, row.told_by = at, by.name[:150]
            row.save(update_fields=["told_at", "told_by"])
            steps.line(by, at, "step.tell", ("idea", idea.id), idea.region_code, {"step": row.kind})
    return row
