"""Lists that are taken in: which taker reads which kind, and the turn of the worker that moves them on.

A turn goes on with a list for some portions and lets go, so that other periodic work is not held up. Readers and takers are kept between
turns: they remember the list. Where they are missing (the worker was restarted, or killed in the middle of a portion) the list is read
up to the place where it stood, and goes on from there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.people.actions import imports
from simpul.people.queries import imports as queries
from simpul.people.rules import imports as rules
from simpul.posyandu.actions import eppgbm
from simpul.programmes.actions import kis_taking

logger = logging.getLogger(__name__)

TAKERS: Mapping[str, Callable[[], rules.Taker]] = {
    "residents": imports.ResidentTaker,
    "kis": kis_taking.CardTaker,
    "eppgbm": eppgbm.WeighingTaker,
}
"""What the rows of each kind of list mean. A room that takes a list of its own in adds its taker here."""

QUIET = timedelta(seconds=30)
"""A list whose last portion is younger is being moved on by somebody else: by a command, or by another worker."""

LONGEST = timedelta(seconds=10)
"""How long one turn goes on with lists."""

MOST_HELD = 4


class ListFailedError(RuntimeError):
    """A list could not be taken further; it stands in the state "failed", and the log has the reason."""


@dataclass(slots=True)
class Running:
    """A list under way in this process."""

    taker: rules.Taker
    reading: queries.Reading


_held: dict[UUID, Running] = {}


def begin(batch: Any, at: datetime) -> Running:
    """A reader and a taker for a list, at its beginning."""
    return Running(TAKERS[batch.kind](), queries.Reading(batch, queries.today_of(batch.region_code, at)))


def step(batch_id: UUID, at: datetime) -> Any:
    """Take one portion; None when somebody else does, or nothing is to be done. A fault leaves the list in the state "failed".

    Raises:
        ListFailedError: something broke that is no rule's doing.
    """
    batch = queries.batch_by_id(batch_id)
    if batch is None or batch.state not in ("trying", "running"):
        _held.pop(batch_id, None)
        return None
    running = _held.get(batch_id)
    in_place = running is not None and running.reading.position == batch.next_row
    if not in_place and batch.beat_at is not None and at - batch.beat_at < QUIET:
        _held.pop(batch_id, None)  # somebody else is at it
        return None
    if running is None or not in_place or not batch.next_row:
        while len(_held) >= MOST_HELD:
            _held.pop(next(iter(_held)))
        running = _held[batch_id] = begin(batch, at)
    try:
        done = imports.run_batch(
            by=MACHINE, at=at, batch_id=batch_id, taker=running.taker, reading=running.reading
        )
    except imports.PortionTaken:
        _held.pop(batch_id, None)
        return None
    except Exception as fault:
        _held.pop(batch_id, None)
        logger.exception("A list could not be taken in (%s)", batch_id)
        _fail(batch_id, at, fault)
        raise ListFailedError(type(fault).__name__) from fault
    if done.state not in ("trying", "running"):
        _held.pop(batch_id, None)
    return done


def _fail(batch_id: UUID, at: datetime, fault: Exception) -> None:
    try:
        words = str(fault) if isinstance(fault, Refused) else type(fault).__name__
        imports.fail_batch(by=MACHINE, at=at, batch_id=batch_id, fault=words)
    except Refused:
        logger.warning("The list %s was stopped meanwhile", batch_id)


def waits(at: datetime) -> bool:
    """True when a list is to be moved on."""
    return queries.is_active(at)


def turn(at: datetime, *, longest: timedelta = LONGEST) -> tuple[int, list[ListFailedError]]:
    """Move waiting lists on for a while: how many portions were taken, and what went wrong."""
    began, done = time.monotonic(), 0
    faults: list[ListFailedError] = []
    mine = set(_held)
    for batch_id in [*mine, *(one for one in queries.waiting(at, QUIET) if one not in mine)]:
        while time.monotonic() - began < longest.total_seconds():
            try:
                batch = step(batch_id, timezone.now())
            except ListFailedError as fault:
                faults.append(fault)
                break
            if batch is None:
                break
            done += 1
            if batch.state not in ("trying", "running"):
                break
    return done, faults
