"""Names of the register for the list of a meeting: households and persons of the actor's area."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Household, Person

MOST = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """One name as the list shows it."""

    name: str
    address: str
    nik: str = ""
    person_id: UUID | None = None
    household_id: UUID | None = None
    family_id: UUID | None = None
    hamlet: str = ""


def households(by: Actor, ids: Collection[UUID]) -> list[Subject]:
    """Households by their keys, in the order given; those of another area, or whose head wants no processing, are left out."""
    rows = {one.id: one for one in _rows(by).filter(id__in=list(ids)[:MOST])}
    return [_subject(rows[key]) for key in dict.fromkeys(ids) if key in rows]


def of_hamlet(
    by: Actor, region_code: str, hamlet_id: UUID | None = None, words: str = "", limit: int = 200
) -> list[Subject]:
    """Households of a village, or of one hamlet of it, by name: to tick them for a list."""
    rows = _rows(by).filter(region_code=region_code)
    if hamlet_id is not None:
        rows = rows.filter(hamlet_id=hamlet_id)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(head__full_name__icontains=words))
    return [_subject(one) for one in rows.order_by("hamlet__name", "name", "id")[:limit]]


def persons(by: Actor, ids: Collection[UUID]) -> list[Subject]:
    """Persons by their keys, in the order given; unknown and forbidden ones are left out."""
    rows = people_access.visible(by).filter(id__in=list(ids)[:MOST], restricted_at=None, life="here")
    known = {one.id: one for one in rows.select_related("hamlet")}
    return [_of_person(known[key]) for key in dict.fromkeys(ids) if key in known]


def person_of_nik(by: Actor, index: str) -> Person | None:
    """The person of a NIK's blind index, when there is exactly one that this actor may see."""
    found = list(people_access.visible(by).with_nik(index).filter(restricted_at=None)[:2])
    return found[0] if len(found) == 1 else None


def persons_of_niks(by: Actor, indexes: Iterable[str]) -> dict[str, Person]:
    """Persons by the blind index of their NIK; an index that several carry is left out."""
    wanted = [one for one in set(indexes) if one]
    found: dict[str, Person] = {}
    twice: set[str] = set()
    for person in people_access.visible(by).filter(nik_index__in=wanted, restricted_at=None, life="here"):
        if person.nik_index in found:
            twice.add(person.nik_index)
        found[person.nik_index] = person
    return {index: person for index, person in found.items() if index not in twice}


def _rows(by: Actor) -> QuerySet[Household]:
    return (
        people_access.households(by)
        .filter(ended_date=None)
        .filter(Q(head=None) | Q(head__restricted_at=None))
        .select_related("head", "house", "hamlet")
    )


def _subject(row: Household) -> Subject:
    head = row.head
    address = (row.house.address if row.house else "") or (head.address if head else "")
    hamlet = row.hamlet.name if row.hamlet else ""
    return Subject(
        name=(head.full_name if head else row.name)[:150],
        address=", ".join(part for part in (address, hamlet) if part)[:200],
        nik=head.nik if head else "",
        person_id=head.id if head else None,
        household_id=row.id,
        family_id=head.family_id if head else None,
        hamlet=hamlet,
    )


def _of_person(person: Person) -> Subject:
    hamlet = person.hamlet.name if person.hamlet else ""
    return Subject(
        name=person.full_name,
        address=", ".join(part for part in (person.address, hamlet) if part)[:200],
        nik=person.nik,
        person_id=person.id,
        household_id=person.household_id,
        family_id=person.family_id,
        hamlet=hamlet,
    )
