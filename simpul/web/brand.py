"""The institution's colour, and the one stylesheet each door needs.

A page may not carry inline styles, and a phone on 2G should wait for one stylesheet, not three. So the colours, the
compiled form parts and our own rules are joined into one text per door, addressed by what is in it: the address
changes when the colour or the code does, and a browser may keep the text for a year. The colour is part of the
address, so serving it asks no table.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from simpul.web import policy

_STATIC = Path(__file__).resolve().parent.parent / "static"
_FORM_PARTS = "vendor/govuk-frontend/6.6.0/simpul.min.css"

SHEETS: dict[str, tuple[str, ...]] = {
    "public": (_FORM_PARTS, "css/public.css", "css/print.css"),
    "desk": ("css/desk.css", "css/meetings.css", "css/kis.css", "css/trips.css", "css/print.css"),
}
"""The files that make each door's stylesheet, in order."""

PAPER = "#ffffff"
INK = "#1c1b18"
DEFAULT_COLOUR = "#0b4a57"


# --- Colour ---------------------------------------------------------------------------------------------------------


def read_colour(text: str) -> str:
    """The colour as "#rrggbb"; the product's own when ``text`` is not one."""
    line = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", line):
        line = "#" + "".join(mark * 2 for mark in line[1:])
    return line if re.fullmatch(r"#[0-9a-f]{6}", line) else DEFAULT_COLOUR


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """White or near-black, whichever is easier to read on ``colour``."""
    return max((PAPER, INK), key=lambda ink: contrast(colour, ink))


def readable(colour: str, ratio: float = 7.0) -> str:
    """``colour`` darkened just until it can be read on our paper (for links, headings and buttons)."""
    for share in range(0, 101, 4):
        darker = mix(colour, "#000000", share / 100)
        if contrast(darker, "#f7f3ea") >= ratio:
            return darker
    return "#000000"


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of ``other`` stirred in."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colour_properties(colour: str) -> str:
    """The custom properties that carry the institution's colour to every rule."""
    strong = readable(colour)
    values = {
        "brand": colour,
        "brand-ink": ink_on(colour),
        "brand-text": strong,
        "brand-dark": mix(strong, "#000000", 0.35),
        "brand-soft": mix(colour, "#ffffff", 0.9),
        "brand-line": mix(colour, "#ffffff", 0.62),
    }
    return ":root{" + "".join(f"--{name}:{value};" for name, value in values.items()) + "}\n"


# --- The stylesheet -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _sheet(door: str, colour: str, _stamp: tuple[int, ...]) -> tuple[str, bytes, bytes]:
    """(digest, text, gzipped text) of one door in one colour. ``_stamp`` only makes an edited file a new entry."""
    parts = [
        colour_properties(colour),
        *((_STATIC / name).read_text(encoding="utf-8") for name in SHEETS[door]),
    ]
    text = _squeezed("".join(parts)).encode()
    return hashlib.sha256(text).hexdigest()[:12], text, gzip.compress(text, 9, mtime=0)


def _squeezed(text: str) -> str:
    """Without comments and the white space between rules; never inside a string or a selector's blanks."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", text)


def _made(door: str, colour: str) -> tuple[str, bytes, bytes]:
    stamp = tuple((_STATIC / name).stat().st_mtime_ns for name in SHEETS[door]) if settings.DEBUG else ()
    return _sheet(door, colour, stamp)


def stylesheet_url(door: str, colour: str) -> str:
    """The address of a door's stylesheet in this colour; it changes with every change of content."""
    colour = read_colour(colour)
    digest = _made(door, colour)[0]
    try:
        return reverse("stylesheet", kwargs={"door": door, "colour": colour[1:], "digest": digest})
    except NoReverseMatch:
        return f"/gaya/{door}-{colour[1:]}-{digest}.css"


@policy.public
def stylesheet(request: HttpRequest, door: str, colour: str, digest: str) -> HttpResponse:
    """One door's stylesheet. Kept for a year under its own digest; an old address gets today's text, kept shortly."""
    if door not in SHEETS:
        raise Http404
    now, text, zipped = _made(door, read_colour(f"#{colour}"))
    etag = f'"{now}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        answer = HttpResponse(zipped if packed else text, content_type="text/css; charset=utf-8")
        if packed:
            answer["Content-Encoding"] = "gzip"
        answer["Content-Length"] = str(len(answer.content))
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if digest == now else "public, max-age=60"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


urlpatterns = [
    path("gaya/<slug:door>-<slug:colour>-<slug:digest>.css", stylesheet, name="stylesheet"),
]
"""Included at the root of the site; open to everybody, holds no data."""
