"""Visits at home: which checklist fits, and what the answers of one mean.

Every family is seen at least once a year, those at risk every month; results go to the health post every week. The recap of visits knows
four classes: a service that was not reached, medicine that is not taken, a danger sign, a sign of tuberculosis.
Source: KMK HK.01.07/MENKES/2015/2023, checklists and recap of home visits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from simpul.posyandu.rules.forms_shape import Form

NO_ACCESS, NO_MEDICINE, DANGER_SIGN, TBC = "no_access", "no_medicine", "danger_sign", "tbc"
CLASSES = (NO_ACCESS, NO_MEDICINE, DANGER_SIGN, TBC)
"""The classes of the weekly recap, in the order of the sheet."""

CHECKLISTS = tuple(range(9))
FEVER = 375
"""Tenths of a degree from which a body temperature is a danger sign."""
THIN_ARM_MM = 235
"""Arm of a pregnant woman below which she is too thin (KEK), as the checklist prints it."""
ROUTINE_DAYS = 365
"""A family is visited at least once a year."""

_MEDICINE = (
    "iron_present",
    "iron_taken",
    "iron_taken_week",
    "pressure_medicine",
    "pressure_taken",
    "glucose_medicine",
    "glucose_taken",
    "tbc_medicine",
    "tbc_taken",
)
_SERVICES = ("pressure_checked", "glucose_checked", "deworming_had")
_TBC_SIGNS = ("danger_tbc", "tbc_cough", "tbc_fever", "tbc_weight")
_HARMFUL: Mapping[str, Mapping[str, bool]] = {
    NO_ACCESS: {"service_missed": True, **dict.fromkeys(_SERVICES, False), "danger_vaccine": True},
    NO_MEDICINE: {**dict.fromkeys(_MEDICINE, False), "mental_untreated": True},
    TBC: dict.fromkeys(_TBC_SIGNS, True),
}
"""The questions of each class with their harmful answers; danger signs are those that the sheet marks."""
_FINDING = {
    NO_ACCESS: "no_access",
    NO_MEDICINE: "not_taking_medicine",
    DANGER_SIGN: "danger_sign",
    TBC: "tbc_signs",
}
_OF_THE_HOUSE = {"clean_water": "no_clean_water", "latrine": "no_toilet", "house_fit": "unfit_house"}


def classes(form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes of the recap that the answers belong to; a question that was not answered says nothing."""
    found = {
        NO_ACCESS: values.get("service_missed") is True
        or any(values.get(key) is False for key in _SERVICES)
        or values.get("danger_vaccine") is True,
        NO_MEDICINE: any(values.get(key) is False for key in _MEDICINE)
        or values.get("mental_untreated") is True,
        DANGER_SIGN: bool(danger_signs(form, values)),
        TBC: any(values.get(key) is True for key in _TBC_SIGNS),
    }
    return tuple(code for code in CLASSES if found[code])


def over(form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes of which the answers say that nothing of the kind is there any more, in the order of the sheet.

    The checklist must ask about the class, at least one of its questions must have the harmless answer and none the harmful one: what was
    not asked, or left blank, says nothing. Danger signs are many things under one name: ``signs_gone`` speaks of them.
    """
    there = classes(form, values)
    return tuple(
        code
        for code in CLASSES
        if code not in there
        and code != DANGER_SIGN
        and any(values.get(key) is (not harmful) for key, harmful in _asked_of(form, code).items())
    )


def _asked_of(form: Form, code: str) -> dict[str, bool]:
    """The questions of a checklist that belong to a class, each with its harmful answer."""
    return {key: answer for key, answer in _HARMFUL[code].items() if form.field(key) is not None}


def behind(code: str, values: Mapping[str, Any]) -> set[str]:
    """The questions whose answers on a checklist or a card put somebody into a class; none for a class that is not asked about so."""
    return {key for key, harmful in _HARMFUL.get(code, {}).items() if values.get(key) is harmful}


def taken_back(form: Form, code: str, values: Mapping[str, Any], keys: Collection[str]) -> bool:
    """True when those of these questions that the checklist asks, at least one, have the harmless answer now: no cough ends no fever."""
    asked = {key: harmful for key, harmful in _asked_of(form, code).items() if key in keys}
    return bool(asked) and all(values.get(key) is (not harmful) for key, harmful in asked.items())


def danger_signs(form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the danger signs that were seen, in the order of the sheet; a measured fever counts though it was not ticked."""
    seen = [one.key for one in form.row if one.danger and values.get(one.key) is True]
    temperature = values.get("temperature")
    hot = isinstance(temperature, int) and not isinstance(temperature, bool) and temperature >= FEVER
    if hot and "fever" not in seen and form.field("fever") is not None:
        seen.append("fever")
    return tuple(seen)


def signs_gone(form: Form, values: Mapping[str, Any], signs: Collection[str]) -> bool:
    """True when each of these danger signs was asked about by itself and is there no more, and no other one is.

    No fever does not end fits, and a temperature below the limit alone is no look at a sign. Signs that nobody knows by name (a card
    found them, or the checklist does not ask about them) are ended by the health worker.
    """
    asked = all(form.field(key) is not None and values.get(key) is False for key in signs)
    return bool(signs) and asked and not danger_signs(form, values)


def findings(form: Form, checklist: int, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of findings that the answers ask for: those of the classes, a mother too thin, and what the house lacks."""
    found = [_FINDING[code] for code in classes(form, values)]
    arm = values.get("muac")
    if checklist == 1 and isinstance(arm, int) and 0 < arm < THIN_ARM_MM:
        found.append("kek")
    if checklist == 0:
        found.extend(code for key, code in _OF_THE_HOUSE.items() if values.get(key) is False)
    return tuple(found)


def proposed(form: str, age_months: int | None, *, delivered: bool = False) -> int:
    """The checklist for somebody on a card: 1 pregnant, 2 once delivered, 3 below six months, 4 to 71 months, 5 to 18 years, 6, 7 elders.

    Without a card (``form`` empty) by age alone; the family sheet when nothing is known.
    """
    if form == "A":
        return 2 if delivered else 1
    if age_months is None:
        return {"B": 4, "C": 5, "D": 6}.get(form, 0)
    for until, checklist in ((6, 3), (72, 4), (18 * 12, 5), (60 * 12, 6)):
        if age_months < until:
            return checklist
    return 7


def counted(visits: Sequence[tuple[bool, Sequence[str]]]) -> dict[str, int]:
    """Numbers of a recap: visits, met, and each class."""
    found = {"visits": len(visits), "met": sum(met for met, _classes in visits)}
    for code in CLASSES:
        found[code] = sum(code in given for _met, given in visits)
    return found
