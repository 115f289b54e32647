"""Made-up lists for tests: sheets as CSV and XLSX, a village's residents, and running a list to its end."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from simpul.jobs import importing
from simpul.lib.actor import MACHINE, Actor
from simpul.people.actions import imports
from simpul.people.models import Batch
from simpul.people.queries import imports as queries

DUNGKAIT = "7602132001"


def sheet(headings: Sequence[str], *rows: Sequence[object], delimiter: str = ",") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode()


def workbook(headings: Sequence[str], *rows: Sequence[object]) -> bytes:
    """An XLSX file with texts in place, as programs write them."""
    lines = []
    for number, row in enumerate([headings, *rows], start=1):
        cells = "".join(
            f'<c r="{_letters(place)}{number}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
            for place, value in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = (
        f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", body)
    return out.getvalue()


def _letters(place: int) -> str:
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def opened(
    by: Actor, at: datetime, data: bytes, *, region_code: str = DUNGKAIT, name: str = "warga.csv", **more: Any
) -> Batch:
    """A list that was sent in."""
    return imports.open_batch(
        by=by, at=at, kind="residents", file_name=name, data=data, region_code=region_code, **more
    )


def run_out(batch: Batch, at: datetime) -> Batch:
    """Let the worker go on until the list is tried, or taken in."""
    running = importing.begin(batch, at)
    while batch.state in ("trying", "running"):
        batch = imports.run_batch(
            by=MACHINE, at=at, batch_id=batch.id, taker=running.taker, reading=running.reading
        )
    return batch


def tried(by: Actor, at: datetime, data: bytes, **more: Any) -> Batch:
    """A list that was sent in and tried."""
    batch = opened(by, at, data, **more)
    return run_out(imports.try_batch(by=by, at=at, batch_id=batch.id), at)


def taken(by: Actor, at: datetime, data: bytes, **more: Any) -> Batch:
    """A list that was taken in."""
    batch = tried(by, at, data, **more)
    return run_out(imports.start_batch(by=by, at=at, batch_id=batch.id), at)


def counts(batch: Batch) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, refused."""
    return batch.added, batch.changed, batch.unchanged, batch.refused


def codes(batch: Batch) -> list[tuple[int, str]]:
    """Row and code of everything that was said about rows."""
    return [(one.row, one.code) for one in queries.faults(batch)]
