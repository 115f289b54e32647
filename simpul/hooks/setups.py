"""The set-ups of all gateways, remembered by this process for a few seconds.

So a delivery costs no look-up, and its signature can be checked while the database is down. A changed secret is known after
``FRESH_SECONDS`` at most.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import Error as DbError

from simpul.messages import transports
from simpul.messages.queries import gateways as gateway_queries

logger = logging.getLogger(__name__)

FRESH_SECONDS = 5.0
RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Known:
    """A gateway as this process remembers it."""

    id: UUID
    setup: transports.Setup


class Setups:
    """What is remembered. One thread refreshes; the others go on with what is there."""

    def __init__(self) -> None:
        self._known: tuple[Known, ...] | None = None
        self._due = 0.0
        self._refreshing = threading.Lock()

    def of(self, road: str, code: str) -> list[Known] | None:
        """The active gateways of a road, or the one with this code. None when the database could never be asked."""
        if time.monotonic() >= self._due:
            self._refresh()
        known = self._known
        if known is None:
            return None
        return [one for one in known if one.setup.road == road and code in ("", one.setup.code)]

    def forget(self) -> None:
        """Ask again at the next delivery."""
        self._due = 0.0

    def _refresh(self) -> None:
        first = self._known is None
        if not self._refreshing.acquire(blocking=first):
            return
        try:
            if time.monotonic() < self._due:
                return
            self._known = tuple(_known())
            self._due = time.monotonic() + FRESH_SECONDS
        except DbError as fault:
            logger.warning("The gateways could not be asked for: %s", type(fault).__name__)
            self._due = time.monotonic() + RETRY_SECONDS
        finally:
            self._refreshing.release()


def _known() -> Iterator[Known]:
    for gateway in gateway_queries.gateways():
        try:
            yield Known(gateway.id, gateway_queries.setup_of(gateway))
        except ValueError:  # one set-up that cannot be read does not close the others' doors
            logger.exception("The set-up of the gateway %s cannot be read", gateway.code)


SETUPS = Setups()
