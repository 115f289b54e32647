"""The processing register (ROPA, UU 27/2022 art. 31), written out of the tables, the kinds of matters and the purposes of consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from simpul.cases.queries import kinds as kind_queries
from simpul.people.queries import consent as consent_queries
from simpul.upkeep.queries import catalogue
from simpul.upkeep.rules.retention import Activity

CLASSES = ("personal", "specific", "identity", "safeguarding")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table: which columns hold personal data of which class, and how long a row is kept."""

    label: str
    about: str
    columns: tuple[tuple[str, str], ...]
    retention: str

    @property
    def classes(self) -> dict[str, int]:
        """How many columns of each class."""
        counted = Counter(kind for _column, kind in self.columns)
        return {kind: counted[kind] for kind in CLASSES if counted[kind]}


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity with its tables."""

    activity: Activity
    tables: tuple[TableRow, ...]

    @property
    def classes(self) -> dict[str, int]:
        """How many columns of each class, over its tables."""
        counted: Counter[str] = Counter()
        for table in self.tables:
            counted.update(table.classes)
        return {kind: counted[kind] for kind in CLASSES if counted[kind]}


def tables() -> dict[str, list[TableRow]]:
    """Every table of the house that says what personal data it holds, by room."""
    found: dict[str, list[TableRow]] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("simpul.") or not hasattr(model, "personal_data"):
            continue
        declared: dict[str, str] = model.personal_data
        about = (model.__doc__ or "").strip().splitlines()[0]
        row = TableRow(
            model._meta.label, about, tuple(declared.items()), str(getattr(model, "retention", ""))
        )
        found.setdefault(model._meta.app_label, []).append(row)
    return found


def entries() -> list[Entry]:
    """The register: each activity with the tables of its rooms."""
    held = tables()
    return [
        Entry(activity, tuple(row for room in activity.rooms for row in held.get(room, ())))
        for activity in catalogue.activities()
    ]


def kinds() -> list[Any]:
    """The kinds of matters, each with its own basis and time."""
    return kind_queries.kinds_all()


def purposes() -> list[Any]:
    """What consent is asked for."""
    return list(consent_queries.purposes().values())


def csv_rows() -> Iterator[list[str]]:
    """The register as rows for a spreadsheet: a heading, then one row a table, kind and purpose."""
    yield [
        "bagian",
        "kegiatan",
        "tujuan",
        "dasar hukum",
        "penerima",
        "tabel",
        "data",
        "jumlah per golongan",
        "masa simpan",
        "keyakinan",
    ]
    for entry in entries():
        act = entry.activity
        for table in entry.tables:
            yield [
                "tabel",
                act.name["id"],
                act.purpose["id"],
                act.basis,
                act.recipients["id"],
                table.label,
                ", ".join(name for name, _kind in table.columns),
                ", ".join(f"{kind} {number}" for kind, number in table.classes.items()),
                table.retention,
                act.confidence,
            ]
    for kind in kinds():
        years = f"{kind.retention_years} tahun setelah ditutup"
        yield [
            "jenis urusan",
            kind.name,
            kind.about,
            kind.basis,
            "",
            "cases.Case",
            "",
            "",
            years,
            kind.confidence,
        ]
    for purpose in purposes():
        yield [
            "persetujuan",
            purpose.name["id"],
            purpose.name["id"],
            purpose.legal,
            purpose.recipients["id"],
            "people.Consent",
            "",
            "",
            f"{purpose.months} bulan" if purpose.months else "sampai ditarik",
            purpose.confidence,
        ]
