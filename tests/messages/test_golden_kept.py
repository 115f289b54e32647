"""Every golden sample goes all the way into the tables, once, however often and in whatever order it comes."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.messages import actions
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming, IncomingFile, Status
from simpul.messages.transports import RawRequest, Verdict
from tests.messages.test_golden import SAMPLES, VECTORS

pytestmark = pytest.mark.django_db

SETTINGS = {"phone_number_id": "106540352242922", "business_id": "55501"}


@pytest.fixture
def gateways(hamlet: Any, now: datetime) -> dict[str, Gateway]:
    desk = Desk.objects.create(
        code="pusat", name="Pusat", kind="call_centre", level="regency", region_code="", opened_at=now
    )
    return {
        kind: actions.add_gateway(
            by=MACHINE,
            at=now,
            code=kind,
            kind=kind,
            name=kind,
            desk_id=desk.id,
            region_code="7602132001",
            settings=SETTINGS if kind == "whatsapp" else {},
        )
        for kind in ("whatsapp", "telegram")
    }


def deliver(gateway: Gateway, path: Path, now: datetime, key: str = "") -> str:
    """Store a sample as a delivery of its own, its messages under names of their own, and read it."""
    place = str(1_000 + [one for _kind, one in SAMPLES].index(path)).encode()
    body = path.read_bytes().replace(b"wamid.HBgN", b"wamid." + place).replace(b'_id": 41', b'_id": ' + place)
    request = RawRequest("POST", body, received_at=now)
    stored = actions.store_delivery(
        by=MACHINE, at=now, gateway_id=gateway.id, request=request, verdict=Verdict(ok=True), repeat_key=key
    )
    return actions.read_delivery(by=MACHINE, at=now, delivery_id=stored.delivery.id)


def counts() -> tuple[int, ...]:
    tables: tuple[Any, ...] = (Incoming, Status, IncomingFile, Correspondent)
    return tuple(table.objects.count() for table in tables)


def test_all_samples_are_kept_and_again_in_any_order_change_nothing(
    gateways: dict[str, Gateway], now: datetime
) -> None:
    for kind, path in SAMPLES:
        assert deliver(gateways[kind], path, now) == "read", path.stem
    before = counts()
    assert before[0] >= len(SAMPLES) - 14  # all but statuses and news
    again = list(SAMPLES)
    random.Random(7).shuffle(again)
    for number, (kind, path) in enumerate(again):
        assert deliver(gateways[kind], path, now, key=f"again-{number}") == "read", path.stem
    assert counts() == before
    assert not Delivery.objects.exclude(state="read").exists()


def test_a_batch_with_repeats_makes_each_message_once(gateways: dict[str, Gateway], now: datetime) -> None:
    deliver(gateways["whatsapp"], VECTORS / "whatsapp" / "batch_with_duplicates.json", now)
    assert sorted(Incoming.objects.values_list("text", flat=True)) == ["Dua", "Satu"]
    assert Status.objects.count() == 1


def test_one_bad_message_takes_no_other_with_it(gateways: dict[str, Gateway], now: datetime) -> None:
    deliver(gateways["whatsapp"], VECTORS / "whatsapp" / "batch_with_bad_ones.json", now)
    assert Incoming.objects.filter(kind="unreadable").count() == 6
    assert Incoming.objects.get(kind="text").text == "Saya yang benar"


def test_a_number_is_one_correspondent_and_a_hidden_one_is_known_within_its_portfolio(
    gateways: dict[str, Gateway], now: datetime
) -> None:
    for name in ("text", "number_and_user_id", "number_in_contact_only"):
        deliver(gateways["whatsapp"], VECTORS / "whatsapp" / f"{name}.json", now)
    known = Correspondent.objects.get()
    assert (known.address, known.number, known.scope) == ("+6281234567890", "+6281234567890", "")
    deliver(gateways["whatsapp"], VECTORS / "whatsapp" / "hidden_number.json", now)
    hidden = Correspondent.objects.exclude(id=known.id).get()
    assert (hidden.address, hidden.number, hidden.scope) == ("ID.13491208655302741918", "", "55501")
    assert hidden.is_verified


def test_a_message_without_a_sender_is_kept_under_nobody(gateways: dict[str, Gateway], now: datetime) -> None:
    deliver(gateways["whatsapp"], VECTORS / "whatsapp" / "no_sender.json", now)
    message = Incoming.objects.get()
    assert message.text == "Tolong"
    assert message.correspondent.is_nameless
    assert not message.correspondent.is_verified


def test_news_of_the_account_stand_beside_the_delivery(gateways: dict[str, Gateway], now: datetime) -> None:
    deliver(gateways["whatsapp"], VECTORS / "whatsapp" / "value_errors.json", now)
    assert "130429" in Delivery.objects.get().reason
