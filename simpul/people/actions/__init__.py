"""Acts on people, by topic."""

from simpul.people.actions.arrivals import record_arrival
from simpul.people.actions.contacts import (
    ContactFields,
    ContactMissing,
    ContactSettledAlready,
    EmailUnreadable,
    PhoneUnreadable,
    add_contact,
    change_contact,
    settle_contact,
)
from simpul.people.actions.families import change_family, join_family, open_family
from simpul.people.actions.flags import end_flag, set_flag
from simpul.people.actions.households import (
    change_house,
    change_household,
    join_household,
    leave_household,
    open_household,
    split_household,
)
from simpul.people.actions.lives import record_birth, record_death, record_move, undo_event
from simpul.people.actions.matching import (
    DecisionUnreadable,
    Found,
    SettledAlready,
    WordsMissing,
    build_keys,
    find_duplicates,
    settle_suspicion,
)
from simpul.people.actions.persons import (
    BirthDateImpossible,
    NameMissing,
    NikUnreadable,
    PersonFields,
    Registered,
    SexUnreadable,
    TooLong,
    change_person,
    register_person,
)
from simpul.people.actions.profiles import change_profile
from simpul.people.actions.relations import add_relation, end_relation
from simpul.people.actions.settling import settle_conflict
from simpul.people.actions.twins import TwinsSettledAlready, part_household, settle_household
from simpul.people.rules.history import Said

__all__ = [
    "BirthDateImpossible",
    "ContactFields",
    "ContactMissing",
    "ContactSettledAlready",
    "DecisionUnreadable",
    "EmailUnreadable",
    "Found",
    "NameMissing",
    "NikUnreadable",
    "PersonFields",
    "PhoneUnreadable",
    "Registered",
    "Said",
    "SettledAlready",
    "SexUnreadable",
    "TooLong",
    "TwinsSettledAlready",
    "WordsMissing",
    "add_contact",
    "add_relation",
    "build_keys",
    "change_contact",
    "change_family",
    "change_house",
    "change_household",
    "change_person",
    "change_profile",
    "end_flag",
    "end_relation",
    "find_duplicates",
    "join_family",
    "join_household",
    "leave_household",
    "open_family",
    "open_household",
    "part_household",
    "record_arrival",
    "record_birth",
    "record_death",
    "record_move",
    "register_person",
    "set_flag",
    "settle_conflict",
    "settle_contact",
    "settle_household",
    "settle_suspicion",
    "split_household",
    "undo_event",
]
