"""What becomes of a message before any person sees it: the menu, protection, replies to questions, and no loss."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from simpul.cases.actions import handling, hearing
from simpul.cases.actions._heard import REPLIES_AN_HOUR
from simpul.cases.models import Attachment, Case, Note
from simpul.cases.queries import screening as screening_queries
from simpul.jobs import schedule
from simpul.journal.models import Line as JournalLine
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.messages import access as message_access
from simpul.messages import actions as message_actions
from simpul.messages.models import Correspondent, Incoming, Message
from simpul.messages.rules import menu
from simpul.people.models import Contact
from tests.cast import Cast
from tests.talk import SITI, Line, keep_file

pytestmark = pytest.mark.django_db

ABUSE = "anak tetangga saya diperkosa oleh pak kepala dusun"


@pytest.fixture
def line(cast: Cast) -> Line:
    """An SMS modem at the call centre."""
    return Line(cast)


@pytest.fixture
def chat(cast: Cast) -> Line:
    """A WhatsApp number at the call centre."""
    return Line(cast, road="whatsapp")


def receipt_of(line: Line) -> tuple[str, str]:
    """Number and PIN as the person reads them in the reply."""
    message = Message.objects.filter(asked_key="menu_receipt").latest("queued_at")
    return message.values["number"], message.values["pin"]


# --- a report ---------------------------------------------------------------------------------------------------------


def test_lapor_opens_a_matter_and_answers_with_its_receipt(line: Line) -> None:
    message = line.says("LAPOR jembatan Taludu putus sejak semalam")
    case = Case.objects.get()
    assert (case.text, case.channel, case.region_code) == (
        "jembatan Taludu putus sejak semalam",
        "sms",
        line.gateway.region_code,
    )
    assert (case.assisted_by, case.received_at) == ("", message.received_at)
    assert (message.state, message.outcome, message.subject_id) == ("settled", "case", case.id)
    number, pin = receipt_of(line)
    assert number == case.number
    assert f"PIN {pin}" in line.last_reply()
    assert Message.objects.count() == 1, "the reply is the receipt; there is no second one"
    assert case.reporter is not None
    assert (case.reporter.full_name, line.caller().person_id) == ("Siti Aminah", case.reporter_id)
    contact = Contact.objects.get()
    assert (contact.channel, contact.address, contact.safe_to_write) == ("phone", SITI, None)
    kinds = list(JournalLine.objects.filter(subject_kind="incoming").values_list("kind", flat=True))
    assert "incoming.hear" in kinds


def test_hearing_twice_changes_nothing_twice(line: Line) -> None:
    message = line.says("LAPOR air mati")
    assert line.hear(message) == ""
    line.wait(hours=2)
    assert line.hear(message) == ""
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


def test_the_same_report_sent_again_gets_the_same_receipt(line: Line) -> None:
    line.says("LAPOR air mati")
    first = receipt_of(line)
    again = line.says("LAPOR air mati")
    assert Case.objects.count() == 1
    assert receipt_of(line) == first
    assert again.outcome == "added"


def test_lapor_alone_waits_for_the_report(line: Line) -> None:
    asked = line.says("lapor")
    assert asked.outcome == "menu"
    assert "tulis laporan Anda sekarang" in line.last_reply()
    line.says("Atap sekolah bocor di Taludu")
    assert Case.objects.get().text == "Atap sekolah bocor di Taludu"


def test_an_hour_later_the_next_message_is_no_report(line: Line) -> None:
    line.says("lapor")
    line.wait(minutes=61)
    assert line.says("Apa kabar").state == "open"
    assert not Case.objects.exists()


def test_what_follows_a_report_belongs_to_it_until_selesai(line: Line) -> None:
    line.says("LAPOR jembatan putus")
    more = line.says("Letaknya dekat masjid")
    line.says("Anak sekolah tidak bisa lewat")
    case = Case.objects.get()
    assert [note.text for note in Note.objects.order_by("at")] == [
        "Letaknya dekat masjid",
        "Anak sekolah tidak bisa lewat",
    ]
    assert (more.outcome, more.subject_id) == ("added", case.id)
    assert Message.objects.filter(asked_key="menu_added").count() == 1, "one word of thanks is enough"
    line.says("selesai")
    assert case.number in line.last_reply()
    assert line.says("Halo, ada orang?").state == "open"


def test_photos_follow_when_they_were_fetched(chat: Line) -> None:
    message = chat.says("LAPOR longsor di jalan poros", kind="image")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    keep_file(message, out.getvalue(), "image/jpeg")
    outcome = schedule.bring_files(chat.wait(minutes=1))
    assert outcome.done == 1
    attachment = Attachment.objects.get()
    assert (attachment.kind, attachment.from_resident) == ("photo", True)
    schedule.bring_files(chat.wait(minutes=1))
    assert Attachment.objects.count() == 1
    assert JournalLine.objects.filter(kind="files.bring").count() == 1


def test_a_voice_alone_can_be_the_report(chat: Line) -> None:
    chat.says("LAPOR")
    message = chat.came("", kind="voice")
    keep_file(message, b"OggS-not-really", "audio/ogg", kind="voice")
    chat.hear(message)
    case = Case.objects.get()
    assert "pesan suara" in case.text.casefold()
    assert Attachment.objects.get().kind == "audio"


def test_a_long_report_is_kept_whole(chat: Line) -> None:
    chat.says("LAPOR " + "jalan rusak parah " * 700)
    case = Case.objects.get()
    whole = case.text + " " + " ".join(note.text for note in Note.objects.order_by("id"))
    assert whole.count("jalan rusak parah") == 700


def test_a_report_that_cannot_be_taken_in_goes_to_a_person(cast: Cast) -> None:
    line = Line(cast, kind_code="kis_reactivation")  # needs answers that no short message has
    message = line.says("LAPOR kartu saya mati")
    assert (message.state, Case.objects.count()) == ("open", 0)
    assert line.caller().person_id is None


def test_without_a_menu_nothing_is_answered(cast: Cast) -> None:
    line = Line(cast, menu=False)
    assert line.says("LAPOR air mati").state == "open"
    assert not Message.objects.exists()


# --- protected --------------------------------------------------------------------------------------------------------


def test_a_protected_report_opens_its_sealed_matter_and_answers_nothing(line: Line, cast: Cast) -> None:
    message = line.says(f"LAPOR {ABUSE}")
    case = Case.objects.get()
    assert (case.sensitivity, case.holder.code) == ("sealed", "protected")
    assert case.clocks.filter(key="protect").exists()
    assert message.sealed
    assert not Message.objects.filter(correspondent__isnull=False).exists()
    assert not Message.objects.filter(to_person_id=case.reporter_id).exists()
    for part in ("admin", "manager", "neighbour", "neighbour_manager"):
        by = getattr(cast, part)
        assert not message_access.correspondents(by).exists()
        assert not message_access.incoming(by).exists()
    assert message_access.incoming(cast.focal).get() == message


def test_protected_words_without_a_keyword_wait_for_the_focal_point(line: Line, cast: Cast) -> None:
    message = line.says(ABUSE)
    assert (message.state, message.sealed, bool(message.screen_words)) == ("open", True, True)
    who = Correspondent.objects.get()
    assert (who.waiting_since_at, who.sealed_since_at) == (None, message.received_at)
    assert not Message.objects.exists()
    assert not message_access.correspondents(cast.admin).exists()


def test_what_follows_a_protected_message_is_protected_too(line: Line, cast: Cast) -> None:
    line.says(f"LAPOR {ABUSE}")
    second = line.says("namanya pak Basri dari Taludu")
    assert (second.sealed, second.outcome, second.subject_id) == (True, "added", Case.objects.get().id)
    third = line.says("LAPOR tolong cepat")
    assert third.sealed
    assert not message_access.incoming(cast.admin).exists()
    assert not Message.objects.exists()
    line.wait(hours=30)
    assert not line.says("Jadwal posyandu kapan?").sealed


def test_protected_words_in_an_ordinary_report_are_not_added_to_it(line: Line) -> None:
    line.says("LAPOR lampu jalan padam")
    later = line.says(ABUSE)
    assert (later.state, later.sealed) == ("open", True)
    assert not Note.objects.exists()


def test_stop_is_heard_also_from_a_protected_contact(line: Line) -> None:
    line.says(ABUSE)
    line.says("BERHENTI")
    assert line.caller().stopped_why == "asked"
    assert not Message.objects.exists()


# --- status and selesai -----------------------------------------------------------------------------------------------


def test_status_tells_the_stage_and_the_date_and_no_content(line: Line) -> None:
    line.says("LAPOR jembatan Taludu putus")
    number, pin = receipt_of(line)
    line.says(f"setatus {number.replace('-', '')}{pin}")
    said = line.last_reply()
    assert number in said
    assert "Diterima" in said
    assert "Dijawab paling lambat" in said
    assert "jembatan" not in said


def test_guessing_locks_the_contact(line: Line) -> None:
    case = line.cast.case()
    for pin in ("111222", "222333", "333444", "444555", "555666"):
        line.says(f"STATUS {case.number} {pin}")
    line.wait(hours=2)
    for pin in ("111222", "222333", "333444", "444555", "555666"):
        line.says(f"STATUS SPL-2611-0009{pin[0]}-A {pin}")
    assert "tidak cocok" in line.last_reply()
    line.wait(minutes=2)
    opened = line.cast.opened(at=line.at)
    line.says(f"STATUS {opened.number} {opened.pin}")
    told = Message.objects.filter(asked_key="menu_status", body__contains=opened.number)
    assert not told.exists()
    line.wait(minutes=80)
    line.says(f"STATUS {opened.number} {opened.pin}")
    assert told.exists()


def test_status_of_a_sealed_matter_tells_nothing(line: Line) -> None:
    opened = line.cast.opened(text_given=ABUSE)
    line.says(f"STATUS {opened.receipt16}")
    assert "Mohon hubungi kami" in line.last_reply()


def test_status_alone_asks_for_number_and_pin(line: Line) -> None:
    line.says("status")
    assert "STATUS" in line.last_reply()
    assert "PIN" in line.last_reply()


def test_selesai_confirms_an_answered_matter(line: Line, cast: Cast) -> None:
    line.says("LAPOR air mati")
    number, pin = receipt_of(line)
    line.says(f"SELESAI {number} {pin}")
    assert "belum kami jawab" in line.last_reply()
    case = Case.objects.get()
    handling.claim_case(by=cast.admin, at=line.at, case_id=case.id)
    handling.answer_case(
        by=cast.admin, at=line.at, case_id=case.id, text="Pipa sudah disambung.", decision="upheld"
    )
    line.says(f"SELESAI {number} {pin}")
    case.refresh_from_db()
    assert (case.state, case.rating) == ("closed", None)
    assert "kami tutup sebagai selesai" in line.last_reply()
    assert JournalLine.objects.filter(kind="case.confirm").count() == 1


# --- silence, and machines among themselves ---------------------------------------------------------------------------


def test_berhenti_is_silence_and_mulai_ends_it(line: Line) -> None:
    line.says("berhenti")
    assert not line.replies()
    line.says("Halo")
    line.says("bantuan")
    assert not line.replies()
    line.says("MULAI")
    assert "akan mengirim kabar" in line.last_reply()
    line.says("bantuan")
    assert "LAPOR lalu isi laporan" in line.last_reply()


def test_spam_is_laid_aside_but_danger_is_not(line: Line) -> None:
    who = line.caller()
    message_actions.stop_correspondent(by=MACHINE, at=line.at, correspondent_id=who.id, why="spam")
    assert line.says("Pinjaman murah klik di sini").outcome == "spam"
    danger = line.says(ABUSE)
    assert (danger.state, danger.sealed) == ("open", True)


def test_automatic_mail_is_never_answered(cast: Cast) -> None:
    line = Line(cast, road="email")
    who = line.caller("kantor@contoh.id")
    message = line.says("Saya sedang cuti", who=who, is_automatic=True)
    assert message.state == "open"
    assert not Message.objects.exists()


def test_we_have_it_is_said_once_a_day(line: Line) -> None:
    line.says("Halo, apakah kantor buka?")
    line.says("Saya tunggu")
    assert [one.asked_key for one in line.replies()] == ["menu_received"]
    line.wait(hours=25)
    line.says("Halo lagi")
    assert [one.asked_key for one in line.replies()] == ["menu_received"] * 2


def test_two_machines_fall_silent(line: Line) -> None:
    for _turn in range(12):
        line.says("bantuan")
    assert len(line.replies()) == REPLIES_AN_HOUR


def test_a_message_without_a_sender_waits_for_a_person(line: Line) -> None:
    who = line.caller("?abc", is_nameless=True, number="")
    message = line.says("LAPOR air mati", who=who)
    assert message.state == "open"
    assert not Message.objects.exists()


def test_a_reaction_is_no_work_for_anybody(chat: Line) -> None:
    assert chat.says("👍", kind="reaction").outcome == "no_action"
    as_read = chat.says("👍", kind="reaction", is_automatic=True)
    assert as_read.outcome == "no_action", "WhatsApp's reader marks it as nothing to be answered"


GROUPS = [
    ("telegram", {"group": {"id": "-1001", "title": "Warga Taludu", "type": "supergroup"}}),
    ("whatsapp", {"group_id": "120363@g.us"}),
]


@pytest.mark.parametrize(("road", "data"), GROUPS)
def test_a_group_gets_no_answer_and_gives_no_command(cast: Cast, road: str, data: dict[str, Any]) -> None:
    line = Line(cast, road=road)
    for words in ("LAPOR jembatan putus", "STATUS MMJ-2611-00047-Z 481923", "BERHENTI", "Selamat pagi semua"):
        assert line.says(words, data=data).state == "open", words
    assert not Message.objects.exists() and not Case.objects.exists()
    assert line.caller().stopped_at is None


@pytest.mark.parametrize(("road", "data"), GROUPS)
def test_what_is_said_in_a_group_is_not_added_to_what_was_told_alone(
    cast: Cast, road: str, data: dict[str, Any]
) -> None:
    line = Line(cast, road=road)
    line.says("LAPOR jembatan putus")
    assert line.says("Siapa punya bibit padi?", data=data).state == "open"
    assert not Note.objects.exists()
    assert line.says(ABUSE, data=data).sealed


def test_a_mended_slip_is_no_second_report(chat: Line) -> None:
    first = chat.says("LAPOR jembatn putus")
    edit = chat.says("LAPOR jembatan putus di Taludu", kind="edit", reply_to=first.external_id)
    case = Case.objects.get()
    assert (edit.outcome, edit.subject_id) == ("added", case.id)
    assert "jembatan putus di Taludu" in Note.objects.get().text
    assert Message.objects.filter(asked_key="menu_receipt").count() == 1


def test_a_mended_command_is_a_command(chat: Line) -> None:
    first = chat.says("LAPR")
    assert chat.says("LAPOR air mati", kind="edit", reply_to=first.external_id).outcome == "case"


def test_a_part_that_comes_late_is_screened_before_others_read_it(line: Line) -> None:
    message = line.says("tolong […] ", parts={"1": "tolong"}, parts_expected=2)
    assert (message.state, message.sealed) == ("open", False)
    replies = Message.objects.count()
    Incoming.objects.filter(id=message.id).update(
        text=f"tolong {ABUSE}", state="new", hear_at=message.received_at, hear_tries=1
    )
    line.wait(minutes=1)
    line.hear(message)
    assert (message.state, message.sealed, Message.objects.count()) == ("open", True, replies)
    line.wait(hours=30)
    Incoming.objects.filter(id=message.id).update(state="new", text="tolong", hear_tries=1)
    line.hear(message)
    assert message.sealed, "what was closed is not opened by looking again"


def test_what_an_officer_settled_while_it_was_claimed_stays_so(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = line.came("LAPOR air mati")
    claim = message_actions.claim_incoming

    def claimed(**given: Any) -> Incoming | None:
        found = claim(**given)
        message_actions.settle_incoming(
            by=MACHINE, at=line.at, incoming_id=message.id, outcome="no_action", note="sudah ditangani"
        )
        return found

    monkeypatch.setattr(message_actions, "claim_incoming", claimed)
    assert line.hear(message) == ""
    assert (message.outcome, Case.objects.count()) == ("no_action", 0)


# --- replies to questions ---------------------------------------------------------------------------------------------


def ask(line: Line) -> Case:
    """A question waits for Siti."""
    line.says("LAPOR atap bocor")
    line.says("selesai")
    case = Case.objects.get()
    handling.claim_case(by=line.cast.admin, at=line.at, case_id=case.id)
    handling.ask_question(by=line.cast.admin, at=line.at, case_id=case.id, text="Di dusun mana?")
    return case


def test_the_only_open_question_gets_the_reply(line: Line) -> None:
    case = ask(line)
    message = line.says("Di Dusun Taludu")
    case.refresh_from_db()
    question = case.questions.get()
    assert (case.state, question.reply, question.reply_road) == ("working", "Di Dusun Taludu", "sms")
    assert (message.outcome, message.subject_id) == ("added", case.id)
    assert case.number in line.last_reply()


def test_with_two_questions_a_person_decides(line: Line) -> None:
    case = ask(line)
    other = line.cast.case()
    Case.objects.filter(id=other.id).update(reporter=case.reporter, state="waiting")
    assert line.says("Di Taludu").state == "open"


def test_a_reply_names_its_matter(chat: Line) -> None:
    chat.says("LAPOR atap bocor")
    chat.says("selesai")
    case = Case.objects.get()
    Message.objects.filter(asked_key="menu_receipt").update(external_id="out-1", gateway=chat.gateway)
    message = chat.says("Tambahan: dindingnya retak", reply_to="out-1")
    assert (message.outcome, message.subject_id) == ("added", case.id)
    assert Note.objects.get().text == "Tambahan: dindingnya retak"


def test_after_an_answer_a_person_reads_what_is_said(line: Line) -> None:
    case = ask(line)
    Case.objects.filter(id=case.id).update(state="answered")
    assert line.says("Belum beres, masih bocor").state == "open"


# --- nothing is lost --------------------------------------------------------------------------------------------------


def test_a_fault_leaves_the_message_before_a_person(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_given: Any) -> None:
        raise RuntimeError("broken")

    message = line.came("LAPOR air mati")
    with monkeypatch.context() as patch:
        patch.setattr(menu, "read", broken)
        with pytest.raises(RuntimeError):
            line.hear(message)
        assert line.hear(message) == "", "it rests before it is tried again"
        line.wait(minutes=2)
        assert line.hear(message) == "open"
    assert not Case.objects.exists()
    assert not message.sealed


def test_a_message_that_cannot_even_be_screened_is_closed(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_given: Any) -> None:
        raise RuntimeError("broken")

    message = line.came("halo")
    with monkeypatch.context() as patch:
        patch.setattr(screening_queries, "screen", broken)
        for _turn in range(2):
            with pytest.raises(RuntimeError):
                line.hear(message)
            line.wait(minutes=11)
        assert line.hear(message) == "open"
    assert message.sealed


def test_the_schedule_hears_what_came_and_parts_that_never_came(line: Line) -> None:
    line.came("bantuan")
    half = line.came("jalan ke dusun […]", state="parts", hear_at=line.at + timedelta(minutes=15))
    assert schedule.hear_new(line.at).done == 1
    assert schedule.hear_new(line.wait(minutes=16)).done == 1
    half.refresh_from_db()
    assert half.state == "open"


def test_only_the_machine_hears(line: Line, cast: Cast) -> None:
    message = line.came("halo")
    for by in (cast.admin, cast.focal, cast.neighbour):
        with pytest.raises(NotAllowed):
            hearing.hear_incoming(by=by, at=line.at, incoming_id=message.id)
        with pytest.raises(NotAllowed):
            hearing.bring_files(by=by, at=line.at, incoming_id=message.id)


def test_a_sender_with_a_name_for_a_number_is_read_by_a_person_and_never_written_to(line: Line) -> None:
    shop = line.caller("+6281200000099")
    Correspondent.objects.filter(id=shop.id).update(address="INFO-PAKET", number="")
    shop.refresh_from_db()
    message = line.says("Paket Anda tiba besok", who=shop)
    assert message.state == "open"
    assert line.replies(shop) == []


STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)
"""What no database takes is gone before a message is heard (``transports.wire``, ``lib.text``)."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(STORABLE, st.sampled_from(["LAPOR", "selesai", "status 1", "LAPOR x", ABUSE])),
        max_size=4,
    )
)
def test_no_message_raises_and_none_is_lost(line: Line, texts: list[str]) -> None:
    who = line.caller(f"+62812{line.count:08d}")
    for text in texts:
        message = line.says(text, who=who)
        assert message.state in ("open", "settled")
        assert message.text == text
        if message.outcome == "case":
            assert message.subject_id is not None
            assert Case.objects.filter(id=message.subject_id).exists()
    assert Incoming.objects.filter(correspondent=who, state="new").count() == 0
