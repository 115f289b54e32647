"""The acts of the reading corner: who may, what is refused, what is undone, and that no closed day is a day of return."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.people import actions as people_actions
from simpul.village_post.access import reading as access
from simpul.village_post.actions import _watch, reading_books, reading_days, reading_loans
from simpul.village_post.models import BookCopy, BookTitle, Loan, Reader, ReadingCorner, Stocktake
from simpul.village_post.queries import reading as queries
from simpul.village_post.queries import reading_stock
from simpul.village_post.rules import reading as rules
from tests.cast import DUNGKAIT, NOW, Cast, assemble

TODAY = NOW.date()  # a Monday
ISBN = "9780306406157"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def corner(cast: Cast) -> ReadingCorner:
    return open_corner(cast)


def open_corner(cast: Cast, letters: str = "DK", **given: Any) -> ReadingCorner:
    said = {
        "name": "Pojok Baca Dungkait",
        "open_days": (1, 3, 5),
        "opens": time(19),
        "closes": time(21),
        **given,
    }
    return reading_books.open_corner(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        letters=letters,
        given=reading_books.CornerGiven(**said),
    )


def title(cast: Cast, corner: ReadingCorner, words: str = "Laskar Pelangi", **given: Any) -> BookTitle:
    said = reading_books.TitleGiven(**{"title": words, "category": "fiction", **given})
    return reading_books.add_title(by=cast.village_officer, at=NOW, corner_id=corner.id, given=said)


def copy(cast: Cast, corner: ReadingCorner, words: str = "Laskar Pelangi", **given: Any) -> BookCopy:
    made = title(cast, corner, words)
    return reading_books.add_copies(by=cast.village_officer, at=NOW, title_id=made.id, **given)[0]


def reader(cast: Cast, corner: ReadingCorner, name: str = "Nur Aini", **given: Any) -> Reader:
    said = reading_loans.ReaderGiven(**{"name": name, "group": "child", **given})
    return reading_loans.add_reader(by=cast.village_officer, at=NOW, corner_id=corner.id, given=said)


def lend(cast: Cast, book: BookCopy, who: Reader, **given: Any) -> Loan:
    return reading_loans.lend_copy(
        by=given.pop("by", cast.village_officer),
        at=NOW,
        copy_id=book.id,
        reader_id=who.id,
        lent_at=NOW,
        **given,
    )


def lines() -> list[str]:
    return list(Line.objects.order_by("recorded_at", "id").values_list("kind", flat=True))


# --- books ---------------------------------------------------------------------------------------------------------------------------


def test_labels_of_two_corners_never_look_alike(cast: Cast, corner: ReadingCorner) -> None:
    with pytest.raises(reading_books.LettersTaken):
        open_corner(cast, "dk")
    with pytest.raises(reading_books.LettersTaken):
        open_corner(cast, "1")
    other = open_corner(cast, "DK2X")
    codes = {copy(cast, corner, number=3).code, copy(cast, other).code}
    assert codes == {"DKB000018", "DKXB000018"}
    with pytest.raises(NotAllowed):
        open_corner(Cast(seats={"village_officer": cast.seats["neighbour_officer"]}), "ZZ")


def test_a_corner_is_changed_closed_and_opened_again(cast: Cast, corner: ReadingCorner) -> None:
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "corner_id": corner.id}
    reading_books.change_corner(**by, given=reading_books.CornerGiven(name="Baru", loan_days=7))
    reading_books.close_corner(**by)
    assert queries.public_corners() == []
    with pytest.raises(NotFound):
        access.public_corner(corner.id)
    reading_books.close_corner(**by, open_again=True)
    assert lines()[-3:] == ["corner.change", "corner.close", "corner.close"]
    with pytest.raises(_watch.WordMissing):
        reading_books.change_corner(**by, given=reading_books.CornerGiven(name=""))


def test_a_known_book_number_fills_the_form_and_a_wrong_one_is_refused(
    cast: Cast, corner: ReadingCorner
) -> None:
    made = title(cast, corner, isbn="0-306-40615-2", author="Andrea Hirata")
    assert made.isbn == ISBN and queries.known_isbn(ISBN) == made and queries.known_isbn("") is None
    with pytest.raises(rules.IsbnWrong):
        title(cast, corner, isbn="0-306-40615-3")
    with pytest.raises(_watch.ChoiceNotThere):
        title(cast, corner, category="cats")
    changed = reading_books.TitleGiven(title="Sang Pemimpi", shelf="A2")
    reading_books.change_title(by=cast.village_officer, at=NOW, title_id=made.id, given=changed)
    assert [one.title for one in queries.shelf(corner, queries.Filters(words="pemimpi"))[0]] == [
        "Sang Pemimpi"
    ]
    with pytest.raises(NotFound):
        reading_books.change_title(by=cast.neighbour_officer, at=NOW, title_id=made.id, given=changed)


def test_copies_get_the_next_labels_or_the_one_they_bear(cast: Cast, corner: ReadingCorner) -> None:
    made = title(cast, corner)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "title_id": made.id}
    gift = reading_books.record_donation(
        by=cast.village_officer,
        at=NOW,
        corner_id=corner.id,
        donor="Hj. Sitti",
        given_date=TODAY,
        books=2,
        hidden=True,
    )
    keys = [uuid7(), uuid7()]
    first = reading_books.add_copies(**by, number=2, donation_id=gift.id, copy_ids=keys)
    assert reading_books.add_copies(**by, number=2, copy_ids=keys) == first
    assert {one.source for one in first} == {"given"} and queries.donations(corner, public=True) == []
    own = reading_books.add_copies(**by, code=" 978-x-1 ")[0]
    assert own.code == "978X1"
    with pytest.raises(reading_books.CodeTaken):
        reading_books.add_copies(**by, code="978x1")
    with pytest.raises(_watch.ChoiceNotThere):
        reading_books.add_copies(**by, number=0)
    assert len(queries.labels(corner)) == 3 and lines()[-1] == "copies.add"
    with pytest.raises(NotFound):
        reading_books.add_copies(**{**by, "by": cast.neighbour_officer})


def test_a_copy_is_lost_found_and_taken_out(cast: Cast, corner: ReadingCorner) -> None:
    book, who = copy(cast, corner), reader(cast, corner)
    loan = lend(cast, book, who)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "copy_id": book.id}
    with pytest.raises(reading_books.CopyOut):
        reading_books.withdraw_copy(**by, why="rusak")
    reading_books.lose_copy(**by)
    assert Loan.objects.get(id=loan.id).lost_at == NOW
    with pytest.raises(reading_loans.CopyElsewhere):
        lend(cast, book, who)
    reading_books.find_copy(**by)
    reading_books.withdraw_copy(**by, why="rusak")
    assert lines()[-3:] == ["copy.lose", "copy.find", "copy.withdraw"]
    assert queries.copies(book.title)[0].state == "withdrawn"


# --- members and loans ----------------------------------------------------------------------------------------------------------------


def test_a_resident_has_one_card(cast: Cast, corner: ReadingCorner) -> None:
    person = people_actions.register_person(
        by=cast.village_officer, at=NOW, full_name="Rahma Tawil", region_code=DUNGKAIT
    ).person
    assert queries.candidates(cast.village_officer, corner, "rahma") == [person]
    first = reader(cast, corner, "", person_id=person.id)
    assert (first.name, first.code) == ("Rahma Tawil", "DKA000018")
    with pytest.raises(reading_loans.ReaderThere):
        reader(cast, corner, "", person_id=person.id)
    with pytest.raises(_watch.WordMissing):
        reader(cast, corner, "")
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "reader_id": first.id}
    reading_loans.change_reader(**by, given=reading_loans.ReaderGiven(name="Rahma", group="youth"))
    loan = lend(cast, copy(cast, corner), first)
    with pytest.raises(reading_loans.ReaderOwes):
        reading_loans.end_reader(**by)
    reading_loans.return_copy(by=cast.village_officer, at=NOW, copy_id=loan.copy_id, returned_at=NOW)
    reading_loans.end_reader(**by)
    with pytest.raises(reading_loans.ReaderGone):
        lend(cast, copy(cast, corner), first)
    reader(cast, corner, "", person_id=person.id)
    with pytest.raises(reading_loans.ReaderThere):
        reading_loans.end_reader(**by, back=True)
    with pytest.raises(NotFound):
        reading_loans.end_reader(by=cast.neighbour_officer, at=NOW, reader_id=first.id)


def test_a_loan_is_due_on_an_open_day(cast: Cast) -> None:
    corner = open_corner(cast, loan_days=14, closed_dates=(TODAY + timedelta(days=14),))
    loan = lend(cast, copy(cast, corner), reader(cast, corner))
    assert loan.due_date == TODAY + timedelta(days=16)  # Monday in two weeks is closed, so Wednesday


def test_a_copy_is_in_one_pair_of_hands_and_a_member_has_so_many(cast: Cast) -> None:
    corner = open_corner(cast, most_loans=1)
    book, who, other = copy(cast, corner), reader(cast, corner), reader(cast, corner, "Ali")
    key = uuid7()
    loan = lend(cast, book, who, loan_id=key)
    assert lend(cast, book, who, loan_id=key) == loan
    with pytest.raises(reading_loans.CopyLent):
        lend(cast, book, other)
    second = copy(cast, corner, "Buku Kedua")
    with pytest.raises(reading_loans.TooMany):
        lend(cast, second, who)
    assert lend(cast, second, who, all_the_same=True).renewals == 0
    far = reader(cast, open_corner(cast, "LAIN"))
    with pytest.raises(reading_loans.CopyElsewhere):
        lend(cast, copy(cast, corner, "Tiga"), far)
    with pytest.raises(NotFound):
        lend(cast, copy(cast, corner, "Empat"), who, by=cast.neighbour_officer)


def test_a_loan_is_renewed_as_often_as_the_corner_allows(cast: Cast) -> None:
    corner = open_corner(cast, most_renewals=1)
    loan = lend(cast, copy(cast, corner), reader(cast, corner))
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "loan_id": loan.id}
    assert reading_loans.renew_loan(**by, renewed_at=NOW).renewals == 0  # the same day: nothing changes
    later = reading_loans.renew_loan(**by, renewed_at=NOW + timedelta(days=10))
    assert (later.renewals, later.due_date > loan.due_date) == (1, True)
    with pytest.raises(reading_loans.NotRenewed):
        reading_loans.renew_loan(**by, renewed_at=NOW + timedelta(days=20))
    reading_loans.renew_loan(**by, renewed_at=NOW + timedelta(days=20), all_the_same=True)
    reading_loans.return_copy(by=cast.village_officer, at=NOW, copy_id=loan.copy_id, returned_at=NOW)
    with pytest.raises(reading_loans.LoanEnded):
        reading_loans.renew_loan(**by, renewed_at=NOW)


def test_what_was_pressed_by_mistake_is_undone(cast: Cast, corner: ReadingCorner) -> None:
    book, who = copy(cast, corner), reader(cast, corner)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    reading_loans.strike_loan(**by, loan_id=lend(cast, book, who).id)
    assert queries.open_loan(book) is None and queries.loan_register(corner, TODAY, TODAY) == []
    loan = lend(cast, book, who)
    reading_loans.return_copy(**by, copy_id=book.id, returned_at=NOW)
    with pytest.raises(reading_loans.LoanEnded):
        reading_loans.strike_loan(**by, loan_id=loan.id)
    reading_loans.reopen_loan(**by, loan_id=loan.id)
    assert queries.open_loan(book) == loan
    reading_loans.return_copy(**by, copy_id=book.id, returned_at=NOW)
    lend(cast, book, reader(cast, corner, "Ali"))
    with pytest.raises(reading_loans.NotUndone):
        reading_loans.reopen_loan(**by, loan_id=loan.id)
    assert lines().count("loan.reopen") == 1 and lines().count("loan.strike") == 1


def test_a_book_in_the_hand_is_a_fact(cast: Cast, corner: ReadingCorner) -> None:
    book = copy(cast, corner)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "copy_id": book.id}
    assert reading_loans.return_copy(**by, returned_at=NOW) is None
    reading_books.lose_copy(**by)
    reading_loans.return_copy(**by, returned_at=NOW)
    assert BookCopy.objects.get(id=book.id).state == "here" and lines()[-1] == "copy.return"


def test_one_field_understands_cards_labels_book_numbers_and_words(cast: Cast, corner: ReadingCorner) -> None:
    book, who = copy(cast, corner), reader(cast, corner)
    assert queries.scanned(corner, f" {who.code.lower()} ").reader == who
    assert queries.scanned(corner, book.code).copy == book
    numbered = title(cast, corner, "Fisika", isbn=ISBN)
    reading_books.add_copies(by=cast.village_officer, at=NOW, title_id=numbered.id)
    assert queries.scanned(corner, ISBN).copy is not None
    found = queries.scanned(corner, "laskar")
    assert [one.title for one in found.titles] == ["Laskar Pelangi"] and found.copy is None
    assert [one.name for one in queries.scanned(corner, "aini").readers] == ["Nur Aini"]


def test_what_is_late_and_what_is_free(cast: Cast, corner: ReadingCorner) -> None:
    loan = lend(cast, copy(cast, corner, number=2), reader(cast, corner))
    [row] = queries.shelf(corner, queries.Filters())[0]
    assert (row.held, row.out, row.free) == (2, 1, 1)
    assert list(queries.loans(corner, late=loan.due_date)) == []
    assert list(queries.loans(corner, late=loan.due_date + timedelta(days=1))) == [loan]


# --- days ------------------------------------------------------------------------------------------------------------------------------


def test_readers_are_counted_and_taken_back(cast: Cast, corner: ReadingCorner) -> None:
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "corner_id": corner.id, "day": TODAY}
    key = uuid7()
    for _press in range(2):
        reading_days.count_readers(**by, group="child", number=3, count_id=key)
    assert reading_days.count_readers(**by, group="child", number=-5) == 0
    assert queries.counted(corner, TODAY) == {"child": 0}
    with pytest.raises(_watch.ChoiceNotThere):
        reading_days.count_readers(**by, group="cats")
    with pytest.raises(NotFound):
        reading_days.count_readers(**{**by, "by": cast.neighbour_officer}, group="child")


def test_an_activity_is_planned_counted_and_taken_back(cast: Cast, corner: ReadingCorner) -> None:
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "corner_id": corner.id}
    plan = reading_days.ActivityGiven(name="Mendongeng", leader="Kak Ros", ages="child")
    one = reading_days.record_readingactivity(**by, starts_at=NOW + timedelta(days=2), given=plan)
    assert queries.activities(corner, NOW)[0] == [one]
    held = reading_days.ActivityGiven(name="Mendongeng", count=14)
    reading_days.change_readingactivity(
        **by, activity_id=one.id, starts_at=NOW - timedelta(days=1), given=held
    )
    assert queries.activities(corner, NOW)[1][0].count == 14
    assert reading_stock.figures(DUNGKAIT, TODAY - timedelta(days=5), TODAY).taking_part == 14
    reading_days.strike_cornerentry(**by, kind="activity", entry_id=one.id)
    assert queries.activity(corner, one.id) is None
    with pytest.raises(NotFound):
        reading_days.strike_cornerentry(**by, kind="cat", entry_id=one.id)
    with pytest.raises(NotFound):
        reading_days.change_readingactivity(**by, activity_id=uuid4(), starts_at=NOW, given=held)
    assert lines()[-1] == "cornerentry.strike"


def test_taking_stock_finds_what_is_missing_and_what_should_not_be_there(
    cast: Cast, corner: ReadingCorner
) -> None:
    here, gone, out = (copy(cast, corner, name) for name in ("Satu", "Dua", "Tiga"))
    lend(cast, out, reader(cast, corner))
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    take = reading_days.begin_stocktake(**by, corner_id=corner.id)
    with pytest.raises(reading_days.StockRuns):
        reading_days.begin_stocktake(**by, corner_id=corner.id)
    for code in (here.code, here.code, out.code):
        reading_days.scan_stocktake(**by, stocktake_id=take.id, code=code, seen_at=NOW)
    with pytest.raises(reading_days.CodeUnknown):
        reading_days.scan_stocktake(**by, stocktake_id=take.id, code="DKB999", seen_at=NOW)
    found = reading_stock.differences(take)
    assert (found.missing, [one.copy for one in found.surprise]) == ((gone,), [out])
    assert reading_stock.progress(take) == (2, 3) and len(reading_stock.latest(take)) == 2
    reading_days.close_stocktake(**by, stocktake_id=take.id, words="Rak B belum")
    with pytest.raises(reading_days.StockClosed):
        reading_days.scan_stocktake(**by, stocktake_id=take.id, code=gone.code, seen_at=NOW)
    reading_books.find_copy(**by, copy_id=gone.id)
    assert reading_stock.closed_differences(Stocktake.objects.get(id=take.id)) == ([gone], [out])
    with pytest.raises(NotFound):
        reading_days.close_stocktake(by=cast.neighbour_officer, at=NOW, stocktake_id=take.id)


def test_figures_count_and_lists_cost_the_same_however_long(cast: Cast, corner: ReadingCorner) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.corners(cast.village_officer)
            queries.shelf(corner, queries.Filters())
            queries.readers(corner)
            list(queries.loans(corner))
        return len(asked)

    lend(cast, copy(cast, corner), reader(cast, corner))
    first = cost()
    for name in ("Ali", "Ani"):
        lend(cast, copy(cast, corner, f"Buku {name}"), reader(cast, corner, name))
    assert cost() == first
    told = reading_stock.figures(DUNGKAIT[:4], date(2026, 11, 1), date(2026, 12, 31))
    assert (told.titles, told.copies, told.members, told.loans, told.out, told.late) == (3, 3, 3, 3, 3, 3)
    for stranger in (cast.neighbour_officer, cast.pokja):
        assert not access.corners(stranger).exists()
