"""Every bound on its own side, every version by its own number, and words for whatever a rule can say."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import judging
from tests.posyandu.judged import ON, Grown, book, entry


def only(found: dict[str, judging.Judgement], rule: str) -> judging.Judgement:
    said = [one for one in found.values() if one.rule == rule]
    assert len(said) == 1, found
    return said[0]


@pytest.mark.parametrize(
    ("upper", "lower", "code"),
    [
        (119, 79, "optimal"),
        (120, 79, "normal"),
        (119, 80, "normal"),
        (129, 84, "normal"),
        (130, 70, "high_normal"),
        (110, 85, "high_normal"),
        (139, 89, "high_normal"),
        (140, 70, "grade_1"),
        (120, 90, "grade_1"),
        (159, 99, "grade_1"),
        (160, 80, "grade_2"),
        (140, 100, "grade_2"),
        (179, 109, "grade_2"),
        (180, 70, "grade_3"),
        (130, 110, "grade_3"),
    ],
)
def test_the_higher_of_two_pressures_decides(upper: int, lower: int, code: str) -> None:
    said = only(entry(columns={"systolic": upper, "diastolic": lower}), "pressure")
    assert said.code == code
    assert said.refer is code.startswith("grade")
    wanted = {"grade_1": "high_pressure", "grade_2": "high_pressure", "grade_3": "very_high_pressure"}
    assert said.finding == wanted.get(code, "")


@pytest.mark.parametrize(
    ("months", "sex", "pair", "code"),
    [
        (156, "P", (119, 79), "normal"),
        (156, "P", (120, 79), "elevated"),
        (156, "P", (119, 80), "stage_1"),
        (180, "L", (130, 70), "stage_1"),
        (215, "L", (140, 70), "stage_2"),
        (215, "L", (130, 90), "stage_2"),
        (155, "L", (112, 74), "normal"),
        (155, "L", (113, 74), "screen"),
        (155, "P", (113, 74), "normal"),
        (155, "P", (113, 75), "screen"),
        (72, "L", (105, 60), "screen"),
        (72, "", (100, 60), "no_class"),
    ],
)
def test_the_young_have_a_table_of_their_own(months: int, sex: str, pair: tuple[int, int], code: str) -> None:
    found = entry("C", sex=sex, months=months, columns={"systolic": pair[0], "diastolic": pair[1]})
    assert only(found, "pressure_young").code == code
    assert not [one for one in found.values() if one.rule == "pressure"]


def test_without_the_screening_table_a_child_is_measured_and_handed_over() -> None:
    rules = book(pressure_young="aap-2017-teens-only")
    said = only(
        entry("C", months=120, columns={"systolic": 130, "diastolic": 85}, rules=rules), "pressure_young"
    )
    assert (said.code, said.refer, said.finding) == ("no_class", True, "")


def test_a_mother_of_sixteen_is_judged_as_a_mother_and_low_pressure_is_a_danger_to_her() -> None:
    found = entry("A", months=16 * 12, columns={"systolic": 140, "diastolic": 85})
    assert only(found, "pressure").code == "grade_1"
    low = only(entry("A", columns={"systolic": 89, "diastolic": 70}), "pressure_low")
    assert (low.code, low.level, low.refer) == ("danger", "danger", True)
    assert only(entry("D", columns={"systolic": 89, "diastolic": 70}), "pressure_low").code == "low"
    assert "pressure_low:low" not in entry("D", columns={"systolic": 90, "diastolic": 60})


@pytest.mark.parametrize(
    ("glucose", "code"),
    [(99, "normal"), (100, "between"), (139, "between"), (140, "raised"), (199, "raised"), (200, "high")],
)
def test_random_glucose(glucose: int, code: str) -> None:
    said = only(entry(columns={"glucose": glucose}), "glucose")
    assert (said.code, said.finding) == (code, "high_glucose" if code == "high" else "")


@pytest.mark.parametrize(
    ("glucose", "code"), [(99, "normal"), (100, "raised"), (125, "raised"), (126, "high")]
)
def test_fasting_glucose(glucose: int, code: str) -> None:
    found = entry(columns={"glucose": glucose}, values={"glucose_fasting": True})
    assert only(found, "glucose_fasting").code == code


@pytest.mark.parametrize(
    ("version", "grams", "code"),
    [
        # a height of 1,000 mm makes grams the index in thousandths
        ("kmk-2015-2023", 18_499, "thin"),
        ("kmk-2015-2023", 18_500, "normal"),
        ("kmk-2015-2023", 22_999, "normal"),
        ("kmk-2015-2023", 23_000, "heavy"),
        ("kmk-2015-2023", 24_999, "heavy"),
        ("kmk-2015-2023", 25_000, "obese_1"),
        ("kmk-2015-2023", 29_999, "obese_1"),
        ("kmk-2015-2023", 30_000, "obese_2"),
        ("kmk-as-printed", 23_000, "obese_1"),
        ("card-17", 16_999, "very_thin"),
        ("card-17", 17_000, "thin"),
        ("card-17", 25_000, "normal"),
        ("card-17", 25_010, "heavy"),
    ],
)
def test_body_mass_index_by_version(version: str, grams: int, code: str) -> None:
    found = entry(columns={"weight_g": grams, "height_mm": 1000}, rules=book(adult_bmi=version))
    said = only(found, "adult_bmi")
    assert (said.code, said.version, said.refer) == (code, version, False)


@pytest.mark.parametrize(
    ("sex", "waist", "code"), [("L", 900, "good"), ("L", 901, "high"), ("P", 800, "good"), ("P", 801, "high")]
)
def test_waist_by_sex(sex: str, waist: int, code: str) -> None:
    said = only(entry(sex=sex, columns={"waist_mm": waist}), "waist")
    assert (said.code, said.finding) == (code, "high_waist" if code == "high" else "")


@pytest.mark.parametrize(("arm", "code"), [(234, "kek"), (235, "good")])
def test_kek_by_the_arm(arm: int, code: str) -> None:
    said = only(entry("A", columns={"muac_mm": arm}), "kek")
    assert (said.code, said.finding) == (code, "kek" if code == "kek" else "")


@pytest.mark.parametrize(
    ("weeks", "grams", "thin"), [(13, 41_624, True), (13, 41_625, False), (14, 41_624, False)]
)
def test_kek_by_body_mass_in_the_first_three_months_alone(weeks: int, grams: int, thin: bool) -> None:
    found = entry(
        "A",
        values={"gestation_weeks": weeks},
        columns={"weight_g": grams, "muac_mm": 240},
        details={"start_height": 1500},
    )
    assert ("kek:kek" in found) is thin


def test_weeks_follow_from_the_last_period() -> None:
    found = entry("A", columns={"weight_g": 40_000, "height_mm": 1500}, details={"last_period": "2026-09-01"})
    assert "kek:kek" in found


@pytest.mark.parametrize(
    ("form", "sex", "months", "hb", "code"),
    [
        ("A", "P", 300, 109, "low"),
        ("A", "P", 300, 110, "good"),
        ("A", "P", 300, 69, "severe"),
        ("C", "P", 150, 119, "low"),
        ("C", "P", 150, 120, "good"),
        ("C", "P", 150, 79, "severe"),
        ("D", "L", 400, 129, "low"),
        ("D", "L", 400, 130, "good"),
    ],
)
def test_haemoglobin(form: str, sex: str, months: int, hb: int, code: str) -> None:
    said = only(entry(form, sex=sex, months=months, values={"haemoglobin": hb}), "haemoglobin")
    assert (said.code, said.refer) == (code, code != "good")


@pytest.mark.parametrize(
    ("months", "arm", "code"),
    [
        (6, 114, "red"),
        (6, 115, "yellow"),
        (59, 124, "yellow"),
        (59, 125, "green"),
        (5, 100, ""),
        (60, 100, ""),
    ],
)
def test_the_arm_tape_of_children(months: int, arm: int, code: str) -> None:
    found = entry("B", months=months, columns={"muac_mm": arm})
    assert [one.code for one in found.values() if one.rule == "muac"] == ([code] if code else [])


@pytest.mark.parametrize(
    ("score", "code"), [(-201, "small_head"), (-200, "normal"), (200, "normal"), (201, "large_head")]
)
def test_head(score: int, code: str) -> None:
    found = entry("B", months=10, grown=Grown(day={"hcz": score}))
    assert only(found, "head").code == code


@pytest.mark.parametrize(
    ("grams", "code"),
    [
        (999, "extremely_low"),
        (1000, "very_low"),
        (1500, "low"),
        (2499, "low"),
        (2500, "normal"),
        (4000, "normal"),
        (4001, "large"),
    ],
)
def test_birth_weight_is_said_with_the_first_entry(grams: int, code: str) -> None:
    given = {"months": 2, "details": {"birth_weight": grams}}
    assert only(entry("B", **given), "birth_weight").code == code  # type: ignore[arg-type]
    later = entry("B", past=[judging.Past(date(2026, 10, 1))], **given)  # type: ignore[arg-type]
    assert f"birth_weight:{code}" not in later


def test_growth_classes_are_referred_as_the_card_says() -> None:
    grown = Grown(
        classes={"bb_u": "underweight", "tb_u": "severely_stunted", "bb_tb": "overweight_risk"},
        month={"waz": -250},
    )
    found = entry("B", months=20, grown=grown)
    assert found["growth_classes:bb_u_underweight"].finding == "underweight"
    assert found["growth_classes:tb_u_severely_stunted"].finding == "severely_stunted"
    assert found["growth_classes:bb_tb_overweight_risk"].refer
    assert "red_line:bgm" not in found


def test_below_the_red_line_is_followed_up_once() -> None:
    grown = Grown(classes={"bb_u": "severely_underweight", "bb_tb": "wasted"}, month={"waz": -301})
    found = entry("B", months=20, grown=grown, columns={"weight_g": 7000})
    assert found["red_line:bgm"].finding == "below_red_line"
    assert found["growth_classes:bb_u_severely_underweight"].finding == ""
    exactly = entry("B", months=20, grown=Grown(classes={"bb_u": "underweight"}, month={"waz": -300}))
    assert "red_line:bgm" not in exactly


def test_body_mass_for_age_speaks_where_weight_for_height_is_missing() -> None:
    both = entry("B", months=20, grown=Grown(classes={"bb_tb": "wasted", "imt_u": "severely_wasted"}))
    assert "growth_classes:bb_tb_wasted" in both
    assert "growth_classes:imt_u_severely_wasted" not in both
    alone = entry("B", months=20, grown=Grown(classes={"bb_tb": "", "imt_u": "wasted"}))
    assert alone["growth_classes:imt_u_wasted"].finding == "wasted"


def test_the_two_tables_for_school_age_differ_in_severe_thinness() -> None:
    grown = Grown(classes={"imt_u": "severely_wasted"})
    permenkes = entry("C", months=120, grown=grown)
    assert permenkes["bmi_school:severely_wasted"].finding == "severely_wasted"
    kmk = entry("C", months=120, grown=grown, rules=book(bmi_school="kmk-2015-2023"))
    assert kmk["bmi_school:wasted"].finding == "wasted"


def test_swollen_feet_are_a_danger_whatever_the_scale_says() -> None:
    said = only(entry("B", months=20, columns={"oedema": True, "weight_g": 11_000}), "oedema")
    assert (said.level, said.finding, said.refer) == ("danger", "oedema", True)


def test_one_impaired_eye_is_enough_and_both_parts_are_told() -> None:
    found = entry(
        values={"eye_left": "impaired", "eye_right": "normal", "ear_left": "normal", "ear_right": "impaired"}
    )
    assert {one.finding for one in found.values() if one.rule == "senses"} == {"eyes", "hearing"}
    assert "senses:good" in entry(values={"eye_left": "normal"})


@pytest.mark.parametrize(
    ("month", "months", "given", "code"),
    [
        (2, 6, None, "due"),
        (8, 11, False, "due"),
        (8, 12, None, "red_due"),
        (8, 59, True, "given"),
        (8, 60, None, ""),
        (2, 5, None, ""),
        (7, 20, None, ""),
    ],
)
def test_vitamin_a_in_its_months(month: int, months: int, given: bool | None, code: str) -> None:
    values = {} if given is None else {"vitamin_a": given}
    found = entry("B", months=months, on=date(2026, month, 12), values=values)
    assert [one.code for one in found.values() if one.rule == "vitamin_a"] == ([code] if code else [])


def test_deworming_in_august_from_one_year() -> None:
    august = date(2026, 8, 5)
    assert "deworming:due" in entry("B", months=12, on=august)
    assert "deworming:due" not in entry("B", months=11, on=august)
    assert "deworming:due" not in entry("B", months=12, on=date(2026, 2, 5))


def test_feeding_by_age() -> None:
    assert "feeding:no_breast_milk" in entry("B", months=5, values={"breastfeeding": False})
    assert "feeding:breast_milk" not in entry("B", months=6, values={"breastfeeding": True})
    assert "feeding:complementary" in entry("B", months=6, values={"complementary_food": True})
    assert "feeding:no_complementary" not in entry("B", months=24, values={"complementary_food": False})


def test_a_mothers_red_marks_are_handed_over() -> None:
    found = entry("A", values={"weight_on_curve": False, "pressure_on_curve": True, "iron_daily": False})
    assert found["mother_card:weight_off_curve"].refer
    assert not found["mother_card:no_iron"].refer
    assert "mother_card:pressure_off_curve" not in found


def test_an_empty_entry_says_nothing() -> None:
    for form in "ACD":
        assert entry(form) == {}


def test_judgements_come_back_from_what_an_entry_keeps() -> None:
    found = tuple(entry(columns={"systolic": 182, "diastolic": 90}).values())
    assert judging.of_kept(judging.kept(found)) == found
    old = judging.of_kept([{"rule": "gone", "version": "x", "code": "odd", "level": "watch", "refer": False}])
    assert old[0].words == "odd"


def _classes() -> set[tuple[str, str]]:
    """Every class that a rule's data names."""
    found = set()
    for rule in rulebook.shipped():
        for version in rule.versions:
            classes = version.data.get("classes", ())
            codes = classes if isinstance(classes, dict) else [row["code"] for row in classes]
            found |= {(rule.code, code) for code in codes}
            if rule.code == "growth_classes":
                found |= {
                    (rule.code, f"{index}_{code}") for index, rows in version.data.items() for code in rows
                }
    return found


def test_every_class_has_words() -> None:
    assert _classes() <= set(judging.WORDS)


def _findings(data: object) -> set[str]:
    if isinstance(data, dict):
        own = {str(value) for key, value in data.items() if str(key).endswith("finding") and value}
        return own.union(*(_findings(value) for value in data.values()))
    return set().union(*(_findings(value) for value in data)) if isinstance(data, list) else set()


def test_every_finding_that_a_rule_asks_for_is_in_the_catalogue_of_findings() -> None:
    file = Path(rulebook.__file__).parents[1] / "catalogue" / "findings.toml"
    known = {row["code"] for row in tomllib.loads(file.read_text(encoding="utf-8"))["findings"]}
    asked = set().union(*(_findings(dict(one.data)) for rule in rulebook.shipped() for one in rule.versions))
    asked |= {"not_gaining", "two_not_gaining", "overdue_vaccine", "eyes", "hearing"}
    assert asked <= known, asked - known


def test_cards_by_age_and_version() -> None:
    rules = book(ON)
    assert [judging.form_for(months, rules) for months in (0, 71, 72, 227, 228)] == ["B", "B", "C", "C", "D"]
    assert judging.form_for(300, rules, mother=True) == "A"
    assert judging.form_for(180, book(age_groups="card-d-15")) == "D"
    assert judging.form_for(216, book(age_groups="checklist-18")) == "D"
    assert judging.elder(720, rules)
    assert not judging.elder(720, book(age_groups="elder-over-60"))
