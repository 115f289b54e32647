"""Reading what devices send: bounded, perhaps gzip, JSON of known shapes; whose token it is; how often they may ask."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest

from simpul.api.sync.policy import Stop
from simpul.sync.queries import devices, tokens
from simpul.sync.rules.canonical import unb64

MOST_JSON = 512_000
MOST_BODY = 2_000_000
_MINUTE = 60
_HOUR = 3600


def body_of(request: HttpRequest, most: int) -> bytes:
    """The bytes that were sent, opened when they are gzip, never more than ``most``."""
    sent = request.body
    if len(sent) > most:
        raise Stop(413, "sync.too_large")
    if request.headers.get("Content-Encoding", "").strip().lower() != "gzip":
        return sent
    reader = zlib.decompressobj(31)
    try:
        plain = reader.decompress(sent, most)
    except zlib.error:
        raise Stop(400, "sync.unreadable", detail="gzip") from None
    if reader.unconsumed_tail:
        raise Stop(413, "sync.too_large")
    if not reader.eof:
        raise Stop(400, "sync.cut_off")
    return plain


def json_of(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent."""
    try:
        said = json.loads(body_of(request, MOST_JSON))
    except (ValueError, RecursionError):
        raise Stop(400, "sync.unreadable", detail="json") from None
    if not isinstance(said, dict):
        raise Stop(400, "sync.unreadable", detail="object")
    return said


def text(said: dict[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    """A text of an object."""
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most or (needed and not value):
        raise Stop(400, "sync.unreadable", detail=name)
    return value


def raw(said: dict[str, Any], name: str, most: int = 200) -> bytes:
    """Bytes of an object, written as base64url."""
    try:
        return unb64(text(said, name, most))
    except ValueError:
        raise Stop(400, "sync.unreadable", detail=name) from None


def whole(value: Any, name: str, least: int = 0) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**53:
        raise Stop(400, "sync.unreadable", detail=name)
    return value


def number_of(request: HttpRequest, name: str, given: int = 0) -> int:
    """A whole number of the address."""
    said = request.GET.get(name, "")
    if not said:
        return given
    if not said.isascii() or not said.isdigit() or len(said) > 15:
        raise Stop(400, "sync.unreadable", detail=name)
    return int(said)


def rows(said: dict[str, Any], name: str, kinds: Sequence[type], most: int) -> list[list[Any]]:
    """A list of short lists, each of these kinds; of one that is too long the last ones, for a device is never turned away for that."""
    found = said.get(name)
    found = [] if found is None else found
    found = found[-most:] if isinstance(found, list) else found
    fine = isinstance(found, list) and all(
        isinstance(row, list)
        and len(row) == len(kinds)
        and all(type(one) is kind for one, kind in zip(row, kinds, strict=True))
        for row in found
    )
    if not fine:
        raise Stop(400, "sync.unreadable", detail=name)
    return list(found)


def keys(said: dict[str, Any], name: str, most: int) -> list[UUID]:
    """A list of UUIDs, the first ``most`` of them."""
    found = said.get(name)
    found = [] if found is None else found
    if not isinstance(found, list):
        raise Stop(400, "sync.unreadable", detail=name)
    found = found[:most]
    try:
        return [UUID(one) for one in found]
    except (ValueError, AttributeError, TypeError):
        raise Stop(400, "sync.unreadable", detail=name) from None


def device_of(request: HttpRequest, at: datetime) -> UUID:
    """Whose token this request carries; no token, or one that is over: say hello again."""
    scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
    device_id = tokens.read(token.strip(), at) if scheme == "Simpul" else None
    if device_id is None:
        raise Stop(401, "sync.token")
    return device_id


def served_device(request: HttpRequest, at: datetime) -> devices.Row:
    """The device of the token, which must still be served: not locked, and its person has the seat."""
    found = devices.device(device_of(request, at))
    if found is None:
        raise Stop(404, "sync.device")
    if devices.is_shut(found, at):
        raise Stop(410, "sync.revoked")
    return found


def count(who: str, what: str, most: int, at: datetime) -> None:
    """Count this request into its minute; above ``most`` it waits for the next."""
    seconds = int(at.timestamp())
    key = f"sync:{what}:{who}:{seconds // _MINUTE}"
    if cache.add(key, 1, 2 * _MINUTE):
        return
    try:
        now = int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return
    if now > most:
        raise Stop(429, "sync.too_often", wait=_MINUTE - seconds % _MINUTE)


def weigh(who: str, what: str, size: int, most: int, at: datetime) -> None:
    """Count so many bytes into their hour; above ``most`` the sender waits: nobody who proves nothing fills a disk."""
    seconds = int(at.timestamp())
    key = f"sync:{what}-bytes:{who}:{seconds // _HOUR}"
    if cache.add(key, size, 2 * _HOUR):
        return
    try:
        now = int(cache.incr(key, size))
    except ValueError:  # it ran out between the two calls
        return
    if now > most:
        raise Stop(429, "sync.too_often", wait=min(_HOUR - seconds % _HOUR, 300))
