"""What a cadre learned: trained and assessed are two facts; levels by modules; when a training is due again. Pure.

25 skills in five modules, levels Purwa, Madya, Utama. Names and criteria are unconfirmed and therefore data (``catalogue/skills.toml``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from simpul.posyandu.rules import institution


@dataclass(frozen=True, slots=True)
class Fact:
    """One record: the skill was trained, or assessed with this outcome, on a day."""

    kind: str
    skill: str
    day: date
    passed: bool = True


@dataclass(frozen=True, slots=True)
class Skill:
    """How a cadre stands in one skill. ``due`` is when its training should be repeated; None while it was never trained."""

    trained: date | None = None
    assessed: date | None = None
    mastered: bool = False
    due: date | None = None

    def is_due(self, today: date) -> bool:
        """True when the training is to be repeated by now."""
        return self.due is not None and self.due <= today


def standing(facts: Iterable[Fact], refresh_months: int) -> dict[str, Skill]:
    """Each skill that has a record: the last training, the last assessment and its outcome.

    The latest assessment counts, also when it says "not yet" after an earlier "mastered". Records of one day: "not yet" counts.
    """
    trained: dict[str, date] = {}
    assessed: dict[str, tuple[date, bool]] = {}
    for fact in facts:
        if fact.kind == "trained":
            trained[fact.skill] = max(fact.day, trained.get(fact.skill, fact.day))
            continue
        known = assessed.get(fact.skill)
        if known is None or fact.day > known[0] or (fact.day == known[0] and not fact.passed):
            assessed[fact.skill] = (fact.day, fact.passed)
    found = {}
    for code in {**trained, **assessed}:
        last, (day, passed) = trained.get(code), assessed.get(code, (None, False))
        due = institution.months_later(last, refresh_months) if last else None
        found[code] = Skill(last, day, passed, due)
    return found


def level(
    mastered: Collection[str],
    modules: Mapping[str, Sequence[str]],
    levels: Sequence[tuple[str, Sequence[str]]],
) -> str:
    """The highest level whose modules are mastered whole; "" for none. ``levels`` from low to high with their modules."""
    reached = ""
    for code, wanted in levels:
        if all(skill in mastered for module in wanted for skill in modules[module]):
            reached = code
    return reached
