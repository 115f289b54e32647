"""Recording what people say, coding it, and making a matter of it when it should be one.

What is sensitive is never kept here: it goes to the protected intake in the same transaction, whoever typed it and whatever they
ticked, because words that raise the flag are looked for before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake
from simpul.cases.queries import screening as screening_queries
from simpul.feedback import access, rules
from simpul.feedback.actions import _shared
from simpul.feedback.models import Coding, Record
from simpul.feedback.queries import frame as frame_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access as message_access
from simpul.messages import actions as message_actions
from simpul.messages.models import Incoming
from simpul.regions import queries as region_queries


class PlaceUnknown(Refused):
    """The place is not known here."""

    code = "feedback.place_unknown"
    sentence = _("Choose the village, or the district, that this comes from.")
    field = "region_code"


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "feedback.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class AlreadyTurned(Refused):
    """It is a matter already."""

    code = "feedback.already_turned"
    sentence = _("This has already become a matter. Open that matter to go on.")


@dataclass(frozen=True, slots=True)
class Told:
    """Who said it, as far as it helps to know: all of it may be left out."""

    sex: str = ""
    age_band: str = ""
    disability: str = ""
    hamlet_id: UUID | None = None
    voices: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: a record, or a protected matter with the receipt for the person."""

    record: Record | None
    opened: intake.Opened | None = None
    again: bool = False


def record_feedback(
    *,
    by: Actor,
    at: datetime,
    text_given: str,
    region_code: str,
    channel: str,
    codes: Sequence[str] = (),
    told: Told | None = None,
    language: str = "id",
    received_at: datetime | None = None,
    sensitive: bool = False,
    incoming_id: UUID | None = None,
    call_id: UUID | None = None,
    record_id: UUID | None = None,
) -> Recorded:
    """Keep what somebody said that is no matter of its own; or hand it to the protected intake when it is sensitive.

    Args:
        received_at: when it was said, for paper and meetings typed in later; never after ``at``.
        incoming_id: the message it was written in, which is settled by this.
        call_id: the call it was said in.
        record_id: made by the door; the same id again changes nothing.

    Raises:
        WordsMissing, PlaceUnknown, ChoiceUnknown, CodesUnknown.
        NotAllowed: this actor takes nothing in for this place.
        NotFound: no such message or call for this actor.
    """
    roles.require(by, "feedback.record", roles.Place(region_code, by.desk_ids, by.desk_ids))
    who = told or Told()
    _check(channel, who, region_code)
    with transaction.atomic():
        message = message_access.incoming_for(by, incoming_id) if incoming_id else None
        if call_id is not None:
            message_access.call_for(by, call_id)
        known = _known(by, record_id, incoming_id, call_id)
        if known is not None:
            return Recorded(known, again=True)
        said = _shared.words(text_given or (message.text if message else ""), field="text", most=5000)
        chosen = _shared.known_codes(codes)
        flagged = screening_queries.screen((said,)).flagged or (message is not None and message.sealed)
        if sensitive or flagged:
            kind = rules.PROTECTED_KIND if sensitive else rules.FLAGGED_KIND
            return _protect(by, at, said, region_code, channel, kind, who, message, record_id, language)
        record = Record.objects.create(
            id=record_id or uuid7(),
            text=said,
            language=language[:20],
            channel=channel,
            received_at=min(received_at or (message.received_at if message else at), at),
            recorded_at=timezone.now(),
            region_code=region_code,
            hamlet_id=who.hamlet_id,
            sex=who.sex,
            age_band=who.age_band,
            disability=who.disability,
            voices=who.voices,
            source_kind="incoming" if incoming_id else "call" if call_id else "officer",
            source_id=incoming_id or call_id,
            desk_id=by.desk_id,
            taken_by=by.name,
            state="coded" if chosen else "new",
        )
        _set_codes(by, at, record, [one.code for one in chosen])
        if message is not None:
            message_actions.settle_incoming(
                by=by,
                at=at,
                incoming_id=message.id,
                outcome="feedback",
                subject_kind="feedback",
                subject_id=record.id,
            )
        facts = {"channel": channel, "codes": [one.code for one in chosen], "source": record.source_kind}
        _shared.line(by, at, "feedback.record", record.id, region_code=region_code, facts=facts)
    return Recorded(record)


def code_feedback(*, by: Actor, at: datetime, record_id: UUID, codes: Sequence[str]) -> Record:
    """Say what a record is about: its codes become exactly these, by the frame as it is now.

    Raises:
        NotFound: no such record for this actor.
        CodesUnknown: none, too many, or one that is not in the frame.
    """
    with transaction.atomic():
        record = access.get_for(by, record_id, lock=True)
        roles.require(by, "feedback.code", access.place_of(record))
        before = list(record.codings.values_list("code_id", flat=True))
        chosen = [one.code for one in _shared.known_codes(codes, kept=before)]
        if not chosen:
            raise _shared.CodesUnknown(most=rules.MOST_CODES)
        if set(chosen) != set(before):
            _set_codes(by, at, record, chosen)
        if record.state == "new":
            Record.objects.filter(id=record.id).update(state="coded")
            record.state = "coded"
        _shared.line(
            by,
            at,
            "feedback.code",
            record.id,
            region_code=record.region_code,
            facts={"codes": sorted(chosen), "before": sorted(before)},
        )
    return record


def turn_feedback(
    *,
    by: Actor,
    at: datetime,
    record_id: UUID,
    kind_code: str,
    reporter: intake.PersonGiven | None = None,
    title: str = "",
    case_id: UUID | None = None,
) -> intake.Opened:
    """Make a matter of it, because somebody is owed an answer. The words go along; a sealed matter leaves nothing here.

    Raises:
        NotFound: no such record for this actor.
        AlreadyTurned: it is one already.
        Refused: what ``open_case`` refuses.
    """
    with transaction.atomic():
        record = access.get_for(by, record_id, lock=True)
        roles.require(by, "feedback.turn", access.place_of(record))
        if record.case_id is not None:
            raise AlreadyTurned
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=kind_code,
            text_given=record.text,
            title=title,
            region_code=record.region_code,
            hamlet_id=record.hamlet_id,
            channel=record.channel,
            mode="self" if reporter else "anonymous",
            reporter=reporter,
            case_id=case_id,
        )
        sealed = opened.case.sensitivity == "sealed"
        if sealed:
            record.delete()
        else:
            Record.objects.filter(id=record.id).update(case=opened.case, state="turned")
        _shared.line(
            by,
            at,
            "feedback.turn",
            record_id,
            region_code=record.region_code,
            facts={} if sealed else {"number": opened.number, "kind": kind_code},
        )
    return opened


def _check(channel: str, who: Told, region_code: str) -> None:
    for field, value, known in (
        ("channel", channel, rules.CHANNELS),
        ("sex", who.sex or None, rules.SEXES),
        ("age_band", who.age_band or None, rules.AGE_BANDS),
        ("disability", who.disability or None, rules.DISABILITIES),
    ):
        if value is not None and value not in known:
            raise ChoiceUnknown(field=field)
    if not 1 <= who.voices <= rules.MOST_VOICES:
        raise ChoiceUnknown(field="voices")
    if region_queries.find_region(region_code) is None:
        raise PlaceUnknown
    if who.hamlet_id and who.hamlet_id not in {one.id for one in region_queries.hamlets(region_code)}:
        raise ChoiceUnknown(field="hamlet_id")


def _known(
    by: Actor, record_id: UUID | None, incoming_id: UUID | None, call_id: UUID | None
) -> Record | None:
    """The record that this press, this message or this call made already.

    Raises:
        NotFound: the id is another's.
    """
    if record_id is not None and (mine := Record.objects.filter(id=record_id).first()) is not None:
        if mine.taken_by != by.name:
            raise NotFound
        return mine
    for kind, key in (("incoming", incoming_id), ("call", call_id)):
        if key is not None:
            return Record.objects.filter(source_kind=kind, source_id=key).first()
    return None


def _protect(
    by: Actor,
    at: datetime,
    said: str,
    region_code: str,
    channel: str,
    kind: str,
    who: Told,
    message: Incoming | None,
    record_id: UUID | None,
    language: str,
) -> Recorded:
    """Open a protected matter instead. Nothing of it is kept in this room."""
    person_id = message.correspondent.person_id if message else None
    opened = intake.open_case(
        by=by,
        at=at,
        kind_code=kind,
        text_given=said,
        region_code=region_code,
        hamlet_id=who.hamlet_id,
        channel=channel,
        mode="self" if person_id else "anonymous",
        reporter=intake.PersonGiven(person_id=person_id) if person_id else None,
        language=language if language in ("id", "en") else "id",
        case_id=record_id,
    )
    if message is not None and message.state != "settled":
        message_actions.settle_incoming(
            by=by,
            at=at,
            incoming_id=message.id,
            outcome="case",
            subject_kind="case",
            subject_id=opened.case.id,
            sealed=True,
        )
    return Recorded(None, opened, again=opened.again)


def _set_codes(by: Actor, at: datetime, record: Record, codes: Sequence[str]) -> None:
    record.codings.exclude(code_id__in=codes).delete()
    have = set(record.codings.values_list("code_id", flat=True))
    version = frame_queries.version()
    Coding.objects.bulk_create(
        Coding(record=record, code_id=code, frame=version, at=at, by_name=by.name)
        for code in codes
        if code not in have
    )
