"""Learning the weights of matching: Splink estimates them on invented residents, and they are written where the house reads them.

u comes from rows of different persons drawn at random, m from rows that are known to be one person's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from simpul.cli.bench import people_names, people_rows
from simpul.people import linkage
from simpul.people.rules import match_levels, match_record

TODAY = date(2026, 11, 25)
SEED = 20261125
_FLOOR_M = 2e-4
_FLOOR_U = {"nik": 1e-6, "birth": 2e-5, "home": 1e-6, "name": 5e-6}
_BLANK = match_levels.Weights(m={}, u={}, words={})


def train(rows: int = 60_000) -> dict[str, Any]:
    """m and u of each level, and the shares of common words."""
    mild = list(people_rows.Town(SEED, people_rows.Errors(times=0.9), 240).rows(rows))
    harsh = list(people_rows.Town(SEED + 1, people_rows.Errors(times=1.8), 240).rows(rows))
    m = _matching([*mild, *[(row, person + 10_000_000) for row, person in harsh]])
    u = _strangers(mild)
    for level in ("neighbour", "head"):  # place and day in a NIK are counted with the birth date already
        u["nik"][level] = max(u["nik"][level], float(f"{m['nik'][level] * 16:.4g}"))
    return {"m": m, "u": u, "words": _words(mild)}


def _matching(pairs: list[tuple[people_rows.Row, int]]) -> dict[str, dict[str, float]]:
    linker = _linker(pairs)
    linker.training.estimate_m_from_label_column("person")
    return _learned(linker, "m_probability", dict.fromkeys(match_levels.COMPARED, _FLOOR_M))


def _strangers(pairs: list[tuple[people_rows.Row, int]]) -> dict[str, dict[str, float]]:
    """One row of each person, so that no pair drawn is one person's."""
    one_each = {person: row for row, person in pairs}
    linker = _linker([(row, person) for person, row in one_each.items()])
    linker.training.estimate_u_using_random_sampling(
        max_pairs=6e6, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    return _learned(linker, "u_probability", {**dict.fromkeys(match_levels.COMPARED, 1e-4), **_FLOOR_U})


def _linker(pairs: list[tuple[people_rows.Row, int]]) -> Any:
    rows = linkage.Rows(TODAY)
    persons = []
    for row, person in pairs:
        rows.add([row[name] for name in linkage.FIELDS])
        persons.append(person)
    frame = rows.frame(_BLANK)
    frame = frame.with_columns(pl.Series("person", persons).gather(frame["row"]))
    frame = frame.unique(subset="row", keep="first", maintain_order=True)
    linker, _run = linkage.linker_of(frame, linkage.settings_of(None, len(pairs)), "duckdb")
    return linker


def _learned(linker: Any, which: str, floors: dict[str, float]) -> dict[str, dict[str, float]]:
    found = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        compared = comparison["output_column_name"]
        levels = {
            level["label_for_charts"]: max(level.get(which) or 0.0, floors[compared])
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        total = sum(levels.values())
        found[compared] = {name: float(f"{share / total:.4g}") for name, share in levels.items()}
    return found


def _words(pairs: list[tuple[people_rows.Row, int]]) -> dict[str, float]:
    """The shares of the words that names are made of: those of the invented residents, the commonest only."""
    persons = {person: row["name"] for row, person in pairs}
    counts = Counter(
        word for typed in persons.values() for name in match_record.names_of(typed)[:1] for word in name.core
    )
    return {word: round(number / len(persons), 6) for word, number in counts.most_common(400) if number > 20}


def write(learned: dict[str, Any], path: Path) -> None:
    """The weights as a file of the catalogue."""
    path.write_text("\n".join(_lines(learned)) + "\n", encoding="utf-8")


def _lines(learned: dict[str, Any]) -> Iterator[str]:
    yield "# How much each level of agreement weighs: m is its share among rows of one person, u among rows of strangers."
    yield "# Learned by Splink on invented residents (`simpul bench match --train`); names of levels: people/rules/match_levels.py."
    yield f"# Words: shares of common words in names of {len(people_names.MEN) + len(people_names.WOMEN)} invented first names."
    for part in ("m", "u"):
        for compared, levels in learned[part].items():
            yield f"\n[{part}.{compared}]"
            yield from (f"{name} = {share!r}" for name, share in levels.items())
    yield "\n[words]"
    yield from (f"{word} = {share!r}" for word, share in learned["words"].items())
