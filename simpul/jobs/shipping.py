"""Periodic work of the posyandu's exchange: parcels for DHIS2 and SATUSEHAT go out, one call at a time."""

from __future__ import annotations

from datetime import datetime

from simpul.jobs.turns import LIMIT, Outcome, Stopwatch, each
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import shipments
from simpul.posyandu.queries import exchange


def ship(at: datetime) -> Outcome:
    """Send what waits, or ask what became of it."""
    watch = Stopwatch(at)
    return each(
        "health-shipments",
        exchange.waiting(at, LIMIT),
        lambda key: shipments.send_shipment(by=MACHINE, at=watch.now(), shipment_id=key),
        watch,
    )
