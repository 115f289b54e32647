"""Looking at a message that came in, before any person does: is it protected, is it a command, does it answer a question of ours?

What the machine does not understand, or fails at, waits for a person; it is never thrown away and never guessed at. Words that may
speak of violence close the message first: only focal points see it, and nothing is sent back, because a telephone lies on the
table and somebody else may read it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import _heard, _menu, _talking, steps
from simpul.cases.actions._heard import Heard
from simpul.cases.queries import screening as screening_queries
from simpul.cases.queries import talking
from simpul.cases.rules import following as following_rules
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.messages.models import Incoming
from simpul.messages.queries import conversations
from simpul.messages.queries import incoming as incoming_queries
from simpul.messages.rules import menu

logger = logging.getLogger(__name__)

PROTECTED_LASTS = timedelta(hours=24)
"""What follows a protected message within this time is protected too: the name of the accused often comes in a second one."""


def hear_incoming(*, by: Actor, at: datetime, incoming_id: UUID) -> str:
    """Look at a message once. Returns what became of it: its outcome, "open" for a person, "" when somebody else has it.

    Whatever the machine is refused, or fails at, a person gets. A fault rises, so that it is logged; at the next try the message
    goes to a person without being understood, and at the one after that without even being screened, closed to be safe.
    """
    roles.require(by, "incoming.hear")
    if message_actions.claim_incoming(by=by, at=at, incoming_id=incoming_id) is None:
        return ""
    try:
        with transaction.atomic():
            message = message_actions.hold_incoming(incoming_id)
            if message.state != "new":
                return ""  # a person was faster
            if message.hear_tries > 1:
                done = _leave(by, at, message)
            else:
                heard = _look(by, at, message)
                done = _decide(heard)
                _heard.answer(heard, done)
            _line(by, at, message, done)
    except Refused:
        logger.warning("A message was refused by the menu and goes to a person (%s)", incoming_id)
        with transaction.atomic():
            message = message_actions.hold_incoming(incoming_id)
            if message.state != "new":
                return ""
            done = _leave(by, at, message)
            _line(by, at, message, done)
    return done


def bring_files(*, by: Actor, at: datetime, incoming_id: UUID) -> int:
    """Bring the files of a message, fetched after it was heard, to the matter it belongs to. Returns how many are new there."""
    roles.require(by, "files.bring")
    with transaction.atomic():
        message = incoming_queries.incoming(incoming_id)
        if message is None or message.subject_kind != "case" or message.subject_id is None:
            return 0
        case = access.get_for(by, message.subject_id, lock=True)
        brought = _talking.bring(case, message, at)
        if brought:
            steps.journal(by, at, "files.bring", case, {"files": brought})
    return brought


def _line(by: Actor, at: datetime, message: Incoming, done: str) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind="incoming.hear",
        subject_kind="incoming",
        subject_id=message.id,
        region_code=message.correspondent.region_code,
        facts={"channel": message.channel, "outcome": done},
    )


def _look(by: Actor, at: datetime, message: Incoming) -> Heard:
    words = talking.words_of(message)
    who = message.correspondent
    screened = screening_queries.screen([words])
    follows = conversations.sealed_since(who.id, at - PROTECTED_LASTS)
    return Heard(by, at, message, who, words, screened, screened.flagged or follows)


def _leave(by: Actor, at: datetime, message: Incoming) -> str:
    """Put a message before a person as it is."""
    found: tuple[str, ...] = ()
    sealed = message.hear_tries > 2
    if not sealed:
        found = screening_queries.screen([talking.words_of(message)]).words
        sealed = (
            message.sealed
            or bool(found)
            or conversations.sealed_since(message.correspondent_id, at - PROTECTED_LASTS)
        )
    message_actions.open_incoming(by=by, at=at, incoming_id=message.id, sealed=sealed, screen_words=found)
    return "open"


# --- deciding -------------------------------------------------------------------------------------------------------


def _decide(heard: Heard) -> str:
    if heard.who.stopped_why == "spam" and not heard.screened.flagged:
        return _heard.settle(heard, "spam")
    if heard.message.kind == "reaction" and not heard.protected:
        return _heard.settle(heard, "no_action", note=gettext("A sign under a message, no words"))
    command = _command(heard)
    step = _heard.step_of(heard)
    if heard.protected and (command is None or command.word in (menu.Word.REPORT, menu.Word.DONE)):
        return _protect(heard, command, step)
    if heard.message.is_automatic or heard.in_group:
        return _menu.to_person(heard)
    if heard.message.kind == "edit" and (case := _menu.edited_case(heard)) is not None:
        return _menu.add_edited(heard, case)
    if command is not None:
        return _menu.COMMANDS[command.word](heard, command)
    if step == _heard.TELLING:
        return _menu.report(heard, heard.words)
    if step == _heard.ADDING:
        return _menu.add(heard)
    return _menu.answered_question(heard) or _menu.to_person(heard)


def _command(heard: Heard) -> menu.Command | None:
    gateway = heard.message.gateway
    if gateway is None or not gateway.menu or heard.message.is_automatic or heard.in_group:
        return None
    if heard.message.channel not in menu.CHANNELS or heard.who.is_nameless:
        return None
    said = heard.message.text or heard.words
    return menu.read(said, desk_queries.institution().number_prefix)


def _protect(heard: Heard, command: menu.Command | None, step: str) -> str:
    """A message that may speak of violence or danger, or follows one: for focal points alone, and nothing is sent back.

    As a report it opens its sealed matter at once, so that the 24 hours of protection run. After that its followers join it.
    """
    if command is not None and command.word is menu.Word.DONE and not command.number:
        _heard.wait_for(heard, "")
        return _heard.settle(heard, "menu", sealed=True)
    case = _heard.collecting(heard) if step == _heard.ADDING else None
    reports = step == _heard.TELLING or (command is not None and command.word is menu.Word.REPORT)
    if case is not None and case.sensitivity == "sealed" and following_rules.may_add(case.state):
        _talking.add_words(case, heard.at, heard.words, heard.message.channel)
        return _menu.joined(heard, case)
    if reports and heard.screened.flagged:
        opened = _menu.open_case(heard, _menu.report_words(heard, command), sealed=True)
        if opened is not None:
            return _menu.made(heard, opened)
    message_actions.open_incoming(
        by=heard.by,
        at=heard.at,
        incoming_id=heard.message.id,
        sealed=True,
        screen_words=heard.screened.words,
    )
    return "open"
