"""What stands in one cell of a printed sheet: of a person, of an entry, of a visit. In Indonesian, as the official sheets are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from simpul.people.models import Household, Person
from simpul.people.queries import lists
from simpul.posyandu.models import Examination, HomeVisit, Participant
from simpul.posyandu.queries import forms, rulebook
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import growth, scores
from simpul.posyandu.rules import visits as visit_rules

TICK = "✓"
_ADULT_MONTHS = 228
_YEAR_MONTHS = 24


def day(value: date | None) -> str:
    """A date as it is written on a sheet."""
    return value.strftime("%d-%m-%Y") if value else ""


def age(months: int | None) -> str:
    """Years and months; months alone in the first two years, years alone for adults."""
    if months is None:
        return ""
    if months < _YEAR_MONTHS:
        return f"{months} bln"
    years, rest = divmod(months, 12)
    return f"{years} th" if months >= _ADULT_MONTHS or not rest else f"{years} th {rest} bln"


def _months(person: Person, on: date | None) -> int | None:
    born = person.birth_date
    return growth.completed_months(born, on) if born is not None and on is not None and born <= on else None


def person_values(person: Person, on: date | None = None) -> dict[str, str]:
    """What the register says of a person, by the keys of the sheets. NIK in full: it is an official paper."""
    born = day(person.birth_date)
    hamlet = person.hamlet.name if person.hamlet_id and person.hamlet else ""
    address = person.address.replace("\n", " ") or hamlet
    return {
        "person_name": person.full_name,
        "person_nik": person.nik,
        "person_sex": person.sex,
        "person_birth": born,
        "person_birthplace": ", ".join(part for part in (person.birth_place, born) if part),
        "person_age": age(_months(person, on)),
        "person_address": address,
        "area": hamlet,
    }


def of_person(participant: Participant, on: date | None = None) -> dict[str, str]:
    """The head of a card: the register's words, and what was written on the card itself."""
    found = person_values(participant.person, on)
    if participant.mother is not None:
        found["mother_name"] = found["person_mother"] = participant.mother.full_name
    for key, value in participant.details.items():
        one = _heads().get(key)
        text = rules.shown(one, value) if one is not None else value if isinstance(value, str) else ""
        if text and key not in _OF_THE_REGISTER:
            found[key] = (
                f"{text} {one.unit}".strip() if one is not None and one.unit and not one.short else text
            )
    return found


_OF_THE_REGISTER = frozenset(
    ("person_name", "person_nik", "person_sex", "person_birth", "person_age", "person_address")
)


@lru_cache(maxsize=1)
def _heads() -> dict[str, rules.Field]:
    """Fields that are kept on cards, by key: those of the heads and of the lists."""
    kept = [one for one in forms.forms() if one.layout in ("card", "list")]
    fields = [one for form in kept for one in (*form.head, *(form.row if form.layout == "list" else ()))]
    return {one.key: one for one in fields if one.type != rules.COMPUTED}


def of_entry(one: rules.Field, entry: Examination, participant: Participant) -> str:
    """A cell of a line of a card."""
    if one.type == rules.COMPUTED:
        return _computed(one, entry, participant)
    if one.key == "said_status":
        return entry.said_status or entry.status
    value = entry.values.get(one.key)
    if one.type == rules.YES_NO:
        return "" if value is None else TICK if value else "–"
    if one.type == rules.POINTS:
        return "" if value is None else str(value)
    text = rules.shown(one, value)
    if one.beside and text:
        return f"{text}/{entry.values.get(one.beside, '')}"
    return text


def _computed(one: rules.Field, entry: Examination, participant: Participant) -> str:
    if one.key == "date":
        return day(entry.date)
    if one.key == "age":
        return age(entry.age_months)
    if one.key == "puma_score":
        return _puma(entry, participant)
    if one.key == "aks_score":
        score = scores.aks(_points(entry), rulebook.rulebook(entry.region_code, entry.date).data("aks"))
        return str(score.total) if score.finished else ""
    words = {option.code: option.label for option in one.options}
    for name in one.rule.split(","):
        code = getattr(entry, name, "") if name in ("bb_u", "tb_u", "bb_tb", "imt_u") else _class(entry, name)
        if code:
            return words.get(code, "")
    return ""


def _class(entry: Examination, rule: str) -> str:
    return next((str(one.get("code", "")) for one in entry.results if one.get("rule") == rule), "")


def _points(entry: Examination) -> Any:
    def points(key: str) -> int | None:
        value = entry.values.get(key)
        return int(value) if isinstance(value, int) else None

    return points


def _puma(entry: Examination, participant: Participant) -> str:
    months = entry.age_months
    data = rulebook.rulebook(entry.region_code, entry.date).data("puma_points")
    if months is None or months < int(data["from_month"]):
        return ""
    score = scores.puma(
        sex=participant.person.sex,
        age_months=months,
        said=lambda key: entry.values.get(key) if isinstance(entry.values.get(key), bool) else None,
        points=_points(entry),
        data=data,
    )
    return str(score.total) if score.finished else ""


def is_problem(entry: Examination) -> bool:
    """Whether an entry says that something is not as it should be."""
    return entry.refer or any(one.get("level") in ("watch", "alert", "danger") for one in entry.results)


def of_visit(one: rules.Field, visit: HomeVisit) -> str:
    """A cell of a checklist."""
    if one.key == "reported_date":
        return day(visit.reported_date)
    if one.key == "initials":
        return ""
    value = visit.values.get(one.key)
    if one.type == rules.YES_NO:
        return "" if value is None else TICK if value else "–"
    text = rules.shown(one, value)
    if one.beside and text:
        text = f"{text}/{visit.values.get(one.beside, '')}"
    return f"{text} {one.unit}".strip() if text and one.unit else text


def of_household(household: Household | None) -> dict[str, str]:
    """The head of the family sheet."""
    if household is None:
        return {}
    hamlet = household.hamlet.name if household.hamlet_id and household.hamlet else ""
    head = next((one for one in household.members.filter(life="here") if _is_head(one)), None)
    return {
        "household_head": head.full_name if head is not None else household.name,
        "household_number": head.family.kk if head is not None and head.family_id and head.family else "",
        "person_address": head.address.replace("\n", " ") or hamlet if head is not None else hamlet,
        "area": hamlet,
    }


def _is_head(person: Person) -> bool:
    return (
        "head" in lists.meanings("relation", person.household_relation)
        if person.household_relation
        else False
    )


def members(visit: HomeVisit) -> list[Mapping[str, str]]:
    """Members of the family that was visited, as the family sheet lists them; who died or moved away is left out."""
    if visit.household_id is None:
        return []
    return members_of(visit.household, visit.date)


def _relation(code: str) -> str:
    return lists.label("relation", code) if code else ""


def members_of(household: Household | None, on: date) -> list[Mapping[str, str]]:
    """Members of a family on a day."""
    if household is None:
        return []
    rows = household.members.filter(life="here").select_related("hamlet").order_by("birth_date", "name_key")
    found: list[Mapping[str, str]] = []
    for person in rows:
        values = person_values(person, on)
        months = _months(person, on)
        number = visit_rules.proposed("", months)
        found.append(
            {
                "member_name": values["person_name"],
                "member_nik": values["person_nik"],
                "member_relation": _relation(person.household_relation),
                "member_sex": person.sex,
                "member_birth": values["person_birth"],
                "member_age": values["person_age"],
                "member_checklist": str(number) if number else "",
            }
        )
    return found
