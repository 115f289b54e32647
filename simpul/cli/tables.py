"""All tables at once, for a database that has none: the same that the migrations make, step by step, in a tenth of the time.

A migration is for tables that hold something. For an empty database Django would still draw every older state of every model, hundreds of
times; on a village's laptop that is the longest part of the first start. So the tables are made as the models declare them, what our
migrations do beside models (indexes over words) is done once, and every migration is noted as applied. A test makes both and compares
them, on each database (``tests/cli/test_tables.py``).
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython

OURS = "simpul."


def is_empty() -> bool:
    """True when the database holds no table of ours or of anybody else."""
    return not connection.introspection.table_names()


def lay_tables() -> None:
    """Make every table in an empty database; every migration counts as applied then.

    Raises:
        RuntimeError: there are tables already.
    """
    if not is_empty():
        raise RuntimeError("this database has tables: migrate it")
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
    finish_tables()
    note_applied()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def note_applied() -> None:
    """Note every migration as applied."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        executor.recorder.record_applied(migration.app_label, migration.name)


def finish_tables() -> None:
    """What our migrations do beside the models: each of these steps works on tables as they are today and may be repeated."""
    for app in apps.get_app_configs():
        if not app.name.startswith(OURS) or not (Path(app.path) / "migrations").is_dir():
            continue
        package = importlib.import_module(f"{app.name}.migrations")
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for operation in module.Migration.operations:
                if isinstance(operation, RunPython):
                    with connection.schema_editor() as editor:
                        operation.code(cast(Any, apps), editor)
