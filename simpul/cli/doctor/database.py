"""Is the database there, whole, up to date, and is the journal as it was sealed?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from simpul.cli import house
from simpul.cli.backup.command import RECORD
from simpul.cli.doctor.finding import Finding, bad, ok, warn
from simpul.journal import queries as journal_queries
from simpul.lib import sqlite_backend

MOST_NAMED = 20
"""Damages of the journal that are named one by one."""


def whole(_at: datetime) -> Iterator[Finding]:
    """Reachable, on a version that loses nothing, and whole down to the pages and foreign keys."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        yield bad(
            "database",
            _("There is no database in the data folder."),
            _("Restore the last copy with `simpul restore`."),
        )
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            cursor.fetchone()
        fault = house.integrity_fault() or _loose_key()
    except DatabaseError as damage:
        yield _unreadable(damage)
        return
    if fault:
        yield bad(
            "database",
            _("The database is damaged: %(fault)s.") % {"fault": fault},
            _(
                "Stop the service, set the data folder aside, and restore the last copy with `simpul restore`."
            ),
        )
        return
    yield ok("database", _("The database answers and is whole."))
    yield from _version()


def _unreadable(damage: DatabaseError) -> Finding:
    if "malformed" in str(damage) or "not a database" in str(damage) or "disk I/O" in str(damage):
        return bad(
            "database",
            _("The database is damaged: %(fault)s.") % {"fault": damage},
            _(
                "Stop the service, set the data folder aside, and restore the last copy with `simpul restore`."
            ),
        )
    return bad(
        "database",
        _("The database does not answer: %(fault)s.") % {"fault": str(damage).strip().splitlines()[0]},
        _("Check that the database server runs, that its address is right, and that the disk is not full."),
    )


def _loose_key() -> str:
    """A row whose foreign key leads nowhere; PostgreSQL guards its own."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        row = cursor.fetchone()
    return f"{row[0]} -> {row[2]}" if row else ""


def _version() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        version = sqlite_backend.sqlite_version()
        if sqlite_backend.is_safe_version():
            yield ok(
                "database version",
                _("SQLite %(version)s is safe for several processes.") % {"version": version},
            )
        else:
            yield bad(
                "database version",
                _("SQLite %(version)s can lose saved data when several processes write.")
                % {"version": version},
                _("Install the package pysqlite3 from the lock file: `python3 start.py setup`."),
            )
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    if number >= 150000:
        yield ok("database version", _("PostgreSQL %(version)s is supported.") % {"version": number // 10000})
    else:
        yield bad(
            "database version",
            _("PostgreSQL %(version)s is too old.") % {"version": number // 10000},
            _("Upgrade it to 15 or newer."),
        )


def migrations(_at: datetime) -> Iterator[Finding]:
    """Are the tables those of this program?"""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    strangers = [
        key
        for key in executor.loader.applied_migrations
        if key not in executor.loader.graph.nodes and not executor.loader.replacements.get(key)
    ]
    if strangers:
        yield bad(
            "migrations",
            _("The tables were made by a newer program (%(name)s).") % {"name": ".".join(strangers[0])},
            _("Go back to the newer program; an older one must not write here."),
        )
    elif plan:
        yield warn(
            "migrations",
            _("%(count)s changes to the tables are waiting.") % {"count": len(plan)},
            _("Write a copy, then start `simpul serve`: it makes them."),
        )
    else:
        yield ok("migrations", _("The tables are up to date."))


def seals(_at: datetime) -> Iterator[Finding]:
    """Every line as it was sealed, none slipped in, none gone, and the end not cut off."""
    found = list(islice(journal_queries.damages(), MOST_NAMED + 1))
    advice = _(
        "Keep the data folder and the last copy as they are, and tell the person responsible for data protection: this can be tampering."
    )
    for damage in found[:MOST_NAMED]:
        place = {"what": damage.what, "position": damage.position or "-", "line": damage.line_id or "-"}
        sentence = _("Journal, position %(position)s, line %(line)s: %(what)s.") % place
        yield bad("journal", sentence, advice) if damage.certain else warn("journal", sentence, advice)
    if len(found) > MOST_NAMED:
        yield bad("journal", _("There is more damage in the journal than can be named here."), advice)
    if lost := _lost_end():
        yield bad(
            "journal",
            _("The journal was cut off: seal %(number)s, which the last copy holds, is gone or another.")
            % {"number": lost},
            advice,
        )
    elif not found:
        waiting = journal_queries.unsealed_count()
        yield ok(
            "journal",
            _("Every sealed line is as it was written; %(count)s lines wait for the next seal.")
            % {"count": waiting},
        )


def _lost_end() -> int:
    """The number of the seal that the last copy noted and that is not here any more; 0 when all is well."""
    try:
        noted = (
            json.loads((Path(settings.SIMPUL_DATA) / RECORD).read_text(encoding="utf-8")).get("seal") or {}
        )
    except (OSError, ValueError):
        return 0
    if not noted or journal_queries.has_seal(int(noted["number"]), bytes.fromhex(noted["digest"])):
        return 0
    return int(noted["number"])
