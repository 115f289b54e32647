"""Handing on and back: the chain of hops.

Custody is never lost. Until the receiver accepts, the sender holds the matter; when the receiver answers or returns it, it
falls back to the one who sent it. A desk outside this installation never takes custody here: the sender records what it
says, and two clocks run, ours and theirs. A refusal lets the matter go to the next desk of its route: see ``tiers``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul.cases import access
from simpul.cases.actions import _consents, _hops, _tiers, protection, steps
from simpul.cases.models import Case, Hop
from simpul.cases.queries import consents as consent_queries
from simpul.cases.rules import clocks as clock_rules
from simpul.desks import queries as desk_queries
from simpul.lib import text as texts
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

if TYPE_CHECKING:
    from simpul.desks.models import Desk

OUTCOMES = ("done", "partly", "not_possible")
REPLIES = ("accepted", "refused", "answered")
MOST_RUPIAH = 10**12

ConsentTaken = _consents.ConsentTaken
NoConsent = _consents.NoConsent
NoConsentToRefer = _consents.NoConsentToRefer
DeskUnfit = _hops.DeskUnfit


class NotYourTurn(Refused):
    """Another desk has to act now."""

    code = "case.not_your_turn"
    sentence = _("It is another desk's turn. Only the desk named on the matter can do this now.")


class StillAsked(Refused):
    """An outside body is at work on the matter: no second one is asked beside it."""

    code = "case.still_asked"
    sentence = _(
        "%(desk)s is still at work on this matter. Record its reply first, or call the matter back from there; then send it on."
    )


class ReplyUnknown(Refused):
    """An outside body accepts, refuses or answers."""

    code = "case.reply_unknown"
    sentence = _("Choose what the other institution said: accepted, refused, or answered.")
    field = "reply"


class AmountWrong(Refused):
    """Money is counted in whole rupiah."""

    code = "referral.amount_wrong"
    sentence = _("Write the amount in whole rupiah, for example 750.000.")
    field = "given_amount"


class ServiceUnknown(Refused):
    """The service is not one of the desk's."""

    code = "referral.service_unknown"
    sentence = _("Choose a service that this desk gives, or none.")
    field = "service_id"


@dataclass(frozen=True, slots=True)
class Given:
    """What the person got in the end: which service, how much in whole rupiah, when, and into whose hands."""

    service: str = ""
    amount: int | None = None
    date: date | None = None
    to: str = ""


def refer_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    to_desk_id: UUID,
    note: str,
    extract: str = "",
    shares_contact: bool = False,
    consent: str = "",
    their_due_date: date | None = None,
    outside_number: str = "",
    taken: ConsentTaken | None = None,
    service_id: UUID | None = None,
    hop_id: UUID | None = None,
) -> Hop:
    """Offer the matter to another desk. It stays in the sender's custody until it is accepted.

    One is asked at a time: while an outside body that took it on has not replied, nobody else is.
    The same ``hop_id`` again changes nothing.

    Args:
        note: why, for the receiver; internal.
        extract: what a partner or outside body may read; the matter's own words when empty and the desk is of the house. It goes
            along when the matter falls to the next desk.
        consent: how the person agreed (spoken, ticked, paper, proxy), for this hand-over alone.
        taken: a consent given right now, which is written into the book of consents and holds for the whole matter.
        service_id: which service of that desk is asked for.

    Raises:
        DeskUnfit, StillAsked, NoConsent, NoConsentToRefer, ServiceUnknown, MoveRefused, NotFound,
        WordsMissing; the refusals of ``give_consent``.
    """
    with transaction.atomic():
        known = _sent_before(by, case_id, hop_id)
        if known is not None:
            return known
        case = steps.begin(by, "case.refer", case_id)
        desk = desk_queries.desk(to_desk_id)
        if desk is None:
            raise NotFound
        _hops.check_desk(case, desk)
        at_work = case.hops.filter(_AT_WORK_OUTSIDE).select_related("to_desk").first()
        if at_work is not None:
            raise StillAsked(desk=at_work.to_desk.name)
        if service_id is not None and not desk_queries.gives_service(desk, service_id):
            raise ServiceUnknown
        sent = _hops.Sent(
            note=steps.words(note, field="note"),
            extract=_extract(extract, desk),
            shares_contact=shares_contact,
            consent=_consents.settle(
                case, by, at, desk, shares_contact=shares_contact, said=consent, taken=taken
            ),
            their_due_date=their_due_date,
            outside_number=texts.clean_line(outside_number)[:60],
            service_id=service_id,
            hop_id=hop_id,
        )
        hop = _hops.offer(case, by, at, "case.refer", desk, sent)
        steps.journal(
            by,
            at,
            "case.refer",
            case,
            {"from": hop.from_desk.name, "to": desk.name, "hop": hop.position},
            {"note": sent.note, "extract": hop.extract},
        )
        return hop


def _sent_before(by: Actor, case_id: UUID, hop_id: UUID | None) -> Hop | None:
    """The hand-over that was sent under this key before; the matter may have moved on since.

    Raises:
        NotFound: the key is another matter's, or the matter is not the actor's to see.
    """
    if hop_id is None or not Hop.objects.filter(id=hop_id).exists():
        return None
    return steps.again(Hop, hop_id, access.get_for(by, case_id))


def _extract(extract: str, desk: Desk) -> str:
    """What another institution reads; it must be there, and may be empty for a desk of the house."""
    if consent_queries.is_institution(desk):
        return steps.words(extract, field="extract")
    return steps.free_words(extract, field="extract")


def accept_case(*, by: Actor, at: datetime, case_id: UUID) -> None:
    """Take custody of an offered matter."""
    with transaction.atomic():
        case = steps.begin(by, "case.accept", case_id)
        hop = _offered_hop(by, case)
        Hop.objects.filter(id=hop.id).update(state="accepted", accepted_at=at, accepted_by=by.name)
        steps.move(
            case,
            "case.accept",
            at,
            holder=hop.to_desk,
            acting=hop.to_desk,
            seat_id=by.seat_id,
            handler_name=by.name,
        )
        steps.stop_clocks(case, "taken", at, hop=hop)
        steps.start_turn(case, clock_rules.WORK, hop.to_desk, at, hop)
        steps.journal(by, at, "case.accept", case, {"desk": hop.to_desk.name, "hop": hop.position})


def decline_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Say "not ours", with the reason. Custody never left the sender.

    The next desk of the route is asked at once where the kind says so and nothing is missing; else the sender has the turn again.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.decline", case_id)
        hop = _offered_hop(by, case)
        why = steps.words(reason, field="reason")
        _hops.end(case, hop, by, at, "declined", reason=why)
        steps.move(case, "case.decline", at, acting=case.holder)
        steps.start_turn(case, clock_rules.WORK, case.holder, at)
        steps.journal(
            by, at, "case.decline", case, {"desk": hop.to_desk.name, "hop": hop.position}, {"reason": why}
        )
        _tiers.fall(case, at, hop, why)


def recall_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Call an offer back that nobody has accepted yet, or the matter from an outside body that took it on: custody never left us."""
    with transaction.atomic():
        case = steps.begin(by, "case.recall", case_id)
        hop = _recallable(case)
        if not {hop.from_desk_id, case.holder_id} & by.desk_ids and by.role != "focal_point":
            raise NotYourTurn
        why = steps.free_words(reason, field="reason")
        _hops.end(case, hop, by, at, "recalled", reason=why)
        steps.move(case, "case.recall", at, acting=case.holder)
        steps.start_turn(case, clock_rules.WORK, case.holder, at)
        steps.journal(
            by, at, "case.recall", case, {"desk": hop.to_desk.name, "hop": hop.position}, {"reason": why}
        )


def return_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Give an accepted matter back unanswered, with the reason; custody returns to the sender."""
    with transaction.atomic():
        case = steps.begin(by, "case.return", case_id)
        hop = _held_hop(case)
        why = steps.words(reason, field="reason")
        _hops.end(case, hop, by, at, "returned", reason=why)
        _back_to(case, "case.return", hop, at)
        steps.tell_desk(
            case, case.holder, "desk_returned", at, once=str(hop.position), values={"reason": why}
        )
        steps.journal(
            by,
            at,
            "case.return",
            case,
            {"from": hop.to_desk.name, "to": case.holder.name, "hop": hop.position},
            {"reason": why},
        )


def answer_referral(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    answer: str,
    outcome: str = "done",
    given: Given | None = None,
) -> None:
    """Answer what was asked: the matter climbs one step back down the chain with it, and with what the person was given.

    The sender finds the answer as a draft and decides what the person is told.

    Raises:
        NotYourTurn, WordsMissing, AmountWrong.
    """
    with transaction.atomic():
        case = steps.begin(by, "referral.answer", case_id)
        hop = _held_hop(case)
        said = steps.words(answer, field="answer")
        result = outcome if outcome in OUTCOMES else "done"
        _hops.end(case, hop, by, at, "answered", answer=said, outcome=result, **_given(given))
        _back_to(case, "referral.answer", hop, at, draft_answer=case.draft_answer or said)
        steps.stop_clocks(case, "followed_up", at)
        steps.tell_desk(case, case.holder, "desk_answered", at, once=str(hop.position))
        steps.journal(
            by,
            at,
            "referral.answer",
            case,
            {"from": hop.to_desk.name, "to": case.holder.name, "outcome": result, "hop": hop.position},
            {"answer": said, **_given_facts(given)},
        )


def _given(given: Given | None) -> dict[str, Any]:
    """The columns of what was given."""
    if given is None:
        return {}
    if given.amount is not None and not 0 <= given.amount <= MOST_RUPIAH:
        raise AmountWrong
    return {
        "given_service": texts.clean_line(given.service)[:120],
        "given_amount": given.amount,
        "given_date": given.date,
        "given_to": texts.clean_line(given.to)[:150],
    }


def _given_facts(given: Given | None) -> dict[str, Any]:
    return {name: value for name, value in _given(given).items() if value not in ("", None)}


def record_reply(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    reply: str,
    words: str,
    outside_number: str = "",
    their_due_date: date | None = None,
    outcome: str = "",
    given: Given | None = None,
) -> None:
    """Write down what an outside body said: accepted (their clock runs on), refused, or answered with what it gave.

    After a refusal the next desk of the route is asked, as in ``decline_case``.

    Raises:
        ReplyUnknown, NotYourTurn, WordsMissing, AmountWrong.
    """
    with transaction.atomic():
        case = steps.begin(by, "reply.record", case_id)
        if reply not in REPLIES:
            raise ReplyUnknown
        hop = _hop(case, "offered", "accepted", outside=True)
        said = steps.words(words, field="words")
        if reply == "accepted":
            changes = {
                "accepted_at": at,
                "accepted_by": hop.to_desk.name,
                "state": "accepted",
                "reason": said,
            }
            if their_due_date:
                changes["their_due_date"] = their_due_date
            Hop.objects.filter(id=hop.id).update(
                **changes, outside_number=texts.clean_line(outside_number)[:60] or hop.outside_number
            )
            steps.stop_clocks(case, "taken", at, hop=hop)
        else:
            refused = reply == "refused"
            ended = (
                {"reason": said}
                if refused
                else {"answer": said, "outcome": _outcome(outcome), **_given(given)}
            )
            _hops.end(case, hop, by, at, "declined" if refused else "answered", **ended)
        draft = said if reply == "answered" and not case.draft_answer else case.draft_answer
        steps.move(case, "reply.record", at, acting=case.holder, draft_answer=draft)
        if reply != "accepted":
            steps.start_turn(case, clock_rules.WORK, case.holder, at)
        steps.journal(
            by,
            at,
            "reply.record",
            case,
            {"desk": hop.to_desk.name, "reply": reply, "hop": hop.position},
            {"words": said, **(_given_facts(given) if reply == "answered" else {})},
        )
        if reply == "refused":
            _tiers.fall(case, at, hop, said)


def _outcome(outcome: str) -> str:
    return outcome if outcome in OUTCOMES else ""


def supersede_hops(case: Case, by: Actor, at: datetime) -> None:
    """The matter was answered or ended over the heads of open hops: they end too. A step, not an act."""
    case.hops.filter(state__in=("offered", "accepted")).update(
        state="superseded", ended_at=at, ended_by=by.name
    )


def _offered_hop(by: Actor, case: Case) -> Hop:
    """The open offer, if it is this actor's to decide."""
    hop = _hop(case, "offered", outside=False)
    if hop.to_desk_id not in by.desk_ids and by.role != "focal_point":
        raise NotYourTurn
    return hop


_AT_WORK_OUTSIDE = Q(state="accepted", to_desk__outside=True, ended_at=None)
"""Hops of outside bodies that took the matter on and have not replied."""


def _recallable(case: Case) -> Hop:
    """The hop that can be called back: an offer, or one at an outside body."""
    wanted = Q(state="offered") | _AT_WORK_OUTSIDE
    hop = case.hops.filter(wanted).select_related("from_desk", "to_desk").order_by("-position").first()
    if hop is None:
        raise NotYourTurn
    return hop


def _held_hop(case: Case) -> Hop:
    """The accepted hop that gave the present holder custody."""
    hop = (
        case.hops.filter(state="accepted", to_desk=case.holder_id)
        .select_related("from_desk", "to_desk")
        .order_by("-position")
        .first()
    )
    if hop is None:
        raise NotYourTurn
    return hop


def _hop(case: Case, *states: str, outside: bool | None = None) -> Hop:
    wanted = Q(state__in=states)
    if outside is not None:
        wanted &= Q(to_desk__outside=outside)
    hop = case.hops.filter(wanted).select_related("from_desk", "to_desk").order_by("-position").first()
    if hop is None:
        raise NotYourTurn
    return hop


def _back_to(case: Case, act: str, hop: Hop, at: datetime, **changes: object) -> None:
    """Custody falls back to the desk that sent the matter, and its own turn begins.

    A desk that was kept away meanwhile does not get it back; another one does.
    """
    desk = protection.instead_of(case, hop.from_desk)
    steps.move(case, act, at, holder=desk, acting=desk, seat_id=None, handler_name="", **changes)
    steps.join_chain(case, desk, at)
    earlier = case.hops.filter(state="accepted", to_desk=desk).order_by("-position").first()
    steps.start_turn(case, clock_rules.WORK, desk, at, earlier)
