"""What a consent is for, how it may be given, and whether it stands: pure.

Source: UU 27/2022 art. 20(2), 21 (what has to be said), 22 (in writing or recorded, one purpose at a time), 24 (proof), 25
(children), 26 (people with disabilities), 40 (withdrawal, within 3 x 24 hours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

MOST_WORDS = 120
"""A notice that is read aloud is no longer than this (domain rule L4)."""

ADULT = 18
"""Years; UU 27/2022 art. 25 asks for a parent's or guardian's consent below (the age: UU 35/2014 art. 1; secondary)."""

WITHDRAWN_WITHIN = timedelta(hours=72)
"""A withdrawal has stopped everything after 3 x 24 hours by the clock on the wall (UU 27/2022 art. 40). Here it does at once."""

MODES = ("tick", "paper", "voice")
SELF = ""
RELATIONS = (SELF, "parent", "guardian", "proxy")
ELDERS = frozenset({"parent", "guardian"})
"""Who may speak for a child."""

FAMILIES = {"paper": frozenset({"photo", "pdf"}), "voice": frozenset({"audio"})}
"""Which kind of file proves a consent on paper, and a spoken one."""

WITHOUT_CONSENT = frozenset({"d", "e"})
"""Bases on which data may be used without asking the guardian, when it is the guardian one has to fear (domain rule L7)."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that data may be used for, with the words that are read to the person."""

    code: str
    version: str
    name: Mapping[str, str]
    words: Mapping[str, str]
    basis: str
    legal: str
    recipients: Mapping[str, str]
    months: int
    scoped: bool
    confidence: str


def read_purposes(data: Mapping[str, Any]) -> dict[str, Purpose]:
    """The catalogue as purposes by their code.

    Raises:
        ValueError: a code twice, a notice above 120 words, or an unknown basis.
    """
    found: dict[str, Purpose] = {}
    for row in data["purposes"]:
        purpose = Purpose(
            code=row["code"],
            version=row["version"],
            name={"id": row["name"], "en": row["name_en"]},
            words={"id": row["words"], "en": row["words_en"]},
            basis=row["basis"],
            legal=row["legal"],
            recipients={"id": row["recipients"], "en": row["recipients_en"]},
            months=row["months"],
            scoped=row["scoped"],
            confidence=row["confidence"],
        )
        longest = max(len(text.split()) for text in purpose.words.values())
        if purpose.code in found or longest > MOST_WORDS or purpose.basis not in "abcdef":
            raise ValueError(f"{purpose.code}: {longest} words, basis {purpose.basis!r}")
        found[purpose.code] = purpose
    return found


def is_child(born: date | None, today: date) -> bool:
    """True when the person is known to be under 18. An unknown birth date is not that of a child: the officer asks."""
    if born is None:
        return False
    birthday_passed = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not birthday_passed) < ADULT


def last_day(given: date, months: int) -> date | None:
    """The day until which a consent holds when nobody said otherwise; None: until it is withdrawn."""
    if months == 0:
        return None
    year, month = divmod(given.month - 1 + months, 12)
    first = date(given.year + year, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=given.day - 1), after - timedelta(days=1))


def stands(
    *, given_at: datetime, until_date: date | None, withdrawn_at: datetime | None, at: datetime, today: date
) -> bool:
    """True while a consent was given, has not run out and was not withdrawn. Withdrawing works from its own moment on."""
    if given_at > at or (withdrawn_at is not None and withdrawn_at <= at):
        return False
    return until_date is None or today <= until_date


def covers(one_scope: str, asked: str) -> bool:
    """True when a consent for ``one_scope`` serves ``asked``: a general one serves everything, another its own scope alone."""
    return one_scope in ("", asked)
