"""A question that was answered where the thing itself stands is not asked again."""

from __future__ import annotations

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.lib.ids import uuid7
from simpul.people import actions as people_actions
from simpul.people.models import Observation
from simpul.sync.actions import tidying
from simpul.sync.models import Task
from tests.cast import BONTO_JAI, NOW, Cast


def torn(cast: Cast) -> tuple[Task, Observation]:
    """Two officers wrote two values of one field, and neither had seen the other's."""
    by = cast.neighbour_coordinator
    said = people_actions.Said(source="visit", observed_date=NOW.date())
    home = people_actions.open_household(by=by, at=NOW, region_code=BONTO_JAI, name="Daeng Baji")
    for members, unseen in ((3, ()), (5, ("members_said",))):
        people_actions.change_household(
            by=by, at=NOW, household_id=home.id, changes={"members_said": members}, said=said, unseen=unseen
        )
    task = Task.objects.create(
        kind="conflict", subject=f"household:{home.id}", region_code=BONTO_JAI, opened_at=NOW,
        facts={"fields": {"members_said": ["3", "5"]}},
    )  # fmt: skip
    return task, Observation.objects.filter(subject_id=home.id, state="conflict").first()


def test_a_question_closes_when_it_was_answered_where_it_stands(cast: Cast) -> None:
    task, statement = torn(cast)
    assert tidying.tidy_questions(by=MACHINE, at=NOW) == 0
    people_actions.settle_conflict(by=cast.neighbour_coordinator, at=NOW, observation_id=statement.id)
    assert [tidying.tidy_questions(by=MACHINE, at=NOW), tidying.tidy_questions(by=MACHINE, at=NOW)] == [1, 0]
    task.refresh_from_db()
    assert task.state == "settled"
    assert Line.objects.get(kind="questions.tidy").facts == {"kind": "conflict"}


def test_what_only_a_person_can_say_stays_open(cast: Cast) -> None:
    for kind in ("fork", "repair", "clock"):
        Task.objects.create(kind=kind, region_code=BONTO_JAI, opened_at=NOW)
    Task.objects.create(kind="double", facts={"delivery": str(uuid7())}, region_code=BONTO_JAI, opened_at=NOW)
    assert tidying.tidy_questions(by=MACHINE, at=NOW) == 1
    assert set(Task.objects.filter(state="open").values_list("kind", flat=True)) == {
        "fork",
        "repair",
        "clock",
    }


def test_only_the_machine_tidies(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        tidying.tidy_questions(by=cast.neighbour_manager, at=NOW)
