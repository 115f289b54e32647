"""Mamuju, through acts alone: a telephone call about an aid box, each step by the role whose step it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from simpul.cases import access
from simpul.cases.actions import afterwards, following, handling, intake, publishing, referral
from simpul.cases.models import Answer, Case, Clock
from simpul.cases.queries import inbox
from simpul.cases.queries import publishing as publishing_queries
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.messages.models import Message
from tests.cast import DUNGKAIT, NOW, Cast, assemble

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TOLD = "Kotak bantuan hunian untuk keluarga kami diserahkan ke rumah lain di Dusun Taludu."
EXTRACT = "Satu kotak bantuan hunian diserahkan ke rumah yang salah di Dusun Taludu, Desa Dungkait."


@pytest.fixture
def cast() -> Cast:
    return assemble()


class Story:
    """The matter, and what must be true of it after every step."""

    def __init__(self, cast: Cast, opened: intake.Opened) -> None:
        self.cast, self.id, self.opened = cast, opened.case.id, opened

    @property
    def case(self) -> Case:
        return Case.objects.select_related("holder", "acting").get(id=self.id)

    def stands(self, state: str, holder: str, acting: str = "") -> None:
        case = self.case
        assert (case.state, case.holder.code, case.acting.code) == (state, holder, acting or holder)

    def running(self) -> set[str]:
        return set(Clock.objects.filter(case_id=self.id, stopped_at=None).values_list("key", flat=True))

    def lines(self) -> list[str]:
        kinds = Line.objects.filter(subject_id=self.id).exclude(kind__startswith="message.")
        return list(kinds.order_by("recorded_at", "id").values_list("kind", flat=True))

    def follow(self, at: datetime) -> str:
        seen = following.follow_case(
            by=ANYBODY, at=at, number_or_receipt=self.opened.number, pin=self.opened.pin, address_hash="rumah"
        )
        return seen.proof


def called_in(cast: Cast) -> Story:
    opened = cast.opened(
        by=cast.admin,
        channel="phone",
        kind_code="aid_complaint",
        text_given=TOLD,
        answers={"failure": "target", "programme": "shelter"},
        reporter=intake.PersonGiven(
            name="Nurhayati", phone="0812-4455-6677", owner="family", owner_name="Salma", safe_to_write=False
        ),
        consent="spoken",
        hamlet_id=cast.hamlet.id,
    )
    return Story(cast, opened)


def to_the_partner(cast: Cast, story: Story) -> None:
    """Call centre -> working group -> partner institution, each taking it on."""
    case_id = story.id
    handling.claim_case(by=cast.admin, at=NOW, case_id=case_id)
    referral.refer_case(
        by=cast.admin,
        at=NOW + HOUR,
        case_id=case_id,
        to_desk_id=cast.desk("shelter").id,
        note="Bantuan hunian",
    )
    story.stands("offered", "centre", "shelter")
    referral.accept_case(by=cast.pokja, at=NOW + 2 * HOUR, case_id=case_id)
    story.stands("working", "shelter")
    referral.refer_case(
        by=cast.pokja,
        at=NOW + 3 * HOUR,
        case_id=case_id,
        to_desk_id=cast.desk("partner").id,
        note="Mohon diperiksa di lapangan",
        extract=EXTRACT,
    )
    story.stands("offered", "shelter", "partner")
    referral.accept_case(by=cast.partner, at=NOW + 4 * HOUR, case_id=case_id)
    story.stands("working", "partner")


def answered(cast: Cast, story: Story, at: datetime, words: str) -> None:
    handling.answer_case(by=cast.admin, at=at, case_id=story.id, text=words, decision="upheld")
    story.stands("answered", "centre")


def test_the_call_becomes_a_matter_with_a_receipt_and_clocks(cast: Cast) -> None:
    story = called_in(cast)
    assert story.opened.pin and story.opened.number.startswith("SPL-2611-")
    story.stands("new", "centre")
    assert story.running() == {"screen", "answer"}
    handling.claim_case(by=cast.admin, at=NOW, case_id=story.id)
    assert story.running() == {"answer", "follow_up"}


def test_the_partner_reads_the_extract_and_answers_and_each_desk_hands_back(cast: Cast) -> None:
    story = called_in(cast)
    due = story.case.due_at
    to_the_partner(cast, story)
    assert access.sees_reporter(cast.partner, story.case) is False
    assert inbox.find(cast.partner, "kotak") == []
    for act in (handling.claim_case, handling.verify_case, handling.release_case):
        with pytest.raises(NotFound):
            act(by=cast.partner, at=NOW + 5 * HOUR, case_id=story.id)
    referral.answer_referral(
        by=cast.partner, at=NOW + 5 * HOUR, case_id=story.id, answer="Kotak sudah kami pindahkan."
    )
    story.stands("working", "shelter")
    referral.answer_referral(
        by=cast.pokja, at=NOW + 6 * HOUR, case_id=story.id, answer="Kotak sudah di rumah yang benar."
    )
    story.stands("working", "centre")
    assert story.running() == {"answer", "work"} and story.case.due_at == due
    assert not access.visible(cast.other_pokja).filter(id=story.id).exists()
    assert not access.visible(cast.neighbour_manager).filter(id=story.id).exists()


def test_answered_published_told_rated_and_reopened_once(cast: Cast) -> None:
    story = called_in(cast)
    due = story.case.due_at
    to_the_partner(cast, story)
    referral.answer_referral(
        by=cast.partner, at=NOW + 5 * HOUR, case_id=story.id, answer="Sudah dipindahkan."
    )
    referral.answer_referral(by=cast.pokja, at=NOW + 6 * HOUR, case_id=story.id, answer="Sudah dipindahkan.")
    day = NOW + timedelta(days=1)
    with pytest.raises(NotFound):
        handling.answer_case(by=cast.pokja, at=day, case_id=story.id, text="Sudah beres.", decision="upheld")
    answered(cast, story, day, "Kotak bantuan sudah diserahkan ke rumah yang benar.")
    assert story.running() == set() and story.case.due_at is None

    publication = publishing.prepare_publication(
        by=cast.admin,
        at=day,
        case_id=story.id,
        title="Kotak bantuan di rumah yang salah",
        text="Warga melaporkan satu kotak bantuan hunian diserahkan ke rumah yang salah.",
        answer="Kotak sudah diserahkan ke rumah yang benar.",
    )
    with pytest.raises(NotFound):
        publishing.release_publication(by=cast.admin, at=day, publication_id=publication.id)
    publishing.release_publication(by=cast.approver, at=day, publication_id=publication.id)
    public = publishing_queries.public_one(publication.slug)
    assert public is not None and "Nurhayati" not in f"{public.title}{public.text}{public.answer}"

    slip = Message.objects.get(subject_id=story.id, asked_key="answer")
    assert (slip.road, slip.hamlet_name, slip.region_code) == ("slip", "Dusun Taludu", DUNGKAIT)
    message_actions.print_message(by=cast.village_officer, at=day, message_id=slip.id)
    message_actions.tell_message(by=cast.village_officer, at=day + HOUR, message_id=slip.id, how="in_person")
    slip.refresh_from_db()
    assert (slip.state, slip.told_by) == ("told", "Ilham Rasyid")

    proof = story.follow(day + 2 * HOUR)
    following.rate_case(by=ANYBODY, at=day + 2 * HOUR, proof=proof, rating=2, words="Isinya kurang")
    with pytest.raises(following.CannotRate):
        following.rate_case(by=ANYBODY, at=day + 2 * HOUR, proof=proof, rating=5)
    following.dispute_case(by=ANYBODY, at=day + 3 * HOUR, proof=proof, words="Isi kotaknya kurang dua.")
    story.stands("working", "centre")
    assert (story.case.reopened, story.case.due_at, story.case.decision) == (1, due, "")
    assert story.running() == {"answer", "work"}

    answered(cast, story, day + 4 * HOUR, "Dua barang yang kurang sudah diserahkan.")
    assert Answer.objects.filter(case_id=story.id).count() == 2
    handling.finish_case(by=MACHINE, at=day + timedelta(days=12), case_id=story.id)
    story.stands("closed", "centre")
    with pytest.raises(Refused):
        following.dispute_case(by=ANYBODY, at=day + timedelta(days=40), proof=proof, words="Masih kurang")
    assert story.lines() == [
        "case.open",
        "case.claim",
        "case.refer",
        "case.accept",
        "case.refer",
        "case.accept",
        "referral.answer",
        "referral.answer",
        "case.answer",
        "publication.prepare",
        "publication.release",
        "case.follow",
        "case.rate",
        "case.dispute",
        "case.answer",
        "case.finish",
    ]


def test_the_one_who_is_not_content_may_also_be_taken_to_the_desk_above(cast: Cast) -> None:
    story = called_in(cast)
    answered(cast, story, NOW + HOUR, "Kotak bantuan sudah diserahkan.")
    appeal = afterwards.appeal_case(
        by=cast.admin, at=NOW + 2 * HOUR, case_id=story.id, reason="Isinya kurang"
    )
    assert appeal.case.holder.code == "leaders-mamuju" and appeal.number != story.opened.number
    handling.claim_case(by=cast.manager, at=NOW + 3 * HOUR, case_id=appeal.case.id)
