"""What residents and officers attach: judged by its bytes, made anew without hidden data, in bounded memory.

Every photo is decoded and written again as JPEG of at most 1,280 pixels, every recording as Opus in Ogg (mono, 24 kbit/s),
every PDF page by page without scripts, embedded files, annotations and metadata. So nothing that was sent is ever served as
it came, and places and device names inside it are gone. The name a client gives is only compared with the content.
"""

from __future__ import annotations

from simpul.lib.media import kinds, papers, photos, recordings
from simpul.lib.media.kinds import (
    CleanFile,
    FileDamaged,
    FileEmpty,
    FileRefused,
    FileTooLarge,
    FileTypeDiffers,
    FileTypeUnknown,
    PdfLocked,
    PdfTooLong,
    PhotoTooLarge,
    RecordingTooLong,
    VideoRefused,
)
from simpul.lib.media.photos import black_out

__all__ = [
    "CleanFile",
    "FileDamaged",
    "FileEmpty",
    "FileRefused",
    "FileTooLarge",
    "FileTypeDiffers",
    "FileTypeUnknown",
    "PdfLocked",
    "PdfTooLong",
    "PhotoTooLarge",
    "RecordingTooLong",
    "VideoRefused",
    "black_out",
    "inspect_and_clean",
]

MAX_BYTES = 15 * 1024 * 1024


def inspect_and_clean(
    data: bytes,
    declared_name: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_seconds: int = recordings.AUDIO_SECONDS,
    max_pages: int = papers.PDF_PAGES,
) -> CleanFile:
    """Judge a file and make it anew.

    Raises one of the ``FileRefused`` subclasses above, each with its own sentence.
    """
    if not data:
        raise FileEmpty
    if len(data) > max_bytes:
        raise FileTooLarge(size=_megabytes(len(data)), limit=_megabytes(max_bytes))
    kind, reader = kinds.agreed_kind(data, declared_name)
    if kind == "photo":
        return photos.clean_photo(data, reader)
    if kind == "audio":
        return recordings.clean_audio(data, reader, max_seconds)
    return papers.clean_pdf(data, max_pages)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")
