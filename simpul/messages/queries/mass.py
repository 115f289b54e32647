"""One notice to everybody in an area: who is reached by which road, what it costs, and the lists of those on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import rules
from simpul.messages.models import Correspondent, Gateway, MassNotice, Message
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import sending, wording
from simpul.messages.rules import gateways as gateway_rules
from simpul.people import queries as people_queries
from simpul.people import rules as people_rules
from simpul.people.models import Contact, Person

SUBJECT = "notice"
TEXT_KEY = "mass_notice"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Reached:
    """A person, and the road by which a notice gets there: a safe contact of theirs, or the list of their hamlet."""

    person: Person
    road: str
    address: str = ""


@dataclass(slots=True)
class Forecast:
    """What sending would do, counted before it is done."""

    by_road: Counter[str] = field(default_factory=Counter)
    cost_rupiah: int = 0
    shared: int = 0  # people whose safe phone is another's, who gets it

    @property
    def people(self) -> int:
        """Everybody who would be told, by any road."""
        return sum(self.by_road.values())


def reached(region_code: str, at: datetime, chunk: int = CHUNK) -> Iterator[list[Reached | None]]:
    """Everybody in an area with their road, some hundred at a time; None for who shares a phone that gets it already.

    An ordinary, safe contact carries the notice. A contact that may carry only "please call", one that asked for silence,
    and a person without any, are told on paper: nobody is left out.
    """
    up = gateway_queries.open_roads(at)
    ways = rules.channels(up)
    told: set[tuple[str, str]] = set()
    linked = _linked(region_code)
    for people in people_queries.living_in(region_code, also=linked, chunk=chunk):
        silent = _silent([one for _person, contacts in people for one in contacts])
        yield [_one(person, contacts, silent, ways, up, told) for person, contacts in people]


def _linked(region_code: str) -> list[UUID]:
    """Persons who write to desks of the area, wherever they live."""
    rows = Correspondent.objects.inside(region_code).filter(stopped_at=None).exclude(person=None)
    return list(rows.values_list("person_id", flat=True).distinct())


def _silent(contacts: list[Contact]) -> set[tuple[str, str]]:
    """Addresses among these at which somebody asked for silence."""
    wanted = {(rules.road_to(one.channel, rules.ROADS), one.address) for one in contacts if one.address}
    found = sending.at_addresses(wanted)
    return {place for place, here in found.items() if here.silenced}


def _one(
    person: Person,
    contacts: list[Contact],
    silent: set[tuple[str, str]],
    ways: list[str],
    up: frozenset[str],
    told: set[tuple[str, str]],
) -> Reached | None:
    usable = [one for one in contacts if (rules.road_to(one.channel, rules.ROADS), one.address) not in silent]
    safe = people_queries.safe_road(usable, "write", channels=ways)
    if safe is None or safe.detail is not people_rules.Detail.FULL:
        return Reached(person, rules.SLIP)
    road = rules.road_to(safe.contact.channel, up)
    place = (road, safe.contact.address)
    if place in told:
        return None
    told.add(place)
    return Reached(person, road, safe.contact.address)


def forecast(region_code: str, at: datetime, *, parts: int) -> Forecast:
    """How many people would be told by each road, and what the short messages would cost at ``parts`` parts each."""
    found = Forecast()
    ways = gateway_queries.sending()
    for chunk in reached(region_code, at):
        for one in chunk:
            if one is None:
                found.shared += 1
                continue
            found.by_road[one.road] += 1
            if one.road == "sms":
                found.cost_rupiah += parts * price(ways, one.address, at)
    return found


def price(ways: list[Gateway], address: str, at: datetime) -> int:
    """The price of one part to a number, by the gateway that would carry it now; 0 when none would."""
    best = gateway_rules.ways(ways, road="sms", address=address, at=at)
    return best[0].part_rupiah if best else 0


def preview(title: str, body: str) -> rules.Words:
    """The notice as a text message reads."""
    values = {**wording.common_values("Siti Aminah"), "title": title, "body": body}
    return rules.filled(wording.words(TEXT_KEY, "sms", "id"), values)


# --- notices that were sent -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hamlet:
    """Who is told on paper in one hamlet: how many, and how many still wait."""

    region_code: str
    name: str
    people: int
    waiting: int


def notices(by: Actor, limit: int = 30) -> list[MassNotice]:
    """The notices to areas that this actor serves, or that lie around them, latest first."""
    return list(_visible(by).order_by("-sent_at", "-id")[:limit])


def notice_for(by: Actor, notice_id: UUID) -> MassNotice:
    """One notice.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = _visible(by).filter(id=notice_id).first()
    if row is None:
        raise NotFound
    return row


def _visible(by: Actor) -> QuerySet[MassNotice]:
    seen = Q()
    for area in by.served_areas:
        above = [area[:length] for length in (2, 4, 6) if length < len(area)]
        seen |= areas.inside(area) | Q(region_code__in=above)
        if not area:
            seen = Q(region_code__gte="")
            break
    return MassNotice.objects.filter(seen)


def messages_of(notice_id: UUID) -> QuerySet[Message]:
    """The messages of a notice."""
    return Message.objects.filter(subject_id=notice_id, subject_kind=SUBJECT)


def progress(notice_id: UUID) -> dict[tuple[str, str], int]:
    """How many messages of a notice stand where: by road and state."""
    rows = messages_of(notice_id).values_list("road", "state").annotate(number=Count("id")).order_by()
    return {(road, state): number for road, state, number in rows}


def hamlets(by: Actor, notice_id: UUID) -> list[Hamlet]:
    """The hamlets in which a notice is told on paper, inside the actor's areas."""
    rows = (
        _inside(by, messages_of(notice_id).filter(road=rules.SLIP).exclude(state="held"))
        .values_list("region_code", "hamlet_name")
        .annotate(people=Count("id"), waiting=Count("id", filter=Q(state__in=("queued", "printed"))))
        .order_by("region_code", "hamlet_name")
    )
    return [Hamlet(*row) for row in rows]


def paper_of(by: Actor, notice_id: UUID, region_code: str, hamlet_name: str) -> list[Message]:
    """The people of one hamlet who are told on paper, by name: one list to carry."""
    found = _inside(by, messages_of(notice_id)).filter(
        road=rules.SLIP, state__in=("queued", "printed"), region_code=region_code, hamlet_name=hamlet_name
    )
    return list(found.only("to_name", "landmark", "state").order_by("to_name", "id"))


def _inside(by: Actor, found: QuerySet[Message]) -> QuerySet[Message]:
    seen = areas.inside_any(by.served_areas)
    return found.filter(seen)
