"""What a day's work costs on its way: events up and rows down, on the loopback, over a slow link and over one that breaks; beside PouchDB.

A record is a household with 25 fields as an officer writes it down. "Up" ends when the server has said of every envelope that it has it,
durably; opening and judging, which are the server's own time, are shown apart. PouchDB is measured on the same records with the same
loopback when Node and its packages are here (SIMPUL_BENCH_NODE_MODULES names the folder); nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from simpul.cli.bench import people_names, report, server, stage
from simpul.cli.bench.sync_client import Client
from simpul.cli.bench.sync_link import Link
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.lib.actor import MACHINE
from simpul.people.queries import lists
from simpul.sync.actions import enrolling, judging, opening
from simpul.sync.queries import waiting

REGENCY = "7602"
SIZES = (1_000, 10_000)
SLOW_BITS, SLOW_DELAY = 128_000, 0.3
CUT_AFTER = 20_000
AIM_BYTES = 60.0
AIM_TIMES = 10.0
CODES = (
    "wall", "floor", "roof", "wall_condition", "roof_condition", "water", "lighting", "toilet", "disposal",
    "fuel", "land", "building",
)  # fmt: skip
FLAGS = ("fridge", "motorcycle", "car", "television", "has_kks", "lacked_food")


def records(count: int, village: str = "", seed: int = 5) -> list[dict[str, Any]]:
    """Households of 25 fields, as they are written down at the door."""
    chance = random.Random(seed)  # noqa: S311 - the same records each time
    options = {code: [one.code for one in lists.options(code)] or ["bdt/1"] for code in CODES}
    names = [*people_names.MEN, *people_names.WOMEN]
    found = []
    for _number in range(count):
        row: dict[str, Any] = {
            "household_id": "~",
            "region": village,
            "name": f"{chance.choice(names)} {chance.choice(names)}",
            "address": f"RT {chance.randrange(1, 9):02d}/{chance.randrange(1, 4):02d}",
            "f.members_said": str(chance.randrange(1, 9)),
            "f.income_month": str(chance.randrange(3, 40) * 100_000),
            "f.farm_m2": str(chance.randrange(0, 60) * 100),
        }
        row |= {f"f.{code}": chance.choice(options[code]) for code in CODES}
        row |= {f"f.{flag}": "yes" if chance.random() < 0.4 else "no" for flag in FLAGS}
        found.append(row)
    return found


def entropy(rows: list[dict[str, Any]]) -> float:
    """Bytes a record by the entropy of each column alone, and its key: what no encoding of these columns one by one goes below."""
    bits = 74.0  # the random part of a key
    for name in rows[0]:
        counted = Counter(str(row[name]) for row in rows)
        bits -= sum(n / len(rows) * math.log2(n / len(rows)) for n in counted.values())
    return bits / 8


def run(args: argparse.Namespace) -> int:
    """Measure and print; 1 when the server could not be measured."""
    print("sync: the stage ...", file=sys.stderr, flush=True)
    staged = stage.build(100)
    try:
        served = server.start()
    except server.NotServedError as fault:
        print(f"This could not be measured: {fault}", file=sys.stderr)
        return 1
    try:
        found = [
            _measured(served.port, size, staged.villages)
            for size in ([args.size] if args.size in SIZES else SIZES)
        ]
    finally:
        served.stop()
    part = {
        "bench": "sync",
        "machine": report.machine(),
        "load_average": report.load_average(),
        "sizes": found,
    }
    if args.json:
        print(json.dumps(part))
    else:
        _print(part)
    return 0


def _client(port: int) -> Client:
    at = timezone.now()
    code = enrolling.invite_device(by=MACHINE, at=at, seat_id=_seat(at), label="bench").code
    client = Client(port)
    client.enrol(code)
    client.hello()
    return client


def _seat(at: datetime) -> UUID:
    """A facilitator of the stage's first regency; made once."""
    for one in desk_queries.seats_visible(MACHINE, at):
        if one.role == "facilitator":
            return one.id
    other = next(one for one in desk_queries.seats_visible(MACHINE, at) if one.desk.region_code == REGENCY)
    made = desk_actions.give_seat(
        by=MACHINE, at=at, user_id=other.user_id, desk_id=other.desk_id, role="facilitator"
    )
    return made.id


def _measured(port: int, size: int, villages: Mapping[str, str]) -> dict[str, Any]:
    print(f"sync: {size:,} records", file=sys.stderr, flush=True)
    rows = records(size, next(iter(villages)))
    client = _client(port)
    writing = time.perf_counter()
    envelopes = client.write("household.open/1", rows)
    writing = time.perf_counter() - writing
    client.hello(size)
    client.requests = client.sent_bytes = 0
    up = client.push(envelopes)
    sizes = {"up_seconds": up, "up_requests": client.requests, "up_bytes_record": client.sent_bytes / size}
    judged = _judged(client)
    down, taken, received, asked = client.pull()
    floor = entropy(rows)
    made: dict[str, Any] = {
        "records": size,
        "writing_seconds": writing,
        **sizes,
        "server_judging_seconds": judged,
        "down_seconds": down,
        "down_rows": taken,
        "down_requests": asked,
        "down_bytes_record": received / size,
        "entropy_floor_bytes": floor,
        "times_the_floor": sizes["up_bytes_record"] / floor,
        "json_bytes_record": len(json.dumps(rows)) / size,
    }
    if size == min(SIZES):
        made["slow"] = _over(port, rows, bits=SLOW_BITS, delay=SLOW_DELAY)
        made["breaking"] = _over(port, rows, cut_after=CUT_AFTER)
    made["pouchdb"] = _pouchdb(rows)
    if made["pouchdb"]:
        made["times_faster_up"] = made["pouchdb"]["up_seconds"] / up
        made["times_smaller_up"] = made["pouchdb"]["up_bytes_record"] / sizes["up_bytes_record"]
    return made


def _judged(client: Client) -> float:
    """Seconds the server's own work takes afterwards: opening, and doing every event by its act."""
    began = time.perf_counter()
    at = timezone.now()
    while waiting.to_open():
        if not opening.open_envelopes(by=MACHINE, at=at).envelopes:
            break
    while waiting.to_judge(at):
        if not judging.judge_events(by=MACHINE, at=at, device_id=client.device):
            break
    return time.perf_counter() - began


def _over(port: int, rows: list[dict[str, Any]], **link: Any) -> dict[str, Any]:
    """The same records over a poor link, one envelope a request."""
    client = _client(port)
    envelopes = client.write("household.open/1", rows)
    client.hello(len(rows))
    between = Link(port, **link)
    client.port, client.connection = between.entry, None
    client.requests = 0
    seconds = client.push(envelopes, most=1 if link.get("cut_after") else 4)
    between.close()
    return {
        "seconds": seconds,
        "requests": client.requests,
        "connections": between.connections,
        "cuts": between.cuts,
        "bytes_record": between.up / len(rows),
    }


def _pouchdb(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """PouchDB to express-pouchdb on the same records, when Node and the packages are here."""
    node, modules = shutil.which("node"), os.environ.get("SIMPUL_BENCH_NODE_MODULES", "")
    if not node or not (Path(modules) / "express-pouchdb").is_dir():
        return None
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "records.json"
        given.write_text(json.dumps(rows), encoding="utf-8")
        script = Path(__file__).with_name("pouchdb.cjs")
        done = subprocess.run(
            [node, str(script), modules, folder], capture_output=True, text=True, timeout=900, check=False
        )
    if done.returncode:
        print(f"  PouchDB was not measured: {done.stderr[-400:]}", file=sys.stderr)
        return None
    found = json.loads(done.stdout)
    return {
        "up_seconds": found["up_s"],
        "up_bytes_record": found["up_bytes"] / len(rows),
        "up_requests": found["up_requests"],
        "down_seconds": found["down_s"],
        "down_bytes_record": found["down_bytes"] / len(rows),
    }


def _print(part: dict[str, Any]) -> None:
    print(f"sync on {part['machine']}, load {part['load_average']}")
    print("| records | way | seconds | B/record | requests | |\n|---:|---|---:|---:|---:|---|")
    for one in part["sizes"]:
        count = f"{one['records']:,}"
        aim = "within" if one["up_bytes_record"] <= AIM_BYTES else "ABOVE"
        floor = f"{aim} {AIM_BYTES:.0f} B; {one['times_the_floor']:.1f} times the floor of {one['entropy_floor_bytes']:.1f} B"
        print(
            f"| {count} | up | {one['up_seconds']:.2f} | {one['up_bytes_record']:.1f} | {one['up_requests']} | {floor} |"
        )
        print(
            f"| {count} | opened and judged | {one['server_judging_seconds']:.1f} | | | the server's own time |"
        )
        down = f"{one['down_rows']:,} rows; JSON is {one['json_bytes_record']:.0f} B"
        print(
            f"| {count} | down | {one['down_seconds']:.2f} | {one['down_bytes_record']:.1f} | {one['down_requests']} | {down} |"
        )
        for name, about in (("slow", "128 kbit/s, 600 ms there and back"), ("breaking", "cut every 20 kB")):
            if name in one:
                link = one[name]
                print(
                    f"| {count} | up, {about} | {link['seconds']:.1f} | {link['bytes_record']:.1f} | {link['requests']} |"
                    f" {link['cuts']} breaks |"
                )
        if one["pouchdb"]:
            pouch = one["pouchdb"]
            told = "within" if one["times_faster_up"] >= AIM_TIMES else "BELOW"
            print(
                f"| {count} | PouchDB up | {pouch['up_seconds']:.1f} | {pouch['up_bytes_record']:.0f} | {pouch['up_requests']} |"
                f" {one['times_faster_up']:.1f} times slower ({told} {AIM_TIMES:.0f}), {one['times_smaller_up']:.1f} times larger |"
            )
            print(
                f"| {count} | PouchDB down | {pouch['down_seconds']:.1f} | {pouch['down_bytes_record']:.0f} | | |"
            )
        else:
            print(f"| {count} | PouchDB | | | | not here: set SIMPUL_BENCH_NODE_MODULES to measure it |")
