"""What an officer is about to write: how it reads, what it costs, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.messages import access, rules
from simpul.messages.models import Correspondent, Gateway, Template
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import sending, wording
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import incoming as incoming_rules
from simpul.messages.rules import writing as rules_of_writing
from simpul.people import queries as people_queries
from simpul.people import rules as people_rules
from simpul.people.models import Contact


@dataclass(frozen=True, slots=True)
class Cost:
    """What one gateway would take for it."""

    gateway: str
    name: str
    parts: int
    rupiah: int
    is_first: bool  # the one that would carry it now


@dataclass(frozen=True, slots=True)
class Written:
    """A message before it is written. ``refused`` is the code of what stands against it, "" when nothing does.

    ``template`` is set when the hours of free words are over: then its words are sent, and ``words`` shows them.
    """

    road: str
    to_address: str
    language: str
    text_key: str
    values: Mapping[str, str]
    words: rules.Words
    length: rules.ShortLength
    costs: tuple[Cost, ...]
    template: Template | None
    window_ends_at: datetime | None
    missing: tuple[str, ...]
    longest: int
    protected: bool
    refused: str


@dataclass(frozen=True, slots=True)
class Writable:
    """A text that an officer may send, with the variables to be filled in."""

    key: str
    name: str
    variables: tuple[str, ...]


def writable_texts(language: str = "id") -> list[Writable]:
    """The texts for residents, by name: not the machine's own answers to keywords, and not the frame of free words."""
    found = [
        Writable(kind.key, kind.names.get(language, kind.names["id"]), tuple(sorted(kind.variables)))
        for kind in wording.catalogue().values()
        if kind.to == "person"
        and kind.key not in (rules_of_writing.FREE, "tell_in_person")
        and not kind.key.startswith("menu_")
    ]
    return sorted(found, key=lambda one: one.name)


def has_way(who: Correspondent) -> bool:
    """True when this installation sends on the channel that somebody writes by, whether it works at this moment or not."""
    return rules_of_writing.ROAD_OF.get(who.channel, who.channel) in gateway_queries.roads_here()


def named_in(text_key: str, channel: str, language: str) -> frozenset[str]:
    """The variables that a text names on the road of a channel; an approved template may name others."""
    kind = wording.catalogue().get(text_key)
    if kind is None:
        return frozenset()
    said = wording.words(text_key, rules_of_writing.ROAD_OF.get(channel, channel), language)
    return frozenset((rules.places(said.subject) | rules.places(said.body)) & kind.variables)


@dataclass(frozen=True, slots=True)
class _Draft:
    who: Correspondent
    road: str
    address: str
    key: str
    values: Mapping[str, str]
    missing: tuple[str, ...]
    protected: bool


@dataclass(frozen=True, slots=True)
class _Ways:
    """The gateways of the road: all, and those that would carry this now, freely or by a template."""

    has_any: bool
    may_be_free: bool
    usable: tuple[Gateway, ...]
    template: Template | None


def preview_written(
    by: Actor,
    at: datetime,
    correspondent_id: UUID,
    *,
    body: str = "",
    text_key: str = "",
    values: Mapping[str, str] | None = None,
    answers: UUID | None = None,
    protected: bool = False,
) -> Written:
    """How a message to a correspondent would leave, and whether it may. ``body`` are free words; ``text_key`` a text instead.

    It is the same reading that ``write_message`` acts on.

    Raises:
        NotFound: no such correspondent, or no such message to answer, for this actor.
        KeyError: an unknown text (a fault of the door).
    """
    draft = _draft(by, correspondent_id, body, text_key, values or {}, answers, protected)
    ways = _ways(draft, at)
    words = _words(draft, ways.template)
    length = rules.short_length(words.body)
    longest = rules_of_writing.LONGEST.get(draft.road, 4096)
    windowed = draft.road in rules_of_writing.WINDOWED
    return Written(
        road=draft.road,
        to_address=draft.address,
        language=draft.who.language,
        text_key=draft.key,
        values=draft.values,
        words=words,
        length=length,
        costs=_costs(ways.usable, draft.road, length),
        template=ways.template,
        window_ends_at=incoming_rules.window_ends(draft.who.last_in_at) if windowed else None,
        missing=draft.missing,
        longest=longest,
        protected=draft.protected,
        refused=rules_of_writing.refusal(_situation(draft, ways, len(words.body), longest)),
    )


def _draft(
    by: Actor,
    correspondent_id: UUID,
    body: str,
    text_key: str,
    values: Mapping[str, str],
    answers: UUID | None,
    protected: bool,
) -> _Draft:
    who = access.correspondent_for(by, correspondent_id)
    if answers is not None:
        protected = access.incoming_for(by, answers).sealed or protected
    key = text_key or rules_of_writing.FREE
    kind = wording.catalogue()[key]
    given = {name: text.clean_text(value) for name, value in values.items() if name in kind.variables}
    if key == rules_of_writing.FREE:
        given = {"words": text.clean_text(body)}
    road = rules_of_writing.ROAD_OF.get(who.channel, who.channel)
    named = wording.words(key, road, who.language)
    wanted = (rules.places(named.subject) | rules.places(named.body)) & kind.variables
    return _Draft(
        who=who,
        road=road,
        address=who.number if who.channel == "phone" else who.address,
        key=key,
        values=given,
        missing=tuple(sorted(name for name in wanted if not given.get(name))),
        protected=protected,
    )


def _ways(draft: _Draft, at: datetime) -> _Ways:
    own, only = sending.code_of(draft.road, draft.who, at), sending.bound_to(draft.road, draft.address)
    # When the only one that reaches the address is resting, what is written waits for it: another one that is up is no reason
    # to refuse.
    answering = gateway_rules.preferred(gateway_queries.ways(draft.road, draft.address, at), own, only=only)
    ways = answering or gateway_rules.preferred(gateway_queries.sending(draft.road), own, only=only)
    plain = draft.road in gateway_queries.roads_of_settings()
    free = tuple(way for way in ways if sending.may_be_free(draft.road, draft.who, way.id, at))
    if free or draft.road not in rules_of_writing.WINDOWED:
        return _Ways(bool(ways) or plain, may_be_free=True, usable=free, template=None)
    approved = sending.templates_for([way.id for way in ways], draft.key, draft.who.language)
    usable = tuple(way for way in ways if way.id in approved)
    template = approved[usable[0].id] if usable else None
    return _Ways(bool(ways), may_be_free=False, usable=usable, template=template)


def _words(draft: _Draft, template: Template | None) -> rules.Words:
    """The words as they would leave; what has no value yet stays in its braces, so that its writer sees it."""
    values = {**draft.values, **{name: "{" + name + "}" for name in draft.missing}}
    if draft.key == rules_of_writing.FREE:
        values["words"] = draft.values["words"]
    shown = wording.filled(
        wording.words(draft.key, draft.road, draft.who.language),
        draft.road,
        draft.who.language,
        {**values, **wording.common_values(draft.who.shown_name)},
    )
    if template is None:
        return shown
    return rules.Words(shown.subject, sending.template_words(template, values, draft.who.shown_name))


def _costs(usable: Sequence[Gateway], road: str, length: rules.ShortLength) -> tuple[Cost, ...]:
    parts = length.parts if road == "sms" else 1
    return tuple(
        Cost(way.code, way.name, parts, parts * way.part_rupiah, is_first=place == 0)
        for place, way in enumerate(usable)
    )


def _situation(draft: _Draft, ways: _Ways, length: int, longest: int) -> rules_of_writing.Situation:
    who, contact = draft.who, _contact_of(draft.who)
    free = draft.key == rules_of_writing.FREE
    linked = who.person_id is not None
    safe = people_queries.safe_road([contact], "write", sensitive=draft.protected) if contact else None
    return rules_of_writing.Situation(
        nameless=who.is_nameless,
        silenced=who.stopped_at is not None or sending.at_address(draft.road, draft.address).silenced,
        has_way=ways.has_any and bool(draft.address),
        unsafe=contact is not None and contact.safe_to_write is False,
        unproven=draft.protected and linked and safe is None,
        others_read=draft.protected
        or (contact is not None and safe is not None and safe.detail is people_rules.Detail.CALL_US),
        text_key=draft.key,
        has_words=not free or bool(draft.values["words"]),
        missing="" if free else ", ".join(draft.missing),
        length=length,
        longest=longest,
        may_be_free=ways.may_be_free,
        has_template=ways.template is not None,
    )


def _contact_of(who: Correspondent) -> Contact | None:
    """The person's contact that this correspondent is linked to, as long as it is in use."""
    if who.person_id is None:
        return None
    own = [one for one in people_queries.contacts_of(who.person_id) if one.id == who.contact_id]
    return own[0] if own else None
