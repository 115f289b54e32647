"""Tables of people, by topic."""

from simpul.people.models.imports import Batch, BatchFault, Layout
from simpul.people.models.person import Contact, ContactDoubt, Person, PersonSet
from simpul.people.models.profile import Flag, Profile
from simpul.people.models.register import (
    Belonging,
    Family,
    House,
    Household,
    HouseholdDoubt,
    LifeEvent,
    Observation,
    Relation,
)
from simpul.people.models.rights import Consent, MatchKey, Merge, Suspicion

__all__ = [
    "Batch",
    "BatchFault",
    "Belonging",
    "Consent",
    "Contact",
    "ContactDoubt",
    "Family",
    "Flag",
    "House",
    "Household",
    "HouseholdDoubt",
    "Layout",
    "LifeEvent",
    "MatchKey",
    "Merge",
    "Observation",
    "Person",
    "PersonSet",
    "Profile",
    "Relation",
    "Suspicion",
]
