"""The chain of hops: custody is never lost, and every hand-over has an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.cases import access
from simpul.cases.actions import handling, referral, steps
from simpul.cases.models import Case, Clock, Hop
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def offered(cast: Cast) -> Case:
    case = cast.case()
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Urusan hunian"
    )
    return Case.objects.get(id=case.id)


@pytest.fixture
def held(cast: Cast, offered: Case) -> Case:
    referral.accept_case(by=cast.pokja, at=LATER, case_id=offered.id)
    return Case.objects.get(id=offered.id)


def test_until_it_is_accepted_the_sender_keeps_custody(cast: Cast, offered: Case) -> None:
    assert (offered.state, offered.holder.code, offered.acting.code) == ("offered", "centre", "shelter")
    assert access.visible(cast.pokja).filter(id=offered.id).exists()
    assert Line.objects.filter(kind="case.refer", subject_id=offered.id).count() == 1


def test_the_first_hand_over_is_the_first_disposition_and_ends_screening(offered: Case) -> None:
    assert offered.first_disposed_at == NOW
    assert not Clock.objects.filter(case=offered, key="screen", stopped_at=None).exists()
    assert Clock.objects.filter(case=offered, key="hop", stopped_at=None).count() == 1


def test_accepting_moves_custody_and_starts_the_work_clock(cast: Cast, held: Case) -> None:
    assert (held.state, held.holder.code, held.handler_name) == ("working", "shelter", "Andi Saldi")
    assert list(
        Clock.objects.filter(case=held, stopped_at=None)
        .exclude(key__in=("answer", "follow_up"))
        .values_list("key", flat=True)
    ) == ["work"]


def test_declining_needs_a_reason_and_gives_the_turn_back(cast: Cast, offered: Case) -> None:
    with pytest.raises(steps.WordsMissing):
        referral.decline_case(by=cast.pokja, at=LATER, case_id=offered.id, reason=" ")
    referral.decline_case(by=cast.pokja, at=LATER, case_id=offered.id, reason="Ini urusan air bersih")
    case = Case.objects.get(id=offered.id)
    assert (case.state, case.holder.code, case.acting.code) == ("working", "centre", "centre")
    assert Hop.objects.get(case=case).reason == "Ini urusan air bersih"


def test_the_chain_climbs_down_step_by_step_with_the_answer(cast: Cast, held: Case) -> None:
    referral.refer_case(
        by=cast.pokja,
        at=LATER,
        case_id=held.id,
        to_desk_id=cast.desk("partner").id,
        note="Bantuan dari lembaga Anda",
        extract="Satu paket hunian diterima rumah yang salah di Dusun Taludu.",
    )
    referral.accept_case(by=cast.partner, at=LATER, case_id=held.id)
    referral.answer_referral(
        by=cast.partner, at=LATER, case_id=held.id, answer="Paket sudah dipindahkan ke rumah yang benar."
    )
    case = Case.objects.get(id=held.id)
    assert (case.holder.code, case.draft_answer) == (
        "shelter",
        "Paket sudah dipindahkan ke rumah yang benar.",
    )
    referral.answer_referral(by=cast.pokja, at=LATER, case_id=held.id, answer="Selesai oleh mitra.")
    case = Case.objects.get(id=held.id)
    assert (case.holder.code, case.acting.code) == ("centre", "centre")
    assert [hop.state for hop in case.hops.order_by("position")] == ["answered", "answered"]


def test_a_partner_needs_an_extract_and_sees_no_matter_of_others(cast: Cast, held: Case) -> None:
    with pytest.raises(steps.WordsMissing):
        referral.refer_case(
            by=cast.pokja, at=LATER, case_id=held.id, to_desk_id=cast.desk("partner").id, note="Mohon dibantu"
        )
    assert not access.visible(cast.partner).exists()


def test_contact_details_go_to_a_partner_only_with_consent(cast: Cast, held: Case) -> None:
    with pytest.raises(referral.NoConsent):
        referral.refer_case(
            by=cast.pokja,
            at=LATER,
            case_id=held.id,
            to_desk_id=cast.desk("partner").id,
            note="Mohon dihubungi",
            extract="Ringkasan",
            shares_contact=True,
        )


def test_returning_gives_custody_back_to_the_sender(cast: Cast, held: Case) -> None:
    referral.return_case(by=cast.pokja, at=LATER, case_id=held.id, reason="Kurang alamat rumahnya")
    case = Case.objects.get(id=held.id)
    assert (case.holder.code, case.state) == ("centre", "working")


def test_an_offer_can_be_called_back_by_its_sender_only(cast: Cast, offered: Case) -> None:
    with pytest.raises((NotFound, referral.NotYourTurn)):
        referral.recall_case(by=cast.pokja, at=LATER, case_id=offered.id, reason="salah")
    referral.recall_case(by=cast.admin, at=LATER, case_id=offered.id, reason="Salah meja")
    assert Case.objects.get(id=offered.id).acting.code == "centre"


def test_the_sender_cannot_accept_its_own_offer(cast: Cast, offered: Case) -> None:
    with pytest.raises(referral.NotYourTurn):
        referral.accept_case(by=cast.admin, at=LATER, case_id=offered.id)


@pytest.mark.parametrize("code", ["centre", "shelter"])
def test_a_desk_on_the_chain_cannot_be_sent_the_matter_again(cast: Cast, held: Case, code: str) -> None:
    with pytest.raises(referral.DeskUnfit):
        referral.refer_case(
            by=cast.pokja, at=LATER, case_id=held.id, to_desk_id=cast.desk(code).id, note="Silakan"
        )


def test_a_closed_or_unknown_desk_is_refused(cast: Cast, held: Case) -> None:
    closed = cast.desk("water")
    closed.closed_at = NOW
    closed.save()
    with pytest.raises(referral.DeskUnfit):
        referral.refer_case(by=cast.pokja, at=LATER, case_id=held.id, to_desk_id=closed.id, note="Silakan")
    with pytest.raises(NotFound):
        referral.refer_case(by=cast.pokja, at=LATER, case_id=held.id, to_desk_id=held.id, note="Silakan")


def test_an_outside_body_has_two_clocks_and_its_sender_keeps_the_matter(cast: Cast) -> None:
    case = cast.case()
    hop = referral.refer_case(
        by=cast.admin,
        at=NOW,
        case_id=case.id,
        to_desk_id=cast.desk("outside").id,
        note="Mohon zakat",
        extract="Keluarga tanpa penghasilan",
    )
    case = Case.objects.get(id=case.id)
    assert (case.state, case.acting.code) == ("offered", "centre")
    assert Clock.objects.filter(hop=hop, key="theirs", stopped_at=None).count() == 1
    assert Clock.objects.filter(case=case, key="answer", stopped_at=None).count() == 1
    assert Message.objects.filter(to_desk_id=cast.desk("outside").id).count() == 1
    referral.record_reply(
        by=cast.admin,
        at=LATER,
        case_id=case.id,
        reply="accepted",
        words="Diterima, survei pekan depan",
        outside_number="BZ/77",
    )
    referral.record_reply(
        by=cast.admin, at=LATER, case_id=case.id, reply="answered", words="Bantuan Rp750.000 sudah diserahkan"
    )
    case = Case.objects.get(id=case.id)
    assert (case.state, case.draft_answer) == ("working", "Bantuan Rp750.000 sudah diserahkan")
    assert Hop.objects.get(id=hop.id).outside_number == "BZ/77"
    assert not Clock.objects.filter(hop=hop, stopped_at=None).exists()


def test_an_outside_refusal_is_kept_with_its_reason(cast: Cast) -> None:
    case = cast.case()
    referral.refer_case(
        by=cast.admin,
        at=NOW,
        case_id=case.id,
        to_desk_id=cast.desk("outside").id,
        note="Mohon",
        extract="Ringkasan",
    )
    referral.record_reply(by=cast.admin, at=LATER, case_id=case.id, reply="refused", words="Di luar asnaf")
    hop = Hop.objects.get(case=case)
    assert (hop.state, hop.reason) == ("declined", "Di luar asnaf")
    assert Case.objects.get(id=case.id).state == "working"


def test_whoever_is_not_on_the_matter_may_not_touch_it(cast: Cast, offered: Case) -> None:
    for somebody in (cast.other_pokja, cast.neighbour, cast.administrator):
        with pytest.raises(NotFound):
            referral.accept_case(by=somebody, at=LATER, case_id=offered.id)
        with pytest.raises(NotFound):
            referral.decline_case(by=somebody, at=LATER, case_id=offered.id, reason="tidak")


def test_a_matter_that_moved_on_is_not_accepted_twice(cast: Cast, held: Case) -> None:
    with pytest.raises(steps.MoveRefused):
        referral.accept_case(by=cast.pokja, at=LATER, case_id=held.id)


def test_answering_over_an_open_chain_ends_its_hops(cast: Cast, held: Case) -> None:
    referral.return_case(by=cast.pokja, at=LATER, case_id=held.id, reason="Sudah jelas")
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=held.id, text="Sudah diperbaiki hari ini.", decision="upheld"
    )
    assert not Hop.objects.filter(case=held, state__in=("offered", "accepted")).exists()
