"""Acts around the ministry: proposed, asked how it stands, its decision, the card active again, the six-month data duty."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.programmes.actions import _kis, _kis_case, _kis_register
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules


def propose_card(*, by: Actor, at: datetime, card_id: UUID, proposed_date: date | None = None) -> None:
    """The recommendation went to the ministry (SIKS-NG): the person gets their first answer, and the waiting begins.

    Raises:
        NotFound, CardMoved, DateImpossible.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.propose", card_id)
        day = _kis.day(proposed_date, by, at, after=card.recommendation_date, field="proposed_date")
        _kis.move(card, "card.propose", at, proposed_date=day)
        told = _kis_case.settle(
            card,
            by,
            at,
            "proposed",
            lambda: (
                _(
                    "The letter of recommendation %(number)s was issued, and on %(day)s the card was proposed to the Ministry of "
                    "Social Affairs. We keep asking, and you hear from us as soon as the ministry has decided."
                )
                % {"number": card.recommendation, "day": when.format_date(day)}
            ),
        )
        _kis.line(by, at, "card.propose", card, {"day": day.isoformat(), **told})


def chase_card(
    *, by: Actor, at: datetime, card_id: UUID, words: str = "", chased_date: date | None = None
) -> None:
    """The ministry was asked how it stands; the days until the next asking begin anew.

    Raises:
        NotFound, DateImpossible.
        CardMoved: it is not at the ministry.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.chase", card_id)
        if card.state not in rules.AT_MINISTRY:
            raise _kis.CardMoved(state=_kis.state_words(card.state))
        day = _kis.day(chased_date, by, at, after=card.proposed_date, field="chased_date")
        _kis.change(card, at, chased_date=day)
        _kis.line(by, at, "card.chase", card, {"day": day.isoformat()}, {"words": words})


def grant_card(
    *, by: Actor, at: datetime, card_id: UUID, ministry_date: date | None = None, words: str = ""
) -> None:
    """The ministry approved; whether the card works is another question, asked next.

    Raises:
        NotFound, CardMoved, DateImpossible.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.grant", card_id)
        day = _kis.day(ministry_date, by, at, after=card.proposed_date, field="ministry_date")
        _kis.move(card, "card.grant", at, ministry_date=day, ministry_words=_kis.line_of(words, 500))
        _kis.tell(card, "card_granted", at, once="1", values={})
        _kis.line(by, at, "card.grant", card, {"day": day.isoformat()}, {"words": words})


def deny_card(
    *, by: Actor, at: datetime, card_id: UUID, reason: str, ministry_date: date | None = None
) -> None:
    """The ministry refused: the person is told why, and may object.

    Raises:
        NotFound, CardMoved, DateImpossible, WordsMissing.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.deny", card_id)
        why = _kis.said(reason, field="reason")
        day = _kis.day(ministry_date, by, at, after=card.proposed_date, field="ministry_date")
        _kis.move(card, "card.deny", at, ministry_date=day, ministry_words=why)
        told = _kis_case.settle(
            card,
            by,
            at,
            "not_eligible",
            lambda: (
                _("The ministry did not approve the card. The reason it gave: %(reason)s") % {"reason": why}
            ),
        )
        _kis.line(by, at, "card.deny", card, {"day": day.isoformat(), **told}, {"reason": why})


def confirm_card(*, by: Actor, at: datetime, card_id: UUID, reactivated_date: date | None = None) -> None:
    """Somebody has seen that the card works again: the matter is answered, the register knows, and the data duty begins.

    Raises:
        NotFound, CardMoved, DateImpossible.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.confirm", card_id)
        day = _kis.day(reactivated_date, by, at, after=card.proposed_date, field="reactivated_date")
        rule = kis_rules.followed(card.region_code, day)
        due = rules.duty_until(day, rule.duty_months)
        _kis.move(card, "card.confirm", at, reactivated_date=day, data_due_date=due)
        register = _kis_register.say_active(card, by, at, day)
        told = _kis_case.settle(
            card,
            by,
            at,
            "reactivated",
            lambda: (
                _(
                    "The KIS card is active again since %(day)s and can be used at the health centre. Please let the village bring "
                    "your family's data up to date before %(due)s, so that the card stays active."
                )
                % {"day": when.format_date(day), "due": when.format_date(due)}
            ),
        )
        _kis.line(
            by,
            at,
            "card.confirm",
            card,
            {"day": day.isoformat(), "duty": due.isoformat(), "register": register, **told},
        )


def complete_card(
    *, by: Actor, at: datetime, card_id: UUID, data_date: date | None = None, words: str = ""
) -> None:
    """The family's data were brought up to date: the duty of six months is fulfilled, and the card's way ends.

    Raises:
        NotFound, CardMoved, DateImpossible.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.complete", card_id)
        day = _kis.day(data_date, by, at, after=card.reactivated_date, field="data_date")
        in_time = card.data_due_date is None or day <= card.data_due_date
        _kis.move(card, "card.complete", at, data_done_date=day, data_words=_kis.line_of(words, 300))
        _kis.line(
            by, at, "card.complete", card, {"day": day.isoformat(), "in_time": in_time}, {"words": words}
        )
