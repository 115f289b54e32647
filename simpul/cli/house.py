"""What several commands do to the house: migrate, fill the catalogues, collect the static files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from simpul.cases.actions import kinds as kind_actions
from simpul.cli import tables
from simpul.feedback import actions as feedback_actions
from simpul.letters.actions import types as letter_type_actions
from simpul.lib import words
from simpul.lib.actor import MACHINE
from simpul.messages import actions as message_actions
from simpul.programmes.actions import programmes as programme_actions
from simpul.regions import actions as region_actions


def migrate() -> int:
    """Bring the tables up to date, after checking that the database is whole; returns how many steps were taken.

    Raises:
        RuntimeError: the database is damaged; nothing was touched.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan and tables.is_empty():
        tables.lay_tables()
    elif plan:
        fault = integrity_fault()
        if fault:
            raise RuntimeError(fault)
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return len(plan)


def integrity_fault() -> str:
    """What ``PRAGMA integrity_check`` finds in the SQLite file; "" when it is whole, or on PostgreSQL."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(1)")
        said = str(cursor.fetchone()[0])
    return "" if said == "ok" else said


def fill_catalogues(at: datetime) -> None:
    """Regions, holidays, kinds and texts that ship with the program. Harmless when repeated."""
    fill_shared_catalogues(at)
    programme_actions.load_programmes(by=MACHINE, at=at)


def fill_shared_catalogues(at: datetime) -> None:
    """Those whose rows are named alike everywhere; a village node gets the others from the server above it."""
    region_actions.load_regions(by=MACHINE, at=at)
    for year in range(at.year - 2, at.year + 2):
        region_actions.load_holidays(by=MACHINE, at=at, year=year)
    _refresh_shared(at)


def refresh_catalogues(at: datetime) -> None:
    """Kinds and texts of a newer program version; what administrators changed stays."""
    _refresh_shared(at)
    programme_actions.load_programmes(by=MACHINE, at=at)


def _refresh_shared(at: datetime) -> None:
    kind_actions.load_kinds(by=MACHINE, at=at)
    message_actions.load_texts(by=MACHINE, at=at)
    feedback_actions.load_frame(by=MACHINE, at=at)
    letter_type_actions.load_types(by=MACHINE, at=at)


def collect_static() -> bool:
    """Gather and compress the static files when they changed since the last start; True when it was done."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    now = _static_stamp()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now, encoding="utf-8")
    return True


def compile_words() -> int:
    """Compile the translations whose source is newer."""
    return words.compile_catalogues()


def _static_stamp() -> str:
    """A digest of names, sizes and times of every static file."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name))
            digest.update(f"{name}:{file.stat().st_size}:{file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()
