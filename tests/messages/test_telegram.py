"""Telegram: who may deliver, what goes out, and what comes back when it does not; against a service that keeps its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from simpul.messages.transports import Outgoing, RawRequest, Rejected, Setup, TooLarge, Unreachable, telegram
from tests.peers import webapi

HEADER = "x-telegram-bot-api-secret-token"


@pytest.fixture
def api() -> Iterator[webapi.BotApi]:
    with webapi.serving(webapi.BotApi()) as service:
        yield service  # type: ignore[misc]


@pytest.fixture
def setup(api: webapi.BotApi) -> Setup:
    return Setup(
        "tg",
        "telegram",
        "telegram",
        settings={"api_url": api.url},
        secrets={"bot_token": api.TOKEN, "secret_token": "kata-rahasia"},
    )


def outgoing(**more: Any) -> Outgoing:
    given = {"to_address": "700111222", "body": "Air sudah menyala."} | more
    return Outgoing(reference="r-1", to_name="", subject="", language="id", **given)


def test_the_secret_of_the_webhook_decides_who_may_deliver(setup: Setup) -> None:
    def verdict(headers: dict[str, str], secrets: dict[str, str] | None = None) -> tuple[bool, int]:
        found = telegram.check(
            setup if secrets is None else replace(setup, secrets=secrets),
            RawRequest("POST", b"{}", headers=headers),
            None,
        )
        assert found.ok or found.reason
        return found.ok, found.status

    assert verdict({HEADER: "kata-rahasia"}) == (True, 200)
    assert verdict({}) == (False, 401)
    assert verdict({HEADER: "kata-rahasi"}) == (False, 403)
    assert verdict({HEADER: "kata-rahasié\udc80"}) == (False, 403)
    assert verdict({HEADER: ""}, {}) == (False, 403)
    assert verdict({HEADER: "x"}, {}) == (False, 403)


def test_the_update_says_what_is_the_same_delivery(setup: Setup) -> None:
    assert telegram.repeat_key(setup, RawRequest("POST", b'{"update_id": 12, "message": {}}')) == "12"
    assert telegram.repeat_key(setup, RawRequest("POST", b"no")) == ""
    assert telegram.repeat_key(setup, RawRequest("POST", b"[]")) == ""


def test_words_go_to_a_chat_as_an_answer_to_its_message(setup: Setup, api: webapi.BotApi) -> None:
    assert telegram.send(setup, outgoing(reply_to="700111222:41")).external_id == "700111222:1"
    sent = api.asked[0][3]
    assert (sent["chat_id"], sent["text"]) == ("700111222", "Air sudah menyala.")
    assert sent["reply_parameters"] == {"message_id": 41, "allow_sending_without_reply": True}
    assert sent["link_preview_options"] == {"is_disabled": True}
    telegram.send(setup, outgoing(reply_to="700111222:41@900009"))
    assert api.asked[1][3]["reply_parameters"]["message_id"] == 41


def test_what_was_said_in_a_group_is_answered_without_pointing_there(
    setup: Setup, api: webapi.BotApi
) -> None:
    telegram.send(setup, outgoing(reply_to="-1001234567890:41"))
    assert "reply_parameters" not in api.asked[0][3]


def test_who_blocked_the_bot_and_what_can_never_go_is_rejected(setup: Setup, api: webapi.BotApi) -> None:
    def reason(**more: Any) -> str:
        with pytest.raises(Rejected) as fault:
            telegram.send(setup, outgoing(**more))
        return fault.value.reason

    assert "blocked" in reason(to_address=api.BLOCKED)
    assert "-1001" in reason(to_address=api.MOVED)
    assert "not found" in reason(to_address="nobody")
    asked = len(api.asked)
    assert "4096" in reason(body="x" * 4097)
    assert "no words" in reason(body=" ")
    assert len(api.asked) == asked


def test_later_and_our_own_faults_leave_the_message_to_be_tried_again(
    setup: Setup, api: webapi.BotApi
) -> None:
    busy = api.error(429, "Too Many Requests: retry after 17", retry_after=17)
    for reply, told in (
        (busy, "17"),
        (webapi.Reply(502, b"<html>"), "502"),
        (api.error(401, "Unauthorized"), "token"),
        (webapi.Reply(200, b"not json"), ""),
        (webapi.as_json(200, {"ok": False, "error_code": 500, "description": "Internal"}), ""),
    ):
        api.next = [reply]
        with pytest.raises(Unreachable) as fault:
            telegram.send(setup, outgoing())
        assert told in fault.value.reason
        assert api.TOKEN not in fault.value.reason
    with pytest.raises(Unreachable):
        telegram.send(replace(setup, secrets={"bot_token": "1:wrong"}), outgoing())
    with pytest.raises(Unreachable):
        telegram.send(replace(setup, secrets={}), outgoing())
    with pytest.raises(Unreachable) as fault:
        telegram.send(replace(setup, settings={"api_url": "http://127.0.0.1:1"}), outgoing())
    assert api.TOKEN not in str(fault.value)


def test_a_file_is_fetched_by_its_path(setup: Setup, api: webapi.BotApi) -> None:
    api.files["V1"] = b"OggS" + b"x" * 100_000
    assert telegram.fetch(setup, {"file_id": "V1"}, 1_000_000) == api.files["V1"]
    with pytest.raises(TooLarge):
        telegram.fetch(setup, {"file_id": "V1"}, 99)
    api.next = [api.error(400, "Bad Request: file is too big")]
    with pytest.raises(TooLarge):
        telegram.fetch(setup, {"file_id": "V1"}, 1_000_000)


def test_a_file_that_is_gone_is_rejected_and_one_behind_a_fault_is_tried_again(
    setup: Setup, api: webapi.BotApi
) -> None:
    told = webapi.as_json(200, {"ok": True, "result": {"file_id": "V1", "file_path": "documents/V1"}})
    for replies in ([], [webapi.as_json(200, {"ok": True, "result": {}})], [told, webapi.Reply(404)]):
        api.next = list(replies)
        with pytest.raises(Rejected):
            telegram.fetch(setup, {"file_id": "none"}, 100)
    with pytest.raises(Rejected):
        telegram.fetch(setup, {}, 100)
    for replies in (
        [webapi.Reply(500)],
        [told, webapi.Reply(503)],
        [told, webapi.Reply(200, b"x", length=9)],
    ):
        api.next = list(replies)
        with pytest.raises(Unreachable):
            telegram.fetch(setup, {"file_id": "V1"}, 100)
