"""The telephone log: a call is written down, changed, tied to a matter; a call-back is promised and the promise kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access
from simpul.messages.actions import _calls
from simpul.messages.models import Call, Gateway
from simpul.messages.rules import calls as rules

LONGEST_NOTES = 5000


class NumberMissing(Refused):
    """A call comes from a number, or from one that is withheld."""

    code = "call.number_missing"
    sentence = _("Write the number, or say that it was withheld.")
    field = "number"


class CallNotesMissing(Refused):
    """What becomes a matter needs words."""

    code = "call.notes_missing"
    sentence = _("Write in a few words what the caller said; these words become the matter.")
    field = "notes"


class CallNotesTooLong(Refused):
    """More than a matter can hold."""

    code = "call.notes_too_long"
    sentence = _("These notes are too long. Write at most %(limit)s characters.")
    field = "notes"


class CallTimesWrong(Refused):
    """A call that ends before it begins, has not begun yet, or lasted half a day."""

    code = "call.times_wrong"
    sentence = _("Check when the call began and ended: it lies in the past and lasts at most 12 hours.")
    field = "ended"


class CallChoiceUnknown(Refused):
    """A value that no page offers."""

    code = "call.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class PromiseWrong(Refused):
    """A call-back without a moment that can be kept."""

    code = "callback.wrong_time"
    sentence = _("Choose when we call back: later than now, and within 30 days.")
    field = "callback"


class NobodyToCall(Refused):
    """A withheld or unreadable number cannot be called back."""

    code = "callback.nobody"
    sentence = _("There is no number that could be called back. Ask the caller for one before you promise.")
    field = "number"


class NothingPromised(Refused):
    """Nobody waits for this call-back, or a colleague has made it."""

    code = "callback.nothing_promised"
    sentence = _("Nobody waits for this call-back any more; a colleague may have called already.")


class GivingUpReason(Refused):
    """Giving up needs a reason that another person understands."""

    code = "callback.reason_missing"
    sentence = _("Write in a few words why nobody calls this person any more.")
    field = "reason"


class CallAttached(Refused):
    """One call belongs to one matter."""

    code = "call.attached_already"
    sentence = _("This call belongs to another matter already.")


class CallChanges(TypedDict, total=False):
    """What can be corrected about a call; what is not named stays."""

    caller_name: str
    language: str
    notes: str
    ended_at: datetime | None
    outcome: str
    sealed: bool


def log_call(
    *,
    by: Actor,
    at: datetime,
    number: str = "",
    is_withheld: bool = False,
    direction: str = "in",
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    gateway_id: UUID | None = None,
    language: str = "id",
    caller_name: str = "",
    notes: str = "",
    outcome: str = "",
    callback_due_at: datetime | None = None,
    callback_why: str = "",
    sealed: bool = False,
    call_id: UUID | None = None,
) -> Call:
    """Write a call down, at the desk of who listened. Repeating with the same id changes nothing.

    Whoever was heard is no longer owed a call-back for calls that were missed.

    Args:
        gateway_id: the SIM that was called; one of the desk's own telephones, when it is known.
        sealed: the words may speak of violence or of a child: focal points alone read them (and who wrote them, until
            they belong to a matter). The door screens them; this room knows no matters.
        callback_due_at: when somebody promised to call back.

    Raises:
        NumberMissing, CallNotesMissing, CallNotesTooLong, CallTimesWrong, CallChoiceUnknown, PromiseWrong, NobodyToCall.
        NotFound: somebody else's call has this id.
    """
    desk = desk_queries.desk(by.desk_id) if by.desk_id else None
    if desk is None:
        raise NotAllowed
    region_code = desk.region_code or by.served_areas[0]
    roles.require(by, "call.log", roles.Place(region_code, frozenset({desk.id}), frozenset({desk.id})))
    _check_choice(direction, outcome)
    typed = text.clean_line(number)[:40]
    if not typed and not is_withheld:
        raise NumberMissing
    began, ended = _times(at, started_at, ended_at)
    said = _notes(notes, outcome)
    with transaction.atomic():
        known = Call.objects.filter(id=call_id).first() if call_id else None
        if known is not None:
            if known.agent_id != by.user_id:
                raise NotFound
            return known
        gateway = Gateway.objects.filter(id=gateway_id).first() if gateway_id else None
        who = (
            None
            if is_withheld
            else _calls.caller(
                typed, desk=desk, region_code=region_code, at=began, gateway=gateway, name=caller_name
            )
        )
        _calls.mark(who, began, outgoing=direction == "out")
        due_at = _promise(callback_due_at, outcome, at, typed)
        if direction != "missed" and rules.OUTCOMES[outcome].talked:
            _calls.pay_missed(who, by.name, at, result="reached" if direction == "out" else "called_again")
        call = Call.objects.create(
            id=call_id or uuid7(),
            correspondent=who,
            number_typed="" if is_withheld else typed,
            is_withheld=is_withheld,
            caller_name=text.clean_line(caller_name)[:150],
            direction=direction,
            gateway=gateway,
            desk=desk,
            region_code=region_code,
            started_at=began,
            ended_at=ended,
            agent_id=by.user_id,
            agent_name=by.name[:150],
            language=language[:20] or "id",
            outcome=outcome,
            notes=said,
            sealed=sealed,
            callback_due_at=due_at,
            callback_why=text.clean_line(callback_why)[:200],
        )
        _calls.line(by, at, "call.log", call, language=call.language, callback=due_at is not None)
    return call


def change_call(*, by: Actor, at: datetime, call_id: UUID, changes: CallChanges) -> Call:
    """Correct what was written down about a call. Notes that were sealed are never opened by a correction.

    Raises:
        NotFound, CallChoiceUnknown, CallNotesMissing, CallNotesTooLong, CallTimesWrong.
    """
    call = access.call_for(by, call_id)
    roles.require(by, "call.change", _place(call))
    columns: dict[str, Any] = {}
    if "caller_name" in changes:
        columns["caller_name"] = text.clean_line(changes["caller_name"])[:150]
    if "language" in changes:
        columns["language"] = changes["language"][:20] or "id"
    outcome = changes.get("outcome", call.outcome)
    if "outcome" in changes:
        _check_choice(call.direction, outcome)
        columns["outcome"] = outcome
    if "notes" in changes or "outcome" in changes:
        columns["notes"] = _notes(changes.get("notes", call.notes), outcome)
    if "ended_at" in changes:
        columns["ended_at"] = _times(at, call.started_at, changes["ended_at"])[1]
    if changes.get("sealed"):
        columns["sealed"] = True
    with transaction.atomic():
        Call.objects.filter(id=call.id).update(**columns)
        call.refresh_from_db()
        _calls.line(by, at, "call.change", call, changed=sorted(columns))
    return call


def attach_call(
    *,
    by: Actor,
    at: datetime,
    call_id: UUID,
    subject_kind: str,
    subject_id: UUID,
    added: bool = False,
    sealed: bool = False,
) -> Call:
    """Tie a call to the matter it became (or, with ``added``, to one that was open), whose timeline shows it from now on.

    The door has checked that the actor sees the matter. The call is as closed as the matter: ``sealed``.

    Raises:
        NotFound: no such call for this actor.
        CallAttached: it belongs to another matter.
    """
    call = access.call_for(by, call_id)
    roles.require(by, "call.attach", _place(call))
    with transaction.atomic():
        free = Call.objects.filter(id=call.id).filter(subject_id__in=[subject_id]) | Call.objects.filter(
            id=call.id, subject_id=None
        )
        tied: dict[str, Any] = {"subject_kind": subject_kind, "subject_id": subject_id}
        tied["outcome"] = "added" if added else "case"
        if sealed:
            tied["sealed"] = True
        if free.update(**tied) != 1:
            raise CallAttached
        call.refresh_from_db()
        journal_actions.record(
            by=by,
            at=at,
            kind="call.attach",
            subject_kind=subject_kind,
            subject_id=subject_id,
            region_code=call.region_code,
            facts={"call": str(call.id), "direction": call.direction},
        )
    return call


def promise_callback(*, by: Actor, at: datetime, call_id: UUID, due_at: datetime, why: str = "") -> Call:
    """Promise to call back, or promise another moment for a call-back that waits.

    Raises:
        NotFound, PromiseWrong, NobodyToCall.
    """
    call = access.call_for(by, call_id)
    roles.require(by, "callback.promise", _place(call))
    when = _promise(due_at, call.outcome, at, call.number_typed)
    with transaction.atomic():
        Call.objects.filter(id=call.id).update(
            callback_due_at=when,
            callback_why=text.clean_line(why)[:200] or call.callback_why,
            callback_done_at=None,
            callback_done_by="",
            callback_result="",
        )
        call.refresh_from_db()
        _calls.line(by, at, "callback.promise", call, due_at=due_at)
    return call


def keep_callback(
    *,
    by: Actor,
    at: datetime,
    call_id: UUID,
    result: str,
    next_due_at: datetime | None = None,
    reason: str = "",
) -> Call:
    """Say how the call-back went: reached; not reached, and promised anew; or given up, with a reason.

    Raises:
        NotFound: no such call for this actor.
        NothingPromised: nobody waits for it any more.
        CallChoiceUnknown, PromiseWrong, GivingUpReason.
    """
    call = access.call_for(by, call_id)
    roles.require(by, "callback.keep", _place(call))
    changes = _kept(call, by, at, result, next_due_at, text.clean_line(reason)[:200])
    with transaction.atomic():
        waiting = Call.objects.filter(id=call.id, callback_done_at=None).exclude(callback_due_at=None)
        if waiting.filter(callback_tries=call.callback_tries).update(**changes) != 1:
            raise NothingPromised
        call.refresh_from_db()
        _calls.line(by, at, "callback.keep", call, result=result, tries=call.callback_tries)
    return call


def _kept(
    call: Call, by: Actor, at: datetime, result: str, next_due_at: datetime | None, reason: str
) -> dict[str, Any]:
    if result == "not_reached":
        again = _promise(next_due_at, "callback", at, call.number_typed)
        return {"callback_due_at": again, "callback_tries": call.callback_tries + 1}
    if result not in ("reached", "gave_up"):
        raise CallChoiceUnknown(field="result")
    if result == "gave_up" and len(reason) < 3:
        raise GivingUpReason
    done: dict[str, Any] = {"callback_done_at": at, "callback_done_by": by.name[:150]}
    done["callback_result"] = result
    if reason:
        done["callback_why"] = reason
    return done


def _check_choice(direction: str, outcome: str) -> None:
    if direction not in rules.DIRECTIONS:
        raise CallChoiceUnknown(field="direction")
    offered = {"in": rules.CHOSEN_IN, "out": rules.CHOSEN_OUT, "missed": (*rules.CHOSEN_OUT, "missed")}
    if outcome not in offered[direction]:
        raise CallChoiceUnknown(field="outcome")


def _times(
    at: datetime, started_at: datetime | None, ended_at: datetime | None
) -> tuple[datetime, datetime | None]:
    began = started_at or at
    ended = ended_at or (at if started_at and at - started_at <= rules.LONGEST_CALL else None)
    if began > at or (ended is not None and not began <= ended <= at):
        raise CallTimesWrong
    if ended is not None and ended - began > rules.LONGEST_CALL:
        raise CallTimesWrong
    return began, ended


def _notes(notes: str, outcome: str) -> str:
    try:
        said = text.clean_text(notes, LONGEST_NOTES)
    except text.TooLong as refusal:
        raise CallNotesTooLong(limit=LONGEST_NOTES) from refusal
    if rules.OUTCOMES[outcome].needs_notes and len(said) < 3:
        raise CallNotesMissing
    return said


def _promise(due_at: datetime | None, outcome: str, at: datetime, number: str) -> datetime | None:
    """The moment of a promise; None when nothing was promised."""
    if due_at is None:
        if outcome == "callback":
            raise PromiseWrong
        return None
    if not at < due_at <= at + rules.LONGEST_PROMISE:
        raise PromiseWrong
    if not any(sign.isdigit() for sign in number):
        raise NobodyToCall
    return due_at


def _place(call: Call) -> roles.Place:
    return roles.Place(call.region_code, frozenset({call.desk_id}), frozenset({call.desk_id}))
