"""What this room holds about one person, for their own copy (UU 27/2022 art. 32)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.letters.models import Letter
from simpul.letters.rules import flow


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What a person may have a copy of: the letters they asked for, and what became of each."""
    rows = (
        Letter.objects.filter(person_id=person_id).select_related("type", "version").order_by("requested_at")
    )
    told = [
        {
            "letter": one.version.name if one.version is not None else one.type.code,
            "asked": one.requested_at,
            "about": one.subject_name,
            "purpose": one.purpose,
            "state": one.state,
            "number": one.number,
            "date": one.letter_date,
            "answers": one.inputs if one.state in flow.OPEN else "",
        }
        for one in rows
    ]
    return {"letters": told} if told else {}
