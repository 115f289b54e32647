"""Which form somebody belongs on by age, why a card closes, and when two children may be twins or one child. Pure.

Forms follow KMK HK.01.07/MENKES/2015/2023: A pregnant and post-partum mothers, B from birth to before school, C school age and
adolescents, D adults and elderly. The cards disagree about the ends ("D from 15" or "above 18", secondary): here B ends with 72 completed
months and C with 19 years, the ages at which the growth rules of the two cards end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from simpul.posyandu.rules import growth

FORMS = ("A", "B", "C", "D")
SCHOOL_MONTHS = 72
ADULT_MONTHS = 228


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


FORM_NAMES: Mapping[str, str] = {
    "A": _("Pregnant, post-partum, breast-feeding"),
    "B": _("Infants and young children"),
    "C": _("School age and adolescents"),
    "D": _("Adults and elderly"),
}
CLOSED: Mapping[str, str] = {
    "aged": _("too old for this form"),
    "moved": _("goes to another posyandu"),
    "away": _("moved out of the village"),
    "died": _("died"),
    "born": _("the pregnancy and the time after it ended"),
    "wish": _("does not want to be on the list"),
    "mistake": _("enrolled by mistake"),
}
"""Why a card closes, by code."""
BY_HAND = ("away", "died", "born", "wish", "mistake")
"""What somebody may choose; the others are left by the acts that move a card on."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child as the question about twins compares it."""

    name_key: str
    birth_date: date | None
    mother: str


def form_of_age(months: int | None) -> str:
    """The form of an age in completed months: B below 72, C below 228, else D; "" when the age is not known or lies ahead."""
    if months is None or months < 0:
        return ""
    if months < SCHOOL_MONTHS:
        return "B"
    return "C" if months < ADULT_MONTHS else "D"


def next_form(form: str, birth_date: date | None, on: date) -> str:
    """The form somebody has grown into (B -> C -> D), or "" while the card still fits. A card A never turns by age."""
    if form not in ("B", "C") or birth_date is None or birth_date > on:
        return ""
    wanted = form_of_age(growth.completed_months(birth_date, on))
    return wanted if wanted > form else ""


def twins(new: Child, others: Sequence[Child]) -> bool:
    """True when another child of the same mother was born on the same day: twins, or the same child a second time. Somebody asks."""
    if not new.mother or new.birth_date is None:
        return False
    return any(one.mother == new.mother and one.birth_date == new.birth_date for one in others)
