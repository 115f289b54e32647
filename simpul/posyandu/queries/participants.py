"""Whom a posyandu looks after: the list, who looks like somebody known, who has grown out of a form, one person's cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.people.queries import matching
from simpul.people.queries import persons as person_queries
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Examination, Participant, Posyandu
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import participants as rules

PAGE = 50
_ALIKE = 0.9


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cards is narrowed by."""

    form: str = ""
    words: str = ""
    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A card on the list with its latest entry."""

    participant: Participant
    last: Examination | None
    months: int | None


def listed(by: Actor, posyandu: Posyandu, filters: Filters) -> tuple[list[Listed], bool]:
    """One page of the cards of a posyandu by name, and whether there are more."""
    rows = _of(by, posyandu, filters).order_by("person__name_key", "id")
    first = (filters.page - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    return with_last(found[:PAGE]), len(found) > PAGE


def _of(by: Actor, posyandu: Posyandu, filters: Filters) -> QuerySet[Participant]:
    rows = access.participants(by).filter(posyandu=posyandu, closed_date__isnull=not filters.closed)
    rows = rows.select_related("person", "person__hamlet", "mother")
    if filters.form:
        rows = rows.filter(form=filters.form)
    if filters.words:
        key = text.name_key(filters.words)
        same = Q(person__name_key__contains=key) | Q(mother__name_key__contains=key) if key else Q(pk__in=[])
        index = person_queries.nik_index(filters.words)
        rows = rows.filter(same | Q(person__nik_index=index) if index else same)
    return rows


def with_last(found: Sequence[Participant], on: date | None = None) -> list[Listed]:
    """The cards each with the latest entry that counts, in one query."""
    newest: dict[tuple[UUID, str], Examination] = {}
    rows = Examination.objects.filter(person_id__in={one.person_id for one in found}, stands=True)
    if on is not None:
        rows = rows.filter(date__lt=on)
    for row in rows.order_by("date", "recorded_at"):
        newest[(row.person_id, row.form)] = row
    return [
        Listed(one, newest.get((one.person_id, one.form)), months_of(one.person, on or None)) for one in found
    ]


def months_of(person: Person, on: date | None) -> int | None:
    """Completed months on a day; None without a birth date or a day."""
    if on is None or person.birth_date is None or person.birth_date > on:
        return None
    return growth.completed_months(person.birth_date, on)


def counts(by: Actor, posyandu: Posyandu) -> dict[str, int]:
    """How many open cards each form has."""
    rows = access.participants(by).filter(posyandu=posyandu, closed_date=None).order_by()
    found = dict(rows.values_list("form").annotate(n=Count("id")))
    return {form: found.get(form, 0) for form in rules.FORMS}


def outgrown(by: Actor, posyandu: Posyandu, on: date) -> list[tuple[Participant, str]]:
    """Open cards whose person has grown into the next form, with that form: what is suggested, never done by itself."""
    edge = date(on.year - rules.SCHOOL_MONTHS // 12, on.month, min(on.day, 28))
    rows = access.participants(by).filter(
        posyandu=posyandu, closed_date=None, form__in=("B", "C"), person__birth_date__lte=edge
    )
    found = [
        (one, rules.next_form(one.form, one.person.birth_date, on))
        for one in rows.order_by("person__birth_date")
    ]
    return [(one, form) for one, form in found if form]


def alike(
    by: Actor, *, name: str, nik: str, birth_date: date | None, sex: str, region_code: str
) -> list[Person]:
    """Persons of the register, in this actor's area, who may be the one that is to be written down anew; surest first."""
    same = [one.person for one in person_queries.find_same(by, nik=nik) if nik]
    near = matching.who(by, name=name, nik=nik, birth_date=birth_date, sex=sex, region_code=region_code)
    more = [one.person for one in near if one.score >= _ALIKE or _same_day(one.person, name, birth_date, sex)]
    key = text.name_key(name)
    if key and birth_date is not None:
        more += people_access.visible(by).filter(name_key=key, birth_date=birth_date)[:5]
    return list({one.id: one for one in (*same, *more)}.values())


def _same_day(person: Person, name: str, birth_date: date | None, sex: str) -> bool:
    """One name and one birth date, and no other sex."""
    same = bool(person.name_key) and person.name_key == text.name_key(name)
    return same and person.birth_date == birth_date and (not sex or not person.sex or sex == person.sex)


def find_persons(by: Actor, words: str, limit: int = 8) -> list[Person]:
    """Residents whom the actor may see, by name or NIK, for the field "who is it?"."""
    typed = words.strip()
    if not typed:
        return []
    index = person_queries.nik_index(typed) if any(sign.isdigit() for sign in typed) else ""
    key = text.name_key(typed)
    same = Q(nik_index=index) if index else Q(name_key__contains=key) if key else Q(pk__in=[])
    rows = people_access.visible(by).filter(same, life="here").select_related("hamlet", "household")
    return list(rows.order_by("name_key", "id")[:limit])


def cards_of(by: Actor, person_id: UUID) -> list[Participant]:
    """Every card of a person that the actor may see, newest first."""
    rows = access.participants(by).filter(person_id=person_id).select_related("mother", "cadre")
    return list(rows.order_by("-opened_date", "-id"))


def open_at(person_ids: Sequence[UUID], form: str = "") -> dict[UUID, Participant]:
    """The open card of each of these persons, for marks in a list of residents; the caller has checked who they are."""
    rows = Participant.objects.filter(person_id__in=person_ids, closed_date=None).select_related("posyandu")
    return {one.person_id: one for one in (rows.filter(form=form) if form else rows)}
