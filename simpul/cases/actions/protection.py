"""Acts that keep a matter safe: judge the screening, seal, keep away, break the glass, show who reported.

A sealed matter is seen by the focal points of its area and by readers named to it; whoever it is about sees nothing, and nothing
tells them so. Every look at it leaves a line. Sources: humanitarian PSEA procedures (forwarded within 24 hours, need to know even
against senior management), GlobaLeaks' identity custodian (reasons recorded both ways), Perpres 76/2013 (protection from reprisal).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.accounts import queries as account_queries
from simpul.cases import access, search
from simpul.cases.actions import publishing, steps
from simpul.cases.models import (
    BreakGlass,
    Case,
    Clock,
    Exclusion,
    IdentityRequest,
    Reader,
)
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import protection as queries
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import kinds as kind_rules
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages.queries import calls as call_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk

GLASS_LASTS = timedelta(hours=4)
IDENTITY_LASTS = timedelta(days=7)
LEAST_REASON = 20
PROTECT_HOURS = 24


class AlreadyJudged(Refused):
    """No word of this matter waits for a judgement."""

    code = "case.already_judged"
    sentence = _("Nothing waits to be judged here: somebody has already looked, or no word was flagged.")


class AlreadySealed(Refused):
    """It is sealed."""

    code = "case.already_sealed"
    sentence = _("This matter is sealed already.")


class NotSealed(Refused):
    """It is not sealed."""

    code = "case.not_sealed"
    sentence = _("This matter is not sealed.")


class SealedByKind(Refused):
    """Its kind, or an answer in it, keeps it sealed."""

    code = "case.sealed_by_kind"
    sentence = _(
        "Matters of this kind are always sealed. First change the kind, if it is really about something else."
    )


class ReasonTooShort(Refused):
    """A reason that others will read later has to say something."""

    code = "case.reason_too_short"
    sentence = _("Give the reason in at least %(least)s letters: it is read by those who protect the person.")
    field = "reason"


class ReaderUnknown(Refused):
    """A reader must be somebody who signs in and is not kept away from the matter."""

    code = "case.reader_unknown"
    sentence = _("Choose readers who sign in here and who are not kept away from this matter.")
    field = "reader_ids"


class NobodyToExclude(Refused):
    """Name somebody."""

    code = "case.nobody_to_exclude"
    sentence = _("Choose the person or the desk that must not see this matter.")
    field = "user_id"


class NobodyLeft(Refused):
    """A matter never loses its last pair of eyes."""

    code = "case.nobody_left"
    sentence = _(
        "Then nobody could see this matter any more. First name another reader, or hand it to another desk."
    )


class NotHidden(Refused):
    """The name is not hidden from the actor."""

    code = "identity.not_hidden"
    sentence = _("Who reported is not hidden here: either you see it already, or nobody knows it.")


class RequestWaits(Refused):
    """One request at a time."""

    code = "identity.request_waits"
    sentence = _("Your earlier request about this matter still waits for the custodian.")


class OwnRequest(Refused):
    """Nobody decides on their own request."""

    code = "identity.own_request"
    sentence = _("You asked for this yourself, so another custodian must decide.")


# --- screening and seals --------------------------------------------------------------------------------------------


def screen_case(*, by: Actor, at: datetime, case_id: UUID, sensitive: bool, reason: str) -> None:
    """Judge a matter that words have closed.

    Sensitive: it stays sealed, for the focal point. Not sensitive: it is opened, goes to the first desk of its kind, and its
    clocks count from the moment it was received: the person lost no time by our caution. A matter that was flagged by words added
    later was never closed, and stays where it is.

    Raises:
        AlreadyJudged, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.screen", case_id)
        if case.screening != "flagged":
            raise AlreadyJudged
        why = steps.words(reason, field="reason")
        steps.change(case, at, screening="judged")
        if sensitive:
            _close_up(case, at)
        elif case.sensitivity == "sealed":
            _open_up(case, at)
            _to_first_desk(case, at)
        steps.journal(by, at, "case.screen", case, {"sensitive": sensitive}, {"reason": why})


def seal_case(
    *, by: Actor, at: datetime, case_id: UUID, reason: str, reader_ids: Sequence[UUID] = ()
) -> None:
    """Close a matter for all but the focal points of its area and the readers named.

    It leaves lists, search and publication in the same transaction, messages that nobody has got yet are held back, and it moves
    to the protected desk of the place, if there is one.

    Raises:
        AlreadySealed, ReaderUnknown, WordsMissing, NobodyLeft.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.seal", case_id)
        why = steps.words(reason, field="reason")
        if case.sensitivity == "sealed":
            raise AlreadySealed
        _name_readers(case, at, reader_ids)
        _close_up(case, at)
        if not queries.someone_remains(case, at):
            raise NobodyLeft
        steps.journal(by, at, "case.seal", case, {"readers": len(reader_ids)}, {"reason": why})


def unseal_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Lift the seal: the matter is as open as its kind and answers allow, and stays with the desk that holds it.

    Raises:
        NotSealed, SealedByKind, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.unseal", case_id)
        why = steps.words(reason, field="reason")
        if case.sensitivity != "sealed":
            raise NotSealed
        _open_up(case, at)
        steps.journal(by, at, "case.unseal", case, {"sensitivity": case.sensitivity}, {"reason": why})


def view_sealed_case(*, by: Actor, at: datetime, case_id: UUID, why: str = "") -> Case:
    """Open a sealed matter and leave a line that says who looked, so that the person can be told.

    Raises:
        NotFound: no such matter for this actor.
        NotSealed: ordinary matters are opened without a line.
    """
    with transaction.atomic():
        case = access.get_for(by, case_id)
        roles.require(by, "case.view_sealed", access.place_of(case))
        if case.sensitivity != "sealed":
            raise NotSealed
        steps.journal(by, at, "case.view_sealed", case, inputs={"why": why.strip()[:200]})
        return case


def _name_readers(case: Case, at: datetime, reader_ids: Sequence[UUID]) -> None:
    kept_away = set(case.exclusions.filter(lifted_at=None).values_list("user_id", flat=True))
    for user_id in dict.fromkeys(reader_ids):
        user = account_queries.user(user_id)
        if user is None or not user.is_active or user_id in kept_away:
            raise ReaderUnknown
        Reader.objects.update_or_create(
            case=case, user_id=user_id, defaults={"named_at": at, "until_at": None}
        )


def _close_up(case: Case, at: datetime) -> None:
    """Everything that sealing takes away, and the protected desk's own 24 hours."""
    steps.change(case, at, sensitivity="sealed")
    search.drop_case(case.id)
    publishing.take_down(case, at)
    for message_id in message_queries.waiting_for(case.id):
        message_actions.hold_message(by=MACHINE, at=at, message_id=message_id, reason="sealed", seal=True)
    message_actions.seal_incoming(by=MACHINE, at=at, subject_id=case.id)
    for call in call_queries.of_subject(case.id):
        message_actions.change_call(by=MACHINE, at=at, call_id=call.id, changes={"sealed": True})
    desk = desk_queries.nearest("protected", case.region_code)
    if desk is not None and case.is_open and not case.holder.protected and not _is_kept_away(case, desk.id):
        _hand_to(case, desk, at)
    steps.tell_desk(case, case.holder, "desk_protected", at, once=f"sealed-{at:%y%m%d%H%M%S}")
    start_protection(case, at)


def close_at_least(case: Case, at: datetime, sensitivity: str) -> None:
    """Close a matter to at least this much; it never becomes more open by it. A step, not an act.

    Raises:
        NobodyLeft: nobody could see it any more.
    """
    if kind_rules.SENSITIVITIES.index(sensitivity) <= kind_rules.SENSITIVITIES.index(case.sensitivity):
        return
    if sensitivity != "sealed":
        steps.change(case, at, sensitivity=sensitivity)
        return
    _close_up(case, at)
    if not queries.someone_remains(case, at):
        raise NobodyLeft


def start_protection(case: Case, at: datetime) -> None:
    """Start the 24 hours in which a sealed matter must be taken on, unless they run or somebody has it in hand. A step, not an act."""
    running = Clock.objects.filter(case=case, key=clock_rules.PROTECT, stopped_at=None).exists()
    if running or case.state != moves.NEW:
        return
    source = str(_("Forwarded within 24 hours (PSEA procedures)"))
    rule = clock_rules.Rule(clock_rules.PROTECT, "hours", PROTECT_HOURS, False, "protection/1", source)
    steps.start_clock(case, rule, at, case.holder)
    steps.refresh_due(case)


def _open_up(case: Case, at: datetime) -> None:
    """Lift the seal to what the kind and its answers say, and let the matter be found again."""
    openness = kind_rules.sensitivity_from(case.kind.sensitivity, case.kind.fields, case.answers)
    if openness == "sealed":
        raise SealedByKind
    Reader.objects.filter(case=case).delete()
    Clock.objects.filter(case=case, key=clock_rules.PROTECT, stopped_at=None).update(stopped_at=at)
    steps.change(case, at, sensitivity=openness)
    steps.refresh_due(case)
    search.index_case(case)


def _to_first_desk(case: Case, at: datetime) -> None:
    """Bring an opened matter where it would have gone without the flag; its clocks run there as if it had."""
    desk = kind_queries.first_desk(case.kind, case.region_code, case.answers) or case.first_desk
    if desk.id != case.holder_id and not _is_kept_away(case, desk.id):
        _hand_to(case, desk, at)
        steps.change(case, at, first_desk=desk)
    running = Clock.objects.filter(case=case, stopped_at=None)
    if running.filter(key=clock_rules.ANSWER).exists():
        running.filter(hop=None).update(desk=case.holder)
    else:
        steps.start_kind_clocks(case, "received", case.received_at, case.holder)
    steps.tell_desk(case, case.holder, "desk_new", at, once="screened")


def _hand_to(case: Case, desk: Any, at: datetime) -> None:
    """Custody moves by protection, not by a hop: open offers end, and the new desk is on the chain."""
    case.hops.filter(state__in=("offered", "accepted")).update(state="superseded", ended_at=at)
    changes: dict[str, Any] = {"holder": desk, "acting": desk, "seat_id": None, "handler_name": ""}
    if case.state == moves.OFFERED:
        steps.move(case, "case.recall", at, **changes)
    else:
        steps.change(case, at, **changes)
    steps.join_chain(case, desk, at)


def _is_kept_away(case: Case, desk_id: UUID) -> bool:
    return Exclusion.objects.filter(case=case, desk_id=desk_id, lifted_at=None).exists()


# --- keeping people away --------------------------------------------------------------------------------------------


def exclude_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    reason: str,
    user_id: UUID | None = None,
    desk_id: UUID | None = None,
) -> Exclusion:
    """Keep a person or a whole desk away from a matter that is about them. They see nothing, and nothing tells them so.

    When the desk holds the matter, it moves to the protected desk of the place or to the desk above.

    Raises:
        NobodyToExclude, NobodyLeft, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.exclude", case_id)
        why = steps.words(reason, field="reason", most=200)
        if (user_id is None) == (desk_id is None):
            raise NobodyToExclude
        if user_id is not None and account_queries.user(user_id) is None:
            raise NobodyToExclude
        if desk_id is not None and desk_queries.desk(desk_id) is None:
            raise NobodyToExclude
        whom = Q(user_id=user_id) if user_id else Q(desk_id=desk_id)
        known = Exclusion.objects.filter(whom, case=case, lifted_at=None).first()
        made = known or Exclusion.objects.create(
            case=case, user_id=user_id, desk_id=desk_id, reason=why, made_at=at
        )
        if user_id is not None:
            Reader.objects.filter(case=case, user_id=user_id).delete()
        if desk_id is not None:
            _away_from(case, desk_id, at)
        if case.is_open and not queries.someone_remains(case, at):
            raise NobodyLeft
        _lay_down(case, at, user_id)
        steps.journal(by, at, "case.exclude", case, inputs={"user": user_id, "desk": desk_id, "reason": why})
        return made


def _away_from(case: Case, desk_id: UUID, at: datetime) -> None:
    """When the desk that is kept away holds the matter or has its turn, another one takes it."""
    if desk_id in (case.holder_id, case.acting_id) and case.is_open:
        _hand_to(case, instead_of(case, case.holder), at)


def instead_of(case: Case, desk: Desk) -> Desk:
    """``desk``, or when it is kept away from the matter, the protected desk of the place or the desk above it. A step, not an act.

    Raises:
        NobodyLeft: there is none.
    """
    choices = (desk, desk_queries.nearest("protected", case.region_code), desk.above)
    for one in choices:
        if one and not _is_kept_away(case, one.id) and (one is desk or one.closed_at is None):
            return one
    raise NobodyLeft


def _lay_down(case: Case, at: datetime, user_id: UUID | None) -> None:
    """A person who is kept away no longer has the matter in hand."""
    if user_id is not None and case.seat_id is not None:
        seat = desk_queries.seat(case.seat_id)
        if seat is not None and seat.user_id == user_id:
            steps.change(case, at, seat_id=None, handler_name="")


def readmit_case(*, by: Actor, at: datetime, case_id: UUID, exclusion_id: UUID, reason: str) -> None:
    """Lift an exclusion that was wrong or is over.

    Raises:
        NotFound: there is no such exclusion on this matter.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.readmit", case_id)
        why = steps.words(reason, field="reason")
        if Exclusion.objects.filter(id=exclusion_id, case=case, lifted_at=None).update(lifted_at=at) != 1:
            raise NotFound
        steps.journal(by, at, "case.readmit", case, inputs={"exclusion": exclusion_id, "reason": why})


# --- emergencies and identities -------------------------------------------------------------------------------------


def break_glass_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> BreakGlass:
    """Open a sealed matter in an emergency, for four hours. The focal point's desk is alerted in the same transaction.

    Raises:
        NotFound: unknown, outside the area, about the actor, or open to them anyway.
        ReasonTooShort.
    """
    with transaction.atomic():
        case = access.sealed_for_glass(by, case_id)
        roles.require(by, "case.break_glass", access.place_of(case))
        why = _reason(reason)
        if by.user_id is None:
            raise NotFound
        glass = BreakGlass.objects.create(
            case=case, user_id=by.user_id, by_name=by.name, reason=why, at=at, until_at=at + GLASS_LASTS
        )
        desk = desk_queries.nearest("protected", case.region_code)
        for alerted in {one.id: one for one in (case.holder, desk) if one is not None}.values():
            steps.tell_desk(case, alerted, "desk_protected", at, once=f"glass-{at:%y%m%d%H%M%S%f}")
        steps.journal(by, at, "case.break_glass", case, {"until": glass.until_at}, {"reason": why})
        return glass


def ask_identity(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> IdentityRequest:
    """Ask the custodian to show who reported, with the reason.

    Raises:
        NotHidden, RequestWaits, ReasonTooShort.
    """
    with transaction.atomic():
        case = steps.begin(by, "identity.ask", case_id)
        why = _reason(reason)
        if by.user_id is None or case.reporter_id is None or access.sees_reporter(by, case, at=at):
            raise NotHidden
        if case.identity_requests.filter(asked_by_user_id=by.user_id, decided_at=None).exists():
            raise RequestWaits
        request = IdentityRequest.objects.create(
            case=case, asked_by_user_id=by.user_id, asked_by=by.name, reason=why, asked_at=at
        )
        steps.journal(by, at, "identity.ask", case, inputs={"reason": why})
        return request


def decide_identity(
    *, by: Actor, at: datetime, request_id: UUID, granted: bool, reason: str
) -> IdentityRequest:
    """Decide on a wish to see who reported; a yes lasts seven days and for the asker alone.

    Raises:
        NotFound: no such open request for this custodian.
        OwnRequest, ReasonTooShort.
    """
    with transaction.atomic():
        request = (
            access.identity_requests(by).filter(id=request_id, decided_at=None).select_related("case").first()
        )
        if request is None:
            raise NotFound
        roles.require(by, "identity.decide", access.place_of(request.case))
        why = _reason(reason)
        if by.user_id == request.asked_by_user_id:
            raise OwnRequest
        changed = IdentityRequest.objects.filter(id=request_id, decided_at=None).update(
            granted=granted,
            decision_reason=why,
            decided_by=by.name,
            decided_at=at,
            until_at=at + IDENTITY_LASTS if granted else None,
        )
        if changed != 1:
            raise NotFound
        request.refresh_from_db()
        steps.journal(
            by,
            at,
            "identity.decide",
            request.case,
            {"granted": granted},
            {"reason": why, "for": request.asked_by},
        )
        return request


def _reason(reason: str) -> str:
    why = " ".join(reason.split())[:2000]
    if len(why) < LEAST_REASON:
        raise ReasonTooShort(least=LEAST_REASON)
    return why
