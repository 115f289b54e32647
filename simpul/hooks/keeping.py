"""Where a delivery is kept: in the database, or in the spool while there is none. An answer of 200 means that it is safe.

A database that does not take a delivery within half a second is left alone for a moment: the deliveries of that moment go
to the spool straight away, so that providers are answered in time, and are read in by the worker.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from simpul.hooks.setups import Known
from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool, SpoolFull
from simpul.messages import actions, transports
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import requests

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 15.0


class Breaker:
    """Whether the database is asked at all: not in the moment after it failed, and then by one delivery that tries it out.

    Each failure in a row doubles the rest: a stopped PostgreSQL keeps whoever asks waiting for seconds.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._until = 0.0
        self._failures = 0
        self._trying = False

    def lets(self) -> bool:
        """True when the database may be asked; who asks says afterwards how it went."""
        with self._guard:
            if not self._failures:
                return True
            if self._trying or time.monotonic() < self._until:
                return False
            self._trying = True
            return True

    def failed(self) -> None:
        """It did not answer."""
        with self._guard:
            rest = min(REST_SECONDS * 2 ** min(self._failures, 10), LONGEST_REST_SECONDS)
            self._failures, self._trying = self._failures + 1, False
            self._until = time.monotonic() + rest

    def answered(self) -> None:
        """It is there."""
        if self._failures:
            with self._guard:
                self._failures, self._trying = 0, False


class Refusals:
    """How many deliveries of a gateway were refused in this hour, as far as this process knows."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hour = ""
        self._counts: dict[UUID, int] = {}

    def stands_for(self, gateway_id: UUID, at: datetime) -> int:
        """How many the one at hand stands for in the raw store; 0 when it is only counted here.

        Above the cap one of every hundred is noted, so that a flood cannot keep the disk busy.
        """
        hour = f"{at:%Y%m%d%H}"
        with self._guard:
            if hour != self._hour:
                self._hour, self._counts = hour, {}
            count = self._counts[gateway_id] = self._counts.get(gateway_id, 0) + 1
        if count <= rules.REFUSED_PER_HOUR:
            return 1
        return rules.REFUSED_STEP if count % rules.REFUSED_STEP == 0 else 0


BREAKER = Breaker()
REFUSALS = Refusals()


def keep(known: Known, request: transports.RawRequest, verdict: transports.Verdict, at: datetime) -> bool:
    """Keep a delivery that may be read; True when it is safe."""
    key = requests.repeat_key(transports.PROVIDERS, known.setup, request)
    kept = requests.for_keeping(transports.PROVIDERS, known.setup, request)
    if _in_database(known, kept, verdict, at, key):
        return True
    return _in_spool(requests.Spooled(known.setup.road, known.setup.code, True, kept, key))


def keep_unchecked(road: str, code: str, request: transports.RawRequest) -> bool:
    """Keep a delivery that cannot be checked, since nobody knows the gateways now; True when it is safe.

    Anybody may write such a one, so they are few and small, and leave room on the disk.
    """
    spool = Spool(settings.SIMPUL_SPOOL)
    if (
        len(request.body) > rules.UNCHECKED_LARGEST
        or spool.length() >= rules.UNCHECKED_MOST
        or shutil.disk_usage(settings.SIMPUL_DATA).free < rules.UNCHECKED_ROOM
    ):
        return False
    return _in_spool(requests.Spooled(road, code, False, request))


def note_refused(
    known: Known, request: transports.RawRequest, verdict: transports.Verdict, at: datetime
) -> None:
    """Leave a trace of a delivery that may not be read, if there is a database to leave it in."""
    times = REFUSALS.stands_for(known.id, at)
    if times:
        kept = requests.for_keeping(transports.PROVIDERS, known.setup, request)
        _in_database(known, kept, verdict, at, "", times)


def _in_database(
    known: Known,
    request: transports.RawRequest,
    verdict: transports.Verdict,
    at: datetime,
    key: str,
    times: int = 1,
) -> bool:
    if not BREAKER.lets():
        return False
    try:
        with _impatient():
            actions.store_delivery(
                by=MACHINE,
                at=at,
                gateway_id=known.id,
                request=request,
                verdict=verdict,
                repeat_key=key,
                times=times,
            )
    except Exception as fault:  # whatever it is: the spool takes it, and a person sees why
        BREAKER.failed()
        logger.warning(
            "A delivery could not be stored: %s. It goes to the spool.",
            type(fault).__name__,
            exc_info=not str(type(fault).__name__).startswith(("Operational", "Interface")),
        )
        return False
    BREAKER.answered()
    return True


def _in_spool(spooled: requests.Spooled) -> bool:
    try:
        Spool(settings.SIMPUL_SPOOL).add(requests.as_record(spooled))
    except (SpoolFull, OSError) as fault:
        logger.error("A delivery could not be kept at all: %s. Its provider will send it again.", fault)
        return False
    return True


def _impatient() -> AbstractContextManager[None]:
    """On SQLite, wait for the writer before us for a short time only."""
    patience = getattr(connection, "patience", None)
    return patience(WAIT_SECONDS) if patience is not None else nullcontext()
