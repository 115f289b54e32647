"""Matching at size: whole lists with errors, beside Splink alone with plain settings; and one person asked for against a register.

``--cases`` is the rows of the list (may be repeated), ``--size`` the persons of the register; ``--train`` learns the weights anew.
Precision and recall count pairs of rows. Each list runs in this process, so memory is the highest so far.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from simpul.cli import house
from simpul.cli.bench import bulk, match_training, people_rows
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.keys import ring
from simpul.people import linkage
from simpul.people.queries import match_weights, matching
from simpul.people.rules import match_record

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
ASKED = 200
PLAIN_LIMIT = 200_000
"""Above this many rows Splink alone, with plain settings, compares too many pairs for a laptop."""

Pairs = list[tuple[people_rows.Row, int]]


def run(args: argparse.Namespace) -> int:
    """Measure and print; with ``--train`` learn instead."""
    if args.train:
        match_training.write(match_training.train(), match_weights.FILE)
        print(f"weights written: {match_weights.FILE}", file=sys.stderr)
        return 0
    found: list[dict[str, Any]] = []
    for count in args.cases or [20_000]:
        rows = list(people_rows.Town(502, villages=max(10, count // 2500)).rows(count))
        found.append(_ours(rows))
        if count <= PLAIN_LIMIT:
            found.append(_plain(rows))
    asked = _asked(args.size) if args.size else {}
    if args.json:
        print(json.dumps({"bench": "match", "rows": found, "one": asked}))
        return 0
    print("| engine | rows | seconds | memory MB | precision | recall |\n|---|---:|---:|---:|---:|---:|")
    for one in found:
        print(
            f"| {one['engine']} | {one['rows']:,} | {one['seconds']:.1f} | {one['memory']:,.0f} "
            f"| {one['precision']:.4f} | {one['recall']:.4f} |"
        )
    if asked:
        print(
            f"one against {asked['persons']:,} ({connection.vendor}): median {asked['median']:.1f} ms, p95 {asked['p95']:.1f} ms; "
            f"first of the answer right {asked['first']:.3f}, among five {asked['among']:.3f}"
        )
    return 0


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def quality(truth: Sequence[int], cluster: Sequence[int]) -> tuple[float, float]:
    """Precision and recall over pairs of rows."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(size * (size - 1) // 2 for size in Counter(labels).values())

    right = pairs(zip(truth, cluster, strict=True))
    return right / max(1, pairs(cluster)), right / max(1, pairs(truth))


def _ours(pairs: Pairs) -> dict[str, Any]:
    began = time.perf_counter()
    rows = linkage.Rows(match_training.TODAY)
    for row, _person in pairs:
        rows.add([row[name] for name in linkage.FIELDS])
    links = linkage.link(rows, match_weights.weights(), look_from=0.3)
    return _told("simpul match", pairs, links.cluster, time.perf_counter() - began)


def _told(engine: str, pairs: Pairs, cluster: Sequence[int], seconds: float) -> dict[str, Any]:
    precision, recall = quality([person for _row, person in pairs], cluster)
    return {
        "engine": engine,
        "rows": len(pairs),
        "seconds": seconds,
        "memory": _memory(),
        "precision": precision,
        "recall": recall,
    }


def _plain(pairs: Pairs) -> dict[str, Any]:
    """Splink as its own tutorial uses it: its library's comparisons, plain blocking, unsupervised training, threshold 0.9."""
    began = time.perf_counter()
    splink = importlib.import_module("splink")
    library = importlib.import_module("splink.comparison_library")
    logging.getLogger("splink").setLevel(logging.ERROR)
    columns = ("nik", "kk", "name", "sex", "birth_date", "birth_place", "region")
    frame = pl.DataFrame(
        [
            {name: row[name] or None for name in columns} | {"unique_id": at}
            for at, (row, _p) in enumerate(pairs)
        ],
        infer_schema_length=None,
    )
    api = splink.DuckDBAPI()
    block = splink.block_on
    linker = splink.Linker(
        api.register(frame.to_arrow()),
        splink.SettingsCreator(
            link_type="dedupe_only",
            comparisons=[
                library.ExactMatch("nik"),
                library.ExactMatch("kk"),
                library.JaroWinklerAtThresholds("name"),
                library.ExactMatch("birth_date"),
                library.ExactMatch("sex"),
                library.ExactMatch("birth_place"),
                library.ExactMatch("region"),
            ],
            blocking_rules_to_generate_predictions=[
                block("nik"), block("name", "birth_date"), block("kk", "birth_date"), block("birth_date", "region"),
            ],
        ),
        log_level=None,
    )  # fmt: skip
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block("nik"), block("name", "birth_date")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block("birth_date"))
    training.estimate_parameters_using_expectation_maximisation(block("name"))
    predicted = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.9)
    of = {row["unique_id"]: row["cluster_id"] for row in clusters.as_record_list()}
    return _told("Splink alone", pairs, [of[at] for at in range(len(pairs))], time.perf_counter() - began)


# --- one against a register -----------------------------------------------------------------------------------------


def _asked(size: int) -> dict[str, Any]:
    """A register of first rows; second rows of some of its persons are asked for, as a counter asks."""
    house.migrate()
    town = people_rows.Town(77, villages=max(10, size // 2000))
    persons, questions = _filled(town, size)
    by = Actor(role="manager", name="Bench", region_code="73", strong=True)
    times, first, among = [], 0, 0
    for wanted, row in questions:
        began = time.perf_counter()
        found = matching.who(by, **_question(row))
        times.append((time.perf_counter() - began) * 1000)
        ids = [one.person.id for one in found]
        first += ids[:1] == [wanted]
        among += wanted in ids
    count = max(1, len(questions))
    return {
        "persons": persons,
        "median": statistics.median(times),
        "p95": sorted(times)[int(len(times) * 0.95) - 1],
        "first": first / count,
        "among": among / count,
    }


def _question(row: people_rows.Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "nik": row["nik"],
        "kk": row["kk"],
        "sex": row["sex"],
        "birth_date": match_record.date_of(row["birth_date"], match_training.TODAY),
        "birth_place": row["birth_place"],
        "address": row["address"],
        "region_code": row["region"],
    }


def _filled(town: people_rows.Town, size: int) -> tuple[int, list[tuple[UUID, people_rows.Row]]]:
    people = bulk.Table(
        "people.Person",
        "id full_name name_key sex birth_date birth_place nik nik_index region_code address",
        registered_at=NOW,
        life="here",
        resident=True,
    )
    keys = bulk.Table("people.MatchKey", "person_id key")
    questions: list[tuple[UUID, people_rows.Row]] = []
    count = 0
    with bulk.without_indexes([people.name, keys.name]):
        while count < size:
            for person in town.family():
                key = UUID(int=(1 << 120) + count)
                row = town.row(person, first=True)
                _write(people, keys, key, row)
                if count % max(1, size // ASKED) == 0:
                    questions.append((key, town.row(person)))
                count += 1
            if count % 5_000 < 8:
                people.flush()
                keys.flush()
        people.flush()
        keys.flush()
    return count, questions


def _write(people: bulk.Table, keys: bulk.Table, key: UUID, row: people_rows.Row) -> None:
    asked = _question(row)
    nik = match_record.number_of(row["nik"])
    people.add(
        key.hex if connection.vendor == "sqlite" else str(key),
        row["name"],
        text.name_key(row["name"])[:150],
        row["sex"],
        row["birth_date"] or None,
        row["birth_place"],
        ring().encrypt(nik, "people.person.nik") if nik else b"",
        ring().blind_index(nik, "nik") if nik else "",
        row["region"],
        row["address"],
    )
    record = match_record.record(
        name=row["name"],
        nik=row["nik"],
        sex=row["sex"],
        birth_date=asked["birth_date"],
        birth_place=row["birth_place"],
        address=row["address"],
        region=row["region"],
        today=match_training.TODAY,
    )
    for number in match_record.keys_of(record, matching.number_of):
        keys.add(key.hex if connection.vendor == "sqlite" else str(key), number)
