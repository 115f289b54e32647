"""Known ways of an area as the rules read them, and the order that is proposed for the stops of a trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.outreach import access, routing
from simpul.outreach.models import Stop, TravelLeg, Trip
from simpul.outreach.queries import trips
from simpul.outreach.rules import routes as rules
from simpul.outreach.rules import trips as trip_rules


@dataclass(frozen=True, slots=True)
class Proposed:
    """An order for the stops: ``now`` is what the order of today costs, ``then`` what the proposed one does.

    ``unreachable`` are stops for which no way is known with these means in this season; they stay at the end, in their old order.
    """

    stops: tuple[Stop, ...]
    unreachable: tuple[Stop, ...]
    now: rules.Course
    then: rules.Course
    season: str
    modes: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """True when another order is proposed than the one that stands, with the unreachable ones at the end."""
        return [one.position for one in (*self.stops, *self.unreachable)] != sorted(
            one.position for one in (*self.stops, *self.unreachable)
        )


def legs_of(region_code: str) -> list[TravelLeg]:
    """Every known way that counts for an area: its own, those of the areas above it, and those inside it."""
    above = [region_code[:length] for length in (2, 4, 6, 10) if len(region_code) >= length]
    rows = TravelLeg.objects.filter(dropped_at=None)
    within = rows.filter(region_code__startswith=region_code) if region_code else rows
    found = {one.id: one for one in (*rows.filter(region_code__in=above), *within)}
    return sorted(found.values(), key=lambda one: (one.from_place, one.to_place, one.mode, one.season))


def plain(legs: list[TravelLeg]) -> list[rules.Leg]:
    """Rows as the rules read them."""
    return [
        rules.Leg(one.from_place, one.to_place, one.mode, one.season, one.minutes, one.both_ways)
        for one in legs
    ]


def known_ways(trip: Trip) -> dict[tuple[str, str], rules.Way]:
    """The fastest ways for a trip: its means, its season."""
    return rules.ways(plain(legs_of(trip.region_code)), trip.season, trip.modes)


def course_of(trip: Trip) -> rules.Course:
    """What the order that stands costs in minutes."""
    order = [one.region_code for one in trips.stops(trip)]
    return rules.course(order, known_ways(trip), back=trip.ends_at_office)


def propose(trip: Trip) -> Proposed:
    """An order for the stops that were not visited yet, found by the tool; a person decides whether it is taken.

    An order that saves no minute is not proposed: the days were agreed with the villages.
    """
    rows = trips.stops(trip)
    known = known_ways(trip)
    codes = list(dict.fromkeys(one.region_code for one in rows))
    good, _bad = rules.reachable(codes, known, back=trip.ends_at_office)
    order = routing.order(good, known, back=trip.ends_at_office)
    place = {code: number for number, code in enumerate(order)}
    able = sorted(
        (one for one in rows if one.region_code in place),
        key=lambda one: (place[one.region_code], one.position),
    )
    unable = [one for one in rows if one.region_code not in place]
    now = rules.course([one.region_code for one in rows], known, back=trip.ends_at_office)
    then = rules.course([one.region_code for one in able], known, back=trip.ends_at_office)
    if not unable and not now.missing and now.minutes <= then.minutes:
        able, then = list(rows), now
    return Proposed(
        stops=tuple(able),
        unreachable=tuple(unable),
        now=now,
        then=then,
        season=trip.season,
        modes=tuple(trip.modes),
    )


def minutes_to_office(region_code: str, season: str) -> Mapping[str, int]:
    """Village -> minutes of the fastest known way to the office of the area in a season, by whatever means residents use."""
    known = rules.ways(plain(legs_of(region_code)), season, tuple(trip_rules.MODES))
    return {start: way.minutes for (start, end), way in known.items() if end == rules.OFFICE}


def listed(by: Actor, region_code: str) -> list[TravelLeg]:
    """The ways of an area as far as this actor may see them, for the page on which they are corrected."""
    mine = set(access.legs(by).values_list("id", flat=True))
    return [one for one in legs_of(region_code) if one.id in mine]


def leg(by: Actor, leg_id: UUID) -> TravelLeg | None:
    """One way."""
    return access.legs(by).filter(id=leg_id).first()
