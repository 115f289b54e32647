"""What the acts on a letter share: begin on a locked row, clean words, the village's ways, the line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.letters import access
from simpul.letters.models import Letter, Office
from simpul.letters.rules import flow
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class LetterMoved(Refused):
    """The letter is not where the page believed it to be."""

    code = "letter.moved"
    sentence = _(
        "The letter has moved on: it is “%(state)s” now. Load the page again to see what can be done."
    )


class WordsMissing(Refused):
    """A decision needs its reason."""

    code = "letter.words_missing"
    sentence = _("Write a few words here.")


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "letter.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class _State:
    """The name of a state in the reader's language."""

    def __init__(self, state: str) -> None:
        self.state = state

    def __str__(self) -> str:
        return str(_(flow.STATES.get(self.state, self.state)))


def begin(by: Actor, act: str, letter_id: UUID) -> Letter:
    """Lock the letter, ask for permission, and see that the act starts from the state it is in.

    Raises:
        NotFound, NotAllowed: there is none for this actor, or the role may not do this here.
        LetterMoved: somebody was quicker, or it is too early.
    """
    letter = access.letter_for(by, letter_id, lock=True)
    roles.require(by, act, access.place_of(letter))
    if not flow.may_move(act, letter.state):
        raise LetterMoved(state=_State(letter.state))
    return letter


def office_of(region_code: str) -> Office:
    """How this village writes letters; the defaults when it has said nothing."""
    return Office.objects.filter(region_code=region_code).first() or Office(region_code=region_code)


def ways_of(office: Office) -> flow.Ways:
    """The choices of a village, for the rules."""
    return flow.Ways(office.check_first, office.confirm_first, office.alone)


def is_head(by: Actor, region_code: str) -> bool:
    """Whether this is the head of that very village."""
    return by.role == "head" and by.region_code == region_code


def day_of(region_code: str, at: datetime) -> date:
    """The date in the village at a moment."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


def words(given: str, *, field: str, most: int = 300, least: int = 3) -> str:
    """One cleaned line that cannot be left out.

    Raises:
        WordsMissing: nothing is left.
    """
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordsMissing(field=field)
    return clean


def packed(values: Mapping[str, str]) -> str:
    """Values as they are stored: JSON with its keys in order."""
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True) if values else ""


def unpacked(stored: str) -> dict[str, str]:
    """Values as they were stored."""
    return dict(json.loads(stored)) if stored else {}


def line(
    by: Actor,
    at: datetime,
    kind: str,
    letter: Letter,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. Names and reasons go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="letter",
        subject_id=letter.id,
        facts=facts,
        inputs=inputs,
        region_code=letter.region_code,
    )
