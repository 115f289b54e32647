"""The map of villages: points by their position where it is known, else a grid by sub-district. No tiles, no network.

Colour is never alone: every point has its name and, in words, how many months ago somebody was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.outreach.queries import contact

WIDTH, HEIGHT, EDGE = 1000, 620, 70
_COLUMNS, _STEP_X, _STEP_Y = 5, 205, 92


def tone(months: int | None) -> str:
    """good: met within three months; warn: within six; bad: longer ago, or never."""
    if months is None:
        return "bad"
    return "good" if months < 3 else ("warn" if months < 6 else "bad")


def since(months: int | None) -> str:
    """How long ago, in words."""
    if months is None:
        return _("never met")
    if months == 0:
        return _("this month")
    return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}


def villages(rows: Sequence[contact.PlaceContact], base: str) -> dict[str, Any]:
    """Points for the template: placed ones by latitude and longitude, the others in a grid under them."""
    placed = [one for one in rows if _position(one) is not None]
    unplaced = sorted((one for one in rows if _position(one) is None), key=lambda one: one.code)
    drawn = _by_position(placed) if len(placed) > 1 else {}
    if not drawn:
        unplaced = sorted(rows, key=lambda one: one.code)
    top = HEIGHT if drawn else 0
    points = [_point(one, *drawn[one.code], base) for one in placed if one.code in drawn]
    grid = [
        _point(one, EDGE + 18 + place % _COLUMNS * _STEP_X, top + 56 + place // _COLUMNS * _STEP_Y, base)
        for place, one in enumerate(unplaced)
    ]
    lines = -(-len(unplaced) // _COLUMNS)
    return {
        "points": _apart(points),
        "grid": grid,
        "width": WIDTH,
        "height": top + (lines * _STEP_Y + 40 if unplaced else 0) or 120,
        "real": bool(points),
        "line_y": top,
    }


def _position(one: contact.PlaceContact) -> tuple[float, float] | None:
    if one.region is None or one.region.latitude is None or one.region.longitude is None:
        return None
    return one.region.latitude, one.region.longitude


def _by_position(rows: Sequence[contact.PlaceContact]) -> dict[str, tuple[int, int]]:
    """North up, one scale for both directions (a degree of longitude shrinks with the latitude)."""
    known = {one.code: found for one in rows if (found := _position(one)) is not None}
    south, north = min(y for y, _x in known.values()), max(y for y, _x in known.values())
    shrink = cos(radians((south + north) / 2))
    west, east = min(x for _y, x in known.values()), max(x for _y, x in known.values())
    wide, high = (east - west) * shrink or 1e-6, (north - south) or 1e-6
    scale = min((WIDTH - 2 * EDGE - 100) / wide, (HEIGHT - 2 * EDGE) / high)
    left = (WIDTH - wide * scale) / 2
    upper = (HEIGHT - high * scale) / 2
    return {
        code: (round(left + (x - west) * shrink * scale), round(upper + (north - y) * scale))
        for code, (y, x) in known.items()
    }


def _point(one: contact.PlaceContact, x: int, y: int, base: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "label_y": y + 30,
        "since_y": y + 50,
        "name": one.region.name if one.region else one.name,  # short: "Desa" is said by the heading
        "since": since(one.months),
        "tone": tone(one.months),
        "sign": "!" if one.months is None else str(one.months),
        "sign_y": y + 6,
        "url": f"{base}&desa={one.code}#dusun",
    }


def _apart(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Labels of points that lie close together step aside: those lower down are moved until they can be read."""
    done: list[dict[str, Any]] = []
    for one in sorted(points, key=lambda point: (point["y"], point["x"])):
        for _again in range(6):
            near = [
                other
                for other in done
                if abs(other["x"] - one["x"]) < 130 and abs(other["y"] - one["y"]) < 66
            ]
            if not near:
                break
            step = 66 - (one["y"] - near[-1]["y"])
            for name in ("y", "label_y", "since_y", "sign_y"):
                one[name] += max(8, step)
        done.append(one)
    return done
