"""Which rules there are, and which version of each is in force at a place on a day."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from simpul.posyandu.rules import book as rules

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue" / "rules"


@lru_cache(maxsize=1)
def shipped() -> tuple[rules.Rule, ...]:
    """Every rule of the catalogue, checked; read once per process.

    Raises:
        CatalogueUnsound: a rule is not well formed, or is there twice.
    """
    found: list[rules.Rule] = []
    for file in sorted(_CATALOGUE.glob("*.toml")):
        found += rules.read(tomllib.loads(file.read_text(encoding="utf-8"))["rule"], file.stem)
    codes = [one.code for one in found]
    if len(set(codes)) != len(codes):
        raise rules.CatalogueUnsound("a rule twice")
    return tuple(found)


def rulebook(region_code: str, on: date) -> rules.RuleBook:
    """The rules in force at a place on a day."""
    return rules.book(shipped(), region_code, on)
