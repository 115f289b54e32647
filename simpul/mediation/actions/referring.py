"""Sending a dispute on to a body that can deal with it, its answer, and the export for legal aid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import referral as case_referral
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.mediation import access
from simpul.mediation.actions import _steps
from simpul.mediation.models import Referral
from simpul.mediation.queries import exporting
from simpul.mediation.rules import moves, words

REFERRED_IN = moves.MOVES["dispute.refer"][0]


class DeskUnknown(Refused):
    """A desk that is none."""

    code = "referral.desk_unknown"
    sentence = _("Choose a desk that is open, or write the name of a body outside.")
    field = "desk"


class PurposeMissing(Refused):
    """What people said to each other leaves the house for a purpose."""

    code = "dispute.purpose_missing"
    sentence = _("Write what the export is for and who receives it.")
    field = "purpose"


@dataclass(frozen=True, slots=True)
class ReferralGiven:
    """Where it is sent, why, and with what."""

    body: str
    office: str
    why: str
    sent: str = ""
    sent_date: date | None = None
    desk_id: UUID | None = None
    ends_mediation: bool = True


def refer_dispute(
    *, by: Actor, at: datetime, dispute_id: UUID, given: ReferralGiven, referral_id: UUID | None = None
) -> Referral:
    """Send a dispute on. Where the body has a desk here, the matter itself goes to it by its own referral, with the reason alone.

    Raises:
        DeskUnknown, NotFound, the refusals of a referral of matters, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "dispute.refer", dispute_id, REFERRED_IN)
        known = _steps.again(Referral, referral_id, dispute=dispute)
        if known is not None:
            return known
        why = _steps.words(given.why, field="why", most=500, least=3)
        desk = desk_queries.desk(given.desk_id) if given.desk_id else None
        if given.desk_id and (desk is None or desk.closed_at is not None):
            raise DeskUnknown
        referral = Referral(
            **_steps.written(by, at, referral_id),
            dispute=dispute,
            body=_steps.choice(given.body, words.BODIES, field="body"),
            desk=desk,
            office=_steps.words(given.office or (desk.name if desk else ""), field="office", most=150),
            sent_date=given.sent_date or _steps.today(dispute, at),
            why=why,
            sent=text.clean_line(given.sent)[:500],
        )
        if desk is not None:
            referral.hop_id = case_referral.refer_case(
                by=by, at=at, case_id=dispute.case_id, to_desk_id=desk.id, note=why
            ).id
        referral.save(force_insert=True)
        answered = ""
        if given.ends_mediation:
            _steps.move(dispute, "referred", at, why)
            if desk is None:
                answered = _steps.answer_matter(by, at, dispute, "referred", referral.office)
        facts = {"body": referral.body, "desk": str(desk.id) if desk else "", "matter": answered}
        _steps.line(by, at, "dispute.refer", dispute, facts=facts, inputs={"why": why, "sent": referral.sent})
    return referral


def answer_referred(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    referral_id: UUID,
    result: str,
    answer: str,
    answered_date: date | None = None,
) -> None:
    """Write down what a body answered. A fact: kept in any state.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "referred.answer", dispute_id, states=())
        referral = _steps.entry(Referral, referral_id, dispute=dispute)
        referral.result = _steps.choice(result, words.RESULTS, field="result")
        referral.answer = _steps.words(answer, field="answer", most=500)
        referral.answered_date = answered_date or _steps.today(dispute, at)
        referral.save()
        facts = {"body": referral.body, "result": result}
        _steps.line(by, at, "referred.answer", dispute, facts=facts, inputs={"answer": referral.answer})


def export_dispute(*, by: Actor, at: datetime, dispute_id: UUID, purpose: str) -> exporting.File:
    """The file for legal aid (Posbankum): parties, documents with digests, chronology; statements only where they were shared.

    Which fields the ministry's application takes is unconfirmed; the file names its own format.

    Raises:
        PurposeMissing, NotFound.
    """
    with transaction.atomic():
        dispute = access.dispute_for(by, dispute_id)
        roles.require(by, "dispute.export", access.place_of(dispute))
        why = text.clean_line(purpose)[:200]
        if len(why) < 3:
            raise PurposeMissing
        made = exporting.file_of(dispute)
        facts = {"format": exporting.FORMAT, "rows": made.rows}
        _steps.line(by, at, "dispute.export", dispute, facts=facts, inputs={"purpose": why})
    return made
