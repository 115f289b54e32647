"""Verdicts at size: one household with its reasons; ten thousand, two hundred thousand and a million persons under every rule.

The areas are drawn straight into columns, so that the rules are measured and not the database; reading the register is measured apart
(``--postgres`` has no part in the first). Beside it the same arithmetic in bare numpy, two-valued and without a word of explanation, and
OpenFisca where it is installed, on the criteria that all three can express.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from simpul.cli import house
from simpul.cli.bench import register, report
from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord
from simpul.programmes.queries import catalogue, screening, verdicts
from simpul.programmes.rules import facts, layout, vectors

ON = date(2026, 11, 25)
REGION = "7303"
SIZES = (10_000, 200_000, 1_000_000)
ROUNDS = 30
COMMON = ("sdg-floor-area", "bpnt-decile-4", "elder-pkh")
"""Rules that bare numpy and OpenFisca can express as well: an area a head, a decile, an age."""


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    rules = catalogue.shipped_in_force(ON, REGION)
    result: dict[str, Any] = {
        "bench": "screen",
        "machine": report.machine(),
        "load_average": report.load_average(),
        "rules": len(rules),
        "household_ms": _one_household(rules),
        "areas": [_area(size, rules) for size in args.cases or SIZES],
    }
    if args.seconds > 5:  # reading needs a filled register, which takes minutes: asked for by --seconds 6
        result["reading"] = _reading(max(args.cases or SIZES[:2]), rules)
    if args.json:
        print(json.dumps(result))
        return 0
    _print(result)
    return 0


def _print(result: dict[str, Any]) -> None:
    one = result["household_ms"]
    print(f"{result['rules']} rules; {result['machine']}; load {result['load_average']}")
    print(
        f"one household of five, explained: median {one['median']} ms, p95 {one['p95']} ms, "
        f"{one['cpu_median']} ms of computing (aim: 20 ms)"
    )
    print("| persons | seconds | persons/s | verdicts/s | MB | common rules: ours | bare numpy | OpenFisca |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in result["areas"]:
        fisca = "not installed" if row["openfisca_seconds"] is None else f"{row['openfisca_seconds']:.3f} s"
        print(
            f"| {row['persons']:,} | {row['seconds']:.2f} | {row['persons_per_second']:,.0f} | "
            f"{row['verdicts_per_second']:,.0f} | {row['memory_mb']:,.0f} | {row['common_seconds']:.3f} s | "
            f"{row['numpy_seconds']:.3f} s | {fisca} |"
        )
    if "reading" in result:
        row = result["reading"]
        print(f"reading {row['persons']:,} persons from the register: {row['seconds']:.1f} s")
    if all(row["openfisca_seconds"] is None for row in result["areas"]):
        print("OpenFisca is not installed here: python -m pip install openfisca-core")


def _one_household(rules: list[catalogue.Rule]) -> dict[str, float]:
    """A household of five, every rule, with reasons, missing facts and what would flip each."""
    record = _household()
    times, worked = [], []
    for _round in range(ROUNDS):
        began, cpu = time.perf_counter(), time.process_time()
        verdicts.judge_record(record, rules, ON)
        times.append(time.perf_counter() - began)
        worked.append(time.process_time() - cpu)
    return {
        "median": round(report.percentile(times, 0.5) * 1000, 2),
        "p95": round(report.percentile(times, 0.95) * 1000, 2),
        "cpu_median": round(report.percentile(worked, 0.5) * 1000, 2),
    }


def _household() -> HouseholdRecord:
    ages = (1981, 1986, 2014, 2020, 1950)
    return HouseholdRecord(
        key="h",
        region_code=REGION,
        values={"income_month": 1_500_000, "protein_per_week": 1, "meals_per_day": 2, "gone": False},
        house_key="house",
        house={
            "floor": "bdt/9",
            "wall": "bdt/6",
            "toilet": "bdt/2",
            "lighting": "bdt/1",
            "floor_area_dm2": 3600,
        },
        families=(FamilyRecord("f", values={"decile": 3}),),
        members=tuple(
            PersonRecord(
                f"p{place}",
                name=f"P{place}",
                birth_date=date(year, 5, 5),
                family="f",
                heads_household=place == 0,
                heads_family=place == 0,
                values={"sex": "male", "schooling": "bdt/1", "works": place == 0},
            )
            for place, year in enumerate(ages)
        ),
    )


# --- an area ---------------------------------------------------------------------------------------------------------


def _area(size: int, rules: list[catalogue.Rule]) -> dict[str, Any]:
    columns = drawn(size, rules)
    area = vectors.Area(columns, catalogue.vocabulary())
    began = time.perf_counter()
    found = screening.judge_area(area, rules, ON, REGION)
    seconds = time.perf_counter() - began
    judged = sum(int(here.sum()) for here in found.subjects.values())
    common = [rule for rule in rules if rule.programme_id in COMMON]
    fresh = vectors.Area(columns, catalogue.vocabulary())
    ours = _seconds(lambda: screening.judge_area(fresh, common, ON, REGION))
    print(f"screen: {size:,} persons in {seconds:.2f} s", file=sys.stderr, flush=True)
    return {
        "persons": size,
        "seconds": round(seconds, 3),
        "persons_per_second": round(size / seconds),
        "verdicts_per_second": round(judged / seconds),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "common_seconds": round(ours, 4),
        "numpy_seconds": round(_seconds(lambda: _bare(columns)), 4),
        "openfisca_seconds": _openfisca(columns),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def drawn(size: int, rules: list[catalogue.Rule]) -> layout.Columns:
    """An invented area: four people to a household, a card for each household, a fifth of every column unknown."""
    draw = np.random.default_rng(26)
    homes = max(1, size // 4)
    sizes = {"house": homes, "household": homes, "family": homes, "person": size}
    home = np.minimum(np.arange(size) // 4, homes - 1)
    same = np.arange(homes)
    found = layout.Columns(
        ON,
        sizes,
        {
            "person_household": home,
            "person_family": home.copy(),
            "family_household": same,
            "household_house": same.copy(),
        },
    )
    vocabulary = catalogue.vocabulary()
    for key in screening.wanted_columns(rules, vocabulary):
        fact = vocabulary.facts.get(key)
        if fact is None or (fact.derived and key not in ("person.pregnant", "person.severe_disability")):
            continue
        count, known = sizes[fact.scope], draw.random(sizes[fact.scope]) > 0.2
        if fact.type == "code":
            table = ["", *sorted(vocabulary.meanings[fact.column])]
            found.tables[key] = table
            found.codes[key] = np.where(known, draw.integers(1, len(table), count), 0)
        elif fact.type == "flag":
            found.flags[key] = np.where(known, draw.integers(0, 2, count), -1).astype(np.int8)
        else:
            most = {"money": 6_000_000, "decile": 10}.get(
                fact.type if fact.type == "money" else fact.column, 8000
            )
            found.numbers[key] = np.where(known, draw.integers(1, most + 1, count), facts.MOST)
    years, days = draw.integers(1935, 2026, size), draw.integers(101, 128, size)
    found.numbers["person.birth_day"] = years * 10000 + days
    first = np.arange(size) % 4 == 0
    found.flags["person.heads_household"] = first.astype(np.int8)
    found.flags["person.heads_family"] = first.astype(np.int8)
    found.flags["household.gone"] = np.zeros(homes, dtype=np.int8)
    found.flags["person.able"] = np.zeros(size, dtype=np.int8)
    return found


def _bare(columns: layout.Columns) -> list[Any]:
    """The three common rules as somebody would write them by hand: two-valued, unknown silently no."""
    space = columns.numbers["house.floor_area_dm2"]
    heads = np.bincount(columns.links["person_household"], minlength=columns.sizes["household"])
    decile = columns.numbers["family.decile"]
    born = columns.numbers["person.birth_day"]
    age = ON.year - born // 10000 - (ON.month * 100 + ON.day < born % 10000)
    return [space // np.maximum(heads, 1) >= 720, decile <= 4, age >= 70]


def _openfisca(columns: layout.Columns) -> float | None:
    """The three common rules in OpenFisca; None where it is not installed."""
    if importlib.util.find_spec("openfisca_core") is None:
        return None
    parts = {
        name: importlib.import_module(f"openfisca_core.{name}")
        for name in ("entities", "periods", "simulation_builder", "taxbenefitsystems", "variables")
    }
    person = parts["entities"].Entity("person", "persons", "", "")
    home = parts["entities"].GroupEntity(
        "household", "households", "", "", roles=[{"key": "member", "plural": "members", "label": ""}]
    )
    system = parts["taxbenefitsystems"].TaxBenefitSystem([person, home])

    def variable(name: str, entity: Any, formula: Any = None) -> Any:
        given = {"value_type": int, "entity": entity, "definition_period": parts["periods"].DateUnit.ETERNITY}
        if formula is not None:
            given |= {"formula": formula, "value_type": bool}
        return type(name, (parts["variables"].Variable,), given)

    inputs = {"area": home, "heads": home, "decile": home, "age": person}
    for name, entity in inputs.items():
        system.add_variable(variable(name, entity))
    system.add_variable(variable("fit", home, lambda who, at: who("area", at) // who("heads", at) >= 720))
    system.add_variable(variable("low", home, lambda who, at: who("decile", at) <= 4))
    system.add_variable(variable("elder", person, lambda who, at: who("age", at) >= 70))
    builder = parts["simulation_builder"].SimulationBuilder()
    builder.create_entities(system)
    size, homes = columns.sizes["person"], columns.sizes["household"]
    builder.declare_person_entity("person", np.arange(size))
    where = builder.declare_entity("household", np.arange(homes))
    builder.join_with_persons(where, columns.links["person_household"], np.array(["member"] * size))
    simulation = builder.build(system)
    born = columns.numbers["person.birth_day"]
    values = {
        "area": columns.numbers["house.floor_area_dm2"] % (2**31),
        "heads": np.bincount(columns.links["person_household"], minlength=homes),
        "decile": columns.numbers["family.decile"] % (2**31),
        "age": ON.year - born // 10000,
    }
    for name, given in values.items():
        simulation.set_input(name, "eternity", given.astype(np.int32))
    return _seconds(lambda: [simulation.calculate(name, "eternity") for name in ("fit", "low", "elder")])


def _reading(size: int, rules: list[catalogue.Rule]) -> dict[str, float]:
    """Reading the register of an area into columns, from a database filled for it."""
    house.migrate()
    register._fill(size)
    return {"persons": size, "seconds": round(_seconds(lambda: screening.load(REGION, rules, ON)), 2)}
