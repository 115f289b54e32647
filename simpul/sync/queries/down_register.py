"""The register as it goes down: an index of every household and person of the area, whole rows of those that somebody works with.

An *index row* is enough to find somebody and to open a form; a row that has ``f`` is whole. What nobody knows is left out; it is
never "no". A fixed number of queries for each 500 households.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from simpul.outreach.queries import contact as contact_queries
from simpul.people import access as people_access
from simpul.people.models import Contact, ContactDoubt, Family, Household, Observation, Person
from simpul.people.queries import fields as field_queries
from simpul.people.rules import fields as field_rules
from simpul.programmes.models import Benefit
from simpul.sync.queries.view import Names, View

Row = dict[str, Any]
Tables = dict[str, list[Row]]
PART = 500
_PERSON_OWN = ("address", "landmark", "birth_place", "language", "region_code", "hamlet_id")
"""Fields of a person beside the columns of the index, in ``f`` of a whole row."""


def parts(keys: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Keys in parts of 500."""
    rows = list(keys)
    for start in range(0, len(rows), PART):
        yield rows[start : start + PART]


def present(view: View) -> Any:
    """Households that go down: of the area, not ended."""
    return people_access.households(view.by).filter(ended_date=None)


def living(view: View) -> Any:
    """Persons that go down: who may stand on a list, and lives here."""
    return people_access.visible(view.by).filter(life="here")


# --- the index ----------------------------------------------------------------------------------------------------------------


def index(view: View, names: Names) -> Tables:
    """Every household, by village and hamlet, and every person in the order of the households; who lives in none comes last."""
    columns = ("id", "region_code", "hamlet_id", "name", "head_id", "head__restricted_at", "head__erased_at")
    homes = list(
        present(view).order_by("region_code", "hamlet__name", "hamlet_id", "name", "id").values(*columns)
    )
    members: dict[UUID | None, list[Row]] = defaultdict(list)
    own = ("id", "household_id", "full_name", "called", "birth_date", "sex", "household_relation")
    for one in (
        living(view).order_by("household_relation", "birth_date", "id").values(*own).iterator(chunk_size=5000)
    ):
        members[one["household_id"]].append(one)
    households, persons = [], []
    for home in homes:
        inside = members.pop(home["id"], [])
        households.append(_home(home, inside, names))
        persons += [_person(one, names, home["id"]) for one in inside]
    for left in members.values():
        persons += [_person(one, names, None) for one in left]
    return {"households": households, "persons": persons}


def _home(home: Row, inside: Sequence[Row], names: Names) -> Row:
    hidden = home["head__restricted_at"] is not None or home["head__erased_at"] is not None
    row = {"id": names(home["id"]), "region": home["region_code"], "count": len(inside)}
    if home["hamlet_id"]:
        row["hamlet"] = str(home["hamlet_id"])
    if home["name"] and not hidden:
        row["name"] = home["name"]
    if any(one["id"] == home["head_id"] for one in inside):
        row["head"] = names(home["head_id"])
    return row


def _person(one: Row, names: Names, home: UUID | None) -> Row:
    row = {"id": names(one["id"]), "name": one["full_name"]}
    if home:
        row["household"] = names(home)
    if one["called"] and one["called"] != one["full_name"]:
        row["called"] = one["called"]
    if one["birth_date"]:
        row["birth"] = str(one["birth_date"].year)
    if one["sex"]:
        row["sex"] = one["sex"]
    if one["household_relation"]:
        row["relation"] = one["household_relation"]
    return row


# --- whole rows ---------------------------------------------------------------------------------------------------------------


def whole(
    view: View,
    household_ids: Collection[UUID],
    person_ids: Collection[UUID],
    names: Names,
    *,
    with_people: bool = True,
) -> Tables:
    """Whole rows of these households with their people, houses, cards, contacts and aid; and of these persons, wherever they live.

    Without ``with_people`` only the persons that are named: what changed of a household is no change of those who live in it.
    """
    tables: Tables = {name: [] for name in ("households", "persons", "contacts", "families", "benefits")}
    for keys in parts(household_ids):
        _add(tables, _households(view, keys, names))
        if not with_people:
            continue
        homes = set(present(view).filter(id__in=keys).values_list("id", flat=True))
        _add(tables, _persons(view, Q(household_id__in=homes), names))
    known = {row["id"] for row in tables["persons"]}
    for keys in parts(person_ids):
        _add(tables, _persons(view, Q(id__in=[key for key in keys if names(key) not in known]), names))
    return tables


def _add(tables: Tables, more: Tables) -> None:
    for name, rows in more.items():
        tables[name] += rows


def _households(view: View, keys: Sequence[UUID], names: Names) -> Tables:
    homes = list(present(view).filter(id__in=keys).select_related("house", "head").order_by("id"))
    ids = [one.id for one in homes]
    houses = {one.house_id for one in homes if one.house_id}
    torn = doubts([*ids, *houses])
    last = contact_queries.of_households(ids)
    counts: dict[UUID, int] = defaultdict(int)
    for home in living(view).filter(household_id__in=ids).values_list("household_id", flat=True):
        counts[home] += 1
    rows = []
    for one in homes:
        doubt = {**torn.get(one.id, {}), **(torn.get(one.house_id, {}) if one.house_id else {})}
        rows.append(_whole_home(one, counts[one.id], last.get(one.id), doubt, names))
    families = Family.objects.filter(household_id__in=ids, ended_date=None)
    benefits = Benefit.objects.filter(household_id__in=ids, state="receives")
    return {
        "households": rows,
        "families": [_family(one, names) for one in families],
        "benefits": _benefits(benefits, names),
    }


def _whole_home(one: Household, count: int, last: Any, doubt: dict[str, list[str]], names: Names) -> Row:
    house, head = one.house, one.head
    hidden = head is not None and (head.restricted_at is not None or head.erased_at is not None)
    row = {
        "id": names(one.id),
        "region": one.region_code,
        "hamlet": str(one.hamlet_id or ""),
        "name": "" if hidden else one.name,
        "head": "" if hidden else names(one.head_id),
        "count": count,
        "f": _fields("household", one),
        "hf": _fields("house", house) if house is not None else {},
        "house": str(one.house_id or ""),
        "address": house.address if house is not None else "",
        "landmark": house.landmark if house is not None else "",
        "doubt": doubt,
    }
    if house is not None and house.latitude is not None and house.longitude is not None:
        row |= {"lat": round(house.latitude * 1_000_000), "lon": round(house.longitude * 1_000_000)}
    if last is not None:
        row |= {"last_kind": last.how, "last_date": last.at.date().isoformat()}
    return _told(row, ("f",))


def _fields(about: str, row: Any) -> Row:
    """What is known of a row, in the history's text form; numbers of persons and cards never, the name stands beside."""
    return {
        key: field_rules.as_text(getattr(row, key))
        for key in field_queries.of(about)
        if key not in field_rules.SEALED and key != "name" and getattr(row, key) not in (None, "")
    }


def doubts(subject_ids: Collection[UUID]) -> dict[UUID, dict[str, list[str]]]:
    """Subject -> field -> the values that contradict each other, each once, sorted: what a seen hash is made of."""
    rows = Observation.objects.filter(subject_id__in=list(subject_ids), state="conflict")
    found: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in rows.only("subject_id", "field", "value"):
        if one.field not in field_rules.SEALED:
            found[one.subject_id][one.field].add(one.value)
    return {key: {name: sorted(values) for name, values in fields.items()} for key, fields in found.items()}


def _persons(view: View, which: Q, names: Names) -> Tables:
    people = list(
        living(view)
        .filter(which)
        .select_related("profile")
        .order_by("household_id", "household_relation", "id")
    )
    ids = [one.id for one in people]
    torn = doubts(ids)
    flags: dict[UUID, list[int]] = defaultdict(list)
    for person, category in (
        people_access.flags(view.by)
        .filter(person_id__in=ids, ended_date=None)
        .values_list("person_id", "category")
    ):
        flags[person].append(category)
    tables = {
        "persons": [_whole_person(one, torn.get(one.id, {}), sorted(flags[one.id]), names) for one in people]
    }
    tables["contacts"] = _contacts(ids, names)
    tables["benefits"] = _benefits(Benefit.objects.filter(person_id__in=ids, state="receives"), names)
    return tables


def _whole_person(one: Person, doubt: dict[str, list[str]], flags: list[int], names: Names) -> Row:
    profile = getattr(one, "profile", None)
    own = {
        key: field_rules.as_text(getattr(one, key))
        for key in _PERSON_OWN
        if getattr(one, key) not in (None, "")
    }
    row = {
        "id": names(one.id),
        "household": names(one.household_id),
        "name": one.full_name,
        "called": one.called,
        "sex": one.sex,
        "birth": one.birth_date.isoformat() if one.birth_date else "",
        "rough": one.birth_date_rough,
        "relation": one.household_relation,
        "family": str(one.family_id or ""),
        "needs": one.needs,
        "nik": one.nik[-4:],
        "f": {**own, **(_fields("profile", profile) if profile is not None else {})},
        "flags": flags,
        "doubt": doubt,
        "life": "" if one.life == "here" else one.life,
    }
    return _told(row, ("f",))


def _contacts(person_ids: Sequence[UUID], names: Names) -> list[Row]:
    open_ones = ContactDoubt.objects.filter(person_id__in=person_ids, state="open").values_list(
        "first_id", "second_id"
    )
    torn = {key for pair in open_ones for key in pair}
    rows = Contact.objects.filter(person_id__in=person_ids, is_current=True).order_by("person_id", "id")
    return [
        _told({
            "id": str(one.id), "person": names(one.person_id), "channel": one.channel, "address": one.as_typed,
            "owner": one.owner, "owner_name": one.owner_name, "safe_call": one.safe_to_call, "safe_write": one.safe_to_write,
            "doubt": one.id in torn,
        }, ("safe_call", "safe_write"))
        for one in rows
    ]  # fmt: skip


def _family(one: Family, names: Names) -> Row:
    row = {
        "id": str(one.id),
        "kk": one.kk[-4:],
        "head": names(one.head_id),
        "household": names(one.household_id),
    }
    return _told(row)


def _benefits(rows: Any, names: Names) -> list[Row]:
    return [
        _told(
            {
                "id": str(one.id),
                "person": names(one.person_id),
                "family": str(one.family_id or ""),
                "household": names(one.household_id),
                "programme": one.programme_id,
                "name": one.programme.name,
                "since": one.since_date.isoformat() if one.since_date else "",
            }
        )
        for one in rows.select_related("programme").order_by("id")
    ]


def _told(row: Row, kept: Sequence[str] = ()) -> Row:
    """A row without what nobody knows; "no" is known."""
    return {
        key: value
        for key, value in row.items()
        if (key in kept and value is not None) or value not in ("", None, [], {}, False)
    }


told = _told
