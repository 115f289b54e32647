"""Providers as they deliver: WhatsApp's signed envelopes, and the app of an Android phone."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

APP_SECRET = "rahasia-aplikasi"
PHONE_ID = "10888"
SIGNING_KEY = "kunci-ponsel"


def text(
    number: int, words: str = "Jembatan putus.", sender: str = "6281244556677", **more: Any
) -> dict[str, Any]:
    """One message of a person, as WhatsApp words it."""
    return {
        "from": sender,
        "id": f"wamid.{number}",
        "timestamp": str(1_795_000_000 + number),
        "type": "text",
        "text": {"body": words},
        **more,
    }


def status(number: int, word: str, at: int = 0) -> dict[str, Any]:
    """What became of a message of ours."""
    return {
        "id": f"wamid.out.{number}",
        "recipient_id": "6281244556677",
        "status": word,
        "timestamp": str(1_795_100_000 + at),
    }


def envelope(
    messages: Sequence[Mapping[str, Any]] = (),
    statuses: Sequence[Mapping[str, Any]] = (),
    name: str = "Nurhayati",
) -> bytes:
    """A delivery of WhatsApp."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62426", "phone_number_id": PHONE_ID},
    }
    if messages:
        value["contacts"] = [
            {"profile": {"name": name}, "wa_id": sender}
            for sender in dict.fromkeys(m.get("from", "") for m in messages)
        ]
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = list(statuses)
    entry = {"id": "waba", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    """The header of WhatsApp."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def android(
    words: str, stamp: int, number: str = "+6281244556677", at: str = "2026-11-25T09:00:00+08:00"
) -> bytes:
    """A delivery of the phone's app."""
    payload = {"messageId": "ab12", "message": words, "phoneNumber": number, "simNumber": 1, "receivedAt": at}
    return json.dumps(
        {"deviceId": "d", "event": "sms:received", "id": f"e{stamp}", "payload": payload}
    ).encode()
