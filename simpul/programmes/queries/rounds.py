"""Rounds of aid as pages and packs read them: the rounds of an area, one with its figures by hamlet, its list, what a pack needs of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.programmes.access import rounds as access
from simpul.programmes.models import Delivery, Programme, Round, RoundEntry, RoundItem
from simpul.programmes.queries import goods
from simpul.programmes.rules import rounds as rules
from simpul.regions import queries as region_queries

PAGE = 50
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Listed:
    """A round in a list, with how far it is."""

    round: Round
    entries: int
    served: int
    doubles: int

    @property
    def percent(self) -> int:
        """How much of the list got something, rounded down: 100 means everybody."""
        return self.served * 100 // self.entries if self.entries else 0


@dataclass(slots=True)
class Place:
    """The figures of one hamlet, or of a village's households without one."""

    region_code: str
    region: str
    hamlet_id: UUID | None
    hamlet: str
    counts: dict[str, int] = field(default_factory=dict)  # outcome or "waiting" -> entries

    @property
    def listed(self) -> int:
        """How many stand on the list."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Page:
    """One round with everything its page says."""

    round: Round
    goods: tuple[tuple[RoundItem, rules.Balance], ...]
    places: tuple[Place, ...]
    totals: dict[str, int]
    unlisted: int  # deliveries to who is not on the list
    flagged: int
    doubles: int

    @property
    def listed(self) -> int:
        """How many stand on the list."""
        return sum(self.totals.values())

    @property
    def served(self) -> int:
        """How many of them got something."""
        return self.totals.get("delivered", 0)

    @property
    def percent(self) -> int:
        """How much of the list got something, rounded down."""
        return self.served * 100 // self.listed if self.listed else 0


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry: what it should get, what came of it, and its deliveries that stand."""

    entry: RoundEntry
    status: str  # an outcome, or "waiting"
    due: dict[UUID, Decimal]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about a round's list; "" is everything."""

    status: str = ""
    region: str = ""
    hamlet: str = ""
    words: str = ""
    page: int = 1


# --- rounds ---------------------------------------------------------------------------------------------------------------


def listed(by: Actor, *, state: str = "", programme: str = "", page: int = 1) -> tuple[list[Listed], bool]:
    """A page of the rounds the actor may see, open ones first, and whether more follow."""
    rows = access.rounds(by).select_related("programme")
    if state:
        rows = rows.filter(state=state)
    if programme:
        rows = rows.filter(programme_id=programme)
    first = (max(page, 1) - 1) * PAGE
    found = list(rows.order_by("-state", "-starts_date", "-id")[first : first + PAGE + 1])
    keys = [one.id for one in found[:PAGE]]
    entries = access.entries(by).filter(round_id__in=keys, state="listed")
    total = _by_round(entries)
    served = _by_round(entries.filter(Exists(_standing().filter(outcome="delivered"))))
    doubles = _by_round(access.doubles(by).filter(round_id__in=keys, state="open"))
    return (
        [
            Listed(one, total.get(one.id, 0), served.get(one.id, 0), doubles.get(one.id, 0))
            for one in found[:PAGE]
        ],
        len(found) > PAGE,
    )


def _by_round(rows: QuerySet[Any]) -> dict[UUID, int]:
    return dict(rows.order_by("round_id").values_list("round_id").annotate(number=Count("id")))


def _standing() -> QuerySet[Delivery]:
    """The deliveries of an entry that stand."""
    return Delivery.objects.standing().filter(entry_id=OuterRef("pk"))


def _with_status(rows: QuerySet[RoundEntry]) -> QuerySet[Any]:
    """Entries with what came of them: delivered as soon as something was, else the newest outcome, else waiting."""
    newest = _standing().order_by("-delivered_at", "-id").values("outcome")[:1]
    return rows.annotate(
        got=Exists(_standing().filter(outcome="delivered")),
        newest=Subquery(newest, output_field=CharField()),
    ).annotate(
        status=Case(
            When(got=True, then=Value("delivered")),
            When(newest=None, then=Value(WAITING)),
            default="newest",
            output_field=CharField(),
        )
    )


def page(by: Actor, round_id: UUID) -> Page:
    """One round with its figures, inside the actor's area.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = access.round_for(by, round_id)
    entries = access.entries(by).filter(round=found, state="listed")
    places = _places(_with_status(entries))
    totals: dict[str, int] = {}
    for one in places:
        for status, number in one.counts.items():
            totals[status] = totals.get(status, 0) + number
    seen = access.deliveries(by).standing().filter(round=found)
    return Page(
        round=found,
        goods=tuple(goods.round_balances(found)),
        places=tuple(places),
        totals=totals,
        unlisted=seen.filter(entry=None, outcome="delivered").count(),
        flagged=seen.exclude(flags=[]).count(),
        doubles=access.doubles(by).filter(round=found, state="open").count(),
    )


def _places(entries: QuerySet[Any]) -> list[Place]:
    rows = entries.values_list("region_code", "hamlet_id", "hamlet__name", "status").annotate(
        number=Count("id")
    )
    found: dict[tuple[str, UUID | None], Place] = {}
    names = region_queries.regions_by_code({row[0] for row in rows})
    for code, hamlet_id, hamlet, status, number in rows.order_by("region_code", "hamlet__name", "status"):
        name = names[code].name if code in names else code
        place = found.setdefault((code, hamlet_id), Place(code, name, hamlet_id, hamlet or ""))
        place.counts[status] = place.counts.get(status, 0) + number
    return list(found.values())


def entries(by: Actor, round_id: UUID, filters: Filters) -> tuple[list[EntryRow], bool]:
    """A page of a round's list, by village, hamlet and name, and whether more follow.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = access.round_for(by, round_id)
    rows = _with_status(access.entries(by).filter(round=found))
    rows = rows.filter(state="withdrawn") if filters.status == "withdrawn" else rows.filter(state="listed")
    if filters.status and filters.status != "withdrawn":
        rows = rows.filter(status=filters.status)
    if filters.region:
        rows = rows.filter(areas.inside(filters.region))
    if filters.hamlet:
        rows = rows.filter(hamlet_id=filters.hamlet)
    if filters.words:
        rows = rows.filter(Q(name__icontains=filters.words) | Q(household__name__icontains=filters.words))
    first = (max(filters.page, 1) - 1) * PAGE
    some = list(
        rows.select_related("hamlet", "household", "person").order_by(
            "region_code", "hamlet__name", "name", "id"
        )[first : first + PAGE + 1]
    )
    return _rows(found, some[:PAGE]), len(some) > PAGE


def to_print(by: Actor, round_id: UUID, region_code: str, hamlet_id: UUID | None = None) -> list[EntryRow]:
    """The whole list of a village or a hamlet, for paper.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = access.round_for(by, round_id)
    rows = _with_status(access.entries(by).filter(areas.inside(region_code), round=found, state="listed"))
    if hamlet_id is not None:
        rows = rows.filter(hamlet_id=hamlet_id)
    ordered = rows.select_related("hamlet", "household", "person").order_by(
        "region_code", "hamlet__name", "name", "id"
    )
    return _rows(found, list(ordered[:2000]))


def entry(by: Actor, entry_id: UUID) -> EntryRow:
    """One entry.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = access.entry_for(by, entry_id)
    row = _with_status(RoundEntry.objects.select_related("hamlet", "household", "person")).get(id=found.id)
    return _rows(found.round, [row])[0]


def _rows(found: Round, some: Iterable[Any]) -> list[EntryRow]:
    items = goods.items(found.id)
    rows = list(some)
    given: dict[UUID, list[Delivery]] = {}
    keys = [one.id for one in rows]
    for one in Delivery.objects.standing().filter(entry_id__in=keys).order_by("-delivered_at", "-id"):
        if one.entry_id is not None:
            given.setdefault(one.entry_id, []).append(one)
    return [EntryRow(one, one.status, goods.due(one, items), tuple(given.get(one.id, ()))) for one in rows]


def listed_households(round_id: UUID) -> set[UUID | None]:
    """Households on the list of a round, with those of listed persons left out: for callers who checked who asks."""
    rows = RoundEntry.objects.filter(round_id=round_id, state="listed", person=None)
    return set(rows.values_list("household_id", flat=True))


def unlisted(by: Actor, round_id: UUID) -> QuerySet[Delivery]:
    """Deliveries that stand, to who is not on the list, the newest first.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = access.round_for(by, round_id)
    rows = access.deliveries(by).standing().filter(round=found, entry=None, outcome="delivered")
    return rows.order_by("-delivered_at", "-id")


def flagged(by: Actor, round_id: UUID, flag: str = "") -> list[Delivery]:
    """Deliveries that stand and have a flag, the newest first.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = access.round_for(by, round_id)
    rows = access.deliveries(by).standing().filter(round=found).exclude(flags=[])
    seen = list(rows.select_related("household", "person", "entry").order_by("-delivered_at", "-id")[:500])
    return [one for one in seen if not flag or flag in one.flags]


# --- other rooms and packs ------------------------------------------------------------------------------------------------


def open_at(
    by: Actor, household_id: UUID, person_ids: Collection[UUID], region_code: str
) -> list[tuple[Round, RoundEntry | None]]:
    """The open rounds around a household, with its entry where it has one: what may be handed over there."""
    around = access.rounds(by).filter(state="open").touching(region_code).select_related("programme")
    found = []
    for one in around.order_by("-starts_date", "-id"):
        rows = access.entries(by).filter(round=one, state="listed")
        own = (
            rows.filter(Q(household_id=household_id) | Q(person_id__in=person_ids))
            .order_by("recorded_at")
            .first()
        )
        found.append((one, own))
    return found


def of_region(by: Actor, region_codes: Collection[str]) -> list[Round]:
    """The open rounds of these regions, for packs."""
    rows = access.rounds(by).filter(state="open")
    seen = {one.id: one for code in region_codes for one in rows.touching(code).select_related("programme")}
    return sorted(seen.values(), key=lambda one: (one.starts_date, str(one.id)))


def reached(
    *, region_code: str = "", programme: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Delivery]:
    """Deliveries that stand and gave something, in an area and time: rows behind figures, for callers who checked who asks."""
    rows = Delivery.objects.standing().filter(areas.inside(region_code), outcome="delivered")
    if programme:
        rows = rows.filter(round__programme_id=programme)
    if since is not None:
        rows = rows.filter(delivered_at__date__gte=since)
    if until is not None:
        rows = rows.filter(delivered_at__date__lte=until)
    return rows


def programmes() -> list[Programme]:
    """Programmes whose aid can be handed out in rounds."""
    return list(Programme.objects.filter(is_active=True, kind="aid").order_by("position", "code"))
