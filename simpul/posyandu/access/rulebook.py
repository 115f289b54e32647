"""Choices of rules that an actor may end, and entries that may be judged again: those of the area of the seat."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Examination, Rerun, RuleChoice


def choices(by: Actor) -> QuerySet[RuleChoice]:
    """Choices of areas inside the area of this seat."""
    found: QuerySet[RuleChoice] = access.rows(by, RuleChoice, access.INSTITUTION)
    return found


def choice_for(by: Actor, choice_id: UUID, *, lock: bool = False) -> RuleChoice:
    """One choice. Raises ``NotFound`` as ``access.one``."""
    found: RuleChoice = access.one(choices(by), choice_id, lock=lock)
    return found


def reruns(by: Actor) -> QuerySet[Rerun]:
    """Re-runs of areas inside the area of this seat."""
    found: QuerySet[Rerun] = access.rows(by, Rerun, access.INSTITUTION)
    return found


def judged(by: Actor) -> QuerySet[Examination]:
    """Entries that count, for judging them again: of those who may apply it, who get figures, and those who may read entries by name."""
    found: QuerySet[Examination] = access.rows(by, Examination, ("rerun.apply", *access.NAMED))
    return found.filter(stands=True)
