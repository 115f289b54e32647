"""JSON of providers, safe to keep: no sign in it that a database cannot hold, and no shape of it that can stop a reader."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simpul.messages.transports.incoming import Unreadable

DEEPEST = 40
"""Levels of JSON that are kept; no provider sends half of it."""

_BAD_SIGNS = re.compile("[\x00\ud800-\udfff]")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def parsed(body: bytes) -> Any:
    """What the bytes say, without NUL, lone surrogates and infinite numbers, which PostgreSQL cannot keep.

    Raises:
        Unreadable: no JSON in UTF-8, or nested too deep.
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        return _plain(found, 0)
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except RecursionError:
        raise Unreadable("nested too deep") from None
    except ValueError:
        raise Unreadable("not JSON") from None


def _no_number(word: str) -> None:
    raise ValueError(word)


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unreadable("nested too deep")
    if isinstance(value, str):
        return _BAD_SIGNS.sub("\ufffd", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_BAD_SIGNS.sub("\ufffd", key): _plain(item, depth + 1) for key, item in value.items()}
    return value


def group(value: Any, *names: str) -> dict[str, Any]:
    """The object at a path of names; an empty one when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: Any, name: str) -> list[Any]:
    """The list under a name; an empty one when there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def word(value: Any, *names: str) -> str:
    """The text (or number, as text) at a path of names; "" when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value) if isinstance(value, str) or abs(value) < 1e30 else ""


def whole(value: Any) -> int | None:
    """A whole number from 0 to two thousand million; None for anything else."""
    text = word({"value": value}, "value")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31 else None


def moment(value: Any) -> datetime | None:
    """Seconds since 1970, as a number or its text; None for anything else."""
    text = word({"value": value}, "value")
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def sha256(text: str) -> str:
    """A SHA-256 in hex, from hex or base64 (providers use both); "" for anything else."""
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def canonical(value: Any) -> str:
    """The same text for the same JSON, whatever the order of its names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something; False and 0 do."""
    return {name: value for name, value in values.items() if value not in ("", None, {}, [])}
