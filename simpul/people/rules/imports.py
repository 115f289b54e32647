"""Lists of people that are taken in: which kinds there are, how columns are named, how one row is read. Pure.

**How any room takes a list of its own in** (the machinery is one, the kinds are a table):

1. A row in ``KINDS`` here, and its columns in ``people/catalogue/columns.toml`` (``kinds = ["residents", "kis"]`` on a field that
   both have). Sentences for faults of its own: ``people/rules/faults.py``.
2. A *taker*: an object that does what a portion of rows means, in the room that owns the tables. A taker has two methods::

       class CardTaker:
           def take(self, portion: imports.Portion) -> imports.Outcome: ...
           def pass_over(self, rows: Sequence[imports.Row]) -> None: ...

   ``take`` is called inside the portion's transaction with at most ``PORTION`` rows that could be read (``row.values``: our field ->
   value; a field that is missing or None is unknown). It writes through steps or acts of its own room, *unless ``portion.dry``*, and
   says for every row number one of ``added``, ``changed``, ``unchanged``, ``refused``; ``outcome.note(row, code, ...)`` leaves a fault or
   a remark. Number of queries: the same for any portion. A row that was taken before must come out ``unchanged``.
   ``pass_over`` gets the rows that an earlier run had taken before it was cut off, so that the taker can remember what it has seen.
3. A row in ``TAKERS`` of ``simpul/jobs/importing.py``: kind -> taker class. The worker and ``simpul import KIND FILE`` take it from
   there; the pages need nothing more.

The doors then use, from ``people.actions.imports``: ``open_batch``, ``map_batch``, ``try_batch``, ``start_batch``, ``stop_batch``,
and to move it on, portion by portion, ``run_batch(by=..., at=..., batch_id=..., taker=taker, reading=reading)`` with
``reading = people_queries.imports.Reading(batch, today)``: one call is one portion in one transaction; it claims the portion by
``next_row``, so two workers never take a row twice and a killed one is followed exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from simpul.lib import nik as nik_lib
from simpul.lib.actor import Actor
from simpul.people.rules import cells


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue; doors translate it."""
    return sentence


PORTION = 1000
DRY_PORTION = 5000
"""Rows taken in one transaction, and rows tried at once."""

LARGEST = 32 * 1024 * 1024
MOST_ROWS = 1_000_000
"""A file above this many bytes, or rows, is refused before it is read to its end: split it by district."""

FOUND_IN_ALL = ("added", "changed", "unchanged", "refused")

STATES: Mapping[str, str] = {
    "mapping": _("columns to be named"),
    "trying": _("being tried"),
    "tried": _("tried, nothing written yet"),
    "running": _("being taken in"),
    "done": _("taken in"),
    "stopped": _("stopped"),
    "failed": _("failed"),
}
MOVES: Mapping[str, frozenset[str]] = {
    "mapping": frozenset({"mapping", "trying"}),
    "trying": frozenset({"tried", "mapping"}),
    "tried": frozenset({"mapping", "trying", "running"}),
    "running": frozenset({"done", "stopped", "failed"}),
    "stopped": frozenset({"running"}),
    "failed": frozenset({"running"}),
    "done": frozenset(),
}
"""From which state a list may come into which. A trial that is stopped or fails wrote nothing and goes back to its columns."""

VERSIONS: Mapping[str, str] = {
    "kk": _("Family card, OpenSID"),
    "bdt": _("BDT 2015, DTKS"),
    "bdt_b": _("BDT 2015, another printing"),
    "dtsen": _("DTSEN, SIKS-NG"),
}
"""The code lists that a file may use; ``people/catalogue/lists.toml``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list: what it is called and which fields every row needs."""

    code: str
    name: str
    about: str
    needs: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "residents": Kind(
        "residents",
        _("Residents and families"),
        _(
            "Persons with their family cards, households and houses: OpenSID, DTSEN, SIKS-NG, BDT or a plain list."
        ),
        ("full_name",),
    ),
    "kis": Kind(
        "kis",
        _("KIS cards that were switched off"),
        _(
            "The ministry's list of people whose KIS card (PBI-JK) no longer works. Give who switched off, with the decree, as the "
            "source, and the day as the date of the list."
        ),
        ("full_name",),
    ),
    "eppgbm": Kind(
        "eppgbm",
        _("Weighings from e-PPGBM"),
        _(
            "The export of e-PPGBM, one weighing a row. Everything is computed again here; the page afterwards shows where both differ."
        ),
        ("full_name", "birth_date", "measured_date"),
    ),
}
"""What can be taken in. Another room adds its row here and its taker in ``simpul/jobs/importing.py``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of ours that a list may have, and the headings it goes by elsewhere (folded), by source."""

    name: str
    unit: str
    reads: str
    label: str
    label_en: str
    kinds: tuple[str, ...]
    headings: Mapping[str, frozenset[str]]
    most: int = 1_000_000
    code_list: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of a row; ``refused`` when the row cannot be taken in because of it."""

    field: str
    code: str
    value: str = ""
    refused: bool = True


@dataclass(slots=True)
class Row:
    """One row as it was read. ``number`` is the sheet's own: the heading is row 1."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """True when the row cannot be taken in."""
        return any(fault.refused for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rows of a batch to be taken in, or tried (``dry``: nothing may be written)."""

    by: Actor
    at: datetime
    batch: Any  # people.models.Batch
    rows: Sequence[Row]
    dry: bool


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a portion: for each row number one of ``FOUND_IN_ALL``; ``doubtful`` counts besides."""

    became: dict[int, str] = field(default_factory=dict)
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    doubtful: int = 0

    def note(
        self, number: int, code: str, *, field: str = "", value: str = "", refused: bool = False
    ) -> None:
        """Leave a fault (``refused``) or a remark about a row."""
        self.faults.append((number, Fault(field, code, value, refused)))
        if refused:
            self.became[number] = "refused"

    def counts(self) -> Counter[str]:
        """How many rows became what."""
        return Counter(self.became.values())


class Taker(Protocol):
    """What a portion of rows means for a room: see the head of this file."""

    def take(self, portion: Portion) -> Outcome:
        """Take a portion in, or only try it."""

    def pass_over(self, rows: Sequence[Row]) -> None:
        """Remember rows that were taken in before."""


# --- columns ------------------------------------------------------------------------------------------------------------


ADDED = frozenset({"yangperludilakukan", "whattodo"})
"""The last heading of a sheet of faults, folded: it and the three before it were added by us."""


def headings_key(headings: Sequence[str]) -> str:
    """The headings of a sheet in one line, folded: sheets with the same line are read in the same way, also a corrected sheet of faults."""
    folded = [cells.fold(heading) for heading in headings]
    return "|".join(folded[:-4] if folded and folded[-1] in ADDED else folded)


def faults_of_headings(headings: Sequence[str]) -> str:
    """The code of what is wrong with a sheet's headings, or ""."""
    folded = [cells.fold(heading) for heading in headings if heading.strip()]
    if len(folded) < 2:
        return "headings_missing"
    if sum(name.isdigit() for name in folded) * 2 > len(folded):
        return "headings_missing"
    return ""


def guess(headings: Sequence[str], columns: Iterable[Column]) -> dict[str, int]:
    """Our field -> the place of their column, where a heading is known. The first of several equal headings counts."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(cells.fold(heading), place)
    found: dict[str, int] = {}
    taken: set[int] = set()
    likely = source_of(headings, columns := list(columns))
    for column in columns:
        named = [
            *column.headings.get(likely, ()),
            *(one for names in column.headings.values() for one in names),
        ]
        named.append(cells.fold(column.label))
        free = [places[name] for name in named if name in places and places[name] not in taken]
        if free:
            found[column.name] = free[0]
            taken.add(free[0])
    return found


def source_of(headings: Sequence[str], columns: Iterable[Column]) -> str:
    """The system whose headings these are most alike: opensid, bdt, dtsen, eppgbm or plain."""
    folded = {cells.fold(heading) for heading in headings}
    hits: Counter[str] = Counter()
    for column in columns:
        for source, names in column.headings.items():
            hits[source] += bool(names & folded)
    order = ("opensid", "bdt", "dtsen", "eppgbm", "plain")
    return max(order, key=lambda source: (hits[source], -order.index(source))) if hits else "plain"


def version_of(source: str) -> str:
    """The code lists that a system's sheets use."""
    return {"bdt": "bdt", "dtsen": "dtsen"}.get(source, "kk")


# --- one row ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading needs to know besides the cells."""

    columns: Mapping[str, Column]
    mapping: Mapping[str, int]
    needs: tuple[str, ...]
    today: date
    version: str
    codes: Mapping[str, Mapping[str, str]]  # code list -> code or folded word -> "bdt/6"
    upper: frozenset[str]  # yes/no fields whose codes are 3/4 in this version
    bits: bool  # id papers are a sum of bits
    place: Callable[
        [Mapping[str, Any]], tuple[str, str]
    ]  # what the row says about places -> village code, or "" and a fault's code
    readers: Sequence[tuple[str, int, Callable[[str], cells.Cell]]] = ()

    def ready(self) -> Setting:
        """The same with one reader for each mapped column, made once for all rows."""
        readers = [
            (name, place, _reader(self.columns[name], self))
            for name, place in self.mapping.items()
            if name in self.columns
        ]
        return Setting(
            self.columns, self.mapping, self.needs, self.today, self.version, self.codes, self.upper, self.bits, self.place, readers
        )  # fmt: skip


def _reader(column: Column, setting: Setting) -> Callable[[str], cells.Cell]:
    """How the cells of a column are read."""
    most, codes = column.most, setting.codes.get(column.code_list or column.name, {})
    readers: Mapping[str, Callable[[str], cells.Cell]] = {
        "text": lambda cell: cells.line(cell, most),
        "number16": cells.number16,
        "sex": cells.sex,
        "day": lambda cell: cells.day(cell, setting.today),
        "yes": lambda cell: cells.yes(cell, upper=column.name in setting.upper),
        "number": lambda cell: cells.number(cell, most=most),
        "square_metres": cells.square_metres,
        "rupiah": cells.rupiah,
        "code": lambda cell: cells.code(cell, codes),
        "region": cells.region,
        "part": cells.region,
        "digits": lambda cell: cells.digits(cell, most),
        "bits": lambda cell: _bits(cell, sum_of_bits=setting.bits),
        "life": _life,
        "presence": lambda cell: _presence(cell, codes),
        "masked16": cells.masked16,
        "weight": cells.weight,
        "birth_weight": cells.birth_weight,
        "length": cells.length,
        "z": cells.z_score,
        "position": cells.position,
    }
    return readers[column.reads]


def read(number: int, row: Sequence[str], setting: Setting) -> Row:
    """One row of a list: our fields with their values, and what is wrong with it. Never raises for any content."""
    found = Row(number, {})
    width = len(row)
    for name, place, reader in setting.readers:
        cell = row[place] if place < width else ""
        if not cell:
            continue
        read_cell = reader(cell)
        if read_cell.value is not None:
            found.values[name] = read_cell.value
            if read_cell.rough:
                found.values[f"{name}_rough"] = True
        if read_cell.fault:
            found.faults.append(Fault(name, read_cell.fault, cell.strip()[:150], read_cell.refused))
    missing = [name for name in setting.needs if name not in found.values]
    told = {fault.field for fault in found.faults if fault.refused}
    found.faults += [Fault(name, f"{name}_missing") for name in missing if name not in told]
    village, fault = setting.place(found.values)
    if fault:
        found.faults.append(Fault("region", fault, _place_said(found.values)))
    else:
        found.values["village"] = village
    _compare(found, setting.today)
    return found


def _place_said(values: Mapping[str, Any]) -> str:
    said = [values.get(name, "") for name in ("region", "village_name", "district_name", "regency_name")]
    return ", ".join(part for part in said if part)[:150]


def _compare(row: Row, today: date) -> None:
    """Facts of one row that contradict each other: remarks, since one of them is true and nobody here knows which."""
    values = row.values
    if number := values.get("nik"):
        sex: Any = {"L": "male", "P": "female"}.get(values.get("sex", ""))
        born = None if values.get("birth_date_rough") else values.get("birth_date")
        for warning in nik_lib.check(number, today=today, birth_date=born, sex=sex):
            row.faults.append(Fault("nik", f"nik_{warning.code}", number, refused=False))
    if values.get("pregnant") and values.get("sex") == "L":
        row.faults.append(Fault("pregnant", "pregnant_man", refused=False))
    born = values.get("birth_date")
    if values.get("nik") and values.get("nik") == values.get("kk"):
        row.faults.append(Fault("nik", "nik_is_kk", values["nik"], refused=False))
    if born and (today - born).days > 115 * 365:
        row.faults.append(Fault("birth_date", "very_old", born.isoformat(), refused=False))


def _bits(cell: str, *, sum_of_bits: bool) -> cells.Cell:
    """Identity papers: a sum of bits (BDT), or one code of 1 to 4 (another printing)."""
    found = cells.number(cell, most=15)
    if found.value is None or sum_of_bits:
        return found
    return (
        cells.Cell(1 << (found.value - 1))
        if 1 <= found.value <= 4
        else cells.Cell(0 if found.value == 0 else None)
    )


_LIVES = {
    **dict.fromkeys(("1", "hidup", "ada", "tetap", "aktif", "ditemukan", "menetap"), "here"),
    **dict.fromkeys(("2", "mati", "meninggal", "meninggaldunia", "wafat", "almarhum"), "dead"),
    **dict.fromkeys(("3", "pindah", "pindahkeluar"), "away"),
}


def _life(cell: str) -> cells.Cell:
    """OpenSID ``status_dasar``: 1 lives here, 2 died, 3 moved; others (lost, invalid) are unknown."""
    if cells.is_empty(cell):
        return cells.NOTHING
    found = _LIVES.get(cells.fold(cell))
    return cells.Cell(found) if found else cells.Cell(None, "life_unreadable")


_PRESENCE = {
    "siks/4": "dead",
    "dtsen/3": "dead",
    "dtsen/2": "away",
    "siks/1": "here",
    "siks/6": "here",
    "dtsen/1": "here",
}


def _presence(cell: str, codes: Mapping[str, str]) -> cells.Cell:
    """Whether a visitor found the person; a code of its own for each version."""
    found = cells.code(cell, codes)
    return cells.Cell(_PRESENCE.get(found.value), found.fault) if found.value else found
