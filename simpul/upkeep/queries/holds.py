"""What is under a legal hold."""

from __future__ import annotations

from uuid import UUID

from simpul.lib.actor import Actor
from simpul.upkeep import access
from simpul.upkeep.models import LegalHold


def holds_person(person_id: UUID) -> bool:
    """True while somebody asked to keep everything about this person."""
    return LegalHold.objects.filter(subject_kind="person", subject_id=person_id, lifted_at=None).exists()


def held_cases() -> list[UUID]:
    """Matters that must stay whole."""
    found = LegalHold.objects.filter(subject_kind="case", lifted_at=None).exclude(subject_id=None)
    return [key for key in found.values_list("subject_id", flat=True) if key is not None]


def holds_class(what: str) -> bool:
    """True while a whole class of records must stay."""
    return LegalHold.objects.filter(subject_kind="class", what=what, lifted_at=None).exists()


def listed(by: Actor) -> list[LegalHold]:
    """Holds, those that stand first, the newest first."""
    rows = access.holds(by).order_by("-placed_at")
    return sorted(rows[:500], key=lambda one: one.lifted_at is not None)
