"""Questions whose answer was given where the thing itself stands: two values that were chosen between, two deliveries that were judged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from simpul.people.models import ContactDoubt, HouseholdDoubt, Observation
from simpul.programmes.models import Double
from simpul.sync.models import Task

KINDS = ("conflict", "double", "twice")


def elsewhere(most: int = 500) -> list[Task]:
    """Open questions of these kinds to which nothing that is still open belongs any more."""
    rows = Task.objects.filter(state="open", kind__in=KINDS).order_by("opened_at")[:most]
    return [one for one in rows if not _STILL_OPEN[one.kind](one)]


def _torn(task: Task) -> bool:
    key = _key(task.subject)
    fields = list(task.facts.get("fields", {}))
    torn = Observation.objects.filter(subject_id=key, field__in=fields, state="conflict")
    return torn.exists() or ContactDoubt.objects.filter(person_id=key, state="open").exists()


def _double(task: Task) -> bool:
    key = _uuid(task.facts.get("delivery"))
    return Double.objects.filter(Q(first_id=key) | Q(second_id=key), state="open").exists()


def _twice(task: Task) -> bool:
    key = _key(task.subject)
    return HouseholdDoubt.objects.filter(
        Q(first_id=key) | Q(second_id=key) | Q(person_id=key), state="open"
    ).exists()


_STILL_OPEN = {"conflict": _torn, "double": _double, "twice": _twice}


def _key(subject: str) -> UUID:
    return _uuid(subject.partition(":")[2])


def _uuid(said: Any) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        return UUID(int=0)
