"""Which rules there are, and which version of each is in force at a place on a day."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db.models import Q

from simpul.lib import areas
from simpul.posyandu.models import RuleChoice
from simpul.posyandu.rules import book as rules

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue" / "rules"
TOPICS = ("growth", "blood", "screening", "immunisation")
"""Files of the catalogue, in the order of the page."""


@lru_cache(maxsize=1)
def shipped() -> tuple[rules.Rule, ...]:
    """Every rule of the catalogue, checked; read once per process.

    Raises:
        CatalogueUnsound: a rule is not well formed, or is there twice.
    """
    found: list[rules.Rule] = []
    for topic in TOPICS:
        text = (_CATALOGUE / f"{topic}.toml").read_text(encoding="utf-8")
        found += rules.read(tomllib.loads(text)["rule"], topic)
    codes = [one.code for one in found]
    if len(set(codes)) != len(codes):
        raise rules.CatalogueUnsound("a rule twice")
    return tuple(found)


def rule(code: str) -> rules.Rule | None:
    """One rule by its code."""
    return next((one for one in shipped() if one.code == code), None)


def called(code: str, version: str, language: str) -> str:
    """A rule and its version by their names: "Minimum gain (KBM) · KMS for boys and girls"; "" for a rule that is here no more."""
    known = rule(code)
    if known is None:
        return ""
    followed = known.version(version)
    return " · ".join((known.label(language), *((followed.label(language),) if followed else ())))


def rulebook(region_code: str, on: date) -> rules.RuleBook:
    """The rules in force at a place on a day.

    The choices are read each time, since another process may have made one; the book made of them is kept.
    """
    return made(region_code, on, choices_over(region_code))


@lru_cache(maxsize=1024)
def made(region_code: str, on: date, choices: tuple[rules.Choice, ...]) -> rules.RuleBook:
    """The book of a place on a day with these choices."""
    return rules.book(shipped(), region_code, on, choices)


def choices_over(region_code: str) -> tuple[rules.Choice, ...]:
    """Choices of the place and of the areas around it."""
    around = [region_code[:length] for length in range(len(region_code) + 1)]
    return _read(Q(region_code__in=around))


def choices_touching(region_code: str) -> tuple[rules.Choice, ...]:
    """Choices of the place, of the areas around it, and of those inside it."""
    around = [region_code[:length] for length in range(len(region_code) + 1)]
    return _read(Q(region_code__in=around) | areas.inside(region_code))


def history(code: str, region_code: str) -> list[RuleChoice]:
    """Choices of one rule that touch an area, also ended ones: its own, those around it, those inside it; the newest first."""
    around = [region_code[:length] for length in range(len(region_code) + 1)]
    touching = Q(region_code__in=around) | areas.inside(region_code)
    return list(RuleChoice.objects.filter(touching, rule=code).order_by("-from_date", "-set_at"))


def _read(where: Q) -> tuple[rules.Choice, ...]:
    columns = ("rule", "version", "region_code", "from_date", "until_date")
    return tuple(
        rules.Choice(*row) for row in RuleChoice.objects.filter(where).order_by("id").values_list(*columns)
    )
