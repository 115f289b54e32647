"""A burnt kitchen in Bantaeng: Baznas refuses, the disaster brigade takes it, and nobody types anything twice. Then it is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.cases.actions import approvals, handling, referral, tiers
from simpul.cases.models import Case, Clock, Hop, Kind, Route
from simpul.cases.queries import case as case_queries
from simpul.cases.queries import records
from simpul.cases.queries import tiers as queries
from simpul.desks import actions as desk_actions
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.messages.models import Message
from tests.cast import NOW, Cast, actor, assemble
from tests.flows.test_bantaeng import Bantaeng, reported, stands

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EXTRACT = "Keluarga empat orang, dapur terbakar. Mohon seng dan alat masak."


@pytest.fixture
def who() -> Bantaeng:
    cast: Cast = assemble()
    people = Bantaeng(cast)
    people.bsb = people._desk(  # type: ignore[attr-defined]
        "bsb-bantaeng", "BSB Bantaeng", "outside_body", cast.desks["secretariat"], outside=True
    )
    Route.objects.filter(kind_id="social_problem", region_code="7303").delete()
    chain = [cast.desks["puskesos"], cast.desks["secretariat"], people.social, people.baznas, people.bsb]  # type: ignore[attr-defined]
    for position, desk in enumerate(chain):
        Route.objects.create(kind_id="social_problem", region_code="7303", position=position, desk=desk)
    return people


def taken_up(who: Bantaeng) -> Case:
    """The village has asked the district unit, which took it on."""
    case = reported(who)
    referral.refer_case(
        by=who.counter,
        at=NOW,
        case_id=case.id,
        to_desk_id=who.cast.desk("secretariat").id,
        note="Dapur habis terbakar",
    )
    referral.accept_case(by=who.manager, at=NOW + DAY, case_id=case.id)
    return case


def test_refused_by_one_and_taken_by_the_next_without_being_retyped(who: Bantaeng) -> None:
    case = taken_up(who)
    referral.refer_case(
        by=who.manager,
        at=NOW + DAY,
        case_id=case.id,
        to_desk_id=who.social.id,
        note="Mohon seng dan alat masak",
        extract=EXTRACT,
        taken=referral.ConsentTaken(mode="tick", given_by="Daeng Rannu"),
    )
    referral.decline_case(by=who.agency, at=NOW + 2 * DAY, case_id=case.id, reason="Kuota habis")
    stands(case, "offered", "secretariat")  # Baznas is outside: the manager keeps the turn
    referral.record_reply(
        by=who.manager, at=NOW + 3 * DAY, case_id=case.id, reply="refused", words="Dana sudah terserap"
    )
    last = Hop.objects.select_related("to_desk").get(case=case, state="offered")
    assert (last.to_desk.code, last.note, last.extract, last.consent, last.tier) == (
        "bsb-bantaeng",
        "Mohon seng dan alat masak",
        EXTRACT,
        "ticked",
        2,
    )
    referral.record_reply(
        by=who.manager, at=NOW + 4 * DAY, case_id=case.id, reply="accepted", words="Survei hari ini"
    )
    referral.record_reply(
        by=who.manager,
        at=NOW + 6 * DAY,
        case_id=case.id,
        reply="answered",
        words="Sudah diserahkan",
        outcome="done",
        given=referral.Given("Seng dan alat masak", 2_350_000, (NOW + 6 * DAY).date(), "Daeng Rannu"),
    )
    stands(case, "working", "secretariat")
    page = case_queries.case_page(who.manager, case.id, NOW + 6 * DAY)
    assert page.outside_days == 4  # since Baznas was asked; our own promise ran on
    assert Clock.objects.filter(case=case, key="answer", stopped_at=None).count() == 1
    assert records.record_of(who.manager, last.to_desk_id, NOW + 7 * DAY).gave_rupiah == 2_350_000
    asked = Line.objects.filter(subject_id=case.id, kind="case.pass_on").order_by("recorded_at")
    assert [line.facts["to"] for line in asked] == ["Baznas Bantaeng", "BSB Bantaeng"]


def test_a_worker_that_slept_for_a_month_asks_one_desk_after_the_other(who: Bantaeng) -> None:
    case = taken_up(who)
    referral.refer_case(
        by=who.manager,
        at=NOW + DAY,
        case_id=case.id,
        to_desk_id=who.social.id,
        note="Mohon",
        extract=EXTRACT,
        taken=referral.ConsentTaken(mode="tick", given_by="Daeng Rannu"),
    )
    at = NOW + 40 * DAY
    for _turn in range(5):
        for clock_id in queries.silent_clocks(at):
            tiers.note_silence(by=MACHINE, at=at, clock_id=clock_id)
    states = list(Hop.objects.filter(case=case).order_by("position").values_list("to_desk__code", "state"))
    assert states[1:] == [("skpd-sosial", "silent"), ("baznas-bantaeng", "offered")]
    for days in (80, 120):
        for clock_id in queries.silent_clocks(NOW + days * DAY):
            tiers.note_silence(by=MACHINE, at=NOW + days * DAY, clock_id=clock_id)
    found = Case.objects.get(id=case.id)
    assert (found.untaken_at, found.state) == (NOW + 120 * DAY, "working")
    assert not Hop.objects.filter(case=case, state="offered").exists()


def test_the_holder_is_told_by_letter_where_a_desk_has_an_address(who: Bantaeng) -> None:
    desk_actions.change_desk(
        by=who.cast.administrator, at=NOW, desk_id=who.cast.desk("secretariat").id, email="upt@contoh.invalid"
    )
    case = taken_up(who)
    referral.refer_case(by=who.manager, at=NOW + DAY, case_id=case.id, to_desk_id=who.social.id, note="Mohon")
    for clock_id in queries.silent_clocks(NOW + 9 * DAY):
        tiers.note_silence(by=MACHINE, at=NOW + 9 * DAY, clock_id=clock_id)
    told = Message.objects.get(subject_id=case.id, asked_key="desk_silent")
    assert "Dinas Sosial Bantaeng belum menjawab" in told.body


def test_a_signed_decision_ends_what_the_chain_brought(who: Bantaeng) -> None:
    Kind.objects.filter(code="social_problem").update(approvals=["check", "sign"])
    case = taken_up(who)
    drafter = who._seat("back_office", who.cast.desks["secretariat"], "konsep", "Fitri")
    signer = who._seat("head", who.cast.desks["secretariat"], "kadis", "H. Amiruddin")
    text = "Bantuan makan dan perawatan diberikan selama enam bulan."
    at = NOW + 2 * DAY
    paper = approvals.propose_decision(by=drafter, at=at, case_id=case.id, text=text, decision="helped")
    approvals.check_decision(by=who.manager, at=at, case_id=case.id, digest=paper.digest)
    with pytest.raises(approvals.SameHand):
        approvals.return_decision(
            by=who.manager, at=at, case_id=case.id, digest=paper.digest, reason="Berubah pikiran"
        )
    approvals.sign_decision(by=signer, at=at, case_id=case.id, digest=paper.digest)
    handling.answer_case(by=who.manager, at=at, case_id=case.id, text=text, decision="helped")
    stands(case, "answered", "secretariat")
    assert actor(who.cast.seats["neighbour_manager"]).name == "Asdar Nur"
