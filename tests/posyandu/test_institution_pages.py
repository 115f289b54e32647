"""The pages of a posyandu as those who look after it walk them, and who sees none of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from simpul.posyandu.models import Cadre, Decree, Posyandu, SkillFact, StockItem
from simpul.posyandu.queries import institution as queries
from tests.cast import BOTTENG, NOW, Cast, assemble
from tests.posyandu.test_institution import appoint, register, set_up
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/posyandu/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    return set_up(cast, desk_id=cast.desk("posyandu").id)


def one(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return words(answer)


def test_the_village_sets_up_a_posyandu_and_appoints_its_people(cast: Cast) -> None:
    secretary = sit(cast, "secretary")
    assert "Belum ada posyandu" in one(secretary, HOME)
    said = {
        "name": "Posyandu Melati",
        "services": ["health", "social"],
        "rhythm": "week",
        "week": "2",
        "weekday": "4",
        "starts": "08.30",
        "norm": "15",
        "desk": str(cast.desk("posyandu").id),
        "hamlet": str(cast.hamlet.id),
        "position": "-2,8; 119,1",
    }
    wrong = secretary.post(f"{HOME}baru/", {**said, "weekday": ""})
    assert wrong.status_code == 422
    assert "Tulis dua angka dipisah koma" in words(wrong)
    made = secretary.post(f"{HOME}baru/", {**said, "position": "-2.8, 119.1"})
    posyandu = Posyandu.objects.get()
    assert made["Location"] == f"{HOME}{posyandu.id}/pengurus/"
    assert (posyandu.schedule, posyandu.latitude) == ({"week": 2, "weekday": 4}, -2.8)
    page = one(secretary, f"{HOME}{posyandu.id}/")
    assert "Kamis pekan kedua, 08.30" in page
    assert "0 dari 15 orang bertugas di sini" in page
    assert "Dokumen registrasi berikutnya: musyawarah desa" in page
    person = {
        "name": "Hasniah Lino",
        "position": "field_head",
        "service": "health",
        "since_date": "1/11/2026",
    }
    seat = str(cast.seats["cadre"].id)
    assert secretary.post(f"{HOME}{posyandu.id}/pengurus/baru/", {**person, "seat": seat}).status_code == 302
    again = secretary.post(f"{HOME}{posyandu.id}/pengurus/baru/", {**person, "position": "cadre"})
    assert "Bila ini orang lain" in words(again)
    other = {**person, "position": "cadre", "another": "on"}
    assert secretary.post(f"{HOME}{posyandu.id}/pengurus/baru/", other).status_code == 302
    assert "ketua bidang · Kesehatan" in one(secretary, f"{HOME}{posyandu.id}/pengurus/")
    one(secretary, f"{HOME}{posyandu.id}/pengurus/cetak/")


def test_the_regency_searches_by_kecamatan_and_names_a_pilot(cast: Cast, melati: Posyandu) -> None:
    set_up(cast, "Posyandu Kenanga", part="manager", region=BOTTENG)
    manager = sit(cast, "manager")
    assert "Posyandu Kenanga" in one(manager, HOME)
    found = one(manager, f"{HOME}?kecamatan=760213")
    assert "Posyandu Melati" in found
    assert "Posyandu Kenanga" not in found
    assert "Tidak ada posyandu yang cocok" in one(manager, f"{HOME}?kata=mawar")
    settings = f"{HOME}{melati.id}/atur/"
    assert manager.post(f"{HOME}{melati.id}/percontohan/", {"tanggal": "6/11/2024"}).status_code == 302
    assert "Percontohan sejak 6 November 2024" in one(manager, settings)
    mawar = set_up(cast, "Posyandu Mawar")
    refused = manager.post(f"{HOME}{mawar.id}/percontohan/", {"tanggal": "6/11/2024"}, follow=True)
    assert "akhiri dulu percontohan itu" in words(refused)
    wrong = manager.post(f"{HOME}{melati.id}/nomor/", {"nomor": "73.05.11.2005.001"}, follow=True)
    assert "kode desa ini 76.02.13.2001" in words(wrong)
    right = manager.post(
        f"{HOME}{melati.id}/nomor/", {"nomor": "7602132001001", "tanggal": "1/10/2026"}, follow=True
    )
    assert "76.02.13.2001.001" in words(right)
    asked = one(manager, f"{HOME}baru/")
    assert "Di desa mana?" in asked
    there = manager.get(f"{HOME}baru/?place_code=Botteng")
    assert there["Location"] == f"{HOME}baru/?desa={BOTTENG}"
    assert (
        manager.post(
            there["Location"], {"name": "Posyandu Baru", "services": ["health"], "norm": "15"}
        ).status_code
        == 302
    )
    assert Posyandu.objects.get(name="Posyandu Baru").region_code == BOTTENG


def test_settings_change_and_close(cast: Cast, melati: Posyandu) -> None:
    chair = sit(cast, "posyandu_chair")
    url = f"{HOME}{melati.id}/atur/"
    said = {"name": "Posyandu Melati", "services": ["health"], "rhythm": "day", "day": "12", "norm": "10"}
    assert chair.post(url, said).status_code == 302
    assert "setiap bulan tanggal 12" in one(chair, f"{HOME}{melati.id}/")
    assert chair.post(url, {**said, "day": ""}).status_code == 422
    assert "name" in chair.post(url, {**said, "name": ""}).context["form"].errors
    chair.post(f"{HOME}{melati.id}/tutup/", {"kata": "Digabung"})
    assert "Belum ada posyandu" in one(chair, HOME)
    chair.post(f"{HOME}{melati.id}/tutup/", {"lagi": "ya"})
    assert "Posyandu Melati" in one(chair, HOME)


def test_papers_with_their_files(cast: Cast, melati: Posyandu) -> None:
    secretary = sit(cast, "secretary")
    url = f"{HOME}{melati.id}/dokumen/"
    said = {"kind": "founding", "number": "411/18", "decree_date": "3/11/2026", "file": photo("sk.jpg")}
    assert secretary.post(url, said).status_code == 302
    paper = Decree.objects.get()
    page = one(secretary, url)
    assert "1 dari 6 langkah sudah selesai" in page
    assert "411/18" in page
    kept = secretary.get(f"{HOME}dokumen/{paper.id}/berkas/")
    assert kept["Content-Type"] == "image/jpeg"
    assert "attachment" in kept["Content-Disposition"]
    ahead = secretary.post(url, {"kind": "board", "decree_date": "3/11/2036"})
    assert "Tanggal ini belum tiba" in words(ahead)
    text = SimpleUploadedFile("sk.pdf", b"bukan pdf", content_type="application/pdf")
    assert secretary.post(url, {**said, "file": text}).status_code == 422
    secretary.post(f"{HOME}dokumen/{paper.id}/tarik/", {"kata": "Salah desa"})
    assert "0 dari 6 langkah sudah selesai" in one(secretary, url)
    cadre = sit(cast, "cadre")
    assert "Catat dokumen" not in one(cadre, url)
    assert cadre.post(url, {"kind": "board", "decree_date": "3/11/2026"}).status_code == 404


def test_training_and_assessment(cast: Cast, melati: Posyandu) -> None:
    hasniah, salma = appoint(cast, melati), appoint(cast, melati, "Salma", field="social")
    midwife = sit(cast, "midwife")
    url = f"{HOME}{melati.id}/pelatihan/"
    assert "Menimbang dan mengukur" in one(midwife, f"{url}?kader={hasniah.id}")
    said = {"done_date": "1/10/2026", "held_by": "Puskesmas", "cadres": [str(hasniah.id), str(salma.id)]}
    assert midwife.post(url, said).status_code == 422
    assert midwife.post(url, {**said, "skills": ["child_measure", "child_plot"]}).status_code == 302
    assert SkillFact.objects.count() == 4
    assess = f"{HOME}pengurus/{hasniah.id}/nilai/"
    one(midwife, assess)
    assert midwife.post(assess, {"tanggal": "kapan", "s-child_plot": "ya"}).status_code == 422
    assert "Pilih sedikitnya satu keterampilan" in words(midwife.post(assess, {"tanggal": "2/10/2026"}))
    assert (
        midwife.post(
            assess, {"tanggal": "2/10/2026", "s-child_plot": "belum", "s-child_measure": "ya"}
        ).status_code
        == 302
    )
    page = one(midwife, f"{HOME}pengurus/{hasniah.id}/")
    assert "Dilatih dalam 2 dan dinilai menguasai 1 dari 25 keterampilan" in page
    assert "belum dipastikan" in page
    fact = SkillFact.objects.filter(kind="assessed", passed=True).get()
    midwife.post(f"{HOME}pelatihan/{fact.id}/tarik/", {"kata": "Keliru"})
    assert "menguasai 0 dari 25" in one(midwife, f"{HOME}pengurus/{hasniah.id}/")


def test_goods_are_taken_in_handed_out_and_counted(cast: Cast, melati: Posyandu) -> None:
    hasniah = appoint(cast, melati)
    cadre = sit(cast, "cadre")
    url = f"{HOME}{melati.id}/barang/"
    assert "Timbangan bayi" in one(cadre, url)
    said = {"code": "uniform", "number": "3", "done_date": "1/11/2026", "whom": "Dinas PMD"}
    assert cadre.post(f"{url}terima/", {**said, "code": ""}).status_code == 422
    assert cadre.post(f"{url}terima/", said).status_code == 302
    item = StockItem.objects.get()
    page = f"{HOME}barang/{item.id}/"
    give = {"number": "2", "cadre": str(hasniah.id), "done_date": "2/11/2026"}
    assert cadre.post(f"{page}serahkan/", {**give, "number": "4"}).status_code == 422
    assert cadre.post(f"{page}serahkan/", give).status_code == 302
    assert "Seragam kader" in one(cadre, f"{HOME}pengurus/{hasniah.id}/")
    assert cadre.post(f"{page}kembali/", {**give, "number": "1", "state": "broken"}).status_code == 302
    assert cadre.post(f"{page}perbaiki/", {"number": "1", "done_date": "3/11/2026"}).status_code == 302
    assert cadre.post(f"{page}rusak/", {"number": "1", "done_date": "3/11/2026"}).status_code == 302
    lost = {"number": "1", "place": "broken", "done_date": "4/11/2026"}
    assert cadre.post(f"{page}hapus/", lost).status_code == 422
    assert cadre.post(f"{page}hapus/", {**lost, "words": "Sobek"}).status_code == 302
    assert (
        cadre.post(f"{page}hitung/", {"good": "5", "broken": "0", "done_date": "5/11/2026"}).status_code
        == 302
    )
    assert cadre.post(f"{page}terima/", {"number": "2", "done_date": "5/11/2026"}).status_code == 302
    item.refresh_from_db()
    assert (item.good, item.broken, item.out) == (7, 0, 1)
    seen = one(cadre, page)
    assert "dihitung" in seen
    assert "Sobek" in seen
    assert cadre.get(f"{page}terbang/").status_code == 404
    for step in ("serahkan", "kembali", "hapus", "hitung"):
        one(cadre, f"{page}{step}/")
    assert "Daftar inventaris" in one(cadre, f"{url}cetak/")
    assert "Timbangan bayi" in one(cadre, f"{url}?hanya=kurang")
    head = sit(cast, "village_head")
    assert "Terima barang" not in one(head, url)
    assert head.get(f"{url}terima/").status_code == 404


def test_a_term_is_changed_and_ended(cast: Cast, melati: Posyandu) -> None:
    hasniah = appoint(cast, melati)
    chair = sit(cast, "posyandu_chair")
    url = f"{HOME}pengurus/{hasniah.id}/"
    one(chair, f"{url}ubah/")
    said = {"name": "Hasniah", "position": "cadre", "service": "dukcapil", "since_date": "1/10/2026"}
    assert chair.post(f"{url}ubah/", said).status_code == 422
    assert chair.post(f"{url}ubah/", {**said, "service": "social"}).status_code == 302
    one(chair, f"{url}berakhir/")
    assert chair.post(f"{url}berakhir/", {"ended_date": "1/9/2026"}).status_code == 422
    assert chair.post(f"{url}berakhir/", {"ended_date": "1/11/2026", "why": "Pindah"}).status_code == 302
    assert "Pernah bertugas" in one(chair, f"{HOME}{melati.id}/pengurus/")
    assert "bertugas sampai 1 November 2026 (Pindah)" in one(chair, url)


def test_a_cadre_is_found_in_the_register(cast: Cast, melati: Posyandu) -> None:
    person = register(cast, "Hasniah Lino")
    hasniah = appoint(cast, melati)
    chair = sit(cast, "posyandu_chair")
    url = f"{HOME}pengurus/{hasniah.id}/"
    assert "Tidak ada warga desa ini" in one(chair, f"{url}?kata=mawar")
    assert "Ini orangnya" in one(chair, f"{url}?kata=hasniah")
    chair.post(f"{url}warga/", {"siapa": str(person.id)})
    assert "Terhubung dengan daftar warga" in one(chair, url)
    other = appoint(cast, set_up(cast, "Posyandu Mawar"), field="social")
    refused = chair.post(f"{HOME}pengurus/{other.id}/warga/", {"siapa": str(person.id)}, follow=True)
    assert "Satu orang hanya boleh di satu bidang" in words(refused)
    chair.post(f"{url}warga/", {"siapa": ""})
    assert Cadre.objects.get(id=hasniah.id).person_id is None
    assert sit(cast, "cadre").post(f"{url}warga/", {"siapa": str(person.id)}).status_code == 404


def test_neighbours_and_strangers_find_nothing(cast: Cast, melati: Posyandu) -> None:
    hasniah = appoint(cast, melati)
    for part in ("neighbour_cadre", "neighbour_head", "neighbour_coordinator"):
        client = sit(cast, part)
        assert "Posyandu Melati" not in one(client, HOME)
        for tail in (
            "",
            "pengurus/",
            "dokumen/",
            "barang/",
            "pengurus/cetak/",
            "barang/cetak/",
        ):
            assert client.get(f"{HOME}{melati.id}/{tail}").status_code == 404
        assert client.get(f"{HOME}pengurus/{hasniah.id}/").status_code == 404
    assert sit(cast, "neighbour").get(HOME).status_code == 404
    assert Client().get(HOME).status_code == 302


def test_the_pages_cost_the_same_with_more_people(cast: Cast, melati: Posyandu) -> None:
    client = sit(cast, "posyandu_chair")
    urls = [HOME, f"{HOME}{melati.id}/", f"{HOME}{melati.id}/pengurus/", f"{HOME}{melati.id}/barang/"]

    def costs() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                client.get(url)
            found.append(len(seen))
        return found

    appoint(cast, melati, "Kartini")
    before = costs()
    for number in range(6):
        Cadre.objects.create(
            posyandu=melati,
            name=f"Kader {number}",
            field="health",
            since_date=NOW.date() - timedelta(days=9),
            made_at=NOW,
        )
        set_up(cast, f"Posyandu {number}", schedule={"day": 3})
    assert queries.gap(melati).have == 7
    assert costs() == before
