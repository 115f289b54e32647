"""The desk's and the public's pages of the reading corner."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.people import actions as people_actions
from simpul.village_post.models import (
    BookCopy,
    BookTitle,
    Donation,
    Loan,
    Reader,
    ReaderCount,
    ReadingActivity,
    ReadingCorner,
    Stocktake,
)
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/baca/"
ISBN = "9780306406157"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


def corner(client: Client) -> str:
    """The address of a new corner."""
    said = {
        "name": "Pojok Baca Dungkait", "letters": "DK", "open_days": ["1", "3"], "opens": "19.00", "closes": "21.00",
        "loan_days": "14", "most_loans": "1", "most_renewals": "1", "closed_dates": "17/8/2027",
    }  # fmt: skip
    made = client.post(f"{HOME}baru/", said)
    assert made.status_code == 302, words(made)
    return f"{HOME}{ReadingCorner.objects.get().id}/"


def book(client: Client, here: str, name: str = "Laskar Pelangi", **given: Any) -> BookCopy:
    said = {
        "title": name,
        "isbn": "",
        "category": "fiction",
        "ages": "",
        "language": "id",
        "number": "1",
        "source": "given",
    }
    made = client.post(f"{here}buku/baru/", {**said, **given})
    assert made.status_code == 302, words(made)
    return BookCopy.objects.get(title__title=name)


def member(client: Client, here: str, name: str = "Nur Aini") -> Reader:
    client.post(
        f"{here}anggota/baru/",
        {"name": name, "group": "child", "guardian": "Ibu Ani", "phone": "0812 3456 7890"},
    )
    return Reader.objects.get(name=name)


def scan(client: Client, here: str, code: str, who: Reader | None = None) -> Any:
    return client.post(
        f"{here}pindai/", {"kode": code, **({"anggota": str(who.id)} if who else {})}, follow=True
    )


def test_a_corner_is_opened_and_set(cast: Cast, officer: Client) -> None:
    assert officer.get(HOME).status_code == 200 and officer.get(f"{HOME}baru/").status_code == 200
    here = corner(officer)
    twice = officer.post(
        f"{HOME}baru/",
        {"name": "Lain", "letters": "dk", "loan_days": "7", "most_loans": "1", "most_renewals": "0"},
    )
    assert twice.status_code == 422
    shown = officer.get(f"{here}atur/").content.decode()
    assert "17/08/2027" in shown and "19.00" in shown
    said = {
        "name": "Pojok Baru",
        "open_days": ["5"],
        "loan_days": "7",
        "most_loans": "2",
        "most_renewals": "0",
    }
    assert officer.post(f"{here}atur/", {**said, "closed_dates": "besok"}).status_code == 422
    assert officer.post(f"{here}atur/", said).status_code == 302
    officer.post(f"{here}tutup/")
    assert ReadingCorner.objects.get().closed_at is not None
    officer.post(f"{here}tutup/", {"lagi": "ya"})
    assert "Pojok Baru" in words(officer.get(HOME))


def test_one_field_lends_takes_back_and_undoes(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    one, who = book(officer, here), member(officer, here)
    assert who.name in words(scan(officer, here, who.code))
    lent = scan(officer, here, one.code.lower(), who)
    assert Loan.objects.get().reader == who and one.title.title in words(lent)
    loan = Loan.objects.get()
    officer.post(f"{HOME}pinjaman/{loan.id}/coret/")
    assert Loan.objects.get().struck_at is not None
    scan(officer, here, one.code, who)
    two = book(officer, here, "Bumi Manusia")
    too_many = scan(officer, here, two.code, who)
    assert 'name="lebih"' in too_many.content.decode()
    officer.post(f"{here}pindai/", {"kode": two.code, "anggota": str(who.id), "lebih": "1"})
    assert Loan.objects.filter(returned_at=None, struck_at=None).count() == 2
    back = scan(officer, here, two.code)
    assert "masih" in back.content.decode()
    officer.post(f"{HOME}pinjaman/{Loan.objects.get(copy=two).id}/masih/")
    assert Loan.objects.get(copy=two).returned_at is None
    running = Loan.objects.get(copy=one, struck_at=None)
    for step in ("perpanjang", "kembali"):
        assert officer.post(f"{HOME}pinjaman/{running.id}/{step}/").status_code == 302
    officer.post(f"{HOME}pinjaman/{Loan.objects.get(copy=two).id}/hilang/", {"ke": "terlambat"})
    assert BookCopy.objects.get(id=two.id).state == "lost"
    assert officer.post(f"{HOME}pinjaman/{running.id}/kucing/").status_code == 404
    assert "aini" in words(scan(officer, here, "aini")).lower() and "zzz" in words(scan(officer, here, "zzz"))
    assert scan(officer, here, "laskar").status_code == 200 and scan(officer, here, "").status_code == 200
    assert officer.get(f"{here}?buku={one.id}").status_code == 200


def test_a_known_book_number_fills_the_form(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    book(officer, here, "Fisika", isbn=ISBN, author="Budi")
    filled = officer.get(f"{here}buku/baru/?isbn=0306406152").content.decode()
    assert 'value="Fisika"' in filled and 'value="Budi"' in filled
    for typed in ("123", "9789792238808"):
        assert officer.get(f"{here}buku/baru/?isbn={typed}").status_code == 200
    title = BookTitle.objects.get()
    page = f"{HOME}judul/{title.id}/"
    assert ISBN in words(officer.get(page))
    assert officer.get(f"{page}ubah/").status_code == 200
    said = {"title": "Fisika Dasar", "isbn": "12", "category": "school", "ages": "youth", "language": "id"}
    assert officer.post(f"{page}ubah/", said).status_code == 422
    officer.post(f"{page}ubah/", {**said, "isbn": ISBN})
    officer.post(page, {"number": "2", "source": "bought", "gift": "", "code": ""})
    assert title.copies.count() == 3
    copy = title.copies.order_by("code").first()
    assert copy is not None
    officer.post(f"{HOME}eksemplar/{copy.id}/hilang/")
    officer.post(f"{HOME}eksemplar/{copy.id}/ketemu/")
    officer.post(f"{HOME}eksemplar/{copy.id}/keluar/", {"kata": "rusak"})
    assert BookCopy.objects.get(id=copy.id).state == "withdrawn"
    assert officer.post(f"{HOME}eksemplar/{copy.id}/kucing/").status_code == 404
    assert "Fisika Dasar" in words(officer.get(f"{here}buku/?kata=fisika&jenis=school&ada=1"))


def test_members_join_from_the_register_and_end(cast: Cast, officer: Client) -> None:
    person = people_actions.register_person(
        by=cast.village_officer, at=timezone.now(), full_name="Rahma Tawil", region_code=DUNGKAIT
    ).person
    here = corner(officer)
    assert "Rahma Tawil" in words(officer.get(f"{here}anggota/baru/?kata=rahma"))
    for _press in range(2):
        officer.post(f"{here}anggota/baru/", {"person": str(person.id), "kelompok": "youth"})
    who = Reader.objects.get()
    page = f"{HOME}anggota/{who.id}/"
    assert who.code in words(officer.get(page)) and officer.get(f"{page}ubah/").status_code == 200
    officer.post(f"{page}ubah/", {"name": "Rahma T.", "group": "adult"})
    officer.post(f"{page}berakhir/")
    assert "Rahma T." in words(officer.get(f"{here}anggota/?lihat=dulu"))
    officer.post(f"{page}berakhir/", {"kembali": "ya"})
    assert "Rahma T." in words(officer.get(f"{here}anggota/?kata={who.code}"))
    assert "Rahma T." in words(officer.get(f"{here}cetak/kartu/?anggota={who.id}"))


def test_the_late_get_a_friendly_text(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    one, who = book(officer, here), member(officer, here)
    scan(officer, here, one.code, who)
    Loan.objects.update(due_date="2026-01-05")
    shown = words(officer.get(f"{here}terlambat/"))
    assert "Ibu Ani" in shown and one.title.title in shown
    assert one.code in words(officer.get(f"{here}cetak/peminjaman/"))
    assert officer.get(f"{here}cetak/peminjaman/?bulan=2020-02-02").status_code == 200


def test_days_are_counted_and_activities_shown(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    page = f"{here}kegiatan/"
    for step in ("1", "1", "-1"):
        officer.post(f"{page}hitung/", {"kelompok": "child", "langkah": step})
    assert sum(one.number for one in ReaderCount.objects.all()) == 1
    said = {
        "name": "Mendongeng malam",
        "kind": "aloud",
        "day": "1/1/2030",
        "clock": "19.30",
        "ages": "child",
        "leader": "Kak Rahasia",
    }
    assert officer.post(page, {**said, "name": ""}).status_code == 422
    officer.post(page, said)
    one = ReadingActivity.objects.get()
    assert "Mendongeng malam" in words(officer.get(page))
    assert officer.get(f"{page}{one.id}/").status_code == 200
    officer.post(f"{page}{one.id}/", {**said, "count": "12"})
    assert ReadingActivity.objects.get().count == 12
    public = words(Client().get(f"/baca/{ReadingCorner.objects.get().id}/"))
    assert "Mendongeng malam" in public and "Rahasia" not in public
    officer.post(f"{page}{one.id}/", {"coret": "ya"})
    assert officer.get(f"{page}{one.id}/").status_code == 404


def test_stock_is_taken_by_scanning(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    one, two = book(officer, here), book(officer, here, "Bumi Manusia")
    assert officer.get(f"{here}stok/").status_code == 200
    take = officer.post(f"{here}stok/").url
    officer.post(take, {"kode": f"{one.code} SALAH1"})
    shown = words(officer.get(take))
    assert two.code in shown and "SALAH1" in shown
    assert two.code in words(officer.get(f"{take}lembar/"))
    officer.post(f"{HOME}eksemplar/{two.id}/hilang/", {"stok": re.findall(r"stok/([0-9a-f-]+)/", take)[0]})
    officer.post(f"{take}selesai/", {"kata": "selesai"})
    assert Stocktake.objects.get().closed_at is not None and officer.get(take).status_code == 200


def test_gifts_labels_and_the_catalogue(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    one = book(officer, here)
    for name, hidden in (("Hj. Sitti", ""), ("Dermawan Rahasia", "on")):
        said = {
            "donor": name,
            "given_date": "20/11/2026",
            "books": "2",
            **({"hidden": "on"} if hidden else {}),
        }
        assert officer.post(f"{here}hadiah/", said).status_code == 302
    assert Donation.objects.filter(hidden=True).count() == 1
    assert one.code in words(officer.get(f"{here}cetak/label/")) and one.code in words(
        officer.get(f"{here}cetak/label/?kode={one.code}")
    )
    assert one.title.title in words(officer.get(f"{here}cetak/katalog/"))
    public = words(Client().get(f"/baca/{ReadingCorner.objects.get().id}/?kata=laskar"))
    assert "Hj. Sitti" in public and "Rahasia" not in public and one.title.title in public


def test_the_public_sees_books_and_no_reader(cast: Cast, officer: Client) -> None:
    assert Client().get("/baca/").status_code == 200
    here = corner(officer)
    one, who = book(officer, here), member(officer, here)
    scan(officer, here, one.code, who)
    answer = Client().get(f"/baca/{ReadingCorner.objects.get().id}/")
    assert who.name not in words(answer) and one.title.title in words(answer) and len(answer.content) < 40_000
    assert "Pojok Baca" in words(Client().get("/baca/"))
    officer.post(f"{here}tutup/")
    assert Client().get(f"/baca/{ReadingCorner.objects.get().id}/").status_code == 404


def test_strangers_find_nothing(cast: Cast, officer: Client) -> None:
    here = corner(officer)
    one, who = book(officer, here), member(officer, here)
    stranger = sit(cast, "neighbour_officer")
    for path in (
        here,
        f"{here}anggota/",
        f"{HOME}judul/{one.title_id}/",
        f"{HOME}anggota/{who.id}/",
        f"{here}cetak/kartu/",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"{HOME}eksemplar/{one.id}/hilang/").status_code == 404
    assert sit(cast, "admin").get(HOME).status_code == 404
