"""What a process remembers of areas and holidays, and when it forgets.

Both change a few times a year and are asked for on every page and every clock, so each process keeps what it read, for a
short time: after ``seconds`` it reads again, and so sees what another process has written. In the process that writes,
``forget`` runs when the act's transaction commits. Until then, inside that transaction, nothing is taken from memory and
nothing put there: what may still be rolled back is never remembered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import ClassVar, Generic, TypeVar

from django.db import connection

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Values by key, each kept for some seconds; when there are too many, the oldest go."""

    _all: ClassVar[list[Memory[object]]] = []

    def __init__(self, *, seconds: float, size: int) -> None:
        self._seconds = seconds
        self._size = size
        self._kept: dict[Hashable, tuple[float, Value]] = {}
        self._generation = 0
        Memory._all.append(self)  # type: ignore[arg-type]

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is remembered under ``key``, or what ``make`` reads now."""
        if _writing():
            return make()
        found = self._kept.get(key)
        if found is not None and time.monotonic() - found[0] < self._seconds:
            return found[1]
        generation = self._generation
        value = make()
        if generation == self._generation:  # nothing was written while we read
            self._kept.pop(key, None)
            while len(self._kept) >= self._size:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = (time.monotonic(), value)
        return value

    def clear(self) -> None:
        """Forget everything, also what is being read just now."""
        self._generation += 1
        self._kept = {}


def forget() -> None:
    """Forget all areas, names and calendars of this process. Acts of this room call it when they commit."""
    for memory in Memory._all:
        memory.clear()


def _writing() -> bool:
    """True inside a transaction in which an act of this room has written."""
    return any(item[1] is forget for item in connection.run_on_commit)
