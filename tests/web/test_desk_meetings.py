"""The desk's pages of meetings, as a village officer walks them in the hall."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from simpul.journal.models import Line
from simpul.meetings import queries
from simpul.meetings.models import Attendance, Decision, Item, Meeting, Objection, Package
from simpul.people.models import Household
from simpul.web.desk.meetings import paper
from tests.cast import BONTO_JAI, DUNGKAIT, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/musyawarah/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


def plan(client: Client, **given: Any) -> Any:
    return client.post(
        f"{HOME}baru/",
        {
            "kind": "beneficiary_list",
            "title": "Musyawarah daftar BLT",
            "place_code": DUNGKAIT,
            "day": "25/11/2026",
            "clock": "09.00",
            "quorum_people": "0",
            "own_groups": "on",
            "objection_days": "7",
            **given,
        },
    )


def begun(client: Client) -> str:
    """The address of a meeting that has begun."""
    here = plan(client).url
    assert client.post(f"{here}mulai/", {"chair": "Muh. Rusli", "minute_taker": "Ilham"}).status_code == 302
    return str(here)


def paste(client: Client, here: str, rows: str, step: str = "simpan") -> Any:
    return client.post(f"{here}daftar/", {"rows": rows, "langkah": step})


def decide(client: Client, here: str, item: Item, outcome: str, reason: str = "", **more: str) -> Any:
    return client.post(f"{here}putuskan/", {"item": str(item.id), "hasil": outcome, "alasan": reason, **more})


# --- planning -------------------------------------------------------------------------------------------------------------


def test_an_empty_list_teaches_and_a_plan_is_made(officer: Client) -> None:
    assert "Belum ada musyawarah" in words(officer.get(HOME))
    answer = plan(officer)
    meeting = Meeting.objects.get()
    assert answer.url == f"{HOME}{meeting.id}/"
    assert (meeting.quorum_people, meeting.quorum_groups, meeting.region_code) == (0, [], DUNGKAIT)
    assert meeting.planned_at.isoformat() == "2026-11-25T01:00:00+00:00"
    assert "Musyawarah daftar BLT" in words(officer.get(HOME))
    assert "Belum ada nama" in words(officer.get(answer.url))


def test_what_is_wrong_stands_beside_its_field(officer: Client) -> None:
    answer = plan(officer, title="", clock="25.99", kind="party")
    assert answer.status_code == 422 and not Meeting.objects.exists()
    assert "08.00" in words(answer)


def test_the_plan_is_changed_and_called_off(officer: Client) -> None:
    here = plan(officer).url
    page = officer.get(f"{here}rencana/")
    assert "Musyawarah daftar BLT" in page.content.decode()
    changed = {"title": "Musyawarah dusun", "day": "26/11/2026", "clock": "10.00", "quorum_people": "3"}
    assert officer.post(f"{here}rencana/", changed).status_code == 302
    assert Meeting.objects.get().title == "Musyawarah dusun"
    assert officer.post(f"{here}batalkan/", {"why": ""}).status_code == 422
    assert officer.post(f"{here}batalkan/", {"why": "hujan deras"}).url == HOME
    assert "hujan deras" in words(officer.get(here))


def test_others_find_nothing(cast: Cast, officer: Client) -> None:
    here = plan(officer).url
    assert sit(cast, "neighbour_coordinator").get(here).status_code == 404
    for part in ("pokja", "administrator"):
        assert sit(cast, part).get(HOME).status_code == 404
    manager = sit(cast, "manager")
    assert manager.get(here).status_code == 200 and manager.get(HOME).status_code == 200
    assert manager.get(f"{HOME}baru/").status_code == 404


# --- names ----------------------------------------------------------------------------------------------------------------


def test_a_pasted_list_is_shown_before_it_is_kept(officer: Client) -> None:
    here = plan(officer).url
    rows = "NAMA;ALAMAT;NIK\nSitti;Taludu;7602136101800001\n;kosong;\nBaso;Taludu;"
    seen = paste(officer, here, rows, "lihat")
    assert "2 nama terbaca" in words(seen) and "7602********0001" in words(seen) and "3" in words(seen)
    assert not Item.objects.exists()
    kept = re.search(r'<textarea name="rows" hidden>\n(.*?)</textarea>', seen.content.decode(), re.DOTALL)
    assert kept is not None
    assert paste(officer, here, kept[1]).url == here
    assert [(one.name, one.address, one.nik) for one in queries.items(Meeting.objects.get())] == [
        ("Sitti", "Taludu", "7602136101800001"),
        ("Baso", "Taludu", ""),
    ]
    again = paste(officer, here, kept[1])
    assert again.status_code == 422 and "Tidak ada nama baru" in words(again)


def test_a_file_is_read_and_nonsense_is_refused(officer: Client) -> None:
    here = plan(officer).url
    file = SimpleUploadedFile("daftar.csv", b"Nama,Alamat\nAli,RT 1\n")
    assert "1 nama terbaca" in words(officer.post(f"{here}daftar/", {"file": file, "langkah": "lihat"}))
    for wrong in (SimpleUploadedFile("x.csv", b"\x00\x01"), SimpleUploadedFile("y.csv", b";;\n;;\n")):
        answer = officer.post(f"{here}daftar/", {"file": wrong, "langkah": "lihat"})
        assert answer.status_code == 422
    assert officer.post(f"{here}daftar/", {"langkah": "lihat"}).status_code == 422


def test_one_name_is_typed_once_however_often_it_is_sent(officer: Client) -> None:
    here = plan(officer).url
    page = officer.get(f"{here}daftar/").content.decode()
    key = re.search(r'name="entry_id" value="([^"]+)"', page)
    assert key is not None
    for _press in range(2):
        said = {"name": "Sitti", "address": "Taludu", "entry_id": key[1], "langkah": "satu"}
        assert officer.post(f"{here}daftar/", said).status_code == 302
    assert Item.objects.count() == 1
    assert officer.post(f"{here}daftar/", {"name": "", "langkah": "satu"}).status_code == 422


def test_households_are_ticked(officer: Client) -> None:
    here = plan(officer).url
    assert "Tidak ada rumah tangga" in words(officer.get(f"{here}daftar/warga/"))
    now = timezone.now()
    own, other = (
        Household.objects.create(region_code=code, name=name, registered_at=now, changed_at=now)
        for code, name in ((DUNGKAIT, "Sitti Hasnah"), (BONTO_JAI, "Baso"))
    )
    page = words(officer.get(f"{here}daftar/warga/"))
    assert "Sitti Hasnah" in page and "Baso" not in page
    said = {"household": [str(own.id), str(other.id)], "alasan": "hasil saringan"}
    officer.post(f"{here}daftar/warga/", said)
    assert [(one.household_id, one.reason) for one in Item.objects.all()] == [(own.id, "hasil saringan")]
    assert "sudah dalam daftar" in words(officer.get(f"{here}daftar/warga/?kata=sitti"))


# --- in the hall ----------------------------------------------------------------------------------------------------------


def test_people_are_counted_by_the_button_and_by_name(officer: Client) -> None:
    here = begun(officer)
    page = officer.get(f"{here}hadir/").content.decode()
    once = re.search(r'value="women"><input type="hidden" name="sekali" value="([^"]+)"', page)
    assert once is not None
    for _press in range(2):
        officer.post(f"{here}hadir/hitung/", {"kelompok": "women", "sekali": once[1], "langkah": "1"})
    officer.post(f"{here}hadir/hitung/", {"kelompok": "women", "langkah": "1"})
    officer.post(f"{here}hadir/hitung/", {"kelompok": "women", "langkah": "-1"})
    said = {"name": "Rusli", "office": "BPD", "groups": ["bpd"], "came": "asked"}
    assert officer.post(f"{here}hadir/", said).status_code == 302
    row = Attendance.objects.get()
    officer.post(f"{here}hadir/tandai/", {"isi": str(row.id), "hadir": "ttd"})
    found = queries.present(Meeting.objects.get())
    assert (found.people, found.by_group["women"], found.by_group["bpd"]) == (2, 1, 1)
    row.refresh_from_db()
    assert row.signed and "sudah tanda tangan" in words(officer.get(f"{here}hadir/"))
    assert officer.post(f"{here}hadir/", {"name": "", "came": "yes"}).status_code == 422


def test_names_are_decided_one_after_the_other_and_the_rest_at_once(officer: Client) -> None:
    here = begun(officer)
    paste(officer, here, "Ali\nBunga\nCici\nDewi")
    first, second, third, fourth = Item.objects.order_by("position")
    assert decide(officer, here, first, "in", "layak").url.endswith(f"#n-{second.id}")
    decide(officer, here, second, "out")
    assert "Tulis alasannya" in words(officer.get(here)) and Decision.objects.count() == 1
    decide(officer, here, second, "out", "pindah", setuju="99")
    assert "Jumlah suara" in words(officer.get(here))
    decide(officer, here, second, "out", "pindah")
    officer.post(f"{here}putuskan-sisanya/", {"item": [str(third.id), str(fourth.id)], "hasil": "in"})
    assert [row.outcome for row in queries.rows(Meeting.objects.get())] == ["in", "out", "in", "in"]
    assert words(officer.get(f"{here}?lihat=out")).count("Bunga") >= 1
    assert officer.post(f"{here}putuskan/", {"item": "x"}).status_code == 404


def test_the_last_entry_is_taken_back_with_one_press(officer: Client) -> None:
    here = begun(officer)
    paste(officer, here, "Ali")
    item = Item.objects.get()
    decide(officer, here, item, "in")
    page = officer.get(here).content.decode()
    found = re.search(r'name="macam" value="(\w+)"><input type="hidden" name="isi" value="([^"]+)"', page)
    assert found is not None and found[1] == "decision"
    officer.post(f"{here}urungkan/", {"macam": found[1], "isi": found[2], "kembali": "desk_meeting"})
    assert queries.rows(Meeting.objects.get())[0].outcome == ""


def test_usul_and_sanggah_are_written_and_answered(officer: Client) -> None:
    here = begun(officer)
    paste(officer, here, "Ali")
    item = Item.objects.get()
    assert "Ali" in words(officer.get(f"{here}keberatan/?nama={item.id}"))
    said = {"kind": "sanggah", "item": str(item.id), "reasons": "sudah mampu", "by_group": "rt"}
    assert officer.post(f"{here}keberatan/", said).status_code == 302
    assert officer.post(f"{here}keberatan/", {**said, "item": ""}).status_code == 422
    officer.post(f"{here}keberatan/", {"kind": "usul", "name": "Hasan", "reasons": "rumah roboh"})
    told = Objection.objects.get(kind="sanggah")
    prefix = f"j{told.id.hex[-6:]}"
    empty = {f"{prefix}-outcome": "refused", f"{prefix}-answer": ""}
    assert officer.post(f"{here}keberatan/{told.id}/", empty).status_code == 422
    officer.post(f"{here}keberatan/{told.id}/", {**empty, f"{prefix}-answer": "Sudah diperiksa."})
    assert "Sudah diperiksa." in words(officer.get(f"{here}keberatan/"))
    assert [one.name for one in queries.items(Meeting.objects.get())] == ["Ali", "Hasan"]


# --- the end --------------------------------------------------------------------------------------------------------------


def closed(client: Client) -> str:
    here = begun(client)
    paste(client, here, "Ali;Taludu\nBunga;Taludu")
    first, second = Item.objects.order_by("position")
    decide(client, here, first, "in", "layak")
    decide(client, here, second, "out", "pindah")
    assert client.post(f"{here}berita-acara/", {"course": "Dibuka pukul 09.00."}).status_code == 302
    assert client.post(f"{here}tutup/").url == f"{here}berita-acara/"
    return here


def test_closing_says_what_is_open_and_then_shows_the_minutes(officer: Client) -> None:
    here = begun(officer)
    paste(officer, here, "Ali")
    assert "1 nama belum ada keputusannya" in words(officer.get(f"{here}berita-acara/"))
    answer = officer.post(f"{here}tutup/")
    assert answer.status_code == 422 and "Belum semua diputuskan" in words(answer)
    decide(officer, here, Item.objects.get(), "in")
    officer.post(f"{here}tutup/")
    meeting = Meeting.objects.get()
    page = words(officer.get(f"{here}berita-acara/"))
    assert meeting.minutes.digest in page and "tidak berubah sejak ditutup" in page
    decide(officer, here, Item.objects.get(), "out", "berubah")
    assert "sudah ditutup" in words(officer.get(here)) and Decision.objects.count() == 1


def test_a_short_quorum_asks_for_its_reason(officer: Client) -> None:
    here = plan(officer, quorum_people="5").url
    officer.post(f"{here}mulai/", {"chair": "Rusli", "minute_taker": "Ilham"})
    paste(officer, here, "Ali")
    decide(officer, here, Item.objects.get(), "in")
    answer = officer.post(f"{here}tutup/")
    assert answer.status_code == 422 and "Kuorum belum terpenuhi" in words(answer)
    assert officer.post(f"{here}tutup/", {"short_because": "Jalan putus"}).status_code == 302


def test_the_minutes_are_a_pdf_and_the_lists_are_paper(officer: Client) -> None:
    here = closed(officer)
    answer = officer.get(f"{here}berita-acara.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert "Ali" in words(officer.get(f"{here}cetak/"))
    assert "Tanda tangan" in words(officer.get(f"{here}cetak/?apa=hadir"))
    other = plan(officer).url
    assert officer.get(f"{other}berita-acara.pdf").status_code == 404


def test_words_that_look_like_markup_stay_words_on_paper(officer: Client) -> None:
    here = begun(officer)
    paste(officer, here, '#let x = 1;"$ _ * @ < \\ ]"')
    decide(officer, here, Item.objects.get(), "in", "#panic()")
    officer.post(f"{here}tutup/")
    meeting = Meeting.objects.get()
    assert paper.minutes_pdf(meeting, meeting.minutes).startswith(b"%PDF")


def test_the_file_is_made_with_its_purpose(cast: Cast, officer: Client) -> None:
    here = closed(officer)
    assert officer.post(f"{here}berkas/", {"purpose": ""}).status_code == 422
    answer = officer.post(f"{here}berkas/", {"purpose": "Diusulkan ke bupati", "full": "on"})
    text = answer.content.decode("utf-8-sig")
    assert "Ali" in text and "Bunga" not in text and "NIK" not in text.splitlines()[0]
    assert Package.objects.get().purpose == "Diusulkan ke bupati"
    assert Line.objects.filter(kind="export.record", subject_kind="meeting").exists()
    full = sit(cast, "manager").post(f"{here}berkas/", {"purpose": "Diusulkan ke bupati", "full": "on"})
    assert "NIK" in full.content.decode("utf-8-sig").splitlines()[0]


def test_a_late_objection_leads_to_a_new_version(officer: Client) -> None:
    here = closed(officer)
    said = {"kind": "usul", "name": "Hasan", "reasons": "terlewat"}
    assert officer.post(f"{here}keberatan/", said).status_code == 302
    assert officer.post(f"{here}versi-baru/", {"because": ""}).status_code == 422
    given = {"because": "ada usul", "day": "30/11/2026", "clock": "09.00"}
    new = officer.post(f"{here}versi-baru/", given).url
    page = words(officer.get(new))
    assert "Hasan" in page and "sebelumnya: Masuk daftar" in page and "versi 2" in page
    assert "versi yang lebih baru" in words(officer.get(here))
