"""Handing on and back: the chain of hops.

Custody is never lost. Until the receiver accepts, the sender holds the matter; when the receiver answers or returns it, it
falls back to the one who sent it. A desk outside this installation never takes custody here: the sender records what it
says, and two clocks run, ours and theirs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import protection, steps
from simpul.cases.models import Case, Exclusion, Hop
from simpul.cases.rules import clocks as clock_rules
from simpul.desks import queries as desk_queries
from simpul.lib import text as texts
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

if TYPE_CHECKING:
    from simpul.desks.models import Desk

OUTCOMES = ("done", "partly", "not_possible")
REPLIES = ("accepted", "refused", "answered")


class NotYourTurn(Refused):
    """Another desk has to act now."""

    code = "case.not_your_turn"
    sentence = _("It is another desk's turn. Only the desk named on the matter can do this now.")


class DeskUnfit(Refused):
    """The matter cannot go to that desk."""

    code = "case.desk_unfit"
    sentence = _("The matter cannot be handed to %(desk)s: %(why)s Choose another desk.")
    field = "to_desk_id"


class ReplyUnknown(Refused):
    """An outside body accepts, refuses or answers."""

    code = "case.reply_unknown"
    sentence = _("Choose what the other institution said: accepted, refused, or answered.")
    field = "reply"


class NoConsent(Refused):
    """Contact details leave the installation only with the person's consent."""

    code = "case.no_consent"
    sentence = _(
        "To share the person's contact with this institution, first ask for consent and say how it was given."
    )
    field = "consent"


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
) -> Hop:
    """Offer the matter to another desk. It stays in the sender's custody until it is accepted.

    Args:
        note: why, for the receiver; internal.
        extract: what a partner or outside body may read; the matter's own words when empty and the desk is of the house.
        consent: how the person agreed to sharing (spoken, ticked, paper); needed when the contact goes along to a partner.

    Raises:
        DeskUnfit, NoConsent, MoveRefused, NotFound, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.refer", case_id)
        desk = desk_queries.desk(to_desk_id)
        if desk is None:
            raise NotFound
        _check_desk(case, desk)
        partner = desk.outside or desk.level == "partner"
        if partner and shares_contact and not consent:
            raise NoConsent
        sent = steps.words(note, field="note")
        hop = Hop.objects.create(
            case=case,
            position=(case.hops.aggregate(top=Max("position"))["top"] or 0) + 1,
            from_desk=case.holder,
            to_desk=desk,
            state="offered",
            sent_at=at,
            sent_by=by.name,
            note=sent,
            extract=steps.words(extract, field="extract")
            if partner
            else steps.free_words(extract, field="extract"),
            shares_contact=shares_contact,
            consent=consent[:12],
            outside_number=texts.clean_line(outside_number)[:60],
            their_due_date=their_due_date,
            tier=case.hops.filter(state="declined").count(),
        )
        _dispose(case, at)
        steps.move(
            case,
            "case.refer",
            at,
            acting=case.holder if desk.outside else desk,
            seat_id=None,
            handler_name="",
        )
        steps.stop_clocks(case, "hop_ended", at)
        steps.start_turn(case, clock_rules.HOP, case.holder if desk.outside else desk, at, hop)
        if desk.outside:
            _start_their_clock(case, hop, desk, at)
        steps.join_chain(case, desk, at, extract_only=desk.level == "partner")
        steps.tell_desk(
            case,
            desk,
            "desk_referred",
            at,
            once=str(hop.position),
            values={"extract": hop.extract or case.title},
        )
        steps.tell(case, "assigned", at, once=str(hop.position), values={"desk": desk.name})
        steps.journal(
            by,
            at,
            "case.refer",
            case,
            {"from": hop.from_desk.name, "to": desk.name, "hop": hop.position},
            {"note": sent, "extract": hop.extract},
        )
        return hop


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
    """Say "not ours", with the reason; custody never left the sender, who has the turn again."""
    with transaction.atomic():
        case = steps.begin(by, "case.decline", case_id)
        hop = _offered_hop(by, case)
        why = steps.words(reason, field="reason")
        _end_hop(case, hop, by, at, "declined", reason=why)
        steps.move(case, "case.decline", at, acting=case.holder)
        steps.start_turn(case, clock_rules.WORK, case.holder, at)
        steps.tell_desk(
            case, case.holder, "desk_declined", at, once=str(hop.position), values={"reason": why}
        )
        steps.journal(
            by, at, "case.decline", case, {"desk": hop.to_desk.name, "hop": hop.position}, {"reason": why}
        )


def recall_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Call an offer back that nobody has accepted yet."""
    with transaction.atomic():
        case = steps.begin(by, "case.recall", case_id)
        hop = _hop(case, "offered")
        if hop.from_desk_id not in by.desk_ids and by.role != "focal_point":
            raise NotYourTurn
        why = steps.free_words(reason, field="reason")
        _end_hop(case, hop, by, at, "recalled", reason=why)
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
        _end_hop(case, hop, by, at, "returned", reason=why)
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


def answer_referral(*, by: Actor, at: datetime, case_id: UUID, answer: str, outcome: str = "done") -> None:
    """Answer what was asked: the matter climbs one step back down the chain with it.

    The sender finds the answer as a draft and decides what the person is told.
    """
    with transaction.atomic():
        case = steps.begin(by, "referral.answer", case_id)
        hop = _held_hop(case)
        said = steps.words(answer, field="answer")
        result = outcome if outcome in OUTCOMES else "done"
        _end_hop(case, hop, by, at, "answered", answer=said, outcome=result)
        _back_to(case, "referral.answer", hop, at, draft_answer=case.draft_answer or said)
        steps.stop_clocks(case, "followed_up", at)
        steps.tell_desk(case, case.holder, "desk_answered", at, once=str(hop.position))
        steps.journal(
            by,
            at,
            "referral.answer",
            case,
            {"from": hop.to_desk.name, "to": case.holder.name, "outcome": result, "hop": hop.position},
            {"answer": said},
        )


def record_reply(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    reply: str,
    words: str,
    outside_number: str = "",
    their_due_date: date | None = None,
) -> None:
    """Write down what an outside body said: accepted (their clock runs on), refused, or answered.

    Raises:
        ReplyUnknown, NotYourTurn, WordsMissing.
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
            state = "declined" if reply == "refused" else "answered"
            _end_hop(
                case,
                hop,
                by,
                at,
                state,
                reason=said if reply == "refused" else "",
                answer="" if reply == "refused" else said,
            )
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
            {"words": said},
        )


def supersede_hops(case: Case, by: Actor, at: datetime) -> None:
    """The matter was answered or ended over the heads of open hops: they end too. A step, not an act."""
    case.hops.filter(state__in=("offered", "accepted")).update(
        state="superseded", ended_at=at, ended_by=by.name
    )


def _check_desk(case: Case, desk: Desk) -> None:
    """Refuse a desk that is closed, already holds the matter, is kept away from it, or may not hold sealed matters."""
    why: Any = ""
    if desk.closed_at is not None:
        why = _("it is closed.")
    elif desk.id == case.holder_id or case.hops.filter(state="accepted", from_desk=desk).exists():
        why = _("it already has this matter on its chain; return it instead.")
    elif Exclusion.objects.filter(case=case, desk=desk, lifted_at=None).exists():
        why = _("it is kept away from this matter.")
    elif case.sensitivity == "sealed" and not desk.protected:
        why = _("sealed matters go to protected desks only.")
    if why:
        raise DeskUnfit(desk=desk.name, why=why)


def _offered_hop(by: Actor, case: Case) -> Hop:
    """The open offer, if it is this actor's to decide."""
    hop = _hop(case, "offered", outside=False)
    if hop.to_desk_id not in by.desk_ids and by.role != "focal_point":
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


def _end_hop(case: Case, hop: Hop, by: Actor, at: datetime, state: str, **words: str) -> None:
    if (
        Hop.objects.filter(id=hop.id, ended_at=None).update(
            state=state, ended_at=at, ended_by=by.name, **words
        )
        != 1
    ):
        raise steps.ChangedMeanwhile
    steps.stop_clocks(case, "hop_ended", at, hop=hop)


def _back_to(case: Case, act: str, hop: Hop, at: datetime, **changes: object) -> None:
    """Custody falls back to the desk that sent the matter, and its own turn begins.

    A desk that was kept away meanwhile does not get it back; another one does.
    """
    desk = protection.instead_of(case, hop.from_desk)
    steps.move(case, act, at, holder=desk, acting=desk, seat_id=None, handler_name="", **changes)
    steps.join_chain(case, desk, at)
    earlier = case.hops.filter(state="accepted", to_desk=desk).order_by("-position").first()
    steps.start_turn(case, clock_rules.WORK, desk, at, earlier)


def _dispose(case: Case, at: datetime) -> None:
    """The first hand-over: verification is over, and the official measure (laju) starts to count."""
    if case.first_disposed_at is None:
        steps.change(case, at, first_disposed_at=at)
        steps.start_kind_clocks(case, "disposed", at, case.holder)
    steps.stop_clocks(case, "disposed", at)


def _start_their_clock(case: Case, hop: Hop, desk: Desk, at: datetime) -> None:
    days = max(1, desk.their_days)
    rule = clock_rules.Rule(
        clock_rules.THEIRS,
        "working_days",
        days,
        False,
        f"desk/{desk.code}",
        str(_("The outside body's own promise")),
    )
    clock = steps.start_clock(case, rule, at, desk, hop)
    if hop.their_due_date is None:
        Hop.objects.filter(id=hop.id).update(
            their_due_date=steps.calendar_of(desk, at, case.region_code).local_date(clock.due_at)
        )
