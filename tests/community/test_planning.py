"""The village plan: its days, rankings of a meeting, rows of RKPDes and DU-RKP, and what became of the ideas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from simpul.community.actions import _ideas as steps
from simpul.community.actions import idea_path, planning, ranking
from simpul.community.models import Idea, IdeaStep, PlanRow, Ranking
from simpul.community.queries import planning as queries
from simpul.community.rules import planning as rules
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.meetings import actions as meeting_actions
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.community.ideas_help import published

YEAR = 2027


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


def meeting(cast: Cast, *, held: bool = True, kind: str = "village_planning") -> UUID:
    made = meeting_actions.plan_meeting(
        by=cast.secretary,
        at=NOW,
        kind=kind,
        region_code=DUNGKAIT,
        planned_at=NOW,
        plan=meeting_actions.Plan(title="Musrenbangdes 2027", quorum_people=0, quorum_groups=()),
    )
    if held:
        meeting_actions.hold_meeting(
            by=cast.secretary, at=NOW, meeting_id=made.id, held_at=NOW, chair="Sulaeman", minute_taker="Ani"
        )
    return made.id


def given(**more: Any) -> planning.RowGiven:
    said: dict[str, Any] = {
        "activity": "Perkerasan jalan tani Taludu",
        "field": "development",
        "location": "Dusun Taludu",
        "cost": 85_000_000,
        "source": "dd",
        "volume": "350 m",
        **more,
    }
    return planning.RowGiven(**said)


def add(cast: Cast, idea: Idea | None = None, **more: Any) -> PlanRow:
    key = more.pop("row_id", None)
    return planning.add_planrow(
        by=cast.secretary,
        at=NOW,
        region_code=DUNGKAIT,
        year=YEAR,
        given=given(**more),
        idea_id=idea.id if idea else None,
        row_id=key,
    )


def state(idea: Idea) -> str:
    return Idea.objects.get(id=idea.id).state


def test_the_usual_days_are_july_to_september_and_a_village_sets_its_own(cast: Cast) -> None:
    assert queries.calendar(DUNGKAIT, YEAR).starts == date(2026, 7, 1)
    own = replace(rules.usual_calendar(YEAR), ideas_until=date(2026, 8, 10))
    planning.set_calendar(by=cast.secretary, at=NOW, region_code=DUNGKAIT, calendar=own, ceiling=900_000_000)
    assert queries.calendar(DUNGKAIT, YEAR) == own
    with pytest.raises(planning.DaysTurned):
        planning.set_calendar(
            by=cast.secretary, at=NOW, region_code=DUNGKAIT, calendar=replace(own, ends=date(2026, 1, 1))
        )
    with pytest.raises(NotFound):
        planning.set_calendar(by=cast.village_officer, at=NOW, region_code=DUNGKAIT, calendar=own)


def test_a_musrenbang_ranks_ideas_and_their_authors_hear_it(cast: Cast) -> None:
    first, second = published(cast), published(cast, title="Lampu jalan dusun")
    key, said = meeting(cast), uuid7()
    for _press in range(2):
        ranking.record_ranking(
            by=cast.secretary,
            at=NOW,
            meeting_id=key,
            idea_id=first.id,
            level="village",
            outcome="on",
            place=1,
            points=42,
            ranking_id=said,
        )
    with pytest.raises(steps.IdeaReasonMissing):
        ranking.record_ranking(
            by=cast.secretary, at=NOW, meeting_id=key, idea_id=second.id, level="village", outcome="deferred"
        )
    ranking.record_ranking(
        by=cast.secretary,
        at=NOW,
        meeting_id=key,
        idea_id=second.id,
        level="village",
        outcome="deferred",
        reason="dana terbatas",
    )
    assert (state(first), state(second)) == ("ranked", "deferred")
    assert IdeaStep.objects.get(idea=first, kind="ranked").meeting_id == key
    agenda = queries.agenda(cast.secretary, queries.meeting_for(cast.secretary, key))
    assert [one.idea.id for one in agenda] == [first.id, second.id]


def test_what_was_written_by_mistake_is_taken_back(cast: Cast) -> None:
    idea, key = published(cast), meeting(cast)
    made = ranking.record_ranking(
        by=cast.secretary, at=NOW, meeting_id=key, idea_id=idea.id, level="village", outcome="on", place=3
    )
    ranking.withdraw_ranking(by=cast.secretary, at=NOW, ranking_id=made.id)
    ranking.withdraw_ranking(by=cast.secretary, at=NOW, ranking_id=made.id)
    assert (state(idea), Ranking.objects.filter(withdrawn_at=None).count()) == ("open", 0)


def test_only_a_planning_meeting_that_has_begun_ranks(cast: Cast) -> None:
    idea = published(cast)
    for key, refusal in (
        (meeting(cast, held=False), ranking.MeetingNotBegun),
        (meeting(cast, kind="other"), ranking.WrongMeeting),
    ):
        with pytest.raises(refusal):
            ranking.record_ranking(
                by=cast.secretary, at=NOW, meeting_id=key, idea_id=idea.id, level="village", outcome="on"
            )


def test_a_row_takes_its_idea_from_regulation_to_money(cast: Cast) -> None:
    idea, key = published(cast), uuid7()
    row = add(cast, idea, row_id=key)
    assert add(cast, idea, row_id=key) == row
    with pytest.raises(planning.RowStands):
        add(cast, idea)
    planning.change_planrow(by=cast.secretary, at=NOW, row_id=row.id, given=given(cost=90_000_000))
    assert (
        planning.set_planlist(
            by=cast.secretary,
            at=NOW,
            region_code=DUNGKAIT,
            year=YEAR,
            number="Perdes 4/2026",
            regulation_date=date(2026, 9, 28),
        )
        == 1
    )
    assert state(idea) == "planned"
    with pytest.raises(planning.RowFixed):
        planning.change_planrow(by=cast.secretary, at=NOW, row_id=row.id, given=given())
    planning.decide_planrow(by=cast.secretary, at=NOW, row_id=row.id, state="funded")
    assert state(idea) == "funded"


def test_what_the_regency_does_not_pay_is_put_off_with_its_reason_and_carried(cast: Cast) -> None:
    idea = published(cast)
    row = add(cast, idea, list="du", source="regency", cost=400_000_000)
    sent = planning.send_planlist(
        by=cast.secretary,
        at=NOW,
        region_code=DUNGKAIT,
        year=YEAR,
        number="141/22/2026",
        sent_date=date(2026, 9, 30),
    )
    assert (sent, state(idea)) == (1, "proposed")
    with pytest.raises(planning.PlanReasonMissing):
        planning.decide_planrow(by=cast.secretary, at=NOW, row_id=row.id, state="unfunded")
    planning.decide_planrow(
        by=cast.secretary, at=NOW, row_id=row.id, state="unfunded", reason="tidak masuk pagu kabupaten"
    )
    assert state(idea) == "deferred"
    carried = idea_path.carry_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert carried.state == "open"
    planning.decide_planrow(by=cast.secretary, at=NOW, row_id=row.id, state="draft")
    assert PlanRow.objects.get(id=row.id).decided_date is None


def test_a_plan_without_cost_rows_or_number_is_refused(cast: Cast) -> None:
    with pytest.raises(planning.CostMissing):
        add(cast, cost=None)
    with pytest.raises(steps.IdeaChoiceUnknown):
        add(cast, source="bank")
    said: dict[str, Any] = {"by": cast.secretary, "at": NOW, "region_code": DUNGKAIT, "year": YEAR}
    with pytest.raises(planning.NothingToSet):
        planning.set_planlist(**said, number="4/2026", regulation_date=date(2026, 9, 28))
    add(cast)
    with pytest.raises(planning.NumberOfListMissing):
        planning.set_planlist(**said, number=" ", regulation_date=date(2026, 9, 28))
    row = PlanRow.objects.get()
    planning.decide_planrow(by=cast.secretary, at=NOW, row_id=row.id, state="dropped", reason="salah tulis")
    assert queries.plan(cast.secretary, DUNGKAIT, YEAR, "rkp").rows == ()


def test_sums_stand_in_the_columns_of_the_register_and_the_ceiling_warns(cast: Cast) -> None:
    planning.set_calendar(
        by=cast.secretary,
        at=NOW,
        region_code=DUNGKAIT,
        calendar=rules.usual_calendar(YEAR),
        ceiling=80_000_000,
    )
    add(cast, self_cost=15_000_000)
    add(cast, source="province", cost=10_000_000, field="empowerment")
    plan = queries.plan(cast.secretary, DUNGKAIT, YEAR, "rkp")
    assert (plan.sums.central, plan.sums.province, plan.sums.self) == (85_000_000, 10_000_000, 15_000_000)
    assert plan.sums.total == 110_000_000
    assert plan.over == 5_000_000
    assert queries.public_plan(DUNGKAIT, YEAR, "rkp").rows == ()


def test_the_neighbour_and_residents_write_nothing_into_the_plan(cast: Cast) -> None:
    row = add(cast)
    with pytest.raises(NotFound):
        planning.decide_planrow(
            by=cast.neighbour_head, at=NOW, row_id=row.id, state="dropped", reason="ganggu"
        )
    with pytest.raises(NotFound):
        planning.add_planrow(by=ANYBODY, at=NOW, region_code=DUNGKAIT, year=YEAR, given=given())
