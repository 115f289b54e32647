"""The bare-SQL side: the statements of an act or a page, recorded once and sent again through the driver alone.

What is compared: every statement that the act or the request really sent (session, seat and permission look-ups included), with its
parameters, in its transactions, each answer read to the end. Savepoints are left out, for nobody would write them by hand. Keys,
numbers and other values that must be new are made new before the clock starts. Left out of the bare side are forms, rules, encryption,
templates, HTTP and the object mapper: that is the price the ratio shows.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from simpul.lib import ids

BEGIN, COMMIT = "BEGIN", "COMMIT"
_INSERT = re.compile(
    r'\s*INSERT (?:OR IGNORE )?INTO "?(\w+)"? \(([^)]*)\) (?:VALUES|SELECT \* FROM UNNEST) ?\(', re.IGNORECASE
)
_ONCE = frozenset({"id", "session_key", "number", "receipt_index", "slug", "cache_key", "repeat_key"})
_RAISED = re.compile(r'UPDATE "cases_numberseries" SET "last" = %s ')
_NEVER = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|PRAGMA|SET )", re.IGNORECASE)


@dataclass
class Recording:
    """Statements with their parameters, in order; transactions are marked."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    _open: bool = False

    @property
    def count(self) -> int:
        """How many statements, marks of transactions left out."""
        return sum(1 for sql, _values in self.statements if sql not in (BEGIN, COMMIT))

    def take(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """The wrapper that Django calls around each statement."""
        if not _NEVER.match(sql):
            if connection.in_atomic_block and not self._open:
                self.statements.append((BEGIN, ()))
                self._open = True
            for values in params if many else [params]:
                self.statements.append((sql, tuple(values or ())))
        return execute(sql, params, many, context)

    def committed(self) -> None:
        """A transaction ended."""
        if self._open:
            self.statements.append((COMMIT, ()))
        self._open = False


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what is sent over the default connection of this thread."""
    found = Recording()
    commit = connection.commit

    def noted() -> None:
        commit()
        found.committed()

    connection.commit = noted  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(found.take):
            yield found
    finally:
        del connection.commit


def replay(found: Recording, seconds: float, at_least: int = 5) -> list[float]:
    """Send a recording again and again through the driver; the seconds of each time."""
    connection.ensure_connection()
    send = _sender()
    born = _born(found)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < at_least:
        ready = _renewed(found, born, len(times) + 1) if born else found.statements
        begun = time.perf_counter()
        send(ready)
        times.append(time.perf_counter() - begun)
    return times


def _sender() -> Callable[[list[tuple[str, tuple[Any, ...]]]], None]:
    driver = connection.connection
    sqlite = connection.vendor == "sqlite"
    known: dict[str, str] = {BEGIN: "BEGIN IMMEDIATE" if sqlite else BEGIN, COMMIT: COMMIT}

    def send(statements: list[tuple[str, tuple[Any, ...]]]) -> None:
        cursor = driver.cursor()
        for sql, values in statements:
            spelled = known.get(sql)
            if spelled is None:
                spelled = known[sql] = (
                    (re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%") if values else sql) if sqlite else sql
                )
            cursor.execute(spelled, values) if values else cursor.execute(spelled)
            if cursor.description is not None:
                cursor.fetchall()
        cursor.close()

    return send


# --- values that must be new each time --------------------------------------------------------------------------------


def _born(found: Recording) -> dict[str, str]:
    """The keys, numbers and receipts that the recording brought into the world, and the column of each."""
    born: dict[str, str] = {}
    for sql, values in found.statements:
        shape = _INSERT.match(sql)
        if shape is None:
            continue
        columns = [column.strip().strip('"') for column in shape.group(2).split(",")]
        for column, value in zip(cycle(columns), values, strict=False):  # one row, or several
            for one in (
                value if isinstance(value, list) else [value]
            ):  # PostgreSQL takes several rows as a list a column
                plain = one.hex if isinstance(one, UUID) else one
                if column in _ONCE and isinstance(plain, str) and plain:
                    born[plain] = column
    return born


def _fresh(value: str, column: str) -> str:
    """Another value of the same form; numbers lie in months to come, where no act gives any."""
    if column == "number":
        draw = secrets.randbelow
        return ids.format_case_number(value[:3], 2060 + draw(39), 1 + draw(12), 1 + draw(9_999_998))
    return uuid4().hex if len(value) == 32 and column == "id" else secrets.token_hex(len(value))[: len(value)]


def _renewed(found: Recording, born: Mapping[str, str], turn: int) -> list[tuple[str, tuple[Any, ...]]]:
    """The same statements about another matter; the last number given in a month goes on rising."""
    swap = {value: _fresh(value, column) for value, column in born.items()}
    swap |= {str(UUID(hex=old)): str(UUID(hex=new)) for old, new in swap.items() if born[old] == "id"}
    return [
        (
            sql,
            (values[0] + turn, *values[1:])
            if _RAISED.match(sql)
            else tuple(_swapped(value, swap) for value in values),
        )
        for sql, values in found.statements
    ]


def _swapped(value: Any, swap: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_swapped(one, swap) for one in value]
    if isinstance(value, UUID):
        return UUID(hex=swap[value.hex]) if value.hex in swap else value
    if not isinstance(value, str) or len(value) < 12:
        return value
    if value in swap:
        return swap[value]
    for old, new in swap.items():
        if old in value:
            value = value.replace(old, new)
    return value
