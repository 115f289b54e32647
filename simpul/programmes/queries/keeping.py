"""What this room holds about one person, for their own copy (UU 27/2022 art. 32)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.lib import erasing
from simpul.programmes.access import plans as access
from simpul.programmes.models import Plan


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What a person may have a copy of: programmes they are on, cards, plans, and decisions about them, by table.

    A plan made of a sealed matter is never in it, as the matter itself is not: whoever stands beside the person would read it too.
    """
    found = erasing.told_room("programmes", "people.Person", person_id)
    table = str(Plan._meta.verbose_name)
    if table in found:
        rows = Plan.objects.filter(access.unsealed(), person_id=person_id).order_by("pk")
        found[table] = [erasing.told_row(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}
