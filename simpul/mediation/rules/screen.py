"""The safety screen: whether a quarrel may be mediated at all.

A quarrel in which somebody was or may be hurt, a sexual act, a child who is a victim, or a serious crime is never mediated: the person is
brought to those who protect. Sources of each question: ``catalogue/screen.toml``. UU 12/2022 art. 23 (sexual violence is not settled out
of court) is law; that the others are refused here is the rule of this program (secondary).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ANSWERS = ("no", "yes", "unsure")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what "not sure" leads to: ``protect`` or ``ask`` (ask again, alone)."""

    key: str
    ask: str
    ask_en: str
    unsure: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``clear``: mediate. ``protect``: never; ``because`` names the questions. ``ask``: ask these again. ``missing``: not all answered."""

    outcome: str
    because: tuple[str, ...] = ()


def judge(questions: Iterable[Question], answers: Mapping[str, str]) -> Verdict:
    """Judge the answers. A "yes" weighs more than whatever is still open: protection waits for no form to be complete."""
    asked = list(questions)
    given = {one.key: answers.get(one.key, "") for one in asked}
    closing = tuple(
        one.key
        for one in asked
        if given[one.key] == "yes" or (given[one.key] == "unsure" and one.unsure == "protect")
    )
    if closing:
        return Verdict("protect", closing)
    missing = tuple(one.key for one in asked if given[one.key] not in ANSWERS)
    if missing:
        return Verdict("missing", missing)
    again = tuple(one.key for one in asked if given[one.key] == "unsure")
    return Verdict("ask", again) if again else Verdict("clear")
