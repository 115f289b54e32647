"""A posyandu as an institution: its registration number, its days, the chain of its decrees, who may work in which field. Pure.

Sources: Permendagri 13/2024; registration by Kepmendagri 100.3-2834/2025 (musyawarah, decrees, matrix, number; secondary).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from simpul.lib.errors import Refused


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


POSITIONS: Mapping[str, str] = {
    "chair": _("chair"),
    "secretary": _("secretary"),
    "treasurer": _("treasurer"),
    "field_head": _("head of a field"),
    "member": _("member of the board"),
    "cadre": _("cadre"),
}
"""Board and cadres, in the order of the decree."""
ONE_ONLY = ("chair", "secretary", "treasurer")
"""Positions that one person alone holds in a posyandu."""
IN_A_FIELD = ("field_head", "cadre")
"""Positions that belong to a service field."""

DECREES: Mapping[str, str] = {
    "meeting": _("village meeting (musyawarah)"),
    "founding": _("decree that founds the posyandu"),
    "team": _("decree of the village's posyandu team"),
    "board": _("decree of the board and cadres"),
    "matrix": _("recap matrix"),
    "number": _("registration number"),
}
"""The chain in its order: each step leads to the next, up to the number that Ditjen Bina Pemdes gives."""

NUMBER = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}\.\d{3}")


class NumberWrong(Refused):
    """A registration number has a fixed form."""

    code = "posyandu.number_wrong"
    sentence = _(
        "A registration number has 13 digits in five groups, like %(example)s. Compare it with the letter."
    )
    field = "number"


class NumberElsewhere(Refused):
    """The number begins with the code of the posyandu's own village."""

    code = "posyandu.number_elsewhere"
    sentence = _(
        "This number begins with %(given)s, but the code of this village is %(wanted)s. It may belong to a posyandu of another village."
    )
    field = "number"


class ScheduleWrong(Refused):
    """A day of the month, or a weekday of a week."""

    code = "posyandu.schedule_wrong"
    sentence = _("Choose a day of the month (1 to 31), or a weekday with its week.")
    field = "schedule"


def number(text: str, village_code: str) -> str:
    """A registration number in its one form, checked against the village's code (without dots); "" when nothing was typed.

    Source: the form 11.01.10.2001.001, whose first four groups are the Kemendagri code of the village (secondary).

    Raises:
        NumberWrong: not five groups of 2, 2, 2, 4 and 3 digits.
        NumberElsewhere: its first four groups are another village's.
    """
    clean = "".join(mark for mark in text if not mark.isspace())
    if not clean:
        return ""
    if clean.isascii() and clean.isdigit() and len(clean) == 13:
        clean = f"{clean[:2]}.{clean[2:4]}.{clean[4:6]}.{clean[6:10]}.{clean[10:]}"
    own = dotted(village_code)
    if not (clean.isascii() and NUMBER.fullmatch(clean)):
        raise NumberWrong(example=f"{own}.001")
    if clean[:13] != own:
        raise NumberElsewhere(given=clean[:13], wanted=own)
    return clean


def dotted(village_code: str) -> str:
    """A village's code as the ministry prints it: 73.05.11.2005."""
    return f"{village_code[:2]}.{village_code[2:4]}.{village_code[4:6]}.{village_code[6:10]}"


# --- days ------------------------------------------------------------------------------------------------------------------------


def schedule(day: int | None = None, week: int | None = None, weekday: int | None = None) -> dict[str, int]:
    """The posyandu's day as it is kept: ``{"day": 12}``, ``{"week": 2, "weekday": 4}`` (Monday is 1; week 5 is the last one), or empty.

    Raises:
        ScheduleWrong: neither the one nor the other.
    """
    if day is None and week is None and weekday is None:
        return {}
    if day is not None and week is None and weekday is None and 1 <= day <= 31:
        return {"day": day}
    if day is None and week is not None and weekday is not None and 1 <= week <= 5 and 1 <= weekday <= 7:
        return {"week": week, "weekday": weekday}
    raise ScheduleWrong


def next_dates(kept: Mapping[str, int], after: date, count: int = 3) -> list[date]:
    """The next ``count`` days of the schedule from ``after`` on (that day itself included).

    A month without the 31st has its day on its last day; week 5 is the last of that weekday in the month. Holidays are not skipped
    here: whether a day is held on one is decided by people, who are shown it.
    """
    if not kept:
        return []
    days = (_in_month(kept, year, month) for year, month in _months(after))
    found: list[date] = []
    for day in days:
        if day >= after:
            found.append(day)
        if len(found) >= count:
            break
    return found[:count]


def _months(start: date) -> Iterator[tuple[int, int]]:
    year, month = start.year, start.month
    while year < 9999:
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _in_month(kept: Mapping[str, int], year: int, month: int) -> date:
    last = calendar.monthrange(year, month)[1]
    if "day" in kept:
        return date(year, month, min(kept["day"], last))
    first = date(year, month, 1)
    early = first + timedelta(days=(kept["weekday"] - first.isoweekday()) % 7)
    if kept["week"] < 5:
        return early + timedelta(weeks=kept["week"] - 1)
    return early + timedelta(weeks=(last - early.day) // 7)


# --- the chain of decrees -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the registration is: which steps are done, which one comes next ("" when all are)."""

    done: tuple[str, ...]
    next: str

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(DECREES)


def chain(held: Collection[str]) -> Chain:
    """The chain by the kinds of papers that are there. Steps may come in any order; the next one is the first that is missing."""
    done = tuple(kind for kind in DECREES if kind in held)
    missing = [kind for kind in DECREES if kind not in held]
    return Chain(done, missing[0] if missing else "")


# --- people -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """Cadres against the norm: a gap is shown and never blocks anything."""

    norm: int
    have: int

    @property
    def missing(self) -> int:
        """How many cadres are missing; 0 when the norm is met."""
        return max(0, self.norm - self.have)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has none like it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def ends_soon(until: date | None, today: date, days: int = 90) -> bool:
    """True when a term is over or ends within ``days``."""
    return until is not None and until <= today + timedelta(days=days)


def vacant(held: Sequence[str]) -> list[str]:
    """Positions of the board that nobody holds."""
    return [code for code in ONE_ONLY if code not in held]
