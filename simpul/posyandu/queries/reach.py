"""Which households and people belong to a posyandu, and what the register says of them that needs somebody's hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.people.models import House, Household, Person
from simpul.people.queries import lists as list_queries
from simpul.posyandu.models import Participant, Posyandu
from simpul.posyandu.rules import findings as rules

_HOUSE = ("water", "toilet", "floor", "wall", "wall_condition", "roof", "roof_condition")


def _place(posyandu: Posyandu) -> Q | None:
    """Rows of the village that this posyandu serves: those of its hamlet; the oldest one of the village also those that none serves.

    None: it has no hamlet and is not the oldest; it serves those on its list.
    """
    open_ones = Posyandu.objects.filter(region_code=posyandu.region_code, closed_date=None)
    rows = list(open_ones.order_by("made_at", "id").values_list("id", "hamlet_id"))
    served = set(open_ones.exclude(hamlet=None).values_list("hamlet_id", flat=True))
    own = Q(hamlet_id=posyandu.hamlet_id) if posyandu.hamlet_id else None
    if rows and rows[0][0] == posyandu.id:
        rest = Q(hamlet=None) | ~Q(hamlet_id__in=served)
        own = rest if own is None else own | rest
    return None if own is None else Q(region_code=posyandu.region_code) & own


def households(posyandu: Posyandu) -> QuerySet[Household]:
    """Households that live where this posyandu serves, with their houses."""
    place = _place(posyandu)
    if place is None:
        listed = Participant.objects.filter(posyandu=posyandu, closed_date=None)
        place = Q(id__in=listed.values("person__household_id"))
    return Household.objects.filter(place, ended_date=None).select_related("house").order_by("id")


def people(posyandu: Posyandu) -> QuerySet[Person]:
    """Persons of the register who live where this posyandu serves."""
    place = _place(posyandu)
    if place is None:
        listed = Participant.objects.filter(posyandu=posyandu, closed_date=None)
        place = Q(id__in=listed.values("person_id")) | Q(household__in=listed.values("person__household_id"))
    return Person.objects.listed().filter(place, life="here")


def house_facts(house: House | None) -> rules.HouseFacts:
    """What a house's answers can mean."""
    if house is None:
        return rules.HouseFacts()
    return rules.HouseFacts(*(list_queries.meanings(name, getattr(house, name)) for name in _HOUSE))


def house_words(house: House | None, language: str) -> list[tuple[str, str]]:
    """The same as people read it: what is asked, what was answered; unknown answers are left out."""
    if house is None:
        return []
    return [
        (list_queries.name(name, language), list_queries.label(name, getattr(house, name), language))
        for name in _HOUSE
        if getattr(house, name)
    ]


@lru_cache(maxsize=1)
def school_codes() -> tuple[str, ...]:
    """Every code that says for certain that somebody is not at school."""
    by_code = list_queries.codes_by_meaning("schooling")
    return tuple(code for code, meanings in by_code.items() if meanings and meanings <= rules.NO_SCHOOL)


def out_of_school(posyandu: Posyandu, on: date) -> Iterator[Person]:
    """Children of school age who are not at school, for certain."""
    lowest, highest = rules.SCHOOL_AGES
    rows = people(posyandu).filter(
        birth_date__gt=years_before(on, highest + 1),
        birth_date__lte=years_before(on, lowest),
        profile__schooling__in=school_codes(),
    )
    return rows.select_related("household", "profile").iterator(chunk_size=500)


def at_school(person_ids: list[UUID]) -> set[UUID]:
    """Of these persons, those whose answer says that they go to school again."""
    attending = [
        code for code, found in list_queries.codes_by_meaning("schooling").items() if found == {"attending"}
    ]
    rows = Person.objects.filter(id__in=person_ids, profile__schooling__in=attending)
    return set(rows.values_list("id", flat=True))


def years_before(on: date, years: int) -> date:
    """The same day so many years before; 1 March for 29 February in a year without one."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def open_keys() -> list[UUID]:
    """Every open posyandu of the installation, in a fixed order: for work that goes from one to the next."""
    return list(Posyandu.objects.filter(closed_date=None).order_by("id").values_list("id", flat=True))
