"""Acts of the room."""

from simpul.meetings.actions.attending import Guest, add_attendance, count_attendance, mark_attendance
from simpul.meetings.actions.closing import (
    Made,
    close_meeting,
    make_full_package,
    make_package,
    withdraw_entry,
    write_minutes,
)
from simpul.meetings.actions.names import (
    Added,
    NameGiven,
    Votes,
    add_item,
    add_items,
    decide_item,
    decide_items,
)
from simpul.meetings.actions.objecting import Heard, answer_objection, record_objection
from simpul.meetings.actions.planning import (
    Plan,
    change_meeting,
    hold_meeting,
    plan_meeting,
    renew_meeting,
    withdraw_meeting,
)

__all__ = [
    "Added",
    "Guest",
    "Heard",
    "Made",
    "NameGiven",
    "Plan",
    "Votes",
    "add_attendance",
    "add_item",
    "add_items",
    "answer_objection",
    "change_meeting",
    "close_meeting",
    "count_attendance",
    "decide_item",
    "decide_items",
    "hold_meeting",
    "make_full_package",
    "make_package",
    "mark_attendance",
    "plan_meeting",
    "record_objection",
    "renew_meeting",
    "withdraw_entry",
    "withdraw_meeting",
    "write_minutes",
]
