"""Tables of the room, by topic."""

from simpul.posyandu.models.follow_up import Finding, HomeVisit, Task
from simpul.posyandu.models.institution import NORM, Cadre, Posyandu
from simpul.posyandu.models.participants import Coming, Day, Examination, Participant

__all__ = [
    "NORM",
    "Cadre",
    "Coming",
    "Day",
    "Examination",
    "Finding",
    "HomeVisit",
    "Participant",
    "Posyandu",
    "Task",
]
