"""Reading in what the spool kept while the database could not be asked. Twice is once: a delivery is known by its key."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError

from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool
from simpul.messages import actions, transports
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.transports import requests

logger = logging.getLogger(__name__)

LIMIT = 500


def waits(_at: datetime) -> bool:
    """Is there anything to read in?"""
    return Spool(settings.SIMPUL_SPOOL).length() > 0


def read_in(at: datetime, limit: int = LIMIT) -> tuple[int, int]:
    """Read the oldest records in; how many are in the database now, and how many a person must look at.

    What the database cannot take stays where it is. What no database could take is laid aside, never thrown away.

    Raises:
        DatabaseError, InterfaceError: the database does not answer; the rest waits.
    """
    spool = Spool(settings.SIMPUL_SPOOL)
    aside = spool.sweep()
    done = 0
    for record in spool.take(limit):
        try:
            _store(requests.from_record(record.data), at)
        except Exception as fault:
            no_database = isinstance(fault, DatabaseError | InterfaceError)
            if no_database and not isinstance(fault, DataError | IntegrityError):
                raise
            logger.exception(
                "The spooled delivery %s could not be read in and was laid aside", record.path.name
            )
            spool.lay_aside(record.path)
            aside += 1
        else:
            spool.done(record)
            done += 1
    return done, aside


def _store(spooled: requests.Spooled, at: datetime) -> None:
    """Put one into the raw store, as of the moment when it came; one that nobody checked yet is checked now."""
    request = spooled.request
    known = [
        gateway
        for gateway in gateway_queries.gateways(active=False)
        if gateway.road == spooled.road and spooled.code in ("", gateway.code)
    ]
    if spooled.checked:
        gateway = known[0] if known else None
        verdict, key, kept = transports.Verdict(ok=True), spooled.repeat_key, request
    else:
        known = [one for one in known if one.is_active]
        setups = [gateway_queries.setup_of(one) for one in known]
        judged = requests.judge(transports.PROVIDERS, setups, request, request.received_at or at)
        verdict = judged.verdict
        if verdict.status >= 500:
            raise ValueError(verdict.reason)
        gateway = None if judged.place is None else known[judged.place]
        setup = None if judged.place is None else setups[judged.place]
        kept = requests.for_keeping(transports.PROVIDERS, setup, request)
        key = requests.repeat_key(transports.PROVIDERS, setup, request) if setup is not None else ""
    actions.store_delivery(
        by=MACHINE,
        at=at,
        gateway_id=gateway.id if gateway is not None else None,
        request=replace(kept, received_at=request.received_at or at),
        verdict=verdict,
        repeat_key=key,
    )
