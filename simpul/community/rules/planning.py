"""The village plan: its calendar, the rows of RKPDes and DU-RKP, their moves and the columns of the register.

Sources: drafting of the RKP Desa begins in July and it is set by the end of September of the year before (Permendesa 21/2020 art. 22(4),
secondary; a village may set its own days); fields of a row (secondary); the columns of book D1, plan of development work (Permendagri
47/2016, secondary); what the village cannot pay is proposed to the regency through the camat in the DU-RKP list (secondary).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


LISTS: Mapping[str, str] = {"rkp": _("RKP Desa"), "du": _("DU-RKP (list for the camat)")}
STATES: Mapping[str, str] = {
    "draft": _("Draft"),
    "set": _("Set by village regulation"),
    "sent": _("Sent to the camat"),
    "funded": _("Funded"),
    "unfunded": _("Not funded"),
    "dropped": _("Struck out"),
}
MOVES: Mapping[str, tuple[str, ...]] = {
    "set": ("draft",),
    "sent": ("draft", "set"),
    "funded": ("set", "sent"),
    "unfunded": ("set", "sent"),
    "dropped": ("draft", "set"),
    "draft": ("dropped", "unfunded", "funded"),
}
"""State -> from which states a row comes to it; back to a draft takes a decision back."""
SOURCES: Mapping[str, str] = {
    "dd": _("Village Fund (DD)"),
    "add": _("Village allocation (ADD)"),
    "pad": _("Village's own income"),
    "tax": _("Share of taxes and levies"),
    "province": _("Province"),
    "regency": _("Regency"),
    "central": _("Central government"),
    "self": _("Residents (swadaya)"),
    "third": _("Third parties"),
}
PATTERNS: Mapping[str, str] = {
    "self": _("Self-managed"),
    "between": _("With other villages"),
    "third": _("By a third party"),
}
_COLUMN = {
    "dd": "central",
    "central": "central",
    "province": "province",
    "add": "regency",
    "tax": "regency",
    "regency": "regency",
    "pad": "self",
    "self": "self",
    "third": "self",
}
"""In which of the four money columns of book D1 a source stands: central, province, regency, village and residents."""
IDEA_STATE: Mapping[str, str] = {
    "set": "planned",
    "sent": "proposed",
    "funded": "funded",
    "unfunded": "deferred",
}
"""What a row's state means for the idea it came from."""
LEVELS: Mapping[str, str] = {"hamlet": _("Hamlet talk"), "village": _("Musrenbang")}
OUTCOMES: Mapping[str, str] = {"on": _("Goes on"), "deferred": _("Put off"), "rejected": _("Not taken up")}
PLANNING_KIND = "village_planning"
"""The kind of meeting in which ideas are talked over and ranked."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one year's plan."""

    year: int
    starts: date
    ideas_until: date
    talks_until: date
    musrenbang: date
    ends: date

    @property
    def in_order(self) -> bool:
        """True when no day lies before the one it follows."""
        return self.starts <= self.ideas_until <= self.talks_until <= self.musrenbang <= self.ends


def usual_calendar(year: int) -> Calendar:
    """The days of a plan where the village set none: 1 July to 30 September of the year before."""
    before = year - 1
    return Calendar(
        year,
        date(before, 7, 1),
        date(before, 7, 31),
        date(before, 8, 20),
        date(before, 9, 10),
        date(before, 9, 30),
    )


def year_for(day: date, ideas_until: Mapping[int, date]) -> int:
    """The plan's year an idea of this day is meant for: the first whose time for ideas is not over.

    Args:
        ideas_until: year -> the village's own last day for ideas, where it set one.
    """
    year = day.year + 1
    last = ideas_until.get(year, usual_calendar(year).ideas_until)
    return year if day <= last else year + 1


PHASES: Mapping[str, str] = {
    "before": _("Ideas are collected all the year; the plan's work has not begun."),
    "ideas": _("Ideas are collected for this plan."),
    "talks": _("The hamlets talk over what was proposed."),
    "musrenbang": _("The musrenbang ranks what goes into the plan."),
    "setting": _("The plan is written and set by village regulation."),
    "over": _("This plan is set. New ideas go to the next year's."),
}


def phase(calendar: Calendar, day: date) -> str:
    """Where the work on a plan stands on a day."""
    for name, last in (
        ("ideas", calendar.ideas_until),
        ("talks", calendar.talks_until),
        ("musrenbang", calendar.musrenbang),
        ("setting", calendar.ends),
    ):
        if day < calendar.starts:
            return "before"
        if day <= last:
            return name
    return "over"


def may_become(state: str, wanted: str) -> bool:
    """True when a row in ``state`` may come to ``wanted``."""
    return state in MOVES.get(wanted, ())


@dataclass(frozen=True, slots=True)
class Sums:
    """The money of some rows in the columns of book D1, whole rupiah."""

    central: int = 0
    province: int = 0
    regency: int = 0
    self: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.central + self.province + self.regency + self.self


def columns_of(source: str, cost: int, self_cost: int) -> Sums:
    """One row's money in the four columns of book D1. What residents give on top always stands in the last."""
    parts = {"central": 0, "province": 0, "regency": 0, "self": self_cost}
    parts[_COLUMN[source]] += cost
    return Sums(**parts)


def sums(rows: Iterable[Sums]) -> Sums:
    """Several rows together."""
    found = list(rows)
    return Sums(
        sum(one.central for one in found),
        sum(one.province for one in found),
        sum(one.regency for one in found),
        sum(one.self for one in found),
    )


def over_ceiling(costs: Iterable[tuple[str, int]], ceiling: int | None) -> int:
    """By how much the rows the village pays itself pass the indicative ceiling, in rupiah; 0 when they fit or none is set.

    Args:
        costs: (source, cost) of the rows of the RKP list.
    """
    if ceiling is None:
        return 0
    own = sum(cost for source, cost in costs if source in ("dd", "add", "pad", "tax"))
    return max(0, own - ceiling)
