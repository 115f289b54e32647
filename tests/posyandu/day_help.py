"""A posyandu in Dungkait with some people, for tests of cards, entries and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from simpul.lib import text
from simpul.people.models import Household, Person
from simpul.posyandu.actions import examinations, participants
from simpul.posyandu.models import Examination, Participant, Posyandu
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast

TODAY = date(2026, 11, 23)
BORN = date(2025, 11, 10)
"""A year before the day of the cast: twelve completed months."""
BEFORE = NOW - timedelta(days=400)


@dataclass
class Furnished:
    """The posyandu and its first child, with the child's mother."""

    melati: Posyandu
    mawar: Posyandu
    far: Posyandu
    mother: Person
    child: Person


def posyandu(name: str, region_code: str = DUNGKAIT, **more: Any) -> Posyandu:
    """A posyandu without anybody."""
    return Posyandu.objects.create(
        name=name, region_code=region_code, made_at=BEFORE, changed_at=BEFORE, fields=["health"], **more
    )


def person(
    name: str, born: date | None = BORN, sex: str = "P", region_code: str = DUNGKAIT, **more: Any
) -> Person:
    """A resident of the register."""
    return Person.objects.create(
        full_name=name,
        name_key=text.name_key(name),
        sex=sex,
        birth_date=born,
        region_code=region_code,
        registered_at=BEFORE,
        resident=True,
        **more,
    )


def furnish(cast: Cast) -> Furnished:
    """Two posyandu of the village, one of the neighbour's, a mother with a child in a household."""
    household = Household.objects.create(
        region_code=DUNGKAIT, hamlet=cast.hamlet, name="Sitti Hawang", registered_at=BEFORE, changed_at=BEFORE
    )
    mother = person("Sitti Hawang", date(1998, 4, 2), household=household)
    return Furnished(
        melati=posyandu("Posyandu Melati", hamlet=cast.hamlet, desk=cast.desks.get("posyandu")),
        mawar=posyandu("Posyandu Mawar"),
        far=posyandu("Posyandu Jauh", BONTO_JAI),
        mother=mother,
        child=person("Nur Aisyah", household=household),
    )


def enrol(cast: Cast, there: Posyandu, who: Person, form: str = "B", **more: Any) -> Participant:
    """Somebody of the register on a list, since long ago."""
    given = {"opened_date": date(2025, 11, 10), "at": NOW, **more}
    return participants.enrol_participant(
        by=cast.cadre, posyandu_id=there.id, form=form, person_id=who.id, **given
    )


def record(cast: Cast, who: Participant, on: date, **more: Any) -> Examination:
    """An entry of a card by weight and height alone, unless ``values`` says otherwise."""
    weight, height = more.pop("weight", None), more.pop("height", None)
    values = {**more.pop("values", {})}
    values |= {"weight": weight} if weight else {}
    values |= {"height": height, "measured": "l"} if height else {}
    given = {"by": cast.cadre, "at": NOW, **more}
    return examinations.record_examination(participant_id=who.id, date=on, values=values, **given)


def noon(day: date) -> datetime:
    """Noon at the posyandu, as UTC."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
