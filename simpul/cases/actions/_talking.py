"""What hearing and conversing share: words of a resident added to a matter, files of messages brought along, a written reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from simpul.cases.actions import files, following, handling, intake, steps
from simpul.cases.models import Attachment, Case, Note
from simpul.cases.queries import files as file_queries
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib import text, when
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.media import CleanFile
from simpul.messages import actions as message_actions
from simpul.messages.models import Incoming, IncomingFile
from simpul.messages.queries import conversations

ROOM = 5000
_KINDS: Mapping[str, Literal["photo", "audio", "pdf"]] = {
    "image/jpeg": "photo",
    "audio/ogg": "audio",
    "application/pdf": "pdf",
}


def pieces(words: str, most: int = ROOM) -> list[str]:
    """Words in pieces that a matter can hold, cut between lines or words: a long letter is split, never cut off."""
    return list(_pieces(text.clean_text(words), most))


def _pieces(words: str, most: int) -> Iterator[str]:
    while len(words) > most:
        cut = max(words.rfind("\n", most // 2, most), words.rfind(" ", most // 2, most))
        cut = cut if cut > 0 else most
        yield words[:cut].strip()
        words = words[cut:].strip()
    if words:
        yield words


def add_words(case: Case, at: datetime, words: str, road: str) -> bool:
    """Add what a resident said to a matter: as the reply when a question waits, else as information. True for a reply.

    Raises:
        CannotAdd: the matter has ended.
    """
    if not rules.may_add(case.state):
        raise following.CannotAdd
    said = pieces(words) or ["–"]
    reply = case.state == moves.WAITING
    if reply:
        handling.record_answered_question(case, at, said.pop(0), road)
    for part in said:
        Note.objects.create(case=case, text=part, by_name="", from_resident=True, at=at)
    steps.change(case, at)
    following.screen_again(case, at, words)
    return reply


def bring(case: Case, message: Incoming, at: datetime) -> int:
    """Bring the fetched files of a message to its matter, each once; what was written down of a voice goes along, also later."""
    brought = 0
    for file in conversations.uncarried(message.id):
        known = Attachment.objects.filter(id=file.carried_id).first() if file.carried_id else None
        if known is not None:
            Attachment.objects.filter(id=known.id).update(transcript=file.transcript)
            following.screen_again(case, at, file.transcript)
            attachment_id: UUID | None = known.id
        else:
            attachment_id = _copy(case, file, at)
            brought += attachment_id is not None
        message_actions.carry_file(by=MACHINE, at=at, file_id=file.id, attachment_id=attachment_id)
    return brought


def _copy(case: Case, file: IncomingFile, at: datetime) -> UUID | None:
    """The attachment a file became; None when the matter has no room, or the file is of a kind that a matter does not hold."""
    kind = _KINDS.get(file.mime)
    if kind is None:
        return None
    try:
        clean = CleanFile(kind, file.mime, file_queries.store().read(file.sha256))
        kept = files.keep_clean(case, clean, at, by_name="", from_resident=True, transcript=file.transcript)
    except (files.TooManyFiles, NotFound):
        return None
    return kept.id


def receipt_values(opened: intake.Opened) -> dict[str, str]:
    """What fills the receipt that goes out as a message."""
    case = opened.case
    zone = desk_queries.zone_of(case.region_code).key
    due = case.due_at or case.received_at + timedelta(
        days=60
    )  # Perpres 76/2013: any public-service complaint
    return {
        "number": opened.number,
        "pin": opened.pin,
        "due": when.format_short_date(when.local_date(due, zone), case.language),
    }
