"""Lists that are taken in: which there are, how their files are read, what was wrong with their rows."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import areas, sheets, text, when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import FileStore
from simpul.lib.keys import ring
from simpul.people.models import Batch, BatchFault, Layout
from simpul.people.queries import lists
from simpul.people.rules import cells
from simpul.people.rules import faults as fault_rules
from simpul.people.rules import imports as rules
from simpul.regions import queries as region_queries

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
SEALED_AS = "people.batch.file"
"""The context under which the file of a list is encrypted."""
UNPACKED = 1024 * 1024 * 1024
"""The most bytes that a workbook may have when it is unpacked; it is read row by row and never held whole."""


# --- which lists an actor sees --------------------------------------------------------------------------------------------


def batches(by: Actor) -> QuerySet[Batch]:
    """The lists of the actor's own area, newest first; nobody's for roles that take none in."""
    scope = roles.scope_of(by, "batch.open")
    if scope is None:
        return Batch.objects.none()
    rows = Batch.objects.order_by("-started_at")
    if scope is roles.Scope.ALL or "" in by.served_areas:
        return rows
    inside = areas.inside_any(by.served_areas)
    return rows.filter(inside)


def batch_for(by: Actor, batch_id: UUID) -> Batch:
    """One list.

    Raises:
        NotFound: there is no such list, or not for this actor.
    """
    batch = batches(by).filter(id=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def waiting(at: datetime, quiet: timedelta, limit: int = 20) -> list[UUID]:
    """Lists that are to be moved on and at which nobody has worked for ``quiet``, oldest first."""
    idle = Q(beat_at=None) | Q(beat_at__lte=at - quiet)
    rows = Batch.objects.filter(idle, state__in=("trying", "running")).order_by("started_at")
    return list(rows.values_list("id", flat=True)[:limit])


def batch_by_id(batch_id: UUID) -> Batch | None:
    """One list, for the worker."""
    return Batch.objects.filter(id=batch_id).first()


def is_active(at: datetime) -> bool:
    """True when any list is to be moved on."""
    return Batch.objects.filter(state__in=("trying", "running")).exists()


def today_of(region_code: str, at: datetime) -> date:
    """The date in the area of a list."""
    return when.local_date(at, region_queries.zone_of(region_code))


def faults(batch: Batch, *, refused: bool | None = None) -> QuerySet[BatchFault]:
    """What was wrong with a list's rows, in the order of the sheet."""
    rows = BatchFault.objects.filter(batch=batch).order_by("row", "id")
    return rows if refused is None else rows.filter(refused=refused)


def remembered(kind: str, headings: Sequence[str]) -> Layout | None:
    """How a sheet with these headings was read the last time."""
    return Layout.objects.filter(kind=kind, headings_key=layout_key(headings)).first()


def layout_key(headings: Sequence[str]) -> str:
    """The key under which a sheet's columns are remembered."""
    return hashlib.sha256(rules.headings_key(headings).encode()).hexdigest()


# --- columns and codes ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Any]:
    return tomllib.loads((_CATALOGUE / "columns.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def columns(kind: str) -> Mapping[str, rules.Column]:
    """The fields that a kind of list may have, by name, in the order of the catalogue."""
    data = _catalogue()
    sources = tuple(data["sources"])
    return {
        name: rules.Column(
            name=name,
            unit=row["unit"],
            reads=row["reads"],
            label=row["name"],
            label_en=row["name_en"],
            kinds=tuple(row.get("kinds", ("residents",))),
            headings={
                source: frozenset(cells.fold(one) for one in row[source])
                for source in sources
                if source in row
            },
            most=row.get("most", 1_000_000),
            code_list=row.get("list", ""),
        )
        for name, row in data["fields"].items()
        if kind in row.get("kinds", ("residents",))
    }


@lru_cache(maxsize=8)
def codes(version: str) -> Mapping[str, Mapping[str, str]]:
    """For each code list: codes and words, folded, with the code as it is kept ("6" -> "bdt/6")."""
    words: Mapping[str, Mapping[str, str]] = _catalogue()["words"]
    found: dict[str, Mapping[str, str]] = {}
    for name in lists.fields():
        options = lists.options(name, version)
        table: dict[str, str] = {}
        for option in options:
            for said in (option.code.rpartition("/")[2], option.name, option.name_en):
                table.setdefault(cells.fold(said), option.code)
        for said, meaning in words.get(name, {}).items():
            code = next((one.code for one in options if meaning in one.meanings), "")
            if code:
                table.setdefault(cells.fold(said), code)
        found[name] = table
    return found


# --- villages ---------------------------------------------------------------------------------------------------------------


class Places:
    """Finds the village that a row belongs to, inside the area of its list."""

    def __init__(self, region_code: str) -> None:
        self.base = region_code
        self.codes: set[str] = set()
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._districts: dict[str, str] = {}
        self._regency = ""
        self._known: dict[tuple[str, ...], tuple[str, str]] = {}
        self._gather()

    def _gather(self) -> None:
        regency = region_queries.find_region(self.base[:4]) if len(self.base) >= 4 else None
        self._regency = _bare(regency.name) if regency else ""
        if len(self.base) == 10:
            villages = [one for one in [region_queries.find_region(self.base)] if one]
            upper = [one for one in [region_queries.find_region(self.base[:6])] if one]
        else:
            upper = (
                region_queries.children(self.base)
                if len(self.base) == 4
                else [one for one in [region_queries.find_region(self.base)] if one]
            )
            villages = [one for district in upper for one in region_queries.children(district.code)]
        self._districts = {district.code: _bare(district.name) for district in upper}
        for village in villages:
            self.codes.add(village.code)
            district = self._districts.get(village.code[:6], "")
            for key in ((_bare(village.name), ""), (_bare(village.name), district)):
                self._by_name.setdefault(key, []).append(village.code)

    def find(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The village's code, or "" and the code of a fault."""
        said = tuple(
            str(values.get(name, ""))
            for name in (
                "region", "village_name", "district_name", "regency_name",
                "region_province", "region_regency", "region_village",
            )
        )  # fmt: skip
        if said not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[said] = self._find(*said)
        return self._known[said]

    def _find(
        self, code: str, village: str, district: str, regency: str, province: str, kab: str, part: str
    ) -> tuple[str, str]:
        code = code or (part if len(part) == 10 else "")
        if code in self.codes:
            return code, ""
        if code and self._is_elsewhere(code):
            return "", "other_region"
        if regency and self._regency and _bare(regency) != self._regency:
            return "", "other_region"
        bare, bare_district = _bare(village), _bare(district)
        if bare_district and bare_district not in self._districts.values():
            return "", "other_region"
        if bare:
            found = self._by_name.get((bare, bare_district), [])
            if len(found) == 1:
                return found[0], ""
            if found:
                return "", "village_several"
            return "", "other_region" if len(self.base) == 10 else "village_unknown"
        whole = kab if len(kab) == 4 else province[:2] + kab.zfill(2) if province and kab else ""
        if whole and whole != self.base[:4]:
            return "", "other_region"
        if code:
            return "", "village_unknown"
        return (self.base, "") if len(self.base) == 10 else ("", "village_missing")

    def _is_elsewhere(self, code: str) -> bool:
        """True for a village of the ministry's list outside the area; the statistics office has codes of its own."""
        return (not code.startswith(self.base) and len(code) < 10) or (
            not code.startswith(self.base) and region_queries.find_region(code) is not None
        )


_KINDS = ("desa", "kelurahan", "kel", "kecamatan", "kec", "kabupaten", "kab", "kota", "kampung")


def _bare(name: str) -> str:
    """A region's name without its kind, folded: ``"Kab. Bantaeng"`` -> ``"bantaeng"``."""
    words = [word for word in name.replace(".", " ").split() if word]
    while len(words) > 1 and cells.fold(words[0]) in _KINDS:
        del words[0]
    return cells.fold(" ".join(words))


# --- the file -----------------------------------------------------------------------------------------------------------------


def file_of(batch: Batch) -> bytes:
    """The file as it was sent. Raises ``FileMissing`` when its time is over."""
    sealed = FileStore(settings.SIMPUL_FILES).read(batch.sha256)
    return ring().decrypt(sealed, SEALED_AS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head of a file: its headings, its first rows, and how many rows it has."""

    headings: list[str]
    first: list[list[str]]
    rows: int


def look_at(data: bytes, *, first: int = 5) -> Sheet:
    """Read a file through once.

    Raises:
        Refused: it is no table, or has too many rows.
    """
    rows = sheets.numbered(data, largest=UNPACKED)
    headings = next(rows, (0, []))[1]
    shown: list[list[str]] = []
    count = 0
    for _number, row in rows:
        count += 1
        if len(shown) < first:
            shown.append(row)
        if count > rules.MOST_ROWS:
            raise TooManyRows(limit=f"{rules.MOST_ROWS:,}".replace(",", "."))
    return Sheet([heading.strip()[:150] for heading in headings[: sheets.MOST_COLUMNS]], shown, count)


class TooManyRows(Refused):
    """More rows than one list may have."""

    code = "batch.too_many_rows"
    sentence: Any = _(
        "This list has more than %(limit)s rows. Split it by district and send the parts one by one."
    )


def preview(batch: Batch, rows: int = 5) -> list[list[str]]:
    """The first rows as they stand in the file."""
    found = []
    for number, (_place, row) in enumerate(sheets.numbered(file_of(batch), largest=UNPACKED)):
        if number > rows:
            break
        if number:
            found.append(row)
    return found


class Reading:
    """A list being read from its file, row by row; ``catch_up`` and ``portion`` are called in turn."""

    def __init__(self, batch: Batch, today: date) -> None:
        self._batch = batch
        self._today = today
        self.position = 0
        self._rows: Iterator[tuple[int, list[str]]] = iter(())
        self._opened = False
        version = batch.list_version or "kk"
        self._setting = rules.Setting(
            columns=columns(batch.kind),
            mapping={name: int(place) for name, place in batch.mapping.items()},
            needs=rules.KINDS[batch.kind].needs,
            today=today,
            version=version,
            codes=codes(version),
            upper=lists.book().three_four if version in ("bdt", "bdt_b") else frozenset(),
            bits=version != "bdt_b",
            place=Places(batch.region_code).find,
        ).ready()

    def _open(self) -> None:
        self._rows = sheets.numbered(file_of(self._batch), largest=UNPACKED)
        next(self._rows, None)
        self.position, self._opened = 0, True

    def catch_up(self, start: int) -> Iterator[list[rules.Row]]:
        """Read up to the row ``start`` (counted from 0): what an earlier run had taken, some thousand at a time."""
        if not self._opened or self.position > start:
            self._open()
        while self.position < start:
            yield self.portion(min(rules.DRY_PORTION, start - self.position))

    def portion(self, most: int) -> list[rules.Row]:
        """The next rows; fewer than ``most`` only at the end of the file."""
        if not self._opened:
            self._open()
        width = len(self._batch.headings)
        found = []
        for number, row in self._rows:
            one = rules.read(number, row, self._setting)
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                one.faults.append(rules.Fault("", "row_crowded", refused=False))
            found.append(one)
            if len(found) == most:
                break
        self.position += len(found)
        return found


def rows_with_faults(batch: Batch) -> Iterator[tuple[int, list[str], list[BatchFault]]]:
    """The rows of the file about which something was said, with what was said; the headings come first, as row 1."""
    said: dict[int, list[BatchFault]] = {}
    for fault in faults(batch).iterator(chunk_size=2000):
        said.setdefault(fault.row, []).append(fault)
    for place, (number, row) in enumerate(sheets.numbered(file_of(batch), largest=UNPACKED)):
        if not place:
            yield number, row, []
        elif number in said:
            yield number, row, said[number]


def in_words(fault: BatchFault) -> tuple[str, str]:
    """What is wrong, and what to do, in the reader's language."""
    wrong, to_do = fault_rules.sentence(fault.code)
    return gettext(wrong) % {"value": fault.value} if wrong else "", gettext(to_do) if to_do else ""


def label(kind: str, name: str, language: str = "id") -> str:
    """What a field is called."""
    column = columns(kind).get(name)
    if column is None:
        return name
    return column.label_en if language == "en" else column.label


def faults_sheet(batch: Batch, language: str = "id") -> Iterator[list[Any]]:
    """The rows about which something was said, as they were sent, with what is wrong and what to do: a sheet to correct and send again.

    No cell of it is ever run as a formula.
    """
    width = len(batch.headings)
    for number, row, found in rows_with_faults(batch):
        cut = [*row[:width], *[""] * (width - len(row))]
        if not found:
            heads = [gettext("Row"), gettext("Taken in?"), gettext("What is wrong"), gettext("What to do")]
            yield [text.neutralise_cell(cell) for cell in [*cut, *heads]]
            continue
        told = [in_words(fault) for fault in found]
        names = [label(batch.kind, fault.field, language) for fault in found]
        wrong = " ".join(
            f"{name}: {what}" if name else what for name, (what, _do) in zip(names, told, strict=True)
        )
        to_do = " ".join(dict.fromkeys(do for _what, do in told))
        refused = any(fault.refused for fault in found)
        cells_out = [*cut, number, gettext("no") if refused else gettext("yes"), wrong, to_do]
        yield [text.neutralise_cell(cell) for cell in cells_out]


def unfinished(kind: str, region_code: str, data: bytes) -> Batch | None:
    """A list with exactly this content that was begun and not brought to its end."""
    rows = Batch.objects.filter(
        kind=kind, region_code=region_code, size=len(data), state__in=("running", "stopped", "failed")
    )
    return next((batch for batch in rows.order_by("-started_at") if file_of(batch) == data), None)
