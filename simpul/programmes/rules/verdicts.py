"""A rule judged for one subject, with reasons: what decided, what is missing and what it costs to ask, and what would flip it.

Advice only. Three answers: True, False, None (unknown). The same rules over a whole area are in ``vectors``; both are held equal by
property tests over random rules and random households.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simpul.people.rules.records import PersonRecord
from simpul.programmes.rules import facts, subjects, tests
from simpul.programmes.rules.criteria import Combined, Members, Node, Receipt, Test, figure
from simpul.programmes.rules.subjects import Subject

Truth = tests.Truth
MOST_FLIPS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact as a test met it: whose, its value, and whether it was known, unknown, or too coarse to decide."""

    fact: str
    subject_key: str
    subject_name: str
    value: Any
    state: str  # known, unknown, coarse, no_figure

    @property
    def key(self) -> tuple[str, str]:
        """One fact of one subject, however many tests read it."""
        return self.subject_key, self.fact


@dataclass(slots=True)
class Finding:
    """A node of the criteria as it was judged."""

    node: Node
    value: Truth
    parts: list[Finding] = field(default_factory=list)
    seen: Seen | None = None
    least: int = 0  # of "at least n"
    complete: bool = True  # of a count over members
    member: str = ""
    gap: Seen | None = None  # nobody is named as head, or people are missing in the register

    def leaves(self) -> Iterator[Finding]:
        """The tests below, and this one."""
        if self.seen is not None:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known, and what it takes to find it out."""

    seen: Seen
    cost: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One fact that would turn the verdict, alone: the test it would have to meet, or no longer meet."""

    seen: Seen
    test: Node
    to: bool  # the verdict it would give
    must_hold: bool  # the test would have to be true; false: untrue


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a subject, and why."""

    value: Truth
    finding: Finding
    used: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    flips: tuple[Flip, ...]

    @property
    def word(self) -> str:
        """yes, no or unknown."""
        return word(self.value)


def word(value: Truth) -> str:
    """The three answers as words."""
    return "unknown" if value is None else ("yes" if value else "no")


def judge(
    node: Node, subject: Subject, vocabulary: facts.Vocabulary, figures: Mapping[str, int | None]
) -> Verdict:
    """Judge a resolved rule for one subject, with its reasons."""
    judging = Judging(vocabulary, figures)
    finding = judging.find(node, subject)
    missing = tuple(_missing(finding, vocabulary))
    return Verdict(
        finding.value,
        finding,
        tuple(_deciding(finding)),
        missing,
        tuple(_flips(finding, judging, missing)),
    )


class Judging:
    """One rule's way through one household."""

    def __init__(self, vocabulary: facts.Vocabulary, figures: Mapping[str, int | None]) -> None:
        self.vocabulary = vocabulary
        self.figures = figures

    def find(self, node: Node, subject: Subject) -> Finding:
        """Judge a node and everything below it."""
        if isinstance(node, Test):
            return self._test(node, subject)
        if isinstance(node, Receipt):
            return self._receipt(node, subject)
        if isinstance(node, Combined):
            parts = [self.find(part, subject) for part in node.parts]
            least = figure(node.least, self.figures) if node.kind == "at_least" else 0
            return _combine(node, parts, least)
        if isinstance(node, Members):
            return self._members(node, subject)
        raise TypeError(node)  # a named criterion is put in its place before

    def _members(self, node: Members, subject: Subject) -> Finding:
        people = subject.members(node.group)
        complete = subject.complete(node.group)
        if node.kind == "head":
            people = tuple(one for one in people if _is_head(one, node.group))[:1]
            complete = bool(people)
        parts = []
        for one in people:
            found = self.find(node.part, subject.of(one))
            found.member = one.name
            parts.append(found)
        found = _count(node, parts, figure(node.least, self.figures), complete)
        if found.value is None and not complete:
            kind = "head" if node.kind == "head" else "members"
            key = subject.key(node.group) or subject.record.key
            found.gap = Seen(f"{kind}.{node.group}", key, "", None, "unknown")
        return found

    def _receipt(self, node: Receipt, subject: Subject) -> Finding:
        own = self.vocabulary.receipts.get(node.programme, "")
        known = subjects.receives(subject, node.programme, node.of, own)
        value = tests.is_flag(known, node.wanted)
        key = subject.key(node.of) or subject.record.key
        seen = Seen(
            f"receives.{node.programme}",
            key,
            subject.name(node.of),
            known,
            "unknown" if known is None else "known",
        )
        return Finding(node, value, seen=seen)

    def _test(self, node: Test, subject: Subject) -> Finding:
        fact = self.vocabulary.facts[node.field]
        args = node.args
        if fact.type not in ("code", "flag"):
            numbers = tuple(figure(one, self.figures) for one in args)
            if None in numbers:
                return Finding(node, None, seen=self._seen(fact, subject, None, "no_figure"))
            args = numbers
        if fact.type == "code":
            raw = subjects.values(subject, fact.scope).get(fact.column)
            possible = self.vocabulary.possible(fact.column, raw)
            value = (tests.one_of if node.op == "one_of" else tests.none_of)(possible, args)
            state = "known" if value is not None else ("coarse" if possible else "unknown")
            return Finding(node, value, seen=self._seen(fact, subject, raw or None, state))
        if fact.type == "flag":
            known = subjects.flag(subject, fact)
            state = "unknown" if known is None else "known"
            return Finding(
                node, tests.is_flag(known, bool(args[0])), seen=self._seen(fact, subject, known, state)
            )
        if fact.type == "marks":
            marks = subject.person.marks if subject.person else frozenset()
            value = tests.has_any(marks, args)
            return Finding(
                node,
                value,
                seen=self._seen(fact, subject, sorted(marks) or None, "known" if value else "unknown"),
            )
        return self._number(node, fact, subject, args)

    def _number(self, node: Test, fact: facts.Fact, subject: Subject, args: tuple[Any, ...]) -> Finding:
        if fact.type == "date":
            day = subjects.values(subject, fact.scope).get(fact.column)
            known = tests.days_since(day.toordinal() if day else None, subject.on.toordinal())
            op = node.op.removeprefix("days_")
        else:
            known, op = subjects.number(subject, fact), node.op
        value = tests.between(known, *args) if op == "between" else tests.NUMBER_TESTS[op](known, args[0])
        state = "known" if value is not None else ("unknown" if known == facts.UNKNOWN else "coarse")
        shown = None if known == facts.UNKNOWN else (known[0] if known[0] == known[1] else list(known))
        return Finding(node, value, seen=self._seen(fact, subject, shown, state))

    def _seen(self, fact: facts.Fact, subject: Subject, value: Any, state: str) -> Seen:
        return Seen(
            fact.key,
            subject.key(fact.scope) or subject.record.key,
            subject.name(fact.scope),
            value,
            state,
        )


def _is_head(member: PersonRecord, group: str) -> bool:
    return member.heads_household if group == "household" else member.heads_family


def _combine(node: Combined, parts: list[Finding], least: int | None) -> Finding:
    answers = [part.value for part in parts]
    if node.kind == "all":
        return Finding(node, tests.every(answers), parts, least=len(parts))
    if node.kind == "any":
        return Finding(node, tests.some(answers), parts, least=1)
    if node.kind == "none":
        return Finding(node, tests.invert(tests.some(answers)), parts, least=1)
    if least is None:
        return Finding(node, None, parts, least=0)
    return Finding(node, tests.enough(answers, least), parts, least=least)


def _count(node: Members, parts: list[Finding], least: int | None, complete: bool) -> Finding:
    answers = [part.value for part in parts]
    if node.kind == "all_members":
        value = tests.every(answers)
        value = None if value is True and not complete else value
        return Finding(node, value, parts, least=len(parts), complete=complete)
    if node.kind == "members_at_least" and least is None:
        return Finding(node, None, parts, complete=complete)
    wanted = (least or 1) if node.kind == "members_at_least" else 1
    return Finding(
        node, tests.enough(answers, wanted, complete=complete), parts, least=wanted, complete=complete
    )


# --- reasons ---------------------------------------------------------------------------------------------------------


def _conjunctive(finding: Finding) -> bool:
    return isinstance(finding.node, Combined | Members) and finding.node.kind in ("all", "all_members")


def _deciding(finding: Finding) -> Iterator[Finding]:
    """The tests that made the verdict what it is: those that hold for a yes, those that fail for a no."""
    if finding.value is None:
        wanted: tuple[Truth, ...] = (True, False)
    elif isinstance(finding.node, Combined) and finding.node.kind == "none":
        wanted = (not finding.value,)
    else:
        wanted = (finding.value,)
    if finding.seen is not None:
        if finding.seen.state in ("known", "coarse"):
            yield finding
        return
    for part in finding.parts:
        if part.value in wanted or finding.value is None:
            yield from _deciding(part)


def _missing(finding: Finding, vocabulary: facts.Vocabulary) -> list[Missing]:
    """What is not known and could still matter, cheapest first; nothing below a part that is decided."""
    if finding.value is not None:
        return []
    found: dict[tuple[str, str], Missing] = {}
    for leaf in _open(finding):
        seen = leaf.seen
        if seen is not None:
            fact = vocabulary.facts.get(seen.fact)
            found.setdefault(seen.key, Missing(seen, fact.cost if fact else "ask"))
    return sorted(found.values(), key=lambda one: facts.COSTS.index(one.cost))


def _open(finding: Finding) -> Iterator[Finding]:
    """The undecided tests below an undecided part."""
    if finding.seen is not None:
        yield finding
    if finding.gap is not None:
        yield Finding(finding.node, None, seen=finding.gap)
    for part in finding.parts:
        if part.value is None:
            yield from _open(part)


# --- what would flip it ----------------------------------------------------------------------------------------------


def _turns(finding: Finding, to: bool) -> Iterator[tuple[Finding, bool]]:
    """The single tests that would make this part ``to`` if their answer were the one that is named beside them."""
    if finding.value is to:
        return
    if finding.seen is not None:
        if finding.seen.state != "no_figure":
            yield finding, to
        return
    kind = finding.node.kind if isinstance(finding.node, Combined | Members) else ""
    if kind == "none":
        yield from _turns_count(finding, not to, least=1)
    elif _conjunctive(finding):
        yield from _turns_all(finding, to)
    elif finding.least:
        yield from _turns_count(finding, to, least=finding.least)


def _turns_all(finding: Finding, to: bool) -> Iterator[tuple[Finding, bool]]:
    if not to:
        for part in finding.parts:
            yield from _turns(part, False)
    elif finding.complete:
        others = [part for part in finding.parts if part.value is not True]
        if len(others) == 1:
            yield from _turns(others[0], True)


def _turns_count(finding: Finding, to: bool, least: int) -> Iterator[tuple[Finding, bool]]:
    yes = sum(part.value is True for part in finding.parts)
    possible = yes + sum(part.value is None for part in finding.parts)
    if to and yes == least - 1:
        for part in finding.parts:
            yield from _turns(part, True)
    elif not to and finding.complete and possible == least:
        for part in finding.parts:
            if part.value is not False:
                yield from _turns(part, False)


def _flips(finding: Finding, judging: Judging, missing: tuple[Missing, ...]) -> Iterator[Flip]:
    """The facts of which one alone would turn the verdict: unknown ones first, by cost; then those nearest to their line.

    A fact that several tests read is tried out, since meeting one of them may miss another.
    """
    targets = [not finding.value] if finding.value is not None else [True, False]
    read = [leaf.seen.key for leaf in finding.leaves() if leaf.seen]
    cost = {one.seen.key: facts.COSTS.index(one.cost) for one in missing}
    found: list[tuple[tuple[int, float], Flip]] = []
    for to in targets:
        for leaf, holds in _turns(finding, to):
            seen = leaf.seen
            if seen is None or _cannot_change(seen, judging, holds):
                continue
            if read.count(seen.key) > 1 and not _tried(finding, leaf, holds, to, judging):
                continue
            rank = cost.get(seen.key, len(facts.COSTS)), _distance(leaf, judging)
            found.append((rank, Flip(seen, leaf.node, to, holds)))
    shown: set[tuple[tuple[str, str], bool]] = set()
    for _rank, flip in sorted(found, key=lambda pair: pair[0]):
        if (flip.seen.key, flip.to) not in shown and len(shown) < MOST_FLIPS:
            shown.add((flip.seen.key, flip.to))
            yield flip


_FIXED = frozenset({"person.sex", "person.relation", "household.size", "family.size", "house.persons"})


def _cannot_change(seen: Seen, judging: Judging, holds: bool) -> bool:
    """Facts that nobody can make otherwise, once known; and marks, which are set or not looked for."""
    if seen.state == "known" and seen.fact in _FIXED:
        return True
    fact = judging.vocabulary.facts.get(seen.fact)
    return fact is not None and fact.type == "marks" and not holds


def _distance(leaf: Finding, judging: Judging) -> float:
    """How far a number is from its line, as a share of it: what is nearest is shown first. Other facts count as one whole."""
    seen, node = leaf.seen, leaf.node
    if seen is None or not isinstance(node, Test) or not isinstance(seen.value, int) or seen.value is True:
        return 1.0
    lines = [figure(one, judging.figures) for one in node.args if not isinstance(one, bool)]
    near = [abs(seen.value - line) / max(1, abs(line)) for line in lines if line is not None]
    return min(near, default=1.0)


def _tried(root: Finding, leaf: Finding, holds: bool, to: bool, judging: Judging) -> bool:
    """Judge again with every test on this fact answered as one value would answer it."""
    seen = leaf.seen
    if seen is None or not isinstance(leaf.node, Test):
        return False
    fact = judging.vocabulary.facts[seen.fact]
    for value in _candidates(fact, leaf.node, judging):
        answered = _answer(leaf.node, fact, value, judging)
        if answered is holds and _again(root, seen.key, fact, value, judging) is to:
            return True
    return False


def _candidates(fact: facts.Fact, node: Test, judging: Judging) -> list[Any]:
    if fact.type == "flag":
        return [True, False]
    if fact.type == "code":
        return sorted(judging.vocabulary.base(fact.column))
    lines = [figure(one, judging.figures) for one in node.args]
    return [line + step for line in lines if line is not None for step in (-1, 0, 1)]


def _answer(node: Test, fact: facts.Fact, value: Any, judging: Judging) -> Truth:
    if fact.type == "flag":
        return tests.is_flag(value, bool(node.args[0]))
    if fact.type == "code":
        return (tests.one_of if node.op == "one_of" else tests.none_of)({value}, node.args)
    numbers = [figure(one, judging.figures) for one in node.args]
    if None in numbers or fact.type == "marks":
        return None
    known, op = (value, value), node.op.removeprefix("days_")
    return tests.between(known, *numbers) if op == "between" else tests.NUMBER_TESTS[op](known, numbers[0])  # type: ignore[arg-type]


def _again(finding: Finding, key: tuple[str, str], fact: facts.Fact, value: Any, judging: Judging) -> Truth:
    """The verdict with one fact's value put in the place of what is known."""
    if finding.seen is not None:
        if finding.seen.key == key and isinstance(finding.node, Test):
            return _answer(finding.node, fact, value, judging)
        return finding.value
    answers = [Finding(part.node, _again(part, key, fact, value, judging)) for part in finding.parts]
    if isinstance(finding.node, Combined):
        return _combine(finding.node, answers, finding.least or None).value
    if isinstance(finding.node, Members):
        return _count(finding.node, answers, finding.least or None, finding.complete).value
    return finding.value


# --- amounts ---------------------------------------------------------------------------------------------------------


def amount(
    rows: list[tuple[Node | None, int, int, str]],
    subject: Subject,
    vocabulary: facts.Vocabulary,
    figures: Mapping[str, int | None],
) -> int:
    """Rupiah that a unit would get by the rows (who, how many at most, rupiah each, group): only who is known to count does."""
    judging, total = Judging(vocabulary, figures), 0
    for node, most, rupiah, group in rows:
        if node is None:
            total += rupiah
            continue
        people = (subject.person,) if group == "self" and subject.person else subject.members(group)
        counted = sum(judging.find(node, subject.of(one)).value is True for one in people if one)
        total += rupiah * (min(counted, most) if most else counted)
    return total
