"""The weights of matching, read once from the catalogue."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from simpul.people.rules import match_levels

FILE = Path(__file__).parent.parent / "catalogue" / "match_weights.toml"


@lru_cache(maxsize=1)
def weights() -> match_levels.Weights:
    """What Splink learned: m and u of each level, and how common words in names are."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return match_levels.Weights(m=data["m"], u=data["u"], words=data["words"])
