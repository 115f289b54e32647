"""The map of an area: its villages, kecamatan or posyandu as points, by position where it is known, else in a grid. No tiles, no network.

Colour is never alone: every point has its name and, in words, how many children were weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH, HEIGHT, EDGE = 1000, 560, 70
_COLUMNS, _STEP_X, _STEP_Y = 5, 190, 92
GOOD, FAIR = 800, 600
"""D/S in tenths of a percent: from here on good, from here on fair; the first is the usual target."""


@dataclass(frozen=True, slots=True)
class Place:
    """One point: its share of weighed children in tenths of a percent, None when it is hidden or there are none."""

    name: str
    words: str
    permille: int | None
    url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    band: int | None = None  # of a hidden share: 0 good, 1 fair, 2 less
    hidden: bool = False


def tone(permille: int | None, band: int | None = None) -> str:
    """good, warn, bad; "" when nothing can be told."""
    if permille is None:
        return "" if band is None else ("good", "warn", "bad")[band]
    return "good" if permille >= GOOD else "warn" if permille >= FAIR else "bad"


def drawn(places: Sequence[Place]) -> dict[str, Any]:
    """Points for the template: placed ones by their position, the others in a grid under them."""
    placed = [one for one in places if one.latitude is not None and one.longitude is not None]
    others = [one for one in places if one.latitude is None or one.longitude is None]
    top = HEIGHT if placed else 0
    points = _positions(placed) if placed else []
    for place, one in enumerate(others):
        x = EDGE + 50 + place % _COLUMNS * _STEP_X
        y = top + 50 + place // _COLUMNS * _STEP_Y
        points.append((one, x, y))
    lines = -(-len(others) // _COLUMNS)
    return {
        "points": [_point(*one) for one in _apart(points)],
        "width": WIDTH,
        "height": max((y for _one, _x, y in points), default=0) + 70 if placed or lines else 120,
        "real": bool(placed),
        "scheme": bool(others),
    }


def _positions(places: Sequence[Place]) -> list[tuple[Place, int, int]]:
    """North up, one scale for both directions (a degree of longitude shrinks with the latitude)."""
    known = [(one, one.latitude or 0.0, one.longitude or 0.0) for one in places]
    south, north = min(y for _one, y, _x in known), max(y for _one, y, _x in known)
    west, east = min(x for _one, _y, x in known), max(x for _one, _y, x in known)
    shrink = cos(radians((south + north) / 2))
    wide, high = (east - west) * shrink, north - south
    scale = min((WIDTH - 2 * EDGE - 100) / (wide or 1e-6), (HEIGHT - 2 * EDGE) / (high or 1e-6), 1e6)
    left, upper = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    return [
        (one, round(left + (x - west) * shrink * scale), round(upper + (north - y) * scale))
        for one, y, x in known
    ]


def _apart(points: Sequence[tuple[Place, int, int]]) -> list[tuple[Place, int, int]]:
    """Points that lie close together step aside downwards, so that every label can be read."""
    done: list[tuple[Place, int, int]] = []
    for one, x, wanted in sorted(points, key=lambda point: (point[2], point[1], point[0].name)):
        y = wanted
        while any(abs(x - other_x) < 130 and abs(y - other_y) < 66 for _other, other_x, other_y in done):
            y += 22
        done.append((one, x, y))
    return done


def _point(one: Place, x: int, y: int) -> dict[str, Any]:
    found = tone(one.permille, one.band)
    return {
        "x": x,
        "y": y,
        "label_y": y + 32,
        "words_y": y + 50,
        "sign_y": y + 6,
        "name": one.name,
        "words": one.words,
        "sign": {"good": "✓", "warn": "~", "bad": "!"}.get(found, "✱" if one.hidden else "–"),
        "tone": found or "none",
        "url": one.url,
    }
