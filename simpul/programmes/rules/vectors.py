"""The same rules over a whole area at once: columns in, two masks out (is it yes, is it no; neither is unknown).

Numbers are two columns, lowest and highest, so that "nothing known" is a range that no test can decide and no mask of its own is
needed. Codes are small integers into a table whose meanings are looked up once per code, not once per person. Counting over the people
of a unit is a sum over sorted groups (``reduceat``). Equal to ``verdicts`` on every household: tests/programmes/test_equal.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from simpul.programmes.rules import facts, layout, subjects, tests
from simpul.programmes.rules.criteria import Combined, Members, Node, Receipt, Test, figure, walk

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Masks = tuple[Bools, Bools]
"""Where it is yes, and where it is no."""
Bounds = tuple[Ints, Ints]
"""Lowest and highest possible value."""


class Area:
    """An area's columns with what is worked out of them, each once."""

    def __init__(self, columns: layout.Columns, vocabulary: facts.Vocabulary) -> None:
        self.columns = columns
        self.vocabulary = vocabulary
        self._numbers: dict[str, Bounds] = {}
        self._groups: dict[str, Groups] = {}
        self.counted: dict[Members, Masks] = {}  # criteria over members that several rules share

    # --- links -------------------------------------------------------------------------------------------------------

    def size(self, scope: str) -> int:
        """Rows of a table."""
        return self.columns.sizes[scope]

    def link(self, unit: str, scope: str) -> npt.NDArray[np.int64] | None:
        """For each row of ``unit`` the row of ``scope`` it belongs to; None when they are the same table."""
        links = self.columns.links
        if unit == scope:
            return None
        way = {
            ("person", "household"): ("person_household",),
            ("person", "family"): ("person_family",),
            ("person", "house"): ("person_household", "household_house"),
            ("family", "household"): ("family_household",),
            ("family", "house"): ("family_household", "household_house"),
            ("household", "house"): ("household_house",),
        }[(unit, scope)]
        found = links[way[0]]
        for name in way[1:]:
            found = np.where(found >= 0, _take(links[name], found, -1), -1)
        return found

    def lift(self, masks: Masks, unit: str, scope: str) -> Masks:
        """Answers about rows of ``scope`` as answers about the rows of ``unit`` that belong to them."""
        link = self.link(unit, scope)
        if link is None:
            return masks
        return _take(masks[0], link, False), _take(masks[1], link, False)

    def groups(self, group: str) -> Groups:
        """The people of every household or family, sorted once."""
        if group not in self._groups:
            self._groups[group] = Groups(self.columns.links[f"person_{group}"], self.size(group))
        return self._groups[group]

    def complete(self, group: str) -> Bools:
        """Where nobody is missing in the register, as far as anybody knows."""
        count = self.groups(group).count
        if group == "family":
            return count > 0
        said = self.columns.numbers.get("household.members_said")
        found: Bools = count > 0
        return found if said is None else found & ((said == facts.MOST) | (said <= count))

    # --- values ------------------------------------------------------------------------------------------------------

    def number(self, fact: facts.Fact) -> Bounds:
        """A number's bounds for every row of its table."""
        if fact.key not in self._numbers:
            self._numbers[fact.key] = (
                _DERIVED_NUMBERS[fact.key](self) if fact.derived else self.plain(fact.key)
            )
        return self._numbers[fact.key]

    def plain(self, key: str) -> Bounds:
        """A column's bounds; unknown everywhere when the column is not there."""
        values = self.columns.numbers.get(key)
        if values is None:
            return unknown_bounds(self.size(key.partition(".")[0]))
        missing = values == facts.MOST
        return np.where(missing, facts.LEAST, values), values

    def flag(self, fact: facts.Fact) -> Masks:
        """A flag's two masks."""
        if fact.derived:
            worked_out: Masks = _DERIVED_FLAGS[fact.key](self)
            return worked_out
        return self.flag_column(fact.key)

    def flag_column(self, key: str) -> Masks:
        """A stored flag's two masks; unknown everywhere when the column is not there."""
        return _flags(self.columns.flags.get(key), self.size(key.partition(".")[0]))

    def code(self, key: str, wanted: tuple[Any, ...]) -> Masks:
        """Where every meaning of the code is wanted, and where none is."""
        column, scope = key.partition(".")[2], key.partition(".")[0]
        codes = self.columns.codes.get(key)
        if codes is None:
            return unknown_masks(self.size(scope))
        answers = [
            tests.one_of(self.vocabulary.possible(column, code), wanted) for code in self.columns.tables[key]
        ]
        yes = np.array([one is True for one in answers], dtype=bool)
        no = np.array([one is False for one in answers], dtype=bool)
        return yes[codes], no[codes]

    def means(self, key: str, meaning: str) -> Bools:
        """Where a code can only mean this."""
        return self.code(key, (meaning,))[0]


class Groups:
    """Rows of persons sorted by the unit they belong to."""

    def __init__(self, link: npt.NDArray[np.int64], size: int) -> None:
        sorted_already = bool(np.all(link[1:] >= link[:-1]))
        order = np.arange(len(link)) if sorted_already else np.argsort(link, kind="stable")
        inside = order[np.searchsorted(link[order], 0) :]
        ordered = link[inside]
        self.order = inside
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else ordered
        self.units = ordered[self.starts] if len(ordered) else ordered
        self.size = size
        self.count = self.sum(np.ones(len(link), dtype=np.int64))

    def sum(self, values: npt.NDArray[Any]) -> Ints:
        """The sum over each unit's people; 0 where there is nobody."""
        total = np.zeros(self.size, dtype=np.int64)
        if len(self.starts):
            total[self.units] = np.add.reduceat(values[self.order].astype(np.int64), self.starts)
        return total


# --- a rule over an area ---------------------------------------------------------------------------------------------


def judge_all(node: Node, unit: str, area: Area, figures: Mapping[str, int | None]) -> Masks:
    """A resolved rule for every subject of its unit: where it is yes, and where it is no.

    A house is asked about by each household that lives in it, and a pupil is a person: see ``rows_of``.
    """
    return Vector(area, figures).find(node, table_of(unit))


def table_of(unit: str) -> str:
    """The table in which a unit's subjects stand: a pupil is a person, and a house is asked about by each of its households."""
    return {"pupil": "person", "house": "household"}.get(unit, unit)


def rows_of(unit: str, area: Area) -> Bools:
    """Which rows of the unit's table are subjects: all, but households without a known house, and people long past school."""
    if unit == "house":
        found: Bools = area.columns.links["household_house"] >= 0
        return found
    if unit == "pupil":
        low, high = area.number(area.vocabulary.facts["person.age"])
        near: Bools = (high >= facts.CONCERNED_AGES[0]) & (low <= facts.CONCERNED_AGES[1])
        return near & (area.columns.links["person_household"] >= 0)
    if unit == "person":
        here: Bools = area.columns.links["person_household"] >= 0
        return here
    if unit == "family":
        with_household: Bools = area.columns.links["family_household"] >= 0
        return with_household
    return np.ones(area.size(table_of(unit)), dtype=bool)


class Vector:
    """One rule's way through an area."""

    def __init__(self, area: Area, figures: Mapping[str, int | None]) -> None:
        self.area = area
        self.figures = figures

    def find(self, node: Node, table: str) -> Masks:
        """Judge a node for every row of a table."""
        if isinstance(node, Test):
            fact = self.area.vocabulary.facts[node.field]
            return self.area.lift(self._test(node, fact), table, fact.scope)
        if isinstance(node, Receipt):
            return self._receipt(node, table)
        if isinstance(node, Members):
            return self.area.lift(self._counted(node), table, node.group)
        if not isinstance(node, Combined):
            raise TypeError(node)
        return self._combined(node, table)

    def _counted(self, node: Members) -> Masks:
        """A criterion over members; kept for the next rule unless a figure of this one stands in it."""
        if node in self.area.counted:
            return self.area.counted[node]
        found = self._members(node)
        if not any(_has_figure(part) for part in walk(node)):
            self.area.counted[node] = found
        return found

    def _combined(self, node: Combined, table: str) -> Masks:
        if node.kind == "at_least":
            return self._enough(node, table)
        yes, no = self.find(node.parts[0], table)
        for part in node.parts[1:]:
            more_yes, more_no = self.find(part, table)
            if node.kind == "all":
                yes, no = yes & more_yes, no | more_no
            else:
                yes, no = yes | more_yes, no & more_no
        return (no, yes) if node.kind == "none" else (yes, no)

    def _enough(self, node: Combined, table: str) -> Masks:
        least = figure(node.least, self.figures)
        size = self.area.size(table)
        if least is None:
            return unknown_masks(size)
        yes, no = np.zeros(size, dtype=np.int16), np.zeros(size, dtype=np.int16)
        for part in node.parts:
            part_yes, part_no = self.find(part, table)
            yes += part_yes
            no += part_no
        return yes >= least, len(node.parts) - no < least

    def _members(self, node: Members) -> Masks:
        area, groups = self.area, self.area.groups(node.group)
        yes, no = self.find(node.part, "person")
        complete = area.complete(node.group)
        if node.kind == "head":
            heads = area.columns.flags[f"person.heads_{node.group}"] == 1
            return groups.sum(yes & heads) > 0, groups.sum(no & heads) > 0
        if node.kind == "all_members":
            return (groups.sum(~yes) == 0) & complete, groups.sum(no) > 0
        least = figure(node.least, self.figures) if node.kind == "members_at_least" else 1
        if least is None:
            return unknown_masks(groups.size)
        return groups.sum(yes) >= least, complete & (groups.sum(~no) < least)

    def _test(self, node: Test, fact: facts.Fact) -> Masks:
        if fact.type == "code":
            yes, no = self.area.code(fact.key, node.args)
            return (yes, no) if node.op == "one_of" else (no, yes)
        if fact.type == "flag":
            yes, no = self.area.flag(fact)
            return (yes, no) if node.args[0] else (no, yes)
        if fact.type == "marks":
            return self._marks(node)
        numbers = [figure(one, self.figures) for one in node.args]
        lines = [one for one in numbers if one is not None]
        if len(lines) < len(numbers):
            return unknown_masks(self.area.size(fact.scope))
        low, high = self.area.number(fact)
        if fact.type == "date":
            today = self.area.columns.on.toordinal()
            known = high != facts.MOST
            low, high = np.where(known, today - high, facts.LEAST), np.where(known, today - high, facts.MOST)
        return _number_masks(node.op.removeprefix("days_"), low, high, lines)

    def _marks(self, node: Test) -> Masks:
        size = self.area.size("person")
        marks = self.area.columns.marks
        if marks is None:
            return unknown_masks(size)
        wanted = np.int64(sum(1 << int(one) for one in node.args))
        return (marks & wanted) != 0, np.zeros(size, dtype=bool)

    def _receipt(self, node: Receipt, table: str) -> Masks:
        yes, no = _receipts(self.area, node.programme, node.of)
        yes, no = self.area.lift((yes, no), table, node.of)
        return (yes, no) if node.wanted else (no, yes)


def _has_figure(node: Node) -> bool:
    """True when a number comes from the rule's own figures."""
    said: tuple[Any, ...] = node.args if isinstance(node, Test) else (getattr(node, "least", 0),)
    return any(isinstance(one, str) and one.startswith("$") for one in said)


def _number_masks(op: str, low: Ints, high: Ints, lines: list[int]) -> Masks:
    if op == "between":
        return (low >= lines[0]) & (high <= lines[1]), (high < lines[0]) | (low > lines[1])
    if op == "at_least":
        return low >= lines[0], high < lines[0]
    if op == "above":
        return low > lines[0], high <= lines[0]
    if op == "below":
        return high < lines[0], low >= lines[0]
    return high <= lines[0], low > lines[0]


def _receipts(area: Area, programme: str, of: str) -> Masks:
    """``subjects.receives`` for every row of the table ``of``."""
    columns = area.columns
    stored = {
        scope: _flags(columns.receives.get(f"{scope}.{programme}"), area.size(scope))
        for scope in ("person", "family", "household")
    }
    own = area.flag_column(f"household.{area.vocabulary.receipts.get(programme, '')}")
    yes, no = stored[of]
    if of == "person":
        _own_yes, own_no = area.lift(own, "person", "household")
        return yes, ~yes & (own_no | no)
    members = area.groups(of)
    yes = yes | (members.sum(stored["person"][0]) > 0)
    no = no | (members.sum(stored["person"][1]) > 0)
    link = columns.links["family_household"]
    families = Groups(link, area.size("household"))
    if of == "household":
        yes = yes | (families.sum(stored["family"][0]) > 0)
        no = no | (families.sum(stored["family"][1]) > 0)
        own_yes, own_no = own
        return yes | own_yes, ~(yes | own_yes) & (own_no | no)
    own_yes, own_no = area.lift(own, "family", "household")
    single = _take(families.count, link, 0) == 1
    denied = ~yes & (own_no | no)
    return yes | (~denied & own_yes & single), denied


# --- derived facts ---------------------------------------------------------------------------------------------------


def _age(area: Area) -> Bounds:
    born = area.columns.numbers.get("person.birth_day")  # yyyymmdd
    if born is None:
        return unknown_bounds(area.size("person"))
    on = area.columns.on
    known = born != facts.MOST
    year, rest = np.where(known, born // 10000, 0), np.where(known, born % 10000, 0)
    rough = area.columns.flags.get("person.birth_rough")
    years = on.year - year - (on.month * 100 + on.day < rest)
    low, high = np.maximum(0, years), np.maximum(0, years)
    if rough is not None:
        is_rough = rough == 1
        low = np.where(is_rough, np.maximum(0, on.year - year - 1), low)
        high = np.where(is_rough, np.maximum(0, on.year - year), high)
    return np.where(known, low, facts.LEAST), np.where(known, high, facts.MOST)


def _household_size(area: Area) -> Bounds:
    count = area.groups("household").count
    said = area.columns.numbers.get("household.members_said")
    most = count if said is None else np.maximum(count, np.where(said == facts.MOST, 0, said))
    return np.where(most > 0, most, facts.LEAST), np.where(most > 0, most, facts.MOST)


def _family_size(area: Area) -> Bounds:
    count = area.groups("family").count
    return np.where(count > 0, count, facts.LEAST), np.where(count > 0, count, facts.MOST)


def _house_persons(area: Area) -> Bounds:
    """People of all households under one roof; a house stands in as many rows as it has households, so this is by house."""
    link = area.link("person", "house")
    people = Groups(link, area.size("house")).count if link is not None else np.zeros(0, dtype=np.int64)
    households = Groups(area.columns.links["household_house"], area.size("house"))
    size_low, size_high = area.number(area.vocabulary.facts["household.size"])
    alone = households.count == 1
    single_low = households.sum(np.where(size_low == facts.LEAST, 0, size_low))
    heads = np.where(alone, np.maximum(people, single_low), people)
    known = np.where(alone, (people > 0) | (households.sum(size_high != facts.MOST) > 0), people > 0)
    return np.where(known, heads, facts.LEAST), np.where(known, heads, facts.MOST)


def _area_per_person(area: Area) -> Bounds:
    space = area.plain("house.floor_area_dm2")[1]
    low, high = area.number(area.vocabulary.facts["house.persons"])
    known = (space != facts.MOST) & (high != facts.MOST)
    each = np.where(known, space, 0) // np.where(known, np.maximum(low, 1), 1)
    return np.where(known, each, facts.LEAST), np.where(known, each, facts.MOST)


def _years_since_aid(area: Area) -> Bounds:
    year = area.plain("house.aided_year")[1]
    known = year != facts.MOST
    years = np.where(year == 0, subjects.NEVER_AIDED, np.maximum(0, area.columns.on.year - year))
    return np.where(known, years, facts.LEAST), np.where(known, years, facts.MOST)


def _income(area: Area) -> Bounds:
    said = area.plain("household.income_month")[1]
    own = area.plain("person.income_month")[1]
    known = own != facts.MOST
    groups = area.groups("household")
    total = groups.sum(np.where(known, own, 0))
    heard = groups.sum(known)
    closed = area.complete("household") & (heard == groups.count)
    low = np.where(heard > 0, total, facts.LEAST)
    high = np.where((heard > 0) & closed, total, facts.MOST)
    told = said != facts.MOST
    return np.where(told, said, low), np.where(told, said, high)


def _income_per_person(area: Area) -> Bounds:
    low, high = area.number(area.vocabulary.facts["household.income"])
    heads_low, heads_high = area.number(area.vocabulary.facts["household.size"])
    known = (low != facts.LEAST) & (heads_high != facts.MOST)
    heads = np.where(known, heads_low, 1)
    each_low = np.where(known, low, 0) // heads
    each_high = np.where(known & (high != facts.MOST), high, 0) // heads
    return (
        np.where(known, each_low, facts.LEAST),
        np.where(known & (high != facts.MOST), each_high, facts.MOST),
    )


def _gone(area: Area) -> Masks:
    yes = area.flag_column("household.gone")[0]
    return yes, ~yes


def _pregnant(area: Area) -> Masks:
    yes, no = area.flag_column("person.pregnant")
    low, high = area.number(area.vocabulary.facts["person.age"])
    cannot = area.means("person.sex", "male")
    cannot = cannot | (high < subjects.CHILDBEARING[0]) | (low > subjects.CHILDBEARING[1])
    return yes, no | (~yes & cannot)


def _severe(area: Area) -> Masks:
    yes, no = area.flag_column("person.severe_disability")
    return yes, no | (~yes & area.flag_column("person.able")[0])


def _has_kip(area: Area) -> Masks:
    yes = area.flag_column("person.kip_number")[0]
    no = area.lift(area.flag_column("household.has_kip"), "person", "household")[1]
    return yes, ~yes & no


_DERIVED_NUMBERS: dict[str, Callable[[Area], Bounds]] = {
    "house.persons": _house_persons,
    "house.area_per_person_dm2": _area_per_person,
    "house.years_since_aid": _years_since_aid,
    "household.size": _household_size,
    "household.income": _income,
    "household.income_per_person": _income_per_person,
    "family.size": _family_size,
    "person.age": _age,
}
_DERIVED_FLAGS: dict[str, Callable[[Area], Masks]] = {
    "household.gone": _gone,
    "person.has_nik": lambda area: area.flag_column("person.has_nik"),
    "person.pregnant": _pregnant,
    "person.severe_disability": _severe,
    "person.has_kip": _has_kip,
}


def _take(values: npt.NDArray[Any], link: npt.NDArray[np.int64], otherwise: Any) -> npt.NDArray[Any]:
    """``values[link]``, and ``otherwise`` where the link leads nowhere."""
    if not len(values):
        return np.full(len(link), otherwise, dtype=values.dtype)
    found = values[np.maximum(link, 0)]
    found[link < 0] = otherwise
    return found


def _flags(values: npt.NDArray[np.int8] | None, size: int) -> Masks:
    return unknown_masks(size) if values is None else (values == 1, values == 0)


def unknown_masks(size: int) -> Masks:
    """Nobody knows, anywhere."""
    return np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)


def unknown_bounds(size: int) -> Bounds:
    """Ranges of everything."""
    return np.full(size, facts.LEAST, dtype=np.int64), np.full(size, facts.MOST, dtype=np.int64)
