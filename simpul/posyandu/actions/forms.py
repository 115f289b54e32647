"""Acts on lines of paper sheets: save one as an entry of its card, keep one that still has questions, throw one away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import examinations as examination_actions
from simpul.posyandu.models import Examination, PaperLine, Participant
from simpul.posyandu.queries import forms
from simpul.posyandu.queries import forms_grid as grid
from simpul.posyandu.rules import examinations as examination_rules
from simpul.posyandu.rules import forms as rules

_MOST_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a line: an entry, or what must be asked first. ``rival``: another entry of that day says otherwise, both are kept."""

    read: rules.Read
    examination: Examination | None = None
    rival: bool = False
    kept: bool = False


def enter_paperline(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    form_code: str,
    date: date,
    raw: Mapping[str, str],
    sure: Collection[str] = (),
    cadre_id: UUID | None = None,
    examination_id: UUID | None = None,
    form_version: str = "",
) -> Entered:
    """Save one line of a paper sheet. With open questions nothing becomes an entry: the line is kept word for word until it is answered.

    A line that was saved from paper before is corrected by the new one; one that adds to an entry of the day is joined to it; one that
    says otherwise stands beside it, and somebody chooses.

    Raises:
        NotFound: no such card for this actor.
    """
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "paperline.enter", roles.Place(region_code=participant.region_code))
        form = forms.form(form_code, form_version)
        read = grid.read_line(participant, form, date, raw, sure)
        if not read.is_whole:
            kept = _keep(by, at, participant, form_code, date, raw)
            if kept:
                _line(by, at, participant, {"form": form_code, "date": date.isoformat(), "kept": True})
            return Entered(read, kept=True)
        PaperLine.objects.filter(participant=participant, form=form_code, date=date).delete()
        if not read.values:
            return Entered(read)
        row = _entry(by, at, participant, form, date, read, cadre_id, examination_id)
        _line(by, at, participant, {"form": form_code, "date": date.isoformat(), "kept": False})
    return Entered(read, row, rival=row.rival_id is not None and not row.stands)


def _entry(
    by: Actor,
    at: datetime,
    participant: Participant,
    form: rules.Form,
    day: date,
    read: rules.Read,
    cadre_id: UUID | None,
    examination_id: UUID | None,
) -> Examination:
    known = grid.entry_of(participant, day)
    if known is not None:
        if all(known.values.get(key) == value for key, value in read.values.items()):
            return known
        adds = not examination_rules.contradicts(known.values, read.values)
        if adds or known.source == "paper":
            return examination_actions.amend_examination(
                by=by, at=at, examination_id=known.id, values=read.values, sure=read.flags
            )
    card = form.code == f"card_{participant.form}"
    return examination_actions.record_examination(
        by=by,
        at=at,
        participant_id=participant.id,
        date=day,
        values=read.values,
        form_version=form.version if card else "",
        source="paper",
        cadre_id=cadre_id,
        sure=read.flags,
        examination_id=examination_id,
    )


def _keep(
    by: Actor, at: datetime, participant: Participant, form_code: str, day: date, raw: Mapping[str, str]
) -> bool:
    """Whether something new was kept."""
    words = {key: str(value)[:_MOST_LETTERS] for key, value in raw.items() if str(value).strip()}
    row, made = PaperLine.objects.get_or_create(
        participant=participant,
        form=form_code,
        date=day,
        defaults={
            "posyandu_id": participant.posyandu_id,
            "person_id": participant.person_id,
            "region_code": participant.region_code,
            "raw": words,
            "made_at": at,
            "made_by": by.name[:150],
        },
    )
    if made:
        return True
    if row.raw == words:
        return False
    row.raw, row.made_at, row.made_by = words, at, by.name[:150]
    row.save(update_fields=["raw", "made_at", "made_by"])
    return True


def drop_paperline(*, by: Actor, at: datetime, participant_id: UUID, form_code: str, date: date) -> bool:
    """Throw away a line that was kept with its questions. Returns whether there was one.

    Raises:
        NotFound: no such card for this actor.
    """
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "paperline.drop", roles.Place(region_code=participant.region_code))
        count, _tables = PaperLine.objects.filter(participant=participant, form=form_code, date=date).delete()
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="paperline.drop",
                subject_kind="participant",
                subject_id=participant.id,
                region_code=participant.region_code,
                facts={"form": form_code, "date": date.isoformat()},
            )
    return bool(count)


def _line(by: Actor, at: datetime, participant: Participant, facts: Mapping[str, object]) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind="paperline.enter",
        subject_kind="participant",
        subject_id=participant.id,
        region_code=participant.region_code,
        facts=dict(facts),
    )
