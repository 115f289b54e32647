"""May the trip leave? Questions with their answers give a verdict with reasons; a missing must means no, a missing wish a doubt.

The questions and their numbers are defaults of the product (unconfirmed): each area may set its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked before leaving.

    ``number`` is its limit: ``at_most`` and ``at_least`` say which way; None when it is answered by yes or no alone.
    """

    code: str
    must: bool
    number: int | None = None
    limit: str = ""  # at_most, at_least
    unit: str = ""
    own: bool = False  # set by the area; otherwise a default of the product


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: yes, no, or not known; with a number where one is asked for."""

    ok: bool | None = None
    number: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trip may leave: ``missing`` are musts that do not hold, ``doubts`` what should hold and does not."""

    go: bool
    missing: tuple[str, ...]
    doubts: tuple[str, ...]


def judge(questions: Sequence[Question], answers: Mapping[str, Answer]) -> Verdict:
    """The verdict. Nothing answered is no: nobody leaves on a guess."""
    wrong = [one for one in questions if not holds(one, answers.get(one.code, Answer()))]
    missing = tuple(one.code for one in wrong if one.must)
    return Verdict(go=not missing, missing=missing, doubts=tuple(one.code for one in wrong if not one.must))


def holds(question: Question, answer: Answer) -> bool:
    """True when a question is answered well: a number counts before the yes or no beside it."""
    if question.number is not None:
        if answer.ok is False or answer.number is None:
            return False
        return (
            answer.number <= question.number
            if question.limit == "at_most"
            else answer.number >= question.number
        )
    return answer.ok is True
