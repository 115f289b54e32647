"""SP4N-LAPOR: its number on a matter, its reports taken in once, our matters in its shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import intake
from simpul.cases.actions import lapor as acts
from simpul.cases.models import Case, LaporRecord
from simpul.cases.queries import lapor as queries
from simpul.cases.rules import lapor as rules
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import DUNGKAIT, NOW, Cast

LATER = NOW + timedelta(days=40)
ROW = {
    "number": "7654321",
    "received_at": "02/11/2026 09:15",
    "title": "Bantuan beras belum sampai",
    "text": "Beras bantuan bulan Oktober belum sampai di dusun kami.",
    "report_class": "Pengaduan Tidak Berkadar Pengawasan",
    "status": "Proses",
    "place": "Dungkait",
    "disposed_at": "03/11/2026 10:00",
}


def report(**changes: str) -> rules.Report:
    read, faults = rules.read_report({**ROW, **changes}, queries.table(), NOW)
    assert read is not None, faults
    return read


def take(**changes: str) -> acts.Imported:
    return acts.import_lapor(by=MACHINE, at=NOW, report=report(**changes))


def faults(**changes: str) -> list[str]:
    return [one.sentence for one in rules.read_report({**ROW, **changes}, queries.table(), NOW)[1]]


# --- the words ----------------------------------------------------------------------------------------------------------


def test_every_state_and_kind_has_a_word_there_and_every_word_comes_back() -> None:
    table = queries.table()
    for key, word in table.status_words.items():
        assert table.statuses[rules.fold(word)] == key
    for key, word in table.class_words.items():
        assert table.classes[rules.fold(word)] == key
    assert set(table.status_of_state) == {
        "new", "offered", "working", "waiting", "handed_in", "answered", "closed", "withdrawn", "merged",
    }  # fmt: skip


def test_a_header_is_known_in_any_spelling_and_what_is_missing_is_named() -> None:
    places, missing = rules.places_of(["tracking id", "TANGGAL  LAPORAN", "Isi Laporan"], queries.table())
    assert (places["number"], places["received_at"], places["text"], missing) == (0, 1, 2, [])
    assert rules.places_of(["Judul"], queries.table())[1] == ["Tracking ID", "Tanggal Laporan", "Isi Laporan"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"number": ""}, rules.NUMBER_MISSING),
        ({"number": "<b>7"}, rules.NUMBER_MISSING),
        ({"received_at": ""}, rules.DATE_MISSING),
        ({"received_at": "kemarin"}, rules.DATE_WRONG),
        ({"received_at": "31/02/2026"}, rules.DATE_WRONG),
        ({"received_at": "01/01/2027"}, rules.DATE_AHEAD),
        ({"text": " "}, rules.TEXT_MISSING),
        ({"report_class": "Gosip"}, rules.CLASS_UNKNOWN),
        ({"status": "Entah"}, rules.STATUS_UNKNOWN),
        ({"followed_at": "01/11/2026 08:00"}, rules.DATES_BACKWARDS),
    ],
)
def test_a_row_that_cannot_be_taken_in_says_why(changes: dict[str, str], why: str) -> None:
    assert faults(**changes) == [why]


@pytest.mark.parametrize(
    "written", ["02/11/2026 09:15", "2026-11-02 09:15:00", "2026-11-02T09:15", "02-11-2026 09.15"]
)
def test_dates_are_read_as_their_files_write_them(written: str) -> None:
    assert report(received_at=written).received_at == datetime(2026, 11, 2, 2, 15, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(sorted(ROW)), st.text(max_size=60)))
def test_no_row_breaks_the_reader(changes: dict[str, str]) -> None:
    read, why = rules.read_report({**ROW, **changes}, queries.table(), NOW)
    assert (read is None) == bool(why)


def test_speed_counts_from_the_first_disposition() -> None:
    assert rules.speed_days(NOW, NOW + timedelta(days=2, hours=12)) == 2.5
    assert rules.speed_days(None, NOW) is None


# --- taking in ----------------------------------------------------------------------------------------------------------


def test_a_report_becomes_a_matter_with_its_road_and_its_dates(cast: Cast) -> None:
    case = take().case
    assert (case.channel, case.region_code, case.kind_id) == ("lapor", DUNGKAIT, "complaint")
    assert case.received_at == datetime(2026, 11, 2, 2, 15, tzinfo=UTC)
    assert Case.objects.get(id=case.id).changed_at == NOW
    assert case.first_disposed_at == datetime(2026, 11, 3, 3, 0, tzinfo=UTC)
    assert case.outside_numbers == {"SP4N-LAPOR": "7654321"}
    assert case.lapor.status == "process" and case.lapor.was_imported
    assert case.due_at is not None and case.due_at < NOW + timedelta(days=20)
    assert not Message.objects.filter(to_person_id__isnull=False).exists()
    assert Line.objects.filter(kind="lapor.import", subject_id=case.id).count() == 1


def test_the_same_number_again_opens_nothing(cast: Cast) -> None:
    first = take()
    again = take()
    assert (first.outcome, again.outcome, again.case.id) == ("new", "again", first.case.id)
    assert Case.objects.count() == LaporRecord.objects.count() == 1
    assert Line.objects.filter(kind="lapor.import").count() == 1


def test_a_later_export_brings_status_and_answer_up_to_date(cast: Cast) -> None:
    take()
    done = take(
        status="Selesai",
        followed_at="06/11/2026 10:00",
        finished_at="16/11/2026 10:00",
        answer="Beras sudah dibagikan pada 5 November di kantor desa.",
    )
    case = Case.objects.get()
    assert done.outcome == "changed"
    assert (case.state, case.is_open, case.hours_to_answer) == ("closed", False, 72)
    assert case.changed_at == NOW, "whoever asks what changed since yesterday is told"
    assert case.due_at is None and case.given.get().by_name == "SP4N-LAPOR"
    assert take(
        status="Selesai", followed_at="06/11/2026 10:00", finished_at="16/11/2026 10:00", answer="Beras sudah."
    ).outcome == "again"  # fmt: skip
    assert case.given.count() == 1


def test_secret_reports_are_restricted_and_anonymous_ones_hide_who(cast: Cast) -> None:
    secret = take(number="1000001", is_secret="Ya").case
    unnamed = take(number="1000002", is_anonymous="Ya").case
    assert Case.objects.get(id=secret.id).sensitivity == "restricted"
    assert Case.objects.get(id=unnamed.id).hide_name and unnamed.reporter is None


def test_words_that_raise_the_flag_are_sealed_and_their_number_stays_out_of_the_journal(cast: Cast) -> None:
    case = take(text="Anak tetangga dipukuli dan diperkosa pamannya.", status="Selesai").case
    case.refresh_from_db()
    assert (case.sensitivity, case.is_open) == ("sealed", True)
    assert Line.objects.get(kind="lapor.import").facts["number"] == ""


def test_no_officer_imports(cast: Cast) -> None:
    for part in ("admin", "manager", "administrator", "neighbour_manager"):
        with pytest.raises(NotFound):
            acts.import_lapor(by=getattr(cast, part), at=NOW, report=report())


# --- noting -------------------------------------------------------------------------------------------------------------


def note(cast: Cast, case: Case, by: Any = None, **given: Any) -> LaporRecord:
    wanted = {"number": "7000001", "report_class": "plain", "status": "process", **given}
    return acts.note_lapor(by=by or cast.admin, at=NOW, case_id=case.id, **wanted)


def test_an_officer_notes_the_number_and_corrects_it(cast: Cast) -> None:
    case = cast.case()
    note(cast, case)
    note(cast, case, number="7000002", dates={"disposed_at": NOW})
    case.refresh_from_db()
    assert case.outside_numbers == {"SP4N-LAPOR": "7000002"}
    assert (LaporRecord.objects.get().number, LaporRecord.objects.get().disposed_at) == ("7000002", NOW)
    assert Line.objects.filter(kind="lapor.note").count() == 2


def test_a_number_is_one_matters_alone_and_must_be_one(cast: Cast) -> None:
    note(cast, cast.case())
    with pytest.raises(acts.LaporNumberTaken):
        note(cast, cast.case())
    with pytest.raises(acts.LaporNumberWrong):
        note(cast, cast.case(), number="?")
    with pytest.raises(acts.LaporWordUnknown):
        note(cast, cast.case(), number="7000003", status="gone")


def test_who_does_not_see_the_matter_cannot_note(cast: Cast) -> None:
    case = cast.case()
    for part in ("neighbour_manager", "partner", "administrator", "pokja", "custodian"):
        with pytest.raises(NotFound):
            note(cast, case, by=getattr(cast, part))
    with pytest.raises(NotFound):
        acts.note_lapor(by=cast.admin, at=NOW, case_id=uuid4(), number="7000001")


def test_marking_a_matter_secret_closes_it_to_its_chain(cast: Cast) -> None:
    case = cast.case()
    note(cast, case, is_secret=True, is_anonymous=True)
    case.refresh_from_db()
    assert (case.sensitivity, case.hide_name) == ("restricted", True)


# --- our matters in its shape -------------------------------------------------------------------------------------------


def test_the_export_has_its_columns_and_no_name(cast: Cast) -> None:
    case = cast.case(text_given="Nurhayati di Dungkait belum menerima beras, hubungi 0812-4455-6677.")
    note(cast, case)
    cast.case(text_given="Anak tetangga dipukuli dan diperkosa pamannya.")
    rows = list(queries.export_rows(cast.admin, NOW - timedelta(days=1), LATER))
    assert len(rows) == 1
    cells = dict(zip(rules.header(queries.table()), rules.written(rows[0], queries.table()), strict=True))
    assert (cells["Tracking ID"], cells["Status Laporan"], cells["Anonim"]) == (
        "7000001",
        "Belum Diverifikasi",
        "Tidak",
    )
    assert cells["Tanggal Laporan"] == "23/11/2026 09:00"
    assert "Nurhayati" not in str(cells) and "4455" not in str(cells)


def test_the_export_costs_the_same_queries_however_long(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for turn in range(12):
        person = intake.PersonGiven(name="Nurhayati", phone=f"0812-4455-66{turn:02d}")
        cast.case(
            reporter=person,
            parties=[intake.PartyGiven("affected", "Daeng Sikki")],
            text_given="Daeng Sikki belum menerima beras.",
        )
    with django_assert_max_num_queries(12):
        rows = list(queries.export_rows(cast.admin, NOW - timedelta(days=1), LATER))
    assert len(rows) == 12 and "Sikki" not in str(rows)


def test_what_we_write_we_can_read(cast: Cast) -> None:
    cast.case()
    row = next(iter(queries.export_rows(cast.admin, NOW - timedelta(days=1), LATER)))
    cells = dict(
        zip(
            (column.key for column in queries.table().columns),
            rules.written(row, queries.table()),
            strict=True,
        )
    )
    read, why = rules.read_report(cells, queries.table(), LATER)
    assert why == [] and read is not None and read.received_at == NOW
