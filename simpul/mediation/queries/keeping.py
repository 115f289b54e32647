"""What this room holds about one person, for their own copy (UU 27/2022 art. 32)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.lib import erasing


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What a person may have a copy of: where they were a party, where they mediated."""
    return erasing.told_room("mediation", "people.Person", person_id)
