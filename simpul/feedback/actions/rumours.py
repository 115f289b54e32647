"""Acts on rumours: tie what was said to one, and answer it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.feedback import access, rules
from simpul.feedback.actions import _shared
from simpul.feedback.models import Record, Rumour
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class VerdictMissing(Refused):
    """An answer says whether it is true."""

    code = "rumour.verdict_missing"
    sentence = _("Say whether it is true, partly true or not true. Not checked yet is no answer.")
    field = "verdict"


def note_rumour(
    *, by: Actor, at: datetime, record_id: UUID, rumour_id: UUID | None = None, words: str = ""
) -> Rumour:
    """Tie a record to a rumour that goes round, or begin a new one in a few words.

    Raises:
        NotFound: no such record or rumour for this actor.
        WordsMissing: a new one without words.
    """
    with transaction.atomic():
        record = access.get_for(by, record_id, lock=True)
        roles.require(by, "rumour.note", access.place_of(record))
        if rumour_id is not None:
            rumour = access.rumour_for(by, rumour_id)
        else:
            rumour = Rumour.objects.create(
                words=_shared.words(words, field="words", most=200),
                first_heard_at=record.received_at,
                noted_at=at,
                region_code=record.region_code,
            )
        Record.objects.filter(id=record.id).update(rumour=rumour)
        Rumour.objects.filter(id=rumour.id, first_heard_at__gt=record.received_at).update(
            first_heard_at=record.received_at
        )
        _shared.line(
            by,
            at,
            "rumour.note",
            rumour.id,
            about="rumour",
            region_code=record.region_code,
            facts={"record": str(record.id), "new": rumour_id is None},
        )
    return rumour


def answer_rumour(
    *, by: Actor, at: datetime, rumour_id: UUID, verdict: str, answer: str, public: bool = False
) -> Rumour:
    """Say what is true, in words that officers repeat and that everybody may read when ``public``.

    Raises:
        NotFound: no such rumour for this actor.
        VerdictMissing, WordsMissing, PersonalWords.
    """
    with transaction.atomic():
        rumour = access.rumour_for(by, rumour_id)
        roles.require(by, "rumour.answer", roles.Place(rumour.region_code))
        if verdict not in rules.VERDICTS or verdict == "unknown":
            raise VerdictMissing
        said = _shared.words(answer, field="answer")
        if public:
            _shared.fit_for_all(said, field="answer")
            _shared.fit_for_all(rumour.words, field="answer")
        rumour.verdict, rumour.answer, rumour.answer_public = verdict, said, public
        rumour.answered_at, rumour.answered_by = at, by.name
        rumour.save(update_fields=["verdict", "answer", "answer_public", "answered_at", "answered_by"])
        _shared.line(
            by,
            at,
            "rumour.answer",
            rumour.id,
            about="rumour",
            region_code=rumour.region_code,
            facts={"verdict": verdict, "public": public},
            inputs={"answer": said},
        )
    return rumour
