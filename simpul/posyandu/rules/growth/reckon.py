"""Z-scores of many children at once.

WHO's formula is ``((y/M)**L - 1) / (L*S)``; where weight is part of the index, a score beyond 3 is continued by the distance between the
second and the third standard deviation. Everything is asked of whole columns: one loop in C for each step, none in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simpul.posyandu.rules.growth import ages
from simpul.posyandu.rules.growth import tables as who

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Whole = NDArray[np.intp]

WHO_DAY, PMK_MONTH = "who-day", "pmk-month"
INDICES = ("waz", "haz", "whz", "baz", "hcz", "acz")
BLOCK = 1 << 14
"""Rows worked on together: so many that the loops dominate, so few that their columns stay in the processor's cache."""

FLAGS = (
    "no_sex",
    "no_age",
    "birth_after",
    "too_old",
    "weight_impossible",
    "length_impossible",
    "standing_too_young",
    "oedema",
    "length_outside",
    *(f"{name}_implausible" for name in INDICES),
)
"""What is remarkable about a row, by the bit it has in ``Scores.flags``. A mark never removes a score."""
BIT = {name: 1 << place for place, name in enumerate(FLAGS)}
_LIMITS = {"waz": (-6, 5), "haz": (-6, 6)}
"""Beyond these a score is not plausible; the others' are -5 and 5."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One value for each row; scores rounded to two decimals, not a number where undefined."""

    waz: Floats
    haz: Floats
    whz: Floats
    baz: Floats
    hcz: Floats
    acz: Floats
    bmi: Floats
    length: Floats
    """Length or height in cm as it was used: 0.7 more or less where the position is not the one of the age."""
    child: Truths
    """Of the age for the tables of 0 to 5 years (classes of four indices)."""
    youth: Truths
    """Of the age for those of 5 to 19 (class of body mass index alone)."""
    flags: NDArray[np.int32]


class Ages(NamedTuple):
    """What the age of a row decides, by one of the two methods."""

    row: Whole  # place in the tables for children; 0 when ``child`` is false
    child: Truths
    youth: Truths
    months: Floats  # place in the tables for 5 to 19 years
    weighed: Truths  # young enough there for weight by age
    standing: Truths
    young: Truths  # too young to stand
    marks: NDArray[np.int32]


def ages_by_day(days: Floats, months: Floats, bounds: ages.Bounds = ages.CURRENT) -> Ages:
    """WHO's method. ``days`` are rounded half up; where they are missing, ``months`` (unrounded) stand for them."""
    given = ~np.isnan(days)
    whole = np.floor(np.where(given, days, months * ages.DAYS_OF_MONTH) + 0.5)
    exact = np.where(given, whole / ages.DAYS_OF_MONTH, months)
    child = (whole >= 0) & (whole <= bounds.child_days)
    if bounds.child_days < who.LAST_DAY:
        child &= exact < who.LAST_MONTH
    youth = (exact >= bounds.youth_from) & (exact < bounds.youth_below) & ~child
    return Ages(
        row=np.where(child, whole, 0).astype(np.intp),
        child=child,
        youth=youth,
        months=exact,
        weighed=exact < bounds.weight_below,
        standing=whole >= ages.STANDING_FROM_DAYS,
        young=exact < ages.STANDS_FROM_MONTHS,
        marks=_age_marks(exact, bounds.youth_below),
    )


def ages_by_month(days: Floats, months: Floats) -> Ages:
    """The regulation's method: completed ``months``; where they are missing, whole months of 30.4375 ``days`` stand for them."""
    whole = np.floor(np.where(np.isnan(months), days / ages.DAYS_OF_MONTH + 1e-9, months))
    child = (whole >= 0) & (whole <= who.LAST_MONTH)
    return Ages(
        row=np.where(child, whole + who.MONTH_0, 0).astype(np.intp),
        child=child,
        youth=(whole > who.LAST_MONTH) & (whole <= who.YOUTH_TO),
        months=whole,
        weighed=whole <= 120,
        standing=whole >= ages.STANDING_FROM_MONTHS,
        young=whole < ages.STANDS_FROM_MONTHS,
        marks=_age_marks(whole, who.YOUTH_TO + 1.0),
    )


def _age_marks(months: Floats, below: float) -> NDArray[np.int32]:
    marks: NDArray[np.int32] = (
        np.isnan(months) * BIT["no_age"]
        + (months < 0) * BIT["birth_after"]
        + (months >= below) * BIT["too_old"]
    ).astype(np.int32)
    return marks


def scores(
    *,
    sex: Any,
    age_days: Any = None,
    weight_kg: Any = None,
    length_cm: Any = None,
    measured: Any = None,
    oedema: Any = None,
    head_cm: Any = None,
    muac_cm: Any = None,
    method: str = WHO_DAY,
    age_months: Any = None,
    bounds: ages.Bounds = ages.CURRENT,
) -> Scores:
    """Scores of all rows. What is left out or not a number is missing; nothing in the values can make this fail.

    ``sex``: 1, L or M for boys, 2, P or F for girls. ``measured``: l lying, h standing. ``age_months``: for ``pmk-month`` the completed
    calendar months, for ``who-day`` unrounded months where there are no days. Children without any age get weight by length alone.
    """
    sexes = sex_places(sex)
    count = len(sexes)
    columns = [
        _floats(column, count) for column in (age_days, age_months, weight_kg, length_cm, head_cm, muac_cm)
    ]
    position = positions(measured, count)
    swollen = np.zeros(count, dtype=bool) if oedema is None else np.asarray(oedema, dtype=bool)
    out = _empty(count)
    with np.errstate(all="ignore"):
        for begin in range(0, count, BLOCK):
            part = slice(begin, begin + BLOCK)
            days, months, weight, length, head, arm = (column[part] for column in columns)
            aged = ages_by_month(days, months) if method == PMK_MONTH else ages_by_day(days, months, bounds)
            found = core(sexes[part], aged, weight, length, position[part], swollen[part], head, arm)
            for name, column in out.items():
                column[part] = getattr(found, name)
    return Scores(**out)


def _empty(count: int) -> dict[str, Any]:
    out: dict[str, Any] = {name: np.empty(count) for name in (*INDICES, "bmi", "length")}
    out["child"], out["youth"] = np.empty(count, dtype=bool), np.empty(count, dtype=bool)
    out["flags"] = np.empty(count, dtype=np.int32)
    return out


def sex_places(sex: Any) -> NDArray[np.int8]:
    """0 for boys, 1 for girls, -1 when it is not known."""
    found = np.atleast_1d(np.asarray(sex))
    if found.dtype.kind in "iuf":
        return np.where(found == 1, 0, np.where(found == 2, 1, -1)).astype(np.int8)
    letters = found.astype("U1")
    boys = np.isin(letters, np.array(list("1LlMm")))
    girls = np.isin(letters, np.array(list("2PpFf")))
    return np.where(boys, 0, np.where(girls, 1, -1)).astype(np.int8)


def positions(measured: Any, count: int) -> NDArray[np.int8]:
    """1 lying, 2 standing, 0 not known; numbers are taken as they are."""
    if measured is None:
        return np.zeros(count, dtype=np.int8)
    found = np.atleast_1d(np.asarray(measured))
    if found.dtype.kind in "iuf":
        return found.astype(np.int8)
    letters = found.astype("U1")
    lying, standing = (letters == "l") | (letters == "L"), (letters == "h") | (letters == "H")
    return np.where(lying, 1, np.where(standing, 2, 0)).astype(np.int8)


def _floats(column: Any, count: int) -> Floats:
    if column is None:
        return np.full(count, np.nan)
    found = np.atleast_1d(np.asarray(column, dtype=np.float64))
    return np.broadcast_to(found, (count,)) if len(found) != count else found


# --- the work on one block ------------------------------------------------------------------------------------------


def core(
    sexes: NDArray[np.int8],
    aged: Ages,
    weight: Floats,
    length: Floats,
    position: NDArray[np.int8],
    swollen: Truths,
    head: Floats,
    arm: Floats,
) -> Scores:
    """All scores of rows whose ages have been placed. Warnings about what is not a number are the caller's to silence."""
    known_sex = sexes >= 0
    girls = np.where(known_sex, sexes, 0).astype(np.intp)
    flags = aged.marks + (
        ~known_sex * BIT["no_sex"]
        + (weight <= 0) * BIT["weight_impossible"]
        + (length <= 0) * BIT["length_impossible"]
        + ((position == 2) & aged.young) * BIT["standing_too_young"]
        + swollen * BIT["oedema"]
    ).astype(np.int32)
    weight, head, arm = (np.where((value > 0) & known_sex, value, np.nan) for value in (weight, head, arm))
    length, standing = _stand(np.where((length > 0) & known_sex, length, np.nan), position, aged)
    dry = np.where(swollen, np.nan, weight)
    bmi = weight / np.square(length / 100)
    child = who.tables().child
    at = girls * who.CHILD_ROWS + aged.row
    found = {
        "waz": _by_row(child["weight"], at, np.where(aged.child, dry, np.nan)),
        "haz": _by_row(child["length"], at, np.where(aged.child, length, np.nan), linear=True),
        "baz": _by_row(child["bmi"], at, np.where(aged.child & ~swollen, bmi, np.nan)),
        "hcz": _by_row(child["head"], at, np.where(aged.child, head, np.nan), linear=True),
        "acz": _by_row(child["arm"], at, np.where(aged.child, arm, np.nan)),
    }
    found["whz"], outside = _by_length(girls, aged, length, standing, dry)
    _youth(found, girls, aged, dry, length, np.where(swollen, np.nan, bmi))
    flags += (outside * BIT["length_outside"]).astype(np.int32)
    for name, score in found.items():
        np.divide(np.rint(score * 100), 100, out=score)
        low, high = _LIMITS.get(name, (-5, 5))
        flags += (((score < low) | (score > high)) * BIT[f"{name}_implausible"]).astype(np.int32)
    return Scores(
        **found,
        bmi=bmi,
        length=length,
        child=aged.child & known_sex,
        youth=aged.youth & known_sex,
        flags=flags,
    )


def _stand(length: Floats, position: NDArray[np.int8], aged: Ages) -> tuple[Floats, Truths]:
    """Length as the table of the age wants it (0.7 cm between lying and standing), and whether that one is standing."""
    unaged = np.isnan(aged.months)
    upright = (position == 2) & ~aged.young
    flat = position == 1
    change = 0.7 * (upright & ~aged.standing & ~unaged) - 0.7 * (flat & aged.standing)
    standing = np.where(unaged, upright | (~flat & (length >= 87)), aged.standing)
    return length + change, standing


def _by_row(table: who.Lms, at: Whole, value: Floats, *, linear: bool = False) -> Floats:
    """Scores by whole rows of a table. ``linear``: L is 1 throughout, and the tails are left as the formula gives them."""
    if linear:
        return (value / table.m[at] - 1.0) / table.s[at]
    return _score(value, table.l[at], table.m[at], table.s[at])


def _score(value: Floats, l: Floats, m: Floats, s: Floats) -> Floats:  # noqa: E741 - WHO's letters
    """WHO's formula with its tails beyond 3."""
    score: Floats = (np.power(value / m, l) - 1.0) / (l * s)
    level = l == 0
    if level.any():
        score[level] = np.log(value[level] / m[level]) / s[level]
    far = np.flatnonzero(np.abs(score) > 3)
    if len(far):
        side = np.sign(score[far])
        third = _deviation(3 * side, l[far], m[far], s[far])
        second = _deviation(2 * side, l[far], m[far], s[far])
        score[far] = 3 * side + (value[far] - third) / np.abs(third - second)
    return score


def _deviation(times: Floats, l: Floats, m: Floats, s: Floats) -> Floats:  # noqa: E741 - WHO's letters
    """The value that lies so many standard deviations from the median."""
    curved: Floats = m * np.power(1 + l * s * times, 1 / np.where(l == 0, 1.0, l))
    return np.where(l == 0, m * np.exp(s * times), curved)


def _between(table: who.Lms, at: Whole, part: Floats) -> tuple[Floats, Floats, Floats]:
    """L, M and S between a row and the next one."""
    return tuple(  # type: ignore[return-value]
        column[at] + part * (column[at + 1] - column[at]) for column in (table.l, table.m, table.s)
    )


def _by_length(
    girls: Whole, aged: Ages, length: Floats, standing: Truths, weight: Floats
) -> tuple[Floats, Truths]:
    """Weight by length or height, and where the length lies outside of the table that was asked."""
    tenths = np.round(length * 10, 6)
    first = np.where(standing, float(who.STANDING_FROM), float(who.LYING_FROM))
    last = np.where(standing, float(who.STANDING_TO), float(who.LYING_TO))
    wanted = (aged.child | np.isnan(aged.months)) & ~np.isnan(weight) & ~np.isnan(length)
    inside = wanted & (tenths >= first) & (tenths <= last)
    steps = np.where(inside, tenths - first, 0.0)
    whole = np.minimum(np.floor(steps), last - first - 1)
    at = girls * who.LENGTH_ROWS + np.where(standing, who.STANDING_0, 0) + whole.astype(np.intp)
    score = _score(np.where(inside, weight, np.nan), *_between(who.tables().by_length, at, steps - whole))
    return score, wanted & ~inside


def _youth(
    found: Mapping[str, Floats], girls: Whole, aged: Ages, weight: Floats, length: Floats, bmi: Floats
) -> None:
    """Fill in the scores of those from 5 to 19 years."""
    rows = np.flatnonzero(aged.youth)
    if not len(rows):
        return
    months = aged.months[rows]
    whole = np.floor(months)
    at = girls[rows] * who.YOUTH_ROWS + (whole - who.YOUTH_FROM).astype(np.intp)
    youth = who.tables().youth
    for name, table, value in (
        ("waz", "weight", np.where(aged.weighed[rows], weight[rows], np.nan)),
        ("baz", "bmi", bmi[rows]),
    ):
        found[name][rows] = _score(value, *_between(youth[table], at, months - whole))
    _one, m, s = _between(youth["length"], at, months - whole)
    found["haz"][rows] = (length[rows] / m - 1.0) / s
