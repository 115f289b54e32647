"""Whom cadres visit: the list grouped by household, overdue first; and one page that joins what is known of a household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Household, Person
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, Finding, HomeVisit, Participant, Task
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import reach
from simpul.posyandu.rules import findings as finding_rules
from simpul.posyandu.rules import tasks as rules

LONGEST = 400
"""Tasks that one list shows; a posyandu of a hamlet has fewer."""


@dataclass(slots=True)
class Group:
    """A household (or somebody without one) with what there is to do."""

    household_id: UUID | None
    name: str
    address: str
    due_date: date
    overdue: bool
    tasks: list[Task] = field(default_factory=list)


@dataclass(slots=True)
class ToVisit:
    """The list, and how many tasks it holds."""

    groups: list[Group]
    count: int
    overdue: int
    cut: bool


def open_tasks(by: Actor, *, posyandu_id: UUID | None = None, cadre_id: UUID | None = None) -> QuerySet[Task]:
    """Open tasks of the area, of one posyandu, of one cadre (with those that are nobody's in particular)."""
    rows = access.tasks(by).filter(state=rules.OPEN).exclude(reason__in=finding_queries.guarded_codes())
    if posyandu_id is not None:
        rows = rows.filter(posyandu_id=posyandu_id)
    if cadre_id is not None:
        rows = rows.filter(Q(cadre_id=cadre_id) | Q(cadre=None))
    return rows


def to_visit(
    by: Actor,
    *,
    today: date,
    posyandu_id: UUID | None = None,
    cadre_id: UUID | None = None,
    within_days: int | None = None,
) -> ToVisit:
    """The list, the household with the earliest day first. With ``within_days`` only what is due until then: the week's paper."""
    rows = open_tasks(by, posyandu_id=posyandu_id, cadre_id=cadre_id)
    if within_days is not None:
        rows = rows.filter(due_date__lte=today + timedelta(days=within_days))
    rows = rows.filter(Q(person=None) | Q(person__restricted_at=None, person__erased_at=None))
    rows = rows.select_related("person__household", "household", "cadre", "finding", "participant")
    found = list(rows.order_by("due_date", "id")[: LONGEST + 1])
    groups: dict[object, Group] = {}
    for task in found[:LONGEST]:
        home = (
            task.person.household if task.person is not None and task.person.household_id else task.household
        )
        key = home.id if home is not None else task.person_id
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(task, home, today)
        group.tasks.append(task)
    overdue = sum(rules.is_overdue(task.due_date, today) for task in found)
    return ToVisit(_named(list(groups.values())), len(found[:LONGEST]), overdue, len(found) > LONGEST)


def _group(task: Task, home: Household | None, today: date) -> Group:
    person = task.person
    return Group(
        household_id=home.id if home is not None else None,
        name=home.name if home is not None else str(person) if person is not None else "",
        address=person.address if person is not None else "",
        due_date=task.due_date,
        overdue=rules.is_overdue(task.due_date, today),
    )


def folded(rows: Sequence[Task]) -> list[finding_rules.Fold[Task]]:
    """Tasks of a household as lines: of one person and family of findings the gravest in front. Each stays a task of its own."""
    return finding_rules.fold(rows, finding_queries.book(), _shown)


def _shown(task: Task) -> finding_rules.Shown:
    subject = ("person", task.person_id) if task.person_id else ("household", task.household_id)
    found = task.finding
    return finding_rules.Shown(
        task.reason, found.level if found else "", subject, found.case_id if found else None
    )


def _named(groups: list[Group]) -> list[Group]:
    """Where a household stands, by its house: one query for all."""
    keys = [group.household_id for group in groups if group.household_id is not None]
    houses = {
        key: (address, landmark)
        for key, address, landmark in Household.objects.filter(id__in=keys).values_list(
            "id", "house__address", "house__landmark"
        )
    }
    for group in groups:
        address, landmark = houses.get(group.household_id, ("", "")) if group.household_id else ("", "")
        group.address = ", ".join(part for part in (address or group.address, landmark) if part)
    return groups


def counts(by: Actor, *, today: date, posyandu_id: UUID | None = None) -> dict[str, int]:
    """Open and overdue tasks, open findings: one line of figures over the list."""
    found = open_tasks(by, posyandu_id=posyandu_id).aggregate(
        open=Count("id"), overdue=Count("id", filter=Q(due_date__lt=today))
    )
    findings = finding_queries.open_of(by, posyandu_id=posyandu_id)
    return {**found, "findings": findings.count()}


def own_cadre(by: Actor, posyandu_id: UUID) -> Cadre | None:
    """The cadre in the actor's own seat at this posyandu."""
    if by.seat_id is None:
        return None
    return Cadre.objects.filter(posyandu_id=posyandu_id, seat_id=by.seat_id, ended_date=None).first()


def cadres(posyandu_id: UUID) -> list[Cadre]:
    """Who can be given a task: those who serve there."""
    return list(Cadre.objects.filter(posyandu_id=posyandu_id, ended_date=None).order_by("name"))


# --- one household ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HouseholdSheet:
    """What is known of a household on one page."""

    household: Household
    members: list[Person]
    cards: dict[UUID, list[Participant]]
    findings: list[Finding]
    tasks: list[Task]
    visits: list[HomeVisit]
    house: list[tuple[str, str]]
    next_routine: date


def household(by: Actor, household_id: UUID, *, today: date, language: str) -> HouseholdSheet:
    """Members with their cards, open findings of all of them, the house's water, toilet and walls, tasks, visits, when the next is due.

    Raises:
        NotFound: no such household, or not for this actor.
    """
    home = people_access.household_for(by, household_id)
    members = list(people_access.visible(by).filter(household=home, life="here").order_by("birth_date", "id"))
    keys = [one.id for one in members]
    mine = Q(household=home) | Q(person__in=keys)
    cards: dict[UUID, list[Participant]] = {}
    for card in access.participants(by).filter(person__in=keys, closed_date=None).order_by("form"):
        cards.setdefault(card.person_id, []).append(card)
    guarded = finding_queries.guarded_codes()
    rows = access.findings(by).filter(mine, state="open").exclude(code__in=guarded)
    findings = list(rows.select_related("case").order_by("-last_date", "code"))
    visits = list(access.visits(by).filter(mine, withdrawn_at=None).order_by("-date", "-id")[:10])
    last = next((one.date for one in visits if one.met), None)
    at_risk = any(one.level in ("alert", "danger") for one in findings)
    span = rules.AT_RISK_DAYS if at_risk else rules.ROUTINE_DAYS
    return HouseholdSheet(
        household=home,
        members=members,
        cards=cards,
        findings=findings,
        tasks=list(open_tasks(by).filter(mine).order_by("due_date", "id")),
        visits=visits,
        house=reach.house_words(home.house, language),
        next_routine=max(today, last + timedelta(days=span)) if last else today,
    )
