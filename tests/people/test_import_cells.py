"""Cells and rows of lists: every spelling that is read, and that no content whatsoever breaks the reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.lib.actor import Actor
from simpul.people.models import Person
from simpul.people.queries import imports as queries
from simpul.people.queries import lists as code_lists
from simpul.people.rules import cells, faults
from simpul.people.rules import imports as rules
from tests.people.lists import counts, sheet, taken, tried

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("31/12/1985", date(1985, 12, 31)),
        ("31-12-1985", date(1985, 12, 31)),
        ("1985-12-31", date(1985, 12, 31)),
        ("1985-12-31 00:00:00", date(1985, 12, 31)),
        ("19851231", date(1985, 12, 31)),
        ("31 Desember 1985", date(1985, 12, 31)),
        ("31-Des-85", date(1985, 12, 31)),
        ("3 agt 2011", date(2011, 8, 3)),
        ("31.12.1985", date(1985, 12, 31)),
        ("31412", date(1985, 12, 31)),
        ("1/1/26", date(2026, 1, 1)),
        ("1985", date(1985, 1, 1)),
        ("00/00/1985", date(1985, 1, 1)),
        ("0000-00-00", None),
        ("-", None),
    ],
)
def test_dates_as_lists_write_them(written: str, read: date | None) -> None:
    assert cells.day(written, TODAY).value == read
    assert not cells.day(written, TODAY).refused


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("L", "L"),
        ("lk", "L"),
        ("Laki-laki", "L"),
        ("1", "L"),
        ("P", "P"),
        ("PEREMPUAN", "P"),
        ("2", "P"),
        ("0", None),
        ("?", None),
    ],
)
def test_sexes(written: str, read: str | None) -> None:
    assert cells.sex(written).value == read


@pytest.mark.parametrize(
    ("written", "upper", "read", "fault"),
    [
        ("1", False, True, ""),
        ("2", False, False, ""),
        ("3", True, True, ""),
        ("4", True, False, ""),
        ("3", False, None, "yes_other_pair"),
        ("1", True, None, "yes_other_pair"),
        ("Ya", True, True, ""),
        ("tidak ada", False, False, ""),
        ("0", False, None, ""),
        ("", False, None, ""),
        ("7", False, None, "yes_unreadable"),
    ],
)
def test_yes_and_no(written: str, upper: bool, read: bool | None, fault: str) -> None:
    found = cells.yes(written, upper=upper)
    assert (found.value, found.fault) == (read, fault)


def test_numbers_areas_and_money() -> None:
    assert cells.square_metres("7,5").value == 750
    assert cells.square_metres("36 m2").value == 3600
    assert cells.rupiah("Rp 1.250.000,00").value == 1_250_000
    assert cells.number("1.200").value == 1200
    assert cells.number("dua").fault == "number_unreadable"
    assert cells.number("-3").fault == "number_unreadable"
    assert cells.region("73.03.01.2008").value == "7303012008"


def test_a_code_keeps_the_version_of_its_list_and_an_unknown_one_is_no_answer() -> None:
    bdt, dtsen = queries.codes("bdt"), queries.codes("dtsen")
    assert cells.code("6", bdt["roof"]).value == "bdt/6"
    assert cells.code("06", dtsen["roof"]).value == "dtsen/6"
    assert cells.code("Seng", bdt["roof"]).value == "bdt/6"
    assert cells.code("6. Seng", bdt["roof"]).value == "bdt/6"
    assert cells.code("Seng", dtsen["roof"]).value == "dtsen/3"
    assert cells.code("88", bdt["roof"]) == cells.Cell(None, "code_unknown")
    assert cells.code("ISTRI", queries.codes("kk")["relation"]).value == "kk/3"
    assert cells.code("Kepala Keluarga", queries.codes("bdt")["relation"]).value == "bdt/1"
    assert cells.code("4", queries.codes("kk")["marital"]).value == "bdt/4"


def test_every_fault_has_its_two_sentences_and_every_list_and_column_exists() -> None:
    for code in faults.SENTENCES:
        assert all(faults.sentence(code)), code
    table = queries.columns("residents")
    lists = code_lists.fields()
    for column in table.values():
        if column.reads == "code":
            assert (column.code_list or column.name) in lists, column.name
    assert {"residents"} <= {kind for column in table.values() for kind in column.kinds}


def test_headings_of_each_system_are_known() -> None:
    opensid = (
        "alamat",
        "dusun",
        "rw",
        "rt",
        "nama",
        "no_kk",
        "nik",
        "sex",
        "tempatlahir",
        "tanggallahir",
        "status_kawin",
        "kk_level",
    )
    bdt = (
        "IDBDT",
        "IDARTBDT",
        "Nama",
        "JnsKel",
        "TglLahir",
        "NIK",
        "NoKK",
        "Hub_KRT",
        "Sta_kawin",
        "lantai",
        "atap",
        "ada_tv",
    )
    plain = ("No", "Nama Lengkap", "No. KTP", "L/P", "Tgl. Lahir")
    table = queries.columns("residents").values()
    for headings, source, version in (
        (opensid, "opensid", "kk"),
        (bdt, "bdt", "bdt"),
        (plain, "plain", "kk"),
    ):
        assert rules.source_of(headings, table) == source
        assert rules.version_of(source) == version
    assert rules.guess(plain, table) == {"full_name": 1, "nik": 2, "sex": 3, "birth_date": 4}
    assert rules.guess(bdt, table)["household_relation"] == 7
    assert len(rules.guess(opensid, table)) == len(opensid)


def test_a_corrected_sheet_of_faults_is_known_by_its_headings() -> None:
    assert rules.headings_key(
        ("Nama", "NIK", "Baris", "Diterima?", "Yang salah", "Yang perlu dilakukan")
    ) == rules.headings_key(("nama", "nik"))


ANYTHING = st.text(max_size=40) | st.sampled_from(
    [
        "7602130511780001",
        "1",
        "2",
        "31/12/1985",
        "Dungkait",
        "=cmd()",
        "L",
        "",
        "\x00",
        "9" * 40,
        "1e99",
        "٣",
        "²",
    ]
)


@given(st.lists(st.lists(ANYTHING, min_size=1, max_size=14), max_size=8))
@settings(max_examples=150)
def test_no_row_breaks_the_reading(rows: list[list[str]]) -> None:
    table = queries.columns("residents")
    names = ("full_name", "nik", "kk", "sex", "birth_date", "family_relation", "fridge", "floor_area_dm2", "floor", "income_month",
             "decile", "id_papers", "life", "region")  # fmt: skip
    setting = rules.Setting(
        columns=table,
        mapping={name: place for place, name in enumerate(names)},
        needs=("full_name",),
        today=TODAY,
        version="bdt",
        codes=queries.codes("bdt"),
        upper=frozenset({"fridge"}),
        bits=True,
        place=lambda _values: ("7602132001", ""),
    ).ready()
    for number, row in enumerate(rows, start=2):
        found = rules.read(number, row, setting)
        assert found.refused or found.values["full_name"]
        assert all(fault.code in faults.SENTENCES for fault in found.faults)


CELL = st.sampled_from(
    [
        "",
        "L",
        "P",
        "1980-05-05",
        "7602130505800001",
        "7602130505800002",
        "76021",
        "Baso",
        "Ani",
        "7602132001090001",
        "1",
        "3",
        "x",
    ]
)


@pytest.mark.django_db(transaction=False)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=8))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_ends_in_one_way_and_a_second_time_nothing_changes(
    village: Any, now: datetime, rows: list[tuple[str, ...]]
) -> None:
    by = Actor(role="coordinator", name="Ilham", region_code="7602132001")
    data = sheet(("nama", "nik", "no_kk", "sex", "tanggallahir", "kk_level"), *rows)
    kept = sum(any(cell.strip() for cell in row) for row in rows)
    if not kept:
        return
    trial = tried(by, now, data)
    first = taken(by, now, data)
    assert sum(counts(first)) == kept
    assert counts(trial) == counts(first)
    people = Person.objects.count()
    again = taken(by, now, data)
    assert again.added == again.changed == 0
    assert (again.refused, Person.objects.count()) == (first.refused, people)


@pytest.mark.parametrize(
    ("typed", "number", "fault"),
    [
        ("'7303011708800001", "7303011708800001", ""),
        ('="7303011708800001"', "7303011708800001", ""),
        ("7303011708800001.0", "7303011708800001", ""),
        ("7,30301E+15", None, "number_rounded"),
    ],
)
def test_numbers_as_spreadsheets_leave_them(typed: str, number: str | None, fault: str) -> None:
    found = cells.number16(typed)
    assert (found.value, found.fault) == (number, fault)
