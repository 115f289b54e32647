"""Whose door is next and why; how far each facilitator and hamlet has come; who can be given doors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.outreach import access
from simpul.outreach.models import Assignment, Verification, Visit
from simpul.outreach.rules import doors as rules
from simpul.outreach.rules import need as need_rules
from simpul.outreach.rules import verification as verification_rules
from simpul.people import access as people_access
from simpul.people.models import Household, Observation, Person
from simpul.people.queries import lists
from simpul.programmes.models import Benefit, Card, CardDoor
from simpul.programmes.rules import kis as kis_rules

MOST = 2000
_POOR_FLOOR = frozenset({"earth", "bamboo", "wood_poor"})
_POOR_ROOF = frozenset({"thatch", "bamboo"})


@dataclass(frozen=True, slots=True)
class Door:
    """One household on a list: where it is, whose it is, how urgent it is and why."""

    household: Household
    address: str
    hamlet: str
    need: need_rules.Need
    visited_at: datetime | None
    outcome: str
    assignment: Assignment | None
    verification: Verification | None


@dataclass(frozen=True, slots=True)
class Part:
    """A facilitator's or a hamlet's part of the doors."""

    key: UUID | None
    name: str
    progress: rules.Progress


# --- the list -----------------------------------------------------------------------------------------------------------------


def mine(by: Actor, today: date, *, limit: int = 500) -> list[Door]:
    """The open doors of this actor's own seat, the most urgent first."""
    rows = (
        Assignment.objects.filter(access.free_heads(), seat_id=by.seat_id, ended_at=None)
        if by.seat_id
        else Assignment.objects.none()
    )
    found = {one.household_id: one for one in rows.select_related("seat__user")[:MOST]}
    return of_households(list(found), today, assignments=found)[:limit]


def of_seat(by: Actor, seat_id: UUID, today: date) -> list[Door]:
    """The open doors of a seat, as far as this actor sees them, the most urgent first."""
    rows = access.assignments(by).filter(access.free_heads(), seat_id=seat_id, ended_at=None)
    rows = rows.select_related("seat__user")
    found = {one.household_id: one for one in rows[:MOST]}
    return of_households(list(found), today, assignments=found)


def of_hamlet(
    by: Actor,
    region_code: str,
    today: date,
    hamlet_id: UUID | None = None,
    *,
    free: bool = False,
    limit: int = 500,
) -> list[Door]:
    """The households of a village, or of one hamlet, the most urgent first; with ``free`` only those on nobody's list."""
    rows = present_households(by, region_code)
    if hamlet_id is not None:
        rows = rows.filter(hamlet_id=hamlet_id)
    if free:
        rows = rows.exclude(id__in=Assignment.objects.filter(ended_at=None).values("household_id"))
    ids = list(rows.order_by("id").values_list("id", flat=True)[:MOST])
    return of_households(ids, today)[:limit]


def present_households(by: Actor, region_code: str) -> Any:
    """Households of an area that still exist, and whose head did not ask for processing to stand still."""
    rows = people_access.households(by).filter(areas.inside(region_code), ended_date=None)
    return rows.filter(Q(head=None) | Q(head__restricted_at=None))


def of_households(
    ids: Collection[UUID], today: date, *, assignments: Mapping[UUID, Assignment] | None = None
) -> list[Door]:
    """Doors with their need, the most urgent first, then by hamlet and name. For callers that checked who asks."""
    households = Household.objects.filter(id__in=ids).select_related("house", "hamlet", "head")
    rows = {one.id: one for one in households}
    given = assignments if assignments is not None else _assignments(rows)
    visits = _last_visits(rows)
    checks = _verifications(rows)
    facts = _facts(rows, visits, checks, today)
    found = [
        Door(
            household=row,
            address=address_of(row),
            hamlet=row.hamlet.name if row.hamlet else "",
            need=need_rules.need(facts[key], today),
            visited_at=visits[key].visited_at if key in visits else None,
            outcome=visits[key].outcome if key in visits else "",
            assignment=given.get(key),
            verification=checks.get(key),
        )
        for key, row in rows.items()
    ]
    return sorted(
        found, key=lambda one: (-one.need.score, one.hamlet, one.household.name, str(one.household.id))
    )


def address_of(household: Household) -> str:
    """Where to go: the house's address and landmark, else the head's."""
    house, head = household.house, household.head
    parts = [house.address, house.landmark] if house else []
    if not any(parts) and head is not None:
        parts = [head.address, head.landmark]
    return ", ".join(part for part in parts if part)


def _assignments(rows: Iterable[UUID]) -> dict[UUID, Assignment]:
    found = Assignment.objects.filter(household_id__in=list(rows), ended_at=None)
    return {one.household_id: one for one in found.select_related("seat__user")}


def _last_visits(rows: Iterable[UUID]) -> dict[UUID, Visit]:
    found = Visit.objects.filter(household_id__in=list(rows), undone_at=None).order_by("visited_at", "id")
    return {one.household_id: one for one in found}


def _verifications(rows: Iterable[UUID]) -> dict[UUID, Verification]:
    found = Verification.objects.filter(household_id__in=list(rows)).order_by("opened_at", "id")
    return {one.household_id: one for one in found}


# --- the facts behind the order ---------------------------------------------------------------------------------------------


def _facts(
    rows: Mapping[UUID, Household],
    visits: Mapping[UUID, Visit],
    checks: Mapping[UUID, Verification],
    today: date,
) -> dict[UUID, need_rules.Facts]:
    people = _people(rows, today)
    subjects = _subjects(rows, people)
    conflicts, said = _said(subjects)
    receives = _receiving(rows, people)
    kis_seen = _kis_visits(people)
    zone = ZoneInfo("UTC")
    found = {}
    for key, row in rows.items():
        if key in visits:
            zone = desk_queries.zone_of(row.region_code)
        days = [visits[key].visited_at.astimezone(zone).date()] if key in visits else []
        days += [kis_seen[key].astimezone(zone).date()] if key in kis_seen else []
        counts = people.counts.get(key, need_rules.Facts())
        found[key] = replace(
            counts,
            visited_date=max(days, default=None),
            said_date=said.get(key),
            conflicts=conflicts.get(key, 0),
            poor_house=_is_poor(row),
            receives=key in receives,
            sent_back=key in checks and checks[key].state == "P3a",
        )
    return found


@dataclass(frozen=True, slots=True)
class _People:
    counts: dict[UUID, need_rules.Facts]
    household_of: dict[UUID, UUID]  # person -> household
    family_of: dict[UUID, UUID]  # family -> household


def _people(rows: Mapping[UUID, Household], today: date) -> _People:
    counts: dict[UUID, need_rules.Facts] = {}
    household_of: dict[UUID, UUID] = {}
    family_of: dict[UUID, UUID] = {}
    persons = Person.objects.filter(
        household_id__in=list(rows), life="here", restricted_at=None, erased_at=None
    )
    off = _switched_off(persons)
    for one in persons.select_related("profile").only(
        "id", "household_id", "family_id", "birth_date", "profile__pregnant", "profile__disability",
        "profile__severe_disability", "profile__kis_state",
    ):  # fmt: skip
        home = one.household_id
        if home is None:
            continue
        household_of[one.id] = home
        if one.family_id is not None:
            family_of.setdefault(one.family_id, home)
        counts[home] = _counted(counts.get(home, need_rules.Facts()), one, today, one.id in off)
    return _People(counts, household_of, family_of)


def _switched_off(persons: Any) -> set[UUID]:
    """Who stands on a deactivation list with a card that nobody switched on again."""
    rows = Card.objects.filter(person__in=persons.values("id")).exclude(state__in=sorted(kis_rules.RESTORED))
    return set(rows.values_list("person_id", flat=True))


def _counted(facts: need_rules.Facts, person: Person, today: date, card_off: bool) -> need_rules.Facts:
    years = need_rules.age(person.birth_date, today)
    profile = getattr(person, "profile", None)
    return replace(
        facts,
        children=facts.children + (years is not None and years < need_rules.CHILD_BELOW),
        elderly=facts.elderly + (years is not None and years >= need_rules.ELDERLY_FROM),
        pregnant=facts.pregnant + (profile is not None and profile.pregnant is True),
        disabled=facts.disabled + (profile is not None and _is_disabled(profile)),
        kis_off=facts.kis_off + (card_off or (profile is not None and profile.kis_state == "inactive")),
    )


def _is_disabled(profile: Any) -> bool:
    if profile.severe_disability is True:
        return True
    meanings = lists.meanings("disability", profile.disability)
    return bool(meanings) and "none" not in meanings


def _is_poor(row: Household) -> bool:
    """True when a roof or floor can only be poor; a code that may be either is not called poor."""
    if row.house is None:
        return row.no_dwelling is True
    floor, roof = lists.meanings("floor", row.house.floor), lists.meanings("roof", row.house.roof)
    bad = lists.meanings("roof_condition", row.house.roof_condition)
    return (
        row.no_dwelling is True
        or (bool(floor) and floor <= _POOR_FLOOR)
        or (bool(roof) and roof <= _POOR_ROOF)
        or (bool(bad) and bad <= frozenset({"poor"}))
    )


def _subjects(rows: Mapping[UUID, Household], people: _People) -> dict[UUID, UUID]:
    """Subject of a statement -> household."""
    found: dict[UUID, UUID] = {key: key for key in rows}
    found |= {row.house_id: key for key, row in rows.items() if row.house_id}
    return {**found, **people.household_of, **people.family_of}


def _said(subjects: Mapping[UUID, UUID]) -> tuple[dict[UUID, int], dict[UUID, date]]:
    """Household -> how many statements contradict; household -> the day of the last statement."""
    conflicts: dict[UUID, int] = defaultdict(int)
    said: dict[UUID, date] = {}
    keys = list(subjects)
    for first in range(0, len(keys), 5000):
        rows = Observation.objects.filter(subject_id__in=keys[first : first + 5000])
        fields = rows.filter(state="conflict").values_list("subject_id", "field").distinct()
        for subject, _field in fields:
            conflicts[subjects[subject]] += 1
        for subject, day in rows.values_list("subject_id").annotate(day=Max("observed_date")):
            home = subjects[subject]
            said[home] = max(day, said.get(home, day))
    return dict(conflicts), said


def _receiving(rows: Mapping[UUID, Household], people: _People) -> set[UUID]:
    """Households in which somebody receives something."""
    found: set[UUID] = set()
    benefits = Benefit.objects.filter(state="receives")
    found |= set(benefits.filter(household_id__in=list(rows)).values_list("household_id", flat=True))
    for family in benefits.filter(family_id__in=list(people.family_of)).values_list("family_id", flat=True):
        found.add(people.family_of[family])
    for person in benefits.filter(person_id__in=list(people.household_of)).values_list(
        "person_id", flat=True
    ):
        found.add(people.household_of[person])
    return found


def _kis_visits(people: _People) -> dict[UUID, datetime]:
    """Household -> when somebody stood at the door because of a switched-off card."""
    found: dict[UUID, datetime] = {}
    rows = CardDoor.objects.filter(card__person_id__in=list(people.household_of), undone_at=None)
    for person, at in rows.values_list("card__person_id", "at"):
        home = people.household_of[person]
        found[home] = max(at, found.get(home, at))
    return found


# --- who walks, and how far they have come ------------------------------------------------------------------------------------


def facilitators(by: Actor, at: datetime) -> list[Seat]:
    """The facilitators who sit in this actor's area, by name."""
    seats = Seat.objects.current(at).filter(role="facilitator").select_related("user", "desk")
    found = [
        one for one in seats if any(_touch(area, own) for area in areas_of(one) for own in by.served_areas)
    ]
    return sorted(found, key=lambda one: (str(one.user.full_name), str(one.id)))


def areas_of(seat: Seat) -> tuple[str, ...]:
    """The region prefixes a seat serves."""
    return tuple(seat.areas) or (seat.desk.region_code,)


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def by_facilitator(by: Actor, region_code: str = "") -> list[Part]:
    """How far each facilitator has come with the doors on their list now."""
    rows = _open(by, region_code).select_related("seat__user")
    groups: dict[UUID | None, list[UUID]] = defaultdict(list)
    names: dict[UUID | None, str] = {}
    for one in rows:
        groups[one.seat_id].append(one.household_id)
        names[one.seat_id] = str(one.seat.user.full_name)
    return _parts(groups, names)


def by_hamlet(by: Actor, region_code: str = "") -> list[Part]:
    """How far each hamlet has come with the doors that are on a list now."""
    groups: dict[UUID | None, list[UUID]] = defaultdict(list)
    names: dict[UUID | None, str] = {}
    for one in _open(by, region_code).select_related("hamlet"):
        groups[one.hamlet_id].append(one.household_id)
        names[one.hamlet_id] = one.hamlet.name if one.hamlet else ""
    return _parts(groups, names)


def _open(by: Actor, region_code: str) -> Any:
    rows = access.assignments(by).filter(ended_at=None)
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    return rows


def _parts(groups: Mapping[UUID | None, list[UUID]], names: Mapping[UUID | None, str]) -> list[Part]:
    every = {key for ids in groups.values() for key in ids}
    visits, checks = _last_visits(every), _verifications(every)
    found = [Part(key, names[key], _progress(ids, visits, checks)) for key, ids in groups.items()]
    return sorted(found, key=lambda part: (part.name == "", part.name, str(part.key)))


def _progress(
    ids: Iterable[UUID], visits: Mapping[UUID, Visit], checks: Mapping[UUID, Verification]
) -> rules.Progress:
    keys = list(ids)
    seen = [visits[key].outcome for key in keys if key in visits]
    states = [checks[key].state for key in keys if key in checks]
    return rules.Progress(
        doors=len(keys),
        visited=len(seen),
        confirmed=sum(state == "M4" for state in states),
        not_found=sum(outcome in rules.ABSENT for outcome in seen),
        submitted=sum(state in verification_rules.SUBMITTED for state in states),
    )


def visits_of(household_id: UUID) -> list[Visit]:
    """Every visit to a household, the newest first, for callers that checked who asks."""
    return list(Visit.objects.filter(household_id=household_id).order_by("-visited_at", "-id")[:50])


def visit(visit_id: UUID) -> Visit | None:
    """One visit, for callers that check who asks."""
    return Visit.objects.filter(id=visit_id).first()


def open_assignment(household_id: UUID) -> Assignment | None:
    """On whose list a household is."""
    return (
        Assignment.objects.filter(household_id=household_id, ended_at=None)
        .select_related("seat__user")
        .first()
    )
