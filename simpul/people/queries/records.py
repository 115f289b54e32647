"""Households as rules see them: a few as records with their history, a whole area as columns.

Records cost the same number of queries for one household as for a hundred. Columns are read row by row by a cursor, without making
objects: an area of 200,000 people is a matter of seconds. Whose data stand still at their wish, who died and who moved away is left
out of both; a household is counted by who lives in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.people.models import Family, Flag, House, Household, Observation, Person, Profile
from simpul.people.queries import lists
from simpul.people.rules.history import EVERYTHING
from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord, Saying

_KEPT_OUT = frozenset(
    {
        "id",
        "name",
        "address",
        "landmark",
        "meter_water",
        "meter_power",
        "meter_gas",
        "import_key",
        "changed_at",
    }
)
_TAKEN_AWAY = frozenset({"not_found", "moved", "died"})
_SEX = {"L": "male", "P": "female"}


def columns_of(model: Any) -> tuple[str, ...]:
    """The columns of a register table that say something about its subject: codes, numbers, yes and no."""
    plain = {
        "CharField",
        "PositiveIntegerField",
        "BigIntegerField",
        "BooleanField",
        "PositiveSmallIntegerField",
    }
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if field.get_internal_type() in plain and field.name not in _KEPT_OUT and not field.is_relation
    )


HOUSE = columns_of(House)
HOUSEHOLD = columns_of(Household)
PROFILE = columns_of(Profile)
FAMILY = ("decile", "decile_period", "listed")
_COLUMNS: dict[Any, tuple[str, ...]] = {
    House: HOUSE,
    Household: HOUSEHOLD,
    Family: FAMILY,
    Profile: PROFILE,
    Person: ("sex", "birth_date", "life"),
}
"""Columns whose values have somebody who said them."""


def living(code: str = "") -> Q:
    """Persons who live here and may be looked at in lists."""
    inside = Q(life="here", restricted_at=None, erased_at=None, resident=True)
    return inside & areas.inside(code) if code else inside


# --- a few households, with their history ----------------------------------------------------------------------------


def records(
    household_ids: Iterable[UUID],
    *,
    marks: Mapping[UUID, frozenset[int]] | None = None,
    by: Actor | None = None,
) -> dict[UUID, HouseholdRecord]:
    """Records of these households by id. ``marks`` gives the PPKS categories of persons that the reader may see.

    Members are who lives here and is not restricted; people of a member's family card who eat elsewhere are there too, not ``here``.
    For an actor (``by``), those of them who live outside of the area are counted, and nothing else is told: no name, no fact. What rules
    ask about them is unknown.
    """
    ids = list(household_ids)
    households = {one.id: one for one in Household.objects.filter(id__in=ids).select_related("house")}
    people = list(
        Person.objects.filter(living(), Q(household_id__in=ids) | Q(family__members__household_id__in=ids))
        .select_related("profile", "family")
        .distinct()
        .order_by("birth_date", "id")
    )
    families: dict[UUID, Family] = {
        one.family.id: one.family for one in people if one.family and one.family.ended_date is None
    }
    for card in Family.objects.filter(household_id__in=ids, ended_date=None):
        families[card.id] = card
    house_ids = [one.house_id for one in households.values() if one.house_id is not None]
    roof = _under_one_roof(house_ids)
    keys: list[UUID] = [*ids, *house_ids, *families, *(one.id for one in people)]
    withheld = frozenset(one.id for one in people if by is not None and not by.serves(one.region_code))
    said = _said([key for key in keys if key not in withheld])
    set_marks = _marks([one.id for one in people]) if marks is None else marks
    by_household: dict[UUID, list[Person]] = defaultdict(list)
    for one in people:
        for key in _households_of(one, people, households):
            by_household[key].append(one)
    return {
        key: _record(one, by_household[key], families, roof, said, set_marks, withheld)
        for key, one in households.items()
    }


def _households_of(person: Person, people: Sequence[Person], wanted: Mapping[UUID, Any]) -> set[UUID]:
    """Their own household, and those of others on their family card."""
    found = {person.household_id} if person.household_id in wanted else set()
    if person.family_id:
        found |= {one.household_id for one in people if one.family_id == person.family_id}
    return {one for one in found if one is not None and one in wanted}


def _record(
    household: Household,
    people: Sequence[Person],
    families: Mapping[UUID, Family],
    roof: Mapping[UUID, int],
    said: Mapping[UUID, Mapping[str, Saying]],
    marks: Mapping[UUID, frozenset[int]],
    withheld: frozenset[UUID],
) -> HouseholdRecord:
    house = household.house
    cards = {one.family_id for one in people if one.family_id and one.family_id in families}
    cards |= {key for key, one in families.items() if one.household_id == household.id}
    heads = _heads(household, people, families)
    values = {name: getattr(household, name) for name in HOUSEHOLD}
    values["gone"] = household.ended_date is not None or gone(household.presence)
    held: dict[UUID, Any] = {key: [families[key]] for key in cards} | {household.id: [household]}
    held |= {one.id: [one, getattr(one, "profile", None)] for one in people if one.id not in withheld}
    if house:
        held[house.id] = [house]
    return HouseholdRecord(
        key=str(household.id),
        name=household.name,
        region_code=household.region_code,
        values=values,
        house_key=str(house.id) if house else "",
        house={name: getattr(house, name) for name in HOUSE} if house else {},
        house_persons=roof.get(house.id) if house else None,
        families=tuple(_family(families[key], household, people) for key in sorted(cards)),
        members=tuple(
            _withheld(one, household, heads) if one.id in withheld else _person(one, household, heads, marks)
            for one in people
        ),
        said={(str(key), column): one for key in held for column, one in _told(key, held[key], said).items()},
    )


def _family(family: Family, household: Household, people: Sequence[Person]) -> FamilyRecord:
    """A card; without a household of its own it belongs to that of the first of its people."""
    home = family.household_id
    if home is None:
        eating = sorted((one.id, one.household_id) for one in people if one.family_id == family.id)
        home = next((kitchen for _person, kitchen in eating if kitchen), None)
    return FamilyRecord(
        key=str(family.id),
        here=home == household.id,
        values={name: getattr(family, name) for name in FAMILY},
    )


def _heads(household: Household, people: Sequence[Person], families: Mapping[UUID, Family]) -> frozenset[Any]:
    """Who heads the household, and who each family: the named head, else the first whose relation says so."""
    here = [one for one in people if one.household_id == household.id]
    found = {("household", one.id) for one in here if one.id == household.head_id}
    if not found:
        found = {("household", one.id) for one in here if is_head(one.household_relation)}
    cards = {one.family_id for one in people if one.family_id}
    for card in cards:
        members = [one for one in people if one.family_id == card]
        heads = [one for one in members if card in families and one.id == families[card].head_id]
        heads = heads or [one for one in members if is_head(one.family_relation)]
        found |= {("family", min(one.id for one in heads))} if heads else set()
    first = sorted(one for one in found if one[0] == "household")[:1]
    return frozenset(first) | {one for one in found if one[0] == "family"}


def _person(
    person: Person, household: Household, heads: frozenset[Any], marks: Mapping[UUID, frozenset[int]]
) -> PersonRecord:
    profile = getattr(person, "profile", None)
    values = {name: getattr(profile, name) for name in PROFILE} if profile else {}
    values["sex"] = _SEX.get(person.sex, "")
    values["relation"] = person.family_relation or person.household_relation
    values["has_nik"] = bool(person.nik_index)
    values["able"] = able(values.get("disability", ""))
    return PersonRecord(
        key=str(person.id),
        name=person.full_name,
        birth_date=person.birth_date,
        birth_rough=person.birth_date_rough,
        here=person.household_id == household.id,
        family=str(person.family_id) if person.family_id else "",
        heads_household=("household", person.id) in heads,
        heads_family=("family", person.id) in heads,
        values=values,
        marks=marks.get(person.id, frozenset()),
    )


def _withheld(person: Person, household: Household, heads: frozenset[Any]) -> PersonRecord:
    """Somebody of the card who lives outside of the reader's area: that there is one, and where on the card they stand."""
    return PersonRecord(
        key=str(person.id),
        name=_("a member of the card who lives elsewhere"),
        here=person.household_id == household.id,
        family=str(person.family_id) if person.family_id else "",
        heads_family=("family", person.id) in heads,
        withheld=True,
    )


def gone(presence: str) -> bool:
    """True when a household's presence can only mean that it is not there any more."""
    possible = lists.meanings("presence", presence)
    return bool(possible) and possible <= _TAKEN_AWAY


def able(disability: str) -> bool:
    """True when it is known that somebody has no disability."""
    return lists.meanings("disability", disability) == {"none"}


def is_head(relation: str) -> bool:
    """True when a relation says "head"."""
    return lists.meanings("relation", relation) == {"head"}


def _under_one_roof(house_ids: Sequence[UUID]) -> dict[UUID, int]:
    """People of all households in a house, for houses with several; one alone is counted by its own household."""
    rows = (
        Household.objects.filter(house_id__in=house_ids, ended_date=None)
        .values_list("house_id", "id")
        .order_by("house_id")
    )
    shared = Counter(house for house, _household in rows)
    several = [house for house, count in shared.items() if count > 1]
    people = Counter(
        Person.objects.filter(living(), household__house_id__in=several, household__ended_date=None)
        .values_list("household__house_id", flat=True)
        .order_by("id")
    )
    return {house: people[house] for house in several}


def _said(keys: Sequence[UUID]) -> dict[UUID, dict[str, Saying]]:
    """Who said each present value, and when; where two contradict each other, nobody."""
    found: dict[UUID, dict[str, Saying]] = defaultdict(dict)
    rows = Observation.objects.filter(subject_id__in=keys, state__in=("current", "conflict"))
    rows = rows.order_by("recorded_at")
    for row in rows.values_list("subject_id", "field", "source", "source_words", "observed_date", "state"):
        found[row[0]][row[1]] = Saying(row[2], row[3], row[4]) if row[5] == "current" else Saying()
    return found


def _told(key: UUID, held: Sequence[Any], said: Mapping[UUID, Mapping[str, Saying]]) -> dict[str, Saying]:
    """Who said each value of one subject; the list that brought the whole row speaks for what nobody else spoke of."""
    own = dict(said.get(key, {}))
    whole = own.pop(EVERYTHING, None)
    if whole is not None:
        for row in held:
            for column in _COLUMNS.get(type(row), ()):
                if getattr(row, column) not in (None, ""):
                    own.setdefault(column, whole)
    return {column: one for column, one in own.items() if one.source}


def _marks(person_ids: Sequence[UUID]) -> dict[UUID, frozenset[int]]:
    """PPKS categories that are set on persons and that are not sensitive."""
    found: dict[UUID, set[int]] = defaultdict(set)
    rows = Flag.objects.filter(person_id__in=person_ids, ended_date=None).exclude(
        category__in=lists.sensitive_categories()
    )
    for person, category in rows.values_list("person_id", "category"):
        found[person].add(category)
    return {key: frozenset(value) for key, value in found.items()}
