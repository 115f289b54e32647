"""An empty database gets the tables that the migrations make: the same columns, indexes, constraints and triggers on each database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
_SHAPE = '''
import json, re, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from simpul.cli import tables

if sys.argv[1] == "lay":
    tables.lay_tables()
else:
    call_command("migrate", verbosity=0, interactive=False)


def pieces(sql):
    """What stands between the outermost brackets of a CREATE, comma by comma, in no order."""
    head, _, rest = sql.partition("(")
    found, depth, piece = [], 0, ""
    for sign in rest.rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            found, piece = [*found, piece.strip()], ""
        else:
            piece += sign
    return [head.replace('"', "").strip().lower(), *sorted([*found, piece.strip()])]


found = {}
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        for kind, name, sql in cursor.fetchall():
            found[f"{kind} {name}"] = sql if kind == "trigger" else pieces(sql)
    else:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length "
            "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        # Django's own table between groups and permissions has a key of another width when it is drawn by its migration.
        between = "auth_group_permissions", "id"
        found["columns"] = [[*row[:2], "" if row[:2] == between else row[2], *row[3:]] for row in cursor.fetchall()]
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        found["indexes"] = [list(row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2"
        )
        found["constraints"] = [list(row) for row in cursor.fetchall()]
        cursor.execute("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        found["triggers"] = [list(row) for row in cursor.fetchall()]
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    found["applied"] = [list(row) for row in cursor.fetchall()]
print(json.dumps(found))
'''


def shape(data: Path, how: str, address: str) -> dict[str, Any]:
    """What a database looks like after its tables were made, by a program of its own."""
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"SIMPUL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "simpul.settings"}
    if address:
        env["DATABASE_URL"] = address
    ran = subprocess.run(
        [sys.executable, "-c", _SHAPE, how], env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def compare(laid: dict[str, Any], migrated: dict[str, Any]) -> None:
    """Table by table, so that a difference is named."""
    assert set(laid) == set(migrated)
    for name, made in laid.items():
        assert made == migrated[name], name


def test_laying_makes_what_the_migrations_make(tmp_path: Path, new_database: Iterator[str]) -> None:
    for name in ("laid", "migrated"):
        (tmp_path / name).mkdir()
    laid = shape(tmp_path / "laid", "lay", next(new_database))
    compare(laid, shape(tmp_path / "migrated", "migrate", next(new_database)))
    assert any("trigger" in name for name in laid), "tables that only grow have their triggers"
