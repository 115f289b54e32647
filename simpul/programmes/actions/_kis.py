"""Steps that the acts on switched-off cards share: begin, move by the old state, cleaned words, days that can be, the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.programmes.access import kis as access
from simpul.programmes.models import Card
from simpul.programmes.rules import kis as rules


class CardMoved(Refused):
    """The application is in a state from which this step does not start, or somebody else took the step first."""

    code = "card.moved"
    sentence = _(
        "This card is now at “%(state)s”, so that step can no longer be taken. Look at the card again to see what comes next."
    )


class WordsMissing(Refused):
    """A text that the act needs is empty."""

    code = "card.words_missing"
    sentence = _("Write a few words, so that the next person understands.")


class DateImpossible(Refused):
    """A day that lies ahead, or before what must have happened first."""

    code = "card.date_impossible"
    sentence = _("This day cannot be right: it lies ahead, or before the step that came first. Check it.")


def begin(by: Actor, act: str, card_id: UUID) -> Card:
    """The card for an act: seen by the actor, allowed by the role table, in a state the act may start from.

    Raises:
        NotFound: unknown, hidden, or not allowed: the three look the same.
        CardMoved: the state does not allow it.
    """
    card = access.card_for(by, card_id, lock=True)
    roles.require(by, act, access.place_of(card))
    if act in rules.MOVES and rules.target(act, card.state) is None:
        raise CardMoved(state=state_words(card.state))
    return card


def move(card: Card, act: str, at: datetime, **changes: Any) -> None:
    """Move the application by its old state; refuse when somebody else moved it first."""
    leads_to = rules.target(act, card.state)
    if leads_to is None:
        raise CardMoved(state=state_words(card.state))
    change(card, at, state=leads_to, state_at=at, **changes)


def change(card: Card, at: datetime, **changes: Any) -> None:
    """Change columns of a card, as long as nobody has moved it meanwhile."""
    changes["changed_at"] = at
    if Card.objects.filter(id=card.id, state=card.state).update(**changes) != 1:
        raise CardMoved(state=state_words(card.state))
    for name, value in changes.items():
        setattr(card, name, value)


def state_words(state: str) -> str:
    """A state's label in the language of who reads."""
    return str(_(rules.STATES[state])) if state in rules.STATES else str(_("Not asked for yet"))


def line_of(given: str, most: int) -> str:
    """One cleaned line, as long as its column."""
    return text.clean_line(given)[:most]


def said(given: str, *, field: str, most: int = 500) -> str:
    """Cleaned words an act cannot do without.

    Raises:
        WordsMissing: nothing is left after cleaning.
    """
    clean = text.clean_text(given)[:most]
    if len(clean) < 3:
        raise WordsMissing(field=field)
    return clean


def day(given: date | None, by: Actor, at: datetime, *, after: date | None = None, field: str) -> date:
    """The day of a step: the one given, or today where the seat is.

    Raises:
        DateImpossible: it lies ahead, or before ``after``.
    """
    today = today_of(by, at)
    found = given or today
    if found > today + timedelta(days=0) or (after is not None and found < after):
        raise DateImpossible(field=field)
    return found


def today_of(by: Actor, at: datetime) -> date:
    """The date at the seat's own clock."""
    return at.astimezone(desk_queries.zone_of(by.served_areas[0])).date()


def tell(card: Card, text_key: str, at: datetime, *, once: str, values: Mapping[str, str]) -> None:
    """Queue a message to the person who asked, through the matter; nothing where there is no matter, or no safe road."""
    case = card.case
    if case is None or case.reporter_id is None or case.sensitivity == "sealed":
        return
    message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="case",
        subject_id=case.id,
        once_key=f"card:{card.id}:{text_key}:{once}",
        text_key=text_key,
        values={"number": case.number, "title": case.title, **values},
        person_id=case.reporter_id,
        region_code=case.region_code,
        hamlet_name=card.hamlet.name if card.hamlet else "",
        landmark=card.landmark or card.address,
        sensitive=case.sensitivity != "normal",
        language=case.language,
        expires_at=at + timedelta(days=90),
    )


def line(
    by: Actor,
    at: datetime,
    kind: str,
    card: Card,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line on the card."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="card",
        subject_id=card.id,
        facts={"state": card.state, **(facts or {})},
        inputs=inputs,
        region_code=card.region_code,
    )
