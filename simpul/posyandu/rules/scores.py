"""Scores of questions: lungs (PUMA), daily life (AKS), first screening of elders (SKILAS), the mind (SRQ-20, the card's four), TBC.

Source: KMK HK.01.07/MENKES/2015/2023. Points and bounds are data (``catalogue/rules``). A score says whether all was answered: a low one
that was not finished proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Said = Callable[[str], bool | None]
"""Yes, no, or not answered, of a key."""
Points = Callable[[str], int | None]
"""Points of a key, or not answered."""

SKILAS = tuple(
    f"skilas_{key}"
    for key in (
        "orientation",
        "recall",
        "chair",
        "weight_loss",
        "appetite",
        "muac",
        "eyes",
        "sight",
        "whisper",
        "sad",
        "interest",
    )
)
PUMA_SIGNS = ("breathless", "phlegm", "cough", "spirometry")
MIND = (("mental_down", "mental_sad"), ("mental_nervous", "mental_worry"))
TBC = ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_weak")
TBC_WITH_COUGH = (
    "tbc_appetite",
    "tbc_weight",
    "tbc_weak",
    "tbc_sweat",
    "tbc_blood",
    "tbc_breathless",
)
TBC_CONTACT = "tbc_contact"
TBC_SHORT = "tbc_cough_short"


@dataclass(frozen=True, slots=True)
class Score:
    """Points, whether anything was answered, and whether everything was."""

    total: int
    asked: bool
    finished: bool


def packs_points(years: int, daily: int, data: Mapping[str, Any]) -> int:
    """Points for pack-years: years times cigarettes a day, divided by 20. In whole numbers, so that a bound is met exactly.

    KMK: below 20 none, 20 to 30 one, above 30 two. The card with other points: 20 to 39 one, 40 and more two.
    """
    twentieths = years * daily
    low, middle, high = data["packs_points"]
    if twentieths < int(data["packs_below"]) * 20:
        return int(low)
    if "packs_to" in data:
        return int(middle if twentieths <= int(data["packs_to"]) * 20 else high)
    return int(middle if twentieths < int(data["packs_under"]) * 20 else high)


def puma(*, sex: str, age_months: int, said: Said, points: Points, data: Mapping[str, Any]) -> Score:
    """PUMA from 40 years: sex, age, smoking, four signs. Sex and age are the card's; smoking by years and cigarettes, else by the tick."""
    years = age_months // 12
    total = int(data["male"]) if (sex or ("L" if points("puma_sex") else "")) == "L" else 0
    total += next(int(worth) for below, worth in data["age"] if years < int(below))
    long, daily, ticked = points("smoking_years"), points("smoking_daily"), points("puma_smoking")
    if long is not None and daily is not None:
        smoked: int | None = packs_points(long, daily, data)
    else:
        smoked = None if ticked is None else int(data["packs_points"][min(max(ticked, 0), 2)])
    total += smoked or 0
    signs = {key: said(f"puma_{key}") for key in PUMA_SIGNS}
    names = {"breathless": "breath"}
    total += sum(int(data[names.get(key, key)]) for key, yes in signs.items() if yes)
    answered = [smoked is not None, *(yes is not None for yes in signs.values())]
    return Score(total, any(answered), all(answered))


def aks(points: Points, data: Mapping[str, Any]) -> Score:
    """Daily life: ten items, at most 20. More points than an item has are no answer."""
    found = [
        value if value is not None and 0 <= value <= int(most) else None
        for value, most in ((points(key), most) for key, most in data["most"].items())
    ]
    told = [one for one in found if one is not None]
    return Score(sum(told), bool(told), len(told) == len(found))


def skilas(said: Said, muac_mm: int | None, data: Mapping[str, Any]) -> Score:
    """First screening of elders: how many signs; the arm that was measured counts where its tick is missing."""
    answers = {key: said(key) for key in SKILAS}
    asked = any(answer is not None for answer in answers.values())
    if answers["skilas_muac"] is None and muac_mm is not None:
        answers["skilas_muac"] = muac_mm < int(data["muac_mm"])
    return Score(
        sum(answer is True for answer in answers.values()),
        asked,
        all(answer is not None for answer in answers.values()),
    )


def srq(said: Said, data: Mapping[str, Any]) -> tuple[Score, bool]:
    """SRQ-20: how many yes, and whether the question on ending life is one of them."""
    answers = [said(f"srq_{number}") for number in range(1, int(data["questions"]) + 1)]
    score = Score(
        sum(answer is True for answer in answers),
        any(answer is not None for answer in answers),
        all(answer is not None for answer in answers),
    )
    return score, answers[int(data["suicide"]) - 1] is True


def mind(points: Points) -> Score:
    """The card's four questions of 0 to 3 in two pairs: the higher pair counts."""
    pairs = [[points(key) for key in pair] for pair in MIND]
    answers = [one for pair in pairs for one in pair]
    return Score(
        max(sum(one or 0 for one in pair) for pair in pairs),
        any(one is not None for one in answers),
        all(one is not None for one in answers),
    )


def tbc(said: Said, *, contact_counts: bool) -> Score:
    """Signs of tuberculosis.

    Where the sheet asks how long the cough lasts, a short cough counts only together with another sign, and those signs only with a cough;
    blood that is coughed up always counts.
    """
    contact = said(TBC_CONTACT)
    newer = said(TBC_SHORT) is not None
    keys = (*dict.fromkeys((*TBC, *TBC_WITH_COUGH)), *((TBC_SHORT,) if newer else ()))
    answers = {key: said(key) for key in keys}
    yes = [key for key, answer in answers.items() if answer]
    if newer and not (said("tbc_cough") or said("tbc_blood")):
        beside = [key for key in yes if key in TBC_WITH_COUGH]
        counted = yes if said(TBC_SHORT) and beside else [key for key in yes if key == "tbc_fever"]
    else:
        counted = yes
    total = len(counted) + (1 if contact_counts and contact else 0)
    told = [answer is not None for answer in (*answers.values(), contact)]
    return Score(total, any(told), any(answers[key] is not None for key in TBC))
