"""Looking people up, by topic."""

from simpul.people.queries.matching import Asked, Candidate, who, who_all
from simpul.people.queries.persons import (
    Same,
    ShownContact,
    addressee,
    contacts_of,
    contacts_of_all,
    find_same,
    living_in,
    masked_nik,
    nik_index,
    safe_road,
    shown_contacts,
)

__all__ = [
    "Asked",
    "Candidate",
    "Same",
    "ShownContact",
    "addressee",
    "contacts_of",
    "contacts_of_all",
    "find_same",
    "living_in",
    "masked_nik",
    "nik_index",
    "safe_road",
    "shown_contacts",
    "who",
    "who_all",
]
