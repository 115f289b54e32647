"""Working on a matter: take it on, ask, note, draft, hand in, verify, answer, close."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import approvals, referral, steps
from simpul.cases.models import Answer, Case, Note, Question
from simpul.cases.rules import decisions, moves
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7


class OwnWork(Refused):
    """Nobody verifies their own work."""

    code = "case.own_work"
    sentence = _("You handed this in yourself, so another person must verify it.")


class NotVerified(Refused):
    """A second person has to look first."""

    code = "case.not_verified"
    sentence = _("This first needs a second person: hand the work in, and let somebody else verify it.")


class DecisionMissing(Refused):
    """An end needs a decision."""

    code = "case.decision_missing"
    sentence = _("Choose what was decided, so that the person knows where they stand.")
    field = "decision"


class QuestionOpen(Refused):
    """The resident has not replied yet."""

    code = "case.no_open_question"
    sentence = _("There is no open question to reply to.")


def claim_case(*, by: Actor, at: datetime, case_id: UUID) -> None:
    """Take the matter on by name, so that colleagues see who is at it. A first claim ends the screening clock."""
    with transaction.atomic():
        case = steps.begin(by, "case.claim", case_id)
        if case.holder_id not in by.desk_ids and by.role != "focal_point":
            raise referral.NotYourTurn
        first = case.state == moves.NEW and case.first_disposed_at is None
        steps.move(case, "case.claim", at, seat_id=by.seat_id, handler_name=by.name)
        if first:
            steps.change(case, at, first_disposed_at=at)
            steps.start_kind_clocks(case, "disposed", at, case.holder)
        steps.stop_clocks(case, "disposed", at)
        steps.journal(by, at, "case.claim", case, {"desk": case.holder.name})


def release_case(*, by: Actor, at: datetime, case_id: UUID) -> None:
    """Lay the matter down again for a colleague of the same desk."""
    with transaction.atomic():
        case = steps.begin(by, "case.release", case_id)
        steps.move(case, "case.release", at, seat_id=None, handler_name="")
        steps.journal(by, at, "case.release", case, {"desk": case.holder.name})


def note_case(*, by: Actor, at: datetime, case_id: UUID, text: str, note_id: UUID | None = None) -> Note:
    """Write an internal note. The resident never sees it. The same ``note_id`` again changes nothing."""
    with transaction.atomic():
        case = steps.begin(by, "case.note", case_id)
        again = steps.again(Note, note_id, case)
        if again is not None:
            return again
        said = steps.words(text, field="text")
        note = Note.objects.create(
            id=note_id or uuid7(), case=case, text=said, by_name=by.name, desk_id=by.desk_id, at=at
        )
        Case.objects.filter(id=case.id).update(changed_at=at)
        steps.journal(by, at, "case.note", case, inputs={"text": said})
        return note


def draft_case(*, by: Actor, at: datetime, case_id: UUID, text: str) -> None:
    """Keep a draft of the answer; drafts may be short, empty, unfinished."""
    with transaction.atomic():
        case = steps.begin(by, "case.draft", case_id)
        draft = steps.free_words(text, field="text")
        still = case.verified_at if draft == case.draft_answer else None
        steps.change(case, at, draft_answer=draft, verified_at=still)
        steps.journal(by, at, "case.draft", case, inputs={"text": draft})


def ask_question(*, by: Actor, at: datetime, case_id: UUID, text: str) -> Question:
    """Ask the resident for what is missing; the clocks that may pause stand still until they reply."""
    with transaction.atomic():
        case = steps.begin(by, "question.ask", case_id)
        asked = steps.words(text, field="text")
        question = Question.objects.create(
            case=case, text=asked, asked_at=at, asked_by=by.name, desk=case.holder
        )
        steps.move(case, "question.ask", at)
        steps.pause_clocks(case, at)
        steps.tell(case, "question", at, once=str(question.id), values={"question": asked})
        steps.journal(by, at, "question.ask", case, {"desk": case.holder.name}, {"text": asked})
        return question


def reply_question(*, by: Actor, at: datetime, case_id: UUID, reply: str, road: str = "desk") -> None:
    """Record what the resident replied, by whichever road; the clocks run again.

    Raises:
        QuestionOpen: nothing was asked.
    """
    with transaction.atomic():
        case = steps.begin(by, "question.reply", case_id)
        record_answered_question(case, at, reply, road)
        steps.journal(by, at, "question.reply", case, {"road": road}, {"reply": reply})


def record_answered_question(case: Case, at: datetime, reply: str, road: str) -> None:
    """Close the open question and let the clocks run: a step shared with the resident's own reply."""
    question = case.questions.filter(replied_at=None).order_by("-asked_at").first()
    if question is None:
        raise QuestionOpen
    said = steps.words(reply, field="reply", at_least=1)
    Question.objects.filter(id=question.id).update(reply=said, replied_at=at, reply_road=road)
    steps.move(case, "question.reply", at)
    steps.resume_clocks(case, at)


def hand_in_case(*, by: Actor, at: datetime, case_id: UUID, draft: str) -> None:
    """The work is done: hand the draft answer in for a second person. The person's clock runs on until they are answered."""
    with transaction.atomic():
        case = steps.begin(by, "case.hand_in", case_id)
        text = steps.words(draft or case.draft_answer, field="draft")
        steps.move(
            case,
            "case.hand_in",
            at,
            draft_answer=text,
            handed_in_by=by.user_id,
            handed_in_at=at,
            verified_at=None,
        )
        steps.stop_clocks(case, "followed_up", at)
        steps.journal(by, at, "case.hand_in", case, {"desk": case.holder.name}, {"draft": text})


def verify_case(*, by: Actor, at: datetime, case_id: UUID) -> None:
    """Confirm work that somebody else handed in.

    Raises:
        OwnWork: the same person handed it in.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.verify", case_id)
        if by.user_id is not None and case.handed_in_by == by.user_id:
            raise OwnWork
        steps.move(case, "case.verify", at, verified_at=at)
        steps.journal(by, at, "case.verify", case)


def send_back_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Send handed-in work back with what is missing."""
    with transaction.atomic():
        case = steps.begin(by, "case.send_back", case_id)
        why = steps.words(reason, field="reason")
        steps.move(case, "case.send_back", at, handed_in_by=None, handed_in_at=None, verified_at=None)
        steps.journal(by, at, "case.send_back", case, inputs={"reason": why})


def answer_case(*, by: Actor, at: datetime, case_id: UUID, text: str, decision: str) -> Answer:
    """Give the person the answer: what was done, or not done and why. Their reaction time starts.

    Raises:
        DecisionMissing: no decision of the kind was chosen.
        NotVerified: the kind wants a second person first.
        NotSigned: the kind wants a signed decision first.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.answer", case_id)
        if case.kind.needs_verification and not case.kind.approvals and not _is_verified(case, by, text):
            raise NotVerified
        if not decisions.fits(decision, case.kind.decisions):
            raise DecisionMissing
        return give_answer(case, by, at, text, decision)


def _is_verified(case: Case, by: Actor, text: str) -> bool:
    """A second person has looked; who handed the work in cannot then send other words than those that were verified."""
    own = by.user_id is not None and case.handed_in_by == by.user_id
    same = steps.free_words(text, field="text") == case.draft_answer
    return case.verified_at is not None and (same or not own)


def give_answer(case: Case, by: Actor, at: datetime, text: str, decision: str) -> Answer:
    """Store, move, stop the clocks, tell the person, write the line: shared by single and mass answers."""
    said = steps.words(text, field="text")
    if not decisions.is_answer(decision):
        raise DecisionMissing
    approvals.require_signed(case, said, decision)
    answer = write_answer(case, by, at, said, decision)
    referral.supersede_hops(case, by, at)
    steps.move(case, "case.answer", at, **columns_of_answer(case, at, decision))
    steps.stop_clocks(case, "answered", at)
    told = {"answer": said, "desk": case.holder.name}
    for owner in (case, *_merged_into(case)):
        steps.tell(owner, "answer", at, once=str(answer.id), values=told)
    steps.journal(
        by, at, "case.answer", case, {"decision": decision, "desk": case.holder.name}, {"text": said}
    )
    return answer


def write_answer(case: Case, by: Actor, at: datetime, said: str, decision: str) -> Answer:
    """Keep the words of an answer. A step, not an act."""
    return Answer.objects.create(
        case=case,
        text=said,
        decision=decision,
        by_name=by.name,
        by_user_id=by.user_id,
        desk=case.holder,
        at=at,
    )


def columns_of_answer(case: Case, at: datetime, decision: str) -> dict[str, Any]:
    """What an answer changes in a case, whoever gives it: decision, moments, the official measure, the reaction time. A step."""
    return {
        "decision": decision,
        "draft_answer": "",
        "answered_at": at,
        "first_answered_at": case.first_answered_at or at,
        "first_disposed_at": case.first_disposed_at or at,
        "hours_to_answer": _hours_to_answer(case, at),
        "react_until_at": at + timedelta(days=case.kind.reaction_days),
        "acting": case.holder,
        "untaken_at": None,
    }


def _merged_into(case: Case) -> list[Case]:
    """The matters that were merged into this one: their people were promised its answer."""
    rows = Case.objects.filter(merged_into=case, state=moves.MERGED)
    return list(rows.select_related("kind", "holder", "reporter", "hamlet").order_by("received_at", "id"))


def _hours_to_answer(case: Case, at: datetime) -> int:
    """Whole hours from first disposition to the first answer; a second answer does not make the first one later."""
    if case.hours_to_answer is not None:
        return case.hours_to_answer
    return max(0, (at - (case.first_disposed_at or at)) // timedelta(hours=1))


def close_case(*, by: Actor, at: datetime, case_id: UUID, decision: str, reason: str) -> None:
    """End a matter with a decision. After an answer anybody who answers may; without one only verified work ends.

    Raises:
        DecisionMissing, NotVerified, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.close", case_id)
        if not decisions.is_end(decision):
            raise DecisionMissing
        why = steps.words(reason, field="reason")
        if case.answered_at is None and case.verified_at is None:
            raise NotVerified
        if case.answered_at is None and case.kind.approvals and not approvals.is_signed(case):
            raise approvals.NotSigned
        referral.supersede_hops(case, by, at)
        steps.move(case, "case.close", at, decision=decision, decision_words=why, closed_at=at)
        steps.stop_clocks(case, "ended", at)
        steps.tell(case, "closed", at, once=f"{case.reopened}", values={"reason": why})
        steps.journal(by, at, "case.close", case, {"decision": decision}, {"reason": why})


def finish_case(*, by: Actor, at: datetime, case_id: UUID) -> None:
    """Close an answered matter whose reaction time passed in silence (SP4N-LAPOR practice: 10 days; unconfirmed)."""
    with transaction.atomic():
        case = steps.begin(by, "case.finish", case_id)
        if case.react_until_at is None or case.react_until_at > at:
            raise NotFound
        steps.move(case, "case.finish", at, closed_at=at)
        steps.stop_clocks(case, "ended", at)
        steps.journal(by, at, "case.finish", case, {"decision": case.decision})
