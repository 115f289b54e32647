"""Programmes and rules as rows: read from catalogue files or a form, checked, and chosen by day and place.

A rule without a source, with a circle, with an unknown fact, a value of the wrong kind, or dates upside down is refused, with the row
named; nothing of a file is taken in while one of its rows is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from simpul.programmes.rules import criteria, facts
from simpul.programmes.rules.criteria import Fault, Known, Node

KINDS = ("aid", "poverty", "house", "position", "criterion")
"""aid: something is given; poverty: a definition of poor; house: a standard of a dwelling; position: where an authority draws one line;
criterion: a shared part of rules, no verdict of its own."""
CONFIDENCES = ("confirmed", "secondary", "unconfirmed")
SHOWN = ("aid", "poverty", "house")
PERIODS = ("once", "month", "year")


@dataclass(frozen=True, slots=True)
class ProgrammeGiven:
    """A programme as a row."""

    code: str
    kind: str
    authority: str
    name: str
    name_en: str
    about: str = ""
    about_en: str = ""
    yes: str = ""
    yes_en: str = ""
    no: str = ""
    no_en: str = ""
    position: int = 500


@dataclass(frozen=True, slots=True)
class RuleGiven:
    """One dated version of a rule as a row."""

    programme: str
    version: str
    unit: str
    criteria: Any
    source: str
    valid_from: date | None
    valid_until: date | None = None
    source_date: date | None = None
    confidence: str = "unconfirmed"
    figures: Mapping[str, Any] = field(default_factory=dict)
    amounts: Sequence[Mapping[str, Any]] = ()
    note: str = ""
    note_en: str = ""
    region_code: str = ""

    @property
    def row(self) -> str:
        """How a fault names this row."""
        return f"{self.programme} / {self.version}"


def read_files(
    files: Mapping[str, Mapping[str, Any]],
) -> tuple[list[ProgrammeGiven], list[RuleGiven], list[Fault]]:
    """Programmes and rules of catalogue files (name -> content), and what cannot be read of them."""
    programmes: list[ProgrammeGiven] = []
    rules: list[RuleGiven] = []
    faults: list[Fault] = []
    for name, content in sorted(files.items()):
        for row in content.get("programme", []):
            given = {key: value for key, value in row.items() if key != "rule"}
            where = f"{name}: {row.get('code', '?')}"
            try:
                made = ProgrammeGiven(**{"authority": content.get("authority", ""), **given})
            except TypeError as unknown:
                faults.append(Fault(where, "row_unreadable", str(unknown)[-80:]))
                continue
            programmes.append(made)
            faults += [Fault(where, *wrong) for wrong in _programme_faults(made)]
            for rule in row.get("rule", []):
                try:
                    rules.append(RuleGiven(programme=made.code, **{"source": "", "valid_from": None, **rule}))
                except TypeError as unknown:
                    faults.append(Fault(where, "row_unreadable", str(unknown)[-80:]))
    faults += [Fault(code, "programme_twice", code) for code in _twice(one.code for one in programmes)]
    faults += [Fault(row, "version_twice", row) for row in _twice(one.row for one in rules)]
    return programmes, rules, faults


def _programme_faults(made: ProgrammeGiven) -> list[tuple[str, str]]:
    wrong = [] if made.kind in KINDS else [("kind_unknown", made.kind)]
    if not made.authority.strip():
        wrong.append(("authority_missing", made.code))
    return wrong if made.name.strip() and made.name_en.strip() else [*wrong, ("name_missing", made.code)]


def _twice(values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({one for one in values if one in seen or seen.add(one)})  # type: ignore[func-returns-value]


def check_rules(
    rules: Sequence[RuleGiven], vocabulary: facts.Vocabulary, shared: Mapping[str, RuleGiven]
) -> list[Fault]:
    """Everything wrong with rules, row by row. ``shared`` holds the named criteria they may use, by code."""
    nodes: dict[str, Node] = {}
    for code, one in shared.items():
        try:
            nodes[code] = criteria.read(one.criteria, one.unit)
        except criteria.UnreadableCriteria:
            continue  # reported with its own row below, or when it was added
    found: list[Fault] = []
    for rule in rules:
        found += _rule_faults(rule, vocabulary, nodes)
    return found


def _rule_faults(rule: RuleGiven, vocabulary: facts.Vocabulary, shared: Mapping[str, Node]) -> list[Fault]:
    row = rule.row
    found = [Fault(row, *wrong) for wrong in _head_faults(rule)]
    found += _figure_faults(rule)
    if rule.unit not in criteria.UNITS:
        return [*found, Fault(row, "unit_unknown", rule.unit)]
    known = Known(vocabulary, frozenset(rule.figures), shared)
    found += _criteria_faults(rule.criteria, rule.unit, known, row)
    way = _cycle(rule, shared)
    if way:
        found.append(Fault(row, "cycle", " → ".join(way)))
    for number, given in enumerate(rule.amounts, 1):
        where = f"{row}, amounts[{number}]"
        if not isinstance(given.get("rupiah"), int) or given["rupiah"] < 0 or given.get("per") not in PERIODS:
            found.append(Fault(where, "amount_wrong", str(given.get("rupiah"))))
        if "who" in given:
            found += _criteria_faults(given["who"], "person", known, where)
    return found


def _criteria_faults(given: Any, unit: str, known: Known, where: str) -> list[Fault]:
    try:
        node = criteria.read(given, unit, where)
    except criteria.UnreadableCriteria as unreadable:
        return unreadable.faults
    return criteria.check(node, unit, known, where)


def _head_faults(rule: RuleGiven) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    if len(rule.source.strip()) < 3:
        wrong.append(("source_missing", rule.version))
    if not isinstance(rule.valid_from, date):
        wrong.append(("date_missing", "valid_from"))
    elif rule.valid_until is not None and rule.valid_until < rule.valid_from:
        wrong.append(("dates_upside_down", f"{rule.valid_from} > {rule.valid_until}"))
    if rule.confidence not in CONFIDENCES:
        wrong.append(("confidence_unknown", rule.confidence))
    return wrong


def _figure_faults(rule: RuleGiven) -> list[Fault]:
    found = []
    for name, given in rule.figures.items():
        values = [given.get("value"), *given.get("by_region", {}).values()]
        if any(isinstance(one, bool) or not (one is None or isinstance(one, int)) for one in values):
            found.append(Fault(f"{rule.row}, {name}", "not_a_number", str(given.get("value"))))
        if not given.get("name") or not given.get("name_en"):
            found.append(Fault(f"{rule.row}, {name}", "name_missing", name))
    return found


def _cycle(rule: RuleGiven, shared: Mapping[str, Node]) -> tuple[str, ...]:
    """The circle that a rule's named criteria lead into, or that the rule itself closes."""
    try:
        node = criteria.read(rule.criteria, rule.unit)
    except criteria.UnreadableCriteria:
        return ()
    seats = {**shared, rule.programme: node} if rule.programme in shared else {**shared, "": node}
    return criteria.cycle_from(rule.programme if rule.programme in shared else "", seats)


# --- which version is in force ---------------------------------------------------------------------------------------


class Dated(Protocol):
    """What choosing needs to know of a version."""

    @property
    def programme_id(self) -> str:
        """The programme's code."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_until(self) -> date | None:
        """The last day; None: until further notice."""

    @property
    def region_code(self) -> str:
        """The area of a district's own version; "" everywhere."""


Version = TypeVar("Version", bound=Dated)


def in_force(versions: Iterable[Version], on: date, region_code: str) -> dict[str, Version]:
    """The version of each programme that holds on a day in a place.

    A district's own version goes before the general one there; of several, the one that began last.
    """
    best: dict[str, Version] = {}
    for one in versions:
        if not one.valid_from <= on or (one.valid_until is not None and one.valid_until < on):
            continue
        if not region_code.startswith(one.region_code):
            continue
        known = best.get(one.programme_id)
        if known is None or (len(one.region_code), one.valid_from) > (
            len(known.region_code),
            known.valid_from,
        ):
            best[one.programme_id] = one
    return best


def figures_of(given: Mapping[str, Any], region_code: str) -> dict[str, int | None]:
    """A rule's numbers in a place: the one of the smallest area that covers it, else the general one; None when nobody set it."""
    found: dict[str, int | None] = {}
    for name, row in given.items():
        covering = [code for code in row.get("by_region", {}) if region_code.startswith(code)]
        found[name] = row["by_region"][max(covering, key=len)] if covering else row.get("value")
    return found
