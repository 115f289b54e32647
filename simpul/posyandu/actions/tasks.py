"""Acts on tasks: whom a cadre visits and by when; the round of the year; given, done, dropped, put back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _tasks
from simpul.posyandu.models import Finding, HomeVisit, Posyandu, Task
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import reach
from simpul.posyandu.rules import tasks as rules


class TaskReasonMissing(Refused):
    """A task leaves the list with a reason."""

    code = "task.reason_missing"
    sentence = _("Write in a few words why or what was done, so that the next person understands.")
    field = "note"


class TaskEnded(Refused):
    """Done or dropped."""

    code = "task.ended"
    sentence = _("This task is done or was taken off the list. Put it back first.")


class TaskStands(Refused):
    """One open task for a person and reason."""

    code = "task.stands"
    sentence = _("The same task is on the list already.")


class CadreElsewhere(Refused):
    """Tasks go to cadres of the same posyandu."""

    code = "task.cadre_elsewhere"
    sentence = _("Choose a cadre who serves at this posyandu.")
    field = "cadre"


class TaskDayPast(Refused):
    """Nobody can visit yesterday."""

    code = "task.day_past"
    sentence = _("Choose today or a later day.")
    field = "due_date"


class TaskReasonUnknown(Refused):
    """A reason of the list."""

    code = "task.reason_unknown"
    sentence = _("Choose the reason from the list.")
    field = "reason"


def add_task(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    reason: str,
    due_date: date,
    person_id: UUID | None = None,
    household_id: UUID | None = None,
    cadre_id: UUID | None = None,
) -> Task:
    """Put a person or a household on the list by hand. The same person and reason again gives the task that is open.

    Raises:
        NotFound, TaskReasonUnknown, TaskDayPast, CadreElsewhere.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "task.add", roles.Place(region_code=posyandu.region_code))
        if reason not in rules.REASONS:
            raise TaskReasonUnknown
        if due_date < _tasks.today(posyandu.region_code, at):
            raise TaskDayPast
        person = people_access.active_for(by, person_id) if person_id else None
        household = people_access.household_for(by, household_id) if household_id else None
        if person is None and household is None:
            raise NotFound
        task = _tasks.open_task(
            by,
            at,
            posyandu=posyandu,
            reason=reason,
            due_date=due_date,
            person=person,
            household=household,
            cadre=_cadre(posyandu, cadre_id),
        )
        _line(by, at, "task.add", task, {"reason": reason, "due": due_date.isoformat()})
    return task


def _cadre(posyandu: Posyandu, cadre_id: UUID | None) -> Any:
    if cadre_id is None:
        return None
    found = posyandu.cadres.filter(id=cadre_id, ended_date=None).first()
    if found is None:
        raise CadreElsewhere
    return found


def assign_task(
    *, by: Actor, at: datetime, task_id: UUID, cadre_id: UUID | None, due_date: date | None = None
) -> Task:
    """Give a task to a cadre of the posyandu, or to nobody in particular; with another day when one is given.

    Raises:
        NotFound, TaskEnded, CadreElsewhere, TaskDayPast.
    """
    with transaction.atomic():
        task = _begin(by, "task.assign", task_id)
        if task.state != rules.OPEN:
            raise TaskEnded
        if (
            due_date is not None
            and due_date != task.due_date
            and due_date < _tasks.today(task.region_code, at)
        ):
            raise TaskDayPast
        task.cadre = _cadre(task.posyandu, cadre_id)
        task.due_date = due_date or task.due_date
        task.save(update_fields=["cadre", "due_date"])
        _line(by, at, "task.assign", task, {"due": task.due_date.isoformat()})
    return task


def finish_task(*, by: Actor, at: datetime, task_id: UUID, note: str, visit_id: UUID | None = None) -> Task:
    """Write down that a task is done without a checklist: a call, a meeting on the road. Done already, nothing changes.

    Raises:
        NotFound, TaskEnded, TaskReasonMissing.
    """
    return _end(by, at, "task.finish", task_id, rules.DONE, note, visit_id)


def drop_task(*, by: Actor, at: datetime, task_id: UUID, note: str) -> Task:
    """Take a task off the list, and say why: moved away, written down twice.

    Raises:
        NotFound, TaskEnded, TaskReasonMissing.
    """
    return _end(by, at, "task.drop", task_id, rules.DROPPED, note, None)


def _end(
    by: Actor, at: datetime, act: str, task_id: UUID, state: str, note: str, visit_id: UUID | None
) -> Task:
    with transaction.atomic():
        task = _begin(by, act, task_id)
        if task.state == state:
            return task
        if task.state != rules.OPEN:
            raise TaskEnded
        said = text.clean_line(note)[:300]
        if len(said) < 3:
            raise TaskReasonMissing
        visit = access.visit_for(by, visit_id) if visit_id else None
        _tasks.end(task, by, at, state, note=said, visit=visit)
        _line(by, at, act, task, {}, {"note": said})
    return task


def resume_task(*, by: Actor, at: datetime, task_id: UUID) -> Task:
    """Put a task back on the list that was ended by mistake.

    Raises:
        NotFound, TaskStands.
    """
    with transaction.atomic():
        task = _begin(by, "task.resume", task_id)
        if task.state == rules.OPEN:
            return task
        same = (
            {"person_id": task.person_id}
            if task.person_id
            else {"person": None, "household_id": task.household_id}
        )
        if Task.objects.filter(state=rules.OPEN, reason=task.reason, **same).exists():
            raise TaskStands
        task.state, task.done_at, task.done_by, task.visit = rules.OPEN, None, "", None
        task.save(update_fields=["state", "done_at", "done_by", "visit"])
        _line(by, at, "task.resume", task, {})
    return task


def propose_tasks(*, by: Actor, at: datetime, posyandu_id: UUID) -> int:
    """Put families on the list that are due for a visit: at risk monthly, every family at least once a year, a twelfth of them a month.

    Proposed again, nothing changes. Returns how many were put on the list.

    Raises:
        NotFound: no such posyandu, or not for this actor.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "tasks.propose", roles.Place(region_code=posyandu.region_code))
        today = _tasks.today(posyandu.region_code, at)
        made = 0
        for household, at_risk in _due(posyandu, today):
            _tasks.open_task(
                by,
                at,
                posyandu=posyandu,
                reason="routine",
                due_date=rules.routine_date(today, at_risk=at_risk),
                household=household,
            )
            made += 1
        if made:
            journal_actions.record(
                by=by,
                at=at,
                kind="tasks.propose",
                subject_kind="posyandu",
                subject_id=posyandu.id,
                region_code=posyandu.region_code,
                facts={"tasks": made},
            )
    return made


def _due(posyandu: Posyandu, today: date) -> list[tuple[Any, bool]]:
    """Households that are due, at risk first, then the longest unvisited; no more of the yearly round than this month's share."""
    rows = list(reach.households(posyandu))
    keys = [row.id for row in rows]
    last = _last_visits(keys)
    risky = set(
        Finding.objects.filter(household_id__in=keys, state="open", level__in=("alert", "danger"))
        .exclude(code__in=finding_queries.guarded_codes())
        .values_list("household_id", flat=True)
    )
    routine = Task.objects.filter(household_id__in=keys, person=None, reason="routine")
    waiting = set(routine.filter(state=rules.OPEN).values_list("household_id", flat=True))
    month = today.replace(day=1)
    made = routine.filter(made_at__date__gte=month).count()
    due = [
        (row, row.id in risky)
        for row in rows
        if row.id not in waiting and rules.routine_due(last.get(row.id), today, at_risk=row.id in risky)
    ]
    urgent = [one for one in due if one[1]]
    yearly = sorted(
        (one for one in due if not one[1]), key=lambda one: (last.get(one[0].id) or date.min, str(one[0].id))
    )
    return [*urgent, *yearly[: rules.quota(len(rows), made)]]


def _last_visits(keys: list[UUID]) -> dict[UUID, date]:
    """When a cadre last met somebody of each household."""
    rows = HomeVisit.objects.filter(met=True, withdrawn_at=None)
    found: dict[UUID, date] = {}
    for column in ("household_id", "person__household_id"):
        for key, day in (
            rows.filter(**{f"{column.removesuffix('_id')}__in": keys})
            .values_list(column)
            .annotate(day=Max("date"))
        ):
            found[key] = max(found.get(key, date.min), day)
    return found


def _begin(by: Actor, act: str, task_id: UUID) -> Task:
    task = access.task_for(by, task_id, lock=True)
    roles.require(by, act, roles.Place(region_code=task.region_code))
    return task


def _line(
    by: Actor,
    at: datetime,
    act: str,
    task: Task,
    facts: dict[str, Any],
    inputs: dict[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=act,
        subject_kind="task",
        subject_id=task.id,
        region_code=task.region_code,
        facts=facts,
        inputs=inputs,
    )
