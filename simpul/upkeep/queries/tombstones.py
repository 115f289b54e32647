"""What was erased: for whoever holds a copy."""

from __future__ import annotations

from datetime import datetime

from simpul.upkeep.models import Tombstone


def erased() -> list[tuple[str, str, datetime]]:
    """Persons and matters that were erased or destroyed, oldest first: ("person:<id>", region, when)."""
    rows = Tombstone.objects.filter(subject_kind__in=("person", "case"), subject_id__isnull=False).order_by(
        "at"
    )
    return [
        (f"{kind}:{key}", region, at)
        for kind, key, region, at in rows.values_list("subject_kind", "subject_id", "region_code", "at")
    ]
