"""Whom a cadre should look in on, and by when. Sources: KMK 2015/2023: every family at least once a year, those at risk monthly."""

from __future__ import annotations

from datetime import date, timedelta

ROUTINE_DAYS = 365
AT_RISK_DAYS = 30
MISSED_DAYS = 7
ROUTINE_DUE_DAYS = 30
EXPECTED_DAYS = {"A": 31, "B": 31, "C": 183, "D": 366}
"""Within how many days somebody on this form is expected again; A and B monthly, C and D as the cards' columns repeat (secondary)."""

REASONS = ("missed", "routine", "next_visit", "vaccine_due", "refer_result")
"""Reasons that are no finding's code."""

OPEN, DONE, DROPPED = "open", "done", "dropped"


def is_overdue(due_date: date, today: date) -> bool:
    """True from the day after it was due."""
    return due_date < today


def is_expected(form: str, last_date: date | None, on: date) -> bool:
    """True when somebody on this form should have come by this day: never seen, or seen too long ago."""
    if last_date is None:
        return True
    if form in ("A", "B"):
        return (last_date.year, last_date.month) < (on.year, on.month)
    return (on - last_date).days >= EXPECTED_DAYS.get(form, 366)


def routine_due(last_visit: date | None, today: date, *, at_risk: bool) -> bool:
    """True when a family is due for a visit: at least once a year, monthly when at risk."""
    if last_visit is None:
        return True
    return (today - last_visit).days >= (AT_RISK_DAYS if at_risk else ROUTINE_DAYS)


def quota(households: int, made_this_month: int) -> int:
    """How many routine visits may still be proposed this month, so that the year's round is spread evenly over twelve months."""
    return max(0, -(-households // 12) - made_this_month)


def routine_date(today: date, *, at_risk: bool) -> date:
    """Until when a proposed visit should be made."""
    return today + timedelta(days=MISSED_DAYS if at_risk else ROUTINE_DUE_DAYS)
