"""What ships as data: grounds, times, activities."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from simpul.upkeep.rules import retention as rules

_FOLDER = Path(__file__).parents[1] / "catalogue"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def refusals() -> dict[str, rules.Ground]:
    """Why a wish may be refused, by code."""
    return rules.read_grounds(_read("grounds.toml")["refuse"])


@lru_cache(maxsize=1)
def kept_grounds() -> dict[str, rules.Ground]:
    """Why something stays although its person was erased, by code."""
    return rules.read_grounds(_read("grounds.toml")["keep"])


@lru_cache(maxsize=1)
def classes() -> dict[str, rules.Class]:
    """What is destroyed when its time is over, by code."""
    return rules.read_classes(_read("retention.toml"))


@lru_cache(maxsize=1)
def activities() -> tuple[rules.Activity, ...]:
    """The activities of the processing register."""
    return rules.read_activities(_read("activities.toml"))


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[str, str]]:
    """Indonesian words for parts, tables and columns of a person's own copy."""
    return _read("labels.toml")
