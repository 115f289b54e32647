"""Visits at home: their classes, what they find and close, taking back, telling the health worker."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.posyandu.actions import _tasks
from simpul.posyandu.actions import visits as actions
from simpul.posyandu.models import Finding, HomeVisit, Participant, Task
from simpul.posyandu.queries import forms
from simpul.posyandu.rules import visits as rules
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, person
from tests.posyandu.follow_help import at_once, slowly

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child)


def visit(cast: Cast, there: Furnished, **more: Any) -> HomeVisit:
    given = {
        "by": cast.cadre,
        "at": NOW,
        "posyandu_id": there.melati.id,
        "checklist": 4,
        "date": TODAY,
        "values": {},
        **more,
    }
    return actions.record_homevisit(**given)


# --- rules


@pytest.mark.parametrize(
    ("checklist", "values", "wanted"),
    [
        (1, {"danger_headache": True}, ("danger_sign",)),
        (1, {"danger_tbc": True}, ("danger_sign", "tbc")),
        (1, {"iron_taken": False}, ("no_medicine",)),
        (4, {"temperature": 375}, ("danger_sign",)),
        (4, {"temperature": 374, "danger_cough": False}, ()),
        (3, {"danger_vaccine": True}, ("no_access", "danger_sign")),
        (6, {"pressure_checked": False, "pressure_taken": False}, ("no_access", "no_medicine")),
        (8, {"tbc_fever": True, "tbc_taken": False}, ("no_medicine", "danger_sign", "tbc")),
        (5, {}, ()),
    ],
)
def test_classes_come_from_the_answers(
    checklist: int, values: dict[str, Any], wanted: tuple[str, ...]
) -> None:
    assert rules.classes(forms.checklist(checklist), values) == wanted


@pytest.mark.parametrize(
    ("checklist", "values", "wanted"),
    [
        (0, {}, ()),
        (0, {"service_missed": False, "mental_untreated": False}, ("no_access", "no_medicine")),
        (0, {"tbc_cough": False, "fever": False}, ()),  # no questions of this sheet
        (1, {"danger_tbc": False}, ("tbc",)),
        (1, {"danger_tbc": False, "danger_belly": True}, ("tbc",)),
        (4, {"temperature": 368}, ()),
        (4, {"temperature": 375, "danger_cough": False}, ()),
        (6, {"pressure_taken": True, "glucose_taken": False}, ()),
        (6, {"pressure_taken": True, "pressure_checked": True, "fever": None}, ("no_access", "no_medicine")),
        (8, {"tbc_cough": False, "tbc_weight": False}, ("tbc",)),
    ],
)
def test_a_class_is_over_when_it_was_asked_about_and_nothing_of_it_is_there(
    checklist: int, values: dict[str, Any], wanted: tuple[str, ...]
) -> None:
    assert rules.over(forms.checklist(checklist), values) == wanted


@pytest.mark.parametrize(
    ("checklist", "values", "signs", "gone"),
    [
        (4, {"danger_cough": False}, {"danger_cough"}, True),
        (4, {"danger_cough": False}, {"danger_cough", "danger_eating"}, False),
        (4, {"danger_cough": False, "danger_eating": True}, {"danger_cough"}, False),  # another one
        (4, {"danger_cough": False, "temperature": 380}, {"danger_cough"}, False),
        (4, {"temperature": 368}, {"fever"}, False),
        (4, {"fever": False}, {"fever"}, True),
        *((number, {"fever": False}, {"danger_breathing"}, False) for number in (5, 6, 7)),
        *((number, {"fever": False}, {"fever"}, True) for number in (5, 6, 7)),
        (
            5,
            {"fever": False, "danger_cough": False},
            {"danger_cough"},
            False,
        ),  # this sheet does not ask about it
        (4, {"danger_cough": False}, set(), False),  # nobody knows by name what was seen
    ],
)
def test_danger_signs_are_gone_when_each_was_asked_about_by_itself(
    checklist: int, values: dict[str, Any], signs: set[str], gone: bool
) -> None:
    assert rules.signs_gone(forms.checklist(checklist), values, signs) is gone


@pytest.mark.parametrize("checklist", rules.CHECKLISTS)
def test_blank_answers_end_nothing(checklist: int) -> None:
    form = forms.checklist(checklist)
    assert rules.over(form, {}) == () and rules.over(form, dict.fromkeys(("fever", "tbc_cough"))) == ()


def test_findings_of_the_house_and_of_a_thin_mother() -> None:
    house = rules.findings(forms.checklist(0), 0, {"clean_water": False, "latrine": True, "house_fit": False})
    assert house == ("no_clean_water", "unfit_house")
    assert rules.findings(forms.checklist(1), 1, {"muac": 234}) == ("kek",)
    assert rules.findings(forms.checklist(1), 1, {"muac": 235}) == ()


@pytest.mark.parametrize(
    ("form", "months", "checklist"),
    [
        ("A", 300, 1),
        ("B", 5, 3),
        ("B", 6, 4),
        ("B", 71, 4),
        ("C", 72, 5),
        ("C", 215, 5),
        ("D", 216, 6),
        ("D", 719, 6),
        ("D", 720, 7),
        ("", None, 0),
        ("D", None, 6),
        ("", 3, 3),
    ],
)
def test_a_checklist_is_proposed_by_card_and_age(form: str, months: int | None, checklist: int) -> None:
    assert rules.proposed(form, months) == checklist
    assert rules.proposed("A", 300, delivered=True) == 2


# --- acts


def test_a_visit_is_written_down_with_its_class_its_finding_and_a_line(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    row = visit(cast, there, participant_id=card.id, values={"danger_breathing": True}, outcome="Diantar")
    assert (
        row.classes == ["danger_sign"] and row.person_id == there.child.id and row.participant_id == card.id
    )
    assert row.household_id == there.child.household_id and row.form_version == "2023"
    assert Finding.objects.get(code="danger_sign").person_id == there.child.id
    line = Line.objects.get(kind="homevisit.record")
    assert line.subject_id == row.id and "danger" not in str(line.facts)


def test_the_same_visit_again_changes_nothing(cast: Cast, there: Furnished, card: Participant) -> None:
    key = uuid4()
    first = visit(cast, there, participant_id=card.id, visit_id=key)
    again = visit(cast, there, participant_id=card.id, visit_id=key, values={"danger_breathing": True})
    assert first.id == again.id == key and HomeVisit.objects.count() == 1 and not Finding.objects.exists()
    with pytest.raises(NotFound):
        visit(cast, there, participant_id=card.id, visit_id=key, posyandu_id=there.mawar.id)


def _task(cast: Cast, there: Furnished, card: Participant, reason: str = "missed") -> Task:
    return _tasks.open_task(
        cast.cadre,
        NOW - timedelta(days=3),
        posyandu=there.melati,
        reason=reason,
        due_date=TODAY,
        person=there.child,
        participant=card,
    )


def test_a_visit_does_the_tasks_it_answers_and_nobody_there_does_none(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    task = _task(cast, there, card)
    empty = visit(cast, there, participant_id=card.id, met=False, values={"danger_breathing": True})
    task.refresh_from_db()
    assert task.state == "open" and empty.values == {} and empty.classes == []
    met = visit(cast, there, participant_id=card.id)
    task.refresh_from_db()
    assert task.state == "done" and task.visit_id == met.id


def test_the_tasks_that_the_cadre_names_are_done_too(cast: Cast, there: Furnished, card: Participant) -> None:
    mine = _task(cast, there, card)
    mother = enrol(cast, there.melati, there.mother, "D")
    visit(cast, there, checklist=6, participant_id=mother.id, task_ids=[mine.id])
    mine.refresh_from_db()
    assert mine.state == "done"


def test_the_family_sheet_finds_what_the_house_lacks(cast: Cast, there: Furnished) -> None:
    household = there.child.household_id
    row = visit(cast, there, checklist=0, household_id=household, values={"latrine": False})
    assert row.person_id is None and row.household_id == household
    assert Finding.objects.get(code="no_toilet").household_id == household


def test_a_visit_taken_back_takes_its_findings_back_and_opens_its_tasks(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    task = _task(cast, there, card)
    row = visit(cast, there, participant_id=card.id, values={"danger_breathing": True})
    given = {"by": cast.cadre, "at": NOW, "visit_id": row.id}
    with pytest.raises(actions.WhyMissing):
        actions.withdraw_homevisit(why=" ", **given)
    actions.withdraw_homevisit(why="Salah rumah", **given)
    actions.withdraw_homevisit(why="Salah rumah", **given)
    row.refresh_from_db()
    task.refresh_from_db()
    assert row.withdrawn_at is not None and task.state == "open"
    assert Finding.objects.get(code="danger_sign").state == "closed"
    line = Line.objects.get(kind="homevisit.withdraw")
    assert line.inputs["why"] == "Salah rumah"


def test_a_visit_taken_back_opens_again_what_it_had_closed_and_drops_its_next_visit(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    visit(cast, there, participant_id=card.id, date=TODAY - timedelta(days=1), values={"danger_cough": True})
    earlier = visit(cast, there, participant_id=card.id, next_date=TODAY)
    later = NOW + timedelta(hours=1)
    row = visit(
        cast,
        there,
        at=later,
        participant_id=card.id,
        values={"danger_cough": False},
        next_date=TODAY + timedelta(days=7),
    )
    found = Finding.objects.get(code="danger_sign")
    assert (found.state, found.facts["closed_visit"]) == ("closed", str(row.id))
    actions.withdraw_homevisit(by=cast.cadre, at=later, visit_id=row.id, why="Salah rumah")
    found.refresh_from_db()
    assert (found.state, found.closed_why, found.closed_at) == ("open", "", None)
    assert "closed_visit" not in found.facts
    standing = set(Task.objects.filter(state="open").values_list("reason", "due_date"))
    assert standing == {("danger_sign", TODAY), ("next_visit", earlier.next_date)}
    assert Task.objects.get(state="dropped", reason="next_visit").due_date == row.next_date
    assert Line.objects.get(kind="homevisit.withdraw").facts["reopened"] == 1


def test_a_danger_sign_ends_with_an_answer_about_that_sign_alone(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    visit(
        cast,
        there,
        participant_id=card.id,
        date=TODAY - timedelta(days=1),
        values={"danger_breathing": True, "danger_eating": True},
    )
    visit(cast, there, participant_id=card.id, values={"fever": False})
    visit(cast, there, participant_id=card.id, values={"danger_breathing": False})
    visit(cast, there, participant_id=card.id, checklist=5, values={"fever": False})
    found = Finding.objects.get(code="danger_sign")
    assert (found.state, found.times) == ("open", 1)
    visit(cast, there, participant_id=card.id, values={"danger_breathing": False, "danger_eating": False})
    found.refresh_from_db()
    assert (found.state, found.closed_why) == ("closed", "visit")


@pytest.mark.parametrize(
    ("code", "found", "beside", "answer"),
    [
        ("tbc_signs", {"tbc_fever": True}, {"tbc_cough": False}, {"tbc_fever": False}),
        ("not_taking_medicine", {"tbc_taken": False}, {"tbc_medicine": True}, {"tbc_taken": True}),
    ],
)
def test_what_a_visit_found_ends_with_an_answer_to_the_same_question(
    cast: Cast, there: Furnished, card: Participant, code: str, found: Any, beside: Any, answer: Any
) -> None:
    before = {"participant_id": card.id, "checklist": 8}
    visit(cast, there, **before, date=TODAY - timedelta(days=1), values=found)
    visit(cast, there, **before, values=beside)
    assert Finding.objects.get(code=code).state == "open"
    visit(cast, there, **before, values=answer)
    assert Finding.objects.get(code=code).state == "closed"


def test_a_visit_taken_back_leaves_closed_what_was_found_anew(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    visit(cast, there, participant_id=card.id, date=TODAY - timedelta(days=1), values={"danger_cough": True})
    row = visit(cast, there, participant_id=card.id, values={"danger_cough": False})
    visit(cast, there, participant_id=card.id, values={"danger_cough": True})
    actions.withdraw_homevisit(by=cast.cadre, at=NOW, visit_id=row.id, why="Salah rumah")
    assert sorted(Finding.objects.values_list("code", "state")) == [
        ("danger_sign", "closed"),
        ("danger_sign", "open"),
    ]


def test_visits_are_told_to_the_health_worker_once(cast: Cast, there: Furnished, card: Participant) -> None:
    row = visit(cast, there, participant_id=card.id)
    given = {"by": cast.cadre, "at": NOW, "posyandu_id": there.melati.id, "visit_ids": [row.id]}
    with pytest.raises(actions.ReportAhead):
        actions.report_homevisits(reported_date=TODAY + timedelta(days=2), **given)
    assert actions.report_homevisits(reported_date=TODAY, **given) == 1
    assert actions.report_homevisits(reported_date=TODAY, **given) == 0
    row.refresh_from_db()
    assert row.reported_date == TODAY
    assert Line.objects.get(kind="homevisits.report").facts["visits"] == 1


def test_a_visit_needs_somebody_a_checklist_and_a_day_that_came(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    with pytest.raises(actions.NobodyVisited):
        visit(cast, there)
    with pytest.raises(actions.NobodyVisited):
        visit(cast, there, household_id=there.child.household_id)
    with pytest.raises(actions.ChecklistUnknown):
        visit(cast, there, participant_id=card.id, checklist=9)
    with pytest.raises(actions.VisitAhead):
        visit(cast, there, participant_id=card.id, date=TODAY + timedelta(days=2))
    with pytest.raises(NotFound):
        visit(cast, there, participant_id=card.id, cadre_id=uuid4())
    with pytest.raises(NotFound):
        visit(cast, there, participant_id=card.id, posyandu_id=there.far.id)


def test_somebody_without_a_card_can_be_visited(cast: Cast, there: Furnished) -> None:
    row = visit(cast, there, checklist=8, person_id=person("Daeng Situju", date(1970, 1, 1), "L").id)
    assert row.participant_id is None and row.person_id is not None


@pytest.mark.parametrize("part", ["neighbour_cadre", "village_head", "secretary"])
def test_others_neither_write_nor_take_back(
    cast: Cast, there: Furnished, card: Participant, part: str
) -> None:
    row = visit(cast, there, participant_id=card.id)
    by = getattr(cast, part)
    with pytest.raises(NotFound):
        visit(cast, there, participant_id=card.id, by=by)
    with pytest.raises(NotFound):
        actions.withdraw_homevisit(by=by, at=NOW, visit_id=row.id, why="Salah rumah")
    with pytest.raises(NotFound):
        actions.report_homevisits(
            by=by, at=NOW, posyandu_id=there.melati.id, visit_ids=[row.id], reported_date=TODAY
        )


# --- at one moment


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_is_one_visit(
    cast: Cast, there: Furnished, card: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_check", slowly(actions._check))
    key = uuid4()
    tap = lambda: visit(cast, there, participant_id=card.id, visit_id=key, next_date=TODAY)  # noqa: E731
    assert [getattr(one, "id", one) for one in at_once(tap, tap)] == [key, key]
    assert HomeVisit.objects.count() == Task.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_cadres_of_two_posyandu_at_one_family_find_one_thing(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "findings", slowly(rules.findings))
    given = {"checklist": 0, "household_id": there.child.household_id, "values": {"latrine": False}}
    found = at_once(
        lambda: visit(cast, there, **given),
        lambda: visit(cast, there, by=cast.second_cadre, posyandu_id=there.mawar.id, **given),
    )
    assert all(isinstance(one, HomeVisit) for one in found), found
    assert Finding.objects.get(code="no_toilet").times == 2
