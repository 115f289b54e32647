"""Every write to the institution, its desks, seats, delegations and links."""

from simpul.desks.actions.desks import change_desk, close_desk, open_desk, set_hours
from simpul.desks.actions.institution import change_institution
from simpul.desks.actions.links import IssuedLink, issue_link, open_link, withdraw_link
from simpul.desks.actions.seats import end_delegation, give_delegation, give_seat, withdraw_seat

__all__ = [
    "IssuedLink",
    "change_desk",
    "change_institution",
    "close_desk",
    "end_delegation",
    "give_delegation",
    "give_seat",
    "issue_link",
    "open_desk",
    "open_link",
    "set_hours",
    "withdraw_link",
    "withdraw_seat",
]
