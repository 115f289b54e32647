"""The posyandu day: its five steps, what comes next, what the closing check asks. Pure.

Steps by KMK HK.01.07/MENKES/2015/2023: registration, weighing and measuring, recording, health services, education. Nobody is sent back for
a step that was left out: it stays open, and the closing check names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


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
MISSED_FORMS = ("A", "B")
"""Whose missing a day makes a task of itself: mothers and young children, who are due every month."""


def next_step(done: Iterable[int]) -> int:
    """The first of the five that is not done; 6 when all are."""
    finished = set(done)
    return next((step for step in STEPS if step not in finished), DONE)


def next_place(taken: Iterable[int]) -> int:
    """The next number of the queue: one above the highest; a number that was given is never given again."""
    return max(taken, default=0) + 1
