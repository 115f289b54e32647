"""Whose word stands: whatever the order in which statements come, the newest is current and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from simpul.people.rules.history import BEFORE, Statement, known, standing, states

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
            kept.append(one)
        shown = standing(kept, shown)
    assert set(kept) == set(told)
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
    rejected = Statement("b", DAY, "import", rejected=True)
    assert states([new, rejected]) == ["current", "rejected"]
    assert known([new, rejected], Statement("b", DAY, "import"))
