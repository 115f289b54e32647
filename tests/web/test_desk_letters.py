"""The desk's pages of letters: taken in, drafted, checked, approved on a phone, released, handed over; numbers, mandates, settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from simpul.cases.models import Case
from simpul.letters.actions import drafting
from simpul.letters.models import Letter, Mandate, NumberBlock, Office, TakenNumber
from simpul.lib.ids import uuid7
from tests.cast import DUNGKAIT, Cast, assemble
from tests.letters import desk
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/surat/"
BODY = "Menerangkan bahwa {nama} punya usaha {nama_usaha}, dipakai untuk {keperluan}."
BUSINESS = [{"code": "nama_usaha", "type": "text", "label": "Nama usaha", "required": True}]


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.SIMPUL_FILES = tmp_path
    found = assemble()
    desk.kind(body=BODY, inputs=BUSINESS, requirements=["R3"], about="Untuk usaha")
    return found


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


def take_in(client: Client, **given: Any) -> Any:
    """Fill the page of a request."""
    asked = {
        "letter_id": str(uuid7()),
        "visit_id": str(uuid7()),
        "channel": "desk",
        "name": "Nurhayati",
        "phone": "0812-4455-6677",
        "purpose": "Pinjaman bank",
        "consent": "spoken",
        **given,
    }
    return client.post(f"{HOME}baru/?jenis=usaha", asked)


def drafted(cast: Cast) -> Letter:
    """A letter that waits for the secretary."""
    now = timezone.now()
    letter = desk.asked(cast, at=now).letter
    by = cast.village_officer
    drafting.mark_requirement(by=by, at=now, letter_id=letter.id, code="R3", state="shown")
    drafting.draft_letter(by=by, at=now, letter_id=letter.id, inputs={"nama_usaha": "Kios Harapan"})
    return Letter.objects.get(id=letter.id)


def press(client: Client, key: UUID, slug: str, **given: Any) -> Any:
    """Press the button of one step."""
    named = {name if name == "kembali" else f"{slug}-{name}": value for name, value in given.items()}
    return client.post(f"{HOME}{key}/langkah/{slug}/", named)


def test_a_night_at_the_counter(cast: Cast, officer: Client) -> None:
    assert "Belum ada" in words(officer.get(HOME)) or "Tidak ada" in words(officer.get(HOME))
    assert "Keterangan Usaha" in words(officer.get(f"{HOME}baru/?kata=usaha"))
    assert "Nama usaha" in words(officer.get(f"{HOME}baru/?jenis=usaha"))
    answer = take_in(officer, **{"foto-R3": photo()})
    letter = Letter.objects.get()
    assert answer.url == f"{HOME}{letter.id}/"
    assert letter.shown.get().file_mime == "image/jpeg"
    page = words(officer.get(answer.url))
    assert "Nama usaha" in page and "Nurhayati" in page
    assert officer.get(f"{HOME}{letter.id}/syarat/R3/foto/")["Content-Type"] == "image/jpeg"
    assert officer.post(f"{HOME}{letter.id}/syarat/R3/", {"state": "shown"}).status_code == 302
    draft = f"{HOME}{letter.id}/konsep/"
    missing = officer.post(draft, {"purpose": "Pinjaman bank", "step": "teruskan"})
    assert missing.status_code == 422 and "Nama usaha" in words(missing)
    done = officer.post(
        draft, {"purpose": "Pinjaman bank", "isi-nama_usaha": "Kios Harapan", "step": "teruskan"}
    )
    assert done.status_code == 302
    assert Letter.objects.get().state == "drafted"
    assert "Kios Harapan" in words(officer.get(answer.url))
    assert press(officer, letter.id, "terbitkan").status_code == 409


def test_a_message_from_whatsapp_becomes_a_request(officer: Client) -> None:
    take_in(officer, channel="whatsapp", message="Assalamualaikum pak, sy mau buat surat usaha utk bank")
    letter = Letter.objects.get()
    case = Case.objects.get(id=letter.case_id)
    assert (letter.channel, case.channel) == ("whatsapp", "whatsapp")
    assert "sy mau buat surat usaha" in case.text


def test_a_resident_of_the_register_is_found_and_two_letters_share_one_receipt(
    cast: Cast, officer: Client
) -> None:
    person = desk.asked(cast).letter.person
    assert person is not None
    found = officer.post(
        f"{HOME}baru/?jenis=usaha", {"step": "cari", "sought": "Nurhayati", "letter_id": "", "visit_id": ""}
    )
    assert str(person.id) in found.content.decode()
    visit = str(uuid7())
    take_in(officer, visit_id=visit, person_id=str(person.id))
    take_in(officer, visit_id=visit, person_id=str(person.id))
    cases = Case.objects.filter(visit_id=visit)
    assert cases.count() == 2
    assert {case.reporter_id for case in cases} == {person.id}


def test_a_matter_that_asks_for_a_letter_gets_it_on_its_own_receipt(cast: Cast, officer: Client) -> None:
    case = cast.case(
        kind_code="letter_request",
        answers={"letter": "business", "purpose": "bank"},
        desk_id=cast.desk("village").id,
        channel="whatsapp",
    )
    page = officer.get(f"/meja/kasus/{case.id}/")
    assert f"{HOME}baru/?kasus={case.id}" in page.content.decode()
    assert f"kasus={case.id}" in officer.get(f"{HOME}baru/?kasus={case.id}").content.decode()
    asked = {"letter_id": str(uuid7()), "visit_id": str(uuid7()), "channel": "whatsapp", "name": "Nurhayati"}
    address = f"{HOME}baru/?jenis=usaha&kasus={case.id}"
    assert officer.post(address, {**asked, "consent": "spoken"}).status_code == 302
    assert Letter.objects.get().case_id == case.id
    assert "Keterangan Usaha" in words(officer.get(f"/meja/kasus/{case.id}/"))
    assert sit(cast, "neighbour_officer").get(f"{HOME}baru/?jenis=usaha&kasus={case.id}").status_code == 404


def test_the_secretary_checks_and_the_head_decides_on_a_phone(cast: Cast) -> None:
    letter = drafted(cast)
    secretary, head = sit(cast, "secretary"), sit(cast, "village_head")
    assert "Keterangan Usaha" in words(secretary.get(HOME))
    assert press(secretary, letter.id, "periksa").status_code == 302
    waiting = words(head.get(f"{HOME}kepala/"))
    assert "1 surat menunggu Anda" in words(head.get("/meja/"))
    assert "surat menunggu Anda" not in words(secretary.get("/meja/"))
    assert "Setujui dan terbitkan" in waiting and "Kios Harapan" in waiting
    assert "Setujui dan terbitkan" not in words(secretary.get(f"{HOME}kepala/"))
    assert press(head, letter.id, "terbitkan", kembali="kepala").url == f"{HOME}kepala/"
    released = Letter.objects.get()
    assert released.number.startswith("500.3/001/")
    assert released.number in words(head.get(f"{HOME}{letter.id}/selesai/"))
    officer = sit(cast, "village_officer")
    assert press(officer, letter.id, "serahkan", received_name="Nurhayati").status_code == 302
    assert released.number in words(officer.get(f"{HOME}?kata={released.number[:7]}"))


def test_the_head_sends_back_refuses_and_cancels_with_words(cast: Cast) -> None:
    letter, head = drafted(cast), sit(cast, "village_head")
    assert "Belum diperiksa sekretaris" in words(head.get(f"{HOME}kepala/"))
    assert "surat menunggu Anda" not in words(head.get("/meja/"))
    assert "Kembalikan" in words(head.get(f"{HOME}{letter.id}/langkah/kembalikan/?kembali=kepala"))
    assert press(head, letter.id, "kembalikan", why="").status_code == 422
    assert press(head, letter.id, "kembalikan", why="Nama usaha keliru").status_code == 302
    assert "Nama usaha keliru" in words(head.get(f"{HOME}{letter.id}/"))
    assert press(head, letter.id, "tolak", why="Usahanya belum ada").status_code == 302
    assert press(head, letter.id, "lanjutkan").status_code == 302
    assert Letter.objects.get().state == "returned"
    assert press(head, letter.id, "apa-saja").status_code == 404


def test_the_rt_says_no_and_then_yes(cast: Cast, officer: Client) -> None:
    letter = drafted(cast)
    said = {"name": "Daeng Bali", "office": "Ketua RT 02", "how": "phone", "agrees": "no"}
    assert officer.post(f"{HOME}{letter.id}/konfirmasi/", {**said, "name": ""}).status_code == 422
    assert officer.post(f"{HOME}{letter.id}/konfirmasi/", said).status_code == 302
    assert "Ketua RT 02" in words(officer.get(f"{HOME}{letter.id}/"))


def test_a_mandate_is_written_down_used_and_ended(cast: Cast) -> None:
    head, officer = sit(cast, "village_head"), sit(cast, "village_officer")
    Office.objects.create(region_code=DUNGKAIT, alone=True, changed_at=timezone.now())
    today = timezone.localdate()
    given = {
        "decision_number": "188/12/2026",
        "decision_date": today.isoformat(),
        "seat": str(cast.seats["village_officer"].id),
        "title": "Petugas Pos",
        "acts": ["receive", "draft", "release"],
        "from_date": (today - timedelta(days=1)).isoformat(),
        "to_date": (today + timedelta(days=30)).isoformat(),
        "mandate_id": str(uuid7()),
    }
    assert head.post(f"{HOME}mandat/", given).status_code == 302
    assert "188/12/2026" in words(officer.get(f"{HOME}mandat/"))
    assert officer.post(f"{HOME}mandat/", given).status_code == 404
    letter = drafted(cast)
    assert "Setujui dan terbitkan" in words(officer.get(f"{HOME}{letter.id}/"))
    assert press(officer, letter.id, "terbitkan").url == f"{HOME}{letter.id}/selesai/"
    assert "188/12/2026" in words(officer.get(f"{HOME}{letter.id}/selesai/"))
    key = Mandate.objects.get().id
    assert head.post(f"{HOME}mandat/{key}/akhiri/", {"why": "Pindah tugas"}).status_code == 302
    assert "Pindah tugas" in words(head.get(f"{HOME}mandat/"))


def test_settings_show_an_example_and_what_is_wrong_with_a_pattern(cast: Cast) -> None:
    head = sit(cast, "village_head")
    assert "400.8/007/" in words(head.get(f"{HOME}pengaturan/"))
    shown = words(head.get(f"{HOME}pengaturan/contoh/?pattern={{urut}}/{{tahun}}"))
    assert "7/" in shown
    given = {
        "pattern": "{urut}/{tahn}",
        "series_mode": "services",
        "signer_name": "Sulaeman Hakim",
        "signer_title": "Kepala Desa Dungkait",
    }
    wrong = head.post(f"{HOME}pengaturan/", given)
    assert wrong.status_code == 422 and "{tahun}" in words(wrong)
    assert (
        head.post(f"{HOME}pengaturan/", {**given, "pattern": "{urut:3}/{singkatan}/{tahun}"}).status_code
        == 302
    )
    assert Office.objects.get().signer_name == "Sulaeman Hakim"
    assert sit(cast, "village_officer").get(f"{HOME}pengaturan/").status_code == 404


def test_numbers_are_set_aside_used_from_paper_and_given_back(cast: Cast) -> None:
    head = sit(cast, "village_head")
    assert "angka" in words(head.get(f"{HOME}nomor/")).lower() or head.get(f"{HOME}nomor/").status_code == 200
    assert head.post(f"{HOME}nomor/hanguskan/", {"number": "37", "why": "Buku tulis 2026"}).status_code == 302
    asked = {"count": "3", "holder": "Pos Taludu", "block_id": str(uuid7())}
    assert head.post(f"{HOME}nomor/sisihkan/", {**asked, "count": "900"}).status_code == 422
    assert head.post(f"{HOME}nomor/sisihkan/", asked).status_code == 302
    block = NumberBlock.objects.get()
    letter = drafted(cast)
    assert "Pos Taludu (38-40)" in words(head.get(f"{HOME}{letter.id}/"))
    press(head, letter.id, "terbitkan", block=str(block.id), number="39")
    assert Letter.objects.get().taken.number == 39  # type: ignore[union-attr]
    assert head.post(f"{HOME}nomor/blok/{block.id}/kembalikan/", {"why": "Jaringan pulih"}).status_code == 302
    assert TakenNumber.objects.filter(state="void", why="Jaringan pulih").count() == 2
    assert "Jaringan pulih" in words(head.get(f"{HOME}nomor/"))


def test_the_neighbour_and_others_see_nothing(cast: Cast) -> None:
    letter = drafted(cast)
    neighbour = sit(cast, "neighbour_officer")
    for page in ("", "konsep/", "selesai/", "syarat/R3/foto/", "langkah/tolak/"):
        assert neighbour.get(f"{HOME}{letter.id}/{page}").status_code == 404, page
    assert "Nurhayati" not in words(neighbour.get(HOME))
    for part in ("election", "partner", "administrator"):
        assert sit(cast, part).get(HOME).status_code == 404


def test_lists_cost_a_fixed_number_of_queries(cast: Cast) -> None:
    head = sit(cast, "village_head")
    drafted(cast)

    def cost(address: str) -> int:
        head.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            head.get(address)
        return len(seen)

    before = [cost(HOME), cost(f"{HOME}kepala/"), cost(f"{HOME}?keadaan=drafted")]
    for _turn in range(3):
        drafted(cast)
    assert [cost(HOME), cost(f"{HOME}kepala/"), cost(f"{HOME}?keadaan=drafted")] == before
