"""``simpul match IN.csv OUT.csv``: which rows of a list are one person.

Writes the same rows with two columns more: ``cluster``, equal for rows of one person, and ``score``, 0 to 1: how sure the row's
surest link is (below the threshold: how near it came to one). Needs no installation and sends nothing anywhere.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.errors import Refused
from simpul.people import linkage
from simpul.people.queries import match_weights

ADDED = ("cluster", "score")
_DELIMITERS = ",;\t|"
_TELLING = 12
"""So many different numbers that all end in 0 are no chance."""
_HEADINGS = {
    name: field
    for field, names in {
        "nik": "nik nonik nomornik nomorindukkependudukan noktp",
        "kk": "kk nokk nomorkk nomorkartukeluarga nokartukeluarga",
        "name": "name nama namalengkap fullname",
        "sex": "sex gender jk jeniskelamin kelamin",
        "birth_date": "birthdate dateofbirth tgllahir tanggallahir",
        "birth_place": "birthplace placeofbirth tmplahir tempatlahir tptlahir",
        "address": "address alamat",
        "region": "region regioncode kodewilayah wilayah",
    }.items()
    for name in names.split()
}
"""What lists here call the columns, beside their own names; without blanks and signs."""
csv.field_size_limit(1_000_000)


@dataclass(slots=True)
class Table:
    """The list as it was read. ``places`` says in which column each field stands."""

    header: list[str]
    rows: list[list[str]]
    places: dict[str, int]
    delimiter: str = ","
    padded: int = 0
    faults: list[str] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    """0 written; 1 the list was refused, with a sentence; 2 wrong use."""
    source, target = Path(args.source), Path(args.target)
    if source.resolve() == target.resolve():
        print(_("The result needs a file of its own: name another one than the list."), file=sys.stderr)
        return 2
    started = time.perf_counter()
    try:
        table = _read(source)
    except OSError as fault:
        print(_("%(file)s cannot be read: %(why)s.") % _said(source, fault), file=sys.stderr)
        return 1
    if table.faults:
        print("\n".join(table.faults), file=sys.stderr)
        return 1
    try:
        summary = _match(table, target)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as fault:
        print(_("%(file)s cannot be written: %(why)s.") % _said(target, fault), file=sys.stderr)
        return 1
    summary["seconds"] = round(time.perf_counter() - started, 2)
    _tell(summary, args)
    return 0


def _said(file: Path, fault: OSError) -> dict[str, str]:
    return {"file": str(file), "why": fault.strerror or str(fault)}


def _match(table: Table, target: Path) -> dict[str, Any]:
    """Link the rows and write them; returns what to tell."""
    rows = linkage.Rows(timezone.localdate())
    rounded = _rounded(table)
    columns = [-1 if name in rounded else table.places.get(name, -1) for name in linkage.FIELDS]
    for row in table.rows:
        rows.add([row[at] if at >= 0 else "" for at in columns])
    with target.open("w", encoding="utf-8", newline="") as file:  # before the long work: can it be written?
        links = linkage.link(
            rows, match_weights.weights(), backend=settings.SIMPUL_MATCH_BACKEND, look_from=0.3
        )
        writer = csv.writer(file, delimiter=table.delimiter, lineterminator="\n")
        writer.writerow([*table.header, *ADDED])
        first = table.places["id"]
        writer.writerows(
            [*row, table.rows[cluster][first], f"{score:.4f}"]
            for row, cluster, score in zip(table.rows, links.cluster, links.score, strict=True)
        )
    sizes = Counter(links.cluster)
    return {
        "rows": rows.count,
        "persons": len(sizes),
        "clusters_of_several": sum(size > 1 for size in sizes.values()),
        "rows_in_them": sum(size for size in sizes.values() if size > 1),
        "doubtful_pairs": sum(score < linkage.THRESHOLD for _one, _other, score in links.pairs),
        "unreadable_dates": rows.bad_dates,
        "short_rows": table.padded,
        "rounded_columns": rounded,
    }


def _rounded(table: Table) -> list[str]:
    """Columns of numbers that a spreadsheet has rounded to fifteen digits: all end in 0, and twins have one NIK there."""
    found = []
    for name in ("nik", "kk"):
        at = table.places.get(name, -1)
        numbers = {row[at].strip().lstrip("'") for row in table.rows} if at >= 0 else set()
        whole = {number for number in numbers if len(number) == 16 and number.isdigit()}
        if len(whole) >= _TELLING and all(number.endswith("0") for number in whole):
            found.append(name)
    return found


def _tell(summary: dict[str, Any], args: argparse.Namespace) -> None:
    print(
        _("%(rows)s rows, %(persons)s persons; %(rows_in_them)s rows share a person with another row.")
        % summary,
        file=sys.stderr,
    )
    if summary["doubtful_pairs"]:
        print(_("%(doubtful_pairs)s pairs are doubtful and were left apart.") % summary, file=sys.stderr)
    if summary["unreadable_dates"]:
        print(
            _("%(unreadable_dates)s birth dates could not be read and count as missing.") % summary,
            file=sys.stderr,
        )
    if summary["short_rows"]:
        print(_("%(short_rows)s rows have fewer columns than the heading.") % summary, file=sys.stderr)
    for name in summary["rounded_columns"]:
        print(
            _(
                "All numbers in the column “%(name)s” end in 0: a spreadsheet has rounded them, so they were left out."
            )
            % {"name": name},
            file=sys.stderr,
        )
    if args.json:
        print(json.dumps(summary))


# --- reading --------------------------------------------------------------------------------------------------------


def _read(source: Path) -> Table:
    """The list, or what is wrong with it in sentences: nothing is written when anything is."""
    raw = source.read_bytes()
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _refused(_("This is a spreadsheet file. Save it as CSV first."))
    text = _text(raw)
    if "\x00" in text:
        return _refused(_("This is no CSV file: it holds binary data."))
    text, delimiter = _delimited(text)
    try:
        lines = [
            line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if any(map(str.strip, line))
        ]
    except csv.Error as fault:
        return _refused(_("This is no readable CSV file: %(why)s.") % {"why": fault})
    if not lines:
        return _refused(_("The list is empty. Its first line names the columns."))
    return _table(lines, delimiter)


def _delimited(text: str) -> tuple[str, str]:
    """The text from its heading on, its lines ended as here, and what stands between its columns.

    Spreadsheets may write ``sep=;`` first. Else the sign is taken under which the heading names most columns that are known.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    heading, _end, rest = text.partition("\n")
    said = re.fullmatch(r"\"?sep=(.)\"?[,;]*", heading.strip("\n \ufeff"), re.IGNORECASE)
    if said:
        return rest, said[1] if said[1] in _DELIMITERS else "\t"
    return text, max(_DELIMITERS, key=lambda sign: (_known(heading, sign), heading.count(sign)))


def _known(heading: str, sign: str) -> int:
    names = next(csv.reader([heading], delimiter=sign), [])
    return len({_column(name) for name in names} & {"id", *linkage.FIELDS})


def _column(heading: str) -> str:
    """The field that a heading names: its own name, or what lists here call it."""
    name = heading.strip().casefold()
    return _HEADINGS.get(re.sub(r"[^a-z]", "", name), name)


def _refused(sentence: str) -> Table:
    return Table([], [], {}, faults=[sentence])


def _text(raw: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else as Windows writes it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _table(lines: list[list[str]], delimiter: str) -> Table:
    header = lines[0]
    names = [_column(name) for name in header]
    for at, name in enumerate(header):  # a column's own name goes before what others call it
        if (own := name.strip().casefold()) != names[at] and names.count(names[at]) > 1:
            names[at] = own
    faults = [
        _("The column “%(name)s” stands in the heading twice.") % {"name": name}
        for name, count in Counter(names).items()
        if count > 1 and name in ("id", *linkage.FIELDS)
    ]
    taken = [name for name in ADDED if name in names]
    if taken:
        faults.append(
            _("The list has a column “%(name)s” already. Rename or remove it.") % {"name": taken[0]}
        )
    if "id" not in names:
        faults.append(_("The column “id” is missing. The first line names the columns: %(columns)s.") % {
            "columns": ", ".join(("id", *linkage.FIELDS))
        })  # fmt: skip
    elif not set(names) & set(linkage.FIELDS):
        faults.append(
            _("There is nothing to compare: name at least one of the columns %(columns)s.")
            % {"columns": ", ".join(linkage.FIELDS)}
        )
    if faults:
        return Table(header, [], {}, faults=faults)
    table = Table(header, lines[1:], {name: at for at, name in enumerate(names)}, delimiter)
    _square(table)
    _check_ids(table)
    return table


def _square(table: Table) -> None:
    """Rows as wide as the heading: short ones are filled, long ones refused, because their columns have slipped."""
    wide = len(table.header)
    for number, row in enumerate(table.rows, 2):
        if len(row) < wide:
            row.extend([""] * (wide - len(row)))
            table.padded += 1
        elif len(row) > wide:
            if any(row[wide:]):
                table.faults.append(
                    _("Row %(row)s has more columns than the heading. Is a comma missing its quotes?")
                    % {"row": number}
                )
                if len(table.faults) >= 10:
                    return
            del row[wide:]


def _check_ids(table: Table) -> None:
    at = table.places["id"]
    counts = Counter(row[at].strip() for row in table.rows)
    if counts.get(""):
        table.faults.append(_("%(count)s rows have no id. Each row needs one.") % {"count": counts[""]})
    twice = [name for name, count in counts.items() if count > 1 and name]
    if twice:
        table.faults.append(
            _("%(count)s ids stand in several rows, such as %(ids)s. Each row needs an id of its own.")
            % {"count": len(twice), "ids": ", ".join(twice[:5])}
        )
