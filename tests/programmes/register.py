"""A small register for tests of programmes: the poor, fit and unfit household of Bonto Jai, another one, and one in Dungkait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from simpul.people.models import Family, House, Household, Person, Profile
from tests.cast import BONTO_JAI, DUNGKAIT, NOW


@dataclass
class Home:
    """One household with its house, card and people."""

    household: Household
    house: House
    family: Family
    people: list[Person] = field(default_factory=list)


def home(
    name: str,
    *,
    region: str = BONTO_JAI,
    house: dict[str, Any] | None = None,
    household: dict[str, Any] | None = None,
    decile: int | None = None,
    people: list[dict[str, Any]] | None = None,
) -> Home:
    """A household as the register keeps it."""
    building = House.objects.create(region_code=region, changed_at=NOW, **(house or {}))
    kitchen = Household.objects.create(
        region_code=region, house=building, name=name, registered_at=NOW, changed_at=NOW, **(household or {})
    )
    card = Family.objects.create(
        region_code=region, household=kitchen, decile=decile, registered_at=NOW, changed_at=NOW
    )
    made = Home(kitchen, building, card)
    for number, given in enumerate(people or []):
        row = dict(given)
        profile = row.pop("profile", {})
        person = Person.objects.create(
            full_name=row.pop("name", f"{name} {number}"),
            name_key="",
            region_code=region,
            household=kitchen,
            family=card,
            household_relation=row.pop("relation", "bdt/3"),
            resident=True,
            registered_at=NOW,
            **row,
        )
        Profile.objects.create(person=person, changed_at=NOW, **profile)
        made.people.append(person)
    return made


POOR = {
    "house": {
        "floor": "bdt/9", "wall": "bdt/6", "toilet": "bdt/2", "lighting": "bdt/3", "water": "bdt/7", "fuel": "bdt/8",
        "floor_area_dm2": 3000,
    },
    "household": {"protein_per_week": 0, "outfits_per_year": 1},
}  # fmt: skip


def families() -> dict[str, Home]:
    """Three households: two in Bonto Jai, one of the neighbour."""
    parents = [
        {"name": "Baso", "relation": "bdt/1", "sex": "L", "birth_date": date(1981, 5, 2), "profile": {"works": False, "pension": False}},
        {"name": "Sitti", "relation": "bdt/2", "sex": "P", "birth_date": date(1986, 1, 1), "profile": {"works": False, "pension": False}},
        {"name": "Rahma", "sex": "P", "birth_date": date(2017, 3, 3), "profile": {"schooling": "bdt/1", "school_level": "bdt/1"}},
        {"name": "Ali", "sex": "L", "birth_date": date(2023, 3, 3)},
    ]  # fmt: skip
    return {
        "poor": home("Rumah Baso", decile=2, people=parents, **POOR),
        "rich": home(
            "Rumah Andi",
            decile=9,
            house={"floor": "bdt/2", "floor_area_dm2": 12000, "lighting": "bdt/1", "power": "bdt/4"},
            people=[{"name": "Andi", "relation": "bdt/1", "birth_date": date(1960, 1, 1)}],
        ),
        "far": home(
            "Rumah Jauh",
            region=DUNGKAIT,
            decile=1,
            people=[{"name": "Jauh", "relation": "bdt/1", "birth_date": date(1970, 1, 1)}],
        ),
    }
