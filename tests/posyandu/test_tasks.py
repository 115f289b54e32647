"""Tasks of cadres: the round of the year, given, done, dropped, put back; one of a kind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.jobs import posyandu
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.posyandu.actions import _tasks, tasks
from simpul.posyandu.models import Cadre, HomeVisit, Task
from simpul.posyandu.queries import tasks as queries
from simpul.posyandu.rules import tasks as rules
from tests.cast import NOW, Cast
from tests.posyandu.day_help import TODAY, Furnished, enrol
from tests.posyandu.follow_help import entry, household, note, visit

pytestmark = pytest.mark.django_db


def task(cast: Cast, there: Furnished, **more: Any) -> Task:
    given = {"reason": "missed", "due_date": TODAY + timedelta(days=7), "person": there.child, **more}
    return _tasks.open_task(cast.cadre, NOW, posyandu=there.melati, **given)


def cadre(there: Any, name: str = "Hasniah Lino") -> Cadre:
    return Cadre.objects.create(posyandu=there, name=name, since_date=TODAY, made_at=NOW)


def test_a_family_is_due_after_a_year_and_one_at_risk_after_a_month():
    assert rules.routine_due(None, TODAY, at_risk=False)
    assert not rules.routine_due(TODAY - timedelta(days=364), TODAY, at_risk=False)
    assert rules.routine_due(TODAY - timedelta(days=365), TODAY, at_risk=False)
    assert rules.routine_due(TODAY - timedelta(days=30), TODAY, at_risk=True)


def test_the_round_of_the_year_is_spread_over_twelve_months():
    assert (
        rules.quota(120, 0) == 10
        and rules.quota(120, 4) == 6
        and rules.quota(5, 0) == 1
        and rules.quota(5, 2) == 0
    )


def test_one_open_task_for_a_person_and_reason_the_earlier_day_stands(cast: Cast, there: Furnished):
    first = task(cast, there)
    again = task(cast, there, due_date=TODAY + timedelta(days=2), cadre=cadre(there.melati))
    assert again.id == first.id and Task.objects.count() == 1
    first.refresh_from_db()
    assert first.due_date == TODAY + timedelta(days=2) and first.cadre is not None
    assert first.household == there.child.household


def test_a_task_is_given_to_a_cadre_of_the_same_posyandu(cast: Cast, there: Furnished):
    one = task(cast, there)
    who = cadre(there.melati)
    tasks.assign_task(by=cast.posyandu_chair, at=NOW, task_id=one.id, cadre_id=who.id, due_date=TODAY)
    one.refresh_from_db()
    assert (one.cadre, one.due_date) == (who, TODAY)
    assert Line.objects.get(kind="task.assign").facts == {"due": TODAY.isoformat()}
    with pytest.raises(tasks.CadreElsewhere):
        tasks.assign_task(by=cast.cadre, at=NOW, task_id=one.id, cadre_id=cadre(there.mawar).id)
    with pytest.raises(tasks.TaskDayPast):
        tasks.assign_task(
            by=cast.cadre, at=NOW, task_id=one.id, cadre_id=None, due_date=TODAY - timedelta(days=1)
        )


def test_a_task_is_done_or_dropped_with_a_reason_and_put_back(cast: Cast, there: Furnished):
    one = task(cast, there)
    with pytest.raises(tasks.TaskReasonMissing):
        tasks.finish_task(by=cast.cadre, at=NOW, task_id=one.id, note="")
    tasks.finish_task(by=cast.cadre, at=NOW, task_id=one.id, note="Bertemu di pasar")
    tasks.finish_task(by=cast.cadre, at=NOW, task_id=one.id, note="Bertemu di pasar")
    assert Line.objects.filter(kind="task.finish").count() == 1
    with pytest.raises(tasks.TaskEnded):
        tasks.drop_task(by=cast.cadre, at=NOW, task_id=one.id, note="Pindah")
    with pytest.raises(tasks.TaskEnded):
        tasks.assign_task(by=cast.cadre, at=NOW, task_id=one.id, cadre_id=None)
    tasks.resume_task(by=cast.cadre, at=NOW, task_id=one.id)
    tasks.drop_task(by=cast.cadre, at=NOW, task_id=one.id, note="Pindah ke Mamuju")
    one.refresh_from_db()
    assert (one.state, one.note) == ("dropped", "Pindah ke Mamuju")
    task(cast, there)
    with pytest.raises(tasks.TaskStands):
        tasks.resume_task(by=cast.cadre, at=NOW, task_id=one.id)


def test_somebody_is_put_on_the_list_by_hand_once(cast: Cast, there: Furnished):
    given = {
        "by": cast.cadre,
        "at": NOW,
        "posyandu_id": there.melati.id,
        "due_date": TODAY,
        "person_id": there.child.id,
    }
    first = tasks.add_task(reason="next_visit", **given)
    assert tasks.add_task(reason="next_visit", **given).id == first.id
    with pytest.raises(tasks.TaskReasonUnknown):
        tasks.add_task(reason="stunted", **given)
    with pytest.raises(tasks.TaskDayPast):
        tasks.add_task(reason="routine", **{**given, "due_date": TODAY - timedelta(days=1)})
    with pytest.raises(NotFound):
        tasks.add_task(reason="routine", **{**given, "person_id": None})


def test_routine_visits_are_proposed_at_risk_first_and_never_twice(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card), ["stunted"])
    for number in range(11):
        household(cast, f"Rumah {number}")
    assert tasks.propose_tasks(by=cast.posyandu_chair, at=NOW, posyandu_id=there.melati.id) == 2
    made = Task.objects.filter(reason="routine")
    assert there.child.household_id in made.values_list("household_id", flat=True)
    assert Line.objects.get(kind="tasks.propose").facts == {"tasks": 2}
    assert tasks.propose_tasks(by=MACHINE, at=NOW, posyandu_id=there.melati.id) == 0


def test_a_family_that_was_visited_is_not_due(cast: Cast, there: Furnished):
    visit(there.melati, person=there.mother, on=TODAY - timedelta(days=20))
    assert tasks.propose_tasks(by=MACHINE, at=NOW, posyandu_id=there.melati.id) == 0
    HomeVisit.objects.update(met=False)
    assert tasks.propose_tasks(by=MACHINE, at=NOW, posyandu_id=there.melati.id) == 1


def test_the_list_is_grouped_by_household_overdue_first(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card), ["stunted", "not_gaining"])
    home = household(cast, "Daeng Sija")
    _tasks.open_task(
        cast.cadre,
        NOW,
        posyandu=there.melati,
        reason="routine",
        due_date=TODAY - timedelta(days=3),
        household=home,
    )
    groups = queries.to_visit(cast.cadre, posyandu_id=there.melati.id, today=TODAY).groups
    assert [(one.name, one.overdue, len(one.tasks)) for one in groups] == [
        ("Daeng Sija", True, 1),
        ("Sitti Hawang", False, 2),
    ]
    assert groups[1].due_date == TODAY + timedelta(days=7)


def test_the_list_costs_the_same_whatever_its_length(
    cast: Cast, there: Furnished, django_assert_num_queries: Any
):
    for number in range(3):
        home = household(cast, f"Rumah {number}")
        _tasks.open_task(
            cast.cadre, NOW, posyandu=there.melati, reason="routine", due_date=TODAY, household=home
        )
    with django_assert_num_queries(2):
        queries.to_visit(cast.cadre, posyandu_id=there.melati.id, today=TODAY)
    for number in range(9):
        home = household(cast, f"Rumah lain {number}")
        _tasks.open_task(
            cast.cadre, NOW, posyandu=there.melati, reason="routine", due_date=TODAY, household=home
        )
    with django_assert_num_queries(2):
        queries.to_visit(cast.cadre, posyandu_id=there.melati.id, today=TODAY)


@pytest.mark.parametrize("part", ["neighbour_cadre", "village_head", "manager", "secretary"])
def test_who_does_not_work_with_people_here_sees_and_does_nothing(cast: Cast, there: Furnished, part: str):
    by = getattr(cast, part)
    one = task(cast, there)
    assert queries.to_visit(by, posyandu_id=there.melati.id, today=TODAY).groups == []
    with pytest.raises(NotFound):
        tasks.finish_task(by=by, at=NOW, task_id=one.id, note="Selesai")
    with pytest.raises(NotFound):
        tasks.drop_task(by=by, at=NOW, task_id=one.id, note="Selesai")
    with pytest.raises(NotFound):
        tasks.assign_task(by=by, at=NOW, task_id=one.id, cadre_id=None)
    with pytest.raises(NotFound):
        tasks.resume_task(by=by, at=NOW, task_id=one.id)
    with pytest.raises(NotFound):
        tasks.propose_tasks(by=by, at=NOW, posyandu_id=there.melati.id)
    with pytest.raises(NotFound):
        tasks.add_task(
            by=by,
            at=NOW,
            posyandu_id=there.melati.id,
            reason="routine",
            due_date=TODAY,
            person_id=there.child.id,
        )


def test_the_household_page_joins_people_findings_house_and_plan(cast: Cast, there: Furnished):
    home = household(cast, "Daeng Sija", water="bdt/10")
    there.child.household = home
    there.child.save()
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card), ["not_gaining"])
    sheet = queries.household(cast.cadre, home.id, today=TODAY, language="id")
    assert [one.full_name for one in sheet.members] == ["Nur Aisyah"]
    assert [one.code for one in sheet.findings] == ["not_gaining"]
    assert [one.reason for one in sheet.tasks] == ["not_gaining"]
    assert ("Sumber air minum", "Sungai, danau, atau waduk") in sheet.house
    with pytest.raises(NotFound):
        queries.household(cast.neighbour_cadre, home.id, today=TODAY, language="id")


def test_the_worker_looks_after_every_posyandu(cast: Cast, there: Furnished):
    household(cast, "Daeng Sija", toilet="bdt/4")
    outcome = posyandu.follow_up(NOW)
    assert (outcome.done, outcome.failed) == (3, 0)
    assert set(Task.objects.values_list("reason", flat=True)) == {"no_toilet", "routine"}
    posyandu.follow_up(NOW + timedelta(days=1))
    assert Task.objects.filter(reason="no_toilet").count() == 1
