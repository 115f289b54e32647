"""The books: each line once, corrected with its trace, void with its reason; read column by column."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from simpul.journal.models import Line
from simpul.letters.actions import registers as actions
from simpul.letters.actions import reminding, revoking
from simpul.letters.models import Expedition, IncomingLetter, Letter, Requirement, TakenNumber
from simpul.letters.queries import figures, proof, registers
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.lib.ids import uuid7
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.letters import desk, sealed

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> FileStore:
    """A folder of files of this test's own."""
    settings.SIMPUL_FILES = tmp_path
    return FileStore(tmp_path)


def photo() -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "JPEG")
    return kept.getvalue()


def came(cast: Cast, **given: Any) -> IncomingLetter:
    """A letter that came to Dungkait."""
    wanted: dict[str, Any] = {
        "received_date": DAY,
        "sender": "Camat Tapalang Barat",
        "subject": "Undangan rapat",
    }
    options = {name: given.pop(name) for name in ("by", "scan", "incoming_id") if name in given}
    return actions.record_incoming(
        **{"by": cast.village_officer, **options},
        at=NOW,
        region_code=DUNGKAIT,
        given=actions.IncomingGiven(**{**wanted, **given}),
    )


def test_incoming_letters_have_numbers_of_their_own_and_come_once(cast: Cast, files: FileStore) -> None:
    key = uuid7()
    first = came(cast, incoming_id=key, scan=actions.Scan(photo(), "surat.jpg"))
    again = came(cast, incoming_id=key)
    second = came(cast)
    assert first.id == again.id and (first.taken.number, second.taken.number) == (1, 2)
    assert first.taken.series == "incoming" and files.exists(first.file_sha256)
    last_year = came(cast, received_date=date(2025, 12, 31))
    assert (last_year.taken.year, last_year.taken.number) == (2025, 1)
    line = Line.objects.filter(kind="incoming.record").first()
    assert line is not None and "Camat" not in str(line.facts)
    with pytest.raises(actions.DayAhead):
        came(cast, received_date=date(2026, 11, 25))
    with pytest.raises(actions.steps.WordsMissing):
        came(cast, sender=" ")
    with pytest.raises(NotFound):
        came(cast, by=cast.neighbour_officer)


def test_a_line_is_corrected_with_its_trace_disposed_of_and_made_void(cast: Cast) -> None:
    row = came(cast)
    right = actions.IncomingGiven(received_date=DAY, sender="Camat Tapalang", subject="Undangan rapat")
    actions.correct_incoming(by=cast.village_officer, at=NOW, incoming_id=row.id, given=right)
    actions.correct_incoming(by=cast.village_officer, at=NOW, incoming_id=row.id, given=right)
    assert Line.objects.get(kind="incoming.correct").inputs["before"] == {"sender": "Camat Tapalang Barat"}
    actions.dispose_incoming(by=cast.village_head, at=NOW, incoming_id=row.id, disposition="Sekdes hadir")
    assert IncomingLetter.objects.get().disposition == "Sekdes hadir"
    with pytest.raises(NotFound):
        actions.void_incoming(by=cast.village_officer, at=NOW, incoming_id=row.id, why="Dua kali")
    with pytest.raises(NotFound):
        actions.void_incoming(by=cast.neighbour_head, at=NOW, incoming_id=row.id, why="Dua kali")
    actions.void_incoming(by=cast.secretary, at=NOW, incoming_id=row.id, why="Tertulis dua kali")
    assert TakenNumber.objects.get(id=row.taken_id).state == "void"
    with pytest.raises(actions.LineVoid):
        actions.dispose_incoming(by=cast.village_head, at=NOW, incoming_id=row.id, disposition="Sekdes")
    with pytest.raises(actions.LineVoid):
        actions.correct_incoming(by=cast.village_officer, at=NOW, incoming_id=row.id, given=right)
    assert {*Line.objects.values_list("kind", flat=True)} >= {"incoming.dispose", "incoming.void"}


def test_a_letter_is_carried_out_taken_and_a_wrong_line_taken_back(cast: Cast) -> None:
    letter = sealed.released()
    given = actions.ExpeditionGiven(sent_date=DAY, addressee="Bank Sulselbar", subject="Keterangan usaha")
    key = uuid7()
    act: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "region_code": DUNGKAIT, "given": given}
    row = actions.record_expedition(**act, letter_id=letter.id, expedition_id=key)
    assert actions.record_expedition(**act, letter_id=letter.id, expedition_id=key).id == row.id
    actions.receive_expedition(
        by=cast.village_officer, at=NOW, expedition_id=row.id, receiver="Ibu Rina", received_date=DAY
    )
    page = registers.read(cast.secretary, "expedition", DUNGKAIT, registers.Filters(2026, "rina"), NOW, "id")
    assert page.rows[0].cells["note"].startswith("Ibu Rina") and page.rows[0].cells["to"] == "Bank Sulselbar"
    with pytest.raises(actions.DayAhead):
        actions.receive_expedition(
            by=cast.village_officer,
            at=NOW,
            expedition_id=row.id,
            receiver="X Y",
            received_date=date(2026, 12, 1),
        )
    for stranger in (cast.neighbour_officer, cast.neighbour_head):
        with pytest.raises(NotFound):
            actions.withdraw_expedition(by=stranger, at=NOW, expedition_id=row.id, why="Salah")
        with pytest.raises(NotFound):
            actions.record_expedition(**{**act, "by": stranger})
    actions.withdraw_expedition(by=cast.village_officer, at=NOW, expedition_id=row.id, why="Salah")
    with pytest.raises(actions.LineVoid):
        actions.receive_expedition(
            by=cast.village_officer, at=NOW, expedition_id=row.id, receiver="X Y", received_date=DAY
        )
    assert not registers.read(cast.secretary, "expedition", DUNGKAIT, registers.Filters(2026), NOW, "id").rows
    assert Expedition.objects.count() == 1


def test_the_books_hold_what_their_form_asks_in_its_columns(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    came(cast)
    sealed.released(1)
    gone = sealed.released(2)
    revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=gone.id, why="Data salah")
    desk.asked(cast)
    with django_assert_max_num_queries(8):
        agenda = registers.read(
            cast.secretary, "agenda", DUNGKAIT, registers.Filters(2026), NOW, "id", whole=True
        )
    assert [row.cells["row"] for row in agenda.rows] == ["1", "2", "3"]
    assert agenda.rows[0].cells["in_sender"] == "Camat Tapalang Barat"
    assert agenda.rows[2].cells["note"] == "revoked"
    service = registers.read(cast.secretary, "service", DUNGKAIT, registers.Filters(2026), NOW, "id")
    assert service.total == 3
    archive = registers.read(
        cast.secretary, "archive", DUNGKAIT, registers.Filters(2026, "3/001/"), NOW, "id"
    )
    assert [row.cells["code"] for row in archive.rows] == ["500.3"]
    for code, book in registers.books().items():
        assert sum(column.width for column in book.columns) == 100, code
        assert sum(span for _head, span in book.groups("id")) == len(book.columns)
    assert (
        len(registers.books()["agenda"].columns) == 11 and len(registers.books()["expedition"].columns) == 6
    )
    for stranger in (cast.neighbour_head, cast.neighbour_officer):
        for code in registers.books():
            assert not registers.read(stranger, code, DUNGKAIT, registers.Filters(2026), NOW, "id").rows
    with pytest.raises(NotFound):
        registers.read(cast.secretary, "lain", DUNGKAIT, registers.Filters(2026), NOW, "id")


def test_applicants_hear_once_before_a_letter_ends(cast: Cast) -> None:
    person = cast.opened().case.reporter_id
    letter = sealed.released(person_id=person)
    assert proof.ending(NOW, 10) == []
    soon = NOW + timedelta(days=24)
    assert proof.ending(soon, 10) == [letter.id]
    assert not reminding.remind_expiry(by=MACHINE, at=NOW, letter_id=letter.id)
    assert reminding.remind_expiry(by=MACHINE, at=soon, letter_id=letter.id)
    assert not reminding.remind_expiry(by=MACHINE, at=soon, letter_id=letter.id)
    assert Message.objects.filter(text_key="letter_ending").count() == 1
    assert proof.ending(soon, 10) == []
    assert Line.objects.filter(kind="expiry.remind").count() == 1
    with pytest.raises(NotFound):
        reminding.remind_expiry(by=cast.village_head, at=soon, letter_id=letter.id)


def test_photos_of_requirements_go_after_their_time_and_the_mark_stays(cast: Cast, files: FileStore) -> None:
    letter = sealed.released()
    digest = files.put(photo())
    Requirement.objects.create(
        letter=letter, code="R3", state="shown", file_sha256=digest, file_mime="image/jpeg"
    )
    assert proof.with_old_photos(NOW, 10) == []
    assert reminding.drop_photos(by=MACHINE, at=NOW, letter_id=letter.id) == []
    later = NOW + timedelta(days=91)
    assert proof.with_old_photos(later, 10) == [letter.id]
    assert reminding.drop_photos(by=MACHINE, at=later, letter_id=letter.id) == [digest]
    assert reminding.drop_photos(by=MACHINE, at=later, letter_id=letter.id) == []
    mark = Requirement.objects.get()
    assert (mark.state, mark.file_sha256) == ("shown", "")
    assert Line.objects.get(kind="photos.drop").facts == {"photos": 1}
    with pytest.raises(NotFound):
        reminding.drop_photos(by=cast.village_head, at=later, letter_id=letter.id)


def test_figures_count_kinds_hours_waits_and_nights(cast: Cast) -> None:
    for number, hours in enumerate((1, 2, 30), start=1):
        letter = sealed.released(number, at=NOW)
        Letter.objects.filter(id=letter.id).update(
            requested_at=NOW - timedelta(hours=hours), outside_hours=number == 1
        )
    found = figures.letters(cast.secretary, DUNGKAIT, date(2026, 11, 1), date(2026, 11, 30))
    assert found.asked == 3 and found.released == 3 and found.outside == 1
    assert found.by_type == {"Keterangan Usaha": 3}
    assert found.waits.median == timedelta(hours=2) and found.waits.slowest_tenth == timedelta(hours=30)
    assert sum(found.by_hour.values()) == 3 and found.by_hour[9] == 1
    assert found.outside_share == pytest.approx(1 / 3)
    empty = figures.letters(cast.neighbour_head, DUNGKAIT, date(2026, 11, 1), date(2026, 11, 30))
    assert empty.asked == 0 and empty.waits.median is None and empty.outside_share is None
    assert figures.letters(cast.secretary, BONTO_JAI, date(2026, 11, 1), date(2026, 11, 30)).asked == 0
