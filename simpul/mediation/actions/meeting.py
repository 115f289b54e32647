"""Summonses with their delivery, and the sessions at the table: planned, opened by the questions of safety, written down, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.mediation.actions import _steps, opening
from simpul.mediation.models import Attendance, Dispute, Mediator, Party, Session, Summons
from simpul.mediation.rules import words

OPEN = frozenset({"open"})
SESSIONS_IN = frozenset({"open", "agreed", "broken"})


class SessionOver(Refused):
    """A session that ended or was called off is not changed."""

    code = "session.over"
    sentence = _("This session has ended or was called off. Plan another one.")


class SessionNotHeld(Refused):
    """The session has not begun."""

    code = "session.not_held"
    sentence = _("Start the session first: the questions of safety are asked before it begins.")


class SessionBegun(Refused):
    """The session has begun already."""

    code = "session.begun"
    sentence = _("The session has begun already; go on in its room.")


class NobodyMediates(Refused):
    """A session is led by a mediator."""

    code = "session.nobody_mediates"
    sentence = _("Name a mediator first; the village head decides who it is.")


class HeldTooEarly(Refused):
    """A session begins at a moment that has come."""

    code = "session.in_future"
    sentence = _("The start lies in the future. Enter the time at which it really began.")
    field = "held_at"


# --- summons --------------------------------------------------------------------------------------------------------


def issue_summons(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    party_id: UUID,
    come_at: datetime,
    place: str,
    issued_date: date | None = None,
    session_id: UUID | None = None,
    letter_id: UUID | None = None,
    summons_id: UUID | None = None,
) -> Summons:
    """Summon a party: the first time, the second, the third, counted by itself. The printed letter is made in the room of letters.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "summons.issue", dispute_id, SESSIONS_IN)
        known = _steps.again(Summons, summons_id, dispute=dispute)
        if known is not None:
            return known
        party = _steps.entry(Party, party_id, dispute=dispute)
        session = _steps.entry(Session, session_id, dispute=dispute) if session_id else None
        before = Summons.objects.filter(party=party, withdrawn_at=None)
        summons = Summons.objects.create(
            **_steps.written(by, at, summons_id),
            dispute=dispute,
            party=party,
            session=session,
            ordinal=before.count() + 1,
            issued_date=issued_date or _steps.today(dispute, at),
            come_at=come_at,
            place=_steps.words(place, field="place", most=150),
            letter_id=letter_id,
        )
        facts = {"party": str(party.id), "ordinal": summons.ordinal, "come_at": come_at}
        _steps.line(by, at, "summons.issue", dispute, facts=facts)
    return summons


def letter_summons(*, by: Actor, at: datetime, dispute_id: UUID, summons_id: UUID, letter_id: UUID) -> None:
    """Note which letter of the letters room carries a summons.

    Raises:
        NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "summons.letter", dispute_id, SESSIONS_IN)
        summons = _steps.entry(Summons, summons_id, dispute=dispute)
        Summons.objects.filter(id=summons.id).update(letter_id=letter_id)
        facts = {"summons": str(summons.id), "letter": str(letter_id)}
        _steps.line(by, at, "summons.letter", dispute, facts=facts)


def deliver_summons(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    summons_id: UUID,
    result: str,
    delivered_at: datetime,
    delivered_by: str = "",
    how: str = "hand",
    to: str = "",
) -> None:
    """Write down that a summons was delivered, refused, or that nobody was met: who brought it, when, how, to whom.

    A fact: kept in any state.

    Raises:
        NotFound, and _steps' ChoiceUnknown.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "summons.deliver", dispute_id, states=())
        summons = _steps.entry(Summons, summons_id, dispute=dispute)
        Summons.objects.filter(id=summons.id).update(
            delivery=_steps.choice(result, words.DELIVERIES, field="result"),
            delivered_at=delivered_at,
            delivered_by=text.clean_line(delivered_by)[:150] or by.name[:150],
            delivered_how=_steps.choice(how, words.HOW_DELIVERED, field="how"),
            delivered_to=text.clean_line(to)[:150],
        )
        facts = {"summons": str(summons.id), "result": result, "how": how, "delivered_at": delivered_at}
        _steps.line(by, at, "summons.deliver", dispute, facts=facts)


def answer_summons(
    *, by: Actor, at: datetime, dispute_id: UUID, summons_id: UUID, appeared: str, excuse: str = ""
) -> None:
    """Write down whether a party came on a summons: came, excused themselves, or stayed away. A fact: kept in any state.

    Raises:
        NotFound, and _steps' ChoiceUnknown, WordsMissing.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "summons.answer", dispute_id, states=())
        summons = _steps.entry(Summons, summons_id, dispute=dispute)
        came = _steps.choice(appeared, words.APPEARED, field="appeared")
        said = _steps.words(excuse, field="excuse", most=300) if came == "excused" else ""
        Summons.objects.filter(id=summons.id).update(appeared=came, excuse=said)
        facts = {"summons": str(summons.id), "appeared": came}
        _steps.line(by, at, "summons.answer", dispute, facts=facts, inputs={"excuse": said})


def withdraw_summons(*, by: Actor, at: datetime, dispute_id: UUID, summons_id: UUID) -> None:
    """Take a summons back that was issued by mistake; one that was delivered stays as a fact.

    Raises:
        _steps.DisputeEnded: it was delivered.
        NotFound.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "summons.withdraw", dispute_id)
        summons = _steps.entry(Summons, summons_id, dispute=dispute)
        if summons.delivery == "received":
            raise _steps.DisputeEnded
        Summons.objects.filter(id=summons.id).update(withdrawn_at=at)
        _steps.line(by, at, "summons.withdraw", dispute, facts={"summons": str(summons.id)})


# --- sessions -------------------------------------------------------------------------------------------------------


def plan_session(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    planned_at: datetime,
    place: str,
    session_id: UUID | None = None,
) -> Session:
    """Plan a session. The same ``session_id`` again gives the same one.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.plan", dispute_id, SESSIONS_IN)
        known = _steps.again(Session, session_id, dispute=dispute)
        if known is not None:
            return known
        last = Session.objects.filter(dispute=dispute).aggregate(last=Max("ordinal"))["last"] or 0
        session = Session.objects.create(
            **_steps.written(by, at, session_id),
            dispute=dispute,
            ordinal=last + 1,
            planned_at=planned_at,
            place=_steps.words(place, field="place", most=150),
        )
        _steps.refresh(dispute)
        facts = {"ordinal": session.ordinal, "planned_at": planned_at}
        _steps.line(by, at, "session.plan", dispute, facts=facts)
    return session


def move_session(
    *, by: Actor, at: datetime, dispute_id: UUID, session_id: UUID, planned_at: datetime, place: str
) -> None:
    """Move a planned session to another time or place.

    Raises:
        SessionOver, SessionBegun, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.move", dispute_id, SESSIONS_IN)
        session = _planned(dispute, session_id)
        Session.objects.filter(id=session.id).update(
            planned_at=planned_at, place=_steps.words(place, field="place", most=150)
        )
        _steps.refresh(dispute)
        facts = {"ordinal": session.ordinal, "planned_at": planned_at}
        _steps.line(by, at, "session.move", dispute, facts=facts)


def cancel_session(*, by: Actor, at: datetime, dispute_id: UUID, session_id: UUID, why: str) -> None:
    """Call a planned session off.

    Raises:
        SessionOver, SessionBegun, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.cancel", dispute_id, SESSIONS_IN)
        session = _planned(dispute, session_id)
        said = _steps.words(why, field="why", most=300, least=3)
        Session.objects.filter(id=session.id).update(state="called_off", called_off_why=said)
        _steps.refresh(dispute)
        facts = {"ordinal": session.ordinal}
        _steps.line(by, at, "session.cancel", dispute, facts=facts, inputs={"why": said})


def hold_session(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    session_id: UUID,
    held_at: datetime,
    answers: Mapping[str, str],
) -> bool:
    """Start a session, after the questions of safety were asked again. False: they say that mediation ends here.

    Parties and mediators stand on the list of who is there, to be ticked.

    Raises:
        HeldTooEarly, NobodyMediates, SessionOver, SessionBegun, opening's ScreenIncomplete and ScreenUnsure, NotFound.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.hold", dispute_id, SESSIONS_IN)
        session = _planned(dispute, session_id)
        if held_at > at:
            raise HeldTooEarly
        mediators = Mediator.objects.filter(dispute=dispute, withdrawn_at=None, ended_at=None)
        if not mediators.exists():
            raise NobodyMediates
        if not opening.screen_dispute(by=by, at=at, dispute_id=dispute.id, answers=answers):
            return False
        Session.objects.filter(id=session.id).update(state="held", held_at=held_at)
        own = _steps.written(by, at, None)
        parties = Party.objects.filter(dispute=dispute, withdrawn_at=None).order_by("recorded_at", "id")
        Attendance.objects.bulk_create(
            [Attendance(**own, session=session, part="party", party=one, name=one.name) for one in parties]
            + [
                Attendance(**own, session=session, part="mediator", mediator=one, name=one.name)
                for one in mediators.order_by("-leads", "recorded_at", "id")
            ]
        )
        _steps.refresh(dispute)
        facts = {"ordinal": session.ordinal, "held_at": held_at}
        _steps.line(by, at, "session.hold", dispute, facts=facts)
    return True


def attend_session(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    session_id: UUID,
    attendance_id: UUID | None = None,
    came: bool | None = True,
    name: str = "",
    part: str = "witness",
    note: str = "",
) -> Attendance:
    """Write down that somebody is there: one of the list by its key, or a witness or somebody else by name.

    For a party the summons to this session says the same from now on.

    Raises:
        SessionNotHeld, SessionOver, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.attend", dispute_id, SESSIONS_IN)
        session = _held(dispute, session_id)
        known = _steps.again(Attendance, attendance_id, session=session)
        if known is None:
            known = Attendance(
                **_steps.written(by, at, attendance_id),
                session=session,
                part=_steps.choice(part, ("witness", "other"), field="part"),
                name=_steps.words(name, field="name", most=150),
                came=came,
                note=text.clean_line(note)[:200],
            )
            known.save(force_insert=True)
        else:
            Attendance.objects.filter(id=known.id).update(came=came, note=text.clean_line(note)[:200])
            known.came = came
        if known.party_id and came is not None:
            asked = Summons.objects.filter(party_id=known.party_id, session=session, withdrawn_at=None)
            asked.exclude(appeared="excused").update(appeared="came" if came else "absent")
        facts = {"ordinal": session.ordinal, "part": known.part, "came": came}
        _steps.line(by, at, "session.attend", dispute, facts=facts)
    return known


def write_session(*, by: Actor, at: datetime, dispute_id: UUID, session_id: UUID, minutes: str) -> None:
    """Write down how the session goes, as often as needed while it lasts.

    Raises:
        SessionNotHeld, SessionOver, NotFound.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.write", dispute_id, SESSIONS_IN)
        session = _held(dispute, session_id)
        session.minutes = text.clean_text(minutes)[:20_000]
        session.save(update_fields=["minutes"])
        facts = {"ordinal": session.ordinal, "signs": len(session.minutes)}
        _steps.line(by, at, "session.write", dispute, facts=facts)


def end_session(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    session_id: UUID,
    outcome: str,
    minutes: str,
    ended_at: datetime | None = None,
) -> None:
    """End a session with its outcome. The dispute itself goes on: an agreement is drafted, another session planned, or it is ended.

    Raises:
        SessionNotHeld, SessionOver, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "session.end", dispute_id, SESSIONS_IN)
        session = _held(dispute, session_id)
        session.outcome = _steps.choice(outcome, words.OUTCOMES, field="outcome")
        session.minutes = _steps.long_words(minutes or session.minutes, field="minutes")
        session.state, session.ended_at = "ended", ended_at or at
        session.save()
        Attendance.objects.filter(session=session, came=None).update(came=False)
        _steps.refresh(dispute)
        facts = {"ordinal": session.ordinal, "outcome": outcome}
        _steps.line(by, at, "session.end", dispute, facts=facts)


def _planned(dispute: Dispute, session_id: UUID) -> Session:
    session = _steps.entry(Session, session_id, dispute=dispute)
    if session.state == "held":
        raise SessionBegun
    if session.state != "planned":
        raise SessionOver
    return session


def _held(dispute: Dispute, session_id: UUID) -> Session:
    session = _steps.entry(Session, session_id, dispute=dispute)
    if session.state == "planned":
        raise SessionNotHeld
    if session.state != "held":
        raise SessionOver
    return session
