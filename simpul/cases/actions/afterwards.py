"""After the answer, and against it: reopen, appeal, withdraw."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import intake, referral, steps
from simpul.cases.models import Case, Link
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class NobodyAbove(Refused):
    """The desk that answered has no desk above it here."""

    code = "case.nobody_above"
    sentence = _(
        "No desk is set up above %(desk)s. Tell the person about the Ombudsman, whose address stands on every decision."
    )


def reopen_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Take an answered or closed matter up again; the promise to the person stays where it was: reopening gives no time."""
    with transaction.atomic():
        case = steps.begin(by, "case.reopen", case_id)
        why = steps.words(reason, field="reason")
        take_up_again(case, "case.reopen", at)
        steps.tell(case, "reopened", at, once=str(case.reopened), values={"reason": why})
        steps.journal(by, at, "case.reopen", case, {"times": case.reopened}, {"reason": why})


def take_up_again(case: Case, act: str, at: datetime) -> None:
    """The step shared with the resident's "not solved": back to the desk that answered, on the old clock."""
    steps.move(
        case,
        act,
        at,
        reopened=case.reopened + 1,
        answered_at=None,
        react_until_at=None,
        closed_at=None,
        verified_at=None,
        handed_in_at=None,
        handed_in_by=None,
        decision="",
        decision_words="",
        acting=case.holder,
    )
    steps.reopen_answer_clock(case, at)
    steps.start_turn(case, "work", case.holder, at)


def appeal_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> intake.Opened:
    """Bring the matter before the desk above the one that answered: a linked new case with its own receipt and clocks.

    Raises:
        NobodyAbove: there is no such desk.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.appeal", case_id)
        why = steps.words(reason, field="reason")
        above = case.holder.above
        if above is None:
            raise NobodyAbove(desk=case.holder.name)
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=case.kind_id,
            text_given=why,
            title=case.title,
            region_code=case.region_code,
            channel=case.channel,
            answers=case.answers,
            mode=case.mode,
            reporter=intake.PersonGiven(person_id=case.reporter_id) if case.reporter_id else None,
            hide_name=case.hide_name,
            about=intake.PersonGiven(person_id=case.about_id) if case.about_id else None,
            hamlet_id=case.hamlet_id,
            place=case.place,
            language=case.language,
            origin=case,
            desk_id=above.id,
        )
        steps.change(opened.case, at, appeal_of=case)
        Link.objects.create(case=opened.case, other=case, kind="appeal", made_at=at)
        steps.journal(
            by,
            at,
            "case.appeal",
            case,
            {"to": opened.case.holder.name, "number": steps.shown_number(opened.case)},
            {"reason": why},
        )
        return opened


def withdraw_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """The person, or their proxy, takes the matter back; nothing more is owed, and the record stays."""
    with transaction.atomic():
        case = steps.begin(by, "case.withdraw", case_id)
        why = steps.words(reason, field="reason")
        referral.supersede_hops(case, by, at)
        steps.move(case, "case.withdraw", at, decision="withdrawn", decision_words=why, closed_at=at)
        steps.stop_clocks(case, "ended", at)
        steps.tell(case, "withdrawn", at, once="1", values={"reason": why})
        steps.journal(by, at, "case.withdraw", case, inputs={"reason": why})
