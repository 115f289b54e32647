"""Messages made into a matter, or added to one, by an officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.cases.actions import conversing, following, handling, hearing, intake
from simpul.cases.models import Attachment, Case, Note
from simpul.cases.queries import screening as screening_queries
from simpul.journal.models import Line as JournalLine
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.messages import actions as message_actions
from simpul.messages.models import Correspondent, Incoming, Message
from simpul.people.models import Contact
from tests.cast import DUNGKAIT, Cast
from tests.talk import Line, keep_file

pytestmark = pytest.mark.django_db
ABUSE = "anak tetangga saya diperkosa oleh pak kepala dusun"
NOBODY_HERE = ("pokja", "approver", "custodian", "administrator", "neighbour", "neighbour_manager", "partner")


@pytest.fixture
def line(cast: Cast) -> Line:
    """A modem that answers nothing by itself."""
    return Line(cast, menu=False)


def turn(line: Line, *messages: Incoming, **given: Any) -> intake.Opened:
    """Make a matter of messages; keyword arguments change the call, or with "fields" the form."""
    fields: dict[str, Any] = {
        "kind_code": "complaint",
        "text_given": "Air mati sejak Senin",
        "region_code": DUNGKAIT,
        "reporter": intake.PersonGiven(name="Siti Aminah", owner="own", safe_to_write=True),
    }
    wanted: dict[str, Any] = {
        "by": line.cast.admin,
        "at": line.at,
        "incoming_ids": [message.id for message in messages],
        "fields": fields | given.pop("fields", {}),
    }
    return conversing.turn_incoming(**(wanted | given))


def join(line: Line, case: Case, *messages: Incoming, **given: Any) -> Case:
    """Add messages to a matter."""
    wanted: dict[str, Any] = {
        "by": line.cast.admin,
        "at": line.at,
        "incoming_ids": [message.id for message in messages],
        "case_id": case.id,
    }
    return conversing.join_incoming(**(wanted | given))


# --- a new matter -----------------------------------------------------------------------------------------------------


def test_messages_become_one_matter_whose_clocks_run_from_the_first(line: Line) -> None:
    first, second = line.says("Air mati"), line.says("Sejak Senin")
    keep_file(second, b"OggS", "audio/ogg", kind="voice", transcript="Uwai andiang")
    line.wait(hours=20)
    opened = turn(line, second, first)
    case = opened.case
    assert (case.received_at, case.channel, case.assisted_by) == (first.received_at, "sms", "Ratna Dewi")
    assert Case.objects.get(id=case.id).changed_at == line.at, "whoever asks what changed since is told"
    for message in (first, second):
        message.refresh_from_db()
        assert (message.outcome, message.subject_id, message.settled_by) == ("case", case.id, "Ratna Dewi")
    assert Attachment.objects.get().transcript == "Uwai andiang"
    who = line.caller()
    assert (who.person_id, who.waiting_since_at) == (case.reporter_id, None)
    assert Contact.objects.get().safe_to_write is True
    receipt = Message.objects.get()
    assert (receipt.asked_key, receipt.values["pin"]) == ("menu_receipt", opened.pin)
    row = JournalLine.objects.get(kind="incoming.turn")
    assert (row.subject_id, row.facts["messages"]) == (case.id, 2)


def test_the_same_press_twice_makes_one_matter(line: Line) -> None:
    message = line.says("Air mati")
    fields = {"case_id": uuid4()}
    assert turn(line, message, fields=fields).number == turn(line, message, fields=fields).number
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


def test_the_officer_may_give_the_receipt_themselves(line: Line) -> None:
    turn(line, line.says("Air mati"), send_receipt=False)
    assert not Message.objects.exists()


def test_where_nothing_may_be_written_the_matter_is_made_all_the_same(line: Line) -> None:
    unsafe = intake.PersonGiven(name="Siti", safe_to_call=False, safe_to_write=False)
    turn(line, line.says("Air mati"), fields={"reporter": unsafe})
    assert Case.objects.count() == 1
    assert not Message.objects.exists()


def test_of_a_protected_matter_nothing_is_sent_and_its_messages_close(line: Line) -> None:
    message = line.says("Halo")
    opened = turn(line, message, fields={"text_given": ABUSE})
    message.refresh_from_db()
    assert (opened.case.sensitivity, message.sealed) == ("sealed", True)
    assert not Message.objects.exists()


def test_what_is_in_a_matter_stays_there(line: Line) -> None:
    message = line.says("Air mati")
    turn(line, message)
    with pytest.raises(message_actions.AlreadySettled):
        turn(line, message)
    assert Case.objects.count() == 1


def test_a_message_that_was_laid_aside_can_still_become_a_matter(line: Line) -> None:
    message = line.says("Air mati")
    message_actions.settle_incoming(
        by=line.cast.admin, at=line.at, incoming_id=message.id, outcome="no_action", note="Sudah tahu"
    )
    turn(line, message)
    message.refresh_from_db()
    assert message.outcome == "case"


def test_messages_of_two_people_are_not_mixed(line: Line) -> None:
    mine, theirs = line.says("Air mati"), line.says("Beras", who=line.caller("+6281300000001"))
    with pytest.raises(NotFound):
        turn(line, mine, theirs)
    with pytest.raises(conversing.NoMessages):
        turn(line)
    with pytest.raises(NotFound):
        turn(line, incoming_ids=[uuid4()])


def test_messages_of_one_person_on_two_channels_become_one_matter(line: Line) -> None:
    first = line.says("Air mati")
    turn(line, first)
    person_id = line.caller().person_id
    chat = Line(line.cast, road="whatsapp", menu=False)
    chat.at = line.at
    second = chat.says("Ini fotonya")
    Correspondent.objects.filter(id=second.correspondent_id).update(person_id=person_id)
    third = line.says("Masih mati")
    opened = turn(line, second, third, fields={"reporter": intake.PersonGiven(person_id=person_id)})
    assert opened.case.channel == "whatsapp"
    assert Incoming.objects.filter(subject_id=opened.case.id).count() == 2


def test_what_opening_refuses_leaves_the_messages_waiting(line: Line) -> None:
    message = line.says("Air mati")
    with pytest.raises(intake.PlaceUnknown):
        turn(line, message, by=MACHINE, fields={"region_code": "9999999999"})
    message.refresh_from_db()
    assert (message.state, line.caller().person_id) == ("open", None)


@pytest.mark.parametrize("part", NOBODY_HERE)
def test_who_does_not_listen_makes_nothing_of_messages(part: str, line: Line) -> None:
    message, case = line.says("Air mati"), line.cast.case()
    for by in (getattr(line.cast, part), ANYBODY):
        with pytest.raises(NotFound):
            turn(line, message, by=by)
        with pytest.raises(NotFound):
            join(line, case, message, by=by)
    message.refresh_from_db()
    assert message.state == "open"


# --- more of a matter -------------------------------------------------------------------------------------------------


def test_messages_are_added_as_information_from_the_resident(line: Line) -> None:
    case = line.cast.case()
    message = line.says("Lampunya dekat masjid")
    keep_file(message, b"OggS", "audio/ogg", kind="voice")
    join(line, case, message)
    note = Note.objects.get()
    assert (note.text, note.from_resident, note.by_name) == ("Lampunya dekat masjid", True, "")
    message.refresh_from_db()
    assert (message.outcome, message.subject_id) == ("added", case.id)
    assert Attachment.objects.get().case_id == case.id
    row = JournalLine.objects.get(kind="incoming.join")
    assert (row.subject_id, row.facts["verified"], row.facts["reply"]) == (case.id, False, False)


def test_an_open_question_gets_its_reply(line: Line) -> None:
    case = line.cast.case()
    handling.claim_case(by=line.cast.admin, at=line.at, case_id=case.id)
    handling.ask_question(by=line.cast.admin, at=line.at, case_id=case.id, text="Di mana?")
    join(line, case, line.says("Dekat masjid"))
    case.refresh_from_db()
    assert (case.state, case.questions.get().reply) == ("working", "Dekat masjid")


def test_nothing_is_added_to_what_has_ended(line: Line) -> None:
    case = line.cast.case()
    Case.objects.filter(id=case.id).update(state="closed")
    message = line.says("Lagi")
    with pytest.raises(following.CannotAdd):
        join(line, case, message)
    message.refresh_from_db()
    assert message.state == "open"


def test_protected_words_do_not_go_where_others_read(line: Line) -> None:
    case = line.cast.case()
    message = line.says(ABUSE)
    with pytest.raises(conversing.Protected):
        join(line, case, message, by=line.cast.focal)
    sealed = line.cast.case(text_given=ABUSE)
    join(line, sealed, message, by=line.cast.focal)
    message.refresh_from_db()
    assert (message.sealed, message.subject_id) == (True, sealed.id)


def test_a_matter_that_is_not_seen_takes_nothing(line: Line) -> None:
    sealed = line.cast.case(text_given=ABUSE)
    with pytest.raises(NotFound):
        join(line, sealed, line.says("Halo"))


def test_words_of_a_voice_follow_to_the_matter_and_are_screened(line: Line) -> None:
    case = line.cast.case()
    message = line.says("", kind="voice")
    voice = keep_file(message, b"OggS", "audio/ogg", kind="voice")
    join(line, case, message)
    attachment = Attachment.objects.get()
    message_actions.transcribe_voice(
        by=line.cast.admin,
        at=line.at + timedelta(hours=1),
        file_id=voice.id,
        words=ABUSE,
        language="id",
        screen=screening_queries.found_in,
    )
    hearing.bring_files(by=MACHINE, at=line.at + timedelta(hours=2), incoming_id=message.id)
    attachment.refresh_from_db()
    case.refresh_from_db()
    assert attachment.transcript == ABUSE
    assert case.screening == "flagged"
    assert Attachment.objects.count() == 1
