"""Keeping what was heard: who it is from, the message once, its parts joined, its files to be fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from simpul.lib import phone, text
from simpul.messages import transports
from simpul.messages.actions import _calls
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming, IncomingFile, Status
from simpul.messages.rules import incoming as rules


def keep(gateway: Gateway, delivery: Delivery, heard: transports.Heard) -> int:
    """Keep one message, or the call that nobody took; 0 when it is here already."""
    if heard.is_missed_call:
        return _calls.note_missed(gateway, heard, delivery.received_at)
    at = delivery.received_at
    once = rules.once_key(gateway.code, heard.external_id, heard.once)
    if heard.once_within is not None:
        once = f"{once}:{int(at.timestamp() * 1000)}"[:190]
    if Incoming.objects.filter(once_key=once).exists():
        return 0
    who = correspondent(gateway, heard, once, at)
    if heard.once_within is not None and _is_repeat(gateway, who, heard, at):
        return 0
    if heard.part is not None and heard.part.total > 1:
        return _keep_part(gateway, delivery, heard, who, once)
    # the same message by another delivery at the same moment waited for its sender above, and is here now
    if Incoming.objects.filter(once_key=once).exists():
        return 0
    incoming = Incoming.objects.create(once_key=once, **_columns(gateway, delivery, heard, who))
    _keep_files(incoming, heard, at)
    return 1


def _is_repeat(gateway: Gateway, who: Correspondent, heard: transports.Heard, at: datetime) -> bool:
    """True when the same words of the same sender are here, received so shortly before or after that they are one message.

    Both sides are looked at, because deliveries are read in any order.
    """
    within = heard.once_within or timedelta()
    return Incoming.objects.filter(
        correspondent=who,
        received_at__gte=at - within,
        received_at__lte=at + within,
        once_key__startswith=rules.once_key(gateway.code, "", heard.once) + ":",
    ).exists()


def mark_removed(gateway: Gateway, removed: transports.Removed, at: datetime) -> int:
    """The sender took a message back: the officer sees that, and still sees the words.

    It is noted under the provider's name of the message too, for a message that is read after it was taken back.
    """
    Status.objects.get_or_create(
        once_key=_removal_key(gateway, removed.external_id),
        defaults={
            "gateway": gateway,
            "external_id": removed.external_id[:190],
            "status": REMOVED,
            "at": at,
            "recorded_at": at,
        },
    )
    taken = Incoming.objects.filter(gateway=gateway, external_id=removed.external_id[:190], is_removed=False)
    return taken.update(is_removed=True)


REMOVED = "removed"
"""The status of a message of theirs that they took back; the others are about messages of ours."""


def _removal_key(gateway: Gateway, external_id: str) -> str:
    return f"{gateway.code}:{external_id}:{REMOVED}"[:250]


def _is_taken_back(gateway: Gateway, heard: transports.Heard) -> bool:
    named = heard.channel in rules.VERIFIED_CHANNELS and bool(heard.external_id)
    return named and Status.objects.filter(once_key=_removal_key(gateway, heard.external_id)).exists()


def correspondent(gateway: Gateway, heard: transports.Heard, once: str, at: datetime) -> Correspondent:
    """Who it is from, made when they write for the first time. Nobody known gets a correspondent of their own.

    The row is held until the transaction ends: one reader at a time for each sender, since two parts, or two copies, that are
    read side by side must see each other.
    """
    number = heard.number or (heard.address if heard.address.startswith("+") else "")
    if heard.channel == "sms" and heard.address:
        number = phone.normalise(heard.address).e164 or ""
    address = (number if heard.channel == "sms" else "") or heard.address.strip()[:190]
    key = {
        "channel": heard.channel,
        "scope": heard.scope[:60],
        "address": address or f"?{once}"[:190],
    }
    held = Correspondent.objects.select_for_update()
    who = held.filter(**key).first()
    if who is None:
        who, is_new = held.get_or_create(
            **key,
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
        if is_new:
            return who
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
    if at < who.first_at:
        changes["first_at"] = at
    shown = text.clean_line(heard.shown_name)[:150]
    is_newer = not who.shown_name or who.last_in_at is None or who.last_in_at <= at
    if shown and shown != who.shown_name and is_newer:
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
        "is_removed": _is_taken_back(gateway, heard),
        "hear_at": delivery.received_at,
    }


def _keep_part(
    gateway: Gateway, delivery: Delivery, heard: transports.Heard, who: Correspondent, once: str
) -> int:
    """Put a part beside the others of its message, or begin one; the message is whole when every part is there.

    A part that comes when its message is settled begins one of its own: else nobody would read it.
    """
    part = heard.part
    if part is None:
        raise ValueError("no part")
    number = str(part.number)
    family = _family(gateway, delivery, heard, who)
    if any(once in begun.data.get("part_keys", {}).values() for begun in family):
        return 0  # read before
    near = [begun for begun in family if _is_near(begun, heard, delivery)]
    if any(begun.parts.get(number) == heard.text for begun in near):
        return 0  # the network brought this part twice
    begun = next((begun for begun in near if number not in begun.parts and begun.state != "settled"), None)
    if begun is not None:
        begun.parts[number] = heard.text
        begun.data = {**begun.data, "part_keys": {**begun.data.get("part_keys", {}), number: once}}
        _store_parts(begun, part.total)
        return 1
    columns = _columns(gateway, delivery, heard, who)
    columns |= {
        "data": {**heard.data, "part_reference": part.reference, "part_keys": {number: once}},
        "parts": {number: heard.text},
        "parts_expected": part.total,
        "text": text.clean_text(rules.joined({number: heard.text}, part.total)[: rules.LONGEST]),
        "state": "parts",
        "hear_at": delivery.received_at + rules.PARTS_WAIT,
    }
    Incoming.objects.get_or_create(once_key=once, defaults=columns)
    return 1


def _family(
    gateway: Gateway, delivery: Delivery, heard: transports.Heard, who: Correspondent
) -> list[Incoming]:
    """Messages this part may belong to: the same sender, reference and number of parts; the nearest in time first."""
    part = heard.part
    if part is None:
        return []
    found = Incoming.objects.filter(
        correspondent=who,
        gateway=gateway,
        parts_expected=part.total,
        received_at__gte=delivery.received_at - rules.LATE_PART,
        received_at__lte=delivery.received_at + rules.LATE_PART,
        data__part_reference=part.reference,
    )

    def distance(begun: Incoming) -> timedelta:
        gap = rules.part_gap(begun.sent_at, heard.sent_at)
        return abs(begun.received_at - delivery.received_at) if gap is None else gap

    return sorted(found, key=distance)


def _is_near(begun: Incoming, heard: transports.Heard, delivery: Delivery) -> bool:
    """References repeat: a part belongs to a message when both were sent at about the same time, as far as that is known."""
    gap = rules.part_gap(begun.sent_at, heard.sent_at)
    if gap is None:
        gap = abs(begun.received_at - delivery.received_at)
    return gap <= rules.PARTS_APART


def _store_parts(begun: Incoming, total: int) -> None:
    whole = len(begun.parts) >= total
    changes: dict[str, object] = {
        "parts": begun.parts,
        "data": begun.data,
        "text": text.clean_text(rules.joined(begun.parts, total)[: rules.LONGEST]),
    }
    if whole and begun.state == "parts":
        changes |= {"state": "new", "hear_at": begun.received_at}
    elif (
        begun.state == "open"
    ):  # what came late may be what must be protected: look at it again, and leave it to a person
        changes |= {"state": "new", "hear_at": begun.received_at, "hear_tries": 1}
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
