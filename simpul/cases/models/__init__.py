"""Tables of the meeting point, by topic."""

from simpul.cases.models.approvals import Approval, ApprovalStep, ConsentOverride
from simpul.cases.models.case import (
    Attachment,
    Case,
    CaseDesk,
    CaseReservation,
    CaseSet,
    CaseWords,
    Link,
    NumberSeries,
    Party,
    Visit,
)
from simpul.cases.models.handling import Answer, Clock, Escalation, Hop, Note, Question
from simpul.cases.models.kinds import Kind, Route
from simpul.cases.models.lapor import LaporRecord
from simpul.cases.models.protection import BreakGlass, Exclusion, FollowGuard, IdentityRequest, Reader
from simpul.cases.models.publishing import Publication, PublicationVersion, PublicationWords
from simpul.cases.models.stacks import Sheet, Stack

__all__ = [
    "Answer",
    "Approval",
    "ApprovalStep",
    "Attachment",
    "BreakGlass",
    "Case",
    "CaseDesk",
    "CaseReservation",
    "CaseSet",
    "CaseWords",
    "Clock",
    "ConsentOverride",
    "Escalation",
    "Exclusion",
    "FollowGuard",
    "Hop",
    "IdentityRequest",
    "Kind",
    "LaporRecord",
    "Link",
    "Note",
    "NumberSeries",
    "Party",
    "Publication",
    "PublicationVersion",
    "PublicationWords",
    "Question",
    "Reader",
    "Route",
    "Sheet",
    "Stack",
    "Visit",
]
