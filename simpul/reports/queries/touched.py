"""Nobody forgotten: whom the services really met in a period, counted once, from rows that anybody may open.

A *touch* is one thing that was written down about a meeting with a household or one of its people, with its day and what it was. Every
figure of the page is worked out from touches and from the lists of rounds, and opens to them: "281 to 880" is two periods of this table.

- *reached*: at least one touch in the period. A household counts once; people count by ``outreach.rules.seen`` (a person once; a household
  that was met without saying which of its people counts as one).
- *first reached*: its first touch ever lies in the period.
- *untouched*: no touch in the months before the period's end.
- *listed, delivered, refused, not met*: of the rounds of aid that ran in the period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.lib import areas, small_cells
from simpul.lib.actor import Actor
from simpul.meetings.models import Attendance
from simpul.outreach.models import AccompanimentVisit, Guest, Trip, Verification, Visit
from simpul.outreach.queries import trip_figures, ways
from simpul.outreach.rules import seen
from simpul.people import access as people_access
from simpul.people.models import Household
from simpul.programmes.models import Appointment, CardDoor, Delivery, RoundEntry
from simpul.reports import access
from simpul.reports.queries import reach

PAGE = 50
UNTOUCHED_MONTHS = 6
"""After how many months without any touch a household counts as forgotten: product default, chosen on the page."""
MONTHS = (3, 6, 12, 24)
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Touch:
    """One meeting: with which household, with whom if it was said, what, when, and which row says so."""

    household: UUID | None
    person: UUID | None
    what: str  # rules.TOUCHES
    at: datetime
    row: UUID
    name: str = ""
    place: str = ""

    def mark(self) -> seen.Mark:
        """As the definition of "reached" reads it."""
        return seen.Mark(self.what, self.person, self.household, self.name, self.place)


@dataclass(frozen=True, slots=True)
class Asked:
    """An area, a period (its last day belongs to it), one programme or every one, and after how many months nobody is remembered."""

    region_code: str
    since: date
    until: date
    programme: str = ""
    months: int = UNTOUCHED_MONTHS

    def before(self) -> Asked:
        """The period of the same length that ends the day before this one begins."""
        days = (self.until - self.since).days + 1
        return Asked(
            self.region_code,
            self.since - timedelta(days=days),
            self.since - timedelta(days=1),
            self.programme,
            self.months,
        )


@dataclass(slots=True)
class Place:
    """A hamlet or village: the households behind each figure, and the people who were met."""

    key: str
    members: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    people: int = 0

    def count(self, figure: str) -> int:
        """How many households stand behind a figure here; of "people", how many people."""
        return self.people if figure == "people" else len(self.members.get(figure, ()))


@dataclass(frozen=True, slots=True)
class Found:
    """The table of a period."""

    places: Sequence[Place]
    total: Place
    by: str  # hamlet, village
    touches: Sequence[Touch]


@dataclass(frozen=True, slots=True)
class Travel:
    """What the trips of a period cost, and the ways they saved."""

    trips: int
    people: int
    cost: int | None
    cost_each: int | None
    saved: seen.Saved


def table(by: Actor, asked: Asked) -> Found:
    """The figures of an area and period by hamlet (inside one village) or by village. A fixed number of queries."""
    return _tables(by, [_own(by, asked)])[0]


def periods(by: Actor, asked: Asked) -> tuple[Found, Found]:
    """The same of a period and of the one before it: what was written down is read once for both."""
    mine = _own(by, asked)
    now, before = _tables(by, [mine, mine.before()])
    return now, before


def _tables(by: Actor, of: Sequence[Asked]) -> list[Found]:
    """A table for each period, the latest first."""
    latest = of[0]
    rows = _households(by, latest.region_code)
    split = "hamlet" if len(latest.region_code) == 10 else "village"
    column = "hamlet__name" if split == "hamlet" else "region_code"
    where = {key: name or "" for key, name in rows.values_list("id", column)}
    every = [one for one in touches(by, latest) if one.household in where or one.household is None]
    return [_found(one, split, where, every) for one in of]


def _found(asked: Asked, split: str, where: Mapping[UUID, str], every: Iterable[Touch]) -> Found:
    """The table of one period, of touches that may go on after it."""
    told = [one for one in every if one.at.date() <= asked.until]
    figures = _figures(asked, told, set(where))
    figures.update(_of_rounds(asked, set(where)))
    places: dict[str, Place] = {}
    total = Place("")
    for figure, found in figures.items():
        for household in found:
            place = places.setdefault(where[household], Place(where[household]))
            place.members[figure].add(household)
            total.members[figure].add(household)
    inside = [one for one in told if asked.since <= one.at.date()]
    marks: dict[str, list[seen.Mark]] = defaultdict(list)
    for one in inside:
        if one.household is not None:
            marks[where[one.household]].append(one.mark())
    total.people = seen.count(one.mark() for one in inside).people
    for key, place in places.items():
        place.people = seen.count(marks[key]).people
    return Found([places[key] for key in sorted(places)], total, split, inside)


def _own(by: Actor, asked: Asked) -> Asked:
    """What is asked about somebody else's area is asked about none."""
    return asked if by.serves(asked.region_code) else replace(asked, region_code="-")


def _figures(asked: Asked, every: Iterable[Touch], everybody: set[UUID]) -> dict[str, set[UUID]]:
    first: dict[UUID, date] = {}
    newest: dict[UUID, date] = {}
    reached: set[UUID] = set()
    for one in every:
        if one.household is None:
            continue
        day = one.at.date()
        first[one.household] = min(day, first.get(one.household, day))
        newest[one.household] = max(day, newest.get(one.household, day))
        if asked.since <= day <= asked.until:
            reached.add(one.household)
    edge = asked.until - timedelta(days=asked.months * DAYS_A_MONTH)
    return {
        "households": everybody,
        "reached": reached,
        "first": {key for key in reached if first[key] >= asked.since},
        "never": everybody - set(first),
        "untouched": {key for key in everybody if newest.get(key, date.min) <= edge},
    }


def _of_rounds(asked: Asked, everybody: set[UUID]) -> dict[str, set[UUID]]:
    """Households on the lists of rounds that ran in the period, and what came of it at their door."""
    running = Q(round__starts_date__lte=asked.until, round__ends_date__gte=asked.since)
    if asked.programme:
        running &= Q(round__programme_id=asked.programme)
    listed = RoundEntry.objects.filter(running, areas.inside(asked.region_code), state="listed")
    found: dict[str, set[UUID]] = defaultdict(set)
    found["listed"] = _homes(listed.values_list("household_id", "person__household_id"))
    outcomes = {"delivered": "delivered", "refused": "refused"}
    rows = (
        Delivery.objects.standing()
        .filter(running, areas.inside(asked.region_code))
        .values_list("outcome", "household_id", "person__household_id")
    )
    for outcome, household, home in rows:
        if key := household or home:
            found[outcomes.get(outcome, "not_met")].add(key)
    found["waiting"] = found["listed"] - found["delivered"] - found["refused"]
    return {name: keys & everybody for name, keys in found.items()}


def _homes(rows: Iterable[Sequence[UUID | None]]) -> set[UUID]:
    return {key for row in rows if (key := next((one for one in row if one), None)) is not None}


def _households(by: Actor, region_code: str) -> QuerySet[Household]:
    return people_access.households(by).filter(areas.inside(region_code), ended_date=None)


# --- touches ----------------------------------------------------------------------------------------------------------


def touches(by: Actor, asked: Asked) -> list[Touch]:
    """Everything that was ever written down about a meeting in the area until the period's end; of one programme only its aid and cards.

    Sealed matters and plans that came of them are in no figure, so that no difference betrays them.
    """
    end = asked.until + timedelta(days=1)
    found = [*_deliveries(asked, end), *_cards(asked, end)]
    if not asked.programme:
        for read in (_visits, _matters, _guests, _meetings, _plans, _accompaniments, _verified):
            found += read(by, asked, end)
    return found


def _deliveries(asked: Asked, end: date) -> Iterator[Touch]:
    rows = Delivery.objects.standing().filter(
        areas.inside(asked.region_code), outcome__in=("delivered", "refused"), delivered_at__date__lt=end
    )
    if asked.programme:
        rows = rows.filter(round__programme_id=asked.programme)
    columns = (
        "household_id",
        "person__household_id",
        "person_id",
        "delivered_at",
        "id",
        "receiver_name",
        "region_code",
    )
    for household, home, person, at, key, name, place in rows.values_list(*columns):
        known = household or home
        yield Touch(known, person, "delivery", at, key, "" if known or person else name.casefold(), place)


def _cards(asked: Asked, end: date) -> Iterator[Touch]:
    if asked.programme and not asked.programme.startswith(("kis", "pbi")):
        return
    rows = CardDoor.objects.filter(
        areas.inside(asked.region_code, "card__region_code"), undone_at=None, at__date__lt=end
    ).exclude(found="not_found")
    for household, person, at, key in rows.values_list(
        "card__person__household_id", "card__person_id", "at", "id"
    ):
        if household or person:
            yield Touch(household, person, "kis_door", at, key)


def _visits(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = Visit.objects.filter(
        areas.inside(asked.region_code), outcome="met", undone_at=None, visited_at__date__lt=end
    )
    for household, at, key, place in rows.values_list("household_id", "visited_at", "id", "region_code"):
        yield Touch(household, None, "visit", at, key, place=place)


def _matters(by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows: Any = access.counted(by).filter(areas.inside(asked.region_code), received_at__date__lt=end)
    for who in ("about", "reporter"):
        columns = (f"{who}__household_id", f"{who}_id", "received_at", "id", "region_code")
        for household, person, at, key, place in rows.exclude(**{who: None}).values_list(*columns):
            yield Touch(household, person, "matter", at, key, place=place)


def _guests(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = Guest.objects.filter(
        areas.inside(asked.region_code, "stop__region_code"), withdrawn_at=None, came_at__date__lt=end
    )
    columns = ("person__household_id", "person_id", "came_at", "id", "name", "origin", "stop__region_code")
    for household, person, at, key, name, origin, place in rows.values_list(*columns):
        bare = "" if person else f"{name.casefold()} {origin.casefold()}".strip()
        yield Touch(household, person, "guest", at, key, bare, place)


def _meetings(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = Attendance.objects.filter(
        areas.inside(asked.region_code, "meeting__region_code"),
        came=True,
        person__isnull=False,
        meeting__held_at__date__lt=end,
    )
    for household, person, at, key in rows.values_list(
        "person__household_id", "person_id", "meeting__held_at", "id"
    ):
        if at is not None:
            yield Touch(household, person, "meeting", at, key)


def _plans(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = Appointment.objects.filter(
        areas.inside(asked.region_code, "plan__region_code"), result="met", kept_at__date__lt=end
    ).exclude(plan__case__sensitivity="sealed")
    for household, person, at, key in rows.values_list(
        "plan__person__household_id", "plan__person_id", "kept_at", "id"
    ):
        if at is not None:
            yield Touch(household, person, "plan", at, key)


def _accompaniments(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = AccompanimentVisit.objects.filter(
        areas.inside(asked.region_code, "accompaniment__region_code"), seen_at__date__lt=end
    )
    columns = (
        "accompaniment__household_id",
        "accompaniment__person__household_id",
        "accompaniment__person_id",
    )
    for household, home, person, at, key in rows.values_list(*columns, "seen_at", "id"):
        yield Touch(household or home, person, "accompaniment", at, key)


def _verified(_by: Actor, asked: Asked, end: date) -> Iterator[Touch]:
    rows = Verification.objects.filter(
        areas.inside(asked.region_code), submitted_at__isnull=False, submitted_at__date__lt=end, presence=1
    )
    for household, at, key, place in rows.values_list("household_id", "submitted_at", "id", "region_code"):
        if at is not None:
            yield Touch(household, None, "verification", at, key, place=place)


# --- what stands behind a number, and what it cost --------------------------------------------------------------------


def behind(
    by: Actor, asked: Asked, figure: str, key: str | None, page: int = 1
) -> tuple[list[tuple[Household, list[Touch]]], int]:
    """The households behind a number with their touches of the period, newest first, a page at a time; and how many there are."""
    found = table(by, asked)
    place = found.total if key is None else next((one for one in found.places if one.key == key), None)
    keys = place.members.get(figure, set()) if place else set()
    first = (max(1, page) - 1) * PAGE
    rows = (
        people_access.households(by)
        .filter(id__in=keys)
        .filter(Q(head=None) | Q(head__restricted_at=None))
        .select_related("hamlet")
        .order_by("name", "id")
    )
    mine: dict[UUID, list[Touch]] = defaultdict(list)
    for one in found.touches:
        if one.household in keys and one.household is not None:
            mine[one.household].append(one)
    return [
        (row, sorted(mine[row.id], key=lambda one: one.at, reverse=True))
        for row in rows[first : first + PAGE]
    ], len(keys)


def travel(by: Actor, asked: Asked) -> Travel:
    """What the trips that ended in the period cost per person they met, and the ways residents were saved."""
    trips = list(
        Trip.objects.filter(
            areas.inside(asked.region_code),
            areas.inside_any(by.served_areas),
            state__in=("returned", "closed"),
            end_date__range=(asked.since, asked.until),
        )
    )
    met = seen.count(trip_figures.marks(trips))
    costs = [one for trip in trips for one in (trip.fuel_actual, trip.cost_actual) if one is not None]
    cost = sum(costs) if costs else None
    minutes: dict[str, int] = {}
    for area, season in {(one.region_code, one.season) for one in trips}:
        minutes |= ways.minutes_to_office(area, season)
    return Travel(
        len(trips), met.people, cost, seen.cost_each(cost, met.people), seen.saved(met.places, minutes)
    )


def overview(by: Actor, asked: Asked, figures: Sequence[str]) -> tuple[small_cells.Shown, str]:
    """The figures of the actor's area for who leads and keeps no register of it: small groups hidden; and by what it is split."""
    found = table(reach.without_register(by), _own(by, asked))
    return reach.protected(found.places, figures), found.by
