"""Questions for a person: asked once, however often the reason for it comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simpul.sync.models import Device, Event, Task


def ask(
    kind: str,
    device: Device,
    at: datetime,
    *,
    event: Event | None = None,
    subject: str = "",
    region_code: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Task:
    """The open question of this kind about this event, or about this subject when there is no event; a new one when there is none."""
    place = region_code or device.desk.region_code
    if event is not None:
        found = Task.objects.filter(kind=kind, event=event).first()
    else:
        found = Task.objects.filter(kind=kind, device=device, subject=subject, state="open").first()
    if found is not None:
        return found
    return Task.objects.create(
        kind=kind,
        subject=subject[:80],
        region_code=place,
        event=event,
        device=device,
        facts=dict(facts or {}),
        opened_at=at,
    )
