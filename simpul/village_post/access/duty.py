"""Which posts, shifts, hand-overs, visitors and numbers an actor may see: those of the area of the seat, for who works at a post."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.village_post.access import _inside
from simpul.village_post.models import Duty, Offer, Pattern, Post, Relay, Shift, Ticket, Visitor

WORKING = ("duty.begin", "post.set")
BOOK = ("visitor.change", "visitor.blank")


def posts(by: Actor) -> QuerySet[Post]:
    """Posts of this actor's area."""
    found: QuerySet[Post] = _inside.rows(by, Post, WORKING)
    return found.select_related("desk")


def post_for(by: Actor, post_id: UUID, *, lock: bool = False) -> Post:
    """One post.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found: Post = _inside.one(posts(by), post_id, lock=lock)
    return found


def kiosk(token: str) -> Post:
    """The post whose tablet has this address.

    Raises:
        NotFound: no post has it, or it is switched off.
    """
    found = Post.objects.select_related("desk").filter(kiosk_token=token).first() if token else None
    if found is None:
        raise NotFound
    return found


def desks_for_posts(by: Actor) -> list[Desk]:
    """Desks of villages of the area that are a post or the village office: where a post may be set up."""
    if not any(roles.may_somewhere(by, act) for act in WORKING):
        return []
    rows = desk_queries.desks_visible(by).open().filter(areas.inside_any(by.served_areas))
    return list(rows.filter(kind__in=("post", "village_office"), level="village").order_by("-kind", "name"))


def patterns(by: Actor) -> QuerySet[Pattern]:
    """Patterns of posts of the area."""
    found: QuerySet[Pattern] = _inside.rows(by, Pattern, WORKING, "post__region_code")
    return found.select_related("post__desk")


def shifts(by: Actor) -> QuerySet[Shift]:
    """Shifts of posts of the area."""
    found: QuerySet[Shift] = _inside.rows(by, Shift, WORKING)
    return found.select_related("post__desk", "pattern")


def shift_for(by: Actor, shift_id: UUID, *, lock: bool = False) -> Shift:
    """One shift. Raises ``NotFound`` as ``post_for``."""
    rows = _inside.rows(by, Shift, WORKING) if lock else shifts(by)
    found: Shift = _inside.one(rows, shift_id, lock=lock)
    return found


def duties(by: Actor) -> QuerySet[Duty]:
    """Duties of shifts of the area."""
    found: QuerySet[Duty] = _inside.rows(by, Duty, WORKING, "shift__region_code")
    return found.select_related("shift__post__desk", "seat")


def duty_for(by: Actor, duty_id: UUID, *, lock: bool = False) -> Duty:
    """One duty. Raises ``NotFound`` as ``post_for``."""
    found: Duty = _inside.one(duties(by), duty_id, lock=lock)
    return found


def offers(by: Actor) -> QuerySet[Offer]:
    """Questions about duties of the area."""
    found: QuerySet[Offer] = _inside.rows(by, Offer, WORKING, "duty__shift__region_code")
    return found.select_related("duty__shift__post__desk", "in_return__shift", "to_seat__user", "duty__seat")


def offer_for(by: Actor, offer_id: UUID, *, lock: bool = False) -> Offer:
    """One question. Raises ``NotFound`` as ``post_for``."""
    found: Offer = _inside.one(offers(by), offer_id, lock=lock)
    return found


def relays(by: Actor) -> QuerySet[Relay]:
    """Hand-overs of posts of the area."""
    found: QuerySet[Relay] = _inside.rows(by, Relay, WORKING)
    return found.select_related("post__desk")


def relay_for(by: Actor, relay_id: UUID, *, lock: bool = False) -> Relay:
    """One hand-over. Raises ``NotFound`` as ``post_for``."""
    rows = _inside.rows(by, Relay, WORKING) if lock else relays(by)
    found: Relay = _inside.one(rows, relay_id, lock=lock)
    return found


def visitors(by: Actor) -> QuerySet[Visitor]:
    """Lines of the guest books of the area."""
    found: QuerySet[Visitor] = _inside.rows(by, Visitor, BOOK)
    return found.select_related("post__desk")


def visitor_for(by: Actor, visitor_id: UUID, *, lock: bool = False) -> Visitor:
    """One line. Raises ``NotFound`` as ``post_for``."""
    rows = _inside.rows(by, Visitor, BOOK) if lock else visitors(by)
    found: Visitor = _inside.one(rows, visitor_id, lock=lock)
    return found


def tickets(by: Actor) -> QuerySet[Ticket]:
    """Queue numbers of posts of the area."""
    found: QuerySet[Ticket] = _inside.rows(by, Ticket, WORKING)
    return found.select_related("visitor")


def ticket_for(by: Actor, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """One number. Raises ``NotFound`` as ``post_for``."""
    rows = _inside.rows(by, Ticket, WORKING) if lock else tickets(by)
    found: Ticket = _inside.one(rows, ticket_id, lock=lock)
    return found


def place_of(row: Any) -> roles.Place:
    """Where a post, shift, hand-over, visitor or number lies, for the role table."""
    return roles.Place(row.region_code)
