"""Figures: overdue open matters are counted, days run from first disposition."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import handling, referral
from simpul.cases.queries import figures
from simpul.cases.rules import figures as rules
from tests.cast import NOW, Cast

SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=200)


def read(cast: Cast, at: Any) -> figures.Figures:
    return figures.figures(cast.manager, since=SINCE, until=UNTIL, at=at)


def test_silence_never_makes_an_agency_look_punctual(cast: Cast) -> None:
    answered = cast.case()
    cast.case()
    handling.claim_case(by=cast.admin, at=NOW, case_id=answered.id)
    handling.answer_case(
        by=cast.admin, at=NOW + timedelta(days=2), case_id=answered.id, text="Selesai", decision="upheld"
    )
    found = read(cast, NOW + timedelta(days=100))
    assert (found.received, found.answered, found.open, found.overdue) == (2, 1, 1, 1)
    assert (found.mean_days, found.median_days, found.p90_days) == (2.0, 2.0, 2.0)
    assert found.share_answered == 50


def test_nothing_received_gives_no_share_and_no_days(cast: Cast) -> None:
    found = read(cast, NOW)
    assert (found.share_answered, found.mean_days, found.p90_days) == (None, None, None)


def test_a_sealed_matter_is_in_no_figure(cast: Cast) -> None:
    cast.case(text_given="Anak tetangga saya dipukuli dan diperkosa pamannya, tolong.")
    assert read(cast, NOW).received == 0


def test_the_silent_desk_is_named_with_what_lies_on_it(cast: Cast) -> None:
    case = cast.case()
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon"
    )
    loads = figures.silent_desks(cast.manager, NOW + timedelta(days=30))
    assert [(load.desk.code, load.open, load.late_turns) for load in loads] == [("shelter", 1, 1)]
    assert figures.desk_loads(cast.neighbour_manager, NOW) == []


def test_the_figures_cost_the_same_queries_however_many_matters_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _turn in range(12):
        cast.case()
    with django_assert_max_num_queries(4):
        read(cast, NOW)
    with django_assert_max_num_queries(5):
        figures.desk_loads(cast.manager, NOW)


@given(st.integers(min_value=1, max_value=10_000), st.floats(min_value=0.01, max_value=1))
def test_a_percentile_is_one_of_the_values(count: int, share: float) -> None:
    assert 1 <= rules.nearest_rank(count, share) <= count
