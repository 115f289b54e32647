"""Skills of cadres: the catalogue, how each stands, who is due for a training."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from simpul.posyandu.models import Cadre, SkillFact
from simpul.posyandu.rules import training as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "skills.toml"


@dataclass(frozen=True, slots=True)
class SkillName:
    """A skill and its module."""

    code: str
    name: str
    name_en: str

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Module:
    """One module with its skills."""

    code: str
    name: str
    name_en: str
    skills: tuple[SkillName, ...]

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if language == "en" else self.name


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """The modules of the catalogue."""
    return tuple(
        Module(one["code"], one["name"], one["name_en"], tuple(SkillName(*skill) for skill in one["skills"]))
        for one in _catalogue()["modules"]
    )


def skills() -> dict[str, SkillName]:
    """Every skill by its code."""
    return {skill.code: skill for module in modules() for skill in module.skills}


def is_confirmed() -> bool:
    """True when names, split and criteria are the ministry's own."""
    return bool(_catalogue()["confirmed"])


def refresh_months() -> int:
    """After how many months a training is due again."""
    return int(_catalogue()["refresh_months"])


def level_names() -> dict[str, str]:
    """Names of the levels by code, from low to high."""
    return {one["code"]: one["name"] for one in _catalogue()["levels"]}


@dataclass(frozen=True, slots=True)
class Learned:
    """How a cadre stands: each skill with a record, how many are trained and mastered, the level, how many are due again."""

    skills: Mapping[str, rules.Skill]
    trained: int
    mastered: int
    level: str
    due: int


def learned(cadres: Iterable[Cadre], today: date) -> dict[UUID, Learned]:
    """How each cadre stands, in one query."""
    rows = SkillFact.objects.filter(cadre__in=list(cadres), withdrawn_at=None)
    facts: dict[UUID, list[rules.Fact]] = {one.id: [] for one in cadres}
    for one in rows.values_list("cadre_id", "kind", "skill", "done_date", "passed"):
        facts[one[0]].append(rules.Fact(one[1], one[2], one[3], one[4]))
    return {key: _learned(found, today) for key, found in facts.items()}


def _learned(facts: list[rules.Fact], today: date) -> Learned:
    standing = rules.standing(facts, refresh_months())
    mastered = {code for code, skill in standing.items() if skill.mastered}
    held = {one.code: [skill.code for skill in one.skills] for one in modules()}
    levels = [(one["code"], one["modules"]) for one in _catalogue()["levels"]]
    return Learned(
        standing,
        sum(1 for skill in standing.values() if skill.trained),
        len(mastered),
        rules.level(mastered, held, levels),
        sum(1 for skill in standing.values() if skill.is_due(today)),
    )


def records(cadre: Cadre) -> list[SkillFact]:
    """Trainings and assessments of a cadre, the latest first."""
    return list(
        cadre.skills.filter(withdrawn_at=None).order_by("-done_date", "-recorded_at", "kind", "skill")
    )
