"""Looking people up, by topic."""

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
]
