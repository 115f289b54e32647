"""What each class of each rule means, in plain words: for the cadre to say, never a diagnosis. Translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


WORDS: Mapping[tuple[str, str], str] = {
    # weighing
    ("kbm", "N"): _("Weight rose enough."),
    ("kbm", "T"): _("Weight did not rise enough this month."),
    ("kbm", "O"): _("Not weighed last month: whether weight rose cannot be told."),
    ("kbm", "B"): _("Weighed for the first time."),
    ("kms", "two_t"): _(
        "Weight did not rise at two weighings in a row: take the child to the health worker."
    ),
    ("red_line", "bgm"): _("Weight is below the red line: take the child to the health worker."),
    # growth
    ("growth_classes", "bb_u_severely_underweight"): _("Weight is far below that of children of this age."),
    ("growth_classes", "bb_u_underweight"): _("Weight is below that of children of this age."),
    ("growth_classes", "bb_u_normal"): _("Weight for age is good."),
    ("growth_classes", "bb_u_overweight_risk"): _(
        "Weight is above the orange line: look at weight for length or height."
    ),
    ("growth_classes", "tb_u_severely_stunted"): _(
        "Far shorter than children of this age: the health worker should examine the child."
    ),
    ("growth_classes", "tb_u_stunted"): _(
        "Shorter than children of this age: the health worker should examine the child."
    ),
    ("growth_classes", "tb_u_normal"): _("Height for age is good."),
    ("growth_classes", "tb_u_tall"): _("Taller than most children of this age."),
    ("growth_classes", "bb_tb_severely_wasted"): _(
        "Far too thin for the height: to the health worker today."
    ),
    ("growth_classes", "bb_tb_wasted"): _("Too thin for the height: take the child to the health worker."),
    ("growth_classes", "bb_tb_normal"): _("Weight for height is good."),
    ("growth_classes", "bb_tb_overweight_risk"): _("Weight for height is a little high."),
    ("growth_classes", "bb_tb_overweight"): _("Weight for height is too high."),
    ("growth_classes", "bb_tb_obese"): _("Weight for height is much too high."),
    ("growth_classes", "imt_u_severely_wasted"): _(
        "Far too thin for the height: to the health worker today."
    ),
    ("growth_classes", "imt_u_wasted"): _("Too thin for the height: take the child to the health worker."),
    ("growth_classes", "imt_u_normal"): _("Weight for height is good."),
    ("growth_classes", "imt_u_overweight_risk"): _("Weight for height is a little high."),
    ("growth_classes", "imt_u_overweight"): _("Weight for height is too high."),
    ("growth_classes", "imt_u_obese"): _("Weight for height is much too high."),
    ("growth_classes", "disagree"): _(
        "Counted by days the class is another one than counted by months: the health worker should look."
    ),
    ("bmi_school", "severely_wasted"): _("Far too thin for the height: to the health worker today."),
    ("bmi_school", "wasted"): _("Too thin for the height."),
    ("bmi_school", "normal"): _("Weight for height is good."),
    ("bmi_school", "overweight_risk"): _("Weight for height is a little high."),
    ("bmi_school", "overweight"): _("Weight for height is too high."),
    ("bmi_school", "obese"): _("Weight for height is much too high."),
    ("oedema", "oedema"): _("Both feet are swollen: to the health worker today."),
    ("head", "small_head"): _("Head smaller than it should be: the health worker should examine the child."),
    ("head", "normal"): _("Head circumference is good."),
    ("head", "large_head"): _("Head larger than it should be: the health worker should examine the child."),
    ("muac", "red"): _("Arm tape red: to the health worker today."),
    ("muac", "yellow"): _("Arm tape yellow: watch the child's food and measure again next month."),
    ("muac", "green"): _("Arm tape green."),
    ("birth_weight", "extremely_low"): _("Born with very low weight: needs close care."),
    ("birth_weight", "very_low"): _("Born with very low weight: needs close care."),
    ("birth_weight", "low"): _("Born with low weight: watch growth closely."),
    ("birth_weight", "normal"): _("Birth weight was good."),
    ("birth_weight", "large"): _("Born with high weight."),
    ("feeding", "breast_milk"): _("Breast milk only, as it should be."),
    ("feeding", "no_breast_milk"): _("Not on breast milk only: talk about breast-feeding."),
    ("feeding", "complementary"): _("Complementary food is as it should be."),
    ("feeding", "no_complementary"): _("Complementary food is not as it should be: talk about food."),
    ("vitamin_a", "given"): _("Vitamin A was given."),
    ("vitamin_a", "due"): _("Vitamin A month: give the blue capsule."),
    ("vitamin_a", "red_due"): _("Vitamin A month: give the red capsule."),
    ("deworming", "given"): _("Deworming medicine was given."),
    ("deworming", "due"): _("Deworming month: give the medicine."),
    ("immunisation", "not_known"): _("No immunisation is on record: look at the mother and child book."),
    ("immunisation", "overdue"): _("A vaccine is overdue: ask the midwife for it."),
    ("immunisation", "due"): _("A vaccine is due now."),
    ("immunisation", "complete"): _("Immunisation is up to date."),
    ("immunisation", "too_soon"): _(
        "A vaccine was given earlier than the schedule allows: the midwife should look."
    ),
    # mothers and adults
    ("kek", "kek"): _("Too little energy in pregnancy: take the mother to the midwife."),
    ("kek", "good"): _("Arm circumference is good."),
    ("adult_bmi", "very_thin"): _("Much too thin: talk about food."),
    ("adult_bmi", "thin"): _("Too thin: talk about food."),
    ("adult_bmi", "normal"): _("Weight is good."),
    ("adult_bmi", "heavy"): _("Weight is a little high: talk about food and moving."),
    ("adult_bmi", "obese_1"): _("Weight is too high: talk about food and moving."),
    ("adult_bmi", "obese_2"): _("Weight is much too high: talk about food and moving."),
    ("waist", "high"): _("Waist is too wide: talk about food and moving."),
    ("waist", "good"): _("Waist is good."),
    ("pressure", "optimal"): _("Blood pressure is good."),
    ("pressure", "normal"): _("Blood pressure is normal."),
    ("pressure", "high_normal"): _("Blood pressure is nearly high: measure again next month."),
    ("pressure", "grade_1"): _("Blood pressure is high: to the health worker."),
    ("pressure", "grade_2"): _("Blood pressure is high: to the health worker soon."),
    ("pressure", "grade_3"): _("Blood pressure is very high: to the health worker today."),
    ("pressure_low", "low"): _("Blood pressure is low: let them rest and measure again."),
    ("pressure_low", "danger"): _("Blood pressure is too low for a mother: to the midwife now."),
    ("pressure_young", "normal"): _("Blood pressure is normal."),
    ("pressure_young", "elevated"): _("Blood pressure is nearly high: measure again next month."),
    ("pressure_young", "stage_1"): _("Blood pressure is high: to the health worker."),
    ("pressure_young", "stage_2"): _("Blood pressure is high: to the health worker soon."),
    ("pressure_young", "screen"): _(
        "Blood pressure may be high for this age: the health worker measures again."
    ),
    ("pressure_young", "no_class"): _("Measured, no class for this age: the health worker should look."),
    ("glucose", "normal"): _("Blood sugar is normal."),
    ("glucose", "between"): _("Blood sugar is between normal and high: talk about sweet food."),
    ("glucose", "raised"): _("Blood sugar is nearly high: measure again."),
    ("glucose", "high"): _("Blood sugar is high: to the health worker."),
    ("glucose_fasting", "normal"): _("Blood sugar is normal."),
    ("glucose_fasting", "raised"): _("Blood sugar is nearly high: measure again."),
    ("glucose_fasting", "high"): _("Blood sugar is high: to the health worker."),
    ("cholesterol", "normal"): _("Cholesterol is normal."),
    ("cholesterol", "raised"): _("Cholesterol is a little high: talk about fat in food."),
    ("cholesterol", "high"): _("Cholesterol is high: ask the health worker."),
    ("haemoglobin", "low"): _("Too little blood colour (anaemia): to the health worker, and iron tablets."),
    ("haemoglobin", "severe"): _("Far too little blood colour (anaemia): to the health worker today."),
    ("haemoglobin", "good"): _("Haemoglobin is good."),
    ("senses", "eyes"): _("Sees badly: to the health worker."),
    ("senses", "hearing"): _("Hears badly: to the health worker."),
    ("senses", "good"): _("Sight and hearing are good."),
    # questions and scores
    ("tbc", "signs"): _("Signs of tuberculosis: to the health worker for a test."),
    ("tbc", "contact"): _("Lives or works close to somebody with tuberculosis: to the health worker."),
    ("tbc", "few"): _("A sign of tuberculosis: ask again next month."),
    ("tbc", "none"): _("No sign of tuberculosis."),
    ("puma_refer", "high"): _("The lungs may be ill from smoke: to the health worker."),
    ("puma_refer", "low"): _("The lung score is low."),
    ("puma_refer", "unfinished"): _("The lung questions are not all answered."),
    ("aks", "independent"): _("Does everything without help."),
    ("aks", "light"): _("Needs a little help every day: tell the health post."),
    ("aks", "moderate"): _("Needs help every day: tell the health post."),
    ("aks", "severe"): _("Needs much help every day: tell the health post."),
    ("aks", "total"): _("Cannot do without help: tell the health post."),
    ("aks", "unfinished"): _("The questions on daily life are not all answered."),
    ("skilas", "signs"): _("At least one sign of growing weak: the health worker follows up."),
    ("skilas", "none"): _("No sign of growing weak."),
    ("skilas", "unfinished"): _("The first questions for elders are not all answered."),
    ("srq", "refer"): _("Needs somebody to talk to: take them to the health worker."),
    ("srq", "suicide"): _("Speaks of ending life: do not leave them alone, call the health worker now."),
    ("srq", "none"): _("No sign of trouble of the mind."),
    ("srq", "unfinished"): _("The questions on the mind are not all answered."),
    ("mind", "refer"): _("Needs somebody to talk to: take them to the health worker."),
    ("mind", "none"): _("No sign of trouble of the mind."),
    ("mind", "unfinished"): _("The questions on the mind are not all answered."),
    ("danger", "ill"): _("Ill: ask about danger signs."),
    ("danger", "sign"): _("A danger sign: to the health worker now."),
    ("danger", "fever"): _("Fever: to the health worker."),
    ("mother_card", "weight_off_curve"): _("Weight does not follow the curve of the card: to the midwife."),
    ("mother_card", "pressure_off_curve"): _(
        "Blood pressure does not follow the curve of the card: to the midwife."
    ),
    ("mother_card", "no_iron"): _("Iron tablets are not taken every day: talk about them."),
}
"""(rule, class) -> an English sentence."""
