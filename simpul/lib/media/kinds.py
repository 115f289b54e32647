"""The kinds of file we keep, how they are recognised, and every refusal with its sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

Kind = Literal["photo", "audio", "pdf"]


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that is safe to keep. ``width`` and ``height`` in pixels, ``duration`` in seconds, 0 where not apt.

    ``warnings`` are codes for the person who sent it: "cut_short", "pages", "first_frame".
    """

    kind: Kind
    mime: str
    data: bytes
    width: int = 0
    height: int = 0
    duration: float = 0.0
    pages: int = 0
    warnings: tuple[str, ...] = ()


class FileRefused(Refused):
    """A file that cannot be kept; each subclass says why."""

    code = "file.refused"
    sentence: Any = _("This file cannot be kept.")


class FileEmpty(FileRefused):
    """No bytes."""

    code = "file.empty"
    sentence = _("The file is empty. Please choose it again.")


class FileTooLarge(FileRefused):
    """More bytes than allowed."""

    code = "file.too_large"
    sentence = _("The file has %(size)s MB; at most %(limit)s MB are possible. Please send a smaller one.")


class FileTypeUnknown(FileRefused):
    """Not one of the kinds we keep."""

    code = "file.type_unknown"
    sentence = _(
        "This kind of file cannot be kept. Please send a photo (JPEG, PNG, WebP), a recording or a PDF."
    )


class FileTypeDiffers(FileRefused):
    """The name says one thing and the content another."""

    code = "file.type_differs"
    sentence = _(
        "The content of this file is not what its name says. Please send the original photo, recording or PDF."
    )


class PhotoTooLarge(FileRefused):
    """More pixels than can be read safely."""

    code = "file.too_many_pixels"
    sentence = _(
        "The photo has %(megapixels)s megapixels; at most %(limit)s are possible for this kind. "
        "Please send it in a smaller size or as an ordinary JPEG."
    )


class FileDamaged(FileRefused):
    """It begins like a known kind and cannot be read."""

    code = "file.damaged"
    sentence = _("The file is damaged and cannot be read. Please send it again, or take a new one.")


class RecordingTooLong(FileRefused):
    """The recording plays longer than allowed."""

    code = "file.recording_too_long"
    sentence = _("The recording is longer than %(limit)s minutes. Please send it in shorter parts.")


class VideoRefused(FileRefused):
    """Moving pictures."""

    code = "file.video"
    sentence = _("Videos cannot be kept. Please send a photo, or a recording of the voice only.")


class PdfLocked(FileRefused):
    """The PDF is encrypted."""

    code = "file.pdf_locked"
    sentence = _(
        "This PDF is protected with a password. Please send it without protection, or photograph the pages."
    )


class PdfTooLong(FileRefused):
    """More pages than allowed."""

    code = "file.pdf_too_long"
    sentence = _(
        "This PDF has %(pages)s pages; at most %(limit)s are possible. Please send only the pages that matter."
    )


# --- what is it ---

_NAMED: dict[str, Kind] = {
    **dict.fromkeys(
        ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "heic", "heif", "bmp", "tif", "tiff"), "photo"
    ),
    **dict.fromkeys(("ogg", "oga", "opus", "m4a", "aac", "mp3", "webm", "amr", "3gp", "wav", "mp4"), "audio"),
    "pdf": "pdf",
}
_MAGIC: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\xff\xd8\xff", "photo", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "photo", "PNG"),
    (b"GIF8", "photo", "GIF"),
    (b"OggS", "audio", "ogg"),
    (b"\x1aE\xdf\xa3", "audio", "matroska"),
    (b"ID3", "audio", "mp3"),
    (b"#!AMR", "audio", "amr"),
    (b"%PDF-", "pdf", "pdf"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"})


_UNREADABLE = frozenset({"heic", "heif", "bmp", "tif", "tiff"})
"""Pictures by name that we cannot read: the right sentence is "send a JPEG", not "the name is wrong"."""


def recognise(data: bytes) -> tuple[Kind, str] | None:
    """The kind and the reader (Pillow format or demuxer) by the first bytes, or ``None``."""
    head = data[:1024]
    for start, kind, reader in _MAGIC:
        if head.startswith(start):
            return kind, reader
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE"):
        return ("photo", "WEBP") if head[8:12] == b"WEBP" else ("audio", "wav")
    if head[4:8] == b"ftyp" and head[8:12] not in _HEIF_BRANDS:
        return "audio", "mov"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # the sync word of MPEG audio
        return "audio", "aac" if head[1] & 0x06 == 0 else "mp3"
    return ("pdf", "pdf") if b"%PDF-" in head else None


def agreed_kind(data: bytes, declared_name: str) -> tuple[Kind, str]:
    """The kind and the reader on which name and content agree. Raises ``FileTypeUnknown`` or ``FileTypeDiffers``.

    A name without an ending claims nothing ("Foto 12.11"). Among photos, and among recordings, any ending will do:
    telephones mix them up.
    """
    ending = re.search(r"\.([0-9]*[A-Za-z][A-Za-z0-9]{0,5})\s*$", declared_name)
    claimed = ending[1].lower() if ending else ""
    found = recognise(data)
    if found is None:
        honest = (
            claimed not in _NAMED or claimed in _UNREADABLE or data[4:8] == b"ftyp"
        )  # an iPhone's HEIC as .jpg
        raise FileTypeUnknown if honest else FileTypeDiffers
    if claimed and _NAMED.get(claimed) != found[0]:
        raise FileTypeDiffers
    return found
