"""A content as one frozen text: the same content gives the same text, any other content another one.

The text is canonical JSON: keys sorted, no blanks, whole numbers and texts only, everything in Unicode NFC. Its SHA-256 is printed on
papers (minutes, agreements, letters), so that paper and file can be compared years later by anybody.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any


def canonical(form: str, content: Any) -> str:
    """The text of a content (a dataclass, with others inside), with the name of its format among its keys.

    Raises:
        TypeError: a value that has no one spelling, such as a fraction or a date.
    """
    return json.dumps(
        _plain({"format": form, **asdict(content)}),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )


def digest(words: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal signs."""
    return hashlib.sha256(words.encode()).hexdigest()


def read(words: str) -> Mapping[str, Any]:
    """The content as it was frozen. Raises ``ValueError`` when the text is no JSON."""
    found: Mapping[str, Any] = json.loads(words)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} is no part of a frozen text")
