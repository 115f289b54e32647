"""One household's page: house, household, families, members, contradictions, what is missing, what happened; what a visit is for.

A fixed number of queries, however many members and however long the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib.actor import Actor
from simpul.people import access
from simpul.people.models import (
    Belonging,
    Family,
    Flag,
    House,
    Household,
    LifeEvent,
    Observation,
    Person,
    Profile,
    Relation,
)
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists
from simpul.people.rules import fields as field_rules
from simpul.people.rules import visits
from simpul.people.rules.history import EVERYTHING


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives in the household, or stands on one of its cards."""

    person: Person
    age: int | None
    profile: Profile | None
    here: bool
    is_head: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements of one field that contradict each other: a person chooses."""

    subject_kind: str
    subject_id: UUID
    field: str
    statements: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a visit is for."""

    missing: tuple[visits.Missing, ...]
    conflicts: int
    last_said: date | None
    stale: bool
    no_head: bool
    bring: tuple[str, ...] = visits.BRING


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the register knows of one household that the actor may see."""

    household: Household
    house: House | None
    families: tuple[Family, ...]
    members: tuple[Member, ...]
    restricted: int
    neighbours: tuple[Household, ...]  # other households under this roof
    former: tuple[Belonging, ...]
    events: tuple[LifeEvent, ...]
    relations: tuple[Relation, ...]
    flags: dict[UUID, tuple[Flag, ...]]
    conflicts: tuple[Conflict, ...]
    latest: dict[tuple[UUID, str], Observation]  # (subject, field) -> the newest word; ``word_on`` reads it
    plan: Plan
    house_persons: int = 0


def page_of(by: Actor, household_id: UUID, today: date) -> Page:
    """A household's page as this actor may see it.

    Raises:
        NotFound: there is no such household, or not for this actor.
    """
    household = access.household_for(by, household_id)
    house = House.objects.filter(id=household.house_id).first() if household.house_id else None
    everybody = _persons(household)
    shown = [
        one
        for one in everybody
        if one.restricted_at is None and one.erased_at is None and by.serves(one.region_code)
    ]
    families = _families(household, shown)
    members = _members(household, shown, today)
    subjects = [
        household.id,
        *([house.id] if house else []),
        *(one.id for one in families),
        *(one.id for one in shown),
    ]
    latest, conflicts = _said(subjects)
    former = tuple(
        Belonging.objects.filter(
            household=household, until_date__isnull=False, person__restricted_at=None, person__erased_at=None
        )
        .select_related("person")
        .order_by("-until_date")[:50]
    )
    open_ones = access.openly(one.person_id for one in former)
    former = tuple(one for one in former if one.person_id in open_ones)
    ids = [one.id for one in shown]
    gone = [one.person_id for one in former]
    return Page(
        household=household,
        house=house,
        families=families,
        members=members,
        restricted=sum(1 for one in everybody if one.restricted_at is not None),
        neighbours=_neighbours(by, household),
        former=former,
        events=tuple(
            LifeEvent.objects.filter(
                Q(person_id__in=ids) | Q(_seen_here(by), person_id__in=gone), undone_at=None
            )
            .select_related("person")
            .order_by("-on_date", "-recorded_at")[:50]
        ),
        relations=tuple(
            Relation.objects.filter(
                person_id__in=ids, until_date=None, other__restricted_at=None, other__erased_at=None
            ).select_related("other")
        ),
        flags=_flags(by, ids),
        conflicts=conflicts,
        latest=latest,
        plan=_plan(household, house, families, members, conflicts, latest, today),
        house_persons=Person.objects.filter(household__house=house, life="here").count() if house else 0,
    )


def _seen_here(by: Actor) -> Q:
    """Events of the seat's area: of who left, where they went and what happens to them there is not told here."""
    found = Q()
    for area in by.served_areas:
        found |= Q(from_region__startswith=area) | Q(from_region="", to_region__startswith=area)
    return found


def _persons(household: Household) -> list[Person]:
    """Who lives here, and who stands on a card of the household and eats elsewhere."""
    inside = Person.objects.filter(household=household) | Person.objects.filter(
        family__household=household, life="here"
    )
    return sorted(
        inside.exclude(life__in=("dead", "merged")).select_related("hamlet", "family", "profile").distinct(),
        key=lambda one: (
            one.household_id != household.id,
            one.id != household.head_id,
            one.household_relation or "~",
            one.birth_date or date.max,
        ),
    )


def _families(household: Household, shown: Iterable[Person]) -> tuple[Family, ...]:
    ids = {one.family_id for one in shown if one.family_id}
    rows = Family.objects.filter(id__in=ids) | Family.objects.filter(household=household)
    return tuple(
        rows.filter(ended_date=None).select_related("head").distinct().order_by("registered_at", "id")
    )


def _members(household: Household, shown: Iterable[Person], today: date) -> tuple[Member, ...]:
    return tuple(
        Member(
            person=one,
            age=field_rules.age_on(one.birth_date, today),
            profile=getattr(one, "profile", None),
            here=one.household_id == household.id,
            is_head=one.id == household.head_id,
        )
        for one in shown
    )


def _neighbours(by: Actor, household: Household) -> tuple[Household, ...]:
    if household.house_id is None:
        return ()
    rows = access.households(by).filter(house_id=household.house_id, ended_date=None)
    return tuple(rows.exclude(id=household.id).order_by("name")[:20])


def _flags(by: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[Flag, ...]]:
    found: dict[UUID, list[Flag]] = defaultdict(list)
    for one in access.flags(by).filter(person_id__in=ids, ended_date=None).order_by("category"):
        found[one.person_id].append(one)
    return {key: tuple(rows) for key, rows in found.items()}


def _said(subjects: Sequence[UUID]) -> tuple[dict[tuple[UUID, str], Observation], tuple[Conflict, ...]]:
    """What stands for each field, and what contradicts: two queries' worth in one."""
    latest: dict[tuple[UUID, str], Observation] = {}
    against: dict[tuple[UUID, str], list[Observation]] = defaultdict(list)
    rows = Observation.objects.filter(subject_id__in=subjects, state__in=("current", "conflict"))
    for one in rows.order_by("recorded_at", "id"):
        latest[one.subject_id, one.field] = one
        if one.state == "conflict":
            against[one.subject_id, one.field].append(one)
    return latest, tuple(
        Conflict(found[0].subject_kind, subject, key, tuple(found))
        for (subject, key), found in against.items()
    )


def word_on(
    latest: Mapping[tuple[UUID, str], Observation], subject_id: UUID, key: str, value: object
) -> Observation | None:
    """Whose word a present value is: the field's own newest statement, else that of the list which brought the whole row."""
    own = latest.get((subject_id, key))
    if own is not None or value in (None, ""):
        return own
    return latest.get((subject_id, EVERYTHING))


def _plan(
    household: Household,
    house: House | None,
    families: Sequence[Family],
    members: Sequence[Member],
    conflicts: Sequence[Conflict],
    latest: dict[tuple[UUID, str], Observation],
    today: date,
) -> Plan:
    book = lists.book()
    found: list[visits.Missing] = []
    rows: list[tuple[str, Any]] = [("household", household)]
    if house is not None:
        rows.append(("house", house))
    rows += [("family", one) for one in families]
    for about, row in rows:
        found += visits.missing(about, str(row.id), _reader(row), field_queries.of(about), book)
    for one in members:
        if not one.here:
            continue
        who = str(one.person.id)
        found += visits.missing("person", who, _reader(one.person), field_queries.of("person"), book)
        found += visits.missing(
            "profile",
            who,
            _reader(one.profile),
            field_queries.of("profile"),
            book,
            age=one.age,
            sex=one.person.sex,
        )
    last = max((one.observed_date for one in latest.values()), default=None)
    return Plan(
        missing=tuple(visits.ordered(found)),
        conflicts=len(conflicts),
        last_said=last,
        stale=visits.is_stale(last, today),
        no_head=household.head_id is None and household.ended_date is None,
    )


def _reader(row: Any) -> Any:
    return lambda key: getattr(row, key, None)


def history(by: Actor, subject_kind: str, subject_id: UUID, key: str) -> list[Observation]:
    """Every statement about one field, the newest first; of a field that was only ever told with a whole row, that statement.

    An empty list when there is no such row for this actor.
    """
    row: Any = access.subject_for(by, subject_kind, subject_id)
    if row is None:
        return []
    rows = Observation.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    found = list(rows.filter(field=key).order_by("-observed_date", "-recorded_at")[:200])
    return found or _with_the_row(row, rows, key)


def _with_the_row(row: Any, rows: QuerySet[Observation], key: str) -> list[Observation]:
    """The statement of the list that brought the whole row, with the value it holds since; it is not saved as the field's own."""
    whole = rows.filter(field=EVERYTHING).first()
    if whole is None:
        return []
    field = field_queries.of_history().get((whole.subject_kind, key))
    about = Profile.objects.filter(person=row).first() if field and field.about == "profile" else row
    held = getattr(about, key, None)
    if held in (None, ""):
        return []
    whole.field, whole.value = key, field_rules.as_text(held)
    return [whole]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person: who they are, where they belong, what happened, who belongs to them."""

    person: Person
    age: int | None
    profile: Profile | None
    belongings: tuple[Belonging, ...]
    events: tuple[LifeEvent, ...]
    relations: tuple[Relation, ...]
    related_from: tuple[Relation, ...]
    flags: tuple[Flag, ...]
    conflicts: tuple[Conflict, ...]
    latest: dict[tuple[UUID, str], Observation]


def person_page(by: Actor, person_id: UUID, today: date) -> PersonPage:
    """A person's page as this actor may see it.

    Raises:
        NotFound: there is no such person, or not for this actor.
    """
    person = access.person_for(by, person_id)
    latest, conflicts = _said([person.id])
    return PersonPage(
        person=person,
        age=field_rules.age_on(person.birth_date, person.died_date or today),
        profile=Profile.objects.filter(person=person).first(),
        belongings=tuple(
            Belonging.objects.filter(person=person)
            .select_related("household", "family")
            .order_by("until_date", "-recorded_at")[:50]
        ),
        events=tuple(LifeEvent.objects.filter(person=person).order_by("-on_date", "-recorded_at")[:50]),
        relations=tuple(
            Relation.objects.filter(person=person, other__restricted_at=None, other__erased_at=None)
            .select_related("other")
            .order_by("until_date", "kind")
        ),
        related_from=tuple(
            Relation.objects.filter(
                other=person, until_date=None, person__restricted_at=None, person__erased_at=None
            ).select_related("person")
        ),
        flags=tuple(access.flags(by).filter(person=person).order_by("ended_date", "category")),
        conflicts=conflicts,
        latest=latest,
    )


def readable(one: Observation, language: str = "id") -> str:
    """A statement's value for a page; numbers of persons and cards stay hidden."""
    if one.field in field_rules.SEALED:
        return "•••• (16)" if one.value else ""
    return field_queries.written(one.subject_kind, one.field, one.value, language)
