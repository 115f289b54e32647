"""Programmes and their rules: what ships, what stands in the tables, and which version holds on a day in a place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from simpul.people.queries import lists
from simpul.programmes.models import Programme, RuleVersion
from simpul.programmes.rules import criteria, facts, rows, vectors

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
FILES = ("kemensos", "bps", "housing", "others", "kis")


class CatalogueUnsound(ValueError):  # noqa: N818 - a fault of the program's own files
    """A row of the shipped catalogue is wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A version ready to be judged: its tree with the shared criteria in place, and its numbers for a place."""

    version_id: Any
    programme: rows.ProgrammeGiven
    given: rows.RuleGiven
    node: criteria.Node
    figures: Mapping[str, int | None]
    is_own: bool = False

    @property
    def programme_id(self) -> str:
        """The programme's code."""
        return self.programme.code

    @property
    def unit(self) -> str:
        """Whom it judges."""
        return self.given.unit


@dataclass(frozen=True, slots=True)
class Attribute:
    """A matter on which authorities draw different lines."""

    code: str
    name: str
    name_en: str
    why: str
    why_en: str
    facts: tuple[str, ...]
    rows: tuple[str, ...]
    against: frozenset[str] = frozenset()
    needs: str = ""


@lru_cache(maxsize=1)
def vocabulary() -> facts.Vocabulary:
    """The closed list of facts, with the meanings of every code of the register's lists."""
    names = {field: (lists.name(field), lists.name(field, "en")) for field in lists.fields()}
    found, receipts = facts.read_facts(_read("facts"), names)
    meanings = {
        one.column: lists.codes_by_meaning(one.column) for one in found.values() if one.type == "code"
    }
    return facts.Vocabulary(found, meanings, receipts)


@lru_cache(maxsize=1)
def shipped() -> tuple[tuple[rows.ProgrammeGiven, ...], tuple[rows.RuleGiven, ...]]:
    """Programmes and rules that ship with the program, checked; read once per process.

    Raises:
        CatalogueUnsound: a row is wrong.
    """
    programmes, rules, faults = rows.read_files({name: _read(name) for name in FILES})
    kinds = {one.code: one.kind for one in programmes}
    shared = {rule.programme: rule for rule in rules if kinds[rule.programme] == "criterion"}
    faults += rows.check_rules(rules, vocabulary(), shared)
    if faults:
        raise CatalogueUnsound(
            "; ".join(f"{one.where}: {one.code} {one.value} {one.other}" for one in faults)
        )
    return tuple(programmes), tuple(rules)


@lru_cache(maxsize=1)
def attributes() -> tuple[Attribute, ...]:
    """Where authorities differ, one row a matter."""
    return tuple(
        Attribute(
            code=given["code"],
            name=given["name"],
            name_en=given["name_en"],
            why=given["why"],
            why_en=given["why_en"],
            facts=tuple(given["facts"]),
            rows=tuple(given["rows"]),
            against=frozenset(given.get("against", ())),
            needs=given.get("needs", ""),
        )
        for given in _read("positions")["attribute"]
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))


# --- from the tables -------------------------------------------------------------------------------------------------


def subject_of(code: str) -> UUID:
    """The key under which the journal keeps what happened to a programme, whose own key is its code."""
    return uuid5(NAMESPACE_URL, f"simpul:programme:{code}")


def programmes_all() -> list[Programme]:
    """Every programme, in the order of pages."""
    return list(Programme.objects.order_by("position", "code"))


def get_programme(code: str) -> Programme | None:
    """One programme; None when there is none."""
    return Programme.objects.filter(code=code).first()


def versions_of(code: str) -> list[RuleVersion]:
    """Every version of a programme's rule, the newest first."""
    return list(RuleVersion.objects.filter(programme_id=code).order_by("-valid_from", "region_code"))


def get_version(version_id: Any) -> RuleVersion | None:
    """One version with its programme; None when there is none."""
    return RuleVersion.objects.select_related("programme").filter(id=version_id).first()


def versions_all() -> list[RuleVersion]:
    """Every version of every programme in use."""
    return list(RuleVersion.objects.filter(programme__is_active=True).select_related("programme"))


def shared_rules() -> dict[str, rows.RuleGiven]:
    """The named criteria that rules may use: what stands in the tables, the one that began last; else what ships."""
    found = {
        one.programme_id: given_of(one)
        for one in RuleVersion.objects.filter(programme__kind="criterion").order_by("valid_from")
    }
    return found or shipped_shared()


def shipped_shared() -> dict[str, rows.RuleGiven]:
    """The named criteria that ship."""
    programmes, rules = shipped()
    kinds = {one.code: one.kind for one in programmes}
    return {rule.programme: rule for rule in rules if kinds[rule.programme] == "criterion"}


def programme_given(one: Programme) -> rows.ProgrammeGiven:
    """A stored programme as a row."""
    return rows.ProgrammeGiven(
        **{name: getattr(one, name) for name in rows.ProgrammeGiven.__dataclass_fields__}
    )


def given_of(one: RuleVersion) -> rows.RuleGiven:
    """A stored version as a row."""
    names = [name for name in rows.RuleGiven.__dataclass_fields__ if name != "programme"]
    return rows.RuleGiven(programme=one.programme_id, **{name: getattr(one, name) for name in names})


# --- ready to be judged ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Dated:
    programme_id: str
    valid_from: date
    valid_until: date | None
    region_code: str
    programme: rows.ProgrammeGiven
    given: rows.RuleGiven
    version_id: Any
    is_own: bool


def rules_in_force(on: date, region_code: str = "") -> list[Rule]:
    """Every programme's rule that holds on a day in a place, in the order of pages. Without any row, those that ship."""
    dated = [_of_row(one) for one in versions_all()] or _of_files()
    return _ready(dated, on, region_code)


def shipped_in_force(on: date, region_code: str = "") -> list[Rule]:
    """The rules that ship and hold on a day in a place: for a program without an installation."""
    return _ready(_of_files(), on, region_code)


def _of_row(one: RuleVersion) -> _Dated:
    return _Dated(
        one.programme_id,
        one.valid_from,
        one.valid_until,
        one.region_code,
        programme_given(one.programme),
        given_of(one),
        one.id,
        one.is_own,
    )


def _of_files() -> list[_Dated]:
    programmes, rules = shipped()
    by_code = {one.code: one for one in programmes}
    return [
        _Dated(
            rule.programme,
            rule.valid_from or date.min,
            rule.valid_until,
            rule.region_code,
            by_code[rule.programme],
            rule,
            None,
            False,
        )
        for rule in rules
    ]


def _ready(dated: Iterable[_Dated], on: date, region_code: str) -> list[Rule]:
    dated = list(dated)
    chosen = rows.in_force(dated, on, region_code)
    ever = {one.programme_id: one for one in dated if one.programme.kind == "criterion"}
    shared = {  # a shared criterion that is not in force yet stands in for itself: a rule that names it is never without it
        code: criteria.read(chosen.get(code, one).given.criteria, chosen.get(code, one).given.unit)
        for code, one in ever.items()
    }
    found = [_rule(one, shared, region_code) for one in chosen.values() if one.programme.kind != "criterion"]
    return sorted(found, key=lambda rule: (rule.programme.position, rule.programme.code))


def _rule(one: _Dated, shared: Mapping[str, criteria.Node], region_code: str) -> Rule:
    return Rule(
        one.version_id,
        one.programme,
        one.given,
        criteria.resolve(criteria.read(one.given.criteria, one.given.unit), shared),
        rows.figures_of(one.given.figures, region_code),
        one.is_own,
    )


def ready(given: rows.RuleGiven, programme: rows.ProgrammeGiven, on: date, region_code: str = "") -> Rule:
    """One version made ready, whether or not it is in force: for a preview and for comparing two versions."""
    shared = {code: criteria.read(rule.criteria, rule.unit) for code, rule in shared_rules().items()}
    dated = _Dated(
        programme.code, given.valid_from or on, None, given.region_code, programme, given, None, True
    )
    return _rule(dated, shared, region_code)


def with_figures(rule: Rule, figures: Mapping[str, int | None]) -> Rule:
    """The same rule with other numbers."""
    return replace(rule, figures={**rule.figures, **figures})


def amounts_of(rule: Rule) -> list[tuple[criteria.Node | None, int, int, str]]:
    """What a rule gives, ready for ``verdicts.amount``."""
    return [
        (
            criteria.read(row["who"], "person") if "who" in row else None,
            int(row.get("most", 0)),
            int(row["rupiah"]),
            "self" if row.get("self") else ("family" if rule.unit == "family" else "household"),
        )
        for row in rule.given.amounts
    ]


def table_of(rule: Rule) -> str:
    """The table a rule's subjects stand in."""
    return vectors.table_of(rule.unit)
