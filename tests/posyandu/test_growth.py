"""Growth: WHO's published outputs, golden cases, edges, classes; one child is reckoned as many are."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.posyandu.rules import growth
from simpul.posyandu.rules.growth import legal, tables

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "growth"
OLD = growth.BOUNDS["who-2009"]


def survey(name: str) -> tuple[list[dict[str, str]], Any]:
    rows = list(csv.DictReader((VECTORS / name).read_text(encoding="ascii").splitlines()))
    return rows, lambda column: np.array([float(row[column] or "nan") for row in rows])


def test_the_data_file_is_the_one_that_was_compared() -> None:
    digest = hashlib.sha256(tables.FILE.read_bytes()).hexdigest()
    assert digest == "53b34d12845e1286539b6c359855739734081f3c4eedd093a23aca3d3c3f8b22"
    assert tables.FILE.stat().st_size < 300_000
    known = tables.tables()
    assert len(known.child["weight"].m) == 2 * tables.CHILD_ROWS
    assert not np.isnan(known.by_length.m).any()
    assert set(np.unique(known.by_length.l)) == {-0.3521, -0.3833}  # constant, and no error
    for name in ("length", "head"):  # reckoned without a power
        assert set(known.child[name].l[~np.isnan(known.child[name].l)]) == {1.0}
    assert known.child["length"].m[730] - known.child["length"].m[731] == pytest.approx(0.67, abs=0.01)
    assert known.child["length"].m[tables.MONTH_0 + 24] == 87.1161


# --- WHO's own outputs ------------------------------------------------------------------------------------------------


def test_all_498_children_of_who_survey_agree() -> None:
    rows, column = survey("who-survey-0-5.csv")
    found = growth.scores(
        sex=column("sex"),
        age_days=column("age_days"),
        weight_kg=column("weight_kg"),
        length_cm=column("length_cm"),
        measured=[row["measured"] for row in rows],
        oedema=[row["oedema"] == "y" for row in rows],
        head_cm=column("head_cm"),
        muac_cm=column("muac_cm"),
        bounds=OLD,
    )
    assert len(rows) == 498
    for name in growth.INDICES:
        mine, theirs = getattr(found, name), column(name)
        assert (np.isnan(mine) == np.isnan(theirs)).all(), name
        assert np.nanmax(np.abs(mine - theirs)) < 0.005, name
    used = column("used_cm")
    assert np.nanmax(np.abs(found.length - used)) < 0.001
    for name in ("waz", "haz", "whz", "baz"):
        flagged = column(f"flag_{name}")
        bit = 1 << growth.FLAGS.index(f"{name}_implausible")
        assert ((found.flags & bit > 0) == (flagged == 1)).all(), name


def test_who_survey_of_five_to_nineteen_years_agrees() -> None:
    rows, column = survey("who-survey-5-19.csv")
    found = growth.scores(
        sex=column("sex"),
        age_months=column("age_months"),
        weight_kg=column("weight_kg"),
        length_cm=column("length_cm"),
    )
    assert len(rows) == 66
    for name in ("haz", "waz", "baz"):
        mine, theirs = getattr(found, name), column(name)
        assert (np.isnan(mine) == np.isnan(theirs)).all(), name
        assert np.nanmax(np.abs(mine - theirs)) < 0.005, name


@pytest.mark.parametrize(
    ("values", "name", "score"),
    [
        ({"sex": 1, "age_days": 987, "length_cm": 72.86, "measured": "l"}, "haz", -6.09),
        ({"sex": 2, "age_days": 1522, "weight_kg": 17}, "waz", 0.24),
        ({"sex": 1, "age_months": 8, "length_cm": 60, "measured": "h"}, "haz", -4.81),
        ({"sex": 1, "age_months": 9, "length_cm": 60, "measured": "h"}, "haz", -5.02),
        ({"sex": 2, "age_months": 24, "length_cm": 77.5}, "haz", -2.55),
        ({"sex": 2, "age_months": 24, "length_cm": 77.5, "measured": "h"}, "haz", -2.55),
        ({"sex": 2, "age_months": 60.32, "length_cm": 113.8, "weight_kg": 18.7}, "haz", 0.96),
        ({"sex": 2, "age_months": 60.32, "length_cm": 113.8, "weight_kg": 18.7}, "waz", 0.21),
        ({"sex": 2, "age_months": 60.911701, "length_cm": 113.6, "weight_kg": 20.5}, "baz", 0.42),
    ],
)
def test_golden_cases(values: dict[str, Any], name: str, score: float) -> None:
    assert getattr(growth.scores(**values), name)[0] == pytest.approx(score, abs=0.001)


# --- edges --------------------------------------------------------------------------------------------------------------


def test_months_become_days_half_up() -> None:
    months = np.array([8, 9, 24])
    assert np.floor(months * growth.DAYS_OF_MONTH + 0.5).tolist() == [244, 274, 731]


def test_lying_and_standing_change_at_731_days() -> None:
    kept = [
        float(growth.scores(sex=1, age_days=days, length_cm=85, measured=measured).length[0])
        for days in (730, 731)
        for measured in ("l", "h", "")
    ]
    assert kept == pytest.approx([85, 85.7, 85, 84.3, 85, 85])


def test_weight_by_length_takes_the_table_of_the_age_and_without_age_of_the_position() -> None:
    lying, standing = (
        float(growth.scores(sex=1, age_days=days, weight_kg=9, length_cm=66).whz[0]) for days in (730, 731)
    )
    assert lying != standing
    for measured, length, same in (("l", 66, lying), ("h", 66, standing), ("", 66, lying)):
        found = growth.scores(sex=1, weight_kg=9, length_cm=length, measured=measured)
        assert found.whz[0] == same
        assert np.isnan(found.waz[0]) and np.isnan(found.haz[0])
    assert growth.scores(sex=1, weight_kg=12, length_cm=87).whz[0] == pytest.approx(
        growth.scores(sex=1, age_days=800, weight_kg=12, length_cm=87).whz[0]
    )


@pytest.mark.parametrize(
    ("days", "length", "defined"),
    [
        (100, 44.9, 0),
        (100, 45, 1),
        (700, 110, 1),
        (700, 110.1, 0),
        (731, 64.9, 0),
        (731, 65, 1),
        (1800, 120, 1),
        (1800, 120.1, 0),
    ],
)
def test_ends_of_the_tables_by_length(days: int, length: float, defined: int) -> None:
    found = growth.scores(sex=2, age_days=days, weight_kg=5, length_cm=length)
    assert np.isnan(found.whz[0]) != defined
    assert ("length_outside" in growth.flag_names(int(found.flags[0]))) != defined


def test_corrected_length_at_the_very_end_is_inside() -> None:
    found = growth.scores(sex=1, age_days=700, weight_kg=18, length_cm=109.3, measured="h")
    assert not np.isnan(found.whz[0])


def test_ends_of_the_ages() -> None:
    def defined(name: str, bounds: growth.Bounds = growth.CURRENT, **age: float) -> bool:
        found = growth.scores(
            sex=1, weight_kg=18, length_cm=105, head_cm=50, muac_cm=16, bounds=bounds, **age
        )
        return not np.isnan(getattr(found, name)[0])

    assert defined("waz", age_days=0) and not defined("waz", age_days=-1)
    assert not defined("acz", age_days=90) and defined("acz", age_days=91)
    for name in ("whz", "hcz", "acz"):
        assert defined(name, age_days=1826) and not defined(name, age_days=1827), name
        assert defined(name, OLD, age_days=1856), name
    for name in ("waz", "haz", "baz"):
        assert defined(name, age_days=1826) and defined(name, age_days=1827), name  # 60.0 months and on
        assert not defined(name, growth.BOUNDS["who-2020"], age_days=1827), name  # 60 to 61 was left blank
        assert defined(name, growth.BOUNDS["who-2020"], age_months=61), name
    assert defined("waz", age_months=120.99) and not defined("waz", age_months=121)
    assert not defined("waz", growth.BOUNDS["who-2020"], age_months=120.5)
    assert defined("haz", age_months=228.9) and not defined("haz", age_months=229)


def test_what_is_missing_or_impossible_gives_nothing_and_says_so() -> None:
    found = growth.scores(
        sex=[0, 1, 1, 1, 1],
        age_days=[100, np.nan, -5, 100, 9000],
        weight_kg=[6, 6, 6, 0, 6],
        length_cm=[60, 0, 60, -3, 60],
    )
    assert np.isnan([found.waz, found.haz, found.whz, found.baz]).all()
    said = [growth.flag_names(int(bits)) for bits in found.flags]
    assert said[0] == ("no_sex",)
    assert said[1] == ("no_age", "length_impossible")
    assert said[2] == ("birth_after",)
    assert said[3] == ("weight_impossible", "length_impossible")
    assert said[4] == ("too_old",)


def test_implausible_scores_are_marked_and_kept() -> None:
    found = growth.scores(sex=[1, 1], age_days=800, weight_kg=[3, 40], length_cm=[60, 115])
    names = [growth.flag_names(int(bits)) for bits in found.flags]
    assert {"haz_implausible", "waz_implausible"} <= set(names[0])
    assert {"waz_implausible", "whz_implausible", "baz_implausible"} <= set(names[1])
    assert not np.isnan(found.waz).any()
    assert found.waz[0] < -6 and found.waz[1] > 5


def test_oedema_leaves_scores_by_weight_out_and_is_classed_gravest() -> None:
    born = date(2025, 1, 10)
    found = growth.one(
        sex="P", birth_date=born, measured_date=date(2026, 1, 12), weight_g=9_000, height_mm=740, oedema=True
    )
    assert [found.day[name] for name in ("waz", "whz", "baz")] == [None] * 3
    assert found.day["haz"] is not None
    assert found.classes == {
        "bb_u": "severely_underweight",
        "tb_u": "normal",
        "bb_tb": "severely_wasted",
        "imt_u": "severely_wasted",
    }
    assert found.flags == ("oedema",)


# --- completed months ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "on", "months"),
    [
        (date(2026, 1, 20), date(2026, 6, 13), 4),
        (date(2026, 1, 20), date(2026, 6, 19), 4),
        (date(2026, 1, 20), date(2026, 6, 20), 5),
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2026, 1, 31), date(2026, 4, 30), 2),
        (date(2026, 1, 31), date(2026, 5, 1), 3),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2024, 2, 29), date(2028, 2, 29), 48),
        (date(2026, 5, 5), date(2026, 5, 5), 0),
        (date(2026, 5, 5), date(2026, 5, 4), -1),
    ],
)
def test_completed_months(birth: date, on: date, months: int) -> None:
    assert growth.completed_months(birth, on) == months


def test_by_months_the_row_of_the_completed_month_counts() -> None:
    """2 months and 29 days are 2 months by the regulation: the same child is judged milder there than by days."""
    found = growth.one(sex="L", birth_date=date(2026, 1, 1), measured_date=date(2026, 3, 30), height_mm=565)
    assert (found.age_months, found.age_days) == (2, 88)
    assert found.month["haz"] == round((56.5 / 58.4249 - 1) / 0.03424 * 100)
    assert found.day["haz"] < found.month["haz"]
    assert found.classes["tb_u"] == "normal" and found.day_classes["tb_u"] == "stunted"
    assert found.disagree == ("tb_u",)


def test_at_24_completed_months_the_table_is_the_standing_one() -> None:
    born = date(2024, 3, 15)
    before, after = (
        growth.one(sex="L", birth_date=born, measured_date=on, height_mm=871, weight_g=12_000)
        for on in (date(2026, 3, 14), date(2026, 3, 15))
    )
    assert (before.age_months, after.age_months) == (23, 24)
    assert after.month["haz"] == round((87.1 / 87.1161 - 1) / 0.03507 * 100)
    lying = growth.one(sex="L", birth_date=born, measured_date=date(2026, 3, 15), height_mm=878, measured="l")
    assert lying.month["haz"] == after.month["haz"]


def test_sixty_months_are_the_last_of_the_young_table_and_five_to_eighteen_has_classes_of_its_own() -> None:
    born = date(2021, 4, 1)
    last = growth.one(
        sex="P", birth_date=born, measured_date=date(2026, 4, 30), weight_g=24_000, height_mm=1050
    )
    assert last.age_months == 60
    assert last.month["whz"] is not None and last.classes["bb_tb"]
    first = growth.one(
        sex="P", birth_date=born, measured_date=date(2026, 5, 1), weight_g=24_000, height_mm=1050
    )
    assert first.age_months == 61
    assert first.month["whz"] is None and first.month["baz"] is not None
    assert [first.classes[name] for name in ("bb_u", "tb_u", "bb_tb")] == ["", "", ""]
    assert first.classes["imt_u"] == "obese"


def test_adults_and_the_unborn_get_nothing() -> None:
    adult = growth.one(
        sex="P", birth_date=date(1990, 1, 1), measured_date=date(2026, 1, 1), weight_g=60_000, height_mm=1550
    )
    assert set(adult.day.values()) == set(adult.month.values()) == {None}
    assert set(adult.classes.values()) == {""} and adult.flags == ()
    unborn = growth.one(
        sex="P", birth_date=date(2026, 2, 1), measured_date=date(2026, 1, 1), weight_g=3_000, height_mm=500
    )
    assert set(unborn.day.values()) == {None} and unborn.flags == ("birth_after",)


# --- classes: the inclusive side of every bound --------------------------------------------------------------------------

BELOW_3 = {"bb_u": "severely_underweight", "tb_u": "severely_stunted", "bb_tb": "severely_wasted"}
BELOW_2 = {"bb_u": "underweight", "tb_u": "stunted", "bb_tb": "wasted"}


@pytest.mark.parametrize("name", ["bb_u", "tb_u", "bb_tb", "imt_u"])
def test_bounds_of_children(name: str) -> None:
    said = {
        z: legal.classes(
            name, np.array([z]), child=np.array([True]), youth=np.array([False]), oedema=np.array([False])
        )[0]
        for z in (-3.01, -3.0, -2.99, -2.01, -2.0, 1.0, 1.01, 2.0, 2.01, 3.0, 3.01)
    }
    kind = "bb_tb" if name == "imt_u" else name
    assert said[-3.01] == BELOW_3[kind]
    assert said[-3.0] == said[-2.99] == said[-2.01] == BELOW_2[kind]
    assert said[-2.0] == said[1.0] == "normal"
    over = {
        "bb_u": ["overweight_risk"] * 5,
        "tb_u": ["normal"] * 4 + ["tall"],
        "bb_tb": ["overweight_risk", "overweight_risk", "overweight", "overweight", "obese"],
    }[kind]
    assert [said[z] for z in (1.01, 2.0, 2.01, 3.0, 3.01)] == over


def test_bounds_of_five_to_eighteen_years() -> None:
    z = np.array([-3.01, -3.0, -2.01, -2.0, 1.0, 1.01, 2.0, 2.01, 3.01])
    truth = np.ones(len(z), dtype=bool)
    said = legal.classes("imt_u", z, child=~truth, youth=truth, oedema=~truth)
    assert said.tolist() == [
        "severely_wasted", "wasted", "wasted", "normal", "normal", "overweight", "overweight", "obese", "obese",
    ]  # fmt: skip
    assert legal.classes("tb_u", z, child=~truth, youth=truth, oedema=~truth).tolist() == [""] * len(z)


def test_a_score_is_rounded_first_and_classed_then() -> None:
    assert legal.step(-1.995) == legal.step(-2.0) == 2
    assert legal.step(-2.004) == 2 and legal.step(-2.006) == 1


# --- properties ---------------------------------------------------------------------------------------------------------

MEASURES = {
    "sex": st.sampled_from(["L", "P", ""]),
    "birth_date": st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    "age": st.integers(-400, 8000),
    "weight_g": st.none() | st.integers(0, 200_000),
    "height_mm": st.none() | st.integers(0, 2_500),
    "measured": st.sampled_from(["", "l", "h"]),
    "oedema": st.booleans(),
    "head_mm": st.none() | st.integers(0, 700),
    "muac_mm": st.none() | st.integers(0, 500),
}


@settings(max_examples=150, deadline=None)
@given(cases=st.lists(st.fixed_dictionaries(MEASURES), min_size=1, max_size=6))
def test_one_child_is_reckoned_as_many_are(cases: list[dict[str, Any]]) -> None:
    def column(name: str, parts: int) -> list[float]:
        return [np.nan if case[name] is None else case[name] / parts for case in cases]

    single = []
    for case in cases:
        given_ = dict(case)
        given_["measured_date"] = given_["birth_date"] + timedelta(days=given_.pop("age"))
        single.append(growth.one(**given_))
    shared: dict[str, Any] = {
        "sex": [case["sex"] for case in cases],
        "weight_kg": column("weight_g", 1000),
        "length_cm": column("height_mm", 10),
        "measured": [case["measured"] for case in cases],
        "oedema": [case["oedema"] for case in cases],
        "head_cm": column("head_mm", 10),
        "muac_cm": column("muac_mm", 10),
    }
    by_day = growth.scores(**shared, age_days=[one.age_days for one in single])
    by_month = growth.scores(**shared, age_months=[one.age_months for one in single], method=growth.PMK_MONTH)
    for at, one in enumerate(single):
        for found, known in ((by_day, one.day), (by_month, one.month)):
            for name, hundredths in known.items():
                score = getattr(found, name)[at]
                if hundredths is None:
                    assert np.isnan(score)
                elif abs(hundredths) < 32_000:
                    assert round(score * 100) == hundredths
        for name, index in growth.INDEX.items():
            labels = growth.classes(
                name,
                getattr(by_month, index)[at : at + 1],
                child=by_month.child[at : at + 1],
                youth=by_month.youth[at : at + 1],
                oedema=np.array([cases[at]["oedema"]]),
            )
            if cases[at]["sex"] and one.age_months <= legal.LAST_CLASSED_MONTH:
                assert labels[0] == one.classes[name]


@settings(max_examples=60, deadline=None)
@given(sex=st.sampled_from([1, 2]), days=st.integers(91, 6_900), measured=st.sampled_from(["", "l", "h"]))
def test_more_is_never_less(sex: int, days: int, measured: str) -> None:
    steps = np.arange(1, 400)
    weights = growth.scores(
        sex=np.full(399, sex), age_days=np.full(399, days), weight_kg=steps / 4, length_cm=np.full(399, 88.0)
    )
    for name in ("waz", "whz", "baz"):
        scores = getattr(weights, name)
        assert np.isnan(scores).all() or (np.diff(scores) >= 0).all(), name
    lengths = growth.scores(
        sex=np.full(399, sex),
        age_days=np.full(399, days),
        length_cm=steps / 2,
        measured=np.full(399, measured),
        head_cm=steps / 6,
        muac_cm=steps / 10,
    )
    for name in ("haz", "hcz", "acz"):
        scores = getattr(lengths, name)
        assert np.isnan(scores).all() or (np.diff(scores) >= 0).all(), name


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.floats(allow_nan=True, allow_infinity=True, width=64)] * 6), min_size=1, max_size=5
    )
)
def test_no_number_makes_it_fail(rows: list[tuple[float, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    for method in (growth.WHO_DAY, growth.PMK_MONTH):
        found = growth.scores(
            sex=[1] * len(rows),
            age_days=columns[0],
            age_months=columns[1],
            weight_kg=columns[2],
            length_cm=columns[3],
            head_cm=columns[4],
            muac_cm=columns[5],
            method=method,
        )
        assert len(found.waz) == len(rows)
