"""One household written down twice, or one person said to live in two: found while it happens, left for a person to decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people.models import Family, Household, HouseholdDoubt, Person
from simpul.people.rules.history import Said

_MOST = 5
"""More rows with one number or name are a fault of the list they came from, and are found by the search over the whole register."""


def lives_elsewhere(
    person: Person, household: Household, relation: str, told: Said, by: Actor, at: datetime, *, apart: bool
) -> bool:
    """True when a person is said to live here by somebody who had not seen (``apart``) that they live in another household by now.

    The question is kept; nobody is moved by whose word arrived last.
    """
    home = person.household
    if not apart or home is None or home.id == household.id or home.ended_date is not None:
        return False
    _keep(
        home,
        household,
        "lives",
        person,
        at,
        relation=relation,
        source=told.source,
        source_words=told.words,
        said_by=(told.said_by or by.name)[:150],
        observed_date=told.observed_date,
    )
    return True


def look_for(household: Household, head: Person, at: datetime) -> None:
    """Other households whose head may be this one: one NIK wherever it stands, or one name and birth date in the village."""
    same = Q(pk__in=[])
    if head.nik_index:
        same |= Q(nik_index=head.nik_index)
    if head.name_key and head.birth_date and not head.birth_date_rough:
        same |= Q(name_key=head.name_key, birth_date=head.birth_date, region_code=household.region_code)
    rows = (
        Person.objects.listed()
        .filter(same, household__ended_date=None, household__head_id__isnull=False)
        .exclude(Q(id=head.id) | Q(household=household) | Q(household=None))
        .select_related("household")
    )
    for other in rows.order_by("id")[:_MOST]:
        if other.household is not None and other.household.head_id == other.id:
            by_number = bool(head.nik_index) and other.nik_index == head.nik_index
            _keep(other.household, household, "nik" if by_number else "name", head, at)


def cards_like(rows: QuerySet[Family], index: str) -> QuerySet[Family]:
    """Families of these with a card number."""
    return rows.filter(kk_index=index, ended_date=None) if index else rows.none()


def same_card(family: Family, at: datetime) -> None:
    """Other households with a family of the same card."""
    if family.household is None:
        return
    others = cards_like(Family.objects.exclude(id=family.id), family.kk_index)
    for other in others.exclude(household=family.household).select_related("household")[:_MOST]:
        if other.household is not None and other.household.ended_date is None:
            _keep(other.household, family.household, "card", None, at)


def _keep(
    first: Household, second: Household, reason: str, person: Person | None, at: datetime, **said: Any
) -> None:
    """Keep the question once, in whichever order the two were met."""
    keys: list[UUID] = [first.id, second.id]
    known = HouseholdDoubt.objects.filter(first_id__in=keys, second_id__in=keys, reason=reason, person=person)
    if reason == "lives":
        known = known.filter(first=first, state="open")
    if not known.exists():
        HouseholdDoubt.objects.create(
            first=first, second=second, reason=reason, person=person, opened_at=at, **said
        )
