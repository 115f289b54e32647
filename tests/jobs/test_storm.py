"""A gateway down for three days and then back: played with thousands of messages, without waiting for anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.desks.models import Institution
from simpul.jobs import schedule
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages import transports
from simpul.messages.models import Gateway, Message
from simpul.people import actions as people_actions
from simpul.people.models import Person
from simpul.regions.models import Region
from tests.messages import ways

pytestmark = pytest.mark.django_db

VILLAGE = "7602132001"
NUMBER = "+6281234567890"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PER_MINUTE = 60
RECEIPTS = 400
ANSWERS = 150
FRESH = 150


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ways.Provider:
    settings.SIMPUL_MAIL_READY = False
    fake = ways.Provider()
    monkeypatch.setattr(transports, "PROVIDERS", {"http": fake})
    return fake


@pytest.fixture
def person(now: datetime) -> Person:
    """Everybody in one person: what is played is the queue."""
    Institution.objects.update_or_create(
        id=1, defaults={"name": "Kabupaten Mamuju", "region_code": "7602", "phone": "0426 21000"}
    )
    Region.objects.create(
        code="76", name="Sulawesi Barat", level=1, kind="provinsi", search_key="sulbar", zone="Asia/Makassar", source="t"
    )  # fmt: skip
    Region.objects.create(
        code=VILLAGE, name="Dungkait", level=4, kind="desa", search_key="dungkait", source="t"
    )
    found = people_actions.register_person(
        by=MACHINE, at=now, full_name="Nurhayati", region_code=VILLAGE
    ).person
    people_actions.add_contact(
        by=MACHINE, at=now, person_id=found.id, channel="phone", as_typed=NUMBER, safe_to_write=True
    )
    return found


@pytest.fixture
def sms(person: Person, provider: ways.Provider, now: datetime) -> Gateway:
    return ways.add(now, "telkomsel", parts_per_minute=PER_MINUTE)


def queue_many(person: Person, at: datetime, count: int, key: str = "answer") -> None:
    """Messages by SMS as ``queue_message`` leaves them, many at once."""
    example = message_actions.queue_message(
        by=MACHINE, at=at, subject_kind="case", subject_id=uuid4(), once_key=f"{key}-{at}-example", text_key=key,
        values={"number": "SPL-1", "answer": "Sudah.", "desk": "Pokja", "title": "Beras"}, person_id=person.id,
        region_code=VILLAGE,
    )  # fmt: skip
    assert example is not None
    names = [field.attname for field in Message._meta.fields if field.name not in ("id", "once_key")]
    same = {name: getattr(example, name) for name in names}
    Message.objects.bulk_create(
        [Message(**same, once_key=f"{key}-{at}-{number}") for number in range(count - 1)], batch_size=500
    )


def play(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """The worker's turns: sending at every step, expiring every hour."""
    at, hour = start, -1
    while at <= end:
        schedule.deliver_due(at)
        if hour != at.hour:
            schedule.expire_messages(at)
            hour = at.hour
        yield at
        at += step


def busiest_minute() -> int:
    """The most parts that left in any 60 seconds."""
    rows = Message.objects.order_by("sent_at").values_list("sent_at", "parts")
    moments = [(sent_at, parts) for sent_at, parts in rows if sent_at is not None]
    most, first, inside = 0, 0, 0
    for moment, parts in moments:
        inside += parts
        while moments[first][0] <= moment - MINUTE:
            inside -= moments[first][1]
            first += 1
        most = max(most, inside)
    return most


def test_three_days_of_silence_and_no_storm_afterwards(
    sms: Gateway, person: Person, provider: ways.Provider, now: datetime
) -> None:
    queue_many(person, now, ANSWERS)
    queue_many(person, now, RECEIPTS, "receipt")
    provider.down = {"telkomsel"}
    back_at = now + 72 * HOUR
    for at in play(now, now + 60 * HOUR, 20 * MINUTE):
        waits = message_queries.outbox(at).count("queued", "sms")
        assert waits == 0 or at < now + 50 * HOUR
    counts = message_queries.outbox(at)
    assert counts.count("queued", "slip") == ANSWERS  # people are told on paper instead
    assert counts.count("expired") == RECEIPTS  # a receipt of three days ago helps nobody
    assert len(provider.calls) < 150  # a careful try every half hour, whatever waits behind it
    assert Line.objects.filter(kind="gateway.report").count() == 1

    Gateway.objects.update(down_since_at=None, retry_at=None)  # it seems to be back for a moment
    queue_many(person, back_at - 10 * HOUR, FRESH)
    for _at in play(back_at - 10 * HOUR, back_at - 20 * MINUTE, 20 * MINUTE):
        pass
    assert provider.sent == []
    provider.down = set()
    sent_by_turn = []
    for at in play(back_at + 9 * MINUTE, back_at + 16 * MINUTE, 10 * SECOND):
        sent_by_turn.append(len(provider.sent))
    assert next(sent for sent in sent_by_turn if sent) == 1  # one careful try, then the rest
    assert len(provider.sent) == FRESH
    assert len({outgoing.reference for _code, outgoing in provider.sent}) == FRESH
    assert busiest_minute() <= PER_MINUTE
    assert message_queries.outbox(at).count("queued", "sms") == 0
    schedule.deliver_due(at + HOUR)
    assert len(provider.sent) == FRESH


def test_back_in_the_night_it_waits_for_the_morning(
    sms: Gateway, person: Person, provider: ways.Provider, now: datetime
) -> None:
    queue_many(person, now + 9 * HOUR, 150)  # 18.00
    provider.down = {"telkomsel"}
    for _at in play(now + 9 * HOUR, now + 13 * HOUR, 10 * MINUTE):
        pass
    provider.down = set()
    for _at in play(now + 13 * HOUR, now + 22 * HOUR - SECOND, 10 * MINUTE):
        pass
    assert provider.sent == []
    for _at in play(now + 22 * HOUR, now + 22 * HOUR + 5 * MINUTE, 10 * SECOND):  # 07.00
        pass
    assert len(provider.sent) == 150
    assert busiest_minute() <= PER_MINUTE


def test_a_long_queue_on_one_road_does_not_hold_another_up(
    sms: Gateway, person: Person, provider: ways.Provider, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_many(person, now - MINUTE, 300)
    mail = ways.Provider()

    class Mail:
        def is_ready(self) -> bool:
            return True

        def send(self, outgoing: transports.Outgoing) -> None:
            mail.send(transports.Setup("mail", "email", "email"), outgoing)

    monkeypatch.setattr(transports, "TRANSPORTS", {"email": Mail()})
    for number in range(20):
        message_actions.queue_message(
            by=MACHINE, at=now, subject_kind="case", subject_id=uuid4(), once_key=f"desk-{number}", text_key="desk_new",
            values={"number": "SPL-1", "desk": "Baznas"}, to_name="Baznas", to_address="baznas@contoh.id",
        )  # fmt: skip
    schedule.deliver_due(now)
    assert len(mail.sent) == 20
    assert len(provider.sent) == PER_MINUTE


def test_the_same_reason_is_told_once_however_often_it_is_queued(
    sms: Gateway, person: Person, provider: ways.Provider, now: datetime
) -> None:
    for _time in range(3):
        message_actions.queue_message(
            by=MACHINE, at=now, subject_kind="case", subject_id=uuid4(), once_key="case-1:answer:1", text_key="answer",
            values={"number": "SPL-1", "answer": "Sudah.", "desk": "Pokja"}, person_id=person.id, region_code=VILLAGE,
        )  # fmt: skip
    for _at in play(now, now + HOUR, MINUTE):
        pass
    assert len(provider.sent) == 1
