"""The books on the screen, on paper and as a sheet; a letter afterwards; keys. The neighbour finds none of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.letters.models import Expedition, IncomingLetter, Letter, VillageKey
from tests.cast import DUNGKAIT, Cast, assemble
from tests.letters import sealed
from tests.peers import bsre as peer
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/surat/register/"


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.SIMPUL_FILES = tmp_path
    cache.clear()
    return assemble()


def released(number: int = 1, **given: Any) -> Letter:
    """A letter of today."""
    now = timezone.now()
    return sealed.released(
        number, at=now, **{"letter_date": now.date(), "valid_until": now.date() + timedelta(days=30), **given}
    )


def incoming(**changed: str) -> dict[str, Any]:
    """What is typed about a letter that came."""
    today = timezone.now().date() - timedelta(days=1)
    return {
        "received_date": f"{today.day}/{today.month}/{today.year}",
        "sender": "Camat Tapalang Barat",
        "subject": "Undangan rapat koordinasi",
        **changed,
    }


def test_a_letter_that_came_is_written_corrected_disposed_of_and_stands_in_the_book(cast: Cast) -> None:
    officer = sit(cast, "village_officer")
    assert "masih kosong" in words(officer.get(HOME))
    wrong = officer.post(f"{HOME}masuk/baru/", incoming(sender=""))
    assert wrong.status_code == 422 and "Undangan rapat koordinasi" in wrong.content.decode()
    done = officer.post(f"{HOME}masuk/baru/", {**incoming(), "file": photo()}, follow=True)
    assert "nomor 1" in words(done) and "Camat Tapalang Barat" in words(done)
    row = IncomingLetter.objects.get()
    page = f"{HOME}masuk/{row.id}/"
    assert officer.get(f"{page}berkas/")["Content-Type"] == "image/jpeg"
    officer.post(page, incoming(sender="Camat Tapalang"))
    officer.post(f"{page}disposisi/", {"disposition": "Sekdes menghadiri"})
    assert "Sekdes menghadiri" in words(officer.get(HOME))
    assert officer.post(f"{page}batal/", {"why": "Tertulis dua kali"}).status_code == 404
    secretary = sit(cast, "secretary")
    assert "Baris ini dibatalkan" in words(
        secretary.post(f"{page}batal/", {"why": "Tertulis dua kali"}, follow=True)
    )
    neighbour = sit(cast, "neighbour_officer")
    assert neighbour.get(page).status_code == 404
    assert "Camat" not in words(neighbour.get(HOME))
    assert neighbour.get(f"{HOME}?desa={DUNGKAIT}").status_code in (200, 404)
    assert "Camat" not in words(neighbour.get(f"{HOME}?desa={DUNGKAIT}"))


def test_books_print_in_their_columns_and_come_as_sheets(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    released()
    officer = sit(cast, "village_officer")
    officer.post(f"{HOME}masuk/baru/", incoming(sender="=HYPERLINK(1)"))
    for name in ("agenda", "ekspedisi", "pelayanan", "arsip"):
        paper = officer.get(f"{HOME}{name}/cetak/")
        assert (
            paper.status_code == 200 and "Mengetahui" in words(paper) and "Nurjannah Saleng" in words(paper)
        )
        sheet = officer.get(f"{HOME}{name}/unduh/")
        assert sheet["Content-Type"].startswith("text/csv")
    agenda = words(officer.get(f"{HOME}agenda/cetak/"))
    for head in ("Model A.7", "Surat masuk", "Surat keluar", "Pengirim", "Ditujukan kepada", "Ket."):
        assert head in agenda
    assert "Isi singkat surat yang dikirim" in words(officer.get(f"{HOME}ekspedisi/cetak/"))
    assert ",=HYPERLINK" not in officer.get(f"{HOME}agenda/unduh/").content.decode()
    assert officer.get(f"{HOME}lain/cetak/").status_code == 404
    with django_assert_max_num_queries(40):
        officer.get(HOME)
    for name in ("desk_letter_service", "desk_letter_archive"):
        assert "Nurhayati" in words(officer.get(reverse(name)))
    assert "Tidak ada baris" in words(officer.get(f"{HOME}arsip/?kata=tidakada"))


def test_a_letter_is_carried_out_from_its_own_page(cast: Cast) -> None:
    letter = released()
    officer = sit(cast, "village_officer")
    page = officer.get(f"{HOME}ekspedisi/baru/?surat={letter.id}")
    assert letter.number in page.content.decode() and "Nurhayati Saleh" in page.content.decode()
    first = page.context["form"].initial
    given = {
        "key": str(first["key"]),
        "letter": str(letter.id),
        "sent_date": "1/11/2026",
        "addressee": "Bank Sulselbar",
        "subject": "Keterangan usaha",
        "number": letter.number,
    }
    for _time in range(2):
        assert "Bank Sulselbar" in words(officer.post(f"{HOME}ekspedisi/baru/", given, follow=True))
    row = Expedition.objects.get()
    officer.post(f"{HOME}ekspedisi/{row.id}/", {"receiver": "Ibu Rina", "received_date": "2/11/2026"})
    assert "Ibu Rina" in words(officer.get(f"{HOME}ekspedisi/?tahun=2026"))
    neighbour = sit(cast, "neighbour_officer")
    assert neighbour.get(f"{HOME}ekspedisi/{row.id}/").status_code == 404
    assert neighbour.post(f"{HOME}ekspedisi/{row.id}/tarik/", {"why": "Salah"}).status_code == 404
    officer.post(f"{HOME}ekspedisi/{row.id}/tarik/", {"why": "Salah tulis"})
    assert "Ibu Rina" not in words(officer.get(f"{HOME}ekspedisi/?tahun=2026"))


def test_a_released_letter_shows_its_file_and_is_taken_back_and_replaced(cast: Cast) -> None:
    letter, newer = released(1), released(2)
    page = f"{HOME}surat/{letter.id}/"
    officer, head = sit(cast, "village_officer"), sit(cast, "village_head")
    file = officer.get(f"{page}pdf/")
    assert file.content.startswith(b"%PDF") and file["Content-Disposition"].startswith("inline")
    assert officer.get(f"{page}pdf/?simpan=1")["Content-Disposition"].startswith("attachment")
    assert "Asli dan berlaku" in words(officer.get(f"{page}keadaan/"))
    assert officer.post(f"{page}keadaan/tarik/", {"tarik-why": "Salah"}).status_code == 404
    assert head.post(f"{page}keadaan/tarik/", {"tarik-why": ""}).status_code == 422
    taken = head.post(f"{page}keadaan/tarik/", {"tarik-why": "Data usaha keliru"}, follow=True)
    assert "Ditarik kembali" in words(taken) and "Data usaha keliru" in words(taken)
    assert "Asli dan berlaku" in words(
        head.post(f"{page}keadaan/pulih/", {"pulih-why": "Keliru"}, follow=True)
    )
    replaced = head.post(f"{page}keadaan/ganti/", {"new_id": str(newer.id)}, follow=True)
    assert newer.number in words(replaced) and "diganti surat yang lebih baru" in words(replaced)
    assert "Asli dan berlaku" in words(head.post(f"{page}keadaan/pisah/", follow=True))
    assert head.post(f"{page}keadaan/lain/").status_code == 404
    for stranger in ("neighbour_head", "neighbour_officer"):
        client = sit(cast, stranger)
        for end in ("pdf/", "keadaan/"):
            assert client.get(page + end).status_code == 404
        assert client.post(f"{page}keadaan/tarik/", {"tarik-why": "Salah"}).status_code == 404


def test_keys_are_made_and_replaced_by_the_head(cast: Cast) -> None:
    head = sit(cast, "village_head")
    assert "Belum ada kunci" in words(head.get(f"{HOME}kunci/"))
    head.post(f"{HOME}kunci/buat/")
    first = VillageKey.objects.get()
    assert head.post(f"{HOME}kunci/ganti/", {"why": ""}).status_code == 422
    head.post(f"{HOME}kunci/ganti/", {"why": "Laptop hilang"})
    page = words(head.get(f"{HOME}kunci/"))
    assert first.code in page and VillageKey.objects.filter(retired_at=None).get().code in page
    assert sit(cast, "village_officer").get(f"{HOME}kunci/").status_code == 404
    administrator: Client = sit(cast, "administrator")
    assert administrator.get(f"{HOME}kunci/?desa={DUNGKAIT}").status_code == 200


def test_a_letter_is_signed_by_bsre_from_its_page(cast: Cast) -> None:
    letter = released()
    head = sit(cast, "village_head")
    page = f"{HOME}surat/{letter.id}/"
    assert "Tanda tangani melalui BSrE" not in words(head.get(f"{page}keadaan/"))
    with peer.running() as service:
        assert head.post(f"{HOME}kunci/bsre/", {"on": "on", "url": service.url}).status_code == 422
        given = {"on": "on", "url": service.url, "user": peer.USER, "secret": peer.SECRET, "nik": peer.NIK}
        kept = head.post(f"{HOME}kunci/bsre/", given, follow=True)
        assert peer.SECRET not in words(kept) and peer.NIK not in words(kept)
        wrong = head.post(f"{page}bsre/", {"passphrase": "salah"})
        assert (
            wrong.status_code == 422
            and "frasa sandi" in words(wrong)
            and "salah" not in str(wrong.context["forms"]["certify"]["passphrase"])
        )
        done = head.post(f"{page}bsre/", {"passphrase": peer.PASSPHRASE}, follow=True)
    assert "tersertifikasi, oleh BSrE" in words(done)
    assert Letter.objects.get(id=letter.id).signature == "bsre"
