"""Danger first: what was ticked in an emergency decides how urgent a matter is. Pure.

A tick only raises: what somebody called dangerous stays dangerous. Nothing is refused for what is left unticked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

URGENCIES = ("normal", "urgent", "danger")
"""From ordinary to first of all."""


@dataclass(frozen=True, slots=True)
class Question:
    """One life-safety question of the catalogue."""

    code: str
    names: Mapping[str, str]
    urgency: str
    source: str
    confidence: str


def known(codes: Collection[str], questions: Sequence[Question]) -> list[str]:
    """The codes among these that are questions, in the order of the catalogue."""
    return [question.code for question in questions if question.code in codes]


def urgency(said: str, codes: Collection[str], questions: Sequence[Question]) -> str:
    """How urgent a matter is: the most urgent of what was said and of every tick."""
    found = [said, *(question.urgency for question in questions if question.code in codes)]
    return max(found, key=URGENCIES.index)
