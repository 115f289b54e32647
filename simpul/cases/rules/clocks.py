"""Which promise a matter carries, when each starts and what stops it.

A clock is stamped once, when its event happens, with the rule as it was on that day; a later change of the rule does not touch it.
Working days leave out the office's free weekdays, national holidays, joint leave (cuti bersama) and local holidays; the day
after the event is day 1. Sources: PermenPANRB 62/2018 (5, 14, 60 working days; secondary), Perpres 76/2013 (60 days after the
file is complete; secondary); "days" of a statute may be calendar days, so the unit is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ANSWER = "answer"
SCREEN = "screen"
FOLLOW_UP = "follow_up"
PROTECT = "protect"
HOP = "hop"
WORK = "work"
THEIRS = "theirs"
REACT = "react"

TURN_KEYS = frozenset({SCREEN, HOP, WORK, PROTECT})
"""Clocks of the desk whose turn it is; silence on them is what escalates."""

STOPPED_BY: Mapping[str, frozenset[str]] = {
    "disposed": frozenset({SCREEN, PROTECT}),
    "followed_up": frozenset({FOLLOW_UP}),
    "answered": frozenset({ANSWER, SCREEN, FOLLOW_UP, HOP, WORK, PROTECT, THEIRS}),
    "ended": frozenset({ANSWER, SCREEN, FOLLOW_UP, HOP, WORK, PROTECT, THEIRS, REACT}),
    "taken": frozenset({HOP}),
    "hop_ended": frozenset({HOP, WORK, THEIRS}),
}
"""Which clocks an event stops. Work handed in stops nothing by itself: the person has not been answered yet."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a kind's clocks, as stamped: how much of which unit, and where that is written."""

    key: str
    unit: str
    amount: int
    pausable: bool
    version: str
    source: str


def rules_at(event: str, kind_code: str, kind_version: int, rows: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The clocks of a kind that start with ``event`` ("received", "disposed", "completed")."""
    return [
        Rule(
            key=str(row["key"]),
            unit=str(row["unit"]),
            amount=int(row["amount"]),
            pausable=bool(row.get("pausable", row["unit"] != "hours")),
            version=f"{kind_code}/{kind_version}",
            source=str(row.get("source", "")),
        )
        for row in rows
        if row.get("from", "received") == event
    ]


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock in a word: its tone, and whole days left (or late, as a positive number)."""

    tone: str  # none, calm, soon, today, late
    days: int


def chip(due_at: datetime | None, now: datetime, zone: str) -> Chip:
    """How a due moment looks from now: calendar days between the two dates in the place's zone."""
    if due_at is None:
        return Chip("none", 0)
    here = ZoneInfo(zone)
    days = (due_at.astimezone(here).date() - now.astimezone(here).date()).days
    if now > due_at:
        return Chip("late", max(0, -days))
    if days == 0:
        return Chip("today", 0)
    return Chip("soon" if days <= 2 else "calm", days)
