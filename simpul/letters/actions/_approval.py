"""An approval, as approving and releasing share it: what has to be seen before, who signs, and what falls away again. Steps, not acts."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _authority
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter, Office
from simpul.letters.queries import requests as queries
from simpul.letters.rules import flow
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


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


def clear_decisions(letter: Letter) -> None:
    """Nobody has looked any more: a changed draft is looked at again."""
    letter.checked_at = letter.approved_at = None
    letter.checked_by = letter.approved_by = letter.authority = ""
    letter.checked_by_id = letter.approved_by_id = None
    letter.mandate = None
    letter.signer_name = letter.signer_title = letter.signer_number = ""
