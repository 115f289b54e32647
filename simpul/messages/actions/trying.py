"""Trying a gateway: one message to an address that the administrator types, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import ids, phone
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import transports
from simpul.messages.models import Gateway
from simpul.messages.queries import gateways as gateway_queries
from simpul.people import rules as people_rules


class AddressWrong(Refused):
    """Nobody can be reached at what was typed."""

    code = "gateway.address_wrong"
    sentence = _("Write a complete number, for example 0812 3456 7890, or the address as this road knows it.")
    field = "to"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it. ``result``: sent, unreachable, rejected; ``reason`` is the provider's own."""

    result: str
    reason: str = ""
    external_id: str = ""


def try_gateway(*, by: Actor, at: datetime, gateway_id: UUID, to: str) -> Tried:
    """Send one test message through a gateway, now, whatever the hour, and tell what its provider said.

    It is no message to a resident: it stands in no conversation, and the journal keeps its result and not its words.

    Raises:
        NotFound: no such gateway, or one that cannot send.
        AddressWrong: not an address of this road.
    """
    roles.require(by, "gateway.try")
    gateway = Gateway.objects.filter(id=gateway_id).first()
    provider = transports.PROVIDERS.get(gateway.kind) if gateway is not None else None
    if gateway is None or provider is None:
        raise NotFound
    outgoing = transports.Outgoing(
        reference=ids.uuid7().hex,
        to_name="",
        to_address=_address(gateway.road, to),
        subject=_words(_("Test message")),
        body=_words(_("This is a test message of %(service)s. You need not answer it.")),
        language="id",
    )
    try:
        sent = provider.send(gateway_queries.setup_of(gateway), outgoing)
        tried = Tried("sent", external_id=sent.external_id)
    except transports.Rejected as fault:
        tried = Tried("rejected", fault.reason)
    except transports.Unreachable as fault:
        tried = Tried("unreachable", fault.reason)
    except NotImplementedError:
        raise NotFound from None
    journal_actions.record(
        by=by,
        at=at,
        kind="gateway.try",
        subject_kind="gateway",
        subject_id=gateway.id,
        region_code=gateway.region_code,
        facts={"gateway": gateway.code, "result": tried.result, "reason": tried.reason[:200]},
        inputs={"to": outgoing.to_address},
    )
    return tried


def _address(road: str, typed: str) -> str:
    """What was typed, as this road knows it: a number, a provider's own id, or a mail address."""
    plain = " ".join(typed.split())
    if people_rules.is_opaque(road, plain):
        return plain
    number = phone.normalise(plain).e164 if road in ("sms", "whatsapp") else None
    if number is not None:
        return number
    name, _at, host = plain.partition("@")
    if road == "email" and name and "." in host and " " not in plain:
        return plain
    raise AddressWrong


def _words(sentence: object) -> str:
    with translation.override("id"):
        return str(sentence) % {"service": desk_queries.institution().service_name}
