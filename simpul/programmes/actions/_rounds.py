"""Steps that the acts on rounds, goods and deliveries share: cleaned words, quantities, the balance of an item, the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import rounds as access
from simpul.programmes.models import Round, RoundItem
from simpul.programmes.rules import rounds as rules


class RoundWordsMissing(Refused):
    """A text the act cannot do without."""

    code = "round.words_missing"
    sentence = _("Write at least a few words, so that others understand it later.")


class RoundChoiceUnknown(Refused):
    """A value that is not offered."""

    code = "round.choice_unknown"
    sentence = _("Choose one of the answers that are offered.")


class AmountWrong(Refused):
    """No quantity."""

    code = "round.amount_wrong"
    sentence = _("Write an amount above nought, with two digits after the comma at most.")
    field = "quantity"


class RoundClosed(Refused):
    """A closed round is not changed; what happened at a door is still written down."""

    code = "round.closed"
    sentence = _("This round is closed. Open it again if something is missing.")


def begin(by: Actor, act: str, round_id: UUID, *, open_only: bool = True) -> Round:
    """The round for an act, locked: seen by the actor, allowed by the role table, still open.

    Raises:
        NotFound: unknown, hidden or not allowed: the three look the same.
        RoundClosed: it is closed.
    """
    found = access.round_for(by, round_id, lock=True)
    roles.require(by, act, access.place_of(found.region_code))
    if open_only and found.state != "open":
        raise RoundClosed
    return found


def item_of(item_id: UUID, round_id: UUID | None = None) -> RoundItem:
    """An item with its round.

    Raises:
        NotFound: there is none, or it belongs to another round.
    """
    found = RoundItem.objects.select_related("round").filter(id=item_id).first()
    if found is None or (round_id is not None and found.round_id != round_id):
        raise NotFound
    return found


def words(given: str, *, field: str, most: int = 300, least: int = 3) -> str:
    """A cleaned line; ``least`` 0 lets it be empty.

    Raises:
        RoundWordsMissing, text.TooLong.
    """
    clean = text.clean_line(given, most)
    if len(clean) < least:
        raise RoundWordsMissing(field=field)
    return clean


def choice(value: str, table: Mapping[str, str] | Iterable[str], *, field: str) -> str:
    """A value of the table.

    Raises:
        RoundChoiceUnknown: it is not in it.
    """
    if value not in table:
        raise RoundChoiceUnknown(field=field)
    return value


def amount(given: object, *, zero: bool = False) -> Decimal:
    """A quantity above nought, or nought too.

    Raises:
        AmountWrong: it is none.
    """
    found = rules.quantity(given)
    if found is None or found < 0 or (found == 0 and not zero):
        raise AmountWrong
    return found


def day_at(region_code: str, moment: datetime) -> date:
    """The date of a moment at a place."""
    return moment.astimezone(desk_queries.zone_of(region_code)).date()


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    region_code: str,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        region_code=region_code,
        facts=facts,
        inputs=inputs,
    )
