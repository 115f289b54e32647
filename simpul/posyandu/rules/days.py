"""The posyandu day: its five steps, what comes next, what the closing check asks. Pure.

Steps by KMK HK.01.07/MENKES/2015/2023: registration, weighing and measuring, recording, health services, education. Nobody is sent back for
a step that was left out: it stays open, and the closing check names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from simpul.posyandu.rules import institution, recaps


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STEPS: Mapping[int, str] = {
    1: _("Registration"),
    2: _("Measuring"),
    3: _("Writing down"),
    4: _("Health services"),
    5: _("Counselling"),
}
DONE = 6
"""The step of somebody with whom all are done."""
FOLLOW_UP = ("next_visit", "refer_result", "vaccine_due")
"""Reasons of a task for which somebody is expected again in the same month: what was ordered after the first day."""
FOLLOW_UP_WITHIN = timedelta(days=7)
"""How long before its last day such a task is asked about on a posyandu day."""
MISSED_FORMS = ("A", "B")
"""Whose missing a day makes a task of itself: mothers and young children, who are due every month."""


def next_step(done: Iterable[int]) -> int:
    """The first of the five that is not done; 6 when all are."""
    finished = set(done)
    return next((step for step in STEPS if step not in finished), DONE)


def next_place(taken: Iterable[int]) -> int:
    """The next number of the queue: one above the highest; a number that was given is never given again."""
    return max(taken, default=0) + 1


def is_on_schedule(kept: Mapping[str, int], day: date) -> bool:
    """True when the posyandu holds its day then, or has said nothing about when it does."""
    return not kept or institution.next_dates(kept, day, 1)[:1] == [day]


PREGNANT, POSTPARTUM, NURSING = "pregnant", "postpartum", "nursing"
CHILDBED = timedelta(days=42)
"""The time after birth with its four visits (KF4: days 29 to 42; KMK HK.01.07/MENKES/2015/2023)."""
CHILDBED_ONLY = frozenset(("vitamin_a_given", "vitamin_a_taken"))
"""Vitamin A for mothers belongs to the childbed."""


def mother_state(details: Mapping[str, Any], told: Iterable[tuple[date, Mapping[str, Any]]], on: date) -> str:
    """What a mother on card A is on a day: pregnant, in the childbed, or breast-feeding after it.

    The head of the card says when she gave birth; without it, the first line of this card that answers what is asked after birth.
    ``told`` are the days of its lines with their answers.
    """
    born = _day(details.get("delivered_date"))
    if born is None:
        lines = [day for day, values in told if day <= on and recaps.is_after_birth({}, values)]
        born = min(lines, default=None)
    if born is None or born > on:
        return PREGNANT
    return POSTPARTUM if on - born <= CHILDBED else NURSING


def _day(kept: Any) -> date | None:
    try:
        return date.fromisoformat(str(kept)) if kept else None
    except ValueError:
        return None


def fits(key: str, parts: tuple[str, ...], state: str) -> bool:
    """Whether a question of card A, which stands on these of its tables (none: on all), is one for a mother in this state."""
    if state == NURSING and key in CHILDBED_ONLY:
        return False
    return not state or not parts or (PREGNANT if state == PREGNANT else POSTPARTUM) in parts
