"""``simpul growth IN.csv OUT.csv``: z-scores, legal classes and flags of every child in a list.

Writes the same rows with more columns (docs/operations/growth.md): scores by WHO's method (days), by the regulation's (completed months),
the legal classes, and what is remarkable. Reads and writes piece by piece, needs no installation and sends nothing anywhere.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from simpul.cli.growth import cells, rows
from simpul.cli.plain import say as _
from simpul.posyandu.rules import growth

DELIMITERS = ",;\t|"
PIECE = 20_000
MEASURES = ("weight_kg", "length_cm", "head_cm", "muac_cm")
csv.field_size_limit(1_000_000)


class ListError(Exception):
    """The list cannot be used; the sentence says why and what to do."""


def run(args: argparse.Namespace) -> int:
    """0 written; 1 the list was refused, with a sentence; 2 wrong use."""
    source, target = Path(args.source), Path(args.target)
    if source.resolve() == target.resolve():
        print(_("The result needs a file of its own: name another one than the list."), file=sys.stderr)
        return 2
    started = time.perf_counter()
    part = target.with_name(target.name + ".part")
    try:
        with _opened(source) as file:
            work = _work(file, part, growth.BOUNDS[args.bounds])
        part.replace(target)
    except (ListError, OSError, csv.Error) as fault:
        part.unlink(missing_ok=True)
        print(_why(fault), file=sys.stderr)
        return 1
    seconds = time.perf_counter() - started
    _tell(work, args, seconds)
    return 0


def _why(fault: Exception) -> str:
    if isinstance(fault, OSError):
        where = str(fault.filename or "").removesuffix(".part")
        return _("%(file)s cannot be read or written: %(why)s.") % {
            "file": where,
            "why": fault.strerror or str(fault),
        }
    if isinstance(fault, csv.Error):
        return _("This is no readable CSV file: %(why)s.") % {"why": fault}
    return str(fault)


def _opened(source: Path) -> TextIO:
    """The list as text. Bytes that are no UTF-8 go through as they came; UTF-16 is known by its mark."""
    with source.open("rb") as file:
        begin = file.read(4096)
    if begin.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ListError(_("This is a spreadsheet file. Save it as CSV first."))
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.open(encoding="utf-16", errors="replace", newline="")
    if b"\x00" in begin:
        raise ListError(_("This is no CSV file: it holds binary data."))
    return source.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _work(file: TextIO, target: Path, bounds: growth.Bounds) -> rows.Work:
    first, delimiter, lines = _heading(file)
    reader = csv.reader(lines, delimiter=delimiter)
    header = next(reader, [])
    work = rows.Work(_places(header), bounds)
    with target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
        out.write(first)
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([*header, *rows.ADDED])
        wide, ours = len(header), tuple(work.places.values())
        read = reader.line_num
        while piece := list(itertools.islice(reader, PIECE)):
            looked = ours if reader.line_num - read > len(piece) else ()  # only then a cell holds a line end
            read = reader.line_num
            piece = [row for row in piece if row]
            marks = [_squared(row, wide, delimiter, looked) for row in piece]
            if piece:
                answers = work.answer(piece, marks)
                writer.writerows([*row, *more] for row, more in zip(piece, answers, strict=True))
    return work


def _squared(row: list[str], wide: int, delimiter: str, ours: Collection[int]) -> str:
    """Make the row as wide as the heading; returns what was wrong with it. What stands beyond the heading is kept in the last cell.

    A line end inside a cell of ours is a quote that nobody closed: the rows behind it lie in that cell, all of them kept.
    """
    if any("\n" in row[at] for at in ours if at < len(row)):
        mark = "open_quote"
    elif len(row) < wide:
        mark = "too_few_cells"
    else:
        mark = "too_many_cells" if any(cell.strip() for cell in row[wide:]) else ""
    if len(row) < wide:
        row.extend([""] * (wide - len(row)))
    elif mark and len(row) > wide:
        row[wide - 1 :] = [delimiter.join(row[wide - 1 :])]
    del row[wide:]
    return mark


def _heading(file: TextIO) -> tuple[str, str, Iterator[str]]:
    """What is written before the heading, the sign between columns, and the lines from the heading on.

    Spreadsheets may write ``sep=;`` first. Else the sign is taken under which the heading names most fields.
    """
    line = next((line for line in file if line.strip()), "")
    if not line:
        raise ListError(_("The list is empty. Its first line names the columns."))
    said = re.fullmatch(r"\"?sep=(.)\"?[,;]*", line.strip(), re.IGNORECASE)
    if said and said[1] in DELIMITERS:
        return f"sep={said[1]}\n", said[1], iter(file)
    sign = max(DELIMITERS, key=lambda sign: (_known(line, sign), line.count(sign)))
    return "", sign, itertools.chain((line,), file)


def _known(line: str, sign: str) -> int:
    names: Iterable[str] = next(csv.reader([line], delimiter=sign), [])
    return len({cells.column(name) for name in names} & set(cells.FIELDS))


def _places(header: list[str]) -> dict[str, int]:
    """In which column each field stands. A field's own name goes before what lists call it."""
    own = [name.strip().strip("\ufeff").casefold() for name in header]
    names = [cells.column(name) for name in header]
    names = [mine if mine in cells.FIELDS else name for mine, name in zip(own, names, strict=True)]
    for at, (mine, name) in enumerate(zip(own, names, strict=True)):
        if mine != name and names.count(name) > 1 and name in own:
            names[at] = mine
    for name, count in Counter(names).items():
        if count > 1 and name in cells.FIELDS:
            raise ListError(_("The column “%(name)s” stands in the heading twice.") % {"name": name})
    taken = [name for name in rows.ADDED if name in own]
    if taken:
        raise ListError(
            _("The list has a column “%(name)s” already. Rename or remove it.") % {"name": taken[0]}
        )
    places = {name: at for at, name in enumerate(names) if name in cells.FIELDS}
    if not places.keys() & set(MEASURES):
        raise ListError(
            _("There is nothing to reckon with: name at least one of the columns %(columns)s.")
            % {"columns": ", ".join(MEASURES)}
        )
    return places


# --- telling ----------------------------------------------------------------------------------------------------------


def _tell(work: rows.Work, args: argparse.Namespace, seconds: float) -> None:
    summary: dict[str, Any] = {
        "rows": work.rows,
        "scores": dict(work.scored),
        "classes": {
            name: {label: count for label, count in sorted(counts.items()) if label}
            for name, counts in work.classes.items()
        },
        "flags": dict(sorted(work.flags.items())),
        "bounds": work.bounds.version,
        "seconds": round(seconds, 2),
        "rows_per_second": round(work.rows / seconds) if seconds else 0,
    }
    print(
        _("%(rows)s rows written in %(seconds)s seconds.")
        % {"rows": work.rows, "seconds": summary["seconds"]},
        file=sys.stderr,
    )
    for name, index in growth.INDEX.items():
        counts = ", ".join(f"{label} {count}" for label, count in summary["classes"][name].items())
        print(f"  {name} ({index}_m): {counts or '-'}", file=sys.stderr)
    missing = [name for name in ("sex",) if name not in work.places]
    if missing:
        print(_("The list has no column “sex”: without it there are no scores."), file=sys.stderr)
    if summary["flags"]:
        said = ", ".join(f"{name} {count}" for name, count in summary["flags"].items())
        print(_("Flags: %(flags)s.") % {"flags": said}, file=sys.stderr)
    if work.flags["too_many_cells"]:
        print(
            _(
                "%(count)s rows have more cells than the heading and were not reckoned. Is a comma missing its quotes?"
            )
            % {"count": work.flags["too_many_cells"]},
            file=sys.stderr,
        )
    if work.flags["open_quote"]:
        print(
            _(
                "%(count)s rows hold the lines behind them: a quote was not closed. Mend it and run the list again."
            )
            % {"count": work.flags["open_quote"]},
            file=sys.stderr,
        )
    if args.json:
        print(json.dumps(summary))
