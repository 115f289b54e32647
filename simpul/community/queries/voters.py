"""Whose a telephone is, as far as the register knows."""

from __future__ import annotations

from simpul.people.models import Person


def residents_at(number: str, region_code: str) -> int:
    """How many residents of a village have this number."""
    return Person.objects.reached_at(number).filter(resident=True, region_code=region_code).count()


def only_person_at(number: str, region_code: str) -> Person | None:
    """The one resident of a village with this number, else the one person; None when there are several, or none.

    Somebody of whom only the number was known, because a code was asked for once, does not stand between a resident and their voice.
    """
    reached = Person.objects.listed().reached_at(number)
    for rows in (reached.filter(resident=True, region_code=region_code), reached):
        found = list(rows[:2])
        if len(found) == 1:
            return found[0]
    return None
