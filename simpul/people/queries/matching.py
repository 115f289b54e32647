"""Is this person here already? One against the whole register by keys, and whole lists at once. Surest first; a person decides.

Nothing is told about persons whom the actor may not see: a counter is no oracle for numbers (UU 24/2013 art. 79).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from simpul.lib.actor import Actor
from simpul.lib.keys import ring
from simpul.people import access
from simpul.people.models import Family, LifeEvent, MatchKey, Person
from simpul.people.queries import match_weights
from simpul.people.rules import match_levels, match_record

REGISTER = 200_000
"""Weights are asked as in a regency of so many: what is shown is ordered by them, and a person decides."""
SHOWN_FROM = 0.001
"""An equal name in the village comes to little more: it is shown, below everything else."""
_KEY_LIMIT = 120
_CANDIDATES = 200
_CHUNK = 400
_ARRIVALS = 2_000
"""So many are compared at once, the newest first: more than a sub-district writes down in the days that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that may be somebody whom the register knows. Everything but the name may be missing."""

    name: str
    nik: str = ""
    kk: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_place: str = ""
    address: str = ""
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant: how sure (0 to 1), and how each value agrees ("nik.forty", "birth.rough")."""

    person: Person
    score: float
    reasons: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """True from the bound on from which a list calls two rows one person."""
        return self.score >= match_levels.SURE


# --- keys -----------------------------------------------------------------------------------------------------------


def number_of(rule: str, parts: str) -> int:
    """A key's number of 63 bits. Where a NIK or KK is inside, it is made with the installation's key."""
    if rule in match_record.SECRET_RULES:
        return int(ring().blind_index(f"{rule}:{parts}", "match")[:16], 16) >> 1
    digest = hashlib.blake2b(f"{rule}:{parts}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def record_of(person: Person, kk: str = "") -> match_record.Record:
    """A person of the register in the form that is compared."""
    return match_record.record(
        name=names_of(person),
        nik=person.nik,
        kk=kk,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        address=person.address,
        region=person.region_code,
        today=timezone.localdate(),
    )


def names_of(person: Person) -> str:
    """A person's names as a list writes them, "/" between; nobody is found by "unknown"."""
    return " / ".join(name for name in (person.full_name if person.name_key else "", person.called) if name)


def keys_of(person: Person, kk: str = "") -> list[int]:
    """The keys under which a person is found."""
    return match_record.keys_of(record_of(person, kk), number_of)


def cards_of(persons: Iterable[Person]) -> dict[UUID | None, str]:
    """The numbers of these persons' family cards, by family."""
    families = {person.family_id for person in persons if person.family_id}
    rows = Family.objects.filter(id__in=families).only("id", "kk") if families else ()
    return {family.id: str(family.kk) for family in rows}


# --- one person -----------------------------------------------------------------------------------------------------


def who(
    by: Actor,
    *,
    name: str = "",
    nik: str = "",
    kk: str = "",
    sex: str = "",
    birth_date: date | None = None,
    birth_place: str = "",
    address: str = "",
    region_code: str = "",
    limit: int = 5,
) -> list[Candidate]:
    """Persons whom the actor may see and who may be the one asked for, surest first; two or three queries."""
    record = _record(Asked(name, nik, kk, sex, birth_date, birth_place, address, region_code))
    keys = match_record.keys_of(record, number_of)
    if not keys:
        return []
    keys += [number_of("nik", one) for one in match_record.slipped(record.nik)]
    ids = _candidates(by, keys)
    persons = list(access.visible(by).filter(id__in=ids).select_related("family"))
    return _best(record, [(person, person.family.kk if person.family else "") for person in persons], limit)


def arrivals_since(moment: datetime) -> list[Person]:
    """Who was written down one by one since, or as moved in, and lives here still; for the machine, which compares them with the whole
    register. What a list brought was compared when it was taken in."""
    events = LifeEvent.objects.filter(kind="move_in", undone_at=None, recorded_at__gte=moment)
    written = Q(registered_at__gte=moment, resident=True, import_key="")
    rows = Person.objects.listed().filter(Q(id__in=events.values("person_id")) | written, life="here")
    return list(rows.order_by("-registered_at", "id")[:_ARRIVALS])


def _record(asked: Asked) -> match_record.Record:
    return match_record.record(
        name=asked.name,
        nik=asked.nik,
        kk=asked.kk,
        sex=asked.sex,
        birth_date=asked.birth_date,
        birth_place=asked.birth_place,
        address=asked.address,
        region=asked.region_code,
        today=timezone.localdate(),
    )


def _candidates(by: Actor, keys: Sequence[int]) -> list[UUID]:
    """Persons who share a key, those with most in common first. A key of too many is narrowed to the actor's own area."""
    table = MatchKey._meta.db_table
    one = f"select * from (select key, person_id from {table} where key = %s limit {_KEY_LIMIT + 1}) k"  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join([one] * len(keys)), list(keys))
        rows = cursor.fetchall()
    sizes = Counter(key for key, _person in rows)
    crowded = [key for key, size in sizes.items() if size > _KEY_LIMIT]
    shared = Counter(
        person if isinstance(person, UUID) else UUID(str(person))
        for key, person in rows
        if sizes[key] <= _KEY_LIMIT
    )
    if crowded and len(shared) < _CANDIDATES:
        near = MatchKey.objects.filter(key__in=crowded, person__in=access.visible(by))
        shared.update(near.values_list("person_id", flat=True)[:_CANDIDATES])
    return [person for person, _count in shared.most_common(_CANDIDATES)]


def _best(record: match_record.Record, persons: Iterable[tuple[Person, str]], limit: int) -> list[Candidate]:
    weights = match_weights.weights()
    found = [
        (match_levels.compare(record, record_of(person, kk), weights, rows=REGISTER), person)
        for person, kk in persons
    ]
    shown = sorted(
        (one for one in found if one[0].score >= SHOWN_FROM and match_levels.is_worth_showing(one[0])),
        key=lambda one: (-one[0].score, one[1].id),
    )
    return [
        Candidate(person, likeness.score, match_levels.reasons(likeness))
        for likeness, person in shown[:limit]
    ]


def compared(
    first: Person, second: Person, *, cards: Mapping[UUID | None, str] | None = None
) -> match_levels.Likeness:
    """How sure it is that two persons of the register are one. The caller has checked that its actor may see both."""
    known = cards_of([first, second]) if cards is None else cards
    return match_levels.compare(
        record_of(first, known.get(first.family_id, "")),
        record_of(second, known.get(second.family_id, "")),
        match_weights.weights(),
        rows=REGISTER,
    )


# --- lists ----------------------------------------------------------------------------------------------------------


def who_all(by: Actor, rows: Sequence[Asked], *, limit: int = 3) -> list[list[Candidate]]:
    """For each row of a list, who it may be, as ``who`` would say; a few queries for each 400 keys, none for a row."""
    records = [_record(row) for row in rows]
    wanted: dict[int, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in match_record.keys_of(record, number_of):
            wanted[key].append(place)
    shared: list[Counter[UUID]] = [Counter() for _row in rows]
    keys = list(wanted)
    for start in range(0, len(keys), _CHUNK):
        for key, persons in _by_key(keys[start : start + _CHUNK]).items():
            if len(persons) <= _KEY_LIMIT:
                for place in wanted[key]:
                    shared[place].update(persons)
    chosen = [[one for one, _count in counts.most_common(50)] for counts in shared]
    known = _persons(by, {one for some in chosen for one in some})
    return [
        _best(record, [known[one] for one in some if one in known], limit)
        for record, some in zip(records, chosen, strict=True)
    ]


def _by_key(keys: Sequence[int]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = defaultdict(list)
    for key, person in MatchKey.objects.filter(key__in=keys).values_list("key", "person_id").iterator():
        if len(found[key]) <= _KEY_LIMIT:
            found[key].append(person)
    return found


def _persons(by: Actor, ids: set[UUID]) -> dict[UUID, tuple[Person, str]]:
    """Those of these persons whom the actor may see, with the number of their card."""
    found: dict[UUID, tuple[Person, str]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = access.visible(by).filter(id__in=wanted[start : start + _CHUNK])
        for person in part.select_related("family"):
            found[person.id] = (person, person.family.kk if person.family else "")
    return found
