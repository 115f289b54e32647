"""Criteria: typed tests combined by all, any, none, at least n, and counted over the people of a unit.

Read from plain data (a catalogue file, a form), checked against the closed list of facts, and refused with a sentence that names the
row. The forms:

    {"field": "house.floor", "one_of": ["earth", "bamboo"]}      a test on one fact (``tests.BY_TYPE`` says which fit)
    {"field": "household.income", "below": "$line"}              a number of the rule's own figures
    {"programme": "pkh", "of": "family", "receives": true}       does it receive this (listed is not receiving)
    {"all": [...]}, {"any": [...]}, {"none": [...]}, {"at_least": 9, "of": [...]}
    {"any_member": {...}, "in": "family"}, {"all_members": {...}}, {"members_at_least": 4, "who": {...}}, {"head": {...}}
    {"criterion": "kemensos-excluded"}                           a shared, named criterion

Every form may carry ``words`` and ``words_en``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simpul.programmes.rules import facts, tests

UNITS = ("person", "pupil", "family", "household", "house")
PERSONS = frozenset({"person", "pupil"})
REACH: Mapping[str, frozenset[str]] = {
    "person": frozenset(facts.SCOPES),
    "pupil": frozenset(facts.SCOPES),
    "family": frozenset({"family", "household", "house"}),
    "household": frozenset({"household", "house"}),
    "house": frozenset({"household", "house"}),
}
"""Which facts a rule of a unit can read without naming a member."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "person": ("family", "household"),
    "pupil": ("family", "household"),
    "family": ("family", "household"),
    "household": ("household",),
    "house": ("household",),
}
"""Whose members a rule of a unit can go through; the first is meant when none is named."""
COMBINERS = ("all", "any", "none")
QUANTIFIERS = ("any_member", "all_members", "members_at_least", "head")
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Test:
    """One test on one fact."""

    field: str
    op: str
    args: tuple[Any, ...]
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Does the unit receive a programme?"""

    programme: str
    of: str  # person, family or household
    wanted: bool
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Combined:
    """All, any, none of, or at least ``least`` of the parts."""

    kind: str  # all, any, none, at_least
    parts: tuple[Node, ...]
    least: Any = 0  # a number, or "$name"
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Members:
    """A criterion over the members of a family or household: any, all, at least so many, or the head."""

    kind: str  # any_member, all_members, members_at_least, head
    part: Node
    group: str  # family, household
    least: Any = 1
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Named:
    """A shared criterion, by its code."""

    code: str
    words: tuple[str, str] = ("", "")


Node = Test | Receipt | Combined | Members | Named


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a rule: where (the row, in the file's own names), a code, and the values its sentence needs."""

    where: str
    code: str
    value: str = ""
    other: str = ""


class UnreadableCriteria(ValueError):  # noqa: N818 - it carries the list of faults
    """Criteria that cannot be read; ``faults`` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.code} {fault.value}" for fault in faults))
        self.faults = faults


def read(given: Any, unit: str, where: str = "criteria") -> Node:
    """The criteria of a rule for ``unit`` as a tree.

    Raises:
        UnreadableCriteria: a form that is not known. Facts and values are checked by ``check``.
    """
    return _read(given, unit, where, 0)


def _read(given: Any, unit: str, where: str, depth: int) -> Node:
    if not isinstance(given, Mapping):
        raise UnreadableCriteria([Fault(where, "no_criterion", str(given)[:60])])
    if depth > DEEPEST:
        raise UnreadableCriteria([Fault(where, "too_deep")])
    words = (str(given.get("words", "")), str(given.get("words_en", "")))
    kinds = [key for key in (*COMBINERS, *QUANTIFIERS, "field", "programme", "criterion") if key in given]
    if len(kinds) != 1 and not ("of" in given and "at_least" in given and not kinds):
        raise UnreadableCriteria([Fault(where, "form_unknown", ", ".join(map(str, given))[:80])])
    kind = kinds[0] if kinds else "at_least"
    if kind in COMBINERS:
        return Combined(kind, _parts(given[kind], unit, f"{where}.{kind}", depth), words=words)
    if kind == "at_least":
        parts = _parts(given["of"], unit, f"{where}.of", depth)
        return Combined("at_least", parts, given["at_least"], words)
    if kind in QUANTIFIERS:
        return _read_members(given, kind, unit, where, depth, words)
    if kind == "criterion":
        return Named(str(given["criterion"]), words)
    if kind == "programme":
        return Receipt(
            str(given["programme"]), str(given.get("of", "family")), bool(given.get("receives", True)), words
        )
    return _read_test(given, where, words)


def _parts(given: Any, unit: str, where: str, depth: int) -> tuple[Node, ...]:
    if not isinstance(given, list) or not given:
        raise UnreadableCriteria([Fault(where, "empty")])
    return tuple(_read(part, unit, f"{where}[{number}]", depth + 1) for number, part in enumerate(given, 1))


def _read_members(
    given: Mapping[str, Any], kind: str, unit: str, where: str, depth: int, words: tuple[str, str]
) -> Members:
    group = str(given.get("in", GROUPS.get(unit, ("household",))[0]))
    inner = given.get("who") if kind == "members_at_least" else given[kind]
    part = _read(inner, unit, f"{where}.{kind}", depth + 1)
    least = given[kind] if kind == "members_at_least" else 1
    return Members(kind, part, group, least, words)


def _read_test(given: Mapping[str, Any], where: str, words: tuple[str, str]) -> Test:
    ops = [op for op in tests.ALL_TESTS if op in given]
    if len(ops) != 1:
        raise UnreadableCriteria([Fault(where, "test_missing", str(given.get("field")))])
    value = given[ops[0]]
    args = tuple(value) if isinstance(value, list | tuple) else (value,)
    return Test(str(given["field"]), ops[0], args, words)


def plain(node: Node) -> dict[str, Any]:
    """The tree as plain data again: ``read(plain(node))`` is ``node``."""
    words = {key: said for key, said in zip(("words", "words_en"), node.words, strict=True) if said}
    if isinstance(node, Test):
        several = node.op in ("one_of", "none_of", "has_any", "between")
        return {"field": node.field, node.op: list(node.args) if several else node.args[0], **words}
    if isinstance(node, Receipt):
        return {"programme": node.programme, "of": node.of, "receives": node.wanted, **words}
    if isinstance(node, Named):
        return {"criterion": node.code, **words}
    if isinstance(node, Members):
        part = plain(node.part)
        if node.kind == "members_at_least":
            return {"members_at_least": node.least, "who": part, "in": node.group, **words}
        return {node.kind: part, "in": node.group, **words}
    parts = [plain(part) for part in node.parts]
    if node.kind == "at_least":
        return {"at_least": node.least, "of": parts, **words}
    return {node.kind: parts, **words}


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    if isinstance(node, Combined):
        for part in node.parts:
            yield from walk(part)
    elif isinstance(node, Members):
        yield from walk(node.part)


def figure(value: Any, figures: Mapping[str, int | None]) -> int | None:
    """A number, or what the rule's figures give for "$name"; None when nobody has set it for this place."""
    if isinstance(value, str) and value.startswith("$"):
        return figures.get(value[1:])
    return int(value)


def resolve(node: Node, shared: Mapping[str, Node]) -> Node:
    """The tree with every named criterion put in its place. Cycles were refused before."""
    if isinstance(node, Named):
        return resolve(shared[node.code], shared)
    if isinstance(node, Combined):
        return Combined(
            node.kind, tuple(resolve(part, shared) for part in node.parts), node.least, node.words
        )
    if isinstance(node, Members):
        return Members(node.kind, resolve(node.part, shared), node.group, node.least, node.words)
    return node


# --- checking against the closed list of facts ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule is checked against."""

    vocabulary: facts.Vocabulary
    figures: frozenset[str]
    shared: Mapping[str, Node]


def check(node: Node, unit: str, known: Known, where: str = "criteria") -> list[Fault]:
    """Everything that is wrong with a readable tree: unknown facts, tests that do not fit, values of the wrong kind."""
    return list(_check(node, unit, known, where, inside=unit in PERSONS, nested=False))


def _check(node: Node, unit: str, known: Known, where: str, *, inside: bool, nested: bool) -> Iterator[Fault]:
    if isinstance(node, Combined):
        for number, part in enumerate(node.parts, 1):
            place = f"{where}.{node.kind}[{number}]"
            yield from _check(part, unit, known, place, inside=inside, nested=nested)
        if node.kind == "at_least":
            yield from _check_number(node.least, known, where, most=len(node.parts))
    elif isinstance(node, Members):
        yield from _check_members(node, unit, known, where, nested=nested)
    elif isinstance(node, Named):
        if node.code not in known.shared:
            yield Fault(where, "criterion_unknown", node.code)
        elif not cycle_from(node.code, known.shared):
            part, place = known.shared[node.code], f"{where} → {node.code}"
            yield from _check(part, unit, known, place, inside=inside, nested=nested)
    elif isinstance(node, Receipt):
        yield from _check_receipt(node, known, where, _reach(unit, inside, nested), unit)
    else:
        yield from _check_test(node, known, where, _reach(unit, inside, nested), unit)


def _reach(unit: str, inside: bool, nested: bool) -> frozenset[str]:
    """Which facts can be read here. Of a member only what is theirs and their card's: a member may eat in another household."""
    if nested:
        return frozenset({"person", "family"})
    return frozenset(facts.SCOPES) if inside else REACH[unit]


def _check_members(node: Members, unit: str, known: Known, where: str, *, nested: bool) -> Iterator[Fault]:
    if nested:
        yield Fault(where, "nested_members", node.kind)
    if node.group not in GROUPS[unit]:
        yield Fault(where, "group_unknown", node.group, unit)
    if node.kind == "members_at_least":
        yield from _check_number(node.least, known, where, most=99)
    yield from _check(node.part, unit, known, f"{where}.{node.kind}", inside=True, nested=True)


def _check_receipt(
    node: Receipt, known: Known, where: str, reach: frozenset[str], unit: str
) -> Iterator[Fault]:
    if node.programme not in known.vocabulary.receipts:
        yield Fault(where, "receipt_unknown", node.programme)
    if node.of == "house" or node.of not in reach:
        yield Fault(where, "receipt_of", node.of, unit)


def _check_test(node: Test, known: Known, where: str, reach: frozenset[str], unit: str) -> Iterator[Fault]:
    fact = known.vocabulary.facts.get(node.field)
    if fact is None:
        yield Fault(where, "fact_unknown", node.field)
        return
    if fact.scope not in reach:
        wrong = "which_member" if fact.scope in ("person", "family") else "say_outside"
        yield Fault(where, wrong, node.field, unit)
    if node.op not in tests.BY_TYPE[fact.type]:
        yield Fault(where, "test_does_not_fit", node.op, node.field)
        return
    if fact.type == "code":
        base = known.vocabulary.base(fact.column)
        for meaning in node.args:
            if meaning not in base:
                yield Fault(where, "meaning_unknown", str(meaning), node.field)
    elif fact.type == "flag":
        if not isinstance(node.args[0], bool):
            yield Fault(where, "not_yes_or_no", str(node.args[0]), node.field)
    else:
        if node.op == "between" and len(node.args) != 2:
            yield Fault(where, "between_two", node.field)
        for number in node.args:
            yield from _check_number(number, known, where)


def _check_number(value: Any, known: Known, where: str, most: int | None = None) -> Iterator[Fault]:
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in known.figures:
            yield Fault(where, "figure_unknown", value)
    elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**15:
        yield Fault(where, "not_a_number", str(value))
    elif most is not None and not 1 <= value <= most:
        yield Fault(where, "count_impossible", str(value), str(most))


def cycle_from(code: str, shared: Mapping[str, Node]) -> tuple[str, ...]:
    """The way round when a shared criterion leads back to itself or into a circle; nothing when it does not."""

    def follow(name: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if name in way:
            return (*way[way.index(name) :], name)
        for part in walk(shared[name]) if name in shared else ():
            if isinstance(part, Named):
                found = follow(part.code, (*way, name))
                if found:
                    return found
        return ()

    return follow(code, ())
