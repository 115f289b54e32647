"""Cancelling a released letter, whose number stays void with the reason; and handing a letter over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul.letters.actions import _letters as steps
from simpul.letters.actions import _matter
from simpul.letters.models import Letter, TakenNumber
from simpul.letters.rules import flow
from simpul.lib.actor import Actor


def cancel_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """A released letter was wrong. Its number is never used again and stays in the register, void with the reason; its codes say so.

    Raises:
        steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.cancel", letter_id)
        reason = steps.words(why, field="why")
        letter.state, letter.cancelled_at, letter.cancelled_why = flow.CANCELLED, at, reason
        letter.changed_at = at
        TakenNumber.objects.filter(letter=letter).update(state="void", why=reason)
        letter.save()
        told = _matter.settle(letter, by, at)
        steps.line(
            by, at, "letter.cancel", letter, facts={"number": letter.number, **told}, inputs={"why": reason}
        )
        return letter


def hand_over_letter(
    *,
    by: Actor,
    at: datetime,
    letter_id: UUID,
    received_name: str = "",
    received_at: datetime | None = None,
) -> Letter:
    """The paper was taken by the applicant, or by whom they sent. A fact: a second time changes who is written down.

    Raises:
        steps.WordsMissing, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.hand_over", letter_id)
        letter.received_name = steps.words(
            received_name or letter.applicant_name, field="received_name", most=150, least=2
        )
        letter.received_at, letter.changed_at = min(received_at or at, at), at
        letter.save()
        steps.line(by, at, "letter.hand_over", letter, inputs={"name": letter.received_name})
        return letter
