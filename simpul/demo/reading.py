"""The reading corner of Massamaturu: books, members, loans, readers, activities; all people are made up."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from simpul.demo.stage import Stage, Story
from simpul.village_post.actions import reading_books, reading_days, reading_loans

MASSAMATURU = "7305112005"
OFFICER = "pos2.massamaturu"
BOOKS = (
    # title, author, category, ages, shelf, copies; titles and authors are made up
    ("Sawah di Kaki Bukit", "Hamid Karim", "fiction", "", "A1", 2),
    ("Si Kancil dan Sungai Pappa", "Nur Hikmah", "children", "child", "A2", 3),
    ("Berhitung Itu Mudah 1", "Rosmini", "school", "child", "B1", 4),
    ("Bahasa Inggris untuk Pelajar Desa", "Arif Wijaya", "school", "youth", "B1", 2),
    ("Budidaya Jagung Lahan Kering", "Ir. Syamsul Alam", "farming", "", "C1", 2),
    ("Pupuk Kompos dari Halaman", "Kelompok Tani Makmur", "farming", "", "C1", 1),
    ("Resep Kue Tradisional Takalar", "Hj. Saenab", "skills", "adult", "C2", 1),
    ("Merawat Bayi Sehari-hari", "Bidan Ratna", "health", "adult", "C3", 2),
    ("Doa Harian Anak", "Ust. Jamaluddin", "religion", "child", "D1", 3),
    ("Cerita dari Pos Ronda", "Daeng Ngemba", "local", "", "D2", 1),
    ("Memahami APB Desa", "Tim Desa Membaca", "village", "adult", "D3", 2),
    ("Kamus Saku Indonesia-Makassar", "Abdul Kadir", "reference", "", "D3", 1),
)
MEMBERS = (
    ("Nurul Aisyah", "child", "Daeng Ngalle"),
    ("Fadil Ramadhan", "child", "Daeng Sese"),
    ("Sri Wahyuni", "youth", ""),
    ("Irfan Maulana", "youth", ""),
    ("Hasnawati", "adult", ""),
    ("Daeng Limpo", "adult", ""),
    ("Puang Saddia", "elderly", ""),
)
LOANS = (
    (0, 0, 24, 6),
    (1, 1, 30, None),
    (2, 3, 20, 3),
    (3, 10, 9, None),
    (4, 4, 8, None),
    (5, 9, 18, 2),
    (6, 8, 5, None),
    (0, 6, 4, None),
)
"""Member, book, lent so many days ago, brought back so many days ago."""


def all_reading(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of the reading corner with its name."""
    return [("pojok baca", corner(stage))]


def corner(stage: Stage) -> Story:
    """A corner of three months: books from two gifts, members, loans that came back and some that did not, activities."""
    at = yield stage.nights_ago(60, 19, 10)
    by: dict[str, Any] = {"by": stage.who(OFFICER), "at": at}
    given = reading_books.CornerGiven(
        name="Pojok Baca Massamaturu",
        place="Pos Pintar",
        open_days=(1, 3, 5, 6),
        opens=time(19),
        closes=time(21, 30),
        holidays_closed=True,
    )
    one = reading_books.open_corner(**by, region_code=MASSAMATURU, letters="MSM", given=given)
    here: dict[str, Any] = {**by, "corner_id": one.id}
    gift = reading_books.record_donation(
        **here,
        donor="Ikatan Pemuda Massamaturu (rekaan)",
        given_date=at.date(),
        books=12,
        words="Buku anak dan pelajaran",
    )
    reading_books.record_donation(**here, donor="Hamba Allah", given_date=at.date(), books=5, hidden=True)
    copies, members = _shelve(stage, here, gift)
    steps = sorted(
        [(lent, "lend", number) for number, (_who, _book, lent, _back) in enumerate(LOANS)]
        + [
            (back, "back", number)
            for number, (_who, _book, _lent, back) in enumerate(LOANS)
            if back is not None
        ]
        + [(day, "day", day) for day in range(40, 0, -3)],
        reverse=True,
    )
    for days, step, number in steps:
        at = yield stage.nights_ago(days, 19, 20 + number % 30)
        if step == "day":
            _day(stage, one, at, number)
            continue
        who, book, _lent, _back = LOANS[number]
        if step == "lend":
            reading_loans.lend_copy(
                by=by["by"],
                at=at,
                copy_id=copies[book].id,
                reader_id=members[who].id,
                lent_at=at,
                all_the_same=True,
            )
        else:
            reading_loans.return_copy(by=by["by"], at=at, copy_id=copies[book].id, returned_at=at)


def _shelve(stage: Stage, here: dict[str, Any], gift: Any) -> tuple[list[Any], list[Any]]:
    """The books with their copies, and the members."""
    copies = []
    for title, author, category, ages, shelf, number in BOOKS:
        made = reading_books.add_title(
            **here,
            given=reading_books.TitleGiven(
                title=title, author=author, category=category, ages=ages, shelf=shelf
            ),
        )
        copies.append(
            reading_books.add_copies(
                by=here["by"], at=here["at"], title_id=made.id, number=number, donation_id=gift.id
            )[0]
        )
    members = [
        reading_loans.add_reader(
            **here,
            given=reading_loans.ReaderGiven(name=name, group=group, guardian=guardian, phone=stage.phone()),
        )
        for name, group, guardian in MEMBERS
    ]
    return copies, members


def _day(stage: Stage, one: Any, at: Any, day: int) -> None:
    """Readers of an evening; now and then an activity, and one that is planned."""
    here: dict[str, Any] = {"by": stage.who(OFFICER), "at": at, "corner_id": one.id}
    for group, number in (("child", 4 + day % 5), ("youth", 2 + day % 4), ("adult", 1 + day % 3)):
        reading_days.count_readers(**here, day=at.date(), group=group, number=number)
    if day in (37, 25, 13):
        held = reading_days.ActivityGiven("Mendongeng malam Sabtu", "aloud", "Kak Sri", "child", 12 + day % 7)
        reading_days.record_readingactivity(**here, starts_at=at, given=held)
    if day == 1:
        plan = reading_days.ActivityGiven("Bantuan belajar matematika", "homework", "Irfan", "youth")
        reading_days.record_readingactivity(**here, starts_at=at + timedelta(days=5), given=plan)
