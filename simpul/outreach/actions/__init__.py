"""Acts of the room."""

from simpul.outreach.actions.assigning import (
    Given,
    assign_households,
    open_verifications,
    publish_verifications,
    withdraw_assignment,
)
from simpul.outreach.actions.checking import (
    PersonSaid,
    approve_verification,
    rematch_verifications,
    return_verification,
    submit_verification,
    take_verification,
    update_verification,
)
from simpul.outreach.actions.sampling import draw_sample, review_sample
from simpul.outreach.actions.visiting import Found, record_visit, withdraw_visit

__all__ = [
    "Found",
    "Given",
    "PersonSaid",
    "approve_verification",
    "assign_households",
    "draw_sample",
    "open_verifications",
    "publish_verifications",
    "record_visit",
    "rematch_verifications",
    "return_verification",
    "review_sample",
    "submit_verification",
    "take_verification",
    "update_verification",
    "withdraw_assignment",
    "withdraw_visit",
]
