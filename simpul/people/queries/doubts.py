"""Open questions of the register: which of two numbers is right, whether two households are one, where a person lives."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people import access
from simpul.people.models import ContactDoubt, HouseholdDoubt

MOST = 200
"""So many are shown at once, the oldest first: each one that is settled makes room."""


def contacts(by: Actor, person_ids: Iterable[UUID] | None = None) -> list[ContactDoubt]:
    """Two ways to reach one person of which one may be wrong: of these persons, or of all whom the actor may see."""
    rows = ContactDoubt.objects.filter(state="open", person__in=access.visible(by))
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    return list(rows.select_related("person", "first", "second").order_by("opened_at", "id")[:MOST])


def households(by: Actor, household_ids: Iterable[UUID] | None = None) -> list[HouseholdDoubt]:
    """Two households that may be one, or a person who is said to live in both: of these households, or of all."""
    return list(_about(by, household_ids).filter(state="open").order_by("opened_at", "id")[:MOST])


def joined(by: Actor, household_ids: Iterable[UUID]) -> list[HouseholdDoubt]:
    """Decisions by which one of these households and another became one; each can be taken back."""
    return list(_about(by, household_ids).filter(state="same").order_by("-decided_at", "id")[:MOST])


def waiting(by: Actor) -> int:
    """How many questions wait for the actor."""
    return (
        ContactDoubt.objects.filter(state="open", person__in=access.visible(by)).count()
        + access.household_doubts(by).filter(state="open").count()
    )


def _about(by: Actor, household_ids: Iterable[UUID] | None) -> QuerySet[HouseholdDoubt]:
    rows = access.household_doubts(by).select_related("first__hamlet", "second__hamlet", "person")
    if household_ids is None:
        return rows
    keys = list(household_ids)
    return rows.filter(Q(first_id__in=keys) | Q(second_id__in=keys))
