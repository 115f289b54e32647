"""The register at size: a household's page, a search by name, by number and by any word, the counts of a village.

Invented residents are written straight into the tables (four to a household, a card for each, two thousand households to a village); then
the room is asked as a page asks it, for an officer of one village and for a manager of the whole regency. What is measured is the room's
answer, not the drawing of the page.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from simpul.cli import house
from simpul.cli.bench import bulk, people_names
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people.queries import persons, register, residents

REGENCY = "7303"
TO_A_HOUSEHOLD = 4
TO_A_VILLAGE = 2_000
ROUNDS = 60
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
_FACTS = (
    ("house", "floor", "bdt/6"),
    ("house", "wall", "bdt/4"),
    ("household", "meals_per_day", "2"),
    ("household", "fridge", "no"),
)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    house.migrate()
    began = time.perf_counter()
    kept = _fill(args.size)
    filled = time.perf_counter() - began
    print(f"register: {args.size:,} persons in {filled:.0f} s", file=sys.stderr, flush=True)
    found = _measured(kept)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if args.json:
        print(
            json.dumps(
                {"bench": "register", "persons": args.size, "filled_seconds": round(filled, 1), "rows": found}
            )
        )
        return 0
    print("| what | seat | median ms | p95 ms | queries |\n|---|---|---:|---:|---:|")
    for one in found:
        print(
            f"| {one['what']} | {one['seat']} | {one['median']:.1f} | {one['p95']:.1f} | {one['queries']} |"
        )
    print(f"{args.size:,} persons, {_database()}; memory of the process at most: {memory:,.0f} MB")
    return 0


def _database() -> str:
    return str(connection.vendor)


# --- filling -----------------------------------------------------------------------------------------------------------------


def _fill(size: int) -> list[tuple[str, str, str, str]]:
    """Write the residents; some of them (household, village, name, NIK) are kept to be asked for."""
    chance = random.Random(26)  # noqa: S311 - invented people
    tables = _tables()
    kept: list[tuple[str, str, str, str]] = []
    with bulk.without_indexes([one.name for one in tables.values()]):
        for place in range(max(1, size // TO_A_HOUSEHOLD)):
            row = _household(tables, place, chance)
            if place % max(1, size // TO_A_HOUSEHOLD // 200) == 0:
                kept.append(row)
            if place % bulk.BATCH == bulk.BATCH - 1:
                for one in tables.values():
                    one.flush()
        for one in tables.values():
            one.flush()
    return kept


def _tables() -> dict[str, bulk.Table]:
    at = NOW - timedelta(days=90)
    return {
        "house": bulk.Table("people.House", "id region_code floor wall floor_area_dm2", changed_at=at, lighting="bdt/1", power="bdt/1"),
        "household": bulk.Table(
            "people.Household", "id region_code house_id name", registered_at=at, changed_at=at, meals_per_day=2, fridge=False
        ),
        "family": bulk.Table("people.Family", "id region_code household_id kk_index decile", registered_at=at, changed_at=at),
        "person": bulk.Table(
            "people.Person",
            "id region_code full_name name_key sex birth_date nik_index household_id family_id household_relation",
            registered_at=at,
            resident=True,
            life="here",
            family_relation="bdt/8",
        ),
        "said": bulk.Table(
            "people.Observation",
            "id subject_kind subject_id field value",
            source="import",
            source_words="DTSEN 2026-Q3",
            observed_date=at.date(),
            recorded_at=at,
            state="current",
        ),
    }  # fmt: skip


def _household(tables: dict[str, bulk.Table], place: int, chance: random.Random) -> tuple[str, str, str, str]:
    village = f"{REGENCY}{place // TO_A_VILLAGE // 20 % 90 + 1:02d}{2001 + place // TO_A_VILLAGE % 20}"
    home, dwelling, card = (_key(place, mark) for mark in (1, 2, 3))
    tables["house"].add(
        dwelling,
        village,
        f"bdt/{chance.randint(1, 10)}",
        f"bdt/{chance.randint(1, 7)}",
        chance.randint(1800, 9000),
    )
    name = nik = ""
    for member in range(TO_A_HOUSEHOLD):
        sex = "LPLP"[member]
        called = f"{chance.choice(people_names.MEN if sex == 'L' else people_names.WOMEN)} {chance.choice(people_names.LAST)}"
        born = date(1940, 1, 2) + timedelta(days=chance.randrange(31_000))
        number = f"{village[:6]}{born:%d%m%y}{(place * 4 + member) % 9999 + 1:04d}"
        if member == 0:
            name, nik = called, number
            tables["household"].add(home, village, dwelling, called)
            tables["family"].add(card, village, home, f"{place:064x}", chance.randint(1, 10))
        tables["person"].add(
            _key(place, 4 + member), village, called, text.name_key(called), sex, born.isoformat(), persons.nik_index(number),
            home, card, f"bdt/{member + 1}",
        )  # fmt: skip
    for mark, (kind, field, value) in enumerate(_FACTS):
        tables["said"].add(_key(place, 20 + mark), kind, dwelling if kind == "house" else home, field, value)
    return home, village, name, nik


def _key(place: int, mark: int) -> str:
    """A key that grows with the place, as real ones grow with time."""
    return f"0192{place:08x}7{mark:03x}8{place * 4097 % 0xFFFFFFF:015x}"


# --- measuring -----------------------------------------------------------------------------------------------------------------


def _measured(kept: list[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    manager = Actor(role="manager", name="Bench", region_code=REGENCY, strong=True)
    found = []
    for what, ask in _asks():
        for seat in ("village", "regency"):
            times, queries = [], 0
            for home, village, name, nik in _rounds(kept):
                by = (
                    manager
                    if seat == "regency"
                    else Actor(role="front_office", name="Bench", region_code=village)
                )
                count = _Count()
                began = time.perf_counter()
                with connection.execute_wrapper(count):
                    ask(by, UUID(home), village, name, nik)
                times.append((time.perf_counter() - began) * 1000)
                queries = max(queries, count.number)
            times.sort()
            found.append(
                {
                    "what": what,
                    "seat": seat,
                    "median": round(statistics.median(times), 2),
                    "p95": round(times[int(len(times) * 0.95) - 1], 2),
                    "queries": queries,
                }
            )
    return found


def _rounds(kept: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    return (kept * (ROUNDS // len(kept) + 1))[:ROUNDS]


Ask = Callable[[Actor, UUID, str, str, str], Any]


def _asks() -> tuple[tuple[str, Ask], ...]:
    filters = residents.Filters
    return (
        ("household page", lambda by, home, _village, _name, _nik: register.page_of(by, home, TODAY)),
        (
            "search by NIK",
            lambda by, _home, _village, _name, nik: residents.find_persons(by, filters(words=nik)),
        ),
        (
            "search by name",
            lambda by, _home, _village, name, _nik: residents.find_persons(by, filters(words=name)),
        ),
        (
            "search by the last word alone",
            lambda by, _home, _village, name, _nik: residents.find_persons(
                by, filters(words=name.rpartition(" ")[2])
            ),
        ),
        (
            "search for nobody",
            lambda by, _home, _village, _name, _nik: residents.find_persons(by, filters(words="Zzyx Qwrt")),
        ),
        (
            "list of households",
            lambda by, _home, _village, _name, _nik: residents.find_households(by, filters(), TODAY),
        ),
        ("counts of a village", lambda by, _home, village, _name, _nik: residents.by_hamlet(by, village)),
    )


class _Count:
    """Counts the queries that run inside it."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)
