"""Tables of this room, by topic."""

from simpul.programmes.models.catalogue import Benefit, Decision, Programme, RuleVersion, Run
from simpul.programmes.models.kis import Card, CardDoor, CardRule, Deactivation
from simpul.programmes.models.plans import Appointment, Assessment, Goal, Measure, Monitoring, Plan

__all__ = [
    "Appointment",
    "Assessment",
    "Benefit",
    "Card",
    "CardDoor",
    "CardRule",
    "Deactivation",
    "Decision",
    "Goal",
    "Measure",
    "Monitoring",
    "Plan",
    "Programme",
    "RuleVersion",
    "Run",
]
