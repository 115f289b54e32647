"""One spelling for every value, so that two programs hash the same bytes.

JSON as RFC 8785 (JCS) spells it, of a smaller set of values: text, whole numbers of at most 53 bits, yes, no, null, lists, and
objects whose keys are ASCII. There are no fractions: coordinates are microdegrees, areas square decimetres, weights grams. Text is
well-formed Unicode.
"""

from __future__ import annotations

import base64
import json
from typing import Any

LARGEST = 2**53 - 1


class NotCanonical(ValueError):  # noqa: N818 - it is a fact about a value, said to a program
    """A value that the two sides would not spell alike."""


def canonical(value: Any) -> bytes:
    """The bytes of a value.

    Raises:
        NotCanonical: fractions, numbers above 53 bits, broken text, keys that are not ASCII, other types.
    """
    check(value)
    return spelled(value)


def spelled(value: Any) -> bytes:
    """The bytes of a value that ``check`` has passed already."""
    return _SPELLER.encode(value).encode()


_SPELLER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check(value: Any) -> None:
    """Let a value pass that both sides spell alike.

    Raises:
        NotCanonical: as ``canonical``.
    """
    _check(value, 0)


def _check(value: Any, depth: int) -> None:
    if depth > 32:
        raise NotCanonical("too deep")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical("a number of more than 53 bits")
    elif isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise NotCanonical("broken text")
    elif isinstance(value, list):
        for one in value:
            _check(one, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical("a key that is not ASCII")
            _check(one, depth + 1)
    else:
        raise NotCanonical(f"a value of type {type(value).__name__}")


def b64(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(words: str) -> bytes:
    """The bytes again.

    Raises:
        ValueError: no base64url.
    """
    if type(words) is not str or not words.isascii() or "+" in words or "/" in words:
        raise ValueError("no base64url")
    return base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)
