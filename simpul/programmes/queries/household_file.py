"""A household from a JSON file, read forgivingly: the form is in docs/operations/screen.md.

Names of fields are the register's columns. A code is "bdt/6", a plain number together with ``list_version``, words of the list, or a
base meaning ("earth"). What nobody knows is left out, null, or "". Unknown keys are reported and passed over; a value that cannot be
read is refused with its field named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.lib import when
from simpul.lib.errors import Refused
from simpul.people.queries import fields as people_fields
from simpul.people.queries import lists
from simpul.people.queries import records as people_records
from simpul.people.rules import cells
from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord
from simpul.programmes.queries import catalogue

MOST_MEMBERS = 200
LARGEST = 2_000_000
_PASSED = frozenset({"id", "key", "nik", "kk", "comment", "note", "name", "head"})
_TOP = frozenset(
    {"household", "house", "families", "members", "list_version", "date", "region", "region_code", "receives"}
)
_EXTRA_PERSON = frozenset(
    {"age", "birth_date", "birth_year", "sex", "relation", "family", "receives", "full_name", "ppks", "here"}
)


class FileUnreadable(Refused):
    """A household file that cannot be read; ``faults`` names each field."""

    code = "screen.file_unreadable"
    sentence: Any = gettext_lazy("The file cannot be read: %(what)s")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(what="; ".join(faults[:20]))
        self.faults = faults


@dataclass
class Read:
    """What a file gave: the record, the day and place it names, and keys that nobody knows here."""

    record: HouseholdRecord
    on: date | None = None
    region_code: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    version: str
    today: date
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_text(text: str, today: date) -> Read:
    """A household from the text of a file.

    Raises:
        FileUnreadable: no JSON, not one household, or values that cannot be read; the sentence names each field.
    """
    if len(text) > LARGEST:
        raise FileUnreadable([_("the file is too large for one household")])
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise FileUnreadable([_("this is not JSON (%(what)s)") % {"what": str(fault)[:100]}]) from None
    given = _alone(given)
    if not isinstance(given, Mapping):
        raise FileUnreadable([_("one household is expected, as an object in curly brackets")])
    return read(given, today)


def _alone(given: Any) -> Any:
    """The one household of a list or of ``{"households": [...]}``; several are not one, and are refused as such."""
    if (
        isinstance(given, Mapping)
        and isinstance(given.get("households"), list)
        and not given.get("household")
    ):
        given = given["households"]
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def _lifted(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Members, families and house that the file put inside ``household`` stand beside it."""
    inner = given.get("household")
    if not isinstance(inner, Mapping):
        return given
    moved = {key: inner[key] for key in _TOP - {"household"} if key in inner and given.get(key) is None}
    kept = {key: value for key, value in inner.items() if key not in moved}
    return {**given, **moved, "household": kept}


def read(given: Mapping[str, Any], today: date) -> Read:
    """A household from data. See ``read_text``."""
    given = _lifted(given)
    version = str(given.get("list_version") or "bdt").strip().casefold()
    if version not in lists.book().versions:
        known = ", ".join(lists.book().versions)
        raise FileUnreadable(
            [
                _("list_version “%(value)s” is not known; use one of %(known)s")
                % {"value": version, "known": known}
            ]
        )
    reading = _Reading(version, today)
    on = _day(reading, "date", given.get("date"))
    reading.today = on or today
    house, household = _table(given, "house", reading), _table(given, "household", reading)
    values, building = _split(given, household, house, reading)
    cards = _families(given, household, reading)
    members = _members(given, cards, reading)
    received = _receives(given.get("receives", household.get("receives")), "receives", reading)
    if len(cards) == 1:  # what the household receives comes on its only card
        cards = {key: replace(card, receives={**received, **card.receives}) for key, card in cards.items()}
    if reading.faults:
        raise FileUnreadable(reading.faults)
    region = str(given.get("region_code") or given.get("region") or "").replace(".", "")
    record = HouseholdRecord(
        key="household",
        name=str(household.get("name", "") or ""),
        region_code=region,
        values={**values, "gone": people_records.gone(str(values.get("presence") or ""))},
        house_key="house" if building or house else "",
        house=building,
        families=tuple(cards.values()),
        members=tuple(members),
        receives=received,
    )
    return Read(record, on, region, reading.warnings)


def _table(given: Mapping[str, Any], name: str, reading: _Reading) -> Mapping[str, Any]:
    part = given.get(name)
    if part is None:
        return {}
    if not isinstance(part, Mapping):
        reading.faults.append(_("%(field)s: an object is expected") % {"field": name})
        return {}
    return part


def _split(
    given: Mapping[str, Any], household: Mapping[str, Any], house: Mapping[str, Any], reading: _Reading
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns of the household and of the house, wherever the file put them."""
    values: dict[str, Any] = {}
    building: dict[str, Any] = {}
    loose = {key: value for key, value in given.items() if key not in _TOP}
    for where, part in (("", loose), ("household.", household), ("house.", house)):
        for key, value in part.items():
            if key in _PASSED or key in ("decile", "listed", "receives"):
                continue
            column, amount = _metres(key, value)
            if column in people_records.HOUSE:
                building[column] = _value("house", column, amount, f"{where}{key}", reading)
            elif column in people_records.HOUSEHOLD:
                values[column] = _value("household", column, amount, f"{where}{key}", reading)
            else:
                _unknown(f"{where}{key}", reading)
    return values, building


def _metres(key: str, value: Any) -> tuple[str, Any]:
    """``floor_area_m2`` is square metres, as people say it; the column is in square decimetres."""
    if key == "floor_area_m2":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return "floor_area_dm2", round(value * 100)
        return "floor_area_dm2", value
    return key, value


def _unknown(where: str, reading: _Reading) -> None:
    reading.warnings.append(_("%(field)s is not known here and was passed over") % {"field": where})


def _families(
    given: Mapping[str, Any], household: Mapping[str, Any], reading: _Reading
) -> dict[str, FamilyRecord]:
    rows = given.get("families")
    if rows is None:
        loose = {key: given.get(key, household.get(key)) for key in ("decile", "listed")}
        rows = [{"key": "1", **loose}]
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        reading.faults.append(_("%(field)s: a list of objects is expected") % {"field": "families"})
        return {}
    found = {}
    for number, row in enumerate(rows, 1):
        where, values = f"families[{number}]", {}
        for key, value in row.items():
            if key in people_records.FAMILY:
                values[key] = _value("family", key, value, f"{where}.{key}", reading)
            elif key not in _PASSED and key != "receives":
                _unknown(f"{where}.{key}", reading)
        decile = values.get("decile")
        if decile is not None and not 1 <= decile <= 10:
            reading.faults.append(_("%(field)s: a decile is 1 to 10") % {"field": f"{where}.decile"})
        key = str(row.get("key", row.get("id", number)))
        found[key] = FamilyRecord(
            key, values=values, receives=_receives(row.get("receives"), f"{where}.receives", reading)
        )
    return found


def _members(
    given: Mapping[str, Any], cards: Mapping[str, FamilyRecord], reading: _Reading
) -> list[PersonRecord]:
    rows = given.get("members") or []
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        reading.faults.append(_("%(field)s: a list of objects is expected") % {"field": "members"})
        return []
    if len(rows) > MOST_MEMBERS:
        reading.faults.append(_("%(field)s: more people than a household has") % {"field": "members"})
        return []
    people = [_member(row, number, cards, reading) for number, row in enumerate(rows, 1)]
    heads = [one for one in people if people_records.is_head(str(one.values.get("relation", "")))]
    heads = heads or [one for one in people if one.values.get("relation") == "head"]
    first = heads[:1]
    by_card: dict[str, PersonRecord] = {}
    for one in heads:
        by_card.setdefault(one.family, one)
    return [_headed(one, one in first, by_card.get(one.family) is one) for one in people]


def _headed(one: PersonRecord, household: bool, family: bool) -> PersonRecord:
    return PersonRecord(
        key=one.key,
        name=one.name,
        birth_date=one.birth_date,
        birth_rough=one.birth_rough,
        here=one.here,
        family=one.family,
        heads_household=household and one.here,
        heads_family=family and bool(one.family),
        values=one.values,
        marks=one.marks,
        receives=one.receives,
    )


def _member(
    row: Mapping[str, Any], number: int, cards: Mapping[str, FamilyRecord], reading: _Reading
) -> PersonRecord:
    where, values = f"members[{number}]", {}
    outside = {
        fact.column: fact.type
        for fact in catalogue.vocabulary().facts.values()
        if fact.outside and fact.scope == "person"
    }
    for key, value in row.items():
        if key in _EXTRA_PERSON or key in _PASSED:
            continue
        if key in people_records.PROFILE:
            values[key] = _value("person", key, value, f"{where}.{key}", reading)
        elif outside.get(key) == "flag":
            values[key] = _flag(value, f"{where}.{key}", reading)
        elif outside.get(key) == "date":
            values[key] = _day(reading, f"{where}.{key}", value)
        else:
            _unknown(f"{where}.{key}", reading)
    born, rough = _born(row, where, reading)
    values["sex"] = _sex(row.get("sex"), f"{where}.sex", reading)
    values["relation"] = _code("relation", row.get("relation"), f"{where}.relation", reading)
    values["has_nik"] = True if row.get("nik") else None
    if values.get("works") is None and _employed(values):
        values["works"] = True
    disability = str(values.get("disability") or "")
    values["able"] = people_records.able(disability) or disability == "none"
    family = str(row.get("family", "")) or (next(iter(cards)) if len(cards) == 1 else "")
    if family and family not in cards:
        reading.faults.append(
            _("%(field)s: there is no such family in the file") % {"field": f"{where}.family"}
        )
    return PersonRecord(
        key=str(row.get("key", row.get("id", f"member-{number}"))),
        name=str(row.get("name", row.get("full_name", "")) or f"{number}"),
        birth_date=born,
        birth_rough=rough,
        here=row.get("here") is not False,
        family=family,
        values=values,
        marks=_marks(row.get("ppks"), f"{where}.ppks", reading),
        receives=_receives(row.get("receives"), f"{where}.receives", reading),
    )


def _employed(values: Mapping[str, Any]) -> bool:
    """True when what was said of a person means that they work: an office, a position at work, a wage above the minimum."""
    office = str(values.get("office") or "none")
    return office != "none" or bool(values.get("job_status")) or values.get("wage_above_minimum") is True


# --- single values ---------------------------------------------------------------------------------------------------


def _value(about: str, column: str, value: Any, where: str, reading: _Reading) -> Any:
    if value is None or value == "":
        return "" if _is_code(column) else None
    if _is_code(column):
        return _code(column, value, where, reading)
    place = "profile" if about == "person" else about
    known = people_fields.of(place).get(column)
    if known is not None and known.type == "yes_no":
        return _answer(column, value, where, reading)
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        reading.faults.append(
            _("%(field)s: “%(value)s” is no whole number") % {"field": where, "value": value}
        )
        return None
    if known is None:
        return value if isinstance(value, str) else int(value)
    try:
        return people_fields.read(
            place, column, int(value) if isinstance(value, float) else value, version=reading.version
        )
    except Refused as refusal:
        reading.faults.append(f"{where}: {refusal}")
        return None


def _is_code(column: str) -> bool:
    return column in lists.book().lists or column in ("household_relation", "family_relation")


def _code(column: str, value: Any, where: str, reading: _Reading) -> str:
    """A code with its version, words of the list, a plain number of ``list_version``, or a base meaning."""
    if value is None or value == "":
        return ""
    known = lists.codes_by_meaning(column)
    if isinstance(value, str) and (value in known or value in lists.all_meanings(column)):
        return value
    try:
        if isinstance(value, bool | list | dict):
            raise lists.NotInList(value=str(value)[:60], name=lists.name(column))
        return lists.code(column, reading.version, value)
    except Refused as refusal:
        reading.faults.append(f"{where}: {refusal}")
        return ""


def _flag(value: Any, where: str, reading: _Reading) -> bool | None:
    if value is None or value == "" or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    words = {"ya": True, "yes": True, "true": True, "tidak": False, "no": False, "false": False}
    plain = str(value).strip().casefold()
    if plain in words:
        return words[plain]
    if plain in ("tidak tahu", "unknown", "?", "-"):
        return None
    reading.faults.append(
        _("%(field)s: “%(value)s” is neither true, false nor null")
        % {"field": where, "value": str(value)[:40]}
    )
    return None


def _answer(column: str, value: Any, where: str, reading: _Reading) -> bool | None:
    """Yes or no of a column that a form may have coded: 1/2, or 3/4 for some items of BDT."""
    if isinstance(value, bool | str) and not str(value).strip()[:1].isdigit():
        return _flag(value, where, reading)
    try:
        return lists.yes_no(column, reading.version, int(value) if isinstance(value, float) else value)
    except (Refused, ValueError, OverflowError):
        return _flag(value, where, reading)


def _sex(value: Any, where: str, reading: _Reading) -> str:
    plain = cells.sex(str(value if value is not None else "").strip().removeprefix("bdt/"))
    if plain.fault:
        reading.faults.append(_("%(field)s: write L or P") % {"field": where})
    return {"L": "male", "P": "female"}.get(str(plain.value), "")


def _day(reading: _Reading, where: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    written = str(value).strip()
    day = when.parse_date(written) or when.parse_date(written.replace("-", "/"))
    if day is None:
        reading.faults.append(
            _("%(field)s: “%(value)s” is no date; write 1980-11-22")
            % {"field": where, "value": str(value)[:40]}
        )
    return day


def _born(row: Mapping[str, Any], where: str, reading: _Reading) -> tuple[date | None, bool]:
    """Day of birth, and whether only the year is sure. An age is taken as full years on the day of the question."""
    if row.get("birth_date") not in (None, ""):
        born = _day(reading, f"{where}.birth_date", row["birth_date"])
        if born is not None and born > reading.today:
            reading.faults.append(_("%(field)s lies in the future") % {"field": f"{where}.birth_date"})
        return born, False
    for key, most in (("birth_year", reading.today.year), ("age", 130)):
        value = row.get(key)
        if value in (None, ""):
            continue
        years = _years(value)
        if years is None or years > most:
            reading.faults.append(
                _("%(field)s: “%(value)s” is no whole number") % {"field": f"{where}.{key}", "value": value}
            )
            return None, False
        if key == "birth_year":
            return date(max(1, years), 1, 1), True
        day = min(reading.today.day, 28)
        return date(reading.today.year - years, reading.today.month, day), False
    return None, False


def _years(value: Any) -> int | None:
    """Full years: 70, "70" or 70.0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    written = str(value).strip().removesuffix(".0")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 4 else None


def _receives(value: Any, where: str, reading: _Reading) -> dict[str, bool]:
    """A list of what is received, or an object of true and false."""
    known = catalogue.vocabulary().receipts
    if value is None:
        return {}
    if isinstance(value, str):
        value = [one for one in value.split(",") if one.strip()]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        rows: dict[str, Any] = dict.fromkeys(value, True)
    elif isinstance(value, Mapping):
        rows = dict(value)
    else:
        reading.faults.append(
            _("%(field)s: a list of programmes, or an object of true and false, is expected")
            % {"field": where}
        )
        return {}
    found = {}
    for said, answer in rows.items():
        programme = str(said).strip().casefold()
        if programme not in known:
            _unknown(f"{where}.{programme}", reading)
        elif isinstance(answer, bool):
            found[programme] = answer
        elif answer is not None:
            reading.faults.append(
                _("%(field)s: “%(value)s” is neither true, false nor null")
                % {"field": f"{where}.{programme}", "value": str(answer)[:40]}
            )
    return found


def _marks(value: Any, where: str, reading: _Reading) -> frozenset[int]:
    if value is None:
        return frozenset()
    numbers = {one.number for one in lists.categories()}
    if not isinstance(value, list) or not all(one in numbers for one in value):
        reading.faults.append(_("%(field)s: numbers of PPKS categories, 1 to 26") % {"field": where})
        return frozenset()
    return frozenset(value)
