"""The posyandu of an area as institutions: fields, own ones, cadres against the norm, the chain of decrees, the next days."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr

from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk, Seat
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.files import FileStore
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, Decree, Posyandu
from simpul.posyandu.models.institution import NORM as _NORM
from simpul.posyandu.rules import institution as rules
from simpul.regions import queries as region_queries

PAGE = 50
_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "fields.toml"
_SERVING = Q(cadres__ended_date=None)


# --- fields ----------------------------------------------------------------------------------------------------------------------


NORM = _NORM
"""Cadres a posyandu should have, until it sets a number of its own."""


@dataclass(frozen=True, slots=True)
class ServiceField:
    """One field of service; ``default`` ones are chosen for a new posyandu."""

    code: str
    name: str
    name_en: str
    default: bool = True

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if language == "en" else self.name


@lru_cache(maxsize=1)
def fields() -> tuple[ServiceField, ...]:
    """Every field of the catalogue, in its order: six of the law, and those that some regencies add."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["fields"]
    return tuple(ServiceField(**one) for one in rows)


def default_fields() -> list[str]:
    """Codes of the fields a new posyandu begins with."""
    return [one.code for one in fields() if one.default]


def fields_of(posyandu: Posyandu) -> tuple[ServiceField, ...]:
    """The fields this posyandu serves, in the catalogue's order."""
    return tuple(one for one in fields() if one.code in posyandu.fields)


def field_names(language: str = "id") -> Mapping[str, str]:
    """Names of all fields by code."""
    return {one.code: one.label(language) for one in fields()}


# --- which posyandu ----------------------------------------------------------------------------------------------------------------


def own_posyandu(by: Actor) -> list[Posyandu]:
    """The open posyandu this actor works for: those of the actor's desks, else all of the area, by name."""
    found = list(access.posyandus(by).filter(closed_date=None, desk__in=by.desk_ids).order_by("name"))
    return found or list(access.posyandus(by).filter(closed_date=None).order_by("region_code", "name"))


def cadre_of(by: Actor, posyandu: Posyandu) -> Cadre | None:
    """The cadre who sits in this actor's seat at this posyandu."""
    if by.seat_id is None:
        return None
    return Cadre.objects.filter(posyandu=posyandu, seat_id=by.seat_id, ended_date=None).first()


def number_example(posyandu: Posyandu) -> str:
    """What a registration number of this village looks like."""
    return f"{rules.dotted(posyandu.region_code)}.001"


def today_at(posyandu: Posyandu, at: datetime) -> date:
    """The day of a moment where the posyandu is."""
    return at.astimezone(ZoneInfo(region_queries.zone_of(posyandu.region_code))).date()


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list: words of name, number or hamlet; a kecamatan; open, closed, pilots, without a number, below the norm."""

    words: str = ""
    district: str = ""
    only: str = ""
    page: int = 1


def listed(by: Actor, filters: Filters) -> tuple[list[Posyandu], bool]:
    """A page of posyandu by village and name, each with ``have`` people serving; and whether there are more."""
    rows = _narrowed(by, filters).annotate(have=Count("cadres", filter=_SERVING))
    if filters.only == "gap":
        rows = rows.filter(have__lt=F("norm"))
    start = (filters.page - 1) * PAGE
    found: list[Posyandu] = list(rows.order_by("region_code", "name")[start : start + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _narrowed(by: Actor, filters: Filters) -> QuerySet[Posyandu]:
    rows = access.posyandus(by)
    if filters.district:
        rows = rows.filter(areas.inside(filters.district))
    if filters.words:
        words = filters.words
        rows = rows.filter(
            Q(name__icontains=words) | Q(number__startswith=words) | Q(hamlet__name__icontains=words)
        )
    if filters.only == "closed":
        return rows.exclude(closed_date=None)
    rows = rows.filter(closed_date=None)
    if filters.only == "pilot":
        return rows.filter(pilot=True)
    return rows.filter(number="") if filters.only == "unnumbered" else rows


@dataclass(frozen=True, slots=True)
class Totals:
    """The area in figures: open posyandu, with a number, pilots, people serving, people missing to the norm."""

    posyandu: int
    numbered: int
    pilots: int
    serving: int
    missing: int


def totals(by: Actor, district: str = "") -> Totals:
    """Figures of the open posyandu of the area; a surplus at one posyandu does not fill the gap of another."""
    rows = access.posyandus(by).filter(closed_date=None)
    if district:
        rows = rows.filter(areas.inside(district))
    seen = rows.annotate(have=Count("cadres", filter=_SERVING)).values_list("number", "pilot", "have", "norm")
    found = list(seen.order_by())
    return Totals(
        len(found),
        sum(1 for number, *_rest in found if number),
        sum(1 for _number, pilot, *_rest in found if pilot),
        sum(have for *_rest, have, _norm in found),
        sum(rules.Gap(norm, have).missing for *_rest, have, norm in found),
    )


def districts(by: Actor) -> list[tuple[str, str]]:
    """The kecamatan that have posyandu in the area: code and name, by name."""
    codes = access.posyandus(by).annotate(district=Substr("region_code", 1, 6)).order_by()
    found = region_queries.regions_by_code(set(codes.values_list("district", flat=True)))
    return sorted(((one.code, one.name) for one in found.values()), key=lambda pair: pair[1])


def desks_free(by: Actor, region_code: str, posyandu: Posyandu | None = None) -> list[Desk]:
    """Open desks of posyandu in a village that no other posyandu has."""
    taken = Posyandu.objects.exclude(desk=None)
    if posyandu is not None:
        taken = taken.exclude(id=posyandu.id)
    rows = desk_queries.desks_visible(by).open().filter(kind="posyandu", region_code=region_code)
    return list(rows.exclude(id__in=taken.values("desk")).order_by("name"))


# --- people ------------------------------------------------------------------------------------------------------------------------


def serving(posyandu: Posyandu) -> list[Cadre]:
    """Board and cadres who serve now, in the order of the decree, then by name."""
    order = list(rules.POSITIONS)
    rows = posyandu.cadres.filter(ended_date=None).select_related("person")
    places = {one.code: place for place, one in enumerate(fields())}
    return sorted(
        rows, key=lambda one: (order.index(one.position), places.get(one.field, 99), one.name, str(one.id))
    )


def ended(posyandu: Posyandu, most: int = 50) -> list[Cadre]:
    """Who served before, the latest first."""
    return list(posyandu.cadres.exclude(ended_date=None).order_by("-ended_date", "name")[:most])


def gap(posyandu: Posyandu) -> rules.Gap:
    """People who serve (board and cadres) against the norm of this posyandu."""
    have = getattr(posyandu, "have", None)
    if have is None:
        have = posyandu.cadres.filter(ended_date=None).count()
    return rules.Gap(posyandu.norm, have)


def gaps_by_field(
    posyandu: Posyandu, people: Iterable[Cadre]
) -> list[tuple[ServiceField, Cadre | None, int]]:
    """Each field with its head (None: nobody) and how many people it has."""
    rows = list(people)
    found = []
    for one in fields_of(posyandu):
        inside = [row for row in rows if row.field == one.code]
        head = next((row for row in inside if row.position == "field_head"), None)
        found.append((one, head, len(inside)))
    return found


def candidates(by: Actor, cadre: Cadre, words: str) -> list[Person]:
    """People of the village's register who may be this cadre, by name; nobody for who may not see the register."""
    if len(words.strip()) < 2:
        return []
    rows = people_access.visible(by).filter(
        region_code=cadre.posyandu.region_code,
        life="here",
        restricted_at=None,
        full_name__icontains=words.strip(),
    )
    return list(rows.select_related("hamlet").order_by("full_name", "id")[:20])


def seats_free(by: Actor, posyandu: Posyandu, at: datetime, cadre: Cadre | None = None) -> list[Seat]:
    """Seats at the posyandu's desk that no serving person is linked to yet."""
    if posyandu.desk_id is None:
        return []
    taken = set(
        Cadre.objects.filter(ended_date=None, seat__desk_id=posyandu.desk_id).values_list(
            "seat_id", flat=True
        )
    ) - {cadre.seat_id if cadre else None}
    rows = Seat.objects.current(at).filter(desk_id=posyandu.desk_id).select_related("user")
    return [one for one in rows.order_by("user__full_name") if one.id not in taken]


# --- papers and days ------------------------------------------------------------------------------------------------------------


def decrees(by: Actor, posyandu: Posyandu) -> list[Decree]:
    """The papers of a posyandu that stand, the latest of each kind first."""
    rows = own_access.decrees(by, posyandu).filter(withdrawn_at=None)
    return list(rows.order_by("-decree_date", "-recorded_at"))


def chain(posyandu: Posyandu, papers: Iterable[Decree]) -> rules.Chain:
    """How far the registration is. A number that is written down is the last step, with or without its letter."""
    held = {one.kind for one in papers} | ({"number"} if posyandu.number else set())
    return rules.chain(held)


def file_of(decree: Decree) -> bytes:
    """The kept file of a paper."""
    return store().read(decree.file_sha256)


def store() -> FileStore:
    """Where files of decrees are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


@dataclass(frozen=True, slots=True)
class NextDay:
    """A day of the schedule, with the holiday it falls on ("" for none)."""

    day: date
    holiday: str = ""


def next_days(posyandu: Posyandu, after: date, count: int = 3) -> list[NextDay]:
    """The next days of the schedule. A holiday is named and not skipped: people decide whether to move the day."""
    days = rules.next_dates(posyandu.schedule, after, count)
    if not days:
        return []
    rows = region_queries.calendar_for(posyandu.region_code, around=days[0]).holidays
    return [NextDay(day, rows.get(day, "")) for day in days]
