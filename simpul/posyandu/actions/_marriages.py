"""What the acts on the early-marriage list share: refusals, a line locked with permission, words, the end, the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.posyandu.access import marriage as access
from simpul.posyandu.models import MarriageRisk
from simpul.posyandu.rules import marriage as rules


class MarriageWordsMissing(Refused):
    """Something must be written."""

    code = "marriage.words_missing"
    sentence = _("Write a few words here, so that whoever accompanies the child next understands.")


class MarriageChoiceUnknown(Refused):
    """A value of the form."""

    code = "marriage.choice_unknown"
    sentence = _("Choose one from the list.")


class MarriageEnded(Refused):
    """No support of a line that is over."""

    code = "marriage.ended"
    sentence = _("This child is not on the list any more. Put the child back first.")


class NotMinor(Refused):
    """The list is for those below 19."""

    code = "marriage.not_minor"
    sentence = _("This person is 19 or older, or the birth date is not known. Check the birth date first.")


class DayWrong(Refused):
    """Days in their order."""

    code = "marriage.day_wrong"
    sentence = _("This day cannot be right. Check the date.")


def begin(by: Actor, act: str, risk_id: UUID, *, ended_too: bool = False) -> MarriageRisk:
    row = access.risk_for(by, risk_id, lock=True)
    roles.require(by, act, access.place(row))
    if row.state not in rules.LIVE and not ended_too:
        raise MarriageEnded
    return row


def finish(by: Actor, at: datetime, row: MarriageRisk, state: str, outcome: str, words: str) -> None:
    row.state, row.outcome, row.words = state, outcome, words
    row.ended_at, row.ended_by, row.changed_at = at, by.name[:150], at
    row.save()


def words(given: str, field: str, most: int) -> str:
    clean = text.clean_line(given)[:most]
    if len(clean) < 3:
        raise MarriageWordsMissing(field=field)
    return clean


def line(by: Actor, at: datetime, act: str, row: MarriageRisk, facts: dict[str, Any] | None = None) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=act,
        subject_kind="marriagerisk",
        subject_id=row.id,
        region_code=row.region_code,
        facts=facts,
    )
