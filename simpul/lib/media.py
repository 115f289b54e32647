"""What residents and officers attach: judged by its bytes, made anew without hidden data, in bounded memory.

Every photo is decoded and written again as JPEG of at most 1,280 pixels, every recording as Opus in Ogg (mono, 24 kbit/s),
every PDF page by page without scripts, embedded files, annotations and metadata. So nothing that was sent is ever served as
it came, and places and device names inside it are gone. The name a client gives is only compared with the content.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import av
import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageOps

from simpul.lib.errors import Refused

Kind = Literal["photo", "audio", "pdf"]

MAX_BYTES = 15 * 1024 * 1024
PHOTO_EDGE = 1280
"""Pixels on the longer side of a kept photo."""
JPEG_PIXELS = 100_000_000
"""A baseline JPEG is made smaller while it is read, so it may be this large."""
OTHER_PIXELS = 25_000_000
"""Other pictures, and progressive JPEG, are held whole in memory (about 100 MB at most)."""
AUDIO_SECONDS = 300
AUDIO_BITS = 24_000
PDF_PAGES = 50

Image.MAX_IMAGE_PIXELS = JPEG_PIXELS


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


# --- what is it -----------------------------------------------------------------------------------------------------

_NAMED: dict[str, Kind] = {
    **dict.fromkeys(
        ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "heic", "heif", "bmp", "tif", "tiff"), "photo"
    ),
    **dict.fromkeys(("ogg", "oga", "opus", "m4a", "aac", "mp3", "webm", "amr", "3gp", "wav", "mp4"), "audio"),
    "pdf": "pdf",
}  # type: ignore[dict-item]
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


def _recognise(data: bytes) -> tuple[Kind, str] | None:
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


def inspect_and_clean(
    data: bytes,
    declared_name: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_seconds: int = AUDIO_SECONDS,
    max_pages: int = PDF_PAGES,
) -> CleanFile:
    """Judge a file and make it anew.

    Raises one of the ``FileRefused`` subclasses above, each with its own sentence.
    """
    if not data:
        raise FileEmpty
    if len(data) > max_bytes:
        raise FileTooLarge(size=_megabytes(len(data)), limit=_megabytes(max_bytes))
    kind, reader = _agreed_kind(data, declared_name)
    if kind == "photo":
        return _clean_photo(data, reader)
    if kind == "audio":
        return _clean_audio(data, reader, max_seconds)
    return _clean_pdf(data, max_pages)


def _agreed_kind(data: bytes, declared_name: str) -> tuple[Kind, str]:
    ending = re.search(r"\.([A-Za-z0-9]{1,5})\s*$", declared_name)
    named = _NAMED.get(ending[1].lower()) if ending else None
    found = _recognise(data)
    if found is None or (ending and named is None):
        differs = (
            named is not None
            and data[4:8] != b"ftyp"
            and ending is not None
            and ending[1].lower() not in _UNREADABLE
        )
        raise FileTypeDiffers if differs else FileTypeUnknown
    if named is not None and named != found[0]:
        raise FileTypeDiffers
    return found


_UNREADABLE = frozenset({"heic", "heif", "bmp", "tif", "tiff"})
"""Pictures by name that we cannot read: the right sentence is "send a JPEG", not "the name is wrong"."""


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


# --- photos ---------------------------------------------------------------------------------------------------------

_PHOTO_FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, ZeroDivisionError)


def _clean_photo(data: bytes, reader: str) -> CleanFile:
    picture, warnings = _read_photo(data, reader)
    return CleanFile("photo", "image/jpeg", _jpeg(picture), picture.width, picture.height, warnings=warnings)


def _read_photo(data: bytes, reader: str) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode at a reduced size, upright, as plain RGB pixels. Only the header is read before the size is judged."""
    try:
        with Image.open(io.BytesIO(data), formats=[reader]) as source:
            _refuse_pixels(source, reader)
            warnings = ("first_frame",) if getattr(source, "n_frames", 1) > 1 and reader != "JPEG" else ()
            source.thumbnail((PHOTO_EDGE, PHOTO_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            upright = ImageOps.exif_transpose(source)
            return _plain_pixels(upright), warnings
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoTooLarge(megapixels=f">{JPEG_PIXELS // 1_000_000}", limit=_limit(reader, False)) from None
    except _PHOTO_FAULTS as fault:
        raise FileDamaged from fault


def _refuse_pixels(source: Image.Image, reader: str) -> None:
    pixels = source.width * source.height
    progressive = bool(source.info.get("progressive"))
    limit = JPEG_PIXELS if reader == "JPEG" and not progressive else OTHER_PIXELS
    if pixels > limit:
        raise PhotoTooLarge(megapixels=round(pixels / 1_000_000), limit=_limit(reader, progressive))


def _limit(reader: str, progressive: bool) -> int:
    return (JPEG_PIXELS if reader == "JPEG" and not progressive else OTHER_PIXELS) // 1_000_000


def _plain_pixels(picture: Image.Image) -> Image.Image:
    """The pixels alone, on white where they were transparent: no EXIF, place, comment or colour profile goes along."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, "white")
        plain.paste(layered, mask=layered.getchannel("A"))
        return plain
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80, optimize=True)
    return target.getvalue()


def black_out(photo: bytes, boxes: Iterable[tuple[float, float, float, float]]) -> bytes:
    """Cover parts of a kept photo with black, for good: the pixels below are gone from the returned JPEG.

    Each box is (left, top, right, bottom) as fractions of width and height, 0 to 1, in any order of corners. Raises
    ``FileDamaged`` when the photo cannot be read and ``ValueError`` for a box that is not four finite numbers.
    """
    found = _recognise(photo)
    if found is None or found[0] != "photo":
        raise FileDamaged
    picture, _warnings = _read_photo(photo, found[1])
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        across = sorted(_pixel(part, picture.width) for part in (left, right))
        down = sorted(_pixel(part, picture.height) for part in (top, bottom))
        pen.rectangle((across[0] - 1, down[0] - 1, across[1] + 1, down[1] + 1), fill="black")
    return _jpeg(picture)


def _pixel(part: float, length: int) -> int:
    if not 0 * part == 0:  # NaN and infinities
        raise ValueError("a box has four finite numbers")
    return round(min(max(part, 0.0), 1.0) * length)


# --- recordings -----------------------------------------------------------------------------------------------------


def _clean_audio(data: bytes, reader: str, max_seconds: int) -> CleanFile:
    """Decode packet by packet and encode again; at no time more than one packet is held decoded.

    The demuxer is named, so that a playlist dressed as sound cannot make the reader open other files or addresses.
    """
    target = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), format=reader, metadata_errors="replace") as source:
            _refuse_video(source)
            with av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as sink:
                seconds, whole = _transcode(source, sink, max_seconds)
    except (av.FFmpegError, ValueError, IndexError, EOFError) as fault:
        raise FileDamaged from fault
    if seconds <= 0:
        raise FileDamaged
    warnings = () if whole else ("cut_short",)
    return CleanFile("audio", "audio/ogg", target.getvalue(), duration=round(seconds, 1), warnings=warnings)


def _refuse_video(source: Any) -> None:
    moving = [
        stream
        for stream in source.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if moving:
        raise VideoRefused
    if not source.streams.audio:
        raise FileDamaged


def _transcode(source: Any, sink: Any, max_seconds: int) -> tuple[float, bool]:
    """Move the sound over; the seconds moved, and whether the end was reached undamaged."""
    voice = sink.add_stream("libopus", rate=48_000, layout="mono", options={"application": "voip"})
    voice.bit_rate = AUDIO_BITS
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
    samples, whole = 0, True
    frames = source.decode(source.streams.audio[0])
    while True:
        try:
            frame = next(frames, None)
        except av.FFmpegError:
            frame, whole = None, False
        for piece in resampler.resample(frame):
            samples += piece.samples
            if samples > max_seconds * 48_000:
                raise RecordingTooLong(limit=f"{max_seconds / 60:g}")
            piece.pts = None
            sink.mux(voice.encode(piece))
        if frame is None:
            break
    if samples:
        sink.mux(voice.encode(None))
    return samples / 48_000, whole


# --- PDF ------------------------------------------------------------------------------------------------------------

_PDF_FAULTS = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    RecursionError,
)
_PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group"}
)
_HIDDEN_KEYS = (
    "/Metadata",
    "/PieceInfo",
    "/AA",
    "/A",
    "/AF",
    "/EF",
    "/JS",
    "/OpenAction",
    "/LastModified",
    "/StructParents",
)


def _clean_pdf(data: bytes, max_pages: int) -> CleanFile:
    try:
        with pikepdf.open(io.BytesIO(data)) as source:
            if source.is_encrypted:
                raise PdfLocked
            pages = len(source.pages)
            if pages > max_pages:
                raise PdfTooLong(pages=pages, limit=max_pages)
            if pages == 0:
                raise FileDamaged
            return CleanFile("pdf", "application/pdf", _pages_alone(source), pages=pages)
    except pikepdf.PasswordError:
        raise PdfLocked from None
    except _PDF_FAULTS as fault:
        raise FileDamaged from fault


def _pages_alone(source: pikepdf.Pdf) -> bytes:
    """Only what is drawn: filled-in forms are drawn first, then pages move into a new file without anything else."""
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    with pikepdf.new() as plain:
        for page in source.pages:
            for key in list(page.obj.keys()):
                if key not in _PAGE_KEYS:
                    del page.obj[key]
        plain.pages.extend(source.pages)
        plain.remove_unreferenced_resources()
        for thing in plain.objects:
            _strip(thing)
        target = io.BytesIO()
        plain.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()


def _strip(thing: Any) -> None:
    """Remove hidden keys of one object, and the camera's notes inside an embedded JPEG."""
    if isinstance(thing, pikepdf.Stream):
        for key in _HIDDEN_KEYS:
            if key in thing:
                del thing[key]
        if thing.get("/Filter") in (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode])):
            thing.write(without_camera_notes(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
    elif isinstance(thing, pikepdf.Dictionary):
        for key in _HIDDEN_KEYS:
            if key in thing:
                del thing[key]


_NOTE_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})  # EXIF and XMP, Photoshop, comment


def without_camera_notes(jpeg: bytes) -> bytes:
    """A JPEG without its EXIF, XMP, IPTC and comment segments, pixels untouched."""
    kept, place = bytearray(jpeg[:2]), 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] not in (0xDA, 0xD9):
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if jpeg[place + 1] not in _NOTE_SEGMENTS:
            kept += jpeg[place:end]
        place = end
    return bytes(kept) + jpeg[place:]


Cleaner = Callable[[bytes, str], CleanFile]
