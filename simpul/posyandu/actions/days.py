"""Acts on a posyandu day: open it, take it back, give numbers, finish steps, let somebody go, close it with its check, open it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _people, _tasks, examinations
from simpul.posyandu.models import Coming, Day, Examination, Participant, Task
from simpul.posyandu.queries import days as queries
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import examinations as entry_rules
from simpul.posyandu.rules import tasks as task_rules

VISIT_WITHIN = timedelta(days=7)
"""How soon somebody who missed the day should be visited at home."""
QUESTIONS = ("tools", "vaccines", "reported")
"""What the closing check asks beside what it counts: tools put away, vaccines handed back, the health worker told of referrals."""


class DayNotCome(Refused):
    """A day ahead is planned, not opened."""

    code = "day.not_come"
    sentence = _("This day lies ahead. Open it on the day itself.")
    field = "day"


class DayNotScheduled(Refused):
    """Perhaps the wrong date was chosen."""

    code = "day.not_scheduled"
    sentence = _("This day is not on the schedule of the posyandu. Open it all the same?")
    field = "unscheduled"


class DayInUse(Refused):
    """What people brought to a day is not thrown away with it."""

    code = "day.in_use"
    sentence = _(
        "Somebody has come on this day, or something was written down. Close the day instead; "
        "an entry that is a mistake is taken back on its card."
    )


class DayClosed(Refused):
    """Numbers are given while the day is open."""

    code = "day.closed"
    sentence = _("This day is closed. Open it again first.")


class StillWaiting(Refused):
    """Somebody is still in the queue."""

    code = "day.still_waiting"
    sentence = _(
        "%(count)s people are not finished. Finish their steps, or tick that they went home, and close the day then."
    )
    field = "unfinished"


class StepUnknown(Refused):
    """There are five."""

    code = "step.unknown"
    sentence = _("A posyandu day has five steps. Load the page again and choose one of them.")


def open_day(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    day: date,
    day_id: UUID | None = None,
    sure: Collection[str] = (),
) -> Day:
    """Open a posyandu day; one that is there already is returned as it is.

    ``sure`` holds "unscheduled" when a day is meant that is not on the schedule.

    Raises:
        NotFound, DayNotCome, DayNotScheduled.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "day.open", roles.Place(region_code=posyandu.region_code))
        known = Day.objects.filter(posyandu=posyandu, day=day).first()
        if known is not None:
            return known
        if day > _people.local_day(posyandu.region_code, at):
            raise DayNotCome
        planned = rules.is_on_schedule(posyandu.schedule, day)
        if not planned and "unscheduled" not in sure:
            raise DayNotScheduled
        row = Day.objects.create(
            id=day_id or uuid7(),
            posyandu=posyandu,
            region_code=posyandu.region_code,
            day=day,
            opened_at=at,
            opened_by=by.name[:150],
        )
        _line(by, at, "day.open", row, {} if planned else {"unscheduled": True})
    return row


def remove_day(*, by: Actor, at: datetime, day_id: UUID) -> None:
    """Take back a day that was opened by mistake and to which nobody came, with the visits that its closing asked for.

    Raises:
        NotFound, DayInUse.
    """
    with transaction.atomic():
        row = _locked(by, "day.remove", day_id)
        if not queries.is_unused(row):
            raise DayInUse
        visits = Task.objects.filter(
            posyandu_id=row.posyandu_id,
            reason="missed",
            state=task_rules.OPEN,
            due_date=row.day + VISIT_WITHIN,
            made_at__gte=row.opened_at,
        )
        dropped = visits.update(
            state=task_rules.DROPPED, done_at=at, done_by=by.name[:150], note="day_removed"
        )
        _line(by, at, "day.remove", row, {"visits": dropped})
        row.delete()


def _line(by: Actor, at: datetime, kind: str, row: Day, facts: Mapping[str, Any]) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="posyandu_day",
        subject_id=row.id,
        region_code=row.region_code,
        facts={"day": row.day.isoformat(), **facts},
    )


def _locked(by: Actor, act: str, day_id: UUID) -> Day:
    row = access.day_for(by, day_id, lock=True)
    roles.require(by, act, roles.Place(region_code=row.region_code))
    return row


def change_day(
    *,
    by: Actor,
    at: datetime,
    day_id: UUID,
    education: Sequence[str] | None = None,
    note: str | None = None,
) -> Day:
    """Write down what was told to everybody that day, and a remark. What is not named stays.

    Raises:
        NotFound, TooLong.
    """
    with transaction.atomic():
        row = _locked(by, "day.change", day_id)
        if education is not None:
            row.education = list(dict.fromkeys(text.clean_line(one, 60) for one in education if one.strip()))
        if note is not None:
            row.note = text.clean_line(note, 500)
        row.save(update_fields=["education", "note"])
        _line(by, at, "day.change", row, {"education": len(row.education)})
    return row


def arrive_participant(
    *,
    by: Actor,
    at: datetime,
    day_id: UUID,
    participant_id: UUID,
    came_at: datetime | None = None,
    coming_id: UUID | None = None,
) -> Coming:
    """Somebody came: the next number of the queue. Who has one keeps it; several cadres at once never give one number twice.

    Raises:
        NotFound, DayClosed.
    """
    with transaction.atomic():
        day = _locked(by, "participant.arrive", day_id)
        participant = access.participant_for(by, participant_id)
        known = Coming.objects.filter(day=day, participant=participant).first()
        if known is not None:
            return known
        if day.closed_at is not None:
            raise DayClosed
        highest = Coming.objects.filter(day=day).aggregate(n=Max("number"))["n"]
        row = Coming.objects.create(
            id=coming_id or uuid7(),
            day=day,
            participant=participant,
            number=rules.next_place([highest] if highest else []),
            came_at=came_at or at,
            step=2,
            steps={"1": _mark(by, at)},
        )
        _line(by, at, "participant.arrive", day, {"number": row.number, "coming_id": str(row.id)})
    return row


def _mark(by: Actor, at: datetime) -> dict[str, str]:
    return {"at": at.isoformat(), "seat": str(by.seat_id or "")}


def finish_step(
    *,
    by: Actor,
    at: datetime,
    coming_id: UUID,
    step: int,
    values: Mapping[str, Any] | None = None,
    seen: str = "",
    sure: Collection[str] = (),
    examination_id: UUID | None = None,
) -> Coming:
    """Finish one step of somebody: what was measured, asked or given goes onto the line of the day, and is judged at once.

    ``seen`` is the mark of the answers that stood in this step when the writer began (``rules.examinations.fingerprint``). When another
    cadre has answered differently since, both are kept: a second entry stands beside the first and waits for a choice.

    Raises:
        NotFound, StepUnknown; what ``record_examination`` refuses.
    """
    if step not in rules.STEPS:
        raise StepUnknown
    with transaction.atomic():
        coming, day = _coming(by, "step.finish", coming_id)
        if values:
            _write(by, at, coming, day, step, values, seen, sure, examination_id)
        coming.steps = {**coming.steps, str(step): _mark(by, at)}
        coming.step = rules.next_step(int(one) for one in coming.steps)
        coming.left_at = None if coming.step != rules.DONE else coming.left_at
        coming.save(update_fields=["steps", "step", "left_at"])
        _line(by, at, "step.finish", day, {"step": step, "number": coming.number})
    return coming


def _coming(by: Actor, act: str, coming_id: UUID) -> tuple[Coming, Day]:
    """A number of the queue, with its day; the day is locked first, as when numbers are given."""
    seen = access.one(access.comings(by), coming_id)
    day = _locked(by, act, seen.day_id)
    found = Coming.objects.select_for_update(of=("self",)).select_related("participant__person")
    return found.get(id=seen.id), day


def _write(
    by: Actor,
    at: datetime,
    coming: Coming,
    day: Day,
    step: int,
    values: Mapping[str, Any],
    seen: str,
    sure: Collection[str],
    examination_id: UUID | None,
) -> Examination | None:
    """Onto the line of the day: the first answers make it, later ones are added, contradicting ones stand beside it."""
    participant = coming.participant
    row = entry_queries.line_of(participant, day)
    told = {key: value for key, value in values.items() if value not in (None, "", [])}
    if row is None:
        if not told:
            return None
        return _record(by, at, participant, day, told, sure, examination_id)
    keys = queries.asked(participant, day.day, step, row.form_version).keys
    now = {key: value for key, value in row.values.items() if key in keys}
    if entry_rules.fingerprint(row.values, keys) == seen:
        if entry_rules.merged(now, values) == now:
            return row
        return examinations.amend_examination(by=by, at=at, examination_id=row.id, values=values, sure=sure)
    if entry_rules.contradicts(row.values, told):
        both = entry_rules.merged(row.values, told)
        return _record(by, at, participant, day, both, sure, examination_id)
    if not told or all(now.get(key) == value for key, value in told.items()):
        return row
    return examinations.amend_examination(by=by, at=at, examination_id=row.id, values=told, sure=sure)


def _record(
    by: Actor,
    at: datetime,
    participant: Participant,
    day: Day,
    values: Mapping[str, Any],
    sure: Collection[str],
    examination_id: UUID | None,
) -> Examination:
    return examinations.record_examination(
        by=by,
        at=at,
        participant_id=participant.id,
        date=day.day,
        values=values,
        day_id=day.id,
        sure=sure,
        examination_id=examination_id,
    )


def leave_participant(
    *, by: Actor, at: datetime, coming_id: UUID, left_at: datetime | None = None, back: bool = False
) -> Coming:
    """Write down that somebody went home, whether all steps are done or not; with ``back`` that they are here again: nobody waits
    on a closed day.

    Raises:
        NotFound, DayClosed.
    """
    with transaction.atomic():
        coming, day = _coming(by, "participant.leave", coming_id)
        if back and day.closed_at is not None:
            raise DayClosed
        coming.left_at = None if back else (coming.left_at or left_at or at)
        coming.save(update_fields=["left_at"])
        _line(by, at, "participant.leave", day, {"number": coming.number, "back": back})
    return coming


def close_day(
    *,
    by: Actor,
    at: datetime,
    day_id: UUID,
    answers: Mapping[str, bool] | None = None,
    note: str = "",
    missed_forms: Collection[str] = rules.MISSED_FORMS,
    sure: Collection[str] = (),
) -> Day:
    """Close a day with its check: who left unfinished, who did not come (each becomes a task to visit), what is left to be settled.

    ``sure`` holds "unfinished" when those who still wait have gone home. Closing a closed day changes nothing.

    Raises:
        NotFound, StillWaiting, TooLong.
    """
    with transaction.atomic():
        day = _locked(by, "day.close", day_id)
        if day.closed_at is not None:
            return day
        check = queries.check(by, day)
        if check.waiting and "unfinished" not in sure:
            raise StillWaiting(count=len(check.waiting))
        Coming.objects.filter(id__in=[one.id for one in check.waiting]).update(left_at=at)
        missed = [one for one in check.missed if one.form in missed_forms]
        for one in missed:
            _visit(by, at, day, one)
        day.closed_at, day.closed_by = at, by.name[:150]
        day.note = text.clean_line(note, 500) or day.note
        day.check_list = {
            **{name: bool((answers or {}).get(name)) for name in QUESTIONS},
            **check.counted(),
            "tasks": len(missed),
        }
        day.save(update_fields=["closed_at", "closed_by", "note", "check_list"])
        _line(by, at, "day.close", day, {"check": day.check_list})
    return day


def _visit(by: Actor, at: datetime, day: Day, participant: Participant) -> None:
    """Somebody is to be visited who did not come."""
    _tasks.open_task(
        by,
        at,
        posyandu=day.posyandu,
        reason="missed",
        due_date=day.day + VISIT_WITHIN,
        person=participant.person,
        household=participant.person.household,
        participant=participant,
        cadre=participant.cadre,
    )


def reopen_day(*, by: Actor, at: datetime, day_id: UUID) -> Day:
    """Open a closed day again, for somebody who came late or an entry that was forgotten. An open day stays as it is.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        day = _locked(by, "day.reopen", day_id)
        if day.closed_at is None:
            return day
        day.closed_at, day.closed_by = None, ""
        day.save(update_fields=["closed_at", "closed_by"])
        _line(by, at, "day.reopen", day, {})
    return day
