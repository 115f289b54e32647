"""What the tests of devices share: a wire into the program itself, and phones of the people of Bonto Jai."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.lib.actor import MACHINE
from simpul.sync.actions import enrolling
from tests.sync import phone
from tests.sync.works import Stage


def inside() -> phone.Wire:
    """A wire that asks the views directly."""
    client = Client()

    def wire(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> phone.Answer:
        kind = headers.get("Content-Type", "application/octet-stream")
        rest: dict[str, Any] = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = client.generic(method, f"/sync/v1/{path}", body, content_type=kind, headers=rest)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return phone.Answer(answer.status_code, content)

    return wire


def clock_now() -> int:
    """A clock that is right."""
    return round(timezone.now().timestamp() * 1000)


def phone_of(
    stage: Stage,
    part: str = "walker",
    *,
    at: datetime | None = None,
    wire: phone.Wire | None = None,
    **more: Any,
) -> phone.Phone:
    """A new phone of one of the people of the stage. What was counted for others is forgotten: an address enrols only so many a minute."""
    cache.clear()
    made = enrolling.invite_device(
        by=MACHINE, at=at or timezone.now(), seat_id=stage.seats[part].id, areas=more.pop("areas", ())
    )
    chance = more.pop("chance", None) or random.Random(7)
    return phone.enrolled(wire or inside(), made.code, more.pop("clock", clock_now), chance, **more)
