"""Tables of this room, by topic."""

from simpul.programmes.models.catalogue import Benefit, Decision, Programme, RuleVersion, Run
from simpul.programmes.models.deliveries import Delivery, DeliveryLine, Double, Handover, Proof
from simpul.programmes.models.kis import Card, CardDoor, CardRule, Deactivation
from simpul.programmes.models.plans import Appointment, Assessment, Goal, Measure, Monitoring, Plan
from simpul.programmes.models.rounds import Movement, Round, RoundEntry, RoundItem

__all__ = [
    "Appointment",
    "Assessment",
    "Benefit",
    "Card",
    "CardDoor",
    "CardRule",
    "Deactivation",
    "Decision",
    "Delivery",
    "DeliveryLine",
    "Double",
    "Goal",
    "Handover",
    "Measure",
    "Monitoring",
    "Movement",
    "Plan",
    "Programme",
    "Proof",
    "Round",
    "RoundEntry",
    "RoundItem",
    "RuleVersion",
    "Run",
]
