"""What a resident sees of their own matter, and the proof that it is theirs.

A proof is made when number and PIN (or the 16-digit receipt) were right; the door keeps it in the session and gives it back with
every act. It is worthless for any other matter, and stops working when the matter is sealed after its slip was printed.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from simpul.cases.models import Answer, Attachment, Case, FollowGuard, Note, Publication, Question
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves
from simpul.lib.errors import NotFound
from simpul.lib.keys import ring


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as its owner reads it: the desk, never the officer."""

    text: str
    decision: str
    desk_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What the desk wants to know."""

    text: str
    asked_at: datetime
    desk_name: str


@dataclass(frozen=True, slots=True)
class Addition:
    """What the resident added themselves."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """Everything a resident may see of their matter, and nothing else.

    ``state_words`` and ``next_words`` are English, to be translated by the page. Of a sealed matter neither its number, kind and
    title nor its words are shown: whoever finds the slip must not read the story.
    """

    proof: str
    number: str
    kind_name: str
    kind_name_en: str
    title: str
    text: str
    sealed: bool
    region_code: str
    received_at: datetime
    state: str
    state_words: str
    next_words: str
    due_at: datetime | None
    desk_name: str
    question: OpenQuestion | None
    answers: tuple[GivenAnswer, ...]
    additions: tuple[Addition, ...]
    files: tuple[Attachment, ...]
    decision: str
    publication_slug: str
    incident_title: str
    reopened: int
    rating: int | None
    may_add: bool
    may_rate: bool
    may_dispute: bool
    react_until_at: datetime | None


def proof_of(case: Case) -> str:
    """The proof for a case: its key and a mark that only this installation can make."""
    return f"{case.id.hex}.{_mark(case)}"


def _mark(case: Case) -> str:
    return ring().blind_index(f"{case.id}:{case.visit_id}:{case.receipt_index}", "follow-proof")


def own_case(proof: str, *, lock: bool = False) -> Case:
    """The case a proof is for.

    Raises:
        NotFound: it is no proof, or no longer one.
    """
    rows = Case.objects.select_related(
        "kind", "holder", "acting", "reporter", "hamlet", "incident", "merged_into"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(id=_key_in(proof)).first()
    if (
        case is None
        or not hmac.compare_digest(proof.partition(".")[2], _mark(case))
        or not is_open_to_owner(case)
    ):
        raise NotFound
    return case


def case_of(proof: str) -> UUID:
    """The key of the case a proof is for; raises ``NotFound`` as ``own_case`` does."""
    return own_case(proof).id


def is_open_to_owner(case: Case) -> bool:
    """A matter sealed after its slip was printed cannot be followed by that slip: the focal point tells the person."""
    return bool(case.receipt_index) or case.sensitivity != "sealed"


def followed(proof: str, now: datetime) -> FollowedCase:
    """What the owner of a proof sees.

    Raises:
        NotFound: it is no proof.
    """
    return shown(own_case(proof), now)


def shown(case: Case, now: datetime) -> FollowedCase:
    """The owner's view of a case. A matter joined with another shows where that one stands and its answers, not what was said in it."""
    main = case.merged_into or case
    sealed = case.sensitivity == "sealed"
    answers = _answers(case)
    return FollowedCase(
        proof=proof_of(case),
        number="" if sealed else case.number,
        kind_name="" if sealed else case.kind.name,
        kind_name_en="" if sealed else case.kind.name_en,
        title="" if sealed else case.title,
        text="" if sealed else case.text,
        sealed=sealed,
        region_code=case.region_code[:4],  # enough for the time zone, too little to say where
        received_at=case.received_at,
        state=case.state,
        state_words=rules.STATE_WORDS[case.state],
        next_words=rules.NEXT_WORDS[case.state],
        due_at=main.due_at if main.state in moves.OPEN_STATES else None,
        desk_name=main.acting.name,
        question=_question(case),
        answers=answers,
        additions=tuple(
            Addition(note.text, note.at)
            for note in Note.objects.filter(case=case, from_resident=True).order_by("at")
        ),
        files=tuple(
            Attachment.objects.filter(case=case, from_resident=True, removed_at=None).order_by("added_at")
        ),
        decision=case.decision,
        publication_slug=_slug(main),
        incident_title="" if sealed or case.incident is None else case.incident.title,
        reopened=case.reopened,
        rating=case.rating,
        may_add=rules.may_add(case.state),
        may_rate=rules.may_rate(case.state, bool(answers), case.rating),
        may_dispute=rules.may_dispute(case.state, now, case.react_until_at, case.closed_at),
        react_until_at=case.react_until_at,
    )


def _answers(case: Case) -> tuple[GivenAnswer, ...]:
    main = case.merged_into_id if case.merged_into_id and case.sensitivity != "sealed" else case.id
    rows = Answer.objects.filter(case_id__in={case.id, main}).select_related("desk").order_by("at")
    return tuple(GivenAnswer(row.text, row.decision, row.desk.name, row.at) for row in rows)


def _question(case: Case) -> OpenQuestion | None:
    if case.state != moves.WAITING:
        return None
    row = (
        Question.objects.filter(case=case, replied_at=None)
        .select_related("desk")
        .order_by("-asked_at")
        .first()
    )
    return OpenQuestion(row.text, row.asked_at, row.desk.name) if row else None


def _slug(case: Case) -> str:
    return Publication.objects.released().filter(case=case).values_list("slug", flat=True).first() or ""


def _key_in(proof: str) -> UUID:
    """The key in front of a proof; one that no case has, when there is none."""
    try:
        return UUID(hex=proof.partition(".")[0])
    except ValueError:
        return UUID(int=0)


def wrong_tries(since: datetime) -> int:
    """Wrong tries of receipts since then, over all numbers and addresses. Each was counted against its number and its address."""
    found = FollowGuard.objects.filter(first_at__gte=since).aggregate(total=Sum("wrong"))
    return int(found["total"] or 0) // 2
