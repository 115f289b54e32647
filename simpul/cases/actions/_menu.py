"""The keyword menu at work: what each command does, and how a report by message becomes a matter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import _heard, _talking, following, intake, steps
from simpul.cases.actions._heard import Heard
from simpul.cases.models import Case
from simpul.cases.queries import following as following_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import receipts as receipt_queries
from simpul.cases.queries import talking
from simpul.cases.rules import following as following_rules
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib import phone, when
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.messages.queries import conversations
from simpul.messages.rules import menu
from simpul.people import actions as people_actions
from simpul.people import rules as people_rules

logger = logging.getLogger(__name__)

RECEIVED_ONCE_IN = timedelta(hours=24)
ADDED_ONCE_IN = timedelta(hours=1)
SAME_WITHIN = timedelta(hours=24)
GENERAL_KIND = "complaint"
_CASES = UUID("6f0b7c0e-54a6-5c8e-9d53-0d7c1f6b9a11")
"""The case a message makes has an id that follows from the message's: heard twice, it is the same case."""


def to_person(heard: Heard) -> str:
    """For a person of the listening desk; at most once a day we say that we have it."""
    message_actions.open_incoming(by=heard.by, at=heard.at, incoming_id=heard.message.id)
    since = heard.at - RECEIVED_ONCE_IN
    told = conversations.said_since(heard.who.id, since, text_key="menu_received")
    if not told and not conversations.said_since(heard.who.id, since, by_officer=True):
        _heard.say(heard, "menu_received", {})
    return "open"


# --- commands -------------------------------------------------------------------------------------------------------


def _on_report(heard: Heard, command: menu.Command) -> str:
    words = report_words(heard, command)
    if words:
        return report(heard, words)
    _heard.wait_for(heard, _heard.TELLING, _heard.TELLING_LASTS)
    _heard.say(heard, "menu_tell", {})
    return _heard.settle(heard, "menu")


def report_words(heard: Heard, command: menu.Command | None) -> str:
    """The report without its keyword; with what came along, such as a caption or a place."""
    if command is None:
        return heard.words
    if not heard.message.text.strip() or heard.words == heard.message.text.strip():
        return command.words
    return heard.words.replace(heard.message.text.strip(), command.words, 1).strip()


def _on_status(heard: Heard, command: menu.Command) -> str:
    """Where a matter stands, in words and with the promised date: never what it is about."""
    found = _followed(heard, command)
    if found is not None:
        zone = desk_queries.zone_of(found.region_code).key
        with translation.override(heard.who.language):
            state = gettext(found.state_words)
            if found.due_at is not None:
                day = when.format_short_date(when.local_date(found.due_at, zone), heard.who.language)
                state += " " + gettext("Answer at the latest on %(day)s.") % {"day": day}
        _heard.say(heard, "menu_status", {"number": found.number, "state": state})
    return _heard.settle(heard, "menu")


def _followed(heard: Heard, command: menu.Command) -> following_queries.FollowedCase | None:
    """The matter whose number and PIN were given; whatever is wrong with them is answered here."""
    prefix = desk_queries.institution().number_prefix
    if not command.number:
        keyword = "STATUS" if command.word is menu.Word.STATUS else "SELESAI"
        _heard.say(heard, "menu_ask_number", {"example": f"{keyword} {prefix}-2611-00047-Z 481923"})
        return None
    try:
        found = following.follow_case(
            by=ANYBODY,
            at=heard.at,
            number_or_receipt=command.number,
            pin=command.pin,
            address_hash=f"correspondent:{heard.who.id}",
            alone=True,
        )
    except following.FollowLocked as refusal:
        _heard.say(heard, "menu_locked", {"minutes": str(refusal.values["minutes"])})
    except following.FollowWrong:
        _heard.say(heard, "menu_wrong", {})
    else:
        if not found.sealed:
            return found
        # Of a protected matter nothing is told to a telephone, not even how far it is.
        _heard.say(heard, "call_us", {})
    return None


def _on_done(heard: Heard, command: menu.Command) -> str:
    step = _heard.step_of(heard)
    if command.number:
        return _confirm(heard, command)
    case = _heard.collecting(heard) if step == _heard.ADDING else None
    _heard.wait_for(heard, "")
    if case is not None:
        _heard.say(heard, "menu_done", {"number": case.number})
    else:
        _followed(heard, command)
    return _heard.settle(heard, "menu")


def _confirm(heard: Heard, command: menu.Command) -> str:
    """The person says that an answered matter is solved, with the proof of their receipt."""
    found = _followed(heard, command)
    if found is not None:
        try:
            following.confirm_case(by=ANYBODY, at=heard.at, proof=found.proof)
        except following.CannotConfirm:
            _heard.say(heard, "menu_not_yet", {"number": found.number})
        else:
            _heard.say(heard, "menu_solved", {"number": found.number})
    return _heard.settle(heard, "menu")


def _on_help(heard: Heard, _command: menu.Command) -> str:
    _heard.say(heard, "menu_help", {})
    return _heard.settle(heard, "menu")


def _on_letter(heard: Heard, _command: menu.Command) -> str:
    """Where the letters are, and how to ask for one without the internet. What follows in words is read by a person."""
    _heard.say(heard, "menu_letters", {})
    return _heard.settle(heard, "menu")


def _on_stop(heard: Heard, _command: menu.Command) -> str:
    """Silence, from this moment on and without a last word."""
    message_actions.stop_correspondent(by=heard.by, at=heard.at, correspondent_id=heard.who.id, why="asked")
    _heard.wait_for(heard, "")
    return _heard.settle(heard, "menu")


def _on_start(heard: Heard, command: menu.Command) -> str:
    if heard.who.stopped_at is None:
        return _on_help(heard, command)
    message_actions.resume_correspondent(by=heard.by, at=heard.at, correspondent_id=heard.who.id)
    heard.who.stopped_at, heard.who.stopped_why = None, ""
    _heard.say(heard, "menu_resumed", {})
    return _heard.settle(heard, "menu")


COMMANDS: Mapping[menu.Word, Callable[[Heard, menu.Command], str]] = {
    menu.Word.REPORT: _on_report,
    menu.Word.STATUS: _on_status,
    menu.Word.DONE: _on_done,
    menu.Word.HELP: _on_help,
    menu.Word.LETTER: _on_letter,
    menu.Word.STOP: _on_stop,
    menu.Word.START: _on_start,
}


# --- a report -------------------------------------------------------------------------------------------------------


def report(heard: Heard, words: str) -> str:
    before = conversations.same_words(heard.message, heard.at - SAME_WITHIN) if heard.message.text else None
    if before is not None and before.subject_id is not None:
        return _told_twice(heard, before.subject_id)
    opened = open_case(heard, words, sealed=False)
    return to_person(heard) if opened is None else made(heard, opened)


def open_case(heard: Heard, words: str, *, sealed: bool) -> intake.Opened | None:
    """The case of a report by message; None when it cannot be taken in like this, so that a person does it.

    The receipt is not queued: the reply is the receipt, and of a protected matter there is none.
    """
    gateway = heard.message.gateway
    if gateway is None or heard.who.is_nameless:
        return None
    code = gateway.kind_code or GENERAL_KIND
    if kind_queries.get_kind(code) is None:
        code = GENERAL_KIND
    said = _talking.pieces(words)
    try:
        with transaction.atomic():
            opened = intake.open_case(
                by=heard.by,
                at=heard.message.received_at,
                kind_code=code,
                text_given=said[0] if said else "",
                region_code=gateway.region_code,
                channel=heard.message.channel,
                reporter=intake.PersonGiven(person_id=_reporter(heard, sealed=sealed)),
                language=heard.who.language,
                case_id=uuid5(_CASES, str(heard.message.id)),
                quiet=True,
            )
            for more in said[1:]:
                _talking.add_words(opened.case, heard.at, more, heard.message.channel)
            return opened
    except Refused as refusal:
        logger.warning("A report by message goes to a person (%s)", refusal.code)
        return None


def _reporter(heard: Heard, *, sealed: bool) -> UUID:
    """The person behind the contact; whoever writes for the first time is written down by what they call themselves.

    Nobody has asked yet whose telephone it is. An ordinary report may be answered there, because it came from there; the
    contact of a protected one is taken for nobody's, until a focal point knows better.
    """
    who = heard.who
    if who.person_id is not None:
        return who.person_id
    shown = phone.display(who.number) if who.number else ""
    person = people_actions.register_person(
        by=heard.by,
        at=heard.at,
        full_name=who.shown_name or shown or people_rules.UNKNOWN_NAME,
        region_code=who.region_code,
        language=who.language,
        place=roles.Place(region_code=who.region_code),
    ).person
    message_actions.link_correspondent(
        by=heard.by,
        at=heard.at,
        correspondent_id=who.id,
        person_id=person.id,
        owner="unknown" if sealed else "own",
        place=roles.Place(region_code=who.region_code),
    )
    who.person_id = person.id
    return person.id


def made(heard: Heard, opened: intake.Opened) -> str:
    """The message became a matter: its files follow, its receipt goes out, and what comes next belongs to it."""
    case = opened.case
    sealed = heard.protected or case.sensitivity == "sealed"
    _heard.wait_for(heard, _heard.ADDING, _heard.ADDING_LASTS, case.id)
    _talking.bring(case, heard.message, heard.at)
    done = _heard.settle(heard, "case", case=case, sealed=sealed)
    if not sealed and opened.pin:
        _heard.say(heard, "menu_receipt", _talking.receipt_values(opened))
    return done


def _told_twice(heard: Heard, case_id: UUID) -> str:
    """The same words again, because no receipt seemed to come: the same receipt again, and no second matter."""
    case = Case.objects.select_related("holder").get(id=case_id)
    receipt = receipt_queries.derive(case.id, case.visit_id, secret=bool(case.receipt_index))
    if receipt.pin and case.sensitivity != "sealed":
        opened = intake.Opened(case, case.number, receipt.pin, "", again=True)
        _heard.say(heard, "menu_receipt", _talking.receipt_values(opened))
    note = gettext("Sent twice with the same words")
    return _heard.settle(heard, "added", case=case, sealed=case.sensitivity == "sealed", note=note)


def add(heard: Heard) -> str:
    """A message after LAPOR, before SELESAI: it belongs to the report."""
    case = _heard.collecting(heard)
    if case is None or not following_rules.may_add(case.state):
        return to_person(heard)
    _talking.add_words(case, heard.at, heard.words, heard.message.channel)
    done = joined(heard, case)
    since = heard.at - ADDED_ONCE_IN
    if case.sensitivity != "sealed" and not conversations.said_since(
        heard.who.id, since, text_key="menu_added"
    ):
        _heard.say(heard, "menu_added", {"number": case.number})
    return done


def edited_case(heard: Heard) -> Case | None:
    """The matter of the message whose words were changed; None when it made or joined none."""
    before = conversations.edited(heard.message)
    if before is None or before.subject_kind != "case" or before.subject_id is None:
        return None
    return access.get_for(heard.by, before.subject_id, lock=True)


def add_edited(heard: Heard, case: Case) -> str:
    """New words of a message that is in a matter belong there too: a mended slip is no second report."""
    if not following_rules.may_add(case.state):
        return to_person(heard)
    _talking.add_words(case, heard.at, heard.words, heard.message.channel)
    return joined(heard, case)


def answered_question(heard: Heard) -> str:
    """The reply to a question of ours: it names our message, or only one question can be meant. "" when it is none.

    Whoever sends, also by a channel whose sender can be forged, can only add words here; nothing is opened to them.
    """
    case = _asked(heard)
    if case is None or not heard.words.strip():
        return ""
    if case.state != moves.WAITING and case.state not in moves.OPEN_STATES:
        return ""  # after an answer a person must read it: it may say that nothing is solved
    replied = _talking.add_words(case, heard.at, heard.words, heard.message.channel)
    done = joined(heard, case)
    if replied and case.sensitivity != "sealed":
        _heard.say(heard, "menu_replied", {"number": case.number})
    return done


def _asked(heard: Heard) -> Case | None:
    subject = conversations.subject_answered(heard.message.gateway_id, heard.message.reply_to)
    if subject is not None and subject[0] == "case":
        found = Case.objects.filter(id=subject[1]).first()
    elif heard.who.person_id is not None:
        found = talking.waiting_case(heard.who.person_id)
    else:
        found = None
    return access.get_for(heard.by, found.id, lock=True) if found is not None else None


def joined(heard: Heard, case: Case) -> str:
    """The message belongs to a matter that was there before."""
    _talking.bring(case, heard.message, heard.at)
    sealed = heard.protected or case.sensitivity == "sealed"
    facts = {"road": heard.message.channel, "verified": heard.message.is_verified}
    steps.journal(heard.by, heard.at, "case.add", case, facts, {"text": heard.words})
    return _heard.settle(heard, "added", case=case, sealed=sealed)
