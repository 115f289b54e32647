"""The two ways of judging are one: a household with its reasons, and an area in columns, over random rules and households."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.people.rules.records import HouseholdRecord
from simpul.programmes.queries import catalogue
from simpul.programmes.rules import criteria, facts, subjects, vectors, verdicts
from tests.programmes.households import ON, VOCABULARY, as_area, households, rules

FIGURES: dict[str, int | None] = {"unset": None}


def both(node: criteria.Node, unit: str, record: HouseholdRecord, figures: Any = FIGURES) -> tuple[Any, Any]:
    """(one household's verdicts, the area's), each as {key: value}."""
    one = {
        subject.key({"pupil": "person", "house": "household"}.get(unit, unit)): verdicts.judge(
            node, subject, VOCABULARY, figures
        ).value
        for subject in subjects.subjects(record, unit, ON)
    }
    area = as_area(record)
    yes, no = vectors.judge_all(node, unit, area, figures)
    assert not (yes & no).any()
    keys = area.columns.keys[vectors.table_of(unit)]
    here = vectors.rows_of(unit, area)
    all_ = {
        str(key): True if yes[place] else (False if no[place] else None)
        for place, key in enumerate(keys)
        if here[place] and key != "before"
    }
    return one, all_


@pytest.mark.parametrize("unit", criteria.UNITS)
@settings(max_examples=120)
@given(data=st.data())
def test_a_rule_says_the_same_of_one_household_and_of_an_area(unit: str, data: st.DataObject) -> None:
    node = data.draw(rules(unit))
    record = data.draw(households())
    one, area = both(node, unit, record)
    assert one == area


@settings(max_examples=40)
@given(record=households())
def test_every_rule_that_ships_says_the_same_both_ways(record: HouseholdRecord) -> None:
    for rule in catalogue.shipped_in_force(ON, "7303"):
        if any(
            isinstance(part, criteria.Test) and VOCABULARY.facts[part.field].outside
            for part in criteria.walk(rule.node)
        ):
            continue
        one, area = both(rule.node, rule.unit, record, rule.figures)
        assert one == area, rule.programme_id


@pytest.mark.parametrize("unit", criteria.UNITS)
@settings(max_examples=80)
@given(data=st.data())
def test_what_is_said_to_flip_a_verdict_does_flip_it(unit: str, data: st.DataObject) -> None:
    node = data.draw(rules(unit))
    record = data.draw(households())
    for subject in subjects.subjects(record, unit, ON):
        verdict = verdicts.judge(node, subject, VOCABULARY, FIGURES)
        for flip in verdict.flips:
            assert _with(verdict.finding, flip) is flip.to


def _with(finding: verdicts.Finding, flip: verdicts.Flip) -> bool | None:
    """The verdict with the one test answered as the flip says; a fact that several tests read is left to ``_tried``."""
    if finding.seen is not None:
        same = finding.seen.key == flip.seen.key and finding.node == flip.test
        return flip.must_hold if same else finding.value
    parts = [verdicts.Finding(part.node, _with(part, flip)) for part in finding.parts]
    if isinstance(finding.node, criteria.Combined):
        return verdicts._combine(finding.node, parts, finding.least or None).value
    assert isinstance(finding.node, criteria.Members)
    return verdicts._count(finding.node, parts, finding.least or None, finding.complete).value


@settings(max_examples=100)
@given(data=st.data())
def test_to_learn_more_never_turns_a_yes_into_a_no(data: st.DataObject) -> None:
    """A verdict that did not need an unknown fact stays when it becomes known: unknown never counted as "no"."""
    node = data.draw(rules("household"))
    record = data.draw(households())
    before = verdicts.judge(node, subjects.Subject(record, ON), VOCABULARY, FIGURES).value
    unknown = sorted(
        fact.column
        for fact in VOCABULARY.facts.values()
        if fact.scope == "house" and not fact.derived and record.house.get(fact.column) in (None, "")
    )
    column = data.draw(st.sampled_from(unknown))
    fact = VOCABULARY.facts[f"house.{column}"]
    value = data.draw(
        st.sampled_from(sorted(VOCABULARY.meanings[column]))
        if fact.type == "code"
        else (st.booleans() if fact.type == "flag" else st.sampled_from([0, 5, 2000]))
    )
    learnt = replace(record, house={**record.house, column: value})
    after = verdicts.judge(node, subjects.Subject(learnt, ON), VOCABULARY, FIGURES).value
    assert before is None or after is before


@given(data=st.data())
def test_criteria_survive_being_written_down(data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(criteria.UNITS))
    node = data.draw(rules(unit))
    known = criteria.Known(VOCABULARY, frozenset({"unset"}), {})
    assert criteria.check(node, unit, known) == []
    assert criteria.read(criteria.plain(node), unit) == node
    assert facts.COSTS
