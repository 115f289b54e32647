"""Web gateways described by data: where a sender, words, time and name stand in a delivery, how it is trusted, how to send.

A profile is one of ``BUILT_IN`` by its name, or an object in the gateway's settings; with ``"like": "plain"`` an object changes
one of those. The keys are those of ``Profile``; docs/operations/sms.md shows one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


class ProfileWrong(Exception):  # noqa: N818 - it says what is wrong
    """A profile that nobody can use. ``reason`` is shown to administrators."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Profile:
    """Where things stand in what a web gateway sends, and how it takes what we send.

    ``body``: form, json, query, or any (by what the request says). ``trust``: field, header, query, path (the code in the
    address is the secret), or none (then ``networks`` is needed). ``time_unit``: s, ms, or iso. Names may be paths with dots.
    """

    body: str = "any"
    sender: str = "from"
    text: str = "message"
    time: str = ""
    time_unit: str = "s"
    id: str = ""
    name: str = ""
    trust: str = "field"
    trust_field: str = "secret"
    signature: str = ""
    networks: tuple[str, ...] = ()
    file_url: str = ""
    file_name: str = ""
    file_mime: str = ""
    file_count: str = ""
    file_hosts: tuple[str, ...] = ()
    status: str = ""
    status_id: str = ""
    status_words: Mapping[str, str] = field(default_factory=dict)
    reply_type: str = "text/plain; charset=utf-8"
    reply_body: str = "OK"
    send_method: str = "POST"
    send_url: str = ""
    send_body: str = "form"
    send_fields: Mapping[str, str] = field(default_factory=dict)
    send_headers: Mapping[str, str] = field(default_factory=dict)
    send_auth: str = ""
    sent_id: str = ""
    sent_ok: Mapping[str, Any] = field(default_factory=dict)


_CHOICES = {
    "body": ("any", "form", "json", "query"),
    "time_unit": ("s", "ms", "iso"),
    "trust": ("field", "header", "query", "path", "none"),
    "signature": ("", "twilio"),
    "send_method": ("GET", "POST", "PUT"),
    "send_body": ("form", "json", "query"),
    "send_auth": ("", "basic"),
}
_LISTS = ("networks", "file_hosts")
_MAPS = ("status_words", "send_fields", "send_headers", "sent_ok")

_SMSSYNC: Mapping[str, Any] = {
    "body": "form",
    "time": "sent_timestamp",
    "time_unit": "ms",
    "id": "message_id",
    "reply_type": "application/json",
    "reply_body": '{"payload": {"success": true, "error": null}}',
}
_FONNTE: Mapping[str, Any] = {
    "sender": "sender",
    "time": "timestamp",
    "id": "inboxid",
    "name": "name",
    "trust": "path",
    "file_url": "url",
    "file_name": "filename",
    "file_hosts": ["fonnte.com"],
    "reply_type": "application/json",
    "reply_body": '{"status": true}',
    "send_url": "https://api.fonnte.com/send",
    "send_fields": {"target": "{to}", "message": "{text}"},
    "send_headers": {"Authorization": "{password}"},
    "sent_id": "id.0",
    "sent_ok": {"status": True},
}
_TWILIO: Mapping[str, Any] = {
    "body": "form",
    "sender": "From",
    "text": "Body",
    "id": "MessageSid",
    "trust": "none",
    "signature": "twilio",
    "file_url": "MediaUrl{n}",
    "file_mime": "MediaContentType{n}",
    "file_count": "NumMedia",
    "file_hosts": ["api.twilio.com"],
    "status": "MessageStatus",
    "status_id": "MessageSid",
    "status_words": {
        "queued": "accepted",
        "accepted": "accepted",
        "sending": "accepted",
        "sent": "sent",
        "delivered": "delivered",
        "undelivered": "failed",
        "failed": "failed",
    },
    "reply_type": "text/xml",
    "reply_body": "<Response/>",
    "send_url": "https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
    "send_fields": {"To": "{to}", "From": "{number}", "Body": "{text}"},
    "send_auth": "basic",
    "sent_id": "sid",
}

BUILT_IN: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "smssync": _SMSSYNC,
    "fonnte": _FONNTE,
    "twilio": _TWILIO,
}


def profile_of(settings: Mapping[str, Any]) -> Profile:
    """The profile that a gateway's settings name or hold.

    Raises:
        ProfileWrong: an unknown name, an unknown key, or a value that is none of the choices.
    """
    said = settings.get("profile") or "plain"
    if isinstance(said, str) and said.lstrip().startswith("{"):
        try:
            said = json.loads(said)
        except (ValueError, RecursionError) as fault:
            raise ProfileWrong("the profile is not JSON") from fault
    if isinstance(said, str):
        said = {"like": said}
    if not isinstance(said, Mapping):
        raise ProfileWrong("the profile is neither a name nor an object")
    changes = dict(said)
    like = changes.pop("like", "plain")
    if not isinstance(like, str) or like not in BUILT_IN:
        raise ProfileWrong("there is no profile of this name")
    if settings.get("networks"):
        changes.setdefault("networks", settings["networks"])
    if settings.get("send_url"):
        changes.setdefault("send_url", settings["send_url"])
    return _checked({**BUILT_IN[like], **changes})


def _checked(said: Mapping[str, Any]) -> Profile:
    known = {one.name for one in fields(Profile)}
    unknown = sorted(set(map(str, said)) - known)
    if unknown:
        raise ProfileWrong(f"the profile has no {', '.join(unknown)[:80]}")
    values: dict[str, Any] = {}
    for name, value in said.items():
        values[name] = _value(name, value)
    profile = Profile(**values)
    if profile.trust == "none" and not profile.networks and not profile.signature:
        raise ProfileWrong("the profile has neither a secret, a signature nor networks: anybody could write")
    return profile


def _value(name: str, value: Any) -> Any:
    if name in _LISTS:
        found = value.replace(",", " ").split() if isinstance(value, str) else value
        if isinstance(found, list | tuple) and all(isinstance(one, str) for one in found):
            return tuple(found)
    elif name in _MAPS:
        if isinstance(value, Mapping) and all(isinstance(one, str) for one in value):
            texts = name == "sent_ok" or all(isinstance(one, str) for one in value.values())
            if texts:
                return dict(value)
    elif isinstance(value, str) and value in _CHOICES.get(name, (value,)):
        return value
    raise ProfileWrong(f"the profile's {name} is not usable")
