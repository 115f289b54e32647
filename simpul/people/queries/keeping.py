"""Everything this room holds about one person: for their own copy (UU 27/2022 art. 32), and for erasing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from simpul.lib import erasing
from simpul.lib import phone as phone_lib
from simpul.people import rules
from simpul.people.models import (
    Belonging,
    Consent,
    Contact,
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


def held(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """What is kept about a person, by table: every column, as it stands. Nobody else's name is in it."""
    own = {"person_id": person_id}
    found = {
        "person": rows(Person.objects.filter(id=person_id), leave=("nik_index", "name_key", "import_key")),
        "contacts": rows(Contact.objects.filter(**own)),
        "situation": rows(Profile.objects.filter(**own)),
        "households and families": rows(Belonging.objects.filter(**own)),
        "relations": rows(Relation.objects.filter(**own), leave=("other",)),
        "events": rows(LifeEvent.objects.filter(**own)),
        "flags": rows(Flag.objects.filter(**own)),
        "consents": rows(Consent.objects.filter(**own)),
        "statements": rows(Observation.objects.filter(subject_kind="person", subject_id=person_id)),
    }
    one = Person.objects.select_related("household__house", "family").get(id=person_id)
    home: dict[str, models.Model | None] = {"household": one.household, "family": one.family}
    home["house"] = one.household.house if one.household else None
    for name, unit in home.items():
        found[name] = [row(unit, leave=("head", "name", "kk_index", "import_key"))] if unit else []
    return {name: held_rows for name, held_rows in found.items() if held_rows}


def rows(found: models.QuerySet[Any], leave: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Rows of a table as plain values, what is empty left out."""
    return [row(one, leave=leave) for one in found.order_by("pk")[:1000]]


def row(one: models.Model, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """One row as plain values; keys and what is empty are left out."""
    return erasing.told_row(one, leave)
