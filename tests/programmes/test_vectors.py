"""Golden households: each that authorities judge differently gets exactly the verdicts that differ (tests/vectors/screen)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simpul.programmes.queries import catalogue, household_file, reports, verdicts

FOLDER = Path(__file__).parents[1] / "vectors" / "screen"
VECTORS = sorted(FOLDER.glob("*.json"))


def sheet_of(case: dict[str, Any]) -> verdicts.Sheet:
    """The verdicts on a vector's household by the rules that ship."""
    on = date.fromisoformat(case["on"])
    given = household_file.read(case["household"], on)
    assert not given.warnings
    return verdicts.judge_record(given.record, catalogue.shipped_in_force(on, case["region"]), on)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_golden_household_gets_its_verdicts(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    sheet = sheet_of(case)
    found: dict[str, str] = {}
    for one in (*sheet.judged, *sheet.positions):
        found.setdefault(one.rule.programme_id, one.word)
        found[f"{one.rule.programme_id}/{one.subject_key}"] = one.word
    assert {code: found.get(code) for code in case["expect"]} == case["expect"]
    differ = {one.attribute.code for one in sheet.differences}
    assert set(case["differ"]) <= differ
    assert not set(case["agree"]) & differ


def test_there_is_a_household_for_every_row_on_which_authorities_differ() -> None:
    covered = {code for path in VECTORS for code in json.loads(path.read_text(encoding="utf-8"))["differ"]}
    assert covered == {one.code for one in catalogue.attributes()}


def test_the_household_of_the_issue_is_poor_for_bps_fit_for_sdg_and_unfit_for_bsps() -> None:
    case = json.loads((FOLDER / "poor-fit-unfit.json").read_text(encoding="utf-8"))
    told = reports.sheet(sheet_of(case))
    rows = {row["programme"]: row for row in told["verdicts"]}
    assert [rows[code]["words"] for code in ("bps-14", "sdg-floor-area", "bsps-floor-area")] == [
        "miskin", "layak", "tidak layak",
    ]  # fmt: skip
    assert "10 dari 14" in rows["bps-14"]["tally"] or "9 dari 14" in rows["bps-14"]["tally"]
    for code in ("bps-14", "sdg-floor-area", "bsps-floor-area"):
        assert rows[code]["source"] and rows[code]["valid_from"] and rows[code]["confidence"]
    assert rows["sdg-floor-area"]["used"][0]["words"] == "7,5 m²"
    assert rows["sdg-floor-area"]["flip"]["fact"] == "house.area_per_person_dm2"
    costs = [one["cost"] for one in told["ask_next"]]
    assert costs and costs == sorted(costs, key=["ask", "look", "paper", "visit"].index)
    differs = next(one for one in told["differences"] if one["attribute"] == "floor_area")
    assert [row["words"] for row in differs["rows"]] == ["miskin", "layak", "tidak layak"]
    assert "7,5 m²" in differs["value"]


def test_a_coarse_code_is_asked_again_and_says_why() -> None:
    case = json.loads((FOLDER / "floor-dtsen-5.json").read_text(encoding="utf-8"))
    told = reports.sheet(sheet_of(case))
    row = next(row for row in told["positions"] if row["programme"] == "bps-floor")
    assert row["missing"][0]["fact"] == "house.floor" and "DTSEN" in row["missing"][0]["why"]


def test_amounts_are_whole_rupiah_and_capped() -> None:
    case = json.loads((FOLDER / "two-cards.json").read_text(encoding="utf-8"))
    sheet = sheet_of(case)
    pkh = next(one for one in sheet.judged if one.rule.programme_id == "pkh" and one.subject_key == "a")
    assert pkh.amounts == (("year", 3_000_000),)
