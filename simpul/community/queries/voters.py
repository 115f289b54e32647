"""Whose a telephone is, as far as the register knows."""

from __future__ import annotations

from simpul.people.models import Person


def residents_at(number: str, region_code: str) -> int:
    """How many residents of a village have this number."""
    return Person.objects.reached_at(number).filter(resident=True, region_code=region_code).count()


def only_person_at(number: str) -> Person | None:
    """The one person with this number; None when there are several, or none."""
    found = list(Person.objects.listed().reached_at(number)[:2])
    return found[0] if len(found) == 1 else None
