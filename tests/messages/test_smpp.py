"""SMPP against a real message centre: both ways, receipts, long messages, and everything that breaks."""

from __future__ import annotations

import contextlib
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.messages.transports import (
    Outgoing,
    RawRequest,
    Rejected,
    Setup,
    Unreachable,
    Unreadable,
    shortparts,
    smpp,
    smppdu,
)
from tests.peers import smsc
from tests.peers.gammu import until

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.programs


class Keeper:
    """Keeps in a list; can be without a disk."""

    def __init__(self) -> None:
        self.kept: list[RawRequest] = []
        self.told: list[object] = []
        self.faults: list[str] = []
        self.alive = 0
        self.full = False

    def keep(self, request: RawRequest) -> object | None:
        if self.full:
            return None
        self.kept.append(replace(request, received_at=AT))
        return len(self.kept)

    def taken(self, kept: object) -> None:
        self.told.append(kept)

    def health(self, answers: bool, reason: str) -> bool:
        self.alive += answers
        if reason:
            self.faults.append(reason)
        return True


def setup_for(centre: smsc.Centre, **settings: Any) -> Setup:
    return Setup(
        code="pusat",
        kind="smpp",
        road="sms",
        number="+628110000",
        settings={"host": "127.0.0.1", "port": centre.port, **settings},
        secrets={"system_id": smsc.SYSTEM_ID, "password": smsc.PASSWORD},
    )


@pytest.fixture
def centre() -> Iterator[smsc.Centre]:
    with smsc.running() as running:
        yield running


@contextmanager
def listening(setup: Setup, keeper: Keeper) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=smpp.listen, args=(setup, keeper, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def message(body: str, to: str = "+6281234567890") -> Outgoing:
    return Outgoing("0198c0de-0000-7000-8000-000000000001", "", to, "", body, "id")


def heard(setup: Setup, request: RawRequest) -> Any:
    [one] = smpp.read(setup, request).heard
    return one


def test_a_message_is_kept_before_the_centre_is_told_so(centre: smsc.Centre) -> None:
    keeper, setup = Keeper(), setup_for(centre)
    with listening(setup, keeper):
        centre.wait("bound", how="transceiver", right=1)
        number = centre.deliver("6281234567890", shortparts.encode("LAPOR air {mati} €5", "gsm"))
        centre.wait("answered", seq=number, status=0)
        until(lambda: keeper.told)
        got = heard(setup, keeper.kept[0])
        assert (got.address, got.text, got.part) == ("+6281234567890", "LAPOR air {mati} €5", None)

        keeper.full = True
        number = centre.deliver("6281234567890", b"kedua")
        centre.wait("answered", seq=number, status=0x64)  # the centre keeps it and sends it again
        assert len(keeper.kept) == 1
        keeper.full = False
        number = centre.deliver("6281234567890", "halo 😀 ŋ".encode("utf-16-be"), data_coding=8)
        centre.wait("answered", seq=number, status=0)
        assert heard(setup, keeper.kept[1]).text == "halo 😀 ŋ"
    centre.wait("unbound")


def test_long_messages_come_in_parts_by_header_by_field_and_as_payload(centre: smsc.Centre) -> None:
    keeper, setup = Keeper(), setup_for(centre)
    with listening(setup, keeper):
        centre.wait("bound")
        centre.deliver("6281", shortparts.header(7, 2, 1) + b"satu ", esm_class=0x40)
        centre.deliver(
            "6281", bytes.fromhex("060804") + struct.pack(">HBB", 700, 2, 2) + b"dua", esm_class=0x40
        )
        centre.deliver("6281", b"tiga", sar_msg_ref_num=9, sar_total_segments=3, sar_segment_seqnum=2)
        centre.deliver("6281", b"", message_payload=b"panjang".hex())
        until(lambda: len(keeper.kept) == 4)
    parts = [heard(setup, request) for request in keeper.kept]
    assert [one.text for one in parts] == ["satu ", "dua", "tiga", "panjang"]
    assert [one.part and (one.part.reference, one.part.total, one.part.number) for one in parts] == [
        ("0-7", 2, 1), ("8-700", 2, 2), ("sar-9", 3, 2), None,
    ]  # fmt: skip


def test_a_message_goes_out_over_the_held_connection_and_its_receipt_comes_back(centre: smsc.Centre) -> None:
    keeper, setup = Keeper(), setup_for(centre, receipt_ids="decimal")
    with listening(setup, keeper):
        centre.wait("bound")
        until(lambda: keeper.alive)
        sent = smpp.send(setup, message("Bantuan {sudah} sampai"))
        got = centre.wait("message")
        assert (got["to"], got["to_ton"], got["from"], got["receipt"], got["coding"]) == (
            "6281234567890", 1, "628110000", 1, 0,
        )  # fmt: skip
        assert shortparts.decode_gsm(bytes.fromhex(got["words"])) == "Bantuan {sudah} sampai"
        assert sent.parts == 1
        receipt = (
            f"id:{int(got['id'], 16)} sub:001 dlvrd:001 submit date:2611250900 done date:2611250901 stat:DELIVRD "
            "err:000 text:Bantuan"
        )
        centre.deliver("6281234567890", receipt.encode(), esm_class=0x04)
        until(lambda: keeper.kept)
    [report] = smpp.read(setup, keeper.kept[0]).reports
    assert (report.external_id, report.status, report.code, report.at) == (
        sent.external_id,
        "delivered",
        "000",
        AT,
    )


def test_receipts_in_fields_say_more_than_their_text(centre: smsc.Centre) -> None:
    keeper, setup = Keeper(), setup_for(centre)
    with listening(setup, keeper):
        centre.wait("bound")
        centre.deliver("6281", b"x", esm_class=0x04, receipted_message_id="A2F\x00", message_state=5)
        centre.deliver("6281", b"id:1 stat:EXPIRED err:069", esm_class=0x04)
        centre.deliver("6281", b"nothing", esm_class=0x04)
        until(lambda: len(keeper.kept) == 3)
    first, second = (smpp.read(setup, request).reports[0] for request in keeper.kept[:2])
    assert (first.external_id, first.status, first.detail) == ("A2F", "failed", "UNDELIV")
    assert (second.external_id, second.status, second.code) == ("1", "failed", "069")
    with pytest.raises(Unreadable):
        smpp.read(setup, keeper.kept[2])


def test_long_messages_go_out_in_parts_or_as_payload(centre: smsc.Centre) -> None:
    body = "Warga Dungkait: [bantuan] tiba besok pagi di balai desa. " * 6
    assert smpp.send(setup_for(centre), message(body)).parts == 3
    parts = [centre.wait("message") for _part in range(3)]
    assert [part["receipt"] for part in parts] == [0, 0, 1]
    assert {part["esm"] for part in parts} == {0x40}
    raw = [bytes.fromhex(part["words"]) for part in parts]
    assert [one[3:6][1:] for one in raw] == [bytes([3, 1]), bytes([3, 2]), bytes([3, 3])]
    assert "".join(shortparts.decode_gsm(one[6:]) for one in raw) == body
    assert all(len(one) <= 6 + 153 for one in raw)

    unicode = "Hari ini 😀 " * 20
    sent = smpp.send(setup_for(centre, long="payload"), message(unicode))
    got = centre.wait("message")
    assert bytes.fromhex(got["payload"]).decode("utf-16-be") == unicode
    assert (sent.parts, sent.external_id, got["coding"]) == (4, got["id"], 8)


def test_without_a_listener_a_message_takes_a_connection_of_its_own(centre: smsc.Centre) -> None:
    sent = smpp.send(setup_for(centre, source="MAMUJU"), message("halo", to="1708"))
    centre.wait("bound", how="transmitter")
    got = centre.wait("message")
    assert (got["from"], got["from_ton"], got["to"], got["to_ton"]) == ("MAMUJU", 5, "1708", 0)
    assert sent.external_id == got["id"]
    centre.wait("unbound")


def test_refusals_are_told_apart(centre: smsc.Centre) -> None:
    setup = setup_for(centre)
    centre.tell("status", status=0x0B)
    with pytest.raises(Rejected):
        smpp.send(setup, message("halo"))
    for busy in (0x58, 0x14, 0x08):
        centre.tell("status", status=busy)
        with pytest.raises(Unreachable):
            smpp.send(setup, message("halo"))
    with pytest.raises(Unreachable, match="bind refused 14"):
        smpp.send(replace(setup, secrets={"system_id": "simpul", "password": "x"}), message("halo"))
    with pytest.raises(Unreachable):
        smpp.send(replace(setup, settings={"host": "127.0.0.1", "port": smsc.free_port()}), message("halo"))


def test_a_broken_connection_comes_back(centre: smsc.Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "BACK_OFF", (0.1,))
    keeper, setup = Keeper(), setup_for(centre)
    with listening(setup, keeper):
        centre.wait("bound")
        centre.tell("drop")
        centre.wait("bound")
        until(lambda: keeper.alive >= 2)
        assert keeper.faults == ["connection lost"]
        number = centre.deliver("6281", b"sesudah putus")
        centre.wait("answered", seq=number, status=0)
        centre.end()
        until(lambda: len(keeper.faults) >= 3)
        with smsc.running(centre.port) as again:
            again.wait("bound", how="transceiver")
            until(lambda: setup.code in smpp._LIVE)
            smpp.send(setup, message("kembali"))
            again.wait("message")


def test_a_silent_centre_is_asked_and_left(centre: smsc.Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "ALIVE_SECONDS", 0.3)
    monkeypatch.setattr(smpp, "WAIT_SECONDS", 1.0)
    monkeypatch.setattr(smpp, "BACK_OFF", (0.1,))
    keeper, setup = Keeper(), setup_for(centre)
    with listening(setup, keeper):
        centre.wait("asked")
        centre.wait("asked")
        assert keeper.faults == []
        centre.tell("silence", on=1)
        with pytest.raises(Unreachable, match="no answer"):
            smpp.send(setup, message("halo"))
        until(lambda: "the centre is silent" in keeper.faults)
        centre.wait("bound")


def test_listening_ends_when_the_keeper_has_enough(centre: smsc.Centre) -> None:
    keeper = Keeper()
    keeper.health = lambda answers, reason: False  # type: ignore[method-assign]
    began = time.monotonic()
    smpp.listen(setup_for(centre), keeper, threading.Event())
    assert time.monotonic() - began < 5


def test_the_same_bytes_under_another_number_are_one_delivery_until_they_are_taken() -> None:
    setup = Setup("pusat", "smpp", "sms")
    frame = struct.pack(">LLLL", 20, smppdu.DELIVER_SM, 0, 7) + b"abcd"
    other = struct.pack(">LLLL", 20, smppdu.DELIVER_SM, 0, 8) + b"abcd"
    keys = {smpp.repeat_key(setup, RawRequest("smpp", one.hex().encode())) for one in (frame, other)}
    assert len(keys) == 1
    assert keys.pop().startswith("open:")


@given(st.binary(max_size=300), st.sampled_from([smppdu.DELIVER_SM, smppdu.DATA_SM, 4]), st.booleans())
def test_no_bytes_raise_anything_but_unreadable(data: bytes, command: int, framed: bool) -> None:
    head = struct.pack(">LLLL", 16 + len(data), command, 0, 1) if framed else b""
    body = (head + data).hex().encode() if framed else data
    with contextlib.suppress(Unreadable):
        smpp.read(Setup("pusat", "smpp", "sms"), RawRequest("smpp", body, received_at=AT))
