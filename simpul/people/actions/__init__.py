"""Acts on people, by topic."""

from simpul.people.actions.persons import (
    BirthDateImpossible,
    ContactFields,
    ContactMissing,
    EmailUnreadable,
    NameMissing,
    NikUnreadable,
    PersonFields,
    PhoneUnreadable,
    Registered,
    SexUnreadable,
    TooLong,
    add_contact,
    change_contact,
    change_person,
    register_person,
)

__all__ = [
    "BirthDateImpossible",
    "ContactFields",
    "ContactMissing",
    "EmailUnreadable",
    "NameMissing",
    "NikUnreadable",
    "PersonFields",
    "PhoneUnreadable",
    "Registered",
    "SexUnreadable",
    "TooLong",
    "add_contact",
    "change_contact",
    "change_person",
    "register_person",
]
