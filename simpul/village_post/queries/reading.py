"""The reading corner: the shelf, members, loans, what is late, one look-up for whatever was scanned, and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.regions import queries as region_queries
from simpul.village_post.access import reading as access
from simpul.village_post.models import (
    BookCopy,
    BookTitle,
    Donation,
    Loan,
    Reader,
    ReaderCount,
    ReadingActivity,
    ReadingCorner,
)
from simpul.village_post.rules import reading as rules

PAGE = 40
_RUNS = Q(returned_at=None, lost_at=None, struck_at=None)


# --- days -----------------------------------------------------------------------------------------------------------------------------


def today(corner: ReadingCorner, at: datetime) -> date:
    """The day of a moment at the corner."""
    return at.astimezone(zone(corner)).date()


def zone(corner: ReadingCorner) -> ZoneInfo:
    """The corner's own time."""
    return ZoneInfo(region_queries.zone_of(corner.region_code))


def due_date(corner: ReadingCorner, start: date) -> date:
    """When a loan from ``start`` is due: an open day, so no closed day of the corner and, where it closes then, no holiday."""
    closed = {date.fromisoformat(one) for one in corner.closed_dates}
    if corner.holidays_closed:
        closed |= set(region_queries.calendar_for(corner.region_code, around=start).holidays)
    return rules.due_date(start, corner.loan_days, corner.open_days, closed)


# --- loans ----------------------------------------------------------------------------------------------------------------------------


def runs(loan: Loan) -> bool:
    """True while the book is in the member's hands."""
    return loan.returned_at is None and loan.lost_at is None and loan.struck_at is None


def open_loan(copy: BookCopy) -> Loan | None:
    """The loan of a copy that is out."""
    return copy.loans.filter(_RUNS).select_related("reader").first()


def open_loans(reader: Reader) -> QuerySet[Loan]:
    """What a member has in their hands, the first due first."""
    return reader.loans.filter(_RUNS).select_related("copy__title").order_by("due_date", "id")


def loans(corner: ReadingCorner, *, late: date | None = None) -> QuerySet[Loan]:
    """What is out, the first due first; only what was due before a day."""
    rows = Loan.objects.filter(_RUNS, copy__corner=corner).select_related("copy__title", "reader")
    return (rows.filter(due_date__lt=late) if late else rows).order_by("due_date", "reader__name", "id")


def loan_register(corner: ReadingCorner, first: date, last: date) -> list[Loan]:
    """Every loan of a period by the day it was lent, without those written by mistake."""
    begin = datetime.combine(first, datetime.min.time(), zone(corner))
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone(corner))
    rows = Loan.objects.filter(copy__corner=corner, struck_at=None, lent_at__gte=begin, lent_at__lt=end)
    return list(rows.select_related("copy__title", "reader").order_by("lent_at", "id")[:2000])


def history(reader: Reader) -> list[Loan]:
    """What a member had and brought back, the newest first."""
    rows = reader.loans.filter(struck_at=None).exclude(_RUNS)
    return list(rows.select_related("copy__title").order_by("-lent_at", "-id")[:60])


# --- shelf ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about the shelf."""

    words: str = ""
    category: str = ""
    ages: str = ""
    free: bool = False
    page: int = 1


def _with_counts(rows: QuerySet[BookTitle]) -> QuerySet[Any]:
    out = Q(
        copies__loans__returned_at=None,
        copies__loans__lost_at=None,
        copies__loans__struck_at=None,
        copies__loans__isnull=False,
        copies__state="here",
    )
    return rows.annotate(
        held=Count("copies", filter=Q(copies__state="here"), distinct=True),
        out=Count("copies__loans", filter=out, distinct=True),
    ).annotate(free=F("held") - F("out"))


def shelf(corner: ReadingCorner, filters: Filters, *, public: bool = False) -> tuple[list[Any], bool]:
    """Titles with how many copies there are and how many are free; two queries at most."""
    rows = _with_counts(BookTitle.objects.filter(corner=corner))
    isbn = rules.isbn(filters.words) if rules.is_isbn(filters.words) else ""
    if isbn:
        rows = rows.filter(isbn=isbn)
    else:
        for word in text.search_key(filters.words).split()[:6]:
            rows = rows.filter(search_key__contains=word)
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.ages:
        rows = rows.filter(ages__in=("", filters.ages))
    if filters.free:
        rows = rows.filter(free__gt=0)
    if public:
        rows = rows.filter(held__gt=0)
    first = (filters.page - 1) * PAGE
    found = list(rows.order_by("title", "id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def catalogue(corner: ReadingCorner) -> list[Any]:
    """All titles of a corner by category, for the print."""
    return list(
        _with_counts(BookTitle.objects.filter(corner=corner))
        .filter(held__gt=0)
        .order_by("category", "title", "id")[:5000]
    )


def known_isbn(isbn: str) -> BookTitle | None:
    """A title that somebody has entered under this number, in any corner of this installation: it fills the form."""
    return BookTitle.objects.filter(isbn=isbn).order_by("-recorded_at").first() if isbn else None


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy with the loan it is out on."""

    copy: BookCopy
    loan: Loan | None

    @property
    def state(self) -> str:
        """Where it is: here, out, lost, withdrawn."""
        return "out" if self.loan is not None else self.copy.state


def copies(title: BookTitle) -> list[CopyRow]:
    """Copies of a title and who has them."""
    out = {one.copy_id: one for one in Loan.objects.filter(_RUNS, copy__title=title).select_related("reader")}
    rows = title.copies.select_related("donation").order_by("code")
    return [CopyRow(one, out.get(one.id)) for one in rows]


def labels(
    corner: ReadingCorner, codes: list[str] | None = None, since: date | None = None
) -> list[BookCopy]:
    """Copies whose labels are printed: of some codes, or those added since a day."""
    rows = corner.copies.exclude(state="withdrawn").select_related("title")
    if codes:
        rows = rows.filter(code__in=codes)
    elif since:
        rows = rows.filter(recorded_at__date__gte=since)
    return list(rows.order_by("code")[:240])


# --- members --------------------------------------------------------------------------------------------------------------------------


def readers(
    corner: ReadingCorner, words: str = "", *, ended: bool = False, page: int = 1
) -> tuple[list[Any], bool]:
    """Members with how many books they have."""
    runs_now = Q(loans__returned_at=None, loans__lost_at=None, loans__struck_at=None, loans__isnull=False)
    rows = corner.readers.filter(ended_at__isnull=not ended).annotate(
        has=Count("loans", filter=runs_now, distinct=True)
    )
    if words.strip():
        rows = rows.filter(Q(name__icontains=words.strip()) | Q(code=rules.plain_code(words)))
    first = (page - 1) * PAGE
    found = list(rows.order_by("name", "id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def candidates(by: Actor, corner: ReadingCorner, words: str) -> list[Person]:
    """People of the register of this village who are no members yet."""
    if len(words.strip()) < 2:
        return []
    there = corner.readers.filter(ended_at=None, person__isnull=False).values("person")
    rows = people_access.visible(by).filter(
        region_code=corner.region_code, life="here", restricted_at=None, full_name__icontains=words.strip()
    )
    return list(rows.exclude(id__in=there).select_related("hamlet").order_by("full_name")[:40])


def group_of(born: date | None, today_: date) -> str:
    """The group of readers that fits somebody's age."""
    if born is None:
        return "adult"
    age = today_.year - born.year - ((today_.month, today_.day) < (born.month, born.day))
    for limit, group in ((6, "toddler"), (13, "child"), (19, "youth"), (60, "adult")):
        if age < limit:
            return group
    return "elderly"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan or a typed word may mean."""

    copy: BookCopy | None = None
    reader: Reader | None = None
    titles: tuple[Any, ...] = ()
    readers: tuple[Any, ...] = ()


def scanned(corner: ReadingCorner, typed: str) -> Scanned:
    """A card, a label, a book number, or words: whatever stands in the one field."""
    code = rules.plain_code(typed)
    reader = corner.readers.filter(code=code).first() if code else None
    if reader is not None:
        return Scanned(reader=reader)
    copy = corner.copies.filter(code=code).select_related("title", "corner").first() if code else None
    if copy is not None:
        return Scanned(copy=copy)
    titles, _more = shelf(corner, Filters(words=typed))
    if rules.is_isbn(typed) and len(titles) == 1:
        only = list(titles[0].copies.filter(state="here").select_related("title", "corner")[:2])
        if len(only) == 1:
            return Scanned(copy=only[0])
    found, _more = readers(corner, typed)
    return Scanned(titles=tuple(titles[:20]), readers=tuple(found[:20]))


# --- days and gifts -------------------------------------------------------------------------------------------------------------------


def corners(by: Actor) -> list[Any]:
    """Corners of the area with how much they hold and lend; one query."""
    out = Loan.objects.filter(_RUNS, copy=OuterRef("copies"))
    return list(
        access.corners(by)
        .annotate(
            held=Count("copies", filter=Q(copies__state="here"), distinct=True),
            out=Count("copies", filter=Exists(out), distinct=True),
        )
        .order_by("closed_at", "region_code", "name")[:100]
    )


def counted(corner: ReadingCorner, day: date) -> dict[str, int]:
    """How many readers of each group are counted for a day."""
    rows = ReaderCount.objects.filter(corner=corner, day=day, withdrawn_at=None)
    return {
        group: max(0, total)
        for group, total in rows.values_list("group").annotate(total=Sum("number")).order_by("group")
    }


def activities(corner: ReadingCorner, at: datetime, *, public: bool = False) -> tuple[list[Any], list[Any]]:
    """Activities to come, the next first, and those that were, the newest first."""
    rows = ReadingActivity.objects.filter(corner=corner, withdrawn_at=None)
    coming = list(rows.filter(starts_at__gte=at - timedelta(hours=3)).order_by("starts_at")[:20])
    been = rows.filter(starts_at__lt=at - timedelta(hours=3)).order_by("-starts_at")
    return coming, list(been[: 5 if public else 60])


def activity(corner: ReadingCorner, activity_id: Any) -> ReadingActivity | None:
    """One activity of a corner."""
    return ReadingActivity.objects.filter(id=activity_id, corner=corner, withdrawn_at=None).first()


def donations(corner: ReadingCorner, *, public: bool = False) -> list[Donation]:
    """Gifts, the newest first; without hidden donors where everybody reads."""
    rows = corner.donations.filter(hidden=False) if public else corner.donations.all()
    return list(rows.order_by("-given_date", "-id")[:100])


def public_corners() -> list[Any]:
    """Corners that are open, for the public page; one query."""
    rows = ReadingCorner.objects.filter(closed_at=None)
    return list(
        rows.annotate(held=Count("copies", filter=Q(copies__state="here"))).order_by("region_code", "name")[
            :200
        ]
    )
