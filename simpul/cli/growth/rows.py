"""A piece of the list: its cells become columns of numbers, and the columns the answers of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simpul.cli.growth import cells
from simpul.posyandu.rules import growth
from simpul.posyandu.rules.growth.legal import LAST_CLASSED_MONTH

BY_DAY = growth.INDICES
BY_MONTH = ("waz", "haz", "whz", "baz")
ADDED = (*BY_DAY, *(f"{name}_m" for name in BY_MONTH), *growth.INDEX, "flags")
UNLIKELY = {
    "weight_looks_like_grams": ("weight_kg", 300, np.inf),
    "length_looks_like_mm": ("length_cm", 300, np.inf),
    "length_looks_like_metres": ("length_cm", 0, 2.5),
    "head_looks_like_mm": ("head_cm", 100, np.inf),
    "muac_looks_like_mm": ("muac_cm", 60, np.inf),
}
"""A question to whoever wrote it, never mended: the field, and between what it asks."""
_NONE = -(1 << 31)
_Column = NDArray[np.float64]


class _Texts(dict[int, str]):
    """Hundredths -> text with two decimals."""

    def __missing__(self, hundredths: int) -> str:
        text = self[hundredths] = "" if hundredths == _NONE else f"{hundredths / 100:.2f}"
        return text


class Work:
    """Answers rows, piece by piece, and counts."""

    def __init__(self, places: Mapping[str, int], bounds: growth.Bounds) -> None:
        self.places = places
        self.bounds = bounds
        self.rows = 0
        self.scored: Counter[str] = Counter()
        self.classes: dict[str, Counter[str]] = {name: Counter() for name in growth.INDEX}
        self.flags: Counter[str] = Counter()
        self._readers = cells.readers()
        self._texts = _Texts()

    def answer(self, rows: Sequence[Sequence[str]], marks: Sequence[str]) -> list[tuple[str, ...]]:
        """The cells to add to each row. ``marks`` says of each what was wrong with the line itself ("" when nothing was)."""
        known, bad = self._read(rows)
        slipped = np.array([mark == "too_many_cells" for mark in marks], dtype=bool)
        if slipped.any():  # its columns have moved: nothing in it can be trusted
            for name, values in known.items():
                values[slipped] = -1 if name == "sex" else 0 if name in ("measured", "oedema") else np.nan
        days, months, differ = _ages(known)
        oedema = known["oedema"] == 1
        shared: dict[str, Any] = {
            "sex": known["sex"] + 1,
            "weight_kg": known["weight_kg"],
            "length_cm": known["length_cm"],
            "measured": known["measured"],
            "oedema": oedema,
            "head_cm": known["head_cm"],
            "muac_cm": known["muac_cm"],
        }
        by_day = growth.scores(**shared, age_days=days, age_months=known["age_months"], bounds=self.bounds)
        by_month = growth.scores(**shared, age_days=days, age_months=months, method=growth.PMK_MONTH)
        minor = ~(
            np.where(np.isnan(months), np.floor(days / growth.DAYS_OF_MONTH), months) > LAST_CLASSED_MONTH
        )
        official, other = (_classes(found, oedema, minor) for found in (by_month, by_day))
        bad |= {f"differs_{name}": _differ(official[name], other[name]) for name in growth.INDEX}
        bad["ages_differ"] = differ
        for code, (field, low, high) in UNLIKELY.items():
            bad[code] = (known[field] > low) & (known[field] < high)
        columns = [self._text(name, getattr(by_day, name)) for name in BY_DAY]
        columns += [self._text(f"{name}_m", getattr(by_month, name)) for name in BY_MONTH]
        columns += [self._classed(name, official[name]) for name in growth.INDEX]
        columns.append(self._flagged(by_day.flags | by_month.flags, bad, marks))
        self.rows += len(rows)
        return list(zip(*columns, strict=True))

    def _read(self, rows: Sequence[Sequence[str]]) -> tuple[dict[str, _Column], dict[str, NDArray[np.bool_]]]:
        """Each field as numbers, and which of its cells could not be read."""
        known: dict[str, _Column] = {}
        bad: dict[str, NDArray[np.bool_]] = {}
        for name in cells.FIELDS:
            missing = -1 if name == "sex" else 0 if name in ("measured", "oedema") else np.nan
            at = self.places.get(name)
            if at is None:
                known[name] = np.full(len(rows), missing, dtype=np.float64)
                continue
            reader = self._readers[name].__getitem__
            values = np.array([reader(row[at]) for row in rows], dtype=np.float64)
            wrong = values == cells.BAD
            if wrong.any():
                values[wrong] = missing
                bad[f"unreadable_{name}"] = wrong
            known[name] = values
        return known, bad

    def _text(self, name: str, score: _Column) -> list[str]:
        defined = ~np.isnan(score)
        self.scored[name] += int(defined.sum())
        bounded = np.clip(np.where(defined, score, 0.0), -999_999, 999_999)
        hundredths = np.where(defined, np.rint(bounded * 100), _NONE).astype(np.int64)
        return list(map(self._texts.__getitem__, hundredths.tolist()))

    def _classed(self, name: str, labels: NDArray[np.object_]) -> list[str]:
        found: list[str] = labels.tolist()
        self.classes[name].update(found)
        return found

    def _flagged(
        self, bits: NDArray[np.int32], bad: Mapping[str, NDArray[np.bool_]], marks: Sequence[str]
    ) -> list[str]:
        found: list[list[str]] = [[mark] if mark else [] for mark in marks]
        for name, bit in ((name, 1 << place) for place, name in enumerate(growth.FLAGS)):
            for at in np.flatnonzero(bits & bit):
                found[at].append(name)
        for name, where in bad.items():
            for at in np.flatnonzero(where):
                found[at].append(name)
        for names in found:
            if names:
                self.flags.update(names)
        return [" ".join(names) for names in found]


def _classes(
    found: growth.Scores, oedema: NDArray[np.bool_], minor: NDArray[np.bool_]
) -> dict[str, NDArray[np.object_]]:
    return {
        name: growth.classes(
            name, getattr(found, index), child=found.child, youth=found.youth & minor, oedema=oedema
        )
        for name, index in growth.INDEX.items()
    }


def _differ(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.bool_]:
    both = (one != "") & (other != "")
    found: NDArray[np.bool_] = both & (one != other)
    return found


def _ages(known: Mapping[str, _Column]) -> tuple[_Column, _Column, NDArray[np.bool_]]:
    """Age in days, completed months, and where the list contradicts itself. Two dates go before days, days before months.

    Completed months need both dates; else they are what ``age_months`` says, else whole months of 30.4375 days.
    """
    born, on = known["birth_date"], known["measured_date"]
    by_dates = on - born
    dated = ~np.isnan(by_dates)
    days = np.where(dated, by_dates, known["age_days"])
    first = np.where(dated, born, 0).astype("datetime64[D]")
    last = np.where(dated, on, 0).astype("datetime64[D]")
    first_month, last_month = first.astype("datetime64[M]"), last.astype("datetime64[M]")
    months = (last_month - first_month).astype(np.float64) - (last - last_month < first - first_month)
    differ = dated & (np.abs(by_dates - known["age_days"]) > 1)
    return days, np.where(dated, months, np.floor(known["age_months"])), differ
