"""Emptying a person's rows in this room. Whether it may be done, and that nothing else is left, is decided by ``upkeep``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people.models import (
    BatchFault,
    Belonging,
    Consent,
    Contact,
    ContactDoubt,
    Family,
    Flag,
    Household,
    HouseholdDoubt,
    LifeEvent,
    MatchKey,
    Merge,
    Observation,
    Person,
    Profile,
    Relation,
    Suspicion,
)


def blank_person(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty a person's row and everything that hangs on it; ``words`` are their names and numbers.

    The row itself stays without content, so that numbers and sums of money stay true; consents stay as proof, without names.

    Raises:
        NotFound: there is no such person.
    """
    roles.require(by, "person.blank")
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound
    done = erasing.Emptied(subjects={person_id})
    with transaction.atomic():
        _units(person, done)
        _others(person, words, done)
        _consents(person, done)
        _rows(person, done)
        Person.objects.filter(id=person_id).update(
            **erasing.emptied(Person),
            household=None,
            family=None,
            hamlet=None,
            import_key="",
            erased_at=at,
            restricted_at=at,
            resident=False,
            life="away",
        )
        done.count("person", 1)
        journal_actions.record(
            by=by,
            at=at,
            kind="person.blank",
            subject_kind="person",
            subject_id=person_id,
            region_code=person.region_code,
            facts={"rows": done.rows},
        )
    return done


def _rows(person: Person, done: erasing.Emptied) -> None:
    """What hangs on the person alone goes altogether."""
    own = Q(person_id=person.id)
    merges = Merge.objects.filter(Q(kept_id=person.id) | Q(gone_id=person.id))
    done.subjects |= set(merges.values_list("id", flat=True))
    for name, found in (
        ("household doubt", HouseholdDoubt.objects.filter(own)),
        ("contact doubt", ContactDoubt.objects.filter(own)),
        ("contact", Contact.objects.filter(own)),
        ("profile", Profile.objects.filter(own)),
        ("flag", Flag.objects.filter(own)),
        ("belonging", Belonging.objects.filter(own)),
        ("relation", Relation.objects.filter(own | Q(other_id=person.id))),
        ("life event", LifeEvent.objects.filter(own)),
        ("match key", MatchKey.objects.filter(own)),
        ("suspicion", Suspicion.objects.filter(Q(first_id=person.id) | Q(second_id=person.id))),
        ("merge", merges),
        ("observation", Observation.objects.filter(subject_kind="person", subject_id=person.id)),
    ):
        done.count(name, found.delete()[0])
    for gone in Person.objects.filter(merged_into_id=person.id):
        done.subjects.add(gone.id)
        Person.objects.filter(id=gone.id).update(**erasing.emptied(Person), import_key="", hamlet=None)


def _units(person: Person, done: erasing.Emptied) -> None:
    """A household or family that was called after the person loses its name; one where nobody is left loses its numbers."""
    for household in Household.objects.filter(Q(head_id=person.id) | Q(id=person.household_id)):
        done.subjects.add(household.id)
        alone = not household.members.exclude(id=person.id).exists()
        values = erasing.emptied(Household) if alone else {}
        if alone or household.head_id == person.id or household.name == person.full_name:
            values |= {"head": None, "name": erasing.ERASED}
        if alone:
            done.count(
                "observation",
                Observation.objects.filter(subject_kind="household", subject_id=household.id).delete()[0],
            )
        if values:
            Household.objects.filter(id=household.id).update(**values)
            done.count("household", 1)
    for family in Family.objects.filter(Q(head_id=person.id) | Q(id=person.family_id)):
        done.subjects.add(family.id)
        alone = not family.members.exclude(id=person.id).exists()
        if alone or family.head_id == person.id:
            Family.objects.filter(id=family.id).update(
                **(erasing.emptied(Family) if alone else {"head": None})
            )
            done.count("family", 1)


def _others(person: Person, words: Collection[str], done: erasing.Emptied) -> None:
    """Where others' rows name the person: as who said something, as a mother, as the owner of a telephone, as a wrong value."""
    name = person.full_name
    near = Q(person__household_id=person.household_id) if person.household_id else Q(pk__in=[])
    near |= Q(person__family_id=person.family_id) if person.family_id else Q(pk__in=[])
    done.count("profile", Profile.objects.filter(near, mother_name__iexact=name).update(mother_name=""))
    done.count("contact", Contact.objects.filter(near, owner_name__iexact=name).update(owner_name=""))
    done.count("life event", LifeEvent.objects.filter(near, said_by__iexact=name).update(said_by=""))
    units = [unit for unit in (person.household_id, person.family_id) if unit]
    said = Observation.objects.filter(subject_id__in=units)
    done.count("observation", said.filter(said_by__iexact=name).update(said_by=""))
    done.count("observation", said.filter(value__in=list(words)).update(value=""))
    done.count("list fault", BatchFault.objects.filter(value__in=list(words)).update(value=""))


def _consents(person: Person, done: erasing.Emptied) -> None:
    """That somebody agreed, to what and when, is proof (UU 27/2022 art. 24); who, their paper and their voice go."""
    own = Consent.objects.filter(person_id=person.id)
    done.files |= {digest for digest in own.values_list("evidence_sha256", flat=True) if digest}
    done.keep("proof", own.update(**erasing.emptied(Consent, keep=("words",)), evidence_mime=""))


def destroy_records(*, by: Actor, at: datetime, what: str, ids: Collection[UUID]) -> erasing.Emptied:
    """Destroy consents, flags or wrong values of lists whose time is over.

    Raises:
        KeyError: ``what`` is neither consent, flag nor list_fault.
    """
    roles.require(by, "records.destroy")
    keys, done = list(ids), erasing.Emptied()
    with transaction.atomic():
        if what == "consent":
            found = Consent.objects.filter(id__in=keys)
            done.files |= {digest for digest in found.values_list("evidence_sha256", flat=True) if digest}
            done.count("consent", found.update(**erasing.emptied(Consent, keep=("words",)), evidence_mime=""))
        elif what == "flag":
            done.count("flag", Flag.objects.filter(id__in=keys).delete()[0])
        elif what == "list_fault":
            done.count("list fault", BatchFault.objects.filter(id__in=keys).update(value=""))
        else:
            raise KeyError(what)
        journal_actions.record(
            by=by,
            at=at,
            kind="records.destroy",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"rows": done.rows},
        )
    return done
