"""Whole lists: precision and recall on a fixed sample, the same levels in SQL as in Python, clusters without chains."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date
from typing import Any

import pytest

from simpul.cli.bench import people_rows
from simpul.people import linkage
from simpul.people.queries.match_weights import weights
from simpul.people.rules import match_levels

TODAY = date(2026, 11, 25)


def loaded(count: int, seed: int, **errors: Any) -> tuple[linkage.Rows, list[int]]:
    rows, truth = linkage.Rows(TODAY), []
    for row, person in people_rows.Town(seed, people_rows.Errors(**errors), 10).rows(count):
        rows.add([row[name] for name in linkage.FIELDS])
        truth.append(person)
    return rows, truth


def pairs_in(sizes: Any) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(sizes).values())


def quality(truth: list[int], cluster: list[int]) -> tuple[float, float]:
    right = pairs_in(zip(truth, cluster, strict=True))
    return right / pairs_in(cluster), right / pairs_in(truth)


@pytest.mark.parametrize("seed", [80, 81])
def test_three_thousand_rows_with_errors_are_matched_well(seed: int) -> None:
    rows, truth = loaded(3000, seed)
    found = linkage.link(rows, weights())
    precision, recall = quality(truth, found.cluster)
    assert precision >= 0.99
    assert recall >= 0.95
    assert all(0.0 <= score <= 1.0 for score in found.score)


def test_levels_in_sql_are_those_in_python() -> None:
    rows, _truth = loaded(2000, 7, times=1.8)
    frame = rows.frame(weights())
    linker, _run = linkage.linker_of(frame, linkage.settings_of(weights(), 2000), "duckdb")
    predicted = linker.inference.predict(threshold_match_weight=-1000, warning_mode="never")
    views = {
        number: (row, full) for number, row, full in frame.select("unique_id", "row", "full").iter_rows()
    }
    compared = 0
    for pair in predicted.as_record_list():
        one, other = (_view(rows, *views[pair[f"unique_id_{side}"]]) for side in "lr")
        levels = match_levels.levels(one, other)
        assert {name: pair[f"gamma_{name}"] for name in levels} == levels
        compared += 1
    assert compared > 500


def _view(rows: linkage.Rows, row: int, full: str | None) -> Any:
    whole = rows.record(row)
    return dataclasses.replace(whole, names=tuple(name for name in whole.names if name.full == full))


def linked(*rows: tuple[str, ...]) -> list[int]:
    table = linkage.Rows(TODAY)
    for row in rows:
        table.add(row)
    return linkage.link(table, weights()).cluster


def test_a_family_on_one_card_stays_a_family() -> None:
    kk, home = "7303010101010011", ("Bantaeng", "Jl. Mawar 3", "7303012008")
    found = linked(
        ("7303011203700001", kk, "Muhammad Rahman", "L", "1970-03-12", *home),
        ("7303010907980001", kk, "Muhammad Rahman", "L", "1998-07-09", *home),
        ("7303015708050001", kk, "Siti Aisyah", "P", "2005-08-17", *home),
        ("7303015708050002", kk, "Siti Aminah", "P", "2005-08-17", *home),
        ("", kk, "Siti Amalia", "P", "2007-02-11", *home),
        ("", kk, "Hasan", "L", "2010-05-05", *home),
        ("", kk, "Husain", "L", "2010-05-05", *home),
    )
    assert found == list(range(7))


def test_a_chain_does_not_join_what_contradicts() -> None:
    """A row with a forgotten number is like both namesakes: it joins one of them at most."""
    home = ("Bantaeng", "", "7303012008")
    found = linked(
        ("7303010202800001", "", "Ambo Tuwo Sangkala", "L", "1980-02-02", *home),
        ("", "", "Ambo Tuwo Sangkala", "L", "1980-01-01", *home),
        ("7303011509810003", "", "Ambo Tuwo Sangkala", "L", "1981-09-15", *home),
    )
    assert found[0] != found[2]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_row_are_no_trouble(count: int) -> None:
    table = linkage.Rows(TODAY)
    for _row in range(count):
        table.add(("",) * len(linkage.FIELDS))
    assert linkage.link(table, weights()).cluster == list(range(count))


def test_rows_with_nothing_in_them_stay_apart() -> None:
    assert linked(*[("",) * len(linkage.FIELDS)] * 3) == [0, 1, 2]


def test_spark_is_refused_in_words_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    rows, _truth = loaded(50, 3)
    frame = rows.frame(weights())
    monkeypatch.setattr(linkage.importlib, "import_module", missing)
    with pytest.raises(linkage.BackendMissing):
        linkage._spark()
    assert frame.height >= 50


def test_guards_speak_in_a_whole_list_too() -> None:
    """The head's NIK for somebody else, one word with a placeholder's birthday, high serials side by side."""
    home = ("", "", "7303012008")
    assert linked(
        ("7303015708750001", "", "Siti Aminah", "", "", "", "", ""),
        ("7303015708750001", "", "Budi Santoso", "", "", "", "", ""),
        ("", "", "Hasan", "L", "1960-01-01", *home),
        ("", "", "Hasan", "L", "1960-01-01", *home),
        ("7303010505100113", "7303010101010011", "Ahmad Fadil", "L", "2010-05-05", *home),
        ("7303010505100114", "7303010101010011", "Ahmad Fadli", "L", "2010-05-05", *home),
    ) == list(range(6))
