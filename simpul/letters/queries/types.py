"""Kinds of letter as a village has them: what is offered, which text holds, what changed; and the register's facts for a text."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from simpul.letters.models import LetterType, TypeVersion
from simpul.letters.queries import catalogue
from simpul.letters.rules import texts, variables
from simpul.letters.rules import types as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person, Profile, Relation
from simpul.people.queries import lists
from simpul.people.rules import fields as field_rules
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of letter in one village: its row, the text that holds there, and whether the village wrote either itself."""

    type: LetterType
    version: TypeVersion
    own_type: bool
    own_text: bool
    ended_at: datetime | None = None
    newer_shipped: bool = False  # the catalogue's text changed after the village wrote its own

    @property
    def code(self) -> str:
        """The key of the kind."""
        return self.type.code

    def name(self, language: str) -> str:
        """What it is called."""
        return (language == "en" and self.version.name_en) or self.version.name

    def about(self, language: str) -> str:
        """What it is for."""
        return (language == "en" and self.version.about_en) or self.version.about


def types_for(
    region_code: str, *, words: str = "", group: str = "", self_service: bool = False, ended: bool = False
) -> list[Offer]:
    """The kinds of letter of a village in the order of their groups: two queries, however many there are.

    Args:
        region_code: the village; a kind it added or ended for itself goes before the shipped one of the same key.
        words: all of them occur in its name, in what it is for, or among the words people use for it.
        self_service: only those a resident may ask for without an officer.
        ended: also those that nobody may ask for any more.
    """
    kinds: dict[str, LetterType] = {}
    closed: dict[str, datetime] = {}
    rows = LetterType.objects.filter(region_code__in=["", region_code]).order_by("region_code")
    for one in rows:
        if one.ended_at is not None:
            closed[one.code] = one.ended_at
        if one.code not in kinds:
            kinds[one.code] = one
    offers = _with_texts(list(kinds.values()), region_code, closed)
    found = [
        one
        for one in offers
        if (ended or one.ended_at is None)
        and (not group or one.type.group == group)
        and (not self_service or one.version.self_service)
        and (not words.strip() or _says(one, words))
    ]
    return sorted(found, key=lambda one: (one.type.position, one.version.name))


def find(type_code: str, region_code: str, *, ended: bool = False) -> Offer | None:
    """One kind of letter in a village; None when the village does not write it (any more, unless ``ended``)."""
    if "\x00" in type_code or "\x00" in region_code:  # no name holds it, and PostgreSQL takes no such text
        return None
    rows = list(
        LetterType.objects.filter(code=type_code, region_code__in=["", region_code]).order_by("region_code")
    )
    closed = {one.code: one.ended_at for one in rows if one.ended_at is not None}
    offers = _with_texts(rows[:1], region_code, closed)
    return next((one for one in offers if ended or one.ended_at is None), None)


def _with_texts(kinds: Iterable[LetterType], region_code: str, closed: dict[str, datetime]) -> list[Offer]:
    own: dict[UUID, TypeVersion] = {}
    general: dict[UUID, TypeVersion] = {}
    wanted = {one.id: one for one in kinds}
    rows = TypeVersion.objects.filter(type__in=list(wanted), region_code__in=["", region_code])
    for one in rows.order_by("version"):
        (own if one.region_code else general)[one.type_id] = one
    found = []
    for kind in wanted.values():
        mine, shipped = own.get(kind.id), general.get(kind.id)
        version = mine or shipped
        if version is not None:
            newer = mine is not None and shipped is not None and shipped.written_at > mine.written_at
            found.append(
                Offer(kind, version, bool(kind.region_code), mine is not None, closed.get(kind.code), newer)
            )
    return found


def current(kind: LetterType, region_code: str) -> TypeVersion | None:
    """The text of a kind that holds in a village: its own newest before the catalogue's newest."""
    rows = TypeVersion.objects.filter(Q(region_code="") | Q(region_code=region_code), type=kind)
    return rows.order_by("-region_code", "-version").first()


def versions_of(kind: LetterType, region_code: str) -> list[TypeVersion]:
    """Every text of a kind that this village has or had, newest first."""
    rows = TypeVersion.objects.filter(type=kind, region_code__in=["", region_code])
    return list(rows.order_by("-written_at", "-version"))


def _says(offer: Offer, words: str) -> bool:
    version = offer.version
    said = text.search_key(
        " ".join(
            (
                version.name,
                version.name_en,
                version.about,
                version.about_en,
                catalogue.also().get(offer.code, ""),
            )
        )
    )
    return all(word in said for word in text.search_key(words).split())


def count_in_use(kind: LetterType, region_code: str) -> int:
    """How many letters of a kind were asked for in a village: what a page says before it is ended."""
    return kind.letters.filter(region_code=region_code).count()


_WORDS = (
    "name",
    "name_en",
    "about",
    "about_en",
    "heading",
    "source",
    "body",
    "archive_code",
    "archive_confidence",
)


def given_of(version: TypeVersion) -> rules.VersionGiven:
    """A version as a form shows it again."""
    return rules.VersionGiven(
        inputs=rules.read_inputs(version.inputs),
        parties=rules.read_parties(version.parties),
        wanted=rules.read_wanted(version.requirements),
        forms=tuple(version.forms),
        **{name: getattr(version, name) for name in _WORDS},
        **{name: getattr(version, name) for name in ("validity_amount", "validity_unit")},
        **{name: getattr(version, name) for name in ("self_service", "nonresidents", "confirm")},
    )


def requirement_labels(version: TypeVersion, language: str) -> dict[str, str]:
    """What each thing to show is called, by its code, in the order of the version."""
    common = catalogue.requirements()
    return {
        one.code: one.name or (common[one.code].label(language) if one.code in common else one.code)
        for one in rules.read_wanted(version.requirements)
    }


# --- two texts beside each other ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What one part of a text was and became: lines, each "same", "gone" or "new"."""

    field: str
    lines: tuple[tuple[str, str], ...]


_COMPARED = (
    "name",
    "name_en",
    "about",
    "about_en",
    "heading",
    "body",
    "inputs",
    "parties",
    "requirements",
    "forms",
    "archive_code",
    "validity_amount",
    "validity_unit",
    "self_service",
    "nonresidents",
    "confirm",
)


def differences(old: TypeVersion, new: TypeVersion) -> tuple[Change, ...]:
    """What differs between two versions, part by part and line by line; nothing when they say the same."""
    found = []
    for name in _COMPARED:
        before, after = _as_lines(getattr(old, name)), _as_lines(getattr(new, name))
        if before != after:
            found.append(
                Change(name, tuple(_line(one) for one in difflib.ndiff(before, after) if one[0] != "?"))
            )
    return tuple(found)


def _line(one: str) -> tuple[str, str]:
    return {"-": "gone", "+": "new"}.get(one[0], "same"), one[2:]


def _as_lines(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value]
    return str(value).splitlines()


# --- shown before anybody asked -----------------------------------------------------------------------------------------------------


def preview(
    *, body: str, inputs: Iterable[rules.Input], parties: Iterable[rules.Party]
) -> tuple[texts.Rendered, tuple[texts.Problem, ...]]:
    """A text with made-up people in it, and what stands against keeping it."""
    people = [one for one in parties if set(one.data) <= set(rules.PARTY_DATA)]
    asked = rules.questions(inputs, people)
    known, groups = rules.places_of(inputs, people)
    values = variables.sample_values() | rules.sample_answers(asked)
    return texts.render(texts.parse(body), values), texts.problems_of(body, known, groups)


def places_used(body: str) -> tuple[tuple[str, str], ...]:
    """Every (group, name) that a text uses."""
    return texts.parse(body).places()


# --- the register's facts for a text ------------------------------------------------------------------------------------------------


def facts_for(
    by: Actor, person_id: UUID | None, region_code: str, *, at: datetime, name: str = ""
) -> dict[str, str]:
    """What the village and the register know for the places of a text: the village, the person, the family.

    Only what ``by`` may see. A person who is not in the register, or not for this actor, has the name that was given and nothing else;
    what is unknown has no entry, so that the text says it is missing. NIK and card numbers are in it: it is stored encrypted.
    """
    found = village_facts(region_code)
    person = _person(by, person_id)
    if person is None:
        return found | ({"nama": name.strip()} if name.strip() else {})
    today = _today(region_code, at)
    found |= {key: value for key, value in _person_values(person, today, found).items() if value}
    family = person.family
    if family is not None and family.ended_date is None:
        found |= {"no_kk": family.kk} if family.kk else {}
        found["kepala_kk"] = _name(family.head)
    found |= _parents(person)
    members = _members(by, person)
    for number, member in enumerate(members, start=1):
        own = _person_values(member, today, found)
        own["pendidikan"] = own.get("pendidikan_kk", "")
        own["hubungan"] = own.get("hubungan_kk", "")
        found |= {f"klg{number}_{key}": own[key] for key in variables.OF_A_MEMBER if own.get(key)}
    return found


def person_answers(
    by: Actor, person_id: UUID, *, party: str, wanted: Iterable[str], region_code: str, at: datetime
) -> dict[str, str]:
    """Answers for a party who lives here, from the register: ``{"saksi1_nama": ...}`` for what the kind asks of that party.

    Raises:
        NotFound: no such person for this actor.
    """
    person = people_access.active_for(by, person_id)
    village = village_facts(region_code)
    values = _person_values(_with_all(person.id) or person, _today(region_code, at), village)
    values |= {"pendidikan": values.get("pendidikan_kk", ""), "hubungan": ""}
    return {f"{party}_{name}": values[name] for name in wanted if values.get(name)}


def village_facts(region_code: str) -> dict[str, str]:
    """The names of a village and of the areas above it, in the words letters use: one query."""
    codes = [region_code[:length] for length in (10, 6, 4, 2) if len(region_code) >= length]
    rows = region_queries.regions_by_code(codes)
    found: dict[str, str] = {}
    for length, place in ((10, "desa"), (6, "kecamatan"), (4, "kabupaten"), (2, "provinsi")):
        region = rows.get(region_code[:length]) if len(region_code) >= length else None
        if region is not None:
            found[f"nama_{place}"] = region_rules.short_name(region.name, "")
    village, regency = rows.get(region_code), rows.get(region_code[:4])
    kind = village.kind if village is not None else "desa"
    found["kode_desa"] = village.dotted if village is not None else region_code
    found["sebutan_desa"] = {"kelurahan": "Kelurahan", "desa_adat": "Desa Adat"}.get(kind, "Desa")
    found["sebutan_kepala_desa"] = "Lurah" if kind == "kelurahan" else "Kepala Desa"
    found["sebutan_kecamatan"] = "Kecamatan"
    found["sebutan_kabupaten"] = "Kota" if regency is not None and regency.kind == "kota" else "Kabupaten"
    return found


def _today(region_code: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(region_queries.zone_of(region_code))).date()


def _person(by: Actor, person_id: UUID | None) -> Person | None:
    if person_id is None or not people_access.visible(by).filter(id=person_id).exists():
        return None
    return _with_all(person_id)


def _with_all(person_id: UUID) -> Person | None:
    return (
        Person.objects.filter(id=person_id)
        .select_related("hamlet", "family", "family__head", "profile")
        .first()
    )


def _members(by: Actor, person: Person) -> list[Person]:
    """Who is on the person's family card, the head first; only those this actor may see."""
    if person.family_id is None:
        return []
    rows = (
        people_access.visible(by)
        .filter(family_id=person.family_id, life__in=["here", "away"])
        .select_related("hamlet", "profile")
        .order_by("birth_date", "id")[: texts.MOST_ROWS]
    )
    head = person.family.head_id if person.family is not None else None
    return sorted(rows, key=lambda one: one.id != head)


def _name(person: Person | None) -> str:
    """A person's name, if they may be named: not who asked that their data stand still, nor who was erased."""
    if person is None or person.restricted_at is not None or person.erased_at is not None:
        return ""
    return person.full_name


def _parents(person: Person) -> dict[str, str]:
    """Father and mother as the register ties them to the person, by their sex."""
    rows = Relation.objects.filter(
        person=person, kind="parent", until_date=None, other__erased_at=None, other__restricted_at=None
    ).select_related("other")
    found: dict[str, str] = {}
    for row in rows:
        which = {"L": "ayah", "P": "ibu"}.get(row.other.sex)
        if which:
            found |= {f"nama_{which}": row.other.full_name}
            found |= {f"nik_{which}": row.other.nik} if row.other.nik else {}
    return found


def _person_values(person: Person, today: date, village: dict[str, str]) -> dict[str, str]:
    profile: Profile | None = getattr(person, "profile", None)
    age = field_rules.age_on(person.birth_date, today)
    values = {
        "nama": person.full_name,
        "nik": person.nik,
        "ttl": variables.birth_words(person.birth_place, person.birth_date),
        "tempatlahir": person.birth_place,
        "tanggallahir": person.birth_date.isoformat() if person.birth_date else "",
        "usia": str(age) if age is not None else "",
        "jenis_kelamin": {"L": "Laki-laki", "P": "Perempuan"}.get(person.sex, ""),
        "alamat": _address(person, village),
        "dusun": person.hamlet.name if person.hamlet is not None else "",
        "hubungan_kk": lists.label("relation", person.family_relation or person.household_relation),
    }
    if profile is not None:
        values |= {
            "status_kawin": lists.label("marital", profile.marital),
            "pendidikan_kk": lists.label("diploma", profile.diploma),
            "pekerjaan": _occupation(profile),
            "nama_ibu": profile.mother_name,
            "nomor_kis": profile.kis_number,
        }
    return values


def _occupation(profile: Profile) -> str:
    """A person's work in the words of an identity card, as far as the register's codes say it."""
    if profile.office and profile.office != "none":
        return lists.label("office", profile.office)
    if profile.works:
        meanings = lists.meanings("industry", profile.industry)
        known = _WORK.get(next(iter(meanings))) if len(meanings) == 1 else None
        return known or lists.label("job_status", profile.job_status)
    if "attending" in lists.meanings("schooling", profile.schooling):
        return "Pelajar/mahasiswa"
    return ""


_WORK = {
    "crops": "Petani",
    "horticulture": "Petani",
    "plantation": "Pekebun",
    "fishing": "Nelayan",
    "fish_farming": "Pembudi daya ikan",
    "livestock": "Peternak",
    "building": "Tukang",
    "trade": "Pedagang",
    "transport": "Pengemudi",
}


def _address(person: Person, village: dict[str, str]) -> str:
    """Address, hamlet, village, district: for who lives in this village; of others what they told."""
    hamlet = person.hamlet
    place = ""
    if hamlet is not None:
        kind = hamlet.kind.upper() if hamlet.kind in ("rt", "rw") else hamlet.kind.title()
        place = hamlet.name if hamlet.name.startswith(f"{kind} ") else f"{kind} {hamlet.name}"
    told = " ".join(person.address.split())
    parts = [told] if told else []
    if hamlet is not None and hamlet.name.casefold() not in told.casefold():
        parts.append(place)
    inside = village.get("kode_desa", "").replace(".", "") == person.region_code
    if inside and village.get("nama_desa", "").casefold() not in told.casefold():
        parts.append(f"{village['sebutan_desa']} {village['nama_desa']}")
        if village.get("nama_kecamatan"):
            parts.append(f"{village['sebutan_kecamatan']} {village['nama_kecamatan']}")
    return ", ".join(parts)
