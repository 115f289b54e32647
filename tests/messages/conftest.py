"""A village, a resident with a mailbox, and a gateway that can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail

from simpul.desks.models import Institution
from simpul.lib.actor import MACHINE, Actor
from simpul.messages import actions, transports
from simpul.messages.models import Message
from simpul.people import actions as people_actions
from simpul.people.models import Person
from simpul.regions.models import Hamlet, Region

DUNGKAIT = "7602132001"
VALUES = {"number": "SPL-2611-00047-K", "answer": "Bantuan sudah diserahkan.", "desk": "Pokja Hunian"}

Queue = Callable[..., Message | None]


@pytest.fixture
def institution(db: Any) -> Institution:
    """Mamuju, with quiet hours from 20.00 to 07.00 and a phone at the office."""
    return Institution.objects.update_or_create(
        id=1,
        defaults={
            "name": "Pemerintah Kabupaten Mamuju",
            "short_name": "Mamuju",
            "region_code": "7602",
            "phone": "0426 21000",
        },
    )[0]


@pytest.fixture
def hamlet(institution: Institution) -> Hamlet:
    """Dusun Taludu in Dungkait."""
    Region.objects.create(
        code="76", name="Sulawesi Barat", level=1, kind="provinsi", search_key="sulawesi barat", zone="Asia/Makassar",
        source="test",
    )  # fmt: skip
    village = Region.objects.create(
        code=DUNGKAIT, name="Dungkait", level=4, kind="desa", search_key="dungkait", source="test"
    )
    return Hamlet.objects.create(village=village, kind="dusun", name="Dusun Taludu")


@pytest.fixture
def person(hamlet: Hamlet, now: datetime) -> Person:
    """Nurhayati, who gave no contact yet."""
    return people_actions.register_person(
        by=MACHINE,
        at=now,
        full_name="Nurhayati",
        region_code=DUNGKAIT,
        hamlet_id=hamlet.id,
        landmark="rumah dekat jembatan",
    ).person


@pytest.fixture
def mailbox(person: Person, now: datetime) -> Any:
    """Nurhayati's own mailbox, of which she said that it is safe."""
    return people_actions.add_contact(
        by=MACHINE,
        at=now,
        person_id=person.id,
        channel="email",
        as_typed="nur@contoh.id",
        safe_to_write=True,
        safe_to_call=True,
    )


@pytest.fixture
def queue(person: Person, now: datetime) -> Queue:
    """Queue the answer to Nurhayati's matter; keyword arguments change it."""

    def run(**given: Any) -> Message | None:
        wanted: dict[str, Any] = {
            "by": MACHINE,
            "at": now,
            "subject_kind": "case",
            "subject_id": uuid4(),
            "once_key": str(uuid4()),
            "text_key": "answer",
            "values": VALUES,
            "person_id": person.id,
            "region_code": DUNGKAIT,
        }
        return actions.queue_message(**(wanted | given))

    return run


@pytest.fixture
def officer() -> Actor:
    """The counter in Mamuju."""
    return Actor(role="front_office", name="Ilham Rasyid", region_code="7602")


@pytest.fixture
def focal() -> Actor:
    """The focal point for protected matters in Mamuju."""
    return Actor(role="focal_point", name="Hamida Yunus", region_code="7602", strong=True)


@pytest.fixture
def neighbour() -> Actor:
    """A counter in Bantaeng."""
    return Actor(role="front_office", name="Baso", region_code="7303")


class Gateway:
    """A mail server that can be down, or refuse; it counts how often it was called."""

    def __init__(self) -> None:
        self.fault: transports.Unreachable | transports.Rejected | Exception | None = None
        self.sent: list[transports.Outgoing] = []
        self.calls = 0

    def is_ready(self) -> bool:
        return True

    def send(self, outgoing: transports.Outgoing) -> None:
        self.calls += 1
        if self.fault is not None:
            raise self.fault
        self.sent.append(outgoing)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The e-mail road, through a gateway of the test's own."""
    fake = Gateway()
    monkeypatch.setattr(transports, "TRANSPORTS", {"email": fake})
    return fake


@pytest.fixture(autouse=True)
def empty_outbox() -> None:
    """No mail from other tests."""
    mail.outbox = []


MINUTE = timedelta(minutes=1)
