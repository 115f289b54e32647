"""The PostgreSQL side: a consistent logical copy by COPY, and laying it into a schema of its own.

No pg_dump is needed (it must be as new as the server, and a village box does not have it). Everything is read in one
REPEATABLE READ transaction, so all tables show the same moment while others go on writing.

A copy is laid into a new schema beside the living one; the two change places in one transaction, and the old one is kept
under another name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import psycopg
from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from simpul.cli.backup import archive
from simpul.lib.errors import Refused

_TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = current_schema() AND relname <> 'shared_cache'
ORDER BY relname
"""
"""Every table but the one of passing counters (``settings.CACHES``), which the next start makes anew."""
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class DatabaseInUse(Refused):
    """Somebody works in the database that is to be replaced."""

    code = "copy.in_use"
    sentence = _(
        "Other programs have the database open. Stop `simpul serve` and `simpul work`, then try again."
    )


class NotLaid(Refused):
    """The tables could not be made."""

    code = "copy.not_laid"
    sentence = _("The tables could not be made in PostgreSQL: %(why)s. Nothing was changed.")


def own_parameters() -> dict[str, Any]:
    """How this installation reaches its PostgreSQL."""
    params = connection.get_connection_params()
    return {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}


def parameters_of(url: str) -> dict[str, Any]:
    """How ``postgresql://...`` is reached, read as the settings read it."""
    parts = urlparse(url)
    host = unquote(parts.query.removeprefix("host=")) if parts.query.startswith("host=") else parts.hostname
    given = {
        "dbname": parts.path.lstrip("/"),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "host": host or "",
        "port": str(parts.port or ""),
    }
    return {key: value for key, value in given.items() if value}


# --- out ------------------------------------------------------------------------------------------------------------


def dump(folder: Path, manifest: archive.Manifest) -> Iterator[Path]:
    """Write each table to a file of its own in ``folder``, hand it over and forget it: one table on disk at a time."""
    with psycopg.connect(**own_parameters()) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.read_only = True
        manifest.migrations = [
            list(row) for row in reader.execute("SELECT app, name FROM django_migrations ORDER BY id")
        ]
        for (table,) in reader.execute(_TABLES).fetchall():
            columns = [str(row[0]) for row in reader.execute(_COLUMNS, [_quoted(reader, table)]).fetchall()]
            path = folder / f"{table}.copy"
            manifest.tables[table] = _copy_out(reader, table, columns, path)
            manifest.columns[table] = columns
            yield path
            path.unlink()


def last_seal() -> tuple[Any, ...] | None:
    """The newest seal of the journal: number, first and last position, root, previous."""
    with psycopg.connect(**own_parameters()) as reader:
        return reader.execute(
            "SELECT number, first_position, last_position, root, previous FROM journal_seal ORDER BY number DESC LIMIT 1"
        ).fetchone()


def _copy_out(reader: psycopg.Connection[Any], table: str, columns: list[str], path: Path) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), names)
    lines = 0
    with path.open("wb") as stream, reader.cursor().copy(query) as rows:
        for data in rows:
            lines += bytes(data).count(b"\n")  # a line break inside a value is written as \n, two signs
            stream.write(data)
    return lines


def _quoted(reader: psycopg.Connection[Any], table: str) -> str:
    return sql.Identifier(table).as_string(reader)


# --- in -------------------------------------------------------------------------------------------------------------


def count_lines(path: Path) -> int:
    """Rows in a COPY file."""
    with path.open("rb") as stream:
        return sum(data.count(b"\n") for data in iter(lambda: stream.read(archive.CHUNK), b""))


def is_empty(url: str) -> bool:
    """True when no installation lives in this database."""
    with psycopg.connect(**parameters_of(url)) as looker:
        row = looker.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
        return bool(row and row[0])


def refuse_when_in_use(url: str) -> None:
    """Raise ``DatabaseInUse`` when other programs are in this database."""
    with psycopg.connect(**parameters_of(url)) as looker:
        row = looker.execute(_OTHERS).fetchone()
        if row and row[0]:
            raise DatabaseInUse


@contextmanager
def new_schema(url: str, name: str) -> Iterator[None]:
    """A schema to lay a copy into; taken away again when something goes wrong."""
    _run(url, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        yield
    except BaseException:
        _run(url, sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        raise


def make_tables(url: str, schema: str, stage: Path, *arguments: str) -> None:
    """Run the migrations in a schema, by a process of its own whose settings are those of the copy.

    Raises:
        NotLaid.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SIMPUL_DATA": str(stage),
        "PGOPTIONS": f"-c search_path={schema}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "simpul.cli.backup.lay", str(stage), *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotLaid(why=(done.stderr.strip().splitlines() or ["?"])[-1])


def load(url: str, schema: str, manifest: archive.Manifest, folder: Path) -> None:
    """Fill the tables of a schema from COPY files, set the sequences behind the largest keys, and count, in one transaction.

    Raises:
        CopyDamaged: a table came out with another number of rows.
    """
    with psycopg.connect(**parameters_of(url), options=f"-c search_path={schema}") as writer:
        names = [sql.Identifier(table) for table in manifest.tables]
        writer.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
        for table, wanted in manifest.tables.items():
            columns = sql.SQL(", ").join(map(sql.Identifier, manifest.columns[table]))
            query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
            with (folder / f"{table}.copy").open("rb") as stream, writer.cursor().copy(query) as rows:
                while data := stream.read(archive.CHUNK):
                    rows.write(data)
            _check_count(writer, table, wanted)
        set_sequences(writer)


def _check_count(writer: psycopg.Connection[Any], table: str, wanted: int) -> None:
    row = writer.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    if row is None or row[0] != wanted:
        raise archive.CopyDamaged(why=_("table %(name)s has another number of rows") % {"name": table})


def set_sequences(writer: psycopg.Connection[Any]) -> None:
    """Let every counter go on after the largest key in its table."""
    owned = """
        SELECT quote_ident(c.relname), quote_ident(a.attname),
               pg_get_serial_sequence(quote_ident(c.relname), a.attname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
    """
    for table, column, sequence in writer.execute(owned).fetchall():
        query = sql.SQL(
            "SELECT setval({seq}::regclass, COALESCE(max({col}), 1), max({col}) IS NOT NULL) FROM {tab}"
        ).format(seq=sql.Literal(sequence), col=sql.SQL(column), tab=sql.SQL(table))
        writer.execute(query)


def change_places(url: str, schema: str, aside: str) -> bool:
    """Make ``schema`` the living one in one transaction; the old one is kept as ``aside``. False when there was nothing to keep."""
    with psycopg.connect(**parameters_of(url)) as writer:
        row = writer.execute("SELECT current_schema()").fetchone()
        living = str(row[0]) if row and row[0] else "public"
        had = bool(writer.execute(_TABLES).fetchone())
        rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
        writer.execute(rename.format(sql.Identifier(living), sql.Identifier(aside)))
        writer.execute(rename.format(sql.Identifier(schema), sql.Identifier(living)))
    return had


def _run(url: str, query: sql.Composed) -> None:
    with psycopg.connect(**parameters_of(url)) as writer:
        writer.execute(query)
