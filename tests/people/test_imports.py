"""Lists of residents: what is taken in, what is refused, and that taking the same list in again changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from simpul.jobs import importing
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.people import actions
from simpul.people.actions import Said, imports
from simpul.people.models import (
    Batch,
    Belonging,
    Family,
    House,
    Household,
    Layout,
    Observation,
    Person,
    Profile,
    Suspicion,
)
from simpul.people.queries import imports as queries
from simpul.people.queries import records, register
from simpul.people.rules import imports as rules
from simpul.people.rules.records import Saying
from tests.people.lists import codes, counts, opened, run_out, sheet, taken, tried, workbook

HEAD = ("nama", "nik", "no_kk", "sex", "tanggallahir", "kk_level", "dusun", "alamat")
FATHER = (
    "BASO DG. NGALLE",
    "7602130511780001",
    "7602132001090001",
    "1",
    "1978-11-05",
    "1",
    "Dusun Taludu",
    "Jalan Poros",
)
MOTHER = (
    "Sitti Aminah",
    "7602135203820002",
    "7602132001090001",
    "2",
    "12/03/1982",
    "3",
    "Dusun Taludu",
    "Jalan Poros",
)
CHILD = ("Nurhayati", "", "7602132001090001", "P", "3 Mei 2011", "4", "Dusun Taludu", "Jalan Poros")
DTSEN = ("id_ruta", "id_art", "nama_art", "nik", "no_kk", "jenis_kelamin", "tanggal_lahir", "hubungan_krt", "desa_kelurahan",
         "kecamatan", "kabupaten_kota", "desil", "jenis_lantai", "luas_lantai", "penyakit_kronis", "punya_motor")  # fmt: skip


def dtsen(**given: str) -> list[str]:
    """A row of a DTSEN-like extract."""
    row = dict(zip(DTSEN, ("R001", "A1", "Baso Dg. Ngalle", "7602130511780001", "7602132001090001", "L", "05-11-1978", "1",
        "Dungkait", "Tapalang Barat", "Mamuju", "2", "6", "37,5", "1", "1"), strict=True))  # fmt: skip
    return [{**row, **given}[name] for name in DTSEN]


@pytest.fixture
def sender(village: Any) -> Actor:
    """The coordinator of Dungkait."""
    return Actor(role="coordinator", name="Ilham", region_code="7602132001")


@pytest.fixture
def regency(village: Any) -> Actor:
    """The manager of Mamuju, with the villages of a regency."""
    region = type(village)
    for code, name, level, kind in (
        ("76", "Sulawesi Barat", 1, "provinsi"),
        ("7602", "Mamuju", 2, "kabupaten"),
        ("760213", "Tapalang Barat", 3, "kecamatan"),
        ("760212", "Simboro", 3, "kecamatan"),
        ("7602122003", "Botteng", 4, "desa"),
        ("73", "Sulawesi Selatan", 1, "provinsi"),
        ("7303", "Bantaeng", 2, "kabupaten"),
        ("730301", "Bissappu", 3, "kecamatan"),
        ("7303012008", "Bonto Jai", 4, "desa"),
    ):
        region.objects.create(
            code=code, name=name, level=level, kind=kind, search_key=name.lower(), source="test"
        )
    return Actor(role="manager", name="Marwah", region_code="7602", strong=True)


# --- what is taken in -----------------------------------------------------------------------------------------------------


def test_a_family_comes_in_whole(sender: Actor, hamlet: Any, now: datetime) -> None:
    batch = taken(sender, now, sheet(HEAD, FATHER, MOTHER, CHILD))
    assert (batch.state, counts(batch)) == ("done", (3, 0, 0, 0))
    father, mother, child = (Person.objects.get(full_name=row[0]) for row in (FATHER, MOTHER, CHILD))
    family = Family.objects.get()
    household = Household.objects.get()
    assert {one.family_id for one in (father, mother, child)} == {family.id}
    assert {one.household_id for one in (father, mother, child)} == {household.id}
    assert (family.kk, family.head_id, household.head_id, household.name) == (
        FATHER[2],
        father.id,
        father.id,
        FATHER[0],
    )
    assert (father.sex, father.birth_date, father.nik, father.hamlet_id) == (
        "L",
        date(1978, 11, 5),
        FATHER[1],
        hamlet.id,
    )
    assert (mother.birth_date, mother.family_relation) == (date(1982, 3, 12), "kk/3")
    assert (child.birth_date, child.nik, child.sex, child.resident) == (date(2011, 5, 3), "", "P", True)
    assert Belonging.objects.filter(person=father, until_date=None).count() == 2
    assert House.objects.get().address == "Jalan Poros, Dusun Taludu"


def test_the_same_list_again_changes_nothing(sender: Actor, now: datetime) -> None:
    data = sheet(HEAD, FATHER, MOTHER, CHILD)
    taken(sender, now, data)
    before = (
        Observation.objects.count(),
        Belonging.objects.count(),
        House.objects.count(),
        Household.objects.count(),
    )
    again = taken(sender, now + timedelta(days=1), data)
    assert counts(again) == (0, 0, 3, 0)
    assert before == (
        Observation.objects.count(),
        Belonging.objects.count(),
        House.objects.count(),
        Household.objects.count(),
    )
    assert Person.objects.count() == 3


def test_what_differs_goes_into_the_history_and_the_old_value_stays(sender: Actor, now: datetime) -> None:
    taken(
        sender,
        now - timedelta(days=100),
        sheet(HEAD, FATHER),
        as_of_date=date(2026, 6, 30),
        source_words="DTSEN 2026-Q2",
    )
    moved = ("Baso Dg Ngalle", *FATHER[1:4], "1979-11-05", *FATHER[5:])
    batch = taken(sender, now, sheet(HEAD, moved), as_of_date=date(2026, 9, 30), source_words="DTSEN 2026-Q3")
    assert counts(batch) == (0, 1, 0, 0)
    person = Person.objects.get()
    assert (person.birth_date, person.full_name) == (date(1979, 11, 5), FATHER[0])  # capitals are no change
    said = Observation.objects.filter(subject_id=person.id, field="birth_date").order_by("observed_date")
    assert [(one.value, one.state, one.source_words) for one in said] == [
        ("1978-11-05", "past", "DTSEN 2026-Q2"),
        ("1979-11-05", "current", "DTSEN 2026-Q3"),
    ]
    assert counts(
        taken(sender, now, sheet(HEAD, moved), as_of_date=date(2026, 9, 30), source_words="DTSEN 2026-Q3")
    ) == (0, 0, 1, 0)


def test_an_older_list_never_covers_what_is_newer(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER), as_of_date=date(2026, 9, 30), source_words="Baru")
    older = (*FATHER[:4], "1979-11-05", *FATHER[5:])
    for _time in range(2):
        batch = taken(sender, now, sheet(HEAD, older), as_of_date=date(2025, 1, 31), source_words="Lama")
        assert counts(batch) == (0, 0, 1, 0)
        assert (2, "register_newer") in codes(batch)
    assert Person.objects.get().birth_date == date(1978, 11, 5)
    assert Observation.objects.filter(field="birth_date", state="past", source_words="Lama").count() == 1


def test_housing_health_and_rank_come_in_with_the_version_of_their_lists(
    regency: Actor, now: datetime
) -> None:
    wife = dtsen(
        id_art="A2",
        nama_art="Sitti",
        nik="7602135203820002",
        hubungan_krt="2",
        jenis_kelamin="P",
        tanggal_lahir="1982-03-12",
        penyakit_kronis="2",
    )
    batch = taken(regency, now, sheet(DTSEN, dtsen(), wife), region_code="7602")
    assert counts(batch) == (2, 0, 0, 0)
    assert batch.list_version == "dtsen"
    household = Household.objects.get()
    house = household.house
    assert house is not None
    assert (household.idbdt, household.region_code, household.motorcycle) == ("R001", "7602132001", True)
    assert (house.floor, house.floor_area_dm2) == ("dtsen/6", 3750)
    assert Family.objects.get().decile == 2
    assert {one.chronic for one in Profile.objects.all()} == {"dtsen/1", "dtsen/2"}
    assert counts(taken(regency, now, sheet(DTSEN, dtsen(), wife), region_code="7602")) == (0, 0, 2, 0)


def test_the_first_row_speaks_for_a_household_and_a_contradiction_is_a_remark(
    regency: Actor, now: datetime
) -> None:
    other = dtsen(
        id_art="A2",
        nama_art="Sitti",
        nik="7602135203820002",
        hubungan_krt="2",
        jenis_lantai="8",
        jenis_kelamin="P",
        tanggal_lahir="1982-03-12",
    )
    data = sheet(DTSEN, dtsen(), other)
    for _time in range(2):
        batch = taken(regency, now, data, region_code="7602")
        assert (3, "unit_differs") in codes(batch)
        assert House.objects.get().floor == "dtsen/6"
    assert counts(batch) == (0, 0, 2, 0)


def test_codes_of_bdt_alternate_and_a_shifted_column_is_unknown_not_no(regency: Actor, now: datetime) -> None:
    head = (
        "IDBDT",
        "NoART",
        "Nama",
        "NMDESA",
        "ada_lemari_es",
        "ada_ac",
        "ada_motor",
        "lantai",
        "sta_kks",
        "ada_tv",
    )
    batch = taken(
        regency,
        now,
        sheet(head, ("1", "1", "Baso", "Dungkait", "3", "2", "4", "6", "1", "1")),
        region_code="7602",
    )
    household = Household.objects.get()
    assert batch.list_version == "bdt"
    assert (household.fridge, household.air_conditioner, household.motorcycle, household.has_kks) == (
        True,
        False,
        False,
        True,
    )
    assert household.television is None
    assert (2, "yes_other_pair") in codes(batch)
    assert household.house is not None
    assert household.house.floor == "bdt/6"


def test_a_list_without_nik_finds_its_people_again(sender: Actor, now: datetime) -> None:
    data = sheet(
        ("Nama", "Tgl Lahir", "Alamat"),
        ("La Baso", "1950", "Dusun Taludu"),
        ("La Baso", "1961", "Dusun Taludu"),
    )
    assert counts(taken(sender, now, data)) == (2, 0, 0, 0)
    assert counts(taken(sender, now, data)) == (0, 0, 2, 0)
    assert set(Person.objects.values_list("birth_date_rough", flat=True)) == {True}


def test_a_known_person_without_nik_gets_it_from_the_next_list(sender: Actor, now: datetime) -> None:
    taken(sender, now - timedelta(days=9), sheet(HEAD, (*CHILD,)))
    with_nik = (CHILD[0], "7602134305110003", *CHILD[2:])
    batch = taken(sender, now, sheet(HEAD, with_nik))
    assert counts(batch) == (0, 1, 0, 0)
    person = Person.objects.get()
    assert person.nik == "7602134305110003"
    assert Person.objects.with_nik(person.nik_index).get() == person
    assert not Observation.objects.filter(value__contains="7602134305110003").exists()


def test_a_household_numbered_by_a_later_list_stays_one(regency: Actor, now: datetime) -> None:
    taken(regency, now - timedelta(days=9), sheet((*HEAD, "desa"), (*FATHER, "Dungkait")), region_code="7602")
    batch = taken(regency, now, sheet(DTSEN, dtsen()), region_code="7602")
    assert counts(batch) == (0, 1, 0, 0)
    assert Household.objects.get().idbdt == "R001"
    assert counts(taken(regency, now, sheet(DTSEN, dtsen()), region_code="7602")) == (0, 0, 1, 0)


def test_a_workbook_is_read_like_a_csv(sender: Actor, now: datetime) -> None:
    assert counts(taken(sender, now, workbook(HEAD, FATHER, MOTHER), name="warga.xlsx")) == (2, 0, 0, 0)


# --- what is refused or doubtful ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, "", "full_name_missing"),
        (1, "76021305117800O1", "number_letters"),
        (1, "760213051178000", "number_length"),
        (1, "7,60213E+15", "number_rounded"),
        (2, "12345", "number_length"),
        (4, "31/02/1980", "date_impossible"),
        (4, "2031-01-05", "date_future"),
        (4, "12/25/1980", "date_month_first"),
        (4, "kemarin", "date_unreadable"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_alone(
    sender: Actor, now: datetime, place: int, value: str, code: str
) -> None:
    bad = [*FATHER]
    bad[place] = value
    batch = taken(sender, now, sheet(HEAD, bad, MOTHER))
    assert counts(batch) == (1, 0, 0, 1)
    assert (2, code) in codes(batch)
    assert Person.objects.get().full_name == MOTHER[0]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (1, "0000000000000000", ""),
        (1, "9999999999999999", "number_placeholder"),
        (3, "X", "sex_unreadable"),
        (4, "1978-01-01", "date_rough"),
        (4, "5/11/78", "date_two_digits"),
        (5, "77", "code_unknown"),
        (4, "1978-11-06", "nik_birth_mismatch"),
        (3, "P", "nik_sex_mismatch"),
    ],
)
def test_what_is_only_strange_is_taken_in_with_a_remark(
    sender: Actor, now: datetime, place: int, value: str, code: str
) -> None:
    odd = [*FATHER]
    odd[place] = value
    batch = taken(sender, now, sheet(HEAD, odd))
    assert counts(batch) == (1, 0, 0, 0)
    assert {one for _row, one in codes(batch)} >= ({code} if code else set())


def test_people_of_another_regency_are_refused_with_a_plain_sentence(regency: Actor, now: datetime) -> None:
    rows = [
        dtsen(),
        dtsen(
            id_art="A2",
            nik="",
            nama_art="Ani",
            kabupaten_kota="Kab. Bantaeng",
            kecamatan="Bissappu",
            desa_kelurahan="Bonto Jai",
        ),
        dtsen(id_art="A3", nik="", nama_art="Ino", kecamatan="Bissappu"),
        dtsen(id_art="A4", nik="", nama_art="Uci", desa_kelurahan="Tidak Ada"),
    ]
    batch = taken(regency, now, sheet(DTSEN, *rows), region_code="7602")
    assert counts(batch) == (1, 0, 0, 3)
    assert {(3, "other_region"), (4, "other_region"), (5, "village_unknown")} <= set(codes(batch))


def test_a_code_of_the_ministry_decides_and_may_have_dots(regency: Actor, now: datetime) -> None:
    head = ("Nama", "Kode Desa")
    rows = (
        ("A Ani", "76.02.13.2001"),
        ("B Beno", "73.03.01.2008"),
        ("C Cici", ""),
        ("D Dado", "76.02.99.9999"),
    )
    batch = taken(regency, now, sheet(head, *rows), region_code="7602")
    assert Person.objects.get().region_code == "7602132001"
    assert {(3, "other_region"), (4, "village_missing"), (5, "village_unknown")} <= set(codes(batch))


def test_one_nik_with_two_names_is_refused_the_second_time(sender: Actor, now: datetime) -> None:
    double = ("Orang Lain", *FATHER[1:])
    batch = taken(sender, now, sheet(HEAD, FATHER, double, FATHER))
    assert counts(batch) == (1, 0, 1, 1)
    assert {(3, "nik_twice"), (4, "twice_in_list")} <= set(codes(batch))


def test_a_nik_of_somebody_else_changes_nothing(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER))
    batch = taken(sender, now, sheet(HEAD, ("Zulkifli Umar", *FATHER[1:4], "1990-02-03", *FATHER[5:])))
    assert counts(batch) == (0, 0, 0, 1)
    assert (2, "nik_other_person") in codes(batch)
    assert Person.objects.get().full_name == FATHER[0]


def test_somebody_alike_is_taken_in_and_left_for_a_person_to_decide(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER))
    alike = (FATHER[0], "", "7602132001090777", *FATHER[3:])
    batch = taken(sender, now, sheet(HEAD, alike))
    assert (counts(batch), batch.doubtful) == ((1, 0, 0, 0), 1)
    assert (2, "maybe_same") in codes(batch)
    suspicion = Suspicion.objects.get()
    assert {suspicion.first.full_name, suspicion.second.full_name} == {FATHER[0]}
    assert suspicion.state == "open"
    taken(sender, now, sheet(HEAD, alike))
    assert Suspicion.objects.count() == 1


def test_who_lives_elsewhere_is_not_moved_by_a_list(regency: Actor, sender: Actor, now: datetime) -> None:
    taken(regency, now, sheet((*HEAD, "desa"), (*FATHER, "Botteng")), region_code="7602")
    batch = taken(sender, now, sheet(HEAD, FATHER))
    assert (counts(batch), batch.doubtful, codes(batch)) == (
        (1, 0, 0, 0),
        0,
        [],
    )  # nothing is told of elsewhere
    assert Suspicion.objects.get().state == "open"  # and who serves both places decides
    assert sorted(Person.objects.values_list("region_code", flat=True)) == ["7602122003", "7602132001"]
    assert counts(taken(sender, now, sheet(HEAD, FATHER))) == (0, 0, 1, 0)


def test_whose_data_stand_still_is_passed_over(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER))
    Person.objects.update(restricted_at=now)
    batch = taken(sender, now, sheet(HEAD, (*FATHER[:4], "1979-11-05", *FATHER[5:])))
    assert counts(batch) == (0, 0, 0, 1)
    assert Person.objects.get().birth_date == date(1978, 11, 5)


def test_a_death_in_a_list_is_told_and_not_done(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER))
    batch = taken(sender, now, sheet((*HEAD, "status_dasar"), (*FATHER, "2")))
    assert (2, "says_gone") in codes(batch)
    assert Person.objects.get().life == "here"


# --- trying, stopping, going on -----------------------------------------------------------------------------------------------


def test_a_trial_writes_nothing_and_says_what_would_happen(sender: Actor, now: datetime) -> None:
    taken(sender, now, sheet(HEAD, FATHER))
    changed = (*FATHER[:4], "1979-11-05", *FATHER[5:])
    before = Observation.objects.count()
    batch = tried(sender, now, sheet(HEAD, changed, MOTHER, ("", *FATHER[1:])), as_of_date=now.date())
    assert (batch.state, counts(batch)) == ("tried", (1, 1, 0, 1))
    assert (Person.objects.count(), Observation.objects.count()) == (1, before)
    assert Person.objects.get().birth_date == date(1978, 11, 5)


def crowd(count: int) -> bytes:
    """A list of many rows, four people a family."""
    rows = []
    for place in range(count):
        nik = f"760213{1 + place % 28:02}0185{place % 9999 + 1:04}"
        relation = "1" if place % 4 == 0 else "4"
        rows.append((f"Warga {place:05}", nik, f"76021320{place // 4:08}", "L", "", relation, "", ""))
    return sheet(HEAD, *rows)


def test_a_killed_run_goes_on_exactly_where_it_stood(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PORTION", 7)
    batch = tried(sender, now, crowd(40))
    expected = counts(batch)
    batch = imports.start_batch(by=sender, at=now, batch_id=batch.id)
    running = importing.begin(batch, now)
    for _portion in range(2):
        batch = imports.run_batch(
            by=MACHINE, at=now, batch_id=batch.id, taker=running.taker, reading=running.reading
        )
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_keep_faults", _killed)
        with pytest.raises(KeyboardInterrupt):
            imports.run_batch(
                by=MACHINE, at=now, batch_id=batch.id, taker=running.taker, reading=running.reading
            )
    batch.refresh_from_db()
    assert (batch.state, batch.next_row, Person.objects.count()) == ("running", 14, 14)
    batch = run_out(batch, now)  # another process: a new reader, a new taker
    assert (batch.state, counts(batch), Person.objects.count()) == ("done", expected, 40)
    assert Family.objects.count() == 10
    assert counts(taken(sender, now, crowd(40))) == (0, 0, 40, 0)


def _killed(*_arguments: Any) -> None:
    raise KeyboardInterrupt


def test_two_workers_never_take_the_same_rows(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PORTION", 5)
    batch = tried(sender, now, crowd(12))
    batch = imports.start_batch(by=sender, at=now, batch_id=batch.id)
    slow = importing.begin(batch, now)
    original = imports._claim

    def late(stale: Batch, at: datetime, rows: int) -> None:
        monkeypatch.setattr(imports, "_claim", original)
        fast = importing.begin(batch, now)
        imports.run_batch(by=MACHINE, at=now, batch_id=batch.id, taker=fast.taker, reading=fast.reading)
        original(stale, at, rows)

    monkeypatch.setattr(imports, "_claim", late)
    with pytest.raises(imports.PortionTaken):
        imports.run_batch(by=MACHINE, at=now, batch_id=batch.id, taker=slow.taker, reading=slow.reading)
    batch.refresh_from_db()
    assert batch.next_row in (0, 5)


def test_a_list_is_stopped_and_taken_up_again(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PORTION", 5)
    batch = tried(sender, now, crowd(12))
    batch = imports.start_batch(by=sender, at=now, batch_id=batch.id)
    assert importing.step(batch.id, now) is not None
    stopped = imports.stop_batch(by=sender, at=now, batch_id=batch.id)
    assert (stopped.state, stopped.next_row) == ("stopped", 5)
    assert importing.step(batch.id, now) is None
    batch = run_out(imports.start_batch(by=sender, at=now, batch_id=batch.id), now)
    assert (batch.state, counts(batch)) == ("done", (12, 0, 0, 0))
    with pytest.raises(imports.NotNow):
        imports.start_batch(by=sender, at=now, batch_id=batch.id)


def test_a_fault_leaves_the_list_failed_with_its_reason_and_it_can_go_on(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = tried(sender, now, crowd(3))
    batch = imports.start_batch(by=sender, at=now, batch_id=batch.id)
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_keep_faults", _broken)
        done, faults = importing.turn(now)
    assert (done, len(faults)) == (0, 1)
    batch.refresh_from_db()
    assert (batch.state, batch.fault, batch.next_row, Person.objects.count()) == (
        "failed",
        "RuntimeError",
        0,
        0,
    )
    imports.start_batch(by=sender, at=now, batch_id=batch.id)
    importing.turn(now)
    batch.refresh_from_db()
    assert (batch.state, counts(batch)) == ("done", (3, 0, 0, 0))


def _broken(*_arguments: Any) -> None:
    raise RuntimeError("Baso")


def test_the_worker_leaves_a_list_alone_that_somebody_moves_on(sender: Actor, now: datetime) -> None:
    batch = tried(sender, now, crowd(3))
    imports.start_batch(by=sender, at=now, batch_id=batch.id)
    Batch.objects.filter(id=batch.id).update(beat_at=now)
    assert queries.waiting(now + timedelta(seconds=5), importing.QUIET) == []
    assert queries.waiting(now + timedelta(minutes=1), importing.QUIET) == [batch.id]


# --- columns --------------------------------------------------------------------------------------------------------------------


def test_columns_are_guessed_changed_and_remembered(sender: Actor, now: datetime) -> None:
    data = sheet(("Penduduk", "Nomor"), ("Baso", "7602130511780001"))
    batch = opened(sender, now, data)
    assert batch.mapping == {}
    with pytest.raises(imports.ColumnNeeded):
        imports.try_batch(by=sender, at=now, batch_id=batch.id)
    imports.map_batch(
        by=sender, at=now, batch_id=batch.id, mapping={"full_name": 0, "nik": 1}, list_version="bdt"
    )
    assert Layout.objects.count() == 1
    again = opened(sender, now, sheet(("PENDUDUK", "nomor "), ("Ani", "")))
    assert (again.mapping, again.list_version) == ({"full_name": 0, "nik": 1}, "bdt")


@pytest.mark.parametrize(
    ("mapping", "refusal"),
    [
        ({"nik": 1}, imports.ColumnNeeded),
        ({"full_name": 0, "nik": 0}, imports.ColumnTwice),
        ({"full_name": 9}, imports.ColumnUnknown),
        ({"full_name": 0, "shoe_size": 1}, imports.ColumnUnknown),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    sender: Actor, now: datetime, mapping: dict[str, int], refusal: type[Refused]
) -> None:
    batch = opened(sender, now, sheet(HEAD, FATHER))
    with pytest.raises(refusal):
        imports.map_batch(by=sender, at=now, batch_id=batch.id, mapping=mapping)
    batch.refresh_from_db()
    assert batch.mapping["full_name"] == 0


# --- files that are none ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Refused),
        (b"\x00\x01\x02", Refused),
        (b"PK\x03\x04 no workbook", Refused),
        (b"Nama,NIK\n", imports.ListEmpty),
        (b"DAFTAR WARGA\n1,2\n", imports.HeadingsMissing),
    ],
)
def test_what_is_no_list_is_refused_and_not_kept(
    sender: Actor, now: datetime, data: bytes, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        opened(sender, now, data)
    assert not Batch.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGEST", 100)
    monkeypatch.setattr(queries, "look_at", _killed)
    with pytest.raises(imports.ListTooLarge):
        opened(sender, now, b"x" * 101)


def test_a_workbook_that_unpacks_to_a_mountain_is_refused(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "UNPACKED", 100_000)
    bomb = workbook(HEAD, *[("A" * 1000,)] * 1000)
    assert len(bomb) < 20_000
    with pytest.raises(Refused) as told:
        opened(sender, now, bomb)
    assert told.value.code == "sheet.not_a_table"


def test_more_rows_than_one_list_may_have_are_refused(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_ROWS", 3)
    with pytest.raises(queries.TooManyRows):
        opened(sender, now, crowd(4))


def test_a_list_is_of_an_area_and_of_a_day_that_exists(sender: Actor, now: datetime) -> None:
    with pytest.raises(imports.AreaMissing):
        opened(MACHINE, now, crowd(2), region_code="")
    with pytest.raises(imports.AreaMissing):
        opened(MACHINE, now, crowd(2), region_code="9999999999")
    with pytest.raises(imports.DayAhead):
        opened(sender, now, crowd(2), as_of_date=now.date() + timedelta(days=1))


def test_the_file_is_kept_encrypted(sender: Actor, now: datetime, settings: Any) -> None:
    batch = opened(sender, now, sheet(HEAD, FATHER))
    stored = next(iter(settings.SIMPUL_FILES.glob(f"*/*/{batch.sha256}")))
    assert FATHER[1].encode() not in stored.read_bytes()
    assert FATHER[1].encode() in queries.file_of(batch)


# --- who may --------------------------------------------------------------------------------------------------------------------------


def test_only_those_who_take_lists_in_may_and_only_in_their_area(sender: Actor, now: datetime) -> None:
    batch = opened(sender, now, sheet(HEAD, FATHER))
    cadre = Actor(role="cadre", region_code="7602132001")
    neighbour = Actor(role="coordinator", name="Jumriah", region_code="7303012008")
    with pytest.raises(NotAllowed):
        opened(cadre, now, crowd(2))
    with pytest.raises(NotAllowed):
        opened(neighbour, now, crowd(2))
    for stranger in (cadre, neighbour):
        for act in (imports.try_batch, imports.start_batch, imports.stop_batch):
            with pytest.raises(NotFound):
                act(by=stranger, at=now, batch_id=batch.id)
        with pytest.raises(NotFound):
            imports.map_batch(by=stranger, at=now, batch_id=batch.id, mapping={"full_name": 0})
        assert not queries.batches(stranger).exists()
    for act_of_machine in (sender, cadre):
        with pytest.raises(NotAllowed):
            imports.fail_batch(by=act_of_machine, at=now, batch_id=batch.id, fault="x")
        running = importing.begin(batch, now)
        with pytest.raises(NotAllowed):
            imports.run_batch(
                by=act_of_machine,
                at=now,
                batch_id=batch.id,
                taker=running.taker,
                reading=running.reading,
            )


def test_every_step_leaves_one_line_with_counts_and_without_anybodys_name(
    sender: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PORTION", 2)
    batch = taken(sender, now, sheet(HEAD, FATHER, MOTHER, CHILD))
    lines = Line.objects.about(batch.id).order_by("recorded_at", "id")
    assert [line.kind for line in lines] == [
        "batch.open",
        "batch.try",
        "batch.run",
        "batch.start",
        "batch.run",
        "batch.run",
    ]
    assert lines[4].facts["added"] == 2
    assert lines[5].facts["from_row"] == 2
    assert not any("Aminah" in str((line.facts, line.inputs)) for line in lines)


def test_a_portion_asks_the_same_number_of_queries_however_many_rows(
    sender: Actor, now: datetime, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    for count in (40, 400):
        batch = tried(sender, now, crowd(count))
        batch = imports.start_batch(by=sender, at=now, batch_id=batch.id)
        running = importing.begin(batch, now)
        with django_assert_max_num_queries(160 if count == 400 else 60):
            imports.run_batch(
                by=MACHINE, at=now, batch_id=batch.id, taker=running.taker, reading=running.reading
            )


def test_the_file_of_a_list_goes_after_ninety_days_and_its_counts_stay(sender: Actor, now: datetime) -> None:
    batch = taken(sender, now, sheet(HEAD, FATHER, ("", *FATHER[1:])))
    with pytest.raises(NotAllowed):
        imports.forget_batches(by=sender, at=now)
    assert imports.forget_batches(by=MACHINE, at=now + timedelta(days=89)) == 0
    assert imports.forget_batches(by=MACHINE, at=now + timedelta(days=91)) == 1
    assert imports.forget_batches(by=MACHINE, at=now + timedelta(days=92)) == 0
    batch.refresh_from_db()
    assert (counts(batch), codes(batch), batch.sha256) == ((1, 0, 0, 1), [], "")
    assert Line.objects.filter(kind="batches.forget").count() == 1
    with pytest.raises(NotFound):
        queries.file_of(batch)


def test_a_list_is_opened_by_its_area(sender: Actor, now: datetime) -> None:
    data = sheet(HEAD, FATHER)
    batch = imports.open_batch(
        by=sender, at=now, kind="residents", file_name="a.csv", data=data, region_code="7602132001"
    )
    assert (batch.rows, batch.state, batch.list_version, batch.as_of_date) == (1, "mapping", "kk", now.date())


def test_a_value_of_a_list_keeps_its_source_beside_what_a_visit_says(
    regency: Actor, officer: Actor, now: datetime
) -> None:
    day = date(2026, 9, 30)
    taken(
        regency, now, sheet(DTSEN, dtsen()), region_code="7602", as_of_date=day, source_words="DTSEN 2026-Q3"
    )
    household = Household.objects.get()
    house_id, person = household.house_id, Person.objects.get()
    assert house_id is not None
    assert not Observation.objects.exclude(field="*").exists()
    (only,) = register.history(officer, "house", house_id, "floor")
    assert (only.value, only.source, only.source_words) == ("dtsen/6", "import", "DTSEN 2026-Q3")
    assert register.history(officer, "person", person.id, "chronic")[0].value == "dtsen/1"
    assert register.history(officer, "person", person.id, "nik")[0].value != ""
    assert register.history(officer, "house", house_id, "wall") == []  # the list said nothing of it
    record = records.records([household.id])[household.id]
    for key, column in (
        (house_id, "floor"),
        (person.id, "chronic"),
        (household.id, "motorcycle"),
        (person.id, "sex"),
    ):
        assert record.said[str(key), column] == Saying("import", "DTSEN 2026-Q3", day)
    assert (str(house_id), "wall") not in record.said
    actions.change_house(
        by=officer, at=now, house_id=house_id, changes={"floor": "9"}, said=Said("visit", now.date())
    )
    assert [
        (one.value, one.state, one.source) for one in register.history(officer, "house", house_id, "floor")
    ] == [("bdt/9", "current", "visit"), ("dtsen/6", "past", "import")]
    page = register.page_of(officer, household.id, now.date())
    floor = register.word_on(page.latest, house_id, "floor", "bdt/9")
    area = register.word_on(page.latest, house_id, "floor_area_dm2", 3750)
    assert floor is not None and area is not None
    assert (floor.source, area.source_words) == ("visit", "DTSEN 2026-Q3")
    assert register.word_on(page.latest, house_id, "wall", "") is None
    record = records.records([household.id])[household.id]
    assert record.said[str(house_id), "floor"].source == "visit"
    assert record.said[str(house_id), "floor_area_dm2"].source == "import"


def test_an_older_word_never_covers_what_a_list_said(regency: Actor, officer: Actor, now: datetime) -> None:
    taken(regency, now, sheet(DTSEN, dtsen()), region_code="7602", as_of_date=date(2026, 9, 30))
    household = Household.objects.get()
    assert household.house_id is not None

    def say(value: str, day: date) -> tuple[str, list[str]]:
        changes = {"floor": value}
        said = Said("import", day, "Lama")
        house = household.house_id
        assert house is not None
        actions.change_house(by=officer, at=now, house_id=house, changes=changes, said=said, version="dtsen")
        rows = register.history(officer, "house", house, "floor")
        return House.objects.get().floor, [one.state for one in rows]

    assert say("6", date(2024, 1, 31)) == ("dtsen/6", ["current", "past"])  # the same value, said long ago
    assert say("1", date(2025, 1, 31)) == (
        "dtsen/6",
        ["current", "past", "past"],
    )  # newer than that, older than the list


def test_a_first_situation_of_somebody_known_has_a_history_of_its_own(regency: Actor, now: datetime) -> None:
    taken(regency, now, sheet(HEAD, FATHER), as_of_date=date(2026, 6, 30), source_words="Daftar desa")
    person = Person.objects.get()
    assert not Profile.objects.exists()
    late = {"as_of_date": date(2026, 9, 30), "source_words": "DTSEN 2026-Q3"}
    again = taken(regency, now, sheet(DTSEN, dtsen(jenis_lantai="")), region_code="7602", **late)
    assert counts(again) == (0, 1, 0, 0)
    assert Profile.objects.get().chronic == "dtsen/1"
    said = Observation.objects.get(subject_id=person.id, field="chronic")
    assert (said.value, said.state, said.source_words) == ("dtsen/1", "current", "DTSEN 2026-Q3")
    assert (
        counts(taken(regency, now, sheet(DTSEN, dtsen(jenis_lantai="")), region_code="7602", **late))[2] == 1
    )
