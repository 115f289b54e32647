"""A stack of papers: opened once with what its sheets share, then a sheet at a time, each of them a matter with a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake, steps
from simpul.cases.models import Case, Sheet, Stack
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import stacks as queries
from simpul.cases.rules import moves
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.lib.media import CleanFile
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.people import rules as people_rules
from simpul.regions import queries as region_queries

OLDEST = timedelta(days=366)


class StackClosed(Refused):
    """Nothing is added to a closed stack."""

    code = "stack.closed"
    sentence = _("This stack is closed. Open a new one for the sheets that are left.")


class PaperDateWrong(Refused):
    """Nobody writes tomorrow."""

    code = "sheet.date_wrong"
    sentence = _("The date on the paper lies in the future. Compare it with the sheet.")
    field = "written_date"


class ReceivedWrong(Refused):
    """When the office got the stack: in the past year."""

    code = "stack.received_wrong"
    sentence = _("Check when the stack was received: not in the future, and within the past year.")
    field = "received_date"


class SheetTwice(Refused):
    """The number is in this stack already."""

    code = "sheet.twice"
    sentence = _(
        "A sheet with the number %(number)s is in this stack already (%(case)s). Is it another sheet? Then tick “another sheet”."
    )
    field = "number"


class NothingToUndo(Refused):
    """There is no last sheet of yours, or somebody has begun to work on it."""

    code = "sheet.nothing_to_undo"
    sentence = _(
        "The last sheet cannot be taken back any more. Open its matter, and withdraw or correct it there."
    )


def open_stack(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    kind_code: str,
    title: str = "",
    written_date: date | None = None,
    received_at: datetime | None = None,
    brought_by: str = "",
    distribution: str = "",
    stack_id: UUID | None = None,
) -> Stack:
    """Begin a stack: what its sheets share is said once. Repeating with the same id changes nothing.

    Raises:
        KindUnknown, PlaceUnknown (of ``intake``), PaperDateWrong, ReceivedWrong.
        NotAllowed: not this actor's area.
    """
    roles.require(by, "stack.open", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    if by.desk_id is None or by.user_id is None:
        raise NotAllowed
    kind = kind_queries.get_kind(kind_code)
    if kind is None or not kind.is_active:
        raise intake.KindUnknown
    if region_queries.find_region(region_code) is None:
        raise intake.PlaceUnknown
    came = received_at or at
    if not at - OLDEST <= came <= at:
        raise ReceivedWrong
    _check_written(written_date, region_code, came)
    with transaction.atomic():
        known = Stack.objects.filter(id=stack_id).first() if stack_id else None
        if known is not None:
            if known.user_id != by.user_id:
                raise NotFound
            return known
        stack = Stack.objects.create(
            id=stack_id or uuid7(),
            desk_id=by.desk_id,
            title=text.clean_line(title)[:100],
            region_code=region_code,
            kind=kind,
            written_date=written_date,
            received_at=came,
            brought_by=text.clean_line(brought_by)[:150],
            distribution=text.clean_line(distribution)[:100],
            opened_at=at,
            opened_by=by.name[:150],
            user_id=by.user_id,
        )
        _line(by, at, "stack.open", stack, about=kind.code)
    return stack


def enter_sheet(
    *,
    by: Actor,
    at: datetime,
    stack_id: UUID,
    text_given: str,
    number: str = "",
    written_date: date | None = None,
    name: str = "",
    writer: str = "",
    phone: str = "",
    owner: str = "unknown",
    hamlet_id: UUID | None = None,
    place: str = "",
    urgency: str = "normal",
    triage: Sequence[str] = (),
    clean_files: Sequence[CleanFile] = (),
    another: bool = False,
    case_id: UUID | None = None,
) -> intake.Opened:
    """Type one sheet in: a matter on paper, with the sheet's own number and date, received when the stack was.

    The phone's owner asked nobody whether writing there is safe: what is unknown stays unknown, and little is written there.

    Args:
        written_date: the sheet's own date; without it the stack's.
        writer: who wrote it for the person, when that was somebody else.
        another: the same number stands on two sheets.

    Raises:
        NotFound, StackClosed, PaperDateWrong, SheetTwice, and what ``open_case`` raises.
    """
    with transaction.atomic():
        stack = queries.stack_for(by, stack_id, lock=True)
        roles.require(by, "sheet.enter", roles.Place(region_code=stack.region_code, holder_ids=by.desk_ids))
        if stack.closed_at is not None:
            raise StackClosed
        day = written_date or stack.written_date
        _check_written(day, stack.region_code, at)
        key = queries.number_key(number)
        twin = queries.same_number(stack, key)
        if twin is not None and not another and twin.case_id != case_id:
            raise SheetTwice(number=number, case=steps.shown_number(twin.case) or "–")
        opened = intake.open_case(
            by=by,
            at=stack.received_at,
            kind_code=stack.kind_id,
            text_given=_with_round(text_given, stack),
            region_code=stack.region_code,
            channel="paper",
            mode=_mode(name, writer),
            reporter=intake.PersonGiven(
                name=name or (people_rules.UNKNOWN_NAME if phone else ""),
                phone=phone,
                owner=owner,
                safe_to_call=None,
                safe_to_write=None,
            ),
            hamlet_id=hamlet_id,
            place=place,
            urgency=urgency,
            consent="paper",
            paper=intake.Paper(number, day, writer or (stack.brought_by if not name else "")),
            triage=triage,
            clean_files=clean_files,
            case_id=case_id,
        )
        if not opened.again:
            steps.change(opened.case, at)  # received when the stack was, and new here now
            _lay_down(stack, opened.case, key, at)
            facts = {"number": steps.shown_number(opened.case), "place": stack.last_place}
            _line(by, at, "sheet.enter", stack, **facts)
    return opened


def undo_sheet(*, by: Actor, at: datetime, stack_id: UUID) -> Case:
    """Take the last sheet back that this officer entered: its matter is withdrawn, and nobody is told about it.

    A sheet that somebody works on, or that was closed for its words, stays.

    Raises:
        NotFound, StackClosed, NothingToUndo.
    """
    with transaction.atomic():
        stack = queries.stack_for(by, stack_id, lock=True)
        roles.require(by, "sheet.undo", roles.Place(region_code=stack.region_code, holder_ids=by.desk_ids))
        if stack.closed_at is not None:
            raise StackClosed
        sheet = queries.last_sheet(stack)
        case = sheet.case if sheet is not None else None
        if sheet is None or case is None or not _may_go(case, by):
            raise NothingToUndo
        steps.move(case, "case.withdraw", at, decision="withdrawn", decision_words="", closed_at=at)
        steps.stop_clocks(case, "ended", at)
        for message_id in message_queries.waiting_for(case.id):
            message_actions.hold_message(by=MACHINE, at=at, message_id=message_id, reason="sheet.undo")
        Sheet.objects.filter(id=sheet.id).update(undone_at=at)
        steps.journal(by, at, "sheet.undo", case, {"place": sheet.place})
        return case


def close_stack(*, by: Actor, at: datetime, stack_id: UUID) -> Stack:
    """Lay the stack away: nothing is added, and its receipts are printed no more.

    Raises:
        NotFound, StackClosed.
    """
    with transaction.atomic():
        stack = queries.stack_for(by, stack_id, lock=True)
        roles.require(by, "stack.close", roles.Place(region_code=stack.region_code, holder_ids=by.desk_ids))
        if Stack.objects.filter(id=stack.id, closed_at=None).update(closed_at=at) != 1:
            raise StackClosed
        stack.refresh_from_db()
        _line(by, at, "stack.close", stack, sheets=queries.how_many(stack))
    return stack


def _may_go(case: Case, by: Actor) -> bool:
    untouched = case.state == moves.NEW and case.seat_id is None and case.holder_id == case.first_desk_id
    return untouched and case.sensitivity != "sealed" and case.assisted_by == by.name


def _lay_down(stack: Stack, case: Case, key: str, at: datetime) -> None:
    stack.last_place += 1
    Sheet.objects.create(stack=stack, case=case, place=stack.last_place, number=key, entered_at=at)
    Stack.objects.filter(id=stack.id).update(last_place=stack.last_place)


def _mode(name: str, writer: str) -> str:
    """A sheet without a name is a matter of somebody unknown, not of somebody who asked to stay so."""
    return "proxy" if name and writer and text.name_key(name) != text.name_key(writer) else "self"


def _with_round(said: str, stack: Stack) -> str:
    """The words of the sheet, with the round of the distribution that the whole stack is about."""
    words = said.strip()
    if not stack.distribution or not words or stack.distribution.casefold() in words.casefold():
        return words
    return f"{words}\n\n[{stack.distribution}]"


def _check_written(day: date | None, region_code: str, at: datetime) -> None:
    zone = ZoneInfo(region_queries.zone_of(region_code))
    if day is not None and day > at.astimezone(zone).date():
        raise PaperDateWrong


def _line(by: Actor, at: datetime, kind: str, stack: Stack, **facts: object) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="stack",
        subject_id=stack.id,
        facts=facts,
        region_code=stack.region_code,
    )
