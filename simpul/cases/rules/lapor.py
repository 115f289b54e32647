"""How reports in SP4N-LAPOR and matters here speak of each other: words both ways, columns of files, dates.

Everything comes from a table (``cases/catalogue/lapor.toml``), because no public description of its files is known (unconfirmed).
KepmenPANRB 680/2020 makes SP4N-LAPOR compulsory for public-service complaints: this system is a layer beneath it and keeps its
number, class, status and dates. *Anonim* hides the name from the agency, *rahasia* the report from the public (unconfirmed).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simpul.lib import text, when


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


NUMBER_MISSING = _("the number is missing, or is no number of SP4N-LAPOR")
DATE_MISSING = _("the date of the report is missing")
DATE_WRONG = _("a date cannot be read: %(value)s")
DATE_AHEAD = _("a date lies in the future: %(value)s")
DATES_BACKWARDS = _("the dates run backwards: followed up or finished before the report came")
TEXT_MISSING = _("the report has no words")
CLASS_UNKNOWN = _("the class is not known: %(value)s")
STATUS_UNKNOWN = _("the status is not known: %(value)s")

MOMENTS = ("received_at", "verified_at", "disposed_at", "followed_at", "finished_at")
_YES = frozenset({"ya", "yes", "y", "1", "true", "benar", "anonim", "rahasia", "v", "x"})
_DASHES = re.compile(r"^([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{2,39}")
LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: our key and the headings it may have, the one we write first."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The words of the catalogue, ready to look up."""

    statuses: Mapping[str, str]  # folded word there -> our key
    status_words: Mapping[str, str]  # our key -> the word we write
    status_of_state: Mapping[str, str]  # state of a case -> our key
    classes: Mapping[str, str]
    class_words: Mapping[str, str]
    kind_of_class: Mapping[str, str]
    class_of_kind: Mapping[str, str]
    columns: tuple[Column, ...]
    zone: str
    channel: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken in: a sentence in the source language and what fills it."""

    sentence: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One row of a file, read."""

    number: str
    received_at: datetime
    text: str
    title: str = ""
    report_class: str = ""
    category: str = ""
    status: str = ""
    status_told: str = ""
    place: str = ""
    happened_date: date | None = None
    verified_at: datetime | None = None
    disposed_at: datetime | None = None
    followed_at: datetime | None = None
    finished_at: datetime | None = None
    answer: str = ""
    is_anonymous: bool = False
    is_secret: bool = False


@dataclass(slots=True)
class _Reading:
    """The faults found while a row is read."""

    faults: list[Fault] = field(default_factory=list)


def read_table(data: Mapping[str, Any]) -> Table:
    """The words of a catalogue file.

    Raises:
        KeyError: a part is missing.
    """
    return Table(
        statuses={fold(word): row["key"] for row in data["statuses"] for word in row["words"]},
        status_words={row["key"]: row["words"][0] for row in data["statuses"]},
        status_of_state={state: row["key"] for row in data["statuses"] for state in row["states"]},
        classes={fold(word): row["key"] for row in data["classes"] for word in row["words"]},
        class_words={row["key"]: row["words"][0] for row in data["classes"]},
        kind_of_class={row["key"]: row["kind"] for row in data["classes"]},
        class_of_kind={kind: row["key"] for row in data["classes"] for kind in row["kinds"]},
        columns=tuple(
            Column(row["key"], tuple(row["names"]), bool(row.get("required"))) for row in data["columns"]
        ),
        zone=data["zone"],
        channel=data["channel"],
    )


def fold(words: str) -> str:
    """Words without case, signs and double spaces, so that spellings of one heading or status meet."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", words.casefold()).split())


def places_of(header: Sequence[str], table: Table) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the first name of every required one that is missing."""
    standing = {fold(name): place for place, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for column in table.columns:
        place = next((standing[fold(name)] for name in column.names if fold(name) in standing), None)
        if place is not None:
            found[column.key] = place
    missing = [column.names[0] for column in table.columns if column.required and column.key not in found]
    return found, missing


def read_report(cells: Mapping[str, str], table: Table, now: datetime) -> tuple[Report | None, list[Fault]]:
    """One row by our keys as a report, or why it cannot be taken in."""
    reading = _Reading()
    zone = ZoneInfo(table.zone)
    given = {key: value.strip() for key, value in cells.items()}
    number = given.get("number", "").lstrip("#'")
    if not _NUMBER.fullmatch(number):
        reading.faults.append(Fault(NUMBER_MISSING))
    moments = {key: _moment(given.get(key, ""), zone, now, reading) for key in MOMENTS}
    received = moments.pop("received_at")
    if received is None and not given.get("received_at"):
        reading.faults.append(Fault(DATE_MISSING))
    told = _told(given, reading)
    report_class = _known(given.get("report_class", ""), table.classes, CLASS_UNKNOWN, reading)
    status = _known(given.get("status", ""), table.statuses, STATUS_UNKNOWN, reading)
    later = [moments["followed_at"], moments["finished_at"]]
    if received and any(moment is not None and moment < received for moment in later):
        reading.faults.append(Fault(DATES_BACKWARDS))
    if reading.faults or received is None:
        return None, reading.faults
    return Report(
        number=number,
        received_at=received,
        text=told,
        title=text.clean_line(given.get("title", ""))[:150],
        report_class=report_class,
        category=text.clean_line(given.get("category", ""))[:100],
        status=status,
        status_told=text.clean_line(given.get("status", ""))[:80],
        place=text.clean_line(given.get("place", ""))[:200],
        happened_date=when.parse_date(given.get("happened_date", "")),
        answer=text.clean_text(given.get("answer", "")[:LONGEST_TEXT]),
        is_anonymous=is_yes(given.get("is_anonymous", "")),
        is_secret=is_yes(given.get("is_secret", "")),
        **moments,
    ), []


def is_yes(words: str) -> bool:
    """True for ya, yes, 1 and their like."""
    return fold(words) in _YES


def is_number(words: str) -> bool:
    """True for what may be a number of SP4N-LAPOR."""
    return _NUMBER.fullmatch(words) is not None


def speed_days(disposed_at: datetime | None, followed_at: datetime | None) -> float | None:
    """*Laju*: days from first disposition to first follow-up, with one decimal; None while one of them is missing."""
    if disposed_at is None or followed_at is None:
        return None
    return round(max(timedelta(), followed_at - disposed_at) / timedelta(days=1), 1)


def _told(given: Mapping[str, str], reading: _Reading) -> str:
    told = text.clean_text(given.get("text", "")[:LONGEST_TEXT])
    if len(told) < 3:
        reading.faults.append(Fault(TEXT_MISSING))
    return told


def _known(words: str, table: Mapping[str, str], fault: str, reading: _Reading) -> str:
    """Our key for words of theirs; nothing for nothing."""
    if not words:
        return ""
    found = table.get(fold(words), "")
    if not found:
        reading.faults.append(Fault(fault, words[:60]))
    return found


def _moment(words: str, zone: ZoneInfo, now: datetime, reading: _Reading) -> datetime | None:
    """A date with or without a time of day, as their files write it."""
    if not words or words in ("-", "0000-00-00 00:00:00"):
        return None
    day_words, _sep, time_words = _DASHES.sub(r"\1/\2/\3", words.replace("T", " ")).partition(" ")
    day = when.parse_date(day_words) or when.parse_date(words)
    hour = when.parse_time(time_words[:8]) if time_words.strip() and when.parse_date(day_words) else time()
    if day is None or hour is None:
        reading.faults.append(Fault(DATE_WRONG, words[:40]))
        return None
    found = datetime.combine(day, hour, zone).astimezone(UTC)
    if found > now:
        reading.faults.append(Fault(DATE_AHEAD, words[:40]))
        return None
    return found


def written(values: Mapping[str, Any], table: Table) -> list[str]:
    """The cells of one row of our export, in the order of the table's columns."""
    return [_cell(values.get(column.key), table) for column in table.columns]


def header(table: Table) -> list[str]:
    """The headings of our export."""
    return [column.names[0] for column in table.columns]


def _cell(value: Any, table: Table) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(table.zone)).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    return str(value)


def first_of(moments: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the moments that are known."""
    return min((moment for moment in moments if moment is not None), default=None)
