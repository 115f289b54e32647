"""A list of e-PPGBM goes in, is computed again, says where both differ, and comes out as a list that goes in unchanged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from simpul.cases.models import Case
from simpul.jobs import importing
from simpul.lib.actor import Actor
from simpul.people.actions import imports
from simpul.people.models import Batch, BatchFault, Person
from simpul.people.rules import imports as rules
from simpul.posyandu.access import exchange as access
from simpul.posyandu.models import Comparison, Examination, Finding, Participant
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import eppgbm
from tests.cast import DUNGKAIT, NOW, Cast
from tests.people.lists import counts, run_out, sheet, workbook
from tests.posyandu import day_help

NIK = "7602135001240001"
MONTH = date(2026, 11, 1)


def row(**given: str) -> list[str]:
    """A weighing as the export has it."""
    usual = {
        "NIK": NIK,
        "Nama": "Contoh Anak",
        "JK": "P",
        "Tgl Lahir": "2024-01-10",
        "BB Lahir": "3.1",
        "TB Lahir": "49",
        "Nama Ortu": "Contoh Ibu",
        "Prov": "SULAWESI BARAT",
        "Kab/Kota": "MAMUJU",
        "Kec": "TAPALANG BARAT",
        "Desa/Kel": "DUNGKAIT",
        "Posyandu": "MELATI",
        "Tanggal Pengukuran": "2026-11-12",
        "Berat": "9,4",
        "Tinggi": "84,5",
        "Cara Ukur": "Berdiri",
        "BB/U": "Kurang",
        "TB/U": "Normal",
        "BB/TB": "Gizi Baik",
    }
    return [{**usual, **given}.get(name, "") for name in eppgbm.HEADINGS]


def taken(by: Actor, data: bytes) -> Batch:
    """A list that was tried and taken in."""
    batch = imports.open_batch(
        by=by, at=NOW, kind="eppgbm", file_name="eppgbm.csv", data=data, region_code=by.region_code
    )
    batch = run_out(imports.try_batch(by=by, at=NOW, batch_id=batch.id), NOW)
    return run_out(imports.start_batch(by=by, at=NOW, batch_id=batch.id), NOW)


def faults(batch: Batch) -> list[tuple[int, str, bool]]:
    """What was said of which row."""
    return list(
        BatchFault.objects.filter(batch=batch).order_by("row", "code").values_list("row", "code", "refused")
    )


def test_a_child_that_nobody_knew_is_written_down_and_judged(cast: Cast) -> None:
    """With its card, its weighing, and both judgements side by side."""
    day_help.posyandu("Posyandu Melati")
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row(**{"TB/U": "Sangat Pendek"})))
    assert counts(batch) == (1, 0, 0, 0)
    child = Person.objects.get(full_name="Contoh Anak")
    place = Participant.objects.get(person=child)
    assert (place.form, place.details["birth_weight"], place.posyandu.name) == ("B", 3100, "Posyandu Melati")
    line = Examination.objects.get(person=child)
    assert (line.weight_g, line.height_mm, line.measured, line.source) == (9400, 845, "h", "import")
    assert line.waz is not None and line.bb_u
    found = Comparison.objects.get(batch=batch)
    assert found.different and "tb_u" in found.differs
    assert found.theirs["tb_u"] == "severely_stunted"
    assert found.ours["tb_u"] == line.tb_u


def test_taken_in_again_nothing_changes(cast: Cast) -> None:
    """A second list with the same rows adds nothing, and a workbook says what a CSV says."""
    day_help.posyandu("Posyandu Melati")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row()))
    batch = taken(cast.midwife, workbook(eppgbm.HEADINGS, row()))
    assert counts(batch) == (0, 0, 1, 0)
    assert (Person.objects.filter(full_name="Contoh Anak").count(), Examination.objects.count()) == (1, 1)
    assert Comparison.objects.count() == 2


def test_a_trial_writes_nothing(cast: Cast) -> None:
    """It says what would become of each row."""
    day_help.posyandu("Posyandu Melati")
    data = sheet(eppgbm.HEADINGS, row(), row(Posyandu="Tidak Ada", Nama="Lain", NIK=""))
    batch = imports.open_batch(
        by=cast.midwife,
        at=NOW,
        kind="eppgbm",
        file_name="e.csv",
        data=data,
        region_code=cast.midwife.region_code,
    )
    day_help.posyandu("Posyandu Mawar")
    batch = run_out(imports.try_batch(by=cast.midwife, at=NOW, batch_id=batch.id), NOW)
    assert counts(batch) == (1, 0, 0, 1)
    assert not Examination.objects.exists() and not Participant.objects.exists()
    assert faults(batch) == [(3, "posyandu_unknown", True)]


def test_its_traps_are_remarked_upon(cast: Cast) -> None:
    """Grams, masked and rounded numbers, a posyandu spelled otherwise, a day before the birth, nothing measured."""
    day_help.posyandu("Posyandu Melati")
    rows = [
        row(Berat="9400", NIK="760213**********"),
        row(Nama="Kedua", NIK="7,60213E+15", Posyandu="melati 1"),
        row(Nama="Ketiga", NIK="", **{"Tanggal Pengukuran": "2023-12-31"}),
        row(Nama="Keempat", NIK="", Berat="", Tinggi="-"),
    ]
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, *rows))
    assert counts(batch) == (3, 0, 0, 1)
    assert faults(batch) == [
        (2, "number_masked", False),
        (2, "weight_grams", False),
        (3, "number_rounded", False),
        (3, "posyandu_only", False),
        (4, "measured_before_birth", False),
        (5, "nothing_measured", True),
    ]
    assert "weight_grams" in Examination.objects.get(person__full_name="Contoh Anak").flags


def test_twins_are_two_and_namesakes_are_asked_about(cast: Cast) -> None:
    """Another NIK is another child; two of one name and day without a NIK are refused."""
    day_help.posyandu("Posyandu Melati")
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row(), row(NIK="7602135001240002")))
    assert counts(batch) == (2, 0, 0, 0) and Person.objects.filter(full_name="Contoh Anak").count() == 2
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row(NIK="")))
    assert faults(batch) == [(2, "child_several", True)]


def test_one_nik_beside_two_children_is_refused(cast: Cast) -> None:
    """In the trial as when it is taken in, also when both stand in one list; nothing lands on the wrong child."""
    day_help.posyandu("Posyandu Melati")
    other = row(Nama="Orang Lain", **{"Tgl Lahir": "2022-05-20"})
    data = sheet(eppgbm.HEADINGS, row(), other)
    batch = imports.open_batch(
        by=cast.midwife, at=NOW, kind="eppgbm", file_name="e.csv", data=data, region_code=DUNGKAIT
    )
    for step in (imports.try_batch, imports.start_batch):
        batch = run_out(step(by=cast.midwife, at=NOW, batch_id=batch.id), NOW)
        assert (counts(batch), faults(batch)) == ((1, 0, 0, 1), [(3, "nik_of_another", True)])
    assert [one.person.full_name for one in Examination.objects.all()] == ["Contoh Anak"]


@pytest.mark.parametrize("known", [False, True])
def test_twins_under_one_nik_are_not_written_on_one_card(cast: Cast, known: bool) -> None:
    """Two names weighed on one day are two children, in the trial as well; nothing of the second lands on the first."""
    day_help.posyandu("Posyandu Melati")
    if known:
        taken(cast.midwife, sheet(eppgbm.HEADINGS, row(Nama="Hasan Lino")))
    data = sheet(eppgbm.HEADINGS, row(Nama="Hasan Lino"), row(Nama="Husain Lino", Berat="9,1"))
    batch = imports.open_batch(
        by=cast.midwife, at=NOW, kind="eppgbm", file_name="e.csv", data=data, region_code=DUNGKAIT
    )
    for step in (imports.try_batch, imports.start_batch):
        batch = run_out(step(by=cast.midwife, at=NOW, batch_id=batch.id), NOW)
        assert faults(batch) == [(3, "nik_of_twin", True)]
    line = Examination.objects.get()
    assert (line.person.full_name, line.weight_g) == ("Hasan Lino", 9400) and Person.objects.count() == 1


def test_what_differs_beside_the_same_nik_is_remarked_upon(cast: Cast) -> None:
    """A name that came later, a birth date with day and month the other way round: the NIK decides, and it is said."""
    day_help.posyandu("Posyandu Melati")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row(**{"Tanggal Pengukuran": "2026-09-12"})))
    batch = taken(
        cast.midwife,
        sheet(
            eppgbm.HEADINGS,
            row(Nama="By. Ny. Contoh", **{"Tanggal Pengukuran": "2026-10-12"}),
            row(**{"Tgl Lahir": "2024-10-01"}),
        ),
    )
    assert faults(batch) == [(2, "name_otherwise", False), (3, "birth_otherwise", False)]
    child = Person.objects.get()
    assert child.birth_date == date(2024, 1, 10) and Examination.objects.filter(person=child).count() == 3


def test_a_birth_date_turned_round_makes_no_second_child(cast: Cast) -> None:
    """Without a NIK nobody guesses: the row is refused with what to do."""
    day_help.posyandu("Posyandu Melati")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row(NIK="")))
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row(NIK="", **{"Tgl Lahir": "2024-10-01"})))
    assert faults(batch) == [(2, "child_turned", True)] and Person.objects.count() == 1


def test_another_weighing_of_the_day_is_kept_beside_the_first(cast: Cast) -> None:
    """Two lists that say different things: both stay, and a person chooses."""
    day_help.posyandu("Posyandu Melati")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row()))
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row(Berat="9,9")))
    assert faults(batch) == [(2, "weighed_twice", False)]
    assert Examination.objects.filter(person__full_name="Contoh Anak").count() == 2
    assert Examination.objects.exclude(rival=None).count() == 1


def test_a_child_of_another_posyandu_stays_there(cast: Cast) -> None:
    """The weighing is taken in where the child's card is, with a remark."""
    melati, mawar = day_help.posyandu("Posyandu Melati"), day_help.posyandu("Posyandu Mawar")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row()))
    batch = taken(
        cast.midwife, sheet(eppgbm.HEADINGS, row(Posyandu="Mawar", **{"Tanggal Pengukuran": "2026-10-12"}))
    )
    assert faults(batch) == [(2, "child_elsewhere", False)]
    assert Examination.objects.filter(posyandu=melati).count() == 2 and not mawar.examinations.exists()


def test_history_opens_no_matter(cast: Cast) -> None:
    """A severe old weighing is history; the same of this month is followed up."""
    day_help.posyandu("Posyandu Melati")
    severe = {"Berat": "5,2", "Tinggi": "70"}
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row(**{**severe, "Tanggal Pengukuran": "2025-12-01"})))
    assert not Finding.objects.exists() and not Case.objects.exists()
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row(**severe)))
    assert Finding.objects.exists()


def test_what_comes_out_goes_in_unchanged(cast: Cast) -> None:
    """The export of a month is a list of e-PPGBM: taken in again it changes nothing, and both judgements agree."""
    day_help.posyandu("Posyandu Melati")
    taken(cast.midwife, sheet(eppgbm.HEADINGS, row(), row(Nama="Kedua", NIK="", Berat="12,1", Tinggi="88,0")))
    head, *rows = queries.eppgbm_rows(cast.midwife, MONTH)
    assert tuple(head) == eppgbm.HEADINGS and len(rows) == 2
    batch = taken(cast.midwife, sheet(head, *rows))
    assert counts(batch) == (0, 0, 2, 0)
    assert not Comparison.objects.filter(batch=batch, different=True).exists()
    assert queries.method(cast.midwife, batch).compared == 6


def test_the_neighbour_sees_nothing(cast: Cast) -> None:
    """Neither the list nor its rows, nor anything in an export; figures alone are no names."""
    day_help.posyandu("Posyandu Melati")
    batch = taken(cast.midwife, sheet(eppgbm.HEADINGS, row()))
    assert access.comparisons(cast.midwife, batch).count() == 1
    assert access.comparisons(cast.neighbour_cadre, batch).count() == 0
    assert access.batches(cast.neighbour_coordinator).count() == 0
    assert len(list(queries.eppgbm_rows(cast.neighbour_cadre, MONTH))) == 1
    assert len(list(queries.eppgbm_rows(cast.manager, MONTH))) == 1


def test_looking_up_costs_the_same_for_any_portion(cast: Cast, django_assert_num_queries: Any) -> None:
    """A trial of one row and of sixty ask the same questions."""
    day_help.posyandu("Posyandu Melati")
    for many in (1, 60):
        rows = [row(Nama=f"Anak {number}", NIK="") for number in range(many)]
        batch = imports.open_batch(
            by=cast.midwife,
            at=NOW + timedelta(minutes=many),
            kind="eppgbm",
            file_name="e.csv",
            data=sheet(eppgbm.HEADINGS, *rows),
            region_code=cast.midwife.region_code,
        )
        batch = imports.try_batch(by=cast.midwife, at=NOW, batch_id=batch.id)
        running = importing.begin(batch, NOW)
        portion = running.reading.portion(100)

        with django_assert_num_queries(2):
            running.taker.take(rules.Portion(cast.midwife, NOW, batch, portion, dry=True))
