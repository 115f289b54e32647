"""The database wrapper: safe pragmas on every connection, and the write lock around every transaction.

Options beside Django's own (``DATABASES["default"]["OPTIONS"]``):

* ``synchronous``: "FULL" (default); "NORMAL" or "OFF" for tests that may lose data.
* ``cache_mib``: page cache per connection, default 64.
* ``single_process``: true allows an SQLite older than 3.51.3, for one process with one connection at a time.
* ``timeout``: seconds to wait for the write lock and for other processes, default 20.

Every ``atomic`` block is a ``BEGIN IMMEDIATE``: it is a turn to write, so keep slow work (rendering, network) outside,
and leave ``ATOMIC_REQUESTS`` off.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as django_sqlite
from django.db.utils import OperationalError

from simpul.lib import sqlite_backend
from simpul.lib.sqlite_backend import locks

WAIT_SECONDS = 20.0
SYNCHRONOUS = frozenset({"FULL", "NORMAL", "OFF"})
_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|REINDEX|VACUUM|ANALYZE|WITH)\b", re.IGNORECASE
)


class DatabaseWrapper(django_sqlite.DatabaseWrapper):
    """Django's wrapper with the pragmas and the write lock of Simpul."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = self.settings_dict.get("OPTIONS", {})
        self._single_process = bool(options.get("single_process", False))
        self._synchronous = str(options.get("synchronous", "FULL")).upper()
        self._cache_mib = int(options.get("cache_mib", 64))
        self._wait = float(options.get("timeout", WAIT_SECONDS))
        self._turn = locks.WriteTurn()
        # A thread may die with its connection still open: the lock must not die with it.
        weakref.finalize(self, self._turn.give_up)

    # --- opening ---

    def get_connection_params(self) -> dict[str, Any]:
        """Connection arguments; refuses settings and library versions that could lose data."""
        self._refuse_unsafe()
        params: dict[str, Any] = super().get_connection_params()
        for ours in ("single_process", "synchronous", "cache_mib"):
            params.pop(ours, None)
        params["timeout"] = self._wait
        if "transaction_mode" not in self.settings_dict.get("OPTIONS", {}):
            self.transaction_mode = "IMMEDIATE"
        return params

    def _refuse_unsafe(self) -> None:
        if not (self._single_process or sqlite_backend.is_safe_version()):
            needed = ".".join(str(part) for part in sqlite_backend.SAFE_VERSION)
            raise ImproperlyConfigured(
                f"SQLite {sqlite_backend.sqlite_version()} can lose saved data when several connections write. "
                f"Install pysqlite3 (SQLite {needed} or newer), or set the option single_process."
            )
        if self._synchronous not in SYNCHRONOUS:
            raise ImproperlyConfigured("The option synchronous must be FULL, NORMAL or OFF.")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with every pragma set."""
        connection = super().get_new_connection(conn_params)
        try:
            # Asking is free; turning a new file to WAL needs the file alone. A reader must not wait for a writer here.
            if connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
                with self._turn_to_write():
                    connection.execute("PRAGMA journal_mode = WAL").fetchone()
            for pragma in (
                f"synchronous = {self._synchronous}",
                f"cache_size = -{self._cache_mib * 1024}",
                "secure_delete = ON",
                "trusted_schema = OFF",
                "mmap_size = 0",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that waits for its turn when it writes outside a transaction."""
        cursor = self.connection.cursor(factory=TurnTakingCursor)
        cursor.wrapper = weakref.ref(self)
        return cursor

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Wait for other writers at most so long, inside: for work that has another place to go."""
        self.ensure_connection()
        before, self._wait = self._wait, seconds
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            yield
        finally:
            self._wait = before
            if self.connection is not None:
                self.connection.execute(f"PRAGMA busy_timeout = {int(before * 1000)}")

    # --- the write lock (the type stubs do not know Django's four hooks below) ---

    def _lock_name(self) -> str:
        """Asked each time, because a test runner changes the name of an open wrapper's database."""
        name = str(self.settings_dict["NAME"])
        if name == ":memory:" or name.startswith("file:"):
            return f"{name}#{id(self)}" if name == ":memory:" else name
        return str(Path(name).absolute())

    def _take_turn(self) -> None:
        if not self._turn.take(self._lock_name(), self._wait):
            raise OperationalError("database is locked: another writer did not finish in time")

    def _give_up_turn(self) -> None:
        """Release the lock unless the transaction is still open (a refused commit is followed by a rollback)."""
        if self.connection is None or not self.connection.in_transaction:
            self._turn.give_up()

    def _needs_turn(self, query: Any) -> bool:
        """True for a write outside any transaction."""
        open_alone = self.connection is not None and not self.connection.in_transaction
        return open_alone and _WRITES.match(str(query)) is not None

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """The lock for the length of one statement; inside a transaction it is held already and stays."""
        if self._turn.held:
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_up_turn()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_up_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_up_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_up_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._turn.give_up()


class TurnTakingCursor(django_sqlite.SQLiteCursorWrapper):
    """A single write in autocommit mode is a transaction of its own, so it waits in the same queue."""

    wrapper: weakref.ref[DatabaseWrapper] | None = None

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run one statement, in turn when it writes."""
        with self._turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: Any, param_list: Any) -> Any:
        """Run one statement for many rows, in turn when it writes."""
        with self._turn_for(query):
            return super().executemany(query, param_list)

    @contextmanager
    def _turn_for(self, query: Any) -> Iterator[None]:
        wrapper = self.wrapper() if self.wrapper is not None else None
        if wrapper is None or not wrapper._needs_turn(query):
            yield
        else:
            with wrapper._turn_to_write():
                yield
