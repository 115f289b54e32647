"""The SQLite side: a snapshot by the backup interface, and what proves that it is whole.

A copied file is not a copy of the database: pages are in the write-ahead log, and a writer may be at it. SQLite's own backup
interface reads one consistent state while others go on writing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import simpul.lib.sqlite_backend as backend

driver: Any = backend.driver  # type: ignore[attr-defined]  # the one SQLite library of this process


def connect(path: Path, *, read_only: bool = True) -> Any:
    """A plain connection, apart from the program's own; in autocommit mode."""
    mode = "ro" if read_only else "rw"
    return driver.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=20
    )


def snapshot(source: Path, target: Path) -> None:
    """Copy one consistent state of the database at ``source`` into the new file ``target``, as a single file without a log."""
    reader = connect(source)
    try:
        writer = driver.connect(str(target), isolation_level=None)
        try:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            writer.close()
    finally:
        reader.close()


def fault(path: Path) -> str:
    """What is wrong with the database file: "" when it is whole and every foreign key has its row."""
    try:
        connection = connect(path)
        try:
            said = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if said != "ok":
                return said
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
            return f"foreign key of {loose[0]}" if loose else ""
        finally:
            connection.close()
    except driver.DatabaseError as refusal:
        return str(refusal)


def counts(path: Path) -> dict[str, int]:
    """Rows of every table, without SQLite's own and those that a search index keeps for itself."""
    connection = connect(path)
    try:
        schema = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
        names = [str(name) for name, text in schema if _counted(name, text)]
        return {name: _count(connection, name) for name in names}
    finally:
        connection.close()


def _count(connection: Any, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 - a name from the schema


def _counted(name: str, sql: str | None) -> bool:
    return (
        not name.startswith("sqlite_")
        and "_fts" not in name
        and not (sql or "").upper().startswith("CREATE VIRTUAL")
    )


def migrations(path: Path) -> list[list[str]]:
    """The migrations that were applied to a database file."""
    connection = connect(path)
    try:
        return [
            [str(app), str(name)]
            for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
        ]
    finally:
        connection.close()


def last_seal(path: Path) -> tuple[Any, ...] | None:
    """The newest seal of the journal in a database file: number, first and last position, root, previous."""
    connection = connect(path)
    try:
        found = connection.execute(
            "SELECT number, first_position, last_position, root, previous FROM journal_seal ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return tuple(found) if found else None
    finally:
        connection.close()


def release(path: Path) -> bool:
    """Bring the whole database into its one file; false when another program still has it open."""
    connection = connect(path, read_only=False)
    try:
        connection.execute("PRAGMA busy_timeout = 1000")
        return str(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]) == "delete"
    except driver.OperationalError:
        return False
    finally:
        connection.close()
