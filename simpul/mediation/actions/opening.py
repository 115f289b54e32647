"""The beginning and the end of a dispute: the safety screen, its place in the register, reading it, ending and reopening it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import afterwards, protection, shaping
from simpul.cases.rules import moves as case_moves
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.mediation import access
from simpul.mediation.actions import _steps
from simpul.mediation.models import Dispute, Register, Screening
from simpul.mediation.queries import matters
from simpul.mediation.queries import readers as reader_queries
from simpul.mediation.queries import screen as screen_queries
from simpul.mediation.rules import moves, screen, steps, words

if TYPE_CHECKING:
    from simpul.cases.models import Case

PROTECTED_KIND = "protected_report"
READ_AGAIN = timedelta(minutes=15)
"""One opening of a dispute: going from page to page within it is no second one."""


class NoDispute(Refused):
    """Only a matter of this kind is mediated."""

    code = "dispute.no_dispute"
    sentence = _(
        "This matter is not a dispute. First change its kind to “dispute”, if that is what it is about."
    )


class ScreenIncomplete(Refused):
    """Every question is asked."""

    code = "dispute.screen_incomplete"
    sentence = _("Ask every question of safety and tick an answer. They come before anything else.")
    field = "answers"


class ScreenUnsure(Refused):
    """What is unsure is asked again, alone."""

    code = "dispute.screen_unsure"
    sentence = _(
        "Not sure yet: speak with each person alone, without haste, and ask again. "
        "If it stays unsure, choose “yes”: the protected way harms nobody."
    )
    field = "answers"


class NotOver(Refused):
    """An end is failed or withdrawn, with its reason."""

    code = "dispute.not_over"
    sentence = _("Choose how it ended: without an agreement, or withdrawn.")
    field = "outcome"


@dataclass(frozen=True, slots=True)
class DisputeGiven:
    """What the register says of a dispute."""

    subject: str
    about: str
    place: str = ""
    confidentiality: str = "usual"


@dataclass(frozen=True, slots=True)
class Opened:
    """Either a dispute, or none because the matter went the protected way."""

    dispute: Dispute | None
    protected: bool


def open_dispute(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    answers: Mapping[str, str],
    given: DisputeGiven,
    dispute_id: UUID | None = None,
) -> Opened:
    """Take a matter into the register of disputes, after the questions of safety.

    When one of them says that somebody has to be protected, no dispute is made: the matter is sealed, becomes a protected report and goes
    to the protected desk, and the answers stay with it. That is returned, not raised: what was said must not be lost.

    Raises:
        NoDispute, ScreenIncomplete, ScreenUnsure, steps' WordsMissing and ChoiceUnknown.
        NotFound: no such matter for this actor.
    """
    with transaction.atomic():
        known = Dispute.objects.filter(case_id=case_id).first()
        if known is not None:
            return Opened(access.dispute_for(by, known.id), protected=False)
        case = case_access.get_for(by, case_id, lock=True)
        roles.require(by, "dispute.open", roles.Place(case.region_code))
        if case.kind_id != "dispute":
            raise NoDispute
        if _judge(by, at, case, answers) == "protect":
            _line_of_screen(by, at, case)
            return Opened(None, protected=True)
        day = at.astimezone(desk_queries.zone_of(case.region_code)).date()
        dispute = Dispute(
            id=dispute_id or uuid7(),
            case=case,
            region_code=case.region_code,
            year=day.year,
            sequence=_next_number(case.region_code, day.year),
            channel=case.channel,
            opened_date=day,
            meet_until_date=steps.meet_until(day),
            taken_by_id=by.user_key,
            taken_by_name=by.name[:150],
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _fill(dispute, given)
        dispute.save(force_insert=True)
        _steps.line(
            by, at, "dispute.open", dispute, facts={"number": dispute.number, "subject": dispute.subject}
        )
    return Opened(dispute, protected=False)


def _next_number(region_code: str, year: int) -> int:
    """The next number of the village's register; its row is held until the transaction ends."""
    row, _made = Register.objects.select_for_update().get_or_create(key=f"{region_code}-{year}")
    Register.objects.filter(key=row.key).update(last=row.last + 1)
    return row.last + 1


def _fill(dispute: Dispute, given: DisputeGiven) -> None:
    dispute.subject = _steps.choice(given.subject, words.SUBJECTS, field="subject")
    dispute.confidentiality = _steps.choice(
        given.confidentiality, words.CONFIDENTIALITY, field="confidentiality"
    )
    dispute.about = _steps.words(given.about, field="about", most=300, least=3)
    dispute.place = text.clean_line(given.place)[:150]


def change_dispute(*, by: Actor, at: datetime, dispute_id: UUID, given: DisputeGiven) -> None:
    """Correct what the register says of a dispute.

    Raises:
        NotFound, and _steps' DisputeEnded, WordsMissing, ChoiceUnknown.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "dispute.change", dispute_id)
        _fill(dispute, given)
        dispute.save()
        facts = {"subject": dispute.subject, "confidentiality": dispute.confidentiality}
        _steps.line(by, at, "dispute.change", dispute, facts=facts, inputs={"about": dispute.about})


# --- safety ---------------------------------------------------------------------------------------------------------


def screen_dispute(*, by: Actor, at: datetime, dispute_id: UUID, answers: Mapping[str, str]) -> bool:
    """Ask the questions of safety again, as before every session. False: mediation ends here, and the matter goes the protected way.

    Raises:
        ScreenIncomplete, ScreenUnsure, NotFound.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "dispute.screen", dispute_id, moves.MOVES["dispute.screen"][0])
        case = matters.matter(dispute.case_id)
        if _judge(by, at, case, answers) == "protect":
            _steps.move(dispute, "protected", at)
            _line_of_screen(by, at, case)
            return False
        _steps.line(by, at, "dispute.screen", dispute, facts={"catalogue": screen_queries.version()})
    return True


def _judge(by: Actor, at: datetime, case: Case, answers: Mapping[str, str]) -> str:
    """Judge the answers, keep them with the matter, and close it when somebody has to be protected."""
    asked = screen_queries.questions()
    verdict = screen.judge(asked, answers)
    if verdict.outcome == "missing":
        raise ScreenIncomplete
    if verdict.outcome == "ask":
        raise ScreenUnsure
    known = {one.key for one in asked}
    Screening.objects.create(
        case=case,
        answers=json.dumps({key: value for key, value in answers.items() if key in known}, sort_keys=True),
        verdict=verdict.outcome,
        catalogue=screen_queries.version(),
        screened_at=at,
        recorded_at=at,
        recorded_by=by.name[:150],
        user_id=by.user_key,
    )
    if verdict.outcome == "protect":
        _send_to_protection(by, at, case)
    return verdict.outcome


def _send_to_protection(by: Actor, at: datetime, case: Case) -> None:
    """Seal the matter, so that it goes to the protected desk, and let it be a protected report with that kind's promises.

    Whoever may not seal it themselves is helped by the machine: nobody's safety waits for a permission.
    """
    sealer = by if roles.may(by, "case.seal", case_access.place_of(case)) else MACHINE
    reason = str(_("The questions of safety before mediation say that somebody must be protected."))
    if case.state in (case_moves.ANSWERED, case_moves.CLOSED):
        afterwards.reopen_case(by=MACHINE, at=at, case_id=case.id, reason=reason)
    if case.sensitivity != "sealed":
        protection.seal_case(by=sealer, at=at, case_id=case.id, reason=reason)
    state = matters.state_of(case.id)
    if case_moves.allowed("case.classify", state):
        shaping.classify_case(by=MACHINE, at=at, case_id=case.id, kind_code=PROTECTED_KIND, reason=reason)


def _line_of_screen(by: Actor, at: datetime, case: Case) -> None:
    """The line stands on the matter, which is sealed: who sees that one sees this one."""
    journal_actions.record(
        by=by,
        at=at,
        kind="dispute.screen",
        subject_kind="case",
        subject_id=case.id,
        facts={"catalogue": screen_queries.version(), "protected": True},
        region_code=case.region_code,
    )


# --- reading, ending, reopening -------------------------------------------------------------------------------------


def read_dispute(*, by: Actor, at: datetime, dispute_id: UUID) -> Dispute:
    """Open a dispute, and leave a line that says who looked; pages opened one after another are one opening.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    dispute = access.dispute_for(by, dispute_id)
    roles.require(by, "dispute.read", access.place_of(dispute))
    if by.user_id is not None and not reader_queries.has_read(by.user_id, dispute.id, at - READ_AGAIN):
        with transaction.atomic():
            _steps.line(by, at, "dispute.read", dispute, facts={"state": dispute.state})
    return dispute


def end_dispute(*, by: Actor, at: datetime, dispute_id: UUID, outcome: str, why: str) -> None:
    """End a dispute without an agreement: it failed, or was withdrawn. The matter gets its answer without a word of the content.

    Raises:
        NotOver, NotFound, and _steps' DisputeEnded, WordsMissing.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "dispute.end", dispute_id, moves.MOVES["dispute.end"][0])
        if outcome not in ("failed", "withdrawn"):
            raise NotOver
        said = _steps.words(why, field="why", most=500, least=3)
        _steps.move(dispute, outcome, at, said)
        decision = "not_settled" if outcome == "failed" else "withdrawn"
        answered = _steps.answer_matter(by, at, dispute, decision)
        facts = {"outcome": outcome, "matter": answered}
        _steps.line(by, at, "dispute.end", dispute, facts=facts, inputs={"why": said})


def reopen_dispute(*, by: Actor, at: datetime, dispute_id: UUID, why: str) -> None:
    """Take a dispute up again that was over. The questions of safety are asked before its next session, as before each.

    Raises:
        NotFound, and _steps' DisputeEnded, WordsMissing.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "dispute.reopen", dispute_id, moves.MOVES["dispute.reopen"][0])
        said = _steps.words(why, field="why", most=300, least=3)
        before = dispute.state
        _steps.move(dispute, "open", at)
        Dispute.objects.filter(id=dispute.id).update(reopened=dispute.reopened + 1)
        _reopen_matter(at, dispute, said)
        facts = {"from": before, "times": dispute.reopened + 1}
        _steps.line(by, at, "dispute.reopen", dispute, facts=facts, inputs={"why": said})


def _reopen_matter(at: datetime, dispute: Dispute, why: str) -> None:
    """The matter is taken up again along with its dispute, where it was answered."""
    state = matters.state_of(dispute.case_id)
    if case_moves.allowed("case.reopen", state):
        afterwards.reopen_case(by=MACHINE, at=at, case_id=dispute.case_id, reason=why)
