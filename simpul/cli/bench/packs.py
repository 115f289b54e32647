"""Packs: how long one is made, how small it is, and how long a telephone in the hills waits for it.

Invented families are written straight into the tables, 330 households to a village with four hamlets; then the pack of a facilitator who
serves all these villages is made as the worker makes it, fetched over a real socket that lets 128 kbit/s through after 600 ms, and read as
a telephone reads it. A day's work is one pull after fifty visits and corrections. ``--cases`` is the number of households.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import socket
import sys
import threading
import time
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from simpul.cli import house
from simpul.cli.bench import bulk, people_rows
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE
from simpul.lib.ids import uuid7
from simpul.outreach import actions as outreach_actions
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.sync.actions import packing
from simpul.sync.queries import packs, projection
from simpul.sync.queries import view as views
from simpul.sync.rules.canonical import unb64

SIZES = (1_000,)
TO_A_VILLAGE = 330
HAMLETS = 4
RATE = 16_000
"""Bytes a second: 128 kbit/s."""
DELAY = 0.6
"""Seconds of one way there and back."""
CALLS = 4
"""Enrol, hello, pack, pull: what a first sync asks."""
PIECE = 64_000
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
AREA = "73"
ROLE = "facilitator"
_HOUSEHOLD = {
    "meals_per_day": "2",
    "income_month": "750000",
    "fridge": "no",
    "motorcycle": "yes",
    "goats": "3",
    "has_kks": "no",
}
_PERSON = {"works": "no", "schooling": "2", "marital": "2", "pregnant": "no", "disability": "0"}
LONGEST_TRANSFER = 10_000
"""Above so many households the time of the way is worked out only."""


def run(args: argparse.Namespace) -> int:
    """Measure each size in one database, the smaller ones first, and print."""
    house.migrate()
    found, filled = [], 0
    for size in sorted(args.cases or SIZES):
        _fill(size - filled, filled)
        filled = size
        found.append(_measured(size))
        print(f"packs: {size:,} households", file=sys.stderr, flush=True)
    if args.json:
        print(json.dumps({"bench": "packs", "database": connection.vendor, "rows": found}))
        return 0
    print(
        "| households | persons | made s | bytes | B a household | first sync s (worked out) | transferred s | read s | a day down B |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for one in found:
        moved = f"{one['transferred']:.1f}" if one["transferred"] is not None else "–"
        print(
            f"| {one['households']:,} | {one['persons']:,} | {one['made']:.1f} | {one['bytes']:,} | {one['bytes'] / one['households']:.1f} "
            f"| {one['first_sync']:.1f} | {moved} | {one['read']:.2f} | {one['day']:,} |"
        )
    print(
        f"{connection.vendor}; 128 kbit/s, {int(DELAY * 1000)} ms; aim: 8,000 households in 500,000 bytes and 60 s"
    )
    return 0


def _measured(size: int) -> dict[str, Any]:
    began = time.perf_counter()
    row = packing.build_pack(by=MACHINE, at=NOW + timedelta(seconds=size), role=ROLE, areas=(AREA,))
    made = time.perf_counter() - began
    data = packs.read(row.hash, 0, row.size)
    began = time.perf_counter()
    tables: Any = packs.opened(data, unb64(row.key))["tables"]
    reading = time.perf_counter() - began
    return {
        "households": row.households,
        "persons": len(tables["persons"]),
        "made": round(made, 2),
        "bytes": row.size,
        "first_sync": round(row.size / RATE + CALLS * DELAY, 1),
        "transferred": round(transferred(data), 1) if size <= LONGEST_TRANSFER else None,
        "read": round(reading, 2),
        "day": a_day(size),
        "parts": parts(tables),
    }


def a_day(size: int) -> int:
    """Bytes of the pull that brings down what a day of fifty entries changed: 25 visits, 15 households and 10 persons corrected."""
    officer = replace(MACHINE, name="Rosmini", region_code=AREA)
    draw = random.Random(size)  # noqa: S311 - invented people
    at = NOW + timedelta(days=1)
    journal_actions.seal_journal(by=MACHINE, at=at, limit=1_000_000)
    cursor = projection.newest_position()
    homes = list(people_access.households(officer).order_by("id").values_list("id", "head_id"))
    for number, (home, head) in enumerate(draw.sample(homes, 50)):
        if number < 25:
            found = outreach_actions.Found("met", "Ibu rumah tangga", "Atap bocor di dapur.", -5.51, 119.91)
            outreach_actions.record_visit(by=officer, at=at, household_id=home, visited_at=at, found=found)
        elif number < 40:
            people_actions.change_household(by=officer, at=at, household_id=home, changes=_HOUSEHOLD)
        else:
            people_actions.change_profile(by=officer, at=at, person_id=head, changes=_PERSON)
    journal_actions.seal_journal(by=MACHINE, at=at, limit=1_000_000)
    view = views.shared(ROLE, (AREA,), at)
    rows = projection.changed_since(view, cursor, 1_000, views.Names.of_area(view))
    told = {"cursor": rows.cursor, "tables": projection.turned(rows.tables), "gone": rows.gone}
    return len(gzip.compress(json.dumps(told, separators=(",", ":")).encode(), 6))


def parts(tables: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """How many bytes each table takes by itself, packed: where to save."""
    return {
        name: len(zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9))
        for name, rows in tables.items()
    }


# --- the way --------------------------------------------------------------------------------------------------------------------


def transferred(data: bytes) -> float:
    """Seconds until a pack has come over a slow link in pieces, as a telephone asks for it; each piece waits for the way there and back."""
    server = socket.create_server(("127.0.0.1", 0))
    sender = threading.Thread(target=_serve, args=(server, data), daemon=True)
    sender.start()
    began, have = time.perf_counter(), 0
    with socket.create_connection(server.getsockname()) as line:
        while have < len(data):
            line.sendall(f"{have}\n".encode())
            wanted = min(PIECE, len(data) - have)
            got = 0
            while got < wanted:
                got += len(line.recv(16_384))
            have += got
    server.close()
    return time.perf_counter() - began + (CALLS - 1) * DELAY


def _serve(server: socket.socket, data: bytes) -> None:
    """Send what is asked for at the rate of the link."""
    line, _address = server.accept()
    with line, line.makefile("rb") as asked:
        for said in asked:
            time.sleep(DELAY)
            start = int(said)
            part = data[start : start + PIECE]
            sent, began = 0, time.perf_counter()
            while sent < len(part):
                line.sendall(part[sent : sent + 1_600])
                sent += 1_600
                time.sleep(max(0.0, sent / RATE - (time.perf_counter() - began)))


# --- filling --------------------------------------------------------------------------------------------------------------------


def _fill(count: int, before: int) -> None:
    """Write ``count`` more families."""
    draw = random.Random(26 + before)  # noqa: S311 - invented people
    town = people_rows.Town(26 + before, villages=1)
    tables = _tables()
    for place in range(before, before + count):
        _household(tables, town, place, draw)
        if place % 1_000 == 999:
            _flush(tables)
    _flush(tables)


def _flush(tables: dict[str, bulk.Table]) -> None:
    """All tables in one transaction: a household names its head, who lives in it."""
    with transaction.atomic():
        for one in tables.values():
            one.flush()


def _tables() -> dict[str, bulk.Table]:
    at = NOW - timedelta(days=90)
    return {
        "region": bulk.Table("regions.Region", "code name search_key level kind", source="bench"),
        "hamlet": bulk.Table("regions.Hamlet", "id village_id name", kind="dusun"),
        "house": bulk.Table("people.House", "id region_code hamlet_id floor floor_area_dm2", changed_at=at, lighting="bdt/1"),
        "household": bulk.Table("people.Household", "id region_code hamlet_id house_id name head_id", registered_at=at, changed_at=at),
        "person": bulk.Table(
            "people.Person",
            "id region_code hamlet_id full_name name_key sex birth_date household_id household_relation",
            registered_at=at,
            resident=True,
            life="here",
        ),
    }  # fmt: skip


def _household(
    tables: dict[str, bulk.Table], town: people_rows.Town, place: int, draw: random.Random
) -> None:
    number, inside = divmod(place, TO_A_VILLAGE)
    village = f"73{1 + number // 80:02d}{1 + number // 8 % 10:02d}{2001 + number % 8}"
    if inside == 0:
        tables["region"].add(village, f"Desa {number + 1}", f"desa {number + 1}", 4, "desa")
        for hamlet in range(HAMLETS):
            tables["hamlet"].add(_hamlet(number, hamlet).hex, village, f"Dusun {hamlet + 1}")
    hamlet_key = _hamlet(number, inside * HAMLETS // TO_A_VILLAGE).hex
    home, dwelling = _key(draw), _key(draw)
    people = [(_key(draw), one) for one in town.family()]
    tables["house"].add(dwelling, village, hamlet_key, f"bdt/{draw.randint(1, 10)}", draw.randint(1800, 9000))
    tables["household"].add(home, village, hamlet_key, dwelling, people[0][1].name, people[0][0])
    for order, (key, one) in enumerate(people):
        relation = f"bdt/{min(order + 1, 3)}"
        tables["person"].add(
            key,
            village,
            hamlet_key,
            one.name,
            text.name_key(one.name),
            one.sex,
            _day(one.born),
            home,
            relation,
        )


def _hamlet(village: int, number: int) -> UUID:
    return UUID(int=(7 << 76) | (2 << 62) | (village << 8) | number)


def _key(draw: random.Random) -> str:
    """A key as a telephone or the server draws it: the moment, then chance."""
    stamp = uuid7().int >> 80 << 80
    return UUID(int=stamp | 7 << 76 | draw.getrandbits(12) << 64 | 2 << 62 | draw.getrandbits(62)).hex


def _day(born: date) -> str:
    return born.isoformat()
