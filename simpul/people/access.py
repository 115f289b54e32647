"""Which persons an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people.models import Person, PersonSet


def visible(by: Actor) -> PersonSet:
    """Persons of the seat's area, for roles that may change a person; nobody for others.

    A case shows its own reporter to those who may see the case, whatever area that person lives in; the doors of a case
    ask ``cases.access`` and take the person from there.
    """
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
    """One person, when ``visible`` shows them.

    Raises:
        NotFound: there is no such person, or not for this actor.
    """
    person = visible(by).filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person
