"""The kinds of meetings that ship with the program."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "kinds.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of musyawarah and what is proposed for it; each meeting keeps its own numbers."""

    code: str
    name: str
    name_en: str
    about: str
    about_en: str
    quorum_people: int
    quorum_groups: tuple[str, ...]
    objection_days: int
    reads_names: bool
    confidence: str
    source: str


@lru_cache(maxsize=1)
def all_kinds() -> Mapping[str, Kind]:
    """Every kind by its code, in the order of the catalogue; read once per process."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        code: Kind(code, **{**row, "quorum_groups": tuple(row["quorum_groups"])})
        for code, row in rows.items()
    }


def reads_names(code: str) -> bool:
    """True for kinds whose meeting goes through names; also for a kind we do not know any more."""
    found = all_kinds().get(code)
    return found is None or found.reads_names
