"""Answering a matter from the room whose work it was: a card that is active again, a refusal after that room's own checks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import handling, referral, steps
from simpul.cases.models import Answer, Case
from simpul.cases.rules import decisions, moves, settling
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound


def settle_case(*, by: Actor, at: datetime, case_id: UUID, text: str, decision: str) -> Answer:
    """Give the person the answer that another room's work has led to, whichever desk holds the matter.

    The room that calls this has had two people look (who checked and who approved); the matter needs no second look of its own. Later
    news of the same work answers again: the first answer stays the one that is measured, and nothing counts as reopened.

    Raises:
        NotFound: no such matter, one that the actor is kept away from, or not allowed here.
        MoveRefused: it was merged, withdrawn or sealed.
        DecisionMissing: the kind knows no such decision.
    """
    with transaction.atomic():
        rows = Case.objects.select_related("kind", "holder", "reporter", "hamlet")
        case = rows.filter(id=case_id).exclude(access.kept_away(by)).select_for_update(of=("self",)).first()
        if case is None:
            raise NotFound
        roles.require(by, "case.settle", access.place_of(case))
        if case.state not in settling.SETTLED_FROM or case.sensitivity == "sealed":
            raise steps.MoveRefused
        if not decisions.fits(decision, case.kind.decisions) or not decisions.is_answer(decision):
            raise handling.DecisionMissing
        said = steps.words(text, field="text")
        answer = handling.write_answer(case, by, at, said, decision)
        referral.supersede_hops(case, by, at)
        changes = handling.columns_of_answer(case, at, decision)
        steps.change(case, at, state=moves.ANSWERED, is_open=False, closed_at=None, **changes)
        steps.stop_clocks(case, "answered", at)
        steps.tell(case, "answer", at, once=str(answer.id), values={"answer": said, "desk": case.holder.name})
        steps.journal(
            by, at, "case.settle", case, {"decision": decision, "desk": case.holder.name}, {"text": said}
        )
        return answer
