"""Reading tables that people send: CSV with commas, semicolons or tabs, and the first sheet of an XLSX workbook.

Every cell comes back as text. A workbook is a zip of XML: sizes are checked before anything is unpacked, and entities are refused,
so that a small file cannot become a large one in memory.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

LARGEST = 64 * 1024 * 1024
MOST_COLUMNS = 400
_MOST_STYLES = 16 * 1024 * 1024
_MOST_TEXTS = 256 * 1024 * 1024
"""Parts of a workbook that are held in memory whole, unpacked: a small file must not become a large one there."""
_LAST_ROW = 2_147_483_647
_ENCODINGS = ("utf-8-sig", "cp1252")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LETTERS = re.compile(r"[A-Z]+")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's days have no zone


class NotATable(Refused):
    """Nothing that can be read as rows and columns."""

    code = "sheet.not_a_table"
    sentence = _("This file cannot be read as a table. Save it as CSV (UTF-8) or XLSX and try again.")


def rows(data: bytes) -> Iterator[list[str]]:
    """The rows of a file, empty ones left out.

    Raises:
        NotATable: no CSV and no workbook, or far too large.
    """
    if len(data) > LARGEST:
        raise NotATable
    found = _workbook(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    return (row for row in found if any(cell.strip() for cell in row))


def numbered(data: bytes, *, largest: int = LARGEST) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with the numbers a spreadsheet gives them (the first is 1), empty ones left out; read row by row.

    For long lists: the cells of a workbook are never in memory all at once. ``largest`` bounds the bytes of every part, unpacked.

    Raises:
        NotATable: no CSV and no workbook, or far too large.
    """
    if len(data) > largest:
        raise NotATable
    found = _streamed(data, largest) if data[:4] == b"PK\x03\x04" else enumerate(_csv(data), start=1)
    return ((number, row) for number, row in found if any(cell.strip() for cell in row))


def _streamed(data: bytes, largest: int) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > largest:
                raise NotATable
            names = parts.namelist()
            sheet = next(
                (one for one in sorted(names) if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one)), ""
            )
            if not sheet or _holds_too_much(parts):
                raise NotATable
            shared: list[str] = []
            if "xl/sharedStrings.xml" in names:
                for _number, cells in _parts_of(parts, "xl/sharedStrings.xml", _Texts()):
                    shared += cells
            days = _day_styles(parts.read("xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
            yield from _parts_of(parts, sheet, _Rows(shared, days))
    except (
        zipfile.BadZipFile,
        ElementTree.ParseError,
        expat.ExpatError,
        KeyError,
        ValueError,
        IndexError,
    ) as fault:
        raise NotATable from fault


def _holds_too_much(parts: zipfile.ZipFile) -> bool:
    sizes = {part.filename: part.file_size for part in parts.infolist()}
    return sizes.get("xl/styles.xml", 0) > _MOST_STYLES or sizes.get("xl/sharedStrings.xml", 0) > _MOST_TEXTS


def _parts_of(parts: zipfile.ZipFile, name: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Feed one part of a workbook through a reader, a piece at a time."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with parts.open(name) as stream:
        while piece := stream.read(256 * 1024):
            parser.Parse(piece, False)
            yield from reader.done()
        parser.Parse(b"", True)
        yield from reader.done()


def _refuse_doctype(*_arguments: Any) -> None:
    raise NotATable


class _Texts:
    """Gathers the texts that cells refer to by number."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._parts: list[str] = []
        self._inside = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._parts = []
        self._inside = local == "t"

    def end(self, name: str) -> None:
        self._inside = False
        if name.rpartition(":")[2] == "si":
            self._found.append("".join(self._parts))

    def text(self, words: str) -> None:
        if self._inside:
            self._parts.append(words)

    def done(self) -> list[tuple[int, list[str]]]:
        """What was read since the last time."""
        found, self._found = self._found, []
        return [(0, found)]


class _Rows:
    """Gathers the rows of a sheet."""

    def __init__(self, shared: list[str], days: frozenset[int]) -> None:
        self._shared, self._days = shared, days
        self._found: list[tuple[int, list[str]]] = []
        self._number = 0
        self._cells: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._parts: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell, self._parts = attributes, []
        elif local in ("v", "t"):
            self._inside = True
        elif local == "row":
            number = int(attributes.get("r", self._number + 1))
            self._number = number if 0 < number <= _LAST_ROW else self._number + 1
            self._cells = {}

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("v", "t"):
            self._inside = False
        elif local == "c":
            letters = _LETTERS.match(self._cell.get("r", ""))
            column = _column(letters.group()) if letters else len(self._cells)
            if column < MOST_COLUMNS:
                kind, style = self._cell.get("t", "n"), int(self._cell.get("s", "0"))
                self._cells[column] = _value(kind, "".join(self._parts), style, self._shared, self._days)
        elif local == "row":
            cells = self._cells
            width = max(cells, default=-1) + 1
            self._found.append((self._number, [cells.get(column, "") for column in range(width)]))

    def text(self, words: str) -> None:
        if self._inside:
            self._parts.append(words)

    def done(self) -> list[tuple[int, list[str]]]:
        """What was read since the last time."""
        found, self._found = self._found, []
        return found


def _csv(data: bytes) -> Iterator[list[str]]:
    words = _decoded(data)
    first = next((line for line in words[:100_000].splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)
    except csv.Error as fault:
        raise NotATable from fault


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise NotATable
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable


def _workbook(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise NotATable
            names = parts.namelist()
            sheet = next(
                (one for one in sorted(names) if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one)), ""
            )
            if not sheet:
                raise NotATable
            shared = _shared(parts.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
            days = _day_styles(parts.read("xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
            yield from _sheet(parts.read(sheet), shared, days)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, IndexError) as fault:
        raise NotATable from fault


def _parsed(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise NotATable
    return ElementTree.fromstring(xml)  # noqa: S314 - entities were refused above, and the size is bounded


def _shared(xml: bytes) -> list[str]:
    """The texts that cells refer to by number."""
    return ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in _parsed(xml)]


def _day_styles(xml: bytes) -> frozenset[int]:
    """The numbers of the cell styles that show a number as a day."""
    root = _parsed(xml)
    own = {
        int(item.get("numFmtId", "0")): item.get("formatCode", "").lower()
        for item in root.iter(f"{_MAIN}numFmt")
    }
    styles = root.find(f"{_MAIN}cellXfs")
    found = set()
    for place, style in enumerate(styles if styles is not None else ()):
        form = int(style.get("numFmtId", "0"))
        plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", own.get(form, ""))
        if 14 <= form <= 22 or ("y" in plain and "d" in plain):
            found.add(place)
    return frozenset(found)


def _sheet(xml: bytes, shared: list[str], days: frozenset[int]) -> Iterator[list[str]]:
    for row in _parsed(xml).iter(f"{_MAIN}row"):
        cells: dict[int, str] = {}
        for place, cell in enumerate(row.iter(f"{_MAIN}c")):
            letters = _LETTERS.match(cell.get("r", ""))
            column = _column(letters.group()) if letters else place
            if column < MOST_COLUMNS:
                cells[column] = _cell(cell, shared, days)
        yield [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: ElementTree.Element, shared: list[str], days: frozenset[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    return _value(kind, cell.findtext(f"{_MAIN}v") or "", int(cell.get("s", "0")), shared, days)


def _day(value: str) -> str:
    """A number of days as a moment; what can be no day stays the number."""
    try:
        return (_DAY_ZERO + timedelta(seconds=round(float(value) * 86400))).isoformat(" ")
    except (ValueError, OverflowError):
        return value


def _value(kind: str, value: str, style: int, shared: list[str], days: frozenset[int]) -> str:
    """What a cell of this kind and style shows."""
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "b":
        return "1" if value == "1" else ""
    if kind == "n" and value and style in days:
        return _day(value)
    if kind == "n" and value.endswith(".0"):
        return value[:-2]
    return value
