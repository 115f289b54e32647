"""Files of messages: how large they may be, how often they are asked for, and when a name is right.

Sources: WhatsApp Cloud API, supported media types (image 5 MB, audio and video 16 MB, document 100 MB, sticker 500 KB) and media
ids of webhooks, which expire after 7 days (both confirmed); Telegram Bot API, getFile (20 MB; confirmed). We take less of a
document than WhatsApp does: what comes through a village's line is read by people, not archived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

MEGABYTE = 1024 * 1024

LARGEST: Mapping[str, int] = {
    "image": 10 * MEGABYTE,
    "sticker": 1 * MEGABYTE,
    "voice": 16 * MEGABYTE,
    "audio": 16 * MEGABYTE,
    "video": 16 * MEGABYTE,
    "document": 10 * MEGABYTE,
}
"""Bytes of a file that are fetched, by its kind; any other kind as a document."""

NOT_FETCHED = frozenset({"video"})
"""Kinds that are refused unseen: moving pictures are not kept (``lib.media``), and cost a village's line minutes each."""

FETCH_AGAIN: Sequence[timedelta] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    *(timedelta(hours=24),) * 5,
)
"""How long a file waits after its first, second, ... failure: the last try comes before its id expires (7 days)."""

CLAIM_LASTS = timedelta(minutes=10)
"""A claim older than this belongs to a worker that died; far above any fetch's own time-out."""

_ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heic",
    "audio/ogg": "ogg",
    "audio/opus": "opus",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "application/pdf": "pdf",
}


def most_bytes(kind: str) -> int:
    """How many bytes of a file of this kind are fetched."""
    return LARGEST.get(kind, LARGEST["document"])


def claimed_name(name: str, mime: str) -> str:
    """The name by which a file claims to be something: its own when it has an ending, else what its media type says."""
    if "." in name.strip(" ."):
        return name
    ending = _ENDINGS.get(mime.partition(";")[0].strip().lower())
    return f"file.{ending}" if ending else name


def is_as_announced(data: bytes, sha256: str) -> bool:
    """True when the bytes have the hash that the provider announced, or when it announced none."""
    return not sha256 or hashlib.sha256(data).hexdigest() == sha256.lower()


def next_fetch(tries: int) -> timedelta | None:
    """How long a file waits that failed ``tries`` times (1 or more); None: it is not asked for any more."""
    return FETCH_AGAIN[tries - 1] if tries <= len(FETCH_AGAIN) else None
