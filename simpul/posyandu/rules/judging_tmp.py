"""What an entry means, in plain words: every judgement names its rule, the version of it, and where that stands.

Nothing here is a diagnosis. A judgement says what a cadre sees and does: praise, watch, or hand over to the health worker.
Sources: KMK HK.01.07/MENKES/2015/2023, Permenkes 2/2020 and the others that the catalogue of rules names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from simpul.posyandu.rules.book import RuleBook
from simpul.posyandu.rules.kms import Past

__all__ = ["Growth", "Judgement", "Past", "RuleBook", "Subject", "judge"]

LEVELS = ("good", "info", "watch", "alert", "danger")
"""From nothing to do to now."""


class Growth(Protocol):
    """What the growth module says about one measurement: z-scores in hundredths and the legal classes."""

    @property
    def month(self) -> Mapping[str, int | None]:
        """By completed months: waz haz whz baz."""

    @property
    def day(self) -> Mapping[str, int | None]:
        """By days: waz haz whz baz hcz acz."""

    @property
    def classes(self) -> Mapping[str, str]:
        """Legal classes: bb_u tb_u bb_tb imt_u."""

    @property
    def disagree(self) -> Sequence[str]:
        """Indices whose class by days differs from the one by months."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the entry is about: their card's form (A, B, C, D), sex (L, P, ""), age, the head of the card."""

    form: str
    sex: str
    birth_date: date | None
    age_days: int | None
    age_months: int | None
    details: Mapping[str, Any] = field(default_factory=dict)
    region_code: str = ""

    @property
    def years(self) -> int | None:
        """Completed years."""
        return None if self.age_months is None else self.age_months // 12


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that a rule says: ``code`` is its class, ``finding`` the follow-up it asks for or "", ``words`` an English msgid."""

    rule: str
    version: str
    code: str
    level: str
    refer: bool
    finding: str
    source: str
    words: str


def judge(
    subject: Subject,
    on: date,
    values: Mapping[str, Any],
    columns: Mapping[str, Any],
    growth: Growth | None,
    past: Sequence[Past],
    book: RuleBook,
) -> tuple[Judgement, ...]:
    """Every judgement of an entry; ``past`` are the earlier lines of the card, newest first."""
    return ()
