"""Tables of the room, by topic."""

from simpul.village_post.models.duty import Duty, Offer, Pattern, Post, Relay, Shift
from simpul.village_post.models.election import Keeper, Report, Stage, Step
from simpul.village_post.models.guests import Ticket, Visitor

__all__ = [
    "Duty",
    "Keeper",
    "Offer",
    "Pattern",
    "Post",
    "Relay",
    "Report",
    "Shift",
    "Stage",
    "Step",
    "Ticket",
    "Visitor",
]
