"""SMSD's tables, in an SQLite file or a PostgreSQL database, and the clocks they are written by."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from simpul.messages.transports.incoming import Setup
from simpul.messages.transports.outgoing import Unreachable

WAIT_SECONDS = 5
DEFAULT_ZONE = "Asia/Makassar"


class Tables:
    """One connection to SMSD's tables, with the little that differs between the two databases."""

    def __init__(self, address: str) -> None:
        self.is_postgres = address.startswith(("postgresql://", "postgres://"))
        self.mark = "%s" if self.is_postgres else "?"
        self.link: Any = (
            psycopg.connect(address, connect_timeout=WAIT_SECONDS, autocommit=True)
            if self.is_postgres
            else _open_file(address)
        )

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query finds; ``?`` marks the values."""
        return list(self.link.execute(sql.replace("?", self.mark), tuple(values)).fetchall())

    def change(self, sql: str, values: Sequence[object] = ()) -> None:
        """Change rows."""
        self.link.execute(sql.replace("?", self.mark), tuple(values))

    def now(self, zone: ZoneInfo) -> datetime:
        """The clock that SMSD's own times go by, without a zone."""
        if self.is_postgres:
            found: datetime = self.rows("SELECT LOCALTIMESTAMP(0)")[0][0]
            return found
        utc = datetime.fromisoformat(self.rows("SELECT datetime('now')")[0][0]).replace(tzinfo=UTC)
        return utc.astimezone(zone).replace(tzinfo=None)

    def begin_alone(self, name: str) -> None:
        """Begin a transaction beside which no other one writes the same message."""
        if self.is_postgres:
            self.change("BEGIN")
            self.rows("SELECT pg_advisory_xact_lock(?)", [zlib.crc32(name.encode())])
        else:
            self.change("BEGIN IMMEDIATE")


def _open_file(path: str) -> sqlite3.Connection:
    """Open a file that is there: a wrong path must not make an empty database."""
    address = f"{Path(path).absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)


@contextmanager
def opened(setup: Setup) -> Iterator[Tables]:
    """SMSD's tables; every fault of the connection is ``Unreachable``.

    Raises:
        Unreachable: no such file or server, or it does not answer.
    """
    address = str(setup.settings.get("database") or "")
    if not address:
        raise Unreachable("no database is set")
    try:
        tables = Tables(address)
    except (sqlite3.Error, psycopg.Error, OSError, ValueError) as fault:
        raise Unreachable("database_unreachable") from fault
    try:
        yield tables
    except (sqlite3.Error, psycopg.Error) as fault:
        raise Unreachable("database_unreachable") from fault
    finally:
        tables.link.close()


def columns(names: Sequence[str]) -> str:
    """Names of columns, quoted: on PostgreSQL they have capitals."""
    return ", ".join(f'"{name}"' for name in names)


def zone_of(setup: Setup) -> ZoneInfo:
    """The zone of the machine on which SMSD runs."""
    try:
        return ZoneInfo(str(setup.settings.get("zone") or DEFAULT_ZONE))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)
