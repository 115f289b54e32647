"""Whose word stands: whatever the order in which statements come, the newest is current and nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from simpul.people.rules.history import (
    BEFORE,
    NOTHING_SEEN,
    STANDING,
    Statement,
    known,
    seen_hash,
    seen_of,
    standing,
    states,
)
from simpul.people.rules.history import told as add

DAY = date(2026, 1, 1)

statements = st.lists(
    st.builds(
        Statement,
        value=st.sampled_from(["bdt/1", "bdt/2", "bdt/3", ""]),
        observed_date=st.integers(0, 4).map(lambda days: DAY + timedelta(days=days)),
        source=st.sampled_from(["visit", "import", "resident"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: (one.observed_date, one.source),
)


@given(statements, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told: list[Statement], rng: object) -> None:
    shuffled = list(told)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    first = dict(zip(told, states(told), strict=True))
    second = dict(zip(shuffled, states(shuffled), strict=True))
    assert first == second
    newest = max(one.observed_date for one in told)
    for one, state in first.items():
        assert (state == "past") == (one.observed_date < newest)


@given(statements)
def test_the_column_holds_a_newest_value_and_every_statement_is_kept(told: list[Statement]) -> None:
    kept: list[Statement] = []
    shown = ""
    for one in told:
        if not known(kept, one):
            kept = add(kept, one)
        shown = standing(kept, shown)
    assert {replace(one, state="current") for one in kept} == set(told)
    newest = max(one.observed_date for one in told)
    assert shown in {one.value for one in told if one.observed_date == newest}


@given(statements)
def test_saying_it_all_again_adds_nothing(told: list[Statement]) -> None:
    assert all(known(told, one) for one in told)


def test_two_sources_of_one_day_conflict_and_agreement_is_none() -> None:
    visit, listed = Statement("a", DAY, "visit"), Statement("b", DAY, "import")
    for order in permutations([visit, listed]):
        assert states(order) == ["conflict", "conflict"]
    assert states([visit, Statement("a", DAY, "import")]) == ["current", "current"]
    assert states([visit, listed, Statement("a", DAY + timedelta(days=1), "resident")]) == [
        "past",
        "past",
        "current",
    ]


def test_the_last_word_of_one_source_on_one_day_counts() -> None:
    slip, right = Statement("a", DAY, "visit"), Statement("b", DAY, "visit")
    assert states([slip, right]) == ["past", "current"]
    assert not known([slip, right], slip)  # said again after a correction, it is a new word


def test_what_stood_before_yields_and_what_was_rejected_stays_so() -> None:
    before, new = Statement("a", DAY, BEFORE), Statement("b", DAY, "resident")
    assert states([before, new]) == ["past", "current"]
    assert states([before]) == ["current"]
    rejected = Statement("b", DAY, "import", state="rejected")
    assert states([new, rejected]) == ["current", "rejected"]
    assert known([new, rejected], Statement("b", DAY, "import"))


# --- what is said away from the register ------------------------------------------------------------------------------------------

BASE = Statement("dasar", DAY, "import")


def _seeing(value: str, seen: str, days: int = 0, source: str = "visit") -> Statement:
    return Statement(value, DAY + timedelta(days=days), source, seen=seen)


@st.composite
def _tales(draw: st.DrawFn) -> list[tuple[int, Statement]]:
    """Words written on phones: each with sight of the first value or of one written before; (what it saw, the word)."""
    count = draw(st.integers(1, 7))
    tale: list[tuple[int, Statement]] = []
    for number in range(count):
        saw = draw(st.integers(-1, number - 1))
        seen = BASE.value if saw < 0 else tale[saw][1].value
        days = draw(st.integers(-9, 9))
        tale.append(
            (
                saw,
                _seeing(
                    f"nilai {number}", seen_hash(seen), days, draw(st.sampled_from(["visit", "officer"]))
                ),
            )
        )
    return tale


def _arrive(tale: list[tuple[int, Statement]], rng: Random) -> list[Statement]:
    """The words in some order in which none arrives before what its author had seen."""
    waiting, arrived, kept = dict(enumerate(tale)), {-1}, add([], BASE)
    while waiting:
        ready = [number for number, (saw, _word) in waiting.items() if saw in arrived]
        number = rng.choice(ready)
        kept = add(kept, waiting.pop(number)[1])
        arrived.add(number)
    return kept


@given(_tales(), st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_no_value_disappears_unless_somebody_who_saw_it_replaced_it(
    tale: list[tuple[int, Statement]], rng: Random, other: Random
) -> None:
    replaced = {saw for saw, _word in tale}
    wanted = {word.value for number, (_saw, word) in enumerate(tale) if number not in replaced}
    wanted |= set() if -1 in replaced else {BASE.value}
    for kept in (_arrive(tale, rng), _arrive(tale, other)):
        assert {one.value for one in kept if one.state in STANDING} == wanted
        assert {one.value for one in kept} == {BASE.value, *(word.value for _saw, word in tale)}
        assert standing(kept, BASE.value) in wanted
        assert all(one.disputed == (one.state == "conflict") for one in kept)


any_words = st.builds(
    Statement,
    value=st.sampled_from(["a", "b", "c", ""]),
    observed_date=st.integers(0, 4).map(lambda days: DAY + timedelta(days=days)),
    source=st.sampled_from(["visit", "import", "resident"]),
    seen=st.sampled_from([None, NOTHING_SEEN, "", seen_hash("a"), seen_hash("b"), seen_of(["a", "b"])]),
)


@given(st.lists(any_words, max_size=8))
def test_what_stands_in_a_dispute_leaves_only_with_sight(words: list[Statement]) -> None:
    kept: list[Statement] = []
    for word in words:
        before = {one.value for one in kept if one.state in STANDING}
        disputed = any(one.disputed for one in kept)
        kept = add(kept, word)
        after = {one.value for one in kept if one.state in STANDING}
        assert bool(after) and (after <= before | {word.value})
        gone = before - after
        if word.seen is not None:
            assert all(word.seen in (seen_hash(one), seen_of(before)) for one in gone)
        elif disputed:
            assert not gone
        assert len(after) == 1 or {one.state for one in kept if one.state in STANDING} == {"conflict"}


def test_without_sight_both_are_kept_whatever_their_days_and_later_words_join() -> None:
    register = add([], Statement("0811", DAY + timedelta(days=9), "officer"))
    kept = add(register, _seeing("0812", seen_hash("0810")))
    assert [one.state for one in kept] == ["conflict", "conflict"]
    assert all(one.disputed for one in kept)
    assert standing(kept, "0811") == "0811"
    kept = add(kept, Statement("0813", DAY + timedelta(days=20), "resident"))
    assert [one.state for one in kept] == ["conflict"] * 3
    kept = add(kept, Statement("0800", DAY - timedelta(days=400), "import"))
    assert [one.state for one in kept] == ["conflict", "conflict", "conflict", "past"]
    everything = seen_of(["0811", "0812", "0813"])
    assert [one.state for one in add(kept, _seeing("0814", everything))][-1] == "conflict"


def test_with_sight_no_clock_decides_and_equal_words_are_no_dispute() -> None:
    register = add([], Statement("a", DAY + timedelta(days=9), "officer"))
    kept = add(register, _seeing("b", seen_hash("a"), days=-2000))
    assert [one.state for one in kept] == ["past", "current"]
    assert [one.state for one in add(kept, Statement("c", DAY, "import"))][-1] == "past"
    assert [one.state for one in add(register, _seeing("a", NOTHING_SEEN))] == ["current", "current"]
    both = add(register, _seeing("b", NOTHING_SEEN))
    agreed = add(both, _seeing("b", seen_hash("a")))
    assert [(one.state, one.disputed) for one in agreed] == [
        ("past", False),
        ("current", False),
        ("current", False),
    ]


def test_the_hash_of_what_was_seen_is_the_same_on_every_side() -> None:
    vectors = json.loads((Path(__file__).parents[1] / "vectors" / "seen.json").read_text(encoding="utf-8"))
    for one in vectors:
        assert seen_hash(one["text"]) == one["hash"], one["text"]
    assert seen_of(["0812", "0811", "0812"]) == seen_hash("0811|0812")
    assert (seen_of(["x"]), seen_of([""]), seen_of([])) == (seen_hash("x"), "", "")
