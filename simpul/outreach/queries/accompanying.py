"""Who is accompanied until the service is received: lists with the overdue first, counts, the looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from simpul.cases import access as case_access
from simpul.lib.actor import Actor
from simpul.outreach import access
from simpul.outreach.models import Accompaniment, AccompanimentVisit

PAGE = 40


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, how many of them nobody has looked after in time, how many have received."""

    open: int
    overdue: int
    received: int
    given_up: int


def listed(by: Actor, state: str, what: str, *, page: int = 1) -> tuple[list[Accompaniment], bool]:
    """Accompaniments, those without a date or over it first; ended ones the newest first. And whether there are more."""
    rows = _free(access.accompaniments(by))
    if state:
        rows = rows.filter(state=state)
    if what:
        rows = rows.filter(what=what)
    rows = rows.select_related("household__head", "person", "seat__user")
    order = (
        (F("next_date").asc(nulls_first=True), "opened_at", "id")
        if state == "open"
        else ("-opened_at", "-id")
    )
    first = (page - 1) * PAGE
    found = list(rows.order_by(*order)[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _free(rows: QuerySet[Accompaniment]) -> QuerySet[Accompaniment]:
    """Without those whose person, or the household's head, wants no use of their data (UU 27/2022 art. 41)."""
    person = Q(person=None) | Q(person__restricted_at=None)
    home = Q(household=None) | Q(household__head=None) | Q(household__head__restricted_at=None)
    return rows.filter(person, home)


def counts(by: Actor, today: date) -> Counts:
    """The numbers over the list."""
    rows = _free(access.accompaniments(by))
    waiting = rows.filter(state="open")
    return Counts(
        open=waiting.count(),
        overdue=waiting.filter(Q(next_date=None) | Q(next_date__lt=today)).count(),
        received=rows.filter(state="received").count(),
        given_up=rows.filter(state="given_up").count(),
    )


def visits(row: Accompaniment) -> list[AccompanimentVisit]:
    """Every look, the newest first, for callers that checked who asks."""
    return list(row.visits.order_by("-seen_at", "-id")[:200])


def of_household(by: Actor, household_id: UUID) -> list[Accompaniment]:
    """What a household waits for, or has received, as far as this actor may see it."""
    rows = access.accompaniments(by).filter(household_id=household_id)
    return list(rows.order_by("-opened_at", "-id")[:50])


def may_see_case(by: Actor, row: Accompaniment) -> bool:
    """True when the matter behind it is one of this actor's."""
    return row.case_id is not None and case_access.visible(by).filter(id=row.case_id).exists()
