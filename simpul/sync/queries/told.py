"""What was written down before, so that the same event twice changes nothing where an act has no key of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from simpul.cases.models import Case, Question
from simpul.cases.rules import moves
from simpul.outreach.models import Verification
from simpul.outreach.queries import checks
from simpul.people.models import Contact, LifeEvent


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


def contact_is(contact_id: UUID, told: Mapping[str, Any]) -> Contact | None:
    """The contact, when everything that is told of it stands there already."""
    found = Contact.objects.filter(id=contact_id).first()
    same = found is not None and all(getattr(found, name) == value for name, value in told.items())
    return found if same else None


def is_checked(row: Verification, presence: int | None, persons: Sequence[Any]) -> bool:
    """True when a verification holds all of this already."""
    if presence is not None and row.presence != presence:
        return False
    known = checks.persons(row)
    return all(
        any(
            ((said.person_id is not None and one.person_id == said.person_id) or one.id == said.check_id)
            and said.presence in (None, one.presence)
            and (not said.nik or said.nik == one.nik)
            for one in known
        )
        for said in persons
    )
