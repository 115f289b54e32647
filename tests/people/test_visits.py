"""What a visit asks: only what fits, and what the visitor sees first."""

from __future__ import annotations

from datetime import date
from typing import Any

from simpul.people.queries import fields, lists
from simpul.people.rules import visits

EMPTY: dict[str, Any] = {}


def asked(about: str, known: dict[str, Any], **more: Any) -> set[str]:
    found = visits.missing(about, "x", known.get, fields.of(about), lists.book(), **more)
    return {one.field.key for one in found}


def test_a_question_whose_condition_fails_is_not_asked() -> None:
    assert "power" not in asked("house", {"lighting": "bdt/3"})
    assert "power" in asked("house", {"lighting": "bdt/1"})
    assert "power" not in asked("house", {})  # first the light is asked
    assert "wall_condition" in asked("house", {"wall": "dtsen/3"})
    assert "wall_condition" not in asked("house", {"wall": "bdt/6"})
    assert "land" not in asked("house", {"building": "bdt/2"})


def test_questions_fit_age_and_sex() -> None:
    assert "pregnant" in asked("profile", {}, age=30, sex="P")
    assert "pregnant" not in asked("profile", {}, age=30, sex="L")
    assert "pregnant" not in asked("profile", {}, age=60, sex="P")
    assert "works" not in asked("profile", {}, age=6)
    assert "industry" in asked("profile", {"works": True}, age=30)
    assert "industry" not in asked("profile", {"works": False}, age=30)
    assert "income_month" not in asked("profile", {}, age=30)
    assert "severe_disability" not in asked("profile", {"disability": "bdt/0"}, age=30)
    assert "severe_disability" in asked("profile", {"disability": "bdt/2"}, age=30)
    assert "schooling" not in asked("profile", {}, age=3)


def test_what_is_seen_comes_before_what_is_told() -> None:
    book = lists.book()
    found = [
        *visits.missing("profile", "p", EMPTY.get, fields.of("profile"), book, age=30),
        *visits.missing("household", "h", EMPTY.get, fields.of("household"), book),
        *visits.missing("house", "r", EMPTY.get, fields.of("house"), book),
    ]
    order = [one.about for one in visits.ordered(found)]
    assert order == sorted(order, key=["house", "household", "profile"].index)


def test_data_grow_stale() -> None:
    assert visits.is_stale(None, date(2026, 11, 25))
    assert visits.is_stale(date(2025, 11, 1), date(2026, 11, 25))
    assert not visits.is_stale(date(2026, 1, 1), date(2026, 11, 25))
