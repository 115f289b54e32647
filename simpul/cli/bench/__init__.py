"""``simpul bench``: measure, and print figures and ratios, on an installation of the benchmark's own.

See docs/decisions/0030-benchmarks.md for what is measured, how, and what came out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import connection

from simpul.cli import ground
from simpul.cli.bench import (
    bulk,
    growth,
    hooks,
    imports,
    ledger,
    letters,
    matching,
    nodes,
    notify,
    packs,
    pages,
    posyandu,
    register,
    report,
    screen,
    server,
    stage,
    sync,
)
from simpul.lib import sqlite_backend

BENCHES = {
    "intake": pages.intake_roads,
    "inbox": pages.inbox,
    "portal": pages.portal,
    "hooks": hooks.hooks,
    "notify": notify.notify,
}


ALONE = {
    "growth": growth.run,
    "imports": imports.run,
    "ledger": ledger.run,
    "letters": letters.run,
    "match": matching.run,
    "register": register.run,
    "screen": screen.run,
    "nodes": nodes.run,
    "sync": sync.run,
    "packs": packs.run,
    "posyandu": posyandu.run,
}
"""Benches that need no pages and no server."""


def run(args: argparse.Namespace) -> int:
    """Measure each database at each size; 1 when a page could not be measured."""
    if args.name in ALONE:
        return ALONE[args.name](args)
    sizes = args.cases or [ground.BENCH_CASES]
    try:
        parts = [_measure(args, sizes[0])] if len(sizes) == 1 and not args.both else _in_parts(args, sizes)
    except server.NotServedError as fault:
        print(f"This could not be measured: {fault}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(parts if len(parts) > 1 else parts[0]))
        return 0
    for part in parts:
        print(report.table(part))
    print(report.compared(parts) + report.legend())
    return 0


def _measure(args: argparse.Namespace, cases: int) -> dict[str, Any]:
    """Set the stage, start the server, measure."""
    print(f"{args.name}: {_database()}, {cases:,} cases", file=sys.stderr, flush=True)
    staged = stage.build(cases)
    served = server.start()
    try:
        rows = BENCHES[args.name](pages.Bench(staged, served, args.seconds, args.size))
        memory = served.memory_mb()
    finally:
        served.stop()
    return {
        "bench": args.name,
        "database": _database(),
        "cases": cases,
        "machine": report.machine(),
        "load_average": report.load_average(),
        "staged_seconds": round(staged.seconds, 1),
        "database_mb": round(staged.megabytes, 1),
        "server_mb": round(memory, 1),
        "rows": report.plain(rows, cases),
        "reference": report.HELPDESK_SOURCE,
    }


def _in_parts(args: argparse.Namespace, sizes: list[int]) -> list[dict[str, Any]]:
    """Each database and size in a process of its own, since a process reads its settings once."""
    found = []
    for postgres in [False, True] if args.both else [args.postgres]:
        for size in sizes:
            command = [
                sys.executable,
                "-m",
                "simpul",
                "bench",
                args.name,
                "--cases",
                str(size),
                "--seconds",
                str(args.seconds),
                "--size",
                str(args.size),
                "--json",
            ]
            command += ["--postgres"] * postgres + (["--keep", str(args.keep)] if args.keep else [])
            done = subprocess.run(command, cwd=settings.ROOT, stdout=subprocess.PIPE, check=False)
            if done.returncode:
                raise server.NotServedError(f"{size:,} cases on {'PostgreSQL' if postgres else 'SQLite'}")
            found.append(json.loads(done.stdout))
    return found


def _database() -> str:
    connection.ensure_connection()
    if bulk.sqlite():
        return f"SQLite {sqlite_backend.sqlite_version()}"
    return f"PostgreSQL {'.'.join(str(part) for part in connection.get_database_version())}"
