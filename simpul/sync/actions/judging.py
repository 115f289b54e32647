"""Judging what is stored: each event by the act that its kind asks for, in the order in which its device wrote it.

One event is one transaction. What the rules refuse is put aside and blocks nothing, but for later events on what it would have brought into
the world; a fault of the program is tried again, and later events on the same subject wait for it.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.journal import rules as journal_rules
from simpul.lib.actor import Actor
from simpul.sync.actions import _files, _outcomes, _tasks, erasing
from simpul.sync.models import Device, Event
from simpul.sync.queries import devices, subjects, waiting

logger = logging.getLogger(__name__)

MOST = 500
TOLD_AFTER = 3
"""After so many tries of an event that a fault of the program holds up, a person is asked to look at it."""


def judge_events(
    *, by: Actor, at: datetime, device_id: UUID, limit: int = MOST, seconds: float | None = None
) -> list[UUID]:
    """Judge what a device sent and nobody judged, for at most so long; the keys of the events that were judged.

    Two workers at one device judge each event once: the second finds it taken.
    """
    roles.require(by, "events.judge")
    device = devices.device(device_id)
    if device is None:
        return []
    until = None if seconds is None else time.monotonic() + seconds
    blocked = _blocked(device_id)
    judged: list[UUID] = []
    for row in waiting.chain_of(device_id):
        if len(judged) >= limit or (until is not None and time.monotonic() > until):
            break
        event = waiting.as_event(row)
        if blocked and not blocked.isdisjoint(subjects.keys_in(row.subject, event.data)):
            _wait(row, at)
            state = "held"
        elif _rests(row, at):
            state = "held"
        else:
            found = _judge(by, at, device, row)
            if found is None:
                continue
            state = found.state
            judged.append(row.id)
        if state == "held":
            blocked |= set(subjects.keys_in(row.subject, ())) | subjects.born_in(
                row.subject, event.data, row.at_ms
            )
        elif state == "quarantined":
            blocked |= subjects.born_in(row.subject, event.data, row.at_ms)
    return judged


def _blocked(device_id: UUID) -> set[str]:
    """What would have come into the world by events that wait for a person: later events on it wait too."""
    blocked: set[str] = set()
    for row in waiting.put_aside(device_id).defer("words", "facts").iterator(chunk_size=500):
        blocked |= subjects.born_in(row.subject, waiting.as_event(row).data, row.at_ms)
    return blocked


def _rests(row: Event, at: datetime) -> bool:
    """A fault is tried again after 1, 2, 4 ... 60 minutes."""
    if row.state != "held" or not row.tries or row.judged_at is None:
        return False
    return row.judged_at + timedelta(minutes=min(2 ** (row.tries - 1), 60)) > at


def _wait(row: Event, at: datetime) -> None:
    Event.objects.filter(id=row.id, state__in=("stored", "held")).update(
        state="held", reason="waits", judged_at=at
    )


def _judge(by: Actor, at: datetime, device: Device, row: Event) -> _outcomes.Outcome | None:
    """Judge one event in one transaction; None when somebody else did. A fault leaves nothing of it behind."""
    try:
        with transaction.atomic():
            if not Event.objects.filter(id=row.id, state=row.state, tries=row.tries).update(judged_at=at):
                return None
            found = _outcomes.outcome_of(device, row, at)
            write_outcome(by, at, device, row, found)
            if found.state != "held":
                erasing.empty_late(row, at)
            return found
    except (OperationalError, InterfaceError):
        raise  # the database, not the event: everything is tried again later
    except Exception as fault:
        logger.exception("An event of device %s could not be judged: %s %s", device.id, row.kind, row.id)
        return _failed(at, device, row, type(fault).__name__)


def _failed(at: datetime, device: Device, row: Event, fault: str) -> _outcomes.Outcome:
    with transaction.atomic():
        Event.objects.filter(id=row.id, state=row.state, tries=row.tries).update(
            state="held", reason="fault", tries=row.tries + 1, judged_at=at
        )
        if row.tries + 1 >= TOLD_AFTER:
            _tasks.ask("repair", device, at, event=row, subject=row.subject, facts={"fault": fault})
    return _outcomes.Outcome("held", "fault", again=True)


def write_outcome(by: Actor, at: datetime, device: Device, row: Event, found: _outcomes.Outcome) -> None:
    """Step: write down what became of an event, ask the questions it raises, and note which files belong to what it made."""
    Event.objects.filter(id=row.id).update(
        state=found.state,
        reason=found.reason[:60],
        words=found.words[:300],
        facts=journal_rules.jsonable(found.facts),
        region_code=found.region_code,
        tries=row.tries + (1 if found.again and found.reason != "waits" else 0),
        judged_at=at,
    )
    for task in found.tasks:
        _tasks.ask(
            task.kind,
            device,
            at,
            event=None if task.kind in _outcomes.DEVICE_WIDE else row,
            subject=f"device:{device.id}" if task.kind in _outcomes.DEVICE_WIDE else task.subject,
            region_code=task.region_code or found.region_code,
            facts=journal_rules.jsonable(task.facts),
        )
    _files.await_files(device, row, found.files, at)
    if found.state != "accepted":
        journal_actions.record(
            by=by,
            at=at,
            kind="events.judge",
            subject_kind="event",
            subject_id=row.id,
            region_code=found.region_code,
            facts={"state": found.state, "reason": found.reason, "kind": row.kind},
        )
