"""Queueing a message, in the transaction of the act that it tells about, and holding it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.messages import queries, rules
from simpul.messages.actions import _routing, _shared
from simpul.messages.models import Correspondent, Message, MessageSet


def queue_message(
    *,
    by: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: UUID,
    once_key: str,
    text_key: str,
    values: Mapping[str, str],
    person_id: UUID | None = None,
    correspondent_id: UUID | None = None,
    to_desk_id: UUID | None = None,
    to_name: str = "",
    to_address: str = "",
    region_code: str = "",
    hamlet_name: str = "",
    landmark: str = "",
    sealed: bool = False,
    sensitive: bool = False,
    language: str = "",
    expires_at: datetime | None = None,
) -> Message | None:
    """Queue one thing to be said, to a person or to a desk, by the road that is safe and open; else on paper.

    At most one message exists for a ``once_key``: a repeat returns the first. A person's road is chosen by the
    safe-contact rule; ``correspondent_id`` answers somebody where they wrote from; a desk is reached by ``to_address`` (its
    e-mail). None when there is nobody to tell, when they asked for silence, or when it does not belong on paper.

    Raises:
        KeyError: an unknown text, or a variable without a value in ``values`` (a fault in the program).
    """
    roles.require(by, "message.queue")
    kind = queries.catalogue()[text_key]
    known = Message.objects.filter(once_key=once_key).first()
    if known is not None:
        return known
    quiet_about = sealed or sensitive
    if person_id is not None:
        route = _routing.to_person(person_id, kind, at, sensitive=quiet_about, language=language)
    elif correspondent_id is not None:
        who = Correspondent.objects.filter(id=correspondent_id).first()
        route = _routing.to_correspondent(who, kind, at, language=language) if who else None
    else:
        route = _routing.to_desk(text_key, to_name, to_address, sensitive=quiet_about, language=language)
    if route is None:
        return None
    region = _told_at(route.region_code, region_code)
    words = _shared.words(route.key, route.road, route.language, route.to_name, values)
    to_nobody = person_id is None and correspondent_id is None
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            once_key=once_key,
            defaults={
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "asked_key": text_key,
                "text_key": route.key,
                "values": {} if quiet_about else dict(values),  # a protected matter leaves no content here
                "road": route.road,
                "language": route.language,
                "to_name": "" if route.key == "call_us" else route.to_name[:150],
                "to_address": route.to_address,
                "to_person_id": person_id,
                "correspondent": route.correspondent,
                "to_desk_id": to_desk_id,
                "region_code": region,
                "hamlet_name": hamlet_name or route.hamlet_name,
                "landmark": landmark or route.landmark,
                "sealed": sealed,
                "sensitive": quiet_about,
                "subject": words.subject,
                "body": words.body,
                "queued_at": at,
                "next_try_at": at if to_nobody else _shared.awake(at, region, kind, at),
                "expires_at": rules.expiry(at, kind.lasts_hours, expires_at),
            },
        )
        if is_new:
            _shared.record(by, at, "message.queue", message)
    return message


def hold_message(*, by: Actor, at: datetime, message_id: UUID, reason: str, seal: bool = False) -> Message:
    """Hold a message back that nobody has got yet; one that went out meanwhile stays as it is.

    With ``seal`` its content is emptied for good, and what was for a person waits on the focal point's list, to be told to
    them alone.

    Raises:
        NotFound: no such message.
    """
    roles.require(by, "message.hold")
    message = Message.objects.filter(id=message_id).first()
    if message is None:
        raise NotFound
    with transaction.atomic():
        done = _seal(message, at) if seal else _waiting(message).update(state="held") == 1
        message.refresh_from_db()
        if done:
            _shared.record(by, at, "message.hold", message, inputs={"reason": reason})
    return message


def _waiting(message: Message) -> MessageSet:
    return Message.objects.filter(id=message.id, state__in=("queued", "printed", "failed"))


def _seal(message: Message, at: datetime) -> bool:
    """Empty a message whose matter was sealed; False when it had gone out before.

    One that is being sent at this moment cannot be called back, but must not come back whole when sending fails.
    """
    message.sensitive, message.values = True, {}
    to_desk = message.to_person_id is None
    key = rules.text_key(message.asked_key, road=message.road, to_desk=to_desk, sensitive=True, call_us=False)
    words = _shared.words(key, message.road, message.language, message.to_name, {})
    emptied: dict[str, object] = {"text_key": key, "subject": words.subject, "body": words.body}
    closed: dict[str, object] = {"sealed": True, "sensitive": True, "values": {}}
    if not to_desk and queries.catalogue()[message.asked_key].paper:
        after = _shared.as_slip(message, at) | {"printed_at": None}
    else:
        after = emptied | {"state": "held"}
    if _waiting(message).update(**closed, **after) == 1:
        return True
    return Message.objects.filter(id=message.id, state="sending").update(**closed, **emptied) == 1


def _told_at(home: str, matter: str) -> str:
    """Where a person is told: at home when that lies in this installation's area, else where the matter lies."""
    ours = desk_queries.institution().region_code
    return home if len(home) == 10 and home.startswith(ours) else matter or home
