"""Scores at their bounds, per version; what was not finished proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.posyandu.queries import forms
from simpul.posyandu.rules import scores
from tests.posyandu.judged import book, entry

ELDERS = forms.form("card_lansia")
AKS = {
    one.key: max(int(option.code) for option in one.options)
    for one in ELDERS.row
    if one.key.startswith("aks_") and one.type == "points"
}
"""Questions of the sheet itself with the most points that each can give."""


def daily_life(total: int) -> dict[str, int]:
    """Ten answers that make so many points."""
    left, found = total, {}
    for key, most in AKS.items():
        found[key] = min(left, most)
        left -= found[key]
    return found


@pytest.mark.parametrize(
    ("total", "code"),
    [
        (0, "total"),
        (4, "total"),
        (5, "severe"),
        (8, "severe"),
        (9, "moderate"),
        (11, "moderate"),
        (12, "light"),
        (19, "light"),
        (20, "independent"),
    ],
)
def test_daily_life(total: int, code: str) -> None:
    said = entry(months=800, values=daily_life(total))[f"aks:{code}"]
    assert said.refer is (code != "independent")
    assert said.finding == ("dependence" if said.refer else "")


def test_daily_life_is_not_judged_unfinished() -> None:
    values = daily_life(20)
    del values["aks_stairs"]
    found = entry(months=800, values=values)
    assert [one for one in found if one.startswith("aks")] == ["aks:unfinished"]
    assert "aks:unfinished" in entry(months=800, values={**daily_life(20), "aks_stairs": 9})


def lungs(**given: Any) -> dict[str, Any]:
    answers = {f"puma_{key}": False for key in scores.PUMA_SIGNS}
    return {**answers, "puma_smoking": 0, **given}


FIVE = lungs(puma_smoking=2, puma_cough=True)  # a man of 55: 1 + 1 + 2 + 1
SIX = lungs(puma_smoking=2, puma_cough=True, puma_phlegm=True)
SEVEN = lungs(puma_smoking=2, puma_cough=True, puma_phlegm=True, puma_breathless=True)


@pytest.mark.parametrize(
    ("version", "values", "high"),
    [
        ("kmk-2015-2023", FIVE, False),
        ("kmk-2015-2023", SIX, True),
        ("kmk-2015-2023", SEVEN, True),
        ("kmk-1936-2022", FIVE, False),
        ("kmk-1936-2022", SIX, False),
        ("kmk-1936-2022", SEVEN, True),
        ("card-over-6", FIVE, False),
        ("card-over-6", SIX, False),
        ("card-over-6", SEVEN, True),
    ],
)
def test_lungs_by_version(version: str, values: dict[str, Any], high: bool) -> None:
    found = entry(sex="L", months=55 * 12, values=values, rules=book(puma_refer=version))
    assert (f"puma_refer:{'high' if high else 'low'}") in found


def test_lungs_are_not_asked_below_forty() -> None:
    assert entry(sex="L", months=479, values=SEVEN) == {}


@pytest.mark.parametrize(("age", "points"), [(40, 1), (49, 1), (50, 2), (59, 2), (60, 3)])
def test_sex_and_age_are_the_cards(age: int, points: int) -> None:
    data = book().data("puma_points")
    score = scores.puma(
        sex="L", age_months=age * 12, said=lambda _: False, points={"puma_smoking": 0}.get, data=data
    )
    assert score == scores.Score(points, True, True)


@pytest.mark.parametrize(
    ("years", "daily", "points"),
    [(39, 10, 0), (40, 10, 1), (30, 20, 1), (31, 20, 2), (601, 1, 2), (600, 1, 1)],
)
def test_pack_years(years: int, daily: int, points: int) -> None:
    assert scores.packs_points(years, daily, book().data("puma_points")) == points


@pytest.mark.parametrize(("daily", "points"), [(19, 0), (20, 1), (39, 1), (40, 2)])
def test_pack_years_of_the_other_card(daily: int, points: int) -> None:
    data = book(puma_points="card-weighted").data("puma_points")
    assert scores.packs_points(20, daily, data) == points


def test_years_and_cigarettes_go_before_the_tick() -> None:
    data = book().data("puma_points")
    given = {"smoking_years": 40, "smoking_daily": 20, "puma_smoking": 0}
    found = scores.puma(sex="P", age_months=480, said=lambda _: False, points=given.get, data=data)
    assert found.total == 2


def test_a_high_score_counts_unfinished_and_a_low_one_does_not() -> None:
    few = entry(sex="P", months=480, values={"puma_cough": True})
    assert "puma_refer:unfinished" in few
    many = {key: value for key, value in SEVEN.items() if key != "puma_spirometry"}
    assert "puma_refer:high" in entry(sex="L", months=55 * 12, values=many)


COUGH = {"tbc_cough": True, "tbc_fever": False, "tbc_weight": False, "tbc_contact": False}
TWO = {**COUGH, "tbc_fever": True}
CONTACT = {**COUGH, "tbc_cough": False, "tbc_contact": True}


@pytest.mark.parametrize(
    ("version", "values", "codes"),
    [
        ("kmk-2015-2023", COUGH, {"signs"}),
        ("kmk-2015-2023", TWO, {"signs"}),
        ("kmk-2015-2023", CONTACT, {"contact"}),
        ("older-card", COUGH, {"few"}),
        ("older-card", TWO, {"signs"}),
        ("older-card", CONTACT, {"few"}),
        ("older-card", {**COUGH, "tbc_contact": True}, {"signs"}),
    ],
)
def test_tuberculosis_by_version(version: str, values: dict[str, bool], codes: set[str]) -> None:
    for form in "ABCD":
        found = entry(form, months=None, values=values, rules=book(tbc=version))
        assert {one.code for one in found.values() if one.rule == "tbc"} == codes


def test_the_newer_sheet_asks_how_long_the_cough_lasts() -> None:
    short = {"tbc_cough": False, "tbc_cough_short": True}
    assert "tbc:signs" not in entry(values=short)
    assert "tbc:signs" in entry(values={**short, "tbc_sweat": True})
    assert "tbc:signs" not in entry(values={"tbc_cough_short": False, "tbc_weight": True})
    assert "tbc:signs" in entry(values={"tbc_cough_short": False, "tbc_blood": True})
    assert "tbc:signs" in entry(values={"tbc_cough_short": False, "tbc_cough": True})


def srq(*yes: int) -> dict[str, bool]:
    return {f"srq_{number}": number in yes for number in range(1, 21)}


def test_the_question_on_ending_life_decides_alone() -> None:
    found = entry(values=srq(17))
    assert {key: one.finding for key, one in found.items()} == {"srq:suicide": "suicide_risk"}
    assert found["srq:suicide"].level == "danger"
    assert "srq:suicide" in entry(values={"srq_17": True})


@pytest.mark.parametrize(("yes", "code"), [((1, 2, 3, 4, 5), "none"), ((1, 2, 3, 4, 5, 6), "refer")])
def test_six_of_twenty(yes: tuple[int, ...], code: str) -> None:
    assert f"srq:{code}" in entry(values=srq(*yes))
    both = entry(values=srq(17, *yes))
    assert ("srq:refer" in both) is True
    assert "srq:suicide" in both


def test_twenty_questions_unfinished() -> None:
    assert "srq:unfinished" in entry(values={"srq_1": False})


@pytest.mark.parametrize(
    ("down", "sad", "nervous", "worry", "code"),
    [(1, 1, 2, 0, "none"), (2, 1, 0, 0, "refer"), (0, 0, 0, 3, "refer"), (2, 0, 2, 0, "none")],
)
def test_a_pair_of_the_cards_four(down: int, sad: int, nervous: int, worry: int, code: str) -> None:
    values = dict(
        zip(
            ("mental_down", "mental_sad", "mental_nervous", "mental_worry"),
            (down, sad, nervous, worry),
            strict=True,
        )
    )
    assert f"mind:{code}" in entry("C", months=180, values=values)


def test_any_sign_of_the_elders_is_followed_up() -> None:
    none = dict.fromkeys(scores.SKILAS, False)
    assert "skilas:none" in entry(months=800, values=none)
    for key in scores.SKILAS:
        said = entry(months=800, values={**none, key: True})["skilas:signs"]
        assert (said.refer, said.finding) == (True, "skilas")


@pytest.mark.parametrize(("arm", "code"), [(209, "signs"), (210, "none")])
def test_the_arm_that_was_measured_counts_where_the_tick_is_missing(arm: int, code: str) -> None:
    values = {key: False for key in scores.SKILAS if key != "skilas_muac"}
    assert f"skilas:{code}" in entry(months=800, values=values, columns={"muac_mm": arm})
    assert "skilas:unfinished" in entry(months=800, values=values)
