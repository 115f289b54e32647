"""WhatsApp Cloud API: signed webhooks in, the Graph API out.

Sources: Meta's reference of webhooks, media and error codes (confirmed); expiry of a file that came by webhook: 7 days.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote

from simpul.messages.transports import calls, wire
from simpul.messages.transports.incoming import RawRequest, Setup, Unreadable, Verdict
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, TooLarge, Unreachable
from simpul.messages.transports.whatsappreading import read

__all__ = ["challenge", "check", "fetch", "is_mine", "read", "send"]

API_URL = "https://graph.facebook.com"
API_VERSION = "v24.0"

LONGEST_TEXT = 4_096
LONGEST_VALUE = 1_024
"""Characters of the words, and of one value of a template."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_NUMBER = re.compile(r"\+?[1-9]\d{6,14}")
_CHALLENGE = re.compile(r"[0-9A-Za-z_.:-]{1,200}")

LATER = frozenset(
    {
        "1", "2", "4", "17", "341",  # the service is overloaded, or our calls are
        "0", "3", "10", "190", "200",  # the token ran out or lacks a right: a person mends it
        "33", "100001", "131031", "131042", "131045",  # the number, the account, or what was paid for it
        "80007", "130429", "131048", "131056", "133016",  # too many messages
        "131000", "131016", "131057", "133004", "368",  # it fails for now, is under repair, or is barred for a time
    }
)  # fmt: skip
"""Errors that say nothing about the message: the gateway's own, or "later"."""


def check(setup: Setup, request: RawRequest, at: object) -> Verdict:
    """The signature over the raw bytes with the secret of the app, compared in constant time."""
    secret = setup.secrets.get("app_secret", "")
    if not secret:
        return Verdict(ok=False, reason="no app secret is set", status=403)
    given = _SIGNATURE.fullmatch(request.headers.get("x-hub-signature-256", "").strip().lower())
    if given is None:
        return Verdict(ok=False, reason="not signed", status=401)
    right = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given[1], right):
        return Verdict(ok=False, reason="wrong signature", status=403)
    return Verdict(ok=True)


def challenge(setup: Setup, query: str) -> str | None:
    """The answer to the handshake of ``GET ?hub.mode=subscribe``; None when the token is not ours."""
    try:
        asked = {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError:
        return None
    token = setup.secrets.get("verify_token", "")
    word = asked.get("hub.challenge", "")
    given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    if not token or asked.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(word):
        return None
    return word if hmac.compare_digest(given, token.encode("utf-8", "replace")) else None


def is_mine(setup: Setup, request: RawRequest) -> bool:
    """True when the first value of a delivery is for this number: one app signs for all its numbers."""
    try:
        body = wire.parsed(request.body)
    except Unreadable:
        return False
    for entry in wire.rows(body, "entry"):
        for change in wire.rows(entry, "changes"):
            found = wire.word(change, "value", "metadata", "phone_number_id")
            if found:
                return found == str(setup.settings.get("phone_number_id") or "")
    return False


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """The bytes of a file: its address first, which lives five minutes, then the file.

    Raises:
        TooLarge, Unreachable.
        Rejected: it is gone, or was never there.
    """
    media_id = quote(str(source.get("id") or ""), safe="")
    if not media_id:
        raise Rejected("no name of the file")
    told = calls.call("GET", f"{_base(setup)}/{media_id}", headers=_token(setup))
    if not told.ok:
        raise _fetch_fault(told)
    url, size = wire.word(told.json(), "url"), wire.whole(told.json().get("file_size"))
    if size is not None and size > most_bytes:
        raise TooLarge(f"{size} bytes")
    if not (url.startswith("https://") or calls.same_place(url, _base(setup))):
        raise Unreachable("the file has no safe address")
    answer = calls.download(url, most_bytes, headers=_token(setup))
    if not answer.ok:
        raise _fetch_fault(answer)
    return answer.body


def _fetch_fault(answer: calls.Answer) -> Rejected | Unreachable:
    """What an answer without a file means: gone for good, or our token or the service for now."""
    error = wire.group(answer.json(), "error")
    code = wire.word(error, "code")
    if answer.status in (404, 410) or (answer.status == 400 and code == "100"):
        return Rejected(f"gone {code or answer.status}", code=code)
    if code in LATER:
        return Unreachable(_said(answer, error), code=code)
    return calls.refusal(answer, code, wire.word(error, "message"))


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Send words, or a template in their place.

    Raises:
        Unreachable: no answer, too many messages, or our token: nothing is wrong with the message.
        Rejected: this person will not get it this way; ``code`` is Meta's (131047: outside the 24 hours, 132xxx: the template).
    """
    phone_id = quote(str(setup.settings.get("phone_number_id") or ""), safe="")
    if not phone_id or not setup.secrets.get("access_token"):
        raise Unreachable("the gateway is not set up: no phone number id or access token")
    url = f"{_base(setup)}/{phone_id}/messages"
    answer = calls.post_json(url, _payload(outgoing), headers=_token(setup))
    if answer.ok:
        rows = wire.rows(answer.json(), "messages")
        return Sent(external_id=wire.word(rows[0], "id") if rows else "")
    error = wire.group(answer.json(), "error")
    code = wire.word(error, "code")
    if code in LATER or not error:
        raise Unreachable(_said(answer, error), code=code) if code in LATER else calls.refusal(answer)
    if answer.status >= 500 or answer.status in (408, 425, 429):
        raise Unreachable(_said(answer, error), code=code)
    raise Rejected(_said(answer, error), code=code)


def _payload(outgoing: Outgoing) -> dict[str, Any]:
    """The message as the API wants it. The reference comes back with every status of it."""
    sent: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_to(outgoing.to_address),
        "biz_opaque_callback_data": outgoing.reference[:512],
    }
    if outgoing.reply_to and outgoing.template is None:
        sent["context"] = {"message_id": outgoing.reply_to}
    if outgoing.template is not None:
        values = [_one_line(value) for value in outgoing.template.values]
        template: dict[str, Any] = {
            "name": outgoing.template.name,
            "language": {"code": outgoing.template.language},
        }
        if values:
            parameters = [{"type": "text", "text": value} for value in values]
            template["components"] = [{"type": "body", "parameters": parameters}]
        return {**sent, "type": "template", "template": template}
    if not outgoing.body.strip():
        raise Rejected("no words")
    if len(outgoing.body) > LONGEST_TEXT:
        raise Rejected(f"{len(outgoing.body)} characters; WhatsApp takes {LONGEST_TEXT}")
    return {**sent, "type": "text", "text": {"body": outgoing.body, "preview_url": False}}


def _to(address: str) -> dict[str, str]:
    """A number in ``to``, an opaque id in ``recipient``."""
    plain = address.strip()
    if not plain:
        raise Rejected("no address")
    return {"to": plain.lstrip("+")} if _NUMBER.fullmatch(plain) else {"recipient": plain}


def _one_line(value: str) -> str:
    """A value of a template: the API refuses line ends, tabs and runs of blanks in it (132012), and an empty one."""
    return " ".join(value.split())[:LONGEST_VALUE] or "-"


def _base(setup: Setup) -> str:
    url = str(setup.settings.get("api_url") or API_URL).rstrip("/")
    return f"{url}/{setup.settings.get('api_version') or API_VERSION}"


def _token(setup: Setup) -> dict[str, str]:
    return {"Authorization": f"Bearer {setup.secrets.get('access_token', '')}"}


def _said(answer: calls.Answer, error: Mapping[str, Any]) -> str:
    """The provider's words in one line; they name no person."""
    details = wire.word(error, "error_data", "details") or wire.word(error, "message")
    return " ".join(f"{wire.word(error, 'code') or answer.status} {details}".split())[:200]
