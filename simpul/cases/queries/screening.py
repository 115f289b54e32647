"""The words that flag a matter, from the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from simpul.cases.rules import screening as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "screening.toml"


def screen(texts: Iterable[str]) -> rules.Screening:
    """What the words of the catalogue find in these texts."""
    return rules.screen(texts, table())


def found_in(texts: Sequence[str]) -> Sequence[str]:
    """The words alone that are found in these texts; none when they are harmless."""
    return screen(texts).words


@lru_cache(maxsize=1)
def table() -> rules.Table:
    """The compiled words; read once per process."""
    return rules.compile_table(tomllib.loads(_FILE.read_text(encoding="utf-8")))
