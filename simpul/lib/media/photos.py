"""Photos: decoded in bounded memory, made upright and small, written again as plain JPEG."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable

from PIL import Image, ImageDraw

from simpul.lib.media import kinds

PHOTO_EDGE = 1280
"""Pixels on the longer side of a kept photo."""
JPEG_PIXELS = 100_000_000
"""A baseline JPEG is made smaller while it is read, so it may be this large."""
OTHER_PIXELS = 25_000_000
"""Other pictures, and progressive JPEG, are held whole in memory (about 100 MB at most)."""

Image.MAX_IMAGE_PIXELS = JPEG_PIXELS

_PHOTO_FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, ZeroDivisionError)


def clean_photo(data: bytes, reader: str) -> kinds.CleanFile:
    """A JPEG without hidden data. Raises ``PhotoTooLarge`` or ``FileDamaged``."""
    picture, warnings = _read_photo(data, reader)
    return kinds.CleanFile(
        "photo", "image/jpeg", _jpeg(picture), picture.width, picture.height, warnings=warnings
    )


def _read_photo(data: bytes, reader: str) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode at a reduced size, upright, as plain RGB pixels. Only the header is read before the size is judged."""
    try:
        with Image.open(io.BytesIO(data), formats=[reader]) as source:
            _refuse_pixels(source, reader)
            warnings = ("first_frame",) if getattr(source, "n_frames", 1) > 1 and reader != "JPEG" else ()
            source.thumbnail((PHOTO_EDGE, PHOTO_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            turn = _TURNS.get(_orientation(source))
            return _plain_pixels(source.transpose(turn) if turn is not None else source), warnings
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise kinds.PhotoTooLarge(
            megapixels=f">{JPEG_PIXELS // 1_000_000}", limit=_limit(reader, False)
        ) from None
    except _PHOTO_FAULTS as fault:
        raise kinds.FileDamaged from fault


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(source: Image.Image) -> int:
    """How the camera was held. Spoilt notes cost the turn, not the photo (Pillow's own helper rewrites them all)."""
    try:
        return int(source.getexif().get(0x0112, 1))
    except (*_PHOTO_FAULTS, TypeError, KeyError):
        return 1


def _refuse_pixels(source: Image.Image, reader: str) -> None:
    pixels = source.width * source.height
    progressive = bool(source.info.get("progressive"))
    limit = JPEG_PIXELS if reader == "JPEG" and not progressive else OTHER_PIXELS
    if pixels > limit:
        raise kinds.PhotoTooLarge(megapixels=round(pixels / 1_000_000), limit=_limit(reader, progressive))


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
    found = kinds.recognise(photo)
    if found is None or found[0] != "photo":
        raise kinds.FileDamaged
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
