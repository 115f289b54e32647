"""Lists of the register: households and persons with search and paging, counts for each hamlet.

A page costs a fixed number of queries; the next page is known by one row more, and nothing is counted that grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from simpul.lib import areas, text
from simpul.lib import nik as nik_lib
from simpul.lib.actor import Actor
from simpul.lib.keys import ring
from simpul.people import access
from simpul.people.models import Family, Flag, Household, LifeEvent, Observation, Person
from simpul.people.queries import matching, persons
from simpul.people.rules import visits

PAGE = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about a list."""

    words: str = ""
    region: str = ""
    hamlet: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of persons, and what they were found by: nik, kk, name or nothing."""

    rows: tuple[Person, ...]
    has_next: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list."""

    household: Household
    members: int
    conflict: bool


@dataclass(frozen=True, slots=True)
class Households:
    """One page of households."""

    rows: tuple[HouseholdRow, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class HamletCount:
    """How much of a hamlet stands in the register."""

    hamlet_id: UUID | None
    name: str
    households: int
    persons: int
    without_nik: int


PERSON_STATES = ("here", "away", "dead", "no_nik", "no_household")
HOUSEHOLD_STATES = ("living", "conflict", "no_head", "old", "ended")


def kk_index(value: str) -> str:
    """The blind index under which a family card is looked up; "" for an empty one."""
    clean = nik_lib.clean(value)
    return ring().blind_index(clean, "kk") if clean else ""


def find_persons(by: Actor, filters: Filters) -> Listed:
    """Persons of the register and of matters: by NIK or family card when 16 digits were typed, else by the beginning of the name, else by
    any word in it."""
    rows = _narrowed(access.visible(by), filters)
    rows = _in_state(rows, filters.state).select_related("hamlet", "household__head", "family")
    digits = nik_lib.clean(filters.words)
    if len(digits) == 16 and digits.isascii() and digits.isdigit():
        found = list(rows.filter(nik_index=persons.nik_index(digits))[: PAGE + 1])
        if found:
            return Listed(tuple(found[:PAGE]), len(found) > PAGE, "nik")
        cards = access.families(by).filter(kk_index=kk_index(digits)).values("id")
        return _cut(rows.filter(family_id__in=cards).order_by("family_relation", "id"), filters, "kk")
    key = text.name_key(filters.words)
    if not key:
        return _cut(rows.filter(resident=True).order_by("region_code", "name_key", "id"), filters)
    begins = _cut(
        rows.filter(name_key__gte=key, name_key__lt=key + "\U0010ffff").order_by("name_key", "id"),
        filters,
        "name",
    )
    if begins.rows or filters.page > 1:
        return begins
    inside = _cut(rows.filter(_every_word(key)).order_by("region_code", "name_key", "id"), filters, "name")
    return inside if inside.rows else _like(by, rows, filters)


def _like(by: Actor, rows: QuerySet[Person], filters: Filters) -> Listed:
    """Persons whose name is like what was typed, the surest first: for typing errors that no key of a name forgives."""
    likely = [one.person.id for one in matching.who(by, name=filters.words, limit=20)]
    found = {one.id: one for one in rows.filter(id__in=likely)}
    return Listed(tuple(found[key] for key in likely if key in found), has_next=False, by="like")


def _every_word(key: str) -> Q:
    wanted = Q()
    for word in key.split()[:5]:
        wanted &= Q(name_key__contains=word)
    return wanted


def _narrowed(rows: QuerySet[Person], filters: Filters) -> QuerySet[Person]:
    if filters.region:
        rows = rows.filter(areas.inside(filters.region))
    return rows.filter(hamlet_id=filters.hamlet) if filters.hamlet else rows


def _in_state(rows: QuerySet[Person], state: str) -> QuerySet[Person]:
    if state == "no_nik":
        return rows.filter(nik_index="", life="here")
    if state == "no_household":
        return rows.filter(household=None, life="here")
    return rows.filter(life=state) if state in ("here", "away", "dead") else rows


def _cut(rows: QuerySet[Person], filters: Filters, by: str = "") -> Listed:
    start = (filters.page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return Listed(tuple(found[:PAGE]), len(found) > PAGE, by)


def name_of(household: Household) -> str:
    """What a household is called on lists, pages and links: not by the name of a head whose data stand still at their wish."""
    head = household.head if household.head_id else None
    return _("name hidden") if head is not None and head.restricted_at is not None else household.name


def find_households(by: Actor, filters: Filters, today: date) -> Households:
    """Households: by name, hamlet and state. The number of members of a page's rows comes in one query."""
    rows = access.households(by).select_related("hamlet", "head")
    if filters.region:
        rows = rows.filter(areas.inside(filters.region))
    if filters.hamlet:
        rows = rows.filter(hamlet_id=filters.hamlet)
    if filters.words:
        rows = _called(by, rows, filters.words)
    rows = _household_state(rows, filters.state, today)
    start = (filters.page - 1) * PAGE
    found = list(rows.order_by("region_code", "hamlet_id", "name", "id")[start : start + PAGE + 1])
    return Households(_rows(found[:PAGE]), len(found) > PAGE)


def _called(by: Actor, rows: QuerySet[Household], words: str) -> QuerySet[Household]:
    """By the household's own name, or the number of one of its cards."""
    digits = nik_lib.clean(words)
    if len(digits) == 16 and digits.isascii() and digits.isdigit():
        cards = Family.objects.filter(kk_index=kk_index(digits))
        members = access.visible(by).filter(nik_index=persons.nik_index(digits))
        return rows.filter(Q(id__in=cards.values("household_id")) | Q(id__in=members.values("household_id")))
    return rows.filter(head__restricted_at=None, name__icontains=words)


def departures(by: Actor, region_code: str, today: date) -> list[LifeEvent]:
    """Who left an area within the last twelve months, the newest first: the event alone, and nobody with a sensitive category of need."""
    year = today - timedelta(days=365)
    rows = access.departures(by).filter(areas.inside(region_code, "from_region"), on_date__gte=year)
    rows = rows.select_related("person")
    rows = rows.filter(person__erased_at=None)
    rows = rows.exclude(
        Exists(Flag.objects.filter(person=OuterRef("person"), category__in=access.sensitive_categories()))
    )
    return list(rows.order_by("-on_date", "-recorded_at")[:DEPARTURES])


DEPARTURES = 100
"""So many departures of a year are listed."""


def _household_state(rows: QuerySet[Household], state: str, today: date) -> QuerySet[Household]:
    if state == "ended":
        return rows.filter(ended_date__isnull=False)
    rows = rows.filter(ended_date=None)
    if state == "no_head":
        return rows.filter(head=None)
    if state == "old":
        return rows.filter(changed_at__date__lt=today - timedelta(days=visits.STALE_DAYS))
    if state == "conflict":
        return rows.filter(Exists(_conflicts_of(OuterRef("id"), OuterRef("house_id"))))
    return rows


def _conflicts_of(household: OuterRef, house: OuterRef) -> QuerySet[Observation]:
    return Observation.objects.filter(
        Q(subject_id=household, subject_kind="household") | Q(subject_id=house, subject_kind="house"),
        state="conflict",
    )


def _rows(found: Sequence[Household]) -> tuple[HouseholdRow, ...]:
    ids = [one.id for one in found]
    living = Person.objects.filter(household_id__in=ids, restricted_at=None).exclude(
        life__in=("dead", "merged")
    )
    members = {row["household_id"]: row["n"] for row in living.values("household_id").annotate(n=Count("id"))}
    houses = {one.house_id: one.id for one in found if one.house_id}
    torn = set(
        Observation.objects.filter(
            subject_id__in=[*ids, *houses], subject_kind__in=("household", "house"), state="conflict"
        ).values_list("subject_id", flat=True)
    )
    return tuple(
        HouseholdRow(one, members.get(one.id, 0), one.id in torn or one.house_id in torn) for one in found
    )


def by_hamlet(by: Actor, region_code: str) -> list[HamletCount]:
    """How many households and persons each hamlet of a village has in the register, and who has no NIK yet."""
    homes = access.households(by).filter(region_code=region_code, ended_date=None)
    people = access.visible(by).filter(region_code=region_code, resident=True, life="here")
    counted = {
        row["hamlet_id"]: row["n"]
        for row in homes.values("hamlet_id").annotate(n=Count("id")).order_by("hamlet_id")
    }
    persons_by = {
        row["hamlet_id"]: row
        for row in people.values("hamlet_id", "hamlet__name")
        .annotate(n=Count("id"), without=Count("id", filter=Q(nik_index="")))
        .order_by("hamlet_id")
    }
    names = {
        row["hamlet_id"]: row["hamlet__name"] or ""
        for row in homes.values("hamlet_id", "hamlet__name").distinct()
    } | {key: row["hamlet__name"] or "" for key, row in persons_by.items()}
    found = [
        HamletCount(
            key,
            name,
            counted.get(key, 0),
            persons_by[key]["n"] if key in persons_by else 0,
            persons_by[key]["without"] if key in persons_by else 0,
        )
        for key, name in names.items()
    ]
    return sorted(found, key=lambda one: (one.hamlet_id is None, one.name))
