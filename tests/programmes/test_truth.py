"""Kleene's three-valued logic, table by table."""

from __future__ import annotations

from itertools import product

import pytest

from simpul.programmes.rules import facts, tests

ALL = (True, False, None)


@pytest.mark.parametrize(("one", "other"), list(product(ALL, ALL)))
def test_all_and_any(one: bool | None, other: bool | None) -> None:
    both = False if False in (one, other) else (None if None in (one, other) else True)
    either = True if True in (one, other) else (None if None in (one, other) else False)
    assert tests.every([one, other]) is both
    assert tests.some([one, other]) is either
    assert tests.invert(tests.every([one, other])) is tests.some([tests.invert(one), tests.invert(other)])


@pytest.mark.parametrize("answers", list(product(ALL, repeat=4)))
def test_at_least_n_is_what_every_completion_agrees_on(answers: tuple[bool | None, ...]) -> None:
    for least in (1, 2, 3, 4):
        unknown = answers.count(None)
        outcomes = {sum(filled) + answers.count(True) >= least for filled in product((0, 1), repeat=unknown)}
        expected = outcomes.pop() if len(outcomes) == 1 else None
        assert tests.enough(answers, least) is expected


def test_people_who_are_missing_in_the_register_never_make_a_no() -> None:
    assert tests.enough([False, False], 1) is False
    assert tests.enough([False, False], 1, complete=False) is None
    assert tests.enough([True, False], 1, complete=False) is True


def test_a_code_decides_only_when_all_it_may_mean_agree() -> None:
    assert tests.one_of({"earth"}, ("earth", "bamboo")) is True
    assert tests.one_of({"wood_good", "wood_poor"}, ("wood_poor",)) is None
    assert tests.one_of({"tile"}, ("wood_poor",)) is False
    assert tests.one_of(set(), ("wood_poor",)) is None
    assert tests.none_of({"none"}, ("none",)) is False and tests.none_of(set(), ("none",)) is None


def test_a_range_decides_only_when_all_of_it_agrees() -> None:
    for test in (tests.at_least, tests.at_most, tests.above, tests.below):
        assert test(facts.UNKNOWN, 5) is None
    assert tests.between((58, 59), 58, 60) is True and tests.between((57, 58), 58, 60) is None
    assert tests.at_least((69, 70), 70) is None and tests.below((69, 69), 70) is True
    assert tests.above((70, 70), 70) is False and tests.at_most((70, 70), 70) is True
    assert tests.between(facts.UNKNOWN, 0, 1) is None


def test_flags_and_marks() -> None:
    assert tests.is_flag(None, False) is None and tests.is_flag(False, False) is True
    assert tests.has_any({3}, (3, 4)) is True and tests.has_any({5}, (3, 4)) is None
    assert tests.days_since(None, 10) == facts.UNKNOWN and tests.days_since(3, 10) == (7, 7)
