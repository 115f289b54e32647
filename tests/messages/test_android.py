"""An Android phone as gateway: what it signs, what it tells, and how it is handed messages."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    android,
)

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SETUP = Setup("hp", "android", "sms", secrets={"signing_key": "kunci", "user": "sms", "password": "rahasia"})


def event(name: str = "sms:received", id: str = "Ey6ECgOkVVFjz3CL48B8C", **payload: Any) -> dict[str, Any]:  # noqa: A002 - the app's word
    said = {"messageId": "abc123", "message": "LAPOR", "phoneNumber": "+6281234567890", "simNumber": None}
    said |= {"receivedAt": "2026-11-25T09:00:00.000+08:00"} | payload
    return {"deviceId": "ffff", "event": name, "id": id, "webhookId": "w1", "payload": said}


def request(
    said: object, at: datetime = AT, key: str = "kunci", headers: dict[str, str] | None = None
) -> RawRequest:
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return RawRequest(
        "POST",
        body,
        headers={"x-signature": signature, "x-timestamp": stamp, **(headers or {})},
        received_at=AT,
    )


# --- trust ----------------------------------------------------------------------------------------------------------


def test_a_signature_counts_over_the_raw_bytes_for_five_minutes() -> None:
    assert android.check(SETUP, request(event(message="Jembatan 😀 putus")), AT).ok
    for apart in (timedelta(minutes=5), -timedelta(minutes=5)):
        assert android.check(SETUP, request(event(), AT + apart), AT).ok
    for apart in (timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)):
        verdict = android.check(SETUP, request(event(), AT + apart), AT)
        assert (verdict.ok, verdict.status) == (False, 401)
        assert "old" in verdict.reason


def test_what_is_not_signed_by_the_key_is_refused() -> None:
    good = request(event())
    wrong = [
        request(event(), key="lain"),
        replace(good, body=good.body.replace(b"LAPOR", b"lapor")),
        replace(good, body=good.body + b"\n"),
        request(event(), headers={"x-timestamp": "1"}),
        request(event(), headers={"x-timestamp": "²"}),
        request(event(), headers={"x-timestamp": "9" * 400}),
        request(event(), headers={"x-timestamp": "-5"}),
        request(event(), headers={"x-signature": ""}),
        request(event(), headers={"x-signature": "é" * 64}),
        replace(good, headers={}),
    ]
    for one in wrong:
        assert android.check(SETUP, one, AT).status == 401
    assert android.check(replace(SETUP, secrets={}), good, AT).status == 403
    upper = replace(good, headers={**good.headers, "x-signature": good.headers["x-signature"].upper()})
    assert android.check(SETUP, upper, AT).ok


# --- what it tells --------------------------------------------------------------------------------------------------


def test_a_message_is_known_by_sender_time_and_words() -> None:
    [heard] = android.read(SETUP, request(event(simNumber=2))).heard
    assert (heard.address, heard.text, heard.sent_at, heard.data) == (
        "+6281234567890",
        "LAPOR",
        AT,
        {"sim": 2},
    )
    assert heard.external_id == ""  # its own id is made from the content and not unique

    def once(**payload: Any) -> str:
        [one] = android.read(SETUP, request(event(id=payload.pop("id", "x"), **payload))).heard
        return one.once

    assert once() == once(id="y", messageId="z") == once(simNumber=1) == heard.once
    assert once() != once(receivedAt="2026-11-25T09:00:01.000+08:00")
    assert once() != once(message="LAPOR ")
    assert once() != once(phoneNumber="+6281234567891")
    assert once(sender="+6281234567890", phoneNumber=None) == heard.once  # newer versions say "sender"


def test_reports_belong_to_our_reference() -> None:
    for name, column, status in (
        ("sms:sent", "sentAt", "sent"),
        ("sms:delivered", "deliveredAt", "delivered"),
        ("sms:failed", "failedAt", "failed"),
        ("sms:cancelled", "cancelledAt", "failed"),
    ):
        said = event(
            name, messageId="0198-ref", reason="RESULT_ERROR", **{column: "2026-11-25T09:01:00+08:00"}
        )
        [report] = android.read(SETUP, request(said)).reports
        assert (report.external_id, report.status, report.at) == (
            "0198-ref",
            status,
            AT + timedelta(minutes=1),
        )
    [report] = android.read(SETUP, request(event("sms:failed", messageId="r", failedAt="soon"))).reports
    assert report.at == AT
    with pytest.raises(Unreadable):
        android.read(SETUP, request(event("sms:sent", messageId="")))


def test_a_ping_is_a_sign_of_life_with_its_battery() -> None:
    health = {"status": "pass", "checks": {"battery:level": {"observedValue": 71, "observedUnit": "percent"}}}
    pulse = android.read(SETUP, request(event("system:ping", health=health))).pulse
    assert pulse is not None
    assert (pulse.at, pulse.battery, pulse.fault) == (AT, 71, "")
    odds: list[Any] = [None, {}, {"checks": []}, {"checks": {"battery:level": {"observedValue": 400}}}]
    for odd in odds:
        pulse = android.read(SETUP, request(event("system:ping", health=odd))).pulse
        assert pulse is not None
        assert pulse.battery is None


def test_pictures_missed_calls_data_and_batches() -> None:
    image = base64.b64encode(b"\xff\xd8gambar").decode()
    attachments = [{"contentType": "image/jpeg", "name": "a.jpg", "size": 8, "data": image}, "odd", {}]
    said = [
        event("mms:received"),
        event("mms:downloaded", body="foto rumah", message=None, attachments=attachments),
        event("call:missed"),
        event("sms:data-received", data="AAE="),
        event(),
    ]
    reading = android.read(SETUP, request(said))
    assert [(one.kind, one.text, one.is_missed_call) for one in reading.heard] == [
        ("mms", "foto rumah", False), ("call", "LAPOR", True), ("binary", "", False), ("text", "LAPOR", False),
    ]  # fmt: skip
    first, empty = reading.heard[0].files
    assert (first.kind, first.name, first.size) == ("image", "a.jpg", 8)
    assert android.fetch(SETUP, first.source, 100) == b"\xff\xd8gambar"
    for source, most in ((first.source, 3), (empty.source, 100), ({"base64": "%%"}, 100)):
        with pytest.raises(Rejected):
            android.fetch(SETUP, source, most)
    with pytest.raises(Unreadable):
        android.read(SETUP, request(event("door:opened")))
    mixed = android.read(SETUP, request([event("door:opened"), event(), "odd"]))
    assert [one.text for one in mixed.heard] == ["LAPOR"], (
        "an event that we do not know takes no message with it"
    )
    assert len(mixed.notes) == 2
    with pytest.raises(Unreadable):
        android.read(SETUP, request([event("door:opened")]))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["sms:received", "sms:sent", "mms:downloaded", "system:ping", "call:missed", "sms:data-received", "x"]
FIELDS = [
    "messageId",
    "message",
    "phoneNumber",
    "sender",
    "receivedAt",
    "sentAt",
    "attachments",
    "health",
    "data",
]


@given(st.sampled_from(NAMES) | plain, st.dictionaries(st.sampled_from(FIELDS), plain) | plain, st.booleans())
def test_no_event_raises_anything_but_unreadable(name: Any, payload: Any, batch: bool) -> None:
    said = {"event": name, "payload": payload, "id": name}
    body = json.dumps([said] if batch else said).encode()
    with contextlib.suppress(Unreadable):
        android.read(SETUP, RawRequest("POST", body, received_at=AT))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        android.read(SETUP, RawRequest("POST", body + b"\xff", received_at=AT))


# --- handing over ---------------------------------------------------------------------------------------------------


class Phone(http.server.BaseHTTPRequestHandler):
    """The app's API: takes an id once, as it does."""

    answer = 202
    taken: dict[str, Any]

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        given = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        status = self.answer if given == "sms:rahasia" else 401
        if status == 202 and said["id"] in self.taken:
            status = 409
        elif status == 202:
            self.taken[said["id"]] = said
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b'{"state": "Pending"}')

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def phone() -> Iterator[tuple[type[Phone], Setup]]:
    handler = type("OnePhone", (Phone,), {"taken": {}})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        yield handler, replace(SETUP, settings={"api_url": url, "sim": "2", "device_id": "dev"})
        server.shutdown()


def test_a_message_is_handed_over_once_by_its_reference(phone: tuple[type[Phone], Setup]) -> None:
    handler, setup = phone
    outgoing = Outgoing("0198-ref", "", "+6281234567890", "", "Bantuan sampai. " * 12, "id")
    for _try in range(2):
        sent = android.send(setup, outgoing)
        assert (sent.external_id, sent.parts) == ("0198-ref", 2)
    [said] = handler.taken.values()
    assert said == {
        "id": "0198-ref",
        "textMessage": {"text": outgoing.body},
        "phoneNumbers": ["+6281234567890"],
        "withDeliveryReport": True,
        "simNumber": 2,
        "deviceId": "dev",
    }


def test_a_phone_that_cannot_is_told_apart_from_one_that_will_not(phone: tuple[type[Phone], Setup]) -> None:
    handler, setup = phone
    outgoing = Outgoing("r", "", "+62812", "", "halo", "id")
    for status, fault in (
        (400, Rejected),
        (422, Rejected),
        (500, Unreachable),
        (503, Unreachable),
        (429, Unreachable),
    ):
        handler.answer = status
        with pytest.raises(fault):
            android.send(setup, outgoing)
    with pytest.raises(Unreachable):
        android.send(replace(setup, secrets={"user": "sms", "password": "salah"}), outgoing)
    with pytest.raises(Unreachable):
        android.send(replace(setup, settings={"api_url": "http://127.0.0.1:9"}), outgoing)
    with pytest.raises(Unreachable):
        android.send(replace(setup, settings={}), outgoing)
    with pytest.raises(Rejected):
        android.send(setup, replace(outgoing, body="a" * 50_000))
