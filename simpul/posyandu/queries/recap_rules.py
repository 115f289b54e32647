"""Targets, doses and columns of recaps as the catalogue has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_sheet as sheet_rules

FILE = Path(__file__).resolve().parents[1] / "catalogue" / "recaps.toml"


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def targets() -> Mapping[str, rules.Target]:
    """Targets by their rate."""
    return {row["figure"]: rules.Target(**row) for row in _file()["targets"]}


@cache
def basics() -> rules.Basics:
    """Which doses make a basic immunisation complete."""
    row = _file()["basic"]
    return rules.Basics(
        row["version"], row["source"], row["confidence"], tuple(frozenset(dose) for dose in row["doses"])
    )


@cache
def sheets() -> tuple[sheet_rules.Sheet, ...]:
    """The versions of the village's monthly sheet."""
    return tuple(
        sheet_rules.Sheet(
            version=one["version"],
            title=one["title"],
            title_en=one["title_en"],
            source=one["source"],
            source_en=one["source_en"],
            confidence=one["confidence"],
            valid_from=one["valid_from"],
            columns=tuple(sheet_rules.Column(*row) for row in one["rows"]),
            signers=tuple(one["signers"]),
        )
        for one in _file()["columns"]
    )
