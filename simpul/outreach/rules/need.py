"""Whose door is next, and why: every reason has a weight, the sum gives the order, and the reasons are shown.

The weights are our own (unconfirmed): a household nobody ever reached comes before one whose data are merely old. An unknown fact adds
nothing by itself: that nobody knows the house is said by "never visited" and "data old".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


OLD_DAYS = 365
CHILD_BELOW = 6
ELDERLY_FROM = 60

REASONS: Mapping[str, tuple[int, str]] = {
    "kis_off": (40, _("KIS card switched off")),
    "never": (35, _("never visited")),
    "pregnant": (25, _("somebody is pregnant")),
    "disabled": (20, _("somebody has a disability")),
    "no_benefit": (20, _("no aid known yet")),
    "elderly": (15, _("somebody is elderly")),
    "child": (15, _("a child under six")),
    "conflict": (15, _("statements contradict each other")),
    "poor_house": (15, _("poor roof or floor")),
    "sent_back": (30, _("sent back")),
    "old": (10, _("data older than a year")),
}
"""Reason -> its weight and its words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order looks at. None of it has to be known."""

    visited_date: date | None = None
    said_date: date | None = None  # when anything was last said about the household
    conflicts: int = 0
    kis_off: int = 0
    children: int = 0
    elderly: int = 0
    disabled: int = 0
    pregnant: int = 0
    poor_house: bool = False
    receives: bool = False
    sent_back: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """How urgent a door is, with the reasons, the weightiest first."""

    score: int
    reasons: tuple[str, ...]


def need(facts: Facts, today: date) -> Need:
    """How urgent a door is, and why."""
    last = max((day for day in (facts.visited_date, facts.said_date) if day), default=None)
    holds = {
        "never": facts.visited_date is None,
        "old": last is None or (today - last).days > OLD_DAYS,
        "conflict": facts.conflicts > 0,
        "kis_off": facts.kis_off > 0,
        "child": facts.children > 0,
        "elderly": facts.elderly > 0,
        "disabled": facts.disabled > 0,
        "pregnant": facts.pregnant > 0,
        "poor_house": facts.poor_house,
        "no_benefit": not facts.receives,
        "sent_back": facts.sent_back,
    }
    reasons = sorted(
        (name for name, true in holds.items() if true), key=lambda name: (-REASONS[name][0], name)
    )
    return Need(sum(REASONS[name][0] for name in reasons), tuple(reasons))


def age(born: date | None, today: date) -> int | None:
    """Whole years, None when the day of birth is unknown or ahead."""
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
