"""Who of the register the people of a deactivation list are: a number for each likely person, and why. A person decides the doubtful ones.

Reads for the list's own work and shows nothing by itself: what an officer sees of it goes through ``programmes.access.kis``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from simpul.lib import areas
from simpul.lib.actor import MACHINE
from simpul.people.models import Person, Profile
from simpul.people.queries import lists as people_lists
from simpul.people.queries import matching as people_matching
from simpul.programmes.models import Card
from simpul.programmes.rules import kis as rules

MOST_CANDIDATES = 4
_SAME_NAMES = 50
_PAGE = 400


@dataclass(frozen=True, slots=True)
class Likely:
    """A person of the register who may be the one of the list, and what speaks for it."""

    person_id: UUID
    score: float
    reasons: tuple[str, ...] = field(default=())


def likely(cards: Sequence[Card], region_code: str) -> dict[UUID, list[Likely]]:
    """For each card the likely persons of the list's area, the likeliest first; the same number of queries for any portion.

    Nobody outside the area is told of, nor whose data stand still: a list of numbers is no way to ask the register of elsewhere.

    The register's own matcher says how sure it is; where its keys know nobody (they are being made anew, or a list has little more than a
    name) an equal NIK or name is shown all the same, and a person decides.
    """
    plain = _by_equal_values(cards, region_code)
    asked = [
        people_matching.Asked(
            name=card.name,
            nik=card.nik,
            sex=card.sex,
            birth_date=card.birth_date,
            address=card.address,
            region_code=card.region_code,
        )
        for card in cards
    ]
    found: dict[UUID, list[Likely]] = {}
    for card, known in zip(cards, people_matching.who_all(MACHINE, asked), strict=True):
        both = {
            one.person.id: Likely(one.person.id, one.score, one.reasons)
            for one in known
            if one.person.region_code.startswith(region_code)
        }
        for person_id, own in plain[card.id].items():
            both[person_id] = _joined(both.get(person_id), own)
        found[card.id] = sorted(both.values(), key=lambda one: -one.score)[:MOST_CANDIDATES]
    return found


def _joined(trained: Likely | None, own: Likely) -> Likely:
    """The matcher's word where it is sure or doubts; equal values alone are never more than a doubt, unless it knows nobody."""
    if trained is None:
        return own if "nik" in own.reasons else Likely(own.person_id, min(own.score, _DOUBT), own.reasons)
    if trained.score >= rules.DOUBTFUL:
        return trained
    return Likely(own.person_id, max(trained.score, min(own.score, _DOUBT)), own.reasons)


_DOUBT = 0.75


def _by_equal_values(cards: Sequence[Card], region_code: str) -> dict[UUID, dict[UUID, Likely]]:
    """Persons with the same NIK, or the same name in the same regency."""
    by_nik: dict[str, list[Person]] = defaultdict(list)
    by_name: dict[str, list[Person]] = defaultdict(list)
    inside = Person.objects.filter(areas.inside(region_code))
    living = inside.listed().only(
        "id", "full_name", "name_key", "nik_index", "birth_date", "birth_date_rough", "region_code", "sex"
    )
    for portion in _pages({card.nik_index for card in cards if card.nik_index}):
        for person in living.filter(nik_index__in=portion):
            by_nik[person.nik_index].append(person)
    for region in {card.region_code[:4] for card in cards}:
        near = living.filter(areas.inside(region))
        for portion in _pages({card.name_key for card in cards if card.name_key}):
            for person in near.filter(name_key__in=portion):
                by_name[person.name_key].append(person)
    return {
        card.id: {
            person.id: _weigh(card, person)
            for person in [*by_nik.get(card.nik_index, ()), *by_name.get(card.name_key, ())[:_SAME_NAMES]]
        }
        for card in cards
    }


def _weigh(card: Card, person: Person) -> Likely:
    """How likely it is that the two are one, from what is equal."""
    nik = bool(card.nik_index) and card.nik_index == person.nik_index
    name = bool(card.name_key) and card.name_key == person.name_key
    born = card.birth_date is not None and card.birth_date == person.birth_date
    weak_birth = born and (card.birth_date.month, card.birth_date.day) == (1, 1)  # type: ignore[union-attr]
    village = card.region_code == person.region_code
    reasons = tuple(
        word for word, equal in (("nik", nik), ("name", name), ("birth", born), ("village", village)) if equal
    )
    other_nik = bool(card.nik_index and person.nik_index) and not nik
    if nik and (name or born):
        score = 0.99
    elif nik:
        score = 0.75
    elif name and born and not other_nik:
        score = 0.8 if weak_birth or not village else 0.96
    elif name and born:
        score = 0.7
    elif name and village:
        score = 0.6 if card.birth_date is None or person.birth_date is None else 0.3
    else:
        score = 0.2
    return Likely(person.id, score, reasons)


def persons(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Persons of the register by their ids, without those that were merged away and those whose data stand still."""
    return Person.objects.listed().in_bulk(list(person_ids))


def known_needs(person_ids: Iterable[UUID]) -> dict[UUID, rules.Known]:
    """What the register knows of several persons' need, in two queries."""
    wanted = list(person_ids)
    born = dict(Person.objects.filter(id__in=wanted).values_list("id", "birth_date"))
    found = {person_id: rules.Known(birth_date=day) for person_id, day in born.items()}
    columns = ("person_id", "chronic", "pregnant", "disability", "severe_disability")
    for person_id, chronic, pregnant, disability, severe in Profile.objects.filter(
        person_id__in=wanted
    ).values_list(*columns):
        found[person_id] = _known(born.get(person_id), chronic, pregnant, disability, severe)
    return found


def _known(
    born: date | None, chronic: str, pregnant: bool | None, disability: str, severe: bool | None
) -> rules.Known:
    ill = people_lists.meanings("chronic", chronic) if chronic else frozenset()
    limits = people_lists.meanings("disability", disability) if disability else frozenset()
    return rules.Known(
        chronic=None if not ill else "none" not in ill,
        catastrophic=None if not ill else ill <= _CATASTROPHIC,
        pregnant=pregnant,
        disabled=True if severe else None if not limits else "none" not in limits,
        birth_date=born,
    )


_CATASTROPHIC = frozenset(
    {
        "heart",
        "stroke",
        "cancer",
        "kidney_failure",
        "haemophilia",
        "cirrhosis",
        "thalassaemia",
        "leukaemia",
    }
)
"""Illnesses that JKN counts as catastrophic (BPJS lists, secondary), by their base meanings in ``people/catalogue/lists.toml``. A
coarse code that may also mean another illness is not counted."""


def _pages(values: set[str]) -> Iterable[list[str]]:
    ordered = sorted(values)
    return (ordered[place : place + _PAGE] for place in range(0, len(ordered), _PAGE))
