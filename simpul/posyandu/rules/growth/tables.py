"""WHO's L, M and S as arrays: read once, then only looked up.

A row of ``Lms`` is ``sex * rows + place``: boys first. For children ``place`` is the day (0 to 1,856) or ``MONTH_0`` plus the completed
month (0 to 60); for weight by length it is the tenth of a centimetre from 45.0 lying, or ``STANDING_0`` plus that from 65.0 standing;
for 5 to 19 years it is the month from 60. Source and form of the file: ``simpul/posyandu/data/README.md``.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FILE = Path(__file__).resolve().parents[2] / "data" / "who-growth.txt.gz"
LAST_DAY = 1856
LAST_MONTH = 60
MONTH_0 = LAST_DAY + 1
CHILD_ROWS = MONTH_0 + LAST_MONTH + 1
LYING_FROM, LYING_TO = 450, 1100
STANDING_FROM, STANDING_TO = 650, 1200
STANDING_0 = LYING_TO - LYING_FROM + 1
LENGTH_ROWS = STANDING_0 + STANDING_TO - STANDING_FROM + 1
YOUTH_FROM, YOUTH_TO = 60, 228
YOUTH_ROWS = YOUTH_TO + 2 - YOUTH_FROM + 1
"""Two rows more than there are months: the last one is repeated, as in WHO's own tables, so that the row after it can be asked for."""


@dataclass(frozen=True, slots=True)
class Lms:
    """Three columns of one table, and how many rows a sex has."""

    l: Floats  # noqa: E741 - the name it has everywhere
    m: Floats
    s: Floats
    rows: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that is looked up."""

    child: Mapping[str, Lms]
    by_length: Lms
    youth: Mapping[str, Lms]


@cache
def tables() -> Tables:
    """The tables of both sexes, read from the data file at the first call."""
    parts = _parts()
    child = {
        name: _both(
            CHILD_ROWS, {0: parts.get((name, "day"), {}), MONTH_0: parts.get((name, "month"), {})}, first=0
        )
        for name in ("weight", "length", "bmi", "head", "arm")
    }
    by_length = _both(LENGTH_ROWS, {0: parts["lying", "mm"], STANDING_0: parts["standing", "mm"]}, first=None)
    youth = {
        name: _both(YOUTH_ROWS, {0: parts[name, "youth"]}, first=YOUTH_FROM, repeat=True)
        for name in ("weight", "length", "bmi")
    }
    return Tables(child, by_length, youth)


_Part = dict[str, tuple[int, Floats]]
"""Sex -> its first row, and the rows."""


def _parts() -> dict[tuple[str, str], _Part]:
    found: dict[tuple[str, str], _Part] = {}
    for text in gzip.decompress(FILE.read_bytes()).decode("ascii").split("# ")[1:]:
        heading, _end, body = text.partition("\n")
        name, sex, kind, first, last = heading.split()
        rows = np.array(body.split(), dtype=np.float64).reshape(int(last) - int(first) + 1, 3)
        found.setdefault((name, kind), {})[sex] = (int(first), rows / (10_000, 10_000, 100_000))
    return found


def _both(rows: int, parts: Mapping[int, _Part], *, first: int | None, repeat: bool = False) -> Lms:
    """Boys' rows and then girls', each part from its place on; what no part fills is not a number."""
    table = np.full((2, rows, 3), np.nan)
    for place, part in parts.items():
        for sex, (begin, values) in part.items():
            at = place + (begin - first if first is not None else 0)
            filled = table["LP".index(sex)]
            filled[at : at + len(values)] = values
            if repeat:
                filled[at + len(values) :] = values[-1]
    bent, median, spread = (np.ascontiguousarray(column) for column in table.reshape(-1, 3).T)
    return Lms(l=bent, m=median, s=spread, rows=rows)
