"""Which messages an actor may see on the lists of what must be told."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.messages.models import Message, MessageSet


def visible(by: Actor) -> MessageSet:
    """Messages of the seat's area, for roles that print or tell; sealed ones for focal points alone.

    A case shows its own messages to those who may see the case: the doors of a case ask ``cases.access`` first and then
    ``messages.queries.for_subject``.
    """
    if by.role == SYSTEM:
        return Message.objects.all()
    if not (roles.may_somewhere(by, "message.print") or roles.may_somewhere(by, "message.tell")):
        return Message.objects.none()
    found = Message.objects.exclude(region_code="") if "" not in by.served_areas else Message.objects.all()
    inside = Q()
    for area in by.served_areas:
        if area:
            inside |= Q(region_code__gte=area, region_code__lt=area + "~")
    found = found.filter(inside) if "" not in by.served_areas else found
    return found if by.role == "focal_point" else found.filter(sealed=False)


def message_for(by: Actor, message_id: UUID) -> Message:
    """One message, when ``visible`` shows it.

    Raises:
        NotFound: there is no such message, or not for this actor.
    """
    message = visible(by).filter(id=message_id).first()
    if message is None:
        raise NotFound
    return message
