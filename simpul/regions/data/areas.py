"""The shipped list of areas: idn-area-data 4.0.1 (ODbL 1.0), read as it is. See the README beside the files."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simpul.regions import rules

SOURCE = "idn-area-data 4.0.1 (ODbL 1.0)"
FAMILY = "idn-area-data "
"""How the source of every version of the data set begins."""

FOLDER = Path(__file__).parent / "idn-area-data-4.0.1"
TABLES = ("provinces", "regencies", "districts", "villages")


@dataclass(frozen=True, slots=True)
class Area:
    """One row of the list."""

    code: str
    name: str
    level: int
    kind: str
    search_key: str
    zone: str


def areas(only: str = "") -> Iterator[Area]:
    """Every area, from the provinces down; with ``only``, those inside that code and the ones above it.

    Raises ``OSError`` or ``lzma.LZMAError`` when a shipped file is missing or broken.
    """
    above = set(rules.lineage(only))
    for table in TABLES:
        for dotted, name in _rows(table):
            code = dotted.replace(".", "")
            if not only or code.startswith(only) or code in above:
                yield Area(
                    code=code,
                    name=name,
                    level=rules.level_of(code),
                    kind=rules.kind_of(code, name),
                    search_key=rules.search_key(name),
                    zone=rules.zone(code),
                )


def _rows(table: str) -> Iterator[tuple[str, str]]:
    """The dotted code and the name of each row."""
    packed = (FOLDER / f"{table}.csv.xz").read_bytes()
    rows = csv.DictReader(io.StringIO(lzma.decompress(packed).decode("utf-8")))
    for row in rows:
        yield row["code"], row["name"]
