"""Queue numbers: simple, of one post and one day. Given, called, done, or nobody came; called again when they come back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Post, Ticket
from simpul.village_post.queries import duty as queries


class NobodyWaits(Refused):
    """There is no number to call."""

    code = "ticket.nobody"
    sentence = _("Nobody waits with a number.")


def give_ticket(*, by: Actor, at: datetime, post_id: UUID, ticket_id: UUID | None = None) -> Ticket:
    """Give the next number of the night. The same ``ticket_id`` again gives the same number.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "ticket.give", access.place_of(post))
        known = Ticket.objects.filter(id=ticket_id, post=post).first() if ticket_id else None
        if known is not None:
            return known
        Post.objects.select_for_update().get(id=post.id)
        day = queries.night_of(post, at)
        last = Ticket.objects.filter(post=post, day=day).aggregate(last=Max("number"))["last"] or 0
        ticket = Ticket.objects.create(
            id=ticket_id or uuid7(),
            post=post,
            region_code=post.region_code,
            day=day,
            number=last + 1,
            given_at=at,
        )
        _post.line(by, at, "ticket.give", "ticket", ticket, facts={"number": ticket.number})
    return ticket


def call_ticket(*, by: Actor, at: datetime, post_id: UUID, ticket_id: UUID | None = None) -> Ticket:
    """Call the next number, or one by name: also one that was not there when it was called before.

    Raises:
        NobodyWaits: no number waits.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id)
        roles.require(by, "ticket.call", access.place_of(post))
        Post.objects.select_for_update().get(id=post.id)
        rows = Ticket.objects.filter(post=post, day=queries.night_of(post, at))
        if ticket_id is not None:
            ticket = rows.filter(id=ticket_id, state__in=("waiting", "called", "absent")).first()
        else:
            ticket = rows.filter(state="waiting").order_by("number").first()
        if ticket is None:
            raise NobodyWaits
        ticket.state, ticket.called_at, ticket.called_by, ticket.done_at = "called", at, by.name[:150], None
        ticket.save()
        _post.line(by, at, "ticket.call", "ticket", ticket, facts={"number": ticket.number})
    return ticket


def serve_ticket(*, by: Actor, at: datetime, ticket_id: UUID, visitor_id: UUID | None = None) -> None:
    """The person with this number has been helped; ``visitor_id`` ties the number to the line of the guest book.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        ticket = access.ticket_for(by, ticket_id, lock=True)
        roles.require(by, "ticket.serve", access.place_of(ticket))
        if ticket.state == "served" and visitor_id in (None, ticket.visitor_id):
            return
        if visitor_id is not None:
            ticket.visitor_id = access.visitor_for(by, visitor_id).id
        ticket.state, ticket.done_at = "served", at
        ticket.save()
        _post.line(by, at, "ticket.serve", "ticket", ticket, facts={"number": ticket.number})


def skip_ticket(*, by: Actor, at: datetime, ticket_id: UUID) -> None:
    """Nobody came when the number was called. It can be called again.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        ticket = access.ticket_for(by, ticket_id, lock=True)
        roles.require(by, "ticket.skip", access.place_of(ticket))
        if ticket.state in ("absent", "served"):
            return
        ticket.state, ticket.done_at = "absent", at
        ticket.save()
        _post.line(by, at, "ticket.skip", "ticket", ticket, facts={"number": ticket.number})
