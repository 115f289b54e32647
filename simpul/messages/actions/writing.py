"""An officer writes to somebody: free words or a text of the catalogue, by the road on which that person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import Refused
from simpul.messages import access
from simpul.messages.actions import _shared
from simpul.messages.actions import incoming as incoming_actions
from simpul.messages.models import Correspondent, Message
from simpul.messages.queries import writing as queries


class NobodyToWrite(Refused):
    """A message without a sender has no address to answer to."""

    code = "message.nameless"
    sentence = _("This message came without a sender, so there is nobody to write to.")


class Silenced(Refused):
    """They asked for silence, or a person shut them out."""

    code = "message.silenced"
    sentence = _(
        "This contact asked not to be written to. Call, go there, or lift the silence when they have asked for it."
    )


class NotSafeToWrite(Refused):
    """The person said that writing there is not safe, or nobody has asked in a protected matter."""

    code = "message.not_safe"
    sentence = _("It is not known to be safe to write there. Reach the person by another safe road.")


class OthersRead(Refused):
    """Only the text without content may stand there."""

    code = "message.others_read"
    sentence = _("Others may read this, so only the text “please call us” may be sent. Choose that text.")
    field = "text_key"


class NoWay(Refused):
    """No gateway carries this road."""

    code = "message.no_way"
    sentence = _(
        "Nothing can be sent on this channel at present, because no gateway is set up for it. Call instead."
    )


class NothingWritten(Refused):
    """A message says something."""

    code = "message.nothing_written"
    sentence = _("Write the message.")
    field = "body"


class ValueMissing(Refused):
    """A text whose reader would find a gap."""

    code = "message.value_missing"
    sentence = _("Fill in everything that the text names. Missing: %(missing)s.")
    field = "values"


class WrittenTooLong(Refused):
    """Longer than the road carries."""

    code = "message.too_long"
    sentence = _(
        "This is %(length)s characters long; at most %(limit)s can be sent this way. Please shorten it."
    )
    field = "body"


class WindowClosed(Refused):
    """WhatsApp takes free words for 24 hours after the person's last message."""

    code = "message.window_closed"
    sentence = _(
        "The person last wrote more than 24 hours ago, so WhatsApp takes approved templates only, and there is none for this "
        "text. Choose another text, call, or send an SMS."
    )


REFUSALS: Mapping[str, type[Refused]] = {
    refusal.code: refusal
    for refusal in (
        NobodyToWrite,
        Silenced,
        NotSafeToWrite,
        OthersRead,
        NoWay,
        NothingWritten,
        ValueMissing,
        WrittenTooLong,
        WindowClosed,
    )
}
"""What each code of ``Written.refused`` says to people."""


def write_message(
    *,
    by: Actor,
    at: datetime,
    correspondent_id: UUID,
    body: str = "",
    text_key: str = "",
    values: Mapping[str, str] | None = None,
    answers: UUID | None = None,
    protected: bool = False,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    once_key: str = "",
) -> Message:
    """Write to a correspondent: ``body`` in the officer's own words, or a text of the catalogue with its variables filled.

    It leaves by the correspondent's own road. A message that it ``answers`` is settled with it, unless somebody has settled
    that one before, or the machine writes, which settles in its own words. In a protected matter, and on a contact that
    others read, only "please call us" may be written.

    Args:
        subject_kind, subject_id: the matter it is about; the conversation itself when there is none.
        once_key: the same for two sendings of one form, so that the second returns the first message.

    Raises:
        NotFound: no such correspondent, or no such message to answer, for this actor.
        Refused: one of ``REFUSALS``.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "message.write", access.place_of(who))
    key = f"write:{once_key or uuid4()}"[:120]
    known = Message.objects.filter(once_key=key, correspondent=who).first()
    if known is not None:
        return known
    written = queries.preview_written(
        by,
        at,
        correspondent_id,
        body=body,
        text_key=text_key,
        values=values,
        answers=answers,
        protected=protected,
    )
    if written.refused:
        raise REFUSALS[written.refused](
            missing=", ".join(written.missing), length=len(written.words.body), limit=written.longest
        )
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            once_key=key, defaults=_columns(by, at, who, written, answers, subject_kind, subject_id)
        )
        if is_new:
            _settle_answered(by, at, answers)
            _shared.record(by, at, "message.write", message)
    return message


def _columns(
    by: Actor,
    at: datetime,
    who: Correspondent,
    written: queries.Written,
    answers: UUID | None,
    subject_kind: str,
    subject_id: UUID | None,
) -> dict[str, object]:
    return {
        "subject_kind": subject_kind or "correspondent",
        "subject_id": subject_id or who.id,
        "asked_key": written.text_key,
        "text_key": written.text_key,
        "values": {} if written.protected else dict(written.values),
        "road": written.road,
        "language": written.language,
        "to_name": "" if written.text_key == "call_us" else who.shown_name[:150],
        "to_address": written.to_address[:150],
        "to_person_id": who.person_id,
        "region_code": who.region_code,
        "sealed": written.protected,
        "sensitive": written.protected,
        "subject": written.words.subject,
        "body": written.words.body,
        "queued_at": at,
        "next_try_at": at,
        "correspondent": who,
        "written_by": "" if by.role == SYSTEM else by.name[:150],
        "answers_id": answers,
    }


def _settle_answered(by: Actor, at: datetime, answers: UUID | None) -> None:
    if answers is None or by.role == SYSTEM or access.incoming_for(by, answers).state == "settled":
        return
    incoming_actions.settle_incoming(by=by, at=at, incoming_id=answers, outcome="answered")
