"""Rules of aid as they go down: the closed language, read again as the same criteria."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest

from simpul.programmes.queries import catalogue
from simpul.programmes.rules import criteria
from simpul.sync.queries import down_rules
from simpul.sync.rules.canonical import check

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def bare(node: Any) -> Any:
    """A criterion without its words, which stay on the server's pages."""
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    if not is_dataclass(node):
        return node
    changed = {one.name: bare(getattr(node, one.name)) for one in fields(node) if one.name != "words"}
    return replace(node, **changed, words=("", ""))  # type: ignore[type-var]


def test_every_rule_reads_the_same_on_the_other_side() -> None:
    rules = {rule.programme.code: rule for rule in catalogue.rules_in_force(ON)}
    told = {row["id"]: row for row in down_rules.rules(ON)}
    assert set(told) == {down_rules.BOOK, *rules}
    for code, rule in rules.items():
        assert bare(criteria.read(told[code]["criteria"], rule.unit)) == bare(rule.node), code
        assert told[code]["unit"] == rule.unit
    check(list(told.values()))  # whole numbers, plain keys: both sides spell it alike


def test_the_book_names_every_fact_and_meaning() -> None:
    book = down_rules.book()
    vocabulary = catalogue.vocabulary()
    assert set(book["facts"]) == set(vocabulary.facts)
    for column, codes in vocabulary.meanings.items():
        assert {code: frozenset(means) for code, means in book["meanings"][column].items()} == codes
    assert down_rules.digest(book) == down_rules.digest(down_rules.book())


def test_a_named_criterion_must_be_in_its_place() -> None:
    with pytest.raises(TypeError):
        down_rules.spelled(criteria.Named("kemensos-excluded"))
