"""What desks are, when they are open, which colours can be read, and which seats go together. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from simpul.lib.actor import PUBLIC, SYSTEM


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


# --- kinds and levels -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskKind:
    """A kind of desk: its name, and whether it may stand outside (no seats here, two clocks)."""

    name: str
    outside: bool = False


DESK_KINDS: Mapping[str, DeskKind] = {
    "call_centre": DeskKind(_("Call centre")),
    "pokja": DeskKind(_("Working group")),
    "partner": DeskKind(_("Partner institution"), outside=True),
    "puskesos": DeskKind(_("Puskesos counter")),
    "secretariat": DeskKind(_("SLRT or UPT secretariat")),
    "agency": DeskKind(_("Government agency"), outside=True),
    "outside_body": DeskKind(_("Outside body"), outside=True),
    "post": DeskKind(_("Pos Pintar")),
    "posyandu": DeskKind(_("Posyandu")),
    "outreach": DeskKind(_("Outreach team")),
    "village_office": DeskKind(_("Village office")),
    "protected": DeskKind(_("Focal point for protected matters")),
    "supervisor": DeskKind(_("Supervisor")),
    "leadership": DeskKind(_("Leadership")),
}
"""Kinds of desks. Sources: SP4N-LAPOR call centres (admin, pokja, partner), Puskesos/SLRT (counter, secretariat, SKPD)."""

LEVELS: Mapping[str, str] = {
    "village": _("Village"),
    "district": _("District"),
    "regency": _("Regency or city"),
    "province": _("Province"),
    "national": _("National"),
    "partner": _("Partner"),
}
"""The tiers of referral, in the order in which a matter climbs; partners stand beside them."""

_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


def level_rank(level: str) -> int:
    """0 for the village, growing upward; partners come last. Unknown levels raise ``KeyError``."""
    return _RANKS[level]


def is_week(text: str) -> bool:
    """True for ISO weekdays in order, each at most once: "12345", "123456"."""
    return bool(text) and all(mark in "1234567" for mark in text) and list(text) == sorted(set(text))


def is_desk_code(text: str) -> bool:
    """True for 2 to 40 small letters, digits and hyphens."""
    return bool(re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])", text))


def title(role_name: str, desk_name: str, seat_title: str = "") -> str:
    """How a seat is named beside an act: its own title when it has one, else the role, and the desk."""
    return f"{seat_title or role_name}, {desk_name}"


def region_chain(code: str) -> list[str]:
    """The areas that a region lies in, widest first: "" (everywhere), province, regency, district, village."""
    return ["", *(code[:length] for length in (2, 4, 6, 10) if length <= len(code))]


# --- service hours --------------------------------------------------------------------------------------------------

HOLIDAYS = 8
"""The "weekday" of opening times on holidays."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A desk is open on ``weekday`` (ISO 1 to 7; 8 on holidays) from ``opens`` until ``closes``.

    A closing time that is not later than the opening time lies on the next day: 16:00 to 07:00, or 00:00 to 00:00.
    """

    weekday: int
    opens: time
    closes: time

    @property
    def overnight(self) -> bool:
        """True when it closes on the next day."""
        return self.closes <= self.opens


def day_key(day: date, is_holiday: bool) -> int:
    """Which opening times count on a day: its weekday's, or those of holidays."""
    return HOLIDAYS if is_holiday else day.isoweekday()


def is_open(hours: Iterable[Opening], moment_local: datetime, is_holiday: Callable[[date], bool]) -> bool:
    """True when a desk receives people at a moment of its own wall clock.

    What opened yesterday and closes after midnight counts by yesterday's kind of day. Service hours are a promise of the
    desk and apart from the working days that legal clocks count (UU 25/2009 art. 21).
    """
    today, now = moment_local.date(), moment_local.time().replace(tzinfo=None)
    yesterday = today - timedelta(days=1)
    key, key_before = day_key(today, is_holiday(today)), day_key(yesterday, is_holiday(yesterday))
    for opening in hours:
        if opening.weekday == key and opening.opens <= now and (opening.overnight or now < opening.closes):
            return True
        if opening.weekday == key_before and opening.overnight and now < opening.closes:
            return True
    return False


def next_opening(
    hours: Iterable[Opening], moment_local: datetime, is_holiday: Callable[[date], bool], days: int = 14
) -> datetime | None:
    """The next moment at which the desk opens after ``moment_local``, within ``days``; None when there is none."""
    rows = list(hours)
    for ahead in range(days + 1):
        day = moment_local.date() + timedelta(days=ahead)
        key = day_key(day, is_holiday(day))
        starts = sorted(
            datetime.combine(day, row.opens, tzinfo=moment_local.tzinfo) for row in rows if row.weekday == key
        )
        later = [start for start in starts if start > moment_local]
        if later:
            return later[0]
    return None


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Neighbouring weekdays with the same opening times: one line of a sign at the door."""

    first: int
    last: int
    openings: tuple[tuple[time, time], ...]


def hours_lines(hours: Iterable[Opening]) -> list[HoursLine]:
    """The opening times as a sign has them: Monday to Friday in one line when they are the same; holidays last."""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for row in sorted(hours):
        by_day.setdefault(row.weekday, []).append((row.opens, row.closes))
    lines: list[HoursLine] = []
    for weekday in sorted(by_day):
        openings = tuple(by_day[weekday])
        last = lines[-1] if lines else None
        if last and last.openings == openings and last.last == weekday - 1 and weekday != HOLIDAYS:
            lines[-1] = HoursLine(last.first, weekday, openings)
        else:
            lines.append(HoursLine(weekday, weekday, openings))
    return lines


def overlap(hours: Iterable[Opening]) -> bool:
    """True when two opening times of one weekday run into each other, so that one of them is a slip."""
    by_day: dict[int, list[Opening]] = {}
    for row in hours:
        by_day.setdefault(row.weekday, []).append(row)
    for rows in by_day.values():
        ordered = sorted(rows)
        for before, after in itertools.pairwise(ordered):
            if before.overnight or before.closes > after.opens:
                return True
    return False


# --- colours --------------------------------------------------------------------------------------------------------

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (AA): the least contrast of text on its ground."""


def is_colour(text: str) -> bool:
    """True for "#rrggbb"."""
    return bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))


def contrast_with_white(colour: str) -> float:
    """The contrast of white text on a colour "#rrggbb", from 1 to 21, after WCAG 2.2."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


# --- seats ----------------------------------------------------------------------------------------------------------

NEVER_SEATED = frozenset({PUBLIC, SYSTEM, "partner"})
"""Roles that nobody sits in: residents, the installation itself, and partners, who come by personal link."""

NOT_TOGETHER: tuple[frozenset[str], ...] = (frozenset({"administrator", "protection_officer"}),)
"""Roles that one person may not hold at once. UU 27/2022 art. 53-54: the data-protection officer watches over those who
administer, and does not administer."""


def clash(role: str, held: Iterable[str]) -> str:
    """The role among ``held`` that may not stand beside ``role`` in one person; "" when there is none."""
    for other in held:
        if any({role, other} == pair for pair in NOT_TOGETHER):
            return other
    return ""


# --- delegations and links ------------------------------------------------------------------------------------------

LONGEST_DELEGATION = timedelta(days=366)
"""A delegation is for a time and names its end (UU 30/2014 art. 13-14); a longer one needs a new decision."""

LINK_DAYS = 90
LONGEST_LINK_DAYS = 366
TRIES = 5
WAIT = timedelta(minutes=15)
"""Five wrong PINs, then a quarter of an hour: a million PINs would take about 5.7 years per link."""


def delegation_fault(from_date: date, to_date: date, today: date) -> str:
    """Why these dates cannot be those of a new delegation: "order", "past", "long"; "" when they can."""
    if to_date < from_date:
        return "order"
    if to_date < today:
        return "past"
    return "long" if to_date - from_date > LONGEST_DELEGATION else ""


# --- the directory of services ----------------------------------------------------------------------------------------

SECTORS: Mapping[str, str] = {
    "health": _("Health"),
    "education": _("Education"),
    "economy": _("Social and economic affairs"),
    "food": _("Food"),
    "energy": _("Energy"),
    "farming": _("Farming"),
    "fishing": _("Fishing"),
    "housing": _("Housing"),
    "papers": _("Population administration"),
}
"""The nine sectors of services that the ministry's referral system sorts by (Permensos 15/2018; secondary)."""

TIME_UNITS: Mapping[str, str] = {
    "working_days": _("working days"),
    "calendar_days": _("calendar days"),
    "hours": _("hours"),
}
CONFIDENCES: Mapping[str, str] = {
    "confirmed": _("Read in the official text"),
    "secondary": _("Read in a description of it"),
    "unconfirmed": _("Not confirmed: ask the legal office"),
}


def read_services(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a catalogue of services, checked.

    Raises:
        ValueError: a row names no sector, unit or confidence that is known, or a code twice; the message names the row.
    """
    rows: list[dict[str, Any]] = []
    seen: set[Any] = set()
    for row in data["services"]:
        code = row.get("seed")
        if (
            code in seen
            or row.get("sector") not in SECTORS
            or row.get("confidence", "unconfirmed") not in CONFIDENCES
            or ("amount" in row) != (row.get("unit") in TIME_UNITS)
        ):
            raise ValueError(f"service {code}")
        seen.add(code)
        rows.append(dict(row))
    return rows
