"""Tables of this room, by topic."""

from simpul.programmes.models.plans import Appointment, Assessment, Goal, Measure, Monitoring, Plan

__all__ = [
    "Appointment",
    "Assessment",
    "Goal",
    "Measure",
    "Monitoring",
    "Plan",
]
