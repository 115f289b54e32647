"""The shipped list of areas: idn-area-data 4.0.1 (ODbL 1.0), read as it is. See the README beside the files."""

from __future__ import annotations

import csv
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
    for table in TABLES:
        for dotted, name in csv.reader(_lines(table, only)):
            code = dotted.replace(".", "")
            yield Area(
                code=code,
                name=name,
                level=rules.level_of(code),
                kind=rules.kind_of(code, name),
                search_key=rules.search_key(name),
                zone=rules.zone(code),
            )


def _lines(table: str, only: str) -> Iterator[str]:
    """The lines of a table with the code and the name, without the code of the parent; no name holds a line break."""
    packed = (FOLDER / f"{table}.csv.xz").read_bytes()
    wanted = _dotted(only)
    above = {_dotted(code) for code in rules.lineage(only)}
    for line in lzma.decompress(packed).decode("utf-8").splitlines()[1:]:
        code, rest = line.split(",", 1)
        if code.startswith(wanted) or code in above:
            yield line if table == "provinces" else f"{code},{rest.split(',', 1)[1]}"


def _dotted(code: str) -> str:
    return ".".join(part for part in (code[0:2], code[2:4], code[4:6], code[6:10]) if part)
