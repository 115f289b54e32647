"""One event, judged: the handler of its kind is asked, and what it says, or refuses, is the outcome. Only acts write here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.sync import handlers
from simpul.sync.models import Device, Event
from simpul.sync.queries import devices, nodes, subjects, waiting
from simpul.sync.rules import chain, clocks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an event, whose list it is on, and which questions it raises."""

    state: str
    reason: str = ""
    words: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    region_code: str = ""
    tasks: tuple[handlers.TaskWanted, ...] = ()
    files: tuple[handlers.FileWanted, ...] = ()
    again: bool = False  # a fault, or a thing that is not here yet: tried again by itself


def outcome_of(device: Device, row: Event, at: datetime) -> Outcome:
    """Judge one event as its device's user; faults of the program rise."""
    event = waiting.as_event(row)
    about = subjects.about(event)
    place = subjects.place_of(device.id, about) or device.desk.region_code
    with translation.override(devices.language_of(device)):
        if waiting.is_above_known(device, row):
            words = _("This phone was locked before this entry arrived. A supervisor decides about it.")
            return _aside("revoked", words, about, place, "revoked")
        handler = handlers.TABLE.get(event.kind)
        if handler is None:
            words = _(
                "This entry is of a newer kind than this server knows. It is kept and entered after the update."
            )
            return replace(_aside("newer", words, about, place), state="held", again=True)
        happened = clocks.moment(row.at_ms, row.offset_ms, row.received_at)
        actor, over = _actor(device, event, at, happened)
        if actor is None:
            words = _(
                "The person who uses this phone has no seat any more. A supervisor decides about this entry."
            )
            return _aside("seat", words, about, place)
        work = _work(actor, device, row, event, at, happened)
        found = _tried(handler, work, about, place)
    return _marked(found, row, device, over=over)


def witnessed(device: Device, row: Event, at: datetime, by: Actor) -> Outcome:
    """An event that was put aside, done after all by the person who decided so: their permission counts, the device stays its author."""
    event = waiting.as_event(row)
    about = subjects.about(event)
    handler = handlers.TABLE.get(event.kind)
    if handler is None:
        raise NotFound
    happened = clocks.moment(row.at_ms, row.offset_ms, row.received_at)
    actor = replace(by, device=devices.code_of(device.id))
    with transaction.atomic():
        done = handler.run(_work(actor, device, row, event, at, happened))
    return _said(done, subjects.place_of(device.id, about) or device.desk.region_code)


def _work(
    actor: Actor, device: Device, row: Event, event: chain.Event, at: datetime, happened: datetime
) -> handlers.Work:
    return handlers.Work(
        by=actor,
        at=at,
        happened=happened,
        device_id=device.id,
        device_code=devices.code_of(device.id),
        event=nodes.without_seat(event) if device.kind == "node" else event,
        fork=row.is_fork,
    )


def _actor(device: Device, event: chain.Event, at: datetime, happened: datetime) -> tuple[Actor | None, bool]:
    """Who did it; a node speaks for the people of its desks, in the areas it was given, and for nobody else."""
    if device.kind != "node":
        return devices.actor_of(device, at, happened)
    return nodes.actor_of(device, event, at, happened)


def _tried(handler: handlers.Handler, work: handlers.Work, about: str, place: str) -> Outcome:
    try:
        with transaction.atomic():
            return _said(handler.run(work), place)
    except NotFound as refusal:
        return _not_found(handler, work, about, place, refusal)
    except Refused as refusal:
        return _aside(refusal.code, str(refusal), about, place)


def _not_found(
    handler: handlers.Handler, work: handlers.Work, about: str, place: str, refusal: NotFound
) -> Outcome:
    """A fact about what has left the area of its author is done all the same, and the new area is told; a decision waits there."""
    region = subjects.once_held(work.device_id, about) if about else ""
    moved = bool(region) and not work.by.serves(region)
    if moved and handler.fact and subjects.all_once_held(work.device_id, work.event, work.by.serves):
        wider = replace(work, by=replace(work.by, areas=(*work.by.served_areas, region)))
        try:
            with transaction.atomic():
                done = _said(handler.run(wider), region)
        except Refused as again:
            return _aside(again.code, str(again), about, region)
        words = _("This is now in another area. The entry was kept, and the people there were told.")
        task = handlers.TaskWanted("moved", about, region, {"kind": work.event.kind})
        return replace(  # what stands there now is not told to a device of the old area
            done,
            state="flagged",
            reason="moved",
            words=words,
            facts={},
            region_code=region,
            tasks=(*done.tasks, task),
        )
    if moved:
        words = _("This is now in another area. The people there decide about this entry.")
        return _aside("moved", words, about, region)
    if waiting.has_gap(work.device_id):
        words = _("This entry waits for another one that is still on its way.")
        return Outcome("held", "waits", words, region_code=place, again=True)
    words = _(
        "What this entry is about is not known here, or not in your area. A supervisor decides about it."
    )
    return _aside(refusal.code, words, about, place)


def _said(done: handlers.Done, place: str) -> Outcome:
    return Outcome(
        done.state,
        done.reason,
        done.words,
        dict(done.facts),
        done.region_code or place,
        tuple(done.tasks),
        tuple(done.files),
    )


def _aside(reason: str, words: str, about: str, place: str, task: str = "repair") -> Outcome:
    asked = (handlers.TaskWanted(task, about, place, {"reason": reason}),)
    return Outcome("quarantined", reason, words, region_code=place, tasks=asked)


def _marked(found: Outcome, row: Event, device: Device, *, over: bool) -> Outcome:
    """An accepted event whose time cannot be right, or whose author's seat ended meanwhile, is looked at by a person."""
    if found.state != "accepted":
        return found
    if clocks.is_wild(row.at_ms, row.offset_ms, row.received_at):
        task = handlers.TaskWanted("clock", f"device:{device.id}", found.region_code, {"at_ms": row.at_ms})
        return replace(found, state="flagged", reason="clock", tasks=(*found.tasks, task))
    return replace(found, state="flagged", reason="seat") if over else found


DEVICE_WIDE: Sequence[str] = ("clock", "revoked")
"""Questions that are asked once for a device, not once for each of its events."""
