"""Writing a journal line of this node as an event for the server above: what each builder is given and gives back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from simpul.journal.models import Line
from simpul.people.models import Observation
from simpul.people.rules import history

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Built:
    """An event's inputs, with what its author had seen. ``files``: those that have to follow."""

    kind: str
    subject: str
    data: dict[str, Any]
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Files that the inputs name by their content."""
        return [
            one
            for value in self.data.values()
            if isinstance(value, list)
            for one in value
            if isinstance(one, str) and SHA256.fullmatch(one)
        ]


Builder = Callable[[Line], Built | None]
"""None: the rows that it speaks of are not there any more; the line then travels as a note."""


def ms(at: datetime | None) -> int | None:
    """A time as the wire has it."""
    return None if at is None else int(at.timestamp() * 1000)


def micro(degrees: Any) -> int | None:
    """Degrees as microdegrees."""
    return None if degrees is None else round(float(degrees) * 1_000_000)


def hundredths(quantity: Decimal) -> int:
    """A quantity in hundredths of its unit."""
    return int(quantity * 100)


def clean(**given: Any) -> dict[str, Any]:
    """Inputs without those that are unknown: absent is unknown, never "no"."""
    return {
        name: plain(value) for name, value in given.items() if value is not None and value not in ("", [])
    }


def plain(value: Any) -> Any:
    """A value as the wire has it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return ms(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def said_of(line: Line) -> dict[str, Any]:
    """Whose word it was, as the register's lines tell."""
    inputs = line.inputs or {}
    return clean(
        source=line.facts.get("source"),
        observed=line.facts.get("observed_date"),
        said_by=inputs.get("said_by"),
        source_words=inputs.get("source_words"),
    )


def told_fields(
    line: Line, kind: str, key: UUID, *, only: Mapping[str, Any] | None = None
) -> tuple[dict[str, str], dict[str, str], dict[str, Any]]:
    """What an act said of a thing's fields, out of the register's history: ``f.*``, what its author had seen, whose word it was."""
    rows = [
        one
        for one in Observation.objects.filter(
            subject_kind=kind, subject_id=key, recorded_at=line.at, recorded_by=line.actor_name[:150]
        ).order_by("id")
        if only is None or one.field in only
    ]
    if not rows:
        return {}, {}, {}
    before: dict[str, str] = {}
    for one in Observation.objects.filter(
        subject_kind=kind,
        subject_id=key,
        field__in=[row.field for row in rows],
        recorded_at__lt=line.at,
        state__in=("current", "past"),
    ).order_by("recorded_at", "id"):
        before[one.field] = one.value
    texts = {f"f.{one.field}": one.value for one in rows}
    seen = {one.field: history.seen_hash(before.get(one.field, "")) for one in rows}
    first = rows[0]
    said = clean(
        source=first.source,
        source_words=first.source_words,
        said_by=first.said_by,
        observed=first.observed_date,
    )
    return texts, seen, said
