"""A whole area under every rule at once: columns from the register, masks from the rules, counts and tables from the masks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from simpul.lib import areas
from simpul.people.queries import columns as people_columns
from simpul.programmes.models import Benefit
from simpul.programmes.queries import catalogue
from simpul.programmes.rules import criteria, facts, layout, vectors

WORDS = ("unknown", "no", "yes")
UNKNOWN, NO, YES = 0, 1, 2
_HIDDEN_COLUMNS = {
    "house.area_per_person_dm2": ("house.floor_area_dm2",),
    "house.years_since_aid": ("house.aided_year",),
    "household.income": ("household.income_month", "person.income_month"),
    "household.income_per_person": ("household.income_month", "person.income_month"),
    "person.has_kip": ("person.kip_number", "household.has_kip"),
}
"""Columns that derived facts are worked out of, besides those that are always read."""


@dataclass
class Screened:
    """What every rule says of every subject of an area."""

    on: date
    region_code: str
    rules: list[catalogue.Rule]
    area: vectors.Area
    answers: dict[str, npt.NDArray[np.int8]] = field(
        default_factory=dict
    )  # per programme, by row of its table
    subjects: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    seconds_reading: float = 0.0
    seconds_judging: float = 0.0

    def counts(self) -> list[dict[str, Any]]:
        """Per programme: how many yes, no, unknown among its subjects."""
        found = []
        for rule in self.rules:
            answers = self.answers[rule.programme_id][self.subjects[rule.programme_id]]
            tally = np.bincount(answers, minlength=3)
            found.append(
                {
                    "programme": rule.programme_id,
                    "version": rule.given.version,
                    "unit": rule.unit,
                    **{word: int(tally[place]) for place, word in enumerate(WORDS)},
                }
            )
        return found


def wanted_columns(rules: Iterable[catalogue.Rule], vocabulary: facts.Vocabulary) -> list[str]:
    """The columns that these rules read, as "scope.column"."""
    found: set[str] = set()
    for rule in rules:
        for node in criteria.walk(rule.node):
            if isinstance(node, criteria.Test):
                found |= {node.field, *_HIDDEN_COLUMNS.get(node.field, ())}
            elif isinstance(node, criteria.Receipt):
                found.add(f"household.{vocabulary.receipts.get(node.programme, '')}")
    return sorted(found)


def load(region_code: str, rules: Sequence[catalogue.Rule], on: date) -> vectors.Area:
    """An area's register as columns that rules can be judged on."""
    vocabulary = catalogue.vocabulary()
    wanted = wanted_columns(rules, vocabulary)
    register = people_columns.register(region_code, wanted=wanted)
    columns = columns_of(register, vocabulary, on)
    if "person.ppks" in wanted:
        columns.marks = _marks(register, region_code)
    programmes = {
        node.programme
        for rule in rules
        for node in criteria.walk(rule.node)
        if isinstance(node, criteria.Receipt)
    }
    if programmes:
        columns.receives = _receipts(register, region_code, programmes, on)
    return vectors.Area(columns, vocabulary)


def columns_of(register: people_columns.Register, vocabulary: facts.Vocabulary, on: date) -> layout.Columns:
    """Plain lists as arrays: codes as numbers into a table, flags as 1, 0, -1, numbers with one value for unknown."""
    found = layout.Columns(
        on,
        {scope: len(keys) for scope, keys in register.keys.items()},
        {name: np.array(rows, dtype=np.int64) for name, rows in register.links.items()},
    )
    found.keys = dict(register.keys)
    found.regions = register.regions
    for key, rows in register.values.items():
        fact = vocabulary.facts.get(key)
        if key == "person.kip_number":
            found.flags[key] = np.fromiter((1 if one else -1 for one in rows), np.int8, len(rows))
        elif fact is not None and fact.type == "code":
            found.codes[key], found.tables[key] = _codes(rows)
        elif key in _FLAGS or (fact is not None and fact.type == "flag"):
            found.flags[key] = np.fromiter((-1 if one is None else one for one in rows), np.int8, len(rows))
        elif key in _NUMBERS or (fact is not None and fact.type in ("number", "money")):
            found.numbers[key] = np.fromiter(
                (facts.MOST if one is None else one for one in rows), np.int64, len(rows)
            )
    return found


_FLAGS = frozenset(
    {"person.able", "person.heads_household", "person.heads_family", "person.birth_rough", "household.gone"}
)
_NUMBERS = frozenset({"household.members_said", "person.birth_day"})


def _codes(rows: Sequence[Any]) -> tuple[npt.NDArray[np.int64], list[str]]:
    table: dict[str, int] = {"": 0}
    places = np.fromiter((table.setdefault(one or "", len(table)) for one in rows), np.int64, len(rows))
    return places, list(table)


def _marks(register: people_columns.Register, region_code: str) -> npt.NDArray[np.int64]:
    seats = {key: place for place, key in enumerate(register.keys["person"])}
    found = np.zeros(len(seats), dtype=np.int64)
    for person, category in people_columns.marks(region_code):
        if person in seats:
            found[seats[person]] |= 1 << category
    return found


def _receipts(
    register: people_columns.Register, region_code: str, programmes: set[str], on: date
) -> dict[str, npt.NDArray[np.int8]]:
    """What is received, as flags by "scope.programme"."""
    seats = {
        scope: {key: place for place, key in enumerate(register.keys[scope])}
        for scope in ("person", "family", "household")
    }
    found: dict[str, npt.NDArray[np.int8]] = {}
    for programme, scope, key, value in receipts(on, programmes=programmes, region_code=region_code):
        name = f"{scope}.{programme}"
        if name not in found:
            found[name] = np.full(len(seats[scope]), -1, dtype=np.int8)
        place = seats[scope].get(key)
        if place is not None:
            found[name][place] = max(found[name][place], int(value))
    return found


def receipts(
    on: date,
    *,
    programmes: Iterable[str] | None = None,
    region_code: str = "",
    keys: Sequence[UUID] | None = None,
) -> Iterator[tuple[str, str, UUID, bool]]:
    """(programme, scope, whose, received on the day) of recorded benefits: what ended is "no", what was only listed is nothing."""
    rows = Benefit.objects.filter(state__in=("receives", "ended"))
    if programmes is not None:
        rows = rows.filter(programme__in=set(programmes))
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    for scope in ("person", "family", "household"):
        these = (
            rows.filter(**{f"{scope}_id__in": keys}) if keys is not None else rows.exclude(**{scope: None})
        )
        plain = these.order_by("id").values_list(
            "programme_id", f"{scope}_id", "state", "since_date", "until_date"
        )
        for programme, key, state, since, until in plain:
            begun = since is None or since <= on
            over = until is not None and until < on
            if begun or state == "ended":
                yield programme, scope, key, begun and not over and (state == "receives" or until is not None)


def screen(region_code: str, on: date, rules: Sequence[catalogue.Rule] | None = None) -> Screened:
    """Judge every subject of an area by every rule in force there."""
    chosen = list(rules) if rules is not None else catalogue.rules_in_force(on, region_code)
    began = time.perf_counter()
    area = load(region_code, chosen, on)
    read = time.perf_counter()
    found = judge_area(area, chosen, on, region_code)
    found.seconds_reading = read - began
    found.seconds_judging = time.perf_counter() - read
    return found


def judge_area(
    area: vectors.Area, rules: Sequence[catalogue.Rule], on: date, region_code: str = ""
) -> Screened:
    """Judge loaded columns."""
    found = Screened(on, region_code, list(rules), area)
    for rule in rules:
        yes, no = vectors.judge_all(rule.node, rule.unit, area, rule.figures)
        found.answers[rule.programme_id] = np.where(yes, YES, np.where(no, NO, UNKNOWN)).astype(np.int8)
        found.subjects[rule.programme_id] = vectors.rows_of(rule.unit, area)
    return found


# --- what came of it -------------------------------------------------------------------------------------------------


def per_household(found: Screened, rule: catalogue.Rule) -> npt.NDArray[np.int8]:
    """A rule's answer by household: yes when somebody in it is in, no when everybody is out, else unknown; -1 no subject."""
    answers, here = found.answers[rule.programme_id], found.subjects[rule.programme_id]
    table = vectors.table_of(rule.unit)
    if table == "household":
        return np.where(here, answers, -1).astype(np.int8)
    groups = vectors.Groups(
        np.where(here, found.area.columns.links[f"{table}_household"], -1), found.area.size("household")
    )
    yes, unknown = groups.sum(answers == YES) > 0, groups.sum(answers == UNKNOWN) > 0
    mixed = np.where(yes, YES, np.where(unknown, UNKNOWN, NO))
    return np.where(groups.count > 0, mixed, -1).astype(np.int8)


def crossed(found: Screened, codes: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """For pairs of programmes: households in by one and out by the other. Nothing is averaged; unknown counts on neither side."""
    rules = [
        rule
        for rule in found.rules
        if (
            rule.programme.kind in ("aid", "poverty", "house")
            if codes is None
            else rule.programme_id in codes
        )
    ]
    answers = {rule.programme_id: per_household(found, rule) for rule in rules}
    rows = []
    for place, first in enumerate(rules):
        for second in rules[place + 1 :]:
            one, other = answers[first.programme_id], answers[second.programme_id]
            rows.append(
                {
                    "first": first.programme_id,
                    "second": second.programme_id,
                    "both": int(np.sum((one == YES) & (other == YES))),
                    "first_only": int(np.sum((one == YES) & (other == NO))),
                    "second_only": int(np.sum((one == NO) & (other == YES))),
                    "neither": int(np.sum((one == NO) & (other == NO))),
                }
            )
    return rows


@dataclass(frozen=True, slots=True)
class Changed:
    """One subject whose verdict another version of a rule changes."""

    unit: str
    key: Any
    household: Any
    before: str
    after: str


def compare(
    region_code: str, on: date, before: catalogue.Rule, after: catalogue.Rule
) -> tuple[list[Changed], int]:
    """Whose verdict changes from one version of a rule to another, and of how many subjects.

    When the versions judge different units, both are compared by household.
    """
    area = load(region_code, [before, after], on)
    one = judge_area(area, [before], on, region_code)
    other = judge_area(area, [after], on, region_code)
    same = before.unit == after.unit
    old = one.answers[before.programme_id] if same else per_household(one, before)
    new = other.answers[after.programme_id] if same else per_household(other, after)
    here = one.subjects[before.programme_id] if same else (old >= 0) & (new >= 0)
    table = vectors.table_of(before.unit) if same else "household"
    places = np.flatnonzero(here & (old != new))
    keys, households = area.columns.keys[table], area.columns.keys["household"]
    link = None if table == "household" else area.columns.links[f"{table}_household"]
    changed = [
        Changed(
            before.unit if same else "household",
            keys[place],
            households[place if link is None else int(link[place])],
            WORDS[max(0, int(old[place]))],
            WORDS[max(0, int(new[place]))],
        )
        for place in places.tolist()
    ]
    return changed, int(np.sum(here))


def columns_for_file(found: Screened) -> dict[str, list[Any]]:
    """One row per household and programme column, for a file: ids and answers, no names."""
    households = found.area.columns.keys["household"]
    table: dict[str, list[Any]] = {
        "household": [str(key) for key in households],
        "region_code": list(found.area.columns.regions),
    }
    for rule in found.rules:
        answers = per_household(found, rule)
        words = np.array([*WORDS, ""], dtype=object)
        table[rule.programme_id] = list(words[answers])
    return table


def columns_for_unit(found: Screened, unit: str) -> dict[str, list[Any]]:
    """One row per subject of a unit (person, family, household), for a file."""
    table_name = vectors.table_of(unit)
    rules = [rule for rule in found.rules if vectors.table_of(rule.unit) == table_name]
    keys = found.area.columns.keys[table_name]
    table: dict[str, list[Any]] = {table_name: [str(key) for key in keys]}
    if table_name != "household":
        link = found.area.columns.links[f"{table_name}_household"]
        households = [str(key) for key in found.area.columns.keys["household"]]
        table["household"] = [households[place] if place >= 0 else "" for place in link.tolist()]
    words = np.array(WORDS, dtype=object)
    for rule in rules:
        here = found.subjects[rule.programme_id]
        table[rule.programme_id] = list(np.where(here, words[found.answers[rule.programme_id]], ""))
    return table


def sizes(found: Screened) -> Mapping[str, int]:
    """How many of each unit."""
    return found.area.columns.sizes
