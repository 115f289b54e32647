"""What is due to be destroyed, what waits for approval, and the minutes of what was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from simpul.cases.queries import keeping as case_keeping
from simpul.feedback.queries import keeping as feedback_keeping
from simpul.lib.actor import Actor
from simpul.messages.queries import keeping as message_keeping
from simpul.people.queries import keeping as people_keeping
from simpul.upkeep import access
from simpul.upkeep.models import Destruction, DestructionItem
from simpul.upkeep.queries import catalogue, holds
from simpul.upkeep.rules.retention import Class

MOST = 5000
"""So many records on one list: a list of more is made again afterwards."""

_Among = Collection[UUID] | None
_DUE: dict[str, Callable[[datetime, int, _Among], list[UUID]]] = {
    "matters": case_keeping.over,
    "messages": partial(message_keeping.over, "message"),
    "incoming": partial(message_keeping.over, "incoming"),
    "calls": partial(message_keeping.over, "call"),
    "deliveries": partial(message_keeping.over, "delivery"),
    "feedback": feedback_keeping.over,
    "consents": partial(people_keeping.over, "consent"),
    "flags": partial(people_keeping.over, "flag"),
    "list_faults": partial(people_keeping.over, "list_fault"),
}


def due(what: str, at: datetime, limit: int = MOST) -> list[UUID]:
    """Keys of records of a class whose time is over and that are not held; none while the whole class is held.

    Raises:
        KeyError: no such class.
    """
    found = _DUE[what]
    if holds.holds_class(what):
        return []
    kept = set(holds.held_cases()) if what == "matters" else set()
    listed = set(
        DestructionItem.objects.filter(
            destruction__what=what, destruction__state__in=("proposed", "approved", "running")
        ).values_list("subject_id", flat=True)
    )
    return [key for key in found(at, limit + len(kept) + len(listed), None) if key not in kept | listed][
        :limit
    ]


def still_due(what: str, at: datetime, keys: Iterable[UUID]) -> set[UUID]:
    """Those of ``keys`` that are still over and not held, right before they are destroyed."""
    wanted = set(keys)
    if holds.holds_class(what):
        return set()
    kept = set(holds.held_cases()) if what == "matters" else set()
    return set(_DUE[what](at, len(wanted), wanted)) - kept


@dataclass(frozen=True, slots=True)
class DueClass:
    """One class with how much of it is due."""

    rule: Class
    number: int
    more: bool
    held: bool


def overview(at: datetime) -> list[DueClass]:
    """Every class of the catalogue with what is due today."""
    told = []
    for code, rule in catalogue.classes().items():
        found = due(code, at)
        told.append(DueClass(rule, len(found), len(found) >= MOST, holds.holds_class(code)))
    return told


def listed(by: Actor) -> list[Destruction]:
    """Lists the actor may see, the newest first."""
    return list(access.destructions(by).order_by("-proposed_at")[:200])


def running() -> list[UUID]:
    """Approved lists that are not through yet, the oldest first."""
    found = Destruction.objects.filter(state__in=("approved", "running")).order_by("second_at")
    return list(found.values_list("id", flat=True))


def routine_due(at: datetime) -> dict[str, list[UUID]]:
    """Copies, not archives, whose time is over: the worker lets them go by itself."""
    return {
        code: found
        for code, rule in catalogue.classes().items()
        if rule.routine and (found := due(code, at, 500))
    }
