"""Small words after some days: that we still wait for a reply, and how the answer was. Each once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import steps
from simpul.cases.models import Case, Question
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound


def remind_question(*, by: Actor, at: datetime, question_id: UUID) -> bool:
    """Tell the resident once that we still wait for their reply; False when they have replied, or were reminded before.

    Raises:
        NotFound: no such question.
    """
    roles.require(by, "question.remind")
    question = Question.objects.filter(id=question_id).first()
    if question is None:
        raise NotFound
    with transaction.atomic():
        case = access.get_for(by, question.case_id, lock=True)
        silent = Question.objects.filter(id=question_id, replied_at=None, reminded_at=None)
        if case.state != moves.WAITING or silent.update(reminded_at=at) != 1:
            return False
        steps.tell(case, "reminder", at, once=str(question.id), values={"question": question.text})
        steps.journal(by, at, "question.remind", case, {"desk": case.holder.name})
    return True


def ask_rating(*, by: Actor, at: datetime, case_id: UUID) -> bool:
    """Ask the resident once how the answer was; False when they have rated, were asked before, or the matter has moved on."""
    roles.require(by, "rating.ask")
    with transaction.atomic():
        case = access.get_for(by, case_id, lock=True)
        if not rules.asks_rating(case.state, case.rating, case.rating_asked_at, case.sensitivity):
            return False
        if Case.objects.filter(id=case_id, rating_asked_at=None).update(rating_asked_at=at) != 1:
            return False
        steps.tell(case, "rating", at, once="1")
        steps.journal(by, at, "rating.ask", case)
    return True
