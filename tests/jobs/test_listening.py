"""Connections that stay open: held by one process, kept before they are answered, in the spool while there is no database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from simpul.jobs import listening, schedule, spooled
from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool, SpoolFull
from simpul.messages import actions, transports
from simpul.messages.models import Delivery, Gateway, Incoming
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.transports import Outgoing, shortparts, smpp
from tests import cast as cast_module
from tests.cast import Cast
from tests.peers import smsc
from tests.peers.gammu import until


@pytest.fixture
def cast(db: Any) -> Cast:
    return cast_module.assemble()


@pytest.fixture(autouse=True)
def spool(settings: Any, tmp_path: Path) -> Spool:
    settings.SIMPUL_SPOOL = tmp_path / "spool"
    return Spool(settings.SIMPUL_SPOOL)


def add(cast: Cast, port: int = 9) -> Gateway:
    return actions.add_gateway(
        by=MACHINE, at=timezone.now(), code="pusat", kind="smpp", name="Pusat SMS", region_code="7602",
        desk_id=cast.desk("centre").id, settings={"host": "127.0.0.1", "port": port},
        secrets={"system_id": smsc.SYSTEM_ID, "password": smsc.PASSWORD},
    )  # fmt: skip


def keeper_of(gateway: Gateway, holder: str = "here-1") -> listening.Keeper:
    return listening.Keeper(gateway_queries.setup_of(gateway), gateway.id, holder, fresh=lambda: None)


def frame(words: bytes, number: int = 1) -> transports.RawRequest:
    body = b"\x00\x01\x01628123\x00\x01\x01628110\x00" + bytes(3) + b"\x00\x00" + bytes(4)
    body += bytes([len(words)]) + words
    head = b"".join(value.to_bytes(4, "big") for value in (16 + len(body), 5, 0, number))
    return transports.RawRequest("smpp", (head + body).hex().encode())


def read_all() -> None:
    for delivery in Delivery.objects.filter(state="stored").order_by("received_at"):
        assert actions.read_delivery(by=MACHINE, at=timezone.now(), delivery_id=delivery.id) == "read"


def test_what_is_not_answered_for_comes_again_as_the_same_and_afterwards_as_new(cast: Cast) -> None:
    keeper = keeper_of(add(cast))
    first = keeper.keep(frame(b"YA"))
    assert keeper.keep(frame(b"YA", number=2)) == first  # our answer was lost: the centre sends it again
    keeper.taken(first)
    second = keeper.keep(frame(b"YA", number=3))  # the same person answers YA a second time
    assert second != first
    read_all()
    assert [one.text for one in Incoming.objects.all()] == ["YA", "YA"]


def test_without_a_database_the_spool_takes_it_and_without_a_disk_the_centre_keeps_it(
    cast: Cast, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_of(add(cast))
    with monkeypatch.context() as down:
        down.setattr(actions, "store_delivery", _no_database)
        down.setattr(actions, "hold_gateway", _no_database)
        kept = keeper.keep(frame(b"TOLONG"))
        assert kept is not None
        keeper.taken(kept)
        assert keeper.health(True, "")  # the connection stays
        down.setattr(Spool, "add", _no_disk)
        assert keeper.keep(frame(b"LAGI")) is None
    assert spool.length() == 1
    assert spooled.read_in(timezone.now()) == (1, 0)
    read_all()
    assert [one.text for one in Incoming.objects.all()] == ["TOLONG"]


def _no_database(**_given: object) -> None:
    raise OperationalError("the server closed the connection")


def _no_disk(*_given: object) -> None:
    raise SpoolFull


def test_health_is_noted_and_ends_listening_when_the_gateway_is_another_ones(cast: Cast) -> None:
    gateway = add(cast)
    keeper = keeper_of(gateway)
    assert keeper.health(False, "no connection")
    gateway.refresh_from_db()
    assert gateway.down_reason == "no connection"
    assert keeper.health(True, "")
    gateway.refresh_from_db()
    assert (gateway.down_since_at, gateway.heard_at is not None) == (None, True)
    assert not keeper_of(gateway, "there-2").health(True, "")
    actions.change_gateway(
        by=MACHINE, at=timezone.now(), gateway_id=gateway.id,
        changes={"settings": {"host": "127.0.0.1", "port": 10}},
    )  # fmt: skip
    assert not keeper.health(True, "")
    Gateway.objects.update(is_active=False)
    assert not keeper.health(True, "")


def test_one_listener_begins_for_each_gateway_and_a_fault_lets_it_begin_again(cast: Cast) -> None:
    gateway = add(cast)
    going, begun = threading.Event(), []

    def listen(setup: transports.Setup, keeper: smpp.Keeper, stop: threading.Event) -> None:
        begun.append(setup.code)
        going.wait(10)
        stop.wait(10)

    class Here(listening.Listeners):
        """Threads of a test have no database of their own."""

        def _run(self, gateway_id: UUID, setup: transports.Setup, stop: threading.Event) -> None:
            listen(setup, keeper_of(gateway), stop)

    here, there = Here(), Here()
    assert here.ensure(timezone.now()) == 1
    assert (here.ensure(timezone.now()), there.ensure(timezone.now())) == (0, 0)
    assert there.ensure(timezone.now() + listening.HOLD_LASTS + timedelta(seconds=2)) == 1
    there.stop(0.1)
    going.set()
    here.stop()
    assert begun == ["pusat", "pusat"]


def test_the_schedule_asks_only_where_there_is_something_to_ask(cast: Cast) -> None:
    assert not gateway_queries.any_to_ask()
    assert "poll" in [work.name for work in schedule.SCHEDULE]
    gateway = add(cast)
    assert gateway_queries.any_to_ask()
    Gateway.objects.filter(id=gateway.id).update(is_active=False)
    assert not gateway_queries.any_to_ask()


# --- with a real centre ---------------------------------------------------------------------------------------------


@pytest.fixture
def centre() -> Iterator[smsc.Centre]:
    with smsc.running() as running:
        yield running


@pytest.mark.programs
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_day_with_a_message_centre(centre: smsc.Centre) -> None:
    gateway = add(cast_module.assemble(), centre.port)
    listeners = listening.Listeners()
    try:
        assert listeners.ensure(timezone.now()) == 1
        centre.wait("bound", how="transceiver")
        number = centre.deliver("6281234567890", shortparts.encode("LAPOR banjir", "gsm"))
        centre.wait("answered", seq=number, status=0)
        until(lambda: Delivery.objects.filter(repeat_key__contains=":taken:").exists())
        read_all()
        assert Incoming.objects.get().text == "LAPOR banjir"
        until(lambda: Gateway.objects.get().heard_at)

        outgoing = Outgoing(str(uuid4()), "", "+6281234567890", "", "Laporan diterima.", "id")
        sent = smpp.send(gateway_queries.setup_of(gateway), outgoing)
        assert centre.wait("message")["id"] == sent.external_id
    finally:
        listeners.stop()
    centre.wait("unbound")
    assert Gateway.objects.get().cursor == ""  # another process may follow at once
