"""Acts on visits at home: write one down, take it back, tell the health worker. A visit is a fact: what it says is never refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
from simpul.people import access as people_access
from simpul.people.models import Household, Person
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _findings, _people, _tasks
from simpul.posyandu.models import Cadre, Finding, HomeVisit, Participant, Posyandu, Task
from simpul.posyandu.queries import forms
from simpul.posyandu.rules import visits as rules


class ChecklistUnknown(Refused):
    """There are eight checklists and the family sheet."""

    code = "homevisit.checklist_unknown"
    sentence = _("Choose one of the eight checklists or the family sheet.")
    field = "checklist"


class VisitAhead(Refused):
    """Nobody was at a door tomorrow."""

    code = "homevisit.day_ahead"
    sentence = _("This day lies ahead. Write the day of the visit.")
    field = "date"


class NobodyVisited(Refused):
    """A visit is to somebody or to a family."""

    code = "homevisit.nobody"
    sentence = _("Choose whom you visited: a person on the list, or a family.")
    field = "person"


class WhyMissing(Refused):
    """Taking a visit back needs a reason."""

    code = "homevisit.why_missing"
    sentence = _("Write in a few words why the visit is taken back.")
    field = "why"


class ReportAhead(Refused):
    """What was told was told on a day that is over or today."""

    code = "homevisits.report_impossible"
    sentence = _("The day of the report lies ahead. Write the day on which you told the health worker.")
    field = "reported_date"


@dataclass(frozen=True, slots=True)
class _Visited:
    """Whom a visit was to."""

    person: Person | None
    household: Household | None
    participant: Participant | None


def record_homevisit(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    checklist: int,
    date: date,
    values: Mapping[str, Any],
    person_id: UUID | None = None,
    household_id: UUID | None = None,
    participant_id: UUID | None = None,
    cadre_id: UUID | None = None,
    met: bool = True,
    outcome: str = "",
    reported_date: date | None = None,
    next_date: date | None = None,
    task_ids: Collection[UUID] = (),
    form_version: str = "",
    flags: Sequence[str] = (),
    visit_id: UUID | None = None,
) -> HomeVisit:
    """Write a visit down: its class comes from the answers, what was found goes to findings, and what it answers leaves the tasks.

    ``values`` are the answers by the checklist's keys (kept units). Nobody there: ``met`` false, no class, nothing is closed.
    The same ``visit_id`` again changes nothing.

    Raises:
        NotFound: no such posyandu, person, family or cadre for this actor.
        ChecklistUnknown, VisitAhead, NobodyVisited.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "homevisit.record", roles.Place(region_code=posyandu.region_code))
        known = HomeVisit.objects.filter(id=visit_id).first() if visit_id else None
        if known is not None:
            if known.posyandu_id != posyandu.id:
                raise NotFound
            return known
        visited = _visited(by, person_id, household_id, participant_id)
        _check(posyandu, at, checklist, date, visited)
        _hold(checklist, visited)
        form = forms.checklist(checklist, form_version)
        row = HomeVisit.objects.create(
            id=visit_id or uuid7(),
            posyandu=posyandu,
            region_code=posyandu.region_code,
            household=visited.household,
            person=visited.person,
            participant=visited.participant,
            cadre=_cadre(posyandu, cadre_id, by),
            checklist=checklist,
            form_version=form.version,
            date=date,
            met=met,
            values=dict(values) if met else {},
            classes=list(rules.classes(form, values)) if met else [],
            outcome=text.clean_line(outcome, 500),
            reported_date=reported_date,
            next_date=next_date,
            flags=sorted({*flags, *_marks(posyandu, visited)}),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        if met:
            _findings.note_visit(by, at, visit=row, codes=rules.findings(form, checklist, row.values))
        _findings.close_by_visit(by, at, visit=row)
        _end_tasks(by, at, row, task_ids)
        facts = {"checklist": checklist, "met": met, "classes": len(row.classes)}
        _line(by, at, "homevisit.record", row, facts)
    return row


def _visited(
    by: Actor, person_id: UUID | None, household_id: UUID | None, participant_id: UUID | None
) -> _Visited:
    participant = access.participant_for(by, participant_id) if participant_id else None
    person = participant.person if participant is not None else None
    if person is None and person_id is not None:
        card = access.participants(by).filter(person_id=person_id).order_by("-opened_date").first()
        person = card.person if card is not None else people_access.person_for(by, person_id)
    if person is not None and participant is None:
        rows = access.participants(by).filter(person=person, closed_date=None)
        participant = rows.order_by("-opened_date").first()
    household = None
    if household_id is not None:
        own = person is not None and person.household_id == household_id
        household = person.household if own and person is not None else None
        household = household or people_access.household_for(by, household_id)
    elif person is not None:
        household = person.household
    return _Visited(person, household, participant)


def _check(posyandu: Posyandu, at: datetime, checklist: int, day: date, visited: _Visited) -> None:
    if checklist not in rules.CHECKLISTS:
        raise ChecklistUnknown
    if visited.person is None and visited.household is None:
        raise NobodyVisited
    if checklist != 0 and visited.person is None:
        raise NobodyVisited
    if day > _people.local_day(posyandu.region_code, at):
        raise VisitAhead


def _hold(checklist: int, visited: _Visited) -> None:
    """Two cadres at one family at once stand in line, also those of two posyandu; whose card is open is held by the steps of findings."""
    access.hold_home(
        visited.household if checklist == 0 else None,
        visited.person if visited.participant is None else None,
    )


def _marks(posyandu: Posyandu, visited: _Visited) -> list[str]:
    card = visited.participant
    return ["other_posyandu"] if card is not None and card.posyandu_id != posyandu.id else []


def _cadre(posyandu: Posyandu, cadre_id: UUID | None, by: Actor) -> Cadre | None:
    rows = Cadre.objects.filter(posyandu=posyandu)
    if cadre_id is not None:
        named = rows.filter(id=cadre_id).first()
        if named is None:
            raise NotFound
        return named
    return rows.filter(seat_id=by.seat_id, ended_date=None).first() if by.seat_id else None


def _end_tasks(by: Actor, at: datetime, visit: HomeVisit, task_ids: Collection[UUID]) -> None:
    """The tasks that the cadre says were done with it, beyond those that it answers by itself."""
    if not visit.met or not task_ids:
        return
    rows = Task.objects.select_for_update().filter(
        id__in=list(task_ids), posyandu_id=visit.posyandu_id, state="open"
    )
    for task in rows.exclude(reason="next_visit", made_at=at):
        _tasks.end(task, by, at, "done", note=visit.outcome, visit=visit)


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    row: HomeVisit,
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="homevisit",
        subject_id=row.id,
        region_code=row.region_code,
        facts={"date": row.date.isoformat(), **facts},
        inputs=inputs or {},
    )


def withdraw_homevisit(*, by: Actor, at: datetime, visit_id: UUID, why: str) -> HomeVisit:
    """Take a visit back that was a mistake: what only it had found is over, what it had closed and answered is open again.

    Nobody need go on the day that it had named for the next visit.

    Taken back twice changes nothing.

    Raises:
        NotFound, WhyMissing.
    """
    with transaction.atomic():
        row = access.visit_for(by, visit_id, lock=True)
        roles.require(by, "homevisit.withdraw", roles.Place(region_code=row.region_code))
        if row.withdrawn_at is not None:
            return row
        reason = text.clean_line(why, 180)
        if len(reason) < 3:
            raise WhyMissing
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        mine = Finding.objects.select_for_update(of=("self",)).filter(visit=row, state="open", times=1)
        ended = list(mine)
        for finding in ended:
            _findings.close(by, at, finding, _findings.CORRECTED)
        _drop_next(by, at, row)
        facts = {
            "findings": len(ended),
            "reopened": _findings.reopen_by_visit(by, at, row),
            "tasks": _reopen_tasks(row),
        }
        _line(by, at, "homevisit.withdraw", row, facts, {"why": reason})
    return row


def _drop_next(by: Actor, at: datetime, visit: HomeVisit) -> None:
    """The next visit that this one had put on the list falls away with it."""
    if visit.next_date is None:
        return
    whose = {"person": visit.person} if visit.person_id else {"person": None, "household": visit.household}
    rows = Task.objects.select_for_update(of=("self",)).filter(
        state="open", reason="next_visit", made_at=visit.recorded_at, posyandu_id=visit.posyandu_id, **whose
    )
    for task in rows:
        _tasks.end(task, by, at, "dropped", note=_findings.CORRECTED)


def _reopen_tasks(visit: HomeVisit) -> int:
    """Put back what the visit had answered, unless the same reason to go is on the list again."""
    count = 0
    for task in Task.objects.select_for_update(of=("self",)).filter(visit=visit, state="done"):
        same = Task.objects.filter(state="open", reason=task.reason, person=task.person)
        if task.person is None:
            same = same.filter(household=task.household)
        if same.exists():
            continue
        task.state, task.done_at, task.done_by, task.visit = "open", None, "", None
        task.save(update_fields=["state", "done_at", "done_by", "visit"])
        count += 1
    return count


def report_homevisits(
    *, by: Actor, at: datetime, posyandu_id: UUID, visit_ids: Collection[UUID], reported_date: date
) -> int:
    """Say that these visits were told to the health worker, and when; those already told keep their day. Returns how many were new.

    Raises:
        NotFound, ReportAhead.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id)
        roles.require(by, "homevisits.report", roles.Place(region_code=posyandu.region_code))
        if reported_date > _people.local_day(posyandu.region_code, at):
            raise ReportAhead
        rows = HomeVisit.objects.filter(
            id__in=list(visit_ids), posyandu=posyandu, withdrawn_at=None, reported_date=None
        )
        count = rows.update(reported_date=reported_date)
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="homevisits.report",
                subject_kind="posyandu",
                subject_id=posyandu.id,
                region_code=posyandu.region_code,
                facts={"visits": count, "date": reported_date.isoformat()},
            )
    return count
