"""Drafted, checked, initialled, signed: by different people, and only what was signed is the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.cases import access
from simpul.cases.actions import approvals, handling, referral
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.models import Approval, ApprovalStep, Case, Kind
from simpul.cases.queries import approvals as queries
from simpul.cases.rules import approvals as rules
from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound
from tests.cast import BONTO_JAI, NOW, Cast, actor

LATER = NOW + timedelta(hours=2)
TEXT = "Permohonan dikabulkan: bantuan makan enam bulan."
DIGITS = 64


class Office:
    """A district office: a back office that drafts, a manager, a head of division, the head of the office above."""

    def __init__(self, cast: Cast, *steps: str) -> None:
        Kind.objects.filter(code="complaint").update(approvals=list(steps or ("check", "initial", "sign")))
        self.cast = cast
        cast.desks["secretariat"].above = cast.desks["leaders-mamuju"]
        cast.desks["secretariat"].save()
        self.back = self._seat("back_office", "secretariat", "bo", "Nur Hidayah")
        self.kabid = self._seat("head", "secretariat", "kabid", "Rahmat Kabid")
        self.kadis = self._seat("head", "leaders-mamuju", "kadis", "Hj. Kadis", title="Kepala Dinas")
        self.manager = cast.neighbour_manager
        self.case = self._case()

    def _seat(self, role: str, desk: str, username: str, name: str, title: str = "") -> Actor:
        user = type(self.cast.user("admin")).objects.create(username=username, full_name=name, created_at=NOW)
        return actor(
            Seat.objects.create(user=user, desk=self.cast.desks[desk], role=role, title=title, from_at=NOW)
        )

    def _case(self) -> Case:
        case = self.cast.case(by=self.cast.neighbour, channel="desk", region_code=BONTO_JAI)
        referral.refer_case(
            by=self.cast.neighbour,
            at=NOW,
            case_id=case.id,
            to_desk_id=self.cast.desk("secretariat").id,
            note="Mohon diputuskan",
        )
        referral.accept_case(by=self.back, at=NOW, case_id=case.id)
        return case

    def draft(self, text: str = TEXT, decision: str = "upheld") -> Approval:
        return approvals.propose_decision(
            by=self.back, at=LATER, case_id=self.case.id, text=text, decision=decision
        )

    def all_steps(self) -> Approval:
        paper = self.draft()
        digest = paper.digest
        approvals.check_decision(by=self.manager, at=LATER, case_id=self.case.id, digest=digest)
        approvals.initial_decision(by=self.kabid, at=LATER, case_id=self.case.id, digest=digest)
        return approvals.sign_decision(by=self.kadis, at=LATER, case_id=self.case.id, digest=digest)


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office(cast)


def test_the_steps_have_one_order_and_end_with_the_signature() -> None:
    assert rules.in_order(["sign", "check"]) == ["check", "sign"]
    assert rules.next_step(["check", "sign"], {"propose"}) == "check"
    assert rules.next_step(["check", "sign"], {"propose", "check", "sign"}) is None
    assert rules.faults_of_approvals(["check"]) == ["sign"]
    assert rules.faults_of_approvals(["sign", "sign"]) == ["twice"]
    assert rules.faults_of_approvals("sign") == ["steps"]
    assert rules.faults_of_approvals([]) == []


def test_other_words_another_decision_or_another_matter_are_another_paper() -> None:
    first = rules.digest("A-1", "upheld", "Ya")
    assert len(first) == DIGITS
    assert first == rules.digest("A-1", "upheld", " Ya ")
    assert len({first, rules.digest("A-1", "rejected", "Ya"), rules.digest("A-2", "upheld", "Ya")}) == 3


def test_four_people_and_then_the_answer_word_for_word(office: Office) -> None:
    paper = office.all_steps()
    assert paper.state == "signed"
    signed = list(
        ApprovalStep.objects.filter(approval=paper)
        .order_by("at", "id")
        .values_list("step", "by_name", "position")
    )
    assert [row[:2] for row in signed] == [
        ("propose", "Nur Hidayah"),
        ("check", "Asdar Nur"),
        ("initial", "Rahmat Kabid"),
        ("sign", "Hj. Kadis"),
    ]
    assert signed[3][2] == "Kepala Dinas, Sekretariat Daerah Mamuju"
    with pytest.raises(approvals.NotSigned):
        handling.answer_case(
            by=office.manager, at=LATER, case_id=office.case.id, text=TEXT + " Lebih.", decision="upheld"
        )
    with pytest.raises(approvals.NotSigned):
        handling.answer_case(
            by=office.manager, at=LATER, case_id=office.case.id, text=TEXT, decision="rejected"
        )
    handling.answer_case(by=office.manager, at=LATER, case_id=office.case.id, text=TEXT, decision="upheld")
    assert Case.objects.get(id=office.case.id).state == "answered"
    kinds = set(Line.objects.filter(subject_id=office.case.id).values_list("kind", flat=True))
    assert {"decision.propose", "decision.check", "decision.initial", "decision.sign"} <= kinds


def test_nothing_is_answered_or_closed_before_it_is_signed(office: Office) -> None:
    paper = office.draft()
    with pytest.raises(approvals.NotSigned):
        handling.answer_case(
            by=office.manager, at=LATER, case_id=office.case.id, text=TEXT, decision="upheld"
        )
    Case.objects.filter(id=office.case.id).update(verified_at=LATER)
    with pytest.raises(approvals.NotSigned):
        handling.close_case(
            by=office.manager,
            at=LATER,
            case_id=office.case.id,
            decision="upheld",
            reason="Selesai begitu saja",
        )
    assert Approval.objects.get(id=paper.id).state == "open"


def test_nobody_stands_twice_under_one_paper(office: Office) -> None:
    paper = office.draft()
    approvals.check_decision(by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest)
    approvals.initial_decision(by=office.kabid, at=LATER, case_id=office.case.id, digest=paper.digest)
    with pytest.raises(approvals.SameHand):
        approvals.sign_decision(by=office.kabid, at=LATER, case_id=office.case.id, digest=paper.digest)
    seats = Seat.objects.filter(user_id=office.back.user_id)
    seats.update(role="head")
    drafter = actor(seats.get())
    with pytest.raises(approvals.SameHand):
        approvals.sign_decision(by=drafter, at=LATER, case_id=office.case.id, digest=paper.digest)


def test_the_steps_come_in_their_order(office: Office) -> None:
    paper = office.draft()
    with pytest.raises(approvals.NotItsTurn):
        approvals.sign_decision(by=office.kadis, at=LATER, case_id=office.case.id, digest=paper.digest)
    with pytest.raises(approvals.NotItsTurn):
        approvals.initial_decision(by=office.kabid, at=LATER, case_id=office.case.id, digest=paper.digest)
    with pytest.raises(approvals.NotItsTurn):
        approvals.return_decision(
            by=office.kadis, at=LATER, case_id=office.case.id, digest=paper.digest, reason="Kurang jelas"
        )


def test_who_may_not_does_not(office: Office) -> None:
    paper = office.draft()
    for somebody in (office.cast.admin, office.cast.neighbour, office.cast.administrator, office.back):
        with pytest.raises((NotFound, NotAllowed)):
            approvals.sign_decision(by=somebody, at=LATER, case_id=office.case.id, digest=paper.digest)
        with pytest.raises((NotFound, NotAllowed)):
            approvals.check_decision(by=somebody, at=LATER, case_id=office.case.id, digest=paper.digest)
    with pytest.raises((NotFound, NotAllowed)):
        approvals.propose_decision(
            by=office.kadis, at=LATER, case_id=office.case.id, text=TEXT, decision="upheld"
        )


def test_changing_the_text_voids_the_initials(office: Office) -> None:
    paper = office.draft()
    approvals.check_decision(by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest)
    second = office.draft("Permohonan dikabulkan sebagian: bantuan makan tiga bulan.")
    assert (second.version, Approval.objects.get(id=paper.id).state) == (2, "void")
    with pytest.raises(approvals.PaperChanged):
        approvals.check_decision(by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest)
    with pytest.raises(approvals.NotItsTurn):
        approvals.initial_decision(by=office.kabid, at=LATER, case_id=office.case.id, digest=second.digest)
    signed = office.all_steps()
    assert signed.version == 3
    office.draft("Lain lagi sesudah ditandatangani.")
    assert queries.signed(office.case) is None


def test_words_that_were_changed_behind_the_papers_back_are_noticed(office: Office) -> None:
    paper = office.draft()
    Approval.objects.filter(id=paper.id).update(text="Permohonan ditolak.")
    with pytest.raises(approvals.PaperChanged):
        approvals.check_decision(by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest)


def test_a_paper_is_returned_with_a_reason_and_drafted_again(office: Office) -> None:
    paper = office.draft()
    with pytest.raises(approvals.steps.WordsMissing):
        approvals.return_decision(
            by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest, reason=" "
        )
    approvals.return_decision(
        by=office.manager,
        at=LATER,
        case_id=office.case.id,
        digest=paper.digest,
        reason="Dasar hukum belum ada",
    )
    shown = queries.papers_of(office.back, office.case)
    assert (shown[0].approval.state, shown[0].steps[-1].words) == ("returned", "Dasar hukum belum ada")
    assert office.draft().version == 2


def test_those_who_sign_see_the_matter_and_find_it_waiting(office: Office) -> None:
    assert not access.visible(office.kadis).filter(id=office.case.id).exists()
    paper = office.draft()
    assert access.visible(office.kadis).filter(id=office.case.id).exists()
    assert [one.approval.id for one in queries.waiting(office.manager)] == [paper.id]
    assert queries.waiting(office.kadis) == []
    assert queries.waiting(office.back) == []
    approvals.check_decision(by=office.manager, at=LATER, case_id=office.case.id, digest=paper.digest)
    assert [one.waits_for for one in queries.waiting(office.kabid)] == ["initial"]


def test_a_kind_without_approvals_has_no_papers(cast: Cast) -> None:
    office = Office(cast)
    Kind.objects.filter(code="complaint").update(approvals=[])
    with pytest.raises(approvals.NoApprovalWanted):
        office.draft()


def test_a_draft_names_a_decision_of_the_kind(office: Office) -> None:
    with pytest.raises(approvals.ProposalUnfit):
        office.draft(decision="reactivated")
    with pytest.raises(approvals.steps.WordsMissing):
        office.draft(text="")


def test_which_steps_a_kind_wants_is_data(cast: Cast) -> None:
    with pytest.raises(kind_actions.KindApprovalsWrong):
        kind_actions.change_kind(
            by=cast.administrator, at=NOW, code="complaint", changes={"approvals": ["check"]}
        )
    kind_actions.change_kind(
        by=cast.administrator, at=NOW, code="complaint", changes={"approvals": ["sign", "check"]}
    )
    assert Kind.objects.get(code="complaint").approvals == ["check", "sign"]
