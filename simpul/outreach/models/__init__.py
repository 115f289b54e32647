"""Tables of the room: doors, verifications and samples."""

from simpul.outreach.models.doors import (
    Assignment,
    PersonCheck,
    Sample,
    SampleRow,
    Transition,
    Verification,
    Visit,
)

__all__ = ["Assignment", "PersonCheck", "Sample", "SampleRow", "Transition", "Verification", "Visit"]
