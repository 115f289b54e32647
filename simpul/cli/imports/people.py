"""``simpul import residents FILE`` and other lists of people: every row is tried first; with ``--write`` they are then taken in.

A list that was cut off goes on where it stood when the same command is given again with the same file; where a worker runs, it goes on by
itself. Rows that are refused hold nobody up: ``--errors`` writes them to a sheet that can be corrected and given again.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul.desks import queries as desk_queries
from simpul.jobs import importing
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.people.actions import imports
from simpul.people.queries import imports as queries

MOST_TOLD = 50
_PATIENCE = 0.5


def run(args: argparse.Namespace) -> int:
    """Try a list, or take it in; 0 when every row can be (or was) taken in."""
    try:
        data = args.file.read_bytes()
        batch = _begin(args, data)
        if args.write and batch.state != "running":
            batch = _to_its_end(imports.start_batch(by=MACHINE, at=timezone.now(), batch_id=batch.id))
        elif args.write:
            batch = _to_its_end(batch)
    except OSError as fault:
        print(_("The file cannot be opened: %(why)s") % {"why": fault.strerror or fault}, file=sys.stderr)
        return 1
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except importing.ListFailedError as fault:
        print(
            _("The list could not be taken in (%(why)s). Give the same command again to go on.")
            % {"why": fault},
            file=sys.stderr,
        )
        return 1
    if args.errors:
        _write_faults(args.errors, batch)
    if args.json:
        print(json.dumps(_as_data(batch), ensure_ascii=False))
    else:
        _tell(batch)
    return 1 if batch.refused or batch.state not in ("tried", "done") else 0


def _begin(args: argparse.Namespace, data: bytes) -> Any:
    """A list that was cut off, or a new one that has been tried."""
    home = desk_queries.institution()
    region = args.region.replace(".", "") or (home.region_code if home else "")
    known = queries.unfinished(args.kind, region, data) if args.write else None
    if known is not None:
        print(
            _("This list was begun before; it goes on at row %(row)s.") % {"row": known.next_row + 2},
            file=sys.stderr,
        )
        return known
    batch = imports.open_batch(
        by=MACHINE,
        at=timezone.now(),
        kind=args.kind,
        file_name=args.file.name,
        data=data,
        region_code=region,
        list_version=args.list_version,
        as_of_date=args.as_of,
        source_words=args.source,
    )
    return _to_its_end(imports.try_batch(by=MACHINE, at=timezone.now(), batch_id=batch.id))


def _to_its_end(batch: Any) -> Any:
    """Move a list on until it is tried or taken in, with its progress on standard error."""
    began, first = time.monotonic(), batch.next_row
    while batch.state in ("trying", "running"):
        done = importing.step(batch.id, timezone.now())
        if done is None:
            time.sleep(_PATIENCE)  # a worker has it: watch it
            batch.refresh_from_db()
            continue
        batch = done
        rate = (batch.next_row - first) / max(time.monotonic() - began, 0.001)
        print(
            _("%(done)s of %(all)s rows, %(rate)s a second")
            % {"done": f"{batch.next_row:,}", "all": f"{batch.rows:,}", "rate": f"{rate:,.0f}"},
            end="\r" if sys.stderr.isatty() else "\n",
            file=sys.stderr,
            flush=True,
        )
    return batch


def _write_faults(path: Path, batch: Any) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(queries.faults_sheet(batch, get_language() or "id"))


def _counts(batch: Any) -> dict[str, int]:
    return {name: getattr(batch, name) for name in ("added", "changed", "unchanged", "refused", "doubtful")}


def _as_data(batch: Any) -> dict[str, Any]:
    return {
        "batch": str(batch.id),
        "written": batch.state == "done",
        "state": batch.state,
        "rows": batch.rows,
        **_counts(batch),
        "faults": [
            {
                "row": one.row,
                "field": one.field,
                "code": one.code,
                "refused": one.refused,
                "why": " ".join(queries.in_words(one)),
            }
            for one in queries.faults(batch)[:1000]
        ],
    }


def _tell(batch: Any) -> None:
    found = queries.faults(batch, refused=True)
    for one in found[:MOST_TOLD]:
        where = {
            "row": one.row,
            "field": queries.label(batch.kind, one.field),
            "why": " ".join(queries.in_words(one)),
        }
        said = _("Row %(row)s, %(field)s: %(why)s") if where["field"] else _("Row %(row)s: %(why)s")
        print(said % where)
    more = found.count() - MOST_TOLD
    if more > 0:
        print(_("... and %(n)s more. Use --errors FILE to get them all.") % {"n": more})
    if batch.state == "done":
        print(
            _("Taken in: %(added)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.")
            % _counts(batch)
        )
    else:
        print(
            _(
                "Tried, nothing was written: %(added)s new, %(changed)s to change, %(unchanged)s unchanged, %(refused)s refused."
            )
            % _counts(batch)
        )
        print(_("To take them in, give the same command with --write."))
    if batch.doubtful:
        print(_("Doubtful, for a person to look at: %(doubtful)s.") % _counts(batch))
