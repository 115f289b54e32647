"""How a line is hashed and a seal is built: pure, so that anybody can check a journal with these few functions."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypedDict
from uuid import UUID

from simpul.lib import merkle


class SealFields(TypedDict):
    """What a seal's digest and signature cover."""

    number: int
    first_position: int
    last_position: int
    root: bytes
    previous: bytes


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping with only JSON values in it: dates as ISO text, ids as text, sets as sorted lists."""
    return {_clean(str(key)): _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float):
        return _number(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return jsonable(value)
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=canonical)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _clean(str(value))


def _clean(value: str) -> str:
    """Text that both databases give back as it was: PostgreSQL's JSON holds no zero byte and no half of a surrogate pair."""
    if value.isascii() and "\x00" not in value:
        return value
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _number(value: float) -> float | int | str:
    """A number that both databases give back as it was: PostgreSQL keeps 1e22 as an integer, knows no -0.0 and no infinity.

    A number that came back different would look like an edited line.
    """
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= _WHOLE_ABOVE:
        return int(value)
    return value + 0.0  # -0.0 + 0.0 is 0.0


_WHOLE_ABOVE = 1e15
"""Above this a float has no fraction worth its name, and is kept as the integer it stands for."""


def canonical(values: Any) -> bytes:
    """The one byte form of a JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def inputs_digest(inputs: Mapping[str, Any], salt: bytes) -> bytes:
    """SHA-256 over salt and inputs; the salt keeps a redacted input from being guessed back."""
    return hashlib.sha256(salt + canonical(inputs)).digest()


def line_fields(line: Any) -> dict[str, Any]:
    """The fields of a line that its leaf covers: all but the inputs themselves, which their digest stands for."""
    return {
        "position": line.position,
        "id": str(line.id),
        "kind": line.kind,
        "subject_kind": line.subject_kind,
        "subject_id": str(line.subject_id),
        "region_code": line.region_code,
        "at": _plain(line.at),
        "recorded_at": _plain(line.recorded_at),
        "user_id": _text(line.user_id),
        "seat_id": _text(line.seat_id),
        "desk_id": _text(line.desk_id),
        "role": line.role,
        "actor_name": line.actor_name,
        "device": line.device,
        "facts": line.facts,
        "digest": bytes(line.digest).hex(),
    }


def _text(value: UUID | None) -> str:
    return "" if value is None else str(value)


def line_leaf(fields: Mapping[str, Any]) -> bytes:
    """The Merkle leaf of one line."""
    return merkle.leaf_hash(canonical(fields))


def seal_fields(seal: Any) -> SealFields:
    """The signed fields of a stored seal."""
    return SealFields(
        number=seal.number,
        first_position=seal.first_position,
        last_position=seal.last_position,
        root=bytes(seal.root),
        previous=bytes(seal.previous),
    )


def seal_digest(
    *, number: int, first_position: int, last_position: int, root: bytes, previous: bytes
) -> bytes:
    """What a seal signs and what the next seal chains to."""
    head = f"simpul-seal|{number}|{first_position}|{last_position}|".encode()
    return hashlib.sha256(head + root + previous).digest()
