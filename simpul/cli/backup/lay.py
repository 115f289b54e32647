"""Make the tables for a copy, in a process whose settings are the copy's: ``python -m simpul.cli.backup.lay STAGE [move]``.

Without ``move`` the tables become those of the moment the copy was written (``manifest.json`` in the stage names the
migrations), so that its rows fit; ``simpul serve`` brings them up to date later, as after every upgrade. With ``move`` they
become the newest, and every row of the SQLite snapshot in the stage is carried over.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

from simpul.cli import tables
from simpul.cli.backup import postgres

BATCH = 1000
SOURCE = "source"


def main(stage: Path, *, move: bool) -> None:
    """Migrate the database of the settings, and carry the rows over when asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.settings")
    django.setup()
    if move:
        _migrate_snapshot(stage / "simpul.sqlite3")
        _tables_of_today()
        _carry()
        return
    wanted = {
        tuple(pair)
        for pair in json.loads((stage / "manifest.json").read_text(encoding="utf-8"))["migrations"]
    }
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    known = [node for node in graph.nodes if node in wanted]
    tops = [
        node
        for node in known
        if not any(child.key in wanted for child in graph.node_map[node].children if child.key[0] == node[0])
    ]
    if tables.is_empty() and set(tops) == set(graph.leaf_nodes()):
        tables.lay_tables()
        return
    executor.migrate(tops)


def _tables_of_today() -> None:
    if tables.is_empty():
        tables.lay_tables()
    else:
        call_command("migrate", verbosity=0, interactive=False)


def _migrate_snapshot(path: Path) -> None:
    """Bring the SQLite snapshot in the stage up to date: rows can only be carried between equal tables."""
    own = connections.settings["default"]
    connections.settings[SOURCE] = {
        **own,
        "ENGINE": "simpul.lib.sqlite_backend",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        "CONN_MAX_AGE": None,
    }
    call_command("migrate", database=SOURCE, verbosity=0, interactive=False)


def _carry() -> None:
    """Copy every row of every table by the models, which know how each database writes a value."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in found)
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        for model in found:
            _carry_one(model)
        postgres.set_sequences(connection.connection)


def _carry_one(model: type[models.Model]) -> None:
    rows: Any = model._base_manager.using(SOURCE).order_by("pk").iterator(chunk_size=BATCH)
    batch: list[models.Model] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model._base_manager.using("default").bulk_create(batch)
            batch = []
    model._base_manager.using("default").bulk_create(batch)
    kept, brought = (model._base_manager.using(name).count() for name in (SOURCE, "default"))
    if kept != brought:
        raise RuntimeError(f"{model._meta.db_table}: {brought} of {kept} rows arrived")


if __name__ == "__main__":
    main(Path(sys.argv[1]), move="move" in sys.argv[2:])
