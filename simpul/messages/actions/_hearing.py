"""Keeping what was heard: who it is from, the message once, its parts joined, its files to be fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from simpul.lib import phone, text
from simpul.messages import transports
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming, IncomingFile
from simpul.messages.rules import incoming as rules

_LATE_PART = timedelta(hours=24)
"""A part this late still finds its message; references repeat after 256 messages, which takes one sender longer."""


def keep(gateway: Gateway, delivery: Delivery, heard: transports.Heard) -> int:
    """Keep one message; 0 when it is here already."""
    once = rules.once_key(gateway.code, heard.external_id, heard.once)
    if Incoming.objects.filter(once_key=once).exists():
        return 0
    at = delivery.received_at
    who = correspondent(gateway, heard, once, at)
    if heard.part is not None and heard.part.total > 1:
        return _keep_part(gateway, delivery, heard, who, once)
    incoming, is_new = Incoming.objects.get_or_create(
        once_key=once, defaults=_columns(gateway, delivery, heard, who)
    )
    if is_new:
        _keep_files(incoming, heard, at)
    return int(is_new)


def mark_removed(gateway: Gateway, removed: transports.Removed) -> int:
    """The sender took a message back: the officer sees that, and still sees the words."""
    taken = Incoming.objects.filter(gateway=gateway, external_id=removed.external_id, is_removed=False)
    return taken.update(is_removed=True)


def correspondent(gateway: Gateway, heard: transports.Heard, once: str, at: datetime) -> Correspondent:
    """Who it is from, made when they write for the first time. Nobody known gets a correspondent of their own."""
    number = heard.number or (heard.address if heard.address.startswith("+") else "")
    if heard.channel == "sms" and heard.address:
        number = phone.normalise(heard.address).e164 or ""
    address = (number if heard.channel == "sms" else "") or heard.address.strip()[:190]
    who, is_new = Correspondent.objects.get_or_create(
        channel=heard.channel,
        scope=heard.scope[:60],
        address=address or f"?{once}"[:190],
        defaults={
            "number": number[:20],
            "shown_name": text.clean_line(heard.shown_name)[:150],
            "is_nameless": not address,
            "is_verified": heard.is_verified,
            "desk_id": gateway.desk_id,
            "region_code": gateway.region_code,
            "gateway": gateway,
            "first_at": at,
            "last_in_at": at,
            "language": heard.language or "id",
        },
    )
    if not is_new:
        _freshen(who, gateway, heard, number, at)
    return who


def _freshen(
    who: Correspondent, gateway: Gateway, heard: transports.Heard, number: str, at: datetime
) -> None:
    changes: dict[str, object] = {}
    if who.last_in_at is None or who.last_in_at < at:
        changes |= {"last_in_at": at, "gateway": gateway}
    if number and not who.number:
        changes["number"] = number[:20]
    shown = text.clean_line(heard.shown_name)[:150]
    if shown and shown != who.shown_name:
        changes["shown_name"] = shown
    if changes:
        Correspondent.objects.filter(id=who.id).update(**changes)


def _columns(
    gateway: Gateway, delivery: Delivery, heard: transports.Heard, who: Correspondent
) -> dict[str, object]:
    return {
        "gateway": gateway,
        "delivery": delivery,
        "correspondent": who,
        "channel": heard.channel,
        "external_id": heard.external_id[:190],
        "reply_to": heard.reply_to[:190],
        "sender_shown": text.clean_line(heard.shown_name or heard.address)[:190],
        "sent_at": heard.sent_at,
        "received_at": delivery.received_at,
        "kind": heard.kind[:24] or "unknown",
        "subject": text.clean_line(heard.subject)[:200],
        "text": text.clean_text(heard.text[: rules.LONGEST]),
        "data": dict(heard.data),
        "is_verified": heard.is_verified,
        "is_automatic": heard.is_automatic,
        "hear_at": delivery.received_at,
    }


def _keep_part(
    gateway: Gateway, delivery: Delivery, heard: transports.Heard, who: Correspondent, once: str
) -> int:
    """Put a part beside the others of its message, or begin one; the message is whole when every part is there."""
    part = heard.part
    if part is None:
        raise ValueError("no part")
    number = str(part.number)
    since = delivery.received_at - _LATE_PART
    family = Incoming.objects.filter(
        correspondent=who,
        gateway=gateway,
        parts_expected=part.total,
        received_at__gte=since,
        data__part_reference=part.reference,
    ).select_for_update()
    for begun in family.order_by("-received_at"):
        if begun.parts.get(number) == heard.text:
            return 0  # the same part again
        if number not in begun.parts:
            begun.parts[number] = heard.text
            _store_parts(begun, part.total)
            return 1
    columns = _columns(gateway, delivery, heard, who)
    columns |= {
        "data": {**heard.data, "part_reference": part.reference},
        "parts": {number: heard.text},
        "parts_expected": part.total,
        "state": "parts",
        "hear_at": delivery.received_at + rules.PARTS_WAIT,
    }
    Incoming.objects.get_or_create(once_key=once, defaults=columns)
    return 1


def _store_parts(begun: Incoming, total: int) -> None:
    whole = len(begun.parts) >= total
    changes: dict[str, object] = {
        "parts": begun.parts,
        "text": text.clean_text(rules.joined(begun.parts)[: rules.LONGEST]),
    }
    if whole and begun.state == "parts":
        changes |= {"state": "new", "hear_at": begun.received_at}
    Incoming.objects.filter(id=begun.id).update(**changes)


def _keep_files(incoming: Incoming, heard: transports.Heard, at: datetime) -> None:
    IncomingFile.objects.bulk_create(
        IncomingFile(
            incoming=incoming,
            place=place,
            source=dict(given.source),
            kind=given.kind[:12],
            name=text.clean_line(given.name)[:150],
            mime_said=given.mime[:100],
            size_said=given.size,
            sha256_said=given.sha256[:64],
            caption=text.clean_text(given.caption[: rules.LONGEST]),
            next_try_at=at,
        )
        for place, given in enumerate(heard.files)
    )
