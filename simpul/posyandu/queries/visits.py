"""Visits at home of a posyandu: the list, a week of them for the health post, whom to visit, what is known of whom is visited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people import access as people_access
from simpul.people.models import Household, Person
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Finding, HomeVisit, Participant, Posyandu, Task
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import visits as rules

PAGE = 30
_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed by: a class of the recap, what was not told yet, one checklist."""

    class_code: str = ""
    untold: bool = False
    checklist: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a visit is to, and what is proposed for it."""

    person: Person | None
    household: Household | None
    participant: Participant | None
    checklist: int
    age_months: int | None
    task: Task | None = None

    @property
    def name(self) -> str:
        """The person, else the family."""
        if self.person is not None:
            return str(self.person.full_name)
        return str(self.household.name) if self.household is not None else ""


def _rows(by: Actor, posyandu: Posyandu) -> QuerySet[HomeVisit]:
    rows = access.visits(by).filter(posyandu=posyandu)
    open_data = Q(person=None) | Q(person__restricted_at=None, person__erased_at=None)
    return rows.filter(open_data).select_related("person", "household", "cadre")


def listed(by: Actor, posyandu: Posyandu, filters: Filters) -> tuple[list[HomeVisit], bool]:
    """One page of visits, newest first, and whether there are more."""
    rows = _rows(by, posyandu)
    if filters.untold:
        rows = rows.filter(reported_date=None, withdrawn_at=None)
    if filters.checklist is not None:
        rows = rows.filter(checklist=filters.checklist)
    ordered = rows.order_by("-date", "-recorded_at")
    if filters.class_code:  # JSON lists are searched here: both databases spell the question differently
        found = [one for one in ordered[:2000] if filters.class_code in one.classes]
        first = (filters.page - 1) * PAGE
        return found[first : first + PAGE], len(found) > first + PAGE
    first = (filters.page - 1) * PAGE
    page = list(ordered[first : first + PAGE + 1])
    return page[:PAGE], len(page) > PAGE


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def of_week(by: Actor, posyandu: Posyandu, monday: date) -> list[HomeVisit]:
    """Visits of one week that were not taken back, oldest first: what is told to the health post."""
    rows = _rows(by, posyandu).filter(date__range=week_of(monday), withdrawn_at=None)
    return list(rows.order_by("date", "recorded_at")[:500])


def counted(visits: Sequence[HomeVisit]) -> dict[str, int]:
    """Numbers of the recap."""
    return rules.counted([(one.met, one.classes) for one in visits])


def to_choose(by: Actor, posyandu: Posyandu, words: str) -> list[Participant]:
    """Cards of the posyandu whose name has these words."""
    key = text.name_key(words)
    if not key:
        return []
    rows = access.participants(by).filter(posyandu=posyandu, closed_date=None)
    rows = rows.filter(Q(person__name_key__contains=key) | Q(mother__name_key__contains=key))
    return list(rows.select_related("person", "mother").order_by("person__name_key", "form")[:_CHOICES])


def families(by: Actor, posyandu: Posyandu, words: str) -> list[Household]:
    """Families of the village by the name of the household."""
    typed = words.strip()
    if len(typed) < 2:
        return []
    rows = people_access.households(by).filter(region_code=posyandu.region_code, ended_date=None)
    return list(rows.filter(name__icontains=typed).order_by("name")[:_CHOICES])


def due(by: Actor, posyandu: Posyandu, limit: int = 12) -> list[Task]:
    """Whom to visit first."""
    rows = access.tasks(by).filter(posyandu=posyandu, state="open")
    rows = rows.exclude(reason__in=finding_queries.guarded_codes())
    rows = rows.filter(Q(person=None) | Q(person__restricted_at=None, person__erased_at=None))
    return list(rows.order_by("due_date", "id")[:limit])


def subject(
    by: Actor,
    posyandu: Posyandu,
    on: date,
    *,
    participant_id: UUID | None = None,
    person_id: UUID | None = None,
    household_id: UUID | None = None,
    task_id: UUID | None = None,
) -> Subject:
    """Whom the visit is to, with the checklist that fits.

    Raises:
        NotFound: no such person, family or task for this actor, or nobody was named.
    """
    task = access.task_for(by, task_id) if task_id else None
    if task is not None:
        if task.posyandu_id != posyandu.id:
            raise NotFound
        participant_id = participant_id or task.participant_id
        person_id = person_id or task.person_id
        household_id = household_id or task.household_id
    participant = _card(by, participant_id, person_id)
    person = participant.person if participant is not None else None
    if person is None and person_id is not None:
        person = people_access.person_for(by, person_id)
    household = person.household if person is not None else None
    if household is None and household_id is not None:
        household = people_access.household_for(by, household_id)
    if person is None and household is None:
        raise NotFound
    months = _months(person, on)
    return Subject(
        person, household, participant, _checklist(person, participant, months, task), months, task
    )


def checklist_of(by: Actor, task: Task, on: date) -> int:
    """The checklist that goes along when a task brings somebody to the door on a day; 0 is the family sheet."""
    participant = _card(by, task.participant_id, task.person_id)
    person = participant.person if participant is not None else task.person
    return _checklist(person, participant, _months(person, on), task)


def _card(by: Actor, participant_id: UUID | None, person_id: UUID | None) -> Participant | None:
    if participant_id is not None:
        return access.participant_for(by, participant_id)
    if person_id is None:
        return None
    rows = access.participants(by).filter(person_id=person_id, closed_date=None)
    found: Participant | None = rows.order_by("-opened_date").first()
    return found


def _months(person: Person | None, on: date) -> int | None:
    born = person.birth_date if person is not None else None
    return growth.completed_months(born, on) if born is not None and born <= on else None


def _checklist(
    person: Person | None, participant: Participant | None, months: int | None, task: Task | None
) -> int:
    if person is None:
        return 0
    kind = finding_queries.kind(task.reason) if task is not None else None
    if kind is not None and kind.checklist >= 0:
        return int(kind.checklist)
    form = participant.form if participant is not None else ""
    delivered = form == "A" and bool(participant and participant.details.get("delivered_date"))
    return rules.proposed(form, months, delivered=delivered)


def findings_of(by: Actor, visit: HomeVisit) -> list[Finding]:
    """What this visit found and what is open of it."""
    rows = access.findings(by).filter(visit=visit).exclude(code__in=finding_queries.guarded_codes())
    return list(rows.select_related("case").order_by("code"))
