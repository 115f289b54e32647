"""Lists at the desk: sent in, columns named, tried, taken in, faults downloaded; the neighbour sees nothing of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.jobs import importing, schedule
from simpul.journal.models import Line
from simpul.people.models import Batch, Person
from simpul.people.rules import imports as rules
from tests.cast import Cast, assemble
from tests.people.lists import sheet, workbook
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db

HEAD = ("nama", "nik", "no_kk", "sex", "tanggallahir", "desa", "catatan")
GOOD = (
    "Baso Dg. Ngalle",
    "7602130511780001",
    "7602132001090001",
    "L",
    "05/11/1978",
    "Dungkait",
    "=HYPERLINK(1)",
)
BAD = (
    "Sitti Aminah",
    "76021352O3820002",
    "7602132001090001",
    "P",
    "12/03/1982",
    "Dungkait",
    "=cmd|'/c calc'!A1",
)
FAR = ("Daeng Kulle", "", "", "L", "1970", "Bonto Jai", "")


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def manager(cast: Cast) -> Client:
    return sit(cast, "manager")


def send(client: Client, data: bytes, *, name: str = "warga.csv", region: str = "7602", **more: str) -> Any:
    file = SimpleUploadedFile(name, data, "text/csv")
    given = {"file": file, "kind": "residents", "region": region, "source_words": "OpenSID Oktober", **more}
    return client.post(reverse("desk_imports_new"), given)


def name_columns(client: Client, batch: Batch, **changed: str) -> Any:
    given = {f"c_{name}": str(place) for name, place in batch.mapping.items()}
    return client.post(
        reverse("desk_imports_columns", args=[batch.id]),
        {"list_version": batch.list_version, **given, **changed},
    )


def work() -> None:
    """The worker's turn."""
    importing._held.clear()
    Batch.objects.update(beat_at=None)
    schedule.move_lists(timezone.now())


def page(client: Client, batch: Batch, **headers: Any) -> Any:
    return client.get(reverse("desk_imports_one", args=[batch.id]), **headers)


def test_a_list_goes_from_file_to_register(manager: Client) -> None:
    assert "Belum ada daftar" in words(manager.get(reverse("desk_imports")))
    answer = send(manager, sheet(HEAD, GOOD, BAD, FAR))
    batch = Batch.objects.get()
    assert answer.url == reverse("desk_imports_columns", args=[batch.id])
    shown = words(manager.get(answer.url))
    assert "6 kolom dikenali" in shown
    assert GOOD[0] in shown
    assert name_columns(manager, batch).url == reverse("desk_imports_one", args=[batch.id])
    assert "0 dari 3 baris" in words(page(manager, batch))
    work()
    shown = words(page(manager, batch))
    assert "Inilah yang akan terjadi" in shown
    assert not Person.objects.filter(resident=True).exists()
    manager.post(reverse("desk_imports_step", args=[batch.id, "mulai"]))
    fragment = page(manager, batch, HTTP_HX_REQUEST="true")
    assert b"hx-trigger" in fragment.content
    assert b"<html" not in fragment.content
    work()
    shown = words(page(manager, batch))
    assert "sudah dimasukkan" in shown
    assert "Buka data warga" in shown
    assert Person.objects.get(resident=True).full_name == GOOD[0]
    assert "OpenSID Oktober" in words(manager.get(reverse("desk_imports")))


def test_faults_are_shown_and_downloaded_with_their_rows_and_no_formula_runs(manager: Client) -> None:
    send(manager, sheet(HEAD, GOOD, BAD, FAR))
    batch = Batch.objects.get()
    name_columns(manager, batch)
    work()
    shown = words(manager.get(reverse("desk_imports_faults", args=[batch.id])))
    assert "ada huruf atau tanda" in shown
    assert "Baris ini milik wilayah lain" not in shown
    assert "Desa ini tidak ada di wilayah daftar: Bonto Jai" in shown
    answer = manager.get(reverse("desk_imports_sheet", args=[batch.id]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Baris;Diterima?;Yang salah;Yang perlu dilakukan")
    assert len(lines) == 3
    assert "'=cmd|" in lines[1]
    assert "NIK: “76021352O3820002” bukan nomor 16 angka" in lines[1]
    assert ";3;tidak;" in lines[1]
    assert Line.objects.filter(kind="view.record", subject_id=batch.id).count() == 1


def test_a_corrected_sheet_of_faults_is_taken_in(manager: Client) -> None:
    send(manager, sheet(HEAD, GOOD, BAD))
    batch = Batch.objects.get()
    name_columns(manager, batch)
    work()
    answer = manager.get(reverse("desk_imports_sheet", args=[batch.id]))
    text = (
        b"".join(answer.streaming_content).decode("utf-8-sig").replace("76021352O3820002", "7602135203820002")
    )
    send(manager, text.encode(), name="perbaikan.csv")
    again = Batch.objects.get(file_name="perbaikan.csv")
    assert again.mapping == batch.mapping
    name_columns(manager, again)
    work()
    again.refresh_from_db()
    assert (again.added, again.refused) == (1, 0)


def test_a_workbook_is_taken_too(manager: Client) -> None:
    send(manager, workbook(HEAD, GOOD), name="warga.xlsx")
    assert Batch.objects.get().rows == 1


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "warga.csv", "kosong"),
        (b"PK\x03\x04 broken", "warga.xlsx", "tidak"),
        (b"Nama,NIK\n", "warga.csv", "Tidak ada baris data"),
        (b"x", "warga.exe", "tidak dapat dibaca"),
    ],
)
def test_a_file_that_is_no_list_is_told_beside_its_field(
    manager: Client, data: bytes, name: str, told: str
) -> None:
    answer = send(manager, data, name=name)
    assert answer.status_code == 422
    assert told in words(answer)
    assert not Batch.objects.exists()


def test_the_address_chooses_the_kind_and_an_unknown_one_chooses_nothing(manager: Client) -> None:
    def chosen(query: str) -> str:
        shown = manager.get(reverse("desk_imports_new") + query).content.decode()
        return next(tag for tag in re.findall(r"<input[^>]*name=\"kind\"[^>]*>", shown) if "checked" in tag)

    assert 'value="kis"' in chosen("?jenis=kis")
    assert 'value="residents"' in chosen("")
    assert chosen("?jenis=kartu") == chosen("")


def test_a_list_of_the_neighbours_area_is_refused_beside_the_place(manager: Client) -> None:
    answer = send(manager, sheet(HEAD, GOOD), region="7303")
    assert answer.status_code == 422
    assert "bukan wilayah tugas Anda" in words(answer)


def test_a_column_chosen_twice_is_told_and_nothing_is_tried(manager: Client) -> None:
    send(manager, sheet(HEAD, GOOD))
    batch = Batch.objects.get()
    answer = name_columns(manager, batch, c_nik="0")
    assert answer.status_code == 422
    assert "sudah dipilih untuk" in words(answer)
    assert name_columns(manager, batch, c_full_name="").status_code == 422
    batch.refresh_from_db()
    assert batch.state == "mapping"


def test_a_list_is_stopped_and_goes_on(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PORTION", 2)
    rows = [(f"Warga {place}", "", "", "L", "1970-05-05", "Dungkait", "") for place in range(5)]
    send(manager, sheet(HEAD, *rows))
    batch = Batch.objects.get()
    name_columns(manager, batch)
    work()
    manager.post(reverse("desk_imports_step", args=[batch.id, "mulai"]))
    importing._held.clear()
    importing.step(batch.id, timezone.now())
    manager.post(reverse("desk_imports_step", args=[batch.id, "henti"]))
    shown = words(page(manager, batch))
    assert "dihentikan" in shown
    assert "mulai tepat sesudahnya" in shown
    manager.post(reverse("desk_imports_step", args=[batch.id, "mulai"]))
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.added) == ("done", 5)
    refused = manager.post(reverse("desk_imports_step", args=[batch.id, "henti"]), follow=True)
    assert "tidak dapat dilakukan sekarang" in words(refused)


def test_the_sheet_to_start_from_can_be_taken_in(manager: Client) -> None:
    answer = manager.get(reverse("desk_imports_sample"))
    assert answer["Content-Disposition"].startswith("attachment")
    send(manager, answer.content, region="7602132001")
    batch = Batch.objects.get()
    assert len(batch.mapping) == len(batch.headings)


def test_the_neighbour_and_those_who_take_no_lists_in_find_nothing(cast: Cast, manager: Client) -> None:
    send(manager, sheet(HEAD, GOOD))
    batch = Batch.objects.get()
    stranger, cadre = sit(cast, "neighbour_coordinator"), sit(cast, "village_officer")
    assert OUT_OF_SIGHT not in words(stranger.get(reverse("desk_imports")))
    for name in ("desk_imports_one", "desk_imports_columns", "desk_imports_faults", "desk_imports_sheet"):
        for client in (stranger, cadre):
            assert client.get(reverse(name, args=[batch.id])).status_code == 404
    for step in ("coba", "mulai", "henti"):
        for client in (stranger, cadre):
            assert client.post(reverse("desk_imports_step", args=[batch.id, step])).status_code == 404
    assert cadre.get(reverse("desk_imports")).status_code == 404
    assert manager.post(reverse("desk_imports_step", args=[batch.id, "hapus"])).status_code == 404


OUT_OF_SIGHT = "OpenSID Oktober"


def test_the_worker_takes_up_a_list_whose_worker_died(manager: Client) -> None:
    send(manager, sheet(HEAD, GOOD))
    batch = Batch.objects.get()
    name_columns(manager, batch)
    importing._held.clear()
    at = timezone.now()
    Batch.objects.update(beat_at=at)
    assert importing.turn(at)[0] == 0
    Batch.objects.update(beat_at=at - timedelta(minutes=1))
    assert importing.waits(at)
    assert importing.turn(at)[0] == 1
    batch.refresh_from_db()
    assert batch.state == "tried"
