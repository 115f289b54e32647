"""Acts of the office: papers, eligibility, approval and signature, refusal. Who checked does not approve."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from simpul.journal import queries as journal_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.actions import _kis, _kis_case
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules


class PapersMissing(Refused):
    """The rule of the day requires letters that were not brought."""

    code = "card.papers_missing"
    sentence = _("By the rule followed today this is still missing: %(papers)s. Note it, or ask for it.")


class OwnCheck(Refused):
    """Nobody approves what they checked themselves."""

    code = "card.own_check"
    sentence = _("You checked this application yourself, so another person must approve it.")


class RecommendationMissing(Refused):
    """A recommendation goes out with a number and the name of who signed it."""

    code = "card.recommendation_missing"
    sentence = _("Write the number of the letter of recommendation and who signed it.")
    field = "recommendation"


def check_card(*, by: Actor, at: datetime, card_id: UUID) -> None:
    """Begin to check the papers, or take the application up again when missing papers came.

    Raises:
        NotFound, CardMoved.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.check", card_id)
        _kis.move(card, "card.check", at, revision_words="")
        _kis.line(by, at, "card.check", card)


def revise_card(*, by: Actor, at: datetime, card_id: UUID, missing: str) -> None:
    """Say what is missing; the person is told what to bring.

    Raises:
        NotFound, CardMoved, WordsMissing.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.revise", card_id)
        said = _kis.said(missing, field="missing")
        _kis.move(card, "card.revise", at, revision_words=said)
        _kis.tell(card, "card_missing", at, once=at.isoformat(), values={"reason": said})
        _kis.line(by, at, "card.revise", card, inputs={"missing": said})


def pass_card(*, by: Actor, at: datetime, card_id: UUID) -> None:
    """The papers are complete by the rule that is followed today; next comes whether the person is eligible.

    Raises:
        NotFound, CardMoved.
        PapersMissing: the rule requires a letter that was not noted.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.pass", card_id)
        rule = kis_rules.followed(card.region_code, _kis.today_of(by, at))
        lacking = rules.missing(rule, kis_rules.needed(card))
        if lacking:
            raise PapersMissing(papers=text.join_words([str(_(rules.LETTERS[name])) for name in lacking]))
        _kis.move(card, "card.pass", at, checked_by=by.user_id, checked_by_name=by.name)
        _kis.line(by, at, "card.pass", card, {"rule": rule.code, "source": rule.source})


def verify_card(*, by: Actor, at: datetime, card_id: UUID, words: str, decile: int | None = None) -> None:
    """Verify that the person is eligible, in words that the one who signs can rely on.

    Raises:
        NotFound, CardMoved, WordsMissing.
        DateImpossible: there is no such decile.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.verify", card_id)
        said = _kis.said(words, field="words")
        if decile is not None and not 1 <= decile <= 10:
            raise _kis.DateImpossible(field="decile")
        _kis.move(
            card,
            "card.verify",
            at,
            eligibility_words=said,
            decile=card.decile if decile is None else decile,
            checked_by=by.user_id,
            checked_by_name=by.name,
        )
        _kis.line(by, at, "card.verify", card, inputs={"words": said, "decile": card.decile})


def approve_card(
    *,
    by: Actor,
    at: datetime,
    card_id: UUID,
    recommendation: str,
    signer: str = "",
    recommendation_date: date | None = None,
) -> None:
    """Approve and sign the recommendation; never the person who checked.

    Raises:
        NotFound, CardMoved, DateImpossible.
        OwnCheck: the same person checked.
        RecommendationMissing: no number.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.approve", card_id)
        checked = journal_queries.doers(card.id, ("card.pass", "card.verify"))
        if by.user_id is not None and by.user_id in {card.checked_by, *checked}:
            raise OwnCheck
        number = _kis.line_of(recommendation, 60)
        if not number:
            raise RecommendationMissing
        signed = _kis.day(recommendation_date, by, at, field="recommendation_date")
        _kis.move(
            card,
            "card.approve",
            at,
            recommendation=number,
            recommendation_date=signed,
            signer=_kis.line_of(signer, 150) or by.name,
            approved_by=by.user_id,
            approved_by_name=by.name,
        )
        _kis.tell(card, "card_issued", at, once="1", values={})
        _kis.line(by, at, "card.approve", card, {"recommendation": number, "day": signed.isoformat()})


def reject_card(*, by: Actor, at: datetime, card_id: UUID, reason: str) -> None:
    """Refuse the application, with a reason the person is told and may object to.

    Raises:
        NotFound, CardMoved, WordsMissing.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.reject", card_id)
        why = _kis.said(reason, field="reason")
        before = card.state
        _kis.move(card, "card.reject", at, end_reason=why, before_end=before)
        told = _kis_case.settle(
            card,
            by,
            at,
            "not_eligible",
            lambda: _now("The card could not be switched on again. The reason: %(reason)s") % {"reason": why},
        )
        _kis.line(by, at, "card.reject", card, {"from": before, **told}, {"reason": why})
