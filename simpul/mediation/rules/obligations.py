"""Obligations of an agreement: parts of a debt, what is still owed, when one is due, late, or may be called broken. Whole rupiah."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MOST_PARTS = 60
MOST_AMOUNT = 100_000_000_000
REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a debt that is paid in several: the how-manieth, how much (None for a deed), until when."""

    number: int
    amount: int | None
    due_date: date


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is too short."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parts(amount: int | None, first_due: date, count: int) -> tuple[Part, ...]:
    """A debt in equal monthly parts that together are exactly the whole; what does not divide falls on the last.

    Raises:
        ValueError: fewer than one part, more than ``MOST_PARTS``, or more parts than rupiah.
    """
    if not 1 <= count <= MOST_PARTS or (amount is not None and amount < count):
        raise ValueError("count")
    each = amount // count if amount is not None else None
    rows = []
    for number in range(1, count + 1):
        last = number == count and amount is not None and each is not None
        share = amount - each * (count - 1) if last and amount is not None and each is not None else each
        rows.append(Part(number, share, add_months(first_due, number - 1)))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an obligation stands in rupiah; ``whole`` is None for a deed."""

    whole: int | None
    done: int
    left: int
    complete: bool


def standing(whole: int | None, counted: Iterable[int | None]) -> Standing:
    """What was done of an obligation. A deed is complete with its first fulfilment, a sum when nothing is left."""
    rows = list(counted)
    done = sum(one or 0 for one in rows)
    if whole is None:
        return Standing(None, done, 0, bool(rows))
    return Standing(whole, done, max(0, whole - done), done >= whole)


def counted(whole: int | None, before: int, brought: int | None) -> int | None:
    """How much of what was brought counts: never more than was left. A deed counts without a sum."""
    if whole is None or brought is None:
        return None
    return max(0, min(brought, whole - before))


def is_late(due_date: date, today: date) -> bool:
    """Late from the day after it was due."""
    return today > due_date


def may_break(due_date: date, grace_days: int, today: date) -> bool:
    """True when a breach may be declared: the day it was due and the grace that was agreed on are both over."""
    return today > due_date + timedelta(days=grace_days)


def remind_from(due_date: date) -> date:
    """From when the one who owes is reminded."""
    return due_date - timedelta(days=REMIND_DAYS)
