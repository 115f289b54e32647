"""Tables of the room: doors, verifications and samples; trips, their stops and ways; accompaniment."""

from simpul.outreach.models.accompanying import Accompaniment, AccompanimentVisit
from simpul.outreach.models.doors import (
    Assignment,
    PersonCheck,
    Sample,
    SampleRow,
    Transition,
    Verification,
    Visit,
)
from simpul.outreach.models.going import (
    Guest,
    Promise,
    Socialisation,
    Stop,
    StopMatter,
    TravelLeg,
)
from simpul.outreach.models.papers import Sheet, SheetRow
from simpul.outreach.models.trips import Carry, CheckRule, Trip, TripCheck, TripDoor, TripMember

__all__ = [
    "Accompaniment",
    "AccompanimentVisit",
    "Assignment",
    "Carry",
    "CheckRule",
    "Guest",
    "PersonCheck",
    "Promise",
    "Sample",
    "SampleRow",
    "Sheet",
    "SheetRow",
    "Socialisation",
    "Stop",
    "StopMatter",
    "Transition",
    "TravelLeg",
    "Trip",
    "TripCheck",
    "TripDoor",
    "TripMember",
    "Verification",
    "Visit",
]
