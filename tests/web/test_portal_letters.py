"""Asking for a letter from a telephone or at a kiosk: found, explained, asked for, once, and nothing left behind."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.test import Client

from simpul.letters.actions import types as actions
from simpul.letters.models import Letter, Requirement
from simpul.lib.actor import MACHINE
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import photo, words

pytestmark = pytest.mark.django_db
HOME = "/layanan/surat/"
HERE = {"desa": DUNGKAIT}
ONE = f"{HOME}keterangan_usaha/"


@pytest.fixture
def cast() -> Cast:
    found = assemble()
    actions.load_types(by=MACHINE, at=NOW)
    return found


def ask(client: Client, query: str = f"?desa={DUNGKAIT}", **given: Any) -> Any:
    sent = {
        "name": "Nurhayati",
        "purpose": "Pinjaman bank",
        "isian_nama_usaha": "Warung kopi",
        "phone": "0812 4455 6677",
        "safe": "both",
        **given,
    }
    return client.post(f"{ONE}minta/{query}", sent)


def test_the_village_is_chosen_first(cast: Cast, client: Client) -> None:
    assert "Desa mana yang membuat surat Anda?" in words(client.get(HOME))
    page = client.get(HOME, {"desa": "dungkait"})
    assert f"desa={DUNGKAIT}" in page.content.decode()
    assert "Desa itu tidak ada di sini" in words(client.get(HOME, {"desa": "zzzzzz"}))
    named = client.get(HOME, {"desa": "Desa Dungkait"})  # ten letters are no code of a village
    assert (
        "Desa mana yang membuat surat Anda?" in words(named) and f"desa={DUNGKAIT}" in named.content.decode()
    )


def test_a_letter_is_found_by_what_it_is_for_and_by_words(cast: Cast, client: Client) -> None:
    page = words(client.get(HOME, HERE))
    assert "Surat apa yang Anda perlukan?" in page
    assert "Keringanan biaya dan bantuan" in page
    assert "Surat kantor desa" not in page
    assert "Surat Keterangan Usaha" in words(client.get(HOME, {**HERE, "soal": "business"}))
    found = words(client.get(HOME, {**HERE, "cari": "kur"}))
    assert "Surat Keterangan Usaha" in found
    assert "Tidak ada surat dengan kata itu" in words(client.get(HOME, {**HERE, "cari": "zzz"}))


def test_a_letter_says_what_to_bring_who_may_ask_and_how_long(cast: Cast, client: Client) -> None:
    page = words(client.get(ONE, HERE))
    for said in (
        "Kartu keluarga (KK)",
        "Surat pengantar RT/RW",
        "2 hari kerja",
        "1 bulan",
        "Kantor Desa Dungkait",
    ):
        assert said in page
    assert "Minta surat ini" in page
    other = words(client.get(f"{HOME}keterangan_kematian/", HERE))
    assert "silakan datang ke pos" in other
    assert "Minta surat ini" not in other
    assert client.get(f"{HOME}keterangan_kematian/minta/", HERE).status_code == 302
    assert client.get(f"{HOME}surat_tugas/", HERE).status_code == 404
    assert client.get(f"{HOME}tidak_ada/", HERE).status_code == 404


def test_pages_are_small_and_need_no_script(cast: Cast, client: Client) -> None:
    for address in (HOME, ONE, f"{ONE}minta/"):
        body = client.get(address, HERE).content
        assert len(gzip.compress(body)) < 35_000
        assert b"<script" not in body


def test_a_request_is_checked_sent_once_and_gets_a_receipt(cast: Cast, client: Client) -> None:
    answer = ask(client, foto_R2=photo())
    assert answer.status_code == 302
    page = client.get(answer.url)
    shown = words(page)
    for said in ("Nurhayati", "Pinjaman bank", "Warung kopi", "Kartu keluarga (KK)"):
        assert said in shown
    key = page.context["draft"].case_id
    sent = client.post(answer.url, {"surat": key})
    again = client.post(answer.url, {"surat": key})
    assert sent.url == again.url
    letter = Letter.objects.get()
    assert (letter.applicant_name, letter.channel, letter.state) == ("Nurhayati", "web", "requested")
    assert '"nama_usaha": "Warung kopi"' in letter.inputs or '"nama_usaha":"Warung kopi"' in letter.inputs
    assert Requirement.objects.get(letter=letter, code="R2").file_sha256
    receipt = words(client.get(sent.url))
    assert letter.case is not None
    assert letter.case.number in receipt
    assert "answers" not in client.session.get("letter_draft", "")


def test_faults_are_said_beside_their_box_and_what_was_typed_stays(cast: Cast, client: Client) -> None:
    answer = ask(client, name="", isian_nama_usaha="", nik="123", foto_R3=photo())
    assert answer.status_code == 422
    assert "Pinjaman bank" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"name", "isian_nama_usaha", "nik"}
    assert "1 foto sudah ada" in words(answer)
    assert "Sudah ada; yang baru menggantikannya." in words(client.get(f"{ONE}minta/", HERE))
    bad = ask(client, foto_R3=photo("x.jpg").__class__("x.jpg", b"no picture", "image/jpeg"))
    assert "foto_R3" in bad.context["form"].errors


def test_a_kiosk_keeps_nothing(cast: Cast, client: Client) -> None:
    query = f"?desa={DUNGKAIT}&kios=1"
    page = client.get(f"{ONE}{query}").content.decode()
    assert 'http-equiv="refresh"' in page
    assert "Mulai lagi untuk orang berikutnya" in page
    answer = ask(client, query)
    checked = client.get(answer.url)
    done = client.post(answer.url, {"surat": checked.context["draft"].case_id})
    assert "/selesai/" in done.url
    end = client.get(done.url)
    letter = Letter.objects.get()
    assert letter.channel == "kiosk"
    assert letter.case is not None
    assert end.context["number"] == letter.case.number
    assert not dict(client.session)
    assert client.get(f"{HOME}periksa/{query}").url.startswith(HOME)


def test_a_kiosk_forgets_after_its_time(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    query = f"?desa={DUNGKAIT}&kios=1"
    answer = ask(client, query)
    assert client.get(answer.url).status_code == 200
    monkeypatch.setattr("simpul.web.portal.letters.shared.KIOSK_SECONDS", -1)
    assert client.get(answer.url).status_code == 302
    assert "letter_draft" not in client.session


def test_changing_shows_what_was_answered(cast: Cast, client: Client) -> None:
    ask(client)
    page = client.get(f"{ONE}minta/", HERE).content.decode()
    assert "Warung kopi" in page
    assert "Warung kopi" not in client.get(f"{HOME}keterangan_domisili/minta/", HERE).content.decode()


def test_a_forged_address_is_not_found_and_an_empty_check_goes_back(cast: Cast, client: Client) -> None:
    assert client.get(f"{HOME}periksa/", HERE).status_code == 302
    assert client.get(f"{HOME}selesai/", {**HERE, "tanda": "xyz"}).status_code == 404
    assert client.get(f"{ONE}minta/").url == HOME


def test_unreadable_addresses_break_nothing(cast: Cast, client: Client) -> None:
    bad = f"?desa={DUNGKAIT}&cari=%00x&soal=%00&tanda=%00&kios=%F0%9F%98%80"
    for address in (HOME, ONE, f"{ONE}minta/", f"{HOME}periksa/", f"{HOME}selesai/"):
        assert client.get(address + bad).status_code in (200, 302, 404)
        assert client.post(address + bad, {"surat": "\x00"}).status_code in (200, 302, 404, 405, 422)
    assert client.get(f"{HOME}?desa=%00").status_code == 200
