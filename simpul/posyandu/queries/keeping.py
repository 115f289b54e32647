"""What the posyandu holds of one person, for the person's own copy of their data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.lib import erasing

_NOT_TOLD = ("MarriageRisk", "Participant.mother")
"""Left out: who is accompanied before an early marriage (a copy handed to the family would tell those who press), and children's cards."""


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Cards, what was measured, visits, findings and tasks, by table."""
    return erasing.told_room("posyandu", "people.Person", person_id, skip=_NOT_TOLD)
