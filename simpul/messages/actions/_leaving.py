"""Handing one claimed message over: which gateways carry it, in which form, and what each of them said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from simpul.lib.actor import Actor
from simpul.messages import rules, transports
from simpul.messages.actions import gateways as gateway_actions
from simpul.messages.models import Correspondent, Gateway, Message, Template
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import sending
from simpul.messages.rules import gateways as gateway_rules

_HEARD_LATELY = timedelta(minutes=1)
"""A gateway that answered within this time need not be written down as alive again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    ``result``: sent; rejected (never by this road); no_template; unreachable (nothing answers); closed (nothing may be tried
    now); full (as much left in this minute as the gateway takes). ``costs_try``: the message itself has used up a try.
    """

    result: str
    error: str = ""
    gateway: Gateway | None = None
    sent: transports.Sent | None = None
    template: Template | None = None
    words: str = ""
    costs_try: bool = True


def way_of(message: Message, who: Correspondent | None, at: datetime) -> list[Gateway]:
    """The gateways that may carry a message now, the best first.

    The one where the person wrote last comes first, and before it the one that may have the message already: when its worker
    died, that one can drop the repeat.
    """
    ways = gateway_queries.ways(message.road, message.to_address, at)
    code = sending.code_of(message.road, who, at)
    if code:
        ways = gateway_rules.preferred(ways, code, only=sending.bound_to(message.road, message.to_address))
    return sorted(ways, key=lambda way: way.id != message.gateway_id) if message.gateway_id else ways


def attempt(
    by: Actor, at: datetime, message: Message, who: Correspondent | None, ways: list[Gateway]
) -> Outcome:
    """Try the gateways in turn until one of them takes the message or refuses it for good."""
    last = Outcome("closed", costs_try=False)
    approved: dict[UUID, Template] | None = None
    for way in ways:
        if not _has_room(way, message, at):
            last = last if last.result == "unreachable" else Outcome("full", costs_try=False)
            continue
        template = None
        if not sending.may_be_free(message.road, who, way.id, at):
            if approved is None:
                approved = sending.templates_for([one.id for one in ways], message.text_key, message.language)
            template = approved.get(way.id)
            if template is None:
                last = Outcome("no_template", "no approved template") if last.result == "closed" else last
                continue
        found = _by_gateway(by, at, message, way, template)
        if found.result != "unreachable":
            return found
        last = found
    if message.road in transports.up():
        return _by_settings(message)
    return last


def _has_room(way: Gateway, message: Message, at: datetime) -> bool:
    if way.parts_per_minute <= 0:
        return True
    parts = rules.short_length(message.body).parts if way.road == "sms" else 1
    return gateway_rules.has_room(way.parts_per_minute, gateway_queries.used_parts(way, at), parts)


def _by_gateway(
    by: Actor, at: datetime, message: Message, way: Gateway, template: Template | None
) -> Outcome:
    was_down = way.down_since_at is not None
    words = sending.template_words(template, message.values, message.to_name) if template else ""
    try:
        sent = transports.PROVIDERS[way.kind].send(
            gateway_queries.setup_of(way), _outgoing(message, way, template)
        )
    except transports.Unreachable as fault:
        gateway_actions.report_gateway(by=by, at=at, gateway_id=way.id, answers=False, reason=fault.reason)
        return Outcome("unreachable", fault.reason, way, costs_try=not was_down)
    except transports.Rejected as fault:
        _is_alive(by, at, way)
        return Outcome("rejected", fault.reason, way)
    _is_alive(by, at, way)
    return Outcome("sent", gateway=way, sent=sent, template=template, words=words)


def _by_settings(message: Message) -> Outcome:
    try:
        transports.send(message.road, _outgoing(message))
    except transports.Unreachable as fault:
        return Outcome("unreachable", fault.reason)
    except transports.Rejected as fault:
        return Outcome("rejected", fault.reason)
    return Outcome("sent")


def _is_alive(by: Actor, at: datetime, way: Gateway) -> None:
    if way.down_since_at is not None or way.heard_at is None or at - way.heard_at > _HEARD_LATELY:
        gateway_actions.report_gateway(by=by, at=at, gateway_id=way.id, answers=True)


def _outgoing(
    message: Message, way: Gateway | None = None, template: Template | None = None
) -> transports.Outgoing:
    answered = message.answers if way is not None and message.answers_id else None
    use = None
    if template is not None:
        use = transports.TemplateUse(
            template.name,
            template.language,
            sending.template_values(template, message.values, message.to_name),
        )
    return transports.Outgoing(
        reference=str(message.id),
        to_name=message.to_name,
        to_address=message.to_address,
        subject=message.subject,
        body=message.body,
        language=message.language,
        reply_to=answered.external_id if answered and way and answered.gateway_id == way.id else "",
        template=use,
    )


def columns_of(outcome: Outcome) -> dict[str, object]:
    """The columns that an accepted message gets: who carried it, under which name, in how many parts, for how much."""
    if outcome.gateway is None or outcome.sent is None:
        return {"gateway": None, "external_id": "", "parts": 0}
    parts = max(1, outcome.sent.parts)
    columns: dict[str, object] = {
        "gateway": outcome.gateway,
        "road": outcome.gateway.road,
        "external_id": outcome.sent.external_id[:190],
        "parts": parts,
        "receipt": "accepted",
        "cost_rupiah": F("cost_rupiah") + parts * outcome.gateway.part_rupiah,
    }
    if outcome.template is not None:
        columns |= {"template": outcome.template, "body": outcome.words}
    return columns
