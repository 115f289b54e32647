"""The books of a reading corner: the corner itself, titles, copies with their labels, gifts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import reading as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import BookCopy, BookTitle, Donation, ReadingCorner
from simpul.village_post.rules import reading as rules

MOST_COPIES = 100
MOST_CLOSED = 200


class LettersTaken(Refused):
    """Labels of two corners must never look alike."""

    code = "corner.letters_taken"
    sentence = _("Another reading corner uses these letters on its labels. Choose two to six others.")
    field = "letters"


class CodeTaken(Refused):
    """Two copies with one label."""

    code = "copy.code_taken"
    sentence = _("This code is on another book already: %(title)s. Give this copy another label.")
    field = "code"


class CopyOut(Refused):
    """A lent copy is not taken out of the collection."""

    code = "copy.out"
    sentence = _("This copy is lent. Take it back first, or write it down as lost.")


@dataclass(frozen=True, slots=True)
class CornerGiven:
    """What is said of a corner."""

    name: str = ""
    place: str = ""
    open_days: tuple[int, ...] = ()
    opens: time | None = None
    closes: time | None = None
    holidays_closed: bool = False
    closed_dates: tuple[date, ...] = ()
    loan_days: int = 14
    most_loans: int = 3
    most_renewals: int = 2


@dataclass(frozen=True, slots=True)
class TitleGiven:
    """What is said of a title."""

    title: str = ""
    author: str = ""
    isbn: str = ""
    publisher: str = ""
    year: int | None = None
    category: str = "other"
    language: str = "id"
    ages: str = ""
    shelf: str = ""
    about: str = ""


def open_corner(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    letters: str,
    given: CornerGiven,
    corner_id: UUID | None = None,
) -> ReadingCorner:
    """Open a reading corner. ``letters`` begin its labels and cards, and no other corner's.

    Raises:
        LettersTaken, _watch.PlaceNotKnown, _watch.WordMissing.
    """
    roles.require(by, "corner.open", access.place(region_code, by))
    with transaction.atomic():
        known = _watch.again(ReadingCorner, corner_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        clean = "".join(mark for mark in letters.upper() if mark.isascii() and mark.isalpha())[:6]
        if len(clean) < 2 or ReadingCorner.objects.filter(letters=clean).exists():
            raise LettersTaken
        corner = ReadingCorner(
            id=corner_id or uuid7(), region_code=_watch.village(region_code), letters=clean, opened_at=at
        )
        _fill_corner(corner, given)
        corner.save(force_insert=True)
        _corner_line(by, at, "corner.open", corner, facts={"letters": clean})
    return corner


def change_corner(*, by: Actor, at: datetime, corner_id: UUID, given: CornerGiven) -> None:
    """Change hours, closed days and how long a loan lasts. Loans that run keep their day.

    Raises:
        _watch.WordMissing.
    """
    with transaction.atomic():
        corner = _locked_corner(by, "corner.change", corner_id)
        _fill_corner(corner, given)
        corner.save()
        facts = {"loan_days": corner.loan_days, "most_loans": corner.most_loans}
        _corner_line(by, at, "corner.change", corner, facts=facts)


def close_corner(*, by: Actor, at: datetime, corner_id: UUID, open_again: bool = False) -> None:
    """Close a corner, or open it again. Its books and loans stay."""
    with transaction.atomic():
        corner = _locked_corner(by, "corner.close", corner_id)
        if (corner.closed_at is None) == open_again:
            return
        corner.closed_at = None if open_again else at
        corner.save(update_fields=["closed_at"])
        _corner_line(by, at, "corner.close", corner, facts={"open_again": open_again})


def _fill_corner(corner: ReadingCorner, given: CornerGiven) -> None:
    corner.name = _watch.words(given.name, field="name", most=100)
    corner.place = _watch.line_of(given.place, 150)
    corner.open_days = sorted({one for one in given.open_days if 1 <= one <= 7})
    corner.opens, corner.closes = given.opens, given.closes
    corner.holidays_closed = given.holidays_closed
    corner.closed_dates = [one.isoformat() for one in sorted(set(given.closed_dates))][:MOST_CLOSED]
    corner.loan_days = min(max(given.loan_days, 1), 120)
    corner.most_loans = min(max(given.most_loans, 1), 50)
    corner.most_renewals = min(max(given.most_renewals, 0), 20)


# --- titles and copies -----------------------------------------------------------------------------------------------------------


def add_title(
    *, by: Actor, at: datetime, corner_id: UUID, given: TitleGiven, title_id: UUID | None = None
) -> BookTitle:
    """Add a title. The same ``title_id`` again gives the same title.

    Raises:
        rules.IsbnWrong, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        corner = _locked_corner(by, "title.add", corner_id)
        known = _watch.again(BookTitle, title_id, corner_id=corner.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        title = BookTitle(id=title_id or uuid7(), corner=corner, recorded_at=at)
        _fill_title(title, given)
        title.save(force_insert=True)
        _corner_line(by, at, "title.add", corner, facts={"title": title.title, "isbn": title.isbn})
    return title


def change_title(*, by: Actor, at: datetime, title_id: UUID, given: TitleGiven) -> None:
    """Change what is said of a title.

    Raises:
        rules.IsbnWrong, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        title = access.title_for(by, title_id, lock=True)
        roles.require(by, "title.change", access.place(title.corner.region_code, by))
        _fill_title(title, given)
        title.save()
        facts = {"title": title.title, "key": str(title.id)}
        _corner_line(by, at, "title.change", title.corner, facts=facts)


def _fill_title(title: BookTitle, given: TitleGiven) -> None:
    title.isbn = rules.isbn(given.isbn)
    title.title = _watch.words(given.title, field="title", most=200)
    title.author = _watch.line_of(given.author, 150)
    title.publisher = _watch.line_of(given.publisher, 100)
    title.year = given.year if given.year and 1400 <= given.year <= 2200 else None
    title.category = _watch.chosen(given.category, rules.CATEGORIES)
    title.language = _watch.chosen(given.language, rules.LANGUAGES)
    title.ages = _watch.chosen(given.ages, rules.AGES)
    title.shelf = _watch.line_of(given.shelf, 30)
    title.about = _watch.line_of(given.about, 500)
    title.search_key = text.search_key(f"{title.title} {title.author} {title.publisher}")[:400]


def add_copies(
    *,
    by: Actor,
    at: datetime,
    title_id: UUID,
    number: int = 1,
    source: str = "bought",
    code: str = "",
    donation_id: UUID | None = None,
    copy_ids: Collection[UUID] = (),
) -> list[BookCopy]:
    """Add copies of a title; each gets the next label of the corner, or one copy the ``code`` it bears already.

    The same ``copy_ids`` again give the same copies.

    Raises:
        CodeTaken, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        title = access.title_for(by, title_id)
        corner = _locked_corner(by, "copies.add", title.corner_id)
        known = list(BookCopy.objects.filter(id__in=copy_ids, title=title)) if copy_ids else []
        if known:
            return known
        if not 1 <= number <= MOST_COPIES:
            raise _watch.ChoiceNotThere(field="number")
        gift = corner.donations.filter(id=donation_id).first() if donation_id else None
        keys = [*copy_ids][:number] + [uuid7() for _each in range(number - len(copy_ids))]
        given = rules.plain_code(code) if number == 1 else ""
        twin = BookCopy.objects.filter(code=given).select_related("title").first() if given else None
        if twin is not None:
            raise CodeTaken(title=twin.title.title)
        made = BookCopy.objects.bulk_create(
            BookCopy(
                id=key,
                title=title,
                corner=corner,
                code=given or rules.code(corner.letters, "B", corner.last_copy + step),
                source=_watch.chosen("given" if gift else source, rules.SOURCES),
                donation=gift,
                recorded_at=at,
            )
            for step, key in enumerate(keys, start=1)
        )
        if not given:
            corner.last_copy += number
            corner.save(update_fields=["last_copy"])
        facts = {"title": title.title, "codes": [one.code for one in made]}
        _corner_line(by, at, "copies.add", corner, facts=facts)
    return made


def withdraw_copy(*, by: Actor, at: datetime, copy_id: UUID, why: str) -> None:
    """Take a copy out of the collection: worn out, given on.

    Raises:
        CopyOut: it is lent.
        _watch.WordMissing.
    """
    with transaction.atomic():
        copy = _locked_copy(by, "copy.withdraw", copy_id)
        if copy.state == "withdrawn":
            return
        if copy.loans.filter(returned_at=None, lost_at=None, struck_at=None).exists():
            raise CopyOut
        _set_state(copy, "withdrawn", at, _watch.words(why, field="why", most=200))
        _corner_line(
            by, at, "copy.withdraw", copy.corner, facts={"code": copy.code}, inputs={"why": copy.state_why}
        )


def lose_copy(*, by: Actor, at: datetime, copy_id: UUID, why: str = "") -> None:
    """Write down that a copy is lost. A loan that runs ends as lost; nobody is asked for money."""
    with transaction.atomic():
        copy = _locked_copy(by, "copy.lose", copy_id)
        if copy.state == "lost":
            return
        copy.loans.filter(returned_at=None, lost_at=None, struck_at=None).update(lost_at=at)
        _set_state(copy, "lost", at, _watch.line_of(why, 200))
        _corner_line(by, at, "copy.lose", copy.corner, facts={"code": copy.code})


def find_copy(*, by: Actor, at: datetime, copy_id: UUID) -> None:
    """Put a copy that was lost or taken out back on the shelf."""
    with transaction.atomic():
        copy = _locked_copy(by, "copy.find", copy_id)
        if copy.state == "here":
            return
        _set_state(copy, "here", at, "")
        _corner_line(by, at, "copy.find", copy.corner, facts={"code": copy.code})


def _set_state(copy: BookCopy, state: str, at: datetime, why: str) -> None:
    copy.state, copy.state_at, copy.state_why = state, at, why
    copy.save(update_fields=["state", "state_at", "state_why"])


def record_donation(
    *,
    by: Actor,
    at: datetime,
    corner_id: UUID,
    donor: str,
    given_date: date,
    books: int = 0,
    hidden: bool = False,
    words: str = "",
    person_id: UUID | None = None,
    donation_id: UUID | None = None,
) -> Donation:
    """Write down a gift of books. A hidden donor is shown on no list.

    Raises:
        _watch.WordMissing.
    """
    with transaction.atomic():
        corner = _locked_corner(by, "donation.record", corner_id)
        known = _watch.again(Donation, donation_id, corner_id=corner.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        person = _watch.person(by, person_id)
        made = Donation.objects.create(
            id=donation_id or uuid7(),
            corner=corner,
            donor=_watch.words(donor or (person.full_name if person else ""), field="donor", most=150),
            person=person,
            hidden=hidden,
            given_date=given_date,
            books=min(max(books, 0), 9999),
            words=_watch.line_of(words, 300),
            recorded_at=at,
        )
        facts = {"books": made.books, "hidden": hidden}
        _corner_line(by, at, "donation.record", corner, facts=facts, inputs={"donor": made.donor})
    return made


# --- shared ------------------------------------------------------------------------------------------------------------------------


def _locked_corner(by: Actor, act: str, corner_id: UUID) -> ReadingCorner:
    """Lock the corner and ask for permission."""
    corner = access.corner_for(by, corner_id, lock=True)
    roles.require(by, act, access.place(corner.region_code, by))
    return corner


def _locked_copy(by: Actor, act: str, copy_id: UUID) -> BookCopy:
    """Lock the copy and ask for permission."""
    copy = access.copy_for(by, copy_id, lock=True)
    roles.require(by, act, access.place(copy.corner.region_code, by))
    return copy


def _corner_line(by: Actor, at: datetime, kind: str, corner: ReadingCorner, **more: object) -> None:
    _watch.line(by, at, kind, ("reading_corner", corner.id), corner.region_code, **more)  # type: ignore[arg-type]
