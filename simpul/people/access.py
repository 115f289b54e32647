"""Which persons an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people.models import Person, PersonSet


def visible(by: Actor) -> PersonSet:
    """Persons of the seat's area, for roles that may change a person; nobody for others: for every list, search and count.

    Whose data stand still at their wish, and who was erased, is on none of them (UU 27/2022 art. 41, 43). One such person's own
    page is opened by ``person_for``.

    A case shows its own reporter to those who may see the case, whatever area that person lives in; the doors of a case
    ask ``cases.access`` and take the person from there.
    """
    return _in_area(by).unrestricted()


def _in_area(by: Actor) -> PersonSet:
    scope = roles.scope_of(by, "person.change")
    if scope is None:
        return Person.objects.none()
    if scope is roles.Scope.ALL or "" in by.served_areas:
        return Person.objects.all()
    inside = Q()
    for area in by.served_areas:
        inside |= Q(region_code__gte=area, region_code__lt=area + "~")
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
