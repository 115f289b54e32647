"""What supervisors see of devices: who has which, how far behind it is, what it sent, and what a person has to decide."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.sync import access
from simpul.sync.models import BackupMark, Device, Envelope, Event, Task

QUIET_AFTER = timedelta(days=3)
"""A device that has not been heard of for this long is shown as quiet: product default, no law."""
PAGE = 50
OPEN_STATES = ("quarantined", "flagged", "held", "conflict")


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device of a list."""

    device: Device
    quiet: bool
    lease_over: bool
    waiting: int  # events a person has to look at


@dataclass(frozen=True, slots=True)
class DevicePage:
    """One device with everything about it."""

    device: Device
    counts: dict[str, int]
    epochs: list[dict[str, Any]]
    newest: list[Event]
    safe_until: datetime | None
    broken: list[Envelope]


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the repair list: a task, or an event that was put aside; ``inputs`` are what was typed, by name.

    ``protected``: it is about a matter that this actor may not read; its inputs are left out.
    """

    task: Task | None
    event: Event | None
    inputs: dict[str, Any] = field(default_factory=dict)
    protected: bool = False

    @property
    def kind(self) -> str:
        """What is asked (``rules.outcomes.TASKS``)."""
        return self.task.kind if self.task else "repair"

    @property
    def opened_at(self) -> datetime | None:
        """Since when it waits."""
        return self.task.opened_at if self.task else (self.event.judged_at if self.event else None)


def devices(by: Actor, at: datetime, *, state: str = "") -> list[DeviceRow]:
    """Devices of the actor's area, those that need somebody first; three queries."""
    found = list(
        access.devices(by)
        .filter(**({"state": state} if state else {}))
        .select_related("seat__user", "desk")
        .order_by("label")[:500]
    )
    waiting = dict(
        Event.objects.filter(device__in=found, state__in=OPEN_STATES, settled_at=None)
        .values_list("device_id")
        .annotate(Count("id"))
    )
    rows = [
        DeviceRow(
            one,
            one.state == "active" and (one.last_seen_at or one.enrolled_at) < at - QUIET_AFTER,
            one.state == "active" and one.lease_until < at,
            waiting.get(one.id, 0),
        )
        for one in found
    ]
    return sorted(
        rows, key=lambda row: (row.device.state != "active", -row.waiting, not row.quiet, row.device.label)
    )


def device_page(by: Actor, device_id: UUID) -> DevicePage:
    """One device.

    Raises:
        NotFound: no such device for this actor.
    """
    device = access.devices(by).filter(id=device_id).select_related("seat__user", "desk").first()
    if device is None:
        raise NotFound
    counts = dict(Event.objects.filter(device=device).values_list("state").annotate(Count("id")))
    epochs = list(
        Event.objects.filter(device=device)
        .values("epoch")
        .annotate(
            first=Min("seq"), last=Max("seq"), events=Count("id"), forks=Count("id", filter=Q(is_fork=True))
        )
        .order_by("epoch")
    )
    newest = list(Event.objects.filter(device=device).order_by("-received_at", "-seq")[:PAGE])
    broken = list(Envelope.objects.filter(device=device, state="broken").order_by("-received_at")[:20])
    return DevicePage(device, counts, [dict(one) for one in epochs], newest, safe_until(), broken)


def safe_until() -> datetime | None:
    """Everything that was received before this moment is in a verified backup."""
    return BackupMark.objects.aggregate(newest=Max("covers_until"))["newest"]


def questions(by: Actor, *, kind: str = "", page: int = 1) -> tuple[list[Question], bool]:
    """What waits for a person in the actor's area, oldest first, and whether there is more. Two queries."""
    tasks = (
        access.tasks(by)
        .filter(state="open")
        .select_related("event__device__seat__user", "device__seat__user")
    )
    if kind:
        tasks = tasks.filter(kind=kind)
    start = (page - 1) * PAGE
    found = list(tasks.order_by("opened_at", "id")[start : start + PAGE + 1])
    return [Question(one, one.event) for one in found[:PAGE]], len(found) > PAGE


def counts(by: Actor) -> dict[str, int]:
    """How many questions of each kind are open."""
    return dict(access.tasks(by).filter(state="open").values_list("kind").annotate(Count("id")))


def question(by: Actor, task_id: UUID) -> Question:
    """One question.

    Raises:
        NotFound: no such question for this actor.
    """
    task = (
        access.tasks(by)
        .filter(id=task_id)
        .select_related("event__device__seat__user", "device__seat__user")
        .first()
    )
    if task is None:
        raise NotFound
    if task.event is not None and not access.reads(by, task.event):
        return Question(task, task.event, protected=True)
    return Question(task, task.event, inputs_of(task.event) if task.event else {})


def inputs_of(event: Event) -> dict[str, Any]:
    """What was typed, by the name of the input; nothing after an erasure."""
    if not event.body:
        return {}
    return dict(json.loads(event.body).get("d", {}))
