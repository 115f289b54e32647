"""When a household, a hamlet or a village was last met, by whatever: across every room that outreach can see.

A *contact* is a meeting in which somebody could speak or receive: a visit where the household was met, a door about a KIS card, a
submitted verification, aid handed over, an accompaniment visit, a matter of theirs, and, for a village or hamlet as a whole, a trip's stop.
A visit where nobody was at home is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from simpul.cases.models import Case
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.outreach.models import AccompanimentVisit, Stop, Verification, Visit
from simpul.outreach.queries import doors
from simpul.outreach.rules import trips as rules
from simpul.outreach.rules import verification as verification_rules
from simpul.programmes.models import CardDoor, Delivery
from simpul.programmes.rules import kis as kis_rules
from simpul.regions import queries as region_queries
from simpul.regions.models import Region


@dataclass(frozen=True, slots=True)
class Contact:
    """The last meeting: when, and by what (visit, card, verification, delivery, accompaniment, matter, stop)."""

    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class PlaceContact:
    """A village or a hamlet: its last contact, and how many households have had none for so many months."""

    code: str
    hamlet_id: UUID | None
    name: str
    last: Contact | None
    months: int | None
    households: int
    region: Region | None = None


def of_households(ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The last contact of each of these households that ever had one, for callers that checked who asks."""
    return _newest(_household_rows(Q(household__in=list(ids)), "household"))


def by_village(by: Actor, region_code: str, today: date) -> list[PlaceContact]:
    """Villages inside an area, those longest without contact first; those never met at the very top."""
    households = doors.present_households(by, region_code)
    counted = dict(
        households.order_by()
        .values_list("region_code")
        .annotate(n=Count("id"))
        .values_list("region_code", "n")
    )
    last = _newest(_household_rows(Q(household__in=households), "household__region_code"))
    inside = areas.inside_any(_areas(by, region_code))
    arrived = Stop.objects.filter(inside, dropped_at=None, arrived_at__lte=_end_of(today))
    for code, moment in arrived.order_by().values_list("region_code").annotate(m=Max("arrived_at")):
        if code not in last or last[code].at < moment:
            last[code] = Contact(moment, "stop")
    rows = Region.objects.filter(areas.inside(region_code, "code"), level=4).current(today)
    villages = [one for one in rows.order_by("code")[:500] if by.serves(one.code)]
    return _ordered(
        [
            PlaceContact(
                one.code,
                None,
                one.short_name,
                last.get(one.code),
                _months(last.get(one.code), today, one.code),
                counted.get(one.code, 0),
                one,
            )
            for one in villages
        ]
    )


def by_hamlet(by: Actor, village_code: str, today: date) -> list[PlaceContact]:
    """The hamlets of a village in the same way; households without a hamlet stand under no name."""
    households = doors.present_households(by, village_code)
    counted = dict(
        households.order_by().values_list("hamlet_id").annotate(n=Count("id")).values_list("hamlet_id", "n")
    )
    last: dict[Any, Contact] = _newest(_household_rows(Q(household__in=households), "household__hamlet_id"))
    arrived = Stop.objects.filter(
        region_code=village_code, hamlet__isnull=False, dropped_at=None, arrived_at__lte=_end_of(today)
    )
    for key, moment in arrived.order_by().values_list("hamlet_id").annotate(m=Max("arrived_at")):
        if key not in last or last[key].at < moment:
            last[key] = Contact(moment, "stop")
    names: dict[UUID | None, str] = {one.id: one.name for one in region_queries.hamlets(village_code)}
    for key in counted:
        names.setdefault(key, "")
    return _ordered(
        [
            PlaceContact(
                village_code,
                key,
                name,
                last.get(key),
                _months(last.get(key), today, village_code),
                counted.get(key, 0),
            )
            for key, name in names.items()
        ]
    )


def _areas(by: Actor, region_code: str) -> list[str]:
    """The part of an area that this seat serves."""
    if by.serves(region_code):
        return [region_code]
    return [one for one in by.served_areas if one.startswith(region_code)]


def _end_of(day: date) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T23:59:59+00:00")


def _months(last: Contact | None, today: date, region_code: str) -> int | None:
    if last is None:
        return None
    return rules.months_since(last.at.astimezone(ZoneInfo(region_queries.zone_of(region_code))).date(), today)


def _ordered(rows: list[PlaceContact]) -> list[PlaceContact]:
    return sorted(rows, key=lambda one: (one.last is not None, -(one.months or 0), one.name))


# --- what was written down, room by room --------------------------------------------------------------------------------------


def _household_rows(which: Q, group: str) -> Iterable[tuple[Any, datetime | None, str]]:
    """The newest moment of each group in each room. ``which`` and ``group`` speak of the column ``household``."""
    visits = Visit.objects.filter(which, undone_at=None, outcome="met")
    yield from _grouped(visits, group, "visited_at", "visit")
    checks = Verification.objects.filter(which, state__in=verification_rules.SUBMITTED)
    yield from _grouped(checks, group, "submitted_at", "verification")
    given = Delivery.objects.standing().filter(which, outcome="delivered")
    yield from _grouped(given, group, "delivered_at", "delivery")
    looks = AccompanimentVisit.objects.filter(_under(which, "accompaniment__"), how="visit")
    yield from _grouped(looks, f"accompaniment__{group}", "seen_at", "accompaniment")
    cards = CardDoor.objects.filter(
        _under(which, "card__person__"), undone_at=None, found__in=kis_rules.REACHED
    )
    yield from _grouped(cards, f"card__person__{group}", "at", "card")
    matters = Case.objects.exclude(sensitivity="sealed")
    for person in ("reporter__", "about__"):
        rows = matters.filter(_under(which, person))
        yield from _grouped(rows, f"{person}{group}", "received_at", "matter")


def _under(which: Q, path: str) -> Q:
    """The same condition, reached by another path."""
    return Q(*[(f"{path}{name}", value) for name, value in which.children])  # type: ignore[misc]


def _grouped(
    rows: QuerySet[Any], group: str, moment: str, how: str
) -> Iterable[tuple[Any, datetime | None, str]]:
    found = rows.order_by().values_list(group).annotate(newest=Max(moment))
    return ((key, newest, how) for key, newest in found)


def _newest(rows: Iterable[tuple[Any, datetime | None, str]]) -> dict[Any, Contact]:
    found: dict[Any, Contact] = {}
    for key, moment, how in rows:
        if moment is not None and (key not in found or found[key].at < moment):
            found[key] = Contact(moment, how)
    return found
