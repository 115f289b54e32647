"""Acts on rehabilitation plans."""

from simpul.programmes.actions.plan_ending import close_plan, monitor_plan, reopen_plan
from simpul.programmes.actions.plan_opening import assess_plan, assign_plan, open_plan
from simpul.programmes.actions.plan_serving import (
    add_goal,
    add_measure,
    begin_plan,
    change_measure,
    end_goal,
    keep_appointment,
    make_appointment,
    refer_plan,
)

__all__ = [
    "add_goal",
    "add_measure",
    "assess_plan",
    "assign_plan",
    "begin_plan",
    "change_measure",
    "close_plan",
    "end_goal",
    "keep_appointment",
    "make_appointment",
    "monitor_plan",
    "open_plan",
    "refer_plan",
    "reopen_plan",
]
