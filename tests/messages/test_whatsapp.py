"""WhatsApp: who may deliver, what goes out, and what comes back when it does not; against a service that keeps Meta's protocol."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from simpul.messages import transports
from simpul.messages.transports import (
    Outgoing,
    RawRequest,
    Rejected,
    Setup,
    TemplateUse,
    TooLarge,
    Unreachable,
    calls,
    whatsapp,
)
from tests.peers import webapi

BODY = '{"object":"whatsapp_business_account","entry":[],"emoji":"😟"}'.encode()


@pytest.fixture
def api() -> Iterator[webapi.CloudApi]:
    with webapi.serving(webapi.CloudApi()) as service:
        yield service  # type: ignore[misc]


@pytest.fixture
def setup(api: webapi.CloudApi) -> Setup:
    return Setup(
        "wa",
        "whatsapp",
        "whatsapp",
        settings={"phone_number_id": api.PHONE_ID, "api_url": api.url, "api_version": "v24.0"},
        secrets={"app_secret": "rahasia", "verify_token": "kata-sandi", "access_token": api.TOKEN},
    )


def outgoing(**more: Any) -> Outgoing:
    given = {"to_address": "+6281234567890", "body": "Jembatan sudah diperiksa."} | more
    return Outgoing(reference="r-1", to_name="Nurhayati", subject="", language="id", **given)


def signed(body: bytes, key: str = "rahasia", name: str = "sha256") -> RawRequest:
    digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return RawRequest("POST", body, headers={"x-hub-signature-256": f"{name}={digest}"})


# --- who may deliver --------------------------------------------------------------------------------------------------


def test_a_signature_over_the_raw_bytes_is_taken(setup: Setup) -> None:
    assert whatsapp.check(setup, signed(BODY), None).ok


def test_wrong_missing_and_odd_signatures_are_refused_with_a_reason(setup: Setup) -> None:
    good = signed(BODY)
    escaped = BODY.decode().replace("😟", "\\ud83d\\ude1f").encode()
    refused = {
        403: [
            signed(BODY, "other"),
            replace(good, body=BODY + b" "),
            replace(good, body=escaped),
            signed(BODY, ""),
        ],
        401: [
            replace(good, headers={}),
            replace(good, headers={"x-hub-signature-256": ""}),
            replace(good, headers={"x-hub-signature-256": "sha256=" + "é" * 64}),
            replace(good, headers={"x-hub-signature-256": "sha256=ab"}),
            signed(BODY, name="sha1"),
            replace(good, headers={"x-hub-signature": good.headers["x-hub-signature-256"]}),
        ],
    }
    for status, requests in refused.items():
        for request in requests:
            verdict = whatsapp.check(setup, request, None)
            assert (verdict.ok, verdict.status) == (False, status)
            assert verdict.reason


def test_without_a_secret_nobody_may_deliver(setup: Setup) -> None:
    bare = replace(setup, secrets={})
    assert whatsapp.check(bare, signed(BODY, ""), None).status == 403


def test_the_handshake_answers_the_challenge_of_the_right_token_alone(setup: Setup) -> None:
    ask = "hub.mode=subscribe&hub.verify_token={}&hub.challenge={}"
    assert whatsapp.challenge(setup, ask.format("kata-sandi", "1158201444")) == "1158201444"
    for query in (
        ask.format("salah", "1158201444"),
        ask.format("", "1158201444"),
        ask.format("kata-sandi", ""),
        ask.format("kata-sandi", "%3Cscript%3E"),
        ask.format("kata-sandi", "1").replace("subscribe", "unsubscribe"),
        "",
        "&".join(f"a{n}=1" for n in range(50)),
        "hub.verify_token=%ff%fe",
    ):
        assert whatsapp.challenge(setup, query) is None
    assert whatsapp.challenge(replace(setup, secrets={}), ask.format("", "1")) is None


def test_a_delivery_belongs_to_the_number_it_names(setup: Setup) -> None:
    def of(phone_id: str) -> RawRequest:
        value = {"metadata": {"phone_number_id": phone_id}}
        body = json.dumps({"entry": [7, {"changes": [{"value": value}]}]})
        return RawRequest("POST", body.encode())

    assert whatsapp.is_mine(setup, of("106540352242922"))
    assert not whatsapp.is_mine(setup, of("999"))
    assert not whatsapp.is_mine(setup, RawRequest("POST", b"no"))
    assert not whatsapp.is_mine(setup, RawRequest("POST", b"{}"))


# --- out --------------------------------------------------------------------------------------------------------------


def test_words_go_to_a_number_with_their_reference_and_the_message_they_answer(
    setup: Setup, api: webapi.CloudApi
) -> None:
    assert whatsapp.send(setup, outgoing(reply_to="wamid.THEIRS")).external_id == "wamid.SENT1"
    _method, path, headers, sent = api.asked[0]
    assert path == "/v24.0/106540352242922/messages"
    assert headers["authorization"] == f"Bearer {api.TOKEN}"
    assert sent["to"] == "6281234567890"
    assert sent["text"] == {"body": "Jembatan sudah diperiksa.", "preview_url": False}
    assert sent["context"] == {"message_id": "wamid.THEIRS"}
    assert sent["biz_opaque_callback_data"] == "r-1"


def test_an_opaque_id_goes_in_its_own_field(setup: Setup, api: webapi.CloudApi) -> None:
    whatsapp.send(setup, outgoing(to_address="ID.13491208655302741918"))
    assert api.asked[0][3]["recipient"] == "ID.13491208655302741918"
    assert "to" not in api.asked[0][3]


def test_a_template_goes_with_its_values_in_order_each_on_one_line(
    setup: Setup, api: webapi.CloudApi
) -> None:
    use = TemplateUse("jawaban", "id", ("SPL-1", "baris satu\nbaris\tdua     jauh"))
    whatsapp.send(setup, outgoing(template=use, reply_to="wamid.THEIRS"))
    template = api.asked[0][3]["template"]
    assert template["language"] == {"code": "id"}
    values = [row["text"] for row in template["components"][0]["parameters"]]
    assert values == ["SPL-1", "baris satu baris dua jauh"]
    whatsapp.send(setup, outgoing(template=TemplateUse("kosong", "id", ())))
    assert "components" not in api.asked[1][3]["template"]
    whatsapp.send(setup, outgoing(template=TemplateUse("jawaban", "id", ("", "x"))))


def test_what_this_person_will_not_get_is_rejected_with_metas_number(
    setup: Setup, api: webapi.CloudApi
) -> None:
    def code(**more: Any) -> str:
        with pytest.raises(Rejected) as fault:
            whatsapp.send(setup, outgoing(**more))
        assert "6281" not in fault.value.reason
        return fault.value.code

    assert code(to_address=f"+{api.OUTSIDE}") == "131047"
    assert code(to_address=f"+{api.UNKNOWN}") == "131026"
    assert code(template=TemplateUse("tidak_ada", "id", ())) == "132001"
    assert code(template=TemplateUse("jawaban", "id", ("satu",))) == "132000"


def test_what_can_never_go_is_rejected_before_it_is_tried(setup: Setup, api: webapi.CloudApi) -> None:
    for given in ({"body": "x" * 4097}, {"body": "  "}, {"to_address": " "}):
        with pytest.raises(Rejected):
            whatsapp.send(setup, outgoing(**given))
    assert api.asked == []
    assert whatsapp.send(setup, outgoing(body="x" * 4096)).external_id


@pytest.mark.parametrize(
    "reply",
    [
        webapi.CloudApi.error(400, 130429, "Rate limit hit"),
        webapi.CloudApi.error(400, 80007, "Rate limit issues"),
        webapi.CloudApi.error(400, 131056, "Pair rate limit hit"),
        webapi.CloudApi.error(401, 190, "Access token has expired"),
        webapi.CloudApi.error(403, 10, "Permission denied"),
        webapi.CloudApi.error(400, 131031, "Account has been locked"),
        webapi.CloudApi.error(500, 131000, "Something went wrong"),
        webapi.CloudApi.error(503, 999999, "Unheard of"),
        webapi.Reply(502, b"<html>bad gateway</html>"),
        webapi.Reply(429, b""),
        webapi.Reply(302, b"", {"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_later_and_our_own_faults_leave_the_message_to_be_tried_again(
    setup: Setup, api: webapi.CloudApi, reply: webapi.Reply
) -> None:
    api.next = [reply]
    with pytest.raises(Unreachable) as fault:
        whatsapp.send(setup, outgoing())
    assert fault.value.reason
    assert len(api.asked) == 1


def test_an_unknown_refusal_is_final(setup: Setup, api: webapi.CloudApi) -> None:
    api.next = [api.error(400, 139999, "New rule"), webapi.Reply(400, b"what?")]
    for code in ("139999", ""):
        with pytest.raises(Rejected) as fault:
            whatsapp.send(setup, outgoing())
        assert fault.value.code == code


def test_nobody_at_home_is_unreachable_and_names_no_address(setup: Setup) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for url in (address, "not an address", "file:///etc/passwd", "http://"):
        with pytest.raises(Unreachable) as fault:
            whatsapp.send(replace(setup, settings={**setup.settings, "api_url": url}), outgoing())
        assert "127.0.0.1" not in fault.value.reason
    with pytest.raises(Unreachable):
        whatsapp.send(replace(setup, secrets={}), outgoing())


def test_a_service_that_says_nothing_is_left_after_a_short_wait(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(
            calls.call, "__kwdefaults__", {**(calls.call.__kwdefaults__ or {}), "timeout": 0.2}
        )
        monkeypatch.setattr(calls.post_json, "__kwdefaults__", {"headers": None, "timeout": 0.2})
        with pytest.raises(Unreachable):
            whatsapp.send(replace(setup, settings={**setup.settings, "api_url": url}), outgoing())


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_by_its_name_with_the_token(setup: Setup, api: webapi.CloudApi) -> None:
    api.files["1001"] = b"\xff\xd8\xff" + b"x" * 200_000
    assert whatsapp.fetch(setup, {"id": "1001"}, 1_000_000) == api.files["1001"]
    assert [path for _method, path, _headers, _values in api.asked] == ["/v24.0/1001", "/bytes/1001"]
    assert all(headers["authorization"] for _method, _path, headers, _values in api.asked)


def test_a_file_that_is_too_large_is_left_by_its_own_word_and_in_fact(
    setup: Setup, api: webapi.CloudApi
) -> None:
    api.files["1001"] = b"x" * 5_000
    with pytest.raises(TooLarge):
        whatsapp.fetch(setup, {"id": "1001"}, 4_999)
    assert len(api.asked) == 1
    told = webapi.as_json(200, {"url": f"{api.url}/bytes/1001"})
    for reply in (webapi.Reply(200, b"x" * 5_000), webapi.Reply(200, b"x" * 5_000, length=9_000_000)):
        api.next = [told, reply]
        with pytest.raises(TooLarge):
            whatsapp.fetch(setup, {"id": "1001"}, 4_999)


def test_a_file_that_is_gone_is_rejected_and_one_behind_a_fault_is_tried_again(
    setup: Setup, api: webapi.CloudApi
) -> None:
    for gone in ([], [webapi.Reply(404)], [webapi.Reply(410)]):
        api.next = list(gone)
        with pytest.raises(Rejected):
            whatsapp.fetch(setup, {"id": "none"}, 100)
    with pytest.raises(Rejected):
        whatsapp.fetch(setup, {}, 100)
    told = webapi.as_json(200, {"url": f"{api.url}/bytes/1001"})
    for replies in (
        [api.error(401, 190, "Expired")],
        [api.error(400, 130429, "Rate limit")],
        [webapi.Reply(500)],
        [told, webapi.Reply(401)],
        [told, webapi.Reply(503)],
        [told, webapi.Reply(200, b"x" * 50, length=90)],
        [told, webapi.Reply(302, b"", {"Location": "http://127.0.0.1:1/"})],
        [webapi.as_json(200, {"url": "http://elsewhere.example/bytes"})],
        [webapi.as_json(200, {"url": "file:///etc/passwd"})],
        [webapi.as_json(200, {})],
    ):
        api.next = list(replies)
        with pytest.raises(Unreachable):
            whatsapp.fetch(setup, {"id": "1001"}, 100)


def test_a_file_that_drips_is_left(
    setup: Setup, api: webapi.CloudApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.files["1001"] = b"x" * 400_000
    monkeypatch.setattr(calls, "LONGEST_SECONDS", 0.2)
    told = webapi.as_json(200, {"url": f"{api.url}/bytes/1001"})
    api.next = [told, webapi.Reply(200, b"x" * 400_000, slow=0.15)]
    with pytest.raises(Unreachable):
        whatsapp.fetch(setup, {"id": "1001"}, 1_000_000)


def test_both_roads_are_known_by_their_kind() -> None:
    assert transports.PROVIDERS["whatsapp"] is whatsapp
