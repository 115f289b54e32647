"""Which messages an actor may see on the lists of what must be told."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.messages.models import (
    Call,
    Correspondent,
    CorrespondentSet,
    Gateway,
    Incoming,
    IncomingSet,
    Message,
    MessageSet,
)


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
            inside |= areas.inside(area)
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


# --- conversations ----------------------------------------------------------------------------------------------------

OVERSEEING = frozenset({"centre_admin", "manager", "coordinator", "supervisor", "focal_point"})
"""Roles that see the conversations of their whole area; everybody else sees those of their desks."""


def correspondents(by: Actor) -> CorrespondentSet:
    """Conversations this actor may read: those of their desks, and for roles that oversee, of their area.

    Who may not answer anybody reads nothing. What is protected inside a conversation is hidden by ``incoming``.
    """
    if by.role == SYSTEM:
        return Correspondent.objects.all()
    if not by.desk_ids or not roles.may_somewhere(by, "incoming.settle"):
        return Correspondent.objects.none()
    seen = Q(desk_id__in=by.desk_ids)
    if by.role in OVERSEEING:
        seen |= _inside(by)
    found = Correspondent.objects.filter(seen)
    return found if by.role == "focal_point" else found.exclude(_only_protected())


def _only_protected() -> Q:
    """Conversations of which everything is protected: to all but focal points there is none."""
    said = Incoming.objects.filter(correspondent=OuterRef("pk"))
    return (
        Q(Exists(said.filter(sealed=True)))
        & ~Q(Exists(said.filter(sealed=False)))
        & ~Q(Exists(Call.objects.filter(correspondent=OuterRef("pk"), sealed=False)))
        & ~Q(Exists(Message.objects.filter(correspondent=OuterRef("pk"), sealed=False)))
    )


def incoming(by: Actor) -> IncomingSet:
    """Messages of the conversations this actor may read; protected ones for focal points alone."""
    if by.role == SYSTEM:
        return Incoming.objects.all()
    found = Incoming.objects.filter(correspondent__in=correspondents(by).values("id"))
    return found if by.role == "focal_point" else found.filter(sealed=False)


def calls(by: Actor) -> QuerySet[Call]:
    """Calls this actor may read: those of their desks, and for roles that oversee, of their area."""
    if by.role == SYSTEM:
        return Call.objects.all()
    if not by.desk_ids or not roles.may_somewhere(by, "call.log"):
        return Call.objects.none()
    seen = Q(desk_id__in=by.desk_ids)
    if by.role in OVERSEEING:
        seen |= _inside(by)
    found = Call.objects.filter(seen)
    if by.role == "focal_point":
        return found
    own = Q(
        agent_id=by.user_key, subject_id=None
    )  # who heard it finishes writing it down; then it is closed to them
    return found.filter(Q(sealed=False) | own)


def gateways(by: Actor) -> QuerySet[Gateway]:
    """Gateways whose health this actor may see: those that their desks listen to, and for roles that oversee, of their area."""
    if by.role == SYSTEM:
        return Gateway.objects.filter(is_active=True)
    if not by.desk_ids or not roles.may_somewhere(by, "incoming.settle"):
        return Gateway.objects.none()
    seen = Q(desk_id__in=by.desk_ids)
    if by.role in OVERSEEING:
        seen |= _inside(by)
    return Gateway.objects.filter(seen, is_active=True)


def correspondent_for(by: Actor, correspondent_id: UUID) -> Correspondent:
    """One conversation, when this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = correspondents(by).select_related("person", "desk", "gateway").filter(id=correspondent_id).first()
    if found is None:
        raise NotFound
    return found


def incoming_for(by: Actor, incoming_id: UUID) -> Incoming:
    """One incoming message, when this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = incoming(by).select_related("correspondent", "gateway").filter(id=incoming_id).first()
    if found is None:
        raise NotFound
    return found


def call_for(by: Actor, call_id: UUID) -> Call:
    """One call, when this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = calls(by).select_related("correspondent", "desk", "gateway").filter(id=call_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(who: Correspondent) -> roles.Place:
    """Where a conversation lies, for the role table."""
    holders = frozenset({who.desk_id}) if who.desk_id else frozenset()
    return roles.Place(who.region_code, holders, holders)


def place_of_incoming(message: Incoming) -> roles.Place:
    """Where an incoming message lies, for the role table."""
    return place_of(message.correspondent)


def _inside(by: Actor) -> Q:
    return areas.inside_any(by.served_areas)
