"""A message being heard: what deciding needs to know of it, and the steps every way out of it ends with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from simpul.cases.models import Case
from simpul.cases.rules import screening
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.messages.models import Correspondent, Incoming
from simpul.messages.queries import conversations
from simpul.messages.rules import incoming as incoming_rules

logger = logging.getLogger(__name__)

TELLING, ADDING = "telling", "adding"
TELLING_LASTS = timedelta(minutes=60)
ADDING_LASTS = timedelta(hours=24)
"""How long after LAPOR the next message is the report, and how long messages after a report belong to it."""

REPLIES_AN_HOUR = 5
"""Answers of the machine to one contact within an hour: two machines that answer each other fall silent soon."""

SAID_ALSO_AFTER_PROTECTED = frozenset(
    {"menu_status", "menu_wrong", "menu_locked", "menu_help", "menu_ask_number"}
)
"""What says nothing about anybody, and may be answered to a telephone from which a protected message came before."""


@dataclass(slots=True)
class Heard:
    """A message with everything that deciding needs. ``protected``: it, or one shortly before it, may speak of violence."""

    by: Actor
    at: datetime
    message: Incoming
    who: Correspondent
    words: str
    screened: screening.Screening
    protected: bool = False
    replies: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def in_group(self) -> bool:
        """It was said in a group: it is no command, belongs to nothing that was told here, and is never answered by machine."""
        return incoming_rules.is_in_group(self.message.data)


def step_of(heard: Heard) -> str:
    """What the menu waits for from this contact, when it has not waited too long."""
    until = heard.who.menu_until_at
    waits = until is not None and heard.at <= until and not heard.in_group
    return heard.who.menu_step if waits else ""


def collecting(heard: Heard) -> Case | None:
    """The matter that following messages belong to."""
    if heard.who.menu_subject_id is None:
        return None
    rows = Case.objects.select_related("kind", "holder", "acting", "reporter", "hamlet")
    return rows.filter(id=heard.who.menu_subject_id).select_for_update(of=("self",)).first()


def wait_for(heard: Heard, step: str, lasts: timedelta | None = None, case_id: UUID | None = None) -> None:
    """Remember what the menu waits for next; "" for nothing."""
    message_actions.step_correspondent(
        by=heard.by,
        at=heard.at,
        correspondent_id=heard.who.id,
        step=step,
        until_at=heard.at + lasts if lasts else None,
        subject_id=case_id,
    )


def settle(
    heard: Heard, outcome: str, *, case: Case | None = None, sealed: bool = False, note: str = ""
) -> str:
    """Say what became of the message, and return it."""
    message_actions.settle_incoming(
        by=heard.by,
        at=heard.at,
        incoming_id=heard.message.id,
        outcome=outcome,
        subject_kind="case" if case else "",
        subject_id=case.id if case else None,
        note=note,
        sealed=True if sealed else None,
    )
    return outcome


def say(heard: Heard, text_key: str, values: Mapping[str, str]) -> None:
    """Answer by machine, once it is decided what became of the message, and when that is right: see ``answer``."""
    heard.replies.append((text_key, values))


def answer(heard: Heard, done: str) -> None:
    """Send what is to be said: not where nobody listens, not after silence was asked for, never endlessly.

    What must not be written there, by the safe-contact rule or for want of a road, stays unsaid and undoes nothing.
    """
    gateway = heard.message.gateway
    if gateway is None or not gateway.menu or not gateway.is_active or heard.message.is_automatic:
        return
    if heard.who.is_nameless or heard.who.stopped_at is not None or heard.in_group:
        return
    if heard.who.channel == "sms" and not heard.who.number:
        return  # a sender with a name for a number: nothing that is sent there can arrive
    room = REPLIES_AN_HOUR - conversations.machine_replies(heard.who.id, heard.at - timedelta(hours=1))
    allowed = [one for one in heard.replies if not heard.protected or one[0] in SAID_ALSO_AFTER_PROTECTED]
    for text_key, values in allowed[: max(0, room)]:
        try:
            with transaction.atomic():
                message_actions.write_message(
                    by=heard.by,
                    at=heard.at,
                    correspondent_id=heard.who.id,
                    text_key=text_key,
                    values=values,
                    answers=None if done == "open" else heard.message.id,
                    once_key=f"{heard.message.id}:{text_key}",
                )
        except Refused as refusal:
            logger.info("The menu does not answer: %s", refusal.code)
