"""Who signs in: invented people in real roles, one password for all, a second factor where the role demands it."""

from __future__ import annotations

from datetime import datetime

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.demo import codes
from simpul.demo.stage import Stage, read
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.lib.actor import MACHINE, Actor


def seat_everybody(stage: Stage, at: datetime) -> None:
    """Add the sign-ins, give the seats and set up the second factors."""
    data = read("people")
    for username, full_name, role, desk, _about in data["seats"]:
        new = account_actions.add_user(
            by=MACHINE,
            at=at,
            username=username,
            full_name=full_name,
            password=data["password"],
            must_change=False,
        )
        seat = desk_actions.give_seat(
            by=MACHINE, at=at, user_id=new.user.id, desk_id=stage.desk(desk), role=role
        )
        if roles.ROLES[role].strong:
            codes.enrol(new.user)
        stage.seats[username] = seat
        stage.actors[username] = _actor(new.user, at)


def _actor(user: object, at: datetime) -> Actor:
    """The person in their only seat, with the second factor passed."""
    actor = desk_queries.actor_for(user, None, strong=True, at=at)
    if actor is None:
        raise RuntimeError("a seat that was just given is missing")
    return actor


def issue_links(stage: Stage, at: datetime) -> None:
    """Personal links for the partner institutions; their tokens and PINs are shown on the sign-in sheet of a demo only."""
    for desk, holder, contact in read("people")["links"]:
        issued = desk_actions.issue_link(
            by=MACHINE, at=at, desk_id=stage.desk(desk), holder_name=holder, holder_contact=contact, days=366
        )
        stage.actors[desk] = desk_queries.actor_of_link(issued.link)
        stage.links.append(
            {"desk": stage.desks[desk].name, "holder": holder, "token": issued.token, "pin": issued.pin}
        )
