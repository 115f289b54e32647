"""Web gateways by profile: trust, fields, repeats, replies, and sending."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.messages import actions, transports
from simpul.messages.models import Delivery, Gateway, Incoming
from simpul.messages.transports import Outgoing, RawRequest, Rejected, Setup, Unreachable, Unreadable, http
from simpul.messages.transports.profiles import BUILT_IN, ProfileWrong, profile_of
from tests.peers import webapi

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SECRETS = {"shared_secret": "rahasia", "user": "AC1", "password": "token"}


def gate(profile: object = "plain", code: str = "gerbang-web", **settings: Any) -> Setup:
    said = {"profile": profile, **settings}
    return Setup(code, "http", "sms", number="+628110000", settings=said, secrets=SECRETS)


def form(at: datetime = AT, sender: str = "127.0.0.1", url: str = "", **values: Any) -> RawRequest:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode({name.rstrip("_"): value for name, value in values.items()}).encode()
    return RawRequest("POST", body, headers=kind, sender=sender, url=url, received_at=at)


def plain(at: datetime = AT, **values: Any) -> RawRequest:
    return form(at, **({"from_": "081234567890", "message": "LAPOR", "secret": "rahasia"} | values))


# --- trust ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_looked_for_where_the_profile_says() -> None:
    assert http.check(gate(), plain(), AT).ok
    assert http.check(gate(), plain(secret="salah"), AT).status == 403
    assert http.check(gate(), form(from_="0812", message="x"), AT).status == 403
    assert http.check(replace(gate(), secrets={}), plain(secret=""), AT).status == 403
    header = gate({"trust": "header", "trust_field": "X-Key"})
    assert http.check(header, replace(plain(), headers={"x-key": "rahasia"}), AT).ok
    assert not http.check(header, plain(), AT).ok
    query = gate({"trust": "query", "trust_field": "key"})
    assert http.check(query, replace(plain(), query="a=1&key=rahasia"), AT).ok
    assert not http.check(query, replace(plain(), query="key=salah"), AT).ok
    nested = gate({"body": "json", "trust_field": "auth.key"})
    assert http.check(nested, RawRequest("POST", b'{"auth": {"key": "rahasia"}}'), AT).ok
    assert http.check(nested, RawRequest("POST", b"{"), AT).status == 400
    assert not http.check(
        gate("fonnte"), plain(), AT
    ).ok  # the address itself is the secret, and this one is short
    assert http.check(gate("fonnte", code="a8f3e1c09b7d4452"), plain(), AT).ok


def test_an_allow_list_holds_addresses_and_networks() -> None:
    listed = gate(networks=["10.1.0.0/16", "2001:db8::/32", "mistyped"])
    for sender, ok in (
        ("10.1.200.3", True), ("::ffff:10.1.0.1", True), ("2001:db8::5", True), ("10.2.0.1", False), ("", False),
        ("x", False),
    ):  # fmt: skip
        assert http.check(listed, replace(plain(), sender=sender), AT).ok is ok
    assert http.check(gate(networks="10.0.0.0/8, 127.0.0.1"), plain(), AT).ok
    assert http.check(gate({"trust": "none"}, networks=["127.0.0.1"]), form(from_="0812", message="x"), AT).ok


def twilio(url: str, key: str = "rahasia", **values: str) -> RawRequest:
    signed = url + "".join(name + value for name, value in sorted(values.items()))
    signature = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    request = form(AT, "127.0.0.1", url, **values)
    return replace(request, headers={**request.headers, "x-twilio-signature": signature})


def test_twilio_signs_the_address_and_the_sorted_fields() -> None:
    url = "https://mamuju.go.id/hook/sms/tw/?a=1"
    values = {"MessageSid": "SM1", "From": "+6281234567890", "Body": "Halo é", "NumMedia": "0", "Empty": ""}
    assert http.check(gate("twilio"), twilio(url, **values), AT).ok
    for wrong in (
        twilio(url, key="lain", **values),
        replace(twilio(url, **values), url="http://mamuju.go.id/hook/sms/tw/?a=1"),
        replace(twilio(url, **values), body=b"From=%2B62&Body=lain"),
        replace(twilio(url, **values), headers={}),
        replace(twilio(url, **values), body=b"\xff"),
    ):
        assert not http.check(gate("twilio"), wrong, AT).ok
    behind = replace(twilio(url, **values), url="http://127.0.0.1:8000/hook/sms/tw/?a=1")
    assert http.check(gate("twilio", public_url=url), behind, AT).ok


def test_a_profile_that_nobody_can_use_says_why() -> None:
    for said, word in (
        ("twillio", "no profile"),
        ({"like": 3}, "no profile"),
        ({"sendr": "from"}, "sendr"),
        ({"body": "xml"}, "body"),
        ({"trust": "none"}, "anybody"),
        ({"networks": 5}, "networks"),
        ({"send_fields": {"a": 1}}, "send_fields"),
        ("{not json", "JSON"),
        (7, "neither"),
    ):
        setup = gate(said)
        assert word in http.check(setup, plain(), AT).reason
        with pytest.raises(Unreadable, match=word):
            http.read(setup, plain())
        with pytest.raises(Unreachable, match=word):
            http.send(setup, Outgoing("r", "", "+62", "", "x", "id"))
        with pytest.raises(ProfileWrong):
            profile_of(setup.settings)
        assert not http.takes_get(setup)
    assert profile_of({"profile": json.dumps({"like": "smssync", "text": "isi"})}).text == "isi"
    assert [profile_of({"profile": name}).body for name in BUILT_IN] == ["any", "form", "any", "form"]


# --- what it says ---------------------------------------------------------------------------------------------------


def read(setup: Setup, request: RawRequest) -> Any:
    [heard] = http.read(setup, request).heard
    return heard


def test_smssync_fonnte_twilio_and_plain_say_the_same_in_their_own_words() -> None:
    smssync = form(
        from_="+6281234567890",
        message="LAPOR",
        sent_to="0811",
        sent_timestamp="1795568400000",
        secret="rahasia",
    )
    heard = read(gate("smssync"), smssync)
    assert (heard.address, heard.text, heard.sent_at, heard.once_within) == (
        "+6281234567890",
        "LAPOR",
        AT,
        None,
    )
    assert json.loads(http.reply(gate("smssync"), smssync)[2])["payload"]["success"] is True

    said = {
        "device": "0811",
        "sender": "6281234567890",
        "message": "LAPOR",
        "name": "Nur",
        "timestamp": 1795568400,
    }
    said |= {"inboxid": 77, "url": "https://md.fonnte.com/a.jpg", "filename": "a.jpg", "extension": "jpg"}
    request = RawRequest("POST", json.dumps(said).encode(), headers={"content-type": "application/json"})
    heard = read(gate("fonnte"), request)
    assert (heard.external_id, heard.shown_name, heard.sent_at) == ("77", "Nur", AT)
    assert heard.files[0].source == {"url": "https://md.fonnte.com/a.jpg"}

    media = {"MediaUrl0": "https://api.twilio.com/m/0", "MediaContentType0": "image/jpeg", "NumMedia": "1"}
    heard = read(
        gate("twilio"), form(AT, "127.0.0.1", "", MessageSid="SM1", From="+6281234567890", Body="", **media)
    )
    assert (heard.external_id, heard.kind, heard.files[0].kind) == ("SM1", "image", "image")
    assert http.reply(gate("twilio"), plain())[1:] == ("text/xml", b"<Response/>")

    heard = read(gate(), plain(message="<b>LAPOR</b> %00"))
    assert (heard.text, heard.once_within) == ("<b>LAPOR</b> %00", timedelta(seconds=4))
    query = RawRequest("GET", b"", query="from=0812&message=Halo+dunia", received_at=AT)
    assert read(gate(), query).text == "Halo dunia"
    path = gate(
        {"body": "json", "sender": "data.0.from", "text": "data.0.isi", "time": "t", "time_unit": "iso"}
    )
    nested = b'{"data": [{"from": 62812, "isi": "ya"}], "t": "2026-11-25T09:00:00+08:00"}'
    heard = read(path, RawRequest("POST", nested))
    assert (heard.address, heard.text, heard.sent_at) == ("62812", "ya", AT)


def test_reports_are_told_from_messages() -> None:
    said = form(MessageSid="SM2", MessageStatus="delivered", To="+62812", From="+62811")
    [report] = http.read(gate("twilio"), said).reports
    assert (report.external_id, report.status, report.at) == ("SM2", "delivered", AT)
    [failed] = http.read(
        gate("twilio"), form(MessageSid="SM2", MessageStatus="undelivered", ErrorCode="30003")
    ).reports
    assert (failed.status, failed.code) == ("failed", "30003")
    assert (
        http.read(gate("twilio"), form(MessageSid="SM2", MessageStatus="receiving")) == transports.Reading()
    )


def test_a_delivery_that_says_nothing_is_unreadable() -> None:
    for body, kind in (
        (b"a=b", "form"),
        (b"\xff=1", "form"),
        (b"[]", "json"),
        (b"{}", "json"),
        (b"&" * 900, "form"),
    ):
        with pytest.raises(Unreadable):
            http.read(gate({"body": kind}), RawRequest("POST", body, received_at=AT))
    with pytest.raises(Unreadable):
        http.read(
            gate(), RawRequest("POST", urlencode({str(n): n for n in range(300)}).encode(), received_at=AT)
        )


def test_the_secret_is_not_stored() -> None:
    secret = "r&hasia é"
    setup = replace(gate(), secrets={"shared_secret": secret})
    for request in (
        plain(secret=secret),
        replace(
            plain(), query=urlencode({"secret": secret}), url="https://x/?" + urlencode({"secret": secret})
        ),
        RawRequest("POST", json.dumps({"secret": secret, "from": "1"}).encode()),
    ):
        kept = http.kept(setup, request)
        for said in (secret, urlencode({"": secret})[1:], json.dumps(secret)[1:-1]):
            assert said.encode() not in kept.body
            assert said not in kept.query + kept.url
        assert http.read(setup, replace(kept, received_at=AT)).heard[0].address in ("081234567890", "1")


@pytest.mark.parametrize("secret", ["0812", "putus", "1"])
def test_a_short_secret_takes_nothing_else_with_it(secret: str) -> None:
    setup = replace(gate(), secrets={"shared_secret": secret})
    given_ = {"from": "081234567890", "message": f"putus {secret}", "secret": secret, "secret2": secret}
    for request in (
        RawRequest("POST", urlencode(given_).encode(), received_at=AT),
        RawRequest("POST", json.dumps(given_).encode(), received_at=AT),
        RawRequest("GET", b"", query=urlencode({"secret": secret, "from": "081234567890", "message": f"putus {secret}"}),
                   received_at=AT),
    ):  # fmt: skip
        kept = http.kept(setup, request)
        [heard] = http.read(setup, kept).heard
        assert (heard.address, heard.text) == ("081234567890", f"putus {secret}")
        assert not http.check(setup, kept, AT).ok, "the secret is not there any more"


@given(
    st.sampled_from([*BUILT_IN, {"body": "json"}, {"like": "twilio", "body": "any"}]),
    st.binary(max_size=200) | st.dictionaries(
        st.sampled_from(["from", "From", "sender", "message", "Body", "MessageStatus", "timestamp", "sent_timestamp",
                         "NumMedia", "MediaUrl0", "url", "inboxid"]),
        st.text(max_size=30) | st.integers() | st.none() | st.lists(st.text(max_size=3), max_size=2),
    ),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]),
)  # fmt: skip
def test_no_bytes_raise_anything_but_unreadable(profile: object, said: Any, kind: str) -> None:
    body = said
    if isinstance(said, dict):
        body = json.dumps(said).encode() if "json" in kind else urlencode(said, errors="replace").encode()
    request = RawRequest("POST", body, query="a=%ff&b", headers={"content-type": kind}, received_at=AT)
    setup = gate(profile, code="a" * 20)
    http.check(setup, request, AT)
    http.kept(setup, request)
    with contextlib.suppress(Unreadable):
        http.read(setup, request)


# --- repeats --------------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(hamlet: Any, now: datetime) -> Gateway:
    desk = Desk.objects.create(code="pusat", name="Pusat", kind="centre", opened_at=now)
    return actions.add_gateway(
        by=MACHINE, at=now, code="gerbang-web", kind="http", name="Web", desk_id=desk.id, region_code="7602132001",
        settings={"profile": "plain"}, secrets=SECRETS,
    )  # fmt: skip


def deliver(gateway: Gateway, request: RawRequest) -> None:
    at = request.received_at
    assert at is not None
    stored = actions.store_delivery(
        by=MACHINE, at=at, gateway_id=gateway.id, request=http.kept(gate(), request),
        verdict=transports.Verdict(ok=True), repeat_key=http.repeat_key(gate(), request),
    )  # fmt: skip
    if not stored.again:
        actions.read_delivery(by=MACHINE, at=at, delivery_id=stored.delivery.id)


@pytest.mark.django_db
@pytest.mark.parametrize("begin", [0.0, 3.9, 3.999, 1.5])
def test_a_repeat_without_a_name_is_seen_across_every_edge(gateway: Gateway, begin: float) -> None:
    first = AT + timedelta(seconds=begin)
    for after in (0, 0.05, 0.2, 3.9, 4.0):
        deliver(gateway, plain(first + timedelta(seconds=after)))
    assert Incoming.objects.count() == 1
    deliver(gateway, plain(first + timedelta(seconds=8.1)))
    deliver(gateway, plain(first + timedelta(days=1)))
    deliver(gateway, plain(first, message="LAPOR!"))
    deliver(gateway, plain(first, from_="081234567891"))
    assert Incoming.objects.count() == 5


@pytest.mark.django_db
def test_a_repeat_that_is_read_before_its_first_is_seen_too(gateway: Gateway) -> None:
    for after in (3.0, 0.0):
        deliver(gateway, plain(AT + timedelta(seconds=after)))
    assert Incoming.objects.count() == 1


@pytest.mark.django_db
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_replays_in_any_order_change_nothing(gateway: Gateway, moments: list[int], chance: Any) -> None:
    Incoming.objects.all().delete()
    Delivery.objects.all().delete()
    requests = [plain(AT + timedelta(milliseconds=one)) for one in moments]
    for request in requests:
        deliver(gateway, request)
    before = set(Incoming.objects.values_list("once_key", flat=True))
    again = requests * 2
    chance.shuffle(again)
    for request in again:
        deliver(gateway, request)
    assert set(Incoming.objects.values_list("once_key", flat=True)) == before
    kept = sorted(Incoming.objects.values_list("received_at", flat=True))
    assert all(late - early > timedelta(seconds=4) for early, late in pairwise(kept))


# --- sending --------------------------------------------------------------------------------------------------------


class Web(webapi.Service):
    """A gateway that notes what it is asked and answers as told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []
        self.reply = webapi.as_json(200, {"sid": "SM9", "status": True, "id": ["f-1"]})

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> webapi.Reply:
        self.heard.append((method, path, {name.lower(): value for name, value in headers.items()}, body))
        return self.reply


@pytest.fixture
def web() -> Iterator[Web]:
    with webapi.serving(Web()) as service:
        yield service  # type: ignore[misc]


def message(body: str = "Bantuan {text} sampai & 😀") -> Outgoing:
    return Outgoing("0198-ref", "", "+6281234567890", "", body, "id")


def test_a_message_leaves_as_the_profile_says(web: Web) -> None:
    sent = http.send(gate("twilio", send_url=web.url + "/Accounts/{user}/Messages.json"), message())
    assert (sent.external_id, sent.parts) == ("SM9", 1)
    method, path, headers, body = web.heard[-1]
    assert (method, path) == ("POST", "/Accounts/AC1/Messages.json")
    assert headers["authorization"] == "Basic " + base64.b64encode(b"AC1:token").decode()
    assert parse_qs(body.decode()) == {
        "To": ["+6281234567890"], "From": ["+628110000"], "Body": ["Bantuan {text} sampai & 😀"],
    }  # fmt: skip

    assert http.send(gate("fonnte", send_url=web.url), message()).external_id == "f-1"
    assert web.heard[-1][2]["authorization"] == "token"

    own = {"send_url": web.url + "/kirim?hp={to}", "send_method": "GET", "send_fields": {"pesan": "{text}"}}
    http.send(gate(own), message("a&b=c"))
    method, path, _headers, body = web.heard[-1]
    assert (method, body) == ("GET", b"")
    assert parse_qs(urlsplit(path).query) == {"hp": ["+6281234567890"], "pesan": ["a&b=c"]}

    as_json = {"send_url": web.url, "send_body": "json", "send_fields": {"to": "{to}", "ref": "{reference}"}}
    http.send(gate(as_json), message())
    assert json.loads(web.heard[-1][3]) == {"to": "+6281234567890", "ref": "0198-ref"}


def test_answers_of_a_gateway_are_told_apart(web: Web) -> None:
    setup = gate("fonnte", send_url=web.url)
    for status, fault in (
        (500, Unreachable),
        (429, Unreachable),
        (401, Unreachable),
        (302, Unreachable),
        (400, Rejected),
    ):
        web.reply = webapi.as_json(status, {})
        with pytest.raises(fault):
            http.send(setup, message())
    web.reply = webapi.as_json(200, {"status": False, "reason": "invalid target"})
    with pytest.raises(Rejected):
        http.send(setup, message())
    with pytest.raises(Unreachable, match="only receives"):
        http.send(gate("smssync"), message())
    with pytest.raises(Unreachable):
        http.send(gate("fonnte", send_url="http://127.0.0.1:9"), message())


def test_files_come_from_the_gateways_own_hosts_only(web: Web) -> None:
    web.reply = webapi.Reply(200, b"\xff\xd8gambar")
    profile = {"like": "twilio", "file_hosts": ["127.0.0.1"], "send_url": web.url + "/send"}
    assert http.fetch(gate(profile), {"url": web.url + "/m/0"}, 100) == b"\xff\xd8gambar"
    assert "authorization" in web.heard[-1][2]
    elsewhere = {**profile, "send_url": "https://api.twilio.com/send"}
    http.fetch(gate(elsewhere), {"url": web.url + "/m/0"}, 100)
    assert "authorization" not in web.heard[-1][2]
    count = len(web.heard)
    for url in (
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "https://evil.example/api.twilio.com",
        "",
        "http://[",
    ):
        with pytest.raises(Rejected):
            http.fetch(gate("twilio"), {"url": url}, 100)
    assert len(web.heard) == count
    with pytest.raises(Rejected):
        http.fetch(gate(profile), {"url": web.url}, 3)
