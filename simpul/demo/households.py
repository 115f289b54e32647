"""The sample's register: some sixty invented households in Bonto Jai and two villages beside it.

Names are made up, and every number of a person or a card begins with 99, which is no area of Indonesia. A few households have a story of
their own, the others fill the villages by a seeded draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from simpul.demo.stage import Stage
from simpul.lib.actor import Actor
from simpul.people import actions as people_actions
from simpul.people.queries import register
from simpul.regions import queries as region_queries

VILLAGE = "7303012008"
DISTRICT = "730301"
SPLITTING = "Daeng Ngintang"
"""The household that is poor by BPS 14, fit by SDG and unfit by BSPS: 45 m² for six people, 7.5 m² each."""
CARD_OFF = "Halija"
"""The household in which a card was switched off while its member is under treatment."""
TORN = "Sampara"
"""The household about which a list and a visitor say different things of the same day."""
TWO_CARDS = "Syamsiah"
"""Two family cards under one roof."""
WIDOWED = "Nurbaya"
"""The household whose head died, and that has no new one yet."""
COARSE = "Hasbullah"
"""The household known from a list alone, with its coarser codes."""

_MEN = (
    "Baso",
    "Rustam",
    "Kamaruddin",
    "Sampara",
    "Tajuddin",
    "Hamzah",
    "Saharuddin",
    "Mappiasse",
    "Jufri",
    "Syarifuddin",
    "Amiruddin",
)
_WOMEN = (
    "Halija",
    "Nurbaya",
    "Kasmawati",
    "Irawati",
    "St. Rahma",
    "Hasnah",
    "Rosmini",
    "Suriani",
    "Jumriah",
    "Marlina",
    "Bunga Rosi",
)
_SECOND = (
    "Dg. Nai",
    "Dg. Rannu",
    "Dg. Tarring",
    "Dg. Lino",
    "Dg. Sangging",
    "Dg. Bau",
    "Dg. Tompo",
    "Dg. Nyonri",
)
_CHILDREN = (
    "Aisyah",
    "Fadil",
    "Nabila",
    "Rafli",
    "Zahra",
    "Ikram",
    "Salwa",
    "Alif",
    "Naufal",
    "Khaerunnisa",
    "Fikri",
    "Aulia",
)


@dataclass(slots=True)
class Builder:
    """Writes households down through the acts, one number after the other."""

    stage: Stage
    by: Actor
    rng: Random
    serial: int = 0
    made: dict[str, UUID] = field(default_factory=dict)

    def number(self, born: date | None = None) -> str:
        """A number of sixteen digits that no person and no card has."""
        self.serial += 1
        day = born or date(2012, 1, 1)
        return f"990301{day:%d%m%y}{self.serial:04d}"

    def said(self, at: datetime, source: str = "visit", words: str = "") -> people_actions.Said:
        """What was said on that day."""
        return people_actions.Said(source, at.date(), words, "" if source == "import" else "kader Bonto Jai")


@dataclass(frozen=True, slots=True)
class Someone:
    """A member before the register knows them."""

    name: str
    sex: str
    born: date | None
    relation: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    nik: bool = True


@dataclass(frozen=True, slots=True)
class Home:
    """A household before the register knows it."""

    members: tuple[Someone, ...]
    house: Mapping[str, Any]
    living: Mapping[str, Any]
    card: Mapping[str, Any] = field(default_factory=dict)
    region: str = VILLAGE
    version: str = "bdt"
    source: str = "visit"
    words: str = ""


def build(stage: Stage) -> dict[str, UUID]:
    """Every household, with the keys of those that have a story, by the constants of this module."""
    builder = Builder(stage, stage.who("manajer.bantaeng"), Random(730301))
    for days, home in enumerate([*_stories(stage.now.date()), *_more_stories(stage.now.date())]):
        _write(builder, home, stage.ago(70 - days, 9, 10))
    _afterwards(builder)
    beside = [one.code for one in region_queries.children(DISTRICT) if one.code != VILLAGE][:2]
    for place in range(54):
        region = VILLAGE if place < 34 or not beside else beside[place % len(beside)]
        _write(builder, _drawn(builder.rng, region, stage.now.date()), stage.ago(60 - place, 10, place))
    return builder.made


def _write(builder: Builder, home: Home, at: datetime) -> None:
    by, said = builder.by, builder.said(at, home.source, home.words)
    hamlets = builder.stage.hamlets.get(home.region)
    hamlet = builder.rng.choice(hamlets).id if hamlets else None
    first, *others = home.members
    people = {one.name: _person(builder, one, home.region, hamlet, at) for one in home.members}
    household = people_actions.open_household(
        by=by, at=at, region_code=home.region, hamlet_id=hamlet, head_id=people[first.name], house=home.house,
        values={"members_said": len(home.members), **home.living}, version=home.version, said=said,
    )  # fmt: skip
    family = people_actions.open_family(
        by=by, at=at, region_code=home.region, kk=builder.number(), household_id=household.id, head_id=people[first.name],
        values=home.card, said=said,
    )  # fmt: skip
    for one in others:
        told: dict[str, Any] = {
            "by": by,
            "at": at,
            "person_id": people[one.name],
            "relation": one.relation,
            "said": said,
        }
        people_actions.join_household(household_id=household.id, **told)
        people_actions.join_family(family_id=family.id, **told)
    for one in home.members:
        if one.facts:
            people_actions.change_profile(
                by=by, at=at, person_id=people[one.name], changes=one.facts, said=said, version=home.version
            )
    builder.made[first.name] = household.id


def _person(builder: Builder, one: Someone, region: str, hamlet: UUID | None, at: datetime) -> UUID:
    return people_actions.register_person(
        by=builder.by,
        at=at,
        full_name=one.name,
        sex=one.sex,
        birth_date=one.born,
        nik=builder.number(one.born) if one.nik else "",
        region_code=region,
        hamlet_id=hamlet,
    ).person.id


# --- households with a story ------------------------------------------------------------------------------------------------------

_POOR_HOUSE = {
    "building": "1", "land": "1", "floor": "8", "wall": "4", "roof": "9", "water": "7", "water_obtained": "3",
    "lighting": "3", "fuel": "8", "toilet": "3", "closet": "3", "disposal": "5", "lived_years": "12", "only_house": "ya",
    "aided_year": "0", "bedrooms": "1",
}  # fmt: skip
_POOR_LIVING = {
    "meals_per_day": "2", "protein_per_week": "1", "lacked_food": "ya", "food_share": "70", "outfits_per_year": "1",
    "no_clothes_spending": "tidak", "can_pay_clinic": "tidak", "income_month": "550000", "saleable_assets": "200000",
    "farm_m2": "300", "fridge": "tidak", "motorcycle": "tidak", "television": "tidak", "gold": "tidak",
}  # fmt: skip
_FAIR_HOUSE = {
    "building": "1", "land": "1", "land_proof": "ya", "floor": "6", "wall": "simpul/1", "roof": "6", "roof_condition": "1",
    "water": "6", "water_obtained": "3", "lighting": "1", "power": "2", "fuel": "3", "toilet": "1", "closet": "1",
    "disposal": "1", "lived_years": "9", "only_house": "ya", "aided_year": "0",
}  # fmt: skip
_FAIR_LIVING = {
    "meals_per_day": "3", "protein_per_week": "3", "lacked_food": "tidak", "outfits_per_year": "2", "can_pay_clinic": "ya",
    "income_month": "2400000", "saleable_assets": "4500000", "fridge": "ya", "motorcycle": "ya", "television": "ya",
}  # fmt: skip


def _born(today: date, years: int, days: int = 100) -> date:
    return date(today.year - years, 1, 15) + timedelta(days=days)


def _stories(today: date) -> list[Home]:
    works = {"works": "ya", "industry": "1", "job_status": "6", "diploma": "1", "office": "none"}
    pupil = {"schooling": "1", "school_level": "1", "works": "tidak"}
    return [
        Home(
            (
                Someone(SPLITTING, "L", _born(today, 44), "1", {**works, "income_month": "550000", "disability": "0", "chronic": "0"}),
                Someone("Saharibulan", "P", _born(today, 39), "2", {"works": "tidak", "pregnant": "ya", "pregnancies": "2"}),
                Someone("Nur Aisyah Contoh", "P", _born(today, 13), "3", pupil),
                Someone("Muh. Fadil Contoh", "L", _born(today, 9), "3", pupil),
                Someone("Zahra Contoh", "P", _born(today, 3), "3", {"nutrition": "dtsen/2"}),
                Someone("Daeng Bunga", "P", _born(today, 72), "6", {"works": "tidak", "disability": "2"}, nik=False),
            ),
            {**_POOR_HOUSE, "floor_area_dm2": "45"},
            _POOR_LIVING,
            {"decile": "3", "decile_period": "2026-Q3", "listed": "ya"},
        ),
        Home(
            (
                Someone(CARD_OFF, "P", _born(today, 52), "1", {
                    "works": "ya", "industry": "12", "job_status": "1", "chronic": "dtsen/10", "kis_state": "inactive",
                    "kis_number": "0000-PERAGAAN-01", "diploma": "1",
                }),
                Someone("Rina Contoh", "P", _born(today, 21), "3", {"works": "tidak", "schooling": "2", "diploma": "3"}),
            ),
            {**_FAIR_HOUSE, "floor_area_dm2": "36", "power": "1"},
            {**_FAIR_LIVING, "income_month": "900000", "fridge": "tidak"},
            {"decile": "5", "decile_period": "2026-Q3", "listed": "ya"},
        ),
        Home(
            (
                Someone(TORN, "L", _born(today, 61), "1", {**works, "chronic": "1"}),
                Someone("Hamsiah", "P", _born(today, 58), "2", {"works": "tidak"}),
            ),
            {**_FAIR_HOUSE, "floor": "9", "floor_area_dm2": "28"},
            {**_POOR_LIVING, "goats": "3"},
            {"decile": "4", "decile_period": "2026-Q3", "listed": "ya"},
        ),
    ]  # fmt: skip


def _more_stories(today: date) -> list[Home]:
    works = {"works": "ya", "industry": "1", "job_status": "6", "diploma": "1", "office": "none"}
    pupil = {"schooling": "1", "school_level": "1", "works": "tidak"}
    return [
        Home(
            (
                Someone(TWO_CARDS, "P", _born(today, 47), "1", {"works": "ya", "industry": "12", "marital": "4"}),
                Someone("Ilham Contoh", "L", _born(today, 25), "3", {**works, "industry": "11"}),
                Someone("Mega Contoh", "P", _born(today, 23), "4", {"pregnant": "ya", "pregnancies": "1"}),
            ),
            {**_FAIR_HOUSE, "floor_area_dm2": "54"},
            _FAIR_LIVING,
            {"decile": "2", "decile_period": "2026-Q3", "listed": "ya"},
        ),
        Home(
            (
                Someone("Daeng Tompo Contoh", "L", _born(today, 66), "1", works),
                Someone(WIDOWED, "P", _born(today, 63), "2", {"works": "tidak", "chronic": "5"}),
                Someone("Alif Contoh", "L", _born(today, 16), "5", {**pupil, "school_level": "7", "orphan": "ya"}),
            ),
            {**_POOR_HOUSE, "floor": "7", "floor_area_dm2": "30", "lighting": "1", "power": "1"},
            {**_POOR_LIVING, "income_month": "400000"},
            {"decile": "1", "decile_period": "2026-Q3", "listed": "ya"},
        ),
        Home(
            (
                Someone(COARSE, "L", _born(today, 35), "1", {"works": "1", "chronic": "1"}),
                Someone("Suriani Contoh", "P", _born(today, 33), "2", {"chronic": "1"}),
                Someone("Naufal Contoh", "L", _born(today, 6), "3"),
            ),
            {"floor": "5", "wall": "3", "roof": "3", "floor_area_dm2": "40", "lighting": "1", "power": "1"},
            {},
            {"decile": "4", "decile_period": "2026-Q3", "listed": "ya"},
            version="dtsen",
            source="import",
            words="DTSEN 2026-Q3",
        ),
    ]  # fmt: skip


def _afterwards(builder: Builder) -> None:
    """What happened to the households of the stories since: a death, a contradiction, a second card."""
    by, stage = builder.by, builder.stage
    at = stage.ago(20, 11, 5)
    widowed = builder.made.pop("Daeng Tompo Contoh")
    builder.made[WIDOWED] = widowed
    head = register.page_of(by, widowed, at.date()).members[0].person.id
    people_actions.record_death(
        by=by, at=at, person_id=head, died_date=at.date() - timedelta(days=9), words="surat kematian desa",
        said=people_actions.Said("document", at.date(), "surat kematian", "kepala dusun"),
    )  # fmt: skip
    house = register.page_of(by, builder.made[TORN], at.date()).house
    if house is None:
        raise RuntimeError("the household of the story has no house")
    for source, value, words in (("visit", "9", ""), ("import", "6", "Daftar desa 2026")):
        people_actions.change_house(
            by=by, at=at, house_id=house.id, changes={"floor": value}, said=builder.said(at, source, words)
        )
    _second_card(builder, at)


def _second_card(builder: Builder, at: datetime) -> None:
    by, home = builder.by, builder.made[TWO_CARDS]
    page = register.page_of(by, home, at.date())
    young = [one.person.id for one in page.members if one.person.full_name in ("Ilham Contoh", "Mega Contoh")]
    card = people_actions.open_family(
        by=by,
        at=at,
        region_code=VILLAGE,
        kk=builder.number(),
        household_id=home,
        values={"decile": "4", "decile_period": "2026-Q3"},
    )
    for person_id, relation in zip(young, ("1", "2"), strict=True):
        people_actions.join_family(by=by, at=at, family_id=card.id, person_id=person_id, relation=relation)


# --- the others -------------------------------------------------------------------------------------------------------------------


def _drawn(rng: Random, region: str, today: date) -> Home:
    """A household by chance: half of them middling, a third poor, with gaps as real ones have."""
    second = rng.choice(_SECOND)
    age = rng.randint(24, 74)
    lone = rng.random() < 0.15
    woman = lone and rng.random() < 0.7
    head = Someone(
        f"{rng.choice(_WOMEN if woman else _MEN)} {second}", "P" if woman else "L", _born(today, age, rng.randint(1, 300)), "1",
        {"works": "ya", "industry": rng.choice(["1", "4", "11", "12", "14"]), "job_status": rng.choice(["1", "4", "6", "7"]),
         "diploma": rng.choice(["0", "1", "1", "2", "3"])},
    )  # fmt: skip
    members = [head]
    if not lone:
        members.append(
            Someone(
                f"{rng.choice(_WOMEN)} {second}", "P", _born(today, max(19, age - rng.randint(0, 6))), "2"
            )
        )
    for place in range(0 if age > 60 else rng.randint(0, 4)):
        years = max(0, min(age - 20, rng.randint(0, 19))) + 1
        name = f"{_CHILDREN[(place * 3 + rng.randint(0, 2)) % 12]} {second}"
        members.append(Someone(name, rng.choice("LP"), _born(today, years, rng.randint(1, 300)), "3"))
    poor = rng.random() < 0.35
    house = dict(_POOR_HOUSE if poor else _FAIR_HOUSE)
    house["floor_area_dm2"] = str(rng.randint(18, 45) if poor else rng.randint(36, 90))
    living = dict(_POOR_LIVING if poor else _FAIR_LIVING)
    for gone in rng.sample(sorted(house), 3):
        del house[gone]
    for gone in rng.sample(sorted(living), 3):
        del living[gone]
    card = (
        {}
        if rng.random() < 0.15
        else {"decile": str(rng.randint(1, 4) if poor else rng.randint(3, 9)), "decile_period": "2026-Q3"}
    )
    return Home(_apart(members), house, living, card, region)


def _apart(members: list[Someone]) -> tuple[Someone, ...]:
    """Members with names that differ: a child of the same name as a sister gets a second one."""
    seen: set[str] = set()
    found = []
    for one in members:
        name = one.name
        while name in seen:
            name += " Muda"
        seen.add(name)
        found.append(Someone(name, one.sex, one.born, one.relation, one.facts, one.nik))
    return tuple(found)
