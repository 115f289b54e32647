"""What can happen in a night, with the words that are written to others, and the columns of the file for SIM Linmas."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "ronda.toml"


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A kind of incident; a protected one opens a protected matter and keeps no words."""

    code: str
    name: str
    name_en: str
    icon: str
    first: str
    first_en: str
    text: str
    text_en: str
    tell: tuple[str, ...]
    protected: bool = False


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, IncidentKind]:
    """Every kind of incident by its code, in the order of the catalogue."""
    return {one["code"]: IncidentKind(**{**one, "tell": tuple(one["tell"])}) for one in _catalogue()["kinds"]}


def export_columns() -> list[tuple[str, str]]:
    """The columns of the file for SIM Linmas: heading, and what stands in it. Its interface is unconfirmed, so this is data."""
    return [(one["heading"], one["value"]) for one in _catalogue()["export"]]
