"""Corners of acts: clocks across pauses, kinds and merges; a second person's look; texts as people paste them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from simpul.cases.actions import escalation, following, handling, intake, protection, referral, shaping, steps
from simpul.cases.models import Case, Clock, Escalation
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.queries import receipts
from simpul.journal.models import Line
from simpul.lib import text as texts
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import Refused
from simpul.messages.models import Message
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=3)
DAY = timedelta(days=1)
DANGER = "Petugas minta ditemani tidur supaya kami dapat bantuan."


def again(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def running(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at=None).values_list("key", flat=True))


# --- clocks ---------------------------------------------------------------------------------------------------------


def test_taking_a_sealed_matter_on_ends_its_24_hours(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given="Ada kekerasan di rumah tetangga.")
    assert "protect" in running(case)
    handling.claim_case(by=cast.focal, at=LATER, case_id=case.id)
    assert "protect" not in running(case)
    assert list(clock_queries.overdue(NOW + 5 * DAY)) == []


def test_a_matter_that_was_taken_on_is_not_screened_again_under_another_kind(cast: Cast) -> None:
    case = cast.case(kind_code="complaint")
    handling.claim_case(by=cast.admin, at=LATER, case_id=case.id)
    shaping.classify_case(by=cast.admin, at=NOW + 6 * DAY, case_id=case.id, kind_code="information")
    assert "screen" not in running(case)
    assert "answer" in running(case)


def test_reopened_it_runs_on_with_the_clock_of_its_last_kind(cast: Cast) -> None:
    case = cast.case(kind_code="complaint")
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="information")
    due = again(case).due_at
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Jadwalnya hari Senin.", decision="given"
    )
    following_proof = following.follow_case(
        by=ANYBODY, at=LATER, number_or_receipt=case.number, pin=_pin(case), address_hash="rumah"
    ).proof
    following.dispute_case(by=ANYBODY, at=LATER + DAY, proof=following_proof, words="Belum jelas")
    assert again(case).due_at == due
    assert Clock.objects.filter(case=case, key="answer", stopped_at=None).count() == 1


def _pin(case: Case) -> str:

    return receipts.derive(case.id, None, secret=False).pin


def test_a_pause_moves_the_next_level_of_silence_too(cast: Cast) -> None:
    case = cast.case()
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Urusan hunian"
    )
    referral.accept_case(by=cast.pokja, at=NOW, case_id=case.id)
    clock = Clock.objects.get(case=case, key="work", stopped_at=None)
    Clock.objects.filter(id=clock.id).update(raise_at=clock.due_at + 3 * DAY)
    handling.ask_question(by=cast.pokja, at=NOW + DAY, case_id=case.id, text="Rumah yang mana?")
    handling.reply_question(by=cast.pokja, at=NOW + 8 * DAY, case_id=case.id, reply="Rumah biru")
    after = Clock.objects.get(id=clock.id)
    assert after.due_at > clock.due_at
    assert after.raise_at == after.due_at + 3 * DAY


def test_a_merge_keeps_the_promise_of_a_matter_that_waits_for_its_person(cast: Cast) -> None:
    first, second = cast.case(), cast.case(at=NOW + 5 * DAY)
    due = again(first).due_at
    handling.ask_question(by=cast.admin, at=NOW + DAY, case_id=first.id, text="Tiang nomor berapa?")
    shaping.merge_case(by=cast.admin, at=NOW + 6 * DAY, case_id=first.id, into_id=second.id, reason="Sama")
    assert again(second).due_at == due


def test_silence_that_nobody_above_may_hear_of_is_not_looked_at_again(cast: Cast) -> None:
    case = cast.case()
    for code in ("leaders-mamuju",):
        protection.exclude_case(
            by=cast.focal, at=NOW, case_id=case.id, reason="Tentang meja itu", desk_id=cast.desk(code).id
        )
    at = NOW + 30 * DAY
    late = list(clock_queries.overdue(at))
    assert late and [escalation.escalate_case(by=MACHINE, at=at, clock_id=one) for one in late] == [None]
    assert list(clock_queries.overdue(at)) == [] and Escalation.objects.count() == 0


# --- people ---------------------------------------------------------------------------------------------------------


def test_whose_matter_was_merged_gets_the_answer_too(cast: Cast) -> None:
    other = cast.opened(reporter=intake.PersonGiven(name="Rahmawati", phone="0813 9999 1111"))
    main = cast.case()
    shaping.merge_case(by=cast.admin, at=LATER, case_id=other.case.id, into_id=main.id, reason="Lampu sama")
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=main.id, text="Lampu sudah diganti.", decision="upheld"
    )
    told = Message.objects.filter(asked_key="answer").order_by("to_name")
    assert [message.to_name for message in told] == ["Nurhayati", "Rahmawati"]
    seen = following.follow_case(
        by=ANYBODY, at=LATER, number_or_receipt=other.number, pin=other.pin, address_hash="rumah"
    )
    assert [answer.text for answer in seen.answers] == ["Lampu sudah diganti."]


def test_who_handed_work_in_cannot_send_other_words_than_those_verified(cast: Cast) -> None:
    case = cast.case(kind_code="social_problem", answers={"sector": "health"})
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Petugas sudah ditegur.")
    handling.verify_case(by=cast.approver, at=LATER, case_id=case.id)
    with pytest.raises(handling.NotVerified):
        handling.answer_case(
            by=cast.admin, at=LATER, case_id=case.id, text="Tidak terbukti.", decision="not_eligible"
        )
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Petugas sudah ditegur. ", decision="helped"
    )


def test_a_draft_changed_after_the_look_needs_another_look(cast: Cast) -> None:
    case = cast.case(kind_code="social_problem", answers={"sector": "health"})
    handling.hand_in_case(by=cast.admin, at=LATER, case_id=case.id, draft="Petugas sudah ditegur.")
    with pytest.raises(steps.MoveRefused):
        handling.draft_case(by=cast.admin, at=LATER, case_id=case.id, text="Tidak terbukti.")
    handling.verify_case(by=cast.approver, at=LATER, case_id=case.id)
    handling.draft_case(by=cast.admin, at=LATER, case_id=case.id, text="Tidak terbukti.")
    assert again(case).verified_at is None


def test_judged_harmless_its_receipt_still_works(cast: Cast) -> None:
    opened = cast.opened(text_given=DANGER)
    assert opened.pin == "" and opened.receipt16
    protection.screen_case(
        by=cast.focal, at=LATER, case_id=opened.case.id, sensitive=False, reason="Hanya kutipan lagu."
    )
    handling.answer_case(
        by=cast.admin,
        at=LATER,
        case_id=opened.case.id,
        text="Terima kasih, sudah kami dengar.",
        decision="upheld",
    )
    seen = following.follow_case(
        by=ANYBODY, at=LATER, number_or_receipt=opened.receipt16, pin="", address_hash="rumah"
    )
    assert (seen.sealed, seen.number, len(seen.answers)) == (False, opened.number, 1)
    slip = Message.objects.get(subject_id=opened.case.id, asked_key="answer")
    assert "sudah kami dengar" in slip.body


# --- texts ----------------------------------------------------------------------------------------------------------

Act = Callable[[Cast, Case, str], Any]
ACTS: dict[str, Act] = {
    "note": lambda cast, case, said: handling.note_case(by=cast.admin, at=LATER, case_id=case.id, text=said),
    "draft": lambda cast, case, said: handling.draft_case(
        by=cast.admin, at=LATER, case_id=case.id, text=said
    ),
    "ask": lambda cast, case, said: handling.ask_question(
        by=cast.admin, at=LATER, case_id=case.id, text=said
    ),
    "hand_in": lambda cast, case, said: handling.hand_in_case(
        by=cast.admin, at=LATER, case_id=case.id, draft=said
    ),
    "answer": lambda cast, case, said: handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text=said, decision="upheld"
    ),
    "refer": lambda cast, case, said: referral.refer_case(
        by=cast.admin, at=LATER, case_id=case.id, to_desk_id=cast.desk("shelter").id, note=said, extract=said
    ),
    "seal": lambda cast, case, said: protection.seal_case(
        by=cast.admin, at=LATER, case_id=case.id, reason=said
    ),
    "open": lambda cast, _case, said: cast.case(text_given=said, title=said, place=said),
}
ODD = "Nur\u200bhayati \u202egnabrok\u202c \x00 \x07😀👩‍👩‍👧 a\u0301\ufeff rumah"


@pytest.mark.parametrize("name", ACTS)
def test_invisible_and_reordering_signs_are_kept_nowhere(cast: Cast, name: str) -> None:
    case = cast.case()
    ACTS[name](cast, case, ODD)
    kept = [str(value) for row in Case.objects.values() for value in row.values()]
    kept += [str(line.inputs) for line in Line.objects.all()]
    kept += [str(hop) for hop in again(case).hops.values()] + [
        str(note) for note in again(case).notes.values()
    ]
    whole = "".join(kept)
    assert not any(sign in whole for sign in "\u200b\u202e\u202c\x00\x07\ufeff")
    assert "\\u202e" not in whole and "\\u200b" not in whole


@pytest.mark.parametrize("name", ACTS)
def test_what_is_too_long_is_refused_and_never_cut_in_silence(cast: Cast, name: str) -> None:
    case = cast.case()
    with pytest.raises((steps.WordsTooLong, texts.TooLong)):
        ACTS[name](cast, case, "panjang sekali " * 1000)
    assert again(case).state == "new"


@pytest.mark.parametrize("name", [name for name in ACTS if name != "draft"])
def test_a_text_of_invisible_signs_is_empty(cast: Cast, name: str) -> None:
    case = cast.case()
    with pytest.raises(Refused):
        ACTS[name](cast, case, "\u200b\u200c\u2060 \ufeff\x00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "radio"},
        {"mode": "x" * 40},
        {"urgency": "!"},
        {"consent": "ya sekali"},
        {"group_size": -1},
    ],
)
def test_a_choice_that_no_form_offers_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(intake.ChoiceUnknown):
        cast.case(**wrong)
