"""A day without even a phone: print a sheet, enter its rows afterwards, keep its photo, finish it.

What is entered from a row takes the row's own key, so that a row typed twice, or by two people, is one fact; and a fact that a phone
wrote down as well stands beside it, for a person to see.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake, reserving
from simpul.lib import ids, text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import FileStore
from simpul.lib.media import CleanFile
from simpul.outreach import access
from simpul.outreach.actions import steps, stopping, visiting
from simpul.outreach.models import Sheet, SheetRow
from simpul.outreach.queries import doors
from simpul.outreach.rules import papers as rules
from simpul.programmes.actions import delivering
from simpul.programmes.queries import rounds as round_queries


class NothingToPrint(Refused):
    """An empty sheet of doors helps nobody."""

    code = "sheet.nothing"
    sentence = _(
        "There is nothing to print here. Choose other households, or how many lines the sheet shall have."
    )
    field = "rows"


class TooManyRows(Refused):
    """A sheet is entered in one go."""

    code = "sheet.too_many"
    sentence = _("A sheet has %(most)s rows at most. Print several sheets.")
    field = "rows"


class SheetOver(Refused):
    """Finished and void sheets are not entered any more."""

    code = "sheet.over"
    sentence = _("This sheet is finished or void. Open it again by its code only to read it.")


class RowsLeft(Refused):
    """Every row was entered, or says that it is blank."""

    code = "sheet.rows_left"
    sentence = _(
        "%(left)s rows are neither entered nor marked as blank. Enter them, or write why they stay open."
    )
    field = "words"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sheet shall hold: households for doors, a round for aid, a number of lines for guests and blank forms."""

    kind: str
    title: str
    household_ids: Sequence[UUID] = ()
    lines: int = 0
    round_id: UUID | None = None
    hamlet_id: UUID | None = None
    trip_id: UUID | None = None
    stop_id: UUID | None = None


def print_sheet(
    *, by: Actor, at: datetime, region_code: str, wanted: Wanted, sheet_id: UUID | None = None
) -> Sheet:
    """Make a sheet: from now on its rows have keys, and blank forms have numbers that nobody else gets. The same key again: the same sheet.

    Raises:
        NothingToPrint, TooManyRows, steps.ChoiceUnknown.
        NotFound: a household, round, trip or stop this actor does not see.
        NotAllowed: this role prints nothing there.
    """
    roles.require(by, "sheet.print", roles.Place(region_code))
    if wanted.kind not in rules.KINDS:
        raise steps.ChoiceUnknown
    known = Sheet.objects.filter(id=sheet_id).first() if sheet_id else None
    if known is not None:
        return access.sheet_for(by, known.id)
    trip = access.trip_for(by, wanted.trip_id) if wanted.trip_id else None
    stop = access.stop_for(by, wanted.stop_id) if wanted.stop_id else None
    with transaction.atomic():
        sheet = Sheet.objects.create(
            id=sheet_id or ids.uuid7(),
            code=_code(),
            kind=wanted.kind,
            region_code=region_code,
            title=text.clean_line(wanted.title)[:200] or gettext(rules.KINDS[wanted.kind]),
            trip=trip or (stop.trip if stop else None),
            stop=stop,
            round_id=wanted.round_id,
            seat_id=by.seat_id,
            printed_at=at,
            printed_by=by.name[:150],
        )
        rows = _rows(by, at, sheet, wanted)
        if not rows:
            raise NothingToPrint
        if len(rows) > rules.MOST_ROWS:
            raise TooManyRows(most=rules.MOST_ROWS)
        for position, row in enumerate(rows, start=1):
            row.position = position
        SheetRow.objects.bulk_create(rows)
        _line(by, at, "sheet.print", sheet, {"kind": sheet.kind, "rows": len(rows), "code": sheet.code})
    return sheet


def _code() -> str:
    return "".join(secrets.choice(ids.ALPHABET) for _sign in range(rules.CODE_SIGNS))


def _rows(by: Actor, at: datetime, sheet: Sheet, wanted: Wanted) -> list[SheetRow]:
    if wanted.kind == "visits":
        seen = set(
            doors.present_households(by, sheet.region_code)
            .filter(id__in=list(wanted.household_ids)[: rules.MOST_ROWS + 1])
            .values_list("id", flat=True)
        )
        return [
            SheetRow(sheet=sheet, household_id=key)
            for key in dict.fromkeys(wanted.household_ids)
            if key in seen
        ]
    if wanted.kind == "deliveries":
        if wanted.round_id is None:
            raise steps.ChoiceUnknown
        listed = round_queries.to_print(by, wanted.round_id, sheet.region_code, wanted.hamlet_id)
        return [
            SheetRow(sheet=sheet, household_id=one.entry.household_id, entry_id=one.entry.id)
            for one in listed
        ]
    lines = min(max(0, wanted.lines), rules.MOST_ROWS + 1)
    if wanted.kind == "cases" and 0 < lines <= rules.MOST_ROWS:
        given = reserving.reserve_numbers(
            by=MACHINE,
            at=at,
            region_code=sheet.region_code,
            count=lines,
            for_device=f"paper:{sheet.code}",
            allotment_id=sheet.id,
        )
        return [SheetRow(sheet=sheet, case_id=one.case_id, number=one.number) for one in given]
    return [SheetRow(sheet=sheet) for _line_number in range(lines)]


def enter_row(
    *,
    by: Actor,
    at: datetime,
    row_id: UUID,
    visited_at: datetime,
    found: visiting.Found | None = None,
    delivery: delivering.DeliveryGiven | None = None,
    guest: stopping.GuestSaid | None = None,
    matter: Matter | None = None,
) -> SheetRow:
    """Enter one row: what stands on the paper becomes a visit, a delivery, a guest or a matter, with the row's own key.

    Raises:
        SheetOver: the sheet is finished or void.
        Refused: what the act of that room refuses.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        sheet, row = _begin(by, "row.enter", row_id)
        if row.state == "entered":
            return row
        outcome = _enter(by, at, sheet, row, visited_at, (found, delivery, guest, matter))
        row.state, row.outcome = "entered", outcome[:12]
        row.entered_at, row.entered_by = at, by.name[:150]
        row.save()
        _line(by, at, "row.enter", sheet, {"row": row.position, "outcome": row.outcome})
    return row


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as it stands on a form whose number was printed."""

    kind_code: str
    words: str
    reporter: intake.PersonGiven
    urgency: str = "normal"
    consent: str = "paper"
    mode: str = "self"
    answers: Mapping[str, object] = field(default_factory=dict)


def _enter(
    by: Actor, at: datetime, sheet: Sheet, row: SheetRow, visited_at: datetime, said: tuple[Any, ...]
) -> str:
    found, delivery, guest, matter = said
    if sheet.kind == "visits" and found is not None and row.household_id:
        visiting.record_visit(
            by=by, at=at, household_id=row.household_id, visited_at=visited_at, found=found, visit_id=row.id
        )
        return str(found.outcome)
    if sheet.kind == "deliveries" and delivery is not None and sheet.round_id:
        delivering.record_delivery(by=by, at=at, round_id=sheet.round_id, given=delivery, delivery_id=row.id)
        return str(delivery.outcome)
    if sheet.kind == "guests" and guest is not None and sheet.stop_id:
        stopping.sign_guest(
            by=by, at=at, stop_id=sheet.stop_id, guest=guest, came_at=visited_at, guest_id=row.id
        )
        return "came"
    if sheet.kind == "cases" and matter is not None and row.case_id:
        intake.open_case(
            by=by,
            at=at,
            kind_code=matter.kind_code,
            text_given=matter.words,
            region_code=sheet.region_code,
            channel="paper",
            reporter=matter.reporter,
            mode=matter.mode,
            answers=matter.answers,
            urgency=matter.urgency,
            consent=matter.consent,
            case_id=row.case_id,
            number=row.number,
            declared_at=visited_at,
            paper=intake.Paper(number=row.number, written_date=visited_at.date(), writer=sheet.printed_by),
        )
        return "opened"
    raise steps.ChoiceUnknown


def skip_row(*, by: Actor, at: datetime, row_id: UUID) -> SheetRow:
    """Say that a row stayed blank on the paper. A number printed on it is given back; again changes nothing.

    Raises:
        SheetOver.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        sheet, row = _begin(by, "row.skip", row_id)
        if row.state != "open":
            return row
        row.state, row.entered_at, row.entered_by = "blank", at, by.name[:150]
        row.save()
        if row.case_id:
            reserving.return_numbers(by=MACHINE, at=at, case_ids=[row.case_id])
        _line(by, at, "row.skip", sheet, {"row": row.position})
    return row


def photograph_sheet(*, by: Actor, at: datetime, sheet_id: UUID, clean: CleanFile) -> Sheet:
    """Keep the photo of the filled sheet beside what was entered from it; a newer photo takes the older one's place.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        sheet = access.sheet_for(by, sheet_id, lock=True)
        roles.require(by, "sheet.photograph", roles.Place(sheet.region_code))
        kept = FileStore(settings.SIMPUL_FILES).put(clean.data)
        sheet.photo_sha256, sheet.photo_mime = kept, clean.mime
        sheet.save()
        _line(by, at, "sheet.photograph", sheet, {"file": kept})
    return sheet


def finish_sheet(*, by: Actor, at: datetime, sheet_id: UUID, words: str = "") -> Sheet:
    """Finish a sheet: every row is entered or blank, or it is said why not. Numbers that were not used are given back.

    Raises:
        SheetOver, RowsLeft.
        NotFound, NotAllowed.
    """
    return _end(by, at, sheet_id, "sheet.finish", "finished", words)


def void_sheet(*, by: Actor, at: datetime, sheet_id: UUID, words: str) -> Sheet:
    """Declare a sheet void: lost, wet, printed by mistake. What was entered from it stands; numbers that were not used are given back.

    Raises:
        SheetOver, steps.WordsMissing.
        NotFound, NotAllowed.
    """
    if not text.clean_line(words):
        raise steps.WordsMissing(field="words")
    return _end(by, at, sheet_id, "sheet.void", "void", words)


def _end(by: Actor, at: datetime, sheet_id: UUID, act: str, state: str, words: str) -> Sheet:
    with transaction.atomic():
        sheet = access.sheet_for(by, sheet_id, lock=True)
        roles.require(by, act, roles.Place(sheet.region_code))
        if sheet.state == state:
            return sheet
        if sheet.state != "printed":
            raise SheetOver
        rows = list(sheet.rows.all())
        left = rules.left_open(row.state for row in rows)
        said = text.clean_line(words)[:300]
        if state == "finished" and left and not said:
            raise RowsLeft(left=left)
        unused = [row.case_id for row in rows if row.case_id and row.state == "open"]
        _give_back(at, unused)
        sheet.state, sheet.finished_at, sheet.words = state, at, said
        sheet.save()
        _line(by, at, act, sheet, {"left": left, "unused_numbers": len(unused)}, {"words": said})
    return sheet


def _give_back(at: datetime, case_ids: Collection[UUID]) -> None:
    if case_ids:
        reserving.return_numbers(by=MACHINE, at=at, case_ids=list(case_ids))


def _begin(by: Actor, act: str, row_id: UUID) -> tuple[Sheet, SheetRow]:
    row = SheetRow.objects.select_for_update().filter(id=row_id).first()
    if row is None:
        raise NotFound
    sheet = access.sheet_for(by, row.sheet_id)
    roles.require(by, act, roles.Place(sheet.region_code))
    if sheet.state != "printed":
        raise SheetOver
    return sheet, row


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    sheet: Sheet,
    facts: dict[str, Any],
    inputs: dict[str, Any] | None = None,
) -> None:
    steps.line(
        by,
        at,
        kind,
        "sheet",
        sheet.id,
        sheet.region_code,
        facts={"sheet": sheet.code, **facts},
        inputs=inputs,
    )
