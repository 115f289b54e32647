"""``simpul import lapor FILE``: try every row first and change nothing; with ``--write`` take the rows in.

What was taken in is known by its number, so an import that was cut off is run again with the same file and goes on where it
stopped. Rows that are refused are told one by one, and can be written to a file to be corrected and given again.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cases.actions import lapor as lapor_actions
from simpul.cases.queries import lapor as lapor_queries
from simpul.cases.rules import lapor as lapor_rules
from simpul.cli.imports import people
from simpul.jobs import importing
from simpul.lib import sheets, text
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused

MOST_TOLD = 50


@dataclass
class Outcome:
    """What became of the rows."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str, str, list[str]]] = field(default_factory=list)  # line, number, why, cells
    header: list[str] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    """Try or take in a file; 0 when every row can be (or was) taken in, 1 when some were refused or the file cannot be read."""
    if args.kind in importing.TAKERS:
        return people.run(args)
    if args.kind not in KINDS:
        kinds = ", ".join([*KINDS, *importing.TAKERS])
        print(
            _("There is no kind of list “%(kind)s”. There are: %(kinds)s.")
            % {"kind": args.kind, "kinds": kinds},
            file=sys.stderr,
        )
        return 2
    try:
        found = KINDS[args.kind](args.file.read_bytes(), args.write)
    except OSError as fault:
        print(_("The file cannot be opened: %(why)s") % {"why": fault.strerror or fault}, file=sys.stderr)
        return 1
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if args.errors and found.refused:
        _write_refused(args.errors, found)
    if args.json:
        print(json.dumps(_as_data(found, written=args.write), ensure_ascii=False))
    else:
        _tell(found, written=args.write)
    return 1 if found.refused else 0


class ColumnsMissing(Refused):
    """The file lacks columns without which a row says nothing."""

    code = "import.columns_missing"
    sentence = gettext_lazy(
        "Columns are missing: %(columns)s. Their names are in simpul/cases/catalogue/lapor.toml."
    )


def _lapor(data: bytes, write: bool) -> Outcome:
    """Every row of an export of SP4N-LAPOR, each in its own transaction."""
    table = lapor_queries.table()
    rows = enumerate(sheets.rows(data), start=1)
    _line, header = next(rows, (0, []))
    places, missing = lapor_rules.places_of(header, table)
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    found = Outcome(header=header)
    for line, row in rows:
        cells = {key: row[place] if place < len(row) else "" for key, place in places.items()}
        outcome = _one(cells, table, write)
        if outcome in ("new", "changed", "again"):
            found.counts[outcome] += 1
        else:
            found.refused.append((line, cells.get("number", "").strip(), outcome, row))
    return found


def _one(cells: Mapping[str, str], table: lapor_rules.Table, write: bool) -> str:
    """What became of one row, or why it was refused. Without ``write`` it is taken back at once."""
    now = timezone.now()
    report, faults = lapor_rules.read_report(cells, table, now)
    if report is None:
        return "; ".join(_(fault.sentence) % {"value": fault.value} for fault in faults)
    try:
        with transaction.atomic():
            done = lapor_actions.import_lapor(by=MACHINE, at=now, report=report)
            if not write:
                transaction.set_rollback(True)
    except Refused as refusal:
        return str(refusal)
    return done.outcome


KINDS: Mapping[str, Callable[[bytes, bool], Outcome]] = {"lapor": _lapor}
"""What can be taken in, by the word on the command line."""


def _write_refused(path: Path, found: Outcome) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*found.header, _("why it was refused")])
        for _line, _number, why, cells in found.refused:
            padded = [*cells, *[""] * (len(found.header) - len(cells))]
            writer.writerow([*(text.neutralise_cell(cell) for cell in padded), why])


def _as_data(found: Outcome, *, written: bool) -> dict[str, object]:
    return {
        "written": written,
        "new": found.counts["new"],
        "changed": found.counts["changed"],
        "again": found.counts["again"],
        "refused": [
            {"line": line, "number": number, "why": why} for line, number, why, _cells in found.refused
        ],
    }


def _tell(found: Outcome, *, written: bool) -> None:
    for sentence in _sentences(found, written=written):
        print(sentence)


def _sentences(found: Outcome, *, written: bool) -> Iterator[str]:
    for line, number, why, _cells in found.refused[:MOST_TOLD]:
        yield _("Row %(line)s (%(number)s): %(why)s") % {"line": line, "number": number or "–", "why": why}
    if len(found.refused) > MOST_TOLD:
        yield _("... and %(n)s more. Use --errors FILE to get them all.") % {
            "n": len(found.refused) - MOST_TOLD
        }
    numbers = {"new": found.counts["new"], "changed": found.counts["changed"], "again": found.counts["again"]}
    if written:
        yield _("Taken in: %(new)s new, %(changed)s brought up to date, %(again)s known already.") % numbers
    else:
        yield (
            _(
                "Tried, nothing was written: %(new)s new, %(changed)s to bring up to date, %(again)s known already."
            )
            % numbers
        )
        yield _("To take them in, give the same command with --write.")
    if found.refused:
        yield _("%(n)s rows were refused. The others are not held up by them.") % {"n": len(found.refused)}
