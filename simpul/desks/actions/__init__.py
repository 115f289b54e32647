"""Every write to the institution, its desks, seats, delegations and links."""

from simpul.desks.actions.desks import change_desk, close_desk, open_desk, set_hours
from simpul.desks.actions.institution import change_institution
from simpul.desks.actions.links import IssuedLink, issue_link, open_link, withdraw_link
from simpul.desks.actions.seats import end_delegation, give_delegation, give_seat, withdraw_seat
from simpul.desks.actions.services import (
    ServiceGiven,
    add_service,
    change_service,
    end_service,
    load_services,
)

__all__ = [
    "IssuedLink",
    "ServiceGiven",
    "add_service",
    "change_desk",
    "change_institution",
    "change_service",
    "close_desk",
    "end_delegation",
    "end_service",
    "give_delegation",
    "give_seat",
    "issue_link",
    "load_services",
    "open_desk",
    "open_link",
    "set_hours",
    "withdraw_link",
    "withdraw_seat",
]
