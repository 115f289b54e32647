"""A whole area's register as plain lists of values, in row order, with the links between the four units.

What rules need and nothing else: no names, no numbers of cards. Read in one pass per table by a server-side cursor where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from simpul.lib import areas
from simpul.people.models import Family, Flag, House, Household, Person
from simpul.people.queries import lists
from simpul.people.queries.records import FAMILY, HOUSE, HOUSEHOLD, PROFILE, able, gone, is_head, living

CHUNK = 5000


@dataclass
class Register:
    """An area's rows as columns. ``links`` hold row numbers, -1 for none."""

    keys: dict[str, list[UUID]] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)  # "house.floor" -> one value a row
    links: dict[str, list[int]] = field(default_factory=dict)
    regions: list[str] = field(default_factory=list)
    hamlets: list[Any] = field(default_factory=list)


def register(region_code: str, *, wanted: Sequence[str]) -> Register:
    """The living, unrestricted register of an area: houses, households, families, persons. ``wanted`` names "scope.column".

    Two columns are worked out here, since they need the lists of codes: ``household.gone`` and ``person.able``.
    """
    found = Register()
    by_scope = {
        scope: [one.partition(".")[2] for one in wanted if one.startswith(f"{scope}.")]
        for scope in ("house", "household", "family", "person")
    }
    homes, heads, houses = _households(found, region_code, by_scope["household"])
    _houses(found, region_code, [one for one in by_scope["house"] if one in HOUSE], houses)
    cards, card_heads, card_homes = _families(found, region_code, by_scope["family"])
    _persons(found, region_code, by_scope["person"], homes, cards, heads, card_heads)
    _home_of_cards(found, card_homes, homes)
    return found


def _households(
    found: Register, region_code: str, wanted: Sequence[str]
) -> tuple[dict[UUID, int], dict[UUID, int], list[UUID | None]]:
    columns = [one for one in ("members_said", *wanted) if one in HOUSEHOLD]
    columns = list(dict.fromkeys(columns))
    rows = Household.objects.filter(ended_date=None).order_by("id")
    rows = rows.filter(areas.inside(region_code)) if region_code else rows
    table = _rows(rows, ["id", "house_id", "head_id", "region_code", "hamlet_id", "presence", *columns])
    found.keys["household"] = [row[0] for row in table]
    found.regions = [row[3] for row in table]
    found.hamlets = [row[4] for row in table]
    known = {presence: gone(presence) for presence in {row[5] for row in table}}
    found.values["household.gone"] = [known[row[5]] for row in table]
    for place, name in enumerate(columns, 6):
        found.values[f"household.{name}"] = [row[place] for row in table]
    heads = {row[2]: index for index, row in enumerate(table) if row[2]}
    seats = {key: index for index, key in enumerate(found.keys["household"])}
    return seats, heads, [row[1] for row in table]


def _houses(
    found: Register, region_code: str, columns: Sequence[str], lived_in: Sequence[UUID | None]
) -> None:
    """Houses in which somebody of the area lives, wherever the house itself is noted."""
    inside = Household.objects.filter(ended_date=None).exclude(house=None)
    if region_code:
        inside = inside.filter(areas.inside(region_code))
    rows = House.objects.filter(id__in=inside.values("house_id")).order_by("id")
    table = _rows(rows, ["id", *columns])
    found.keys["house"] = [row[0] for row in table]
    for place, name in enumerate(columns, 1):
        found.values[f"house.{name}"] = [row[place] for row in table]
    seats = {key: index for index, key in enumerate(found.keys["house"])}
    found.links["household_house"] = [-1 if key is None else seats.get(key, -1) for key in lived_in]


def _families(
    found: Register, region_code: str, wanted: Sequence[str]
) -> tuple[dict[UUID, int], dict[UUID, int], list[UUID | None]]:
    columns = [one for one in wanted if one in FAMILY]
    rows = Family.objects.filter(ended_date=None).order_by("id")
    rows = rows.filter(areas.inside(region_code)) if region_code else rows
    table = _rows(rows, ["id", "head_id", "household_id", *columns])
    found.keys["family"] = [row[0] for row in table]
    for place, name in enumerate(columns, 3):
        found.values[f"family.{name}"] = [row[place] for row in table]
    heads = {row[1]: index for index, row in enumerate(table) if row[1]}
    seats = {key: index for index, key in enumerate(found.keys["family"])}
    return seats, heads, [row[2] for row in table]


def _persons(
    found: Register,
    region_code: str,
    wanted: Sequence[str],
    homes: dict[UUID, int],
    cards: dict[UUID, int],
    heads: dict[UUID, int],
    card_heads: dict[UUID, int],
) -> None:
    columns = list(dict.fromkeys(one for one in ("disability", *wanted) if one in PROFILE))
    plain = [
        "id", "household_id", "family_id", "household_relation", "family_relation", "sex", "birth_date",
        "birth_date_rough", "nik_index",
    ]  # fmt: skip
    rows = Person.objects.filter(living(region_code)).order_by("id")
    table = _rows(rows, [*plain, *(f"profile__{name}" for name in columns)])
    found.keys["person"] = [row[0] for row in table]
    household, family = [row[1] for row in table], [row[2] for row in table]
    found.links["person_household"] = [homes.get(key, -1) for key in household]
    found.links["person_family"] = [cards.get(key, -1) for key in family]
    values = found.values
    values["person.relation"] = [row[4] or row[3] for row in table]
    sexes = {"L": "male", "P": "female"}
    values["person.sex"] = [sexes.get(row[5], "") for row in table]
    values["person.birth_day"] = [_day(row[6]) for row in table]
    values["person.birth_rough"] = [row[7] for row in table]
    values["person.has_nik"] = [bool(row[8]) for row in table]
    for place, name in enumerate(columns, len(plain)):
        values[f"person.{name}"] = [row[place] for row in table]
    known = {code: able(code or "") for code in set(values["person.disability"])}
    values["person.able"] = [known[code] for code in values["person.disability"]]
    values["person.heads_household"] = _heads(found, "person_household", 3, table, heads)
    values["person.heads_family"] = _heads(found, "person_family", 4, table, card_heads)


def _heads(
    found: Register, link: str, relation: int, table: Sequence[Any], named: dict[UUID, int]
) -> list[bool]:
    """Who heads each unit: the named head when they live there, else the first whose relation says so."""
    known = {code: is_head(code) for code in {row[relation] for row in table}}
    taken: set[int] = set()
    marks = [False] * len(table)
    for place, (row, unit) in enumerate(zip(table, found.links[link], strict=True)):
        if unit >= 0 and named.get(row[0]) == unit:
            marks[place] = True
            taken.add(unit)
    for place, (row, unit) in enumerate(zip(table, found.links[link], strict=True)):
        if unit >= 0 and unit not in taken and known[row[relation]]:
            marks[place] = True
            taken.add(unit)
    return marks


def _home_of_cards(found: Register, card_homes: Sequence[UUID | None], homes: dict[UUID, int]) -> None:
    """A card's household: its own, else that of the first of its people."""
    first: dict[int, int] = {}
    for card, home in zip(found.links["person_family"], found.links["person_household"], strict=True):
        if card >= 0 and home >= 0:
            first.setdefault(card, home)
    found.links["family_household"] = [
        first.get(place, -1) if key is None else homes.get(key, -1) for place, key in enumerate(card_homes)
    ]


def _day(born: Any) -> int | None:
    return None if born is None else born.year * 10000 + born.month * 100 + born.day


def marks(region_code: str) -> Iterator[tuple[UUID, int]]:
    """Persons of an area with the PPKS categories set on them that are not sensitive."""
    rows = Flag.objects.filter(ended_date=None, person__in=Person.objects.filter(living(region_code)))
    rows = rows.exclude(category__in=lists.sensitive_categories())
    yield from rows.values_list("person_id", "category").iterator(CHUNK)


def _rows(rows: Any, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(rows.values_list(*columns).iterator(CHUNK))
