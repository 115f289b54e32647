"""Silence climbs one level at a time, however long nobody looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.cases import access
from simpul.cases.actions import escalation, referral
from simpul.cases.models import Case, Clock, Escalation
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.rules import escalation as rules
from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from tests.cast import NOW, Cast


def tick(at: datetime) -> int:
    """What the worker does: raise whatever is due, once."""
    return sum(
        escalation.escalate_case(by=MACHINE, at=at, clock_id=clock_id) is not None
        for clock_id in clock_queries.overdue(at)
    )


@pytest.fixture
def offered(cast: Cast) -> Case:
    case = cast.case()
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon"
    )
    return Case.objects.get(id=case.id)


def test_nothing_is_raised_before_the_turn_runs_out(offered: Case) -> None:
    assert tick(NOW + timedelta(days=2)) == 0
    assert Escalation.objects.count() == 0


def test_silence_is_shown_to_the_desk_above_and_custody_stays(cast: Cast, offered: Case) -> None:
    assert tick(NOW + timedelta(days=5)) == 1
    raised = Escalation.objects.get()
    assert (raised.level, raised.silent_desk.code, raised.to_desk and raised.to_desk.code) == (
        1,
        "shelter",
        "centre",
    )
    case = Case.objects.get(id=offered.id)
    assert (case.acting.code, case.holder.code, case.level) == ("shelter", "centre", 1)
    assert Line.objects.filter(kind="case.escalate", subject_id=case.id).count() == 1


def test_asked_twice_it_raises_once(offered: Case) -> None:
    at = NOW + timedelta(days=5)
    assert (tick(at), tick(at), tick(at + timedelta(hours=1))) == (1, 0, 0)


def test_after_a_month_without_a_worker_still_only_one_level_is_raised(offered: Case) -> None:
    assert tick(NOW + timedelta(days=40)) == 1
    assert [row.level for row in Escalation.objects.all()] == [1]
    assert tick(NOW + timedelta(days=41)) == 0


def test_the_next_level_comes_a_full_period_later_and_the_ladder_ends_at_the_top(
    cast: Cast, offered: Case
) -> None:
    for day in range(60):
        tick(NOW + timedelta(days=day))
    levels = list(Escalation.objects.order_by("raised_at").values_list("level", "to_desk__code"))
    assert levels == [(1, "centre"), (2, "leaders-mamuju")]
    assert access.visible(cast.manager).filter(id=offered.id).exists()


def test_an_accepted_matter_is_no_longer_silent(cast: Cast, offered: Case) -> None:
    referral.accept_case(by=cast.pokja, at=NOW + timedelta(days=1), case_id=offered.id)
    hop_clock = Clock.objects.get(case=offered, key="hop")
    assert escalation.escalate_case(by=MACHINE, at=NOW + timedelta(days=9), clock_id=hop_clock.id) is None


def test_only_the_system_raises(cast: Cast, offered: Case) -> None:
    clock = Clock.objects.get(case=offered, key="hop")
    for somebody in (cast.admin, cast.manager, cast.administrator):
        with pytest.raises(NotFound):
            escalation.escalate_case(by=somebody, at=NOW + timedelta(days=9), clock_id=clock.id)


START = datetime(2026, 1, 5, tzinfo=UTC)


@settings(max_examples=200)
@given(
    period=st.integers(min_value=1, max_value=10),
    highest=st.integers(min_value=0, max_value=5),
    looks=st.lists(st.integers(min_value=0, max_value=24 * 200), max_size=60),
)
def test_over_months_of_simulated_days_it_climbs_one_level_at_a_time(
    period: int, highest: int, looks: list[int]
) -> None:
    """Whenever the worker looks, and however long it slept: levels come in order, one a look, a full period apart."""
    length = timedelta(days=period)
    raised_at: list[datetime] = []
    for hour in sorted(looks):
        now = START + timedelta(hours=hour)
        due_at = (raised_at[-1] if raised_at else START) + length
        level = rules.level_due(due_at, len(raised_at), now, highest)
        if level is not None:
            assert level == len(raised_at) + 1
            raised_at.append(now)
    assert len(raised_at) <= highest
    gaps = [later - earlier for earlier, later in pairwise(raised_at)]
    assert all(gap > length for gap in gaps)


def test_a_desk_that_serves_everywhere_follows_the_days_of_the_place(cast: Cast) -> None:
    ordinary = cast.case()
    Desk.objects.filter(id=ordinary.holder_id).update(region_code="")
    wide = cast.case()
    assert wide.holder_id == ordinary.holder_id
    assert wide.due_at == ordinary.due_at
