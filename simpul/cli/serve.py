"""``simpul serve``: the web server, with the worker.

On SQLite one process serves with eight threads and the worker runs as a thread of it, so that one write lock orders all
writers. On PostgreSQL there is a process for each core and the worker is a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from django.conf import settings
from django.db import connection
from django.utils import timezone
from granian import Granian
from granian.constants import Interfaces

from simpul.cli import house
from simpul.lib.actor import MACHINE
from simpul.sync.actions import erasing


def run(args: argparse.Namespace) -> int:
    """Bring the house up to date, then serve until stopped."""
    house.compile_words()
    try:
        steps = house.migrate()
    except RuntimeError as fault:
        print(
            f"The database is damaged and was not touched: {fault}\nRun `simpul doctor`, then restore the last backup."
        )
        return 1
    if steps:
        house.refresh_catalogues(timezone.now())
    if again := erasing.repeat_erasures(by=MACHINE, at=timezone.now()):
        print(f"{again} erased persons had come back with an older copy and were erased again.")
    house.collect_static()
    small = connection.vendor == "sqlite"
    connection.close()
    if not small:
        connection.close_pool()  # type: ignore[attr-defined]  # the server's processes must not share its sockets
    worker = None if args.no_worker else _start_worker(inside=small)
    print(f"Simpul: http://{args.host}:{args.port}/", flush=True)
    try:
        Granian(
            "simpul.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=1 if small else (os.cpu_count() or 1),
            blocking_threads=8 if small else 4,
            backlog=1024,
            log_access=False,
            websockets=False,
            respawn_failed_workers=True,
        ).serve()
    finally:
        if worker is not None:
            worker.terminate()
    return 0


def _start_worker(*, inside: bool) -> subprocess.Popen[bytes] | None:
    """The worker as a thread of the server (told by the environment), or as a process beside it."""
    if inside:
        os.environ["SIMPUL_WORKER"] = "inside"
        return None
    return subprocess.Popen([sys.executable, "-m", "simpul", "work"], cwd=settings.ROOT)
