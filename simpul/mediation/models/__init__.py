"""Tables of the room, by topic."""

from simpul.mediation.models.agreements import (
    Agreement,
    Fulfilment,
    Obligation,
    Referral,
    Signer,
)
from simpul.mediation.models.disputes import (
    Dispute,
    DisputeSet,
    Entry,
    Mediator,
    Party,
    Register,
    Screening,
    Statement,
)
from simpul.mediation.models.sessions import Attendance, Evidence, Session, Summons

__all__ = [
    "Agreement",
    "Attendance",
    "Dispute",
    "DisputeSet",
    "Entry",
    "Evidence",
    "Fulfilment",
    "Mediator",
    "Obligation",
    "Party",
    "Referral",
    "Register",
    "Screening",
    "Session",
    "Signer",
    "Statement",
    "Summons",
]
