"""Values of facts for one subject: a person, a family, a household or a house of a household's record.

The derived facts are worked out here for one household and in ``vectors`` for a whole area; property tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord
from simpul.programmes.rules import facts

NEVER_AIDED = 999
"""Years since an aid that never was."""
CHILDBEARING = (10, 55)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a verdict is about, in one household's record."""

    record: HouseholdRecord
    on: date
    person: PersonRecord | None = None
    family: FamilyRecord | None = None

    def of(self, member: PersonRecord) -> Subject:
        """The same question about a member."""
        return Subject(self.record, self.on, member, self.record.family(member.family))

    def members(self, group: str) -> tuple[PersonRecord, ...]:
        """The people of the family or the household."""
        if group == "household":
            return self.record.members_here()
        return self.record.members_of(self.family.key) if self.family else ()

    def complete(self, group: str) -> bool:
        """True when nobody of the group is missing in the register, as far as anybody knows."""
        return self.record.complete if group == "household" else bool(self.members(group))

    def key(self, scope: str) -> str:
        """The key of the row a fact of this scope stands in; "" when there is none."""
        if scope == "house":
            return self.record.house_key
        if scope == "household":
            return self.record.key
        part = self.family if scope == "family" else self.person
        return part.key if part else ""

    def name(self, scope: str) -> str:
        """A member's name beside a fact of theirs."""
        return self.person.name if scope == "person" and self.person else ""


def subjects(record: HouseholdRecord, unit: str, on: date) -> list[Subject]:
    """Every subject of a rule's unit in this household: each person, each family card, the household, the house."""
    whole = Subject(record, on)
    if unit == "household":
        return [whole]
    if unit == "house":
        return [whole] if record.house_key else []
    if unit == "family":
        return [Subject(record, on, family=one) for one in record.families if one.here]
    people = [whole.of(member) for member in record.members_here()]
    return [one for one in people if concerned(one)] if unit == "pupil" else people


def concerned(subject: Subject) -> bool:
    """True when somebody may be a pupil: their age is not known, or lies near that of schools."""
    low, high = age(subject)
    return high >= facts.CONCERNED_AGES[0] and low <= facts.CONCERNED_AGES[1]


def number(subject: Subject, fact: facts.Fact) -> facts.Range:
    """A number or an amount as a range; the range of everything when nothing is known."""
    if fact.derived:
        worked_out: facts.Range = _DERIVED[fact.key](subject)
        return worked_out
    value = values(subject, fact.scope).get(fact.column)
    return facts.UNKNOWN if value is None else (int(value), int(value))


def flag(subject: Subject, fact: facts.Fact) -> bool | None:
    """Yes, no, or nobody knows."""
    if fact.derived:
        worked_out: bool | None = _DERIVED[fact.key](subject)
        return worked_out
    value = values(subject, fact.scope).get(fact.column)
    return None if value is None else bool(value)


def values(subject: Subject, scope: str) -> Mapping[str, Any]:
    """The columns of a scope."""
    if scope == "house":
        return subject.record.house
    if scope == "household":
        return subject.record.values
    part = subject.family if scope == "family" else subject.person
    return part.values if part else {}


def receives(subject: Subject, programme: str, of: str, own_word: str) -> bool | None:
    """Does the person, family or household receive it? Known from benefits, else from what the household itself said.

    A family also receives what one of its members does, a household what anybody in it does.
    """
    record = subject.record
    found: list[bool | None] = []
    if of == "person":
        found.append(subject.person.receives.get(programme) if subject.person else None)
    elif of == "family":
        found.append(subject.family.receives.get(programme) if subject.family else None)
        found += [member.receives.get(programme) for member in subject.members("family")]
    else:
        found.append(record.receives.get(programme))
        found += [one.receives.get(programme) for one in record.families if one.here]
        found += [member.receives.get(programme) for member in record.members_here()]
    if True in found:
        return True
    own = record.values.get(own_word) if _speaks_for(subject, of) else None
    if own is False or (own is True and of == "household"):
        return bool(own)
    if False in found:
        return False
    return True if own is True and of == "family" and _one_family(record) else None


def _speaks_for(subject: Subject, of: str) -> bool:
    """True when what the household said can be meant of this person or card: not of those who eat elsewhere."""
    if of == "person":
        return subject.person is not None and subject.person.here
    return of != "family" or (subject.family is not None and subject.family.here)


def _one_family(record: HouseholdRecord) -> bool:
    """True when what the household said can only be meant of one family card."""
    return sum(one.here for one in record.families) == 1


# --- derived facts ---------------------------------------------------------------------------------------------------


def age(subject: Subject) -> facts.Range:
    """Age in whole years on the day; two possible ages when only the year of birth is known."""
    member = subject.person
    if member is None or member.birth_date is None:
        return facts.UNKNOWN
    born, on = member.birth_date, subject.on
    if member.birth_rough:
        return max(0, on.year - born.year - 1), max(0, on.year - born.year)
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return max(0, years), max(0, years)


def _house_persons(subject: Subject) -> facts.Range:
    """People of every household under the roof; of the household when it lives there alone."""
    if not subject.record.house_key:
        return facts.UNKNOWN
    count = subject.record.house_persons
    if count is None:
        return _household_size(subject)
    return (count, count) if count else facts.UNKNOWN


def _household_size(subject: Subject) -> facts.Range:
    here, said = len(subject.record.members_here()), subject.record.values.get("members_said")
    most = max(here, said or 0)
    return (most, most) if most else facts.UNKNOWN


def _family_size(subject: Subject) -> facts.Range:
    count = len(subject.members("family"))
    return (count, count) if count else facts.UNKNOWN


def _area_per_person(subject: Subject) -> facts.Range:
    area, heads = subject.record.house.get("floor_area_dm2"), _house_persons(subject)
    if area is None or heads == facts.UNKNOWN:
        return facts.UNKNOWN
    return area // heads[0], area // heads[0]


def _years_since_aid(subject: Subject) -> facts.Range:
    year = subject.record.house.get("aided_year")
    if year is None:
        return facts.UNKNOWN
    years = NEVER_AIDED if year == 0 else max(0, subject.on.year - year)
    return years, years


def _income(subject: Subject) -> facts.Range:
    """What the household said; else the sum of its members' incomes, open upwards while one of them is not known."""
    said = subject.record.values.get("income_month")
    if said is not None:
        return said, said
    known = [member.values.get("income_month") for member in subject.record.members_here()]
    total = sum(one for one in known if one is not None)
    if all(one is None for one in known):
        return facts.UNKNOWN
    closed = subject.record.complete and None not in known
    return total, (total if closed else facts.MOST)


def _income_per_person(subject: Subject) -> facts.Range:
    income, heads = _income(subject), _household_size(subject)
    if facts.UNKNOWN in (income, heads):
        return facts.UNKNOWN
    return income[0] // heads[0], (facts.MOST if income[1] == facts.MOST else income[1] // heads[0])


def _gone(subject: Subject) -> bool | None:
    """A household that stands in the register lives there until somebody reports otherwise."""
    return bool(subject.record.values.get("gone"))


def _has_nik(subject: Subject) -> bool | None:
    return values(subject, "person").get("has_nik")


def _pregnant(subject: Subject) -> bool | None:
    """What was said; men, young girls and old women are not, without being asked."""
    known = values(subject, "person").get("pregnant")
    if known is not None:
        return bool(known)
    low, high = age(subject)
    male = values(subject, "person").get("sex") == "male"
    return False if male or high < CHILDBEARING[0] or low > CHILDBEARING[1] else None


def _severe(subject: Subject) -> bool | None:
    """What was said; who has no disability at all has no severe one."""
    known = values(subject, "person").get("severe_disability")
    if known is not None:
        return bool(known)
    return False if values(subject, "person").get("able") else None


def _has_kip(subject: Subject) -> bool | None:
    """A number on record; else "no" when the household has none."""
    if values(subject, "person").get("kip_number"):
        return True
    here = subject.person is not None and subject.person.here
    return False if here and subject.record.values.get("has_kip") is False else None


_DERIVED: Mapping[str, Any] = {
    "house.persons": _house_persons,
    "house.area_per_person_dm2": _area_per_person,
    "house.years_since_aid": _years_since_aid,
    "household.size": _household_size,
    "household.income": _income,
    "household.income_per_person": _income_per_person,
    "household.gone": _gone,
    "family.size": _family_size,
    "person.age": age,
    "person.has_nik": _has_nik,
    "person.pregnant": _pregnant,
    "person.severe_disability": _severe,
    "person.has_kip": _has_kip,
}
