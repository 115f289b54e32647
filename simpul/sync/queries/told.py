"""What was written down before, so that the same event twice changes nothing where an act has no key of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from simpul.cases.models import Case, Question
from simpul.cases.rules import moves
from simpul.people.models import LifeEvent


def died_on(person_id: UUID, day: date) -> bool:
    """True when the death of this person on this day is in the register."""
    return LifeEvent.objects.filter(person_id=person_id, kind="death", on_date=day, undone_at=None).exists()


def not_moved(person_ids: Collection[UUID], day: date, *, back: bool) -> list[UUID]:
    """Those of these people whose move (or coming back) on this day is not in the register yet."""
    kind = "return" if back else "move_out"
    rows = LifeEvent.objects.filter(person_id__in=list(person_ids), kind=kind, on_date=day, undone_at=None)
    known = set(rows.values_list("person_id", flat=True))
    return [key for key in person_ids if key not in known]


def is_waiting(case: Case) -> bool:
    """True while the matter waits for what the person was asked."""
    return bool(case.state == moves.WAITING)


def was_replied(case_id: UUID, words: str) -> bool:
    """True when these words were written down as the answer to a question of this matter."""
    return Question.objects.filter(case_id=case_id, reply=words.strip()).exists()
