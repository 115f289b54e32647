"""Golden samples: every kind of delivery of WhatsApp and Telegram, and what is read out of it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.messages import transports
from simpul.messages.transports import RawRequest, Reading, Setup, Unreadable
from tests.messages.readings import as_json

VECTORS = Path(__file__).parents[1] / "vectors"
SETUPS = {
    "whatsapp": Setup(
        "wa",
        "whatsapp",
        "whatsapp",
        settings={"phone_number_id": "106540352242922", "business_id": "55501"},
    ),
    "telegram": Setup("tg", "telegram", "telegram"),
}
SAMPLES = [
    (kind, path)
    for kind in SETUPS
    for path in sorted((VECTORS / kind).glob("*.json"))
    if not path.name.endswith(".expected.json")
]


def read(kind: str, body: bytes) -> Reading:
    request = RawRequest("POST", body, received_at=datetime(2026, 11, 25, 1, tzinfo=UTC))
    return transports.PROVIDERS[kind].read(SETUPS[kind], request)


@pytest.mark.parametrize(("kind", "path"), SAMPLES, ids=[f"{kind}-{path.stem}" for kind, path in SAMPLES])
def test_a_sample_reads_as_written_beside_it(kind: str, path: Path) -> None:
    body = path.read_bytes()
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert as_json(read(kind, body)) == expected
    assert read(kind, body) == read(kind, body)


def test_every_documented_type_of_message_has_a_sample() -> None:
    kinds = {
        (kind, row["kind"])
        for kind, path in SAMPLES
        for row in json.loads(path.with_suffix(".expected.json").read_text()).get("heard", [])
    }
    whatsapp = "text image audio voice video document sticker location contacts button interactive reaction order edit"
    assert {("whatsapp", name) for name in whatsapp.split()} <= kinds
    telegram = "text image voice audio video document sticker location contact edit my_chat_member"
    assert {("telegram", name) for name in telegram.split()} <= kinds


@pytest.mark.parametrize("kind", SETUPS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"object":"page","entry":[]}',
        b'{"object":"whatsapp_business_account"}',
        b'{"update_id":NaN}',
        b'{"update_id":[1]}',
        b"[" * 5_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"object":"whatsapp_business_account","entry":[' + b"9" * 5_000 + b"]}",
    ],
)
def test_what_is_no_delivery_is_unreadable_and_says_why(kind: str, body: bytes) -> None:
    with pytest.raises(Unreadable) as fault:
        read(kind, body)
    assert fault.value.reason


def test_numbers_that_no_database_holds_are_kept_as_words() -> None:
    sized = {"from": "6281234567890", "id": "wamid.X", "type": "new", "new": {"size": "SIZE"}}
    whole = {
        "object": "whatsapp_business_account",
        "entry": [{"changes": [{"value": {"messages": [sized]}}]}],
    }
    body = json.dumps(whole).replace('"SIZE"', "1e999")
    assert read("whatsapp", body.encode()).heard[0].data["raw"]["new"] == {"size": "inf"}


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _mixed(names: str) -> st.SearchStrategy[Any]:
    """Objects with the provider's own names and anything in them."""
    return st.dictionaries(st.sampled_from(names.split()), JSON, max_size=6)


WHATSAPP = _mixed(
    "from from_user_id id timestamp type text image location contacts button interactive edit reaction context"
)
KINDS = st.sampled_from(
    ["text", "image", "voice", "location", "contacts", "button", "interactive", "edit", "revoke", "x"]
)
TELEGRAM = _mixed(
    "message_id from chat date text caption photo voice venue location contact reply_to_message sender_chat"
)


@given(
    messages=st.lists(WHATSAPP | JSON, max_size=4), kind=KINDS, contacts=JSON, statuses=JSON, metadata=JSON
)
def test_whatever_whatsapp_sends_is_read_alike_twice(
    messages: list[Any], kind: str, contacts: Any, statuses: Any, metadata: Any
) -> None:
    typed = [{**one, "type": kind} if isinstance(one, dict) else one for one in messages]
    value = {"messages": typed, "contacts": contacts, "statuses": statuses, "metadata": metadata}
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"changes": [{"field": "messages", "value": value}]}],
    }
    raw = json.dumps(body).encode()
    reading = read("whatsapp", raw)
    assert reading == read("whatsapp", raw)
    assert len(reading.heard) + len(reading.removed) == len(messages)
    _is_storable(reading)


@given(message=TELEGRAM | JSON, kind=st.sampled_from(["message", "edited_message", "my_chat_member", "poll"]))
def test_whatever_telegram_sends_is_read_alike_twice(message: Any, kind: str) -> None:
    raw = json.dumps({"update_id": 7, kind: message}).encode()
    reading = read("telegram", raw)
    assert reading == read("telegram", raw)
    assert len(reading.heard) == 1
    assert reading.heard[0].external_id
    _is_storable(reading)


@given(value=JSON)
@pytest.mark.parametrize("kind", SETUPS)
def test_any_json_is_read_or_unreadable_and_nothing_else(kind: str, value: Any) -> None:
    with suppress(Unreadable):
        _is_storable(read(kind, json.dumps(value).encode()))


def _is_storable(reading: Reading) -> None:
    """Nothing in it that PostgreSQL refuses: no NUL, no half of a character, no infinite number."""
    words = json.dumps(as_json(reading), ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in words
    words.encode("utf-8")
