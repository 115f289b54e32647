"""What the post holds of one person, for the person's own copy of their data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.lib import erasing


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Turns at the night watch, guests in their house, memberships and gifts of books, by table."""
    return erasing.told_room("village_post", "people.Person", person_id)
