"""Random households for property tests, and the same households as columns of an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simpul.people.queries import records as people_records
from simpul.people.queries.columns import Register
from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord
from simpul.programmes.queries import catalogue, screening
from simpul.programmes.rules import criteria, facts, tests, vectors

ON = date(2026, 11, 25)
VOCABULARY = catalogue.vocabulary()
NUMBERS = [0, 1, 2, 3, 4, 8, 9, 10, 58, 60, 70]
MONEY = [0, 400_000, 600_000, 700_000, 900_000, 3_000_000]


def _value(fact: facts.Fact) -> st.SearchStrategy[Any]:
    if fact.type == "code":
        codes = sorted(VOCABULARY.meanings[fact.column])
        return st.sampled_from(["", *codes])
    if fact.type == "flag":
        return st.sampled_from([None, True, False])
    if fact.type == "money":
        return st.sampled_from([None, *MONEY])
    if fact.column == "decile":
        return st.sampled_from([None, *range(1, 11)])
    if fact.column == "floor_area_dm2":
        return st.sampled_from([None, 720, 1500, 3000, 5400])
    if fact.column == "aided_year":
        return st.sampled_from([None, 0, 2010, 2020, 2026])
    return st.sampled_from([None, *NUMBERS])


def _columns(scope: str) -> dict[str, facts.Fact]:
    return {
        fact.column: fact
        for fact in VOCABULARY.facts.values()
        if fact.scope == scope and not fact.outside and (not fact.derived or fact.column in _STORED)
        if fact.type not in ("marks", "date")
    }


_STORED = {"pregnant", "severe_disability"}


@st.composite
def _values(draw: st.DrawFn, scope: str) -> dict[str, Any]:
    columns = _columns(scope)
    chosen = draw(st.lists(st.sampled_from(sorted(columns)), max_size=8, unique=True))
    return {name: draw(_value(columns[name])) for name in chosen}


RECEIVES = st.dictionaries(st.sampled_from(["pkh", "bpnt", "kip"]), st.booleans(), max_size=2)


@st.composite
def _person(draw: st.DrawFn, number: int, cards: Sequence[str]) -> PersonRecord:
    values = draw(_values("person"))
    values["sex"] = draw(st.sampled_from(["", "male", "female"]))
    values["has_nik"] = draw(st.booleans())
    values["able"] = people_records.able(str(values.get("disability") or ""))
    if draw(st.booleans()):
        values["kip_number"] = draw(st.sampled_from(["", "KIP-1"]))
    return PersonRecord(
        key=f"p{number}",
        name=f"P{number}",
        birth_date=draw(st.none() | st.dates(date(1930, 1, 1), date(2026, 11, 24))),
        birth_rough=draw(st.booleans()),
        here=draw(st.sampled_from([True, True, True, False])),
        family=draw(st.sampled_from(["", *cards, *cards])),
        values=values,
        marks=draw(st.frozensets(st.integers(1, 26), max_size=2)),
        receives=draw(RECEIVES),
    )


@st.composite
def households(draw: st.DrawFn) -> HouseholdRecord:
    """A household with zero to five people on up to two family cards."""
    cards = [f"f{number}" for number in range(draw(st.integers(0, 2)))]
    people = [draw(_person(number, cards)) for number in range(draw(st.integers(0, 5)))]
    people = [one for one in people if one.here or one.family]
    here = [one.key for one in people if one.here]
    head = draw(st.sampled_from(["", *here]))
    card_heads = {
        card: draw(st.sampled_from(["", *(one.key for one in people if one.family == card)]))
        for card in cards
    }
    people = [
        replace(one, heads_household=one.key == head, heads_family=one.key == card_heads.get(one.family, "-"))
        for one in people
    ]
    values = {**draw(_values("household")), "members_said": draw(st.none() | st.integers(0, 6))}
    values["gone"] = draw(st.sampled_from([False, False, True]))
    housed = draw(st.sampled_from([True, True, True, False]))
    house = draw(_values("house")) if housed else {}
    return HouseholdRecord(
        key="h",
        values=values,
        house_key="house" if housed else "",
        house=house,
        families=tuple(
            FamilyRecord(card, values=draw(_values("family")), receives=draw(RECEIVES)) for card in cards
        ),
        members=tuple(people),
        receives=draw(RECEIVES),
    )


def as_area(record: HouseholdRecord) -> vectors.Area:
    """One household as an area of one, with a second, empty household beside it so that row numbers differ from keys."""
    register = Register()
    register.keys = {
        "house": ["house"] if record.house_key else [],
        "household": ["before", "h"],
        "family": [one.key for one in record.families],
        "person": [one.key for one in record.members],
    }  # type: ignore[assignment]
    places = {one.key: place for place, one in enumerate(record.families)}
    register.links = {
        "household_house": [-1, 0 if record.house_key else -1],
        "person_household": [1 if one.here else -1 for one in record.members],
        "person_family": [places.get(one.family, -1) for one in record.members],
        "family_household": [1 for _one in record.families],
    }
    register.regions = ["", ""]
    _fill(register, record)
    columns = screening.columns_of(register, VOCABULARY, ON)
    columns.marks = np.array(
        [sum(1 << one for one in person.marks) for person in record.members], dtype=np.int64
    )
    for programme in VOCABULARY.receipts:
        columns.receives |= {
            f"household.{programme}": _flags([None, record.receives.get(programme)]),
            f"family.{programme}": _flags([one.receives.get(programme) for one in record.families]),
            f"person.{programme}": _flags([one.receives.get(programme) for one in record.members]),
        }
    return vectors.Area(columns, VOCABULARY)


def _flags(values: Sequence[bool | None]) -> Any:
    return np.array([-1 if one is None else int(one) for one in values], dtype=np.int8)


def _fill(register: Register, record: HouseholdRecord) -> None:
    values = register.values
    for name in (*_columns("household"), "members_said", "gone"):
        empty: Any = False if name == "gone" else None
        values[f"household.{name}"] = [empty, record.values.get(name)]
    for name in _columns("house"):
        values[f"house.{name}"] = [record.house.get(name)] if record.house_key else []
    for name in _columns("family"):
        values[f"family.{name}"] = [one.values.get(name) for one in record.families]
    people = record.members
    for name in (*_columns("person"), "sex", "has_nik", "able", "kip_number"):
        values[f"person.{name}"] = [one.values.get(name) for one in people]
    values["person.birth_day"] = [
        one.birth_date and one.birth_date.year * 10000 + one.birth_date.month * 100 + one.birth_date.day
        for one in people
    ]
    values["person.birth_rough"] = [one.birth_rough for one in people]
    values["person.heads_household"] = [one.heads_household for one in people]
    values["person.heads_family"] = [one.heads_family for one in people]


# --- random rules ----------------------------------------------------------------------------------------------------


@st.composite
def _test(draw: st.DrawFn, scopes: Sequence[str]) -> criteria.Node:
    keys = sorted(
        key for key, fact in VOCABULARY.facts.items() if fact.scope in scopes and fact.type != "date"
    )
    fact = VOCABULARY.facts[draw(st.sampled_from(keys))]
    op = draw(st.sampled_from(tests.BY_TYPE[fact.type]))
    if fact.type == "code":
        base = sorted(VOCABULARY.base(fact.column))
        args: tuple[Any, ...] = tuple(
            draw(st.lists(st.sampled_from(base), min_size=1, max_size=3, unique=True))
        )
    elif fact.type == "flag":
        args = (draw(st.booleans()),)
    elif fact.type == "marks":
        args = tuple(draw(st.lists(st.integers(1, 26), min_size=1, max_size=4)))
    else:
        number = st.sampled_from([*(MONEY if fact.type == "money" else NUMBERS), 720, 800, 900])
        args = tuple(draw(number) for _place in range(2 if op == "between" else 1))
        if draw(st.integers(0, 20)) == 0:
            args = ("$unset", *args[1:])
    return criteria.Test(fact.key, op, args)


@st.composite
def rules(draw: st.DrawFn, unit: str, *, depth: int = 3, inside: bool = False) -> criteria.Node:
    """A random rule that ``criteria.check`` accepts for the unit."""
    scopes: Sequence[str] = facts.SCOPES if unit in criteria.PERSONS else sorted(criteria.REACH[unit])
    if inside:
        scopes = ("person", "family")
    kinds = ["test", "test", "receipt"]
    if depth:
        kinds += ["all", "any", "none", "at_least"]
        if not inside:
            kinds += ["any_member", "all_members", "members_at_least", "head"]
    kind = draw(st.sampled_from(kinds))
    if kind == "test":
        return draw(_test(scopes))
    if kind == "receipt":
        of = draw(st.sampled_from([one for one in ("person", "family", "household") if one in scopes]))
        return criteria.Receipt(draw(st.sampled_from(["pkh", "bpnt", "kip"])), of, draw(st.booleans()))
    if kind in criteria.QUANTIFIERS:
        group = draw(st.sampled_from(criteria.GROUPS[unit]))
        part = draw(rules(unit, depth=depth - 1, inside=True))
        least = draw(st.integers(1, 3)) if kind == "members_at_least" else 1
        return criteria.Members(kind, part, group, least)
    parts = draw(st.lists(rules(unit, depth=depth - 1, inside=inside), min_size=1, max_size=4))
    least = draw(st.integers(1, len(parts))) if kind == "at_least" else 0
    return criteria.Combined(kind, tuple(parts), least)
