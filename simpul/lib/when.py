"""Dates and times as people in Indonesia read and write them, in Indonesian and English. Pure.

Only d/m/Y and ISO dates are read: 3/4/2026 is 3 April, always. A time is shown with the abbreviation of its zone,
because one installation may serve offices in WIB, WITA and WIT.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}
"""Abbreviations that Indonesians use for their zones."""

_YEARS = range(1800, 9000)
"""Nobody writes of days before or after; the first and the last years of the calendar do not fit into every zone."""

_DAY_MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})(?:[.:]([0-9]{2}))?(?:\s*(?:wib|wita|wit))?", re.IGNORECASE)


def format_date(day: date, language: str = "id") -> str:
    """``"22 November 2026"``."""
    return f"{day.day} {_of(_MONTHS, language)[day.month - 1]} {day.year}"


def format_short_date(day: date, language: str = "id") -> str:
    """``"22 Nov 2026"``, for tables."""
    return f"{day.day} {_of(_SHORT_MONTHS, language)[day.month - 1]} {day.year}"


def format_long_date(day: date, language: str = "id") -> str:
    """``"Minggu, 22 November 2026"``."""
    return f"{weekday_name(day, language)}, {format_date(day, language)}"


def format_month(day: date, language: str = "id") -> str:
    """``"November 2026"``."""
    return f"{_of(_MONTHS, language)[day.month - 1]} {day.year}"


def weekday_name(day: date, language: str = "id") -> str:
    """``"Minggu"`` or ``"Sunday"``."""
    return _of(_WEEKDAYS, language)[day.weekday()]


def format_time(moment: datetime, zone: str, language: str = "id") -> str:
    """``"13.05 WITA"``; with a colon in English. ``moment`` is aware; ``ValueError`` otherwise."""
    local = local_time(moment, zone)
    mark = "." if language == "id" else ":"
    return f"{local.hour:02d}{mark}{local.minute:02d} {zone_name(zone, moment)}"


def format_moment(moment: datetime, zone: str, language: str = "id") -> str:
    """``"22 November 2026, 13.05 WITA"``: date and time at the place, in full."""
    local = local_time(moment, zone)
    return f"{format_date(local.date(), language)}, {format_time(moment, zone, language)}"


def zone_name(zone: str, moment: datetime) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own abbreviation at that moment."""
    return ZONES.get(zone) or local_time(moment, zone).tzname() or zone


def local_time(moment: datetime, zone: str) -> datetime:
    """``moment`` on the wall clock of ``zone``. Raises ``ValueError`` for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZoneInfo(zone))


def local_date(moment: datetime, zone: str) -> date:
    """The date in ``zone`` when it is ``moment``."""
    return local_time(moment, zone).date()


def parse_date(text: str) -> date | None:
    """A date written d/m/Y (``22/11/2026``) or ISO (``2026-11-22``); ``None`` for anything else or no such day.

    Years before 1800 or from 9000 on are read as none: the edges of the calendar do not fit into every time zone.
    """
    plain = _plain(text)
    if match := _DAY_MONTH_YEAR.fullmatch(plain):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """A time of day written 13.05, 13:05 or 13.05.30, with or without WIB, WITA or WIT; ``None`` for anything else."""
    match = _CLOCK.fullmatch(_plain(text))
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


def _of(names: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    return names.get(language[:2], names["id"])


def _plain(text: str) -> str:
    """Full-width signs made plain, invisible ones gone."""
    plain = unicodedata.normalize("NFKC", text[:64])
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cs")).strip()
