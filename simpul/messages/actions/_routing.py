"""Which road a message takes: the safest contact by the safe-contact rule that is up, and then the next one, and then paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul.messages import queries, rules
from simpul.messages.actions import _shared
from simpul.messages.models import Correspondent, Message
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import sending
from simpul.messages.rules import writing
from simpul.people import queries as people_queries
from simpul.people import rules as people_rules
from simpul.people.models import Contact, Person


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a message goes to, by which road, and how much it says."""

    road: str
    key: str
    to_name: str
    to_address: str
    language: str
    hamlet_name: str = ""
    landmark: str = ""
    region_code: str = ""
    correspondent: Correspondent | None = None


def to_person(
    person_id: UUID,
    kind: rules.TextKind,
    at: datetime,
    *,
    sensitive: bool,
    language: str,
    tried: Collection[str] = (),
) -> Route | None:
    """The person's own road by the safe-contact rule, without those that were ``tried``; paper when none is safe and open.

    None when there is nobody, or when paper would be wrong.
    """
    person = people_queries.addressee(person_id)
    if person is None:
        return None
    language = language or person.language
    found = _Search(person, kind, at, sensitive, language).best(tried)
    if found is not None:
        return found
    return _on_paper(person, kind, sensitive=sensitive, language=language) if kind.paper else None


def to_correspondent(
    who: Correspondent, kind: rules.TextKind, at: datetime, *, language: str
) -> Route | None:
    """Back to where somebody wrote from; None when they asked for silence, or nothing can be sent there."""
    road = writing.ROAD_OF.get(who.channel, who.channel)
    address = who.number if who.channel == "phone" else who.address
    silent = who.is_nameless or who.stopped_at is not None or not address
    if silent or road not in gateway_queries.roads_here() or sending.at_address(road, address).silenced:
        return None
    return Route(
        road=road,
        key=kind.key,
        to_name=who.shown_name,
        to_address=address,
        language=language or who.language,
        region_code=who.region_code,
        correspondent=who,
    )


def to_desk(key: str, to_name: str, to_address: str, *, sensitive: bool, language: str) -> Route | None:
    """E-mail to a desk; None without an address or a mail server: a desk of ours has its inbox."""
    if not to_address or "email" not in gateway_queries.roads_here():
        return None
    said = rules.text_key(key, road="email", to_desk=True, sensitive=sensitive, call_us=False)
    return Route("email", said, to_name, to_address, language or queries.FALLBACK_LANGUAGE)


def unfit(message: Message, *, silenced: bool) -> str:
    """Why a message may no longer leave by its road, "" when it may: people ask for silence, and phones change hands.

    What an officer or the machine writes back to somebody who is linked to no person goes where they wrote from.
    """
    if message.to_desk_id is not None or (message.to_person_id is None and message.correspondent_id is None):
        return ""
    if silenced:
        return "asked for silence"
    if message.to_person_id is None:
        who = message.correspondent
        return "asked for silence" if who is None or who.stopped_at is not None else ""
    contact = contact_of(message)
    safe = people_queries.safe_road([contact], "write", sensitive=message.sensitive) if contact else None
    if safe is None or (message.text_key != "call_us" and safe.detail is not people_rules.Detail.FULL):
        return "contact no longer safe or usable"
    return ""


def contact_of(message: Message) -> Contact | None:
    """The person's contact that a message goes to now; None when it is no longer theirs."""
    if message.to_person_id is None or not message.to_address:
        return None
    channel = rules.ROADS.get(message.road, "")
    return next(
        (
            contact
            for contact in people_queries.contacts_of(message.to_person_id)
            if contact.channel == channel and contact.address == message.to_address
        ),
        None,
    )


def next_road(message: Message, at: datetime, *, whole_road: bool = False) -> dict[str, object]:
    """What changes in a message whose road has come to its end: the next safe road with its words, or paper, or failure.

    ``whole_road`` when the road itself is closed; else only this contact on it is done with.
    """
    contact = None if whole_road else contact_of(message)
    tried = [*message.roads_tried, rules.mark(message.road, contact.id if contact else None)]
    kept: dict[str, object] = {"roads_tried": tried, **_FORGOTTEN}
    route = None
    if message.to_person_id is not None:
        kind = queries.catalogue()[message.asked_key]
        route = to_person(
            message.to_person_id,
            kind,
            at,
            sensitive=message.sensitive,
            language=message.language,
            tried=tried,
        )
    if route is None:
        return {"state": "failed", "roads_tried": tried}
    if route.road == rules.SLIP:
        return kept | _shared.as_slip(message, at) | {"correspondent": None, "road_since_at": at}
    said = _shared.words(route.key, route.road, route.language, route.to_name, message.values)
    return kept | {
        "state": "queued",
        "road": route.road,
        "text_key": route.key,
        "to_name": "" if route.key == "call_us" else route.to_name[:150],
        "to_address": route.to_address,
        "correspondent": route.correspondent,
        "subject": said.subject,
        "body": said.body,
        "next_try_at": at,
        "road_since_at": at,
        "tries": 0,
    }


_FORGOTTEN: dict[str, object] = {
    "gateway": None,
    "external_id": "",
    "receipt": "",
    "receipt_at": None,
    "template": None,
    "parts": 0,
    "sent_at": None,
}
"""What was true of the road that ended. What it cost stays: it was paid."""


@dataclass(frozen=True, slots=True)
class _Search:
    """The choice of a road for one person and one text."""

    person: Person
    kind: rules.TextKind
    at: datetime
    sensitive: bool
    language: str

    def best(self, tried: Collection[str]) -> Route | None:
        """The safest contact that is up, was not tried, asked for no silence, and may be written to with these words."""
        up = gateway_queries.open_roads(self.at)
        contacts = people_queries.contacts_of(self.person.id) if up else []
        roads = {
            contact.id: road
            for contact in contacts
            if (road := rules.road_to(contact.channel, up)) != rules.SLIP
            and not rules.is_tried(tried, road, contact.id)
        }
        left = [one for one in contacts if one.id in roads]
        known = sending.at_addresses([(roads[one.id], one.address) for one in left])
        left = [one for one in left if not known[roads[one.id], one.address].silenced]
        while left:
            safe = people_queries.safe_road(
                left, "write", sensitive=self.sensitive, channels=rules.channels(up)
            )
            if safe is None:
                return None
            route = self._route(
                safe, roads[safe.contact.id], known[roads[safe.contact.id], safe.contact.address].last
            )
            if self._can_say(route):
                return route
            left.remove(safe.contact)
        return None

    def _route(self, safe: people_rules.SafeRoad[Contact], road: str, who: Correspondent | None) -> Route:
        call_us = safe.detail is people_rules.Detail.CALL_US
        return Route(
            road=road,
            key=rules.text_key(
                self.kind.key, road=road, to_desk=False, sensitive=self.sensitive, call_us=call_us
            ),
            to_name=self.person.full_name,
            to_address=safe.contact.address,
            language=self.language,
            hamlet_name=self.person.hamlet.name if self.person.hamlet else "",
            landmark=self.person.landmark,
            region_code=self.person.region_code,
            correspondent=who,
        )

    def _can_say(self, route: Route) -> bool:
        """Outside the hours of WhatsApp a template must be approved for these words; else another road is better."""
        if sending.may_be_free(route.road, route.correspondent, None, self.at):
            return True
        ways = gateway_queries.sending(route.road)
        return bool(sending.templates_for([way.id for way in ways], route.key, route.language))


def _on_paper(person: Person, kind: rules.TextKind, *, sensitive: bool, language: str) -> Route:
    return Route(
        road=rules.SLIP,
        key=rules.text_key(kind.key, road=rules.SLIP, to_desk=False, sensitive=sensitive, call_us=False),
        to_name=person.full_name,
        to_address="",
        language=language,
        hamlet_name=person.hamlet.name if person.hamlet else "",
        landmark=person.landmark,
        region_code=person.region_code,
    )
