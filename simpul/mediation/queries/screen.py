"""The questions of safety that ship with the program."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from simpul.mediation.rules.screen import Question

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "screen.toml"


@lru_cache(maxsize=1)
def _book() -> tuple[str, tuple[Question, ...]]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return str(data["version"]), tuple(Question(**row) for row in data["questions"])


def questions() -> tuple[Question, ...]:
    """Every question, in the order in which they are asked."""
    return _book()[1]


def version() -> str:
    """Which version of the questions this is."""
    return _book()[0]
