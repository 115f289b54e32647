"""A child's growth chart as SVG: the lines and coloured bands of the card (KMS), the child's own line, marks of each weighing.

Colours are written as attributes of the drawing, not as styles, so that the chart is whole wherever it is put: page, paper or message.
The chart is one picture to a screen reader; the same figures stand in a table beside it, which is the page's work.
Bands: Buku KIA and Permenkes 2/2020. The red line of the card is drawn at -3 and the orange one at +1 (unconfirmed: copies differ).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from simpul.posyandu.rules.growth import curves

KINDS = ("waz", "haz", "whz", "baz", "hcz")
SPANS = tuple(curves.SPANS)
KINDS_OF_SPAN: Mapping[str, tuple[str, ...]] = {
    "0-24": KINDS,
    "24-60": KINDS,
    "60-228": ("baz", "haz", "waz"),
}

WIDTH, HEIGHT, HEIGHT_WITH_MARKS = 400, 338, 354
LEFT, RIGHT, TOP, BOTTOM = 30, 374, 8, 306
MARKS = 347
"""Where the letters of the weighings stand, below the axis."""
SHOWN_WIDTH = 600

RED, YELLOW, GREEN, LIGHT, ORANGE, BLUE = "#f9d3cf", "#fff0a0", "#b4e09a", "#d9f0c9", "#ffdcb0", "#d8e7f5"
INK, GRID, LINE = "#1d1d1b", "#ffffff", "#6f777b"
ALARM, WARN, MEDIAN, CHILD = "#c8102e", "#d9660a", "#1a6b2d", "#143a73"

BANDS: Mapping[str, tuple[tuple[float, float, str], ...]] = {
    "kms": (
        (-9, -3, RED),
        (-3, -2, YELLOW),
        (-2, -1, LIGHT),
        (-1, 1, GREEN),
        (1, 2, ORANGE),
        (2, 9, YELLOW),
    ),
    "haz": ((-9, -3, RED), (-3, -2, YELLOW), (-2, -1, LIGHT), (-1, 3, GREEN), (3, 9, BLUE)),
    "nutrition": (
        (-9, -3, RED),
        (-3, -2, YELLOW),
        (-2, 1, GREEN),
        (1, 2, YELLOW),
        (2, 3, ORANGE),
        (3, 9, RED),
    ),
    "youth": ((-9, -3, RED), (-3, -2, YELLOW), (-2, 1, GREEN), (1, 2, ORANGE), (2, 9, RED)),
    "head": ((-9, -2, YELLOW), (-2, 2, GREEN), (2, 9, YELLOW)),
}
"""Colour between two z-scores; the outermost reach to the edge of the paper (9)."""
LINES: Mapping[str, tuple[tuple[int, str, float], ...]] = {
    "kms": ((-3, ALARM, 2.4), (-2, LINE, 0.9), (-1, LINE, 0.6), (0, MEDIAN, 1.6), (1, WARN, 2.0), (2, LINE, 0.9), (3, LINE, 0.9)),
    "haz": ((-3, ALARM, 1.8), (-2, WARN, 1.4), (-1, LINE, 0.6), (0, MEDIAN, 1.6), (1, LINE, 0.6), (2, LINE, 0.6), (3, LINE, 0.9)),
    "nutrition": ((-3, ALARM, 1.8), (-2, WARN, 1.4), (-1, LINE, 0.6), (0, MEDIAN, 1.6), (1, WARN, 1.2), (2, WARN, 1.4), (3, ALARM, 1.8)),
    "youth": ((-3, ALARM, 1.8), (-2, WARN, 1.4), (-1, LINE, 0.6), (0, MEDIAN, 1.6), (1, WARN, 1.4), (2, ALARM, 1.8)),
    "head": ((-2, WARN, 1.4), (-1, LINE, 0.6), (0, MEDIAN, 1.6), (1, LINE, 0.6), (2, WARN, 1.4)),
}  # fmt: skip
"""A line's z-score, colour and width."""
_TONES = {"N": MEDIAN, "T": ALARM, "O": WARN, "B": CHILD}


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement. ``x`` is the age in months (days / 30.4375) or the length in cm, ``y`` the measure in kg, cm or kg/m²."""

    x: float
    y: float
    title: str
    """What is told when somebody points at it."""
    mark: str = ""
    """N, T, O or B."""
    grave: bool = False
    """Drawn as a square: the class of the day is a grave one, or below the red line."""
    joined: bool = True
    """Joined to the measurement before; false after a month without weighing (dashed)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is written on the chart, in the reader's language."""

    caption: str
    across: str
    up: str


def draw(kind: str, sex: str, span: str, points: Sequence[Point], words: Words) -> str:
    """The chart of one index (``KINDS``), "L" or "P", one part of childhood (``SPANS``). Points outside of it are left out.

    Raises:
        ValueError: there is no such chart.
    """
    if sex not in ("L", "P") or kind not in KINDS_OF_SPAN.get(span, ()):
        raise ValueError(f"no chart {kind} {sex} {span}")
    scale = _Scale(kind, sex, span, points)
    height = HEIGHT_WITH_MARKS if any(one.mark for one in scale.points) else HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{SHOWN_WIDTH}" role="img"',
        f' aria-label="{escape(words.caption)}" font-family="inherit" font-size="11" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_bands(scale),
        *_grid(scale),
        *_lines(scale),
        f'<rect x="{LEFT}" y="{TOP}" width="{RIGHT - LEFT}" height="{BOTTOM - TOP}" fill="none" stroke="{INK}"/>',
        *_child(scale),
        *_named(words),
        "</svg>",
    ]
    return "".join(parts)


class _Scale:
    """Where a value stands on the paper."""

    def __init__(self, kind: str, sex: str, span: str, points: Sequence[Point]) -> None:
        self.kind, self.sex, self.span = kind, sex, span
        self.style = (
            "kms" if kind == "waz" else "haz" if kind == "haz" else "head" if kind == "hcz" else "nutrition"
        )
        if span == "60-228" and kind == "baz":
            self.style = "youth"
        median = self.curve(0)
        self.first, self.last = median[0][0], median[-1][0]
        self.points = [one for one in points if self.first <= one.x <= self.last]
        low, high = (min(y for _x, y in self.curve(-3.6)), max(y for _x, y in self.curve(3.4)))
        found = [one.y for one in self.points]
        margin = (high - low) * 0.02
        self.bottom = max(0.0, min([low, *(y - margin for y in found)]))
        self.top = max([high, *(y + margin for y in found)])

    def curve(self, z: float) -> list[tuple[float, float]]:
        """Points of a line in the chart's units."""
        if self.kind == "whz":
            return curves.by_length(self.sex, self.span, z)
        return curves.by_age(self.kind, self.sex, self.span, z)

    def x(self, value: float) -> float:
        """Across."""
        return LEFT + (value - self.first) / (self.last - self.first) * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        """Down; what lies beyond the paper is drawn at its edge."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return BOTTOM - min(1.0, max(0.0, share)) * (BOTTOM - TOP)

    def path(self, line: Sequence[tuple[float, float]]) -> str:
        """``x,y`` pairs for a polyline."""
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line)


def _bands(scale: _Scale) -> Iterator[str]:
    floor, ceiling = ([(scale.first, y), (scale.last, y)] for y in (scale.bottom, scale.top))
    for low, high, colour in BANDS[scale.style]:
        below = floor if low == -9 else scale.curve(low)
        above = ceiling if high == 9 else scale.curve(high)
        yield f'<polygon fill="{colour}" points="{scale.path(below)} {scale.path(above[::-1])}"/>'


def _grid(scale: _Scale) -> Iterator[str]:
    years = scale.span == "60-228"
    across = 12 if years else _step(scale.last - scale.first, (5, 10) if scale.kind == "whz" else (3, 6))
    if scale.span == "0-24" and scale.kind != "whz":
        for month in range(1, 24):
            yield f'<path d="M{scale.x(month):.1f} {TOP}V{BOTTOM}" stroke="{GRID}" stroke-width=".35"/>'
    value = scale.first
    while value <= scale.last + 1e-9:
        x = scale.x(value)
        yield f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="{GRID}" stroke-width=".7"/>'
        text = f"{value / 12:.0f}" if years else f"{value:.0f}"
        yield f'<text x="{x:.1f}" y="{BOTTOM + 13}" text-anchor="middle">{text}</text>'
        value += across
    up = _step(scale.top - scale.bottom, (1, 2, 5, 10, 20))
    value = up * (int(scale.bottom / up) + 1)
    while value < scale.top:
        y = scale.y(value)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="{GRID}" stroke-width=".7"/>'
        if y > TOP + 14:  # the name of the axis stands above
            yield f'<text x="{LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">{value:.0f}</text>'
        value += up


def _step(length: float, steps: Sequence[int]) -> int:
    return next((step for step in steps if length / step <= 13), steps[-1])


def _lines(scale: _Scale) -> Iterator[str]:
    for z, colour, width in LINES[scale.style]:
        line = scale.curve(z)
        yield f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{scale.path(line)}"/>'
        text = f"{z:+d}".replace("-", "\N{MINUS SIGN}") if z else "0"
        yield f'<text x="{RIGHT + 3}" y="{scale.y(line[-1][1]) + 4:.1f}">{text}</text>'


def _child(scale: _Scale) -> Iterator[str]:
    """The child's line, its measurements and the letters of the weighings."""
    for before, now in pairwise(scale.points):
        dash = "" if now.joined else ' stroke-dasharray="4 3"'
        yield (
            f'<path d="M{scale.x(before.x):.1f} {scale.y(before.y):.1f}L{scale.x(now.x):.1f} {scale.y(now.y):.1f}" '
            f'stroke="{CHILD}" stroke-width="1.8"{dash}/>'
        )
    last_mark = -99.0
    for one in scale.points:
        x, y = scale.x(one.x), scale.y(one.y)
        title = f"<title>{escape(one.title)}</title>"
        if one.grave:
            yield (
                f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{ALARM}" stroke="#ffffff">'
                f"{title}</rect>"
            )
        else:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{CHILD}" stroke="#ffffff">{title}</circle>'
        if one.mark and x - last_mark >= 8:
            last_mark = x
            tone = _TONES.get(one.mark, INK)
            yield (
                f'<text x="{x:.1f}" y="{MARKS}" text-anchor="middle" font-weight="bold" fill="{tone}">'
                f"{escape(one.mark)}</text>"
            )


def _named(words: Words) -> Iterator[str]:
    yield f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 26}" text-anchor="middle">{escape(words.across)}</text>'
    yield f'<text x="{LEFT - 4}" y="{TOP + 9}" text-anchor="end" font-weight="bold">{escape(words.up)}</text>'
