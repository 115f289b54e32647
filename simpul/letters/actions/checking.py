"""The secretary's look, the head's approval, sending back, refusing, withdrawing, taking up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _approval, _authority, _matter
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter
from simpul.letters.rules import flow
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused

CHECKERS = frozenset({"secretary", "head"})


class NotAChecker(Refused):
    """Checking is the secretary's."""

    code = "letter.not_a_checker"
    sentence = _("The secretary checks letters here. This one waits in the secretary's list.")


def check_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """The secretary has looked: facts, answers and requirements are right.

    Raises:
        NotAChecker, _authority.OwnWork, _approval's refusals, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.check", letter_id)
        office = steps.office_of(letter.region_code)
        right = _authority.right_of(by, letter, steps.day_of(letter.region_code, at))
        if by.role not in CHECKERS and not (office.alone and right is not None):
            raise NotAChecker
        _authority.look_with_other_eyes(by, letter, office, right)
        _approval.see_fit(letter, office)
        letter.state, letter.checked_at, letter.changed_at = flow.CHECKED, at, at
        letter.checked_by, letter.checked_by_id = by.name[:150], by.user_id
        letter.save()
        steps.line(by, at, "letter.check", letter)
        return letter


def approve_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """The head, or who has a mandate, approves. The number comes with the release.

    Raises:
        one of _authority's or _approval's refusals, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.approve", letter_id)
        office = steps.office_of(letter.region_code)
        right = _authority.demand(
            by, letter.region_code, letter.type.code, steps.day_of(letter.region_code, at)
        )
        _approval.approve(letter, by, at, office, right)
        letter.save()
        steps.line(by, at, "letter.approve", letter, facts=_approval.authority_facts(letter))
        return letter


def return_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """Send a draft back for correction, with what is wrong. Check and approval fall away.

    Raises:
        steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.return", letter_id)
        letter.returned_why, letter.returned_at = steps.words(why, field="why"), at
        letter.state, letter.changed_at = flow.RETURNED, at
        _approval.clear_decisions(letter)
        letter.save()
        steps.line(by, at, "letter.return", letter, inputs={"why": letter.returned_why})
        return letter


def refuse_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """The village does not give this letter. The applicant is told the reason, and may ask again.

    Only the secretary, the head, or who has a mandate for it refuses.

    Raises:
        _authority's refusals for an officer without a mandate, steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.refuse", letter_id)
        if by.role not in CHECKERS:
            _authority.demand(by, letter.region_code, letter.type.code, steps.day_of(letter.region_code, at))
        letter.refused_why, letter.refused_at = steps.words(why, field="why"), at
        letter.state, letter.changed_at = flow.REFUSED, at
        letter.save()
        told = _matter.settle(letter, by, at)
        steps.line(by, at, "letter.refuse", letter, facts=told, inputs={"why": letter.refused_why})
        return letter


def withdraw_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """Whoever asked does not want the letter any more, or asked twice.

    Raises:
        steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.withdraw", letter_id)
        letter.refused_why, letter.refused_at = steps.words(why, field="why"), at
        letter.state, letter.changed_at = flow.WITHDRAWN, at
        letter.save()
        told = _matter.settle(letter, by, at)
        steps.line(by, at, "letter.withdraw", letter, facts=told, inputs={"why": letter.refused_why})
        return letter


def resume_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """Take a refused or withdrawn request up again: what was missing is there now, or the refusal was a slip.

    Raises:
        steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.resume", letter_id)
        letter.state = flow.RETURNED if letter.drafted_at else flow.REQUESTED
        letter.returned_why = letter.refused_why
        letter.refused_at, letter.refused_why, letter.changed_at = None, "", at
        _approval.clear_decisions(letter)
        letter.save()
        steps.line(by, at, "letter.resume", letter)
        return letter
