"""Everything this room holds about one person: for their own copy (UU 27/2022 art. 32), and for erasing it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from simpul.lib import areas, erasing
from simpul.lib import phone as phone_lib
from simpul.people import rules
from simpul.people.models import (
    Batch,
    BatchFault,
    Belonging,
    Consent,
    Contact,
    ContactDoubt,
    Flag,
    LifeEvent,
    Observation,
    Person,
    Profile,
    Relation,
)

_SHORTEST = 3
"""A name of two letters stands inside too many other words to be looked for."""


@dataclass(frozen=True, slots=True)
class Words:
    """By what a person is recognised in a text: their names, and their numbers."""

    names: frozenset[str]
    numbers: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Names and numbers."""
        return self.names | self.numbers


def person(person_id: UUID) -> Person | None:
    """The row itself, for acts over many rooms; they have checked who asks."""
    return Person.objects.filter(id=person_id).first()


def words_of(person_id: UUID) -> Words:
    """The names and numbers a person is recognised by, in the spellings in which they are kept."""
    one = Person.objects.get(id=person_id)
    names = {one.full_name, one.called} - {"", rules.UNKNOWN_NAME}
    numbers = {one.nik}
    for contact in Contact.objects.filter(person_id=person_id):
        numbers |= {contact.as_typed, contact.address, *_spellings(contact.as_typed)}
    profile = Profile.objects.filter(person_id=person_id).first()
    if profile is not None:
        numbers |= {profile.kis_number, profile.kip_number, profile.student_number}
    return Words(
        frozenset(name for name in names if len(name) >= _SHORTEST),
        frozenset(number for number in numbers if len(number) >= 6),
    )


def _spellings(typed: str) -> set[str]:
    number = phone_lib.normalise(typed).e164 if any(sign.isdigit() for sign in typed) else None
    if not number:
        return set()
    return {number, number.removeprefix("+"), "0" + number.removeprefix("+62")}


def held(person_id: UUID, flag_ids: Iterable[UUID] | None = None) -> dict[str, list[dict[str, Any]]]:
    """What is kept about a person, by table: every column, as it stands. Nobody else's name is in it.

    Args:
        flag_ids: the categories of need that whoever hands the copy out may read; all of them when it is not said.
    """
    flags = Flag.objects.filter(person_id=person_id)
    own = {"person_id": person_id}
    found = {
        "person": rows(Person.objects.filter(id=person_id), leave=("nik_index", "name_key", "import_key")),
        "contacts": rows(Contact.objects.filter(**own)),
        "questions about contacts": rows(ContactDoubt.objects.filter(**own)),
        "situation": rows(Profile.objects.filter(**own)),
        "households and families": rows(Belonging.objects.filter(**own)),
        "relations": rows(Relation.objects.filter(**own), leave=("other",)),
        "events": rows(LifeEvent.objects.filter(**own)),
        "flags": rows(flags if flag_ids is None else flags.filter(id__in=list(flag_ids))),
        "consents": rows(Consent.objects.filter(**own)),
        "statements": rows(Observation.objects.filter(subject_kind="person", subject_id=person_id)),
    }
    one = Person.objects.select_related("household__house", "family").get(id=person_id)
    home: dict[str, models.Model | None] = {"household": one.household, "family": one.family}
    home["house"] = one.household.house if one.household else None
    for name, unit in home.items():
        found[name] = [row(unit, leave=("head", "name", "kk_index", "import_key"))] if unit else []
    return {name: held_rows for name, held_rows in found.items() if held_rows}


def over(what: str, at: datetime, limit: int = 1000, among: Collection[UUID] | None = None) -> list[UUID]:
    """Consents (5 years after they ended), flags (2 years after) or wrong values of lists (90 days) whose time is over, oldest first."""
    today = timezone.localdate(at)
    found: models.QuerySet[Any]
    if what == "consent":
        old = today - timedelta(days=1826)
        ended = models.Q(withdrawn_at__date__lt=old) | models.Q(until_date__lt=old)
        found = Consent.objects.filter(ended).exclude(given_by=erasing.ERASED).order_by("given_at")
    elif what == "flag":
        found = Flag.objects.filter(ended_date__lt=today - timedelta(days=730)).order_by("ended_date")
    elif what == "list_fault":
        old_lists = Batch.objects.filter(started_at__lt=at - timedelta(days=90)).values("id")
        found = BatchFault.objects.filter(batch__in=old_lists).exclude(value="").order_by("id")
    else:
        raise KeyError(what)
    if among is not None:
        found = found.filter(id__in=list(among))
    return list(found.values_list("id", flat=True)[:limit])


def rows(found: models.QuerySet[Any], leave: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Rows of a table as plain values, what is empty left out."""
    return [row(one, leave=leave) for one in found.order_by("pk")[:1000]]


def row(one: models.Model, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """One row as plain values; keys and what is empty are left out."""
    return erasing.told_row(one, leave)


def living_at(region_code: str) -> set[UUID]:
    """Everybody whose row lies in an area and still holds something."""
    found = Person.objects.filter(areas.inside(region_code), erased_at=None)
    return set(found.values_list("id", flat=True))


def known(person_ids: Collection[UUID]) -> set[UUID]:
    """Those of the keys that are persons who still hold something."""
    keys = list(person_ids)
    found: set[UUID] = set()
    for start in range(0, len(keys), 500):
        rows = Person.objects.filter(id__in=keys[start : start + 500], erased_at=None)
        found |= set(rows.values_list("id", flat=True))
    return found


def place_of(person_id: UUID) -> tuple[str, UUID | None] | None:
    """Village and household of a person who still holds something; None when there is nobody."""
    found = (
        Person.objects.filter(id=person_id, erased_at=None).values_list("region_code", "household_id").first()
    )
    return (found[0], found[1]) if found else None


def members_of(unit_ids: Collection[UUID]) -> set[UUID]:
    """Who belongs to these households or families."""
    keys = list(unit_ids)
    rows = Person.objects.filter(
        models.Q(household_id__in=keys) | models.Q(family_id__in=keys), erased_at=None
    )
    return set(rows.values_list("id", flat=True))
