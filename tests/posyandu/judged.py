"""Judging in tests: the shipped rules, with versions changed by name, and entries in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import judging
from simpul.posyandu.rules.book import RuleBook

ON = date(2026, 11, 12)


@dataclass(frozen=True)
class Grown:
    """What the growth module would say."""

    classes: Mapping[str, str] = field(default_factory=dict)
    month: Mapping[str, int | None] = field(default_factory=dict)
    day: Mapping[str, int | None] = field(default_factory=dict)
    disagree: Sequence[str] = ()


def book(on: date = ON, **versions: str) -> RuleBook:
    """The shipped rules of a day, some in another version."""
    plain = rulebook.made("7602132001", on, ())
    rules = {rule.code: rule for rule in rulebook.shipped()}
    changed = {code: rules[code].version(version) for code, version in versions.items()}
    assert all(changed.values()), changed
    return RuleBook(plain.region_code, on, {**plain.versions, **changed})  # type: ignore[dict-item]


def entry(
    form: str = "D",
    *,
    sex: str = "P",
    months: int | None = 600,
    on: date = ON,
    birth: date | None = None,
    values: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
    grown: Grown | None = None,
    past: Sequence[judging.Past] = (),
    details: Mapping[str, Any] | None = None,
    rules: RuleBook | None = None,
) -> dict[str, judging.Judgement]:
    """What an entry is judged: "rule:class" -> judgement."""
    subject = judging.Subject(form, sex, birth, None, months, details or {}, "7602132001")
    found = judging.judge(subject, on, values or {}, columns or {}, grown, past, rules or book(on))
    return {f"{one.rule}:{one.code}": one for one in found}
