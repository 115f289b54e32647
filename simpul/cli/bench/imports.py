"""A list of residents taken in from its file: tried, taken in, and taken in again, in rows a second.

The list is made up: an OpenSID-like sheet, four people to a family card, every twentieth row with something to remark. Measured on an
installation of its own, by the same portions that the worker takes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import sys
import time
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from simpul.cli import house
from simpul.jobs import importing
from simpul.lib.actor import MACHINE
from simpul.people.actions import imports
from simpul.regions import actions as region_actions

REGION = "7303"
VILLAGES = ("Bonto Jai", "Bonto Salluang", "Bonto Manai", "Bonto Langkasa")
_FIRST = (
    "Baso",
    "Andi",
    "Sitti",
    "Nur",
    "Muhammad",
    "Abdul",
    "Hasan",
    "Amir",
    "Rahma",
    "Jumriah",
    "Kasmawati",
    "Saharuddin",
)
_LAST = (
    "Ngalle",
    "Bau",
    "Intan",
    "Tompo",
    "Sija",
    "Lau",
    "Naba",
    "Tayang",
    "Rate",
    "Jarre",
    "Bella",
    "Kanang",
)
_HEAD = (
    "alamat", "dusun", "rw", "rt", "nama", "no_kk", "nik", "sex", "tempatlahir", "tanggallahir", "agama_id", "pendidikan_kk_id",
    "status_kawin", "kk_level", "nama_ayah", "nama_ibu", "hamil", "status_dasar", "desa",
)  # fmt: skip


def made_up(rows: int, seed: int = 11) -> bytes:
    """The sheet."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for place in range(rows):
        writer.writerow(_row(place, chance))
    return out.getvalue().encode()


def _row(place: int, chance: random.Random) -> list[str]:
    card, inside = divmod(place, 4)
    born = date(1940, 1, 2) + timedelta(days=chance.randrange(30_500))
    sex = chance.choice("12")
    day = born.day + (40 if sex == "2" else 0)
    nik = f"{730301 + place % 8:06}{day:02}{born.month:02}{born.year % 100:02}{place // 8 % 9999 + 1:04}"
    written = born.strftime("%d/%m/%Y") if place % 20 else f"01/01/{born.year}"
    name = f"{chance.choice(_FIRST)} {chance.choice(_FIRST)} {chance.choice(_LAST)} {place % 997}"
    village = VILLAGES[card % len(VILLAGES)]
    return [
        f"Jalan Poros {card % 300}", f"Dusun {card % 5}", str(card % 4 + 1), str(card % 7 + 1), name, f"730301{card:010}", nik, sex,
        "Bantaeng", written, "1", "3", "2" if inside < 2 else "1", str((1, 3, 4, 4)[inside]), "Ayah", f"Ibu {card}", "2", "1", village,
    ]  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    house.migrate()
    region_actions.load_regions(by=MACHINE, at=timezone.now(), only=REGION)
    data = made_up(args.size)
    print(f"imports: {args.size:,} rows, {len(data) / 1e6:,.1f} MB", file=sys.stderr, flush=True)
    found = [
        _measure("tried", data, write=False),
        _measure("taken in", data, write=True),
        _measure("again", data, write=True),
    ]
    if args.json:
        print(json.dumps({"bench": "imports", "rows": args.size, "steps": found}))
        return 0
    print(
        "| step | seconds | rows/s | added | changed | unchanged | refused | doubtful |\n|---|---|---|---|---|---|---|---|"
    )
    for one in found:
        print(
            f"| {one['step']} | {one['seconds']:.1f} | {one['rate']:,.0f} | {one['added']:,} | {one['changed']:,} | "
            f"{one['unchanged']:,} | {one['refused']:,} | {one['doubtful']:,} |"
        )
    print(
        f"memory of the process at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )
    return 0


def _measure(step: str, data: bytes, *, write: bool) -> dict[str, Any]:
    batch = imports.open_batch(
        by=MACHINE, at=timezone.now(), kind="residents", file_name="warga.csv", data=data, region_code=REGION
    )
    batch = imports.try_batch(by=MACHINE, at=timezone.now(), batch_id=batch.id)
    began = time.monotonic()
    batch = _to_its_end(batch)
    if write:
        batch = imports.start_batch(by=MACHINE, at=timezone.now(), batch_id=batch.id)
        began = time.monotonic()
        batch = _to_its_end(batch)
    seconds = time.monotonic() - began
    counts = {name: getattr(batch, name) for name in ("added", "changed", "unchanged", "refused", "doubtful")}
    return {"step": step, "seconds": round(seconds, 2), "rate": batch.rows / seconds, **counts}


def _to_its_end(batch: Any) -> Any:
    while batch.state in ("trying", "running"):
        done = importing.step(batch.id, timezone.now())
        if done is None:
            raise RuntimeError("Somebody else takes this list in")
        batch = done
        if batch.next_row % 20_000 < 1_000:
            print(f"  {batch.state}: {batch.next_row:,} of {batch.rows:,}", file=sys.stderr, flush=True)
    return batch
