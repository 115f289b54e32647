"""The roads of the sample: told in the formats of real providers, and closed afterwards, so that nobody is ever reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from simpul.cases.models import Clock, Stack
from simpul.demo import rehearsal, roads, stage
from simpul.exchange.models import Subscription, Token
from simpul.jobs import schedule
from simpul.messages import transports
from simpul.messages.models import (
    Call,
    Correspondent,
    Delivery,
    Gateway,
    Incoming,
    IncomingFile,
    MassNotice,
    Message,
)
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import incoming as incoming_queries
from simpul.regions.models import Emergency


def every_road_was_used(now: datetime) -> None:
    """Called by the test that loads the sample."""
    assert set(Delivery.objects.values_list("state", flat=True)) == {"read"}
    assert set(Incoming.objects.values_list("channel", flat=True)) == {"whatsapp", "sms", "telegram", "email"}
    assert {"case", "added", "answered", "menu", "no_action", "spam"} <= set(
        Incoming.objects.values_list("outcome", flat=True)
    )
    assert Incoming.objects.filter(state="open", sealed=False).exists()
    assert Incoming.objects.get(state="open", sealed=True).channel == "sms"
    assert Incoming.objects.filter(parts_expected=3, state="open").exists()
    assert Incoming.objects.exclude(reply_to="").filter(channel="email", outcome="case").exists()
    assert Correspondent.objects.filter(is_nameless=True).count() == 1
    assert Correspondent.objects.filter(channel="whatsapp", number="", address__startswith="ID.").exists()
    assert set(IncomingFile.objects.values_list("kind", "state")) >= {
        ("image", "kept"),
        ("voice", "kept"),
        ("video", "refused"),
    }
    assert {"accepted", "delivered", "read"} <= set(Message.objects.values_list("receipt", flat=True))
    assert Message.objects.exclude(roads_tried=[]).filter(road="slip").exists()
    assert MassNotice.objects.count() == 2
    assert Call.objects.filter(callback_due_at__lt=now, callback_done_at=None).count() >= 2
    assert Stack.objects.get(closed_at=None).last_place == 5
    assert Emergency.objects.get().ended_at is not None
    assert Clock.objects.exclude(suspensions=[]).exists()
    assert (Token.objects.count(), Subscription.objects.get().active) == (2, False)


def nothing_leaves_and_nothing_is_asked(now: datetime) -> None:
    """Called by the test that loads the sample."""
    assert Gateway.objects.count() == 6
    assert not gateway_queries.sending()
    assert not gateway_queries.any_to_ask()
    assert not gateway_queries.mailboxes()
    assert not incoming_queries.files_due(now)
    assert not Message.objects.filter(state__in=("queued", "sending", "failed")).exclude(road="slip").exists()
    for work in (
        schedule.read_deliveries,
        schedule.hear_new,
        schedule.poll_gateways,
        schedule.poll_mailboxes,
        schedule.fetch_files,
    ):
        outcome = work(now)
        assert (outcome.done, outcome.failed, outcome.error) == (0, 0, "")


def test_a_stand_in_takes_everything_and_the_real_providers_come_back() -> None:
    real = dict(transports.PROVIDERS)
    setup = transports.Setup("sim", "gammu", "sms")
    with rehearsal.rehearsed() as book:
        book.files["a"] = b"bytes"
        provider = transports.PROVIDERS["gammu"]
        sent = provider.send(setup, transports.Outgoing("r1", "", "+628120000", "", "x" * 161, "id"))
        assert (sent.external_id, sent.parts, book.left[0].to_address) == ("r1", 2, "+628120000")
        assert provider.fetch(setup, {"id": "a"}, 10) == b"bytes"
        with pytest.raises(transports.Rejected):
            provider.fetch(setup, {"id": "b"}, 10)
    assert dict(transports.PROVIDERS) == real


def test_a_fault_brings_the_real_providers_back() -> None:
    real = dict(transports.PROVIDERS)
    with pytest.raises(ZeroDivisionError), rehearsal.rehearsed():
        _ = 1 / 0
    assert dict(transports.PROVIDERS) == real


def test_people_of_the_conversations_are_nobody() -> None:
    told = stage.read("roads")
    addresses = [str(row["address"]) for row in told["talks"]]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        digits = (
            address.lstrip("+").replace("62", "0", 1) if address.startswith("+") else address.replace("-", "")
        )
        fictional = (
            digits[4:8] == "0000"
            or address.startswith(("ID.7602", "7602"))
            or address.endswith("@peragaan.invalid")
        )
        assert fictional or address == "", address
    for row in told["gateways"]:
        hosts = [value for name, value in row["settings"].items() if name.endswith(("_host", "_url"))]
        assert all("peragaan.invalid" in host for host in hosts)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-25T10:00:00+08:00", "2026-11-25T10:00:00+08:00"),
        ("2026-11-25T02:30:00+08:00", "2026-11-24T19:45:00+08:00"),
        ("2026-11-25T22:00:00+08:00", "2026-11-25T19:45:00+08:00"),
    ],
)
def test_nobody_of_the_sample_writes_at_night(now: str, last: str) -> None:
    given: Any = datetime.fromisoformat(now)
    assert roads._daytime(given) == datetime.fromisoformat(last)
