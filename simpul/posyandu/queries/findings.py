"""Findings: the catalogue, what is open for whom, and how the matters they are in stand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Finding
from simpul.posyandu.rules import findings as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "findings.toml"


@lru_cache(maxsize=1)
def book() -> Mapping[str, rules.Kind]:
    """Every kind of finding by its code, in the order of the catalogue."""
    return rules.read_book(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def kind(code: str) -> rules.Kind | None:
    """One kind of finding; None for a code the catalogue does not have."""
    return book().get(code)


def label(code: str, language: str = "id") -> str:
    """What a finding is called; the code itself when the catalogue does not have it."""
    found = kind(code)
    return found.label(language) if found else code


def guarded_codes() -> tuple[str, ...]:
    """Codes that no cadre's list shows."""
    return tuple(code for code, one in book().items() if one.guarded)


def _listed(by: Actor) -> QuerySet[Finding]:
    return access.findings(by).exclude(code__in=guarded_codes()).select_related("case")


def of_person(by: Actor, person_id: UUID) -> list[Finding]:
    """Findings of one person, open ones first, newest first."""
    return list(_listed(by).filter(person_id=person_id).order_by("-state", "-last_date", "code"))


def of_participants(by: Actor, participant_ids: Iterable[UUID]) -> list[Finding]:
    """Open findings of several cards: one query."""
    return list(_listed(by).filter(participant_id__in=list(participant_ids), state="open").order_by("code"))


def of_case(by: Actor, case_id: UUID) -> list[Finding]:
    """Findings that a matter is about."""
    return list(_listed(by).filter(case_id=case_id).order_by("found_date", "code"))


def of_household(by: Actor, household_id: UUID) -> list[Finding]:
    """Open findings of a household and of everybody in it."""
    rows = _listed(by).filter(state="open")
    own = rows.filter(household_id=household_id)
    return sorted(own, key=lambda one: (-_rank(one.level), one.code))


def open_of(
    by: Actor, *, posyandu_id: UUID | None = None, region_code: str = "", code: str = ""
) -> QuerySet[Finding]:
    """Open findings of the area, of one posyandu, of one code: the most recent first."""
    rows = _listed(by).filter(state="open")
    given: dict[str, Any] = {"posyandu_id": posyandu_id, "code": code}
    rows = rows.filter(**{key: value for key, value in given.items() if value})
    if region_code:
        rows = rows.filter(region_code__startswith=region_code)
    return rows.order_by("-last_date", "code", "id")


def folded(rows: Sequence[Finding]) -> list[rules.Fold[Finding]]:
    """Findings as lines of a list: the gravest of a family in front."""
    return rules.fold(rows, book(), lambda one: rules.Shown(one.code, one.level, _subject(one), one.case_id))


def folded_page(rows: Sequence[Finding], within: QuerySet[Finding]) -> list[rules.Fold[Finding]]:
    """A page of a list as lines. What is folded into a line stands under it whatever page it was on, and on no page by itself.

    Args:
        within: the whole list, of which ``rows`` are a page.
    """
    of_people = {one.person_id for one in rows if one.person_id}
    of_homes = {one.household_id for one in rows if one.person_id is None}
    alone = Q(person=None, household_id__in=of_homes)
    first = {one.id: at for at, one in enumerate(rows)}
    lines = folded(list(within.filter(Q(person_id__in=of_people) | alone)))
    return sorted((one for one in lines if one.front.id in first), key=lambda one: first[one.front.id])


def _subject(one: Finding) -> tuple[str, UUID | None]:
    return ("person", one.person_id) if one.person_id else ("household", one.household_id)


def _rank(level: str) -> int:
    return rules.LEVELS.index(level) if level in rules.LEVELS else -1
