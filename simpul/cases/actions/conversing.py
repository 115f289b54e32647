"""An officer makes something of messages: a new matter, or more of one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import _talking, following, intake, steps
from simpul.cases.models import Case
from simpul.cases.queries import talking
from simpul.cases.rules import following as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import access as message_access
from simpul.messages import actions as message_actions
from simpul.messages.models import Correspondent, Incoming

MOST_MESSAGES = 50


class NoMessages(Refused):
    """Nothing was ticked."""

    code = "incoming.none_chosen"
    sentence = _("Tick at least one message that this is about.")
    field = "messages"


class Protected(Refused):
    """What is protected does not go where others read."""

    code = "incoming.protected"
    sentence = _(
        "One of these messages is protected, and others can read this matter. Seal the matter first, or make a protected one of it."
    )
    field = "messages"


def turn_incoming(
    *,
    by: Actor,
    at: datetime,
    incoming_ids: Sequence[UUID],
    fields: Mapping[str, Any],
    send_receipt: bool = True,
) -> intake.Opened:
    """Make one new matter of one or several messages of a contact. Its clocks run from when the first of them came.

    The files of the messages come along, and the contact becomes a way to reach the person who reports. The receipt goes back
    where the messages came from, unless the matter is protected or nothing may be written there.

    Args:
        fields: what the desk wrote, in the words of ``open_case``, without ``channel``.
        send_receipt: False when the officer gives the receipt themselves.

    Raises:
        NotFound: no such messages of one contact or person, for this actor.
        NoMessages: none are named.
        AlreadySettled: somebody was faster with one of them.
        Refused: whatever ``open_case`` refuses.
    """
    who, chosen = _chosen(by, incoming_ids)
    for message in chosen:
        roles.require(by, "incoming.turn", message_access.place_of_incoming(message))
    given = {**fields, "channel": chosen[0].channel, "quiet": True}
    with transaction.atomic():
        opened = intake.open_case(by=by, at=chosen[0].received_at, **given)
        case = opened.case
        if opened.again:
            return opened
        steps.change(case, at)  # received when it was written, and new here now
        sealed = case.sensitivity == "sealed"
        _link(
            by, at, who, case, given.get("reporter")
        )  # while the conversation is in sight: settling may close it
        for message in chosen:
            _settle(by, at, message, "case", case, sealed=sealed)
            _talking.bring(case, message, at)
        steps.journal(by, at, "incoming.turn", case, {"messages": len(chosen), "channel": chosen[0].channel})
    if send_receipt and not sealed and opened.pin:
        _send_receipt(by, at, chosen[-1], opened)
    return opened


def join_incoming(*, by: Actor, at: datetime, incoming_ids: Sequence[UUID], case_id: UUID) -> Case:
    """Add messages to a matter the actor sees: their words as information from the resident, or as the reply it waits for.

    Raises:
        NotFound: no such matter, or no such messages of one contact or person, for this actor.
        NoMessages: none are named.
        CannotAdd: the matter has ended.
        Protected: a protected message, and a matter that others read.
        AlreadySettled: somebody was faster with one of them.
    """
    _who, chosen = _chosen(by, incoming_ids)
    for message in chosen:
        roles.require(by, "incoming.join", message_access.place_of_incoming(message))
    with transaction.atomic():
        case = access.get_for(by, case_id, lock=True)
        if not rules.may_add(case.state):
            raise following.CannotAdd
        sealed = case.sensitivity == "sealed"
        if not sealed and any(message.sealed for message in chosen):
            raise Protected
        for message in chosen:
            _settle(by, at, message, "added", case, sealed=sealed)
            words = talking.words_of(message)
            replied = _talking.add_words(case, at, words, message.channel)
            _talking.bring(case, message, at)
            facts = {"channel": message.channel, "verified": message.is_verified, "reply": replied}
            steps.journal(by, at, "incoming.join", case, facts, {"text": words})
    return case


def _chosen(by: Actor, incoming_ids: Sequence[UUID]) -> tuple[Correspondent, list[Incoming]]:
    """The messages, oldest first, and the contact the first came from; all of one contact, or of the contacts of one person."""
    wanted = set(incoming_ids)
    if not wanted:
        raise NoMessages
    rows = message_access.incoming(by).filter(id__in=list(wanted)[:MOST_MESSAGES])
    found = list(rows.select_related("correspondent", "gateway").order_by("received_at", "id"))
    contacts = {message.correspondent_id: message.correspondent for message in found}
    people = {contact.person_id for contact in contacts.values()}
    one = len(contacts) == 1 or (len(people) == 1 and None not in people)
    if len(found) != len(wanted) or not one:
        raise NotFound
    return message_access.correspondent_for(by, found[0].correspondent_id), found


def _settle(by: Actor, at: datetime, message: Incoming, outcome: str, case: Case, *, sealed: bool) -> None:
    """Also a message that was answered or laid aside before can become part of a matter; one that is in a matter stays there."""
    if message.state == "settled" and message.outcome not in ("case", "added"):
        message_actions.reopen_incoming(by=by, at=at, incoming_id=message.id)
    message_actions.settle_incoming(
        by=by,
        at=at,
        incoming_id=message.id,
        outcome=outcome,
        subject_kind="case",
        subject_id=case.id,
        sealed=True if sealed or message.sealed else None,
    )


def _link(by: Actor, at: datetime, who: Correspondent, case: Case, given: intake.PersonGiven | None) -> None:
    """The contact they wrote from is a way to reach the person who reports, as safe as the officer was told."""
    if who.person_id is not None or who.is_nameless or case.reporter_id is None or given is None:
        return
    message_actions.link_correspondent(
        by=by,
        at=at,
        correspondent_id=who.id,
        person_id=case.reporter_id,
        owner=given.owner,
        owner_name=given.owner_name,
        safe_to_call=given.safe_to_call,
        safe_to_write=given.safe_to_write,
        warning=given.warning,
        place=roles.Place(
            region_code=case.region_code, holder_ids=by.desk_ids | message_access.place_of(who).holder_ids
        ),
    )


def _send_receipt(by: Actor, at: datetime, message: Incoming, opened: intake.Opened) -> None:
    """Number and PIN, on the channel they wrote on; where nothing may be written, the officer tells them."""
    try:
        message_actions.write_message(
            by=by,
            at=at,
            correspondent_id=message.correspondent_id,
            text_key="menu_receipt",
            values=_talking.receipt_values(opened),
            answers=message.id,
            once_key=f"{opened.case.id}:receipt",
        )
    except Refused:
        return
