"""Reading what a form or another room gave for the fields of the register: every fault at its field, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.actions import _units
from simpul.people.models import Family, House, Household, Person
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists as list_queries
from simpul.people.rules import lists
from simpul.people.rules.history import Said
from simpul.regions import queries as region_queries


class FieldUnknown(Refused):
    """Something that is no field of the register."""

    code = "field.unknown"
    sentence = _("“%(name)s” is no field of the register.")


class NothingChanged(Refused):
    """A form without a change."""

    code = "register.nothing_changed"
    sentence = _("Nothing was changed. Change at least one answer, or go back.")


class PlaceUnknown(Refused):
    """A household without a village."""

    code = "register.place_unknown"
    sentence = _("Choose the village.")
    field = "region_code"


class HamletElsewhere(Refused):
    """A hamlet of another village."""

    code = "register.hamlet_elsewhere"
    sentence = _("This hamlet belongs to another village. Choose one of the village.")
    field = "hamlet"


class DayImpossible(Refused):
    """A day that lies ahead or long ago."""

    code = "register.day_impossible"
    sentence = _("This day lies in the future, or cannot be. Check the date.")
    field = "on_date"


def values(about: str, given: Mapping[str, Any], at: datetime, version: str = "bdt") -> dict[str, Any]:
    """Everything that was given, read.

    Raises:
        FieldUnknown: no such field.
        Refused: it cannot be read.
    """
    known = field_queries.of(about)
    wrong = next((key for key in given if key not in known), None)
    if wrong is not None:
        raise FieldUnknown(field=wrong, name=wrong)
    return {
        key: field_queries.read(about, key, value, version=version, today=_units.last_day(at))
        for key, value in given.items()
    }


def relation(field: str, given: object, version: str = "bdt") -> str:
    """The code of a relation to the head; "" when nobody knows.

    Raises:
        NotInList: no such relation.
    """
    return list_queries.code(field, version, given)


def is_head(field: str, code: str) -> bool:
    """True for the code of the head."""
    return list_queries.meanings(field, code) == {"head"}


def day(given: date | None, at: datetime, *, field: str = "on_date") -> date:
    """A day on which something happened, not after today.

    Raises:
        DayImpossible: it lies ahead, or before 1890.
    """
    found = given or when.local_date(at, "Asia/Makassar")
    if found > _units.last_day(at) or found.year < 1890:
        raise DayImpossible(field=field)
    return found


def hamlet(hamlet_id: UUID | None, region_code: str) -> Any:
    """The hamlet, checked to lie in the village.

    Raises:
        HamletElsewhere: another village's, or none.
    """
    if hamlet_id is None:
        return None
    found = next((one for one in region_queries.hamlets(region_code) if one.id == hamlet_id), None)
    if found is None:
        raise HamletElsewhere
    return found


def village(region_code: str) -> str:
    """A village's code.

    Raises:
        PlaceUnknown: it is none.
    """
    found = region_queries.find_region(region_code) if len(region_code) == 10 else None
    if found is None:
        raise PlaceUnknown
    return region_code


Made = TypeVar("Made", Household, Family, Person)


def made(model: type[Made], key: UUID | None, see: Callable[[UUID], Made]) -> Made | None:
    """What was made before with this key: the same act again finds it and changes nothing; None when there is nothing yet.

    Raises:
        NotFound: it is not the actor's to see.
    """
    return see(key) if key is not None and model.objects.filter(id=key).exists() else None


def household(by: Actor, household_id: UUID) -> Household:
    """A household the actor may see."""
    return access.household_for(by, household_id)


def house(by: Actor, house_id: UUID) -> House:
    """A house the actor may see."""
    found = access.houses(by).filter(id=house_id).first()
    if found is None:
        raise NotFound
    return found


def family(by: Actor, family_id: UUID) -> Family:
    """A family the actor may see."""
    found = access.families(by).filter(id=family_id).first()
    if found is None:
        raise NotFound
    return found


def person(by: Actor, person_id: UUID) -> Person:
    """A person the actor may see, and who did not ask that their data stand still: those are changed by a wish alone."""
    return access.active_for(by, person_id)


def said(given: Said | None, at: datetime, by: Actor) -> Said:
    """Who said it, checked; without a word, the officer who writes it down.

    Raises:
        SourceUnknown, DayAhead: see ``people.rules.history``.
    """
    found = given or Said("officer", _units.local_day(by, at), said_by=by.name)
    found.check(_units.last_day(at))
    return found


NotInList = lists.NotInList
