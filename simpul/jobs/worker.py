"""The worker: looks once a second whether some periodic work is due, and never dies of a fault in it.

It runs as threads of the web process (SQLite, one box) or as a process of its own (``simpul work``). Several workers do no
harm: each turn and each message is claimed by one of them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import close_old_connections, connections
from django.utils import timezone

from simpul.jobs import listening, queries, schedule, turns

logger = logging.getLogger(__name__)

THREADS = 2
"""A file that is fetched slowly must not keep what was delivered waiting to be read."""

IDLE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0


class Worker:
    """Runs the schedule in one or several threads until it is told to stop."""

    def __init__(self, threads: int = 1, work: tuple[turns.Work, ...] = schedule.SCHEDULE) -> None:
        self.threads = max(1, threads)
        self.work = work

    def run_once(self, at: datetime | None = None) -> list[str]:
        """Run what is due now; returns the names of the work that ran."""
        return schedule.run_due(at or timezone.now(), self.work)

    def run_forever(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set, and let what is begun come to its end. The caller's thread is one of the threads."""
        others = [
            threading.Thread(target=self._loop, args=(stop,), name=f"worker-{number}")
            for number in range(2, self.threads + 1)
        ]
        for thread in others:
            thread.start()
        self._loop(stop)
        listening.LISTENERS.stop()
        for thread in others:
            thread.join()

    def _loop(self, stop: threading.Event) -> None:
        wait = IDLE_SECONDS
        try:
            while not stop.is_set():
                wait = self._round(wait)
                stop.wait(wait)
        finally:
            connections.close_all()

    def _round(self, wait: float) -> float:
        """One look at the schedule; how long to wait for the next, longer each time the database does not answer."""
        try:
            with _fresh_connections():
                self.run_once()
        except Exception:
            logger.exception("The worker could not look at its schedule")
            return min(wait * 2, LONGEST_WAIT_SECONDS)
        return IDLE_SECONDS


@contextmanager
def _fresh_connections() -> Iterator[None]:
    """Drop connections that broke or are too old, before and after, as the web does around a request."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def health(at: datetime) -> list[queries.Beat]:
    """The heartbeat of every piece of periodic work, for the health page and the doctor."""
    periods: dict[str, timedelta] = {work.name: work.every for work in schedule.SCHEDULE}
    return queries.beats(at, periods)
