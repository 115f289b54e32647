"""The questions before a trip leaves: the catalogue's, with what an area has set otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from simpul.outreach.models import CheckRule
from simpul.outreach.rules import checks as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "trip_checks.toml"


@dataclass(frozen=True, slots=True)
class Words:
    """How a question is put, in both languages."""

    words: str
    words_en: str
    unit: str
    unit_en: str


@lru_cache(maxsize=1)
def _catalogue() -> tuple[Mapping[str, rules.Question], Mapping[str, Words]]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["checks"]
    questions = {
        row["code"]: rules.Question(row["code"], row["must"], row.get("number"), row.get("limit", ""))
        for row in rows
    }
    texts = {
        row["code"]: Words(row["words"], row["words_en"], row.get("unit", ""), row.get("unit_en", ""))
        for row in rows
    }
    return questions, texts


def defaults() -> Mapping[str, rules.Question]:
    """The product's own questions, in the order in which they are asked."""
    return _catalogue()[0]


def words_of(code: str) -> Words:
    """How a question is put; its code for one that the catalogue no longer has."""
    return _catalogue()[1].get(code) or Words(code, code, "", "")


def rules_of(region_code: str) -> Mapping[str, CheckRule]:
    """What holds in an area by its own word: the nearest area above that has said something, question by question."""
    codes = [region_code[:length] for length in (2, 4, 6, 10) if len(region_code) >= length]
    rows = CheckRule.objects.filter(region_code__in=["", *codes])
    return {one.code: one for one in sorted(rows, key=lambda one: len(one.region_code))}


def questions(region_code: str) -> list[rules.Question]:
    """What is asked before a trip of this area leaves."""
    own = rules_of(region_code)
    found = []
    for code, one in defaults().items():
        said = own.get(code)
        if said is None:
            found.append(one)
        elif said.asked:
            number = said.number if one.number is not None and said.number is not None else one.number
            found.append(replace(one, must=said.must, number=number, own=True))
    return found
