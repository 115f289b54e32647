"""Periodic work on what devices sent: what a push had no time for, files, letters that are carried, gaps."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.sync.actions import blobs as blob_actions
from simpul.sync.actions import erasing, greeting, judging, opening, tidying
from simpul.sync.queries import blobs, waiting

logger = logging.getLogger(__name__)

SECONDS = 30.0
"""How long one turn goes on with what waits; the rest follows in the next."""
A_DEVICE = 10.0
"""How long one device may keep the others waiting."""


def waits(at: datetime) -> bool:
    """Is there anything to open, to judge or to attach?"""
    return waiting.to_open() or bool(waiting.to_judge(at, 1)) or bool(blobs.to_attach(1))


def turn(at: datetime) -> tuple[int, list[Exception]]:
    """Open, judge and attach what waits; how much was done, and what went wrong with a device while the others went on."""
    until = time.monotonic() + SECONDS
    done, faults = 0, []
    while waiting.to_open() and time.monotonic() < until:
        opened = opening.open_envelopes(by=MACHINE, at=at)
        done += opened.events
        if not opened.envelopes:
            break
    for device_id in waiting.to_judge(at):
        if time.monotonic() > until:
            break
        try:
            done += len(
                judging.judge_events(by=MACHINE, at=at, device_id=device_id, limit=2000, seconds=A_DEVICE)
            )
        except Exception as fault:
            logger.exception("What device %s sent could not be judged", device_id)
            faults.append(fault)
    done += blob_actions.attach_files(by=MACHINE, at=at)
    return done, faults


def write_letters(at: datetime) -> int:
    """Write to devices whose work came by a carrier, and ask about what never came."""
    opening.notice_gaps(by=MACHINE, at=at)
    try:
        return greeting.write_letters(by=MACHINE, at=at, device_ids=waiting.to_write_to(at))
    except Refused:  # a key that cannot be sealed to: the others are written to in the next turn
        logger.exception("A letter could not be written")
        return 0


def tidy_questions(at: datetime) -> int:
    """Close questions that were answered where the thing itself stands."""
    return tidying.tidy_questions(by=MACHINE, at=at)


def order_erasures(at: datetime) -> int:
    """Ask devices to remove what was erased here since the last turn."""
    return erasing.order_erasures(by=MACHINE, at=at)
