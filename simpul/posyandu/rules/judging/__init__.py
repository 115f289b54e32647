"""What an entry means, in plain words: every judgement names its rule, the version of it, and where that stands.

Nothing here is a diagnosis. A judgement says what a cadre sees and does: praise, watch, or hand over to the health worker.
Sources: KMK HK.01.07/MENKES/2015/2023, Permenkes 2/2020 and the others that the catalogue of rules names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from simpul.posyandu.rules.book import RuleBook
from simpul.posyandu.rules.judging import adults, asked, children
from simpul.posyandu.rules.judging.groups import elder, form_for
from simpul.posyandu.rules.judging.shapes import LEVELS, Entry, Growth, Judgement, Subject
from simpul.posyandu.rules.judging.words import WORDS
from simpul.posyandu.rules.kms import Past

__all__ = [
    "LEVELS",
    "WORDS",
    "Growth",
    "Judgement",
    "Past",
    "RuleBook",
    "Subject",
    "card_status",
    "elder",
    "form_for",
    "judge",
    "kept",
    "of_kept",
]

JUDGES = (*children.JUDGES, *adults.JUDGES, *asked.JUDGES)


def judge(
    subject: Subject,
    on: date,
    values: Mapping[str, Any],
    columns: Mapping[str, Any],
    growth: Growth | None,
    past: Sequence[Past],
    book: RuleBook,
) -> tuple[Judgement, ...]:
    """Every judgement of an entry, in the order of the card; ``past`` are the earlier lines of the card, newest first."""
    entry = Entry(subject, on, values, columns, growth, past, book)
    return tuple(said for one in JUDGES for said in one(entry))


def kept(judgements: Iterable[Judgement]) -> list[dict[str, Any]]:
    """As an entry stores them."""
    return [
        {
            "rule": one.rule,
            "version": one.version,
            "code": one.code,
            "level": one.level,
            "refer": one.refer,
            "finding": one.finding,
            "source": one.source,
            "words": one.words,
        }
        for one in judgements
    ]


def of_kept(rows: Iterable[Mapping[str, Any]]) -> tuple[Judgement, ...]:
    """Judgements from stored rows; what is no longer known keeps its code as words."""
    return tuple(
        Judgement(
            rule=str(row["rule"]),
            version=str(row["version"]),
            code=str(row["code"]),
            level=str(row["level"]),
            refer=bool(row["refer"]),
            finding=str(row.get("finding", "")),
            source=str(row.get("source", "")),
            words=str(row.get("words") or WORDS.get((str(row["rule"]), str(row["code"])), row["code"])),
        )
        for row in rows
    )


def card_status(judgements: Iterable[Judgement]) -> tuple[str, bool, bool]:
    """N, T, O, B or ""; two T; below the red line: the columns of an entry that figures are made of."""
    codes = {(one.rule, one.code) for one in judgements}
    status = next((code for rule, code in codes if rule == "kbm"), "")
    return status, ("kms", "two_t") in codes, ("red_line", "bgm") in codes
