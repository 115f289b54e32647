"""Working on a matter: take it on, ask, hand in, verify, answer, close; and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.cases.actions import afterwards, handling, referral, steps
from simpul.cases.models import Answer, Case, Clock, Kind, Note, Question
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.case()


def again(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def lines(case: Case, act: str) -> int:
    return Line.objects.filter(subject_id=case.id, kind=act).count()


def test_claiming_shows_who_is_at_it_and_ends_screening(cast: Cast, case: Case) -> None:
    handling.claim_case(by=cast.admin, at=LATER, case_id=case.id)
    taken = again(case)
    assert (taken.state, taken.handler_name, taken.seat_id) == ("working", "Ratna Dewi", cast.admin.seat_id)
    assert taken.first_disposed_at == LATER
    assert not Clock.objects.filter(case=case, key="screen", stopped_at=None).exists()
    assert lines(case, "case.claim") == 1


def test_a_colleague_can_take_over_and_lay_down(cast: Cast, case: Case) -> None:
    handling.claim_case(by=cast.admin, at=LATER, case_id=case.id)
    handling.claim_case(by=cast.second_admin, at=LATER, case_id=case.id)
    assert again(case).handler_name == "Yusuf Tandi"
    handling.release_case(by=cast.second_admin, at=LATER, case_id=case.id)
    assert (again(case).handler_name, again(case).seat_id) == ("", None)


def test_a_supervising_role_does_not_take_another_desks_work(cast: Cast, case: Case) -> None:
    with pytest.raises(NotFound):
        handling.claim_case(by=cast.manager, at=LATER, case_id=case.id)


def test_a_question_pauses_the_promise_and_the_reply_gives_every_day_back(cast: Cast, case: Case) -> None:
    before = again(case).due_at
    handling.ask_question(by=cast.admin, at=LATER, case_id=case.id, text="Di tiang nomor berapa?")
    assert (again(case).state, again(case).due_at) == ("waiting", None)
    replied_at = LATER + timedelta(days=7)
    handling.reply_question(by=cast.admin, at=replied_at, case_id=case.id, reply="Tiang 12", road="phone")
    after = again(case).due_at
    assert before and after and after - before >= timedelta(days=7)
    assert (again(case).state, Question.objects.get(case=case).reply) == ("working", "Tiang 12")
    assert Message.objects.filter(text_key="question", subject_id=case.id).count() == 1


def test_there_is_no_reply_without_a_question(cast: Cast, case: Case) -> None:
    with pytest.raises(steps.MoveRefused):
        handling.reply_question(by=cast.admin, at=LATER, case_id=case.id, reply="Tiang 12")


def test_an_empty_question_is_refused_and_nothing_pauses(cast: Cast, case: Case) -> None:
    with pytest.raises(steps.WordsMissing):
        handling.ask_question(by=cast.admin, at=LATER, case_id=case.id, text=" ")
    assert again(case).due_at is not None


def test_a_note_stays_inside(cast: Cast, case: Case) -> None:
    handling.note_case(by=cast.admin, at=LATER, case_id=case.id, text="Sudah ditelepon dua kali")
    assert Note.objects.get(case=case).by_name == "Ratna Dewi"
    assert not Message.objects.filter(body__contains="ditelepon dua kali").exists()


def test_work_is_verified_by_another_person_and_never_by_oneself(cast: Cast, case: Case) -> None:
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Lampu sudah menyala.")
    assert again(case).state == "handed_in"
    assert Clock.objects.filter(case=case, key="answer", stopped_at=None).exists()
    own = cast.approver
    Case.objects.filter(id=case.id).update(handed_in_by=own.user_id)
    with pytest.raises(handling.OwnWork):
        handling.verify_case(by=own, at=LATER, case_id=case.id)
    Case.objects.filter(id=case.id).update(handed_in_by=cast.admin.user_id)
    handling.verify_case(by=own, at=LATER, case_id=case.id)
    assert (again(case).state, again(case).verified_at) == ("working", LATER)


def test_work_can_be_sent_back_with_what_is_missing(cast: Cast, case: Case) -> None:
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Lampu sudah menyala.")
    handling.send_back_case(by=cast.approver, at=LATER, case_id=case.id, reason="Sebut tanggalnya")
    assert (again(case).state, again(case).handed_in_by, again(case).draft_answer) == (
        "working",
        None,
        "Lampu sudah menyala.",
    )


def test_the_caller_may_not_verify(cast: Cast, case: Case) -> None:
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Lampu sudah menyala.")
    with pytest.raises(NotFound):
        handling.verify_case(by=cast.second_admin, at=LATER, case_id=case.id)


def test_the_answer_reaches_the_person_and_stops_the_promise(cast: Cast, case: Case) -> None:
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Lampu sudah diperbaiki.", decision="upheld"
    )
    answered = again(case)
    assert (answered.state, answered.is_open, answered.due_at, answered.hours_to_answer) == (
        "answered",
        False,
        None,
        0,
    )
    assert Answer.objects.get(case=case).text == "Lampu sudah diperbaiki."
    assert Message.objects.filter(subject_id=case.id, text_key="answer").count() == 1
    assert lines(case, "case.answer") == 1


def test_an_answer_needs_words_and_a_decision(cast: Cast, case: Case) -> None:
    with pytest.raises(steps.WordsMissing):
        handling.answer_case(by=cast.admin, at=LATER, case_id=case.id, text="", decision="upheld")
    with pytest.raises(handling.DecisionMissing):
        handling.answer_case(
            by=cast.admin, at=LATER, case_id=case.id, text="Sudah selesai", decision="whatever"
        )
    assert again(case).state == "new"


def test_a_decision_of_another_kind_answers_nothing(cast: Cast, case: Case) -> None:
    with pytest.raises(handling.DecisionMissing):
        handling.answer_case(
            by=cast.admin, at=LATER, case_id=case.id, text="Kartu aktif", decision="card_active"
        )
    assert again(case).state == "new"


def test_a_kind_that_wants_a_second_person_is_not_answered_alone(cast: Cast, case: Case) -> None:
    Kind.objects.filter(code="complaint").update(needs_verification=True)
    with pytest.raises(handling.NotVerified):
        handling.answer_case(
            by=cast.admin, at=LATER, case_id=case.id, text="Sudah selesai", decision="upheld"
        )


def test_a_working_group_does_not_answer_the_resident_itself(cast: Cast, case: Case) -> None:
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon"
    )
    referral.accept_case(by=cast.pokja, at=NOW, case_id=case.id)
    with pytest.raises(NotFound):
        handling.answer_case(
            by=cast.pokja, at=LATER, case_id=case.id, text="Sudah selesai", decision="upheld"
        )


def test_closing_without_an_answer_takes_a_second_person(cast: Cast, case: Case) -> None:
    with pytest.raises(handling.NotVerified):
        handling.close_case(
            by=cast.admin, at=LATER, case_id=case.id, decision="redirected", reason="Urusan PLN"
        )
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Bukan wewenang kami: urusan PLN.")
    handling.verify_case(by=cast.approver, at=LATER, case_id=case.id)
    handling.close_case(by=cast.admin, at=LATER, case_id=case.id, decision="redirected", reason="Urusan PLN")
    assert (again(case).state, again(case).decision) == ("closed", "redirected")
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()


def test_reopening_gives_no_extra_time(cast: Cast, case: Case) -> None:
    due = again(case).due_at
    handling.answer_case(by=cast.admin, at=LATER, case_id=case.id, text="Sudah diperbaiki", decision="upheld")
    afterwards.reopen_case(by=cast.admin, at=LATER + timedelta(days=2), case_id=case.id, reason="Padam lagi")
    assert (again(case).state, again(case).due_at, again(case).reopened) == ("working", due, 1)


def test_after_the_reaction_time_it_closes_by_itself_and_not_before(cast: Cast, case: Case) -> None:
    handling.answer_case(by=cast.admin, at=LATER, case_id=case.id, text="Sudah diperbaiki", decision="upheld")
    from_system = cast.admin.__class__(role="system", name="Simpul")
    with pytest.raises(NotFound):
        handling.finish_case(by=from_system, at=LATER + timedelta(days=9), case_id=case.id)
    handling.finish_case(by=from_system, at=LATER + timedelta(days=11), case_id=case.id)
    assert again(case).state == "closed"


def test_an_appeal_is_a_new_matter_at_the_desk_above(cast: Cast, case: Case) -> None:
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Tidak dapat dikabulkan", decision="rejected"
    )
    opened = afterwards.appeal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Tidak sesuai kenyataan")
    appeal = again(opened.case)
    assert (appeal.appeal_of, appeal.holder.code, appeal.reporter_id) == (
        case,
        "leaders-mamuju",
        case.reporter_id,
    )
    assert again(case).state == "answered"


def test_an_appeal_without_a_desk_above_says_so(cast: Cast, case: Case) -> None:
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Tidak dapat dikabulkan", decision="rejected"
    )
    centre = cast.desk("centre")
    centre.above = None
    centre.save()
    with pytest.raises(afterwards.NobodyAbove):
        afterwards.appeal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Tidak sesuai kenyataan")


def test_the_person_can_take_a_matter_back(cast: Cast, case: Case) -> None:
    afterwards.withdraw_case(by=cast.admin, at=LATER, case_id=case.id, reason="Sudah beres sendiri")
    assert (again(case).state, again(case).is_open) == ("withdrawn", False)
    with pytest.raises(steps.MoveRefused):
        handling.claim_case(by=cast.admin, at=LATER, case_id=case.id)


@pytest.mark.parametrize("part", ["neighbour", "neighbour_manager", "other_pokja", "administrator"])
def test_strangers_find_nothing_to_work_on(cast: Cast, case: Case, part: str) -> None:
    stranger = getattr(cast, part)
    with pytest.raises(NotFound):
        handling.claim_case(by=stranger, at=LATER, case_id=case.id)
    with pytest.raises(NotFound):
        handling.note_case(by=stranger, at=LATER, case_id=case.id, text="halo halo")
    with pytest.raises(NotFound):
        handling.draft_case(by=stranger, at=LATER, case_id=case.id, text="halo")
    with pytest.raises(NotFound):
        handling.hand_in_case(by=stranger, at=LATER, case_id=case.id, draft="halo halo")
    with pytest.raises(NotFound):
        afterwards.withdraw_case(by=stranger, at=LATER, case_id=case.id, reason="halo")
