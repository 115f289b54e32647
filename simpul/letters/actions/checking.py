"""The secretary's look, the head's approval, sending back, refusing, withdrawing, taking up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _authority, _matter
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter, Office
from simpul.letters.queries import requests as queries
from simpul.letters.rules import flow
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused

CHECKERS = frozenset({"secretary", "head"})


class RequirementsOpen(Refused):
    """What is to be shown is seen, or let off with a reason, before anybody approves."""

    code = "letter.requirements_open"
    sentence = _("Not yet seen: %(names)s. Mark each as shown, or as not needed with the reason.")


class ConfirmationMissing(Refused):
    """The RT or RW confirms first, where the village wants it."""

    code = "letter.confirmation_missing"
    sentence = _(
        "The head of the RT or RW has not confirmed this request yet. Write down what they say first."
    )


class Disagrees(Refused):
    """The RT or RW said no."""

    code = "letter.disagrees"
    sentence = _(
        "The head of the RT or RW does not confirm this request. Ask them again, or refuse the letter with the reason."
    )


class NotAChecker(Refused):
    """Checking is the secretary's."""

    code = "letter.not_a_checker"
    sentence = _("The secretary checks letters here. This one waits in the secretary's list.")


class SignerMissing(Refused):
    """Nobody knows whose name to print."""

    code = "letter.signer_missing"
    sentence = _("The name of the village head is not set yet. Write it in the settings of letters first.")


def check_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """The secretary has looked: facts, answers and requirements are right.

    Raises:
        NotAChecker, RequirementsOpen, ConfirmationMissing, Disagrees, _authority.OwnWork, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.check", letter_id)
        office = steps.office_of(letter.region_code)
        right = _authority.right_of(by, letter, steps.day_of(letter.region_code, at))
        if by.role not in CHECKERS and not (office.alone and right is not None):
            raise NotAChecker
        _authority.look_with_other_eyes(by, letter, office, right)
        see_fit(letter, office)
        letter.state, letter.checked_at, letter.changed_at = flow.CHECKED, at, at
        letter.checked_by, letter.checked_by_id = by.name[:150], by.user_id
        letter.save()
        steps.line(by, at, "letter.check", letter)
        return letter


def approve_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """The head, or who has a mandate, approves. The number comes with the release.

    Raises:
        one of _authority's refusals, RequirementsOpen, ConfirmationMissing, Disagrees, SignerMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.approve", letter_id)
        office = steps.office_of(letter.region_code)
        right = _authority.demand(
            by, letter.region_code, letter.type.code, steps.day_of(letter.region_code, at)
        )
        approve(letter, by, at, office, right)
        letter.save()
        steps.line(by, at, "letter.approve", letter, facts=authority_facts(letter))
        return letter


def approve(letter: Letter, by: Actor, at: datetime, office: Office, right: _authority.Authority) -> None:
    """Fill in an approval: a step of approving, and of releasing what is approved in the same press. The caller saves."""
    ways = steps.ways_of(office)
    if flow.wants_check(letter.state, ways, head=right.head, alone=right.mandate is not None):
        raise _authority.CheckMissing
    _authority.look_with_other_eyes(by, letter, office, right)
    see_fit(letter, office)
    letter.state, letter.approved_at, letter.changed_at = flow.APPROVED, at, at
    letter.approved_by, letter.approved_by_id = by.name[:150], by.user_id
    letter.authority, letter.mandate = right.how, right.mandate
    if right.mandate is None:
        letter.signer_name = office.signer_name or by.name[:150]
        letter.signer_title = office.signer_title or queries.head_title(letter.region_code)
        letter.signer_number = office.signer_number
    else:
        letter.signer_name, letter.signer_title = right.mandate.name, right.mandate.title
        letter.signer_number = ""


def authority_facts(letter: Letter) -> dict[str, str]:
    """By which right it was done, for the line."""
    return {
        "authority": letter.authority,
        "mandate": letter.mandate.decision_number if letter.mandate is not None else "",
    }


def see_fit(letter: Letter, office: Office) -> None:
    """Requirements seen, the RT or RW asked, nothing missing in the text.

    Raises:
        RequirementsOpen, ConfirmationMissing, Disagrees.
    """
    left = list(letter.shown.filter(state__in=["wanted", "missing"]).values_list("code", flat=True))
    if left:
        names = queries.requirement_names(letter.version, (get_language() or "id")[:2])
        raise RequirementsOpen(names=", ".join(names.get(code, code) for code in sorted(left)))
    answers = list(letter.confirmations.order_by("confirmed_at", "id").values_list("agrees", flat=True))
    type_wants = letter.version is not None and letter.version.confirm
    if flow.wants_confirmation(steps.ways_of(office), type_wants, answers):
        raise Disagrees if answers else ConfirmationMissing


def return_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """Send a draft back for correction, with what is wrong. Check and approval fall away.

    Raises:
        steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.return", letter_id)
        letter.returned_why, letter.returned_at = steps.words(why, field="why"), at
        letter.state, letter.changed_at = flow.RETURNED, at
        clear_decisions(letter)
        letter.save()
        steps.line(by, at, "letter.return", letter, inputs={"why": letter.returned_why})
        return letter


def clear_decisions(letter: Letter) -> None:
    """Nobody has looked any more: a changed draft is looked at again."""
    letter.checked_at = letter.approved_at = None
    letter.checked_by = letter.approved_by = letter.authority = ""
    letter.checked_by_id = letter.approved_by_id = None
    letter.mandate = None
    letter.signer_name = letter.signer_title = letter.signer_number = ""


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
        clear_decisions(letter)
        letter.save()
        steps.line(by, at, "letter.resume", letter)
        return letter
