"""A stack of papers: said once, typed sheet by sheet, handed back with receipts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from simpul.cases.actions import handling, intake, stacks
from simpul.cases.models import Case, Sheet, Stack
from simpul.cases.queries import receipts as receipt_queries
from simpul.cases.queries import stacks as queries
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def begin(cast: Cast, **given: Any) -> Stack:
    wanted: dict[str, Any] = {
        "by": cast.village_officer,
        "at": NOW,
        "region_code": DUNGKAIT,
        "kind_code": "complaint",
        "written_date": date(2026, 11, 20),
        "brought_by": "Kepala Dusun",
        "distribution": "BLT tahap 2",
    }
    return stacks.open_stack(**(wanted | given))


def enter(cast: Cast, stack: Stack, **given: Any) -> intake.Opened:
    wanted: dict[str, Any] = {
        "by": cast.village_officer,
        "at": LATER,
        "stack_id": stack.id,
        "text_given": "Nama saya tidak ada di daftar.",
        "number": "012/BLT",
        "name": "Nurhayati",
    }
    return stacks.enter_sheet(**(wanted | given))


def test_a_sheet_keeps_its_own_date_and_runs_from_when_the_stack_was_received(cast: Cast) -> None:
    monday = NOW - timedelta(days=3)
    stack = begin(cast, received_at=monday)
    opened = enter(cast, stack, hamlet_id=cast.hamlet.id, writer="Ilham Rasyid")
    case = Case.objects.get()
    assert (case.channel, case.paper_number, case.paper_date) == ("paper", "012/BLT", date(2026, 11, 20))
    assert (case.received_at, case.paper_writer, case.mode) == (monday, "Ilham Rasyid", "proxy")
    assert case.changed_at == LATER, "whoever asks what changed since yesterday is told"
    assert case.text.endswith("[BLT tahap 2]")
    assert receipt_queries.pin_fits(case, opened.pin)
    sheet = Sheet.objects.get()
    assert (sheet.stack, sheet.case, sheet.place) == (stack, case, 1)
    assert Line.objects.get(kind="sheet.enter").subject_id == stack.id
    own = enter(cast, stack, number="013", written_date=date(2026, 11, 18))
    assert own.case.paper_date == date(2026, 11, 18)


def test_opening_and_entering_twice_happen_once(cast: Cast) -> None:
    key, case_id = uuid7(), uuid7()
    assert begin(cast, stack_id=key) == begin(cast, stack_id=key)
    stack = Stack.objects.get()
    first, again = enter(cast, stack, case_id=case_id), enter(cast, stack, case_id=case_id)
    assert (again.again, again.number) == (True, first.number)
    assert Sheet.objects.count() == 1
    with pytest.raises(NotFound):
        begin(cast, by=cast.admin, stack_id=key)


def test_the_future_and_a_stale_date_are_refused(cast: Cast) -> None:
    tomorrow = date(2026, 11, 24)
    with pytest.raises(stacks.PaperDateWrong):
        begin(cast, written_date=tomorrow)
    with pytest.raises(stacks.ReceivedWrong):
        begin(cast, received_at=LATER)
    with pytest.raises(stacks.ReceivedWrong):
        begin(cast, received_at=NOW - timedelta(days=400))
    with pytest.raises(stacks.PaperDateWrong):
        enter(cast, begin(cast), written_date=tomorrow)
    with pytest.raises(intake.KindUnknown):
        begin(cast, kind_code="dance")
    with pytest.raises(intake.PlaceUnknown):
        begin(cast, by=cast.village_officer, region_code=DUNGKAIT + "9")
    with pytest.raises(intake.TextMissing):
        enter(cast, begin(cast), text_given=" ")
    assert not Case.objects.exists()


def test_a_number_twice_is_warned_of_and_may_be_another_sheet(cast: Cast) -> None:
    stack = begin(cast)
    enter(cast, stack)
    with pytest.raises(stacks.SheetTwice):
        enter(cast, stack, number="012 / blt")
    enter(cast, stack, number="012 / blt", another=True)
    enter(cast, begin(cast))  # another stack has numbers of its own
    enter(cast, stack, number="")
    enter(cast, stack, number="")
    assert Case.objects.count() == 5


def test_the_last_sheet_is_taken_back_without_telling_anybody(cast: Cast) -> None:
    stack = begin(cast)
    first = enter(cast, stack)
    enter(cast, stack, number="013")
    gone = stacks.undo_sheet(by=cast.village_officer, at=LATER, stack_id=stack.id)
    assert (gone.state, gone.paper_number) == ("withdrawn", "013")
    assert not Message.objects.filter(subject_id=gone.id, state="queued").exists()
    assert Line.objects.filter(kind="sheet.undo", subject_id=gone.id).exists()
    enter(cast, stack, number="013")
    assert [sheet.place for sheet in queries.sheets(stack)] == [3, 2, 1]
    assert queries.how_many(stack) == 2
    stacks.undo_sheet(by=cast.village_officer, at=LATER, stack_id=stack.id)
    handling.claim_case(by=cast.admin, at=LATER, case_id=first.case.id)
    with pytest.raises(stacks.NothingToUndo):
        stacks.undo_sheet(by=cast.village_officer, at=LATER, stack_id=stack.id)


def test_a_sheet_that_is_closed_for_its_words_stays(cast: Cast) -> None:
    stack = begin(cast)
    opened = enter(cast, stack, text_given="Anak saya diperkosa tetangga.")
    assert opened.case.sensitivity == "sealed"
    with pytest.raises(stacks.NothingToUndo):
        stacks.undo_sheet(by=cast.village_officer, at=LATER, stack_id=stack.id)
    assert opened.number not in str(Line.objects.get(kind="sheet.enter").facts)


def test_receipts_are_printed_by_who_opened_it_while_it_is_open(cast: Cast) -> None:
    stack = begin(cast)
    opened = enter(cast, stack)
    secret = enter(cast, stack, number="2", text_given="Anak saya diperkosa tetangga.")
    found = queries.receipts(cast.village_officer, stack)
    assert [(one.number, one.pin, one.receipt16) for one in found] == [
        (opened.number, opened.pin, ""),
        ("", "", secret.receipt16),
    ]
    with pytest.raises(NotFound):
        queries.receipts(cast.admin, stack)
    stacks.close_stack(by=cast.village_officer, at=LATER, stack_id=stack.id)
    stack.refresh_from_db()
    with pytest.raises(NotFound):
        queries.receipts(cast.village_officer, stack)
    for act in (stacks.close_stack, stacks.undo_sheet):
        with pytest.raises(stacks.StackClosed):
            act(by=cast.village_officer, at=LATER, stack_id=stack.id)
    with pytest.raises(stacks.StackClosed):
        enter(cast, stack, number="9")
    assert Line.objects.get(kind="stack.close").facts["sheets"] == 2


def test_only_desks_of_the_place_see_and_fill_a_stack(cast: Cast) -> None:
    for by in (ANYBODY, cast.neighbour, cast.partner, cast.administrator, cast.custodian):
        with pytest.raises(NotAllowed):
            begin(cast, by=by)
    with pytest.raises(NotAllowed):
        begin(cast, region_code=BONTO_JAI)
    stack = begin(cast)
    for by in (cast.neighbour, cast.admin, cast.pokja):
        with pytest.raises(NotFound):
            enter(cast, stack, by=by)
        with pytest.raises(NotFound):
            stacks.undo_sheet(by=by, at=LATER, stack_id=stack.id)
        assert queries.stacks(by) == []
    assert queries.stacks(cast.village_officer) == [stack]
