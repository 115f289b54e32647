"""The books: what came in (agenda), and how what goes out left the house (expedition).

A line of a book is a fact: it is corrected with its reason in the journal or made void, never deleted. The same id again changes nothing.
Source: Permendagri 47/2016 annex A.7 and A.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.actions import _numbers
from simpul.letters.models import Expedition, IncomingLetter, TakenNumber
from simpul.letters.queries import requests as request_queries
from simpul.letters.rules import numbers as number_rules
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7


class DayAhead(Refused):
    """A book says what happened."""

    code = "register.day_ahead"
    sentence = _("This day lies ahead. Write the day on which it happened.")
    field = "day"


class LineVoid(Refused):
    """A void line stays as it is."""

    code = "register.line_void"
    sentence = _("This line was made void already. Write a new one.")


class NotAPaper(Refused):
    """The scan of a letter is a picture or a PDF."""

    code = "register.not_a_paper"
    sentence = _("Choose a photo or a PDF of the letter.")
    field = "file"


@dataclass(frozen=True, slots=True)
class Scan:
    """A letter that came, photographed or as a file."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class IncomingGiven:
    """What is written in the agenda about a letter that came."""

    received_date: date
    sender: str
    subject: str
    number: str = ""
    letter_date: date | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class ExpeditionGiven:
    """What is written in the expedition book."""

    sent_date: date
    addressee: str
    subject: str
    number: str = ""
    letter_date: date | None = None
    note: str = ""


# --- what came in -------------------------------------------------------------------------------------------------------


def record_incoming(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    given: IncomingGiven,
    scan: Scan | None = None,
    incoming_id: UUID | None = None,
) -> IncomingLetter:
    """Write a letter that came into the agenda, with the next number of its book in the year of its arrival.

    Raises:
        DayAhead, steps.WordsMissing, NotAPaper, and what ``lib.media`` refuses.
    """
    roles.require(by, "incoming.record", roles.Place(region_code))
    known = (
        IncomingLetter.objects.filter(id=incoming_id, region_code=region_code).first()
        if incoming_id
        else None
    )
    if known is not None:
        return known
    values = _incoming(given, steps.day_of(region_code, at))
    kept = _keep(scan)
    series = number_rules.series_key(steps.office_of(region_code).series_mode, "", book="incoming")
    year = given.received_date.year
    with transaction.atomic():
        held = _numbers.hold(region_code, series, year)
        taken = _numbers.take(held, region_code, series, year, at, str)
        made = IncomingLetter.objects.create(
            id=incoming_id or uuid7(),
            region_code=region_code,
            taken=taken,
            recorded_at=at,
            recorded_by=by.name[:150],
            **values,
            **kept,
        )
        _line(
            by,
            at,
            "incoming.record",
            "incoming_letter",
            made,
            {"number": taken.number, "year": year},
            {"sender": made.sender, "subject": made.subject},
        )
        return made


def correct_incoming(
    *, by: Actor, at: datetime, incoming_id: UUID, given: IncomingGiven, scan: Scan | None = None
) -> IncomingLetter:
    """Correct a line of the agenda: its number stays, what it said before stands in the journal.

    Raises:
        LineVoid, DayAhead, steps.WordsMissing, NotAPaper, NotFound.
    """
    kept = _keep(scan)
    with transaction.atomic():
        row = _incoming_row(by, "incoming.correct", incoming_id)
        if row.void_why:
            raise LineVoid
        values = {**_incoming(given, steps.day_of(row.region_code, at)), **(kept if scan else {})}
        before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        if not before:
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        _line(
            by,
            at,
            "incoming.correct",
            "incoming_letter",
            row,
            {"changed": sorted(before)},
            {"before": before},
        )
        return row


def dispose_incoming(*, by: Actor, at: datetime, incoming_id: UUID, disposition: str) -> IncomingLetter:
    """Write down what the head decided: who deals with it, and how. A later disposition stands in the place of the earlier.

    Raises:
        LineVoid, steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = _incoming_row(by, "incoming.dispose", incoming_id)
        if row.void_why:
            raise LineVoid
        words = steps.words(disposition, field="disposition")
        if words == row.disposition:
            return row
        before, row.disposition = row.disposition, words
        row.save()
        _line(
            by, at, "incoming.dispose", "incoming_letter", row, {}, {"disposition": words, "before": before}
        )
        return row


def void_incoming(*, by: Actor, at: datetime, incoming_id: UUID, why: str) -> IncomingLetter:
    """Make a line of the agenda void with its reason: written twice, or not for this office. Its number stays void.

    Raises:
        steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = _incoming_row(by, "incoming.void", incoming_id)
        if row.void_why:
            return row
        row.void_why = steps.words(why, field="why")
        row.save()
        TakenNumber.objects.filter(id=row.taken_id).update(state="void", why=row.void_why)
        _line(by, at, "incoming.void", "incoming_letter", row, {}, {"why": row.void_why})
        return row


# --- what goes out --------------------------------------------------------------------------------------------------------


def record_expedition(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    given: ExpeditionGiven,
    letter_id: UUID | None = None,
    expedition_id: UUID | None = None,
) -> Expedition:
    """Write down that a letter was carried out: one of the program's (``letter_id``), or any other.

    Raises:
        DayAhead, steps.WordsMissing.
        NotFound: no such letter for this actor in this village.
    """
    roles.require(by, "expedition.record", roles.Place(region_code))
    known = (
        Expedition.objects.filter(id=expedition_id, region_code=region_code).first()
        if expedition_id
        else None
    )
    if known is not None:
        return known
    if letter_id is not None and access.letter_for(by, letter_id).region_code != region_code:
        raise NotFound
    if given.sent_date > steps.day_of(region_code, at):
        raise DayAhead(field="sent_date")
    with transaction.atomic():
        made = Expedition.objects.create(
            id=expedition_id or uuid7(),
            region_code=region_code,
            letter_id=letter_id,
            sent_date=given.sent_date,
            number=text.clean_line(given.number)[:120],
            letter_date=given.letter_date,
            subject=steps.words(given.subject, field="subject"),
            addressee=steps.words(given.addressee, field="addressee", most=150, least=2),
            note=text.clean_line(given.note)[:200],
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _line(
            by,
            at,
            "expedition.record",
            "expedition",
            made,
            {"letter": letter_id},
            {"addressee": made.addressee, "subject": made.subject},
        )
        return made


def receive_expedition(
    *, by: Actor, at: datetime, expedition_id: UUID, receiver: str, received_date: date
) -> Expedition:
    """Write down who took the letter, and when. A second time corrects the first.

    Raises:
        LineVoid, DayAhead, steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = _expedition_row(by, "expedition.receive", expedition_id)
        if row.withdrawn_at is not None:
            raise LineVoid
        if received_date > steps.day_of(row.region_code, at):
            raise DayAhead(field="received_date")
        row.receiver = steps.words(receiver, field="receiver", most=150, least=2)
        row.received_date = received_date
        row.save()
        _line(
            by,
            at,
            "expedition.receive",
            "expedition",
            row,
            {"day": received_date.isoformat()},
            {"receiver": row.receiver},
        )
        return row


def withdraw_expedition(*, by: Actor, at: datetime, expedition_id: UUID, why: str) -> Expedition:
    """Take a line of the expedition book back: it was written by mistake. It stays in the table, not in the book.

    Raises:
        steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = _expedition_row(by, "expedition.withdraw", expedition_id)
        if row.withdrawn_at is not None:
            return row
        reason = steps.words(why, field="why")
        row.withdrawn_at = at
        row.save()
        _line(by, at, "expedition.withdraw", "expedition", row, {}, {"why": reason})
        return row


# --- steps ------------------------------------------------------------------------------------------------------------------


def _incoming(given: IncomingGiven, today: date) -> dict[str, Any]:
    if given.received_date > today:
        raise DayAhead(field="received_date")
    return {
        "received_date": given.received_date,
        "sender": steps.words(given.sender, field="sender", most=150, least=2),
        "number": text.clean_line(given.number)[:100],
        "letter_date": given.letter_date,
        "subject": steps.words(given.subject, field="subject"),
        "disposition": text.clean_line(given.disposition)[:300],
    }


def _keep(scan: Scan | None) -> dict[str, str]:
    """Keep the scan, made anew without hidden data; the file is on the disk before the row is."""
    if scan is None:
        return {"file_sha256": "", "file_mime": ""}
    clean = media.inspect_and_clean(scan.data, scan.name, max_bytes=settings.SIMPUL_MAX_FILE)
    if clean.kind not in ("photo", "pdf"):
        raise NotAPaper
    return {"file_sha256": request_queries.store().put(clean.data), "file_mime": clean.mime}


def _incoming_row(by: Actor, act: str, incoming_id: UUID) -> IncomingLetter:
    row = IncomingLetter.objects.select_for_update().filter(access.inside(by), id=incoming_id).first()
    if row is None:
        raise NotFound
    roles.require(by, act, roles.Place(row.region_code))
    return row


def _expedition_row(by: Actor, act: str, expedition_id: UUID) -> Expedition:
    row = Expedition.objects.select_for_update().filter(access.inside(by), id=expedition_id).first()
    if row is None:
        raise NotFound
    roles.require(by, act, roles.Place(row.region_code))
    return row


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    subject_kind: str,
    row: IncomingLetter | Expedition,
    facts: dict[str, Any],
    inputs: dict[str, Any],
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=row.id,
        facts=facts,
        inputs=inputs,
        region_code=row.region_code,
    )
