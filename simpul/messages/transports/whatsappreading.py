"""What a delivery of the WhatsApp Cloud API says: every entry, change and value of it, messages, statuses and faults.

A message that cannot be read is kept as kind "unreadable" with its raw object, and takes no other one with it; a type that
we do not know is kept under the provider's word. Since 2026 a person may hide the number: then the sender is an opaque id
that holds inside one business portfolio (confirmed), or nobody at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from simpul.messages.transports import wire
from simpul.messages.transports.incoming import (
    Heard,
    HeardFile,
    RawRequest,
    Reading,
    Removed,
    Report,
    Setup,
    Unreadable,
)

UNREADABLE = "unreadable"

_NUMBER = re.compile(r"\+?([1-9]\d{6,14})")
_STATUSES = frozenset({"sent", "delivered", "read", "failed", "deleted"})
_MEDIA = ("image", "audio", "voice", "video", "document", "sticker")


def read(setup: Setup, request: RawRequest) -> Reading:
    """Everything that a delivery says.

    Raises:
        Unreadable: not JSON, or not from a WhatsApp account.
    """
    body = wire.parsed(request.body)
    if not isinstance(body, dict) or body.get("object") != "whatsapp_business_account":
        raise Unreadable("not a delivery of WhatsApp")
    if not isinstance(body.get("entry"), list):
        raise Unreadable("no entries")
    whole = _Whole(setup, request.received_at)
    for entry in wire.rows(body, "entry"):
        changes = wire.rows(entry, "changes")
        if not changes:
            whole.notes.append("an entry without changes")
        for change in changes:
            whole.take(change)
    return Reading(
        heard=tuple(whole.heard),
        reports=tuple(whole.reports),
        removed=tuple(whole.removed),
        notes=tuple(dict.fromkeys(whole.notes)),
    )


class _Whole:
    """What was read so far."""

    def __init__(self, setup: Setup, received_at: datetime | None) -> None:
        self.setup = setup
        self.received_at = received_at or datetime.fromtimestamp(0, UTC)
        self.heard: list[Heard] = []
        self.reports: list[Report] = []
        self.removed: list[Removed] = []
        self.notes: list[str] = []

    def take(self, change: Any) -> None:
        """One change: messages and statuses, or news of the account, which are noted."""
        value = wire.group(change, "value")
        field = wire.word(change, "field")
        self.notes += [f"fault {_fault_words(fault)}" for fault in wire.rows(value, "errors")]
        messages, statuses = wire.rows(value, "messages"), wire.rows(value, "statuses")
        if not (messages or statuses) and not wire.rows(value, "errors"):
            self.notes.append(_news(field, value))
        for raw in messages:
            self._message(value, raw)
        for raw in statuses:
            self._status(raw)

    def _message(self, value: Mapping[str, Any], raw: Any) -> None:
        taken_back = wire.word(raw, "revoke", "original_message_id")
        if taken_back and wire.word(raw, "type") == "revoke":
            self.removed.append(Removed(taken_back))
            return
        self.heard.append(_heard(self.setup, value, raw))

    def _status(self, raw: Any) -> None:
        external_id, status = wire.word(raw, "id"), wire.word(raw, "status")
        if not external_id or not status:
            self.notes.append("a status without a message")
            return
        if status not in _STATUSES:
            self.notes.append(f"unknown status {status[:20]}")
        faults = wire.rows(raw, "errors")
        self.reports.append(
            Report(
                external_id=external_id,
                status=status,
                at=wire.moment(wire.word(raw, "timestamp")) or self.received_at,
                recipient=wire.word(raw, "recipient_id") or wire.word(raw, "recipient_user_id"),
                code=wire.word(faults[0], "code") if faults else "",
                detail=_fault_words(faults[0], with_code=False) if faults else "",
                reference=wire.word(raw, "biz_opaque_callback_data"),
            )
        )


def _fault_words(fault: Any, *, with_code: bool = True) -> str:
    """An error of the provider in one line: its code, its title and its details."""
    details = wire.word(fault, "error_data", "details") or wire.word(fault, "message")
    title = wire.word(fault, "title")
    told = title if details in ("", title) else f"{title}: {details}" if title else details
    return " ".join(f"{wire.word(fault, 'code') if with_code else ''} {told}".split())[:190]


def _news(field: str, value: Mapping[str, Any]) -> str:
    """News of the account in one line: which template, and what became of it."""
    told = [
        wire.word(value, name)
        for name in ("event", "message_template_name", "message_template_language", "reason")
    ]
    return " ".join([f"news {field[:40] or 'without a name'}", *(word for word in told if word)])[:190]


# --- one message ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who wrote, as far as the provider says."""

    address: str = ""
    scope: str = ""
    number: str = ""
    shown_name: str = ""
    user_id: str = ""


def _heard(setup: Setup, value: Mapping[str, Any], raw: Any) -> Heard:
    """One message, whatever it is. What its type holds is read last, so that a fault in it costs the content only."""
    sender = _sender(setup, value, raw)
    external_id = wire.word(raw, "id")
    kind = wire.word(raw, "type")
    plain = Heard(
        channel="whatsapp",
        address=sender.address,
        kind=kind or UNREADABLE,
        external_id=external_id,
        once="" if external_id else hashlib.sha256(wire.canonical(raw).encode()).hexdigest()[:40],
        scope=sender.scope,
        number=sender.number,
        shown_name=sender.shown_name,
        sent_at=wire.moment(wire.word(raw, "timestamp")),
        reply_to=wire.word(raw, "context", "id"),
        data=_around(setup, value, raw, sender),
        is_verified=bool(sender.address),
    )
    content = _CONTENT.get(kind, _unknown)(raw) if isinstance(raw, dict) and kind else None
    if content is None:
        return replace(plain, kind=UNREADABLE, data={**plain.data, "raw": raw})
    return replace(
        plain,
        kind=content.kind or kind,
        text=content.text,
        data={**plain.data, **content.data},
        files=content.files,
        reply_to=content.reply_to or plain.reply_to,
        is_automatic=content.is_automatic,
    )


def _sender(setup: Setup, value: Mapping[str, Any], raw: Any) -> _Sender:
    """The number when it is known, so that a person is one correspondent whatever else is told; else the opaque id."""
    said = wire.word(raw, "from")
    user_id = wire.word(raw, "from_user_id") or ("" if _NUMBER.fullmatch(said) else said)
    contact = _contact(value, said, user_id)
    user_id = user_id or wire.word(contact, "user_id")
    digits = _NUMBER.fullmatch(said) or _NUMBER.fullmatch(wire.word(contact, "wa_id"))
    number = f"+{digits[1]}" if digits else ""
    business = str(setup.settings.get("business_id") or "")
    phone_id = wire.word(value, "metadata", "phone_number_id") or str(
        setup.settings.get("phone_number_id") or ""
    )
    return _Sender(
        address=number or user_id,
        scope="" if number or not user_id else business or phone_id,
        number=number,
        shown_name=wire.word(contact, "profile", "name") or wire.word(contact, "profile", "username"),
        user_id=user_id,
    )


def _contact(value: Mapping[str, Any], said: str, user_id: str) -> dict[str, Any]:
    """The contact that belongs to a sender. The only contact of a message without sender gives its name and nothing else."""
    contacts = [one for one in wire.rows(value, "contacts") if isinstance(one, dict)]
    for one in contacts:
        known = {wire.word(one, "wa_id"), wire.word(one, "user_id")} - {""}
        if known & ({said, user_id} - {""}):
            return one
    if not (said or user_id) and len(contacts) == 1:
        return {"profile": contacts[0].get("profile")}
    return {}


def _around(setup: Setup, value: Mapping[str, Any], raw: Any, sender: _Sender) -> dict[str, Any]:
    """What stands beside the content and an officer, or a later match, may need."""
    phone_id = wire.word(value, "metadata", "phone_number_id")
    context = wire.group(raw, "context")
    return wire.without_empty(
        {
            "user_id": sender.user_id,
            "parent_user_id": wire.word(raw, "from_parent_user_id"),
            "username": wire.word(
                _contact(value, wire.word(raw, "from"), sender.user_id), "profile", "username"
            ),
            "group_id": wire.word(raw, "group_id"),
            "phone_number_id": "" if phone_id == setup.settings.get("phone_number_id") else phone_id,
            "forwarded": context.get("forwarded") is True
            or context.get("frequently_forwarded") is True
            or None,
            "referral": wire.group(raw, "referral"),
            "faults": [_fault_words(fault) for fault in wire.rows(raw, "errors")],
        }
    )


# --- its content ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Content:
    """What the object of a type says. ``kind`` is "" for the provider's own word."""

    text: str = ""
    data: Mapping[str, Any] = None  # type: ignore[assignment]
    files: tuple[HeardFile, ...] = ()
    reply_to: str = ""
    kind: str = ""
    is_automatic: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", dict(self.data or {}))


Reader = Callable[[Mapping[str, Any]], _Content | None]
"""Reads the content of a message; None when it is not what its type promises."""


def _text(raw: Mapping[str, Any]) -> _Content | None:
    body = wire.group(raw, "text").get("body")
    return _Content(text=body) if isinstance(body, str) else None


def _media(kind: str) -> Reader:
    def reader(raw: Mapping[str, Any]) -> _Content | None:
        media = wire.group(raw, kind)
        if not wire.word(media, "id"):
            return None
        is_voice = kind == "voice" or (kind == "audio" and media.get("voice") is True)
        caption = wire.word(media, "caption")
        file = HeardFile(
            kind="voice" if is_voice else kind,
            source={"id": wire.word(media, "id")},
            name=wire.word(media, "filename"),
            mime=wire.word(media, "mime_type"),
            size=wire.whole(media.get("file_size")),
            sha256=wire.sha256(wire.word(media, "sha256")),
            caption=caption,
        )
        return _Content(text=caption, files=(file,), kind=file.kind)

    return reader


def _location(raw: Mapping[str, Any]) -> _Content | None:
    place = wire.group(raw, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not (_is_degree(latitude, 90) and _is_degree(longitude, 180)):
        return None
    names = [wire.word(place, name) for name in ("name", "address")]
    data = {"latitude": latitude, "longitude": longitude, "name": names[0], "address": names[1]}
    return _Content(text="\n".join(word for word in names if word), data=wire.without_empty(data))


def _is_degree(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _contacts(raw: Mapping[str, Any]) -> _Content | None:
    cards = [card for card in wire.rows(raw, "contacts") if isinstance(card, dict)]
    if not cards:
        return None
    lines = []
    for card in cards:
        numbers = [
            wire.word(phone, "phone") or wire.word(phone, "wa_id") for phone in wire.rows(card, "phones")
        ]
        lines.append(
            ": ".join(
                part for part in (wire.word(card, "name", "formatted_name"), ", ".join(numbers)) if part
            )
        )
    return _Content(text="\n".join(lines), data={"contacts": cards})


def _button(raw: Mapping[str, Any]) -> _Content | None:
    button = wire.group(raw, "button")
    if not button:
        return None
    return _Content(
        text=wire.word(button, "text"), data=wire.without_empty({"payload": wire.word(button, "payload")})
    )


def _interactive(raw: Mapping[str, Any]) -> _Content | None:
    given = wire.group(raw, "interactive")
    kind = wire.word(given, "type")
    chosen = wire.group(given, kind)
    if not chosen:
        return None
    if kind == "nfm_reply":
        return _Content(
            text=wire.word(chosen, "body"), data={"form": _form(wire.word(chosen, "response_json"))}
        )
    data = {"choice": kind, "id": wire.word(chosen, "id"), "description": wire.word(chosen, "description")}
    return _Content(text=wire.word(chosen, "title"), data=wire.without_empty(data))


def _form(answers: str) -> Any:
    """The answers of a form; as they came when they are no JSON."""
    try:
        return wire.parsed(answers.encode("utf-8", "replace"))
    except Unreadable:
        return answers


def _reaction(raw: Mapping[str, Any]) -> _Content | None:
    """An emoji on a message; without one, the emoji was taken away. It says nothing that could be answered."""
    about = wire.word(raw, "reaction", "message_id")
    emoji = wire.word(raw, "reaction", "emoji")
    if not about:
        return None
    return _Content(text=emoji, reply_to=about, data={} if emoji else {"taken_away": True}, is_automatic=True)


def _edit(raw: Mapping[str, Any]) -> _Content | None:
    """The new words of a message, beside the old ones: what a person wrote first is never overwritten."""
    edit = wire.group(raw, "edit")
    about, inner = wire.word(edit, "original_message_id"), wire.group(edit, "message")
    if not about:
        return None
    content = _CONTENT.get(wire.word(inner, "type"), _unknown)(inner) or _Content(data={"raw": edit})
    return replace(content, kind="edit", reply_to=about)


def _system(raw: Mapping[str, Any]) -> _Content | None:
    """What WhatsApp itself says: a person has a new number."""
    said = wire.group(raw, "system")
    return _Content(text=wire.word(said, "body"), data={"system": said}, is_automatic=True) if said else None


def _order(raw: Mapping[str, Any]) -> _Content | None:
    order = wire.group(raw, "order")
    return _Content(text=wire.word(order, "text"), data={"order": order}) if order else None


def _unknown(raw: Mapping[str, Any]) -> _Content | None:
    """A type that we do not know, or that WhatsApp does not hand over (``unsupported``): kept as it is."""
    return _Content(data={"raw": dict(raw)})


_CONTENT: Mapping[str, Reader] = {
    "text": _text,
    **{kind: _media(kind) for kind in _MEDIA},
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "edit": _edit,
    "system": _system,
    "order": _order,
}
