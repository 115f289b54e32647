"""Drawn pictures and a hummed tone instead of real photos and voices: nobody's house, face or number is in the sample."""

from __future__ import annotations

import io
import math
import struct
import wave

from PIL import Image, ImageDraw

from simpul.lib import media

_SIZE = (960, 720)
_SKY, _GRASS, _WALL, _ROOF, _WOOD, _WATER, _ROAD = (
    "#cfe6f2",
    "#8fb573",
    "#efe2c6",
    "#a8553a",
    "#7a5230",
    "#6fa9c9",
    "#8a8a86",
)


def _scene() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 380), (220, 210), (430, 360), (640, 180), (960, 370), (960, 720), (0, 720)], fill="#7f9f8c"
    )
    draw.rectangle((0, 430, 960, 720), fill=_GRASS)
    return picture, draw


def _house(draw: ImageDraw.ImageDraw, left: int, top: int, *, broken: bool = False) -> None:
    for post in (left + 20, left + 130, left + 240):
        draw.rectangle((post, top + 190, post + 16, top + 270), fill=_WOOD)
    draw.rectangle((left, top + 80, left + 280, top + 200), fill=_WALL)
    draw.polygon([(left - 24, top + 84), (left + 140, top), (left + 304, top + 84)], fill=_ROOF)
    draw.rectangle((left + 112, top + 116, left + 168, top + 200), fill=_WOOD)
    draw.rectangle((left + 24, top + 112, left + 84, top + 154), fill=_SKY)
    if broken:
        draw.polygon([(left + 170, top + 18), (left + 250, top + 62), (left + 196, top + 70)], fill="#3b3b3b")


def _box(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    draw.rectangle((left, top, left + 150, top + 100), fill="#c79a5b", outline="#7b5a2b", width=4)
    draw.line((left, top + 34, left + 150, top + 34), fill="#7b5a2b", width=3)
    draw.rectangle((left + 52, top + 46, left + 98, top + 84), fill="#f4f1e6")


def _aid_box(draw: ImageDraw.ImageDraw) -> None:
    _house(draw, 120, 250)
    for place in ((520, 560), (690, 560), (600, 460)):
        _box(draw, *place)


def _leaking_house(draw: ImageDraw.ImageDraw) -> None:
    _house(draw, 330, 260, broken=True)
    for drop in range(0, 960, 60):
        draw.line((drop, 20, drop - 14, 70), fill=_WATER, width=4)


def _dry_tap(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((420, 300, 460, 620), fill="#9aa3a8")
    draw.rectangle((420, 300, 560, 336), fill="#9aa3a8")
    draw.rectangle((540, 320, 572, 372), fill="#7c868b")
    draw.ellipse((490, 590, 640, 650), fill="#5f6d74")


def _road(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(380, 430), (580, 430), (900, 720), (60, 720)], fill=_ROAD)
    for hole in ((420, 560, 560, 610), (300, 640, 470, 700), (560, 480, 640, 510)):
        draw.ellipse(hole, fill="#4d4a45")


def _lamp(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 960, 720), fill="#1d2733")
    draw.rectangle((470, 140, 488, 700), fill="#5a646e")
    draw.line((478, 150, 620, 120), fill="#5a646e", width=14)
    draw.ellipse((600, 100, 660, 140), fill="#39424b")


def _drain(draw: ImageDraw.ImageDraw) -> None:
    _house(draw, 560, 240)
    draw.polygon([(120, 430), (300, 430), (520, 720), (60, 720)], fill="#6f7d63")
    for scrap in ((170, 500), (230, 580), (320, 650), (200, 660)):
        draw.rectangle((*scrap, scrap[0] + 46, scrap[1] + 30), fill="#d8d2c2")


_DRAWERS = {
    "aid_box": _aid_box,
    "leaking_house": _leaking_house,
    "dry_tap": _dry_tap,
    "road": _road,
    "lamp": _lamp,
    "drain": _drain,
}


def photos() -> dict[str, media.CleanFile]:
    """The drawn scenes by name, judged and made anew like any photo that comes in."""
    made = {}
    for name, drawer in _DRAWERS.items():
        picture, draw = _scene()
        drawer(draw)
        draw.text((16, 696), "gambar contoh, bukan foto", fill="#ffffff")
        made[name] = media.inspect_and_clean(_jpeg(picture), f"{name}.jpg")
    return made


def _jpeg(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=82)
    return target.getvalue()


def voice_note(seconds: float = 2.5) -> bytes:
    """A hummed tone as a WAV file, in place of a voice."""
    rate = 16_000
    steps = range(int(rate * seconds))
    samples = (
        int(7000 * math.sin(2 * math.pi * (180 + 40 * math.sin(step / 4000)) * step / rate)) for step in steps
    )
    target = io.BytesIO()
    with wave.open(target, "wb") as sink:
        sink.setnchannels(1)
        sink.setsampwidth(2)
        sink.setframerate(rate)
        sink.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return target.getvalue()


def emblem() -> bytes:
    """A plain knot (simpul) as the emblem of the sample institution: no coat of arms of anybody."""
    picture = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, 248, 248), fill="#0b4f6c")
    draw.arc((56, 76, 156, 180), 0, 360, fill="#ffffff", width=18)
    draw.arc((100, 76, 200, 180), 0, 360, fill="#ffd166", width=18)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
