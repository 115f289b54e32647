"""What a portion of a list of residents means: who is meant, what is new, what differs. Read here, written by ``_bulk``.

1. *Who.* A row is somebody we know by the NIK; else by the list's own number of household and person; else by family card, name and birth
   date; else by village, name, birth date and address. Otherwise they are new. Nothing else is ever taken for the same person: somebody
   merely alike is taken in as new, and a suspicion is left for a person to decide.
2. *Units.* Families go by their card number. Households go by the list's own number (IDBDT), else by card and address; who lives in a
   household already stays there unless the list numbers households itself.
3. *First word.* Of several rows about one household or family, the first speaks; another word is a remark. So a list that is taken in again
   never swings back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from simpul.lib.ids import uuid7
from simpul.people.actions import _known, _units
from simpul.people.models import Family, House, Household, Person, Profile
from simpul.people.queries import imports as queries
from simpul.people.rules import cells, reach
from simpul.people.rules import imports as rules
from simpul.regions import queries as region_queries

_LOOSE = frozenset({"full_name", "birth_place", "address", "mother_name"})
"""Texts that are the same when only capitals, blanks or signs differ."""
_DIRECT = frozenset({"presence", "percentile", "members_said", "families_said"})
ALIKE = 0.6
"""Below this likeness two names under one NIK are two names (Ratcliff-Obershelp, as the ministry's own matching)."""


Subject = tuple[str, UUID]
"""A row of ours: its kind and key. A person and their situation share the key."""


def subject_key(subject: Any) -> Subject:
    """How a plan names a row."""
    return type(subject).__name__, subject.pk


@dataclass(slots=True)
class Plan:
    """What is to be written for a portion, and which rows of the list each write comes from."""

    portion: rules.Portion
    outcome: rules.Outcome = field(default_factory=rules.Outcome)
    persons: list[Person] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    said: dict[Subject, dict[str, Any]] = field(
        default_factory=dict
    )  # subject -> field -> value, of rows we know
    subjects: dict[Subject, Any] = field(default_factory=dict)
    touched: dict[Subject, set[str]] = field(default_factory=dict)  # columns set without a history
    joins: list[_units.Joining] = field(default_factory=list)
    numbers: dict[Subject, list[int]] = field(default_factory=dict)  # rows that speak of it
    fresh: set[UUID] = field(default_factory=set)  # families, households and houses that are not saved yet
    alike: list[tuple[Person, Person]] = field(default_factory=list)  # known, new

    def say(self, subject: Any, values: Mapping[str, Any], number: int) -> None:
        """Values that differ from what we hold go into the history."""
        if values:
            key = subject_key(subject)
            self.subjects[key] = subject
            self.said.setdefault(key, {}).update(values)
            self.numbers.setdefault(key, []).append(number)

    def touch(self, subject: Any, number: int, **columns: Any) -> None:
        """Columns that have no history: keys, places, heads."""
        different = {name: value for name, value in columns.items() if getattr(subject, name) != value}
        if different:
            for name, value in different.items():
                setattr(subject, name, value)
            key = subject_key(subject)
            self.subjects[key] = subject
            self.touched.setdefault(key, set()).update(different)
            self.numbers.setdefault(key, []).append(number)


class Reader:
    """Makes the plan of each portion, and remembers the whole list: who stood in it, and which units have had their first word."""

    def __init__(self) -> None:
        self._people: dict[str, tuple[int, str]] = {}  # key -> row, name
        self._units: dict[tuple[str, str], int] = {}  # household or family -> row of its first word
        self._heads: set[tuple[str, str]] = set()
        self._hamlets: dict[str, dict[str, UUID]] = {}

    def pass_over(self, rows: Iterable[rules.Row]) -> None:
        """Remember rows that were taken in before."""
        for row in rows:
            keys = _known.keys_of(row.values)
            self._people.setdefault(keys.first, (row.number, keys.name))
            for unit, key, relation in (
                ("household", keys.ruta, "household_relation"), ("family", keys.kk, "family_relation")
            ):  # fmt: skip
                if key:
                    self._units.setdefault((unit, key), row.number)
                    if _is_head(row.values.get(relation, "")):
                        self._heads.add((unit, key))

    def plan(self, portion: rules.Portion) -> Plan:
        """Everything that a portion changes."""
        plan = Plan(portion)
        keys = [_known.keys_of(row.values) for row in portion.rows]
        known = _known.known_to(portion.batch.region_code, keys)
        columns = queries.columns(portion.batch.kind)
        for row, key in zip(portion.rows, keys, strict=True):
            if self._is_again(plan, row, key):
                continue
            person = self._person(plan, row, key, known)
            if person is None:
                continue
            facts = _by_unit(row.values, columns)
            is_new = plan.outcome.became[row.number] == "added"
            self._facts(plan, row, person, facts, known, is_new=is_new)
            self._family(plan, row, key, person, facts["family"], known, is_new=is_new)
            self._household(plan, row, key, person, facts, known, is_new=is_new)
        return plan

    def _is_again(self, plan: Plan, row: rules.Row, key: _known.Keys) -> bool:
        """True for a person who stood in the list before: the first row counts."""
        before = self._people.setdefault(key.first, (row.number, key.name))
        if before[0] == row.number:
            return False
        if key.nik and before[1] != key.name:
            plan.outcome.note(row.number, "nik_twice", field="nik", value=row.values["nik"], refused=True)
        else:
            plan.outcome.became[row.number] = "unchanged"
            plan.outcome.note(row.number, "twice_in_list", field="full_name", value=row.values["full_name"])
        return True

    # --- who ---

    def _person(self, plan: Plan, row: rules.Row, key: _known.Keys, known: _known.Known) -> Person | None:
        """The person a row is about, new or known; None when the row is refused."""
        person = known.by_nik.get(key.nik) or known.by_key.get(key.listed)
        if person is None and key.card is not None:
            person = known.by_card.get(key.card)
        if person is None and not key.nik:
            person = known.by_key.get(key.plain)
        if person is not None and person.life == "merged" and person.merged_into is not None:
            person = person.merged_into
        if person is None:
            return self._new(plan, row, key, known)
        if person.restricted_at is not None or person.erased_at is not None:
            plan.outcome.note(row.number, "restricted", refused=True)
            return None
        if key.nik and person.nik_index == key.nik and _is_another(person, key, row.values):
            plan.outcome.note(
                row.number, "nik_other_person", field="nik", value=row.values["nik"], refused=True
            )
            return None
        plan.outcome.became[row.number] = "unchanged"
        if key.listed and person.import_key != key.listed:
            plan.touch(person, row.number, import_key=key.listed)
        said = row.values.get("life") or row.values.get("person_presence") or "here"
        if said != person.life:
            plan.outcome.note(row.number, "says_gone" if person.life == "here" else "says_here", field="life")
        return person

    def _new(self, plan: Plan, row: rules.Row, key: _known.Keys, known: _known.Known) -> Person:
        values = row.values
        person = Person(
            id=uuid7(),
            full_name=values["full_name"] if key.name else reach.UNKNOWN_NAME,
            name_key=key.name,
            sex=values.get("sex", ""),
            birth_date=values.get("birth_date"),
            birth_date_rough=bool(values.get("birth_date_rough")),
            birth_place=values.get("birth_place", ""),
            nik=values.get("nik", ""),
            nik_index=key.nik,
            region_code=values["village"],
            hamlet_id=self._hamlet(values),
            address=values["said_address"],
            life=values.get("life") or values.get("person_presence") or "here",
            resident=True,
            import_key=key.own,
            registered_at=plan.portion.at,
        )
        plan.persons.append(person)
        plan.outcome.became[row.number] = "added"
        plan.numbers[subject_key(person)] = [row.number]
        if key.nik in known.elsewhere:
            plan.alike.append((known.elsewhere[key.nik], person))
        if key.nik:
            known.by_nik[key.nik] = person
        if person.import_key:
            known.by_key[person.import_key] = person
        if key.card:
            known.by_card.setdefault(key.card, person)
        return person

    def _hamlet(self, values: Mapping[str, Any]) -> UUID | None:
        said, village = values.get("hamlet"), values["village"]
        if not said:
            return None
        if village not in self._hamlets:
            rows = region_queries.hamlets(village)
            self._hamlets[village] = {_bare_hamlet(one.name): one.id for one in rows}
        return self._hamlets[village].get(_bare_hamlet(said))

    # --- what ---

    def _facts(
        self,
        plan: Plan,
        row: rules.Row,
        person: Person,
        facts: Mapping[str, dict[str, Any]],
        known: _known.Known,
        *,
        is_new: bool,
    ) -> None:
        """The person's own values, and those of their situation."""
        if not is_new:
            place = {"region_code": row.values["village"], "resident": True}
            if hamlet := self._hamlet(row.values):
                place["hamlet_id"] = hamlet
            plan.touch(person, row.number, **place)
            own = {
                **facts["person"],
                **({"address": said} if (said := row.values["said_address"]) else {}),
            }
            plan.say(
                person, _different(person, own, rough=bool(row.values.get("birth_date_rough"))), row.number
            )
            if (
                "birth_date" in plan.said.get(subject_key(person), {})
                and bool(row.values.get("birth_date_rough")) != person.birth_date_rough
            ):
                plan.touch(person, row.number, birth_date_rough=bool(row.values.get("birth_date_rough")))
        if not facts["profile"]:
            return
        profile = known.profiles.get(person.id)
        if profile is None:
            first = facts["profile"] if is_new else {}  # of somebody we know each value has its own history
            profile = Profile(person=person, changed_at=plan.portion.at, **first)
            known.profiles[person.id] = profile
            plan.profiles.append(profile)
            if not is_new:
                plan.outcome.became[row.number] = "changed"
                plan.say(profile, _different(profile, facts["profile"]), row.number)
        else:
            plan.say(profile, _different(profile, facts["profile"]), row.number)

    def _family(
        self,
        plan: Plan,
        row: rules.Row,
        key: _known.Keys,
        person: Person,
        values: dict[str, Any],
        known: _known.Known,
        *,
        is_new: bool,
    ) -> None:
        if not key.kk:
            return
        family = known.families.get(key.kk)
        values = {name: value for name, value in values.items() if name != "kk"}
        if "decile" in values and values["decile"] == 0:
            del values["decile"]
        if family is None:
            family = Family(
                id=uuid7(),
                kk=row.values["kk"],
                kk_index=key.kk,
                region_code=row.values["village"],
                registered_at=plan.portion.at,
                changed_at=plan.portion.at,
                **values,
            )
            known.families[key.kk] = family
            plan.families.append(family)
            plan.fresh.add(family.id)
        else:
            self._tell(plan, row, ("family", key.kk), family, values)
        self._units.setdefault(("family", key.kk), row.number)
        self._join(
            plan,
            row,
            person,
            family,
            row.values.get("family_relation", ""),
            ("family", key.kk),
            is_new=is_new,
        )

    def _household(
        self,
        plan: Plan,
        row: rules.Row,
        key: _known.Keys,
        person: Person,
        facts: Mapping[str, dict[str, Any]],
        known: _known.Known,
        *,
        is_new: bool,
    ) -> None:
        household = self._household_of(plan, row, key, person, facts, known)
        if household is None:
            return
        unit = ("household", key.ruta or str(household.id))
        self._tell(plan, row, unit, household, facts["household"])
        if facts["house"]:
            if household.house is None:
                plan.touch(household, row.number, house=self._new_house(plan, row, facts["house"]))
            else:
                self._tell(plan, row, unit, household.house, facts["house"])
        self._units.setdefault(unit, row.number)
        relation = row.values.get("household_relation") or row.values.get("family_relation", "")
        if (
            household.id in plan.fresh
            or person.household_id != household.id
            or row.values.get("household_relation")
        ):
            self._join(plan, row, person, household, relation, unit, is_new=is_new)

    def _household_of(
        self,
        plan: Plan,
        row: rules.Row,
        key: _known.Keys,
        person: Person,
        facts: Mapping[str, dict[str, Any]],
        known: _known.Known,
    ) -> Household | None:
        """The household of a row: by the list's number, by card and address, or the one the person lives in already."""
        ruta = row.values.get("idbdt", "")
        household = known.households.get(key.ruta) if key.ruta else None
        if household is not None:
            return household
        own = person.household
        if own is not None and own.ended_date is None:
            if not ruta:
                return own
            if not own.idbdt:
                plan.touch(own, row.number, idbdt=ruta, import_key=key.ruta)
                known.households[key.ruta] = own
                return own
        if not key.ruta and not facts["household"] and not facts["house"]:
            return None
        household = Household(
            id=uuid7(),
            region_code=row.values["village"],
            hamlet_id=person.hamlet_id,
            house=self._new_house(plan, row, facts["house"]),
            name=person.full_name,
            idbdt=ruta,
            import_key=key.ruta,
            registered_at=plan.portion.at,
            changed_at=plan.portion.at,
            **facts["household"],
        )
        plan.households.append(household)
        plan.fresh.add(household.id)
        if key.ruta:
            known.households[key.ruta] = household
        return household

    def _new_house(self, plan: Plan, row: rules.Row, values: Mapping[str, Any]) -> House:
        house = House(
            id=uuid7(),
            region_code=row.values["village"],
            hamlet_id=self._hamlet(row.values),
            address=row.values["said_address"],
            changed_at=plan.portion.at,
            **values,
        )
        plan.houses.append(house)
        plan.fresh.add(house.id)
        return house

    def _news(
        self, plan: Plan, row: rules.Row, unit: tuple[str, str], subject: Any, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What this row may say about a unit: everything when it has the first word, else what nobody said before it."""
        if self._units.get(unit, row.number) == row.number:
            return dict(values)
        pending = plan.said.get(subject_key(subject), {})
        news = {}
        for name, value in values.items():
            held = pending.get(name, getattr(subject, name))
            if held in (None, ""):
                news[name] = value
            elif held != value:
                plan.outcome.note(row.number, "unit_differs", field=name, value=str(value))
        return news

    def _tell(
        self, plan: Plan, row: rules.Row, unit: tuple[str, str], subject: Any, values: Mapping[str, Any]
    ) -> None:
        """Bring a row's values to a family, household or house: one not saved yet takes them as they are."""
        news = self._news(plan, row, unit, subject, values)
        if subject.id in plan.fresh:
            for name, value in news.items():
                setattr(subject, name, value)
            return
        plan.touch(subject, row.number, **{name: value for name, value in news.items() if name in _DIRECT})
        told = {name: value for name, value in news.items() if name not in _DIRECT}
        plan.say(subject, _different(subject, told), row.number)

    def _join(
        self,
        plan: Plan,
        row: rules.Row,
        person: Person,
        unit: Family | Household,
        relation: str,
        key: tuple[str, str],
        *,
        is_new: bool,
    ) -> None:
        """Put the person into a unit, and at its head when the list says so first."""
        kind = key[0]
        if is_new:
            setattr(person, kind, unit)
            setattr(person, f"{kind}_relation", relation)
        elif getattr(person, f"{kind}_id") != unit.id or (
            relation and getattr(person, f"{kind}_relation") != relation
        ):
            plan.joins.append(_units.Joining(person, unit, relation or getattr(person, f"{kind}_relation")))
            plan.outcome.became[row.number] = "changed"
        if not _is_head(relation):
            return
        if key in self._heads:
            if unit.head_id != person.id:
                plan.outcome.note(row.number, "head_twice", field=f"{kind}_relation")
            return
        self._heads.add(key)
        columns: dict[str, Any] = {"head": person}
        if kind == "household":
            columns["name"] = person.full_name
        if unit.id in plan.fresh:
            for name, value in columns.items():
                setattr(unit, name, value)
        elif unit.head_id != person.id:
            plan.touch(unit, row.number, **columns)


def _is_head(relation: str) -> bool:
    """In every version of the list 1 is the head."""
    return relation.endswith("/1")


def _bare_hamlet(name: str) -> str:
    words = name.replace(".", " ").split()
    if len(words) > 1 and cells.fold(words[0]) in ("dusun", "dsn", "lingkungan", "lingk", "kampung", "kp"):
        words = words[1:]
    return cells.fold(" ".join(words))


def _is_another(person: Person, key: _known.Keys, values: Mapping[str, Any]) -> bool:
    """True when the NIK is somebody else's: another name and another birth date."""
    born = values.get("birth_date")
    if not key.name or not person.name_key or born is None or person.birth_date in (None, born):
        return False
    return SequenceMatcher(None, person.name_key, key.name).ratio() < ALIKE


def _by_unit(values: Mapping[str, Any], columns: Mapping[str, rules.Column]) -> dict[str, dict[str, Any]]:
    """A row's values by whose they are. Relations are told with the unit they are a relation in."""
    found: dict[str, dict[str, Any]] = {
        name: {} for name in ("person", "profile", "family", "household", "house")
    }
    for name, value in values.items():
        column = columns.get(name)
        if column is not None and column.unit in found and not name.endswith("_relation"):
            found[column.unit][name] = value
    return found


def _different(subject: Any, values: Mapping[str, Any], *, rough: bool = False) -> dict[str, Any]:
    """The values that say something else than the row of ours. A rough date says nothing against a whole one of the same year."""
    found = {}
    for name, value in values.items():
        held = getattr(subject, name)
        if held == value or (name in _LOOSE and held and cells.fold(held) == cells.fold(value)):
            continue
        if name == "birth_date" and rough and held is not None and held.year == value.year:
            continue
        found[name] = value
    return found
