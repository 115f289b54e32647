"""Steps that acts on the path of an idea share: moving it, answering its matter, telling its author."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import settling
from simpul.cases.rules import decisions as case_decisions
from simpul.cases.rules import settling as settling_rules
from simpul.community.access import ideas as access
from simpul.community.actions import _ideas as steps
from simpul.community.models import Idea, IdeaStep
from simpul.community.rules import ideas as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.meetings import access as meeting_access


class NotYet(Refused):
    """Only what happened is written down."""

    code = "idea.not_yet"
    sentence = _("This lies in the future. Write down the time at which it happened.")


def take_step(
    by: Actor,
    at: datetime,
    idea: Idea,
    state: str,
    reason: str,
    meeting_id: UUID | None = None,
    happened_at: datetime | None = None,
    step_id: UUID | None = None,
) -> IdeaStep:
    """Move an idea, write the step, answer its matter where the step decides it, and tell its author.

    Raises:
        steps.IdeaMoveRefused, steps.IdeaReasonMissing, NotYet, NotFound.
    """
    if happened_at is not None and happened_at > at:
        raise NotYet(field="happened")
    if meeting_id is not None:
        meeting_access.meeting_for(by, meeting_id)
    why = steps.reason(reason, needed=state in rules.REASONED)
    before = steps.move(idea, state)
    idea.changed_at = at
    idea.save()
    told = _answer_matter(by, at, idea, state, why)
    return steps.step(
        by,
        at,
        idea,
        state,
        before=before,
        why=why,
        meeting_id=meeting_id,
        happened_at=happened_at,
        step_id=step_id,
        told=told,
    )


def _answer_matter(by: Actor, at: datetime, idea: Idea, state: str, why: str) -> bool:
    """Answer the matter the idea came with, where this step decides it and it can still be answered; True when that tells the author."""
    decision = rules.CASE_DECISIONS.get(state)
    case = idea.case
    if decision is None or case is None or case.reporter_id is None or case.reporter_id != idea.author_id:
        return False
    may = roles.may(by, "case.settle", access.place_of(case.region_code))
    if not may or not case_decisions.fits(decision, case.kind.decisions):
        return False
    if case.state not in settling_rules.SETTLED_FROM or case.sensitivity != "normal":
        return False
    said = steps.plain_words(state, why, case.language)
    try:
        with transaction.atomic():
            settling.settle_case(by=by, at=at, case_id=case.id, text=said, decision=decision)
    except Refused:
        return False  # it moved on meanwhile: the author is told by a message of the idea's own
    return True
