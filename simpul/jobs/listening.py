"""Connections that stay open (SMPP): one thread for each, in one process of the installation at a time.

A process takes a connection by a hold on its gateway that it renews every few seconds; when it dies, another one follows.
What the centre delivers is kept in the database, or in the spool while there is none, before the centre is answered.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool, SpoolFull
from simpul.messages import actions, transports
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.transports import requests, smpp

logger = logging.getLogger(__name__)

HOLD_LASTS = timedelta(seconds=45)
"""A process that did not renew its hold for so long has died: several times ``smpp.HEALTH_SECONDS``."""

SHOWN_EVERY = timedelta(seconds=60)


class Keeper:
    """Keeps what one connection delivers, and tells how it does."""

    def __init__(
        self,
        setup: transports.Setup,
        gateway_id: UUID,
        holder: str,
        fresh: Callable[[], None] = close_old_connections,
    ) -> None:
        self.setup = setup
        self.gateway_id = gateway_id
        self.holder = holder
        self._fresh = fresh  # drops connections that broke, as the web does before a request
        self._shown_at: datetime | None = None

    def keep(self, request: transports.RawRequest) -> object | None:
        """Keep a delivery for good; None when it could be kept nowhere."""
        at = timezone.now()
        key = requests.repeat_key(transports.PROVIDERS, self.setup, request)
        try:
            self._fresh()
            stored = actions.store_delivery(
                by=MACHINE,
                at=at,
                gateway_id=self.gateway_id,
                request=request,
                verdict=transports.Verdict(ok=True),
                repeat_key=key,
            )
        except (DatabaseError, InterfaceError) as fault:
            logger.warning("A delivery could not be stored: %s. It goes to the spool.", type(fault).__name__)
            return self._spool(request, at)
        return stored.delivery.id

    def _spool(self, request: transports.RawRequest, at: datetime) -> object | None:
        record = requests.Spooled(
            self.setup.road,
            self.setup.code,
            True,
            replace(request, received_at=at),
            f"spool:{secrets.token_hex(16)}",
        )
        try:
            return Spool(settings.SIMPUL_SPOOL).add(requests.as_record(record))
        except (SpoolFull, OSError) as fault:
            logger.error(
                "A delivery could not be kept at all: %s. The centre keeps it.", type(fault).__name__
            )
            return None

    def taken(self, kept: object) -> None:
        """The centre knows that we have it."""
        if isinstance(kept, UUID):
            try:
                actions.take_delivery(by=MACHINE, at=timezone.now(), delivery_id=kept)
            except (DatabaseError, InterfaceError) as fault:
                logger.warning("A delivery could not be closed: %s", type(fault).__name__)

    def health(self, answers: bool, reason: str) -> bool:
        """Note how the connection does; False when it is another process's, was changed, or was switched off.

        While the database is down the connection stays: the spool takes what comes.
        """
        at = timezone.now()
        try:
            self._fresh()
            if not actions.hold_gateway(
                by=MACHINE, at=at, gateway_id=self.gateway_id, holder=self.holder, lasts=HOLD_LASTS
            ):
                return False
            gateway = gateway_queries.gateway_by_id(self.gateway_id)
            if gateway is None or not same(gateway_queries.setup_of(gateway), self.setup):
                return False
            changed = answers is (gateway.down_since_at is not None)
            if changed or not answers or self._shown_at is None or at - self._shown_at >= SHOWN_EVERY:
                actions.report_gateway(
                    by=MACHINE, at=at, gateway_id=self.gateway_id, answers=answers, reason=reason
                )
                self._shown_at = at
        except (DatabaseError, InterfaceError) as fault:
            logger.warning("The health of %s could not be noted: %s", self.setup.code, type(fault).__name__)
        return True


def same(one: transports.Setup, other: transports.Setup) -> bool:
    """True when two set-ups make the same connection; the cursor holds the hold and moves."""
    return (one.settings, one.secrets, one.number) == (other.settings, other.secrets, other.number)


class Listeners:
    """The connections that this process holds."""

    def __init__(
        self, listen: Callable[[transports.Setup, smpp.Keeper, threading.Event], None] = smpp.listen
    ) -> None:
        self.holder = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._listen = listen
        self._threads: dict[UUID, tuple[threading.Thread, threading.Event]] = {}
        self._guard = threading.Lock()

    def ensure(self, at: datetime) -> int:
        """Begin to listen wherever nobody does; returns how many were begun."""
        begun = 0
        for gateway in gateway_queries.gateways(kind="smpp"):
            with self._guard:
                thread = self._threads.get(gateway.id, (None, None))[0]
                if thread is not None and thread.is_alive():
                    continue
                if not actions.hold_gateway(
                    by=MACHINE, at=at, gateway_id=gateway.id, holder=self.holder, lasts=HOLD_LASTS
                ):
                    continue
                self._begin(gateway.id, gateway_queries.setup_of(gateway))
                begun += 1
        return begun

    def _begin(self, gateway_id: UUID, setup: transports.Setup) -> None:
        stop = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(gateway_id, setup, stop), name=f"listen-{setup.code}", daemon=True
        )
        self._threads[gateway_id] = (thread, stop)
        thread.start()

    def _run(self, gateway_id: UUID, setup: transports.Setup, stop: threading.Event) -> None:
        """One listener, to its end. A fault ends it; the next turn of the schedule begins it again."""
        try:
            self._listen(setup, Keeper(setup, gateway_id, self.holder), stop)
        except Exception:
            logger.exception("Listening to %s ended by a fault", setup.code)
        finally:
            try:
                actions.leave_gateway(
                    by=MACHINE, at=timezone.now(), gateway_id=gateway_id, holder=self.holder
                )
            except (DatabaseError, InterfaceError):
                logger.warning("The hold on %s runs out by itself", setup.code)
            connections.close_all()

    def stop(self, seconds: float = 10) -> None:
        """End all of them, politely."""
        with self._guard:
            running, self._threads = list(self._threads.values()), {}
        for _thread, stop in running:
            stop.set()
        for thread, _stop in running:
            thread.join(seconds)


LISTENERS = Listeners()
