"""The register of an area, as the server above has it (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor
from simpul.people import queries
from simpul.people.actions import _keys
from simpul.people.models import (
    Belonging,
    Consent,
    Contact,
    ContactDoubt,
    Family,
    Flag,
    House,
    Household,
    LifeEvent,
    Observation,
    Person,
    Profile,
    Relation,
)
from simpul.people.queries import residents

_SUBJECTS: Mapping[str, type[Household | House | Family | Person]] = {
    "household": Household,
    "house": House,
    "family": Family,
    "person": Person,
    "profile": Person,
}


def _persons(scope: mirror.Scope) -> QuerySet[Person]:
    return Person.objects.filter(areas.inside_any(scope.areas), merged_into=None)


def _observations(scope: mirror.Scope) -> QuerySet[Observation]:
    found = Q(pk__in=[])
    for kind, model in _SUBJECTS.items():
        inside = model._base_manager.filter(areas.inside_any(scope.areas))
        found |= Q(subject_kind=kind, subject_id__in=inside.values("pk"))
    return Observation.objects.filter(found)


TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(House, lambda scope: House.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(Household, lambda scope: Household.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(
        Family,
        lambda scope: Family.objects.filter(areas.inside_any(scope.areas)),
        leave_out=frozenset({"kk_index"}),
    ),
    mirror.Table(Person, _persons, leave_out=frozenset({"nik_index", "import_key"})),
    mirror.Table(Profile, lambda scope: Profile.objects.filter(person__in=_persons(scope))),
    mirror.Table(Contact, lambda scope: Contact.objects.filter(person__in=_persons(scope))),
    mirror.Table(
        ContactDoubt, lambda scope: ContactDoubt.objects.filter(person__in=_persons(scope)), under="person_id"
    ),
    mirror.Table(Flag, lambda scope: Flag.objects.filter(person__in=_persons(scope)), under="person_id"),
    mirror.Table(
        Belonging, lambda scope: Belonging.objects.filter(person__in=_persons(scope)), under="person_id"
    ),
    mirror.Table(
        Relation, lambda scope: Relation.objects.filter(person__in=_persons(scope)), under="person_id"
    ),
    mirror.Table(
        LifeEvent, lambda scope: LifeEvent.objects.filter(person__in=_persons(scope)), under="person_id"
    ),
    mirror.Table(Observation, _observations, under="subject_id"),
    mirror.Table(Consent, lambda scope: Consent.objects.filter(person__in=_persons(scope))),
)
"""Blind look-ups (of NIK and family card) are made anew with this installation's key."""


def mirror_register(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay persons, families, households and houses down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "register.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)

        _index(done)
        journal_actions.record(
            by=by,
            at=at,
            kind="register.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done


def _index(done: mirror.Done) -> None:
    """Look-ups by NIK, family card and name, of what was laid down."""
    cards = Family.objects.in_bulk([UUID(key) for key in done.written.get("people.Family", {})])
    for family in cards.values():
        family.kk_index = residents.kk_index(family.kk)
    Family.objects.bulk_update(cards.values(), ["kk_index"], batch_size=300)
    persons = Person.objects.in_bulk([UUID(key) for key in done.written.get("people.Person", {})])
    for person in persons.values():
        person.nik_index = queries.nik_index(person.nik)
    Person.objects.bulk_update(persons.values(), ["nik_index"], batch_size=300)
    _keys.write_keys(list(persons.values()))
