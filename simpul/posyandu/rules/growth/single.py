"""Growth of one child on one day, by both methods: what a card stores and a screen shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from simpul.posyandu.rules.growth import ages, legal, reckon

_BY_MONTH = ("waz", "haz", "whz", "baz")
_TEXTS = tuple(legal.INDEX)
_SEXES = {"L": 0, "P": 1}
_POSITIONS = {"l": 1, "h": 2}


@dataclass(frozen=True, slots=True)
class Growth:
    """Scores in hundredths by both methods (``None`` where undefined), legal classes by each ("" where there is none), and marks."""

    age_days: int
    age_months: int
    day: Mapping[str, int | None]
    month: Mapping[str, int | None]
    classes: Mapping[str, str]
    """The legal ones: by completed months."""
    day_classes: Mapping[str, str]
    disagree: tuple[str, ...]
    """Classes that the two methods see differently."""
    flags: tuple[str, ...]
    bounds: str = ages.CURRENT.version


def flag_names(bits: int) -> tuple[str, ...]:
    """Marks of a row by name."""
    return tuple(name for name, bit in reckon.BIT.items() if bits & bit)


def one(
    *,
    sex: str,
    birth_date: date,
    measured_date: date,
    weight_g: int | None = None,
    height_mm: int | None = None,
    measured: str = "",
    oedema: bool = False,
    head_mm: int | None = None,
    muac_mm: int | None = None,
    bounds: ages.Bounds = ages.CURRENT,
) -> Growth:
    """Everything about one measurement. Both methods are two rows of the same work, so that there is one way to reckon.

    Adults are no mistake here: they get no scores and no mark. A birth after the measurement is marked and nothing else is said.
    """
    days = (measured_date - birth_date).days
    months = ages.completed_months(birth_date, measured_date)
    with np.errstate(all="ignore"):
        nothing = np.full(1, np.nan)
        aged = [
            reckon.ages_by_day(np.array([float(days)]), nothing, bounds),
            reckon.ages_by_month(nothing, np.array([float(months)])),
        ]
        found = reckon.core(
            np.full(2, _SEXES.get(sex, -1), dtype=np.int8),
            reckon.Ages(*(np.concatenate(column) for column in zip(*aged, strict=True))),
            _twice(weight_g, 1000),
            _twice(height_mm, 10),
            np.full(2, _POSITIONS.get(measured, 0), dtype=np.int8),
            np.array([oedema, oedema]),
            _twice(head_mm, 10),
            _twice(muac_mm, 10),
        )
    rows = {name: getattr(found, name).tolist() for name in (*reckon.INDICES, "child", "youth", "flags")}
    official, by_day = (
        {name: _class(rows, name, row) if months <= legal.LAST_CLASSED_MONTH else "" for name in _TEXTS}
        for row in (1, 0)
    )
    bits = (rows["flags"][0] | rows["flags"][1]) & ~reckon.BIT["too_old"]
    return Growth(
        age_days=days,
        age_months=months,
        day={name: _hundredths(rows[name][0]) for name in reckon.INDICES},
        month={name: _hundredths(rows[name][1]) for name in _BY_MONTH},
        classes=official,
        day_classes=by_day,
        disagree=tuple(
            name for name in _TEXTS if official[name] and by_day[name] and official[name] != by_day[name]
        ),
        flags=flag_names(bits),
        bounds=bounds.version,
    )


def _twice(value: int | None, parts: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(2, np.nan if value is None else value / parts)


def _hundredths(score: float) -> int | None:
    """Fits the column of a card: what is far beyond all plausible scores is kept at its end."""
    if math.isnan(score):
        return None
    return max(-32_000, min(32_000, round(score * 100)))


def _class(rows: Mapping[str, list[Any]], name: str, row: int) -> str:
    child, youth = rows["child"][row], rows["youth"][row]
    if not (child or (youth and name == "imt_u")):
        return ""
    labels = legal.CLASSES[name] if child else legal.YOUTH
    if rows["flags"][row] & reckon.BIT["oedema"] and name in legal.WEIGHT_BASED:
        return labels[0]
    score = rows[legal.INDEX[name]][row]
    return "" if math.isnan(score) else labels[legal.step(score)]
