"""Values on a chart's lines: the measure that has a given z-score at an age or a length."""

from __future__ import annotations

from simpul.posyandu.rules.growth import ages, tables

TABLE = {"waz": "weight", "haz": "length", "baz": "bmi", "hcz": "head", "acz": "arm"}
SPANS = {"0-24": (0, 24), "24-60": (24, 60), "60-228": (60, 228)}
"""Parts of childhood that have a chart of their own, in months."""


def value(l: float, m: float, s: float, z: float) -> float:  # noqa: E741 - WHO's letters
    """The measure at z standard deviations by WHO's formula; L is never nought in the rows of the tables."""
    return float(m * (1 + l * s * z) ** (1 / l))


def by_age(index: str, sex: str, span: str, z: float) -> list[tuple[float, float]]:
    """Points (months, value) of one line. At 24 months the first part ends lying and the second begins standing."""
    place = "LP".index(sex)
    first, last = SPANS[span]
    found = []
    if span == "60-228":
        table = tables.tables().youth[TABLE[index]]
        last = min(last, 120) if index == "waz" else last
        places = [(month, month - tables.YOUTH_FROM) for month in range(first, last + 1, 3)]
    else:
        table = tables.tables().child[TABLE[index]]
        places = [(month, _day(month, span)) for month in range(first, last + 1)]
    for month, at in places:
        row = place * table.rows + at
        found.append((float(month), value(table.l[row], table.m[row], table.s[row], z)))
    return found


def _day(month: int, span: str) -> int:
    day = int(month * ages.DAYS_OF_MONTH + 0.5)
    if month == 24:
        return ages.STANDING_FROM_DAYS - (span == "0-24")
    return min(day, tables.LAST_DAY)


def by_length(sex: str, span: str, z: float) -> list[tuple[float, float]]:
    """Points (cm, kg) of one line of weight by length (to 24 months) or height."""
    table = tables.tables().by_length
    lying = span == "0-24"
    first, last, start = (
        (tables.LYING_FROM, tables.LYING_TO, 0)
        if lying
        else (tables.STANDING_FROM, tables.STANDING_TO, tables.STANDING_0)
    )
    found = []
    for tenth in range(first, last + 1, 10):
        row = "LP".index(sex) * table.rows + start + tenth - first
        found.append((tenth / 10, value(table.l[row], table.m[row], table.s[row], z)))
    return found
