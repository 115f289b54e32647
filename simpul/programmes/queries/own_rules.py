"""A rule written in a form: what can be chosen, reading the rows, and a look at it on example households."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.lib.errors import Refused
from simpul.people.queries import lists
from simpul.programmes.queries import catalogue, household_file, verdicts, words
from simpul.programmes.rules import criteria, facts, rows, tests

_EXAMPLES = Path(__file__).resolve().parents[1] / "catalogue" / "examples.json"


class RuleFormWrong(Refused):
    """A row of the form that cannot be read."""

    code = "rule.form_wrong"
    sentence: Any = gettext_lazy("%(what)s")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row of the form."""

    number: int
    whose: str
    fact: str
    op: str
    value: str


def combiners() -> list[tuple[str, str]]:
    """How tests are put together."""
    return [
        ("all", _("All of them")),
        ("any", _("Any one of them")),
        ("at_least", _("At least so many")),
        ("none", _("Not a single one of them")),
    ]


def quantifiers() -> list[tuple[str, str]]:
    """Whose fact it is, for facts about people."""
    return [
        ("", _("The one who is judged, or the household")),
        ("any_member", _("Somebody")),
        ("all_members", _("Everybody")),
        ("head", _("The head")),
    ]


def facts_offered() -> list[tuple[str, str]]:
    """Every fact that the register holds, by name."""
    scopes = {
        "house": _("House"),
        "household": _("Household"),
        "family": _("Family card"),
        "person": _("Person"),
    }
    found = [
        (
            key,
            f"{scopes[fact.scope]}: {words.said(fact)}" + (f" ({unit_name(fact.unit)})" if fact.unit else ""),
        )
        for key, fact in catalogue.vocabulary().facts.items()
        if not fact.outside and fact.type != "marks"
    ]
    return [("", ""), *sorted(found, key=lambda pair: pair[1])]


def tests_offered() -> list[tuple[str, str]]:
    """The closed list of tests."""
    return [
        ("", ""),
        ("one_of", _("is one of")),
        ("none_of", _("is none of")),
        ("is", _("is (yes or no)")),
        ("at_least", _("is at least")),
        ("at_most", _("is at most")),
        ("above", _("is more than")),
        ("below", _("is less than")),
        ("between", _("lies between (two numbers)")),
    ]


def unit_name(unit: str) -> str:
    """The unit in which a number is written."""
    return {
        "dm2": _("square decimetres (7.5 m² is 750)"),
        "m2": "m²",
        "rupiah": "rupiah",
        "percent": "%",
        "years": _("years"),
        "decile": _("deciles"),
        "heads": _("people"),
    }.get(unit, _("units"))


def combined(chosen: Iterable[Chosen], combine: str, least: str) -> dict[str, Any]:
    """The criteria of the filled rows.

    Raises:
        RuleFormWrong: no row, or one that cannot be read; the sentence names it.
    """
    parts = [_part(one) for one in chosen]
    if not parts:
        raise RuleFormWrong(field="fact_1", what=_("Choose at least one test."))
    if combine == "at_least":
        if not least.isdigit():
            raise RuleFormWrong(field="least", what=_("Write how many of the tests must hold."))
        return {"at_least": int(least), "of": parts}
    return {combine: parts}


def _part(one: Chosen) -> dict[str, Any]:
    fact = catalogue.vocabulary().facts.get(one.fact)
    if fact is None or one.op not in tests.BY_TYPE[fact.type]:
        raise RuleFormWrong(
            field=f"op_{one.number}",
            what=_("Test %(number)s: this test does not fit this fact.") % {"number": one.number},
        )
    test: dict[str, Any] = {"field": one.fact, one.op: _value(one, fact)}
    return {one.whose: test} if one.whose else test


def _value(one: Chosen, fact: facts.Fact) -> Any:
    typed = [part.strip() for part in one.value.split(",") if part.strip()]
    if fact.type == "flag":
        answer = {"ya": True, "yes": True, "tidak": False, "no": False}.get(one.value.strip().casefold())
        if answer is None:
            raise _unreadable(one)
        return answer
    if fact.type == "code":
        found = [_meaning(fact.column, part) for part in typed]
        if not found or None in found:
            raise _unreadable(one)
        return found
    plain = [part.replace(".", "").replace("Rp", "").strip() for part in typed]
    if not plain or not all(part.isdigit() and len(part) < 16 for part in plain):
        raise _unreadable(one)
    if len(plain) != (2 if one.op == "between" else 1):
        raise _unreadable(one)
    numbers = [int(part) for part in plain]
    return numbers if one.op == "between" else numbers[0]


def _meaning(column: str, typed: str) -> str | None:
    """A base meaning by its own name, or by words of the list that can mean nothing else."""
    if typed in lists.all_meanings(column):
        return typed
    wanted = typed.casefold()
    for meaning in sorted(lists.all_meanings(column)):
        if wanted in (words.meaning(column, meaning).casefold(), meaning.replace("_", " ")):
            return meaning
    return None


def _unreadable(one: Chosen) -> RuleFormWrong:
    fact = catalogue.vocabulary().facts[one.fact]
    hint = ""
    if fact.type == "code":
        known = sorted(words.meaning(fact.column, each) for each in lists.all_meanings(fact.column))
        hint = _("The answers are: %(answers)s.") % {"answers": ", ".join(dict.fromkeys(known))}
    return RuleFormWrong(
        field=f"value_{one.number}",
        what=_("Test %(number)s: “%(value)s” cannot be read. %(hint)s")
        % {"number": one.number, "value": one.value[:40], "hint": hint},
    )


@lru_cache(maxsize=1)
def examples() -> list[dict[str, Any]]:
    """Example households, invented: [{name, name_en, household}]."""
    return list(json.loads(_EXAMPLES.read_text(encoding="utf-8")))


def preview(given: rows.RuleGiven, programme: rows.ProgrammeGiven, on: date) -> dict[str, Any]:
    """The rule in words, its faults if it has any, and what it says of the example households."""
    faults = rows.check_rules([given], catalogue.vocabulary(), catalogue.shared_rules())
    if faults:
        return {"faults": [words.fault(one) for one in faults]}
    rule = catalogue.ready(given, programme, on)
    found = []
    for example in examples():
        record = household_file.read(example["household"], on).record
        sheet = verdicts.judge_record(record, [rule], on)
        found += [
            {
                "name": words.said(example),
                "whose": one.whose,
                "word": one.word,
                "words": words.outcome(programme, one.word),
            }
            for one in (*sheet.judged, *sheet.positions)
        ]
    return {"lines": words.lines(criteria.read(given.criteria, given.unit), rule.figures), "examples": found}
