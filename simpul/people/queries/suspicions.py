"""Pairs of persons who may be one: the list, surest first, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people import access
from simpul.people.models import Merge, Person, Suspicion
from simpul.people.queries import matching
from simpul.people.rules import match_levels

PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """Some pairs, and where the list goes on."""

    rows: list[Suspicion]
    total: int
    number: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons side by side: how each value agrees, and what was decided."""

    suspicion: Suspicion
    likeness: match_levels.Likeness
    merge: Merge | None


def listed(by: Actor, *, state: str = "open", region_code: str = "", page: int = 1) -> Page:
    """Pairs both of whom the actor may see, surest first."""
    rows = access.suspicions(by).filter(state=state).select_related("first", "second")
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    sheet = Paginator(rows.order_by("-score", "id"), PAGE)
    shown = sheet.get_page(page)
    return Page(list(shown.object_list), sheet.count, shown.number, shown.has_next())


def waiting(by: Actor) -> int:
    """How many pairs wait for a decision."""
    return access.suspicions(by).filter(state="open").count()


def one_for(by: Actor, suspicion_id: UUID) -> Suspicion:
    """A pair both of whom the actor may see.

    Raises:
        NotFound: there is no such pair, or not for this actor.
    """
    found = access.suspicions(by).filter(id=suspicion_id).select_related("first", "second").first()
    if found is None:
        raise NotFound
    return found


def side_by_side(by: Actor, suspicion_id: UUID) -> Pair:
    """Two persons, compared as they stand in the register now.

    Raises:
        NotFound: there is no such pair, or not for this actor.
    """
    found = one_for(by, suspicion_id)
    merge = (
        Merge.objects.filter(
            kept__in=[found.first_id, found.second_id],
            gone__in=[found.first_id, found.second_id],
            undone_at=None,
        )
        .order_by("-merged_at")
        .first()
    )
    return Pair(found, matching.compared(found.first, found.second), merge)


def merge_for(by: Actor, merge_id: UUID) -> Merge:
    """A merge that stands, when the actor may see the person it made.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    merge = Merge.objects.filter(id=merge_id, undone_at=None).select_related("kept", "gone").first()
    if merge is None:
        raise NotFound
    access.person_for(by, merge.kept_id)
    return merge


def merges_of(person: Person) -> list[Merge]:
    """What was merged into a person, or where a person went, newest first. The caller has checked the access."""
    rows = Merge.objects.filter(kept=person) | Merge.objects.filter(gone=person)
    return list(rows.select_related("kept", "gone").order_by("-merged_at"))


def pairs_of(by: Actor, merges: Iterable[Merge]) -> dict[UUID, UUID]:
    """For each of these merges the pair by whose page it is taken apart again, where there is one that the actor may see."""
    sides = {frozenset((one.kept_id, one.gone_id)): one.id for one in merges}
    keys = set().union(*sides)
    rows = access.suspicions(by).filter(first__in=keys, second__in=keys) if keys else ()
    found = ((sides.get(frozenset((one.first_id, one.second_id))), one.id) for one in rows)
    return {merge: pair for merge, pair in found if merge is not None}
