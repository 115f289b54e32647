"""Bantaeng, through acts alone: a neighbour reports an abandoned elder at the village counter.

Facilitator, supervisor, manager of the district's service unit (UPT), an agency (SKPD) that refuses, Baznas that accepts; settled.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simpul.cases import access
from simpul.cases.actions import escalation, handling, intake, referral
from simpul.cases.models import Case, Clock, Hop
from simpul.cases.queries import clocks as clock_queries
from simpul.desks.models import Desk, Seat
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound
from simpul.messages import actions as message_actions
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, NOW, Cast, actor, assemble

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLD = "Nenek di sebelah rumah saya tinggal sendiri, sudah lama sakit, dan tidak ada yang memberi makan."


class Bantaeng:
    """Who works on it, by the part they play."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        above = cast.desks["secretariat"]
        self.social = self._desk("skpd-sosial", "Dinas Sosial Bantaeng", "agency", above)
        self.baznas = self._desk("baznas-bantaeng", "Baznas Bantaeng", "outside_body", above, outside=True)
        self.counter = cast.neighbour
        self.coordinator = cast.neighbour_coordinator
        self.manager = cast.neighbour_manager
        self.facilitator = self._seat("facilitator", cast.desks["puskesos"], "fasilitator", "Nurlina Daeng")
        self.supervisor = self._seat("supervisor", above, "supervisor", "Amiruddin")
        self.agency = self._seat("agency", self.social, "dinsos", "Kasma Wati")

    def _desk(self, code: str, name: str, kind: str, above: Desk, *, outside: bool = False) -> Desk:
        return Desk.objects.create(
            code=code,
            name=name,
            kind=kind,
            level="regency",
            region_code="7303",
            above=above,
            outside=outside,
            opened_at=NOW,
        )

    def _seat(self, role: str, desk: Desk, username: str, full_name: str) -> Actor:
        user = type(self.cast.user("admin")).objects.create(
            username=username, full_name=full_name, created_at=NOW
        )
        return actor(Seat.objects.create(user=user, desk=desk, role=role, from_at=NOW))


@pytest.fixture
def bantaeng() -> Bantaeng:
    return Bantaeng(assemble())


def reported(who: Bantaeng) -> Case:
    return intake.open_case(
        by=who.counter,
        at=NOW,
        kind_code="social_problem",
        text_given=TOLD,
        region_code=BONTO_JAI,
        channel="desk",
        answers={"sector": "health", "ppks": "8"},
        mode="proxy",
        relation="tetangga",
        reporter=intake.PersonGiven(name="Saharuddin", phone="0852 1111 2222"),
        about=intake.PersonGiven(name="Daeng Rannu", landmark="rumah panggung di samping masjid"),
        consent="spoken",
        urgency="urgent",
    ).case


def again(case: Case) -> Case:
    return Case.objects.select_related("holder", "acting").get(id=case.id)


def stands(case: Case, state: str, holder: str, acting: str = "") -> None:
    now = again(case)
    assert (now.state, now.holder.code, now.acting.code) == (state, holder, acting or holder)


def running(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at=None).values_list("key", flat=True))


def visited(who: Bantaeng) -> Case:
    """The facilitator has been there, and the coordinator asks the district."""
    case = reported(who)
    handling.claim_case(by=who.facilitator, at=NOW + HOUR, case_id=case.id)
    handling.note_case(
        by=who.facilitator, at=NOW + DAY, case_id=case.id, text="Sudah dikunjungi, perlu dirawat."
    )
    handling.hand_in_case(
        by=who.facilitator, at=NOW + DAY, case_id=case.id, draft="Perlu perawatan dan makanan tiap hari."
    )
    with pytest.raises((NotFound, handling.OwnWork)):
        handling.verify_case(by=who.facilitator, at=NOW + DAY, case_id=case.id)
    handling.verify_case(by=who.supervisor, at=NOW + DAY + HOUR, case_id=case.id)
    referral.refer_case(
        by=who.coordinator,
        at=NOW + DAY + 2 * HOUR,
        case_id=case.id,
        to_desk_id=who.cast.desk("secretariat").id,
        note="Di luar kemampuan desa",
    )
    referral.accept_case(by=who.manager, at=NOW + DAY + 3 * HOUR, case_id=case.id)
    return case


def test_the_counter_takes_it_in_for_a_neighbour(bantaeng: Bantaeng) -> None:
    case = reported(bantaeng)
    stands(case, "new", "puskesos")
    assert running(case) == {"screen", "follow_up", "answer"}
    assert (case.mode, case.relation, case.assisted_by) == ("proxy", "tetangga", "Baso Daeng")
    assert access.visible(bantaeng.facilitator).filter(id=case.id).exists()
    assert not access.visible(bantaeng.agency).filter(id=case.id).exists()
    assert not access.visible(bantaeng.cast.admin).filter(id=case.id).exists()


def test_the_facilitators_work_is_verified_by_the_supervisor_and_climbs_to_the_district(
    bantaeng: Bantaeng,
) -> None:
    case = visited(bantaeng)
    stands(case, "working", "secretariat")
    assert running(case) == {"answer", "work"}
    with pytest.raises(NotFound):
        referral.accept_case(by=bantaeng.agency, at=NOW + 2 * DAY, case_id=case.id)


def test_the_agency_refuses_baznas_accepts_and_the_matter_is_settled(bantaeng: Bantaeng) -> None:
    case, at = visited(bantaeng), NOW + 2 * DAY
    due = again(case).due_at
    referral.refer_case(
        by=bantaeng.manager, at=at, case_id=case.id, to_desk_id=bantaeng.social.id, note="Mohon rehabilitasi"
    )
    stands(case, "offered", "secretariat", "skpd-sosial")
    referral.decline_case(
        by=bantaeng.agency, at=at + HOUR, case_id=case.id, reason="Anggaran rehabilitasi tahun ini habis"
    )
    stands(case, "working", "secretariat")

    referral.refer_case(
        by=bantaeng.manager,
        at=at + 2 * HOUR,
        case_id=case.id,
        to_desk_id=bantaeng.baznas.id,
        note="Mohon santunan",
        extract="Seorang lansia sakit dan tinggal sendiri di Desa Bonto Jai.",
        taken=referral.ConsentTaken(mode="tick", given_by="Daeng Rannu"),
        outside_number="BZ-17",
    )
    stands(case, "offered", "secretariat")
    assert running(case) == {"answer", "hop", "theirs"}
    with pytest.raises(referral.ReplyUnknown):
        referral.record_reply(
            by=bantaeng.manager, at=at + DAY, case_id=case.id, reply="mungkin", words="Belum jelas"
        )
    referral.record_reply(
        by=bantaeng.manager,
        at=at + DAY,
        case_id=case.id,
        reply="accepted",
        words="Diterima petugas Baznas",
        their_due_date=date(2026, 12, 4),
    )
    assert running(case) == {"answer", "theirs"}
    referral.record_reply(
        by=bantaeng.manager, at=at + 2 * DAY, case_id=case.id, reply="answered", words="Santunan diserahkan."
    )
    stands(case, "working", "secretariat")
    assert list(Hop.objects.filter(case=case).order_by("position").values_list("to_desk__code", "state")) == [
        ("secretariat", "accepted"),
        ("skpd-sosial", "declined"),
        ("baznas-bantaeng", "answered"),
    ]
    assert Hop.objects.get(case=case, to_desk=bantaeng.baznas).tier == 1
    assert again(case).due_at == due

    words = "Baznas sudah menyerahkan santunan, dan perawat desa berkunjung tiap pekan."
    handling.answer_case(by=bantaeng.manager, at=at + 3 * DAY, case_id=case.id, text=words, decision="helped")
    stands(case, "answered", "secretariat")
    slip = Message.objects.get(subject_id=case.id, asked_key="answer")
    assert slip.to_name == "Saharuddin"
    message_actions.tell_message(by=bantaeng.counter, at=at + 3 * DAY, message_id=slip.id, how="in_person")
    handling.close_case(
        by=bantaeng.manager,
        at=at + 4 * DAY,
        case_id=case.id,
        decision="helped",
        reason="Tetangga membenarkan",
    )
    stands(case, "closed", "secretariat")
    assert running(case) == set()
    kinds = Line.objects.filter(subject_id=case.id).exclude(kind__startswith="message.")
    assert list(kinds.order_by("recorded_at", "id").values_list("kind", flat=True)) == [
        "case.open",
        "case.claim",
        "case.note",
        "case.hand_in",
        "case.verify",
        "case.refer",
        "case.accept",
        "case.refer",
        "case.decline",
        "case.refer",
        "reply.record",
        "reply.record",
        "case.answer",
        "case.close",
    ]


def test_when_an_outside_body_is_silent_it_is_our_desk_that_is_late(bantaeng: Bantaeng) -> None:
    case = visited(bantaeng)
    referral.refer_case(
        by=bantaeng.manager,
        at=NOW + 2 * DAY,
        case_id=case.id,
        to_desk_id=bantaeng.baznas.id,
        note="Mohon santunan",
        extract="Seorang lansia sakit dan tinggal sendiri di Desa Bonto Jai.",
        taken=referral.ConsentTaken(mode="tick", given_by="Daeng Rannu"),
    )
    clock = Clock.objects.get(case=case, key="hop", stopped_at=None)
    assert clock.desk is not None and clock.desk.code == "secretariat"
    Desk.objects.filter(code="secretariat").update(above=bantaeng.social)
    at = NOW + 30 * DAY
    raised = [escalation.escalate_case(by=MACHINE, at=at, clock_id=one) for one in clock_queries.overdue(at)]
    assert [one.silent_desk.code for one in raised if one] == ["secretariat"]
