"""The minutes as one text: the same content gives the same text, any other content another one.

The text is canonical JSON: keys sorted, no blanks, numbers and texts only, everything in Unicode NFC. Its SHA-256 is printed on the
minutes, so that paper and file can be compared years later. A NIK is never part of it: the digest may be shown to anybody.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simpul.lib import frozen_text, text

FORMAT = "simpul-musyawarah-1"


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the attendance list."""

    name: str
    office: str
    groups: tuple[str, ...]
    came: bool
    signed: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the list with what was decided."""

    position: int
    key: str  # the id of the person, household or family of the register; "" when the name is in none
    name: str
    address: str
    reason: str
    source: str
    outcome: str
    why: str
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One usul or sanggah with its answer."""

    kind: str
    phase: str
    by_name: str
    by_group: str
    about: str
    about_address: str
    reasons: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the minutes say."""

    id: str
    version: int
    replaces: str
    replaces_because: str
    kind: str
    title: str
    purpose: str
    programme: str
    region_code: str
    region: str
    hamlet: str
    place: str
    planned_at: str
    held_at: str
    closed_at: str
    chair: str
    minute_taker: str
    course: str
    short_because: str
    objection_days: int
    counted: Mapping[str, int] = field(default_factory=dict)
    attendance: tuple[Person, ...] = ()
    names: tuple[Name, ...] = ()
    objections: tuple[Said, ...] = ()


def canonical(content: Content) -> str:
    """The content as the text whose digest is taken."""
    return frozen_text.canonical(FORMAT, content)


digest = frozen_text.digest
read = frozen_text.read


def digest_of_bytes(data: bytes) -> str:
    """SHA-256 of a file, as 64 hexadecimal signs."""
    return hashlib.sha256(data).hexdigest()


def same(frozen: str, now: str) -> bool:
    """True when two texts say the same about the meeting.

    What the register says today (the name of the region, whose house it is) is left out: it may change after a meeting.
    """
    return _lasting(frozen) == _lasting(now)


def _lasting(words: str) -> dict[str, Any]:
    found = dict(read(words))
    found.pop("region", None)
    found["names"] = [
        {name: value for name, value in one.items() if name not in ("key", "conflicts")}
        for one in found["names"]
    ]
    return found


# --- the file for submission ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One name that was decided to be on the list."""

    number: int
    name: str
    address: str
    hamlet: str
    reason: str
    nik: str = ""
    kk: str = ""


HEAD = ("NO", "NAMA", "ALAMAT", "DUSUN", "KODE DESA", "DESA", "PROGRAM", "ALASAN", "SIDIK BERITA ACARA")
HEAD_WITH_NUMBERS = ("NO", "NIK", "NO KK", *HEAD[1:])


def package(
    rows: Iterable[PackageRow], *, village_code: str, village: str, programme: str, seal: str, with_nik: bool
) -> bytes:
    """The by-name-by-address list as CSV for spreadsheets: no cell can run, and long numbers stay text.

    The heads are Indonesian because offices read them; ``seal`` is the digest of the minutes the list comes from.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD_WITH_NUMBERS if with_nik else HEAD)
    for row in rows:
        numbers = [_as_text(row.nik), _as_text(row.kk)] if with_nik else []
        cells: Sequence[Any] = [
            row.number, *numbers, row.name, row.address, row.hamlet, village_code, village, programme, row.reason, seal[:16],
        ]  # fmt: skip
        writer.writerow([text.neutralise_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _as_text(number: str) -> str:
    """Sixteen digits that a spreadsheet must not round: an apostrophe in front keeps them text."""
    return f"'{number}" if number else ""


# --- names that are pasted ------------------------------------------------------------------------------------------------

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("nama", "nama lengkap", "name", "nama kepala keluarga", "nama penerima"),
    "nik": ("nik", "no nik", "nomor nik", "no ktp"),
    "address": ("alamat", "address", "dusun", "rt", "alamat lengkap"),
    "reason": ("alasan", "keterangan", "reason", "catatan"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One name read from a list."""

    name: str
    address: str = ""
    nik: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a list gave: the names, and the rows that hold none."""

    lines: tuple[Line, ...]
    without_name: tuple[int, ...]


def read_rows(rows: Iterable[Sequence[str]]) -> Pasted:
    """Names from rows of cells. With a head that names its columns these are taken; without one, name, address, NIK, reason as they come.

    A cell of sixteen digits is the NIK wherever it stands. Rows without a name are counted, never guessed.
    """
    lines: list[Line] = []
    empty: list[int] = []
    places: Mapping[str, int] | None = None
    for number, row in enumerate(rows, start=1):
        cells = [text.clean_line(cell[:400]).lstrip("'") for cell in row]
        if not any(cells):
            continue
        if number == 1 and (found := _head(cells)):
            places = found
            continue
        line = _named(cells, places) if places else _in_order(cells)
        if len(line.name) < 2:
            empty.append(number)
        else:
            lines.append(line)
    return Pasted(tuple(lines), tuple(empty))


def _head(cells: Sequence[str]) -> Mapping[str, int]:
    folded = [cell.casefold().strip(" .:") for cell in cells]
    found = {}
    for field_name, words in _COLUMNS.items():
        word = next((word for word in words if word in folded), "")
        if word:
            found[field_name] = folded.index(word)
    return found if "name" in found else {}


def _named(cells: Sequence[str], places: Mapping[str, int]) -> Line:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    return Line(cell("name")[:150], cell("address")[:200], _digits(cell("nik")), cell("reason")[:300])


def _in_order(cells: Sequence[str]) -> Line:
    filled = [cell for cell in cells if cell]
    if filled and filled[0].rstrip(".)").isdecimal() and len(filled[0]) <= 5 and len(filled) > 1:
        filled = filled[1:]  # a running number in front
    nik = next((_digits(cell) for cell in filled if len(_digits(cell)) == 16), "")
    words = [cell for cell in filled if not nik or _digits(cell) != nik]
    name, address, reason = [*words, "", "", ""][:3]
    return Line(name[:150], address[:200], nik, reason[:300])


def _digits(cell: str) -> str:
    bare = "".join(sign for sign in cell if sign not in " .-'")
    return bare if bare.isascii() and bare.isdigit() and len(bare) <= 20 else ""
