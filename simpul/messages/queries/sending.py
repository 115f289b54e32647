"""What sending needs to know: who stands behind an address, whether they asked for silence, and which template is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from simpul.messages.models import Correspondent, Gateway, Template
from simpul.messages.queries import wording
from simpul.messages.rules import incoming as incoming_rules
from simpul.messages.rules import templates, writing
from simpul.people import rules as people_rules


@dataclass(frozen=True, slots=True)
class AtAddress:
    """Those known at an address of a road, the last who wrote first; ``silenced`` when somebody there asked for silence."""

    last: Correspondent | None
    silenced: bool


def at_address(road: str, address: str) -> AtAddress:
    """Who writes from an address. A number that asked for silence has silence on every road of that number."""
    return at_addresses([(road, address)])[road, address]


def at_addresses(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], AtAddress]:
    """The same for several (road, address), in one query."""
    places = list(wanted)
    addresses = {address for _road, address in places if address}
    rows: list[Correspondent] = []
    if addresses:
        known = Q(address__in=addresses) | Q(number__in=addresses)
        rows = list(Correspondent.objects.filter(known).order_by("-last_in_at", "-id"))
    found = {}
    for road, address in places:
        here = [row for row in rows if address in (row.address, row.number)]
        own = [row for row in here if row.channel == road and not row.is_nameless]
        silenced = any(
            row.stopped_at is not None and (row.channel == road or row.number == address) for row in here
        )
        heard = [row for row in own if row.last_in_at is not None]
        found[road, address] = AtAddress(next(iter(heard or own), None), silenced)
    return found


def may_be_free(road: str, who: Correspondent | None, way_id: UUID | None, at: datetime) -> bool:
    """May free words go to this correspondent by this gateway now? The window is open where they wrote last."""
    if road not in writing.WINDOWED:
        return True
    if who is None or not incoming_rules.in_window(who.last_in_at, at):
        return False
    return who.gateway_id is None or way_id is None or who.gateway_id == way_id


def templates_for(gateway_ids: Iterable[UUID], text_key: str, language: str) -> dict[UUID, Template]:
    """The approved template of each gateway for a text: in the person's language, else in Indonesian."""
    approved = Template.objects.filter(
        gateway_id__in=list(gateway_ids), text_key=text_key, state="approved"
    ).order_by("name")
    found: dict[UUID, Template] = {}
    for template in approved:
        tongue = templates.our_language(template.language)
        known = found.get(template.gateway_id)
        if known is None:
            fits = tongue in (language, wording.FALLBACK_LANGUAGE)
        else:
            fits = tongue == language != templates.our_language(known.language)
        if fits:
            found[template.gateway_id] = template
    return found


def bound_to(road: str, address: str) -> bool:
    """True for an address that one account alone can reach: a chat of a bot, an id that a business made."""
    return road == "telegram" or (road == "whatsapp" and people_rules.is_opaque("whatsapp", address))


def code_of(road: str, who: Correspondent | None, at: datetime) -> str:
    """The code of the gateway whose conversation goes on: where they wrote last, by SMS within a day; "" for none."""
    if who is None or who.gateway_id is None or road not in ("whatsapp", "telegram", "sms"):
        return ""
    if road == "sms" and not incoming_rules.in_window(who.last_in_at, at):
        return ""  # the cheapest one for their number
    return Gateway.objects.filter(id=who.gateway_id).values_list("code", flat=True).first() or ""


def template_values(template: Template, values: Mapping[str, str], to_name: str) -> tuple[str, ...]:
    """What fills {{1}}, {{2}}, ... of an approved template, from the variables of the text that it stands for."""
    everything = {**values, **wording.common_values(to_name)}
    return tuple(writing.slot_value(everything.get(name, "")) for name in template.variables)


def template_words(template: Template, values: Mapping[str, str], to_name: str) -> str:
    """The words of an approved template as the person reads them."""
    return templates.filled(template.body, template_values(template, values, to_name))
