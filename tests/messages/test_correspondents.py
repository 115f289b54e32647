"""Who somebody on a channel is: linked, unlinked, silenced, given away, and who may not do so; transcripts of voices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line as JournalLine
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import access, actions
from simpul.messages.models import Call, Correspondent, Incoming, IncomingFile
from simpul.people import actions as people_actions
from simpul.people.models import Contact, Person
from tests.cast import DUNGKAIT, Cast, assemble
from tests.talk import SITI, Line, keep_file

pytestmark = pytest.mark.django_db

NOBODY_HERE = (
    "pokja",
    "other_pokja",
    "approver",
    "custodian",
    "administrator",
    "neighbour",
    "neighbour_manager",
)


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast, menu=False)


@pytest.fixture
def who(line: Line) -> Correspondent:
    """Siti, who wrote once."""
    return line.says("Halo").correspondent


@pytest.fixture
def siti(cast: Cast) -> Person:
    """Siti in the register of the village."""
    return people_actions.register_person(
        by=MACHINE, at=cast.now, full_name="Siti Aminah", region_code=DUNGKAIT
    ).person


def lines(kind: str, who: Correspondent) -> list[dict[str, Any]]:
    """What the journal says about a contact."""
    return [row.facts for row in JournalLine.objects.filter(kind=kind, subject_id=who.id)]


# --- linking ----------------------------------------------------------------------------------------------------------


def test_linking_adds_a_contact_with_its_safety(cast: Cast, who: Correspondent, siti: Person) -> None:
    linked = actions.link_correspondent(
        by=cast.admin,
        at=cast.now,
        correspondent_id=who.id,
        person_id=siti.id,
        owner="family",
        owner_name="Suaminya",
        safe_to_call=False,
        safe_to_write=True,
        warning="Hanya pagi",
    )
    contact = Contact.objects.get()
    assert (linked.person_id, linked.contact_id, linked.linked_by) == (siti.id, contact.id, "Ratna Dewi")
    assert (contact.channel, contact.address, contact.owner, contact.safe_to_call) == (
        "phone",
        SITI,
        "family",
        False,
    )
    assert lines("correspondent.link", who) == [{"channel": "sms", "person": str(siti.id)}]
    again = actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=siti.id)
    assert again.contact_id == contact.id, "the same link again only renews what is known"


def test_a_hidden_number_is_linked_by_its_opaque_id(cast: Cast, siti: Person) -> None:
    chat = Line(cast, road="whatsapp", menu=False)
    who = chat.says("Halo", who=chat.caller("ID.13491208655302741918", number="")).correspondent
    actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=siti.id)
    assert (Contact.objects.get().channel, Contact.objects.get().address) == (
        "whatsapp",
        "ID.13491208655302741918",
    )


def test_a_link_is_undone_openly_before_another_is_made(cast: Cast, who: Correspondent, siti: Person) -> None:
    other = people_actions.register_person(
        by=MACHINE, at=cast.now, full_name="Ali", region_code=DUNGKAIT
    ).person
    actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=siti.id)
    with pytest.raises(actions.AlreadyLinked):
        actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=other.id)
    undone = actions.unlink_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id)
    assert (undone.person_id, undone.contact_id, undone.linked_by) == (None, None, "")
    assert not Contact.objects.get().is_current, "nothing is sent there for this person any more"
    assert lines("correspondent.unlink", who) == [{"channel": "sms", "person": str(siti.id)}]
    with pytest.raises(NotFound):
        actions.unlink_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id)
    actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=other.id)


def test_a_message_without_a_sender_is_linked_to_nobody(cast: Cast, line: Line, siti: Person) -> None:
    who = line.says("Halo", who=line.caller("?abc", is_nameless=True, number="")).correspondent
    with pytest.raises(actions.NobodyToLink):
        actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=siti.id)


def test_a_person_of_another_regency_is_no_person_here(cast: Cast, who: Correspondent) -> None:
    stranger = people_actions.register_person(
        by=MACHINE, at=cast.now, full_name="Baso", region_code="7303012008"
    ).person
    for person_id in (stranger.id, uuid4()):
        with pytest.raises(NotFound):
            actions.link_correspondent(
                by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=person_id
            )


# --- silence, another desk, the menu's step ---------------------------------------------------------------------------


def test_silence_is_kept_and_lifted(cast: Cast, who: Correspondent) -> None:
    stopped = actions.stop_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, why="asked")
    assert (stopped.stopped_at, stopped.stopped_why) == (cast.now, "asked")
    with pytest.raises(KeyError):
        actions.stop_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, why="tired")
    lifted = actions.resume_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id)
    assert (lifted.stopped_at, lifted.stopped_why) == (None, "")
    with pytest.raises(NotFound):
        actions.resume_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id)
    assert lines("correspondent.stop", who) == [{"channel": "sms", "why": "asked"}]
    assert lines("correspondent.resume", who) == [{"channel": "sms"}]


def test_a_conversation_is_given_to_a_desk_that_listens(cast: Cast, who: Correspondent) -> None:
    assert not access.correspondents(cast.village_officer).exists()
    actions.pass_correspondent(
        by=cast.admin, at=cast.now, correspondent_id=who.id, desk_id=cast.desk("village").id
    )
    assert access.correspondents(cast.village_officer).get() == who
    assert lines("correspondent.pass", who) == [{"channel": "sms", "desk": "village"}]
    for desk_id in (uuid4(), cast.desk("outside").id):
        with pytest.raises(NotFound):
            actions.pass_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, desk_id=desk_id)


def test_only_the_machine_moves_the_menu(cast: Cast, who: Correspondent) -> None:
    until = cast.now + timedelta(hours=1)
    actions.step_correspondent(
        by=MACHINE, at=cast.now, correspondent_id=who.id, step="telling", until_at=until
    )
    who.refresh_from_db()
    assert (who.menu_step, who.menu_until_at, who.menu_subject_id) == ("telling", until, None)
    for part in ("admin", "focal", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.step_correspondent(by=getattr(cast, part), at=cast.now, correspondent_id=who.id, step="")


@pytest.mark.parametrize("part", NOBODY_HERE)
def test_who_does_not_listen_there_can_do_nothing(
    part: str, cast: Cast, who: Correspondent, siti: Person
) -> None:
    actions.link_correspondent(by=cast.admin, at=cast.now, correspondent_id=who.id, person_id=siti.id)
    before = Correspondent.objects.filter(id=who.id).values().get()
    given = {"by": getattr(cast, part), "at": cast.now, "correspondent_id": who.id}
    for act, more in (
        (actions.link_correspondent, {"person_id": siti.id}),
        (actions.unlink_correspondent, {}),
        (actions.stop_correspondent, {"why": "asked"}),
        (actions.resume_correspondent, {}),
        (actions.pass_correspondent, {"desk_id": cast.desk("village").id}),
    ):
        for by in (given["by"], ANYBODY):
            with pytest.raises(NotFound):
                act(**{**given, "by": by}, **more)
    assert Correspondent.objects.filter(id=who.id).values().get() == before


# --- what is only protected is not there ------------------------------------------------------------------------------


def test_a_conversation_of_protected_messages_alone_is_there_for_focal_points(cast: Cast, line: Line) -> None:
    message = line.says("Halo")
    Incoming.objects.update(sealed=True)
    assert not access.correspondents(cast.admin).exists()
    assert not access.correspondents(cast.manager).exists()
    assert access.correspondents(cast.focal).exists()
    Call.objects.create(
        correspondent_id=message.correspondent_id,
        desk=cast.desk("centre"),
        started_at=cast.now,
        region_code=DUNGKAIT,
    )
    assert access.correspondents(cast.admin).exists()
    assert not access.incoming(cast.admin).exists()


# --- voices -----------------------------------------------------------------------------------------------------------


def harmless(_texts: Any) -> tuple[str, ...]:
    return ()


def write(cast: Cast, file: IncomingFile, **given: Any) -> IncomingFile:
    wanted: dict[str, Any] = {
        "by": cast.admin,
        "at": cast.now,
        "file_id": file.id,
        "words": "Jembatanna putus",
        "language": "mdr",
        "screen": harmless,
    }
    return actions.transcribe_voice(**(wanted | given))


@pytest.fixture
def voice(line: Line) -> IncomingFile:
    return keep_file(line.says("", kind="voice"), b"OggS", "audio/ogg", kind="voice")


def test_a_voice_is_written_down_and_corrected(cast: Cast, voice: IncomingFile) -> None:
    done = write(cast, voice)
    assert (done.transcript, done.transcript_language, done.transcribed_by) == (
        "Jembatanna putus",
        "mdr",
        "Ratna Dewi",
    )
    write(cast, voice, words="Jembatannya putus", language="id")
    rows = list(JournalLine.objects.filter(kind="voice.transcribe").order_by("id"))
    assert [row.facts["corrected"] for row in rows] == [False, True]
    assert rows[1].inputs == {"before": "Jembatanna putus", "words": "Jembatannya putus"}


def test_what_a_voice_says_can_close_its_message(cast: Cast, voice: IncomingFile) -> None:
    write(cast, voice, screen=lambda texts: ("diperkosa",))
    message = Incoming.objects.get(id=voice.incoming_id)
    assert (message.sealed, message.screen_words) == (True, ["diperkosa"])
    who = message.correspondent
    assert (who.waiting_since_at, who.sealed_since_at) == (None, message.received_at)
    with pytest.raises(NotFound):
        write(cast, voice)
    write(cast, voice, by=cast.focal)


def test_an_empty_transcript_and_an_unknown_language_are_refused(cast: Cast, voice: IncomingFile) -> None:
    with pytest.raises(actions.NothingTranscribed):
        write(cast, voice, words=" \u200b ")
    with pytest.raises(actions.LanguageUnknown):
        write(cast, voice, language="tlh")
    photo = keep_file(voice.incoming, b"jpeg", "image/jpeg")
    with pytest.raises(NotFound):
        write(cast, photo)


@pytest.mark.parametrize("part", NOBODY_HERE)
def test_who_does_not_listen_writes_nothing_down(part: str, cast: Cast, voice: IncomingFile) -> None:
    with pytest.raises(NotFound):
        write(cast, voice, by=getattr(cast, part))


def test_only_the_machine_carries_files(cast: Cast, voice: IncomingFile) -> None:
    with pytest.raises(NotAllowed):
        actions.carry_file(by=cast.admin, at=cast.now, file_id=voice.id, attachment_id=None)
    actions.carry_file(by=MACHINE, at=cast.now, file_id=voice.id, attachment_id=None)
    voice.refresh_from_db()
    assert voice.carried_at == cast.now
