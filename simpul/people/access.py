"""Which persons an actor may see."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people.models import (
    Family,
    Flag,
    House,
    Household,
    HouseholdDoubt,
    LifeEvent,
    Person,
    PersonSet,
    Suspicion,
)
from simpul.people.rules import lists


def visible(by: Actor) -> PersonSet:
    """Persons of the seat's area, for roles that may change a person; nobody for others: for every list, search and count.

    Whose data stand still at their wish, and who was erased, is on none of them (UU 27/2022 art. 41, 43). One such person's own
    page is opened by ``person_for``. A row that was merged into another is on none of them either: that other one stands for it.

    A case shows its own reporter to those who may see the case, whatever area that person lives in; the doors of a case
    ask ``cases.access`` and take the person from there.
    """
    return _in_area(by).listed()


def _in_area(by: Actor) -> PersonSet:
    scope = roles.scope_of(by, "person.change")
    if scope is None:
        return Person.objects.none()
    if scope is roles.Scope.ALL or "" in by.served_areas:
        return Person.objects.all()
    inside = areas.inside_any(by.served_areas)
    return Person.objects.filter(inside)


def person_for(by: Actor, person_id: UUID) -> Person:
    """One person of the seat's area, also one whose data stand still: their page says so, and why nothing else is done there.

    Raises:
        NotFound: there is no such person, or not for this actor, or everything about them was erased.
    """
    person = _in_area(by).filter(id=person_id, erased_at=None).first()
    if person is None:
        raise NotFound
    return person


def active_for(by: Actor, person_id: UUID) -> Person:
    """One person of the seat's area on whom the register may work: their data do not stand still.

    Raises:
        NotFound: there is no such person, or not for this actor, or they asked that nothing be done.
    """
    person = visible(by).filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person


# --- the register -------------------------------------------------------------------------------------------------------------

_CATEGORIES = Path(__file__).resolve().parent / "catalogue" / "ppks.toml"
_DESTINATION_ROLES = ("coordinator", "manager")
_FLAG_ROLES = ("supervisor", "coordinator", "manager", "back_office")


def _area(by: Actor, act: str = "person.change") -> Q | None:
    """The rows of the seat's area, by ``region_code``; None for roles that have no register."""
    scope = roles.scope_of(by, act)
    if scope is None:
        return None
    if scope is roles.Scope.ALL or "" in by.served_areas:
        return Q()
    return areas.inside_any(by.served_areas)


def households(by: Actor) -> QuerySet[Household]:
    """Households of the seat's area, for roles that keep the register; those that ended too."""
    inside = _area(by)
    return Household.objects.none() if inside is None else Household.objects.filter(inside)


def household_for(by: Actor, household_id: UUID) -> Household:
    """One household, when ``households`` shows it.

    Raises:
        NotFound: there is no such household, or not for this actor.
    """
    found = households(by).filter(id=household_id).first()
    if found is None:
        raise NotFound
    return found


def houses(by: Actor) -> QuerySet[House]:
    """Houses of the seat's area."""
    inside = _area(by)
    return House.objects.none() if inside is None else House.objects.filter(inside)


def families(by: Actor) -> QuerySet[Family]:
    """Family cards of the seat's area."""
    inside = _area(by)
    return Family.objects.none() if inside is None else Family.objects.filter(inside)


def subject_for(by: Actor, kind: str, subject_id: UUID) -> Person | Household | House | Family | None:
    """The row a statement of the history is about, when the actor may see it."""
    if kind == "person":
        return visible(by).filter(id=subject_id).first()
    if kind == "household":
        return households(by).filter(id=subject_id).first()
    if kind == "house":
        return houses(by).filter(id=subject_id).first()
    return families(by).filter(id=subject_id).first() if kind == "family" else None


def suspicions(by: Actor) -> QuerySet[Suspicion]:
    """Pairs of persons who may be one, for those who may decide about them: both persons of the seat's area.

    A pair nobody decided about falls away while one of the two is merged into a third; what was decided is shown for good.
    """
    scope = roles.scope_of(by, "suspicion.settle")
    if scope is None:
        return Suspicion.objects.none()
    rows = Suspicion.objects.exclude(Q(first__life="merged") | Q(second__life="merged"), state="open")
    for side in ("first", "second"):
        rows = rows.filter(**{f"{side}__restricted_at": None, f"{side}__erased_at": None})
        if scope is not roles.Scope.ALL and "" not in by.served_areas:
            rows = rows.filter(areas.inside_any(by.served_areas, f"{side}__region_code"))
    return rows


def household_doubts(by: Actor) -> QuerySet[HouseholdDoubt]:
    """Pairs of households that may be one, or of which one person is said to live in both: for who serves both places."""
    inside = _area(by, "household.join")
    if inside is None:
        return HouseholdDoubt.objects.none()
    seen = Household.objects.filter(inside).values("id")
    rows = HouseholdDoubt.objects.filter(first__in=seen, second__in=seen)
    return rows.filter(Q(person=None) | Q(person__restricted_at=None, person__erased_at=None))


def departures(by: Actor) -> QuerySet[LifeEvent]:
    """The trace of who left the seat's area: the event alone, not the person's new page."""
    inside = _area(by)
    if inside is None:
        return LifeEvent.objects.none()
    rows = LifeEvent.objects.filter(kind="move_out", undone_at=None, person__restricted_at=None)
    if not inside:
        return rows
    left = areas.inside_any(by.served_areas, "from_region")
    return rows.filter(left)


def sees_destination(by: Actor) -> bool:
    """True for who may read where somebody who left lives now: somebody who fled is not to be found through the old village's register."""
    return by.role in _DESTINATION_ROLES


def openly(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these persons on whom no sensitive category was ever set: who is told about when they left."""
    ids = set(person_ids)
    flagged = Flag.objects.filter(person_id__in=ids, category__in=sensitive_categories())
    return frozenset(ids - set(flagged.values_list("person_id", flat=True)))


@lru_cache(maxsize=1)
def categories() -> tuple[lists.Category, ...]:
    """The 26 categories of people in need of social services; here, because some of them decide who may see what."""
    return lists.read_categories(tomllib.loads(_CATEGORIES.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def sensitive_categories() -> frozenset[int]:
    """The numbers of those that only named officers see."""
    return frozenset(one.number for one in categories() if one.sensitive)


def flags(by: Actor) -> QuerySet[Flag]:
    """Categories of need the actor may read.

    Those that are not sensitive: roles that judge need, in their area. Sensitive ones: the manager of the area, and the officers of
    the desk they are entrusted to; never anybody by area alone. Which are sensitive: ``people/catalogue/ppks.toml`` (unconfirmed).
    """
    return Flag.objects.filter(_readable(by), person__in=visible(by))


def flags_of(by: Actor, person_id: UUID) -> QuerySet[Flag]:
    """The same of one person, also when their data stand still: for their own copy; the caller has checked that it is for them."""
    return Flag.objects.filter(_readable(by), person_id=person_id)


def _readable(by: Actor) -> Q:
    mine = Q(desk_id__in=by.desk_ids)
    if by.role not in _FLAG_ROLES or roles.scope_of(by, "person.change") is None:
        return mine
    return Q() if by.role == "manager" else ~Q(category__in=sensitive_categories()) | mine
