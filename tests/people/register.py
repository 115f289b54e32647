"""A household of Dungkait for the tests of the register: three persons, one family card, one house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from simpul.lib.actor import Actor
from simpul.people import actions
from simpul.people.actions import Said
from simpul.people.models import Family, Household, Person

DUNGKAIT = "7602132001"
KK = "7602130101200001"


def actor(role: str, region: str = "7602", **more: Any) -> Actor:
    """An officer of Mamuju, with a second factor."""
    return Actor(role=role, name=f"Petugas {role}", region_code=region, strong=True, **more)


def said(day: date, source: str = "visit", words: str = "") -> Said:
    """What somebody said on a day."""
    return Said(source, day, words, "Nurhayati")


@dataclass
class Home:
    """The household and who lives in it."""

    household: Household
    family: Family
    head: Person
    wife: Person
    child: Person


def person(by: Actor, at: datetime, name: str, **given: Any) -> Person:
    """A person of Dungkait."""
    return actions.register_person(by=by, at=at, full_name=name, region_code=DUNGKAIT, **given).person


def home(by: Actor, at: datetime) -> Home:
    """Build it through the acts."""
    head = person(by, at, "Abdul Rahman", sex="L", birth_date=date(1980, 5, 17))
    wife = person(by, at, "Sitti Aminah", sex="P", birth_date=date(1984, 3, 2))
    child = person(by, at, "Nur Aisyah", sex="P", birth_date=date(2015, 8, 9))
    household = actions.open_household(
        by=by,
        at=at,
        region_code=DUNGKAIT,
        head_id=head.id,
        house={"floor": "6", "floor_area_dm2": "22,5", "lighting": "1", "power": "1"},
        values={"fridge": "4", "meals_per_day": "2"},
    )
    family = actions.open_family(
        by=by,
        at=at,
        region_code=DUNGKAIT,
        kk=KK,
        household_id=household.id,
        head_id=head.id,
        values={"decile": 2},
    )
    for one, relation in ((wife, "2"), (child, "3")):
        actions.join_household(by=by, at=at, household_id=household.id, person_id=one.id, relation=relation)
        actions.join_family(by=by, at=at, family_id=family.id, person_id=one.id, relation=relation)
    for one in (head, wife, child):
        one.refresh_from_db()
    household.refresh_from_db()
    return Home(household, family, head, wife, child)
