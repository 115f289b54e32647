"""Modems: a real gammu-smsd with dummy phones, from the SIM to the message that a person reads, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from simpul.desks.models import Desk
from simpul.jobs import schedule
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions, transports
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming, Status
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.transports import (
    Outgoing,
    RawRequest,
    Setup,
    Unreachable,
    Unreadable,
    gammu,
    gammutables,
)
from tests.peers.gammu import Modem, until

SETUP = Setup("sim1", "gammu", "sms", settings={"database": "/nowhere", "zone": "Asia/Makassar"})


@pytest.fixture
def desk(hamlet: Any, now: datetime) -> Desk:
    return Desk.objects.create(code="pusat", name="Pusat Pengaduan", kind="centre", opened_at=now)


def add(modem: Modem, desk: Desk, **more: Any) -> Gateway:
    return actions.add_gateway(
        by=MACHINE,
        at=timezone.now(),
        code=modem.phone_id.lower(),
        kind="gammu",
        name=f"Modem {modem.phone_id}",
        desk_id=desk.id,
        region_code="7602132001",
        settings=modem.setup().settings,
        more=more,  # type: ignore[arg-type]
    )


def read_all() -> None:
    for delivery in Delivery.objects.filter(state="stored").order_by("received_at", "id"):
        assert actions.read_delivery(by=MACHINE, at=timezone.now(), delivery_id=delivery.id) == "read"


def poll(gateway: Gateway) -> int:
    return actions.poll_gateway(by=MACHINE, at=timezone.now(), gateway_id=gateway.id)


# --- with the program -----------------------------------------------------------------------------------------------


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Modem]:
    modem = Modem(tmp_path)
    with modem.running():
        until(lambda: modem.rows("SELECT 1 FROM phones WHERE Signal > 0"))
        yield modem


@pytest.mark.programs
@pytest.mark.django_db
def test_what_a_modem_receives_becomes_messages_once(modem: Modem, desk: Desk) -> None:
    gateway = add(modem, desk)
    modem.receive("+6281234567890", "LAPOR jembatan putus")
    modem.receive("081298765432", "Rumah saya 😀 ŋ")
    modem.receive("BPBD-INFO", "Peringatan")
    until(lambda: len(modem.rows("SELECT * FROM inbox")) == 3)
    assert poll(gateway) == 3
    assert modem.rows("SELECT * FROM inbox WHERE Processed = 'false'") == []
    assert poll(gateway) == 0
    read_all()
    found = {one.text: one.correspondent.address for one in Incoming.objects.all()}
    assert found == {
        "LAPOR jembatan putus": "+6281234567890",
        "Rumah saya 😀 ŋ": "+6281298765432",
        "Peringatan": "BPBD-INFO",
    }
    first = Incoming.objects.get(text__startswith="LAPOR")
    assert first.sent_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert (first.channel, first.is_verified, first.state) == ("sms", False, "new")


@pytest.mark.programs
@pytest.mark.django_db
def test_a_fault_between_keeping_and_taking_doubles_nothing(
    modem: Modem, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = add(modem, desk)
    modem.receive("+6281234567890", "Air bersih habis")
    until(lambda: modem.rows("SELECT * FROM inbox"))
    with monkeypatch.context() as fault:
        fault.setattr(gammu, "acknowledge", _no_answer)
        assert poll(gateway) == 0
    gateway.refresh_from_db()
    assert (gateway.down_reason, Delivery.objects.count()) == ("database_unreachable", 1)
    Gateway.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    assert poll(gateway) == 0
    read_all()
    assert [one.text for one in Incoming.objects.all()] == ["Air bersih habis"]
    gateway.refresh_from_db()
    assert gateway.down_since_at is None


def _no_answer(*_given: object) -> None:
    raise Unreachable("database_unreachable")


@pytest.mark.programs
@pytest.mark.django_db
def test_long_messages_are_joined_whether_parts_come_together_or_apart(modem: Modem, desk: Desk) -> None:
    gateway = add(modem, desk)
    modem.receive("+6281234567890", "Bagian satu, ", udh="0500031A0201")
    modem.receive("+6281234567890", "bagian dua ŋ.", udh="0500031A0202")
    until(lambda: len(modem.rows("SELECT * FROM inbox")) == 2)
    poll(gateway)
    modem.receive("+6281234567890", "kedua.", udh="060804030C0202", when="20261125T020003")
    until(lambda: len(modem.rows("SELECT * FROM inbox")) == 3)
    poll(gateway)
    read_all()
    waiting = Incoming.objects.get(state="parts")
    assert waiting.text == " […] kedua."[1:]
    modem.receive("+6281234567890", "Pertama, ", udh="060804030C0201", when="20261125T020000")
    until(lambda: len(modem.rows("SELECT * FROM inbox")) == 4)
    poll(gateway)
    read_all()
    assert sorted(Incoming.objects.filter(state="new").values_list("text", flat=True)) == [
        "Bagian satu, bagian dua ŋ.",
        "Pertama, kedua.",
    ]


@pytest.mark.programs
@pytest.mark.django_db
def test_a_message_goes_out_once_and_its_receipts_come_back(modem: Modem, desk: Desk) -> None:
    gateway = add(modem, desk)
    reference = str(uuid4())
    long = "Bantuan untuk {Dusun Taludu} tiba besok pagi. " * 7
    for _try in range(2):
        sent = gammu.send(modem.setup(), Outgoing(reference, "", "+6281234567890", "", long, "id"))
        assert (sent.external_id, sent.parts) == (reference, 3)
    rows = until(lambda: _when(modem.rows("SELECT * FROM sentitems ORDER BY SequencePosition"), 3), 40)
    assert "".join(row["TextDecoded"] for row in rows) == long
    assert {row["Coding"] for row in rows} == {"Default_No_Compression"}
    assert [row["UDH"][-4:] for row in rows] == ["0301", "0302", "0303"]
    assert modem.rows("SELECT * FROM outbox") == []
    sent = gammu.send(modem.setup(), Outgoing(reference, "", "+6281234567890", "", long, "id"))
    assert modem.rows("SELECT * FROM outbox") == []  # the same reference is found among what was sent

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    modem.receive(
        "+6281234567890",
        "Delivered",
        pdu="Status_Report",
        reference=rows[0]["TPMR"],
        centre="123456",
        when=stamp,
    )
    until(lambda: _when(modem.rows("SELECT * FROM sentitems WHERE Status = 'DeliveryOK'"), 3), 40)
    poll(gateway)
    gateway.refresh_from_db()
    poll(gateway)
    read_all()
    found = Status.objects.filter(external_id=reference)
    assert set(found.values_list("status", "part")) == {("delivered", 1), ("delivered", 2), ("delivered", 3)}
    assert poll(Gateway.objects.get()) == 0
    assert not Incoming.objects.exists()


def _when(rows: list[Any], count: int) -> list[Any]:
    return rows if len(rows) == count else []


@pytest.mark.programs
@pytest.mark.django_db
def test_messages_of_other_programs_are_not_ours(modem: Modem, desk: Desk) -> None:
    gateway = add(modem, desk)
    modem.inject("+6281234567890", "Dari program lain")
    until(lambda: modem.rows("SELECT * FROM sentitems"), 30)
    poll(gateway)
    poll(Gateway.objects.get())
    assert not Delivery.objects.exists()


@pytest.mark.programs
@pytest.mark.django_db
def test_two_sims_of_two_operators_share_the_tables_and_stand_in_for_each_other(
    tmp_path: Path, desk: Desk
) -> None:
    one, two = Modem(tmp_path, "SIM1"), Modem(tmp_path, "SIM2")
    with one.running():
        until(lambda: one.rows("SELECT 1 FROM phones WHERE ID = 'SIM1'"))
        first, second = add(one, desk, prefixes="62811,62812"), add(two, desk, prefixes="62853")
        one.receive("+6281234567890", "lewat satu")
        until(lambda: one.rows("SELECT * FROM inbox"))
        assert (poll(second), poll(first)) == (0, 1)
        second.refresh_from_db()
        assert second.down_reason == "no_modem"
        ways = gateway_queries.ways("sms", "+6285312345678", timezone.now())
        assert [way.code for way in ways] == ["sim1"]  # its own operator is down, the other SIM carries it
        with pytest.raises(Unreachable, match="no_modem"):
            gammu.send(two.setup(), Outgoing(str(uuid4()), "", "+6285312345678", "", "halo", "id"))
        gammu.send(one.setup(), Outgoing(str(uuid4()), "", "+6285312345678", "", "halo", "id"))
        [row] = until(lambda: one.rows("SELECT * FROM sentitems"), 30)
        assert row["SenderID"] == "SIM1"


@pytest.mark.programs
@pytest.mark.django_db
def test_a_dead_modem_is_noticed_within_minutes_and_its_return_within_seconds(
    modem: Modem, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = add(modem, desk)
    poll(gateway)
    gateway.refresh_from_db()
    assert (gateway.battery, gateway.signal, gateway.down_since_at) == (100, 42, None)
    before = gateway.heard_at
    poll(gateway)
    gateway.refresh_from_db()
    assert gateway.heard_at == before  # noted once a minute, not at every turn
    with monkeypatch.context() as later:
        later.setattr(gammu, "SILENT_AFTER", timedelta(days=-1))
        poll(gateway)
        gateway.refresh_from_db()
        assert gateway.down_reason == "modem_silent"
        with pytest.raises(Unreachable, match="modem_silent"):
            gammu.send(modem.setup(), Outgoing(str(uuid4()), "", "+628", "", "halo", "id"))
    schedule.poll_gateways(timezone.now())
    gateway.refresh_from_db()
    assert (gateway.down_since_at, gateway.down_reason) == (None, "")
    states = [line.facts["answers"] for line in Line.objects.filter(kind="gateway.report").order_by("id")]
    assert states == [False, True]


@pytest.fixture
def on_postgres() -> Iterator[str]:
    """An empty database on the test's server."""
    server, name = os.environ["DATABASE_URL"], f"gammu_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    yield urlparse(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.programs
@pytest.mark.postgres
@pytest.mark.django_db
def test_the_same_over_postgresql(on_postgres: str, tmp_path: Path, desk: Desk) -> None:
    modem = Modem(tmp_path, postgres=on_postgres)
    with modem.running():
        until(lambda: modem.rows('SELECT 1 FROM phones WHERE "Signal" > 0'))
        gateway = add(modem, desk)
        modem.receive("+6281234567890", "Halo 😀")
        until(lambda: modem.rows("SELECT * FROM inbox"))
        assert (poll(gateway), poll(gateway)) == (1, 0)
        read_all()
        kept = Incoming.objects.get()
        assert (kept.text, kept.sent_at) == ("Halo 😀", datetime(2026, 11, 25, 1, 0, tzinfo=UTC))
        gateway.refresh_from_db()
        assert (gateway.battery, gateway.signal, gateway.down_since_at) == (100, 42, None)

        reference = str(uuid4())
        for _try in range(2):
            assert (
                gammu.send(modem.setup(), Outgoing(reference, "", "+62812", "", "kabar " * 40, "id")).parts
                == 2
            )
        until(lambda: _when(modem.rows("SELECT * FROM sentitems"), 2), 40)
        poll(gateway)
        poll(Gateway.objects.get())
        read_all()
        found = Status.objects.filter(external_id=reference)
        assert set(found.values_list("status", "part")) == {("sent", 1), ("sent", 2)}
        now = timezone.now()
        assert all(abs(one.at - now) < timedelta(minutes=2) for one in found)


# --- without it -----------------------------------------------------------------------------------------------------


def test_a_wrong_path_is_unreachable_and_makes_no_file(tmp_path: Path) -> None:
    for path in ("", str(tmp_path / "no.db"), "postgresql://nobody@127.0.0.1:1/x"):
        setup = replace(SETUP, settings={"database": path})
        for ask in (gammu.poll, gammu.reports, lambda one: gammu.pulse(one, datetime.now(UTC))):
            if path or ask is not gammu.poll:
                with pytest.raises(Unreachable):
                    ask(setup)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_gateway_that_does_not_answer_is_left_alone_for_a_while(
    desk: Desk, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = add(Modem(tmp_path), desk)
    assert actions.poll_gateway(by=MACHINE, at=now, gateway_id=gateway.id) == 0
    gateway.refresh_from_db()
    assert (gateway.down_since_at, gateway.down_reason) == (now, "database_unreachable")
    asked: list[object] = []

    def ask(setup: Setup) -> list[RawRequest]:
        asked.append(setup)
        return []

    monkeypatch.setattr(gammu, "poll", ask)
    actions.poll_gateway(by=MACHINE, at=now + timedelta(seconds=5), gateway_id=gateway.id)
    assert asked == []
    actions.poll_gateway(by=MACHINE, at=now + timedelta(minutes=2), gateway_id=gateway.id)
    assert len(asked) == 1


@pytest.mark.django_db
def test_who_may_poll_and_what_cannot_be(desk: Desk, tmp_path: Path, now: datetime) -> None:
    gateway = add(Modem(tmp_path), desk)
    for act, wanted in (
        (actions.poll_gateway, {"gateway_id": gateway.id}),
        (actions.hold_gateway, {"gateway_id": gateway.id, "holder": "x", "lasts": timedelta(1)}),
        (actions.leave_gateway, {"gateway_id": gateway.id, "holder": "x"}),
        (actions.take_delivery, {"delivery_id": gateway.id}),
    ):
        with pytest.raises(NotAllowed):
            act(by=Actor(role="front_office", region_code="7602"), at=now, **wanted)
    with pytest.raises(NotFound):
        actions.poll_gateway(by=MACHINE, at=now, gateway_id=uuid4())
    Gateway.objects.update(kind="android")
    with pytest.raises(NotFound):
        actions.poll_gateway(by=MACHINE, at=now, gateway_id=gateway.id)


@pytest.mark.django_db
def test_a_connection_is_held_by_one_process_at_a_time(desk: Desk, tmp_path: Path, now: datetime) -> None:
    gateway = add(Modem(tmp_path), desk)

    def hold(holder: str, at: datetime) -> bool:
        return actions.hold_gateway(
            by=MACHINE, at=at, gateway_id=gateway.id, holder=holder, lasts=timedelta(seconds=45)
        )

    assert hold("a-1", now)
    assert not hold("b-2", now + timedelta(seconds=44))
    assert hold("a-1", now + timedelta(seconds=44))
    assert not hold("b-2", now + timedelta(seconds=88))
    assert hold("b-2", now + timedelta(seconds=90))  # a died
    actions.leave_gateway(by=MACHINE, at=now, gateway_id=gateway.id, holder="a-1")
    assert not hold("a-1", now + timedelta(seconds=91))
    actions.leave_gateway(by=MACHINE, at=now, gateway_id=gateway.id, holder="b-2")
    assert hold("a-1", now + timedelta(seconds=91))
    Gateway.objects.update(is_active=False)
    assert not hold("a-1", now + timedelta(seconds=92))


@pytest.mark.django_db
def test_the_same_bytes_are_a_repeat_until_their_sender_knows(
    desk: Desk, tmp_path: Path, now: datetime
) -> None:
    gateway = add(Modem(tmp_path), desk)

    def store() -> Any:
        return actions.store_delivery(
            by=MACHINE, at=now, gateway_id=gateway.id, request=RawRequest("smpp", b"00"),
            verdict=transports.Verdict(ok=True), repeat_key="open:abc",
        )  # fmt: skip

    first = store()
    assert store().again
    actions.take_delivery(by=MACHINE, at=now, delivery_id=first.delivery.id)
    second = store()
    assert not second.again
    actions.take_delivery(by=MACHINE, at=now, delivery_id=second.delivery.id)
    assert Delivery.objects.count() == 2


def command(**values: str) -> dict[str, str]:
    return {
        "SMS_MESSAGES": "1",
        "SMS_1_NUMBER": "+6281234567890",
        "SMS_1_TEXT": "Halo",
        "DECODED_PARTS": "0",
        "SMS_1_REFERENCE": "0",
        **values,
    }


def test_what_the_command_is_told_is_read_once_and_only_where_the_tables_are_not() -> None:
    modem = replace(SETUP, settings={"receive": "command"})
    request = replace(
        gammu.from_environment(command(), ["7"]), received_at=datetime(2026, 11, 25, tzinfo=UTC)
    )
    [heard] = gammu.read(modem, request).heard
    assert (heard.address, heard.text, heard.once_within) == ("+6281234567890", "Halo", None)
    assert gammu.read(modem, request) == gammu.read(modem, request)
    assert gammu.repeat_key(modem, request) == gammu.repeat_key(
        modem, gammu.from_environment(command(), ["7"])
    )
    assert gammu.repeat_key(modem, request) != gammu.repeat_key(
        modem, gammu.from_environment(command(), ["8"])
    )
    assert gammu.read(SETUP, request).heard == ()  # the same message is polled from the tables
    [nameless] = gammu.read(modem, gammu.from_environment(command(), [])).heard
    assert nameless.once_within == gammu.RUN_AGAIN

    long = gammu.from_environment(
        command(
            SMS_MESSAGES="2", SMS_2_NUMBER="+62", SMS_2_TEXT="b", DECODED_PARTS="1", DECODED_1_TEXT="a b"
        ),
        ["1"],
    )
    assert [one.text for one in gammu.read(modem, long).heard] == ["a b"]
    report = gammu.from_environment(command(SMS_1_TEXT="Delivered", SMS_1_REFERENCE="255"), ["1"])
    assert gammu.read(modem, report).heard == ()
    for wrong in ({}, {"SMS_MESSAGES": "x"}, {"SMS_MESSAGES": "0"}, {"SMS_MESSAGES": "9999"}):
        with pytest.raises(Unreadable):
            gammu.from_environment(wrong, [])


def test_the_web_is_no_way_in() -> None:
    assert not gammu.check(SETUP, RawRequest("POST", b"{}"), datetime.now(UTC)).ok
    assert gammutables.zone_of(replace(SETUP, settings={"zone": "No/Where"})).key == "Asia/Makassar"


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
rows = st.dictionaries(st.sampled_from([*gammu._INBOX, *gammu._SENT]), plain)


@given(st.sampled_from(["inbox", "sentitems", "command", "x"]), rows | plain, plain)
def test_no_row_raises_anything_but_unreadable(table: str, row: Any, messages: Any) -> None:
    said = {"table": table, "row": row, "messages": messages, "decoded": messages, "once": 1, "ids": messages}
    for setup in (SETUP, replace(SETUP, settings={"receive": "command"})):
        for body in (json.dumps(said).encode(), str(row).encode("utf-8", "replace")):
            try:
                gammu.read(setup, RawRequest("gammu", body))
            except Unreadable:
                continue


@pytest.mark.django_db
def test_a_sender_without_a_number_is_kept(desk: Desk, tmp_path: Path, now: datetime) -> None:
    gateway = add(Modem(tmp_path), desk)
    row = dict.fromkeys(gammu._INBOX, "") | {
        "ID": 1,
        "ReceivingDateTime": "2026-11-25 09:00:00",
        "TextDecoded": "tolong",
    }
    body = json.dumps({"table": "inbox", "row": row}).encode()
    actions.store_delivery(
        by=MACHINE, at=now, gateway_id=gateway.id, request=RawRequest("gammu", body),
        verdict=transports.Verdict(ok=True),
    )  # fmt: skip
    read_all()
    assert Incoming.objects.get().text == "tolong"
    assert Correspondent.objects.get().is_nameless
