"""A screening as files: one row a household, and one a person and family, with the answers of every rule. No names stand in them."""

from __future__ import annotations

import importlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused
from simpul.programmes.queries import catalogue, screening

UNITS = ("household", "family", "person")


class ProgrammeUnknown(Refused):
    """No programme with this code, or none that has two versions."""

    code = "screen.programme_unknown"
    sentence: Any = _("There are no two versions of “%(code)s” to compare. The programmes are: %(known)s.")


def table(found: screening.Screened, unit: str) -> dict[str, list[Any]]:
    """The rows of a unit: households hold every rule, families and persons those that judge them."""
    return (
        screening.columns_for_file(found) if unit == "household" else screening.columns_for_unit(found, unit)
    )


def as_bytes(columns: Mapping[str, Sequence[Any]], *, parquet: bool) -> bytes:
    """A table as CSV or Parquet. polars is loaded here, so that only who makes a file waits for it."""
    polars = importlib.import_module("polars")
    frame = polars.DataFrame(
        {name: polars.Series(name, list(rows), dtype=polars.Utf8) for name, rows in columns.items()}
    )
    out = io.BytesIO()
    if parquet:
        frame.write_parquet(out)
    else:
        frame.write_csv(out)
    return out.getvalue()


def summary(found: screening.Screened) -> dict[str, list[Any]]:
    """Counts per programme as a table."""
    rows = found.counts()
    return {
        name: [str(row[name]) for row in rows]
        for name in ("programme", "version", "unit", "yes", "no", "unknown")
    }


def write(found: screening.Screened, folder: Path, *, parquet: bool) -> list[Path]:
    """Write the files of a screening into a folder, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = "parquet" if parquet else "csv"
    paths = []
    tables: dict[str, Mapping[str, Sequence[Any]]] = {unit: table(found, unit) for unit in UNITS}
    pairs = screening.crossed(found)
    names = ("first", "second", "both", "first_only", "second_only", "neither")
    tables["summary"] = summary(found)
    tables["crossed"] = {name: [str(row[name]) for row in pairs] for name in names}
    for name, columns in tables.items():
        path = folder / f"{name}.{ending}"
        path.write_bytes(as_bytes(columns, parquet=parquet))
        path.chmod(0o600)
        paths.append(path)
    return paths


def two_versions(code: str, region_code: str, on: date) -> tuple[catalogue.Rule, catalogue.Rule]:
    """The version that holds on a day and the one before it; when it is new and begins later, the one that is coming.

    Raises:
        ProgrammeUnknown: there are no two.
    """
    programme = catalogue.get_programme(code)
    rows = [
        one
        for one in (catalogue.versions_of(code) if programme else [])
        if region_code.startswith(one.region_code)
    ]
    if programme is None or len(rows) < 2:
        raise ProgrammeUnknown(code=code, known=", ".join(_several(region_code)))
    given = catalogue.programme_given(programme)
    after, before = sorted(rows, key=lambda one: (one.valid_from, len(one.region_code)), reverse=True)[:2]
    first, second = (
        catalogue.ready(catalogue.given_of(one), given, on, region_code) for one in (before, after)
    )
    return first, second


def _several(region_code: str) -> list[str]:
    counted = Counter(
        one.programme_id for one in catalogue.versions_all() if region_code.startswith(one.region_code)
    )
    return sorted(code for code, count in counted.items() if count > 1) or ["-"]


def moves(changed: Iterable[screening.Changed]) -> dict[str, int]:
    """How many went from what to what."""
    return dict(Counter(f"{one.before} → {one.after}" for one in changed))


def changed_table(changed: Sequence[screening.Changed]) -> dict[str, list[Any]]:
    """Whose verdict changed, as a table."""
    return {
        "unit": [one.unit for one in changed],
        "id": [str(one.key) for one in changed],
        "household": [str(one.household) for one in changed],
        "before": [one.before for one in changed],
        "after": [one.after for one in changed],
    }


def write_changed(changed: Sequence[screening.Changed], folder: Path, code: str) -> Path:
    """Write the changed verdicts into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"changed-{code}.csv"
    path.write_bytes(as_bytes(changed_table(changed), parquet=False))
    path.chmod(0o600)
    return path
