"""A resident and their own matter: follow, add, rate, disagree; and what guessing learns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import following, handling, intake, protection
from simpul.cases.models import Case, Clock, FollowGuard, Note, Question
from simpul.cases.queries import following as queries
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves
from simpul.journal.models import Line
from simpul.lib import ids
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from tests.cast import NOW, Cast

HERE = "10.0.0.7"
LATER = NOW + timedelta(hours=2)


def follow(
    opened: intake.Opened, *, pin: str | None = None, at: object = NOW, address: str = HERE
) -> queries.FollowedCase:
    """Follow as the resident who holds the slip would."""
    return following.follow_case(
        by=ANYBODY,
        at=at,  # type: ignore[arg-type]
        number_or_receipt=opened.receipt16 or opened.number,
        pin=opened.pin if pin is None else pin,
        address_hash=address,
    )


def answer(cast: Cast, case: Case) -> None:
    """The call centre answers."""
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    handling.answer_case(
        by=cast.admin, at=NOW, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
    )


# --- following ------------------------------------------------------------------------------------------------------


def test_number_and_pin_show_where_it_stands_and_when_the_answer_comes(cast: Cast) -> None:
    opened = cast.opened()
    seen = follow(opened)
    assert (seen.number, seen.state, seen.desk_name) == (opened.number, "new", "Call Center Mamuju")
    assert seen.state_words == rules.STATE_WORDS["new"] and seen.due_at == opened.case.due_at
    assert seen.may_add and not seen.may_rate and not seen.may_dispute
    assert Line.objects.get(kind="case.follow").subject_id == opened.case.id


@pytest.mark.parametrize("typed", ["{n}", " {n} ", "{lower}", "{bare}", "{spaced}"])
def test_the_number_may_be_typed_in_any_way(cast: Cast, typed: str) -> None:
    opened = cast.opened()
    number = opened.number
    forms = {
        "n": number,
        "lower": number.lower(),
        "bare": number.replace("-", ""),
        "spaced": number.replace("-", " "),
    }
    seen = following.follow_case(
        by=ANYBODY,
        at=NOW,
        number_or_receipt=typed.format(**forms),
        pin=f"{opened.pin[:2]} {opened.pin[2:]}",
        address_hash=HERE,
    )
    assert seen.number == number


def test_an_anonymous_matter_is_followed_by_its_receipt_alone(cast: Cast) -> None:
    opened = cast.opened(mode="anonymous")
    assert follow(opened, pin="").number == opened.number
    with pytest.raises(following.FollowWrong):
        following.follow_case(by=ANYBODY, at=NOW, number_or_receipt=opened.number, pin="", address_hash=HERE)


def test_a_sealed_matter_shows_its_state_and_not_its_story(cast: Cast) -> None:
    opened = cast.opened(kind_code="protected_report", text_given="Saya takut pulang.")
    seen = follow(opened)
    assert seen.sealed and (seen.number, seen.title, seen.text, seen.kind_name) == ("", "", "", "")
    assert seen.state == "new"


def test_a_matter_sealed_since_cannot_be_followed_by_the_old_slip(cast: Cast) -> None:
    opened = cast.opened()
    proof = follow(opened).proof
    protection.seal_case(by=cast.admin, at=NOW, case_id=opened.case.id, reason="Ternyata ada kekerasan.")
    with pytest.raises(following.FollowWrong):
        follow(opened)
    with pytest.raises(NotFound):
        queries.followed(proof, NOW)


def test_the_resident_never_sees_notes_or_officers(cast: Cast) -> None:
    opened = cast.opened()
    handling.claim_case(by=cast.admin, at=NOW, case_id=opened.case.id)
    handling.note_case(by=cast.admin, at=NOW, case_id=opened.case.id, text="Pelapor sulit dihubungi.")
    handling.answer_case(
        by=cast.admin, at=NOW, case_id=opened.case.id, text="Lampu sudah diganti.", decision="upheld"
    )
    seen = follow(opened)
    assert "sulit" not in repr(seen) and "Ratna" not in repr(seen)
    assert [(one.text, one.desk_name) for one in seen.answers] == [
        ("Lampu sudah diganti.", "Call Center Mamuju")
    ]


# --- guessing -------------------------------------------------------------------------------------------------------


def test_unknown_and_wrong_give_the_same_answer(cast: Cast) -> None:
    opened = cast.opened()
    unknown = ids.format_case_number("SPL", 2026, 11, 999)
    sentences = set()
    for number in (opened.number, unknown, "apa saja", ids.new_receipt16(), ""):
        with pytest.raises(following.FollowWrong) as refused:
            following.follow_case(
                by=ANYBODY, at=NOW, number_or_receipt=number, pin="314159", address_hash=HERE
            )
        sentences.add((refused.value.code, str(refused.value)))
    assert len(sentences) == 1


@pytest.mark.parametrize("exists", [True, False])
def test_five_wrong_tries_close_a_number_for_fifteen_minutes_whether_it_exists_or_not(
    cast: Cast, exists: bool
) -> None:
    opened = cast.opened()
    number = opened.number if exists else ids.format_case_number("SPL", 2026, 11, 999)
    for turn in range(5):
        with pytest.raises(following.FollowWrong):
            following.follow_case(
                by=ANYBODY, at=NOW, number_or_receipt=number, pin="314159", address_hash=f"here{turn}"
            )
    with pytest.raises(following.FollowLocked) as refused:
        following.follow_case(
            by=ANYBODY, at=NOW, number_or_receipt=number, pin=opened.pin, address_hash="elsewhere"
        )
    assert "15" in str(refused.value)
    after = NOW + timedelta(minutes=15, seconds=1)
    if exists:
        assert follow(opened, at=after).number == opened.number
    else:
        with pytest.raises(following.FollowWrong):
            following.follow_case(
                by=ANYBODY, at=after, number_or_receipt=number, pin="314159", address_hash="x"
            )


def test_twenty_wrong_tries_close_an_address_for_an_hour_and_nobody_elses(cast: Cast) -> None:
    opened = cast.opened()
    for turn in range(20):
        with pytest.raises(following.FollowWrong):
            following.follow_case(
                by=ANYBODY,
                at=NOW,
                number_or_receipt=ids.format_case_number("SPL", 2026, 10, turn + 1),
                pin="314159",
                address_hash=HERE,
            )
    with pytest.raises(following.FollowLocked):
        follow(opened)
    assert follow(opened, address="10.0.0.8").number == opened.number
    assert follow(opened, at=NOW + timedelta(minutes=61)).number == opened.number


def test_the_right_pin_forgives_earlier_slips(cast: Cast) -> None:
    opened = cast.opened()
    for _turn in range(2):
        for _slip in range(4):
            with pytest.raises(following.FollowWrong):
                follow(opened, pin="314159")
        assert follow(opened).number == opened.number


def test_what_is_remembered_names_nobody(cast: Cast) -> None:
    opened = cast.opened()
    with pytest.raises(following.FollowWrong):
        follow(opened, pin="314159")
    for guard in FollowGuard.objects.all():
        assert len(guard.key) == 64 and HERE not in guard.key and opened.number not in guard.key


@given(st.lists(st.integers(0, 3600), max_size=40))
def test_no_run_of_tries_gets_more_than_five_in_any_quarter_of_an_hour(gaps: list[int]) -> None:
    now, guard, tried = NOW, None, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if rules.is_locked(guard, now):
            continue
        tried.append(now)
        guard = rules.after_wrong(guard, now, tries=rules.TRIES, window=rules.WAIT)
    for start in tried:  # the window may turn over once inside any quarter of an hour
        assert sum(start <= moment < start + rules.WAIT for moment in tried) < 2 * rules.TRIES


# --- adding, rating, disagreeing ------------------------------------------------------------------------------------


def test_added_words_reach_the_desk_as_the_residents_own(cast: Cast) -> None:
    opened = cast.opened()
    seen = following.add_case(
        by=ANYBODY, at=LATER, proof=follow(opened).proof, words="Sekarang dua lampu padam."
    )
    assert [one.text for one in seen.additions] == ["Sekarang dua lampu padam."]
    note = Note.objects.get(case=opened.case)
    assert note.from_resident and note.by_name == ""
    assert Line.objects.get(kind="case.add").inputs["text"] == "Sekarang dua lampu padam."


def test_a_reply_answers_the_open_question_and_the_clock_runs_again(cast: Cast) -> None:
    opened = cast.opened()
    handling.claim_case(by=cast.admin, at=NOW, case_id=opened.case.id)
    handling.ask_question(by=cast.admin, at=NOW, case_id=opened.case.id, text="Tiang nomor berapa?")
    seen = follow(opened)
    assert seen.question is not None and seen.question.text == "Tiang nomor berapa?" and seen.due_at is None
    after = following.add_case(by=ANYBODY, at=NOW + timedelta(days=2), proof=seen.proof, words="12")
    assert after.question is None and after.state == "working"
    assert Question.objects.get().reply == "12"
    assert after.due_at is not None and opened.case.due_at is not None and after.due_at > opened.case.due_at


def test_added_words_of_danger_are_flagged_for_the_focal_point(cast: Cast) -> None:
    opened = cast.opened()
    following.add_case(
        by=ANYBODY,
        at=LATER,
        proof=follow(opened).proof,
        words="Petugas itu meraba paha anak saya, dia dicabuli.",
    )
    case = Case.objects.get(id=opened.case.id)
    assert case.screening == "flagged" and case.screen_words
    assert follow(opened).number == opened.number


def test_an_answer_is_rated_once(cast: Cast) -> None:
    opened = cast.opened()
    proof = follow(opened).proof
    with pytest.raises(following.CannotRate):
        following.rate_case(by=ANYBODY, at=LATER, proof=proof, rating=5)
    answer(cast, opened.case)
    for wrong in (0, 6, True):
        with pytest.raises(following.RatingWrong):
            following.rate_case(by=ANYBODY, at=LATER, proof=proof, rating=wrong)
    seen = following.rate_case(by=ANYBODY, at=LATER, proof=proof, rating=4, words="Cepat.")
    assert (seen.rating, seen.may_rate) == (4, False)
    with pytest.raises(following.CannotRate):
        following.rate_case(by=ANYBODY, at=LATER, proof=proof, rating=1)
    assert Line.objects.get(kind="case.rate").facts["rating"] == 4


def test_not_solved_brings_it_back_on_the_old_clock(cast: Cast) -> None:
    opened = cast.opened()
    answer(cast, opened.case)
    due = Clock.objects.get(case=opened.case, key="answer").due_at
    seen = following.dispute_case(
        by=ANYBODY, at=NOW + timedelta(days=3), proof=follow(opened).proof, words="Lampunya padam lagi."
    )
    assert (seen.state, seen.reopened, seen.due_at) == ("working", 1, due)
    case = Case.objects.get(id=opened.case.id)
    assert case.acting.code == "centre" and case.answered_at is None
    assert Line.objects.get(kind="case.dispute").inputs["words"] == "Lampunya padam lagi."


def test_solved_closes_an_answered_matter_and_makes_up_no_mark(cast: Cast) -> None:
    opened = cast.opened()
    proof = follow(opened).proof
    with pytest.raises(following.CannotConfirm):
        following.confirm_case(by=ANYBODY, at=LATER, proof=proof)
    answer(cast, opened.case)
    seen = following.confirm_case(by=ANYBODY, at=LATER, proof=proof)
    case = Case.objects.get(id=opened.case.id)
    assert (seen.state, case.closed_at, case.rating, case.is_open) == ("closed", LATER, None, False)
    assert seen.may_rate and seen.may_dispute
    assert Line.objects.get(kind="case.confirm").facts["decision"] == "upheld"
    with pytest.raises(following.CannotConfirm):
        following.confirm_case(by=ANYBODY, at=LATER, proof=proof)
    with pytest.raises(NotFound):
        following.confirm_case(by=cast.admin, at=LATER, proof=proof)
    with pytest.raises(NotFound):
        following.confirm_case(by=ANYBODY, at=LATER, proof="00.x")


def test_after_the_reaction_time_it_is_too_late(cast: Cast) -> None:
    opened = cast.opened()
    proof = follow(opened).proof
    with pytest.raises(following.CannotDispute):
        following.dispute_case(by=ANYBODY, at=LATER, proof=proof, words="Belum dijawab.")
    answer(cast, opened.case)
    with pytest.raises(following.CannotDispute):
        following.dispute_case(by=ANYBODY, at=NOW + timedelta(days=11), proof=proof, words="Padam lagi.")


def test_nothing_is_added_to_what_has_ended(cast: Cast) -> None:
    opened = cast.opened()
    Case.objects.filter(id=opened.case.id).update(state="closed", is_open=False, closed_at=NOW)
    with pytest.raises(following.CannotAdd):
        following.add_case(by=ANYBODY, at=LATER, proof=follow(opened).proof, words="Satu lagi.")


def test_a_proof_is_good_for_its_own_matter_only(cast: Cast) -> None:
    mine, other = cast.opened(), cast.opened()
    proof = follow(mine).proof
    forged = f"{other.case.id.hex}.{proof.partition('.')[2]}"
    for wrong in (forged, "", "x", proof[:-1], other.case.id.hex):
        for call in (
            lambda wrong=wrong: following.add_case(by=ANYBODY, at=LATER, proof=wrong, words="Halo."),
            lambda wrong=wrong: following.rate_case(by=ANYBODY, at=LATER, proof=wrong, rating=5),
            lambda wrong=wrong: following.dispute_case(by=ANYBODY, at=LATER, proof=wrong, words="Halo."),
            lambda wrong=wrong: queries.followed(wrong, NOW),
        ):
            with pytest.raises(NotFound):
                call()


def test_officers_do_not_rate_in_the_name_of_residents(cast: Cast) -> None:
    opened = cast.opened()
    answer(cast, opened.case)
    with pytest.raises(NotFound):
        following.rate_case(by=cast.admin, at=LATER, proof=follow(opened).proof, rating=5)


def test_every_state_is_told_in_words() -> None:
    assert set(rules.STATE_WORDS) == set(moves.STATES) == set(rules.NEXT_WORDS)
