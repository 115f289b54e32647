"""What a visit to a household is for: what nobody knows yet, what contradicts, how old the data are, what to bring.

Questions come in the order of what they cost the family: first what the visitor sees at the door, then what is on a card, then what is
asked about money and health. A question whose condition fails (power, in a house without PLN) is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simpul.people.rules import fields, lists


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


STALE_DAYS = 365
"""Data older than this are asked again. (Own default; DTSEN is ranked anew each quarter.)"""

_ORDER = {"house": 0, "family": 1, "household": 2, "person": 3, "profile": 4}

NOT_ASKED = frozenset(
    {"meter_water", "meter_power", "meter_gas", "idbdt", "percentile", "presence", "called", "landmark", "address", "name",
     "pkh_number", "kks_number", "account_number", "kis_number", "kip_number", "student_number", "decile_period",
     "families_said", "class_reached", "pregnancies", "marriage_book", "nutrition", "function_limit", "birth_place",
     "wage_above_minimum", "pension", "dropped_out_returning", "imprisoned_parent", "mother_name", "land_asset_m2",
     "water_heater", "landline", "outboard", "motorboat", "ship", "buffalo", "horses", "pigs", "kur", "jamsostek",
     "insurance", "bicycle", "laptop", "gas_large", "air_conditioner", "bedrooms", "water_obtained", "rastra", "in_kk",
     "no_dwelling", "disposal"}
)  # fmt: skip
"""Fields whose absence is no reason to go: they are filled when a paper shows them."""

BRING = (
    _("This list of questions, on paper: it works without a signal."),
    _("A tape measure, if the floor area is not known."),
    _("Ask for the KTP, the family card, and the KIS, KIP and KKS cards of the house."),
    _("For pregnant women and children under six: the MCH book (KIA)."),
    _("For whom is ill: the letter or card of the health facility."),
)
"""What the visitor takes along and asks to be shown."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact nobody knows: of which row, which field, and whether it is seen at the door."""

    about: str
    subject: str  # key of the row
    field: fields.Field


def missing(
    about: str,
    subject: str,
    known: Callable[[str], Any],
    table: Mapping[str, fields.Field],
    book: lists.Book,
    *,
    age: int | None = None,
    sex: str = "",
) -> list[Missing]:
    """The facts of one row that nobody knows and that are asked: conditions of the list and of age and sex are kept."""
    return [
        Missing(about, subject, field)
        for key, field in table.items()
        if key not in NOT_ASKED and known(key) in (None, "") and _asked(key, field, known, book, age, sex)
    ]


def _asked(
    key: str, field: fields.Field, known: Callable[[str], Any], book: lists.Book, age: int | None, sex: str
) -> bool:
    if field.about == "profile" and not (_fits(key, age, sex) and _follows(key, known)):
        return False
    if field.type != "code":
        return True
    condition = lists.list_of(book, key).only_if
    if condition is None or not condition.field:
        return lists.asked(condition, None, age=age)
    before = known(condition.field)
    if isinstance(before, bool):
        return lists.asked(condition, frozenset({"yes" if before else "no"}), age=age)
    option = lists.find(book, condition.field, before) if before else None
    return option is not None and lists.asked(condition, option.meanings, age=age)


def _follows(key: str, known: Callable[[str], Any]) -> bool:
    """Whether another answer gives occasion to ask: how severe, for a disability; what is earned, by who works."""
    if key == "severe_disability":
        return known("disability") not in (None, "", "bdt/0")
    if key == "income_month":
        return known("works") is True
    return True


_ADULT = frozenset({"works", "income_month", "office", "id_papers", "marital", "industry", "job_status"})
_CHILD = frozenset({"orphan"})


def _fits(key: str, age: int | None, sex: str) -> bool:
    """Whether a question fits age and sex: a woman of 10 to 49 may be pregnant; work is asked from 10 on (BDT)."""
    if key == "pregnant":
        return sex != "L" and (age is None or 10 <= age <= 49)
    if age is None:
        return True
    if key == "office":
        return age >= 18
    if key in _ADULT:
        return age >= 10
    if key in _CHILD:
        return age < 18
    return True


def ordered(found: list[Missing]) -> list[Missing]:
    """Cheapest first: what is seen, then cards, then living, then persons."""
    return sorted(found, key=lambda one: (not one.field.seen, _ORDER[one.about]))


def is_stale(last: date | None, today: date) -> bool:
    """True when nobody said anything about the household for a year, or ever."""
    return last is None or (today - last).days > STALE_DAYS
