"""Acts on the lines of cards: write down, add to, choose between two of one day, take back. A fact is never refused for what it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _findings, _people, _recording
from simpul.posyandu.models import Cadre, Day, Examination, Finding, Participant
from simpul.posyandu.queries import examinations as queries
from simpul.posyandu.queries import forms
from simpul.posyandu.rules import examinations as rules
from simpul.posyandu.rules import judging

SAME = "same"
"""Why an entry was set aside at once: it says what the one that counts says."""


class ValueUnreadable(Refused):
    """Text where a number belongs, or a number that no body has."""

    code = "examination.value_unreadable"
    sentence = _("One of the values cannot be read. Check what was typed and save again.")


class DayAhead(Refused):
    """Nobody was measured tomorrow."""

    code = "examination.day_ahead"
    sentence = _("This day lies ahead. Write the day of the measurement.")
    field = "date"


class TakenBackAlready(Refused):
    """An entry that does not count any more cannot be changed or chosen."""

    code = "examination.taken_back"
    sentence = _("This entry was taken back. Write the measurement down anew.")


class WhyMissing(Refused):
    """Taking back needs a reason."""

    code = "examination.why_missing"
    sentence = _("Write in a few words why.")
    field = "why"


def record_examination(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    date: date,
    values: Mapping[str, Any],
    form_version: str = "",
    source: str = "day",
    day_id: UUID | None = None,
    cadre_id: UUID | None = None,
    said_status: str = "",
    sure: Collection[str] = (),
    flags: Sequence[str] = (),
    examination_id: UUID | None = None,
    follow_up: bool = True,
) -> Examination:
    """Write a line of a card down and judge it at once by the rules of that day.

    ``values`` are the answers by the form's keys in whole units; ``sure`` the codes of the questions that were answered with "yes, it is
    so". A second entry of the same person, form and day is kept beside the first as its rival, and somebody chooses later
    (``choose_examination``). An entry of the past changes what the later ones mean: they are worked out again. With ``follow_up`` off
    (history of another system) nothing it says opens a matter. The same ``examination_id`` again changes nothing.

    Raises:
        NotFound: no such card, day or cadre for this actor.
        DayAhead, ValueUnreadable.
    """
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "examination.record", roles.Place(region_code=participant.region_code))
        known = _again(examination_id, participant)
        if known is not None:
            return known
        if date > _people.local_day(participant.region_code, at):
            raise DayAhead
        day = access.day_for(by, day_id) if day_id else None
        row = _new(by, at, participant, date, values, day, examination_id)
        row.form_version = form_version or forms.form(f"card_{participant.form}").version
        row.source = source if source in rules.SOURCES else "day"
        row.cadre = _cadre(row.posyandu_id, cadre_id, by)
        said = said_status or values.get("said_status") or ""
        row.said_status = said if said in rules.STATUSES else ""
        marks = [*flags, *(f"sure:{code}" for code in sure)]
        if participant.closed_date is not None and date > participant.closed_date:
            marks.append("card_closed")
        if day is not None and day.posyandu_id != participant.posyandu_id:
            marks.append("other_posyandu")
        row.flags = rules.joined((), marks)
        _beside(row, participant)
        judged = _settle(row, participant, adding=True)
        _follow(by, at, row, judged, participant, note=follow_up)
        _line(by, at, "examination.record", row, {"source": row.source, "rival": row.rival_id is not None})
    return row


def _again(key: UUID | None, participant: Participant) -> Examination | None:
    known = Examination.objects.filter(id=key).first() if key else None
    if known is not None and known.person_id != participant.person_id:
        raise NotFound
    return known


def _new(
    by: Actor,
    at: datetime,
    participant: Participant,
    on: date,
    values: Mapping[str, Any],
    day: Day | None,
    key: UUID | None,
) -> Examination:
    posyandu = day.posyandu if day is not None else participant.posyandu
    row = Examination(
        id=key or uuid7(),
        participant=participant,
        person=participant.person,
        posyandu=posyandu,
        region_code=posyandu.region_code,
        day=day,
        date=on,
        form=participant.form,
        recorded_at=at,
        recorded_by=by.name[:150],
    )
    _fill(row, rules.merged({}, values))
    return row


def _fill(row: Examination, values: Mapping[str, Any]) -> None:
    """Lay the answers and their columns into a row.

    Raises:
        ValueUnreadable.
    """
    try:
        columns = rules.columns_of(values)
    except rules.Unreadable as wrong:
        raise ValueUnreadable(field=str(wrong)) from wrong
    row.values = dict(values)
    for name, value in columns.items():
        setattr(row, name, value)


def _cadre(posyandu_id: UUID, cadre_id: UUID | None, by: Actor) -> Cadre | None:
    """Who measured: the one named, else the cadre in the actor's own seat."""
    found = Cadre.objects.filter(posyandu_id=posyandu_id)
    if cadre_id is not None:
        named = found.filter(id=cadre_id).first()
        if named is None:
            raise NotFound
        return named
    return found.filter(seat_id=by.seat_id, ended_date=None).first() if by.seat_id else None


def _beside(row: Examination, participant: Participant) -> None:
    """Set an entry beside the one that counts on its day; one that says nothing else is settled at once."""
    same = queries.history(participant).filter(date=row.date).exclude(id=row.id)
    first = same.filter(stands=True).order_by("recorded_at", "id").first()
    if first is None:
        return
    row.rival, row.stands = first, False
    row.flags = rules.joined(row.flags, ["rival"])
    if first.values == row.values:
        row.set_aside_why = SAME


def _repeats(row: Examination, participant: Participant) -> bool:
    """Whether an entry says nothing else than the one that counts on its day."""
    others = queries.history(participant).filter(date=row.date, stands=True).exclude(id=row.id)
    return any(other.values == row.values for other in others)


def _settle(row: Examination, participant: Participant, *, adding: bool = False) -> list[judging.Judgement]:
    """Work a row out and save it."""
    others = list(queries.history(participant).filter(stands=True).exclude(id=row.id))
    judged = _recording.derive(row, _recording.card_of(participant), _recording.past_of(others, row.date))
    row.save(force_insert=adding)
    return list(judged)


def _follow(
    by: Actor,
    at: datetime,
    row: Examination | None,
    judged: Sequence[judging.Judgement],
    participant: Participant,
    since: date | None = None,
    *,
    note: bool = True,
) -> None:
    """Hand what was found to those who follow it up, and work the later entries out again."""
    if row is not None and row.stands:
        if note:
            _findings.note(by, at, examination=row, judgements=judged)
        since = row.date
    if since is not None:
        for later, judged_anew in _recording.rework(participant, since):
            if note:
                _findings.note(by, at, examination=later, judgements=judged_anew)


def _retract(by: Actor, at: datetime, row: Examination) -> None:
    """What an entry alone had found is over once the entry does not count any more."""
    found = Finding.objects.filter(examination=row, state="open", visit=None, times=1)
    for finding in found.select_for_update(of=("self",)):
        _findings.close(by, at, finding, _findings.CORRECTED)


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    row: Examination,
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="examination",
        subject_id=row.id,
        region_code=row.region_code,
        facts={"date": row.date.isoformat(), "form": row.form, **facts},
        inputs=inputs or {},
    )


def amend_examination(
    *,
    by: Actor,
    at: datetime,
    examination_id: UUID,
    values: Mapping[str, Any],
    said_status: str | None = None,
    sure: Collection[str] = (),
) -> Examination:
    """Add answers to an entry or correct them; what stood there before stays in the journal, and the entry is judged anew.

    An entry that was set aside because it said the same waits for a choice again once it says something else.

    Raises:
        NotFound, TakenBackAlready, ValueUnreadable.
    """
    with transaction.atomic():
        row, participant = _locked(by, "examination.amend", examination_id)
        if "withdrawn" in row.flags:
            raise TakenBackAlready
        old = dict(row.values)
        _fill(row, rules.merged(old, values))
        said = values.get("said_status", row.said_status) if said_status is None else said_status
        row.said_status = said if said in rules.STATUSES else ""
        row.flags = rules.joined(row.flags, [f"sure:{code}" for code in sure])
        changed = sorted(key for key in {*old, *row.values} if old.get(key) != row.values.get(key))
        if changed and row.set_aside_why == SAME and not _repeats(row, participant):
            row.set_aside_why = ""
        judged = _settle(row, participant)
        _follow(by, at, row, judged, participant)
        before = {key: old[key] for key in changed if key in old}
        _line(by, at, "examination.amend", row, {"changed": changed}, {"before": before} if before else None)
    return row


def _locked(by: Actor, act: str, examination_id: UUID) -> tuple[Examination, Participant]:
    """The entry with its card, both locked, card first: as the act that writes one does."""
    seen = access.examination_for(by, examination_id)
    participant = Participant.objects.select_for_update(of=("self",)).get(id=seen.participant_id)
    roles.require(by, act, roles.Place(region_code=seen.region_code))
    return Examination.objects.select_for_update().get(id=seen.id), participant


def choose_examination(*, by: Actor, at: datetime, examination_id: UUID, why: str = "") -> Examination:
    """Say which of the entries of one day counts; the others are set aside and stay on the card.

    Raises:
        NotFound, TakenBackAlready.
    """
    with transaction.atomic():
        row, participant = _locked(by, "examination.choose", examination_id)
        if "withdrawn" in row.flags:
            raise TakenBackAlready
        reason = text.clean_line(why, 150)
        for other in queries.history(participant).filter(date=row.date).exclude(id=row.id):
            if "withdrawn" not in other.flags:
                other.stands, other.set_aside_why = False, f"other {reason}".strip()
                other.save(update_fields=["stands", "set_aside_why"])
                _retract(by, at, other)
        row.stands, row.set_aside_why = True, ""
        judged = _settle(row, participant)
        _follow(by, at, row, judged, participant)
        _line(by, at, "examination.choose", row, {"why": bool(reason)}, {"why": reason})
    return row


def withdraw_examination(*, by: Actor, at: datetime, examination_id: UUID, why: str) -> Examination:
    """Take an entry back that was a mistake: it stays on the card, crossed out, and counts nowhere. The later ones are worked out again.

    Another entry of the same day takes its place. Taken back twice changes nothing.

    Raises:
        NotFound, WhyMissing.
    """
    with transaction.atomic():
        row, participant = _locked(by, "examination.withdraw", examination_id)
        if "withdrawn" in row.flags:
            return row
        reason = text.clean_line(why, 180)
        if len(reason) < 3:
            raise WhyMissing
        counted = row.stands
        row.stands, row.set_aside_why = False, reason
        row.flags = rules.joined(row.flags, ["withdrawn"])
        row.save(update_fields=["stands", "set_aside_why", "flags"])
        _retract(by, at, row)
        heir = _heir(row, participant) if counted else None
        judged = _settle(heir, participant) if heir is not None else []
        _follow(by, at, heir, judged, participant, since=row.date)
        _line(by, at, "examination.withdraw", row, {"heir": heir is not None}, {"why": reason})
    return row


def _heir(row: Examination, participant: Participant) -> Examination | None:
    """The oldest other entry of the day that was not taken back; it counts from now on."""
    for other in queries.history(participant).filter(date=row.date).order_by("recorded_at", "id"):
        if other.id != row.id and "withdrawn" not in other.flags:
            other.stands, other.set_aside_why = True, ""
            return other
    return None
