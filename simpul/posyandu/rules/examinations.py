"""An entry of a card: which answers are figures, what is marked on it, when two entries contradict. Pure.

An entry is a fact. What does not fit (a birth after the measurement, a second entry of one day) is marked and kept: never refused, never
mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from simpul.posyandu.rules import growth


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


COLUMNS: Mapping[str, str] = {
    "weight": "weight_g",
    "height": "height_mm",
    "measured": "measured",
    "oedema": "oedema",
    "head": "head_mm",
    "muac": "muac_mm",
    "waist": "waist_mm",
    "systolic": "systolic",
    "diastolic": "diastolic",
    "glucose": "glucose",
}
"""Answers that figures are made of, by key, and the column each has: grams, millimetres, mmHg, mg/dl."""
MOST: Mapping[str, int] = {
    "weight_g": 1_000_000,
    "height_mm": 10_000,
    "head_mm": 10_000,
    "muac_mm": 10_000,
    "waist_mm": 10_000,
    "systolic": 999,
    "diastolic": 999,
    "glucose": 9_999,
}
"""What a column can hold at all: more is a typing error of a program, not a measurement."""
GROWTH_FORMS = ("B", "C")
"""Cards of people whose growth is judged."""
SOURCES = ("day", "paper", "visit", "import")
STATUSES = ("N", "T", "O", "B")
# Marks that are set here; those of questions that were answered with "yes, it is so" stand beside them with ``sure:``.
FLAGS: Mapping[str, str] = {
    "before_birth": _("The birth date lies after the measurement: no scores could be worked out."),
    "no_birth_date": _("Without a birth date no scores can be worked out."),
    "no_sex": _("Without the sex no scores can be worked out."),
    "rival": _("Entered twice on one day: somebody has to choose which entry counts."),
    "card_closed": _("The card was closed already."),
    "withdrawn": _("This entry does not count any more."),
    "other_posyandu": _("Measured at another posyandu than that of the card."),
    "said_other": _("The cadre read the curve in another way than the computer."),
}
_NUTRITION = {
    "severely_wasted": _("Severely wasted"),
    "wasted": _("Wasted"),
    "normal": _("Nutrition good"),
    "overweight_risk": _("At risk of overnutrition"),
    "overweight": _("Overnourished"),
    "obese": _("Obese"),
}
CLASS_NAMES: Mapping[str, Mapping[str, str]] = {
    "bb_u": {
        "severely_underweight": _("Very underweight"),
        "underweight": _("Underweight"),
        "normal": _("Weight normal"),
        "overweight_risk": _("Risk of overweight"),
    },
    "tb_u": {
        "severely_stunted": _("Very short"),
        "stunted": _("Short"),
        "normal": _("Height normal"),
        "tall": _("Tall"),
    },
    "bb_tb": _NUTRITION,
    "imt_u": _NUTRITION,
}
"""The legal classes (Permenkes 2/2020) in words, by index."""


class Unreadable(ValueError):  # noqa: N818 - becomes a refusal in the act
    """A value that no column can hold; the message is its key."""


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an entry's answers; what was not asked is empty.

    Raises:
        Unreadable: text where a number belongs, a number below nought, or more than the column holds.
    """
    found: dict[str, Any] = {}
    for key, column in COLUMNS.items():
        given = values.get(key)
        if column == "measured":
            found[column] = given if given in ("l", "h") else ""
        elif column == "oedema":
            found[column] = given is True
        else:
            found[column] = _number(key, given, MOST[column])
    return found


def _number(key: str, given: Any, most: int) -> int | None:
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most:
        raise Unreadable(key)
    return given or None


def age(birth_date: date | None, on: date) -> tuple[int | None, int | None]:
    """Age in days and in completed calendar months; both empty without a birth date or when the birth lies after the day."""
    if birth_date is None or birth_date > on:
        return None, None
    return (on - birth_date).days, growth.completed_months(birth_date, on)


def marks(*, form: str, sex: str, birth_date: date | None, on: date) -> list[str]:
    """What keeps an entry of a growing child from being judged."""
    if birth_date is not None and birth_date > on:
        return ["before_birth"]
    if form not in GROWTH_FORMS:
        return []
    missing = ["no_birth_date"] if birth_date is None else []
    return [*missing, "no_sex"] if sex not in ("L", "P") else missing


def fingerprint(values: Mapping[str, Any], keys: Iterable[str]) -> str:
    """A short mark of these answers: whoever saves a step says with it which answers they had before their eyes."""
    known = {key: values[key] for key in sorted(keys) if key in values}
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16] if known else ""


def contradicts(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys that both sides answered, and differently."""
    return tuple(
        sorted(
            key for key, value in new.items() if _told(value) and _told(old.get(key)) and old[key] != value
        )
    )


def _told(value: Any) -> bool:
    return value is not None and value not in ("", [])


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with the new ones laid over; an answer that was emptied is taken out."""
    found = {**old, **new}
    return {key: value for key, value in found.items() if _told(value)}


def joined(flags: Collection[str], more: Iterable[str]) -> list[str]:
    """Marks in the order they came, each once."""
    return list(dict.fromkeys((*flags, *more)))
