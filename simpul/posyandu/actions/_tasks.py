"""Steps of tasks: open one or join the open one, do those that a visit answers. No acts: the act around them leaves the line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.people.models import Household, Person
from simpul.posyandu.models import Cadre, Finding, HomeVisit, Participant, Posyandu, Task
from simpul.posyandu.rules import tasks as rules

MISSED_SPAN = timedelta(days=62)
"""A day missed longer ago than two months from an entry was another one (the entry is an old one that came in late)."""


def today(region_code: str, at: datetime) -> date:
    """The date at a place."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


def open_task(
    by: Actor,
    at: datetime,
    *,
    posyandu: Posyandu,
    reason: str,
    due_date: date,
    person: Person | None = None,
    household: Household | None = None,
    participant: Participant | None = None,
    finding: Finding | None = None,
    cadre: Cadre | None = None,
) -> Task:
    """Put somebody on the list of whom to visit. One open task for a person (or a household alone) and reason: the earlier day stands."""
    household_id = household.id if household is not None else person.household_id if person else None
    known = _open_one(person.id if person else None, household_id, reason)
    if known is not None:
        _join(known, due_date, finding, participant, cadre)
        return known
    return Task.objects.create(
        posyandu=posyandu,
        region_code=posyandu.region_code,
        cadre=cadre or (participant.cadre if participant is not None else None),
        household_id=household_id,
        person=person,
        participant=participant,
        finding=finding,
        reason=reason,
        due_date=due_date,
        made_at=at,
    )


def _open_one(person_id: UUID | None, household_id: UUID | None, reason: str) -> Task | None:
    rows = Task.objects.filter(state=rules.OPEN, reason=reason)
    rows = rows.filter(person_id=person_id) if person_id else rows.filter(person=None)
    if person_id is None:
        if household_id is None:
            return None
        rows = rows.filter(household_id=household_id)
    return rows.select_for_update().first()


def _join(
    task: Task,
    due_date: date,
    finding: Finding | None,
    participant: Participant | None,
    cadre: Cadre | None,
) -> None:
    """Let the open task hold what the new reason to go knows besides."""
    given = {"finding": finding, "participant": participant, "cadre": cadre}
    changes: dict[str, object] = {
        name: value
        for name, value in given.items()
        if value is not None and getattr(task, f"{name}_id") is None
    }
    if due_date < task.due_date:
        changes["due_date"] = due_date
    for name, value in changes.items():
        setattr(task, name, value)
    if changes:
        task.save(update_fields=list(changes))


def end(
    task: Task, by: Actor, at: datetime, state: str, *, note: str = "", visit: HomeVisit | None = None
) -> None:
    """Take a task off the list."""
    task.state, task.done_at, task.done_by = state, at, by.name[:150]
    task.note = note[:300]
    if visit is not None:
        task.visit = visit
    task.save(update_fields=["state", "done_at", "done_by", "note", "visit"])


def end_of_finding(by: Actor, at: datetime, finding: Finding, *, note: str) -> None:
    """A finding is over: nobody need go there for it."""
    rows = Task.objects.filter(finding=finding, state=rules.OPEN, reason=finding.code)
    rows.update(state=rules.DROPPED, done_at=at, done_by=by.name[:150], note=note[:300])


def came(by: Actor, at: datetime, person: Person, on: date) -> None:
    """Somebody who missed a day has come since: nobody need go and ask why."""
    rows = Task.objects.filter(
        person=person, reason="missed", state=rules.OPEN, due_date__lte=on + MISSED_SPAN
    )
    rows.update(state=rules.DROPPED, done_at=at, done_by=by.name[:150], note="over")


def answered_by(visit: HomeVisit) -> QuerySet[Task]:
    """The open tasks that a visit answers: those of the person who was met; a family sheet also answers those of the household alone."""
    household_id = visit.household_id or (visit.person.household_id if visit.person is not None else None)
    wanted = Q(pk__in=[])
    if visit.person_id is not None:
        wanted |= Q(person_id=visit.person_id)
    if household_id is not None:
        own = Q(household_id=household_id, person=None)
        wanted |= own if visit.checklist == 0 else own & Q(reason="routine")
    return Task.objects.filter(wanted, state=rules.OPEN, made_at__lte=visit.recorded_at)


def do_by_visit(by: Actor, at: datetime, visit: HomeVisit) -> int:
    """Close what the visit answers; where nobody was met, the tasks stay, and the next one is dated when the cadre said so."""
    done = 0
    if visit.met:
        for task in answered_by(visit).select_for_update(of=("self",)):
            end(task, by, at, rules.DONE, note=visit.outcome, visit=visit)
            done += 1
    if visit.next_date is not None and visit.met:
        open_task(
            by,
            at,
            posyandu=visit.posyandu,
            reason="next_visit",
            due_date=visit.next_date,
            person=visit.person,
            household=visit.household,
            participant=visit.participant,
            cadre=visit.cadre,
        )
    return done
