"""Small words after some days: a reminder of a question, and how the answer was; each once, and never for nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from simpul.cases.actions import handling, reminding
from simpul.cases.models import Case, Question
from simpul.cases.queries import reminding as queries
from simpul.jobs import schedule
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages.models import Message
from simpul.people import actions as people_actions
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    case = cast.case()
    if case.reporter_id is not None:
        people_actions.add_contact(
            by=MACHINE, at=NOW, person_id=case.reporter_id, channel="email", as_typed="siti@contoh.id", safe_to_write=True
        )  # fmt: skip
    return case


@pytest.fixture
def question(cast: Cast, case: Case) -> Question:
    return handling.ask_question(by=cast.admin, at=NOW, case_id=case.id, text="Di tiang nomor berapa?")


def told(case: Case, key: str) -> int:
    return Message.objects.filter(subject_id=case.id, asked_key=key).count()


def test_a_question_is_reminded_of_once_after_three_days(case: Case, question: Question) -> None:
    assert queries.questions_to_remind(NOW + 2 * DAY) == []
    at = NOW + 3 * DAY
    assert queries.questions_to_remind(at) == [question.id]
    schedule.remind_quiet(at)
    assert told(case, "reminder") == 1
    assert "Di tiang nomor berapa?" in Message.objects.get(asked_key="reminder").body
    assert Line.objects.filter(subject_id=case.id, kind="question.remind").count() == 1
    assert queries.questions_to_remind(at + DAY) == []
    assert not reminding.remind_question(by=MACHINE, at=at + DAY, question_id=question.id)
    assert told(case, "reminder") == 1


def test_who_has_replied_is_not_reminded(cast: Cast, case: Case, question: Question) -> None:
    handling.reply_question(by=cast.admin, at=NOW + DAY, case_id=case.id, reply="Tiang 12", road="phone")
    assert queries.questions_to_remind(NOW + 9 * DAY) == []
    assert not reminding.remind_question(by=MACHINE, at=NOW + 9 * DAY, question_id=question.id)
    assert told(case, "reminder") == 0


@pytest.fixture
def answered(cast: Cast, case: Case) -> Case:
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    handling.answer_case(
        by=cast.admin, at=NOW, case_id=case.id, text="Tiang sudah ditegakkan kembali.", decision="upheld"
    )
    return Case.objects.get(id=case.id)


def test_an_answered_person_is_asked_once_how_it_was(answered: Case) -> None:
    assert queries.ratings_to_ask(NOW + 2 * DAY) == []
    at = NOW + 3 * DAY
    assert queries.ratings_to_ask(at) == [answered.id]
    schedule.remind_quiet(at)
    assert told(answered, "rating") == 1
    assert Line.objects.filter(subject_id=answered.id, kind="rating.ask").count() == 1
    assert queries.ratings_to_ask(at) == []
    assert not reminding.ask_rating(by=MACHINE, at=at, case_id=answered.id)
    assert Case.objects.get(id=answered.id).changed_at == answered.changed_at


def test_who_has_rated_or_can_no_longer_react_is_not_asked(answered: Case) -> None:
    assert answered.react_until_at is not None
    assert queries.ratings_to_ask(answered.react_until_at) == []
    Case.objects.filter(id=answered.id).update(rating=4)
    assert queries.ratings_to_ask(NOW + 3 * DAY) == []
    assert not reminding.ask_rating(by=MACHINE, at=NOW + 3 * DAY, case_id=answered.id)


def test_of_a_protected_matter_nobody_asks_for_marks(answered: Case) -> None:
    Case.objects.filter(id=answered.id).update(sensitivity="sensitive")
    assert queries.ratings_to_ask(NOW + 3 * DAY) == []
    assert not reminding.ask_rating(by=MACHINE, at=NOW + 3 * DAY, case_id=answered.id)


def test_only_the_machine_reminds(cast: Cast, case: Case, question: Question) -> None:
    with pytest.raises(NotAllowed):
        reminding.remind_question(by=cast.admin, at=NOW, question_id=question.id)
    with pytest.raises(NotAllowed):
        reminding.ask_rating(by=cast.admin, at=NOW, case_id=case.id)
    with pytest.raises(NotFound):
        reminding.remind_question(by=MACHINE, at=NOW, question_id=uuid4())
