"""Finding whom a row of a list is about: blind keys of the row, and the rows of ours that they lead to, one query a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib import text
from simpul.lib.keys import ring
from simpul.people.models import Family, Household, Person, Profile
from simpul.people.rules import cells, reach


@dataclass(slots=True)
class Keys:
    """What a row can be found by: blind indexes, and the plain parts of the family card's."""

    nik: str = ""
    listed: str = ""
    card: tuple[str, str, date | None] | None = None
    plain: str = ""
    kk: str = ""
    ruta: str = ""
    name: str = ""

    @property
    def own(self) -> str:
        """The key that is kept with the person, so that the next list finds them."""
        return self.listed or ("" if self.nik else self.plain)

    @property
    def first(self) -> str:
        """The surest of them."""
        return (self.nik or self.listed or self.plain)[:24]


def keys_of(values: dict[str, Any]) -> Keys:
    """The keys of a row; the address with all its parts is put beside its values, since it is one of them."""
    index = ring().blind_index
    name = "" if reach.is_no_name(values["full_name"]) else text.name_key(values["full_name"])[:150]
    kk, born, village = values.get("kk", ""), values.get("birth_date"), values.get("village", "")
    found = Keys(name=name, kk=index(kk, "kk") if kk else "")
    said = values["said_address"] = address_of(values)
    address = cells.fold(said)
    if nik := values.get("nik"):
        found.nik = index(nik, "nik")
    if number := values.get("person_number"):
        found.listed = index(f"list|{values.get('idbdt') or village}|{number}", "import")
    if kk and name:
        found.card = (found.kk, name, born)
    if not (found.nik or found.listed):
        found.plain = index(f"plain|{village}|{name or values['full_name']}|{born}|{kk or address}", "import")
    if ruta := values.get("idbdt"):
        found.ruta = index(f"ruta|{ruta}", "import")
    elif kk:
        found.ruta = index(f"card|{kk}|{address}", "import")
    return found


def address_of(values: Mapping[str, Any]) -> str:
    """The address with what the list keeps in columns of their own: "Jalan Poros, Dusun Taludu, RT 1, RW 2"."""
    parts = [values.get("address", "")]
    hamlet = values.get("hamlet", "")
    if hamlet and cells.fold(hamlet) not in cells.fold(parts[0]):
        parts.append(hamlet)
    for name in ("rt", "rw"):
        number = str(values.get(name, "")).strip()
        if number.strip("0 -") and name not in parts[0].casefold():
            parts.append(f"{name.upper()} {number}")
    return ", ".join(part for part in parts if part)[:200]


@dataclass(slots=True)
class Known:
    """The rows of ours that a portion may be about: one query each, whatever its size."""

    by_nik: dict[str, Person] = field(default_factory=dict)
    elsewhere: dict[str, Person] = field(default_factory=dict)  # a NIK that stands outside the area
    by_key: dict[str, Person] = field(default_factory=dict)
    by_card: dict[tuple[str, str, date | None], Person] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    profiles: dict[UUID, Profile] = field(default_factory=dict)


def known_to(base: str, keys: Sequence[Keys]) -> Known:
    """Look up everybody and everything a portion may be about, each sure way first and the others only for who was not found by it."""
    found = Known()
    for person in _persons(nik_index__in={one.nik for one in keys if one.nik}):
        inside = person.region_code.startswith(base) or not person.region_code
        (found.by_nik if inside else found.elsewhere).setdefault(person.nik_index, person)
    others = [one for one in keys if one.nik not in found.by_nik]
    if own := {key for one in others for key in (one.listed, one.plain) if key}:
        for person in _persons(import_key__in=own).exclude(import_key=""):
            if person.region_code.startswith(base):
                found.by_key.setdefault(person.import_key, person)
    cards = {one.kk for one in keys if one.kk}
    for family in Family.objects.filter(kk_index__in=cards, ended_date=None).order_by("registered_at"):
        if family.region_code.startswith(base):
            found.families.setdefault(family.kk_index, family)
    if looked := [found.families[one.kk] for one in others if one.card and one.kk in found.families]:
        by_id = {family.id: family for family in looked}
        for person in _persons(family_id__in=list(by_id)):
            key = (by_id[person.family_id].kk_index, person.name_key, person.birth_date)  # type: ignore[index]
            found.by_card.setdefault(key, person)
    _live(found, {one.ruta for one in keys if one.ruta}, base)
    return found


def _persons(**wanted: Any) -> QuerySet[Person]:
    return Person.objects.filter(**wanted).order_by("registered_at")


def _live(found: Known, rutas: set[str], base: str) -> None:
    """Where the persons live and what their situation is, and the households that the list numbers."""
    tables = (found.by_nik, found.by_key, found.by_card)
    persons = {one.id: one for table in tables for one in table.values()}
    ids = {one.household_id for one in persons.values() if one.household_id}
    rows = Household.objects.select_related("house").filter(Q(import_key__in=rutas) | Q(id__in=ids))
    by_id = {one.id: one for one in rows}
    for person in persons.values():
        if person.household_id:
            person.household = by_id[person.household_id]
    found.households = {
        one.import_key: one
        for one in by_id.values()
        if one.import_key in rutas and one.region_code.startswith(base)
    }
    found.profiles = {one.person_id: one for one in Profile.objects.filter(person_id__in=list(persons))}
