"""The words that flag a matter, from the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from simpul.cases.rules import screening as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "screening.toml"


def screen(texts: Iterable[str]) -> rules.Screening:
    """What the words of the catalogue find in these texts."""
    return rules.screen(texts, table())


@lru_cache(maxsize=1)
def table() -> rules.Table:
    """The compiled words; read once per process."""
    return rules.compile_table(tomllib.loads(_FILE.read_text(encoding="utf-8")))
