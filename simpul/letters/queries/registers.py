"""The books as they are read, printed and exported: each row a mapping of the catalogue's column keys to text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.letters import access
from simpul.letters.models import Expedition, IncomingLetter, Letter
from simpul.letters.models.letters import LetterSet
from simpul.letters.queries import letters as letter_queries
from simpul.letters.queries import proof
from simpul.letters.queries import requests as request_queries
from simpul.letters.rules import flow
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound

PAGE = 50
MOST_PRINTED = 5000
"""Rows of a book that are printed or exported at once: several years of a village."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a book, in both languages."""

    key: str
    label: str
    label_en: str
    width: int
    group: str = ""
    group_en: str = ""

    def called(self, language: str) -> str:
        """Its head."""
        return self.label_en if language == "en" else self.label


@dataclass(frozen=True, slots=True)
class Book:
    """A book of the catalogue."""

    code: str
    name: str
    name_en: str
    model: str
    columns: tuple[Column, ...]

    def called(self, language: str) -> str:
        """Its name."""
        return self.name_en if language == "en" else self.name

    def groups(self, language: str) -> list[tuple[str, int]]:
        """The heads over neighbouring columns, each with how many it spans; ("", 1) for a column that stands alone."""
        found: list[tuple[str, int]] = []
        for one in self.columns:
            head = one.group_en if language == "en" and one.group else one.group
            if head and found and found[-1][0] == head:
                found[-1] = (head, found[-1][1] + 1)
            else:
                found.append((head, 1))
        return found


@lru_cache(maxsize=1)
def books() -> Mapping[str, Book]:
    """Every book by its code, in the order of the catalogue."""
    file = Path(__file__).parents[1] / "catalogue" / "registers.toml"
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        code: Book(
            code, one["name"], one["name_en"], one["model"], tuple(Column(**row) for row in one["columns"])
        )
        for code, one in read.items()
    }


@dataclass(frozen=True, slots=True)
class Filters:
    """What a book is narrowed to."""

    year: int
    words: str = ""
    type_code: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a book: its cells, and what it leads to."""

    cells: Mapping[str, str]
    kind: str  # letter, incoming, expedition
    id: UUID
    void: bool = False
    sort: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a book."""

    rows: tuple[Row, ...]
    total: int
    has_next: bool


# --- reading a book -------------------------------------------------------------------------------------------------


def read(
    by: Actor,
    book: str,
    region_code: str,
    filters: Filters,
    at: datetime,
    language: str,
    *,
    whole: bool = False,
) -> Page:
    """A page of a book, the newest first; with ``whole`` all of it in the order of writing, for print and export. Few queries.

    Raises:
        NotFound: no such book.
    """
    if book not in books():
        raise NotFound
    made = _BOOKS[book](by, region_code, filters, at, language)
    made.sort(key=lambda row: row.sort)
    numbered = [_numbered(row, place) for place, row in enumerate(made, start=1)]
    if whole:
        return Page(tuple(numbered[:MOST_PRINTED]), len(numbered), False)
    numbered.reverse()
    first = (filters.page - 1) * PAGE
    return Page(tuple(numbered[first : first + PAGE]), len(numbered), len(numbered) > first + PAGE)


def years(by: Actor, region_code: str, today: date) -> list[int]:
    """The years in which the village has letters, this one first."""
    rows = access.visible(by).filter(region_code=region_code, letter_date__isnull=False)
    found = {day.year for day in rows.dates("letter_date", "year")}
    came = IncomingLetter.objects.filter(access.inside(by), region_code=region_code)
    found |= {day.year for day in came.dates("received_date", "year")}
    return sorted({*found, today.year}, reverse=True)


def _numbered(row: Row, place: int) -> Row:
    return Row({**row.cells, "row": str(place)}, row.kind, row.id, row.void, row.sort)


def _day(day: date | None, language: str) -> str:
    return when.format_short_date(day, language) if day else ""


def _letters(by: Actor, region_code: str, filters: Filters) -> LetterSet:
    rows = (
        access.visible(by).filter(region_code=region_code).select_related("type", "version", "superseded_by")
    )
    if filters.type_code:
        rows = rows.filter(type__code=filters.type_code)
    for word in filters.words.split()[:6]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(applicant_name__icontains=word)
            | Q(subject_name__icontains=word)
            | Q(version__name__icontains=word)
            | Q(purpose__icontains=word)
        )
    return rows


def _type_name(letter: Letter, language: str) -> str:
    version = letter.version
    if version is None:
        return letter.type.code
    return (language == "en" and version.name_en) or version.name


def _note(letter: Letter, today: date) -> str:
    """What became of a released letter, when it is not simply valid or expired. English; translated where it is shown."""
    state = proof.state_of(letter, today)
    return "" if state in ("valid", "expired") else state


def _agenda(by: Actor, region_code: str, filters: Filters, at: datetime, language: str) -> list[Row]:
    today = at.astimezone(desk_queries.zone_of(region_code)).date()
    out = _letters(by, region_code, filters).filter(taken__isnull=False, letter_date__year=filters.year)
    rows = [_agenda_out(letter, today, language) for letter in out]
    if not filters.type_code:
        rows += [_agenda_in(one, language) for one in _incoming(by, region_code, filters)]
    return rows


def _agenda_out(letter: Letter, today: date, language: str) -> Row:
    day = proof.day_of(letter)
    cells = {
        "day": _day(day, language),
        "out_number": letter.number,
        "out_date": _day(day, language),
        "out_to": letter.applicant_name,
        "out_subject": _type_name(letter, language),
        "note": _note(letter, today),
    }
    moment = letter.released_at or letter.changed_at
    return Row(cells, "letter", letter.id, letter.cancelled_at is not None, (day, moment, letter.number))


def _agenda_in(one: IncomingLetter, language: str) -> Row:
    cells = {
        "day": _day(one.received_date, language),
        "in_number": one.number,
        "in_date": _day(one.letter_date, language),
        "in_sender": one.sender,
        "in_subject": one.subject,
        "note": "; ".join(part for part in (f"#{one.taken.number}", one.void_why or one.disposition) if part),
    }
    return Row(
        cells, "incoming", one.id, bool(one.void_why), (one.received_date, one.recorded_at, one.taken.number)
    )


def _incoming(by: Actor, region_code: str, filters: Filters) -> QuerySet[IncomingLetter]:
    rows = IncomingLetter.objects.filter(access.inside(by), region_code=region_code)
    rows = rows.filter(received_date__year=filters.year).select_related("taken")
    for word in filters.words.split()[:6]:
        rows = rows.filter(Q(sender__icontains=word) | Q(subject__icontains=word) | Q(number__icontains=word))
    return rows


def _expeditions(by: Actor, region_code: str, filters: Filters, _at: datetime, language: str) -> list[Row]:
    rows = Expedition.objects.filter(access.inside(by), region_code=region_code, withdrawn_at=None)
    rows = rows.filter(sent_date__year=filters.year)
    for word in filters.words.split()[:6]:
        rows = rows.filter(
            Q(addressee__icontains=word)
            | Q(subject__icontains=word)
            | Q(number__icontains=word)
            | Q(receiver__icontains=word)
        )
    return [_expedition(one, language) for one in rows]


def _expedition(one: Expedition, language: str) -> Row:
    got = " ".join(part for part in (one.receiver, _day(one.received_date, language)) if part)
    cells = {
        "day": _day(one.sent_date, language),
        "letter": " / ".join(part for part in (_day(one.letter_date, language), one.number) if part),
        "subject": one.subject,
        "to": one.addressee,
        "note": "; ".join(part for part in (got, one.note) if part),
    }
    return Row(cells, "expedition", one.id, False, (one.sent_date, one.recorded_at))


def _service(by: Actor, region_code: str, filters: Filters, _at: datetime, language: str) -> list[Row]:
    zone = desk_queries.zone_of(region_code)
    start = datetime(filters.year, 1, 1, tzinfo=zone)
    end = datetime(filters.year + 1, 1, 1, tzinfo=zone)
    rows = _letters(by, region_code, filters).filter(requested_at__gte=start, requested_at__lt=end)
    return [_served(letter, str(zone), language) for letter in rows]


def _served(letter: Letter, zone: str, language: str) -> Row:
    cells = {
        "asked": when.format_moment(letter.requested_at, zone, language),
        "applicant": letter.applicant_name,
        "type": _type_name(letter, language),
        "channel": letter.channel,
        "number": letter.number,
        "released": when.format_moment(letter.released_at, zone, language) if letter.released_at else "",
        "wait": waited(letter.released_at - letter.requested_at) if letter.released_at else "",
        "state": letter.state,
    }
    return Row(cells, "letter", letter.id, False, (letter.requested_at, str(letter.id)))


def waited(span: timedelta) -> str:
    """A waiting time in hours and minutes: ``26:05``."""
    minutes = max(0, int(span.total_seconds() // 60))
    return f"{minutes // 60}:{minutes % 60:02}"


def _archive(by: Actor, region_code: str, filters: Filters, at: datetime, language: str) -> list[Row]:
    today = at.astimezone(desk_queries.zone_of(region_code)).date()
    rows = _letters(by, region_code, filters).filter(taken__isnull=False, letter_date__year=filters.year)
    return [_archived(letter, today, language) for letter in rows]


def _archived(letter: Letter, today: date, language: str) -> Row:
    version = letter.version
    code = version.archive_code if version is not None else ""
    cells = {
        "code": code,
        "number": letter.number,
        "date": _day(letter.letter_date, language),
        "type": _type_name(letter, language),
        "about": letter.subject_name or letter.applicant_name,
        "print": letter.digest[:16],
        "state": proof.state_of(letter, today),
    }
    day = proof.day_of(letter)
    return Row(cells, "letter", letter.id, letter.cancelled_at is not None, (code, day, letter.number))


_BOOKS = {"agenda": _agenda, "expedition": _expeditions, "service": _service, "archive": _archive}

STATES: Mapping[str, str] = {**flow.STATES, **proof.WORDS}
"""Words of the states that cells hold, in English."""


# --- one line ---------------------------------------------------------------------------------------------------------


def incoming_for(by: Actor, incoming_id: UUID) -> IncomingLetter:
    """One letter of the agenda, if this actor may see it. Raises ``NotFound``."""
    found = IncomingLetter.objects.filter(access.inside(by), id=incoming_id).select_related("taken").first()
    if found is None or not roles.may_somewhere(by, "incoming.record"):
        raise NotFound
    return found


def expedition_for(by: Actor, expedition_id: UUID) -> Expedition:
    """One line of the expedition book, if this actor may see it. Raises ``NotFound``."""
    found = Expedition.objects.filter(access.inside(by), id=expedition_id).select_related("letter").first()
    if found is None or not roles.may_somewhere(by, "expedition.record"):
        raise NotFound
    return found


def pdf_of(letter: Letter) -> bytes:
    """The file of a released letter. Raises ``FileMissing`` when the disk has lost it, ``NotFound`` when there never was one."""
    if not letter.pdf_sha256:
        raise NotFound
    return request_queries.store().read(letter.pdf_sha256)


def scan_of(incoming: IncomingLetter) -> bytes:
    """The scan of a letter that came. Raises ``NotFound``, ``FileMissing``."""
    if not incoming.file_sha256:
        raise NotFound
    return request_queries.store().read(incoming.file_sha256)


def signers_of(region_code: str, at: datetime) -> dict[str, str]:
    """Who signs a printed book: the head as the village has named him, the secretary as the seats say; "" for a line to write on."""
    office = letter_queries.office_of(region_code)
    seat = (
        Seat.objects.current(at)
        .filter(role="secretary", desk__region_code=region_code)
        .select_related("user")
        .first()
    )
    return {"head": office.signer_name, "secretary": seat.user.full_name if seat is not None else ""}


def successors_of(by: Actor, letter: Letter) -> Iterable[Letter]:
    """Later released letters of the village that may stand in the place of this one: about the same person first."""
    rows = access.visible(by).filter(
        region_code=letter.region_code,
        state="released",
        revoked_at=None,
        supersedes=None,
        released_at__gte=letter.released_at,
        superseded_by=None,
    )
    found = rows.exclude(id=letter.id).select_related("version", "type").order_by("-released_at")[:200]
    mine = (letter.subject_name or letter.applicant_name).casefold()
    return sorted(found, key=lambda one: (one.subject_name or one.applicant_name).casefold() != mine)[:50]
