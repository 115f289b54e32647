"""What becomes of an incoming message: put before a person, made into a matter, answered, or laid aside with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import access
from simpul.messages.models import Correspondent, Incoming, IncomingSet, Message

OUTCOMES = ("case", "added", "menu", "answered", "feedback", "no_action", "spam")
HEAR_AGAIN = (timedelta(minutes=1), timedelta(minutes=10))
"""How long a message waits that the machine failed at; after that a person gets it as it is."""


class AlreadySettled(Refused):
    """Somebody was faster."""

    code = "incoming.already_settled"
    sentence = _("%(name)s has already dealt with this message. Open the conversation again.")


class ReasonMissing(Refused):
    """Laying a message aside needs a reason that another person understands."""

    code = "incoming.reason_missing"
    sentence = _("Write in a few words why nothing needs to be done.")
    field = "note"


def claim_incoming(*, by: Actor, at: datetime, incoming_id: UUID) -> Incoming | None:
    """Take a message for the machine to look at; None when another worker has it or a person was faster.

    The next try is noted first: what kills the worker once is put before a person, and does not kill it again.
    """
    roles.require(by, "incoming.claim")
    with transaction.atomic():
        found = Incoming.objects.filter(id=incoming_id, state__in=("new", "parts"), hear_at__lte=at)
        message = found.select_related("correspondent", "gateway").first()
        if message is None:
            return None
        wait = HEAR_AGAIN[min(message.hear_tries, len(HEAR_AGAIN) - 1)]
        mine = found.filter(hear_tries=message.hear_tries)
        tries = message.hear_tries + 1
        if mine.update(hear_tries=tries, hear_at=at + wait, state="new") != 1:
            return None
        message.hear_tries, message.state = tries, "new"
    return message


def open_incoming(
    *, by: Actor, at: datetime, incoming_id: UUID, sealed: bool = False, screen_words: Sequence[str] = ()
) -> None:
    """Put a message before a person: the listening desk, or the focal points alone when ``sealed``.

    Raises:
        NotFound: no message that nobody has dealt with.
    """
    roles.require(by, "incoming.open")
    with transaction.atomic():
        mine = Incoming.objects.filter(id=incoming_id, state__in=("new", "parts", "open"))
        hold_conversations(mine)
        if mine.update(state="open", sealed=sealed, screen_words=list(screen_words)) != 1:
            raise NotFound
        message = Incoming.objects.get(id=incoming_id)
        refresh_waiting(message.correspondent_id)
        _line(by, at, "incoming.open", message, sealed=sealed)


def settle_incoming(
    *,
    by: Actor,
    at: datetime,
    incoming_id: UUID,
    outcome: str,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    note: str = "",
    sealed: bool | None = None,
) -> Incoming:
    """Say what became of a message: the matter it made or joined, the menu that answered it, or why nothing is to be done.

    Raises:
        NotFound: no such message for this actor.
        AlreadySettled: somebody was faster.
        ReasonMissing: laid aside without a word.
    """
    message = access.incoming_for(by, incoming_id)
    roles.require(by, "incoming.settle", access.place_of_incoming(message))
    if outcome not in OUTCOMES:
        raise KeyError(outcome)
    reason = text.clean_line(note, 200)
    if outcome == "no_action" and len(reason) < 3:
        raise ReasonMissing
    changes: dict[str, object] = {
        "state": "settled",
        "outcome": outcome,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "settled_at": at,
        "settled_by": by.name,
        "note": reason,
    }
    if sealed is not None:
        changes["sealed"] = sealed
    with transaction.atomic():
        mine = Incoming.objects.filter(id=incoming_id).exclude(state="settled")
        hold_conversations(mine)
        if mine.update(**changes) != 1:
            message.refresh_from_db()
            raise AlreadySettled(name=message.settled_by or "Simpul")
        message.refresh_from_db()
        refresh_waiting(message.correspondent_id)
        _line(by, at, "incoming.settle", message, outcome=outcome)
    return message


def reopen_incoming(*, by: Actor, at: datetime, incoming_id: UUID) -> Incoming:
    """Take back that a message was laid aside; one that became a matter stays with it.

    Raises:
        NotFound: no message laid aside, for this actor.
    """
    message = access.incoming_for(by, incoming_id)
    roles.require(by, "incoming.reopen", access.place_of_incoming(message))
    with transaction.atomic():
        aside = Incoming.objects.filter(
            id=incoming_id, state="settled", outcome__in=("no_action", "spam", "answered", "menu")
        )
        hold_conversations(aside)
        if aside.update(state="open", outcome="", settled_at=None, settled_by="", note="") != 1:
            raise NotFound
        message.refresh_from_db()
        refresh_waiting(message.correspondent_id)
        _line(by, at, "incoming.reopen", message)
    return message


def seal_incoming(*, by: Actor, at: datetime, subject_id: UUID) -> int:
    """Close everything said in a matter that was sealed, also what was written back and has left; returns how many messages.

    What has left is marked as well: should its provider give it back, it takes its next road without content.
    """
    roles.require(by, "incoming.seal")
    with transaction.atomic():
        heard = Incoming.objects.filter(subject_id=subject_id, sealed=False)
        hold_conversations(heard)
        whose = set(heard.values_list("correspondent_id", flat=True))
        told = Message.objects.filter(
            Q(subject_id=subject_id) | Q(answers__subject_id=subject_id), sealed=False
        )
        left = list(told.exclude(state="sending").values_list("id", flat=True))
        count = heard.update(sealed=True) + Message.objects.filter(id__in=left).update(
            sealed=True, sensitive=True
        )
        for correspondent_id in whose:
            refresh_waiting(correspondent_id)
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="incoming.seal",
                subject_kind="case",
                subject_id=subject_id,
                facts={"messages": count},
            )
    return count


def hold_conversations(messages: IncomingSet) -> None:
    """Hold the conversations of these messages until the transaction ends.

    Two acts on two messages of one person would otherwise each miss what the other did, and ``refresh_waiting`` would note
    that nobody waits. Everybody who writes in a conversation holds it first, so that nobody waits in a circle.
    """
    whose = messages.values("correspondent_id")
    list(Correspondent.objects.select_for_update().filter(id__in=whose).order_by("id").values_list("id"))


def hold_incoming(incoming_id: UUID) -> Incoming:
    """A message as it is now, its conversation held until the transaction ends: nobody adds a part or settles it meanwhile."""
    found = Incoming.objects.filter(id=incoming_id)
    hold_conversations(found)
    return found.select_related("correspondent", "gateway").get()


def refresh_waiting(correspondent_id: UUID) -> None:
    """Copy the two moments that lists sort by: the oldest ordinary and the oldest protected message without an answer."""
    waiting = list(
        Incoming.objects.filter(correspondent_id=correspondent_id, state="open").values_list(
            "received_at", "sealed"
        )
    )
    Correspondent.objects.filter(id=correspondent_id).update(
        waiting_since_at=min((at for at, sealed in waiting if not sealed), default=None),
        sealed_since_at=min((at for at, sealed in waiting if sealed), default=None),
    )


def _line(by: Actor, at: datetime, kind: str, message: Incoming, **facts: object) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="incoming",
        subject_id=message.id,
        region_code=message.correspondent.region_code,
        facts={"channel": message.channel, "kind": message.kind, **facts},
    )
