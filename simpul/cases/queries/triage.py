"""The life-safety questions of the catalogue, and whether they are asked at a place now."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from simpul.cases.rules import triage as rules
from simpul.regions import queries as region_queries
from simpul.regions.models import Emergency

_FILE = Path(__file__).parents[1] / "catalogue" / "triage.toml"


@lru_cache(maxsize=1)
def questions() -> tuple[rules.Question, ...]:
    """Every question, in the order in which they are asked."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["questions"]
    return tuple(
        rules.Question(
            row["code"],
            {"id": row["name_id"], "en": row["name_en"]},
            row["urgency"],
            row["source"],
            row["confidence"],
        )
        for row in rows
    )


def emergency_in(areas: Iterable[str], at: datetime) -> Emergency | None:
    """The emergency that concerns somebody who serves, or lives in, these areas; the latest declared first."""
    return next(iter(region_queries.emergencies_touching(areas, at)), None)


def relaxes_identity(region_code: str, at: datetime) -> bool:
    """True where a name may be missing now, whatever the kind asks for."""
    emergency = region_queries.emergency_at(region_code, at)
    return emergency is not None and emergency.relaxes_identity
