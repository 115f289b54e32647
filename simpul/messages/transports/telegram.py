"""A Telegram bot: updates by webhook in, the Bot API out.

A person is known by an opaque number, never by a telephone unless they share their own. What is said in a group is from the
person who said it, and is answered to that person alone; the bot of an institution speaks to no group.

The name of a message is ``chat:message``, so that replies and edits find it; one update is one message (de-duplicated by
``update_id`` in the raw store). Source: the Bot API's reference (confirmed); a bot may fetch files of 20 MB at most.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from simpul.lib import phone
from simpul.messages.transports import calls, wire
from simpul.messages.transports.incoming import (
    Heard,
    HeardFile,
    RawRequest,
    Reading,
    Setup,
    Unreadable,
    Verdict,
)
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, TooLarge, Unreachable

__all__ = ["check", "fetch", "read", "repeat_key", "send"]

API_URL = "https://api.telegram.org"
LONGEST_TEXT = 4_096
LARGEST_PHOTO = 10_000_000
UNREADABLE = "unreadable"

_ANONYMOUS = frozenset({"1087968824", "136817688", "777000"})
"""Telegram's own senders: an anonymous administrator of a group, a channel, the service. Nobody that could be answered."""


def check(setup: Setup, request: RawRequest, at: object) -> Verdict:
    """The secret that Telegram sends with every update, compared in constant time."""
    secret = setup.secrets.get("secret_token", "")
    given = request.headers.get("x-telegram-bot-api-secret-token", "")
    if not secret:
        return Verdict(ok=False, reason="no secret token is set", status=403)
    if not given:
        return Verdict(ok=False, reason="no secret token", status=401)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        return Verdict(ok=False, reason="wrong secret token", status=403)
    return Verdict(ok=True)


def repeat_key(setup: Setup, request: RawRequest) -> str:
    """The update's number: Telegram sends the same one again until it is taken."""
    try:
        body = wire.parsed(request.body)
    except Unreadable:
        return ""
    return wire.word(body, "update_id")


# --- in ---------------------------------------------------------------------------------------------------------------


def read(setup: Setup, request: RawRequest) -> Reading:
    """One update: a message, an edited one, a person who blocked the bot, or what we do not know yet.

    Raises:
        Unreadable: not JSON, or no update.
    """
    update = wire.parsed(request.body)
    update_id = wire.word(update, "update_id")
    if not isinstance(update, dict) or not update_id:
        raise Unreadable("not an update of Telegram")
    kinds = sorted(name for name in update if name != "update_id")
    if not kinds:
        return Reading(notes=("an update without content",))
    return Reading(heard=tuple(_heard(update_id, kind, update[kind]) for kind in kinds))


def _heard(update_id: str, kind: str, raw: Any) -> Heard:
    is_message = kind in (
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_message",
    )
    named = _name(raw) if is_message else ""
    is_edit = kind.startswith("edited_")
    content = _content(raw) if is_message else _event(kind, raw)
    if content is None:
        content = Heard(channel="telegram", address="", kind=UNREADABLE, data={"raw": raw})
    address = _sender(raw)
    external_id = named if named and not is_edit else f"{named or kind}@{update_id}"
    replied = wire.group(raw, "reply_to_message")
    return Heard(
        channel="telegram",
        address=address,
        kind="edit" if is_edit and content.kind != UNREADABLE else content.kind,
        external_id=external_id,
        number=content.number,
        shown_name=_shown_name(wire.group(raw, "from")),
        sent_at=_moment(raw, "edit_date") if is_edit else _moment(raw, "date"),
        text=content.text,
        data={**_around(raw), **content.data},
        reply_to=named if is_edit else _name({"chat": wire.group(raw, "chat"), **replied}) if replied else "",
        files=content.files,
        is_verified=bool(address),
        is_automatic=not is_message or wire.group(raw, "from").get("is_bot") is True,
        language=_language(wire.word(raw, "from", "language_code")),
    )


def _name(raw: Any) -> str:
    chat, message = wire.word(raw, "chat", "id"), wire.word(raw, "message_id")
    return f"{chat}:{message}" if chat and message else ""


def _moment(raw: Any, name: str) -> datetime | None:
    return wire.moment(wire.word(raw, name))


def _sender(raw: Any) -> str:
    """The person; in a chat of two that is the chat. An anonymous one of a group or channel is nobody."""
    sender, chat = wire.word(raw, "from", "id"), wire.word(raw, "chat", "id")
    if sender and sender not in _ANONYMOUS:
        return sender
    return chat if wire.word(raw, "chat", "type") == "private" else ""


def _shown_name(person: Mapping[str, Any]) -> str:
    full = " ".join(
        part for part in (wire.word(person, "first_name"), wire.word(person, "last_name")) if part
    )
    return full or wire.word(person, "username")


def _language(code: str) -> str:
    return "en" if code.partition("-")[0] == "en" else "id" if code else ""


def _around(raw: Any) -> dict[str, Any]:
    """What stands beside the content: the group it was said in, whether it was passed on."""
    chat = wire.group(raw, "chat")
    kind = wire.word(chat, "type")
    in_group = {"id": wire.word(chat, "id"), "title": wire.word(chat, "title"), "type": kind}
    return wire.without_empty(
        {
            "username": wire.word(raw, "from", "username"),
            "group": in_group if kind not in ("", "private") else {},
            "forwarded": True if wire.group(raw, "forward_origin") else None,
            "album": wire.word(raw, "media_group_id"),
            "new_group": wire.word(raw, "migrate_to_chat_id"),
        }
    )


def _event(kind: str, raw: Any) -> Heard | None:
    """An update that is no message: somebody blocked the bot or came back; else its raw object under Telegram's word."""
    if not isinstance(raw, dict):
        return None
    if kind == "my_chat_member":
        status = wire.word(raw, "new_chat_member", "status")
        data = {"status": status, "before": wire.word(raw, "old_chat_member", "status")}
        return Heard(channel="telegram", address="", kind=kind, data=wire.without_empty(data))
    return Heard(channel="telegram", address="", kind=kind, data={"raw": raw})


# --- the content of a message -----------------------------------------------------------------------------------------


def _content(raw: Any) -> Heard | None:
    """Words, files, a place or a contact; a message that we do not know is kept under the name of its content."""
    if not isinstance(raw, dict):
        return None
    words = wire.word(raw, "text") or wire.word(raw, "caption")
    for kind, reader in _KINDS.items():
        if kind in raw:
            found = reader(raw, words)
            return found or _plain(UNREADABLE, words, {"raw": raw})
    known = {"message_id", "date", "chat", "from", "sender_chat", "edit_date", "reply_to_message", "entities"}
    other = sorted(name for name in raw if name not in known)
    return _plain(other[0] if other else UNREADABLE, words, {"raw": raw})


def _plain(kind: str, words: str, data: Mapping[str, Any] | None = None, number: str = "") -> Heard:
    return Heard(channel="telegram", address="", kind=kind, text=words, data=data or {}, number=number)


Reader = Callable[[Mapping[str, Any], str], Heard | None]


def _text(raw: Mapping[str, Any], words: str) -> Heard | None:
    return _plain("text", words) if isinstance(raw["text"], str) else None


def _photo(raw: Mapping[str, Any], words: str) -> Heard | None:
    """The largest of the sizes that we would take."""
    sizes = [one for one in wire.rows(raw, "photo") if wire.word(one, "file_id")]
    fitting = [one for one in sizes if (wire.whole(one.get("file_size")) or 0) <= LARGEST_PHOTO] or sizes
    if not fitting:
        return None
    best = max(
        fitting, key=lambda one: (wire.whole(one.get("width")) or 0) * (wire.whole(one.get("height")) or 0)
    )
    return _with_file("image", {**best, "mime_type": "image/jpeg"}, words)


def _file(name: str, kind: str) -> Reader:
    def reader(raw: Mapping[str, Any], words: str) -> Heard | None:
        return _with_file(kind, wire.group(raw, name), words)

    return reader


def _with_file(kind: str, given: Mapping[str, Any], words: str) -> Heard | None:
    file_id = wire.word(given, "file_id")
    if not file_id:
        return None
    file = HeardFile(
        kind=kind,
        source={"file_id": file_id},
        name=wire.word(given, "file_name"),
        mime=wire.word(given, "mime_type"),
        size=wire.whole(given.get("file_size")),
        caption=words,
    )
    return Heard(channel="telegram", address="", kind=kind, text=words, files=(file,))


def _location(raw: Mapping[str, Any], words: str) -> Heard | None:
    venue = wire.group(raw, "venue")
    place = wire.group(venue, "location") or wire.group(raw, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not (_is_degree(latitude, 90) and _is_degree(longitude, 180)):
        return None
    names = {"name": wire.word(venue, "title"), "address": wire.word(venue, "address")}
    told = "\n".join(part for part in (*names.values(), words) if part)
    return _plain(
        "location", told, wire.without_empty({"latitude": latitude, "longitude": longitude, **names})
    )


def _is_degree(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _contact(raw: Mapping[str, Any], words: str) -> Heard | None:
    """A contact; when it is the sender's own, Telegram vouches for the number."""
    card = wire.group(raw, "contact")
    said = wire.word(card, "phone_number")
    if not said:
        return None
    own = wire.word(card, "user_id") != "" and wire.word(card, "user_id") == wire.word(raw, "from", "id")
    number = phone.normalise(f"+{said.lstrip('+')}").e164 or ""
    told = ": ".join(part for part in (_shown_name(card), number or said) if part)
    return _plain("contact", told, {"contact": card, "own": own}, number=number if own else "")


_KINDS: Mapping[str, Reader] = {
    "text": _text,
    "photo": _photo,
    "voice": _file("voice", "voice"),
    "audio": _file("audio", "audio"),
    "video": _file("video", "video"),
    "video_note": _file("video_note", "video"),
    "animation": _file("animation", "video"),
    "document": _file("document", "document"),
    "sticker": _file("sticker", "sticker"),
    "venue": _location,
    "location": _location,
    "contact": _contact,
}
"""What a message may hold, the telling name first: an animation is a document too, a venue a location."""


# --- out --------------------------------------------------------------------------------------------------------------


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """The bytes of a file: its path first, which lives an hour, then the file.

    Raises:
        TooLarge, Unreachable.
        Rejected: it is gone, or was never there.
    """
    file_id = quote(str(source.get("file_id") or ""), safe="")
    if not file_id:
        raise Rejected("no name of the file")
    told = calls.call("GET", f"{_base(setup)}/getFile?file_id={file_id}")
    if not told.ok:
        words = wire.word(told.json(), "description")
        if "too big" in words:
            raise TooLarge(words[:100])
        raise _fault(told)
    result = wire.group(told.json(), "result")
    path, size = wire.word(result, "file_path"), wire.whole(result.get("file_size"))
    if not path:
        raise Rejected("gone")
    if size is not None and size > most_bytes:
        raise TooLarge(f"{size} bytes")
    answer = calls.download(f"{_base(setup, '/file')}/{quote(path)}", most_bytes)
    if answer.status in (404, 410):
        raise Rejected(f"gone {answer.status}")
    if not answer.ok:
        raise _fault(answer)
    return answer.body


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Send words to one chat.

    Raises:
        Unreachable: no answer, too many messages, or our token: nothing is wrong with the message.
        Rejected: the person blocked the bot, or there is no such chat any more.
    """
    if not setup.secrets.get("bot_token"):
        raise Unreachable("the gateway is not set up: no bot token")
    if not outgoing.body.strip():
        raise Rejected("no words")
    if len(outgoing.body) > LONGEST_TEXT:
        raise Rejected(f"{len(outgoing.body)} characters; Telegram takes {LONGEST_TEXT}")
    chat, _colon, replied = outgoing.reply_to.partition("@")[0].rpartition(":")
    values: dict[str, Any] = {
        "chat_id": outgoing.to_address,
        "text": outgoing.body,
        "link_preview_options": {"is_disabled": True},
    }
    if replied.isdigit() and chat == outgoing.to_address:
        values["reply_parameters"] = {"message_id": int(replied), "allow_sending_without_reply": True}
    answer = calls.post_json(f"{_base(setup)}/sendMessage", values)
    if not (answer.ok and answer.json().get("ok") is True):
        raise _fault(answer)
    return Sent(external_id=_name(wire.group(answer.json(), "result")))


def _fault(answer: calls.Answer) -> Rejected | Unreachable:
    """What an answer that is no success means. 401 and 404 are our token; 429 says how long to wait."""
    told = answer.json()
    words = " ".join(wire.word(told, "description").split())[:150]
    code = wire.word(told, "error_code") or str(answer.status)
    wait, moved = (
        wire.word(told, "parameters", "retry_after"),
        wire.word(told, "parameters", "migrate_to_chat_id"),
    )
    if answer.status == 429 or wait:
        return Unreachable(f"{code} try again in {wait or '?'} seconds", code=code)
    if moved:
        return Rejected(f"{code} the group has a new number: {moved}", code=code)
    if answer.status == 403:
        return Rejected(f"{code} {words}", code=code)
    if answer.status in (401, 404):
        return Unreachable(f"{code} the bot token is not valid", code=code)
    return calls.refusal(answer, code, words)


def _base(setup: Setup, folder: str = "") -> str:
    url = str(setup.settings.get("api_url") or API_URL).rstrip("/")
    return f"{url}{folder}/bot{quote(setup.secrets.get('bot_token', ''), safe=':')}"
