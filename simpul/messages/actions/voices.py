"""Files of messages after they were fetched: a person writes down what a voice says, a matter gets its copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import access
from simpul.messages.actions import incoming
from simpul.messages.models import Incoming, IncomingFile
from simpul.messages.queries import calls as call_queries

LONGEST_TRANSCRIPT = 5000
HEARABLE = ("voice", "audio", "video")


class NothingTranscribed(Refused):
    """A transcript without a word helps nobody who cannot listen."""

    code = "voice.nothing_written"
    sentence = _("Write what is said in the recording. If nothing can be understood, write that.")
    field = "words"


class LanguageUnknown(Refused):
    """A language that no form offers."""

    code = "voice.language_unknown"
    sentence = _("Choose the language that is spoken in the recording.")
    field = "language"


def transcribe_voice(
    *,
    by: Actor,
    at: datetime,
    file_id: UUID,
    words: str,
    language: str,
    screen: Callable[[Sequence[str]], Sequence[str]],
) -> IncomingFile:
    """Write down, or correct, what a recording says, so that it can be read, searched and screened.

    Args:
        language: what is spoken in it: Mandar stays Mandar, and whoever writes may translate below it.
        screen: finds words that may speak of violence or danger; the message is protected from then on when it does.

    Raises:
        NotFound: no such recording for this actor.
        NothingTranscribed, LanguageUnknown, lib.text.TooLong.
    """
    file = IncomingFile.objects.select_related("incoming").filter(id=file_id, kind__in=HEARABLE).first()
    if file is None:
        raise NotFound
    message = access.incoming_for(by, file.incoming_id)
    roles.require(by, "voice.transcribe", access.place_of_incoming(message))
    said = text.clean_text(words, LONGEST_TRANSCRIPT)
    if len(said) < 2:
        raise NothingTranscribed
    if language not in call_queries.spoken():
        raise LanguageUnknown
    found = list(screen([said]))
    with transaction.atomic():
        before = file.transcript
        IncomingFile.objects.filter(id=file_id).update(
            transcript=said, transcript_language=language, transcribed_by=by.name, transcribed_at=at
        )
        if found and not message.sealed:
            known = [*message.screen_words, *found][:20]
            Incoming.objects.filter(id=message.id).update(sealed=True, screen_words=known)
            incoming.refresh_waiting(message.correspondent_id)
        file.refresh_from_db()
        journal_actions.record(
            by=by,
            at=at,
            kind="voice.transcribe",
            subject_kind="incoming",
            subject_id=message.id,
            region_code=message.correspondent.region_code,
            facts={"language": language, "corrected": bool(before), "sealed": message.sealed or bool(found)},
            inputs={"before": before, "words": said},
        )
    return file


def carry_file(*, by: Actor, at: datetime, file_id: UUID, attachment_id: UUID | None) -> None:
    """Note that the matter of its message has got a file, as it is now; ``None`` when there was no room for it."""
    roles.require(by, "file.carry")
    IncomingFile.objects.filter(id=file_id).update(carried_at=at, carried_id=attachment_id)
