"""`simpul screen`: a household's file read forgivingly, refused with the field named; a region; two versions of a rule."""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest

from simpul.cli import screen
from simpul.lib.actor import MACHINE
from simpul.programmes.actions import programmes as programme_acts
from simpul.programmes.queries import household_file
from tests.cast import NOW, assemble
from tests.programmes.register import families

ON = date(2026, 11, 25)
DOC = Path(__file__).parents[2] / "docs" / "operations" / "screen.md"
FLOOR = Path(__file__).parents[1] / "vectors" / "screen" / "poor-fit-unfit.json"


def command(**given: Any) -> int:
    """Run the command in this process."""
    plain = {
        "file": None, "all": False, "region": "7303", "on": ON, "out": None, "format": "csv", "compare": "", "json": True,
    }  # fmt: skip
    return screen.run(argparse.Namespace(**{**plain, **given}))


@pytest.fixture
def household(tmp_path: Path) -> Path:
    """The household that is poor for BPS, fit for the SDGs and unfit for BSPS."""
    path = tmp_path / "household.json"
    path.write_text(json.dumps(json.loads(FLOOR.read_text(encoding="utf-8"))["household"]), encoding="utf-8")
    return path


def test_a_file_is_judged_with_reasons(db: None, household: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(file=household) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {row["programme"]: row for row in told["verdicts"]}
    assert [rows[code]["words"] for code in ("bps-14", "sdg-floor-area", "bsps-floor-area")] == [
        "miskin", "layak", "tidak layak",
    ]  # fmt: skip
    assert told["differences"] and told["ask_next"] and told["compute_ms"] > 0
    assert command(file=household, json=False) == 0
    said = capsys.readouterr().out
    assert "Di mana lembaga-lembaga berbeda" in said and "Tanyakan ini dulu" in said


def test_the_example_of_the_documentation_is_read_without_a_warning(db: None, tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    given = household_file.read_text(example[1], ON)
    assert given.warnings == [] and given.region_code == "7303"
    record = given.record
    assert (
        record.house["floor"] == "dtsen/5"
        and record.house["wall"] == "bdt/6"
        and record.house["toilet"] == "shared"
    )
    assert record.house["lighting"] == "bdt/3" and record.house["floor_area_dm2"] == 3000
    assert record.families[0].receives == {"pkh": True}
    assert [one.heads_household for one in record.members] == [True, False, False]
    assert record.members[2].birth_rough


@pytest.mark.parametrize(
    "given",
    [
        {"house": {"floor": 9}, "members": [{"age": 70, "sex": "P"}], "receives": ["pkh"]},
        [{"house": {"floor": "9"}, "members": [{"age": "70", "sex": "F"}], "receives": "pkh"}],
        {"households": [{"house": {"floor": "Tanah"}, "members": [{"age": 70.0, "sex": 2}], "receives": {"pkh": True}}]},
        {"household": {"house": {"floor": 9.0}, "members": [{"age": 70, "sex": "wanita"}], "receives": ["pkh"]}},
        {"list_version": "BDT", "floor": "bdt/9", "members": [{"birth_date": "25-11-1956", "sex": "Perempuan"}], "has_pkh": 1,
         "receives": ["PKH"]},
    ],
)  # fmt: skip
def test_shapes_that_strangers_try_are_one_household(db: None, given: Any) -> None:
    found = household_file.read_text(json.dumps(given), ON)
    (member,) = found.record.members
    assert found.warnings == []
    assert found.record.house["floor"] in ("bdt/9", "earth")
    assert (member.birth_date, member.values["sex"]) == (date(1956, 11, 25), "female")
    assert found.record.receives == found.record.families[0].receives == {"pkh": True}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"has_pkh": 2, "fridge": 4}, {"has_pkh": False, "fridge": False}),
        ({"has_pkh": "1", "fridge": "3"}, {"has_pkh": True, "fridge": True}),
        ({"has_pkh": "Ya", "fridge": "tidak", "members": None}, {"has_pkh": True, "fridge": False}),
        ({"can_pay_clinic": 0, "gold": None}, {"can_pay_clinic": False, "gold": None}),
    ],
)
def test_yes_and_no_are_read_in_the_codes_of_the_form(given: Any, said: dict[str, bool | None]) -> None:
    values = household_file.read_text(json.dumps(given), ON).record.values
    assert {key: values[key] for key in said} == said


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ({"office": "civil_servant"}, True),
        ({"job_status": 5}, True),
        ({"office": "none"}, None),
        ({"office": "army", "works": False}, False),
        ({}, None),
    ],
)
def test_who_holds_an_office_works_unless_the_file_says_otherwise(said: Any, works: bool | None) -> None:
    (member,) = household_file.read_text(json.dumps({"members": [said]}), ON).record.members
    assert member.values.get("works") is works


@pytest.mark.parametrize(
    "text", ["[" * 90_000, "[{}, {}]", '{"fridge": 1}', '{"has_pkh": 3}', '{"members": {"a": 1}}']
)
def test_what_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(household_file.FileUnreadable):
        household_file.read_text(text, ON)


def test_unknown_keys_are_reported_and_passed_over(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.json"
    path.write_text('{"colour": "red", "members": [{"shoe": 42}], "families": [{"x": 1}]}', encoding="utf-8")
    assert command(file=path) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["warnings"]) == 3 and "members[1].shoe" in " ".join(told["warnings"])


WRONG = [
    ('{"house": {"floor": 99}}', "house.floor"),
    ('{"house": {"floor_area_m2": "wide"}}', "house.floor_area_m2"),
    ('{"house": {"floor_area_m2": true}}', "house.floor_area_m2"),
    ('{"household": {"lacked_food": "perhaps"}}', "household.lacked_food"),
    ('{"household": {"income_month": 1.5}}', "household.income_month"),
    ('{"members": [{"birth_date": "yesterday"}]}', "members[1].birth_date"),
    ('{"members": [{"birth_date": "2027-01-01"}]}', "members[1].birth_date"),
    ('{"members": [{"age": "old"}]}', "members[1].age"),
    ('{"members": [{"sex": "x"}]}', "members[1].sex"),
    ('{"members": [{"family": "z"}], "families": [{"key": "a"}, {"key": "b"}]}', "members[1].family"),
    ('{"families": [{"decile": 11}]}', "families[1].decile"),
    ('{"receives": 3}', "receives"),
    ('{"members": {"name": "Baso"}}', "members"),
    ('{"house": 3}', "house"),
    ('{"list_version": "bdt9"}', "list_version"),
    ("[1, 2]", "kurung kurawal"),
    ("{broken", "JSON"),
]


@pytest.mark.parametrize(("text", "named"), WRONG, ids=[named for _text, named in WRONG])
def test_a_value_that_cannot_be_read_is_refused_with_its_field(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: str
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    assert command(file=path) == 1
    assert named in capsys.readouterr().err


def test_wrong_use_is_said(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command() == 2
    assert command(file=tmp_path / "x", all=True) == 2
    assert command(file=tmp_path / "nothing.json") == 2
    assert command(all=True, region="") == 2


def test_a_region_is_written_as_files_with_a_summary(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assemble()
    programme_acts.load_programmes(by=MACHINE, at=NOW)
    families()
    assert command(all=True, out=tmp_path / "csv") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sizes"]["household"] == 2
    rows = polars.read_csv(tmp_path / "csv" / "household.csv")
    assert sorted(rows["bps-floor-area"]) == ["no", "yes"]
    assert command(all=True, out=tmp_path / "pq", format="parquet") == 0
    assert polars.read_parquet(tmp_path / "pq" / "person.parquet").height == 5
    assert (tmp_path / "csv" / "household.csv").stat().st_mode & 0o077 == 0
    assert command(all=True, json=False) == 0
    assert "Masuk menurut satu aturan" in capsys.readouterr().out


def test_a_region_tells_whose_verdict_a_new_version_changes(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assemble()
    programme_acts.load_programmes(by=MACHINE, at=NOW)
    families()
    assert command(all=True, compare="pbi-jk", out=tmp_path) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["before"] == "Permensos 21/2019" and told["after"] == "Permensos 3/2026"
    assert told["changed"] == len(told["rows"]) == sum(told["moves"].values()) > 0
    assert command(all=True, compare="bps-14") == 1
    assert "pbi-jk" in capsys.readouterr().err
    assert command(all=True, compare="pbi-jk", json=False) == 0
