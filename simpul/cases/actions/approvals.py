"""The way of a decision: drafted, checked, initialled, signed, or returned, by different people.

The back office drafts what is to be decided; the manager checks it; the head of division initials it; the head of the office signs.
Which of these steps a kind wants is data (``Kind.approvals``). Every step names the digest of what was read; a change of the words or
of the decision makes a new paper, and voids the initials under the old one. Only what was signed can be the answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import steps
from simpul.cases.models import Approval, ApprovalStep, Case
from simpul.cases.queries import approvals as queries
from simpul.cases.rules import approvals as rules
from simpul.cases.rules import decisions
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, Refused

STANDING = ("open", "signed")


class NoApprovalWanted(Refused):
    """This kind is answered without a signature."""

    code = "decision.not_wanted"
    sentence = _("Matters of this kind need no signature. Answer the matter directly.")


class ProposalUnfit(Refused):
    """A paper says what is decided."""

    code = "decision.unfit"
    sentence = _("Choose what is to be decided, so that those who sign know what they sign.")
    field = "decision"


class NotItsTurn(Refused):
    """The steps have an order."""

    code = "decision.not_its_turn"
    sentence = _("This paper does not wait for that step now. Look at it again to see whose turn it is.")


class SameHand(Refused):
    """Nobody stands twice under one paper."""

    code = "decision.same_hand"
    sentence = _(
        "Your name already stands under this paper. Another person has to do this step: nobody drafts and signs the same letter."
    )


class PaperChanged(Refused):
    """What was read is no longer what is there."""

    code = "decision.paper_changed"
    sentence = _("The paper was changed while you read it. Read the new version, then decide.")


class NotSigned(Refused):
    """The answer is what was signed."""

    code = "decision.not_signed"
    sentence = _(
        "Matters of this kind are answered with a signed decision, word for word. Draft it, let it be signed, then answer."
    )
    field = "text"


def propose_decision(*, by: Actor, at: datetime, case_id: UUID, text: str, decision: str) -> Approval:
    """Draft the decision of a matter, or draft it anew: the steps under an earlier version are void then.

    Raises:
        NoApprovalWanted, ProposalUnfit, WordsMissing, NotFound.
    """
    with transaction.atomic():
        case = steps.begin(by, "decision.propose", case_id)
        if not case.kind.approvals:
            raise NoApprovalWanted
        words = steps.words(text, field="text")
        if not decisions.fits(decision, case.kind.decisions):
            raise ProposalUnfit
        user_id = _person(by)
        voided = _void(case, at)
        paper = Approval.objects.create(
            case=case,
            version=(case.approvals.aggregate(top=Max("version"))["top"] or 0) + 1,
            state="open",
            needs=rules.in_order(case.kind.approvals),
            decision=decision,
            text=words,
            digest=rules.digest(case.number, decision, words),
            proposed_by_user_id=user_id,
            proposed_at=at,
        )
        _stand_under(paper, "propose", by, at)
        for desk in queries.signing_desks(case, at):
            steps.join_chain(case, desk, at)
        steps.change(case, at, draft_answer=words, verified_at=None)
        facts = {"version": paper.version, "decision": decision, "digest": paper.digest, "voided": voided}
        steps.journal(by, at, "decision.propose", case, facts, {"draft": words})
        return paper


def check_decision(*, by: Actor, at: datetime, case_id: UUID, digest: str, words: str = "") -> Approval:
    """Confirm that the draft is right: facts, rules and sums. ``digest`` is that of the version that was read.

    Raises:
        NotItsTurn, SameHand, PaperChanged, NotFound.
    """
    with transaction.atomic():
        case = steps.begin(by, "decision.check", case_id)
        paper = _step(case, "check", by, at, digest, words)
        steps.journal(by, at, "decision.check", case, _facts(paper), {"words": words})
        return paper


def initial_decision(*, by: Actor, at: datetime, case_id: UUID, digest: str, words: str = "") -> Approval:
    """Put one's initials (paraf) under the draft.

    Raises:
        NotItsTurn, SameHand, PaperChanged, NotFound.
    """
    with transaction.atomic():
        case = steps.begin(by, "decision.initial", case_id)
        paper = _step(case, "initial", by, at, digest, words)
        steps.journal(by, at, "decision.initial", case, _facts(paper), {"words": words})
        return paper


def sign_decision(*, by: Actor, at: datetime, case_id: UUID, digest: str, words: str = "") -> Approval:
    """Sign. From now on the matter can be answered with exactly these words.

    Raises:
        NotItsTurn, SameHand, PaperChanged, NotFound.
    """
    with transaction.atomic():
        case = steps.begin(by, "decision.sign", case_id)
        paper = _step(case, "sign", by, at, digest, words)
        Approval.objects.filter(id=paper.id).update(state="signed", ended_at=at)
        paper.state = "signed"
        steps.change(case, at, draft_answer=paper.text, verified_at=at)
        steps.journal(by, at, "decision.sign", case, _facts(paper), {"words": words})
        return paper


def return_decision(*, by: Actor, at: datetime, case_id: UUID, digest: str, reason: str) -> Approval:
    """Give the paper back to whoever drafted it, with what is missing. Only the person whose step it waits for may.

    Raises:
        NotItsTurn, SameHand, PaperChanged, WordsMissing, NotFound.
    """
    with transaction.atomic():
        case = steps.begin(by, "decision.return", case_id)
        why = steps.words(reason, field="reason")
        paper = _read(case, by, digest)
        waits = rules.next_step(paper.needs, _done(paper))
        if waits is None or not _may(by, waits, case):
            raise NotItsTurn
        _stand_under(paper, "return", by, at, why)
        Approval.objects.filter(id=paper.id).update(state="returned", ended_at=at)
        paper.state = "returned"
        steps.journal(by, at, "decision.return", case, _facts(paper), {"reason": why})
        return paper


def require_signed(case: Case, text: str, decision: str) -> None:
    """Refuse an answer that is not what was signed, where the kind wants a signature. A step, not an act."""
    if not case.kind.approvals:
        return
    paper = queries.signed(case)
    if paper is None or paper.digest != rules.digest(case.number, decision, text):
        raise NotSigned


def is_signed(case: Case) -> bool:
    """True when a decision of the matter was signed and still stands. A step, not an act."""
    return queries.signed(case) is not None


def _step(case: Case, step: str, by: Actor, at: datetime, digest: str, words: str) -> Approval:
    paper = _read(case, by, digest)
    if rules.next_step(paper.needs, _done(paper)) != step:
        raise NotItsTurn
    _stand_under(paper, step, by, at, steps.free_words(words, field="words"))
    return paper


def _read(case: Case, by: Actor, digest: str) -> Approval:
    """The open paper, when it is the version that was read and this person does not stand under it yet."""
    paper = Approval.objects.select_for_update().filter(case=case, state="open").first()
    if paper is None:
        raise NotItsTurn
    whole = rules.digest(case.number, paper.decision, paper.text)
    if paper.digest != whole or digest.strip() != paper.digest:
        raise PaperChanged
    if ApprovalStep.objects.filter(approval=paper, user_id=_person(by)).exists():
        raise SameHand
    return paper


def _stand_under(paper: Approval, step: str, by: Actor, at: datetime, words: str = "") -> None:
    ApprovalStep.objects.create(
        approval=paper,
        step=step,
        user_id=_person(by),
        by_name=by.name,
        position=_position(by),
        desk_id=by.desk_id,
        digest=paper.digest,
        words=words,
        at=at,
    )


def _position(by: Actor) -> str:
    """The office the person holds, as letters name it: always in Indonesian."""
    seat = desk_queries.seat(by.seat_id) if by.seat_id else None
    with translation.override("id"):
        return desk_queries.seat_label(seat)[:200] if seat else ""


def _person(by: Actor) -> UUID:
    """A paper is signed by people; a machine or a link is none."""
    if by.user_id is None:
        raise NotAllowed
    return by.user_id


def _done(paper: Approval) -> set[str]:
    return set(paper.steps.values_list("step", flat=True))


def _may(by: Actor, step: str, case: Case) -> bool:
    return roles.may(by, queries.ACT_OF[step], access.place_of(case))


def _void(case: Case, at: datetime) -> list[int]:
    """Earlier versions count no more; returns those that were still on their way or signed."""
    rows = Approval.objects.filter(case=case, state__in=STANDING)
    found = list(rows.order_by("version").values_list("version", flat=True))
    rows.update(state="void", ended_at=at)
    return found


def _facts(paper: Approval) -> dict[str, object]:
    return {"version": paper.version, "decision": paper.decision, "digest": paper.digest}
